//! Tests of the compiled tool: output and exit code for arguments and standard input.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic in a test is a failed test")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use spotify_proto::api::OPERATIONS;

const ID: &str = "4aawyAB9vmqN3uQ7FjRGTy";

/// Output and exit code of a run.
#[derive(Debug)]
struct Finished {
    out: String,
    err: String,
    code: Option<i32>,
}

impl Finished {
    /// Checks the exit code and returns the line of JSON on standard output.
    fn json(&self, code: i32) -> Value {
        assert_eq!((self.code, self.err.as_str()), (Some(code), ""), "{self:?}");
        let line = self.out.strip_suffix('\n').expect("a complete line");
        assert!(!line.contains('\n'), "{self:?}");
        serde_json::from_str(line).expect("JSON")
    }

    /// Returns the line on standard error of a run that rejected its input.
    fn refusal(&self) -> &str {
        assert_eq!((self.code, self.out.as_str()), (Some(2), ""), "{self:?}");
        let line = self.err.strip_suffix('\n').expect("a complete line");
        assert!(!line.contains('\n') && !line.contains("panicked"), "{self:?}");
        line
    }
}

fn inspect(arguments: &[&str], input: impl AsRef<[u8]>) -> Finished {
    let mut child = Command::new(env!("CARGO_BIN_EXE_inspect"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a built tool");
    // A run that rejects its arguments does not read its input, so writing the input may fail.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_ref());
    let output = child.wait_with_output().expect("a terminated process");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Finished { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
}

fn album_response(message: &str) -> Finished {
    inspect(&["response", "get-an-album"], message)
}

fn album_request(parameters: &str) -> Finished {
    inspect(&["request", "get-an-album"], parameters)
}

#[test]
fn every_operation_is_listed_in_order() {
    let run = inspect(&["operations"], "");
    let ids: Vec<Value> =
        run.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["id"].take()).collect();
    let expected: Vec<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    assert_eq!(run.code, Some(0));
    assert_eq!(ids, expected);
    let first =
        run.out.lines().find(|line| line.contains("\"get-an-album\"")).expect("a line for the operation");
    assert_eq!(
        first,
        r#"{"id":"get-an-album","method":"GET","route":"/v1/albums/{id}","scopes":[],"scope_rule":"none","availability":"everyone","idempotent":true,"deprecated":false,"optional_scopes":[]}"#
    );
    let episodes = run
        .out
        .lines()
        .find(|line| line.contains("\"get-users-saved-episodes\""))
        .expect("a line for the operation");
    let episodes: Value = serde_json::from_str(episodes).expect("JSON");
    assert_eq!(episodes["scopes"], json!(["user-library-read", "user-read-playback-position"]));
    assert_eq!(episodes["scope_rule"], "all");
    assert_eq!(episodes["optional_scopes"], json!(["user-read-playback-position"]));
}

#[test]
fn a_request_is_printed_as_a_message() {
    let run = album_request(&format!(r#"{{"id": "{ID}", "market": "SE"}}"#));
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert_eq!(
        run.out,
        format!(
            "GET https://api.spotify.com/v1/albums/{ID}?market=SE HTTP/1.1\r\nhost: api.spotify.com\r\n\r\n"
        )
    );
}

#[test]
fn the_error_contains_the_invalid_parameter() {
    assert_eq!(album_request("").refusal(), "missing field `id`");
    assert_eq!(album_request(r#"{"market": "SE"}"#).refusal(), "missing field `id`");
    for (parameters, start) in [
        (r#"{"id": "abc"}"#.to_owned(), "id: expected the album id of 22 letters"),
        (r#"{"id": 5}"#.to_owned(), "id: invalid type"),
        (format!(r#"{{"id": "spotify:track:{ID}"}}"#), "id: expected the album id"),
        (format!(r#"{{"id": "{ID}", "market": "Sweden"}}"#), "market: expected"),
        (format!(r#"{{"id": "{ID}", "limit": 5}}"#), "unknown field `limit`"),
        (format!(r#"{{"id": "{ID}", "a\nb": 5}}"#), "unknown field `a b`"),
        (format!(r#"{{"id": "{ID}", "id": "{ID}"}}"#), "duplicate field `id`"),
    ] {
        let run = album_request(&parameters);
        assert!(run.refusal().starts_with(start), "{parameters}: {run:?}");
    }
    let run = inspect(&["request", "get-an-albums-tracks"], format!(r#"{{"id": "{ID}", "limit": -1}}"#));
    assert!(run.refusal().starts_with("limit: "), "{run:?}");
}

#[test]
fn the_error_for_a_forbidden_value_contains_the_parameter_and_the_rule() {
    let uris =
        |count: usize| json!({ "uris": vec!["spotify:track:6rqhFgbbKwnb9MLmUQDhG6"; count] }).to_string();
    let page = |limit: i64| json!({"id": ID, "limit": limit}).to_string();
    for (operation, parameters, expected) in [
        (
            "get-an-albums-tracks",
            page(51),
            "invalid request get-an-albums-tracks: `limit` is 51, expected 1 to 50",
        ),
        (
            "get-an-albums-tracks",
            page(0),
            "invalid request get-an-albums-tracks: `limit` is 0, expected 1 to 50",
        ),
        (
            "get-an-albums-tracks",
            page(-1),
            "limit: invalid value: integer `-1`, expected u32; the range is 1 to 50",
        ),
        ("save-library-items", uris(0), "invalid request save-library-items: `uris` is empty"),
        (
            "save-library-items",
            uris(41),
            "invalid request save-library-items: `uris` has 41 items, expected at most 40",
        ),
        (
            "search",
            json!({"q": "x".repeat(300), "type": ["track"]}).to_string(),
            "invalid request search: `q` has 300 characters, expected at most 250",
        ),
        ("search", json!({"q": "x", "type": []}).to_string(), "invalid request search: `type` is empty"),
        (
            "set-volume-for-users-playback",
            json!({"volume_percent": 300}).to_string(),
            "invalid request set-volume-for-users-playback: `volume_percent` is 300, expected 0 to 100",
        ),
        ("start-a-users-playback", uris(0), "invalid request start-a-users-playback: `uris` is empty"),
        (
            "upload-custom-playlist-cover",
            json!({"playlist_id": ID, "image": "iVBORw0K"}).to_string(),
            "invalid request upload-custom-playlist-cover: `image` is not a JPEG file",
        ),
        (
            "upload-custom-playlist-cover",
            json!({"playlist_id": ID, "image": "/9j/".repeat(65_537)}).to_string(),
            "image: expected at most 262144 bytes of base64 text, got 262148",
        ),
    ] {
        assert_eq!(inspect(&["request", operation], &parameters).refusal(), expected);
    }
    assert_eq!(inspect(&["request", "save-library-items"], uris(40)).code, Some(0));
}

#[test]
fn the_error_contains_the_missing_parameter_for_every_operation() {
    let mut named = 0;
    for operation in OPERATIONS {
        let run = inspect(&["request", operation.id], "{}");
        if run.code == Some(0) {
            continue;
        }
        let field = run.refusal().strip_prefix("missing field `").and_then(|it| it.split_once('`'));
        assert!(field.is_some_and(|(name, _)| !name.is_empty()), "{}: {run:?}", operation.id);
        named += 1;
    }
    assert!(named > 60, "only {named} operations have required parameters");
    assert_eq!(
        inspect(&["request", "save-tracks-user"], "{}").refusal(),
        "missing field `ids` or `timestamped_ids`"
    );
}

#[test]
fn parameters_that_are_not_an_object_are_rejected() {
    for parameters in ["[]", "5", "null", "{", r#"{"id": }"#, "{} {}", "id=5"] {
        let run = album_request(parameters);
        assert!(run.refusal().contains("expected a JSON object"), "{parameters}: {run:?}");
    }
}

#[test]
fn a_result_is_printed_as_json() {
    let run = album_response(&format!(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/2 200 \r\ncontent-type: application/json\r\n\r\n\
         {{\"id\": \"{ID}\", \"name\": \"Night Ferry\", \"album_type\": \"album\", \"artists\": [],\
         \"uri\": \"spotify:album:{ID}\", \"later\": 1}}"
    ));
    let response = run.json(0);
    assert_eq!((&response["ok"]["id"], &response["ok"]["name"]), (&json!(ID), &json!("Night Ferry")));
    assert_eq!(response.as_object().map(serde_json::Map::len), Some(1));
}

#[test]
fn an_api_error_is_printed_as_json() {
    let body = r#"{"error": {"status": 404, "message": "Player command failed: No active device found", "reason": "NO_ACTIVE_DEVICE"}}"#;
    assert_eq!(
        album_response(&format!("HTTP/1.1 404 Not Found\r\n\r\n{body}")).json(1),
        json!({"error": {
            "kind": "api", "status": 404, "message": "Player command failed: No active device found",
            "reason": "NO_ACTIVE_DEVICE", "retry_after_s": null,
        }})
    );
    assert_eq!(
        album_response("HTTP/1.1 304 Not Modified\r\netag: \"x\"\r\n\r\n").json(1),
        json!({"error": {
            "kind": "api", "status": 304, "message": null, "reason": null, "retry_after_s": null,
        }})
    );
}

#[test]
fn the_delay_of_a_rate_limit_is_printed_in_seconds() {
    let limited = |headers: &str| {
        let mut run = album_response(&format!("HTTP/1.1 429\n{headers}\nToo many requests")).json(1);
        assert_eq!(run["error"]["kind"], "rate_limited");
        assert_eq!(run["error"]["status"], 429);
        assert_eq!(run["error"]["message"], "Too many requests");
        run["error"]["retry_after_s"].take()
    };
    let (date, later) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:50:37 GMT");
    assert_eq!(limited("Retry-After: 13749\n"), 13_749);
    assert_eq!(limited(&format!("Date: {date}\nRetry-After: {later}\n")), 60);
    assert_eq!(limited(&format!("Date: {later}\nRetry-After: {date}\n")), 0);
    assert_eq!(limited(&format!("Retry-After: {later}\n")), Value::Null);
    assert_eq!(limited("Retry-After: soon\n"), Value::Null);
    assert_eq!(limited(""), Value::Null);
}

#[test]
fn a_rejected_token_is_an_auth_error() {
    let run = album_response(
        "HTTP/1.1 401 Unauthorized\nwww-authenticate: Bearer realm=\"spotify\", error=\"invalid_token\", \
         error_description=\"The access token expired\"\n\n\
         {\"error\": {\"status\": 401, \"message\": \"The access token expired\"}}",
    );
    assert_eq!(
        run.json(1),
        json!({"error": {
            "kind": "auth", "status": 401, "message": "The access token expired",
            "reason": null, "retry_after_s": null,
        }})
    );
}

#[test]
fn an_invalid_body_is_a_decode_error() {
    for body in ["", "{\"id\": ", "[]", "null", "<html>", "\u{1}"] {
        let run = album_response(&format!("HTTP/1.1 200 OK\n\n{body}")).json(1);
        assert_eq!(
            (&run["error"]["kind"], &run["error"]["status"]),
            (&json!("decode"), &json!(200)),
            "{body}"
        );
        assert!(run["error"]["message"].is_string(), "{run}");
        assert_eq!(run["error"].as_object().map(serde_json::Map::len), Some(5));
    }
}

#[test]
fn input_that_is_not_an_http_response_is_rejected() {
    for (input, expected) in [
        ("", "line 1: expected a status line"),
        ("{\"id\": 1}", "line 1: expected a status line"),
        ("GET /v1/me HTTP/1.1\n\n", "line 1: expected a status line"),
        ("HTTP/1.1 200 OK\n{\"id\": 1}x\n\n", "line 2: expected a header line"),
        ("HTTP/1.1 200 OK\na: b", "line 3: expected a blank line"),
    ] {
        let run = album_response(input);
        assert!(run.refusal().contains(expected), "{input}: {run:?}");
    }
}

#[test]
fn a_compressed_body_is_rejected_and_a_decoded_body_is_accepted() {
    let head = b"HTTP/1.1 404 Not Found\r\ncontent-encoding: gzip\r\n\r\n";
    let encoded = inspect(&["response", "get-an-album"], [head, &b"\x1f\x8b\x08\x00"[..]].concat());
    assert!(encoded.refusal().contains("content-encoding: gzip"), "{encoded:?}");
    let decoded = inspect(&["response", "get-an-album"], [head, &b"{}"[..]].concat());
    assert_eq!(decoded.json(1)["error"]["status"], 404);
}

#[test]
fn unknown_arguments_are_rejected() {
    for command in ["request", "response"] {
        let run = inspect(&[command, "get-album"], "");
        let nearest = run.refusal().split("the most similar ids are ").nth(1).expect("suggestions");
        assert!(nearest.starts_with("get-an-album,"), "{run:?}");
        assert!(inspect(&[command], "").refusal().contains("inspect operations"));
        assert!(inspect(&[command, "get-an-album", "more"], "").refusal().contains("too many"));
    }
    assert!(inspect(&["decode"], "").refusal().starts_with("unknown command \"decode\""));
}

#[test]
fn the_usage_is_printed() {
    let asked = inspect(&["--help"], "");
    assert_eq!((asked.code, asked.err.as_str()), (Some(0), ""));
    let wrong = inspect(&[], "");
    assert_eq!((wrong.code, wrong.out.as_str()), (Some(2), ""));
    assert!(asked.out.contains("usage:"));
    assert_eq!(asked.out, wrong.err);
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_inspect"))
        .arg("operations")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a built tool");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("a terminated process");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn every_recording_of_the_corpus_is_parsed() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures");
    let Ok(manifest) = std::fs::read_to_string(corpus.join("MANIFEST.tsv")) else {
        println!("skipped: no corpus at {}", corpus.display());
        return;
    };
    let mut faults = Vec::new();
    for row in manifest.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [path, "yes", .., id, status, _, _, _] = columns[..] else { continue };
        if !OPERATIONS.iter().any(|operation| operation.id == id) {
            continue;
        }
        let message = std::fs::read(corpus.join(path).with_extension("http")).expect("a recording");
        let run = inspect(&["response", id], message);
        let answer: Value = serde_json::from_str(&run.out).unwrap_or_default();
        let is_success = status.starts_with('2');
        let is_right = if is_success {
            run.code == Some(0) && answer.get("ok").is_some()
        } else {
            run.code == Some(1) && answer["error"]["status"].as_u64() == status.parse().ok()
        };
        if !is_right || !run.err.is_empty() {
            faults.push(format!("{path} ({id}, {status}): {run:?}"));
        }
    }
    assert!(faults.is_empty(), "{} recordings:\n{}", faults.len(), faults.join("\n"));
}

fn album_drift(body: &str) -> Finished {
    inspect(&["drift", "get-an-album"], format!("HTTP/2 200\ncontent-type: application/json\n\n{body}"))
}

#[test]
fn a_response_that_is_read_completely_has_no_drift() {
    for body in [
        r#"{"name": "Night Ferry", "images": [], "label": null, "total_tracks": 9, "release_date": "1998-05"}"#,
        r#"{"name": "", "artists": [{"name": "a", "type": "artist"}], "external_ids": {"upc": "1"}}"#,
    ] {
        let run = album_drift(body);
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), "nothing\n", ""), "{body}");
    }
    for (operation, message) in
        [("pause-a-users-playback", "HTTP/2 200\n\n{}"), ("get-queue", "HTTP/2 200\n\n{}")]
    {
        let run = inspect(&["drift", operation], message);
        assert_eq!(run.code, Some(if operation == "get-queue" { 2 } else { 0 }), "{run:?}");
    }
    let idle = inspect(&["drift", "get-information-about-the-users-current-playback"], "HTTP/2 204\n\n");
    assert_eq!((idle.code, idle.out.as_str()), (Some(0), "nothing\n"), "{idle:?}");
}

#[test]
fn fields_without_a_counterpart_in_the_model_are_listed() {
    let run = album_drift(
        r#"{"name": "Night Ferry", "mood": "calm", "total_tracks": [9], "images": "none", "artists": [
            {"name": "a", "type": "artist", "rank": 1}, {"name": "b", "type": "artist", "rank": {"x": 1}}],
            "genres": ["a", 5], "tracks": {"total": 1, "items": [{"name": "c", "hue": [1, 2]}]}}"#,
    );
    assert_eq!((run.code, run.err.as_str()), (Some(1), ""));
    let expected = [
        "not read:",
        "$.artists[*]<artist>.rank\tnumber\t1",
        "$.artists[*]<artist>.rank\tobject\t{\"redacted-1\":1}",
        "$.mood\tstring\t\"redacted-1\"",
        "$.tracks.items[*].hue\tarray\t[1,2]",
        "dropped, of another type:",
        "$.genres[*]\tnumber\t5",
        "$.images\tstring\t\"redacted-1\"",
        "$.total_tracks\tarray\t[9]",
    ];
    assert_eq!(run.out.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_field_is_not_drift_if_its_counterpart_is_read() {
    let items = r#"{"total": 1, "items": [{"item": {"type": "track", "name": "a"}}]}"#;
    let other = r#"{"total": 2, "items": [{"track": {"type": "track", "name": "b"}}]}"#;
    for body in [
        format!(r#"{{"name": "p", "items": {items}, "tracks": {other}}}"#),
        format!(r#"{{"name": "p", "tracks": {other}, "items": {items}}}"#),
    ] {
        let run = inspect(&["drift", "get-playlist"], format!("HTTP/2 200\n\n{body}"));
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), "nothing\n", ""), "{body}");
    }
    let both =
        r#"{"items": [{"item": {"type": "track", "name": "a"}, "track": {"type": "track", "name": "b"}}]}"#;
    let run = inspect(&["drift", "get-playlists-items"], format!("HTTP/2 200\n\n{both}"));
    assert_eq!((run.code, run.out.as_str()), (Some(0), "nothing\n"), "{run:?}");
    let fallback = r#"{"items": [{"item": 5, "track": {"type": "track", "name": "b"}}]}"#;
    let run = inspect(&["drift", "get-playlists-items"], format!("HTTP/2 200\n\n{fallback}"));
    assert_eq!((run.code, run.out.as_str()), (Some(0), "nothing\n"), "{run:?}");
    // A field of an unexpected type is drift, because the field was not read under its other name either.
    let run = inspect(&["drift", "get-playlist"], "HTTP/2 200\n\n{\"name\": \"p\", \"tracks\": 5}");
    assert_eq!((run.code, run.out.contains("$.tracks\tnumber\t5")), (Some(1), true), "{run:?}");
}

#[test]
fn the_list_of_unread_fields_contains_no_secrets() {
    const ACCESS_TOKEN: &str =
        "BQDkPLanted0Access-Token_x7Yh3Lq9Rw2Ts5Vb8Nm4Kj6Gf1Dz0Xc9Vb8Nm7QwErTy6UiOp5AsDf4GhJk3Lz2Xc1Vb0Nm";
    const CLIENT_SECRET: &str = "5ec2e700c0ffee11d00dfeed5ec2e7aa";
    let run = album_drift(&format!(
        r#"{{"name": "x", "new_token": "hunter2x", "{CLIENT_SECRET}": 1, "a": ["{ACCESS_TOKEN}"],
            "owner": {{"id": "hunter2x", "type": "user"}}, "mail": "hunter2x@example.org"}}"#
    ));
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(run.out.lines().count(), 6, "{run:?}");
    assert!(!run.out.contains(&ACCESS_TOKEN[..16]) && !run.out.contains(&CLIENT_SECRET[..16]), "{run:?}");
    assert!(!run.out.contains("hunter2x"), "{run:?}");
    let me = r#"{"id": "anna", "handle": {"id": 1}, "user": {"id": "hunter2x"}, "account_id": "hunter2x"}"#;
    let run = inspect(&["drift", "get-current-users-profile"], format!("HTTP/2 200\n\n{me}"));
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.out.contains("$.handle\t") && !run.out.contains("hunter2x"), "{run:?}");
}

#[test]
fn drift_requires_a_successful_response() {
    for (message, expected) in [
        ("", "line 1: expected a status line"),
        (
            "HTTP/2 404\n\n{\"error\": {\"status\": 404, \"message\": \"gone\"}}",
            "spotify responded with 404: gone",
        ),
        ("HTTP/2 200\n\n{\"name\": ", "no response to compare: could not decode the response: "),
        ("HTTP/2 200\n\n[]", "no response to compare: could not decode the response: "),
    ] {
        let run = inspect(&["drift", "get-an-album"], message);
        assert!(run.refusal().contains(expected), "{message}: {run:?}");
    }
    assert!(inspect(&["drift", "get-album"], "").refusal().contains("get-an-album,"));
    assert!(inspect(&["drift"], "").refusal().contains("inspect operations"));
}

#[test]
fn every_scope_of_the_reference_is_listed() {
    let run = inspect(&["operations"], "");
    let reference: Vec<Value> = include_str!("../../../tests/api/operations.json")
        .lines()
        .filter_map(|line| serde_json::from_str(line.trim_end_matches(',')).ok())
        .collect();
    let set = |line: &Value, name: &str| -> BTreeSet<String> {
        let scopes = line[name].as_array().expect("a list of scopes");
        scopes.iter().map(|scope| scope.as_str().expect("a text").to_owned()).collect()
    };
    let mut compared = 0;
    for line in run.out.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let optional = set(&line, "optional_scopes");
        assert!(optional.is_subset(&set(&line, "scopes")), "{line}");
        let Some(row) = reference.iter().find(|row| row["id"] == line["id"]) else { continue };
        assert!(set(row, "scopes").is_subset(&set(&line, "scopes")), "{line}: {row}");
        compared += 1;
    }
    assert_eq!(compared, OPERATIONS.len());
    let show =
        run.out.lines().find(|line| line.contains("\"get-a-show\"")).expect("a line for the operation");
    let show: Value = serde_json::from_str(show).expect("JSON");
    assert_eq!(show["optional_scopes"], json!(["user-read-playback-position"]));
}
