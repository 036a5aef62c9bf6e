//! The inspect tool as its users run it: arguments and standard input in, output and exit code out.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what tests are for"
)]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use spotify_proto::api::OPERATIONS;

const ID: &str = "4aawyAB9vmqN3uQ7FjRGTy";

/// What one run said.
#[derive(Debug)]
struct Said {
    out: String,
    err: String,
    code: Option<i32>,
}

impl Said {
    /// The one line of JSON on standard output of a run that ended well or with an error answer.
    fn json(&self, code: i32) -> Value {
        assert_eq!((self.code, self.err.as_str()), (Some(code), ""), "{self:?}");
        let line = self.out.strip_suffix('\n').expect("a line ends");
        assert!(!line.contains('\n'), "{self:?}");
        serde_json::from_str(line).expect("JSON")
    }

    /// The one line on standard error of a run whose input was refused.
    fn refusal(&self) -> &str {
        assert_eq!((self.code, self.out.as_str()), (Some(2), ""), "{self:?}");
        let line = self.err.strip_suffix('\n').expect("a line ends");
        assert!(!line.contains('\n') && !line.contains("panicked"), "{self:?}");
        line
    }
}

fn inspect(arguments: &[&str], input: impl AsRef<[u8]>) -> Said {
    let mut child = Command::new(env!("CARGO_BIN_EXE_inspect"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool starts");
    // A run that refuses its arguments does not read.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_ref());
    let output = child.wait_with_output().expect("the tool ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Said { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
}

fn album_answer(message: &str) -> Said {
    inspect(&["response", "get-an-album"], message)
}

fn album_request(parameters: &str) -> Said {
    inspect(&["request", "get-an-album"], parameters)
}

#[test]
fn every_operation_is_listed_in_order() {
    let said = inspect(&["operations"], "");
    let ids: Vec<Value> = said
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["id"].take())
        .collect();
    let expected: Vec<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    assert_eq!(said.code, Some(0));
    assert_eq!(ids, expected);
    let first = said.out.lines().find(|line| line.contains("\"get-an-album\"")).expect("listed");
    assert_eq!(
        first,
        r#"{"id":"get-an-album","method":"GET","route":"/v1/albums/{id}","scopes":[],"scope_rule":"none","availability":"everyone","idempotent":true,"deprecated":false,"optional_scopes":[]}"#
    );
    let episodes =
        said.out.lines().find(|line| line.contains("\"get-users-saved-episodes\"")).expect("listed");
    let episodes: Value = serde_json::from_str(episodes).expect("JSON");
    assert_eq!(episodes["scopes"], json!(["user-library-read", "user-read-playback-position"]));
    assert_eq!(episodes["scope_rule"], "all");
    assert_eq!(episodes["optional_scopes"], json!(["user-read-playback-position"]));
}

#[test]
fn a_request_is_printed_as_a_message() {
    let said = album_request(&format!(r#"{{"id": "{ID}", "market": "SE"}}"#));
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert_eq!(
        said.out,
        format!(
            "GET https://api.spotify.com/v1/albums/{ID}?market=SE HTTP/1.1\r\nhost: api.spotify.com\r\n\r\n"
        )
    );
}

#[test]
fn a_parameter_at_fault_is_named() {
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
        let said = album_request(&parameters);
        assert!(said.refusal().starts_with(start), "{parameters}: {said:?}");
    }
    let said = inspect(&["request", "get-an-albums-tracks"], format!(r#"{{"id": "{ID}", "limit": -1}}"#));
    assert!(said.refusal().starts_with("limit: "), "{said:?}");
}

#[test]
fn a_value_that_the_reference_forbids_is_refused_with_the_parameter_and_the_rule() {
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
fn a_missing_parameter_of_every_operation_is_named() {
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
    assert!(named > 60, "{named} operations have required parameters");
    assert_eq!(
        inspect(&["request", "save-tracks-user"], "{}").refusal(),
        "missing field `ids`, or `timestamped_ids`"
    );
}

#[test]
fn parameters_that_are_no_object_are_refused() {
    for parameters in ["[]", "5", "null", "{", r#"{"id": }"#, "{} {}", "id=5"] {
        let said = album_request(parameters);
        assert!(said.refusal().contains("expected a JSON object"), "{parameters}: {said:?}");
    }
}

#[test]
fn a_result_is_printed_as_json() {
    let said = album_answer(&format!(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/2 200 \r\ncontent-type: application/json\r\n\r\n\
         {{\"id\": \"{ID}\", \"name\": \"Night Ferry\", \"album_type\": \"album\", \"artists\": [],\
         \"uri\": \"spotify:album:{ID}\", \"later\": 1}}"
    ));
    let answer = said.json(0);
    assert_eq!((&answer["ok"]["id"], &answer["ok"]["name"]), (&json!(ID), &json!("Night Ferry")));
    assert_eq!(answer.as_object().map(serde_json::Map::len), Some(1));
}

#[test]
fn an_api_error_is_told() {
    let body = r#"{"error": {"status": 404, "message": "Player command failed: No active device found", "reason": "NO_ACTIVE_DEVICE"}}"#;
    assert_eq!(
        album_answer(&format!("HTTP/1.1 404 Not Found\r\n\r\n{body}")).json(1),
        json!({"error": {
            "kind": "api", "status": 404, "message": "Player command failed: No active device found",
            "reason": "NO_ACTIVE_DEVICE", "retry_after_s": null,
        }})
    );
    assert_eq!(
        album_answer("HTTP/1.1 304 Not Modified\r\netag: \"x\"\r\n\r\n").json(1),
        json!({"error": {
            "kind": "api", "status": 304, "message": null, "reason": null, "retry_after_s": null,
        }})
    );
}

#[test]
fn a_rate_limit_tells_the_seconds() {
    let limited = |headers: &str| {
        let mut said = album_answer(&format!("HTTP/1.1 429\n{headers}\nToo many requests")).json(1);
        assert_eq!(said["error"]["kind"], "rate_limited");
        assert_eq!(said["error"]["status"], 429);
        assert_eq!(said["error"]["message"], "Too many requests");
        said["error"]["retry_after_s"].take()
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
fn a_refused_token_is_an_auth_error() {
    let said = album_answer(
        "HTTP/1.1 401 Unauthorized\nwww-authenticate: Bearer realm=\"spotify\", error=\"invalid_token\", \
         error_description=\"The access token expired\"\n\n\
         {\"error\": {\"status\": 401, \"message\": \"The access token expired\"}}",
    );
    assert_eq!(
        said.json(1),
        json!({"error": {
            "kind": "auth", "status": 401, "message": "The access token expired",
            "reason": null, "retry_after_s": null,
        }})
    );
}

#[test]
fn a_broken_body_is_a_decode_error() {
    for body in ["", "{\"id\": ", "[]", "null", "<html>", "\u{1}"] {
        let said = album_answer(&format!("HTTP/1.1 200 OK\n\n{body}")).json(1);
        assert_eq!(
            (&said["error"]["kind"], &said["error"]["status"]),
            (&json!("decode"), &json!(200)),
            "{body}"
        );
        assert!(said["error"]["message"].is_string(), "{said}");
        assert_eq!(said["error"].as_object().map(serde_json::Map::len), Some(5));
    }
}

#[test]
fn what_is_no_http_message_is_refused() {
    for (input, expected) in [
        ("", "line 1: expected a status line"),
        ("{\"id\": 1}", "line 1: expected a status line"),
        ("GET /v1/me HTTP/1.1\n\n", "line 1: expected a status line"),
        ("HTTP/1.1 200 OK\n{\"id\": 1}x\n\n", "line 2: expected a header line"),
        ("HTTP/1.1 200 OK\na: b", "line 3: expected a blank line"),
    ] {
        let said = album_answer(input);
        assert!(said.refusal().contains(expected), "{input}: {said:?}");
    }
}

#[test]
fn an_encoded_body_is_refused_and_a_decoded_one_is_not() {
    let head = b"HTTP/1.1 404 Not Found\r\ncontent-encoding: gzip\r\n\r\n";
    let encoded = inspect(&["response", "get-an-album"], [head, &b"\x1f\x8b\x08\x00"[..]].concat());
    assert!(encoded.refusal().contains("content-encoding: gzip"), "{encoded:?}");
    let decoded = inspect(&["response", "get-an-album"], [head, &b"{}"[..]].concat());
    assert_eq!(decoded.json(1)["error"]["status"], 404);
}

#[test]
fn arguments_that_are_not_known_are_refused() {
    for command in ["request", "response"] {
        let said = inspect(&[command, "get-album"], "");
        let nearest = said.refusal().split("the nearest are ").nth(1).expect("suggestions");
        assert!(nearest.starts_with("get-an-album,"), "{said:?}");
        assert!(inspect(&[command], "").refusal().contains("inspect operations"));
        assert!(inspect(&[command, "get-an-album", "more"], "").refusal().contains("too many"));
    }
    assert!(inspect(&["decode"], "").refusal().starts_with("unknown command \"decode\""));
}

#[test]
fn the_usage_is_shown() {
    let asked = inspect(&["--help"], "");
    assert_eq!((asked.code, asked.err.as_str()), (Some(0), ""));
    let wrong = inspect(&[], "");
    assert_eq!((wrong.code, wrong.out.as_str()), (Some(2), ""));
    assert!(asked.out.contains("usage:"));
    assert_eq!(asked.out, wrong.err);
}

#[test]
fn a_reader_that_leaves_is_no_fault() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_inspect"))
        .arg("operations")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the tool ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn every_recording_of_the_corpus_is_understood() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures");
    let Ok(manifest) = std::fs::read_to_string(corpus.join("MANIFEST.tsv")) else {
        println!("skipped: there is no corpus at {}", corpus.display());
        return;
    };
    let mut faults = Vec::new();
    for row in manifest.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [path, "yes", .., id, status, _, _, _] = columns[..] else { continue };
        if !OPERATIONS.iter().any(|operation| operation.id == id) {
            continue;
        }
        let message =
            std::fs::read(corpus.join(path).with_extension("http")).expect("the recording is there");
        let said = inspect(&["response", id], message);
        let answer: Value = serde_json::from_str(&said.out).unwrap_or_default();
        let is_success = status.starts_with('2');
        let is_right = if is_success {
            said.code == Some(0) && answer.get("ok").is_some()
        } else {
            said.code == Some(1) && answer["error"]["status"].as_u64() == status.parse().ok()
        };
        if !is_right || !said.err.is_empty() {
            faults.push(format!("{path} ({id}, {status}): {said:?}"));
        }
    }
    assert!(faults.is_empty(), "{} recordings:\n{}", faults.len(), faults.join("\n"));
}

fn album_drift(body: &str) -> Said {
    inspect(&["drift", "get-an-album"], format!("HTTP/2 200\ncontent-type: application/json\n\n{body}"))
}

#[test]
fn an_answer_that_is_read_whole_has_not_drifted() {
    for body in [
        r#"{"name": "Night Ferry", "images": [], "label": null, "total_tracks": 9, "release_date": "1998-05"}"#,
        r#"{"name": "", "artists": [{"name": "a", "type": "artist"}], "external_ids": {"upc": "1"}}"#,
    ] {
        let said = album_drift(body);
        assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (Some(0), "nothing\n", ""), "{body}");
    }
    for (operation, message) in
        [("pause-a-users-playback", "HTTP/2 200\n\n{}"), ("get-queue", "HTTP/2 200\n\n{}")]
    {
        let said = inspect(&["drift", operation], message);
        assert_eq!(said.code, Some(if operation == "get-queue" { 2 } else { 0 }), "{said:?}");
    }
    let idle = inspect(&["drift", "get-information-about-the-users-current-playback"], "HTTP/2 204\n\n");
    assert_eq!((idle.code, idle.out.as_str()), (Some(0), "nothing\n"), "{idle:?}");
}

#[test]
fn what_an_answer_has_beside_the_model_is_listed() {
    let said = album_drift(
        r#"{"name": "Night Ferry", "mood": "calm", "total_tracks": [9], "images": "none", "artists": [
            {"name": "a", "type": "artist", "rank": 1}, {"name": "b", "type": "artist", "rank": {"x": 1}}],
            "genres": ["a", 5], "tracks": {"total": 1, "items": [{"name": "c", "hue": [1, 2]}]}}"#,
    );
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""));
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
    assert_eq!(said.out.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_field_whose_other_generation_is_read_has_not_drifted() {
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
    // A field of another type has no generation that was read.
    let run = inspect(&["drift", "get-playlist"], "HTTP/2 200\n\n{\"name\": \"p\", \"tracks\": 5}");
    assert_eq!((run.code, run.out.contains("$.tracks\tnumber\t5")), (Some(1), true), "{run:?}");
}

#[test]
fn drift_shows_no_secret() {
    const ACCESS_TOKEN: &str =
        "BQDkPLanted0Access-Token_x7Yh3Lq9Rw2Ts5Vb8Nm4Kj6Gf1Dz0Xc9Vb8Nm7QwErTy6UiOp5AsDf4GhJk3Lz2Xc1Vb0Nm";
    const CLIENT_SECRET: &str = "5ec2e700c0ffee11d00dfeed5ec2e7aa";
    let said = album_drift(&format!(
        r#"{{"name": "x", "new_token": "hunter2x", "{CLIENT_SECRET}": 1, "a": ["{ACCESS_TOKEN}"],
            "owner": {{"id": "hunter2x", "type": "user"}}, "mail": "hunter2x@example.org"}}"#
    ));
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(said.out.lines().count(), 6, "{said:?}");
    assert!(!said.out.contains(&ACCESS_TOKEN[..16]) && !said.out.contains(&CLIENT_SECRET[..16]), "{said:?}");
    assert!(!said.out.contains("hunter2x"), "{said:?}");
    let me = r#"{"id": "anna", "handle": {"id": 1}, "user": {"id": "hunter2x"}, "account_id": "hunter2x"}"#;
    let said = inspect(&["drift", "get-current-users-profile"], format!("HTTP/2 200\n\n{me}"));
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("$.handle\t") && !said.out.contains("hunter2x"), "{said:?}");
}

#[test]
fn what_is_no_answer_has_no_drift() {
    for (message, expected) in [
        ("", "line 1: expected a status line"),
        (
            "HTTP/2 404\n\n{\"error\": {\"status\": 404, \"message\": \"gone\"}}",
            "spotify responded with 404: gone",
        ),
        ("HTTP/2 200\n\n{\"name\": ", "no answer to compare: could not decode the response: "),
        ("HTTP/2 200\n\n[]", "no answer to compare: could not decode the response: "),
    ] {
        let said = inspect(&["drift", "get-an-album"], message);
        assert!(said.refusal().contains(expected), "{message}: {said:?}");
    }
    assert!(inspect(&["drift", "get-album"], "").refusal().contains("get-an-album,"));
    assert!(inspect(&["drift"], "").refusal().contains("inspect operations"));
}

#[test]
fn every_scope_that_the_reference_names_is_listed() {
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
    let show = run.out.lines().find(|line| line.contains("\"get-a-show\"")).expect("listed");
    let show: Value = serde_json::from_str(show).expect("JSON");
    assert_eq!(show["optional_scopes"], json!(["user-read-playback-position"]));
}
