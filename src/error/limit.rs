//! Errors for too many requests, caused by a 429 or by the application's own limits.

use std::time::{Duration, SystemTime};

use super::Reason;
use crate::types::delay::{Delay, ExceededLimit, WaitReason};
use crate::types::text::Text;
use crate::types::time::{self, RetryAfter};

/// Minimum delay after a 429 or an outage, because some responses have a `Retry-After` of 0 or none.
const MIN_DELAY: Duration = Duration::from_secs(1);

/// Maximum delay after a response, because quotas are counted over a day.
pub(crate) const MAX_DELAY: Duration = Duration::from_secs(86_400);

/// Returns the delay that a `Retry-After` header specifies, counted from `now`, clamped to at least a second and at
/// most a day.
pub(crate) fn clamped(said: RetryAfter, now: SystemTime) -> Duration {
    said.delay(now).clamp(MIN_DELAY, MAX_DELAY)
}

/// Error for a request that the server rejected with a 429, if the call must not wait until the block ends.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use spotify_proto::{
///     AlbumId, App, Call, Error, ExceededLimit, Session, Step, WaitReason, api::GetAlbum, http::Response,
/// };
///
/// let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
/// let get = GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>()?);
/// let (mut app, mut session) = (App::without_credentials(), Session::from_access_token("token"));
/// let Step::Send(_, exchange) = Call::new(get.clone()).start(&mut app, &mut session, now) else { panic!() };
///
/// let exhausted = Response::builder().status(429).header("retry-after", "48925").body("")?;
/// let received = exchange.receive(Ok::<_, ()>(exhausted), now);
/// let Ok(Step::Done(Err(error))) = received.apply(&mut app, &mut session, now) else { panic!() };
/// assert_eq!(error.to_string(), "too many requests: route quota, retry in 48925 s");
/// assert_eq!(error.retry_after(now), Some(Duration::from_secs(48_925)));
/// let Error::RateLimited(limit) = error else { panic!() };
/// assert_eq!(limit.blocked().map(|delay| delay.reason), Some(WaitReason::Quota));
/// assert_eq!(limit.exceeded(), Some(ExceededLimit::MaxDelay));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[error("too many requests{}", self.advice())]
pub struct RateLimited {
    message: Text,
    reason: Option<Reason>,
    retry_after: Option<RetryAfter>,
    blocked: Option<Delay>,
    exceeded: Option<ExceededLimit>,
}

impl RateLimited {
    pub(crate) fn from_response(
        message: Text,
        reason: Option<Reason>,
        retry_after: Option<RetryAfter>,
    ) -> Self {
        Self { message, reason, retry_after, blocked: None, exceeded: None }
    }

    /// Adds the block that the response has caused, and the limit that prevents the call from waiting until the block
    /// ends.
    pub(crate) fn with_block(mut self, blocked: Delay, exceeded: Option<ExceededLimit>) -> Self {
        (self.blocked, self.exceeded) = (Some(blocked), exceeded);
        self
    }

    /// Returns the server's message; may be empty.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the machine-readable reason: `QUOTA_EXCEEDED` for the quota of the developer account.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        self.reason.as_ref()
    }

    /// Returns the time for which the response blocks further requests, counted from its receipt, and the reason;
    /// `None` if the response was parsed without an [`App`](crate::App).
    #[must_use]
    pub fn blocked(&self) -> Option<Delay> {
        self.blocked
    }

    /// Returns the limit of the call that a longer wait would exceed; `None` if the response was parsed without an
    /// [`App`](crate::App).
    #[must_use]
    pub fn exceeded(&self) -> Option<ExceededLimit> {
        self.exceeded
    }

    /// Returns the `Retry-After` header as the server sent it.
    #[must_use]
    pub fn retry_after(&self) -> Option<RetryAfter> {
        self.retry_after
    }

    /// Returns the delay from `now` until another request may succeed, at least a second and at most a day; `None` if
    /// neither the server nor the application specified a delay.
    #[must_use]
    pub fn delay(&self, now: SystemTime) -> Option<Duration> {
        let blocked = self.blocked.map(|delay| delay.duration);
        match self.retry_after {
            Some(said @ RetryAfter::Date(_)) => Some(clamped(said, now)),
            Some(said) => Some(clamped(said, now).max(blocked.unwrap_or_default())),
            None => blocked,
        }
    }

    /// Returns the time for which the response alone blocks requests.
    pub(crate) fn block_duration(&self, now: SystemTime) -> Duration {
        self.retry_after.map_or(MIN_DELAY, |said| clamped(said, now))
    }

    /// Returns whether the server specified no plausible delay: no delay, zero, or more than a day.
    pub(crate) fn is_unspecified(&self) -> bool {
        match self.retry_after {
            None => true,
            Some(RetryAfter::Delay(delay)) => delay.is_zero() || delay > MAX_DELAY,
            Some(RetryAfter::Date(_)) => false,
        }
    }

    fn advice(&self) -> String {
        match (self.blocked, self.retry_after) {
            (Some(delay), _) => format!(": {}, retry in {} s", delay.reason, whole_seconds(delay.duration)),
            (None, Some(RetryAfter::Delay(delay))) => format!(", retry in {} s", whole_seconds(delay)),
            (None, Some(RetryAfter::Date(at))) => {
                format!(", retry at {}", httpdate::fmt_http_date(time::after(at, Duration::ZERO)))
            }
            (None, None) => String::new(),
        }
    }
}

/// Error for a request that the application's own limits delay for longer than the call may wait. Nothing was sent.
///
/// The limit is a block after an earlier 429, the pace, a quota budget, or a block that the program has set: see
/// [`RateLimiter`](crate::RateLimiter).
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("request delayed for another {} s: {}", whole_seconds(.delay.duration), .delay.reason)]
pub struct Throttled {
    delay: Delay,
    exceeded: ExceededLimit,
}

impl Throttled {
    /// Creates the error, for tests of code that handles it.
    #[must_use]
    pub const fn new(delay: Delay, exceeded: ExceededLimit) -> Self {
        Self { delay, exceeded }
    }

    /// Returns the delay, counted from the step that failed, and its reason.
    #[must_use]
    pub const fn delay(&self) -> Delay {
        self.delay
    }

    /// Returns the reason for the delay.
    #[must_use]
    pub const fn reason(&self) -> WaitReason {
        self.delay.reason
    }

    /// Returns the limit of the call that the delay would exceed.
    #[must_use]
    pub const fn exceeded(&self) -> ExceededLimit {
        self.exceeded
    }
}

/// Returns the duration in seconds, rounded up, so that a caller that waits for this time does not resume too early.
fn whole_seconds(delay: Duration) -> u64 {
    delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0))
}
