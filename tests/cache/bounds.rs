//! What hostile header fields cost: no more than their size, and never a panic.

use std::time::{Duration, Instant};

use http::{HeaderName, HeaderValue, Request, Response};
use spotify_proto::cache::{self, Decision, Policy, Received};

use crate::cache::table::{answer, at, get};
use crate::responses::fixtures::say;

/// The names that a `HeaderMap` can hold.
const MAX_NAMES: usize = 24_576;

fn name(number: usize) -> HeaderName {
    format!("x-{number}").parse().expect("a name")
}

/// A response with this number of header fields more.
fn padded(text: &str, count: usize) -> Response<()> {
    let mut response = answer(text);
    for number in 0..count {
        response.headers_mut().insert(name(number), HeaderValue::from_static("1"));
    }
    response
}

/// Doubles the size of an input three times; the cost must not grow as its square does.
///
/// The least of fifteen times counts at each size. A quadratic cost has the exponent 2.
fn grows_linearly<I, R>(what: &str, size: usize, input: impl Fn(usize) -> I, run: impl Fn(&I) -> R) {
    let cost = |size| {
        let input = input(size);
        let times = (0..15).map(|_| {
            let start = Instant::now();
            std::hint::black_box(run(&input));
            start.elapsed()
        });
        times.min().expect("fifteen").max(Duration::from_micros(1)).as_secs_f64()
    };
    let (small, large) = (cost(size), cost(8 * size));
    let exponent = (large / small).log2() / 3.0;
    say(&format!("{what}: exponent {exponent:.2} from {size} to {}", 8 * size));
    assert!(exponent < 1.7, "{what}: exponent {exponent:.2}, {small} s and {large} s");
}

#[test]
fn a_response_with_as_many_names_as_a_map_holds_does_not_panic() {
    let text = "200|cache-control: max-age=60|etag: \"1\"";
    let full = padded(text, MAX_NAMES - 2);
    assert_eq!(full.headers().keys_len(), MAX_NAMES);
    assert!(Policy::storable(&get(""), &full, at(0), at(0)).is_none(), "there is no room for the Age");
    let nearly = padded(text, MAX_NAMES - 3);
    let policy = Policy::storable(&get(""), &nearly, at(0), at(0)).expect("room for one more");
    assert_eq!(policy.response_head(at(7)).headers["age"], "7");
    assert_eq!(policy.not_modified_head(at(7)).headers["age"], "7");
    // A store may return anything: here one name more than was written.
    let mut json = serde_json::to_value(&policy).expect("plain data");
    json["headers"].as_array_mut().expect("a list").push(serde_json::json!(["y", "1"]));
    let policy: Policy = serde_json::from_value(json).expect("a map holds them");
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
    .expect("it fits");
    let Decision::Send(sending) = cache::decide([&policy], &get(""), at(60)) else { panic!("stale") };
    let mut response = answer("304|etag: \"1\"|z: no-store");
    for number in 20_000..MAX_NAMES {
        response.headers_mut().insert(name(number), HeaderValue::from_static("1"));
    }
    let received = sending.receive([&policy], &get(""), &response, at(60));
    assert!(matches!(received, Received::Mismatch(_)), "{received:?}");
}

#[test]
fn a_connection_field_with_many_names_costs_its_size() {
    let response = |count: usize| {
        let mut response = padded("200|cache-control: max-age=60", count);
        let names = (0..count).map(|number| format!("y-{number}")).collect::<Vec<_>>().join(", ");
        response.headers_mut().insert("connection", names.parse().expect("a value"));
        response
    };
    grows_linearly("Connection", 1500, response, |response| {
        Policy::storable(&get(""), response, at(0), at(0)).expect("it may be stored")
    });
}

#[test]
fn a_vary_field_that_repeats_a_long_field_costs_its_size() {
    let exchange = |size: usize| {
        let vary = vec!["x"; size].join(",");
        let response = answer(&format!("200|cache-control: max-age=60|vary: {vary}"));
        (get(&format!("x: {}", "a".repeat(8 * size))), response)
    };
    grows_linearly("Vary", 2000, exchange, |(request, response)| {
        let policy = Policy::storable(request, response, at(0), at(0)).expect("it may be stored");
        assert!(policy.matches(request));
    });
}

#[test]
fn many_lines_of_location_against_a_long_path_cost_their_size() {
    let exchange = |size: usize| {
        let request =
            Request::put(format!("https://a.example/{}", "a/".repeat(size))).body(()).expect("valid");
        let mut response = answer("201");
        for number in 0..size {
            response.headers_mut().append("location", number.into());
        }
        (request, response)
    };
    grows_linearly("Location", 2000, exchange, |(request, response)| {
        let uris = cache::invalidated_uris(request, response);
        assert_eq!(uris.len(), 9, "the request's and those of eight lines");
    });
}

#[test]
fn a_request_about_many_variants_costs_their_number_and_stays_short() {
    let policies = |count: usize| -> Vec<Policy> {
        let policy = |number| {
            let response = answer(&format!("200|vary: accept|etag: \"{number}\""));
            Policy::storable(&get(&format!("accept: {number}")), &response, at(0), at(0))
                .expect("a validator")
        };
        (0..count).map(policy).collect()
    };
    grows_linearly("variants", 500, policies, |policies| {
        let Decision::Send(sending) = cache::decide(policies, &get("accept: x"), at(0)) else {
            panic!("no match")
        };
        let list = &sending.conditional_headers()["if-none-match"];
        assert!(list.len() > 1000 && list.len() <= 4200, "{} bytes", list.len());
    });
}

#[test]
fn long_lists_of_tags_and_languages_cost_their_size() {
    let policy = Policy::storable(
        &get("accept-language: en"),
        &answer("200|cache-control: max-age=60|etag: \"none\"|vary: accept-language"),
        at(0),
        at(0),
    )
    .expect("it may be stored");
    let request = |size: usize| {
        let tags = (0..size).map(|number| format!("W/\"{number}\"")).collect::<Vec<_>>().join(", ");
        get(&format!("accept-language: en|if-none-match: {tags}"))
    };
    grows_linearly("If-None-Match", 2000, request, |request| {
        assert_eq!(cache::decide([&policy], request, at(1)), Decision::Serve { index: 0 });
    });
    let request = |size: usize| {
        let languages =
            (0..size).map(|number| format!("a{number};q=0.{}", number % 1000)).collect::<Vec<_>>();
        get(&format!("accept-language: {}", languages.join(", ")))
    };
    grows_linearly("Accept-Language", 2000, request, |request| assert!(!policy.matches(request)));
}
