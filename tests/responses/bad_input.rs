//! Tests that malformed responses are either decoded or result in an error, but never in a panic.

use std::collections::{BTreeMap, BTreeSet};

use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};
use spotify_proto::api::OPERATIONS;
use spotify_proto::{Error, MAX_BODY_LEN};

use crate::responses::fixtures::{Recording, corpus, own, say};
use crate::responses::parse_properties::{self, check};

/// Nesting depth of the bodies in these tests, which exceeds the parser's limit of 128.
const DEPTH: usize = 10_000;

fn parse(id: &str, body: &[u8]) -> Result<Box<dyn parse_properties::Decoded>, Error> {
    parse_properties::parse(id, &Response::new(body)).expect("expected an operation")
}

/// Returns whether the operation is a command, whose response body is ignored.
fn is_command(id: &str) -> bool {
    parse(id, b"not JSON").is_ok_and(|decoded| decoded.shown() == "()")
}

/// Returns the operation and the body of one of the repository's recordings.
fn body_of(name: &str) -> (String, Vec<u8>) {
    let found = own().into_iter().find(|it| it.name == name).expect("expected a recording with this name");
    (found.operation, found.response.into_body())
}

#[test]
fn deep_nesting_is_an_error_at_every_position() {
    let arrays = format!("{}{}", "[".repeat(DEPTH), "]".repeat(DEPTH));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(DEPTH), "}".repeat(DEPTH));
    let models = format!("{}1{}", r#"{"album":{"tracks":"#.repeat(DEPTH), "}}".repeat(DEPTH));
    let pages = format!("{}1{}", r#"{"items":[{"track":"#.repeat(DEPTH), "}]}".repeat(DEPTH));
    for operation in OPERATIONS {
        for nest in [&arrays, &objects, &models, &pages, &"[".repeat(DEPTH), &r#"{"a":["#.repeat(DEPTH)] {
            for body in [
                nest.clone(),
                format!(r#"{{"name": "x", "unheard_of": {nest}}}"#),
                format!(r#"{{"name": {nest}}}"#),
                format!(r#"{{"id": {nest}, "items": [], "external_urls": {{"spotify": {nest}}}}}"#),
                format!(r#"{{"items": [1, {nest}], "available_markets": [{nest}]}}"#),
                format!(r#"{{"items": [{{"track": {nest}, "item": {nest}, "name": {nest}}}]}}"#),
                format!(r#"[true, {nest}]"#),
            ] {
                check(operation.id, &Response::new(body.as_bytes()));
                let is_refused = matches!(parse(operation.id, body.as_bytes()), Err(Error::Decode(_)));
                assert_eq!(is_refused, !is_command(operation.id), "{}: {:.80}", operation.id, body);
                let mut error = Response::new(body.as_bytes());
                *error.status_mut() = StatusCode::BAD_REQUEST;
                check(operation.id, &error);
            }
        }
    }
}

#[test]
fn bodies_are_limited_to_a_maximum_length() {
    let (id, mut body) = body_of("get-an-artist/today.http");
    body.resize(MAX_BODY_LEN, b' ');
    assert!(parse(&id, &body).is_ok(), "a body of the maximum length should be decoded");
    body.push(b' ');
    assert!(matches!(parse(&id, &body), Err(Error::Decode(_))), "a longer body should be an error");

    let mut response = Response::new(body.as_slice());
    for status in [400, 401, 403, 429, 500] {
        *response.status_mut() = StatusCode::from_u16(status).expect("expected a status");
        check(&id, &response);
    }
}

#[test]
fn an_invalid_byte_anywhere_in_a_body_is_a_decode_error() {
    let (id, body) = body_of("get-an-artist/today.http");
    for at in 0..body.len() {
        let mut body = body.clone();
        body[at] = 0xff;
        let result = parse(&id, &body);
        assert!(matches!(result, Err(Error::Decode(_))), "at byte {at}");
    }
}

#[test]
fn a_truncated_body_is_a_decode_error_with_a_line_and_a_column() {
    for name in ["get-an-artist/today.http", "get-track/extended-quota.http"] {
        let (id, body) = body_of(name);
        let body = body.trim_ascii_end();
        for len in 0..body.len() {
            let Err(Error::Decode(error)) = parse(&id, &body[..len]) else {
                panic!("{name}: expected a decode error for {len} of {} bytes", body.len());
            };
            let lines: Vec<&[u8]> = body[..len].split(|byte| *byte == b'\n').collect();
            // The parser counts a line feed as the column after the end of the line.
            let last = lines.len();
            assert!((1..=last).contains(&error.line()), "{name}, {len} bytes: line {}", error.line());
            let columns = lines[error.line() - 1].len() + 1;
            assert!(error.column() <= columns, "{name}, {len} bytes: column {}", error.column());
            let place = format!("line {} column {}", error.line(), error.column());
            assert!(error.to_string().contains(&place), "{error} does not contain {place}");
        }
    }
}

#[test]
fn a_body_of_the_wrong_type_is_decoded_or_is_a_decode_error() {
    let bodies = [
        "",
        " ",
        "null",
        "true",
        "1",
        "-1.5e300",
        r#""x""#,
        "[]",
        "{}",
        "[{}]",
        "[null]",
        "{\"\": 1}",
        "nul",
    ];
    for operation in OPERATIONS {
        for body in bodies {
            for status in [200, 201, 202, 204, 206] {
                let mut response = Response::new(body.as_bytes());
                *response.status_mut() = StatusCode::from_u16(status).expect("expected a status");
                check(operation.id, &response);
                let result = parse_properties::parse(operation.id, &response).expect("expected an operation");
                assert!(matches!(result, Ok(_) | Err(Error::Decode(_))), "{}: {body}", operation.id);
            }
        }
        if !is_command(operation.id) {
            assert!(parse(operation.id, b"nul").is_err(), "{} accepts a body that is not JSON", operation.id);
            assert!(
                parse(operation.id, b"{} {}").is_err(),
                "{} accepts a body with two JSON values",
                operation.id
            );
        }
    }
}

#[test]
fn arbitrary_bodies_with_any_status_are_decoded_or_are_errors() {
    // This body is longer than the part of an error body that is parsed.
    let long = "x y ".repeat(17_000);
    let message = format!(r#"{{"error": {{"status": 1e400, "message": "{long}", "reason": "{long}"}}}}"#);
    let description = format!(r#"{{"error": "{long}", "error_description": "{long}"}}"#);
    let bodies: [&[u8]; 12] = [
        b"",
        b"\xff\xfe\x00\x80",
        b"<html><head><title>\xf0\x9f\x8e\xb5</head>",
        b"{\"error\": {\"status\": 418, \"message\": \"short\"}}",
        b"{\"error\": [1, 2]}",
        b"{\"error\": null, \"message\": {}, \"reason\": 5}",
        b"{\"error\": {\"message\": \"\\u0000\\u202e\\ud83c\\udfb5\"}}",
        b"\xef\xbb\xbf{\"error\":{\"message\":\"marked\"}}",
        b"data: Too many requests\r\n\r\n",
        long.as_bytes(),
        message.as_bytes(),
        description.as_bytes(),
    ];
    let headers: [(&str, &[u8]); 8] = [
        ("retry-after", b"99999999999999999999999"),
        ("retry-after", b"-1"),
        ("retry-after", b"\xff"),
        ("retry-after", b"Sun, 99 Nov 2026 12:00:00 GMT"),
        ("www-authenticate", b"Bearer error=\""),
        ("www-authenticate", b"Bearer error=\"\xff\", error_description=\"\""),
        ("www-authenticate", b" error=\"a\"b\" error=\"c\" error_description=\"\\\"\""),
        ("www-authenticate", long.as_bytes()),
    ];
    let mut turn = 0;
    for operation in OPERATIONS {
        for status in 100..=599 {
            let mut response = Response::new(bodies[turn % bodies.len()]);
            *response.status_mut() = StatusCode::from_u16(status).expect("expected a status");
            // The test combines every body with every header.
            let (name, value) = headers[turn / bodies.len() % headers.len()];
            let value = HeaderValue::from_bytes(value).expect("expected a valid header value");
            response.headers_mut().insert(HeaderName::from_static(name), value);
            check(operation.id, &response);
            turn += 1;
        }
    }
}

/// A pseudo-random number generator (SplitMix64) that is reproducible on every machine.
pub struct Seeded(pub u64);

impl Seeded {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}

#[test]
fn numbers_round_trip() {
    let mut seeded = Seeded(3);
    for _ in 0..20_000 {
        let digits = seeded.below(usize::MAX);
        let exponent = seeded.below(40) as i64 - 30;
        let text = format!("0.{digits}e{exponent}");
        let body =
            format!(r#"{{"tempo": {text}, "loudness": -{digits}, "energy": {}.{digits:020}}}"#, digits % 7);
        check("get-audio-features", &Response::new(body.as_bytes()));
    }
}

/// A mutation of one value in a body.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Mutation {
    Dropped,
    Null,
    UnknownText,
    IntegerToFloat,
    ObjectToText,
    ElementToNull,
}

impl Mutation {
    const ALL: [Self; 6] = [
        Self::Dropped,
        Self::Null,
        Self::UnknownText,
        Self::IntegerToFloat,
        Self::ObjectToText,
        Self::ElementToNull,
    ];

    /// Returns the changed value, or `None` if the mutation does not apply to it.
    fn apply(self, value: &Value, is_element: bool) -> Option<Value> {
        match (self, value) {
            (Self::Dropped | Self::Null, _) => (!is_element).then_some(Value::Null),
            (Self::UnknownText, Value::String(_)) => Some("unheard of".into()),
            (Self::IntegerToFloat, Value::Number(number)) if number.is_u64() || number.is_i64() => {
                let float = number.as_f64().expect("integers should convert to floats");
                Some(json!(float + 0.25))
            }
            (Self::ObjectToText, Value::Object(_)) => Some("a text".into()),
            (Self::ElementToNull, _) => is_element.then_some(Value::Null),
            _ => None,
        }
    }
}

/// Collects the JSON pointers (RFC 6901) of all values except the top-level value, each with a flag that is `true` for
/// elements of a list.
fn pointers(value: &Value, prefix: &str, found: &mut Vec<(String, bool)>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let pointer = format!("{prefix}/{}", key.replace('~', "~0").replace('/', "~1"));
                pointers(value, &pointer, found);
                found.push((pointer, false));
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                let pointer = format!("{prefix}/{index}");
                pointers(value, &pointer, found);
                found.push((pointer, true));
            }
        }
        _ => {}
    }
}

/// The number of decoded bodies and the total number of bodies, by kind of mutation.
type Table = BTreeMap<Mutation, (usize, usize)>;

/// The selection of values to mutate in a body.
#[derive(Clone, Copy)]
enum Choice {
    /// Every value.
    Every,
    /// Every field once. In lists, only the first element that contains the field.
    EachField,
    /// A random subset of the mutations of `EachField`, with a probability of 1 in the given number.
    OneIn(usize),
}

/// Returns the pointer without list indices, which is equal for all elements of a list.
fn field(pointer: &str) -> String {
    let is_place = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    pointer.split('/').map(|part| if is_place(part) { "" } else { part }).collect::<Vec<_>>().join("/")
}

/// Mutates single values of a body and counts the bodies that can still be decoded.
fn mutate(it: &Recording, choice: Choice, seeded: &mut Seeded, table: &mut Table, refused: &mut Vec<String>) {
    let Ok(mut body) = serde_json::from_slice::<Value>(it.response.body()) else { return };
    // Files that are invalid without a mutation (see `known_losses::BROKEN`) are skipped.
    if parse(&it.operation, it.response.body()).is_err() {
        return;
    }
    let mut places = Vec::new();
    pointers(&body, "", &mut places);
    if !matches!(choice, Choice::Every) {
        let mut seen = BTreeSet::new();
        places.retain(|(pointer, _)| seen.insert(field(pointer)));
    }
    let mut jobs: Vec<(usize, Mutation)> = Vec::new();
    for place in 0..places.len() {
        jobs.extend(Mutation::ALL.map(|mutation| (place, mutation)));
    }
    if let Choice::OneIn(many) = choice {
        jobs.retain(|_| seeded.below(many) == 0);
    }
    for (place, mutation) in jobs {
        let (pointer, is_element) = &places[place];
        let value = body.pointer(pointer).expect("expected a value at the pointer").clone();
        let Some(mutated) = mutation.apply(&value, *is_element) else { continue };
        if mutation == Mutation::Dropped {
            let (parent, key) = pointer.rsplit_once('/').expect("expected a pointer below the top");
            let key = key.replace("~1", "/").replace("~0", "~");
            body.pointer_mut(parent).and_then(Value::as_object_mut).expect("expected an object").remove(&key);
        } else {
            *body.pointer_mut(pointer).expect("expected a value at the pointer") = mutated;
        }
        let text = body.to_string();
        let result = parse(&it.operation, text.as_bytes());
        // Flags in a list are identified by their position, so elements must not be dropped.
        if let (true, Ok(decoded), Some(elements)) = (value.is_boolean(), &result, body.as_array()) {
            let written: Value =
                serde_json::from_str(&decoded.to_json()).expect("encoded values should be JSON");
            assert_eq!(written.as_array().map(Vec::len), Some(elements.len()), "{pointer} in {}", it.name);
        }
        let counts = table.entry(mutation).or_default();
        counts.1 += 1;
        match result {
            Ok(_) => counts.0 += 1,
            Err(error) => refused.push(format!("{mutation:?} of {pointer} in {}: {error:?}", it.name)),
        }
        if mutation == Mutation::Dropped {
            let (parent, key) = pointer.rsplit_once('/').expect("expected a pointer below the top");
            let key = key.replace("~1", "/").replace("~0", "~");
            body.pointer_mut(parent)
                .and_then(Value::as_object_mut)
                .expect("expected an object")
                .insert(key, value);
        } else {
            *body.pointer_mut(pointer).expect("expected a value at the pointer") = value;
        }
    }
}

/// Prints the table; panics if fewer than 99.5 % of the bodies were decoded.
fn judge(what: &str, table: &Table, refused: &[String]) {
    let total = |of: fn(&(usize, usize)) -> usize| table.values().map(of).sum::<usize>();
    let (read, all) = (total(|it| it.0), total(|it| it.1));
    for (mutation, (read, all)) in table {
        say(&format!("{what}: {mutation:?}: {read} of {all} decoded"));
    }
    say(&format!("{what}: {read} of {all} mutated responses decoded"));
    assert_eq!(table.len(), Mutation::ALL.len(), "every kind of mutation should occur");
    let share = refused.iter().take(20).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(read * 1000 >= all * 995, "{read} of {all} were decoded; errors:\n{share}");
}

#[test]
fn single_mutations_of_our_recordings_are_decoded() {
    let (mut table, mut refused, mut seeded) = (Table::new(), Vec::new(), Seeded(1));
    for it in own().iter().filter(|it| it.response.status().is_success()) {
        mutate(it, Choice::Every, &mut seeded, &mut table, &mut refused);
    }
    judge("own", &table, &refused);
}

#[test]
fn single_mutations_of_the_corpus_are_decoded() {
    let Some(recordings) = corpus() else { return };
    let (mut table, mut refused, mut seeded) = (Table::new(), Vec::new(), Seeded(2));
    for it in recordings.iter().filter(|it| it.response.status().is_success()) {
        // `MUTATE_ALL` mutates each field of each response, which is slow without a release build.
        let choice = match std::env::var_os("MUTATE_ALL") {
            Some(_) => Choice::EachField,
            None => Choice::OneIn(12),
        };
        mutate(it, choice, &mut seeded, &mut table, &mut refused);
    }
    judge("corpus", &table, &refused);
}
