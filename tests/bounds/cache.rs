//! The cache: header fields of requests and responses, and many stored responses for one URI.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, CONNECTION, HeaderMap, HeaderName, IF_NONE_MATCH, LOCATION,
    PRAGMA, VARY,
};
use http::{HeaderValue, Request, Response};
use spotify_proto::cache::{self, Decision, Policy};

use super::fields::{lines, response};
use super::{Bytes, Case, case, joined, repeated};

/// Inputs of a decision: the stored responses and the request.
struct DecisionInput {
    stored: Vec<Policy>,
    request: Request<()>,
}

impl Bytes for DecisionInput {
    fn bytes(&self) -> usize {
        let stored = self.stored.iter().map(|policy| policy.response_head(at(0)).headers.bytes());
        stored.sum::<usize>() + self.request.bytes()
    }
}

pub fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(784_111_777 + seconds)
}

/// Returns a GET request with these header fields.
pub fn get(fields: &[(HeaderName, &str)]) -> Request<()> {
    let mut request = Request::get("https://a.example/x").body(()).expect("a request");
    append(request.headers_mut(), fields);
    request
}

fn append(headers: &mut HeaderMap, fields: &[(HeaderName, &str)]) {
    for (name, value) in fields {
        headers.append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
    }
}

/// Returns a response with these header fields that is fresh for one minute.
pub fn fresh(fields: &[(HeaderName, &str)]) -> Response<()> {
    let mut response = Response::builder().header(CACHE_CONTROL, "max-age=60").header("etag", "\"1\"");
    append(response.headers_mut().expect("valid parts"), fields);
    response.body(()).expect("a response")
}

fn storable(exchange: &(Request<()>, Response<()>)) -> Option<Policy> {
    Policy::storable(&exchange.0, &exchange.1, at(0), at(0))
}

/// Returns policies of about 64 bytes each, every one for a different `Accept`.
fn variants(len: usize, request_fields: &[(HeaderName, &str)]) -> DecisionInput {
    let policy = |number: usize| {
        let etag = format!("\"{number:032}\"");
        let mut response = Response::new(());
        append(response.headers_mut(), &[(VARY, "accept"), (HeaderName::from_static("etag"), &etag)]);
        storable(&(get(&[(ACCEPT, &number.to_string())]), response)).expect("a validator")
    };
    DecisionInput { stored: (0..len / 64).map(policy).collect(), request: get(request_fields) }
}

fn decide(input: &DecisionInput) -> Decision {
    cache::decide(&input.stored, &input.request, at(1))
}

pub fn cases() -> Vec<Case> {
    let mut cases = single_fields();
    cases.extend(several_responses());
    cases.extend(requests());
    cases
}

/// Returns cases about header fields of a stored response.
fn single_fields() -> Vec<Case> {
    let plain = || get(&[]);
    vec![
        case(
            "Connection",
            "many names, all of them present",
            move |len| {
                let mut response =
                    fresh(&[(CONNECTION, &joined(len / 2, ", ", |number| format!("y-{number}")))]);
                for number in 0..len / 16 {
                    let name: HeaderName = format!("y-{number}").parse().expect("a name");
                    response.headers_mut().insert(name, HeaderValue::from_static("1"));
                }
                (plain(), response)
            },
            storable,
        ),
        case(
            "Connection",
            "many lines",
            move |len| {
                let names = lines(len, |number| format!("y-{number:013}"));
                let fields: Vec<_> = names.iter().map(|name| (CONNECTION, name.as_str())).collect();
                (plain(), fresh(&fields))
            },
            storable,
        ),
        case(
            "Cache-Control",
            "many directives",
            move |len| (plain(), fresh(&[(CACHE_CONTROL, &repeated(len, "max-age=61, x, "))])),
            storable,
        ),
        case(
            "Cache-Control",
            "quotes and backslashes",
            move |len| (plain(), fresh(&[(CACHE_CONTROL, &repeated(len, "x=\"\\\"\","))])),
            storable,
        ),
        case(
            "Cache-Control",
            "a long number",
            move |len| (plain(), fresh(&[(CACHE_CONTROL, &format!("max-age={}", "9".repeat(len)))])),
            storable,
        ),
        case(
            "Cache-Control",
            "many lines",
            move |len| {
                let values = lines(len, |number| format!("max-age={number:08}"));
                let fields: Vec<_> = values.iter().map(|value| (CACHE_CONTROL, value.as_str())).collect();
                (plain(), fresh(&fields))
            },
            storable,
        ),
        case(
            "Vary",
            "different names",
            |len| {
                let names = joined(len, ",", |number| format!("x-{number}"));
                (get(&[]), fresh(&[(VARY, &names)]))
            },
            storable,
        ),
        case(
            "Vary",
            "one name of a long field, many times",
            |len| {
                let request = get(&[(HeaderName::from_static("x"), &"a".repeat(len / 2))]);
                (request, fresh(&[(VARY, &repeated(len / 2, "x,"))]))
            },
            storable,
        ),
        case(
            "Vary",
            "a field of many lines",
            |len| {
                let values = lines(len, |number| format!("{number:016}"));
                let fields: Vec<_> = values.iter().map(|value| (ACCEPT, value.as_str())).collect();
                (get(&fields), fresh(&[(VARY, "accept")]))
            },
            storable,
        ),
        case(
            "Accept-Language",
            "many languages",
            |len| {
                let languages = joined(len, ", ", |number| format!("a{number};q=0.{}", number % 1000));
                (get(&[(ACCEPT_LANGUAGE, &languages)]), fresh(&[(VARY, "accept-language")]))
            },
            storable,
        ),
        case(
            "header fields",
            "many names",
            move |len| {
                let mut response = fresh(&[]);
                for number in 0..len / 8 {
                    let name: HeaderName = format!("x-{number:05}").parse().expect("a name");
                    response.headers_mut().insert(name, HeaderValue::from_static("1"));
                }
                (plain(), response)
            },
            storable,
        ),
        case(
            "header fields",
            "one name on many lines",
            move |len| {
                let fields = vec![(HeaderName::from_static("x"), "1234567"); len / 8];
                (plain(), fresh(&fields))
            },
            storable,
        ),
    ]
}

/// Returns cases about many stored responses.
fn several_responses() -> Vec<Case> {
    let languages = |len| joined(len, ", ", |number| format!("a{number};q=0.{}", number % 1000));
    let received = |input: &DecisionInput, response: &Response<()>| {
        let Decision::Send(sending) = decide(input) else { panic!("nothing matches") };
        sending.receive(&input.stored, &input.request, response, at(2))
    };
    vec![
        case("decide", "many stored responses", |len| variants(len, &[(ACCEPT, "x")]), decide),
        case(
            "decide",
            "many stored responses and a long field that selects them",
            |len| variants(len / 2, &[(ACCEPT, &"a, ".repeat(len / 6))]),
            decide,
        ),
        case(
            "decide",
            "many stored responses by language",
            move |len| {
                let policy = |number: usize| {
                    let response = fresh(&[(VARY, &format!("accept-language, x-{number}"))]);
                    storable(&(get(&[(ACCEPT_LANGUAGE, "en")]), response)).expect("a storable response")
                };
                let stored = (0..len / 128).map(policy).collect();
                DecisionInput { stored, request: get(&[(ACCEPT_LANGUAGE, &languages(len / 2))]) }
            },
            decide,
        ),
        case(
            "receive",
            "a 200 that replaces all",
            |len| {
                let policy = |number: usize| {
                    let etag = format!("\"{number:032}\"");
                    storable(&(get(&[]), fresh(&[(HeaderName::from_static("x"), &etag)])))
                        .expect("a storable response")
                };
                let input = DecisionInput {
                    stored: (0..len / 64).map(policy).collect(),
                    request: get(&[(CACHE_CONTROL, "no-cache")]),
                };
                (input, fresh(&[]))
            },
            move |(input, response)| received(input, response),
        ),
        case(
            "receive",
            "a 304 that names one of many",
            |len| {
                let input = variants(len, &[(ACCEPT, "x")]);
                let etag = format!("\"{:032}\"", 20);
                let mut response = response(304, &VARY, ["accept".to_owned()]);
                append(response.headers_mut(), &[(HeaderName::from_static("etag"), &etag)]);
                (input, response)
            },
            move |(input, response)| received(input, response),
        ),
        case(
            "receive",
            "a 503 with a long request",
            |len| {
                let input = variants(len / 2, &[(ACCEPT, &"a, ".repeat(len / 6))]);
                (input, response(503, &VARY, []))
            },
            move |(input, response)| received(input, response),
        ),
        case(
            "receive",
            "a 304 with many fields",
            |len| {
                let stored = vec![storable(&(get(&[]), fresh(&[]))).expect("a storable response")];
                let mut response = response(304, &VARY, []);
                for number in 0..len / 16 {
                    let name: HeaderName = format!("x-{number}").parse().expect("a name");
                    response.headers_mut().insert(name, HeaderValue::from_static("1"));
                }
                (DecisionInput { stored, request: get(&[(CACHE_CONTROL, "no-cache")]) }, response)
            },
            move |(input, response)| received(input, response),
        ),
    ]
}

/// Returns cases about header fields of requests, and about writes.
fn requests() -> Vec<Case> {
    let one = |stored_fields: &[(HeaderName, &str)], request: Request<()>| {
        let stored = vec![storable(&(get(&[]), fresh(stored_fields))).expect("a storable response")];
        DecisionInput { stored, request }
    };
    let tags = |len| joined(len, ", ", |number| format!("W/\"{number}-\""));
    let put = |len: usize| {
        Request::put(format!("https://a.example/{}", repeated(len, "a/"))).body(()).expect("a request")
    };
    let invalidated =
        |(request, response): &(Request<()>, Response<()>)| cache::invalidated_uris(request, response);
    vec![
        case("If-None-Match", "many tags", move |len| one(&[], get(&[(IF_NONE_MATCH, &tags(len))])), decide),
        case(
            "If-None-Match",
            "open quotes",
            move |len| one(&[], get(&[(IF_NONE_MATCH, &repeated(len, "\"a b "))])),
            decide,
        ),
        case(
            "If-None-Match",
            "blanks and commas",
            move |len| one(&[], get(&[(IF_NONE_MATCH, &repeated(len, " ,"))])),
            decide,
        ),
        case(
            "Cache-Control of a request",
            "many directives",
            move |len| one(&[], get(&[(CACHE_CONTROL, &repeated(len, "max-stale=1,"))])),
            decide,
        ),
        case(
            "Pragma",
            "many lines",
            move |len| {
                let values = lines(len, |number| format!("x={number:013}"));
                let fields: Vec<_> = values.iter().map(|value| (PRAGMA, value.as_str())).collect();
                one(&[], get(&fields))
            },
            decide,
        ),
        case(
            "invalidated_uris",
            "many lines of Location and a long path",
            move |len| {
                (put(len / 2), response(201, &LOCATION, lines(len / 2, |number| format!("{number:016}"))))
            },
            invalidated,
        ),
        case(
            "invalidated_uris",
            "dot segments",
            move |len| (put(len / 2), response(201, &LOCATION, [repeated(len / 2, "../")])),
            invalidated,
        ),
        case(
            "invalidated_uris",
            "a long URL",
            move |len| {
                (put(16), response(201, &LOCATION, [format!("https://a.example/{}", repeated(len, "x/"))]))
            },
            invalidated,
        ),
        case(
            "Policy::matches",
            "a response with many names in Vary",
            |len| {
                let names = joined(len, ",", |number| format!("x-{number}"));
                let stored =
                    vec![storable(&(get(&[]), fresh(&[(VARY, &names)]))).expect("a storable response")];
                DecisionInput { stored, request: get(&[]) }
            },
            |input| input.stored.iter().filter(|policy| policy.matches(&input.request)).count(),
        ),
    ]
}
