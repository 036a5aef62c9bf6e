//! Delays before the steps of a call, their reasons, and the limits that a delay can exceed.

use std::fmt;
use std::time::Duration;

/// A delay and its reason.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Delay {
    /// Duration of the delay, counted from the `now` of the step that returned it.
    pub duration: Duration,
    /// Reason for the delay.
    pub reason: WaitReason,
}

impl Delay {
    /// Creates a delay.
    #[must_use]
    pub const fn new(duration: Duration, reason: WaitReason) -> Self {
        Self { duration, reason }
    }
}

/// Reason for a delay.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum WaitReason {
    /// The application has exceeded Spotify's rolling 30-second rate limit, which applies to all requests.
    RateLimit,
    /// The quota of the route is exhausted. Delays of several hours are common.
    Quota,
    /// The operation has a separate rate limit, which does not affect other operations.
    OperationLimit,
    /// The application limits its own request rate: see [`RateLimiter::with_pace`](crate::RateLimiter::with_pace). The
    /// rate is also reduced for some time after a 429.
    Pacing,
    /// The application's own quota budget is exhausted: see [`Budget`](crate::Budget).
    Budget,
    /// A token request is in flight, or the accounts service has sent `Retry-After`.
    Token,
    /// The program has blocked the route or all routes.
    Blocked,
    /// Backoff after a failed attempt.
    Backoff,
    /// The server responded to a GET with 202: the result is not ready yet.
    NotReady,
}

impl WaitReason {
    const ALL: [Self; 9] = [
        Self::RateLimit,
        Self::Quota,
        Self::OperationLimit,
        Self::Pacing,
        Self::Budget,
        Self::Token,
        Self::Blocked,
        Self::Backoff,
        Self::NotReady,
    ];

    /// Returns the name that stored state contains.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::RateLimit => "rate_limit",
            Self::Quota => "quota",
            Self::OperationLimit => "operation_limit",
            Self::Pacing => "pacing",
            Self::Budget => "budget",
            Self::Token => "token",
            Self::Blocked => "blocked",
            Self::Backoff => "backoff",
            Self::NotReady => "not_ready",
        }
    }

    /// Parses a name in stored state, including the names of version 0.1; returns `None` for any other string.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "window" => Some(Self::RateLimit),
            "has_separate_rate_limit" => Some(Self::OperationLimit),
            "closed" => Some(Self::Blocked),
            _ => Self::ALL.into_iter().find(|reason| reason.name() == name),
        }
    }
}

impl fmt::Display for WaitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RateLimit => "30-second rate limit",
            Self::Quota => "route quota",
            Self::OperationLimit => "operation rate limit",
            Self::Pacing => "application pace",
            Self::Budget => "application quota budget",
            Self::Token => "token request",
            Self::Blocked => "blocked by the application",
            Self::Backoff => "backoff after a failed attempt",
            Self::NotReady => "result not ready yet",
        })
    }
}

/// A limit of a call that a delay would exceed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ExceededLimit {
    /// The call's deadline.
    Deadline,
    /// [`RetryPolicy::max_delay`](crate::RetryPolicy::max_delay).
    MaxDelay,
    /// [`RetryPolicy::max_total_delay`](crate::RetryPolicy::max_total_delay).
    MaxTotalDelay,
    /// The maximum number of delays per call, 1,000.
    DelayCount,
}

impl fmt::Display for ExceededLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deadline => "the deadline of the call",
            Self::MaxDelay => "the maximum delay of the retry policy",
            Self::MaxTotalDelay => "the maximum total delay of the retry policy",
            Self::DelayCount => "the maximum of 1000 delays per call",
        })
    }
}
