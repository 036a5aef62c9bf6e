//! Response bodies that deviate from the reference and are read all the same, through the public API.

use http::{Response, StatusCode};
use spotify_proto::api::{GetDevices, GetPlaylist, GetQueue, OPERATIONS};
use spotify_proto::{Endpoint, Error, PlaylistId};

use crate::answers;
use crate::fixtures::own;

const MARK: &str = "\u{feff}";

/// The result of a success as text: what was read, or that nothing could be.
fn outcome(id: &str, status: StatusCode, body: &[u8]) -> String {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    match answers::parse(id, &response).expect("an operation") {
        Ok(answer) => answer.shown(),
        Err(Error::Decode(_)) => "not readable".to_owned(),
        Err(error) => panic!("{id}: {error}"),
    }
}

fn get_playlist() -> GetPlaylist {
    GetPlaylist::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<PlaylistId>().expect("an ID"))
}

#[test]
fn an_empty_object_reads_the_same_however_it_is_written() {
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
fn a_byte_order_mark_changes_no_result() {
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
fn no_content_is_an_empty_queue_and_an_empty_list_of_devices() {
    let mut response = Response::new("");
    *response.status_mut() = StatusCode::NO_CONTENT;
    let queue = GetQueue::new().parse(&response).expect("an empty queue");
    assert!(queue.currently_playing.is_none() && queue.queue.is_empty());
    assert!(GetDevices::new().parse(&response).expect("no devices").devices.is_empty());
    // A body that was lost is not an empty list.
    *response.status_mut() = StatusCode::OK;
    assert!(matches!(GetQueue::new().parse(&response), Err(Error::Decode(_))));
    assert!(matches!(GetDevices::new().parse(&response), Err(Error::Decode(_))));
    // Other operations have no empty result.
    *response.status_mut() = StatusCode::NO_CONTENT;
    assert!(matches!(get_playlist().parse(&response), Err(Error::Decode(_))));
}

#[test]
fn a_broken_string_costs_at_most_that_string() {
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
    // Where another error is left, it is still an error.
    assert!(get_playlist().parse(&Response::new(r#"{"name": "\ud83d""#)).is_err());
}
