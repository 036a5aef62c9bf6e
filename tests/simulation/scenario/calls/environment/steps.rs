//! Execution of calls and token steps.

use std::time::Duration;

use spotify_proto::{Error, Step, TokenStep, WaitReason};

use super::super::network_faults::{self, NetworkFault};
use super::super::server::{News, refresh_token};
use super::super::workload::Got;
use super::{DecisionSource, End, Environment, Job, STEPS_MAX, Size, State, Task, Work};

/// The error of the transport.
#[derive(Debug)]
struct Lost;

/// Returns the additional delay of a call in a small history after the given number of consecutive waits for a token.
/// Without it, the call would be polled every 5 ms for two minutes after the clock was set back.
fn lateness(waits: u32) -> Duration {
    Duration::from_millis(1 << waits.min(14)) - Duration::from_millis(1)
}

impl<D: DecisionSource> Environment<'_, D> {
    /// Executes the next event of a call.
    pub(super) fn continue_call(&mut self, slot: usize) -> Result<(), String> {
        let now = self.now(self.slots[slot].party);
        let it = &mut self.slots[slot];
        it.steps += u32::from(self.is_healthy);
        if it.steps > STEPS_MAX {
            return Err(format!("a call has not ended after {STEPS_MAX} steps without failures"));
        }
        let party = &mut self.parties[it.party];
        match std::mem::replace(&mut it.state, State::Over) {
            State::Away(exchange, request) => {
                self.slots[slot].state = State::Away(exchange, request);
                self.arrive(slot);
                Ok(())
            }
            State::Back(exchange, arrived) => {
                let process = &mut self.processes[party.process];
                let news = arrived.as_ref().map(|(_, news)| news.clone());
                process.limits.api_news(&mut it.record, news.as_ref(), now);
                if news == Some(News::Refused) {
                    party.steps.last_rejection = Some(self.real);
                }
                self.tally.limits += u64::from(matches!(news, Some(News::Limited { .. })));
                let result = arrived.map(|(response, _)| response).ok_or(Lost);
                let received = exchange.receive(result, now);
                let step = received.apply(&mut process.app, &mut party.session, now);
                let number = it.number;
                it.last = news.clone();
                self.trace(|| format!("call {number} receives {news:?}"));
                match step {
                    Ok(step) => self.take(slot, step),
                    Err(Lost) => self.finish(slot, End::Lost),
                }
            }
            State::Wait(waiting) => {
                let step = waiting.resume(&mut self.processes[party.process].app, &mut party.session, now);
                self.take(slot, step)
            }
            State::Parked(_) | State::Over => Ok(()),
        }
    }

    /// Delivers the request of a call to the server.
    pub(super) fn arrive(&mut self, slot: usize) {
        let latency = self.latency();
        let real = super::begin() + self.real;
        let it = &mut self.slots[slot];
        let State::Away(exchange, request) = std::mem::replace(&mut it.state, State::Over) else { return };
        let operation = it.record.operation;
        let network_fault = if self.is_healthy || !self.decisions.once_in(self.fault_rate) {
            NetworkFault::None
        } else {
            let is_write = operation.method != http::Method::GET;
            network_faults::of_api(self.decisions, is_write, operation.has_separate_rate_limit, real)
        };
        let fault = match it.job {
            Job::Page { list_read, .. } => self.list_reads[list_read].fault,
            _ => None,
        };
        let account = &mut self.accounts[self.parties[it.party].account];
        let arrival = account.act(&request, &network_fault, fault, real);
        it.record.acts += arrival.acts;
        it.due = self.real + latency;
        it.state = State::Back(exchange, arrival.response);
        let number = it.number;
        self.trace(|| format!("call {number}: arrives with {network_fault:?}"));
    }

    /// Executes the next event of a token step.
    pub(super) fn continue_task(&mut self, task: usize) -> Result<(), String> {
        if matches!(self.tasks[task].work, Work::Away(..)) {
            self.arrive_token(task);
            return Ok(());
        }
        let Task { number, party, work, owner, origin, .. } = self.tasks.swap_remove(task);
        match work {
            Work::Away(..) => Ok(()),
            Work::Back(exchange, arrived) => {
                let now = self.now(party);
                let before = self.access(party);
                let news = arrived.as_ref().map(|(_, news)| news.clone());
                let it = &mut self.parties[party];
                it.steps.ended(number, news.as_ref(), before.as_deref(), now, self.real);
                if let Some(News::Token(access, _)) = &news {
                    it.secrets.push(access.clone());
                    // To bound the work, only the newest secrets are searched for.
                    let excess = it.secrets.len().saturating_sub(8);
                    it.secrets.drain(1..1 + excess);
                }
                let result = arrived.map(|(response, _)| response).ok_or(Lost);
                let app = &mut self.processes[it.process].app;
                let step = exchange.receive(result).apply(app, &mut it.session, now);
                let line = match &news {
                    Some(News::Token(..)) => "a token".to_owned(),
                    news => format!("{news:?}"),
                };
                self.trace(|| format!("token request {number} receives {line}"));
                let Ok(step) = step else { return self.token_ended(owner) };
                if self.access(party) != before {
                    self.parties[party].steps.renewed();
                }
                self.check_received(party, news.as_ref())?;
                self.take_token(party, owner, origin, step)
            }
            Work::Save(tokens, saving) => {
                let now = self.now(party);
                let fate = if self.is_healthy { 99 } else { self.decisions.below(12) };
                if fate > 0 {
                    self.write_tokens(party, tokens);
                }
                if fate < 2 {
                    self.trace(|| format!("save {number} fails or is dropped"));
                    self.tally.failed_saves += 1;
                    self.parties[party].steps.dropped(number);
                    return self.token_ended(owner);
                }
                let it = &mut self.parties[party];
                it.steps.saved(number);
                let step = saving.saved(&mut self.processes[it.process].app, &mut it.session, now);
                self.take_token(party, owner, origin, step)
            }
        }
    }

    /// Delivers a token request to the accounts service.
    pub(super) fn arrive_token(&mut self, task: usize) {
        let latency = self.latency();
        let real = super::begin() + self.real;
        let Work::Away(_, request) = &self.tasks[task].work else { return };
        let party = self.tasks[task].party;
        let network_fault = if self.is_healthy || !self.decisions.once_in(self.fault_rate) {
            NetworkFault::None
        } else {
            network_faults::of_accounts(self.decisions, real)
        };
        let arrival = self.accounts[self.parties[party].account].act(request, &network_fault, None, real);
        if let Some(issued) = arrival.issued {
            self.parties[party].secrets.push(issued.clone());
            if let Some(login) = self.parties[party].login {
                self.logins[login].latest = issued;
            }
        }
        let mut task = self.tasks.swap_remove(task);
        if let Work::Away(exchange, _) = task.work {
            task.work = Work::Back(exchange, arrival.response);
        }
        task.due = self.real + latency;
        let number = task.number;
        self.tasks.push(task);
        self.trace(|| format!("token request {number}: arrives with {network_fault:?}"));
    }

    fn access(&self, party: usize) -> Option<String> {
        let tokens = self.parties[party].session.tokens()?;
        tokens.access_token().map(|token| token.expose().to_owned())
    }

    /// Checks that a session has the refresh token that it received, if the token is still valid.
    fn check_received(&mut self, party: usize, news: Option<&News>) -> Result<(), String> {
        let Some((login, News::Token(_, Some(refresh)))) = self.parties[party].login.zip(news) else {
            return Ok(());
        };
        let login = &mut self.logins[login];
        let own = self.parties[party].session.tokens().and_then(|tokens| tokens.refresh_token());
        if login.latest == *refresh && own.is_none_or(|own| own.expose() != refresh) {
            return Err("a session has ignored a refresh token that it received".into());
        }
        login.received.insert(refresh.clone());
        Ok(())
    }

    /// Resumes the call that waits for a finished token step.
    pub(super) fn token_ended(&mut self, owner: Option<u64>) -> Result<(), String> {
        let Some(slot) = self.slots.iter_mut().find(|it| Some(it.number) == owner) else { return Ok(()) };
        slot.due = self.real;
        if let State::Parked(waiting) = std::mem::replace(&mut slot.state, State::Over) {
            slot.state = State::Wait(waiting);
        }
        Ok(())
    }

    /// Checks a step of a call and executes it.
    pub(super) fn take(&mut self, slot: usize, step: Step<Got>) -> Result<(), String> {
        self.tally.steps += 1;
        let party = self.slots[slot].party;
        let now = self.now(party);
        self.check_shown(slot, &step)?;
        if self.is_traced {
            let line = format!("call {}: {step:?}", self.slots[slot].number);
            self.trace(|| line);
        }
        let latency = self.latency();
        let it = &mut self.slots[slot];
        it.due = self.real + latency;
        match step {
            Step::Send(request, exchange) => {
                self.tally.sends += 1;
                let is_conditional = request.headers().contains_key("if-none-match");
                if is_conditional && it.record.operation.method != http::Method::GET {
                    return Err("a write was sent with the validator of a stored response".into());
                }
                let process = self.parties[party].process;
                self.processes[process].limits.api_request(&mut it.record, now)?;
                it.token_waits = 0;
                it.state = State::Away(exchange, request);
            }
            Step::Authorize(step, waiting) => {
                it.record.token_step(now)?;
                let number = it.number;
                let is_inline = self.decisions.below(2) == 0;
                it.state = if is_inline { State::Parked(waiting) } else { State::Wait(waiting) };
                it.due = self.real;
                return self.take_token(party, is_inline.then_some(number), number, step);
            }
            Step::Wait(delay, waiting) => {
                it.record.wait(delay, now)?;
                self.tally.paced += u64::from(delay.reason == WaitReason::Pacing);
                if delay.reason == WaitReason::Token {
                    self.parties[party].steps.wait(delay.duration, now)?;
                }
                let lateness = match (delay.reason, self.decisions.size()) {
                    (WaitReason::Token, Size::Small) => lateness(it.token_waits),
                    _ => Duration::ZERO,
                };
                it.token_waits += u32::from(delay.reason == WaitReason::Token);
                it.due = self.real + delay.duration + lateness;
                it.state = State::Wait(waiting);
            }
            Step::Done(result) => return self.finish(slot, End::Done(result)),
        }
        Ok(())
    }

    /// Checks a token step and executes it.
    fn take_token(
        &mut self,
        party: usize,
        owner: Option<u64>,
        origin: u64,
        step: TokenStep,
    ) -> Result<(), String> {
        let now = self.now(party);
        self.check_token_shown(party, &step)?;
        if self.is_traced {
            let line = format!("session {party}: {step:?}");
            self.trace(|| line);
        }
        let access = self.access(party);
        let number = self.task_count + 1;
        let work = match step {
            TokenStep::Send(request, exchange) => {
                self.tally.token_requests += 1;
                if let Some((login, refresh)) = self.parties[party].login.zip(refresh_token(&request)) {
                    if !self.logins[login].saved.contains(&refresh) {
                        return Err("a refresh token was sent before it was saved".into());
                    }
                }
                self.parties[party].steps.request(number, access, now)?;
                Work::Away(exchange, request)
            }
            TokenStep::Save(tokens, saving) => {
                self.parties[party].steps.save(number, access, now);
                Work::Save(tokens, saving)
            }
            TokenStep::Done(Err(Error::ForeignState)) => {
                return Err("the original session was rejected as foreign".into());
            }
            TokenStep::Done(_) => return self.token_ended(owner),
        };
        self.task_count = number;
        let due = self.real + self.latency();
        self.tasks.push(Task { number, party, work, due, owner, origin });
        Ok(())
    }
}
