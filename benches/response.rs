//! Throughput and allocations of decoding responses, compared with a parser that retains nothing.
//!
//! `cargo bench --bench response`

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "benches measure time and print"
)]
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a bench that panics has failed"
)]
#![allow(unreachable_pub, reason = "`pub` marks the items that other files use")]

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

/// Returns a function that decodes and drops a response of the operation; `None` if the operation is unknown.
fn decoder(operation: &str) -> Option<fn(&[u8])> {
    fn decode<E: Endpoint<Output: FromResponse>>(body: &[u8]) {
        let decoded = E::Output::from_response((&Response::new(black_box(body))).into());
        assert!(black_box(decoded).is_ok(), "the body can be decoded");
    }
    with_endpoint!(operation, E => Some(decode::<E>), else None)
}

/// Measures decoding the body into the result of its operation.
#[divan::bench(args = names(), max_time = 0.8)]
fn model(bencher: Bencher<'_, '_>, name: &str) {
    let body = body(name);
    let decode = decoder(&body.operation).expect("a known operation");
    bencher.counter(BytesCount::of_slice(&body.json)).bench(|| decode(&body.json));
}

/// Measures a lower bound: checking that the body is valid JSON without retaining anything.
#[divan::bench(args = names(), max_time = 0.4)]
fn floor(bencher: Bencher<'_, '_>, name: &str) {
    let body = body(name);
    bencher.counter(BytesCount::of_slice(&body.json)).bench(|| {
        let floor: Result<IgnoredAny, _> = serde_json::from_slice(black_box(&body.json));
        assert!(floor.is_ok(), "the body is JSON");
    });
}

/// Cost of tolerance, compared with plain derived code that decodes the same fields with the same parser and rejects any
/// deviation.
mod tolerance {
    use super::{Bencher, black_box, body, strict};
    use divan::counter::BytesCount;
    use spotify_proto::model::{Page, PlaylistItem};

    const PAGES: [&str; 2] = ["playlist items ×100", "playlist items ×100, 184 markets"];

    #[divan::bench(args = PAGES, max_time = 2.0)]
    fn tolerant(bencher: Bencher<'_, '_>, name: &str) {
        let body = body(name);
        bencher.counter(BytesCount::of_slice(&body.json)).bench(|| {
            spotify_proto::from_json::<Page<PlaylistItem>>(black_box(&body.json)).expect("a valid page")
        });
    }

    #[divan::bench(args = PAGES, max_time = 2.0)]
    fn strict(bencher: Bencher<'_, '_>, name: &str) {
        let body = body(name);
        bencher
            .counter(BytesCount::of_slice(&body.json))
            .bench(|| spotify_proto::from_json::<strict::Page>(black_box(&body.json)).expect("a valid page"));
    }
}
