//! Deciding about a stored answer: time and allocations.
//!
//! `cargo bench --bench cache`

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "benches measure time and print"
)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher, black_box};
use http::{Request, Response};
use spotify_proto::cache::Policy;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

fn later(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000 + seconds)
}

/// A lookup of an album as Spotify answers it, so many seconds after its receipt.
fn lookup(bencher: Bencher<'_, '_>, control: &str, seconds: u64) {
    let uri = "https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy";
    let (request, ()) = Request::get(uri).body(()).expect("valid").into_parts();
    let answer = Response::builder()
        .header("cache-control", control)
        .header("content-type", "application/json; charset=utf-8")
        .header("date", "Mon, 21 Sep 2026 14:13:20 GMT")
        .header("etag", "\"MC-IjA4OGZmNTAxNGYxOWRjZmE1MDQ1ZjkwMWZiNjFjZDIwIg==\"")
        .header("vary", "Accept-Encoding");
    let (answer, ()) = answer.body(()).expect("valid").into_parts();
    let policy = Policy::storable(&request, &answer, later(0), later(0)).expect("of use");
    let bencher = bencher.counter(ItemsCount::new(1_usize));
    bencher.bench(|| black_box(&policy).decide(black_box(&request), black_box(later(seconds))));
}

#[divan::bench(max_time = 0.5)]
fn fresh(bencher: Bencher<'_, '_>) {
    lookup(bencher, "public, max-age=7200", 60);
}

#[divan::bench(max_time = 0.5)]
fn revalidate(bencher: Bencher<'_, '_>) {
    lookup(bencher, "public, max-age=0", 60);
}
