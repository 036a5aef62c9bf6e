//! Tests that no documented value is lost when recorded responses are decoded and encoded again, and that errors have
//! the expected kind.
//!
//! The recordings in this repository are at `tests/fixtures/<operation>/<case>.http`. If there is a corpus of
//! recordings next to the repository (`../shared/fixtures` with a `MANIFEST.tsv`), it is tested too.

use std::fs;
use std::io::Write as _;

use http::{Response, StatusCode};
use serde_json::Value;
use spotify_proto::api::OPERATIONS;
use spotify_proto::{AuthError, Error, ForbiddenReason};
use spotify_proto_testing::recording;

use crate::responses::json_diff::Findings;
use crate::responses::known_losses::{BROKEN, EXCEPTIONS};
use crate::responses::parse_properties::{self, error_text};
use crate::support::project::{files, project};

/// A recording: the operation, the path of the file, and the response.
pub struct Recording {
    pub operation: String,
    pub name: String,
    pub response: Response<Vec<u8>>,
}

impl Recording {
    pub fn borrowed(&self) -> Response<&[u8]> {
        borrow(&self.response)
    }
}

pub fn borrow(response: &Response<Vec<u8>>) -> Response<&[u8]> {
    let mut borrowed = Response::new(response.body().as_slice());
    *borrowed.status_mut() = response.status();
    *borrowed.headers_mut() = response.headers().clone();
    borrowed
}

/// Returns the recordings of known operations, and prints the number of other recordings.
fn of_known_operations(recordings: Vec<Recording>, what: &str) -> Vec<Recording> {
    let len = recordings.len();
    let is_known = |it: &Recording| OPERATIONS.iter().any(|operation| operation.id == it.operation);
    let known: Vec<_> = recordings.into_iter().filter(is_known).collect();
    if known.len() < len {
        say(&format!("skipped: {} of {len} recordings of {what}: unknown operations", len - known.len()));
        assert!(OPERATIONS.len() < REFERENCE, "{what} has operations that are not in the reference");
    }
    known
}

/// Number of operations in the reference.
const REFERENCE: usize = 96;

/// Returns the recordings in this repository.
pub fn own() -> Vec<Recording> {
    let folder = project("tests/fixtures");
    let names = files(&folder).into_iter().filter(|name| name.ends_with(".http"));
    let recordings = names
        .map(|name| {
            let operation = name
                .split('/')
                .next()
                .expect("expected a folder that is named after the operation")
                .to_owned();
            let bytes = fs::read(folder.join(&name)).expect("expected a recording");
            let response =
                recording::parse_response(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            Recording { operation, name, response }
        })
        .collect();
    let recordings = of_known_operations(recordings, "the project");
    assert!(recordings.len() > 50, "only {} recordings", recordings.len());
    recordings
}

/// Returns the corpus next to the repository. If there is no corpus, prints a message and returns `None`.
///
/// Responses of the accounts service are skipped, because they do not belong to an operation.
pub fn corpus() -> Option<Vec<Recording>> {
    let folder = project("../shared/fixtures");
    let Ok(manifest) = fs::read_to_string(folder.join("MANIFEST.tsv")) else {
        say("skipped: there is no corpus at ../shared/fixtures");
        return None;
    };
    let mut rows = manifest.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let head = rows.next().expect("expected a line of column names");
    let column = |name: &str| head.iter().position(|it| *it == name).expect("expected a column");
    let [path, has_http, operation, status, note] =
        ["path", "has_http", "operationId", "status", "note"].map(column);
    let recordings = rows.filter(|row| !["oauth-token", "?"].contains(&row[operation])).map(|row| {
        let name = row[path].to_owned();
        let body = fs::read(folder.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut status: u16 = row[status].parse().expect("expected a status");
        if row[note].contains("error body") && status < 400 {
            // The status was not recorded.
            status = 400;
        }
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).expect("expected a status");
        if !row[has_http].is_empty() {
            let http = fs::read(folder.join(name.replace(".json", ".http"))).expect("expected a recording");
            let recorded = recording::parse_response(&http).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!((recorded.status(), recorded.body()), (response.status(), response.body()), "{name}");
            response = recorded;
        }
        let operation = if row[operation] == "error-any" { "get-an-album" } else { row[operation] };
        Recording { operation: operation.to_owned(), name, response }
    });
    Some(of_known_operations(recordings.collect(), "the corpus"))
}

/// Prints a line in such a way that it is not captured by the test harness.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Decodes and encodes every successful response; returns the number of responses and the findings.
fn write_again(recordings: &[Recording]) -> (usize, Findings) {
    let (mut count, mut all) = (0, Findings::default());
    let mut broken: Vec<&str> = BROKEN.iter().map(|(name, _)| *name).collect();
    for it in recordings.iter().filter(|it| it.response.status().is_success()) {
        let mut found = Findings::default();
        count += 1;
        match parse_properties::parse(&it.operation, &it.borrowed()).expect("the operation should be known") {
            Ok(decoded) => {
                if let Err(difference) = decoded.reads_back() {
                    found.fault(&format!("{}: {difference}", it.operation), &it.name);
                }
                let written: Value =
                    serde_json::from_str(&decoded.to_json()).expect("encoded values should be JSON");
                // There is nothing to compare if the operation has no result or the body is empty.
                let is_command = decoded.shown() == "()";
                if !is_command && !it.response.body().trim_ascii().is_empty() {
                    let body = serde_json::from_slice(it.response.body());
                    let body: Value = body.unwrap_or_else(|error| panic!("{}: {error}", it.name));
                    found.compare(&it.operation, &body, &written, &it.name);
                }
            }
            Err(error) => found.fault(&it.operation, &format!("{} ({})", error_text(&error), it.name)),
        }
        if let Some(index) = broken.iter().position(|name| *name == it.name) {
            if !found.faults.is_empty() {
                broken.swap_remove(index);
            }
        } else {
            all.merge(found);
        }
    }
    for name in broken.iter().filter(|name| recordings.iter().any(|it| it.name == **name)) {
        all.fault(name, "a valid file in the list of broken files");
    }
    (count, all)
}

#[test]
fn no_documented_value_of_our_recordings_is_lost() {
    let (count, found) = write_again(&own());
    assert!(count >= 30 && found.compared > 1000, "{count} recordings, {} values", found.compared);
    assert!(found.faults.is_empty(), "\n{}", found.report());
}

#[test]
fn no_documented_value_of_the_corpus_is_lost() {
    let Some(recordings) = corpus() else { return };
    let (count, mut found) = write_again(&recordings);
    found.merge(write_again(&own()).1);
    let is_complete = OPERATIONS.len() >= REFERENCE;
    for (index, it) in EXCEPTIONS.iter().enumerate() {
        if is_complete && !found.used.contains_key(&index) {
            found.fault(it.at, &format!("unused exception {:?}", it.allow));
        }
    }
    say(&format!(
        "corpus: {count} responses decoded and encoded, {} values compared, {} of {} exceptions used, {} times",
        found.compared,
        found.used.len(),
        EXCEPTIONS.len(),
        found.used.values().sum::<usize>(),
    ));
    assert!(found.faults.is_empty(), "\n{}", found.report());
    assert!(count > if is_complete { 550 } else { 100 }, "only {count} responses");
}

/// The expected kind, message and reason of an error.
struct Expected {
    case: &'static str,
    kind: ErrorKind,
    message: &'static str,
    reason: &'static str,
}

#[derive(Debug, PartialEq)]
enum ErrorKind {
    Api(u16, Option<ForbiddenReason>),
    /// A missing scope, with the status.
    Scope(u16),
    /// A rejected token, with the error code of the challenge or an empty string.
    Auth(&'static str),
    /// A rate limit, with the delay in seconds; -1 for an HTTP date, `None` if there is no delay.
    RateLimited(Option<i64>),
}

const fn expect(
    case: &'static str,
    kind: ErrorKind,
    message: &'static str,
    reason: &'static str,
) -> Expected {
    Expected { case, kind, message, reason }
}

#[rustfmt::skip]
const ERRORS: &[Expected] = &[
    expect("get-an-album/400-invalid-id", ErrorKind::Api(400, None), "Invalid base62 id", ""),
    expect("get-an-album/404-empty", ErrorKind::Api(404, None), "", ""),
    expect("get-an-album/404-without-reason", ErrorKind::Api(404, None), "Resource not found", ""),
    expect("get-an-album/500-status-in-body-contradicts", ErrorKind::Api(500, None), "Something went wrong", ""),
    expect("get-an-albums-tracks/429-short", ErrorKind::RateLimited(Some(5)), "API rate limit exceeded", ""),
    expect("get-an-artist/502-html", ErrorKind::Api(502, None), "Error 502 (Server Error)!!1", ""),
    expect("get-an-artist/503-empty", ErrorKind::Api(503, None), "", ""),
    expect("get-an-artists-albums/400-invalid-limit", ErrorKind::Api(400, None), "Invalid limit", ""),
    expect("get-current-users-profile/401-expired", ErrorKind::Auth("invalid_token"), "The access token expired", ""),
    expect("get-current-users-profile/401-no-token", ErrorKind::Auth("missing_token"), "No token provided", ""),
    expect("get-current-users-profile/401-without-challenge", ErrorKind::Auth(""), "The access token expired", ""),
    expect("get-current-users-profile/403-empty", ErrorKind::Api(403, Some(ForbiddenReason::Unknown)), "", ""),
    expect("get-current-users-profile/403-not-registered", ErrorKind::Api(403, Some(ForbiddenReason::NotAllowListed)),
        "The user is not registered for this application. Please check your settings on \
         https://developer.spotify.com/dashboard.", ""),
    expect("get-current-users-profile/403-owner-premium", ErrorKind::Api(403, Some(ForbiddenReason::OwnerPremium)),
        "Active premium subscription required for the owner of the app. When the subscription status changes, \
         it can take a few hours before requests are allowed again.", ""),
    expect("get-multiple-albums/403-removed", ErrorKind::Api(403, Some(ForbiddenReason::OperationRemoved)), "Forbidden", ""),
    expect("get-playlist/403-forbidden", ErrorKind::Api(403, Some(ForbiddenReason::Unknown)), "Forbidden", ""),
    expect("get-playlist/403-scope", ErrorKind::Scope(403), "Insufficient client scope", ""),
    expect("get-track/400-authorization-shape", ErrorKind::Api(400, None),
        "Only valid bearer authentication supported", ""),
    expect("get-track/400-authorization-shape-short", ErrorKind::Api(400, None), "invalid_client", ""),
    expect("get-track/404-nested-description", ErrorKind::Api(404, None), "non existing id", ""),
    expect("get-track/429-http-date", ErrorKind::RateLimited(Some(-1)), "", ""),
    expect("save-library-items/400-missing-field", ErrorKind::Api(400, None), "Missing required field: uris", ""),
    expect("save-library-items/411-html", ErrorKind::Api(411, None), "Error 411 (Length Required)!!1", ""),
    expect("search/400-no-query", ErrorKind::Api(400, None), "No search query", ""),
    expect("search/429-empty", ErrorKind::RateLimited(None), "", ""),
    expect("search/429-quota", ErrorKind::RateLimited(Some(13_749)), "Too many requests", "QUOTA_EXCEEDED"),
    expect("search/429-text", ErrorKind::RateLimited(Some(0)), "Too many requests", ""),
    expect("start-a-users-playback/403-new-reason", ErrorKind::Api(403, Some(ForbiddenReason::Unknown)),
        "Player command failed: Restriction violated", "TIDE_TOO_LOW"),
    expect("start-a-users-playback/403-premium", ErrorKind::Api(403, Some(ForbiddenReason::Premium)),
        "Player command failed: Premium required", "PREMIUM_REQUIRED"),
    expect("start-a-users-playback/404-no-active-device", ErrorKind::Api(404, None),
        "Player command failed: No active device found", "NO_ACTIVE_DEVICE"),
];

/// Returns the kind, the message and the reason of an error.
fn parts(error: &Error) -> (ErrorKind, String, String) {
    let reason = |reason: Option<&spotify_proto::Reason>| reason.map_or("", |it| it.as_str()).to_owned();
    match error {
        Error::Api(error) => {
            let kind = ErrorKind::Api(error.status().as_u16(), error.forbidden());
            (kind, error.message().to_owned(), reason(error.reason()))
        }
        Error::Auth(AuthError::TokenRejected { code, description }) => {
            let code = code.as_ref().map_or("", |code| code.as_str());
            let known = ["invalid_token", "missing_token"].into_iter().find(|it| *it == code);
            (ErrorKind::Auth(known.unwrap_or_default()), description.to_string(), String::new())
        }
        Error::Scope(error) => {
            (ErrorKind::Scope(error.status().as_u16()), error.message().to_owned(), String::new())
        }
        Error::RateLimited(error) => {
            let seconds = error.retry_after().map(|it| match it {
                spotify_proto::RetryAfter::Delay(delay) => delay.as_secs() as i64,
                spotify_proto::RetryAfter::Date(_) => -1,
            });
            (ErrorKind::RateLimited(seconds), error.message().to_owned(), reason(error.reason()))
        }
        other => panic!("unexpected error {other:?}"),
    }
}

fn error_of(recording: &Recording) -> Error {
    let result =
        parse_properties::parse(&recording.operation, &recording.borrowed()).expect("expected an operation");
    result.err().unwrap_or_else(|| panic!("{}: expected an error", recording.name))
}

#[test]
fn our_errors_have_the_expected_kind_message_and_reason() {
    let recordings: Vec<_> = own().into_iter().filter(|it| !it.response.status().is_success()).collect();
    for it in &recordings {
        let case = it.name.trim_end_matches(".http");
        let Some(expected) = ERRORS.iter().find(|expected| expected.case == case) else {
            panic!("{case} is not in the table of errors");
        };
        let (kind, message, reason) = parts(&error_of(it));
        assert_eq!(kind, expected.kind, "{case}");
        assert_eq!(message, expected.message, "{case}");
        assert_eq!(reason, expected.reason, "{case}");
        assert_eq!(error_of(it).status(), Some(it.response.status()), "{case}");
    }
    if OPERATIONS.len() >= REFERENCE {
        assert_eq!(recordings.len(), ERRORS.len(), "rows of the table without a recording");
    }
}

#[test]
fn errors_of_the_corpus_contain_the_status_message_and_reason_of_the_response() {
    let Some(recordings) = corpus() else { return };
    let mut count = 0;
    for it in recordings.iter().filter(|it| !it.response.status().is_success()) {
        count += 1;
        let status = it.response.status();
        let error = error_of(it);
        assert_eq!(error.status(), Some(status), "{}", it.name);
        let (kind, message, reason) = parts(&error);
        let is_right = match status.as_u16() {
            401 => matches!(kind, ErrorKind::Auth(_)),
            429 => matches!(kind, ErrorKind::RateLimited(_)),
            status => matches!(kind, ErrorKind::Api(same, _) if same == status),
        };
        assert!(is_right, "{}: {kind:?}", it.name);
        let body = it.response.body();
        match serde_json::from_slice::<Value>(body) {
            Ok(json) => {
                let inner = json.get("error").filter(|inner| inner.is_object()).unwrap_or(&json);
                let text = |key: &str| inner.get(key).and_then(Value::as_str);
                let sent = text("message").or_else(|| text("description"));
                assert_eq!(Some(&*message), sent, "{}", it.name);
                assert_eq!(reason, text("reason").unwrap_or_default(), "{}", it.name);
            }
            Err(_) => assert_eq!(message.as_bytes(), body.trim_ascii(), "{}", it.name),
        }
    }
    say(&format!("corpus: {count} errors decoded"));
    assert!(count > if OPERATIONS.len() >= REFERENCE { 40 } else { 10 }, "only {count} errors");
}
