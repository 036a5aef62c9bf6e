//! Cache decisions for the header fields that Spotify has sent since 2014.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use http::header::{CACHE_CONTROL, DATE, ETAG};
use http::{Request, Response};
use spotify_proto::cache::{Policy, decide};
use spotify_proto_testing::recording;

use crate::cache::table::{at, word};
use crate::responses::fixtures::say;
use crate::support::project::project;

/// Returns the expected decision for a recorded response.
fn expected(method: &str, response: &Response<Vec<u8>>) -> &'static str {
    let control = response.headers().get(CACHE_CONTROL).and_then(|it| it.to_str().ok()).unwrap_or("");
    let has_etag = response.headers().contains_key(ETAG);
    let life: u64 = control
        .split(',')
        .find_map(|it| it.trim().strip_prefix("max-age=")?.parse().ok())
        .unwrap_or_default();
    let is_error = matches!(response.status().as_u16(), 401 | 429);
    match (method, is_error || control.contains("no-store"), life, has_etag) {
        ("GET", false, 1.., _) => "serve",
        ("GET", false, 0, true) => "ask",
        _ => "none",
    }
}

#[test]
fn recorded_header_fields_lead_to_the_expected_decisions() {
    let folder = project("../shared/fixtures");
    let Ok(manifest) = fs::read_to_string(folder.join("MANIFEST.tsv")) else {
        say("skipped: there is no corpus at ../shared/fixtures");
        return;
    };
    let mut rows = manifest.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let head = rows.next().expect("a line of column names");
    let [path, has_http, method, operation] = ["path", "has_http", "method", "operationId"]
        .map(|name| head.iter().position(|it| *it == name).expect("a column"));
    let mut counts = BTreeMap::<String, usize>::new();
    for row in rows.filter(|row| !row[has_http].is_empty()) {
        let name = row[path].replace(".json", ".http");
        let bytes = fs::read(folder.join(&name)).expect("a recording");
        let response = recording::parse_response(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let date = response.headers().get(DATE).and_then(|it| it.to_str().ok());
        let now = date.and_then(|it| httpdate::parse_http_date(it).ok()).unwrap_or(at(0));
        let uri = "https://api.spotify.com/v1/x";
        let method = if row[method].len() > 2 { row[method] } else { "GET" };
        let request = Request::builder().method(method).uri(uri).body(()).expect("valid");
        let want = expected(method, &response);
        let policy = Policy::storable(&request, &response, now, now);
        let get = Request::get(uri).body(()).expect("valid");
        let got = policy.as_ref().map_or("none", |it| word(&decide([it], &get, now)));
        assert_eq!(got, want, "{name}: {:?}", response.headers());
        if row[operation] == "oauth-token" {
            assert_eq!(got, "none", "{name} holds a token");
        }
        if let Some(policy) = policy.filter(|_| got == "serve") {
            let life = policy.freshness_lifetime();
            let second = Duration::from_secs(1);
            assert_eq!(word(&decide([&policy], &get, now + life - second)), "serve", "{name}");
            assert_ne!(word(&decide([&policy], &get, now + life)), "serve", "{name}");
        }
        *counts.entry(got.to_owned()).or_default() += 1;
    }
    assert!(counts.values().sum::<usize>() >= 240, "{counts:?}");
    assert!(counts.len() == 3, "{counts:?}");
    say(&format!("headers of the corpus: {counts:?}"));
}
