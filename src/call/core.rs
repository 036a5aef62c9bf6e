//! The machine without its type: gates before each request, and what becomes of each answer.

use std::time::{Duration, SystemTime};

use http::header::{AUTHORIZATION, HeaderValue};
use http::{Request, Response, StatusCode};

use crate::cache::{Entry, Hold, Key, Store};
use crate::endpoint::{self, Body, Operation};
use crate::error::{AuthError, Bound, Error, Forbidden, RateLimited, Wait, Why, is_outage};
use crate::response;
use crate::retry::{Outcome, RetryPolicy};
use crate::session::{Authorization, Session, Ticket, Tokens};
use crate::time;

/// What a call is about, whatever its result: compiled once for all operations.
#[derive(Clone)]
pub(super) struct Core {
    pub(super) operation: &'static Operation,
    pub(super) target: String,
    body: Body,
    /// Where the answer is stored, if it is.
    pub(super) key: Option<Key>,
    /// The stored answer, as long as it may be of use.
    pub(super) entry: Option<Entry>,
    /// Whether the store held an entry that has turned out to be of no use.
    pub(super) is_entry_bad: bool,
    pub(super) deadline: Option<SystemTime>,
    /// Instead of the session's.
    pub(super) retry: Option<RetryPolicy>,
    /// When the request itself was last handed out.
    requested: SystemTime,
    /// How often the request itself was sent.
    pub(super) tries: u32,
    /// How many token requests this call has sent.
    grants: u32,
    waits: u32,
    /// All waits so far together.
    waited: Duration,
    /// The slot of the next request, where requests keep a pace: kept over a wait, used up by sending.
    slot: Option<SystemTime>,
    was_refused: bool,
}

/// Token requests by one call, at most.
const GRANTS_MAX: u32 = 3;

/// Waits of one call, at most: what bounds a call whose way other calls keep closing.
const WAITS_MAX: u32 = 1000;

/// What a request in flight is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Leg {
    /// A token, under this election.
    Token(Ticket),
    /// The call itself, with the token of this generation.
    Api(u64),
}

/// A step without its type.
pub(super) enum Next {
    Send(Request<Vec<u8>>, Leg),
    Wait(Duration),
    Save(Tokens, u64),
    Fail(Error),
}

/// What became of an answer.
pub(super) enum Answered {
    Success,
    NotModified(Entry, Hold),
    /// An error in whose place the entry may be served.
    Excused(Entry, Error),
    Next(Next),
}

impl Core {
    pub(super) fn new(operation: &'static Operation, target: String, body: Body) -> Self {
        Self {
            operation,
            target,
            body,
            key: None,
            entry: None,
            is_entry_bad: false,
            deadline: None,
            retry: None,
            requested: SystemTime::UNIX_EPOCH,
            tries: 0,
            grants: 0,
            waits: 0,
            waited: Duration::ZERO,
            slot: None,
            was_refused: false,
        }
    }

    /// Passes the gates in their order: deadline, closed doors, token, pace.
    pub(super) fn go_on(&mut self, session: &mut Session, now: SystemTime) -> Next {
        if self.is_late(now) {
            return Next::Fail(Error::Deadline);
        }
        if let Some(wait) = session.closed(self.operation, now) {
            return self.wait(wait, session, now);
        }
        match session.authorize(now) {
            Authorization::Use(header, generation) => {
                let wait = self.queue(session, now);
                wait.unwrap_or_else(|| self.send(header, generation, session, now))
            }
            Authorization::Fetch(request, ticket) if self.grants < GRANTS_MAX => {
                self.grants += 1;
                Next::Send(request, Leg::Token(ticket))
            }
            Authorization::Fetch(_, ticket) => {
                session.token_lost(ticket, now);
                Next::Fail(AuthError::GaveUp.into())
            }
            Authorization::Save(tokens, generation) => Next::Save(tokens, generation),
            Authorization::Wait(wait) => self.wait(wait, session, now),
            Authorization::Refuse(error) => Next::Fail(error),
        }
    }

    fn is_late(&self, at: SystemTime) -> bool {
        self.deadline.is_some_and(|deadline| at >= deadline)
    }

    /// Where requests keep a pace: takes a slot, unless the call holds a good one; `None` when it is now.
    fn queue(&mut self, session: &mut Session, now: SystemTime) -> Option<Next> {
        let slot = session.slot(self.slot, now)?;
        let delay = time::until(slot, now);
        let next = (!delay.is_zero()).then(|| self.wait(Wait::new(delay, Why::Pacing), session, now));
        let is_taken = self.slot == Some(slot);
        // Who is not allowed to wait takes nobody's place.
        let is_refused = matches!(next, Some(Next::Fail(_)));
        if !is_taken && !is_refused {
            session.take_slot(slot, now);
            self.slot = Some(slot);
        }
        next
    }

    fn send(
        &mut self,
        authorization: HeaderValue,
        generation: u64,
        session: &Session,
        now: SystemTime,
    ) -> Next {
        self.tries += 1;
        self.slot = None;
        self.requested = now;
        let mut request = endpoint::build(self.operation, session.api().uri(&self.target), self.body.clone());
        request.headers_mut().insert(AUTHORIZATION, authorization);
        if let Some(entry) = &self.entry {
            request.headers_mut().extend(entry.conditions());
        }
        Next::Send(request, Leg::Api(generation))
    }

    fn policy<'a>(&'a self, session: &'a Session) -> &'a RetryPolicy {
        self.retry.as_ref().unwrap_or(session.policy())
    }

    /// Which bound a wait would break.
    fn bound(&self, delay: Duration, session: &Session, now: SystemTime) -> Option<Bound> {
        let policy = self.policy(session);
        if !policy.allows(delay) {
            Some(Bound::LongestWait)
        } else if self.waits >= WAITS_MAX {
            Some(Bound::Waits)
        } else if !policy.has_time(self.waited, delay) {
            Some(Bound::LongestTotal)
        } else if self.is_late(time::after(now, delay)) {
            Some(Bound::Deadline)
        } else {
            None
        }
    }

    /// Waits, or fails where a bound forbids it.
    fn wait(&mut self, wait: Wait, session: &Session, now: SystemTime) -> Next {
        match self.bound(wait.delay, session, now) {
            None => self.let_pass(wait.delay),
            Some(Bound::Deadline) => Next::Fail(Error::Deadline),
            Some(bound) => Next::Fail(RateLimited::refused(wait, bound).into()),
        }
    }

    fn let_pass(&mut self, delay: Duration) -> Next {
        self.waits += 1;
        self.waited = self.waited.saturating_add(delay);
        Next::Wait(delay)
    }

    /// Waits, or goes straight on where there is nothing to wait for; `None` where a bound forbids the wait.
    fn pause(&mut self, delay: Duration, session: &mut Session, now: SystemTime) -> Option<Next> {
        if delay.is_zero() {
            return Some(self.go_on(session, now));
        }
        self.bound(delay, session, now).is_none().then(|| self.let_pass(delay))
    }

    /// Takes the loss of an answer; `None` where that is the end.
    pub(super) fn lost(&mut self, leg: Leg, session: &mut Session, now: SystemTime) -> Option<Next> {
        let delay = match leg {
            Leg::Token(ticket) => {
                session.token_lost(ticket, now);
                (self.grants < GRANTS_MAX).then_some(Duration::ZERO)
            }
            Leg::Api(_) => session.again(self.retry.as_ref(), self.operation, Outcome::Lost, self.tries),
        }?;
        // The transport's error says more than that the time is over.
        self.pause(delay, session, now).filter(|next| !matches!(next, Next::Fail(Error::Deadline)))
    }

    pub(super) fn token_answered<B: AsRef<[u8]>>(
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

    pub(super) fn answered<B: AsRef<[u8]>>(
        &mut self,
        generation: u64,
        response: &Response<B>,
        session: &mut Session,
        now: SystemTime,
    ) -> Answered {
        let status = response.status();
        if status.is_success() {
            let next = self.not_ready(status, session, now);
            return next.map_or(Answered::Success, Answered::Next);
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
        let (error, outcome) = match error {
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
            Error::RateLimited(limit) => {
                let wait = session.limited(self.operation, &limit, now);
                let has_tries = self.policy(session).has_tries(self.tries);
                let bound = if has_tries { self.bound(wait.delay, session, now) } else { Some(Bound::Tries) };
                (limit.with_wait(wait, bound).into(), Outcome::RateLimited(wait.delay))
            }
            Error::Api(error) if error.forbidden() == Some(Forbidden::Scope) => {
                let error = error.with_missing_scopes(session.missing_scopes(self.operation));
                (Error::Api(error), Outcome::Status(status))
            }
            Error::Api(error) => {
                let outcome = match error.retry_after() {
                    Some(said) if is_outage(status) => Outcome::Outage(status, said.delay(now)),
                    _ => Outcome::Status(status),
                };
                (Error::Api(error), outcome)
            }
            error => (error, Outcome::Status(status)),
        };
        let again = session.again(self.retry.as_ref(), self.operation, outcome, self.tries);
        // Where going on fails for want of time, the error at hand says more.
        let next = again
            .and_then(|delay| self.pause(delay, session, now))
            .filter(|next| !matches!(next, Next::Fail(Error::Deadline)));
        if next.is_none() {
            // RFC 5861 §4: the entry instead of the error, where the server has allowed it.
            if let Some(entry) = self.entry.take_if(|entry| entry.excuses(status, now)) {
                return Answered::Excused(entry, error);
            }
        }
        Answered::Next(next.unwrap_or(Next::Fail(error)))
    }

    /// Asks again later for what a 202 promises (a player while its device wakes up); `None` for every other success,
    /// and where asking again is not allowed: then the answer is what it is.
    fn not_ready(&mut self, status: StatusCode, session: &mut Session, now: SystemTime) -> Option<Next> {
        if status != StatusCode::ACCEPTED {
            return None;
        }
        let outcome = Outcome::Status(status);
        let delay = session.again(self.retry.as_ref(), self.operation, outcome, self.tries)?;
        self.pause(delay, session, now).filter(|next| !matches!(next, Next::Fail(_)))
    }

    /// What to store of a success.
    pub(super) fn store<B: AsRef<[u8]>>(&self, response: &Response<B>, now: SystemTime) -> Store {
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
