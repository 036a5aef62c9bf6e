//! Explores all interleavings of three calls with one expired token, up to a maximum depth.
//!
//! The accounts service rotates refresh tokens and detects reuse: if a refresh token is presented twice, all refresh
//! tokens are revoked. A state is represented by the list of actions that leads to it. The list is executed again for
//! each additional action, because neither applications nor sessions can be copied. States that are externally
//! indistinguishable are explored only once.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use http::Response;
use spotify_proto::api::GetAlbum;
use spotify_proto::model::Album;
use spotify_proto::{
    AlbumId, App, AuthError, Call, Error, Exchange, Saving, Session, Step, TokenExchange, TokenStep, Tokens,
    WaitReason, Waiting,
};

const CALLS: usize = 3;

/// Maximum number of two-minute jumps of the clock, after each of which a token request in flight is outdated.
const LATE_MAX: u8 = 2;

#[derive(Clone, Copy, Debug)]
enum Action {
    /// Starts the next call. The flag selects whether a token step is executed inline.
    Start(bool),
    /// Resumes a call at the end of its delay. The flag has the same meaning as in `Start`.
    Resume(usize, bool),
    /// The response to the request of a call arrives.
    Api(usize),
    DropCall(usize),
    /// The accounts service processes a token request.
    Serve(usize),
    /// The response to a token request arrives.
    Deliver(usize),
    /// A token request or the response to it is lost.
    Lose(usize),
    DropStep(usize),
    SaveOk(usize),
    /// Tokens are written to the store, but the step is dropped.
    SaveUnnoticed(usize),
    /// Two minutes pass.
    Late,
    /// All access tokens are revoked.
    Revoke,
}

enum State {
    New,
    Flight(Exchange<Album>, u32),
    Wait(Waiting<Album>, Duration),
    Parked(Waiting<Album>, usize),
    Done(Result<(), u8>),
    Dropped,
}

enum Work {
    /// The token request, the number of the refresh token in the request, and the response.
    Flight(TokenExchange, u32, Option<TokenResponse>),
    Save(Saving, u32),
    Over,
}

/// A response of the accounts service: the number of the new tokens, or `None` for `invalid_grant`.
type TokenResponse = Option<u32>;

struct Task {
    work: Work,
    owner: Option<usize>,
    since: Duration,
    /// `true` if a newer task of the same kind has begun.
    is_overtaken: bool,
}

struct Model {
    app: App,
    session: Session,
    now: Duration,
    calls: Vec<State>,
    tasks: Vec<Task>,
    /// Number of the valid refresh token, which is also the number of the newest access token.
    valid: u32,
    is_revoked: bool,
    stored: u32,
    /// `true` if an outdated save has written older tokens and was dropped without being reported to the session.
    is_behind: bool,
    saved: HashSet<u32>,
    /// `true` if a response with new tokens was lost, or its exchange was dropped.
    is_lost: bool,
    late: u8,
    /// Access tokens up to this number are revoked.
    revoked: u32,
    failures: u8,
    save_attempts: u8,
    /// Number of the session's refresh token.
    own: u32,
}

fn begin() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000)
}

fn get() -> Call<Album> {
    Call::new(GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("expected an id")))
}

fn number(token: &str) -> u32 {
    token[1..].parse().expect("expected a number")
}

impl Model {
    fn new() -> Self {
        let tokens = Tokens::from_access_token("a0", Some(begin())).with_refresh_token("r0");
        Self {
            app: App::public("client").with_jitter(5),
            session: Session::from_tokens(tokens),
            now: Duration::from_secs(1),
            calls: (0..CALLS).map(|_| State::New).collect(),
            tasks: Vec::new(),
            valid: 0,
            is_revoked: false,
            stored: 0,
            is_behind: false,
            saved: HashSet::from([0]),
            is_lost: false,
            late: 0,
            revoked: 0,
            failures: 0,
            save_attempts: 0,
            own: 0,
        }
    }

    fn clock(&self) -> SystemTime {
        begin() + self.now
    }

    /// Returns the possible next actions.
    fn actions(&self) -> Vec<Action> {
        let mut actions = Vec::new();
        let starts = self.calls.iter().any(|state| matches!(state, State::New));
        actions.extend([true, false].into_iter().filter(|_| starts).map(Action::Start));
        for (call, state) in self.calls.iter().enumerate() {
            match state {
                State::Wait(..) => {
                    actions.extend([
                        Action::Resume(call, true),
                        Action::Resume(call, false),
                        Action::DropCall(call),
                    ]);
                }
                State::Flight(..) => actions.extend([Action::Api(call), Action::DropCall(call)]),
                State::Parked(..) => actions.push(Action::DropCall(call)),
                State::New | State::Done(_) | State::Dropped => {}
            }
        }
        for (task, it) in self.tasks.iter().enumerate() {
            match it.work {
                Work::Flight(_, _, None) => {
                    actions.extend([Action::Serve(task), Action::Lose(task), Action::DropStep(task)]);
                }
                Work::Flight(..) => {
                    actions.extend([Action::Deliver(task), Action::Lose(task), Action::DropStep(task)])
                }
                Work::Save(..) => {
                    actions.extend([
                        Action::SaveOk(task),
                        Action::SaveUnnoticed(task),
                        Action::DropStep(task),
                    ]);
                }
                Work::Over => {}
            }
        }
        let has_flight = self.tasks.iter().any(|it| matches!(it.work, Work::Flight(..)));
        actions.extend((self.late < LATE_MAX && has_flight).then_some(Action::Late));
        actions.extend((self.revoked == 0 && self.valid > 0).then_some(Action::Revoke));
        actions
    }

    fn act(&mut self, action: Action) -> Result<(), String> {
        self.now += Duration::from_millis(1);
        match action {
            Action::Start(is_inline) => {
                let call = self
                    .calls
                    .iter()
                    .position(|state| matches!(state, State::New))
                    .expect("expected a new call");
                let now = self.clock();
                let step = get().start(&mut self.app, &mut self.session, now);
                self.take(call, step, is_inline)
            }
            Action::Resume(call, is_inline) => {
                let State::Wait(waiting, due) = self.end(call) else { return Ok(()) };
                self.now = self.now.max(due);
                let now = self.clock();
                let step = waiting.resume(&mut self.app, &mut self.session, now);
                self.take(call, step, is_inline)
            }
            Action::Api(call) => {
                let State::Flight(exchange, access) = self.end(call) else { return Ok(()) };
                let is_valid = access > self.revoked && !self.is_revoked;
                let response = Response::builder().status(if is_valid { 200 } else { 401 });
                let response = response.header("www-authenticate", r#"Bearer error="invalid_token""#);
                let body = if is_valid { r#"{"name":"Night Ferry"}"# } else { "" };
                let (response, now) = (response.body(body).expect("valid parts"), self.clock());
                let received = exchange.receive(Ok::<_, ()>(response), now);
                let step =
                    received.apply(&mut self.app, &mut self.session, now).expect("expected a response");
                self.take(call, step, true)
            }
            Action::DropCall(call) => {
                if let State::Parked(_, task) = self.end(call) {
                    self.tasks[task].owner = None;
                    return self.drop_step(task);
                }
                Ok(())
            }
            Action::Serve(task) => {
                let Work::Flight(_, presented, token_response) = &mut self.tasks[task].work else {
                    return Ok(());
                };
                // The refresh token has already been replaced, so this is a reuse.
                self.is_revoked |= *presented != self.valid;
                self.valid += u32::from(!self.is_revoked);
                *token_response = Some((!self.is_revoked).then_some(self.valid));
                if self.is_revoked && !self.is_lost && self.late == 0 {
                    return Err("a refresh token was presented twice without a loss".into());
                }
                Ok(())
            }
            Action::Deliver(task) => self.deliver(task),
            Action::Lose(task) => {
                let Work::Flight(exchange, _, token_response) = self.finish(task) else { return Ok(()) };
                self.is_lost |= matches!(token_response, Some(Some(_)));
                self.failures += 1;
                let now = self.clock();
                let received = exchange.receive(Err::<Response<Vec<u8>>, _>("lost"));
                let step = received.apply(&mut self.app, &mut self.session, now);
                if step.is_ok() {
                    return Err("a loss was not reported".into());
                }
                self.resume_owner(task);
                Ok(())
            }
            Action::DropStep(task) => self.drop_step(task),
            Action::SaveOk(task) => {
                let Work::Save(saving, tokens) = self.finish(task) else { return Ok(()) };
                self.write(tokens);
                self.save_attempts = 0;
                let now = self.clock();
                let step = saving.saved(&mut self.app, &mut self.session, now);
                self.take_token(self.tasks[task].owner, Some(task), step)
            }
            Action::SaveUnnoticed(task) => {
                if let Work::Save(_, tokens) = self.tasks[task].work {
                    let is_older = tokens < self.stored;
                    self.write(tokens);
                    self.is_behind = is_older;
                }
                self.drop_step(task)
            }
            Action::Late => {
                self.late += 1;
                self.now += Duration::from_secs(121);
                Ok(())
            }
            Action::Revoke => {
                self.revoked = self.valid;
                Ok(())
            }
        }
    }

    fn write(&mut self, tokens: u32) {
        self.stored = tokens;
        self.is_behind = false;
        self.saved.insert(tokens);
    }

    fn end(&mut self, call: usize) -> State {
        std::mem::replace(&mut self.calls[call], State::Dropped)
    }

    fn finish(&mut self, task: usize) -> Work {
        std::mem::replace(&mut self.tasks[task].work, Work::Over)
    }

    fn drop_step(&mut self, task: usize) -> Result<(), String> {
        let work = self.finish(task);
        if let Work::Flight(_, _, Some(Some(_))) = work {
            self.is_lost = true;
        }
        drop(work);
        self.resume_owner(task);
        Ok(())
    }

    fn resume_owner(&mut self, task: usize) {
        for call in 0..self.calls.len() {
            if matches!(self.calls[call], State::Parked(_, of) if of == task) {
                if let State::Parked(waiting, _) = self.end(call) {
                    self.calls[call] = State::Wait(waiting, self.now);
                }
            }
        }
    }

    fn deliver(&mut self, task: usize) -> Result<(), String> {
        let Work::Flight(exchange, presented, Some(token_response)) = self.finish(task) else {
            return Ok(());
        };
        self.failures += u8::from(token_response.is_none());
        let (status, body) = match token_response {
            Some(number) => (
                200,
                format!(r#"{{"access_token":"a{number}","expires_in":3600,"refresh_token":"r{number}"}}"#),
            ),
            None => (400, r#"{"error":"invalid_grant"}"#.to_owned()),
        };
        let (response, now) =
            (Response::builder().status(status).body(body).expect("valid parts"), self.clock());
        let received = exchange.receive(Ok::<_, ()>(response));
        let step = received.apply(&mut self.app, &mut self.session, now).expect("expected a response");
        if token_response.is_some_and(|number| number > self.own && number == presented + 1) {
            let own = self.session_token();
            if Some(own) != token_response {
                return Err(format!(
                    "the response that replaces r{presented} was ignored: the session has r{own}"
                ));
            }
            if !matches!(step, TokenStep::Save(..)) {
                return Err(format!("expected a save of the new tokens, got {step:?}"));
            }
            self.save_attempts = 0;
        }
        let own = self.session_token();
        let before = std::mem::replace(&mut self.own, own);
        if self.own < before {
            return Err(format!("r{before} was replaced by the older r{}", self.own));
        }
        self.take_token(self.tasks[task].owner, Some(task), step)
    }

    fn session_token(&self) -> u32 {
        let tokens = self.session.tokens().and_then(|tokens| tokens.refresh_token());
        number(tokens.expect("expected a refresh token").expose())
    }

    fn take(&mut self, call: usize, step: Step<Album>, is_inline: bool) -> Result<(), String> {
        self.calls[call] = match step {
            Step::Send(request, exchange) => {
                let header = request.headers()["authorization"].to_str().expect("ASCII");
                State::Flight(exchange, number(header.strip_prefix("Bearer ").expect("expected a token")))
            }
            Step::Authorize(step, waiting) => {
                let task = self.tasks.len();
                let (state, owner) = match is_inline {
                    true => (State::Parked(waiting, task), Some(call)),
                    false => (State::Wait(waiting, self.now), None),
                };
                self.calls[call] = state;
                return self.take_token(owner, None, step);
            }
            Step::Wait(delay, waiting) => {
                self.check_wait(delay.duration, delay.reason)?;
                State::Wait(waiting, self.now + delay.duration)
            }
            Step::Done(Ok(_)) => State::Done(Ok(())),
            Step::Done(Err(error)) => State::Done(Err(self.check_error(&error)?)),
        };
        Ok(())
    }

    fn check_wait(&self, delay: Duration, reason: WaitReason) -> Result<(), String> {
        if reason != WaitReason::Token {
            return Err(format!("unexpected wait for {reason:?}"));
        }
        let active = self.tasks.iter().filter(|it| !matches!(it.work, Work::Over) && !it.is_overtaken);
        let age = active.map(|it| self.now - it.since).max();
        let most = Duration::from_millis(10) + age.unwrap_or_default() / 10;
        let may_pause = self.failures > 0 || self.save_attempts > 1;
        match delay <= most.max(Duration::from_millis(15)) {
            true => Ok(()),
            false if may_pause => Ok(()),
            false => Err(format!("a delay of {delay:?} for a token step of age {age:?}")),
        }
    }

    fn check_error(&self, error: &Error) -> Result<u8, String> {
        match error {
            Error::Auth(AuthError::GrantRejected { .. } | AuthError::TokenRejected { .. })
                if self.is_revoked =>
            {
                Ok(1)
            }
            Error::Auth(AuthError::AttemptsExhausted { .. }) if self.failures > 0 => Ok(2),
            Error::Auth(AuthError::NotSaved) if self.save_attempts > 1 => Ok(3),
            // A call has at most eight token steps.
            Error::Auth(AuthError::AttemptsExhausted { .. }) if self.tasks.len() >= 8 => Ok(4),
            error => Err(format!("a call ended with {error:?}")),
        }
    }

    fn take_token(
        &mut self,
        owner: Option<usize>,
        before: Option<usize>,
        step: TokenStep,
    ) -> Result<(), String> {
        let task = self.tasks.len();
        let is_request = matches!(step, TokenStep::Send(..));
        let work = match step {
            TokenStep::Send(request, exchange) => {
                let form = String::from_utf8_lossy(request.body());
                let token = form
                    .split('&')
                    .find_map(|pair| pair.strip_prefix("refresh_token="))
                    .expect("expected a token");
                let presented = number(token);
                if !self.saved.contains(&presented) {
                    return Err(format!("r{presented} was sent before it was saved"));
                }
                let is_young = |it: &&Task| self.now - it.since < Duration::from_secs(120);
                let mut flights =
                    self.tasks.iter().filter(|it| matches!(it.work, Work::Flight(..)) && !it.is_overtaken);
                if flights.find(is_young).is_some() {
                    return Err("a second token request while another one is in flight".into());
                }
                Work::Flight(exchange, presented, None)
            }
            TokenStep::Save(tokens, saving) => {
                self.save_attempts += 1;
                Work::Save(saving, number(tokens.refresh_token().expect("expected a refresh token").expose()))
            }
            TokenStep::Done(result) => {
                if matches!(result, Err(Error::ForeignState)) {
                    return Err("the original session was rejected as foreign".into());
                }
                if let Some(before) = before {
                    self.resume_owner(before);
                }
                return Ok(());
            }
        };
        for it in &mut self.tasks {
            it.is_overtaken |= matches!(it.work, Work::Flight(..)) == is_request;
        }
        self.tasks.push(Task { work, owner, since: self.now, is_overtaken: false });
        for state in &mut self.calls {
            if let State::Parked(_, of) = state {
                if Some(*of) == before {
                    *of = task;
                }
            }
        }
        Ok(())
    }

    /// Returns a hash of the externally observable state. The hash is independent of the time and of the order of the
    /// calls.
    fn key(&self) -> u64 {
        let is_old = |it: &Task| self.now - it.since >= Duration::from_secs(120);
        let task = |it: &Task| match &it.work {
            Work::Flight(_, presented, token_response) => {
                Some((0, *presented, *token_response, is_old(it), it.is_overtaken))
            }
            Work::Save(_, tokens) => Some((1, *tokens, None, is_old(it), it.is_overtaken)),
            Work::Over => None,
        };
        let mut calls: Vec<_> = self
            .calls
            .iter()
            .map(|state| match state {
                State::New => (0, 0, None),
                State::Flight(_, access) => (1, *access, None),
                State::Wait(..) => (2, 0, None),
                State::Parked(_, of) => (3, 0, task(&self.tasks[*of])),
                State::Done(Ok(())) => (4, 0, None),
                State::Done(Err(error)) => (5, u32::from(*error), None),
                State::Dropped => (6, 0, None),
            })
            .collect();
        calls.sort_unstable();
        let mut tasks: Vec<_> = self.tasks.iter().filter_map(task).collect();
        tasks.sort_unstable();
        let server = (self.valid, self.is_revoked, self.stored, self.own, self.is_lost, self.is_behind);
        let counts =
            (self.late, self.revoked, self.failures, self.save_attempts, self.session.has_unsaved_tokens());
        let state = format!("{:?}", std::mem::discriminant(&self.session.state(self.clock())));
        let mut hasher = DefaultHasher::new();
        (calls, tasks, server, counts, state).hash(&mut hasher);
        hasher.finish()
    }

    /// Continues without failures. Checks that every call ends, and that the login survives unless a response was lost.
    fn settle(&mut self) -> Result<(), String> {
        for _ in 0..600 {
            let benign = |action: &Action| {
                !matches!(
                    action,
                    Action::DropCall(_)
                        | Action::Lose(_)
                        | Action::DropStep(_)
                        | Action::SaveUnnoticed(_)
                        | Action::Late
                        | Action::Revoke
                        | Action::Start(false)
                        | Action::Resume(_, false)
                )
            };
            let actions: Vec<_> = self.actions().into_iter().filter(benign).collect();
            // Waiting calls are resumed last, so that token steps make progress.
            let Some(action) =
                actions.iter().rev().find(|it| !matches!(it, Action::Resume(..))).or(actions.last())
            else {
                if self.calls.len() > CALLS {
                    return self.check_end();
                }
                // If a save was dropped, the next call after a pause returns a step to save the tokens.
                self.now += Duration::from_secs(120);
                self.calls.push(State::New);
                continue;
            };
            self.act(*action)?;
        }
        Err("the calls have not ended after 600 steps without failures".into())
    }

    fn check_end(&self) -> Result<(), String> {
        if self.is_revoked || self.is_lost {
            return Ok(());
        }
        let is_consistent = self.own == self.valid && (self.stored == self.valid || self.is_behind);
        let is_ready = matches!(self.calls.last(), Some(State::Done(Ok(()))));
        match is_consistent && is_ready && !self.session.has_unsaved_tokens() {
            true => Ok(()),
            false => Err(format!(
                "no response was lost, but the session has r{}, the store r{}, and the server accepts r{}",
                self.own, self.stored, self.valid
            )),
        }
    }
}

/// Executes a list of actions, and returns the final state.
fn replay(path: &[Action]) -> Result<Model, String> {
    let mut model = Model::new();
    for action in path {
        model.act(*action)?;
    }
    Ok(model)
}

#[test]
fn all_interleavings_of_three_calls_satisfy_the_invariants() {
    let depth = std::env::var("EXPLORATION_DEPTH").ok().and_then(|depth| depth.parse().ok());
    let depth = depth.unwrap_or(if cfg!(debug_assertions) { 9 } else { 40 });
    let (begin, mut transitions) = (Instant::now(), 0_u64);
    let mut seen = HashSet::from([Model::new().key()]);
    let mut frontier = vec![Vec::new()];
    for level in 1..=depth {
        let mut next = Vec::new();
        for path in &frontier {
            let actions = replay(path).expect("the path should be executable again").actions();
            for action in actions {
                let mut longer: Vec<Action> = path.clone();
                longer.push(action);
                transitions += 1;
                let result = replay(&longer).and_then(|mut model| {
                    let is_new = seen.insert(model.key());
                    if is_new { model.settle().map(|()| true) } else { Ok(false) }
                });
                match result {
                    Ok(true) => next.push(longer),
                    Ok(false) => {}
                    Err(message) => panic!("{message}\n{longer:?}"),
                }
            }
        }
        if next.is_empty() {
            println!("all states should have been explored");
            break;
        }
        frontier = next;
        println!("depth {level}: {} states, {transitions} transitions, {:?}", seen.len(), begin.elapsed());
    }
}
