//! The state machine of a call, independent of the type of the result: the checks before each request, and the
//! consequence of each outcome.

use std::time::{Duration, SystemTime};

use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, HeaderValue};
use http::{HeaderMap, Response, StatusCode};

use super::CallInfo;
use crate::app::App;
use crate::auth::token_machine::TokenDecision;
use crate::cache::{Entry, Key, StoreAction};
use crate::error::{
    ApiError, AuthError, Error, RateLimited, RequestError, ScopeError, Throttled, Unauthorized,
    command_took_effect, is_outage, unauthorized,
};
use crate::limit::{AttemptOutcome, Place, Queue, RetryPolicy, fraction};
use crate::session::{Owner, Session, TokenStep};
use crate::types::delay::{Delay, ExceededLimit, WaitReason};
use crate::types::language::Language;
use crate::types::operation::Operation;
use crate::types::time;

/// The options of a call and its stored entry. They are stored separately because most calls have neither.
#[derive(Default)]
pub(super) struct Options {
    pub(super) language: Option<Language>,
    /// Key of the stored response.
    pub(super) key: Option<Key>,
    /// The stored response, as long as it can be used.
    pub(super) entry: Option<Entry>,
    /// Maximum time for which the stored response may have been stale if it is served after a lost connection.
    pub(super) max_stale_if_lost: Duration,
    /// True if the stored entry could not be used.
    pub(super) is_entry_bad: bool,
    /// Error for the rule of the reference that the request violates, if any.
    pub(super) forbidden: Option<RequestError>,
    /// The retry policy, if it is not the application's.
    pub(super) retry: Option<RetryPolicy>,
}

/// The state of a call without its endpoint, compiled once for all operations.
pub(super) struct Machine {
    pub(super) operation: &'static Operation,
    pub(super) options: Option<Box<Options>>,
    pub(super) deadline: Option<SystemTime>,
    /// The application and the session that the call started with.
    owner: Option<Owner>,
    /// Time of the last request.
    pub(super) requested: SystemTime,
    /// Number of attempts, not counting attempts that ended with a 429.
    pub(super) attempts: u32,
    /// Number of token steps that this call has returned.
    token_steps: u32,
    /// Number of failed token requests of the session at the time when this call began to wait for a token request.
    token_failures: Option<u64>,
    delays: u32,
    /// Sum of all delays so far, not counting delays for a token request in flight.
    waited: Duration,
    /// The place in the queue of the pacer, while the call waits.
    place: Option<Place>,
    /// True if a 401 has led to a new token.
    has_renewed: bool,
    has_repeated: bool,
    /// The status of the last attempt that failed.
    last_failure: Option<StatusCode>,
}

/// Number of header fields of most requests: `Authorization`, and `Accept` and `Host`, which the transport adds.
const HEADERS: usize = 3;

/// Maximum number of token steps per call.
const MAX_TOKEN_STEPS: u32 = 8;
const MAX_TOKEN_FAILURES: u64 = 3;

/// Maximum number of delays per call, not counting delays for the pacer and for token requests in flight.
const MAX_DELAYS: u32 = 1000;

/// Delay before a request is sent again after a 401 that does not identify the token as the cause. A random delay of up
/// to a second is added.
const REPEAT_DELAY: Duration = Duration::from_secs(1);

/// A step, independent of the type of the result.
pub(super) enum Transition {
    /// Send the request with this `Authorization` header, whose token has this generation.
    Send(HeaderValue, u64),
    Authorize(TokenStep),
    Wait(Delay),
    Fail(Error),
}

/// The outcome of a request, independent of the type of the result.
pub(super) enum Verdict {
    Success(StatusCode),
    Unconfirmed,
    /// An error response and the time of its receipt.
    Failure(StatusCode, Error, SystemTime),
    Lost,
}

/// The consequence of an outcome.
pub(super) enum Reaction {
    Continue(Transition),
    /// The call ends with this error, or with the received result if there is no error.
    End(Option<Error>),
}

impl Machine {
    pub(super) fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            options: None,
            deadline: None,
            owner: None,
            requested: SystemTime::UNIX_EPOCH,
            attempts: 0,
            token_steps: 0,
            token_failures: None,
            delays: 0,
            waited: Duration::ZERO,
            place: None,
            has_renewed: false,
            has_repeated: false,
            last_failure: None,
        }
    }

    pub(super) fn options(&self) -> Option<&Options> {
        self.options.as_deref()
    }

    /// Returns a mutable reference to the options, which are created if necessary.
    pub(super) fn options_mut(&mut self) -> &mut Options {
        self.options.get_or_insert_default()
    }

    /// Returns the stored response, as long as it can be used.
    pub(super) fn entry(&self) -> Option<&Entry> {
        self.options()?.entry.as_ref()
    }

    /// Takes the stored response, if the request revalidated it.
    pub(super) fn take_entry(&mut self) -> Option<Entry> {
        self.options.as_mut()?.entry.take_if(|entry| !entry.conditional_headers().is_empty())
    }

    pub(super) fn info(&self) -> CallInfo {
        CallInfo { operation: self.operation, attempt: self.attempts, deadline: self.deadline }
    }

    pub(super) fn is_of(&self, app: &App, session: &Session) -> bool {
        self.owner.as_ref().is_some_and(|owner| owner.is(app, session))
    }

    pub(super) fn start(&mut self, app: &mut App, session: &mut Session, now: SystemTime) -> Transition {
        self.owner = Some(Owner::new(app, session));
        if let Some(error) = self.options().and_then(|options| options.forbidden.as_ref()) {
            return Transition::Fail(error.clone().into());
        }
        if self.operation.requires_user() && session.view().is_application() {
            return Transition::Fail(AuthError::UserRequired { operation: self.operation.id }.into());
        }
        self.advance(app, session, now)
    }

    /// Checks the deadline, unsaved tokens, blocks, the token and the pace, in this order, and then sends the request.
    pub(super) fn advance(&mut self, app: &mut App, session: &mut Session, now: SystemTime) -> Transition {
        if !self.is_of(app, session) {
            return Transition::Fail(Error::ForeignState);
        }
        if self.is_late(now) {
            return Transition::Fail(Error::Deadline);
        }
        // Unsaved tokens are checked before blocks, because a refresh token must not remain unsaved while a quota is
        // exhausted.
        if self.token_steps < MAX_TOKEN_STEPS {
            if let Some((tokens, lease)) = session.machine().save_again(now) {
                return self.authorize(|owner| TokenStep::save(tokens, lease, owner));
            }
        }
        if let Some(blocked) = app.rate_limiter().blocked(self.operation.route, now) {
            self.leave_queue(app);
            let delay = self.spread(blocked, app, now);
            return self.wait(delay, app, now);
        }
        let decision = session.authorize(app, self.token_steps < MAX_TOKEN_STEPS, now);
        if !matches!(decision, TokenDecision::Use(..)) {
            self.leave_queue(app);
        }
        match decision {
            TokenDecision::Use(header, generation) => {
                self.token_failures = None;
                match self.queue(app, now) {
                    Some(transition) => transition,
                    None => self.send(header, generation, app, now),
                }
            }
            TokenDecision::Request(request, lease) => {
                self.authorize(|owner| TokenStep::send(request, lease, owner))
            }
            TokenDecision::Save(tokens, lease) => {
                self.authorize(|owner| TokenStep::save(tokens, lease, owner))
            }
            TokenDecision::Wait(delay) => match self.check_failures(session) {
                Some(error) => Transition::Fail(error),
                None if self.is_late(time::after(now, delay)) => Transition::Fail(Error::Deadline),
                None => Transition::Wait(Delay::new(delay, WaitReason::Token)),
            },
            TokenDecision::Backoff(delay, error) => match self.check_failures(session) {
                Some(error) => Transition::Fail(error),
                None if self.exceeded(delay, app, now).is_some() => Transition::Fail(error),
                None => self.begin_wait(Delay::new(delay, WaitReason::Token)),
            },
            TokenDecision::Fail(error) => Transition::Fail(error),
        }
    }

    /// Returns a token step, unless this call has already returned the maximum number.
    fn authorize(&mut self, step: impl FnOnce(Owner) -> TokenStep) -> Transition {
        let owner = self.owner.clone().filter(|_| self.token_steps < MAX_TOKEN_STEPS);
        let Some(owner) = owner else {
            return Transition::Fail(AuthError::AttemptsExhausted { reason: "".into() }.into());
        };
        self.token_steps += 1;
        Transition::Authorize(step(owner))
    }

    /// Returns the last failure if too many token requests have failed since this call began to wait for a token
    /// request.
    fn check_failures(&mut self, session: &Session) -> Option<Error> {
        let count = session.view().failure_count();
        let before = *self.token_failures.get_or_insert(count.saturating_sub(1));
        (count.saturating_sub(before) >= MAX_TOKEN_FAILURES).then(|| session.view().last_failure())
    }

    fn is_late(&self, at: SystemTime) -> bool {
        self.deadline.is_some_and(|deadline| at >= deadline)
    }

    /// Returns the remaining time of a block plus a random delay, so that waiting calls do not resume simultaneously.
    fn spread(&self, blocked: Delay, app: &mut App, now: SystemTime) -> Delay {
        let spread = (blocked.duration / 10).clamp(MIN_SPREAD, MAX_SPREAD);
        let extra = fraction(spread, app.jitter(now));
        Delay::new(self.policy(app).above(blocked.duration, extra), blocked.reason)
    }

    /// Returns a delay for the pacer; `None` if the request can be sent now.
    fn queue(&mut self, app: &mut App, now: SystemTime) -> Option<Transition> {
        let (limiter, queue) = app.limits();
        let (interval, next_slot) = limiter.interval(now).zip(limiter.slot_delay(now))?;
        let ahead = queue.ahead(self.place.as_ref(), now);
        if ahead == 0 && next_slot.is_zero() {
            return None;
        }
        let until_slot = next_slot.saturating_add(interval.saturating_mul(ahead));
        // If its limits do not allow it to wait for its slot, the call does not join the queue.
        if let Some(exceeded) = self.exceeded(until_slot, app, now) {
            self.place = None;
            return Some(refuse(Delay::new(until_slot, WaitReason::Pacing), exceeded));
        }
        let poll = Queue::poll_delay(ahead, next_slot, interval);
        let (_, queue) = app.limits();
        self.place = Some(queue.wait(self.place.take(), time::after(now, poll)));
        self.waited = self.waited.saturating_add(poll);
        Some(Transition::Wait(Delay::new(poll, WaitReason::Pacing)))
    }

    /// Lets later calls precede this one while it waits for something other than its slot.
    fn leave_queue(&self, app: &mut App) {
        if let Some(place) = &self.place {
            app.limits().1.pause(place);
        }
    }

    fn send(
        &mut self,
        authorization: HeaderValue,
        generation: u64,
        app: &mut App,
        now: SystemTime,
    ) -> Transition {
        self.attempts += 1;
        self.requested = now;
        let has_queued = self.place.take().is_some();
        let (limiter, queue) = app.limits();
        limiter.take_slot(has_queued, now);
        limiter.count(self.operation.route, now);
        queue.count(now);
        Transition::Send(authorization, generation)
    }

    /// Adds the header fields that do not depend on the endpoint.
    pub(super) fn complete(&self, headers: &mut HeaderMap, authorization: HeaderValue, app: &App) {
        headers.reserve(HEADERS);
        headers.insert(AUTHORIZATION, authorization);
        if let Some(language) = self.language(app) {
            headers.insert(ACCEPT_LANGUAGE, language.header());
        }
        if let Some(entry) = self.entry() {
            headers.extend(entry.conditional_headers());
        }
    }

    pub(super) fn language<'a>(&'a self, app: &'a App) -> Option<&'a Language> {
        self.options().and_then(|options| options.language.as_ref()).or(app.language())
    }

    fn policy<'a>(&'a self, app: &'a App) -> &'a RetryPolicy {
        self.options().and_then(|options| options.retry.as_ref()).unwrap_or(app.retry_policy())
    }

    /// Returns the limit that a delay would exceed.
    fn exceeded(&self, delay: Duration, app: &App, now: SystemTime) -> Option<ExceededLimit> {
        let policy = self.policy(app);
        if !policy.allows(delay) {
            Some(ExceededLimit::MaxDelay)
        } else if self.delays >= MAX_DELAYS {
            Some(ExceededLimit::DelayCount)
        } else if !policy.allows_total(self.waited, delay) {
            Some(ExceededLimit::MaxTotalDelay)
        } else if self.is_late(time::after(now, delay)) {
            Some(ExceededLimit::Deadline)
        } else {
            None
        }
    }

    /// Returns a delay, or an error if the delay would exceed a limit.
    fn wait(&mut self, delay: Delay, app: &App, now: SystemTime) -> Transition {
        match self.exceeded(delay.duration, app, now) {
            None => self.begin_wait(delay),
            Some(exceeded) => refuse(delay, exceeded),
        }
    }

    fn begin_wait(&mut self, delay: Delay) -> Transition {
        self.delays += 1;
        self.waited = self.waited.saturating_add(delay.duration);
        Transition::Wait(delay)
    }

    /// Delays the next attempt, or continues at once if the delay is zero; returns `None` if the delay would exceed a
    /// limit.
    fn try_again(
        &mut self,
        delay: Delay,
        app: &mut App,
        session: &mut Session,
        now: SystemTime,
    ) -> Option<Transition> {
        if delay.duration.is_zero() {
            return Some(self.advance(app, session, now)).filter(|next| !matches!(next, Transition::Fail(_)));
        }
        self.exceeded(delay.duration, app, now).is_none().then(|| self.begin_wait(delay))
    }

    /// Applies an outcome.
    pub(super) fn react(
        &mut self,
        verdict: Verdict,
        generation: u64,
        app: &mut App,
        session: &mut Session,
        now: SystemTime,
    ) -> Reaction {
        if !matches!(verdict, Verdict::Lost | Verdict::Failure(StatusCode::TOO_MANY_REQUESTS, ..)) {
            app.rate_limiter_mut().accepted(self.operation.route);
        }
        if !matches!(verdict, Verdict::Lost | Verdict::Failure(StatusCode::UNAUTHORIZED, ..)) {
            session.machine().accepted(generation);
        }
        match verdict {
            Verdict::Success(StatusCode::ACCEPTED) => self.not_ready(app, session, now),
            Verdict::Success(_) => Reaction::End(None),
            Verdict::Unconfirmed => Reaction::Continue(self.advance(app, session, now)),
            Verdict::Lost => self.decide(AttemptOutcome::Lost, app, session, now),
            Verdict::Failure(_, Error::Auth(error), _) => {
                self.unauthorized(error, generation, app, session, now)
            }
            Verdict::Failure(_, Error::RateLimited(limit), at) => self.limited(limit, at, app, now),
            Verdict::Failure(_, Error::Scope(error), _) => {
                Reaction::End(Some(self.scope_error(error.status(), error.message(), session)))
            }
            Verdict::Failure(status, Error::Api(error), _) if self.has_taken_effect(&error) => {
                self.last_failure = Some(status);
                Reaction::End(Some(error.with_effect().into()))
            }
            Verdict::Failure(status, error, at) => {
                self.last_failure = Some(status);
                let outcome = match error.retry_after(at) {
                    Some(delay) if is_outage(status) => AttemptOutcome::Outage(status, delay),
                    _ => AttemptOutcome::Status(status),
                };
                self.decide(outcome, app, session, now)
            }
        }
    }

    /// Returns whether the error rejects a command that took effect in an earlier attempt.
    fn has_taken_effect(&self, error: &ApiError) -> bool {
        let (status, reason) = (error.status(), error.reason());
        command_took_effect(self.operation.id, self.last_failure, status, error.message(), reason)
    }

    /// Sends the request again if the policy and the limits allow it.
    fn decide(
        &mut self,
        outcome: AttemptOutcome,
        app: &mut App,
        session: &mut Session,
        now: SystemTime,
    ) -> Reaction {
        let jitter = app.jitter(now);
        let delay = self.policy(app).decide(self.operation, outcome, self.attempts, jitter);
        let reason = match outcome {
            AttemptOutcome::Status(StatusCode::ACCEPTED) => WaitReason::NotReady,
            _ => WaitReason::Backoff,
        };
        let next = delay.and_then(|delay| self.try_again(Delay::new(delay, reason), app, session, now));
        next.map_or(Reaction::End(None), Reaction::Continue)
    }

    /// Retries a GET after a 202, which means that the result is not ready, for example while a device wakes up.
    fn not_ready(&mut self, app: &mut App, session: &mut Session, now: SystemTime) -> Reaction {
        self.decide(AttemptOutcome::Status(StatusCode::ACCEPTED), app, session, now)
    }

    /// Applies a 429: blocks the affected routes, and waits if the limits on delays allow it. A 429 does not count as
    /// an attempt.
    fn limited(&mut self, limit: RateLimited, at: SystemTime, app: &mut App, now: SystemTime) -> Reaction {
        self.attempts = self.attempts.saturating_sub(1);
        let (limiter, queue) = app.limits();
        let blocked = limiter.refused(self.operation, &limit, queue.sent(now), self.requested, at);
        let spread = self.spread(blocked, app, now);
        match self.exceeded(spread.duration, app, now) {
            None => Reaction::Continue(self.begin_wait(spread)),
            exceeded => Reaction::End(Some(limit.with_block(blocked, exceeded).into())),
        }
    }

    /// Applies a 401, depending on the state of the token. The server did not execute the request, so it can be sent
    /// again even if it is not idempotent.
    fn unauthorized(
        &mut self,
        error: AuthError,
        generation: u64,
        app: &mut App,
        session: &mut Session,
        now: SystemTime,
    ) -> Reaction {
        let AuthError::TokenRejected { code, description } = &error else {
            return Reaction::End(Some(error.into()));
        };
        let missing = session.tokens().map(|tokens| tokens.missing_for(self.operation)).unwrap_or_default();
        if !missing.is_empty() && self.operation.requires_user() {
            return Reaction::End(Some(self.scope_error(StatusCode::UNAUTHORIZED, description, session)));
        }
        let blames_token = unauthorized(code.as_ref(), description) == Unauthorized::Token;
        if !blames_token && !std::mem::replace(&mut self.has_repeated, true) {
            let delay = REPEAT_DELAY + fraction(REPEAT_DELAY, app.jitter(now));
            let next = self.try_again(Delay::new(delay, WaitReason::Backoff), app, session, now);
            return next.map_or(Reaction::End(None), Reaction::Continue);
        }
        let is_suspect = blames_token || !session.view().is_young(generation, now);
        if is_suspect {
            session.machine().rejected(generation, &error, now);
        }
        if !is_suspect || std::mem::replace(&mut self.has_renewed, true) {
            return Reaction::End(None);
        }
        // If the call cannot continue because it lacks time or a token, the error response is more specific.
        match self.advance(app, session, now) {
            Transition::Fail(_) => Reaction::End(None),
            transition => Reaction::Continue(transition),
        }
    }

    /// Returns an error with the scopes that were not granted, or with all scopes of the operation if the granted
    /// scopes are unknown.
    fn scope_error(&self, status: StatusCode, message: &str, session: &Session) -> Error {
        let missing = session.tokens().map(|tokens| tokens.missing_for(self.operation));
        let missing = missing.filter(|missing| !missing.is_empty());
        let missing = missing.unwrap_or_else(|| self.operation.required_scopes());
        ScopeError::new(self.operation.id, missing, status, message).into()
    }

    /// Returns the action on the stored entry after a success.
    pub(super) fn store<B: AsRef<[u8]>>(&self, response: &Response<B>, now: SystemTime) -> StoreAction {
        let Some(options) = self.options() else { return StoreAction::Keep };
        let key = options.key.as_ref();
        match key.and_then(|key| Entry::of(key, &self.operation.method, response, self.requested, now)) {
            Some(entry) => StoreAction::Put(entry),
            None if options.entry.is_some() || options.is_entry_bad => StoreAction::Remove,
            None => StoreAction::Keep,
        }
    }
}

fn refuse(delay: Delay, exceeded: ExceededLimit) -> Transition {
    match exceeded {
        ExceededLimit::Deadline => Transition::Fail(Error::Deadline),
        exceeded => Transition::Fail(Throttled::new(delay, exceeded).into()),
    }
}

/// Bounds of the random delay that is added to a block, whose maximum is otherwise a tenth of the block.
const MIN_SPREAD: Duration = Duration::from_millis(250);
const MAX_SPREAD: Duration = Duration::from_secs(10);
