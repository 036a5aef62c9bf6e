//! Events that do not belong to a call.

use std::time::Duration;

use spotify_proto::Tokens;

use super::{DecisionSource, End, Environment, State, Work};

/// Routes for which a merge must not shorten the delay.
const ROUTES: [&str; 4] =
    ["/v1/artists/{id}", "/v1/me/library", "/v1/playlists/{playlist_id}/items", "/v1/me/player/next"];

impl<D: DecisionSource> Environment<'_, D> {
    pub(super) fn event(&mut self) -> Result<(), String> {
        let party = self.decisions.index(self.parties.len());
        let account = self.parties[party].account;
        match self.decisions.below(15) {
            0 | 1 if !self.slots.is_empty() => {
                let slot = self.decisions.index(self.slots.len());
                return self.drop_call(slot);
            }
            2..=3 => return self.merge_all(self.parties[party].process),
            4 if !self.tasks.is_empty() => {
                let task = self.decisions.index(self.tasks.len());
                return self.drop_task(task);
            }
            5 if self.decisions.below(2) == 0 => {
                let seconds = self.decisions.one_of(&[86_400, 4000, 100, 20, 5]);
                self.move_clock(Duration::from_secs(seconds), true);
            }
            6 if self.decisions.below(2) == 0 => {
                let seconds = self.decisions.one_of(&[4000, 100, 25, 20, 1]);
                self.move_clock(Duration::from_secs(seconds), false);
            }
            7 => {
                self.trace(|| format!("all access tokens of account {account} are revoked"));
                self.accounts[account].fake.revoke_access_tokens();
            }
            8..=10 => self.accounts[account].rename(),
            11 => {
                let seconds = self.decisions.one_of(&[0, 1, 59, 120, 3600]);
                self.accounts[account].fake.token_life(Duration::from_secs(seconds));
            }
            12 if self.decisions.once_in(60) => {
                self.trace(|| format!("account {account} removes the application"));
                self.accounts[account].fake.revoke_refresh_tokens();
                self.accounts[account].is_revoked = true;
            }
            13 => self.adopt(party),
            _ => {}
        }
        Ok(())
    }

    /// Merges the rate limiters of all other processes of the application into the rate limiter of a process.
    pub(super) fn merge_all(&mut self, process: usize) -> Result<(), String> {
        for other in 0..self.processes.len() {
            if other != process && self.processes[other].which == self.processes[process].which {
                self.merge(process, other)?;
            }
        }
        Ok(())
    }

    fn merge(&mut self, to: usize, from: usize) -> Result<(), String> {
        self.tally.merges += 1;
        let now = self.clock(self.processes[to].clock);
        let pace = self.processes[to].app.rate_limiter().clone();
        let theirs = self.processes[from].app.rate_limiter().clone();
        // Each process has an independent pace.
        let theirs = theirs.without_pace();
        let merged = pace.clone().merge(theirs.clone());
        if merged != theirs.merge(pace.clone()) || merged.clone().merge(pace.clone()) != merged {
            return Err("a merge depends on its order, or is not idempotent".into());
        }
        for route in ROUTES {
            let left = |limiter: &spotify_proto::RateLimiter| limiter.delay(route, now).map(|it| it.duration);
            if left(&merged) < left(&pace) {
                return Err(format!("a merge has shortened a delay: {:?}, {:?}", left(&pace), left(&merged)));
            }
        }
        let has_same_clock = self.processes[to].clock == self.processes[from].clock;
        *self.processes[to].app.rate_limiter_mut() = merged;
        let blocked = self.processes[from].limits.blocked();
        self.processes[to].limits.merge(&blocked, has_same_clock);
        Ok(())
    }

    /// Replaces the tokens of a session by the stored tokens, if other sessions share the login.
    pub(super) fn adopt(&mut self, party: usize) {
        let it = &mut self.parties[party];
        let Some(login) = it.login.filter(|login| self.logins[*login].sessions > 1) else { return };
        let stored = self.logins[login].stored.clone();
        if it.session.adopt_tokens(stored) {
            it.steps.adopted();
            let texts = it.session.tokens().map(|it| [it.access_token(), it.refresh_token()]);
            let texts: Vec<_> =
                texts.into_iter().flatten().flatten().map(|it| it.expose().to_owned()).collect();
            it.secrets.extend(texts);
            self.tally.adopted += 1;
            self.trace(|| format!("session {party} adopts stored tokens"));
        }
    }

    /// Writes tokens to the store. Newer tokens are not overwritten if several sessions share the store.
    pub(super) fn write_tokens(&mut self, party: usize, tokens: Tokens) {
        self.adopt(party);
        let Some(login) = self.parties[party].login else { return };
        let newest = self.parties[party].session.tokens().unwrap_or(&tokens).clone();
        let login = &mut self.logins[login];
        login.saved.extend(newest.refresh_token().map(|token| token.expose().to_owned()));
        login.stored = newest;
        self.trace(|| format!("session {party} has written its tokens"));
    }

    fn move_clock(&mut self, by: Duration, is_forward: bool) {
        let clock = self.decisions.index(self.clocks.len());
        self.check_clock(clock);
        let it = &mut self.clocks[clock];
        *(if is_forward { &mut it.ahead } else { &mut it.behind }) += by;
        self.check_clock(clock);
        self.trace(|| format!("clock {clock} was moved by {by:?}, forward: {is_forward}"));
        self.tally.clock_jumps += 1;
        if !is_forward {
            for process in self.processes.iter_mut().filter(|it| it.clock == clock) {
                process.limits.restart_pace();
            }
        }
    }

    fn check_clock(&mut self, clock: usize) {
        let now = self.clock(clock);
        for process in self.processes.iter_mut().filter(|it| it.clock == clock) {
            process.limits.clock(now);
        }
        for party in self.parties.iter_mut().filter(|it| self.processes[it.process].clock == clock) {
            party.steps.clock(now);
        }
    }

    /// Drops a call and its inline token step. The request may still arrive.
    fn drop_call(&mut self, slot: usize) -> Result<(), String> {
        let number = self.slots[slot].number;
        self.trace(|| format!("call {number} is dropped"));
        if matches!(self.slots[slot].state, State::Away(..)) && self.decisions.once_in(2) {
            self.arrive(slot);
        }
        self.finish(slot, End::Dropped)?;
        self.tally.detached +=
            self.tasks.iter().filter(|it| it.owner.is_none() && it.origin == number).count() as u64;
        match self.tasks.iter().position(|it| it.owner == Some(number)) {
            Some(task) => self.drop_task(task),
            None => Ok(()),
        }
    }

    /// Drops a token step. Its request may still arrive.
    fn drop_task(&mut self, task: usize) -> Result<(), String> {
        self.tally.dropped_token_steps += 1;
        let number = self.tasks[task].number;
        self.trace(|| format!("token step {number} is dropped"));
        if matches!(self.tasks[task].work, Work::Away(..)) && self.decisions.once_in(2) {
            self.arrive_token(task);
        }
        let task = self
            .tasks
            .iter()
            .position(|it| it.number == number)
            .expect("the task should not have been removed");
        let task = self.tasks.swap_remove(task);
        self.parties[task.party].steps.dropped(number);
        drop(task.work);
        self.token_ended(task.owner)
    }
}
