//! Tests of the pages after a first page that is part of another object, and of `remaining` pages.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{page, target};
use spotify_proto::CommaSet;
use spotify_proto::Market;
use spotify_proto::api::*;
use spotify_proto::{OffsetPaged, Paged, Remaining};

const ID: &str = "4aawyAB9vmqN3uQ7FjRGTy";

fn read<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).expect("expected a value of the type")
}

fn sweden() -> Market {
    "SE".parse().expect("expected a market")
}

fn targets<E: OffsetPaged>(remaining: Remaining<E>) -> Vec<String> {
    remaining.map(|endpoint| target(&endpoint)).collect()
}

#[test]
fn pages_after_an_object_have_the_options_of_its_request() {
    let with = |list: &str| json!({"id": ID, "name": "x", list: page(0, 50, 120, 50, Some("x"))});
    let album: GetAlbum = read(json!({"id": ID, "market": "SE"}));
    let show: GetShow = read(json!({"id": ID, "market": "SE"}));
    let audiobook: GetAudiobook = read(json!({"id": ID, "market": "SE"}));
    let tracks_only = CommaSet::from([PlayableType::Track]);
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

/// Returns the JSON of a list operation with all options set.
fn with_all_options<E: DeserializeOwned>() -> Value {
    let required = [
        json!({}),
        json!({"id": ID}),
        json!({"playlist_id": ID}),
        json!({"user_id": "anna"}),
        json!({"category_id": "party"}),
        json!({"q": "night", "type": ["track"]}),
        json!({"type": "tracks"}),
    ];
    let is_valid = |it: &Value| serde_json::from_value::<E>(it.clone()).is_ok();
    let mut all =
        required.into_iter().find(is_valid).expect("one set of required parameters should be valid");
    for (name, value) in [
        ("market", json!("SE")),
        ("limit", json!(2)),
        ("fields", json!("items,next,total")),
        ("additional_types", json!(["track"])),
        ("include_groups", json!(["single"])),
        ("include_external", json!("audio")),
        ("locale", json!("sv_SE")),
        ("time_range", json!("long_term")),
    ] {
        let mut more = all.clone();
        more[name] = value;
        if is_valid(&more) {
            all = more;
        }
    }
    all
}

/// Returns a first page with two of nine items, under each key under which an operation may expect the page.
fn first_page() -> Value {
    let list = page(0, 2, 9, 2, Some("x"));
    let mut body = list.clone();
    for name in ["albums", "categories", "playlists", "tracks"] {
        body[name] = list.clone();
    }
    let mut followed = list;
    followed["cursors"] = json!({"after": "abc", "before": "1000"});
    body["artists"] = followed.clone();
    body["cursors"] = followed["cursors"].take();
    body
}

/// Removes the option that differs between two pages of a list, and returns both parts.
fn split_cursor(mut list: Value, of: &str) -> (Value, Value) {
    let cursor = list[of].take();
    list.as_object_mut().and_then(|it| it.remove(of));
    (list, cursor)
}

fn keeps_options<E: Paged + serde::Serialize + DeserializeOwned>(of: &str, next: &Value) {
    let list: E = read(with_all_options::<E>());
    let options = serde_json::to_value(&list).expect("plain data");
    let page = list.parse(&http::Response::new(first_page().to_string())).expect("expected a page");
    let second = list.next(&page).expect("expected a second page");
    let written = serde_json::to_value(&second).expect("plain data");
    assert_eq!(split_cursor(written, of), (options, next.clone()), "{}", E::OPERATION.id);
}

fn remaining_keep_options<E: OffsetPaged + serde::Serialize + DeserializeOwned>() {
    let list: E = read(with_all_options::<E>());
    let options = serde_json::to_value(&list).expect("plain data");
    let page = list.parse(&http::Response::new(first_page().to_string())).expect("expected a page");
    let all: Vec<_> = list.remaining(&page).collect();
    assert_eq!(all.len(), 4, "{}", E::OPERATION.id);
    for (index, later) in all.iter().enumerate() {
        let written = serde_json::to_value(later).expect("plain data");
        let offset = json!(2 * (index + 1));
        assert_eq!(split_cursor(written, "offset"), (options.clone(), offset), "{}", E::OPERATION.id);
    }
}

#[test]
fn later_pages_of_every_list_have_all_options_of_the_first() {
    macro_rules! lists {
        ($($name:ident),+ $(,)?) => {$(
            keeps_options::<$name>("offset", &json!(2));
            remaining_keep_options::<$name>();
        )+};
    }
    lists!(
        GetAlbumTracks,
        GetArtistAlbums,
        GetAudiobookChapters,
        GetCategories,
        GetCategoryPlaylists,
        GetCurrentUserPlaylists,
        GetFeaturedPlaylists,
        GetNewReleases,
        GetPlaylistItems,
        GetPlaylistTracks,
        GetSavedAlbums,
        GetSavedAudiobooks,
        GetSavedEpisodes,
        GetSavedShows,
        GetSavedTracks,
        GetShowEpisodes,
        GetTopArtists,
        GetTopTracks,
        GetUserPlaylists,
        Search,
    );
    keeps_options::<GetTopItems>("offset", &json!(2));
    keeps_options::<GetFollowedArtists>("after", &json!("abc"));
    keeps_options::<GetRecentlyPlayed>("before", &json!(1000));
}

#[test]
fn pages_after_a_playlist_use_the_limit_of_the_items_operation() {
    let get: GetPlaylist = read(json!({"playlist_id": ID}));
    let playlist = read(json!({"id": ID, "tracks": page(0, 100, 230, 100, Some("x"))}));
    let expected = [100, 150, 200].map(|offset| {
        format!("playlists/{ID}/items?limit=50&offset={offset}&additional_types=track%2Cepisode")
    });
    assert_eq!(targets(GetPlaylistItems::remaining_after(&get, &playlist)), expected);
}

#[test]
fn a_playlist_with_only_a_total_continues_with_the_first_page() {
    let get: GetPlaylist = read(json!({"playlist_id": ID}));
    for list in ["tracks", "items"] {
        let href = format!("https://api.spotify.com/v1/playlists/{ID}/items");
        let playlist = read(json!({"id": ID, "name": "p", list: {"href": href, "total": 57}}));
        let first = GetPlaylistItems::next_after(&get, &playlist).expect("expected the first page");
        assert_eq!((first.offset, first.limit), (Some(0), Some(50)));
        let all: Vec<_> = GetPlaylistItems::remaining_after(&get, &playlist).map(|it| it.offset).collect();
        assert_eq!(all, [Some(0), Some(50)]);
    }
}

#[test]
fn an_object_without_a_list_or_with_a_complete_list_has_no_next_page() {
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
fn remaining_pages_are_bounded_and_do_not_borrow_the_page() {
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
