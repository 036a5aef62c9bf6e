//! Time and allocations of the state machine of a call with nothing to decode, and their growth with the number of calls.
//!
//! `cargo bench --bench call`
//!
//! Each row is a number of calls with shared state. If the cost is linear, `item/s` is the same in all rows of a bench.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "benches measure time and print"
)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher, black_box};
use http::{Method, Request, Response, StatusCode};
use spotify_proto::cache::{Entry, Key, StoreAction};
use spotify_proto::model::PageInfo;
use spotify_proto::{
    App, Cached, Call, DecodeError, Endpoint, Exchange, Operation, Paged, RateLimiter, Reply, Session, Step,
    Target, TokenStep, Waiting,
};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

const COUNTS: [usize; 5] = [1, 10, 100, 1_000, 10_000];

/// Endpoint with the target of a page; its response is not decoded.
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

    fn decode(&self, _: spotify_proto::ResponseRef<'_>) -> Result<(), DecodeError> {
        Ok(())
    }
}

impl Paged for Unread {
    type Item = ();

    fn page_info(&self, (): &()) -> PageInfo {
        PageInfo::default()
    }

    fn items((): ()) -> Vec<()> {
        Vec::new()
    }

    fn next(&self, (): &()) -> Option<Self> {
        let offset = self.offset + 1;
        (offset < self.end).then(|| Self { offset, ..self.clone() })
    }
}

const ENDPOINT: Unread = Unread { offset: 100, end: usize::MAX };

/// Returns an access token of 248 characters, which is a usual length.
fn access_token() -> String {
    (1..=31_u64).map(|part| format!("{:08x}", part * 0x9e37_79b9 % 0xffff_fffb)).collect()
}

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
fn waits(step: Step<()>) -> Waiting<()> {
    match step {
        Step::Wait(_, waiting) => waiting,
        other => panic!("expected a delay, got {other:?}"),
    }
}

#[track_caller]
fn reply(step: Step<()>) -> Reply<()> {
    match step {
        Step::Done(Ok(reply)) => reply,
        other => panic!("expected a result, got {other:?}"),
    }
}

/// An application and a session.
struct State {
    app: App,
    session: Session,
    /// The body of every token response.
    token: String,
}

impl State {
    fn with_token() -> Self {
        Self::new(App::without_credentials(), Session::from_access_token(access_token()))
    }

    fn application() -> Self {
        Self::new(App::confidential("id", "secret"), Session::client_credentials())
    }

    fn new(app: App, session: Session) -> Self {
        let token = access_token();
        let token = format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":3600}}"#);
        Self { app, session, token }
    }

    fn start(&mut self, call: Call<()>, now: SystemTime) -> Step<()> {
        call.start(&mut self.app, &mut self.session, now)
    }

    fn resume(&mut self, waiting: Waiting<()>, now: SystemTime) -> Step<()> {
        waiting.resume(&mut self.app, &mut self.session, now)
    }

    fn receive(&mut self, exchange: Exchange<()>, response: Response<&str>, now: SystemTime) -> Step<()> {
        let received = exchange.receive(Ok::<_, ()>(response), now);
        received.apply(&mut self.app, &mut self.session, now).expect("a response")
    }

    /// Sends the request of the step and receives a successful response.
    #[track_caller]
    fn succeeds(&mut self, step: Step<()>, now: SystemTime) -> Reply<()> {
        let (request, exchange) = sent(step);
        black_box(request);
        reply(self.receive(exchange, success(), now))
    }

    /// Executes the token step, saves the tokens, and continues the call.
    #[track_caller]
    fn renewed(&mut self, step: Step<()>, now: SystemTime) -> Step<()> {
        let Step::Authorize(TokenStep::Send(request, exchange), waiting) = step else {
            panic!("expected a token request, got {step:?}")
        };
        black_box(request);
        let received = exchange.receive(Ok::<_, ()>(Response::new(&self.token)));
        let Ok(TokenStep::Save(_, saving)) = received.apply(&mut self.app, &mut self.session, now) else {
            panic!("expected tokens to save")
        };
        let TokenStep::Done(Ok(())) = saving.saved(&mut self.app, &mut self.session, now) else {
            panic!("expected the end of the token step")
        };
        self.resume(waiting, now)
    }
}

/// Measures sequential calls with one session, six seconds apart.
fn calls(
    bencher: Bencher<'_, '_>,
    count: usize,
    state: impl Fn() -> State + Sync,
    one: impl Fn(&mut State, u64) + Sync,
) {
    bencher.counter(ItemsCount::new(count)).with_inputs(state).bench_refs(|state| {
        for number in 0..count as u64 {
            one(state, 6 * number);
        }
    });
}

/// Measures all steps of a call that succeeds at the first attempt.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn success_at_once(bencher: Bencher<'_, '_>, count: usize) {
    calls(bencher, count, State::with_token, |state, time| {
        let step = state.start(Call::new(black_box(ENDPOINT)), at(time));
        black_box(state.succeeds(step, at(time)));
    });
}

/// Measures the part of a call outside the state machine: building the request with its `Authorization`.
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

/// Measures serving a fresh response from the caller's store.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn served_from_the_store(bencher: Bencher<'_, '_>, count: usize) {
    let (key, entry) = stored();
    calls(bencher, count, State::with_token, |_, _| {
        let call = Call::new(black_box(ENDPOINT)).cached(&key, Some(entry.clone()), at(60));
        let Cached::Fresh(reply) = call else { panic!("the entry is fresh") };
        black_box(reply);
    });
}

fn stored() -> (Key, Entry) {
    let key = Key::new(&ENDPOINT, "app");
    let mut state = State::with_token();
    let Cached::Call(call) = Call::new(ENDPOINT).cached(&key, None, at(0)) else {
        panic!("nothing is stored")
    };
    let (_, exchange) = sent(state.start(call, at(0)));
    let response = Response::builder()
        .header("cache-control", "public, max-age=7200")
        .header("etag", "\"MC-IjA4OGZmNTAxNGYxOWRjZmE1MDQ1ZjkwMWZiNjFjZDIwIg==\"")
        .body("{}")
        .expect("a valid response");
    let StoreAction::Put(entry) = reply(state.receive(exchange, response, at(0))).store else {
        panic!("the response can be stored")
    };
    (key, entry)
}

/// Measures a call with a 429, a delay and a second attempt.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn limited_once(bencher: Bencher<'_, '_>, count: usize) {
    calls(bencher, count, State::with_token, |state, time| {
        // One hour apart, so that the reduced rate after a 429 has ended.
        let time = 600 * time;
        let (_, exchange) = sent(state.start(Call::new(black_box(ENDPOINT)), at(time)));
        let waiting = waits(state.receive(exchange, status(StatusCode::TOO_MANY_REQUESTS), at(time)));
        let step = state.resume(waiting, at(time + 2));
        black_box(state.succeeds(step, at(time + 2)));
    });
}

/// Measures a call with a 401, a new token, saving it, and a second attempt.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn refused_once(bencher: Bencher<'_, '_>, count: usize) {
    let state = || {
        let mut state = State::application();
        let step = state.start(Call::new(ENDPOINT), at(0));
        let step = state.renewed(step, at(0));
        state.succeeds(step, at(0));
        state
    };
    calls(bencher, count, state, |state, _| {
        let (_, exchange) = sent(state.start(Call::new(black_box(ENDPOINT)), at(0)));
        let mut response = status(StatusCode::UNAUTHORIZED);
        let challenge = http::HeaderValue::from_static("Bearer error=\"invalid_token\"");
        response.headers_mut().insert(http::header::WWW_AUTHENTICATE, challenge);
        let step = state.receive(exchange, response, at(0));
        let step = state.renewed(step, at(0));
        black_box(state.succeeds(step, at(0)));
    });
}

/// Measures a loop over `count` pages.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn page_loop(bencher: Bencher<'_, '_>, count: usize) {
    let bencher = bencher.counter(ItemsCount::new(count));
    bencher.with_inputs(State::with_token).bench_refs(|state| {
        let mut cursor = Some(Unread { offset: 0, end: black_box(count) });
        while let Some(endpoint) = cursor {
            let step = state.start(Call::new(endpoint.clone()), at(0));
            let reply = state.succeeds(step, at(0));
            cursor = endpoint.next(&reply.value);
        }
    });
}

/// Measures merging the limiter of another process into `count` applications, each of which then delays its call.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn limiter_merged_by_applications(bencher: Bencher<'_, '_>, count: usize) {
    let mut blocked = RateLimiter::default();
    blocked.block_all(Duration::from_secs(5), at(0));
    blocked.block_route("/v1/search", Duration::from_secs(40), at(0));
    let states = || (0..count).map(|_| State::with_token()).collect::<Vec<_>>();
    bencher.counter(ItemsCount::new(count)).with_inputs(states).bench_refs(|states| {
        for state in states {
            let own = std::mem::take(state.app.rate_limiter_mut());
            *state.app.rate_limiter_mut() = own.merge(black_box(&blocked).clone());
            let _waiting = black_box(waits(state.start(Call::new(ENDPOINT), at(1))));
        }
    });
}

/// Measures `count` concurrent calls without a token: one requests it, the others wait for it, and then all succeed.
#[divan::bench(args = COUNTS, max_time = 0.4)]
fn refresh_burst(bencher: Bencher<'_, '_>, count: usize) {
    bencher.counter(ItemsCount::new(count)).with_inputs(State::application).bench_refs(|state| {
        let first = state.start(Call::new(ENDPOINT), at(0));
        let others: Vec<_> = (1..count).map(|_| waits(state.start(Call::new(ENDPOINT), at(0)))).collect();
        let first = state.renewed(first, at(1));
        black_box(state.succeeds(first, at(1)));
        for waiting in others {
            let step = state.resume(waiting, at(1));
            black_box(state.succeeds(step, at(1)));
        }
    });
}
