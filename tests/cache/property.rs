//! Property tests of the cache with arbitrary header fields and times.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use proptest::prelude::*;
use spotify_proto::cache::{self, Decision, Entry, Key, Policy, Received, StoreAction};
use spotify_proto::{Call, Source, Step};

use crate::cache::table::{answer, at, get};
use crate::support::{World, album};

/// Returns the entry that a call stores for a response with these header fields; `None` if no entry is stored.
fn entry(partition: &str, headers: HeaderMap) -> Option<Entry> {
    let mut world = World::fixed("token");
    let key = Key::new(&album(), partition);
    let Step::Send(_, exchange) = world.cached(Call::new(album()), &key, None, at(0)) else {
        panic!("expected a request")
    };
    let mut response = Response::new(br#"{"name":"Night Ferry"}"#.to_vec());
    *response.headers_mut() = headers;
    let Step::Done(Ok(reply)) = world.receive(exchange, response, at(0)) else { panic!("expected an album") };
    match reply.store {
        StoreAction::Put(entry) => Some(entry),
        StoreAction::Keep | StoreAction::Remove => None,
    }
}

const NAMES: [&str; 10] = [
    "cache-control",
    "expires",
    "date",
    "age",
    "etag",
    "last-modified",
    "vary",
    "pragma",
    "if-none-match",
    "connection",
];

const PIECES: [&str; 16] = [
    "max-age=60",
    "max-age=99999999999999999999",
    "no-store",
    "no-cache=\"a, b\"",
    "\"",
    "\"1\"",
    "W/\"1\"",
    "stale-while-revalidate=5",
    "stale-if-error=5, must-revalidate",
    "private",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "authorization",
    "*",
    "30",
    "-1",
];

fn value() -> impl Strategy<Value = HeaderValue> {
    let bytes = prop::collection::vec(any::<u8>(), 0..24);
    let pieces = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 1..4);
    let text = prop_oneof![bytes, pieces.prop_map(|all| all.join(", ").into_bytes())];
    text.prop_filter_map("not a header value", |bytes| HeaderValue::from_bytes(&bytes).ok())
}

fn headers() -> impl Strategy<Value = HeaderMap> {
    let line = (prop::sample::select(NAMES.to_vec()), value());
    prop::collection::vec(line, 0..8).prop_map(|lines| {
        let mut map = HeaderMap::new();
        for (name, value) in lines {
            map.append(HeaderName::from_static(name), value);
        }
        map
    })
}

/// Header lines with few distinct values, so that stored responses, requests and 304 responses often match.
const LINES: [&str; 24] = [
    "cache-control: max-age=60",
    "cache-control: max-age=60, stale-if-error=60",
    "cache-control: max-age=1, stale-while-revalidate=60",
    "cache-control: no-cache",
    "cache-control: no-store",
    "cache-control: max-stale",
    "cache-control: only-if-cached",
    "cache-control: must-revalidate, max-age=9",
    "etag: \"1\"",
    "etag: W/\"1\"",
    "etag: \"2\"",
    "if-none-match: \"0\", W/\"1\"",
    "if-none-match: *",
    "if-modified-since: SUN, 06 Nov 1994 08:49:37 gmt",
    "last-modified: Sun, 06 Nov 1994 08:49:00 GMT",
    "date: Sun Nov  6 08:49:37 1994",
    "expires: Sun, 06 Nov 1994 08:50:37 GMT",
    "age: 30",
    "age: -30",
    "vary: accept-language",
    "vary: Accept, X",
    "accept-language: en, de;q=0.5",
    "accept-language: DE;q=0.500 ,en",
    "accept: a",
];

/// Generates histories in the input format of the fuzz target `cache`.
fn history() -> impl Strategy<Value = String> {
    let words = ["200", "200", "304", "304", "503", "404", "ask", "ask", "get"];
    let lines = prop::collection::vec(prop::sample::select(LINES.to_vec()), 0..5);
    let block = (prop::sample::select(words.to_vec()), 0..130, 0..3, lines);
    let block = block.prop_map(|(word, first, wait, lines)| {
        format!("{word} {first} {}\n{}", first + wait, lines.join("\n"))
    });
    prop::collection::vec(block, 1..9).prop_map(|blocks| blocks.join("\n\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4096) })]

    #[test]
    fn every_history_of_a_response_is_consistent_with_the_model(history in history()) {
        crate::cache::history::check_bytes(history.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn an_entry_is_fresh_only_within_its_lifetime(life in 0_u64..100_000, age in 0_u64..100_000, when in -200_000_i64..400_000) {
        let mut headers = HeaderMap::new();
        headers.insert("cache-control", HeaderValue::try_from(format!("max-age={life}")).expect("expected an ASCII value"));
        headers.insert("age", HeaderValue::from(age));
        headers.insert("etag", HeaderValue::from_static("\"1\""));
        let entry = entry("app", headers).expect("expected an entry with a validator");
        let is_inside = when >= 0 && when.unsigned_abs() + age < life;
        prop_assert_eq!(entry.is_fresh(at(when)), is_inside);
        prop_assert_eq!(entry.policy().is_fresh(at(when)), is_inside);
    }

    #[test]
    fn no_entry_is_fresh_before_its_time_of_receipt_or_after_its_lifetime(headers in headers(), before in 1_i64..1_000_000) {
        if let Some(entry) = entry("app", headers) {
            prop_assert!(!entry.is_fresh(at(-before)));
            let life = entry.policy().freshness_lifetime();
            prop_assert!(at(0).checked_add(life).is_none_or(|end| !entry.is_fresh(end)), "fresh after the end of the lifetime");
        }
    }

    #[test]
    fn an_entry_round_trips_through_json_and_postcard(headers in headers()) {
        if let Some(entry) = entry("app", headers) {
            let json = serde_json::to_string(&entry).expect("JSON");
            prop_assert!(serde_json::from_str::<Entry>(&json).expect("JSON") == entry);
            let bytes = postcard::to_stdvec(&entry).expect("postcard");
            prop_assert!(postcard::from_bytes::<Entry>(&bytes).expect("postcard") == entry);
            for cut in 0..bytes.len() {
                prop_assert!(postcard::from_bytes::<Entry>(&bytes[..cut]).is_err(), "cut at {}", cut);
            }
            let mut newer = bytes;
            newer[0] += 1;
            prop_assert!(postcard::from_bytes::<Entry>(&newer).is_err(), "an entry of a later version");
        }
    }

    #[test]
    fn a_policy_round_trips_through_json_and_postcard(headers in headers()) {
        let (mut response, request) = (answer("200"), get("x: 1"));
        *response.headers_mut() = headers;
        if let Some(policy) = Policy::storable(&request, &response, at(0), at(1)) {
            let json = serde_json::to_string(&policy).expect("JSON");
            prop_assert!(serde_json::from_str::<Policy>(&json).expect("JSON") == policy);
            let bytes = postcard::to_stdvec(&policy).expect("postcard");
            prop_assert!(postcard::from_bytes::<Policy>(&bytes).expect("postcard") == policy);
        }
    }

    #[test]
    fn an_entry_is_never_used_in_another_partition(one in ".{0,12}", other in ".{0,12}", headers in headers()) {
        prop_assume!(one != other);
        if let Some(entry) = entry(&one, headers) {
            let mut world = World::fixed("token");
            let key = Key::new(&album(), &other);
            let step = world.cached(Call::new(album()), &key, Some(entry), at(1));
            let Step::Send(request, exchange) = step else { panic!("expected a request, as the entry is from another partition") };
            prop_assert!(!request.headers().contains_key("if-none-match"));
            prop_assert!(!request.headers().contains_key("if-modified-since"));
            let own = Response::new(br#"{"name":"Day Ferry"}"#.to_vec());
            let Step::Done(Ok(reply)) = world.receive(exchange, own, at(1)) else { panic!("expected an album") };
            prop_assert_eq!((reply.value.name.as_str(), reply.source), ("Day Ferry", Source::Server));
            prop_assert!(matches!(reply.store, StoreAction::Remove), "the entry of another partition should be removed");
        }
    }

    #[test]
    fn arbitrary_headers_cause_no_panic(first in headers(), second in headers(), new in headers(), when in any::<u32>(), status in 100_u16..1000) {
        let (mut request, mut response) = (get(""), answer("200"));
        *request.headers_mut() = first;
        *response.headers_mut() = new;
        *response.status_mut() = status.try_into().expect("expected a status");
        let later = at(0) + Duration::from_secs(when.into());
        let policy = Policy::storable(&request, &response, at(0), at(1));
        *request.headers_mut() = second;
        let stored: Vec<_> = policy.iter().chain(&policy).collect();
        let sending = match cache::decide(stored.clone(), &request, later) {
            Decision::Send(sending) | Decision::ServeWhileRevalidating { sending, .. } => Some(sending),
            Decision::Serve { index } | Decision::NotModified { index } => {
                prop_assert!(stored[index].matches(&request));
                None
            }
            Decision::GatewayTimeout => None,
        };
        if let Some(policy) = &policy {
            let _ = (policy.response_head(later), policy.not_modified_head(later));
        }
        if let Some(sending) = sending {
            let _ = sending.lost(stored.clone(), &request, Duration::MAX, later);
            for status in [status, 200, 304, 503] {
                *response.status_mut() = status.try_into().expect("expected a status");
                if let Received::Response { outdated, policy } = sending.receive(stored.clone(), &request, &response, later) {
                    prop_assert!(outdated.is_sorted_by(|one, other| one > other), "{:?}", outdated);
                    prop_assert!(outdated.iter().all(|index| stored[*index].matches(&request)));
                    prop_assert!(policy.is_none_or(|policy| policy.matches(&request)), "stored for a different request");
                }
            }
        }
        *request.method_mut() = Method::POST;
        let _ = cache::invalidated_uris(&request, &response);
    }

    #[test]
    fn arbitrary_locations_invalidate_only_uris_with_the_same_host(reference in ".{0,40}", path in "[a-z/.?]{0,12}") {
        let uri = format!("https://a.example/{path}");
        let request = Request::put(uri).body(()).expect("valid");
        if let Ok(value) = HeaderValue::try_from(reference) {
            let mut response = answer("201");
            response.headers_mut().insert("location", value);
            for uri in cache::invalidated_uris(&request, &response) {
                prop_assert!(uri.host().is_some_and(|host| host.eq_ignore_ascii_case("a.example")));
            }
        }
    }
}
