//! Deciding about a stored response, and reading an entry from JSON: time and allocations.
//!
//! `cargo bench --bench cache`
//!
//! First it prints how long an entry takes to be read from JSON, as a multiple of the time that decoding its body takes.
//! Both are measured by turns in one run, and the least of all rounds counts.

#![allow(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "a bench that panics is wrong")]
#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "benches measure time and print"
)]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher, black_box};
use http::{Request, Response};
use serde_json::json;
use spotify_proto::api::GetSavedTracks;
use spotify_proto::cache::{Entry, Key, Policy, StoreAction, decide};
use spotify_proto::{App, Cached, Call, Endpoint, Session, Step};

#[path = "bodies.rs"]
#[allow(dead_code, unreachable_pub, reason = "other benches use the rest")]
mod bodies;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    print_ratios();
    divan::main();
}

fn later(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000 + seconds)
}

const ETAG: &str = "\"MC-IjA4OGZmNTAxNGYxOWRjZmE1MDQ1ZjkwMWZiNjFjZDIwIg==\"";

/// A page of 30 saved tracks: its body, and the JSON of an entry with it.
fn stored() -> (Vec<u8>, String) {
    let mut seeded = bodies::Seeded(0x5eed);
    let mut saved = || {
        let added_at = bodies::time(&mut seeded);
        json!({"added_at": added_at, "track": bodies::track(&mut seeded, None)})
    };
    let items = (0..30).map(|_| saved()).collect();
    let body = bodies::page("me/tracks", items, 30, 2345).to_string().into_bytes();
    let (mut app, mut session) = (App::without_credentials(), Session::from_access_token("BQDaccess"));
    let (endpoint, now) = (GetSavedTracks::new(), later(0));
    let Cached::Call(call) = Call::new(endpoint.clone()).cached(&Key::new(&endpoint, "user"), None, now)
    else {
        panic!("nothing is stored")
    };
    let Step::Send(_, exchange) = call.start(&mut app, &mut session, now) else { panic!("a token") };
    let response = Response::builder()
        .header("cache-control", "private, max-age=0")
        .header("date", "Mon, 21 Sep 2026 14:13:20 GMT")
        .header("etag", ETAG)
        .body(&body)
        .expect("valid");
    let received = exchange.receive(Ok::<_, ()>(response), now).apply(&mut app, &mut session, now);
    let Ok(Step::Done(Ok(reply))) = received else { panic!("a page") };
    let StoreAction::Put(entry) = reply.store else { panic!("an entry") };
    (body, serde_json::to_string(&entry).expect("plain data"))
}

fn print_ratios() {
    const ROUNDS: usize = 300;
    let (body, json) = stored();
    // The same body in a string of JSON as it is, with an escape for each quote.
    let escaped = serde_json::to_string(std::str::from_utf8(&body).expect("JSON")).expect("text");
    let mut least = [Duration::MAX; 4];
    for _ in 0..ROUNDS {
        let [decoded, entry, both, string] = &mut least;
        time(decoded, || decode(black_box(&body)));
        time(entry, || serde_json::from_str::<Entry>(black_box(&json)).expect("an entry"));
        time(both, || {
            let entry: Entry = serde_json::from_str(black_box(&json)).expect("an entry");
            (entry, decode(black_box(&body)))
        });
        time(string, || serde_json::from_str::<String>(black_box(&escaped)).expect("text"));
    }
    let [decode, entry, both, string] = least.map(|it| it.as_secs_f64());
    println!(
        "a body of {} bytes, {} bytes as an entry; decoding the body takes {:.0} µs",
        body.len(),
        json.len(),
        decode * 1e6
    );
    println!("| over decoding the body | |\n|---|---|");
    println!("| reading the entry | {:.2} |", entry / decode);
    println!("| reading the entry and decoding its body | {:.2} |", both / decode);
    println!("| reading a string of JSON with the same body | {:.2} |", string / decode);
}

fn decode(body: &Vec<u8>) -> <GetSavedTracks as Endpoint>::Output {
    GetSavedTracks::new().decode((&Response::new(body)).into()).expect("a page")
}

fn time<R>(least: &mut Duration, run: impl FnOnce() -> R) {
    let start = Instant::now();
    let result = black_box(run());
    *least = start.elapsed().min(*least);
    drop(result);
}

/// A lookup of an album with the header fields of Spotify, so many seconds after its receipt.
fn lookup(bencher: Bencher<'_, '_>, control: &str, seconds: u64) {
    let uri = "https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy";
    let request = Request::get(uri).body(()).expect("valid");
    let response = Response::builder()
        .header("cache-control", control)
        .header("content-type", "application/json; charset=utf-8")
        .header("date", "Mon, 21 Sep 2026 14:13:20 GMT")
        .header("etag", ETAG)
        .header("vary", "Accept-Encoding");
    let response = response.body(()).expect("valid");
    let policy = Policy::storable(&request, &response, later(0), later(0)).expect("of use");
    let bencher = bencher.counter(ItemsCount::new(1_usize));
    bencher.bench(|| decide([black_box(&policy)], black_box(&request), black_box(later(seconds))));
}

#[divan::bench(max_time = 0.5)]
fn fresh(bencher: Bencher<'_, '_>) {
    lookup(bencher, "public, max-age=7200", 60);
}

#[divan::bench(max_time = 0.5)]
fn revalidate(bencher: Bencher<'_, '_>) {
    lookup(bencher, "public, max-age=0", 60);
}

/// An entry of a page of 30 saved tracks, from JSON.
#[divan::bench(max_time = 0.5)]
fn read_an_entry(bencher: Bencher<'_, '_>) {
    let (_, json) = stored();
    bencher.bench(|| serde_json::from_str::<Entry>(black_box(&json)).expect("an entry"));
}

/// The same entry, to JSON.
#[divan::bench(max_time = 0.5)]
fn write_an_entry(bencher: Bencher<'_, '_>) {
    let (_, json) = stored();
    let entry: Entry = serde_json::from_str(&json).expect("an entry");
    bencher.bench(|| serde_json::to_string(black_box(&entry)).expect("plain data"));
}
