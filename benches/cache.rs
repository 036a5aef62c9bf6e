//! Time and allocations of deciding about a stored response and of reading an entry from JSON.
//!
//! `cargo bench --bench cache`
//!
//! First prints the time of reading an entry from JSON as a multiple of the time of decoding its body. Both are measured
//! alternately in one run; the minimum of all rounds counts.

#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a bench that panics has failed"
)]
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

/// Returns the body of a page of 30 saved tracks, and the JSON of a cache entry with this body.
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
    let Step::Send(_, exchange) = call.start(&mut app, &mut session, now) else {
        panic!("a call with a token begins with its request")
    };
    let response = Response::builder()
        .header("cache-control", "private, max-age=0")
        .header("date", "Mon, 21 Sep 2026 14:13:20 GMT")
        .header("etag", ETAG)
        .body(&body)
        .expect("a valid response");
    let received = exchange.receive(Ok::<_, ()>(response), now).apply(&mut app, &mut session, now);
    let Ok(Step::Done(Ok(reply))) = received else { panic!("the response is a page") };
    let StoreAction::Put(entry) = reply.store else { panic!("the response can be stored") };
    (body, serde_json::to_string(&entry).expect("plain data"))
}

fn print_ratios() {
    const ROUNDS: usize = 300;
    let (body, json) = stored();
    // The same body as a JSON string, with an escape for each quote.
    let escaped = serde_json::to_string(std::str::from_utf8(&body).expect("JSON")).expect("a string");
    let mut least = [Duration::MAX; 4];
    for _ in 0..ROUNDS {
        let [decoded, entry, both, string] = &mut least;
        time(decoded, || decode(black_box(&body)));
        time(entry, || serde_json::from_str::<Entry>(black_box(&json)).expect("an entry"));
        time(both, || {
            let entry: Entry = serde_json::from_str(black_box(&json)).expect("an entry");
            (entry, decode(black_box(&body)))
        });
        time(string, || serde_json::from_str::<String>(black_box(&escaped)).expect("a string"));
    }
    let [decode, entry, both, string] = least.map(|it| it.as_secs_f64());
    println!(
        "body: {} bytes; entry: {} bytes; time of decoding the body: {:.0} µs",
        body.len(),
        json.len(),
        decode * 1e6
    );
    println!("| time relative to decoding the body | |\n|---|---|");
    println!("| reading the entry | {:.2} |", entry / decode);
    println!("| reading the entry and decoding its body | {:.2} |", both / decode);
    println!("| reading a JSON string with the same body | {:.2} |", string / decode);
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

/// Measures a decision about an album with Spotify's header fields, the given number of seconds after its receipt.
fn lookup(bencher: Bencher<'_, '_>, control: &str, seconds: u64) {
    let uri = "https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy";
    let request = Request::get(uri).body(()).expect("a valid request");
    let response = Response::builder()
        .header("cache-control", control)
        .header("content-type", "application/json; charset=utf-8")
        .header("date", "Mon, 21 Sep 2026 14:13:20 GMT")
        .header("etag", ETAG)
        .header("vary", "Accept-Encoding");
    let response = response.body(()).expect("a valid response");
    let policy = Policy::storable(&request, &response, later(0), later(0)).expect("a storable response");
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

/// Reads an entry with a page of 30 saved tracks from JSON.
#[divan::bench(max_time = 0.5)]
fn read_an_entry(bencher: Bencher<'_, '_>) {
    let (_, json) = stored();
    bencher.bench(|| serde_json::from_str::<Entry>(black_box(&json)).expect("an entry"));
}

/// Writes the same entry as JSON.
#[divan::bench(max_time = 0.5)]
fn write_an_entry(bencher: Bencher<'_, '_>) {
    let (_, json) = stored();
    let entry: Entry = serde_json::from_str(&json).expect("an entry");
    bencher.bench(|| serde_json::to_string(black_box(&entry)).expect("plain data"));
}
