//! The retry policy.

use std::time::Duration;

use http::{Method, StatusCode};

use crate::error::is_outage;
use crate::types::operation::Operation;

/// Limits on retries: the number of attempts, and the delays between attempts.
///
/// By default, a call sends its request at most 4 times. A single delay is at most a minute, and all delays together
/// are at most five minutes. After 408, 500, 502, 503, 504, 520 to 529 and lost responses, the server may have executed
/// the request, so only idempotent operations are retried. A GET is retried after a 202, because its result is not
/// ready yet. A 429 does not count as an attempt: only the delays limit how often the request is sent again. The policy
/// does not limit the time for which a call waits for a token request in flight.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RetryPolicy {
    max_attempts: u32,
    max_delay: Duration,
    max_total_delay: Duration,
    retry_non_idempotent: bool,
}

/// Maximum backoff after the first failed attempt.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

/// Maximum backoff.
const MAX_BACKOFF: Duration = Duration::from_secs(20);

impl RetryPolicy {
    /// Creates the default policy: 4 attempts, single delays of up to a minute, and a total delay of up to five
    /// minutes.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            max_attempts: 4,
            max_delay: Duration::from_secs(60),
            max_total_delay: Duration::from_secs(300),
            retry_non_idempotent: false,
        }
    }

    /// Creates a policy that never retries and never waits, except for a token request in flight.
    #[must_use]
    pub const fn never() -> Self {
        Self { max_attempts: 1, max_delay: Duration::ZERO, ..Self::new() }
    }

    /// Sets the maximum number of attempts, including the first one; 0 counts as 1. The default is 4.
    #[must_use]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the maximum single delay. If a longer delay is required, the call fails with an error that contains the
    /// delay. The default is 60 seconds.
    #[must_use]
    pub const fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets the maximum total of all delays of a call. The default is five minutes.
    ///
    /// The total is the sum of the delays that the call has returned, so changes to the clock do not affect it.
    #[must_use]
    pub const fn max_total_delay(mut self, total: Duration) -> Self {
        self.max_total_delay = total;
        self
    }

    /// Sets whether operations that are not idempotent are retried after a server error or a lost response, in which
    /// case the server may execute them twice. The default is `false`.
    #[must_use]
    pub const fn retry_non_idempotent(mut self, may_repeat: bool) -> Self {
        self.retry_non_idempotent = may_repeat;
        self
    }

    /// Returns the delay before the next attempt, given that the last of `attempts` attempts had this outcome; `None`
    /// if the request must not be sent again.
    ///
    /// `jitter` is a random number that spreads the backoff uniformly between zero and its full length ("full jitter").
    #[must_use]
    pub fn decide(
        &self,
        operation: &Operation,
        outcome: AttemptOutcome,
        attempts: u32,
        jitter: u64,
    ) -> Option<Duration> {
        let may_repeat = operation.idempotent || self.retry_non_idempotent;
        let backoff = Self::backoff(attempts, jitter);
        let delay = match outcome {
            AttemptOutcome::RateLimited(delay) => return self.allows(delay).then_some(delay),
            AttemptOutcome::Lost if may_repeat => backoff,
            AttemptOutcome::Outage(status, delay) if may_repeat && is_outage(status) => {
                self.above(delay, backoff)
            }
            AttemptOutcome::Status(status) if may_repeat && is_outage(status) => backoff,
            AttemptOutcome::Status(StatusCode::ACCEPTED) if operation.method == Method::GET => backoff,
            AttemptOutcome::Lost | AttemptOutcome::Outage(..) | AttemptOutcome::Status(_) => return None,
        };
        (attempts < self.max_attempts && self.allows(delay)).then_some(delay)
    }

    /// Returns whether a single delay is short enough.
    pub(crate) fn allows(&self, delay: Duration) -> bool {
        delay <= self.max_delay
    }

    /// Returns whether the maximum total allows this delay after the previous delays.
    pub(crate) fn allows_total(&self, waited: Duration, delay: Duration) -> bool {
        waited.saturating_add(delay) <= self.max_total_delay
    }

    /// Returns the server's minimum delay plus `extra`, so that not all calls resume at the same instant. The result
    /// exceeds the maximum delay only if the server's minimum delay does.
    pub(crate) fn above(&self, least: Duration, extra: Duration) -> Duration {
        least.saturating_add(extra).min(self.max_delay).max(least)
    }

    /// Returns a random part of a span that doubles with each attempt.
    pub(crate) fn backoff(attempts: u32, jitter: u64) -> Duration {
        let doubled = FIRST_BACKOFF.saturating_mul(1 << attempts.saturating_sub(1).min(16));
        fraction(doubled.min(MAX_BACKOFF), jitter)
    }
}

/// Returns a random part of a span in whole milliseconds, including both ends.
pub(crate) fn fraction(span: Duration, jitter: u64) -> Duration {
    let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX - 1);
    Duration::from_millis(jitter % (millis + 1))
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// Outcome of an attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AttemptOutcome {
    /// There was no response. The server may or may not have executed the request.
    Lost,
    /// A 429, with the delay from its `Retry-After`.
    RateLimited(Duration),
    /// An outage (500, 502, 503, …) with a `Retry-After`, which is the minimum delay.
    Outage(StatusCode, Duration),
    /// Any other status without a result: an error, or a 202 to a GET, whose result is not ready yet.
    Status(StatusCode),
}

/// A generator of pseudo-random numbers (SplitMix64), which is not suitable for secrets.
#[derive(Clone, Debug)]
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

    #[test]
    fn the_backoff_doubles_up_to_its_maximum() {
        let mut jitter = Jitter(1);
        for (attempts, millis) in [(1, 500), (2, 1000), (3, 2000), (40, 20_000)] {
            let spread: Vec<_> = (0..1000).map(|_| RetryPolicy::backoff(attempts, jitter.next())).collect();
            let longest = spread.iter().max().expect("a thousand");
            assert!(
                *longest <= Duration::from_millis(millis)
                    && *longest > Duration::from_millis(millis * 9 / 10)
            );
        }
    }
}
