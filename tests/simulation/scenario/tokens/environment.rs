//! The environment of one session: the calls, token steps, clock, token store, network, and process.

#[path = "environment/steps.rs"]
mod steps;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use spotify_proto::{
    App, AuthError, Body, DecodeError, Endpoint, Error, Exchange, Operation, Saving, Session, Target,
    TokenExchange, Tokens, Waiting,
};

use super::invariants::{Invariants, Record};
use super::server::{MARK, Outcome, Rotation, Sent, Server};
use super::{DecisionSource, Size, Summary};

/// Maximum number of steps of one call without failures. A call that waits for a token step polls after a tenth of the
/// age of the step.
const STEPS_MAX: u32 = 700;

/// The longest block after a 429.
const LONGEST: Duration = Duration::from_secs(100);

/// An endpoint that discards the result, so that all calls have the same type.
struct Quiet<E>(E);

impl<E: Endpoint> Endpoint for Quiet<E> {
    type Output = ();
    const OPERATION: Operation = E::OPERATION;

    fn target(&self, target: &mut Target) {
        self.0.target(target);
    }

    fn body(&self) -> Body {
        self.0.body()
    }

    fn decode(&self, response: spotify_proto::ResponseRef<'_>) -> Result<(), DecodeError> {
        self.0.decode(response).map(drop)
    }
}

struct Slot {
    record: Record,
    state: State,
    /// Number of steps in the phase without failures.
    steps: u32,
    /// `true` if the last step was a wait. The transcript contains one line for consecutive waits.
    has_waited: bool,
    end: Option<Result<(), Error>>,
}

#[allow(clippy::large_enum_variant, reason = "few calls are in flight concurrently")]
enum State {
    New,
    Flight {
        exchange: Exchange<()>,
        access: String,
        outcome: Option<Outcome>,
    },
    /// A waiting call, and the end of the delay on the monotonic clock.
    Wait(Waiting<()>, Duration),
    /// The call waits for a token step of the same task.
    Parked(Waiting<()>),
    Over,
}

/// A task that executes a token step.
struct Task {
    number: u32,
    work: Work,
    /// The call that waits for the task and is dropped together with the task; `None` for a detached task.
    owner: Option<usize>,
    /// The call that returned the token step, even if the task is detached.
    origin: Option<usize>,
    /// Number of the session for which the step was created.
    session: u32,
    /// Time at which the step was created, since the start of the history.
    since: Duration,
}

enum Work {
    Flight { exchange: TokenExchange, refresh: Option<String>, outcome: Option<Outcome> },
    Save(Tokens, Saving),
}

pub struct Environment<'d, D> {
    decisions: &'d mut D,
    is_public: bool,
    /// `false` for a session without a user, which has no tokens to store.
    has_user: bool,
    /// `true` if the driver saves the session's tokens, which are the newest, instead of the tokens in the step.
    writes_newest: bool,
    /// Time since the start of the history, and the duration by which the clock has been set back.
    real: Duration,
    set_back: Duration,
    server: Server,
    app: App,
    session: Session,
    /// Number of sessions that have been loaded.
    sessions: u32,
    slots: Vec<Slot>,
    tasks: Vec<Task>,
    store: Option<Tokens>,
    /// `true` if a late save of older tokens has overwritten newer tokens and was dropped before it was reported to the
    /// session.
    is_behind_unnoticed: bool,
    /// `true` if the process crashed before the newer tokens were saved again.
    is_store_stale: bool,
    invariants: Invariants,
    summary: Summary,
    is_traced: bool,
    transcript: Vec<String>,
    shown: String,
}

impl<'d, D: DecisionSource> Environment<'d, D> {
    pub fn new(decisions: &'d mut D, is_traced: bool) -> Self {
        let rotation = decisions.one_of(&[Rotation::Always, Rotation::Sometimes, Rotation::Never]);
        let has_user = !decisions.once_in(6);
        let age = decisions.one_of(&[0, 0, 3550, 4000]);
        let mut environment = Self::with(decisions, rotation, has_user, age);
        environment.is_traced = is_traced;
        environment.writes_newest = environment.decisions.below(2) == 0;
        let calls = match environment.decisions.size() {
            Size::Full if environment.decisions.below(40) == 20 => environment.decisions.below(50),
            Size::Full => environment.decisions.below(16),
            Size::Small => environment.decisions.below(5),
        };
        for _ in 0..=calls {
            environment.add_call();
        }
        let (rotation, newest) = (environment.server.rotation, environment.writes_newest);
        environment.trace(|| {
            format!("{} calls, user: {has_user}, rotation: {rotation:?}, writes newest: {newest}", calls + 1)
        });
        environment
    }

    /// Creates an environment with many calls and an expired token, without failures.
    pub fn burst(decisions: &'d mut D, calls: usize) -> Self {
        let mut environment = Self::with(decisions, Rotation::Always, true, 4000);
        environment.server.is_healthy = true;
        for _ in 0..calls {
            environment.add_call();
        }
        environment
    }

    fn with(decisions: &'d mut D, rotation: Rotation, has_user: bool, age: u64) -> Self {
        let is_public = decisions.below(2) == 0;
        let mut server = Server::new(rotation);
        let mut invariants = Invariants::default();
        let life = Duration::from_secs(3600);
        let mut real = Duration::ZERO;
        let mut store = None;
        if has_user {
            let access = server.issue(life, real);
            invariants.knows(&access, life, wall(real), false);
            invariants.saved.insert(server.refresh.clone());
            let tokens = Tokens::from_access_token(&*access, Some(wall(real + life)));
            store = Some(tokens.with_refresh_token(&*server.refresh));
            real += Duration::from_secs(age);
        }
        let mut environment = Self {
            decisions,
            is_public,
            app: App::without_credentials(),
            session: Session::client_credentials(),
            sessions: 0,
            has_user,
            writes_newest: true,
            real,
            set_back: Duration::ZERO,
            server,
            slots: Vec::new(),
            tasks: Vec::new(),
            store,
            is_behind_unnoticed: false,
            is_store_stale: false,
            invariants,
            summary: Summary::default(),
            is_traced: false,
            transcript: Vec::new(),
            shown: String::new(),
        };
        environment.begin();
        environment
    }

    /// Starts the process with the stored tokens.
    fn begin(&mut self) {
        let app = match self.is_public {
            true => App::public("client"),
            false => App::confidential("client", &*format!("{MARK}-client")),
        };
        self.app = app.with_jitter(self.decisions.below(1 << 32));
        self.load();
        let access = self.stored_access();
        self.invariants.started(access.as_deref());
    }

    fn load(&mut self) {
        self.sessions += 1;
        self.session = match self.store.clone() {
            Some(tokens) if self.has_user => Session::from_tokens(tokens),
            _ => Session::client_credentials(),
        };
    }

    fn stored_access(&self) -> Option<String> {
        let tokens = self.store.as_ref().filter(|_| self.has_user)?;
        tokens.access_token().map(|token| token.expose().to_owned())
    }

    fn add_call(&mut self) -> usize {
        let record = Record::new(self.has_user && self.decisions.once_in(3));
        self.slots.push(Slot { record, state: State::New, steps: 0, has_waited: false, end: None });
        self.slots.len() - 1
    }

    /// Executes the history: a phase with failures, a phase without failures, and a final call before and after a
    /// restart.
    pub fn history(&mut self) -> Result<Summary, String> {
        let events = match self.decisions.size() {
            Size::Full => 20 + self.decisions.below(300),
            Size::Small => 1 + self.decisions.below(100),
        };
        for _ in 0..events {
            self.event()?;
            if self.decisions.is_exhausted() {
                break;
            }
        }
        self.trace(|| "-- no failures from here on".into());
        self.server.is_healthy = true;
        self.settle()?;
        self.last_call()?;
        if self.is_store_behind() && !self.is_behind_unnoticed && !self.is_store_stale {
            return Err("older tokens stay in the store after a late save".into());
        }
        self.crash();
        self.last_call()?;
        self.summary.token_requests = self.invariants.token_requests;
        self.summary.overtaken = self.invariants.overtaken;
        self.summary.losses += u32::from(self.is_lost());
        self.summary.revocations += u32::from(self.server.is_revoked);
        Ok(self.summary)
    }

    pub fn token_requests(&self) -> u32 {
        self.invariants.token_requests
    }

    pub fn transcript(&mut self) -> Vec<String> {
        std::mem::take(&mut self.transcript)
    }

    fn trace(&mut self, line: impl FnOnce() -> String) {
        if self.is_traced {
            let (at, now) = (self.real, self.now());
            let clock = now.duration_since(wall(Duration::ZERO)).map(|it| it.as_millis().to_string());
            let clock = clock.unwrap_or_else(|error| format!("-{}", error.duration().as_millis()));
            self.transcript.push(format!("{:>9} (clock {clock:>9})  {}", at.as_millis(), line()));
        }
    }

    fn now(&self) -> SystemTime {
        wall(self.real) - self.set_back
    }

    fn pass(&mut self, span: Duration) {
        self.real += span;
        self.invariants.clock(self.now());
    }

    /// Executes a random event.
    fn event(&mut self) -> Result<(), String> {
        match self.decisions.below(29) {
            0..=4 => self.with_slot(|state| matches!(state, State::New), Self::start),
            5..=7 => self.with_slot(|state| is_flight(state, false), Self::act),
            8..=10 => self.with_slot(|state| is_flight(state, true), Self::deliver),
            11..=13 => self.with_slot(|state| matches!(state, State::Wait(..)), Self::wake),
            14..=16 => {
                self.with_task(|work| matches!(work, Work::Flight { outcome: None, .. }), Self::act_token)
            }
            17..=18 => self
                .with_task(|work| matches!(work, Work::Flight { outcome: Some(_), .. }), Self::deliver_token),
            19..=20 => self.with_task(|work| matches!(work, Work::Save(..)), Self::save),
            21 => self.with_slot(
                |state| is_flight(state, false),
                |this, slot| {
                    let State::Flight { outcome, .. } = &mut this.slots[slot].state else { return Ok(()) };
                    *outcome = Some(Outcome::Lost);
                    this.deliver(slot)
                },
            ),
            22 => self.with_task(
                |work| matches!(work, Work::Flight { outcome: None, .. }),
                |this, task| {
                    let Work::Flight { outcome, .. } = &mut this.tasks[task].work else { return Ok(()) };
                    *outcome = Some(Outcome::Lost);
                    this.deliver_token(task)
                },
            ),
            23 => self.with_slot(|state| !matches!(state, State::New | State::Over), Self::drop_call),
            24 => self.with_task(|_| true, Self::drop_task),
            25 => {
                let millis = self.decisions.one_of(&[100, 1000, 10_000, 31_000, 125_000, 3_000_000]);
                self.pass(Duration::from_millis(millis));
                Ok(())
            }
            26 if self.decisions.below(3) == 0 => {
                let seconds = self.decisions.one_of(&[1, 20, 20, 100, 4000, 86_400]);
                self.set_back += Duration::from_secs(seconds);
                self.trace(|| format!("the clock is set back by {seconds} s"));
                self.pass(Duration::ZERO);
                Ok(())
            }
            27 => {
                match self.decisions.below(40) {
                    30..=36 => self.crash(),
                    37 => {
                        self.trace(|| "the refresh token is revoked".into());
                        self.server.is_revoked = true;
                    }
                    20..=29 => {
                        self.trace(|| "all access tokens are revoked".into());
                        self.server.revoke_access();
                    }
                    _ => {}
                }
                Ok(())
            }
            28 if self.decisions.below(4) == 0 => self.reload(),
            _ => Ok(()),
        }
    }

    /// Continues without failures until every call has ended.
    pub fn settle(&mut self) -> Result<(), String> {
        loop {
            let is_ready = |state: &State| matches!(state, State::New | State::Flight { .. });
            let due = |(slot, it): (usize, &Slot)| match it.state {
                State::Wait(_, until) => Some((until, slot)),
                _ => None,
            };
            let first = self.slots.iter().enumerate().filter_map(due).min();
            // Token steps end within the transport's timeout.
            let is_late =
                |task: &Task| first.is_some_and(|(until, _)| until > task.since + TokenExchange::TIMEOUT);
            if self.tasks.iter().any(is_late) {
                self.continue_some_task()?;
                continue;
            }
            // Responses take time, so the delay of a waiting call may end first.
            let prefers_ready = first.is_none() || self.decisions.below(4) != 0;
            if prefers_ready && !self.tasks.is_empty() && self.decisions.below(2) != 0 {
                self.continue_some_task()?;
                continue;
            }
            let ready = if prefers_ready { self.pick(is_ready) } else { None };
            let slot = match ready.or(first.map(|(_, slot)| slot)).or_else(|| self.pick(is_ready)) {
                Some(slot) => slot,
                None if !self.tasks.is_empty() => {
                    self.continue_some_task()?;
                    continue;
                }
                None => return Ok(()),
            };
            self.slots[slot].steps += 1;
            if self.slots[slot].steps > STEPS_MAX {
                return Err(format!("call {slot} has not ended after {STEPS_MAX} steps without failures"));
            }
            match &self.slots[slot].state {
                State::New => self.start(slot)?,
                State::Flight { outcome: None, .. } => self.act(slot)?,
                State::Flight { .. } => self.deliver(slot)?,
                State::Wait(..) => self.wake_at_its_time(slot)?,
                State::Parked(_) | State::Over => {}
            }
        }
    }

    fn continue_some_task(&mut self) -> Result<(), String> {
        let task = self.decisions.index(self.tasks.len());
        match &self.tasks[task].work {
            Work::Flight { outcome: None, .. } => self.act_token(task),
            Work::Flight { .. } => self.deliver_token(task),
            Work::Save(..) => self.save(task),
        }
    }

    /// Checks that a call without failures succeeds, unless the login was revoked or lost.
    fn last_call(&mut self) -> Result<(), String> {
        self.pass(LONGEST + Duration::from_secs(30));
        let mut slot = self.add_call();
        self.settle()?;
        let mut was_rejected = false;
        for _ in 0..4 {
            let delay = match &self.slots[slot].end {
                // A block may still be in effect if the clock was set back by about the length of the block.
                Some(Err(error @ (Error::RateLimited(_) | Error::Throttled(_)))) => {
                    error.retry_after(self.now()).unwrap_or_default()
                }
                // After several consecutive token rejections, calls fail for some time before a new token is requested.
                Some(Err(Error::Auth(AuthError::TokenRejected { .. }))) if !was_rejected => {
                    was_rejected = true;
                    LONGEST
                }
                _ => break,
            };
            if delay > LONGEST {
                return Err(format!("the limiter is blocked for {delay:?} after the clock was set back"));
            }
            self.pass(delay);
            slot = self.add_call();
            self.settle()?;
        }
        let is_over = self.server.is_revoked || self.is_lost();
        match self.slots[slot].end.as_ref().expect("expected the result of the finished call") {
            Ok(()) => Ok(()),
            Err(Error::Auth(AuthError::GrantRejected { code, .. }))
                if is_over && code.as_str() == "invalid_grant" =>
            {
                Ok(())
            }
            // The call used the previous access token before the token response arrived.
            Err(Error::Auth(AuthError::TokenRejected { .. })) if is_over => Ok(()),
            Err(error) if is_over => Err(format!("a lost login ended with another error: {error:?}")),
            Err(error) => Err(format!("the login was lost without a reason: {error:?}")),
        }
    }

    /// Returns whether the valid refresh token was never received or was lost in a crash before it was saved.
    fn is_lost(&self) -> bool {
        let token = &self.server.refresh;
        let is_known = self.invariants.received.contains(token) || self.invariants.saved.contains(token);
        self.has_user && (!is_known || self.is_store_stale)
    }

    /// Returns whether a slow save has overwritten newer tokens in the store.
    fn is_store_behind(&self) -> bool {
        let stored = self.store.as_ref().and_then(Tokens::refresh_token).map(|token| token.expose());
        let newest = &self.server.refresh;
        self.invariants.saved.contains(newest) && stored.is_some_and(|it| it != newest)
    }
}

fn is_flight(state: &State, has_outcome: bool) -> bool {
    matches!(state, State::Flight { outcome, .. } if outcome.is_some() == has_outcome)
}

/// Returns the correct time at this duration after the start of the history.
fn wall(real: Duration) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000) + real
}

/// Returns the refresh token or the access token in a request.
fn presented(sent: &Sent) -> Option<String> {
    match sent {
        Sent::Token { refresh } => refresh.clone(),
        Sent::Api { access } => Some(access.clone()),
    }
}
