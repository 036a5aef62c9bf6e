//! Pages after the one inside an object, and all remaining pages of a list.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::super::*;
use super::{page, target};
use crate::bounded::Set;
use crate::endpoint::{OffsetPaged, Paged, Remaining};
use crate::market::Market;

const ID: &str = "4aawyAB9vmqN3uQ7FjRGTy";

fn read<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).expect("a value of the type")
}

fn sweden() -> Market {
    "SE".parse().expect("a market")
}

fn targets<E: OffsetPaged>(remaining: Remaining<E>) -> Vec<String> {
    remaining.map(|endpoint| target(&endpoint)).collect()
}

#[test]
fn the_pages_after_an_object_keep_the_options_of_the_request_that_read_it() {
    let with = |list: &str| json!({"id": ID, "name": "x", list: page(0, 50, 120, 50, Some("x"))});
    let album: GetAlbum = read(json!({"id": ID, "market": "SE"}));
    let show: GetShow = read(json!({"id": ID, "market": "SE"}));
    let audiobook: GetAudiobook = read(json!({"id": ID, "market": "SE"}));
    let tracks_only = Set::from([PlayableType::Track]);
    let playlist = GetPlaylist::new(read::<GetPlaylist>(json!({"playlist_id": ID})).playlist_id)
        .market(sweden())
        .additional_types(tracks_only);

    let of_album = read(with("tracks"));
    let of_show = read(with("episodes"));
    let of_audiobook = read(with("chapters"));
    let of_playlist = read(with("items"));
    for (next, all, expected) in [
        (
            GetAlbumTracks::next_after(&album, &of_album).as_ref().map(target),
            targets(GetAlbumTracks::remaining_after(&album, &of_album)),
            format!("albums/{ID}/tracks?market=SE&limit=50&offset="),
        ),
        (
            GetShowEpisodes::next_after(&show, &of_show).as_ref().map(target),
            targets(GetShowEpisodes::remaining_after(&show, &of_show)),
            format!("shows/{ID}/episodes?market=SE&limit=50&offset="),
        ),
        (
            GetAudiobookChapters::next_after(&audiobook, &of_audiobook).as_ref().map(target),
            targets(GetAudiobookChapters::remaining_after(&audiobook, &of_audiobook)),
            format!("audiobooks/{ID}/chapters?market=SE&limit=50&offset="),
        ),
    ] {
        assert_eq!(next, Some(format!("{expected}50")));
        assert_eq!(all, [50, 100].map(|offset| format!("{expected}{offset}")));
    }
    for (next, path) in [
        (GetPlaylistItems::next_after(&playlist, &of_playlist).as_ref().map(target), "items"),
        (GetPlaylistTracks::next_after(&playlist, &of_playlist).as_ref().map(target), "tracks"),
    ] {
        let expected = format!("playlists/{ID}/{path}?market=SE&limit=50&offset=50&additional_types=track");
        assert_eq!(next, Some(expected));
    }
}

#[test]
fn the_next_page_of_a_list_keeps_every_option() {
    let list: GetAlbumTracks = read(json!({"id": ID, "market": "SE", "limit": 10}));
    let first = read(page(0, 10, 25, 10, Some("x")));
    let expected = [10, 20].map(|offset| format!("albums/{ID}/tracks?market=SE&limit=10&offset={offset}"));
    assert_eq!(list.next(&first).as_ref().map(target).as_ref(), expected.first());
    assert_eq!(targets(list.remaining(&first)), expected);
}

#[test]
fn the_pages_after_a_playlist_have_the_limit_of_their_own_operation() {
    let get: GetPlaylist = read(json!({"playlist_id": ID}));
    let playlist = read(json!({"id": ID, "tracks": page(0, 100, 230, 100, Some("x"))}));
    let expected = [100, 150, 200].map(|offset| {
        format!("playlists/{ID}/items?limit=50&offset={offset}&additional_types=track%2Cepisode")
    });
    assert_eq!(targets(GetPlaylistItems::remaining_after(&get, &playlist)), expected);
}

#[test]
fn a_playlist_that_has_only_the_total_of_its_items_starts_with_the_first_page() {
    let get: GetPlaylist = read(json!({"playlist_id": ID}));
    for list in ["tracks", "items"] {
        let href = format!("https://api.spotify.com/v1/playlists/{ID}/items");
        let playlist = read(json!({"id": ID, "name": "p", list: {"href": href, "total": 57}}));
        let first = GetPlaylistItems::next_after(&get, &playlist).expect("the first page");
        assert_eq!((first.offset, first.limit), (Some(0), Some(50)));
        let all: Vec<_> = GetPlaylistItems::remaining_after(&get, &playlist).map(|it| it.offset).collect();
        assert_eq!(all, [Some(0), Some(50)]);
    }
}

#[test]
fn an_object_without_a_list_or_at_its_end_has_no_further_page() {
    let get: GetPlaylist = read(json!({"playlist_id": ID}));
    for playlist in [
        json!({"id": ID}),
        json!({"id": ID, "items": null}),
        json!({"id": ID, "items": {"total": 0}}),
        json!({"id": ID, "items": page(0, 100, 0, 0, None)}),
        json!({"id": ID, "items": page(0, 100, 3, 3, None)}),
    ] {
        let text = playlist.to_string();
        let playlist = read(playlist);
        assert_eq!(GetPlaylistItems::next_after(&get, &playlist), None, "{text}");
        assert_eq!(GetPlaylistItems::remaining_after(&get, &playlist).count(), 0, "{text}");
    }
}

#[test]
fn remaining_pages_are_bounded_whatever_the_total_and_do_not_borrow_the_page() {
    let list = GetSavedTracks::new();
    for (limit, most) in [(0, 99_999), (1, 99_999), (50, 1999), (u32::MAX, 0)] {
        let first = read(page(0, limit, u32::MAX, 1, Some("x")));
        let remaining = list.remaining(&first);
        drop(first);
        assert_eq!((remaining.len(), remaining.size_hint()), (most, (most, Some(most))), "{limit}");
        assert_eq!(remaining.count(), most, "{limit}");
    }
    let far = GetSavedTracks::new().offset(u32::MAX - 1);
    let page = read(page(u32::MAX - 1, 1, u32::MAX, 1, Some("x")));
    assert_eq!(far.remaining(&page).count(), 0);
}
