use http::Request;

use super::{Replay, ReplayError};

const ALBUM: &str = "GET https://api.spotify.com/v1/albums/1?market=SE&x=1\n\n###\nHTTP/1.1 200 OK\n\none\n";
const AGAIN: &str = "GET https://api.spotify.com/v1/albums/1?market=SE&x=1\n\n###\nHTTP/1.1 200 OK\n\ntwo\n";
const SAVE: &str = "PUT https://api.spotify.com/v1/me/albums\ncontent-type: application/json\n\n\
                    {\n  \"ids\": [\"1\"], \"n\": 1\n}\n\n###\nHTTP/1.1 200 OK\n\n";
const REFRESH: &str = "POST https://accounts.spotify.com/api/token\n\
                       content-type: application/x-www-form-urlencoded\nauthorization: Basic redacted-3\n\n\
                       grant_type=refresh_token&refresh_token=redacted-2&client_id=redacted-4\n\n\
                       ###\nHTTP/1.1 200 OK\n\n{}\n";

fn replay(files: &[(&str, &str)]) -> Replay {
    Replay::new(files.iter().copied()).expect("recordings")
}

fn refused(files: &[(&str, &str)]) -> ReplayError {
    Replay::new(files.iter().copied()).expect_err("no recordings")
}

fn send(replay: &mut Replay, method: &str, uri: &str, body: &str) -> Result<String, String> {
    let request = Request::builder().method(method).uri(uri).header("authorization", "Bearer other");
    let media = if body.contains('=') { "application/x-www-form-urlencoded" } else { "application/json" };
    let request = request.header("content-type", media).body(body.as_bytes().to_vec()).expect("a request");
    let response = replay.respond(&request).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(response.into_body()).expect("UTF-8"))
}

const URI: &str = "http://127.0.0.1:9/v1/albums/1?x=1&market=SE";

#[test]
fn recordings_are_replayed_in_the_order_of_the_file_names() {
    let mut replay = replay(&[("3.http", AGAIN), ("1.http", ALBUM), ("2.http", SAVE), ("README.md", "")]);
    assert_eq!(send(&mut replay, "GET", URI, "").as_deref(), Ok("one"));
    let early = send(&mut replay, "GET", URI, "").expect_err("the next recording is for a different request");
    assert_eq!(
        early,
        "no recording matches GET /v1/albums/redacted-0?redacted-0=redacted-0&market=SE\n  \
           expected next: 2.http (PUT /v1/me/albums {\"ids\":[\"1\"],\"n\":1})\n  \
           recorded: 1.http (GET /v1/albums/1?market=SE&x=1), already used\n  \
           recorded: 3.http (GET /v1/albums/1?market=SE&x=1)"
    );
    let left = replay.finish().expect_err("two recordings are unused").to_string();
    assert!(left.starts_with("2 recordings were not used:\n  2.http (PUT"), "{left}");
    assert_eq!(send(&mut replay, "PUT", "/v1/me/albums", r#"{"n":1,"ids":["1"]}"#).as_deref(), Ok(""));
    assert_eq!(send(&mut replay, "GET", URI, "").as_deref(), Ok("two"));
    assert_eq!(replay.finish(), Ok(()));
    let late = send(&mut replay, "GET", URI, "").expect_err("all recordings have been used");
    assert!(!late.contains("expected next"), "{late}");
}

#[test]
fn with_any_order_the_recordings_of_a_repeated_request_are_used_in_the_order_of_the_file_names() {
    let mut replay = replay(&[("1.http", ALBUM), ("2.http", AGAIN), ("3.http", SAVE)]).any_order();
    assert_eq!(send(&mut replay, "PUT", "/v1/me/albums", r#"{"n":1,"ids":["1"]}"#).as_deref(), Ok(""));
    assert_eq!(send(&mut replay, "GET", URI, "").as_deref(), Ok("one"));
    assert_eq!(send(&mut replay, "GET", URI, "").as_deref(), Ok("two"));
    assert_eq!(replay.finish(), Ok(()));
    let error = send(&mut replay, "GET", URI, "").expect_err("both recordings have been used");
    assert!(error.contains("already used") && !error.contains("expected next"), "{error}");
}

#[test]
fn a_different_request_is_refused_and_described() {
    for (method, uri, body) in [
        ("POST", "/v1/me/albums", r#"{"n":1,"ids":["1"]}"#),
        ("PUT", "/v1/me/albums?x=1", r#"{"n":1,"ids":["1"]}"#),
        ("PUT", "/v1/me/shows", r#"{"n":1,"ids":["1"]}"#),
        ("PUT", "/v1/me/albums", r#"{"n":2,"ids":["1"]}"#),
        ("PUT", "/v1/me/albums", r#"{"n":1}"#),
        ("PUT", "/v1/me/albums", ""),
    ] {
        for is_any_order in [false, true] {
            let mut replay = replay(&[("1.http", SAVE)]);
            if is_any_order {
                replay = replay.any_order();
            }
            let error = send(&mut replay, method, uri, body).expect_err("a different request");
            assert!(error.starts_with(&format!("no recording matches {method} /v1/me/")), "{error}");
            assert_eq!(error.contains("expected next: 1.http"), !is_any_order, "{error}");
            assert!(replay.finish().is_err(), "a refused request uses no recording");
        }
    }
    let body =
        send(&mut replay(&[("1.http", SAVE)]), "PUT", "/v1/me/albums", "{}").expect_err("a different body");
    assert!(body.ends_with("with the body {\"ids\":[\"1\"],\"n\":1}"), "{body}");
    let far =
        send(&mut replay(&[("1.http", SAVE)]), "GET", "/v1/search", "").expect_err("a different request");
    assert!(!far.contains("recorded:"), "{far}");
}

#[test]
fn a_placeholder_matches_only_one_value() {
    let form = "client_id=my-app&grant_type=refresh_token&refresh_token=";
    for (token, is_right) in
        [("my-own", true), ("redacted-2", true), ("redacted-1", false), ("my-app", false)]
    {
        let mut replay = replay(&[("1.http", REFRESH)]);
        let response = send(&mut replay, "POST", "/api/token", &format!("{form}{token}"));
        assert_eq!(response.is_ok(), is_right, "{token}: {response:?}");
    }
    let mut twice = replay(&[("1.http", REFRESH), ("2.http", REFRESH)]);
    assert!(send(&mut twice, "POST", "/api/token", &format!("{form}my-own")).is_ok());
    assert!(send(&mut twice, "POST", "/api/token", &format!("{form}another")).is_err());
    // A refused request binds no placeholder.
    let other = form.replace("refresh_token&", "code&");
    assert!(send(&mut twice, "POST", "/api/token", &format!("{other}my-own")).is_err());
    assert!(send(&mut twice, "POST", "/api/token", &format!("{form}my-own")).is_ok());
}

#[test]
fn a_placeholder_may_be_part_of_a_text() {
    let file = "PUT /v1/users/redacted-1/x?uri=spotify:user:redacted-1&redacted-5=redacted-6&a=1\n\n\
                {\"uris\": [\"spotify:track:1\", \"spotify:playlist:redacted-2\"], \"redacted-3\": \"redacted-4\"}\n\n\
                ###\nHTTP/1.1 200 OK\n\n";
    let body = r#"{"mood": 4711, "uris": ["spotify:track:1", "spotify:playlist:mine"]}"#;
    for (uri, body, is_right) in [
        ("/v1/users/anna/x?a=1&uri=spotify:user:anna&my=own", body.to_owned(), true),
        ("/v1/users/anna/x?a=1&uri=spotify:user:bert&my=own", body.to_owned(), false),
        ("/v1/users/anna/x?a=2&uri=spotify:user:anna&my=own", body.to_owned(), false),
        ("/v1/users/anna/x?a=1&uri=spotify:user:anna&my=own", body.replace("track:1", "track:2"), false),
        ("/v1/users/anna/x?a=1&uri=spotify:user:anna&my=own", body.replace("mine", "anna"), false),
        ("/v1/users/anna/x?a=1&uri=spotify:user:anna", body.to_owned(), false),
    ] {
        let mut replay = replay(&[("1.http", file)]);
        let response = send(&mut replay, "PUT", uri, &body.replace('=', ""));
        assert_eq!(response.is_ok(), is_right, "{uri} {body}: {response:?}");
    }
}

#[test]
fn a_refused_request_is_shown_without_its_secrets() {
    let mut replay = replay(&[("1.http", REFRESH)]);
    let error =
        send(&mut replay, "POST", "/api/token", "grant_type=client_credentials&client_secret=hunter2x");
    let error = error.expect_err("a different grant");
    assert!(error.contains("grant_type=client_credentials&client_secret=redacted-0"), "{error}");
    assert!(!error.contains("hunter2x"), "{error}");
    // The `Debug` output, which a failing test prints, contains the same text.
    let request = Request::get("/v1/me?access_token=hunter2x").body(Vec::new()).expect("a request");
    let error = replay.respond(&request).expect_err("no recording for the request");
    assert_eq!(format!("{error:?}"), error.to_string());
    assert!(!error.to_string().contains("hunter2x"), "{error}");
}

#[test]
fn a_placeholder_for_a_complete_body_matches_the_body() {
    let file = "PUT /v1/x\ncontent-type: image/jpeg\n\nredacted body 1: 4 bytes of image/jpeg\n\n###\nHTTP/1.1 200 OK\n\n";
    let mut replay = replay(&[("1.http", file), ("2.http", file), ("3.http", file)]);
    assert!(send(&mut replay, "PUT", "/v1/x", "/9j/").is_ok());
    assert!(send(&mut replay, "PUT", "/v1/x", "/9j/4").is_err());
    assert!(send(&mut replay, "PUT", "/v1/x", "/9j/").is_ok());
}

#[test]
fn an_invalid_recording_is_reported_with_its_file_and_line() {
    assert_eq!(refused(&[]), ReplayError::Empty);
    assert_eq!(refused(&[("a.json", "{}")]), ReplayError::Empty);
    assert_eq!(refused(&[("a.http", ALBUM), ("a.http", SAVE)]).to_string(), "duplicate file name a.http");
    for (text, start) in [
        ("", "b.http, line 1: expected a request line"),
        ("GET /v1/me\n\n", "b.http, line 3: expected a response after the request"),
        ("GET /v1/me\n\n###\nHTTP/1.1 200 OK\nx\n\n", "b.http, line 5: expected a header line"),
        (&format!("{ALBUM}###\n{AGAIN}"), "b.http, line 7: expected one exchange per file"),
        (&ALBUM.replace(" OK\n\none\n", "\n"), "b.http, line 5: expected a blank line"),
    ] {
        let error = refused(&[("a.http", SAVE), ("b.http", text)]).to_string();
        assert!(error.starts_with(start), "{text}: {error}");
    }
}
