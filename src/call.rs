//! Calls: state machines that lead from the first request to the result.
//!
//! [`Call::start`] returns a [`Step`]. Every step except the last contains the only value that can continue the call,
//! and continuing consumes that value. Steps can therefore not be executed in the wrong order, and a response cannot be
//! passed to a different call.
//!
//! | from | on | to |
//! |---|---|---|
//! | `start`, `resume` | a valid token and no block | `Send` |
//! | `start`, `resume` | no token, a token about to expire, or unsaved tokens | `Authorize` (a request, or a save) |
//! | `start`, `resume` | a block, the pace, or a token request by another call | `Wait` |
//! | `start`, `resume` | deadline passed, limits exceeded, no credentials | `Done(Err)` |
//! | `receive`, `apply` | 2xx, or 304 for a stored response | `Done(Ok)` |
//! | `receive`, `apply` | 429, 5xx, lost, 202 to a GET, transient 401 | `Wait` |
//! | `receive`, `apply` | 401 for an expired token | `Authorize` |
//! | `receive`, `apply` | any other error, or limits exceeded | `Done(Err)`, or the transport's error |
//!
//! A call is bounded by the retry policy's maximum number of attempts and maximum total delay, by three failed token
//! requests, by one new token, and by 1,000 delays. The deadline is checked before a request is sent and before a
//! delay.

mod machine;
mod received;

use std::fmt;
use std::time::{Duration, SystemTime};

use http::{HeaderValue, Request, Response};

use crate::app::App;
use crate::cache::{Entry, Key, StoreAction};
use crate::endpoint::{self, Body, Endpoint};
use crate::error::{DecodeError, Error, RequestError};
use crate::limit::RetryPolicy;
use crate::response::ResponseRef;
use crate::session::{Credentials, Session, TokenExchange, TokenStep};
use crate::types::delay::Delay;
use crate::types::language::Language;
use crate::types::operation::Operation;
use crate::types::origin::Target;
use machine::{Machine, Transition};

pub use received::Received;

/// A call that has not started: an endpoint and its options.
///
/// Every endpoint converts into a call, so [`Call::new`] is only required to set options.
///
/// ```
/// # use spotify_proto::{api::SkipToNext, Call, RetryPolicy};
/// # use std::time::{Duration, UNIX_EPOCH};
/// # let now = UNIX_EPOCH;
/// let call = Call::new(SkipToNext::new())
///     .deadline(now + Duration::from_secs(3))
///     .retry(RetryPolicy::new().retry_non_idempotent(true)); // skipping two tracks is acceptable
/// ```
#[must_use = "a call does nothing until it is started and its steps are executed"]
pub struct Call<T>(Box<Parts<dyn Erased<T>>>);

/// The parts of a call in a single allocation. A call without options needs no other allocation.
struct Parts<E: ?Sized> {
    machine: Machine,
    endpoint: E,
}

/// A type-erased endpoint.
trait Erased<T>: Send + Sync {
    fn target(&self, target: &mut Target);
    fn body(&self) -> Body;
    fn decode(&self, response: ResponseRef<'_>) -> Result<T, DecodeError>;
}

impl<E: Endpoint> Erased<E::Output> for E {
    fn target(&self, target: &mut Target) {
        Endpoint::target(self, target);
    }

    fn body(&self) -> Body {
        Endpoint::body(self)
    }

    fn decode(&self, response: ResponseRef<'_>) -> Result<E::Output, DecodeError> {
        Endpoint::decode(self, response)
    }
}

impl<T> Parts<dyn Erased<T>> {
    /// Returns the path and query of the request. They are built for each attempt, so that a call in flight does not
    /// retain them.
    fn target(&self) -> Target {
        let mut target = Target::new();
        self.endpoint.target(&mut target);
        target
    }

    /// Returns the target if the response can be stored: if the request is a GET and the target can be written.
    fn cacheable_target(&self) -> Option<Target> {
        let is_get = self.machine.operation.method == http::Method::GET;
        is_get.then(|| self.target()).filter(|target| target.error().is_none())
    }

    /// Returns the target with the path of the application's origin.
    fn full_target(&self, app: &App) -> Target {
        let mut target = Target::below(app.api());
        self.endpoint.target(&mut target);
        target
    }

    fn request(&self, target: Target, authorization: HeaderValue, app: &App) -> Request<Vec<u8>> {
        let (operation, uri) = (self.machine.operation, target.into_uri(app.api()));
        let mut request = endpoint::build(operation, uri, self.endpoint.body());
        self.machine.complete(request.headers_mut(), authorization, app);
        request
    }
}

impl<T> Call<T> {
    /// Creates a call to an endpoint. The call owns the endpoint, which decodes the response.
    pub fn new<E: Endpoint<Output = T>>(endpoint: E) -> Self {
        let mut machine = Machine::new(const { &E::OPERATION });
        if let Err(error) = endpoint.check() {
            machine.options_mut().forbidden = Some(error);
        }
        Self(Box::new(Parts { machine, endpoint }))
    }

    /// Sends the request even if it violates a rule of the reference, for example a limit that Spotify has raised; see
    /// [`Endpoint::check`]. A request whose target cannot be written is never sent; see [`Target::error`].
    pub fn unchecked(mut self) -> Self {
        if let Some(options) = &mut self.0.machine.options {
            options.forbidden = None;
        }
        self
    }

    /// Sets the deadline, after which the call neither sends a request nor waits. By default, there is no deadline.
    pub fn deadline(mut self, at: SystemTime) -> Self {
        self.0.machine.deadline = Some(at);
        self
    }

    /// Sets a retry policy instead of the application's.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.0.machine.options_mut().retry = Some(policy);
        self
    }

    /// Sets the preferred language of names and descriptions (`Accept-Language`) instead of the application's.
    pub fn language(mut self, language: Language) -> Self {
        self.0.machine.options_mut().language = Some(language);
        self
    }

    /// Returns the key under which a response to this call may be stored; `None` unless the call is a GET whose target
    /// can be written ([`Target::error`]).
    ///
    /// The partition identifies the user to whom the response belongs: a user's id, or a name for the application
    /// itself. The language is part of the key.
    #[must_use]
    pub fn key(&self, app: &App, partition: impl fmt::Display) -> Option<Key> {
        let (machine, target) = (&self.0.machine, self.0.cacheable_target()?);
        Some(Key::of(partition, machine.operation.id, target.as_str(), machine.language(app)))
    }

    /// Uses a stored response: returns it if it is fresh, and otherwise returns a call that revalidates it. The
    /// [`Reply::store`] of that call is the action on the entry for the key. A call without a key stores nothing.
    ///
    /// ```
    /// # use spotify_proto::{api::GetTrack, cache::{Entry, Key}, App, Cached, Call, TrackId};
    /// # use std::{collections::HashMap, time::UNIX_EPOCH};
    /// # let (app, store, now) = (App::without_credentials(), HashMap::<Key, Entry>::new(), UNIX_EPOCH);
    /// let call = Call::new(GetTrack::new("6rqhFgbbKwnb9MLmUQDhG6".parse::<TrackId>()?));
    /// let key = call.key(&app, "app").expect("a GET");
    /// match call.cached(&key, store.get(&key).cloned(), now) {
    ///     Cached::Fresh(reply) => println!("{}", reply.value.name),
    ///     Cached::Call(call) => { /* start it */ }
    /// }
    /// # Ok::<(), spotify_proto::IdError>(())
    /// ```
    ///
    /// An entry for a different key, such as another user's, is not used and will be replaced. If the key belongs to a
    /// different request, or if the call is not a GET, nothing is used or stored.
    pub fn cached(mut self, key: &Key, entry: Option<Entry>, now: SystemTime) -> Cached<T> {
        if self.0.cacheable_target().is_none_or(|target| key.target() != target.as_str()) {
            return Cached::Call(self);
        }
        let (mut entry, is_foreign) = match entry {
            Some(entry) if entry.is_of(key) => (Some(entry), false),
            other => (None, other.is_some()),
        };
        let mut is_bad = is_foreign;
        if let Some(fresh) = entry.take_if(|entry| entry.is_fresh(now)) {
            match self.0.endpoint.decode(fresh.response()) {
                Ok(value) => return Cached::Fresh(Reply::new(value, Source::Fresh, StoreAction::Keep)),
                Err(_) => is_bad = true,
            }
        }
        let options = self.0.machine.options_mut();
        (options.key, options.entry, options.is_entry_bad) = (Some(key.clone()), entry, is_bad);
        Cached::Call(self)
    }

    /// Allows the use of a stored response that has been stale for at most `max_stale`, if the connection is lost and
    /// the request must not be sent again (RFC 9111 §4.2.4). The default is zero: the call fails unless the server has
    /// allowed stale responses with `stale-if-error`.
    ///
    /// The option applies to calls with a stored response ([`cached`](Self::cached)). A response with
    /// `must-revalidate`, `no-cache` or `Vary: Authorization` is never served stale. If a stale response is served, the
    /// [`Source`] of the reply is [`Source::Stale`].
    ///
    /// ```
    /// # use spotify_proto::{api::GetTrack, Call, TrackId};
    /// # use std::time::Duration;
    /// let track: TrackId = "6rqhFgbbKwnb9MLmUQDhG6".parse()?;
    /// let call = Call::new(GetTrack::new(track)).stale_if_lost(Duration::from_secs(24 * 60 * 60));
    /// # Ok::<(), spotify_proto::IdError>(())
    /// ```
    pub fn stale_if_lost(mut self, max_stale: Duration) -> Self {
        self.0.machine.options_mut().max_stale_if_lost = max_stale;
        self
    }

    /// Returns the operation and the progress of the call, for logs and metrics.
    #[must_use]
    pub fn info(&self) -> CallInfo {
        self.0.machine.info()
    }

    /// Starts the call and returns its first step.
    pub fn start(mut self, app: &mut App, session: &mut Session, now: SystemTime) -> Step<T> {
        let target = self.0.full_target(app);
        if let Err(error) = RequestError::check_target(self.0.machine.operation.id, &target) {
            return Step::Done(Err(error.into()));
        }
        let transition = self.0.machine.start(app, session, now);
        self.step(transition, Some(target), app, session)
    }

    fn advance(mut self, app: &mut App, session: &mut Session, now: SystemTime) -> Step<T> {
        let transition = self.0.machine.advance(app, session, now);
        self.step(transition, None, app, session)
    }

    fn step(self, transition: Transition, target: Option<Target>, app: &App, session: &Session) -> Step<T> {
        match transition {
            Transition::Send(authorization, generation) => {
                let target = target.unwrap_or_else(|| self.0.full_target(app));
                let request = self.0.request(target, authorization, app);
                Step::Send(
                    request,
                    Exchange { call: self, generation, credentials: session.credentials(app) },
                )
            }
            Transition::Authorize(step) => Step::Authorize(step, Waiting { call: self }),
            Transition::Wait(delay) => Step::Wait(delay, Waiting { call: self }),
            Transition::Fail(error) => Step::Done(Err(error)),
        }
    }
}

impl<E: Endpoint> From<E> for Call<E::Output> {
    fn from(endpoint: E) -> Self {
        Self::new(endpoint)
    }
}

/// A fresh stored response, or the call that sends a request.
#[must_use = "the call does nothing until it is started"]
#[allow(clippy::exhaustive_enums, reason = "callers match it exhaustively")]
#[allow(clippy::large_enum_variant, reason = "the value is moved once per call")]
pub enum Cached<T> {
    /// The stored response is fresh.
    Fresh(Reply<T>),
    /// No usable response is stored, or the stored response has to be revalidated.
    Call(Call<T>),
}

impl<T: fmt::Debug> fmt::Debug for Cached<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fresh(reply) => f.debug_tuple("Fresh").field(reply).finish(),
            Self::Call(call) => f.debug_tuple("Call").field(call).finish(),
        }
    }
}

/// The operation and the progress of a call.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CallInfo {
    /// The operation: its [`id`](Operation::id) and [`route`](Operation::route) are labels for logs and metrics.
    pub operation: &'static Operation,
    /// Number of attempts so far, not counting attempts that ended with a 429; 0 before the first attempt.
    pub attempt: u32,
    /// The call's deadline, if it has one.
    pub deadline: Option<SystemTime>,
}

impl CallInfo {
    /// Returns the transport timeout for the next response: the time until the deadline, but at most 60 seconds.
    #[must_use]
    pub fn timeout(&self, now: SystemTime) -> Duration {
        let left = self.deadline.map(|at| crate::types::time::until(at, now));
        left.map_or(TokenExchange::TIMEOUT, |left| left.min(TokenExchange::TIMEOUT))
    }
}

/// The next step of a call. The enum is exhaustive because a driver has to handle every step.
#[must_use = "the call does not continue until its step is executed"]
#[allow(clippy::exhaustive_enums, reason = "a driver has to handle every step")]
#[allow(clippy::large_enum_variant, reason = "a call moves a few hundred bytes per network round trip")]
pub enum Step<T> {
    /// Send the request, and then pass the transport's result to [`Exchange::receive`].
    Send(Request<Vec<u8>>, Exchange<T>),
    /// The session needs a token. Execute the token step, preferably in a separate task, and [resume](Waiting::resume)
    /// the call, either immediately or afterwards. A call that is resumed while the token step is in progress returns
    /// [`Step::Wait`].
    Authorize(TokenStep, Waiting<T>),
    /// Wait for the delay, and then [resume](Waiting::resume) the call.
    Wait(Delay, Waiting<T>),
    /// The call has ended.
    Done(Result<Reply<T>, Error>),
}

impl<T> Step<T> {
    /// Returns the operation and the progress of the call, for logs and metrics; `None` if the call has ended.
    #[must_use]
    pub fn info(&self) -> Option<CallInfo> {
        match self {
            Self::Send(_, exchange) => Some(exchange.info()),
            Self::Authorize(_, waiting) | Self::Wait(_, waiting) => Some(waiting.info()),
            Self::Done(_) => None,
        }
    }
}

/// A request in flight, to which the response is passed.
///
/// [`Step::Send`] contains the exchange together with the request, and [`receive`](Self::receive) consumes it. An
/// exchange can be neither copied nor constructed, so a response cannot be passed to a different call, and a request
/// cannot have two responses.
#[must_use = "pass the response or the transport's error to `receive`"]
pub struct Exchange<T> {
    call: Call<T>,
    /// Generation of the token in the request.
    generation: u64,
    /// The secrets of the session that sent the request, which must not appear in errors.
    credentials: Credentials,
}

impl<T> Exchange<T> {
    /// Receives the response or the error of the transport, and decodes the response.
    ///
    /// The method requires neither the application nor the session, so no lock is held while the body is decoded. `now`
    /// is the time of receipt. Apply the result with [`Received::apply`].
    pub fn receive<B: AsRef<[u8]>, E>(
        self,
        result: Result<Response<B>, E>,
        now: SystemTime,
    ) -> Received<T, E> {
        Received::new(self, result, now)
    }

    /// Returns the operation and the progress of the call, for logs, metrics and the transport's timeout.
    #[must_use]
    pub fn info(&self) -> CallInfo {
        self.call.info()
    }
}

/// A call that waits for a delay or for a token.
#[must_use = "the call continues with `resume`"]
pub struct Waiting<T> {
    call: Call<T>,
}

impl<T> Waiting<T> {
    /// Continues the call and returns its next step.
    pub fn resume(self, app: &mut App, session: &mut Session, now: SystemTime) -> Step<T> {
        self.call.advance(app, session, now)
    }

    /// Returns the operation and the progress of the call, for logs and metrics.
    #[must_use]
    pub fn info(&self) -> CallInfo {
        self.call.info()
    }
}

/// A result with its source and the action on the stored entry.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reply<T> {
    /// The result.
    pub value: T,
    /// Source of the value.
    pub source: Source,
    /// Action on the stored entry.
    pub store: StoreAction,
}

impl<T> Reply<T> {
    /// Creates a reply, for tests of code that handles replies.
    #[must_use]
    pub fn new(value: T, source: Source, store: StoreAction) -> Self {
        Self { value, source, store }
    }
}

/// Source of a result.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "a result has no other source")]
pub enum Source {
    /// The fresh stored entry, without a request.
    Fresh,
    /// The stored entry, which the server confirmed with a 304.
    Revalidated,
    /// The stale stored entry, because the server failed or could not be reached. Stale entries are used only if
    /// `stale-if-error` of the server or [`Call::stale_if_lost`] allows this.
    Stale,
    /// The server.
    Server,
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.0.machine.operation.id)
            .field("target", &self.0.target().as_str())
            .field("attempts", &self.0.machine.attempts)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Exchange<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("call", &self.call).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Waiting<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").field("call", &self.call).finish()
    }
}

/// Omits the header fields and the body of the request, which contain tokens.
impl<T: fmt::Debug> fmt::Debug for Step<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(request, exchange) => f
                .debug_tuple("Send")
                .field(&format_args!("{} {}", request.method(), request.uri()))
                .field(exchange)
                .finish(),
            Self::Authorize(step, waiting) => f.debug_tuple("Authorize").field(step).field(waiting).finish(),
            Self::Wait(delay, waiting) => f.debug_tuple("Wait").field(delay).field(waiting).finish(),
            Self::Done(result) => f.debug_tuple("Done").field(result).finish(),
        }
    }
}
