//! Helpers for driving calls without I/O: an application with a session, and accessors for steps.

pub mod project;

use std::convert::Infallible;
use std::fmt::Debug;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Request, Response};
use spotify_proto::api::GetAlbum;
use spotify_proto::cache::{Entry, Key};
use spotify_proto::{
    AlbumId, App, Cached, Call, Delay, Error, Exchange, RateLimiter, Reply, RetryPolicy, Saving, Session,
    Step, TokenExchange, TokenStep, Tokens, Waiting,
};

/// A transport error, which represents a lost response.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lost;

/// An application with one session.
#[derive(Debug)]
pub struct World {
    pub app: App,
    pub session: Session,
}

impl World {
    pub fn new(app: App, session: Session) -> Self {
        Self { app, session }
    }

    /// Returns an application without credentials and a session with the given access token.
    pub fn fixed(access_token: &str) -> Self {
        Self::new(App::without_credentials(), Session::from_access_token(access_token))
    }

    pub fn with_retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.app = self.app.with_retry_policy(policy);
        self
    }

    pub fn with_jitter(mut self, seed: u64) -> Self {
        self.app = self.app.with_jitter(seed);
        self
    }

    pub fn with_rate_limiter(mut self, limiter: RateLimiter) -> Self {
        self.app = self.app.with_rate_limiter(limiter);
        self
    }

    pub fn limiter(&mut self) -> &mut RateLimiter {
        self.app.rate_limiter_mut()
    }

    pub fn start<T>(&mut self, call: impl Into<Call<T>>, now: SystemTime) -> Step<T> {
        call.into().start(&mut self.app, &mut self.session, now)
    }

    /// Starts a call unless the stored response is fresh.
    pub fn cached<T>(&mut self, call: Call<T>, key: &Key, entry: Option<Entry>, now: SystemTime) -> Step<T> {
        match call.cached(key, entry, now) {
            Cached::Fresh(reply) => Step::Done(Ok(reply)),
            Cached::Call(call) => self.start(call, now),
        }
    }

    pub fn resume<T>(&mut self, waiting: Waiting<T>, now: SystemTime) -> Step<T> {
        waiting.resume(&mut self.app, &mut self.session, now)
    }

    pub fn receive<T, B: AsRef<[u8]>>(
        &mut self,
        exchange: Exchange<T>,
        response: Response<B>,
        now: SystemTime,
    ) -> Step<T> {
        let received = exchange.receive(Ok::<_, Infallible>(response), now);
        match received.apply(&mut self.app, &mut self.session, now) {
            Ok(step) => step,
            Err(never) => match never {},
        }
    }

    /// Reports a transport error instead of a response; returns `None` if the call ends with the transport error.
    pub fn lose<T>(&mut self, exchange: Exchange<T>, now: SystemTime) -> Option<Step<T>> {
        let received = exchange.receive(Err::<Response<Vec<u8>>, _>(Lost), now);
        received.apply(&mut self.app, &mut self.session, now).ok()
    }

    pub fn receive_token<B: AsRef<[u8]>>(
        &mut self,
        exchange: TokenExchange,
        response: Response<B>,
        now: SystemTime,
    ) -> TokenStep {
        match exchange.receive(Ok::<_, Infallible>(response)).apply(&mut self.app, &mut self.session, now) {
            Ok(step) => step,
            Err(never) => match never {},
        }
    }

    /// Reports a transport error instead of a token response, and checks that the error is returned.
    #[track_caller]
    pub fn lose_token(&mut self, exchange: TokenExchange, now: SystemTime) {
        let received = exchange.receive(Err::<Response<Vec<u8>>, _>(Lost));
        let result = received.apply(&mut self.app, &mut self.session, now);
        assert_eq!(result.err(), Some(Lost));
    }

    pub fn saved(&mut self, saving: Saving, now: SystemTime) -> TokenStep {
        saving.saved(&mut self.app, &mut self.session, now)
    }

    /// Drives a token step to completion: every request receives `response`, and every save succeeds.
    pub fn authorize<B: AsRef<[u8]> + Clone>(
        &mut self,
        mut step: TokenStep,
        response: &Response<B>,
        now: SystemTime,
    ) -> Result<(), Error> {
        loop {
            step = match step {
                TokenStep::Send(_, exchange) => self.receive_token(exchange, response.clone(), now),
                TokenStep::Save(_, saving) => self.saved(saving, now),
                TokenStep::Done(result) => return result,
            }
        }
    }

    /// Obtains `access_token` for a call that needs a token, and resumes the call.
    #[track_caller]
    pub fn authorized<T: Debug>(&mut self, step: Step<T>, access_token: &str, now: SystemTime) -> Step<T> {
        let (step, waiting) = authorizes(step);
        self.authorize(step, &token(access_token), now).expect("the token response should be valid");
        self.resume(waiting, now)
    }
}

/// Returns the time `seconds` after a fixed instant in September 2026.
pub fn later(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000 + seconds)
}

pub fn album() -> GetAlbum {
    GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("expected an id"))
}

/// Returns an application that uses client credentials and has no token yet.
pub fn world() -> World {
    World::new(App::confidential("client", "s3cret"), Session::client_credentials())
}

/// Returns the application of [`world`] with the access token `first`, issued at `later(0)`.
pub fn ready() -> World {
    let mut world = world();
    let step = world.start(album(), later(0));
    drop(world.authorized(step, "first", later(0)));
    world
}

/// Returns a user's session with these tokens, in an application without a client secret.
pub fn user(tokens: Tokens) -> World {
    World::new(App::public("client"), Session::from_tokens(tokens))
}

pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Vec<u8>> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body.as_bytes().to_vec()).expect("valid parts")
}

/// Returns a response with an access token that is valid for an hour.
pub fn token(access_token: &str) -> Response<Vec<u8>> {
    answer(
        200,
        &[("content-type", "application/json")],
        &format!(r#"{{"access_token":"{access_token}","token_type":"Bearer","expires_in":3600,"scope":""}}"#),
    )
}

/// Returns a token response that also contains a new refresh token.
pub fn rotated(access_token: &str, refresh_token: &str) -> Response<Vec<u8>> {
    let body =
        format!(r#"{{"access_token":"{access_token}","expires_in":3600,"refresh_token":"{refresh_token}"}}"#);
    answer(200, &[], &body)
}

#[track_caller]
pub fn sent<T: Debug>(step: Step<T>) -> (Request<Vec<u8>>, Exchange<T>) {
    match step {
        Step::Send(request, exchange) => (request, exchange),
        other => panic!("expected a request, got {other:?}"),
    }
}

#[track_caller]
pub fn delayed<T: Debug>(step: Step<T>) -> (Delay, Waiting<T>) {
    match step {
        Step::Wait(delay, waiting) => (delay, waiting),
        other => panic!("expected a delay, got {other:?}"),
    }
}

#[track_caller]
pub fn waits<T: Debug>(step: Step<T>) -> (Duration, Waiting<T>) {
    let (delay, waiting) = delayed(step);
    (delay.duration, waiting)
}

#[track_caller]
pub fn authorizes<T: Debug>(step: Step<T>) -> (TokenStep, Waiting<T>) {
    match step {
        Step::Authorize(step, waiting) => (step, waiting),
        other => panic!("expected a token step, got {other:?}"),
    }
}

#[track_caller]
pub fn token_request(step: TokenStep) -> (Request<Vec<u8>>, TokenExchange) {
    match step {
        TokenStep::Send(request, exchange) => (request, exchange),
        other => panic!("expected a token request, got {other:?}"),
    }
}

/// Returns the token request of a call that needs a token.
#[track_caller]
pub fn requests_token<T: Debug>(step: Step<T>) -> (Request<Vec<u8>>, TokenExchange, Waiting<T>) {
    let (step, waiting) = authorizes(step);
    let (request, exchange) = token_request(step);
    (request, exchange, waiting)
}

#[track_caller]
pub fn saves(step: TokenStep) -> (Tokens, Saving) {
    match step {
        TokenStep::Save(tokens, saving) => (tokens, saving),
        other => panic!("expected tokens to save, got {other:?}"),
    }
}

#[track_caller]
pub fn ended(step: TokenStep) -> Result<(), Error> {
    match step {
        TokenStep::Done(result) => result,
        other => panic!("expected the last token step, got {other:?}"),
    }
}

#[track_caller]
pub fn done<T: Debug>(step: Step<T>) -> Result<Reply<T>, Error> {
    match step {
        Step::Done(result) => result,
        other => panic!("expected the last step, got {other:?}"),
    }
}

pub fn authorization(request: &Request<Vec<u8>>) -> &str {
    request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default()
}

pub fn access_token(tokens: &Tokens) -> Option<&str> {
    tokens.access_token().map(|token| token.expose())
}

pub fn refresh_token(tokens: &Tokens) -> Option<&str> {
    tokens.refresh_token().map(|token| token.expose())
}

/// Returns the body of a request as text.
pub fn body(request: &Request<Vec<u8>>) -> &str {
    std::str::from_utf8(request.body()).expect("the body should be UTF-8")
}
