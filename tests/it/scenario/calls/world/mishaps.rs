//! What happens that no call has asked for.

use std::time::Duration;

use super::super::watch::WINDOW;
use super::{Chooser, End, State, World};

impl<C: Chooser> World<'_, C> {
    /// Something happens that no call has asked for.
    pub(super) fn mishap(&mut self) -> Result<(), String> {
        let party = usize::try_from(self.chooser.below(self.parties.len() as u64)).expect("an index");
        let account = self.parties[party].account;
        match self.chooser.below(14) {
            0 | 1 if !self.slots.is_empty() => return self.drop_call(),
            2..=4 => {
                let other = usize::try_from(self.chooser.below(self.parties.len() as u64)).expect("an index");
                self.tell(|| format!("sessions {party} and {other} join"));
                self.join(party, other);
                self.join(other, party);
            }
            5 if self.chooser.below(2) == 0 => {
                let seconds = self.chooser.one_of(&[86_400, 4000, 100, 20, 5]);
                self.move_clock(Duration::from_secs(seconds), true);
            }
            6 if self.chooser.below(2) == 0 => {
                let seconds = self.chooser.one_of(&[4000, 100, 25, 20, 1]);
                self.move_clock(Duration::from_secs(seconds), false);
            }
            7 => {
                self.tell(|| format!("all access tokens of account {account} are revoked"));
                self.accounts[account].fake.revoke_access_tokens();
            }
            8..=10 => self.accounts[account].rename(),
            11 => {
                let seconds = self.chooser.one_of(&[0, 1, 59, 120, 3600]);
                self.accounts[account].fake.token_life(Duration::from_secs(seconds));
            }
            12 if self.chooser.once_in(60) => {
                self.tell(|| format!("account {account} removes the application"));
                self.accounts[account].fake.revoke_refresh_tokens();
                self.accounts[account].is_revoked = true;
            }
            _ => {}
        }
        Ok(())
    }

    /// One session learns what is closed from another.
    pub(super) fn join(&mut self, to: usize, from: usize) {
        if to == from {
            return;
        }
        let theirs = self.parties[from].session.throttle().clone();
        let mine = std::mem::take(self.parties[to].session.throttle());
        *self.parties[to].session.throttle() = mine.join(theirs);
        let theirs = self.parties[from].watch.closed();
        let now = self.now();
        self.parties[to].watch.join(&theirs, now);
        // As with closures, a line from before the clock was set back hides the new one.
        if self.furthest > now + WINDOW {
            self.begin_line(to);
        }
    }

    /// Paced requests of a session stand in a new line, beside the slots that are held.
    fn begin_line(&mut self, party: usize) {
        self.parties[party].watch.begins_line();
        self.slots.iter_mut().filter(|it| it.party == party).for_each(|it| it.record.has_old_slot = true);
    }

    fn move_clock(&mut self, by: Duration, is_forward: bool) {
        let before = self.now();
        self.furthest = self.furthest.max(before);
        let clock = if is_forward { &mut self.ahead } else { &mut self.behind };
        *clock += by;
        let after = self.now();
        self.tell(|| format!("the clock was moved by {by:?}, forward: {is_forward}"));
        self.tally.clock_jumps += 1;
        for party in &mut self.parties {
            party.watch.clock(before);
            party.watch.clock(after);
        }
        if !is_forward {
            (0..self.parties.len()).for_each(|party| self.begin_line(party));
        }
    }

    /// A call is dropped half way; its request may arrive all the same.
    fn drop_call(&mut self) -> Result<(), String> {
        let slot = usize::try_from(self.chooser.below(self.slots.len() as u64)).expect("an index");
        let number = self.slots[slot].number;
        self.tell(|| format!("call {number} is dropped"));
        if self.chooser.once_in(2) {
            match std::mem::replace(&mut self.slots[slot].state, State::Over) {
                State::Away(exchange, request, number) => self.arrive(slot, exchange, &request, number),
                state => self.slots[slot].state = state,
            }
        }
        self.finish(slot, End::Dropped)
    }
}
