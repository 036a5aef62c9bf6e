//! Whether to try again, and when.

use std::time::Duration;

use http::{Method, StatusCode};

use crate::endpoint::Operation;
use crate::error::is_outage;

/// When a call tries again: how often, and how long it is ready to wait.
///
/// By default a call sends its request at most 4 times, waits at most a minute at once and five minutes in all. A 429
/// may always be tried again. After 500, 502, 503, 504 and lost answers the server may have acted, so only idempotent
/// operations are tried again. A GET that is answered 202 is not ready yet and is asked again, too.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RetryPolicy {
    tries: u32,
    longest_wait: Duration,
    longest_total: Duration,
    non_idempotent: bool,
    first_backoff: Duration,
    longest_backoff: Duration,
}

impl RetryPolicy {
    /// The default: 4 tries, waits up to a minute, five minutes in all, backoff from half a second.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            tries: 4,
            longest_wait: Duration::from_secs(60),
            longest_total: Duration::from_secs(300),
            non_idempotent: false,
            first_backoff: Duration::from_millis(500),
            longest_backoff: Duration::from_secs(20),
        }
    }

    /// Never try again, never wait.
    #[must_use]
    pub const fn never() -> Self {
        Self { tries: 1, longest_wait: Duration::ZERO, ..Self::new() }
    }

    /// How often a request is sent at most, the first time included; 0 counts as 1.
    #[must_use]
    pub const fn tries(mut self, tries: u32) -> Self {
        self.tries = tries;
        self
    }

    /// The longest single wait; a longer one is an error that says how long.
    #[must_use]
    pub const fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// The longest that all waits of a call may be together, those for a token included.
    ///
    /// It is the sum of the waits that the call was handed, so a clock that jumps neither shortens nor stretches it. A
    /// wait that would exceed it is an error that says so.
    #[must_use]
    pub const fn longest_total(mut self, total: Duration) -> Self {
        self.longest_total = total;
        self
    }

    /// Whether operations that are not idempotent are sent again after 500, 502, 503, 504 and lost answers: then what
    /// they do may happen twice.
    #[must_use]
    pub const fn non_idempotent(mut self, may_repeat: bool) -> Self {
        self.non_idempotent = may_repeat;
        self
    }

    /// Whether a wait is short enough.
    #[must_use]
    pub fn allows(&self, wait: Duration) -> bool {
        wait <= self.longest_wait
    }

    /// After how long to send again, when the request was sent `tries` times with this outcome; `None`: do not.
    ///
    /// `jitter` is a random number; the backoff is spread evenly from zero to its full length ("full jitter").
    #[must_use]
    pub fn again(
        &self,
        operation: &Operation,
        outcome: Outcome,
        tries: u32,
        jitter: u64,
    ) -> Option<Duration> {
        if !self.has_tries(tries) {
            return None;
        }
        let may_repeat = operation.idempotent || self.non_idempotent;
        let backoff = self.backoff(tries, jitter);
        let delay = match outcome {
            Outcome::RateLimited(wait) => wait,
            Outcome::Lost if may_repeat => backoff,
            Outcome::Outage(status, wait) if may_repeat && is_outage(status) => self.above(wait, backoff),
            Outcome::Status(status) if may_repeat && is_outage(status) => backoff,
            Outcome::Status(StatusCode::ACCEPTED) if operation.method == Method::GET => backoff,
            Outcome::Lost | Outcome::Outage(..) | Outcome::Status(_) => return None,
        };
        self.allows(delay).then_some(delay)
    }

    /// Whether the request may be sent once more, after so many times.
    pub(crate) fn has_tries(&self, tries: u32) -> bool {
        tries < self.tries
    }

    /// Whether so long a wait may follow those before.
    pub(crate) fn has_time(&self, waited: Duration, wait: Duration) -> bool {
        waited.saturating_add(wait) <= self.longest_total
    }

    /// The backoff on top of the least that the server asks for, so that not everybody returns in the same instant;
    /// no longer than may be waited, unless the server asks for that.
    fn above(&self, least: Duration, backoff: Duration) -> Duration {
        least.saturating_add(backoff).min(self.longest_wait).max(least)
    }

    /// A random part of a span that doubles with each try.
    pub(crate) fn backoff(&self, tries: u32, jitter: u64) -> Duration {
        let doubled = self.first_backoff.saturating_mul(1 << tries.saturating_sub(1).min(16));
        let whole = u64::try_from(doubled.min(self.longest_backoff).as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(jitter % (whole + 1))
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// How sending a request ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// No answer came; the server may or may not have acted.
    Lost,
    /// 429, with the wait that it asks for.
    RateLimited(Duration),
    /// An outage (500, 502, 503, 504) with a `Retry-After`: the least wait that the server asks for.
    Outage(StatusCode, Duration),
    /// Another status that is no result: no success, or 202 to a GET, which means that the result is to come.
    Status(StatusCode),
}

/// Numbers for jitter from the caller's seed (SplitMix64): spread, not secret.
#[derive(Clone, Debug, Default)]
pub(crate) struct Jitter(pub(crate) u64);

impl Jitter {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Operation = Operation::new("get-an-album", Method::GET, "/v1/albums/{id}");
    const ADD: Operation = Operation::new("add-to-queue", Method::POST, "/v1/me/player/queue");

    #[test]
    fn what_may_have_acted_is_not_repeated() {
        let policy = RetryPolicy::new();
        for outcome in [Outcome::Lost, Outcome::Status(StatusCode::BAD_GATEWAY)] {
            assert!(policy.again(&READ, outcome, 1, 7).is_some());
            assert_eq!(policy.again(&ADD, outcome, 1, 7), None);
        }
        let limited = Outcome::RateLimited(Duration::from_secs(3));
        assert_eq!(policy.again(&ADD, limited, 1, 7), Some(Duration::from_secs(3)));
        assert_eq!(policy.again(&READ, Outcome::Status(StatusCode::NOT_FOUND), 1, 7), None);
    }

    #[test]
    fn tries_and_waits_are_bounded() {
        let policy = RetryPolicy::new().tries(3).longest_wait(Duration::from_secs(10));
        assert!(policy.again(&READ, Outcome::Lost, 2, 0).is_some());
        assert_eq!(policy.again(&READ, Outcome::Lost, 3, 0), None);
        assert_eq!(policy.again(&READ, Outcome::RateLimited(Duration::from_secs(11)), 1, 0), None);
        assert_eq!(RetryPolicy::never().again(&READ, Outcome::Lost, 1, 0), None);
    }

    #[test]
    fn backoff_doubles_up_to_its_bound() {
        let policy = RetryPolicy::new();
        let mut jitter = Jitter(1);
        for (tries, millis) in [(1, 500), (2, 1000), (3, 2000), (40, 20_000)] {
            let spread: Vec<_> = (0..1000).map(|_| policy.backoff(tries, jitter.next())).collect();
            let longest = spread.iter().max().expect("a thousand");
            assert!(
                *longest <= Duration::from_millis(millis)
                    && *longest > Duration::from_millis(millis * 9 / 10)
            );
        }
    }
}
