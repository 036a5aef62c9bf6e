//! The end of calls, and checks of the results.

use std::fmt::Write as _;
use std::time::Duration;

use spotify_proto::cache::StoreAction;
use spotify_proto::{AuthError, Error, Source, Step, TokenStep, WaitReason};
use spotify_proto_testing::fake::ids;

use super::super::server::News;
use super::super::workload::{Cursor, Got, Read, Write};
use super::{DecisionSource, End, Environment, Job, Party, Slot};

/// A duration that exceeds every backoff, pause and response time. Only a 429 may block requests for longer.
const LONGEST: Duration = Duration::from_secs(100);

/// Length of the prefix of a secret that must not appear in any output.
const PART: usize = 16;

impl<D: DecisionSource> Environment<'_, D> {
    /// Checks that the formatted step, error and session contain no secret.
    pub(super) fn check_shown(&mut self, slot: usize, step: &Step<Got>) -> Result<(), String> {
        let party = self.slots[slot].party;
        self.shown.clear();
        write!(self.shown, "{step:?}").expect("writing to a string should not fail");
        if let Step::Done(Err(error)) = step {
            let source = std::error::Error::source(error).map(ToString::to_string);
            write!(self.shown, " {:?} {error} {source:?}", self.parties[party].session)
                .expect("writing to a string should not fail");
        }
        self.check_text(party)
    }

    pub(super) fn check_token_shown(&mut self, party: usize, step: &TokenStep) -> Result<(), String> {
        self.shown.clear();
        write!(self.shown, "{step:?} {:?}", self.parties[party].session)
            .expect("writing to a string should not fail");
        self.check_text(party)
    }

    fn check_text(&self, party: usize) -> Result<(), String> {
        match self.parties[party].secrets.iter().any(|secret| self.shown.contains(&secret[..PART])) {
            true => Err(format!("a secret is shown: {}", self.shown)),
            false => Ok(()),
        }
    }

    /// Removes a finished call and checks the result.
    pub(super) fn finish(&mut self, slot: usize, end: End) -> Result<(), String> {
        let it = self.slots.swap_remove(slot);
        let is_success = matches!(end, End::Done(Ok(_)));
        it.record.done(is_success)?;
        let account = self.parties[it.party].account;
        self.tally.successes += u64::from(is_success);
        self.tally.losses += u64::from(matches!(end, End::Lost));
        self.tally.dropped += u64::from(matches!(end, End::Dropped));
        self.tally.doubtful += u64::from(it.record.is_doubtful());
        if matches!(it.job, Job::Write(Write::Add(_))) {
            let (certain, possible) = &mut self.adds[account];
            *(if is_success { certain } else { possible }) += 1;
        }
        let reply = match end {
            End::Done(Ok(reply)) => reply,
            End::Done(Err(error)) => {
                let result = self.check_error(&it, &error);
                self.ended = Some(Err(error));
                return result;
            }
            End::Lost if it.began_healthy => return Err("a response was lost without a failure".into()),
            End::Lost | End::Dropped => return Ok(()),
        };
        self.ended = Some(Ok(()));
        self.tally.not_modified += u64::from(reply.source != Source::Server);
        if let Some((key, store)) = it.key.as_ref().zip(self.parties[it.party].store.as_mut()) {
            match reply.store {
                StoreAction::Put(entry) => drop(store.insert(key.clone(), entry)),
                StoreAction::Remove => drop(store.remove(key)),
                StoreAction::Keep => {}
            }
        }
        match it.job {
            Job::Page { list_read, part, ref cursor } => {
                self.page(it.party, list_read, part, cursor, &reply.value)
            }
            _ => self.check_value(it.renames, account, &reply.value),
        }
    }

    /// Checks that there is a cause for the error of a call.
    fn check_error(&self, slot: &Slot, error: &Error) -> Result<(), String> {
        let party = &self.parties[slot.party];
        let is_recent = |at: Option<Duration>| at.is_some_and(|at| self.real.saturating_sub(at) < LONGEST);
        match error {
            Error::ForeignState => Err("the original session was rejected as foreign".into()),
            Error::Throttled(limit) if limit.reason() == WaitReason::Token => {
                Err("waiting for a token was reported as a limit of the application".into())
            }
            Error::RateLimited(_) if !slot.record.has_been_limited() && !party.steps.was_limited => {
                Err("a rate limit was reported without a 429 response".into())
            }
            Error::Deadline if slot.record.deadline.is_none() => {
                Err("a call without a deadline ended with `Deadline`".into())
            }
            Error::Decode(_) if slot.last != Some(News::Other) => {
                Err(format!("a valid response could not be decoded: {error:?}"))
            }
            Error::Deadline | Error::RateLimited(_) | Error::Throttled(_) => Ok(()),
            _ if !slot.began_healthy || self.is_dead(slot.party) => Ok(()),
            Error::Auth(AuthError::TokenRejected { .. }) if is_recent(party.steps.last_rejection) => Ok(()),
            Error::Auth(AuthError::GrantRejected { .. }) if self.is_shared(slot.party) => Ok(()),
            Error::Auth(AuthError::NotSaved) => Ok(()),
            Error::Auth(AuthError::UnexpectedResponse { .. } | AuthError::AttemptsExhausted { .. })
                if is_recent(party.steps.last_failure) =>
            {
                Ok(())
            }
            _ => Err(format!("a call without failures ended with {error:?}")),
        }
    }

    /// Checks that the server had the returned value at some time during the call.
    fn check_value(&self, renames: u32, account: usize, value: &Got) -> Result<(), String> {
        let Got::AlbumName(name) = value else { return Ok(()) };
        let number = name.strip_prefix("Tide ").and_then(|number| number.parse::<u32>().ok());
        let now = self.accounts[account].renames;
        match number.is_some_and(|number| (renames..=now).contains(&number)) {
            true => Ok(()),
            false => Err(format!("expected a name with a number from {renames} to {now}, got {name:?}")),
        }
    }

    /// Records a page of a list; after the last page, checks the list.
    fn page(
        &mut self,
        party: usize,
        list_read: usize,
        part: usize,
        cursor: &Cursor,
        page: &Got,
    ) -> Result<(), String> {
        for (part, cursor) in self.list_reads[list_read].take(part, cursor, page)? {
            self.start(party, Job::Page { list_read, part, cursor })?;
        }
        let it = &self.list_reads[list_read];
        if !it.is_complete() {
            return Ok(());
        }
        self.tally.lists += 1;
        let truth = match it.fault {
            Some(fault) => {
                self.tally.faulty_lists += 1;
                fault.truth()
            }
            None => {
                let is_same = it.versions == self.versions(party);
                let account = &self.accounts[self.parties[party].account];
                is_same.then(|| account.truth(it.list, self.base))
            }
        };
        match truth {
            Some(truth) => {
                self.tally.compared += 1;
                it.check(&truth)
            }
            None => Ok(()),
        }
    }

    fn is_shared(&self, party: usize) -> bool {
        self.parties[party].login.is_some_and(|login| self.logins[login].sessions > 1)
    }

    /// Returns whether the login has ended because the user revoked it or because the only valid refresh token was
    /// never received.
    pub(super) fn is_dead(&self, party: usize) -> bool {
        let it = &self.parties[party];
        let Some(login) = it.login.map(|login| &self.logins[login]) else { return false };
        self.accounts[it.account].is_revoked || !login.received.contains(&login.latest)
    }

    /// Checks that a call without failures succeeds, unless the login has ended or the server has requested a delay.
    pub(super) fn last_call(&mut self, party: usize) -> Result<(), String> {
        self.real += LONGEST;
        for _ in 0..4 {
            self.start(party, Job::Read(Read::Artist))?;
            while !self.slots.is_empty() || !self.tasks.is_empty() {
                let (at, next) = self.next_event();
                self.real = self.real.max(at);
                self.continue_with(next)?;
            }
            let error = match &self.ended {
                Some(Err(error)) if !self.is_dead(party) => error.clone(),
                _ => return Ok(()),
            };
            // Another session has the valid refresh token but cannot save it, because all calls of that session are
            // blocked.
            let has_unsaved =
                |it: &Party| it.login == self.parties[party].login && it.session.has_unsaved_tokens();
            if self.is_shared(party) && self.parties.iter().any(has_unsaved) {
                return Ok(());
            }
            let now = self.now(party);
            let it = &self.parties[party];
            // A limit may still be in effect if the clock was set back by about the length of the limit, or if the
            // limit was set by a different clock.
            let limits = &self.processes[it.process].limits;
            if limits.may_be_blocked("/v1/artists/{id}", now) || it.steps.may_be_blocked(now) {
                return Ok(());
            }
            self.real += error.retry_after(now).unwrap_or(LONGEST).min(LONGEST);
        }
        Err(format!("a session cannot be used, and no response is the reason: {:?}", self.ended))
    }

    /// Checks that the final state of the server is consistent with the results of the calls.
    pub(super) fn check_effects(&self) -> Result<(), String> {
        for (account, (certain, possible)) in self.accounts.iter().zip(&self.adds) {
            let added = account.fake.playlist_items(ids::PRIVATE_PLAYLIST).count() - 3;
            let doubled = account.doubled as usize;
            if added < *certain || added > certain + possible + doubled {
                return Err(format!(
                    "{added} items were added, but {certain} calls succeeded, {possible} may have succeeded, and \
                     {doubled} were delivered twice"
                ));
            }
        }
        Ok(())
    }
}
