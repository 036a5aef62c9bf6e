//! One call from start to result: the machine that composes the policies.
//!
//! A call is driven by value. [`Call::start`] returns a [`Step`]; every step but the last holds the only thing that
//! can continue from it, and continuing consumes it. So there is no wrong order, and a response cannot reach a call
//! that it does not belong to.
//!
//! | from | on | to |
//! |---|---|---|
//! | `start`, `resume` | a valid token, nothing in the way | `Send` |
//! | `start`, `resume` | no token, or one about to expire; or tokens that are not saved yet | `Authorize` (a request, or a save) |
//! | `start`, `resume` | blocked, paced, or a token request under way elsewhere | `Wait` |
//! | `start`, `resume` | deadline passed, limits exceeded, no way to get a token | `Done(Err)` |
//! | `receive`, `apply` | 2xx, or 304 for a stored response | `Done(Ok)` |
//! | `receive`, `apply` | 429, 5xx, lost, 202 to a GET, 401 that may pass | `Wait` |
//! | `receive`, `apply` | 401 for an expired token | `Authorize` |
//! | `receive`, `apply` | any other error, or limits exceeded | `Done(Err)`, or the transport's error |
//!
//! What bounds it: the policy's attempts for the request itself, three failed token requests, one new token, the
//! policy's total time for delays, and 1,000 delays. A deadline is checked before anything is sent or waited for.

mod machine;
mod received;

use std::fmt;
use std::time::{Duration, SystemTime};

use http::{HeaderValue, Request, Response};

use crate::app::App;
use crate::cache::{Entry, Key, StoreAction};
use crate::endpoint::{self, Body, Endpoint};
use crate::error::{DecodeError, Error};
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
/// Every endpoint converts into one (`From`), so [`Call::new`] is only needed to set options.
///
/// ```
/// # use spotify_proto::{api::SkipToNext, Call, RetryPolicy};
/// # use std::time::{Duration, UNIX_EPOCH};
/// # let now = UNIX_EPOCH;
/// let call = Call::new(SkipToNext::new())
///     .deadline(now + Duration::from_secs(3))
///     .retry(RetryPolicy::new().retry_non_idempotent(true)); // skipping twice is better than not at all
/// ```
#[must_use = "a call does nothing until it is started and its steps are followed"]
pub struct Call<T>(Box<Parts<dyn Erased<T>>>);

/// The parts of a call, in one allocation: that is all the memory of a call without options.
struct Parts<E: ?Sized> {
    machine: Machine,
    endpoint: E,
}

/// An endpoint, apart from its type.
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
    /// Path and query of the request. They are written anew for each attempt, so that a call in flight does not hold
    /// them.
    fn target(&self) -> Target {
        let mut target = Target::new();
        self.endpoint.target(&mut target);
        target
    }

    fn request(&self, authorization: HeaderValue, app: &App) -> Request<Vec<u8>> {
        let mut target = Target::below(app.api());
        self.endpoint.target(&mut target);
        let (operation, uri) = (self.machine.operation, target.into_uri(app.api()));
        let mut request = endpoint::build(operation, uri, self.endpoint.body());
        self.machine.complete(request.headers_mut(), authorization, app);
        request
    }
}

impl<T> Call<T> {
    /// Creates a call of an endpoint. The call owns the endpoint, which decodes the response.
    pub fn new<E: Endpoint<Output = T>>(endpoint: E) -> Self {
        let mut machine = Machine::new(const { &E::OPERATION });
        if let Err(error) = endpoint.check() {
            machine.options_mut().forbidden = Some(error);
        }
        Self(Box::new(Parts { machine, endpoint }))
    }

    /// Sends the request even if the reference forbids it, for limits that Spotify has raised; see
    /// [`Endpoint::check`].
    pub fn unchecked(mut self) -> Self {
        if let Some(options) = &mut self.0.machine.options {
            options.forbidden = None;
        }
        self
    }

    /// Sets an instant beyond which the call neither sends nor waits. The default is none.
    pub fn deadline(mut self, at: SystemTime) -> Self {
        self.0.machine.deadline = Some(at);
        self
    }

    /// Sets a retry policy instead of the application's.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.0.machine.options_mut().retry = Some(policy);
        self
    }

    /// Asks for names in this language instead of the application's (`Accept-Language`).
    pub fn language(mut self, language: Language) -> Self {
        self.0.machine.options_mut().language = Some(language);
        self
    }

    /// The key under which a response to this call may be stored; `None` for everything but a GET.
    ///
    /// The partition is the one that the response is for: a user's id, or a name for the application itself. The
    /// language is part of the key.
    #[must_use]
    pub fn key(&self, app: &App, partition: impl fmt::Display) -> Option<Key> {
        let machine = &self.0.machine;
        let is_get = machine.operation.method == http::Method::GET;
        is_get.then(|| {
            Key::of(partition, machine.operation.id, self.0.target().as_str(), machine.language(app))
        })
    }

    /// Uses a store: returns the stored response while it is fresh, otherwise a call that revalidates it and whose
    /// [`Reply::store`] says what to store under this key. A call that was not given a key stores nothing.
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
    /// An entry of another key, such as another user's, is not used and will be replaced. With the key of another
    /// request, or for anything but a GET, nothing is used or stored.
    pub fn cached(mut self, key: &Key, entry: Option<Entry>, now: SystemTime) -> Cached<T> {
        let is_get = self.0.machine.operation.method == http::Method::GET;
        if !is_get || key.target() != self.0.target().as_str() {
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

    /// Serves the stored response, up to this long after it has become stale, if the connection is lost and the request may
    /// not be sent again (RFC 9111 §4.2.4). The default is zero: the call fails, unless the server has allowed it with
    /// `stale-if-error`.
    ///
    /// It applies to calls with a stored response ([`cached`](Self::cached)). A response with `must-revalidate`,
    /// `no-cache` or `Vary: Authorization` is never served stale. The [`Source`] of the reply is [`Source::Stale`].
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

    /// Returns what the call is about, for logs and metrics.
    #[must_use]
    pub fn info(&self) -> CallInfo {
        self.0.machine.info()
    }

    /// Starts the call and returns its first step.
    pub fn start(mut self, app: &mut App, session: &mut Session, now: SystemTime) -> Step<T> {
        let transition = self.0.machine.start(app, session, now);
        self.step(transition, app, session)
    }

    fn advance(mut self, app: &mut App, session: &mut Session, now: SystemTime) -> Step<T> {
        let transition = self.0.machine.advance(app, session, now);
        self.step(transition, app, session)
    }

    fn step(self, transition: Transition, app: &App, session: &Session) -> Step<T> {
        match transition {
            Transition::Send(authorization, generation) => {
                let request = self.0.request(authorization, app);
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

/// A stored response, or the call that asks the server.
#[must_use = "the call does nothing until it is started"]
#[allow(clippy::exhaustive_enums, reason = "callers match it whole")]
#[allow(clippy::large_enum_variant, reason = "it moves once for each call")]
pub enum Cached<T> {
    /// The stored response is fresh.
    Fresh(Reply<T>),
    /// Nothing usable is stored, or it has to be revalidated.
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
    /// Number of times the request has been sent, those that got a 429 excepted; 0 before the first time.
    pub attempt: u32,
    /// The call's deadline, if it has one.
    pub deadline: Option<SystemTime>,
}

impl CallInfo {
    /// Returns how long a transport may take for the next response: the time until the deadline, at most 60 seconds.
    #[must_use]
    pub fn timeout(&self, now: SystemTime) -> Duration {
        let left = self.deadline.map(|at| crate::types::time::until(at, now));
        left.map_or(TokenExchange::TIMEOUT, |left| left.min(TokenExchange::TIMEOUT))
    }
}

/// The next step of a call. The enum is exhaustive: a driver handles every step.
#[must_use = "the call continues only when its step is followed"]
#[allow(clippy::exhaustive_enums, reason = "a driver has to handle every step")]
#[allow(clippy::large_enum_variant, reason = "a call moves a few hundred bytes for each network round trip")]
pub enum Step<T> {
    /// Send the request, then pass the transport's result to [`Exchange::receive`].
    Send(Request<Vec<u8>>, Exchange<T>),
    /// The session needs a token: follow the token step, best in a task of its own, and [resume](Waiting::resume) the
    /// call, at once or afterwards. While the token step is under way elsewhere the call is given [`Step::Wait`].
    Authorize(TokenStep, Waiting<T>),
    /// Let the delay pass, then [resume](Waiting::resume).
    Wait(Delay, Waiting<T>),
    /// The call has ended.
    Done(Result<Reply<T>, Error>),
}

impl<T> Step<T> {
    /// The operation and the progress of the call, for logs and metrics; `None` if the call has ended.
    #[must_use]
    pub fn info(&self) -> Option<CallInfo> {
        match self {
            Self::Send(_, exchange) => Some(exchange.info()),
            Self::Authorize(_, waiting) | Self::Wait(_, waiting) => Some(waiting.info()),
            Self::Done(_) => None,
        }
    }
}

/// A request in flight: the only thing that can take its response.
///
/// [`Step::Send`] returns it together with the request, and [`receive`](Self::receive) takes it by value. It can be
/// neither copied nor made, so a response cannot reach another call, and a second response to the same request has
/// nowhere to go.
#[must_use = "the response, or the transport's error, belongs here"]
pub struct Exchange<T> {
    call: Call<T>,
    /// The generation of the token that the request holds.
    generation: u64,
    /// Secrets of the session that sent the request, to be kept out of errors.
    credentials: Credentials,
}

impl<T> Exchange<T> {
    /// Takes what the transport returned, a response or its error, and decodes it.
    ///
    /// This needs neither application nor session, so no lock is held while a body is decoded. `now` is the time of
    /// receipt. The result is applied with [`Received::apply`].
    pub fn receive<B: AsRef<[u8]>, E>(
        self,
        result: Result<Response<B>, E>,
        now: SystemTime,
    ) -> Received<T, E> {
        Received::new(self, result, now)
    }

    /// Returns what the call is about, for logs, metrics and the transport's timeout.
    #[must_use]
    pub fn info(&self) -> CallInfo {
        self.call.info()
    }
}

/// A call that waits: for a delay to pass, or for a token.
#[must_use = "the call continues with `resume`"]
pub struct Waiting<T> {
    call: Call<T>,
}

impl<T> Waiting<T> {
    /// Continues the call and returns its next step.
    pub fn resume(self, app: &mut App, session: &mut Session, now: SystemTime) -> Step<T> {
        self.call.advance(app, session, now)
    }

    /// Returns what the call is about, for logs and metrics.
    #[must_use]
    pub fn info(&self) -> CallInfo {
        self.call.info()
    }
}

/// A result, where it came from, and what to store.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reply<T> {
    /// The result.
    pub value: T,
    /// Origin of the value.
    pub source: Source,
    /// Action for the stored entry.
    pub store: StoreAction,
}

impl<T> Reply<T> {
    /// A reply, for tests of code that takes one.
    #[must_use]
    pub fn new(value: T, source: Source, store: StoreAction) -> Self {
        Self { value, source, store }
    }
}

/// Origin of a result.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "there is no fifth way")]
pub enum Source {
    /// From the stored entry, without a request: it is fresh.
    Fresh,
    /// From the stored entry, which the server confirmed with a 304.
    Revalidated,
    /// From the stored entry although it is stale: the server failed or could not be reached, and it
    /// (`stale-if-error`) or the caller ([`Call::stale_if_lost`]) has allowed that.
    Stale,
    /// From the server.
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

/// Without headers and body of the request: they hold tokens.
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
