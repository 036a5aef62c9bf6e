//! Reading answers: bytes a second and allocations, beside the floor of a parser that keeps nothing.
//!
//! `cargo bench --bench response`

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "benches measure time and print"
)]
#![allow(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "a bench that panics is wrong")]
#![allow(unreachable_pub, reason = "`pub` tells what a file has for the others; nothing leaves this binary")]

mod bodies;
mod strict;

use bodies::{BODIES, Body};
use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, black_box};
use http::Response;
use serde::de::IgnoredAny;
use spotify_proto::{Endpoint, FromResponse, with_endpoint};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    for body in BODIES.iter() {
        println!("{:>9} bytes: {}", body.json.len(), body.name);
    }
    divan::main();
}

fn names() -> impl Iterator<Item = &'static str> {
    BODIES.iter().filter(|body| decoder(&body.operation).is_some()).map(|body| body.name.as_str())
}

fn body(name: &str) -> &'static Body {
    BODIES.iter().find(|body| body.name == name).expect("a body of this name")
}

/// Reads and drops an answer of the operation.
fn decoder(operation: &str) -> Option<fn(&[u8])> {
    fn decode<E: Endpoint<Output: FromResponse>>(body: &[u8]) {
        let answer = E::Output::from_response((&Response::new(black_box(body))).into());
        assert!(black_box(answer).is_ok(), "the body reads as an answer");
    }
    with_endpoint!(operation, E => Some(decode::<E>), else None)
}

/// What the operation makes of the body.
#[divan::bench(args = names(), max_time = 0.8)]
fn model(bencher: Bencher<'_, '_>, name: &str) {
    let body = body(name);
    let decode = decoder(&body.operation).expect("the operation is there");
    bencher.counter(BytesCount::of_slice(&body.json)).bench(|| decode(&body.json));
}

/// The floor: JSON is checked, nothing is kept.
#[divan::bench(args = names(), max_time = 0.4)]
fn floor(bencher: Bencher<'_, '_>, name: &str) {
    let body = body(name);
    bencher.counter(BytesCount::of_slice(&body.json)).bench(|| {
        let floor: Result<IgnoredAny, _> = serde_json::from_slice(black_box(&body.json));
        assert!(floor.is_ok(), "the body is JSON");
    });
}

/// The price of tolerance: the same fields, by the same parser, read by plain derived code that dies of any deviation.
mod tolerance {
    use super::{Bencher, black_box, body, strict};
    use divan::counter::BytesCount;
    use spotify_proto::model::{Page, PlaylistItem};

    const PAGES: [&str; 2] = ["playlist items ×100", "same with 184 markets"];

    #[divan::bench(args = PAGES, max_time = 2.0)]
    fn tolerant(bencher: Bencher<'_, '_>, name: &str) {
        let body = body(name);
        bencher.counter(BytesCount::of_slice(&body.json)).bench(|| {
            spotify_proto::from_json::<Page<PlaylistItem>>(black_box(&body.json)).expect("the body reads")
        });
    }

    #[divan::bench(args = PAGES, max_time = 2.0)]
    fn strict(bencher: Bencher<'_, '_>, name: &str) {
        let body = body(name);
        bencher.counter(BytesCount::of_slice(&body.json)).bench(|| {
            spotify_proto::from_json::<strict::Page>(black_box(&body.json)).expect("the body reads")
        });
    }
}
