//! How calls end, and what must be true then.

use std::fmt::Write as _;
use std::time::Duration;

use spotify_proto::cache::Store as Stored;
use spotify_proto::fake::ids;
use spotify_proto::{Error, Source, Step};

use super::super::jobs::{Cursor, Got, Read, Write};
use super::super::server::News;
use super::{Chooser, End, Job, Slot, World};

/// No answer is awaited for longer, and no span but those of a 429 is.
const LONGEST: Duration = Duration::from_secs(100);

/// So much of a secret is not to be shown either.
const PART: usize = 16;

impl<C: Chooser> World<'_, C> {
    /// Nothing that is shown of a step, of an error or of the session is a secret.
    pub(super) fn check_shown(&mut self, slot: usize, step: &Step<Got>) -> Result<(), String> {
        let party = &self.parties[self.slots[slot].party];
        self.shown.clear();
        write!(self.shown, "{step:?}").expect("a string takes all");
        // A session has other secrets only after an answer about tokens.
        if matches!(step, Step::Save(..) | Step::Done(Err(_))) {
            write!(self.shown, " {:?}", party.session).expect("a string takes all");
        }
        if let Step::Done(Err(error)) = step {
            let source = std::error::Error::source(error).map(ToString::to_string);
            write!(self.shown, " {error} {source:?}").expect("a string takes all");
        }
        match party.secrets.iter().any(|secret| self.shown.contains(&secret[..PART])) {
            true => Err(format!("(10) a secret is shown: {}", self.shown)),
            false => Ok(()),
        }
    }

    /// A call is over.
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
            let (sure, perhaps) = &mut self.adds[account];
            *(if is_success { sure } else { perhaps }) += 1;
        }
        let reply = match end {
            End::Done(Ok(reply)) => reply,
            End::Done(Err(error)) => {
                let is_fine = self.may_fail(&it, &error);
                self.ended = Some(Err(error));
                return is_fine;
            }
            End::Lost if it.is_of_good_times => return Err("(9) a loss in a well world".into()),
            End::Lost | End::Dropped => return Ok(()),
        };
        self.ended = Some(Ok(()));
        self.tally.not_modified += u64::from(reply.source != Source::Server);
        if let Some((key, store)) = it.key.as_ref().zip(self.parties[it.party].store.as_mut()) {
            match reply.store {
                Stored::Put(entry) => drop(store.insert(key.clone(), entry)),
                Stored::Remove => drop(store.remove(key)),
                Stored::Keep => {}
            }
        }
        match it.job {
            Job::Page { walk, part, ref cursor } => self.page(it.party, walk, part, cursor, &reply.value),
            _ => self.check_value(it.renames, account, &reply.value),
        }
    }

    /// Whether a call has a reason to end with this error.
    fn may_fail(&self, slot: &Slot, error: &Error) -> Result<(), String> {
        match error {
            Error::Deadline if slot.record.deadline.is_none() => {
                Err("(6) a call without a deadline ended by it".into())
            }
            Error::Decode(_) if slot.last != Some(News::Other) => {
                Err(format!("(9) an answer that means something was not read: {error:?}"))
            }
            Error::Deadline | Error::RateLimited(_) => Ok(()),
            _ if !slot.is_of_good_times || self.is_dead(slot.party) => Ok(()),
            _ => Err(format!("(9) a call failed in a well world: {error:?}")),
        }
    }

    /// What was read is what the server had at some time during the call.
    fn check_value(&self, renames: u32, account: usize, value: &Got) -> Result<(), String> {
        let Got::AlbumName(name) = value else { return Ok(()) };
        let number = name.strip_prefix("Tide ").and_then(|number| number.parse::<u32>().ok());
        let now = self.accounts[account].renames;
        match number.is_some_and(|number| (renames..=now).contains(&number)) {
            true => Ok(()),
            false => Err(format!("(11) {name:?} was read, which was name {renames} to {now}")),
        }
    }

    /// A page of a list has come.
    fn page(
        &mut self,
        party: usize,
        walk: usize,
        part: usize,
        cursor: &Cursor,
        page: &Got,
    ) -> Result<(), String> {
        for (part, cursor) in self.walks[walk].take(part, cursor, page)? {
            self.start(party, Job::Page { walk, part, cursor })?;
        }
        let it = &self.walks[walk];
        if !it.is_whole() {
            return Ok(());
        }
        self.tally.lists += 1;
        let truth = match it.lie {
            Some(lie) => {
                self.tally.lies += 1;
                lie.truth()
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

    /// Whether no token will come any more: the consent was taken back, or the only token was never read.
    pub(super) fn is_dead(&self, party: usize) -> bool {
        let it = &self.parties[party];
        let is_known = it.latest.as_ref().is_none_or(|latest| it.watch.heard.contains(latest));
        it.is_user && (self.accounts[it.account].is_revoked || !is_known)
    }

    /// A call in a quiet, well world gets its answer, unless the login is over or the server has said to wait.
    pub(super) fn last_call(&mut self, party: usize) -> Result<(), String> {
        self.real += LONGEST;
        for _ in 0..4 {
            self.start(party, Job::Read(Read::Artist))?;
            while let Some(slot) = self.slots.len().checked_sub(1) {
                self.real = self.real.max(self.slots[slot].due);
                self.go_on(slot)?;
            }
            let Some(Err(Error::RateLimited(limit))) = &self.ended else { return Ok(()) };
            // A door may stay closed where the clock was set back by about as long.
            let now = self.now();
            if self.parties[party].watch.may_be_closed("/v1/artists/{id}", now) {
                return Ok(());
            }
            self.real += limit.wait(now).unwrap_or_default().min(LONGEST);
        }
        Err("(9) a session stays closed though no answer has said so".into())
    }

    /// What the server has in the end is what calls have told, and no more.
    pub(super) fn check_effects(&self) -> Result<(), String> {
        for (account, (sure, perhaps)) in self.accounts.iter().zip(&self.adds) {
            let added = account.fake.playlist_items(ids::PRIVATE_PLAYLIST).count() - 3;
            let doubled = account.doubled as usize;
            if added < *sure || added > sure + perhaps + doubled {
                return Err(format!(
                    "(7) {added} items were added where {sure} calls succeeded, {perhaps} may have, and {doubled} were \
                     delivered twice"
                ));
            }
        }
        Ok(())
    }
}
