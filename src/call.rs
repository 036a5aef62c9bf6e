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
//!     │ closed, paced   │  │   │ token answer
//!     ▼                 │  │   ▼
//!   Step::Wait ─resume──┤  │  Step::Save
//!     ▲                 │  │   │
//!     │                 └──┼───┘ resume
//!     └── 429, 5xx, lost, ─┘
//!         202 to a GET
//! ```
//!
//! What bounds it: the policy's tries for the request itself, three token requests, one 401, the policy's time for
//! all waits together, and 1,000 waits. A deadline is looked at before anything is sent or waited for, and never
//! keeps tokens from being saved.

mod core;

use std::fmt;
use std::time::{Duration, SystemTime};

use http::{Request, Response, StatusCode};

use crate::cache::{Entry, Hold, Key, Store};
use crate::endpoint::Endpoint;
use crate::error::{DecodeError, Error};
use crate::origin::Target;
use crate::retry::RetryPolicy;
use crate::session::{Session, Tokens};
use core::{Answered, Core, Leg, Next};

/// A call that has not started: an endpoint, and what it may use.
///
/// Any endpoint becomes one by itself (`From`), so [`Call::new`] is only needed to say more.
///
/// ```
/// # use spotify_proto::{api::SkipToNext, Call, RetryPolicy};
/// # use std::time::{Duration, UNIX_EPOCH};
/// # let now = UNIX_EPOCH;
/// let call = Call::new(SkipToNext::new())
///     .deadline(now + Duration::from_secs(3))
///     .retry(RetryPolicy::new().non_idempotent(true)); // better twice than not at all
/// ```
#[must_use = "a call does nothing until it is started and its steps are followed"]
pub struct Call<T> {
    core: Box<Core>,
    decode: Decode<T>,
}

type Decode<T> = fn(StatusCode, &[u8]) -> Result<T, DecodeError>;

impl<T> Call<T> {
    /// A call of an endpoint.
    pub fn new<E: Endpoint<Output = T>>(endpoint: E) -> Self {
        let mut target = Target::new();
        endpoint.target(&mut target);
        let core = Core::new(const { &E::OPERATION }, target.into_text(), endpoint.body());
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

    /// Tries again by this policy instead of the session's.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.core.retry = Some(policy);
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
///
/// A response cannot reach the wrong call, by type: [`Step::Send`] hands the request out together with its exchange,
/// [`receive`](Self::receive) takes the exchange by value and reads the response as this call's result, and an
/// exchange can neither be copied nor made. So it takes one response, once, and what comes later, or twice, finds
/// nobody that could take it.
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
    /// Where the value came from.
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
    /// Gives the step to go on with, or `None` where a second try is not safe, or where the policy or the deadline
    /// allows none: then the transport's error is the call's. A token request is always safe to repeat.
    pub fn lost(self, session: &mut Session, now: SystemTime) -> Option<Step<T>> {
        let Self { mut call, leg } = self;
        let next = call.core.lost(leg, session, now)?;
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
