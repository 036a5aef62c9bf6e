//! The invariants of a session's token steps.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::invariants::Span;
use super::server::News;

/// A token request, or a save, that is older no longer keeps the next one from being sent.
const MAX_AGE: Duration = Duration::from_secs(120);

/// Delay of a call that finds no token step under way.
const PROMPT: Duration = Duration::from_millis(15);

/// The longest backoff of the library, and the longest pause before tokens are handed out to be saved again.
const MAX_BACKOFF: Duration = Duration::from_secs(20);

/// A token request or a save that is under way.
#[derive(Clone, Debug)]
struct Holder {
    since: SystemTime,
    is_request: bool,
    /// Another one has begun.
    is_overtaken: bool,
    /// The access token in force when it began.
    access: Option<String>,
}

impl Holder {
    fn age(&self, now: SystemTime) -> Duration {
        now.duration_since(self.since).unwrap_or_default()
    }

    fn is_active(&self, now: SystemTime) -> bool {
        !self.is_overtaken && self.age(now) < MAX_AGE
    }
}

/// The records of one session's token steps.
#[derive(Debug, Default)]
pub struct TokenSteps {
    holders: BTreeMap<u64, Holder>,
    blocked: Vec<(Span, bool)>,
    backoffs: Vec<Span>,
    failures: u32,
    save_attempts: u32,
    last_save: Option<SystemTime>,
    /// When a token request failed last, by the clock that never jumps.
    pub last_failure: Option<Duration>,
    /// Whether the accounts service has sent a 429.
    pub was_limited: bool,
    /// When the API rejected a token last, by the clock that never jumps.
    pub last_rejection: Option<Duration>,
}

impl TokenSteps {
    /// The clock is about to be moved, or was moved.
    pub fn clock(&mut self, now: SystemTime) {
        for (span, is_over) in &mut self.blocked {
            *is_over |= !span.holds(now);
        }
    }

    /// Whether the accounts service may still be blocked.
    pub fn may_be_blocked(&self, now: SystemTime) -> bool {
        self.blocked.iter().any(|(span, _)| !span.left(now).is_zero())
    }

    /// A token request was handed out.
    pub fn request(&mut self, number: u64, access: Option<String>, now: SystemTime) -> Result<(), String> {
        if let Some(holder) = self.holders.values().find(|it| it.is_active(now)) {
            let what = if holder.is_request { "another one is in flight" } else { "tokens are being saved" };
            return Err(format!("(2) a token request while {what} for {:?}", holder.age(now)));
        }
        if self.blocked.iter().any(|(span, is_over)| !is_over && span.holds(now)) {
            return Err("(1) a token request while the accounts service is blocked".into());
        }
        self.begin(number, true, access, now);
        Ok(())
    }

    /// Tokens were handed out to be saved.
    pub fn save(&mut self, number: u64, access: Option<String>, now: SystemTime) {
        self.save_attempts += 1;
        self.last_save = Some(now);
        self.begin(number, false, access, now);
    }

    fn begin(&mut self, number: u64, is_request: bool, access: Option<String>, now: SystemTime) {
        let others = self.holders.values_mut().filter(|it| it.is_request == is_request);
        others.for_each(|it| it.is_overtaken = true);
        self.holders.insert(number, Holder { since: now, is_request, is_overtaken: false, access });
    }

    /// A token step was dropped, or its save has failed.
    pub fn dropped(&mut self, number: u64) {
        self.holders.remove(&number);
    }

    /// The tokens of a save are stored, and the session knows.
    pub fn saved(&mut self, number: u64) {
        self.dropped(number);
        self.save_attempts = 0;
        self.holders.values_mut().filter(|it| !it.is_request).for_each(|it| it.is_overtaken = true);
    }

    /// New tokens are in force.
    pub fn renewed(&mut self) {
        self.blocked.clear();
        self.backoffs.clear();
        (self.failures, self.save_attempts) = (0, 0);
    }

    /// Tokens of the store are in force: they are saved.
    pub fn adopted(&mut self) {
        self.renewed();
        self.holders.values_mut().filter(|it| !it.is_request).for_each(|it| it.is_overtaken = true);
    }

    /// A token request has ended with this response, or with a loss (`None`), while this access token was in force.
    pub fn ended(
        &mut self,
        number: u64,
        news: Option<&News>,
        access: Option<&str>,
        now: SystemTime,
        real: Duration,
    ) {
        let Some(holder) = self.holders.remove(&number) else { return };
        if matches!(news, Some(News::Token(..))) {
            return;
        }
        let mut said = Duration::ZERO;
        if let Some(News::Limited { after, .. }) = news {
            said = after.wait(now);
            self.was_limited = true;
            // A request whose tokens were replaced meanwhile says nothing about the next one.
            if holder.access.as_deref() == access {
                self.blocked.push((Span::new(said, now), false));
            }
        }
        let backoff = Duration::from_millis(500) * (1 << self.failures.min(16));
        self.failures += 1;
        self.last_failure = Some(real);
        // An outage may have a `Retry-After` too; here it has none.
        self.backoffs.push(Span::new(said + backoff.min(MAX_BACKOFF), now));
    }

    /// A call was told to wait for this long for a token.
    pub fn wait(&self, delay: Duration, now: SystemTime) -> Result<(), String> {
        if let Some(age) = self.holders.values().filter(|it| it.is_active(now)).map(|it| it.age(now)).max() {
            let most = Duration::from_millis(10) + age / 10;
            return match delay <= most {
                true => Ok(()),
                false => Err(format!("(14) a wait of {delay:?} for a token step that is {age:?} old")),
            };
        }
        let backoff = self.backoffs.iter().map(|span| span.left(now)).max().unwrap_or_default();
        let save = match (self.save_attempts, self.last_save) {
            (2.., Some(at)) => {
                Span::new(Duration::from_secs(1 << (self.save_attempts - 2).min(6)), at).left(now)
            }
            _ => Duration::ZERO,
        };
        match delay <= PROMPT.max(backoff).max(save) {
            true => Ok(()),
            false => Err(format!("(13) a wait of {delay:?} for a token step that no longer exists")),
        }
    }
}
