//! One call from start to result: the machine that composes the policies.
//!
//! A call is driven by value. [`Call::start`] gives a [`Step`]; every step but the last holds the only thing that
//! can go on from it, and going on consumes it. So there is no wrong order, and an answer cannot reach a call that
//! it does not belong to.
//!
//! ```text
//!            start                         receive, 2xx or 304
//!   Call ────────────▶ Step::Send ───────────────────────────────▶ Step::Done(Ok)
//!     │                 ▲  │   │ └── receive, anything final ─────▶ Step::Done(Err)
//!     │ closed          │  │   │ token answer
//!     ▼                 │  │   ▼
//!   Step::Wait ─resume──┤  │  Step::Save
//!     ▲                 │  │   │
//!     │                 └──┼───┘ resume
//!     └── 429, 5xx, lost ──┘
//! ```
//!
//! What bounds it: the policy's tries for the request itself, three token requests, one 401, and 1,000 waits.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::header::{AUTHORIZATION, HeaderValue};
use http::{Request, Response, StatusCode};

use crate::cache::{Entry, Hold, Key, Store};
use crate::endpoint::{self, Body, Endpoint, Operation};
use crate::error::{AuthError, DecodeError, Error, Forbidden, RateLimited};
use crate::origin::Target;
use crate::response;
use crate::retry::Outcome;
use crate::session::{Authorization, Session, Ticket, Tokens};

/// A call that has not started: an endpoint, and what it may use.
///
/// Any endpoint becomes one by itself (`From`), so [`Call::new`] is only needed to say more.
#[must_use = "a call does nothing until it is started and its steps are followed"]
pub struct Call<T> {
    core: Box<Core>,
    decode: Decode<T>,
}

type Decode<T> = fn(StatusCode, &[u8]) -> Result<T, DecodeError>;

/// What a call is about, whatever its result: compiled once for all operations.
#[derive(Clone)]
struct Core {
    operation: &'static Operation,
    target: String,
    body: Body,
    /// Where the answer is stored, if it is.
    key: Option<Key>,
    /// The stored answer, as long as it may be of use.
    entry: Option<Entry>,
    /// Whether the store held an entry that has turned out to be of no use.
    is_entry_bad: bool,
    deadline: Option<SystemTime>,
    /// When the request itself was last handed out.
    requested: SystemTime,
    /// How often the request itself was sent.
    tries: u32,
    /// How many token requests this call has sent.
    grants: u32,
    waits: u32,
    was_refused: bool,
}

/// Token requests by one call, at most.
const GRANTS_MAX: u32 = 3;

/// Waits of one call, at most: what bounds a call whose way other calls keep closing.
const WAITS_MAX: u32 = 1000;

impl<T> Call<T> {
    /// A call of an endpoint.
    pub fn new<E: Endpoint<Output = T>>(endpoint: E) -> Self {
        let mut target = Target::new();
        endpoint.target(&mut target);
        let core = Core {
            operation: const { &E::OPERATION },
            target: target.into_text(),
            body: endpoint.body(),
            key: None,
            entry: None,
            is_entry_bad: false,
            deadline: None,
            requested: SystemTime::UNIX_EPOCH,
            tries: 0,
            grants: 0,
            waits: 0,
            was_refused: false,
        };
        Self { core: Box::new(core), decode: E::decode }
    }

    /// Uses a store: serves the stored answer while it is fresh, asks whether it still holds when it is not, and
    /// says in [`Reply::store`] what to store under this key. Without this nothing is stored.
    ///
    /// ```
    /// # use spotify_proto::{api::GetTrack, cache::{Entry, Key}, Call, TrackId};
    /// # use std::collections::HashMap;
    /// # let store: HashMap<Key, Entry> = HashMap::new();
    /// let endpoint = GetTrack::new("6rqhFgbbKwnb9MLmUQDhG6".parse::<TrackId>()?);
    /// let key = Key::new(&endpoint, "app");
    /// let call = Call::new(&endpoint).cached(&key, store.get(&key).cloned());
    /// # Ok::<(), spotify_proto::IdError>(())
    /// ```
    ///
    /// An entry of another key, of another user's say, is of no use and will be replaced. With a key of another
    /// request nothing is used or stored.
    pub fn cached(mut self, key: &Key, entry: Option<Entry>) -> Self {
        let is_own = key.target() == self.core.target;
        let (entry, bad) = match entry.filter(|_| is_own) {
            Some(entry) if entry.is_of(key) => (Some(entry), false),
            other => (None, other.is_some()),
        };
        self.core.key = is_own.then(|| key.clone());
        self.core.entry = entry;
        self.core.is_entry_bad = bad;
        self
    }

    /// Gives up rather than send or wait beyond this time.
    pub fn deadline(mut self, at: SystemTime) -> Self {
        self.core.deadline = Some(at);
        self
    }

    /// Begins: gives the first step.
    pub fn start(mut self, session: &mut Session, now: SystemTime) -> Step<T> {
        if let Some(entry) = self.core.entry.take_if(|entry| entry.is_fresh(now)) {
            match (self.decode)(StatusCode::OK, entry.body()) {
                Ok(value) => {
                    return Step::Done(Ok(Reply { value, source: Source::Fresh, store: Store::Keep }));
                }
                Err(_) => self.core.is_entry_bad = true,
            }
        }
        self.go_on(session, now)
    }

    fn go_on(mut self, session: &mut Session, now: SystemTime) -> Step<T> {
        let next = self.core.go_on(session, now);
        self.step(next)
    }

    fn step(self, next: Next) -> Step<T> {
        match next {
            Next::Send(request, leg) => Step::Send(request, Exchange { call: self, leg }),
            Next::Wait(delay) => Step::Wait(delay, Pause { call: self, saved: None }),
            Next::Save(tokens, generation) => {
                Step::Save(tokens, Pause { call: self, saved: Some(generation) })
            }
            Next::Fail(error) => Step::Done(Err(error)),
        }
    }
}

impl<E: Endpoint> From<E> for Call<E::Output> {
    fn from(endpoint: E) -> Self {
        Self::new(endpoint)
    }
}

/// What to do next. It is exhaustive on purpose: a driver with a wildcard arm is a bug.
#[must_use = "the call goes on only when its step is followed"]
#[allow(clippy::exhaustive_enums, reason = "a driver has to handle every step")]
#[allow(clippy::large_enum_variant, reason = "a call moves a few hundred bytes for each network round trip")]
pub enum Step<T> {
    /// Send the request, then give the response to [`Exchange::receive`].
    Send(Request<Vec<u8>>, Exchange<T>),
    /// Let the time pass, then [`Pause::resume`].
    Wait(Duration, Pause<T>),
    /// Put the tokens where they survive a crash, then [`Pause::resume`].
    ///
    /// Where several calls share a session, let no older tokens overwrite newer ones: save one after the other, and
    /// each time what [`Session::tokens`] has at that moment. A late save is asked for again, but a crash may be faster.
    Save(Tokens, Pause<T>),
    /// The call is over.
    Done(Result<Reply<T>, Error>),
}

/// A request on its way: the only thing that can take its response.
#[must_use = "the response, or its loss, belongs here"]
pub struct Exchange<T> {
    call: Call<T>,
    leg: Leg,
}

/// A call that waits for time to pass, or for tokens to be safe.
#[must_use = "the call goes on with `resume`"]
pub struct Pause<T> {
    call: Call<T>,
    /// The generation of the tokens that are safe when it resumes.
    saved: Option<u64>,
}

/// A result, where it came from, and what to store of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reply<T> {
    /// The result.
    pub value: T,
    /// Where it came from.
    pub source: Source,
    /// What to do with the stored entry now.
    pub store: Store,
}

/// Where a result came from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "there is no fifth way")]
pub enum Source {
    /// From the stored entry, without asking: it is fresh.
    Fresh,
    /// From the stored entry; the server confirmed it with a 304.
    Revalidated,
    /// From the stored entry, though it is past its life: the server failed, and had allowed it for that case.
    Stale,
    /// From the server.
    Server,
}

impl<T> Exchange<T> {
    /// Takes the response and gives the next step.
    ///
    /// The session comes after the response in the parameters: in `exchange.receive(send(request)?, &mut lock(), now())`
    /// the lock is taken after the I/O and given back at the end of the statement.
    pub fn receive<B: AsRef<[u8]>>(
        self,
        response: Response<B>,
        session: &mut Session,
        now: SystemTime,
    ) -> Step<T> {
        let Self { mut call, leg } = self;
        let body = response.body().as_ref();
        let answered = match leg {
            Leg::Token(ticket) => call.core.token_answered(ticket, &response, session, now),
            Leg::Api(generation) => call.core.answered(generation, &response, session, now),
        };
        match answered {
            Answered::Next(next) => call.step(next),
            Answered::Success => match (call.decode)(response.status(), body) {
                Ok(value) => {
                    let store = call.core.store(&response, now);
                    Step::Done(Ok(Reply { value, source: Source::Server, store }))
                }
                Err(error) => Step::Done(Err(Error::Decode(error))),
            },
            Answered::NotModified(entry, hold) => match (call.decode)(StatusCode::OK, entry.body()) {
                Ok(value) => {
                    let store = match hold {
                        Hold::Keep => Store::Put(entry),
                        Hold::Drop => Store::Remove,
                    };
                    Step::Done(Ok(Reply { value, source: Source::Revalidated, store }))
                }
                // Written by another version: of no use, ask for the whole.
                Err(_) => {
                    call.core.is_entry_bad = true;
                    call.go_on(session, now)
                }
            },
            Answered::Excused(entry, error) => {
                Step::Done(match (call.decode)(StatusCode::OK, entry.body()) {
                    Ok(value) => Ok(Reply { value, source: Source::Stale, store: Store::Keep }),
                    Err(_) => Err(error),
                })
            }
        }
    }

    /// Takes the news that no response will come: the connection broke, the time ran out.
    ///
    /// Gives the step to go on with, or `None` where a second try is not safe or the policy allows none: then the
    /// transport's error is the call's. A token request is always safe to repeat.
    pub fn lost(self, session: &mut Session, now: SystemTime) -> Option<Step<T>> {
        let Self { mut call, leg } = self;
        let delay = match leg {
            Leg::Token(ticket) => {
                session.token_lost(ticket, now);
                (call.core.grants < GRANTS_MAX).then_some(Duration::ZERO)
            }
            Leg::Api(_) => session.again(call.core.operation, Outcome::Lost, call.core.tries),
        }?;
        let next = call.core.pause(delay, session, now)?;
        Some(call.step(next))
    }
}

impl<T> Pause<T> {
    /// Goes on: gives the next step.
    pub fn resume(self, session: &mut Session, now: SystemTime) -> Step<T> {
        if let Some(generation) = self.saved {
            session.tokens_saved(generation, now);
        }
        self.call.go_on(session, now)
    }
}

/// What a request in flight is for.
#[derive(Clone, Copy, Debug)]
enum Leg {
    /// A token, under this election.
    Token(Ticket),
    /// The call itself, with the token of this generation.
    Api(u64),
}

/// A step without its type.
enum Next {
    Send(Request<Vec<u8>>, Leg),
    Wait(Duration),
    Save(Tokens, u64),
    Fail(Error),
}

/// What became of an answer.
enum Answered {
    Success,
    NotModified(Entry, Hold),
    /// An error in whose place the entry may be served.
    Excused(Entry, Error),
    Next(Next),
}

impl Core {
    /// Passes the gates in their order: deadline, throttle, token.
    fn go_on(&mut self, session: &mut Session, now: SystemTime) -> Next {
        if self.deadline.is_some_and(|at| now >= at) {
            return Next::Fail(Error::Deadline);
        }
        match session.gate(self.operation, now) {
            Err(error) => return Next::Fail(error),
            Ok(Some(wait)) => return self.wait(wait, now).unwrap_or(Next::Fail(Error::Deadline)),
            Ok(None) => {}
        }
        match session.authorize(now) {
            Authorization::Use(header, generation) => self.send(header, generation, session, now),
            Authorization::Fetch(request, ticket) if self.grants < GRANTS_MAX => {
                self.grants += 1;
                Next::Send(request, Leg::Token(ticket))
            }
            Authorization::Fetch(_, ticket) => {
                session.token_lost(ticket, now);
                Next::Fail(AuthError::GaveUp.into())
            }
            Authorization::Save(tokens, generation) => Next::Save(tokens, generation),
            Authorization::Wait(wait) => self.wait(wait, now).unwrap_or(Next::Fail(Error::Deadline)),
            Authorization::Refuse(error) => Next::Fail(error),
        }
    }

    fn send(
        &mut self,
        authorization: HeaderValue,
        generation: u64,
        session: &Session,
        now: SystemTime,
    ) -> Next {
        self.tries += 1;
        self.requested = now;
        let mut request = endpoint::build(self.operation, session.api().uri(&self.target), self.body.clone());
        request.headers_mut().insert(AUTHORIZATION, authorization);
        if let Some(entry) = &self.entry {
            request.headers_mut().extend(entry.conditions());
        }
        Next::Send(request, Leg::Api(generation))
    }

    /// Waits; `None` where the deadline forbids it.
    fn wait(&mut self, delay: Duration, now: SystemTime) -> Option<Next> {
        self.waits += 1;
        if self.waits > WAITS_MAX {
            return Some(Next::Fail(RateLimited::closed(delay).into()));
        }
        let is_late = self.deadline.is_some_and(|at| crate::time::after(now, delay) >= at);
        (!is_late).then_some(Next::Wait(delay))
    }

    /// Waits, or goes straight on where there is nothing to wait for.
    fn pause(&mut self, delay: Duration, session: &mut Session, now: SystemTime) -> Option<Next> {
        if delay.is_zero() { Some(self.go_on(session, now)) } else { self.wait(delay, now) }
    }

    fn token_answered<B: AsRef<[u8]>>(
        &mut self,
        ticket: Ticket,
        response: &Response<B>,
        session: &mut Session,
        now: SystemTime,
    ) -> Answered {
        let body = response.body().as_ref();
        Answered::Next(
            match session.token_answered(ticket, response.status(), response.headers(), body, now) {
                Ok((tokens, generation)) => Next::Save(tokens, generation),
                Err(error) if session.may_pass(&error, ticket) && self.grants < GRANTS_MAX => {
                    self.go_on_or(error, session, now)
                }
                Err(error) => Next::Fail(error),
            },
        )
    }

    /// Goes on; where that would fail for want of time or of a token, fails with the error at hand, which says more.
    fn go_on_or(&mut self, error: Error, session: &mut Session, now: SystemTime) -> Next {
        match self.go_on(session, now) {
            Next::Fail(Error::Deadline | Error::Auth(AuthError::NoToken)) => Next::Fail(error),
            next => next,
        }
    }

    fn answered<B: AsRef<[u8]>>(
        &mut self,
        generation: u64,
        response: &Response<B>,
        session: &mut Session,
        now: SystemTime,
    ) -> Answered {
        let status = response.status();
        if status.is_success() {
            return Answered::Success;
        }
        if status == StatusCode::NOT_MODIFIED {
            // Only an answer to our own question counts.
            if let Some(mut entry) = self.entry.take_if(|entry| !entry.conditions().is_empty()) {
                if let Some(hold) = entry.confirm(response.headers(), self.requested, now) {
                    return Answered::NotModified(entry, hold);
                }
                // About another entry: ask for the whole.
                self.is_entry_bad = true;
                return Answered::Next(self.go_on(session, now));
            }
        }
        let error = response::error(self.operation, status, response.headers(), response.body().as_ref());
        let outcome = match &error {
            Error::Auth(_) => {
                session.token_refused(generation);
                let is_first = !std::mem::replace(&mut self.was_refused, true);
                // The request was not acted on: it may be sent again whatever it does.
                return Answered::Next(if is_first {
                    self.go_on_or(error, session, now)
                } else {
                    Next::Fail(error)
                });
            }
            Error::RateLimited(limit) => Outcome::RateLimited(session.limited(self.operation, limit, now)),
            _ => Outcome::Status(status),
        };
        let error = match error {
            Error::Api(error) if error.forbidden() == Some(Forbidden::Scope) => {
                Error::Api(error.with_missing_scopes(session.missing_scopes(self.operation)))
            }
            error => error,
        };
        let again = session.again(self.operation, outcome, self.tries);
        let next = again.and_then(|delay| self.pause(delay, session, now));
        if next.is_none() {
            // RFC 5861 §4: the entry instead of the error, where the server has allowed it.
            if let Some(entry) = self.entry.take_if(|entry| entry.excuses(status, now)) {
                return Answered::Excused(entry, error);
            }
        }
        Answered::Next(next.unwrap_or(Next::Fail(error)))
    }

    /// What to store of a success.
    fn store<B: AsRef<[u8]>>(&self, response: &Response<B>, now: SystemTime) -> Store {
        let made = self
            .key
            .as_ref()
            .and_then(|key| Entry::of(key, &self.operation.method, response, self.requested, now));
        match made {
            Some(entry) => Store::Put(entry),
            None if self.entry.is_some() || self.is_entry_bad => Store::Remove,
            None => Store::Keep,
        }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.core.operation.id)
            .field("target", &self.core.target)
            .field("tries", &self.core.tries)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Exchange<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("call", &self.call).field("leg", &self.leg).finish()
    }
}

impl<T> fmt::Debug for Pause<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pause").field("call", &self.call).finish()
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
            Self::Wait(delay, pause) => f.debug_tuple("Wait").field(delay).field(pause).finish(),
            Self::Save(tokens, pause) => f.debug_tuple("Save").field(tokens).field(pause).finish(),
            Self::Done(result) => f.debug_tuple("Done").field(result).finish(),
        }
    }
}
