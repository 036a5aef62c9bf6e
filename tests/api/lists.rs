//! Tests of pages and batches: the next request of a list, the end of every list, and size limits.

#![allow(deprecated, reason = "deprecated operations are tested too")]

mod pages;

use std::fmt::Debug;

use http::Response;
use serde_json::{Value, json};

use spotify_proto::Endpoint;
use spotify_proto::Origin;
use spotify_proto::SpotifyUri;
use spotify_proto::api::*;
use spotify_proto::model::Snapshot;
use spotify_proto::{AlbumId, ArtistId, PlaylistId, TrackId, UserId};
use spotify_proto::{CommaList, CommaSet, QueryText};
use spotify_proto::{OffsetPaged, Paged};

const ID: &str = "4aawyAB9vmqN3uQ7FjRGTy";

fn artist() -> ArtistId {
    ID.parse().expect("expected an id")
}

fn tracks(count: usize) -> Vec<SpotifyUri> {
    let ids = (0..count).map(|n| format!("{n:022}").parse::<TrackId>().expect("expected an id"));
    ids.map(SpotifyUri::from).collect()
}

fn target(endpoint: &impl Endpoint) -> String {
    endpoint.request(&Origin::api()).uri().to_string().replace("https://api.spotify.com/v1/", "")
}

fn body(endpoint: &impl Endpoint) -> Value {
    serde_json::from_slice(endpoint.request(&Origin::api()).body()).expect("expected a JSON body")
}

/// Returns the request target of the next page after `response`.
fn next<E: Paged>(endpoint: &E, response: &Value) -> Option<String>
where
    E::Output: Debug,
{
    let page = endpoint.parse(&Response::new(response.to_string())).expect("expected a valid page");
    endpoint.next(&page).as_ref().map(target)
}

fn page(offset: u32, limit: u32, total: u32, slots: usize, next: Option<&str>) -> Value {
    let items = vec![json!({"name": "x"}); slots];
    json!({"items": items, "offset": offset, "limit": limit, "total": total, "next": next})
}

#[test]
fn the_next_page_has_the_offset_and_limit_of_the_response_but_not_the_address() {
    let get = GetArtistAlbums::new(artist()).limit(10);
    let evil = Some("https://evil.example/v1/artists?offset=7");
    assert_eq!(
        next(&get, &page(0, 5, 12, 5, evil)),
        Some(format!("artists/{ID}/albums?limit=10&offset=5")),
        "the server lowered the limit"
    );
    assert_eq!(next(&get, &page(0, 10, 12, 10, None)), None, "expected no next page");
    assert_eq!(
        next(&get.clone().offset(10), &page(10, 10, 0, 3, evil)),
        Some(format!("artists/{ID}/albums?limit=10&offset=20")),
        "a total that changes between pages is accepted"
    );
}

#[test]
fn a_null_item_counts_towards_the_offset_of_the_next_page() {
    let page = json!({"items": [null, null], "offset": 0, "limit": 2, "total": 9, "next": "x"});
    assert_eq!(next(&GetCurrentUserPlaylists::new(), &page).as_deref(), Some("me/playlists?offset=2"));
}

#[test]
fn a_list_that_always_has_a_next_link_ends_at_an_empty_page() {
    let get = GetArtistAlbums::new(artist()).offset(20);
    assert_eq!(next(&get, &page(20, 20, 97, 0, Some("x"))), None);
}

#[test]
fn a_list_whose_pages_are_all_the_first_page_ends() {
    let second = GetSavedEpisodes::new().limit(50).offset(50);
    assert_eq!(next(&second, &page(0, 50, 120, 50, Some("x"))), None);
}

#[test]
fn a_response_without_offset_and_limit_is_followed_by_the_next_items() {
    let page = json!({"items": [{"name": "x"}, {"name": "y"}], "next": "x"});
    assert_eq!(next(&GetSavedShows::new().offset(4), &page).as_deref(), Some("me/shows?offset=6"));
}

#[test]
fn a_list_ends_at_the_maximum_offset() {
    assert_eq!(next(&GetSavedShows::new().offset(u32::MAX), &page(u32::MAX, 50, 9, 1, Some("x"))), None);
}

#[test]
fn a_page_inside_another_object_has_a_next_page() {
    let pages = [
        ("albums", next(&GetNewReleases::new(), &json!({"albums": page(0, 2, 9, 2, Some("x"))}))),
        ("categories", next(&GetCategories::new(), &json!({"categories": page(0, 2, 9, 2, Some("x"))}))),
        ("playlists", next(&GetFeaturedPlaylists::new(), &json!({"playlists": page(0, 2, 9, 2, Some("x"))}))),
    ];
    for (name, next) in pages {
        assert!(next.is_some_and(|next| next.ends_with("?offset=2")), "{name}");
    }
}

#[test]
fn all_remaining_pages_are_known_after_the_first_page() {
    let get = GetSavedShows::new();
    let parsed =
        get.parse(&Response::new(page(0, 20, 97, 20, Some("x")).to_string())).expect("expected a page");
    let rest: Vec<_> = get.remaining(&parsed).map(|endpoint| target(&endpoint)).collect();
    assert_eq!(
        rest,
        [20, 40, 60, 80].map(|offset| format!("me/shows?limit=20&offset={offset}")),
        "expected pages up to the total of 97"
    );
}

#[test]
fn a_search_continues_while_any_type_has_more_results() {
    let text = QueryText::new("night").expect("short");
    let search = Search::new(text, [ItemType::Album, ItemType::Track]);
    let results =
        json!({"albums": page(0, 5, 3, 3, None), "tracks": page(0, 5, 40, 5, Some("x?query=night"))});
    assert_eq!(next(&search, &results).as_deref(), Some("search?q=night&type=album%2Ctrack&offset=5"));
    let results = json!({"albums": page(0, 5, 3, 3, None), "tracks": page(0, 5, 9, 5, None)});
    assert_eq!(next(&search, &results), None);
    assert_eq!(next(&search, &json!({"albums": null, "tracks": null, "shows": null})), None);
}

#[test]
fn a_search_ends_at_a_thousand_results() {
    let search = Search::new(QueryText::new("night").expect("short"), CommaSet::from([ItemType::Track]));
    let answer = |offset, limit| json!({"tracks": page(offset, limit, u32::MAX, 5, Some("x"))});
    assert!(next(&search.clone().offset(980), &answer(980, 10)).is_some(), "990 to 1,000");
    assert_eq!(next(&search.clone().offset(990), &answer(990, 10)), None);
    let last = next(&search.clone().limit(30).offset(960), &answer(960, 30));
    assert_eq!(
        last.as_deref(),
        Some("search?q=night&type=track&limit=10&offset=990"),
        "expected pages up to result 999"
    );
    assert_eq!(
        next(&search.clone().offset(991), &json!({"tracks": page(991, 7, 9999, 7, Some("x"))})).as_deref(),
        Some("search?q=night&type=track&limit=2&offset=998")
    );
    assert_eq!(next(&search.clone().limit(2).offset(998), &answer(998, 2)), None);
    let results = search.parse(&Response::new(answer(0, 50).to_string())).expect("results");
    let offsets: Vec<_> = search.remaining(&results).map(|it| target(&it)).collect();
    assert_eq!(offsets.len(), 19);
    assert!(offsets.last().is_some_and(|last| last.ends_with("&limit=50&offset=950")));
    let results = search.parse(&Response::new(answer(0, 30).to_string())).expect("results");
    let last = search.remaining(&results).last().as_ref().map(target);
    assert_eq!(last.as_deref(), Some("search?q=night&type=track&limit=10&offset=990"));
}

#[test]
fn a_search_is_complete_if_and_only_if_it_has_no_next_page() {
    let search = Search::new(QueryText::new("night").expect("short"), CommaSet::from([ItemType::Track]));
    for limit in [1, 7, 10, 30, 50] {
        let mut cursor = Some(search.clone().limit(limit));
        let mut offset = 0;
        while let Some(asked) = cursor {
            let answer = json!({
                "tracks": page(offset, limit, 30_000, 1, Some("x")),
                "albums": page(offset, limit, 12, usize::from(offset < 12), Some("x").filter(|_| offset + limit < 12)),
            });
            let results = asked.parse(&Response::new(answer.to_string())).expect("results");
            cursor = asked.next(&results);
            let progress = results.progress();
            assert_eq!(progress.total, Some(1000), "{limit} at {offset}");
            assert_eq!(progress.done == 1000, cursor.is_none(), "{limit} at {offset}: {progress:?}");
            offset += limit;
        }
    }
    let nothing = search.parse(&Response::new(r#"{"tracks": null}"#)).expect("results");
    assert_eq!((nothing.progress().done, nothing.progress().total), (0, Some(0)));
}

#[test]
fn the_next_page_of_followed_artists_starts_after_the_last_artist() {
    let artists = |cursors: Value, next: Option<&str>, slots: usize| json!({"artists": {"items": vec![json!({"name": "x"}); slots], "cursors": cursors, "next": next}});
    let get = GetFollowedArtists::new().limit(50);
    let after = |answer: &Value| next(&get, answer);
    let second = Some("me/following?type=artist&after=abc&limit=50");
    assert_eq!(after(&artists(json!({"after": "abc"}), Some("x"), 1)).as_deref(), second);
    let named = "https://evil.example/v1/me/following?type=artist&after=abc&limit=9";
    assert_eq!(
        after(&artists(Value::Null, Some(named), 1)).as_deref(),
        second,
        "expected the cursor in the query of `next`"
    );
    assert_eq!(after(&artists(json!({"after": "abc"}), None, 1)), None, "expected no next page");
    assert_eq!(
        after(&artists(json!({"after": "abc"}), Some("x"), 0)),
        None,
        "expected no page after an empty page"
    );
    assert_eq!(after(&artists(Value::Null, Some("x"), 1)), None, "no cursor");
    let again = get.clone().after(QueryText::new("abc").expect("short"));
    assert_eq!(next(&again, &artists(json!({"after": "abc"}), Some("x"), 1)), None, "the same cursor");
}

#[test]
fn recently_played_pages_go_back_in_time_unless_the_request_has_an_after_parameter() {
    let page = json!({
        "items": [{"played_at": "2024-01-01T00:00:00Z"}],
        "next": "x",
        "cursors": {"after": "2000", "before": "1000"},
    });
    let next = |get: &GetRecentlyPlayed| next(get, &page);
    let get = GetRecentlyPlayed::new;
    assert_eq!(next(&get()).as_deref(), Some("me/player/recently-played?before=1000"));
    assert_eq!(next(&get().before(1500)).as_deref(), Some("me/player/recently-played?before=1000"));
    assert_eq!(next(&get().after(500)).as_deref(), Some("me/player/recently-played?after=2000"));
    assert_eq!(next(&get().before(1000)), None, "expected no next page, as the cursor does not advance");
    assert_eq!(next(&get().after(3000)), None, "expected no next page, as the cursor goes back");
    let end = json!({"items": [], "next": null, "cursors": null, "limit": 50});
    assert_eq!(super::lists::next(&get().before(1000), &end), None);
}

#[test]
fn a_page_of_top_items_has_the_requested_item_type() {
    let read = |of, body: &str| GetTopItems::new(of).parse(&Response::new(body)).expect("expected a page");
    let tracks = r#"{"items":[null,{"type":"track","name":"a","track_number":3}]}"#;
    assert!(
        matches!(read(TopType::Tracks, tracks), TopItems::Tracks(page) if page.iter().all(|it| it.track_number == Some(3)))
    );
    let artists = r#"{"items":[{"type":"artist","name":"a"}]}"#;
    assert!(
        matches!(read(TopType::Artists, artists), TopItems::Artists(page) if page.iter().all(|it| it.name == "a"))
    );
}

#[test]
fn batches_preserve_the_order_and_respect_the_limit() {
    let uris = tracks(95);
    let lists = SaveLibraryItems::batches(uris.clone()).map(|it| {
        let query = target(&it).split_once('=').expect("expected a query").1.replace("%2C", ",");
        query.split(',').map(|uri| uri.parse().expect("expected a URI")).collect::<Vec<SpotifyUri>>()
    });
    let lists: Vec<_> = lists.collect();
    assert_eq!(lists.iter().map(Vec::len).collect::<Vec<_>>(), [40, 40, 15]);
    assert_eq!(lists.concat(), uris);
    assert_eq!(SaveLibraryItems::batches([]).count(), 0);
}

#[test]
fn batches_of_long_ids_fit_in_a_query() {
    let long = "#".repeat(1024).parse::<UserId>().expect("expected a user id");
    let batches: Vec<_> = Followees::users(vec![long; 50]).collect();
    let sizes: Vec<_> = batches
        .iter()
        .map(|it| match it {
            Followees::Users(ids) => ids.as_slice().len(),
            Followees::Artists(_) => 0,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(sizes.iter().sum::<usize>(), 50);
    assert!(sizes.len() > 1);
    for batch in batches {
        assert!(target(&FollowArtistsOrUsers::new(batch)).len() < CommaList::<UserId>::MAX + 100);
    }
}

#[test]
fn each_batch_of_removals_contains_the_latest_snapshot_id() {
    let playlist: PlaylistId = ID.parse().expect("expected an id");
    let removal = RemovePlaylistItems::new(playlist, tracks(250)).snapshot_id("first".into());
    let mut cursor = removal.batches();
    let mut seen = Vec::new();
    while let Some(batch) = cursor {
        let body = body(&batch);
        let len = body.pointer("/items").and_then(Value::as_array).expect("items").len();
        let version = body.pointer("/snapshot_id").and_then(Value::as_str).unwrap_or_default();
        seen.push((len, version.to_owned()));
        cursor = batch.next(&snapshot(&format!("after {}", seen.len())));
    }
    assert_eq!(seen, [(100, "first".to_owned()), (100, "after 1".to_owned()), (50, "after 2".to_owned())]);
}

#[test]
fn a_batch_after_a_response_without_a_snapshot_id_contains_none() {
    let playlist: PlaylistId = ID.parse().expect("expected an id");
    for response in [json!({"snapshot_id": null}), json!({"snapshot_id": ""}), json!({})] {
        let text = response.to_string();
        let Ok(snapshot) = serde_json::from_value::<Snapshot>(response) else { continue };
        let removal = RemovePlaylistItems::new(&playlist, tracks(101)).snapshot_id("first".into());
        let second =
            removal.batches().and_then(|first| first.next(&snapshot)).expect("expected a second batch");
        assert_eq!(body(&second).get("snapshot_id"), None, "{text}");
        assert_eq!(second.check(), Ok(()), "{text}");
        let removal = RemovePlaylistTracks::new(&playlist, tracks(101)).snapshot_id("first".into());
        let second =
            removal.batches().and_then(|first| first.next(&snapshot)).expect("expected a second batch");
        assert_eq!(body(&second).get("snapshot_id"), None, "{text}");
    }
}

#[test]
fn each_batch_of_additions_starts_where_the_previous_one_ended() {
    let playlist: PlaylistId = ID.parse().expect("expected an id");
    let first =
        AddPlaylistItems::new(&playlist, tracks(101)).position(7).batches().expect("expected a batch");
    assert_eq!(body(&first).get("position"), Some(&json!(7)));
    let stored = serde_json::to_string(&first).expect("plain data");
    let first: Batches<AddPlaylistItems> = serde_json::from_str(&stored).expect("stored batches");
    let second = first.next(&snapshot("x")).expect("another batch");
    assert_eq!(body(&second), json!({"uris": ["spotify:track:0000000000000000000100"], "position": 107}));
    assert_eq!(second.next(&snapshot("y")), None);
    assert_eq!(AddPlaylistItems::new(&playlist, []).batches(), None);
}

fn snapshot(id: &str) -> Snapshot {
    serde_json::from_value(json!({ "snapshot_id": id })).expect("expected a snapshot")
}

/// Spotify's servers require `Content-Length: 0` on a PUT with an empty body.
#[test]
fn a_request_with_an_empty_cover_has_a_content_length() {
    let cover = CoverImage::from_jpeg([]).expect("an empty picture should be within the limit");
    let playlist: PlaylistId = "Playlist00000000000001".parse().expect("expected an id");
    let request = UploadPlaylistCover::new(playlist, cover).request(&Origin::api());
    assert_eq!(request.headers()["content-length"], "0");
}

#[test]
fn the_size_limit_of_a_cover_applies_to_its_base64_form() {
    assert!(CoverImage::from_jpeg(vec![0; CoverImage::MAX / 4 * 3]).is_ok());
    let error = CoverImage::from_jpeg(vec![0; CoverImage::MAX / 4 * 3 + 1]);
    assert_eq!(error, Err(CoverError::TooLong { len: CoverImage::MAX + 4, max: CoverImage::MAX }));
    for (text, error) in [
        ("AAAA\n", CoverError::NotBase64 { at: 4 }),
        ("AAA", CoverError::NotBase64 { at: 3 }),
        ("A A=", CoverError::NotBase64 { at: 1 }),
        ("data:image/jpeg;base64,AAAA", CoverError::DataUrl),
    ] {
        assert_eq!(CoverImage::from_base64(text), Err(error), "{text:?}");
    }
}

/// The longest request has the longest possible value in every part of its URI, including the origin.
#[test]
fn the_longest_request_can_be_built() {
    let origin: Origin = format!("https://{}", "a/".repeat(1019)).parse().expect("expected an origin");
    let text =
        || QueryText::new(" ".repeat(QueryText::MAX / 3)).expect("expected a string of the maximum length");
    let user = "#".repeat(1024).parse::<UserId>().expect("expected a user id");
    let uri: SpotifyUri = format!("spotify:local:{}", "é".repeat(500)).parse().expect("expected a URI");
    let market = "SE".parse().expect("expected a market");
    let recommended = Attribute::ALL.iter().fold(
        GetRecommendations::new([text(), text(), text(), text(), text()].map(Seed::Genre)),
        |get, it| get.min(*it, f64::MIN).max(*it, f64::MAX).target(*it, f64::MIN_POSITIVE),
    );
    let category = "#".repeat(1024).parse::<spotify_proto::CategoryId>().expect("expected a category");
    let lens = [
        recommended.market(market).request(&origin).uri().to_string().len(),
        Search::new(text(), [ItemType::Album]).market(market).request(&origin).uri().to_string().len(),
        AddToQueue::new(uri.clone()).device_id(text()).request(&origin).uri().to_string().len(),
        GetCategory::new(category).locale(text()).request(&origin).uri().to_string().len(),
        GetUserProfile::new(user.clone()).request(&origin).uri().to_string().len(),
    ];
    assert!(lens.iter().all(|len| *len < 65_534), "{lens:?}");
    for batch in Followees::users(vec![user; 50]) {
        assert!(CheckFollowing::new(batch).request(&origin).uri().to_string().len() < 65_534);
    }
    for batch in CheckLibraryItems::batches(vec![uri; 40]) {
        assert!(batch.request(&origin).uri().to_string().len() < 65_534);
    }
    const { assert!(CommaList::<AlbumId>::MAX + 2 * QueryText::MAX + 2048 < 65_534) };
}
