//! Heap memory of a call in flight, and processor time of a call by the number of calls in flight.
//!
//! `cargo bench --bench in_flight` prints the bytes that a GET call for a page holds between `start` and the response,
//! and then the processor time of a call for each number of calls in flight. The numbers of calls alternate, and each
//! time is the median of all rounds.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "benches measure time and print"
)]
#![allow(clippy::cast_precision_loss, clippy::indexing_slicing, reason = "a bench that panics has failed")]

use std::collections::VecDeque;
use std::hint::black_box;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cpu_time::ThreadTime;
use http::{Request, Response};
use spotify_proto::api::GetAlbumTracks;
use spotify_proto::model::{Page, SimplifiedTrack};
use spotify_proto::{AlbumId, App, Call, Exchange, Session, Step};

type Tracks = Page<SimplifiedTrack>;

/// Page without items, so that decoding it is a small part of the work.
const BODY: &str = r#"{"items":[],"limit":50,"next":null,"offset":100,"previous":null,"total":100}"#;

const NOW: SystemTime = UNIX_EPOCH;

struct State(App, Session);

impl State {
    fn new() -> Self {
        Self(App::confidential("id", "secret"), Session::from_access_token("BQDaccess"))
    }

    fn start(&mut self, id: &AlbumId) -> (Request<Vec<u8>>, Exchange<Tracks>) {
        let call = Call::new(GetAlbumTracks::new(black_box(id)).limit(50).offset(100));
        match call.start(&mut self.0, &mut self.1, NOW) {
            Step::Send(request, exchange) => (request, exchange),
            other => panic!("expected a request, got {other:?}"),
        }
    }

    fn finish(&mut self, exchange: Exchange<Tracks>) {
        let received = exchange.receive(Ok::<_, ()>(Response::new(BODY)), NOW);
        let step = received.apply(&mut self.0, &mut self.1, NOW);
        assert!(matches!(black_box(step), Ok(Step::Done(Ok(_)))), "the response is a page");
    }
}

/// Prints the heap bytes and allocations of a call in flight, first without its request and then with it.
fn memory(id: &AlbumId) {
    let mut state = State::new();
    drop(state.start(id));
    let (mut exchange, mut both) = (None, None);
    let alone = allocation_counter::measure(|| exchange = Some(state.start(id).1));
    let with_request = allocation_counter::measure(|| both = Some(state.start(id)));
    println!(
        "call in flight without its request: {} bytes of heap, {} allocations",
        alone.bytes_current, alone.count_current
    );
    println!(
        "call in flight with its request:    {} bytes of heap, {} allocations",
        with_request.bytes_current, with_request.count_current
    );
    println!("size of Exchange: {} bytes", size_of::<Exchange<Tracks>>());
}

/// Repeatedly starts `count` calls and then finishes all of them; returns nanoseconds per call.
fn burst(id: &AlbumId, count: usize, calls: usize) -> f64 {
    let (mut state, mut exchanges) = (State::new(), Vec::with_capacity(count));
    let begin = ThreadTime::now();
    for _ in 0..calls / count {
        for _ in 0..count {
            exchanges.push(state.start(id).1);
        }
        for exchange in exchanges.drain(..) {
            state.finish(exchange);
        }
    }
    nanos(begin.elapsed(), calls)
}

/// Keeps `count` calls in flight by starting a call whenever the oldest one is finished; returns nanoseconds per call.
fn steady(id: &AlbumId, count: usize, calls: usize) -> f64 {
    let mut state = State::new();
    let mut exchanges: VecDeque<_> = (0..count).map(|_| state.start(id).1).collect();
    let begin = ThreadTime::now();
    for _ in 0..calls {
        let oldest = exchanges.pop_front().expect("calls are in flight");
        state.finish(oldest);
        exchanges.push_back(state.start(id).1);
    }
    nanos(begin.elapsed(), calls)
}

fn nanos(time: Duration, calls: usize) -> f64 {
    time.as_nanos() as f64 / calls as f64
}

const COUNTS: [usize; 3] = [1_000, 10_000, 100_000];
const ROUNDS: usize = 21;

/// Total number of calls, which is the same for each number of calls in flight.
const CALLS: usize = 100_000;

fn times(name: &str, work: impl Fn(usize) -> f64) {
    let mut times = COUNTS.map(|_| Vec::with_capacity(ROUNDS));
    for _ in 0..ROUNDS {
        for (times, count) in times.iter_mut().zip(COUNTS) {
            times.push(work(count));
        }
    }
    let medians = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[ROUNDS / 2]
    });
    for (count, median) in COUNTS.iter().zip(medians) {
        println!("{name:<26} {count:>8} in flight {median:>8.0} ns per call {:>6.2} x", median / medians[0]);
    }
}

fn main() {
    let id: AlbumId = "4aawyAB9vmqN3uQ7FjRGTy".parse().expect("an id");
    memory(&id);
    times("all start, then all finish", |count| burst(&id, count, CALLS));
    times("one starts as one finishes", |count| steady(&id, count, CALLS));
}
