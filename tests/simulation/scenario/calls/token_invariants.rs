//! The invariants of a session's token steps.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::invariants::Span;
use super::server::News;

/// Age at which a token request or a save no longer prevents the next token request.
const MAX_AGE: Duration = Duration::from_secs(120);

/// Maximum delay of a call if no token step is in progress.
const PROMPT: Duration = Duration::from_millis(15);

/// The longest backoff of the library.
const MAX_BACKOFF: Duration = Duration::from_secs(20);

/// A token request or a save that is in progress.
#[derive(Clone, Debug)]
struct Holder {
    since: SystemTime,
    is_request: bool,
    /// `true` if a newer token request, or a newer save, has begun.
    is_overtaken: bool,
    /// The current access token at the beginning.
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
    /// The limits of the accounts service, and whether a token request is allowed in spite of the limit.
    blocked: Vec<(Span, bool)>,
    backoffs: Vec<Span>,
    failures: u32,
    save_attempts: u32,
    last_save: Option<SystemTime>,
    /// Time of the last failed token request on the monotonic clock.
    pub last_failure: Option<Duration>,
    /// `true` if the accounts service has sent a 429.
    pub was_limited: bool,
    /// Time of the last rejection of a token by the API on the monotonic clock.
    pub last_rejection: Option<Duration>,
}

impl TokenSteps {
    /// Records the time before or after the clock is changed.
    pub fn clock(&mut self, now: SystemTime) {
        for (span, is_over) in &mut self.blocked {
            *is_over |= !span.holds(now);
        }
    }

    /// Returns whether the accounts service may still be blocked.
    pub fn may_be_blocked(&self, now: SystemTime) -> bool {
        self.blocked.iter().any(|(span, _)| !span.left(now).is_zero())
    }

    /// Checks and records a token request.
    pub fn request(&mut self, number: u64, access: Option<String>, now: SystemTime) -> Result<(), String> {
        if let Some(holder) = self.holders.values().find(|it| it.is_active(now)) {
            let what = if holder.is_request { "another one is in flight" } else { "tokens are being saved" };
            return Err(format!("a token request while {what} for {:?}", holder.age(now)));
        }
        if self.blocked.iter().any(|(span, is_over)| !is_over && span.holds(now)) {
            return Err("a token request while the accounts service is blocked".into());
        }
        self.begin(number, true, access, now);
        Ok(())
    }

    /// Records a step to save tokens.
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

    /// Records that a token step was dropped or that a save failed.
    pub fn dropped(&mut self, number: u64) {
        self.holders.remove(&number);
    }

    /// Records a successful save that was reported to the session.
    pub fn saved(&mut self, number: u64) {
        self.dropped(number);
        self.save_attempts = 0;
        self.holders.values_mut().filter(|it| !it.is_request).for_each(|it| it.is_overtaken = true);
    }

    /// Records that the session has new tokens.
    pub fn renewed(&mut self) {
        self.blocked.clear();
        self.backoffs.clear();
        (self.failures, self.save_attempts) = (0, 0);
    }

    /// Records that the session has adopted the stored tokens, which do not have to be saved.
    pub fn adopted(&mut self) {
        self.renewed();
        self.holders.values_mut().filter(|it| !it.is_request).for_each(|it| it.is_overtaken = true);
    }

    /// Records the response to a token request; `None` if the response was lost. `access` is the session's current
    /// access token.
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
        let mut requested = Duration::ZERO;
        if let Some(News::Limited { after, .. }) = news {
            requested = after.wait(now);
            self.was_limited = true;
            // If the tokens have been replaced since the request, the limit in the response applies to the next request
            // only if the session needs new tokens again.
            let is_outdated = holder.access.as_deref() != access;
            self.blocked.push((Span::new(requested, now), is_outdated));
        }
        let backoff = Duration::from_millis(500) * (1 << self.failures.min(16));
        self.failures += 1;
        self.last_failure = Some(real);
        // Simulated outages do not have a `Retry-After` header.
        self.backoffs.push(Span::new(requested + backoff.min(MAX_BACKOFF), now));
    }

    /// Checks the delay of a call that needs a token.
    pub fn wait(&self, delay: Duration, now: SystemTime) -> Result<(), String> {
        if let Some(age) = self.holders.values().filter(|it| it.is_active(now)).map(|it| it.age(now)).max() {
            let most = Duration::from_millis(10) + age / 10;
            return match delay <= most {
                true => Ok(()),
                false => Err(format!("a delay of {delay:?} for a token step of age {age:?}")),
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
            false => Err(format!("a delay of {delay:?} for a token step that no longer exists")),
        }
    }
}
