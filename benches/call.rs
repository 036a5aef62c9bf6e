//! The machine of a call, with nothing to decode: time and allocations, and how both grow with the number of calls.
//!
//! `cargo bench --bench call`
//!
//! Each row is a number of calls over shared state; what is linear has the same `item/s` in each of its rows.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher, black_box};
use http::{Method, Request, Response, StatusCode};
use spotify_proto::cache::{Entry, Key, Store};
use spotify_proto::{
    App, Call, DecodeError, Endpoint, Exchange, Operation, Paged, Pause, Reply, Session, Step, Target,
    Throttle,
};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

const COUNTS: [usize; 5] = [1, 10, 100, 1_000, 10_000];

/// An endpoint with the target of a page, whose answer is not read.
#[derive(Clone)]
struct Unread {
    offset: usize,
    end: usize,
}

impl Endpoint for Unread {
    type Output = ();

    const OPERATION: Operation = Operation::new("unread", Method::GET, "/v1/albums/{id}/tracks");

    fn target(&self, target: &mut Target) {
        target.path("/v1/albums/{id}/tracks", &["4aawyAB9vmqN3uQ7FjRGTy"]);
        target.query("offset", self.offset);
    }

    fn decode(_: StatusCode, _: &[u8]) -> Result<(), DecodeError> {
        Ok(())
    }
}

impl Paged for Unread {
    fn next(&self, (): &()) -> Option<Self> {
        let offset = self.offset + 1;
        (offset < self.end).then(|| Self { offset, ..self.clone() })
    }
}

const ENDPOINT: Unread = Unread { offset: 100, end: usize::MAX };

const TOKEN: &str = r#"{"access_token":"BQDaccess","token_type":"Bearer","expires_in":3600,"scope":""}"#;

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000 + seconds)
}

fn success() -> Response<&'static str> {
    Response::new("{}")
}

fn status(status: StatusCode) -> Response<&'static str> {
    let mut response = success();
    *response.status_mut() = status;
    response
}

#[track_caller]
fn sent(step: Step<()>) -> (Request<Vec<u8>>, Exchange<()>) {
    match step {
        Step::Send(request, exchange) => (request, exchange),
        other => panic!("expected a request, got {other:?}"),
    }
}

#[track_caller]
fn waits(step: Step<()>) -> Pause<()> {
    match step {
        Step::Wait(_, pause) => pause,
        other => panic!("expected a wait, got {other:?}"),
    }
}

#[track_caller]
fn saves(step: Step<()>) -> Pause<()> {
    match step {
        Step::Save(_, pause) => pause,
        other => panic!("expected tokens, got {other:?}"),
    }
}

#[track_caller]
fn reply(step: Step<()>) -> Reply<()> {
    match step {
        Step::Done(Ok(reply)) => reply,
        other => panic!("expected a result, got {other:?}"),
    }
}

/// Sends what the step asks for and takes a success for it.
#[track_caller]
fn succeeds(step: Step<()>, session: &mut Session, now: SystemTime) -> Reply<()> {
    let (request, exchange) = sent(step);
    black_box(request);
    reply(exchange.receive(success(), session, now))
}

/// Takes the token answer that the step asks for, and saves the tokens.
#[track_caller]
fn renewed(step: Step<()>, session: &mut Session, now: SystemTime) -> Step<()> {
    let (request, exchange) = sent(step);
    black_box(request);
    saves(exchange.receive(Response::new(TOKEN), session, now)).resume(session, now)
}

fn application() -> Session {
    Session::client_credentials(App::confidential("id", "secret"))
}

/// Calls one after the other over one session, six seconds apart.
fn calls(
    bencher: Bencher<'_, '_>,
    count: usize,
    session: impl Fn() -> Session + Sync,
    one: impl Fn(&mut Session, u64) + Sync,
) {
    bencher.counter(ItemsCount::new(count)).with_inputs(session).bench_refs(|session| {
        for number in 0..count as u64 {
            one(session, 6 * number);
        }
    });
}

/// All steps of a call that succeeds at once.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn success_at_once(bencher: Bencher<'_, '_>, count: usize) {
    calls(
        bencher,
        count,
        || Session::fixed("BQDaccess"),
        |session, time| {
            let step = Call::new(black_box(&ENDPOINT)).start(session, at(time));
            black_box(succeeds(step, session, at(time)));
        },
    );
}

/// The part of a call that is not the machine's: the request, with its `Authorization`.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn request_alone(bencher: Bencher<'_, '_>, count: usize) {
    let origin = spotify_proto::Origin::api();
    let header = http::HeaderValue::from_static("Bearer BQDaccess");
    bencher.counter(ItemsCount::new(count)).bench(|| {
        for _ in 0..count {
            let mut request = black_box(&ENDPOINT).request(&origin);
            request.headers_mut().insert(http::header::AUTHORIZATION, header.clone());
            black_box(request);
        }
    });
}

/// A stored answer that is fresh, out of the caller's store.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn served_from_the_store(bencher: Bencher<'_, '_>, count: usize) {
    let (key, entry) = stored();
    calls(
        bencher,
        count,
        || Session::fixed("BQDaccess"),
        |session, _| {
            let call = Call::new(black_box(&ENDPOINT)).cached(&key, Some(entry.clone()));
            black_box(reply(call.start(session, at(60))));
        },
    );
}

fn stored() -> (Key, Entry) {
    let key = Key::new(&ENDPOINT, "app");
    let mut session = Session::fixed("BQDaccess");
    let (_, exchange) = sent(Call::new(&ENDPOINT).cached(&key, None).start(&mut session, at(0)));
    let answer = Response::builder()
        .header("cache-control", "public, max-age=7200")
        .header("etag", "\"MC-IjA4OGZmNTAxNGYxOWRjZmE1MDQ1ZjkwMWZiNjFjZDIwIg==\"")
        .body("{}")
        .expect("an answer");
    let Store::Put(entry) = reply(exchange.receive(answer, &mut session, at(0))).store else {
        panic!("the answer is to be stored")
    };
    (key, entry)
}

/// A 429, the wait, the second try.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn limited_once(bencher: Bencher<'_, '_>, count: usize) {
    calls(
        bencher,
        count,
        || Session::fixed("BQDaccess"),
        |session, time| {
            let (_, exchange) = sent(Call::new(black_box(&ENDPOINT)).start(session, at(time)));
            let pause = waits(exchange.receive(status(StatusCode::TOO_MANY_REQUESTS), session, at(time)));
            let step = pause.resume(session, at(time + 1));
            black_box(succeeds(step, session, at(time + 1)));
        },
    );
}

/// A 401, a new token, its storage, the second try.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn refused_once(bencher: Bencher<'_, '_>, count: usize) {
    let session = || {
        let mut session = application();
        let step = renewed(Call::new(&ENDPOINT).start(&mut session, at(0)), &mut session, at(0));
        succeeds(step, &mut session, at(0));
        session
    };
    calls(bencher, count, session, |session, _| {
        let (_, exchange) = sent(Call::new(black_box(&ENDPOINT)).start(session, at(0)));
        let step = exchange.receive(status(StatusCode::UNAUTHORIZED), session, at(0));
        let step = renewed(step, session, at(0));
        black_box(succeeds(step, session, at(0)));
    });
}

/// A page loop of that many pages.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn page_loop(bencher: Bencher<'_, '_>, count: usize) {
    let bencher = bencher.counter(ItemsCount::new(count));
    bencher.with_inputs(|| Session::fixed("BQDaccess")).bench_refs(|session| {
        let mut cursor = Some(Unread { offset: 0, end: black_box(count) });
        while let Some(endpoint) = cursor {
            let step = Call::new(&endpoint).start(session, at(0));
            let reply = succeeds(step, session, at(0));
            cursor = endpoint.next(&reply.value);
        }
    });
}

/// One session's 429 joined into that many sessions, each of which then makes its call wait.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn throttle_joined_by_sessions(bencher: Bencher<'_, '_>, count: usize) {
    let mut closed = Throttle::default();
    closed.close_all(Duration::from_secs(5), at(0));
    closed.close_route("/v1/search", Duration::from_secs(40), at(0));
    let sessions = || (0..count).map(|_| Session::fixed("BQDaccess")).collect::<Vec<_>>();
    bencher.counter(ItemsCount::new(count)).with_inputs(sessions).bench_refs(|sessions| {
        for session in sessions {
            let own = std::mem::take(session.throttle());
            *session.throttle() = own.join(black_box(&closed).clone());
            let _pause = black_box(waits(Call::new(&ENDPOINT).start(session, at(1))));
        }
    });
}

/// That many calls at once without a token: one fetches it, the others wait for it, then all are sent and succeed.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn refresh_burst(bencher: Bencher<'_, '_>, count: usize) {
    bencher.counter(ItemsCount::new(count)).with_inputs(application).bench_refs(|session| {
        let first = Call::new(&ENDPOINT).start(session, at(0));
        let others: Vec<_> = (1..count).map(|_| waits(Call::new(&ENDPOINT).start(session, at(0)))).collect();
        let first = renewed(first, session, at(1));
        black_box(succeeds(first, session, at(1)));
        for pause in others {
            let step = pause.resume(session, at(1));
            black_box(succeeds(step, session, at(1)));
        }
    });
}
