//! Header fields at the limits: the cache neither panics nor exceeds the limits.
//!
//! `tests/bounds/cache.rs` measures the cost of reading header fields.

use http::{HeaderName, HeaderValue, Request, Response};
use spotify_proto::cache::{self, Decision, Policy, Received};

use crate::cache::table::{answer, at, get};

/// Maximum number of names in a `HeaderMap`.
const MAX_NAMES: usize = 24_576;

fn name(number: usize) -> HeaderName {
    format!("x-{number}").parse().expect("a name")
}

/// Returns a response with `count` additional header fields.
fn padded(text: &str, count: usize) -> Response<()> {
    let mut response = answer(text);
    for number in 0..count {
        response.headers_mut().insert(name(number), HeaderValue::from_static("1"));
    }
    response
}

#[test]
fn a_response_with_the_maximum_number_of_names_does_not_panic() {
    let text = "200|cache-control: max-age=60|etag: \"1\"";
    let full = padded(text, MAX_NAMES - 2);
    assert_eq!(full.headers().keys_len(), MAX_NAMES);
    assert!(Policy::storable(&get(""), &full, at(0), at(0)).is_none(), "there is no room for `age`");
    let nearly = padded(text, MAX_NAMES - 3);
    let policy = Policy::storable(&get(""), &nearly, at(0), at(0)).expect("room for one more");
    assert_eq!(policy.response_head(at(7)).headers["age"], "7");
    assert_eq!(policy.not_modified_head(at(7)).headers["age"], "7");
    // A store may return a modified policy, in this case with an additional name.
    let mut json = serde_json::to_value(&policy).expect("plain data");
    json["headers"].as_array_mut().expect("a list").push(serde_json::json!(["y", "1"]));
    let policy: Policy = serde_json::from_value(json).expect("header fields that fit into a map");
    assert_eq!(policy.response_head(at(7)).headers.get("age"), None);
}

#[test]
fn a_304_with_more_names_than_fit_updates_nothing() {
    let policy = Policy::storable(
        &get(""),
        &padded("200|cache-control: max-age=60|etag: \"1\"", 20_000),
        at(0),
        at(0),
    )
    .expect("header fields that fit into a map");
    let Decision::Send(sending) = cache::decide([&policy], &get(""), at(60)) else { panic!("stale") };
    let mut response = answer("304|etag: \"1\"|z: no-store");
    for number in 20_000..MAX_NAMES {
        response.headers_mut().insert(name(number), HeaderValue::from_static("1"));
    }
    let received = sending.receive([&policy], &get(""), &response, at(60));
    assert!(matches!(received, Received::Mismatch(_)), "{received:?}");
}

#[test]
fn a_response_with_more_lines_than_a_policy_can_hold_is_neither_stored_nor_deserialised() {
    let lines = |count| {
        let mut response = answer("200|cache-control: max-age=60");
        for _ in 0..count {
            response.headers_mut().append("x", HeaderValue::from_static("1"));
        }
        Policy::storable(&get(""), &response, at(0), at(0))
    };
    assert!(lines(MAX_NAMES - 1).is_none(), "there is no room for `age`");
    let policy = lines(MAX_NAMES - 2).expect("room for one more");
    let mut json = serde_json::to_value(&policy).expect("plain data");
    assert!(serde_json::from_value::<Policy>(json.clone()).is_ok_and(|read| read == policy));
    let headers = json["headers"].as_array_mut().expect("a list");
    headers.extend([serde_json::json!(["y", "1"]), serde_json::json!(["y", "2"])]);
    let error = serde_json::from_value::<Policy>(json).expect_err("one header field too many");
    assert!(error.to_string().contains("24577, expected at most 24,576 header fields"), "{error}");
}

#[test]
fn a_conditional_request_for_many_variants_lists_tags_up_to_4096_bytes() {
    let policy = |number| {
        let response = answer(&format!("200|vary: accept|etag: \"{number}\""));
        Policy::storable(&get(&format!("accept: {number}")), &response, at(0), at(0)).expect("a validator")
    };
    let policies: Vec<Policy> = (0..4000).map(policy).collect();
    let Decision::Send(sending) = cache::decide(&policies, &get("accept: x"), at(0)) else {
        panic!("no match")
    };
    let list = &sending.conditional_headers()["if-none-match"];
    assert!(list.len() > 4000 && list.len() <= 4096 + 2, "{} bytes", list.len());
}

#[test]
fn only_the_first_eight_lines_of_location_are_read() {
    let request = Request::put("https://a.example/a/b").body(()).expect("valid");
    let mut response = answer("201");
    for number in 0..16_000 {
        response.headers_mut().append("location", number.into());
    }
    let uris = cache::invalidated_uris(&request, &response);
    assert_eq!(uris.len(), 9, "the URI of the request and eight locations");
}

#[test]
fn a_tag_in_a_long_list_is_found_but_a_long_list_of_languages_does_not_match() {
    let policy = Policy::storable(
        &get("accept-language: en"),
        &answer("200|cache-control: max-age=60|etag: \"none\"|vary: accept-language"),
        at(0),
        at(0),
    )
    .expect("a storable response");
    let list = |part: &dyn Fn(usize) -> String| (0..4000).map(part).collect::<Vec<_>>().join(", ");
    let tags = list(&|number| format!("W/\"{number}\""));
    let conditional = |tags: &str| get(&format!("accept-language: en|if-none-match: {tags}"));
    assert_eq!(cache::decide([&policy], &conditional(&tags), at(1)), Decision::Serve { index: 0 });
    let found = cache::decide([&policy], &conditional(&format!("{tags}, \"none\"")), at(1));
    assert_eq!(found, Decision::NotModified { index: 0 });
    let languages = list(&|number| format!("a{number};q=0.{}", number % 1000));
    assert!(!policy.matches(&get(&format!("accept-language: {languages}"))));
}
