//! Execution and dropping of calls and token steps.

use std::fmt::Write as _;

use http::Request;
use spotify_proto::api::{AddToQueue, GetAlbum};
use spotify_proto::{AlbumId, Call, Error, SpotifyUri, Step, TokenStep};

use super::super::invariants::Invariants;
use super::super::server::{MARK, News, Outcome, Sent, read};
use super::{DecisionSource, Environment, Quiet, Slot, State, Task, Work, is_flight, presented};

impl<D: DecisionSource> Environment<'_, D> {
    pub(super) fn with_slot(
        &mut self,
        fits: impl Fn(&State) -> bool,
        then: impl FnOnce(&mut Self, usize) -> Result<(), String>,
    ) -> Result<(), String> {
        match self.pick(fits) {
            Some(slot) => then(self, slot),
            None => Ok(()),
        }
    }

    pub(super) fn with_task(
        &mut self,
        fits: impl Fn(&Work) -> bool,
        then: impl FnOnce(&mut Self, usize) -> Result<(), String>,
    ) -> Result<(), String> {
        let tasks: Vec<_> = (0..self.tasks.len()).filter(|task| fits(&self.tasks[*task].work)).collect();
        if tasks.is_empty() {
            return Ok(());
        }
        let task = self.decisions.one_of(&tasks);
        then(self, task)
    }

    pub(super) fn pick(&mut self, fits: impl Fn(&State) -> bool) -> Option<usize> {
        let count = self.slots.iter().filter(|slot| fits(&slot.state)).count();
        if count == 0 {
            return None;
        }
        let nth = self.decisions.index(count);
        (0..self.slots.len()).filter(|i| fits(&self.slots[*i].state)).nth(nth)
    }

    pub(super) fn start(&mut self, slot: usize) -> Result<(), String> {
        let now = self.now();
        self.trace(|| format!("call {slot} starts"));
        let step = if self.slots[slot].record.is_write {
            let uri: SpotifyUri = "spotify:track:4aawyAB9vmqN3uQ7FjRGTy".parse().expect("expected a URI");
            Call::new(Quiet(AddToQueue::new(uri))).start(&mut self.app, &mut self.session, now)
        } else {
            let id: AlbumId = "4aawyAB9vmqN3uQ7FjRGTy".parse().expect("expected an id");
            Call::new(Quiet(GetAlbum::new(id))).start(&mut self.app, &mut self.session, now)
        };
        self.take(slot, step)
    }

    /// Executes the request of a call on the server.
    pub(super) fn act(&mut self, slot: usize) -> Result<(), String> {
        let Slot { record, state: State::Flight { access, outcome, .. }, .. } = &mut self.slots[slot] else {
            return Ok(());
        };
        let sent = Sent::Api { access: access.clone() };
        let result = self.server.act(&sent, record.is_write, self.real, self.decisions);
        let line = self.is_traced.then(|| describe(&result));
        *outcome = Some(result);
        self.trace(|| format!("call {slot}: the server sends {}", line.unwrap_or_default()));
        Ok(())
    }

    /// Executes a token request on the server.
    pub(super) fn act_token(&mut self, task: usize) -> Result<(), String> {
        let Task { number, work: Work::Flight { refresh, outcome, .. }, .. } = &mut self.tasks[task] else {
            return Ok(());
        };
        let sent = Sent::Token { refresh: refresh.clone() };
        let result = self.server.act(&sent, false, self.real, self.decisions);
        let line = self.is_traced.then(|| describe(&result));
        *outcome = Some(result);
        let number = *number;
        self.trace(|| format!("token request {number}: the server sends {}", line.unwrap_or_default()));
        Ok(())
    }

    /// Delivers the response to a call's request, or a transport error.
    pub(super) fn deliver(&mut self, slot: usize) -> Result<(), String> {
        let now = self.now();
        let Slot { record, state, .. } = &mut self.slots[slot];
        let State::Flight { exchange, access, outcome } = std::mem::replace(state, State::Over) else {
            return Ok(());
        };
        let (result, news) = split(outcome);
        self.invariants.api_news(record, &access, news.as_ref(), now);
        self.trace(|| format!("call {slot} receives {news:?}"));
        let received = exchange.receive(result, now);
        match received.apply(&mut self.app, &mut self.session, now) {
            Ok(step) => self.take(slot, step),
            Err(Lost) => {
                self.trace(|| format!("call {slot} ends with the transport's error"));
                Ok(())
            }
        }
    }

    /// Delivers the response to a token request, or a transport error.
    pub(super) fn deliver_token(&mut self, task: usize) -> Result<(), String> {
        let now = self.now();
        let Task { number, work, owner, origin, session, .. } = self.tasks.swap_remove(task);
        let Work::Flight { exchange, refresh, outcome } = work else { return Ok(()) };
        let (result, news) = split(outcome);
        let own =
            self.session.tokens().and_then(|tokens| tokens.refresh_token()).map(|it| it.expose().to_owned());
        let is_presented = own == refresh;
        self.trace(|| format!("token request {number} receives {news:?}"));
        let is_foreign = session != self.sessions;
        // The response to a request of a previous session value is accepted if the request contains the current refresh
        // token.
        let is_expected = if is_foreign && (!is_presented || own.is_none()) {
            self.invariants.ended(number);
            false
        } else {
            self.invariants.token_news(number, news.as_ref(), is_presented, is_foreign, now)
        };
        let step = match exchange.receive(result).apply(&mut self.app, &mut self.session, now) {
            Ok(step) => step,
            Err(Lost) => return self.token_ended(owner),
        };
        if let (true, Some(News::Token { access, .. })) = (is_expected, &news) {
            let tokens = if let TokenStep::Save(tokens, _) = &step { Some(tokens) } else { None };
            Invariants::accepted(access, tokens)?;
            self.summary.taken_over += u32::from(is_foreign);
        }
        if let Some(News::Token { refresh: Some(refresh), .. }) = &news {
            let own = self.session.tokens().and_then(|tokens| tokens.refresh_token()).map(|it| it.expose());
            if *refresh == self.server.refresh && own != Some(&**refresh) {
                return Err(format!("the session has ignored the received {refresh}"));
            }
        }
        let is_rejected = matches!(&step, TokenStep::Done(Err(Error::ForeignState)));
        if is_rejected && !is_foreign {
            return Err("the original session was rejected as foreign".into());
        }
        self.take_token(owner, origin, step)
    }

    /// Resumes a call at the end of its delay, or sometimes earlier.
    pub(super) fn wake(&mut self, slot: usize) -> Result<(), String> {
        if self.decisions.below(8) != 7 {
            return self.wake_at_its_time(slot);
        }
        let State::Wait(waiting, _) = std::mem::replace(&mut self.slots[slot].state, State::Over) else {
            return Ok(());
        };
        let now = self.now();
        let step = waiting.resume(&mut self.app, &mut self.session, now);
        self.take(slot, step)
    }

    pub(super) fn wake_at_its_time(&mut self, slot: usize) -> Result<(), String> {
        let State::Wait(waiting, until) = std::mem::replace(&mut self.slots[slot].state, State::Over) else {
            return Ok(());
        };
        self.pass(until.saturating_sub(self.real));
        let now = self.now();
        let step = waiting.resume(&mut self.app, &mut self.session, now);
        self.take(slot, step)
    }

    /// Saves tokens, which may fail, and continues or drops the step.
    pub(super) fn save(&mut self, task: usize) -> Result<(), String> {
        let now = self.now();
        let Task { number, work, owner, origin, session, .. } = self.tasks.swap_remove(task);
        let Work::Save(tokens, saving) = work else { return Ok(()) };
        self.invariants.ended(number);
        let is_foreign = session != self.sessions;
        let fate = if self.server.is_healthy { 99 } else { self.decisions.below(10) };
        if fate == 0 {
            self.trace(|| format!("save {number} fails"));
            return self.token_ended(owner);
        }
        let tokens = match self.session.tokens() {
            Some(newest) if self.writes_newest && self.has_user => newest.clone(),
            _ => tokens,
        };
        let refresh = tokens.refresh_token().map(|token| token.expose().to_owned());
        self.invariants.saved.extend(refresh.clone());
        self.store = Some(tokens);
        self.trace(|| format!("save {number} has written {refresh:?}"));
        let is_dropped = fate == 1;
        let is_unnoticed = is_dropped || is_foreign || self.is_behind_unnoticed;
        self.is_behind_unnoticed = is_unnoticed && self.is_store_behind();
        if is_dropped {
            self.trace(|| format!("save {number} is dropped"));
            return self.token_ended(owner);
        }
        let step = saving.saved(&mut self.app, &mut self.session, now);
        match (&step, is_foreign) {
            (TokenStep::Done(Err(Error::ForeignState)), true) => {}
            (TokenStep::Done(Err(error)), _) => return Err(format!("a save ended with {error:?}")),
            (_, true) => return Err("a save of another session was accepted".into()),
            (_, false) => self.invariants.is_saved(),
        }
        self.take_token(owner, origin, step)
    }

    /// Drops a call and its inline token step. The request may still arrive.
    pub(super) fn drop_call(&mut self, slot: usize) -> Result<(), String> {
        self.trace(|| format!("call {slot} is dropped"));
        if is_flight(&self.slots[slot].state, false) && self.decisions.below(2) == 0 {
            self.act(slot)?;
        }
        self.slots[slot].state = State::Over;
        let survives = |task: &Task| task.origin == Some(slot) && task.owner.is_none();
        self.summary.survived_calls += u32::from(self.tasks.iter().any(survives));
        let owned = (0..self.tasks.len()).find(|task| self.tasks[*task].owner == Some(slot));
        match owned {
            Some(task) => {
                self.summary.dropped_with_call += 1;
                self.tasks[task].owner = None;
                self.drop_task(task)
            }
            None => Ok(()),
        }
    }

    /// Drops a token step. The token request may still arrive, and a call that waits for the step continues.
    pub(super) fn drop_task(&mut self, task: usize) -> Result<(), String> {
        if matches!(self.tasks[task].work, Work::Flight { outcome: None, .. }) && self.decisions.below(2) == 0
        {
            self.act_token(task)?;
        }
        let Task { number, owner, .. } = self.tasks.swap_remove(task);
        self.trace(|| format!("token step {number} is dropped"));
        self.summary.dropped_token_steps += 1;
        self.invariants.ended(number);
        self.token_ended(owner)
    }

    fn token_ended(&mut self, owner: Option<usize>) -> Result<(), String> {
        let Some(slot) = owner else { return Ok(()) };
        let state = std::mem::replace(&mut self.slots[slot].state, State::Over);
        if let State::Parked(waiting) = state {
            self.slots[slot].state = State::Wait(waiting, self.real);
        }
        Ok(())
    }

    /// Simulates a crash and a restart of the process.
    pub(super) fn crash(&mut self) {
        self.trace(|| "the process crashes and starts again".into());
        self.summary.crashes += 1;
        for task in 0..self.tasks.len() {
            if self.decisions.below(2) == 0 {
                let _ = self.act_token(task);
            }
        }
        self.tasks.clear();
        for slot in &mut self.slots {
            if !matches!(slot.state, State::New) {
                slot.state = State::Over;
            }
        }
        self.is_store_stale |= self.is_store_behind();
        self.begin();
    }

    /// Drops the session and loads it again, as in a web server that evicts inactive users. Calls of the previous
    /// session value end with an error.
    pub(super) fn reload(&mut self) -> Result<(), String> {
        if self.session.has_unsaved_tokens() {
            return Ok(());
        }
        self.trace(|| "the session is dropped and loaded again".into());
        self.is_store_stale |= self.is_store_behind();
        self.load();
        let access = self.stored_access();
        self.invariants.reloaded(access.as_deref());
        let (before, now) = (format!("{:?}", self.session), self.now());
        for slot in 0..self.slots.len() {
            let state = &mut self.slots[slot].state;
            let step = match std::mem::replace(state, State::Over) {
                State::New => {
                    *state = State::New;
                    continue;
                }
                State::Flight { exchange, outcome, .. } => {
                    let received = exchange.receive(split(outcome).0, now);
                    received.apply(&mut self.app, &mut self.session, now).ok()
                }
                State::Wait(waiting, _) | State::Parked(waiting) => {
                    Some(waiting.resume(&mut self.app, &mut self.session, now))
                }
                State::Over => continue,
            };
            if !matches!(step, Some(Step::Done(Err(Error::ForeignState)))) {
                return Err(format!("a call accepted another session: {step:?}"));
            }
        }
        self.tasks.iter_mut().for_each(|task| task.owner = None);
        match before == format!("{:?}", self.session) {
            true => Ok(()),
            false => Err("a call of another session has changed this one".into()),
        }
    }

    /// Checks a step of a call and executes it.
    fn take(&mut self, slot: usize, step: Step<()>) -> Result<(), String> {
        self.summary.steps += 1;
        let now = self.now();
        self.check_shown(|shown| write!(shown, "{step:?}"))?;
        if let Step::Done(Err(error)) = &step {
            let source = std::error::Error::source(error).map(ToString::to_string);
            self.check_shown(|shown| write!(shown, "{error} {source:?}"))?;
        }
        let waits_on = self.slots[slot].has_waited && matches!(step, Step::Wait(..));
        self.slots[slot].has_waited = matches!(step, Step::Wait(..));
        if self.is_traced && !waits_on {
            let line = format!("call {slot}: {step:?}");
            self.trace(|| line);
        }
        let Slot { record, state, end, .. } = &mut self.slots[slot];
        match step {
            Step::Send(request, exchange) => {
                let access = presented(&read(&request)).expect("expected an access token");
                self.invariants.api_request(record, &access, now)?;
                *state = State::Flight { exchange, access, outcome: None };
            }
            Step::Authorize(step, waiting) => {
                Invariants::token_step(record)?;
                let is_inline = self.decisions.below(2) == 0;
                *state = if is_inline { State::Parked(waiting) } else { State::Wait(waiting, self.real) };
                return self.take_token(is_inline.then_some(slot), Some(slot), step);
            }
            Step::Wait(delay, waiting) => {
                self.invariants.wait(delay.duration, delay.reason, now)?;
                *state = State::Wait(waiting, self.real + delay.duration);
            }
            Step::Done(result) => {
                if let Err(error) = &result {
                    self.invariants.failed(record, error)?;
                }
                *end = Some(result.map(|reply| reply.value));
                *state = State::Over;
            }
        }
        Ok(())
    }

    /// Checks a token step and executes it.
    fn take_token(
        &mut self,
        owner: Option<usize>,
        origin: Option<usize>,
        step: TokenStep,
    ) -> Result<(), String> {
        self.summary.steps += 1;
        let now = self.now();
        if let TokenStep::Send(request, _) = &step {
            self.learn_secrets(request);
        }
        self.check_shown(|shown| write!(shown, "{step:?}"))?;
        if self.is_traced {
            let line = format!("token step: {step:?}");
            self.trace(|| line);
        }
        let (number, work) = match step {
            TokenStep::Send(request, exchange) => {
                let refresh = presented(&read(&request));
                let number = self.invariants.token_request(refresh.as_deref(), now)?;
                (number, Work::Flight { exchange, refresh, outcome: None })
            }
            TokenStep::Save(tokens, saving) => (self.invariants.save(now), Work::Save(tokens, saving)),
            TokenStep::Done(_) => return self.token_ended(owner),
        };
        self.tasks.push(Task { number, work, owner, origin, session: self.sessions, since: self.real });
        Ok(())
    }

    /// Checks that a log line and the `Debug` output of the session contain no secret.
    fn check_shown(&mut self, write: impl FnOnce(&mut String) -> std::fmt::Result) -> Result<(), String> {
        self.shown.clear();
        write(&mut self.shown).expect("writing to a string should not fail");
        write!(self.shown, " {:?}", self.session).expect("writing to a string should not fail");
        let is_shown = |secret: &str| self.shown.contains(secret);
        if is_shown(MARK) || self.invariants.basic.as_deref().is_some_and(is_shown) {
            return Err(format!("a secret is shown: {}", self.shown));
        }
        Ok(())
    }

    /// Records the application's credentials in their encoded form.
    fn learn_secrets(&mut self, request: &Request<Vec<u8>>) {
        let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        if let Some(basic) = header.and_then(|value| value.strip_prefix("Basic ")) {
            self.invariants.basic = Some(basic.to_owned());
        }
    }
}

/// The error of the transport.
#[derive(Debug)]
struct Lost;

/// Returns the transport's result and the meaning of the response.
fn split(outcome: Option<Outcome>) -> (Result<http::Response<Vec<u8>>, Lost>, Option<News>) {
    match outcome {
        Some(Outcome::Response(response, news)) => (Ok(response), Some(news)),
        _ => (Err(Lost), None),
    }
}

fn describe(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Response(response, news) => format!("{} {news:?}", response.status()),
        Outcome::Lost => "a lost response".into(),
    }
}
