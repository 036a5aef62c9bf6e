//! Too many requests: which limit it is, how long it lasts, and why the call did not wait for its end.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::StatusCode;

use super::Reason;
use crate::text::Text;
use crate::time::RetryAfter;

/// The shortest wait after a 429, whatever `Retry-After` says: some say 0, some say nothing.
const FLOOR: Duration = Duration::from_secs(1);

/// The longest: quotas are counted over a day, and a header that says more would close a route for good.
pub(crate) const CEILING: Duration = Duration::from_secs(86_400);

/// How long a request has to wait, and why.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Wait {
    /// How long to wait, from the `now` that was asked about.
    pub delay: Duration,
    /// Why the request has to wait.
    pub why: Why,
}

impl Wait {
    pub(crate) const fn new(delay: Duration, why: Why) -> Self {
        Self { delay, why }
    }
}

/// Why a request has to wait.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Why {
    /// The application has sent too much in 30 seconds: everything waits.
    Window,
    /// The quota of the route is used up; waits of hours are usual.
    Quota,
    /// The operation has a limit of its own, which says nothing about the others.
    OwnLimit,
    /// The application's own pace: see [`Throttle::paced`](crate::Throttle::paced).
    Pacing,
    /// A token is to come first: another call fetches it, or the accounts service wants a moment.
    Token,
    /// The program has closed it by hand.
    Closed,
}

impl Why {
    const ALL: [Self; 6] =
        [Self::Window, Self::Quota, Self::OwnLimit, Self::Pacing, Self::Token, Self::Closed];

    /// As it is stored.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Quota => "quota",
            Self::OwnLimit => "own_limit",
            Self::Pacing => "pacing",
            Self::Token => "token",
            Self::Closed => "closed",
        }
    }

    /// Reads what was stored; `None` for what a later version may have written.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.name() == name)
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Window => "the limit of 30 seconds",
            Self::Quota => "the quota of this route",
            Self::OwnLimit => "the limit of this operation",
            Self::Pacing => "the pace that was set",
            Self::Token => "waiting for a token",
            Self::Closed => "closed by hand",
        })
    }
}

/// Which bound of a call a wait would have broken.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Bound {
    /// The call's deadline.
    Deadline,
    /// [`RetryPolicy::longest_total`](crate::RetryPolicy::longest_total): the call has waited before.
    LongestTotal,
    /// [`RetryPolicy::longest_wait`](crate::RetryPolicy::longest_wait).
    LongestWait,
    /// [`RetryPolicy::tries`](crate::RetryPolicy::tries): the request was sent as often as it may.
    Tries,
    /// The 1,000 waits of a call.
    Waits,
}

/// Too many requests (429), or a wait that the call is not allowed.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use spotify_proto::{api::GetAlbum, http::Response, AlbumId, Bound, Call, Error, Session, Step, Why};
///
/// let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
/// let get = GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>()?);
/// let mut session = Session::fixed("token");
/// let Step::Send(_, exchange) = Call::new(&get).start(&mut session, now) else { panic!() };
///
/// let used_up = Response::builder().status(429).header("retry-after", "48925").body("")?;
/// let Step::Done(Err(error)) = exchange.receive(used_up, &mut session, now) else { panic!() };
/// assert_eq!(error.to_string(), "too many requests; the quota of this route, come back in 48925 s");
/// assert_eq!(error.retry_after(now), Some(Duration::from_secs(48_925)));
/// let Error::RateLimited(limit) = error else { panic!() };
/// assert_eq!((limit.why(), limit.bound()), (Some(Why::Quota), Some(Bound::LongestWait)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[error("too many requests{}", self.advice())]
pub struct RateLimited {
    status: Option<StatusCode>,
    message: Text,
    reason: Option<Reason>,
    retry_after: Option<RetryAfter>,
    /// What is closed now, for how long from the answer, or from the refusal.
    closed: Option<Wait>,
    bound: Option<Bound>,
}

impl RateLimited {
    pub(crate) fn answered(message: Text, reason: Option<Reason>, retry_after: Option<RetryAfter>) -> Self {
        let status = Some(StatusCode::TOO_MANY_REQUESTS);
        Self { status, message, reason, retry_after, closed: None, bound: None }
    }

    /// A wait that is not begun.
    pub(crate) fn refused(wait: Wait, bound: Bound) -> Self {
        Self {
            status: None,
            message: Text::default(),
            reason: None,
            retry_after: Some(RetryAfter::Delay(wait.delay)),
            closed: Some(wait),
            bound: Some(bound),
        }
    }

    /// With what the answer has closed, and why the call does not wait for it.
    pub(crate) fn with_wait(mut self, wait: Wait, bound: Option<Bound>) -> Self {
        (self.closed, self.bound) = (Some(wait), bound);
        self
    }

    /// What the server said; empty when the request was not even sent.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The machine-readable reason: `QUOTA_EXCEEDED` for the quota of the developer account.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        self.reason.as_ref()
    }

    /// Which limit was met; `None` where the answer was read without a session.
    #[must_use]
    pub fn why(&self) -> Option<Why> {
        self.closed.map(|wait| wait.why)
    }

    /// Which bound of the call kept it from waiting; `None` where the answer was read without a session.
    #[must_use]
    pub fn bound(&self) -> Option<Bound> {
        self.bound
    }

    /// The `Retry-After` header as it was sent, or the wait that was refused.
    #[must_use]
    pub fn retry_after(&self) -> Option<RetryAfter> {
        self.retry_after
    }

    /// How long to wait from `now`: after an answer at least a second and at most a day, whatever its header says.
    /// `None` when neither the server nor a session said anything.
    #[must_use]
    pub fn wait(&self, now: SystemTime) -> Option<Duration> {
        let Some(said) = self.retry_after else { return self.closed.map(|wait| wait.delay) };
        let delay = said.delay(now);
        Some(if self.status.is_some() { delay.clamp(FLOOR, CEILING) } else { delay })
    }

    /// How long the answer closes something.
    pub(crate) fn closes_for(&self, now: SystemTime) -> Duration {
        self.wait(now).unwrap_or(FLOOR)
    }

    fn advice(&self) -> String {
        let why = self.closed.map(|wait| format!("; {}", wait.why)).unwrap_or_default();
        let when = match (self.closed, self.retry_after) {
            (Some(wait), _) => seconds(wait.delay),
            (None, Some(RetryAfter::Delay(delay))) => seconds(delay),
            (None, Some(RetryAfter::Date(at))) => {
                format!(", come back at {}", httpdate::fmt_http_date(crate::time::after(at, Duration::ZERO)))
            }
            (None, None) => String::new(),
        };
        let bound = match self.bound {
            Some(Bound::LongestTotal) => "; more than this call may wait in all",
            Some(Bound::Waits) => "; this call has waited 1000 times",
            Some(Bound::Tries) => "; this call has been sent as often as it may",
            Some(Bound::Deadline | Bound::LongestWait) | None => "",
        };
        format!("{why}{when}{bound}")
    }
}

/// Rounded up, so that who comes back then does not come too early.
fn seconds(delay: Duration) -> String {
    let whole = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
    format!(", come back in {whole} s")
}
