//! One hostile body, read a number of times: `instructions <case> <length> <times>`; without arguments, the cases.
//!
//! `benches/instructions.sh` counts the instructions of all cases over doubling lengths.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it prints, and reads its arguments"
)]
#![allow(unreachable_pub, reason = "`pub` is for the test, which has the file, too")]

#[path = "../tests/bounds/bodies.rs"]
#[allow(dead_code, reason = "the test tries more values in each place")]
mod bodies;

use std::env;

use bodies::places;
use http::Response;
use serde_json::{Value, json};
use spotify_proto::{Endpoint, FromResponse, Scopes, with_endpoint};

/// An operation, the path of the value that is replaced, and what it is replaced by.
const CASES: &[(&str, &str, &str)] = &[
    ("get-several-tracks", ".tracks", "[0]"),
    ("get-several-tracks", ".tracks", "[null]"),
    ("get-several-tracks", ".tracks", "[{}]"),
    ("get-track", ".available_markets", "[texts]"),
    ("get-track", ".external_ids", "{texts}"),
    ("get-track", ".name", "escapes"),
    ("get-track", ".name", "text"),
    ("get-playlists-items", ".items[].item", "{objects}"),
    ("get-playlists-items", ".items[].item", "{lists}"),
    ("get-information-about-the-users-current-playback", ".actions", "{flags}"),
    ("get-an-artist", ".genres", "[texts]"),
    ("scopes", "", "[texts]"),
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|it| it != "--bench").collect();
    let [case, len, times] = arguments.as_slice() else {
        CASES.iter().enumerate().for_each(|(index, (operation, path, filler))| {
            println!("{index}\t{filler} in {path} of {operation}");
        });
        return;
    };
    let number = |text: &String| text.parse::<usize>().expect("a number");
    let (operation, path, filler) = CASES.get(number(case)).expect("a case");
    let body = body(path, filler, number(len));
    for _ in 0..number(times) {
        read(operation, &body);
    }
}

fn body(path: &str, filler: &str, len: usize) -> String {
    let item = json!({"type": "x", "name": "x", "other": [1]});
    let body = json!({
        "actions": {"pausing": true}, "available_markets": ["SE"], "external_ids": {"isrc": "x"}, "genres": ["x"],
        "items": [{"item": item}], "name": "x", "tracks": [{"name": "x"}],
    });
    let body = if path.is_empty() { Value::Array(Vec::new()) } else { body };
    let place = places(&body).into_iter().find(|place| place.path == path).expect("a place of this path");
    place.body(filler, len)
}

fn read(operation: &str, body: &str) {
    fn decode<E: Endpoint<Output: FromResponse>>(body: &str) {
        drop(E::Output::from_response((&Response::new(body)).into()));
    }
    with_endpoint!(operation, E => decode::<E>(body), else drop(Scopes::from(&*body.replace(',', " "))));
}
