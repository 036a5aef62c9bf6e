//! Tests of response bodies that deviate from the reference, through the public API.

use std::time::{Duration, UNIX_EPOCH};

use http::{Response, StatusCode};
use spotify_proto::api::{Field, Fields, GetDevices, GetPlaylist, GetPlaylistItems, GetQueue, OPERATIONS};
use spotify_proto::model::Playable;
use spotify_proto::{Endpoint, Error, Origin, Paged, PlaylistId, Scope};
use spotify_proto_testing::fake::{Fake, ids};

use crate::responses::bad_input::Seeded;
use crate::responses::fixtures::own;
use crate::responses::parse_properties;

const MARK: &str = "\u{feff}";

/// Decodes a successful response; returns the value, or the error as a string.
fn outcome(id: &str, status: StatusCode, body: &[u8]) -> String {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    match parse_properties::parse(id, &response).expect("expected an operation") {
        Ok(answer) => answer.shown(),
        Err(Error::Decode(_)) => "not decodable".to_owned(),
        Err(error) => panic!("{id}: {error}"),
    }
}

fn get_playlist() -> GetPlaylist {
    GetPlaylist::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<PlaylistId>().expect("expected an ID"))
}

#[test]
fn an_empty_object_is_decoded_the_same_with_white_space_or_a_byte_order_mark() {
    for operation in OPERATIONS {
        for status in [StatusCode::OK, StatusCode::CREATED, StatusCode::ACCEPTED, StatusCode::NO_CONTENT] {
            let plain = outcome(operation.id, status, b"{}");
            for body in ["{ }", " {}\n", "{\r\n\t}", "\u{feff}{}", "\u{feff} { } "] {
                let other = outcome(operation.id, status, body.as_bytes());
                assert_eq!(other, plain, "{}, {status}: {body:?}", operation.id);
            }
        }
    }
}

#[test]
fn a_byte_order_mark_does_not_change_any_result() {
    for it in own().iter().filter(|it| it.response.status().is_success()) {
        let status = it.response.status();
        let plain = outcome(&it.operation, status, it.response.body());
        let marked = [MARK.as_bytes(), it.response.body()].concat();
        assert_eq!(outcome(&it.operation, status, &marked), plain, "{}", it.name);
    }
    for body in ["null", "[]", "[true]", "", "1"] {
        for operation in OPERATIONS {
            let plain = outcome(operation.id, StatusCode::OK, body.as_bytes());
            let marked = outcome(operation.id, StatusCode::OK, format!("{MARK}{body}").as_bytes());
            assert_eq!(marked, plain, "{}: {body}", operation.id);
        }
    }
}

#[test]
fn a_204_is_an_empty_queue_and_an_empty_list_of_devices() {
    let mut response = Response::new("");
    *response.status_mut() = StatusCode::NO_CONTENT;
    let queue = GetQueue::new().parse(&response).expect("expected an empty queue");
    assert!(queue.currently_playing.is_none() && queue.queue.is_empty());
    assert!(GetDevices::new().parse(&response).expect("expected no devices").devices.is_empty());
    // An empty body with a different status is not an empty list.
    *response.status_mut() = StatusCode::OK;
    assert!(matches!(GetQueue::new().parse(&response), Err(Error::Decode(_))));
    assert!(matches!(GetDevices::new().parse(&response), Err(Error::Decode(_))));
    // For other operations, there is no empty result.
    *response.status_mut() = StatusCode::NO_CONTENT;
    assert!(matches!(get_playlist().parse(&response), Err(Error::Decode(_))));
}

#[test]
fn an_invalid_string_affects_only_that_string() {
    for (written, read) in [
        (r"half \ud83d of a pair", "half \u{fffd} of a pair"),
        (r"half \ude00 of a pair", "half \u{fffd} of a pair"),
        ("two\nlines\tand \u{0}", "two\nlines\tand \u{0}"),
    ] {
        let body = format!(
            r#"{{"name": "p", "description": "{written}", "items": {{"items": [
                {{"item": {{"type": "track", "name": "{written}", "duration_ms": 1}}}},
                {{"item": {{"type": "track", "name": "\ud83d\ude00"}}, "{written}": 1}}]}}}}"#
        );
        let playlist = get_playlist().parse(&Response::new(body.as_str())).expect(written);
        assert_eq!((playlist.name.as_str(), playlist.description.as_deref()), ("p", Some(read)));
        let items = playlist.items.expect("items");
        let names: Vec<_> = items.iter().filter_map(|it| it.item.as_ref()).map(|it| it.name()).collect();
        assert_eq!(names, [read, "\u{1f600}"]);
    }
    // A body with a different error is still rejected.
    assert!(get_playlist().parse(&Response::new(r#"{"name": "\ud83d""#)).is_err());
}

/// Fields of tracks, of episodes, of both, and of neither. Some values are `null`.
const FIELDS: &[&str] = &[
    r#""album": {"name": "a"}"#,
    r#""artists": [{"name": "p"}]"#,
    r#""artists": []"#,
    r#""disc_number": 1"#,
    r#""popularity": null"#,
    r#""preview_url": "https://p.scdn.co/1""#,
    r#""preview_url": null"#,
    r#""is_local": false"#,
    r#""is_local": true"#,
    r#""track": true"#,
    r#""track": false"#,
    r#""episode": true"#,
    r#""episode": false"#,
    r#""images": [{"url": "u"}]"#,
    r#""images": null"#,
    r#""language": null"#,
    r#""languages": ["sv"]"#,
    r#""release_date": "2024-01-02""#,
    r#""resume_point": {"fully_played": true}"#,
    r#""show": {"name": "s"}"#,
    r#""restriction": {"reason": "market"}"#,
    r#""restrictions": {"reason": "explicit"}"#,
    r#""name": "n""#,
    r#""duration_ms": {"totalMilliseconds": 5}"#,
    r#""id": "6rqhFgbbKwnb9MLmUQDhG6""#,
    r#""href": "https://api.spotify.com/v1/episodes/6rqhFgbbKwnb9MLmUQDhG6""#,
    r#""external_urls": {"spotify": "https://open.spotify.com/track/6rqhFgbbKwnb9MLmUQDhG6"}"#,
    r#""uri": "spotify:album:6rqhFgbbKwnb9MLmUQDhG6""#,
    r#""uri": "spotify:hologram:1""#,
    r#""type": "hologram""#,
    r#""type": "episode""#,
    r#""depth": [0.1, -0.0, 1e300, {"a": null}]"#,
    r#""other": "x""#,
];

#[test]
fn an_item_with_any_combination_of_fields_round_trips() {
    let mut seeded = Seeded(14);
    let mut kinds = [0; 3];
    for _ in 0..20_000 {
        let count = seeded.below(6);
        let fields: Vec<_> = (0..count).map(|_| FIELDS[seeded.below(FIELDS.len())]).collect();
        let body = format!(r#"{{"items": {{"items": [{{"item": {{{}}}}}]}}}}"#, fields.join(", "));
        let read = |body: &str| get_playlist().parse(&Response::new(body)).expect("expected a playlist");
        let playlist = read(&body);
        let written = serde_json::to_string(&playlist).expect("JSON");
        assert_eq!(read(&written), playlist, "{body}\n{written}");
        let items = playlist.items.expect("items");
        match items.iter().find_map(|it| it.item.as_ref()) {
            Some(Playable::Track(_) | Playable::Local(_)) => kinds[0] += 1,
            Some(Playable::Episode(_)) => kinds[1] += 1,
            _ => kinds[2] += 1,
        }
    }
    assert!(kinds.iter().all(|count| *count > 1000), "every kind of item should occur: {kinds:?}");
}

#[test]
fn every_page_of_a_filtered_list_is_read_and_every_item_has_a_known_kind() {
    let now = UNIX_EPOCH + Duration::from_secs(1_764_000_000);
    let mut spotify = Fake::new();
    let token = spotify.user_token(&[Scope::PlaylistReadPrivate], now);
    let mut names = |fields: Option<Fields>| {
        let id: PlaylistId = ids::PLAYLIST.parse().expect("expected an ID");
        let mut get = GetPlaylistItems::new(id).limit(2);
        if let Some(fields) = fields {
            get = get.fields(fields);
        }
        let (mut next, mut names) = (Some(get), Vec::new());
        while let Some(get) = next {
            let mut request = get.request(&Origin::api());
            let bearer = format!("Bearer {token}").parse().expect("expected a header value");
            request.headers_mut().insert("authorization", bearer);
            let response = spotify.respond(&request, now).expect("expected a response");
            let page = get.parse(&response).expect("expected a page");
            names.extend(page.iter().map(|it| {
                let item = it.item.as_ref();
                let is_unknown = item.is_some_and(|item| matches!(item, Playable::Unknown(_)));
                assert!(!is_unknown, "{item:?}");
                item.map(|item| (item.name().to_owned(), item.as_episode().is_some()))
            }));
            next = get.next(&page);
        }
        names
    };
    let all = names(None);
    assert!(all.len() > 2, "expected more than one page, got {all:?}");
    let filter = Fields::of([Field::new("items").with([Field::new("item").with([Field::new("name")])])]);
    assert_eq!(names(Some(filter.expect("expected a short filter"))), all);
}
