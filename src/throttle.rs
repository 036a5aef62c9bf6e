//! Closed doors: what 429 answers say about the requests to come.
//!
//! Limits are per application, so a throttle is a value that sessions [`join`](Throttle::join).

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::endpoint::Operation;
use crate::error::{RateLimited, Reason};
use crate::time::Span;

/// Which routes are closed until when; plain data, to be stored and shared.
///
/// A 429 of the short window closes everything. One of the quota (its reason says so, or its wait is longer than
/// the 30 seconds of the window can explain) closes its route, and so does one of an operation with its own limit.
/// A clock that is set back by more than the length of a closure opens it: nobody waits for a lost hour.
///
/// ```
/// # use spotify_proto::Throttle;
/// # use std::time::{Duration, UNIX_EPOCH};
/// let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
/// let mut throttle = Throttle::default();
/// throttle.close_all(Duration::from_secs(5), now);
/// assert_eq!(throttle.wait("/v1/search", now), Some(Duration::from_secs(5)));
/// assert_eq!(throttle.wait("/v1/search", now + Duration::from_secs(5)), None);
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Throttle {
    all: Option<Span>,
    routes: BTreeMap<Box<str>, Span>,
}

/// The window of Spotify's rate limit.
const WINDOW: Duration = Duration::from_secs(30);

/// The shortest wait after a 429, whatever `Retry-After` says: some say 0, some say nothing.
const FLOOR: Duration = Duration::from_secs(1);

impl Throttle {
    /// How long to wait before a request to this route; `None` when the way is free.
    #[must_use]
    pub fn wait(&self, route: &str, now: SystemTime) -> Option<Duration> {
        let of_all = self.all.and_then(|span| span.left(now));
        of_all.max(self.routes.get(route).and_then(|span| span.left(now)))
    }

    /// Closes everything for a time; a longer closure stays.
    pub fn close_all(&mut self, delay: Duration, now: SystemTime) {
        self.all = self.all.filter(|span| span.left(now).is_some()).max(Some(Span::new(delay, now)));
    }

    /// Closes one route for a time; a longer closure stays.
    pub fn close_route(&mut self, route: &str, delay: Duration, now: SystemTime) {
        self.routes.retain(|_, span| span.left(now).is_some());
        let span = Span::new(delay, now);
        let closed = self.routes.entry(route.into()).or_insert(span);
        *closed = span.max(*closed);
    }

    /// Takes a 429 answer and tells how long it closes what.
    pub(crate) fn take(&mut self, operation: &Operation, limit: &RateLimited, now: SystemTime) -> Duration {
        let delay = limit.wait(now).unwrap_or_default().max(FLOOR);
        let is_quota = limit.reason() == Some(&Reason::QuotaExceeded) || delay > WINDOW;
        if is_quota || operation.own_limit {
            self.close_route(operation.route, delay, now);
        } else {
            self.close_all(delay, now);
        }
        delay
    }

    /// Both throttles' closures together: commutative, associative and idempotent.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.all = self.all.max(other.all);
        for (route, span) in other.routes {
            let closed = self.routes.entry(route).or_insert(span);
            *closed = span.max(*closed);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time;
    use http::Method;
    use std::time::UNIX_EPOCH;

    const ALBUM: Operation = Operation::new("get-an-album", Method::GET, "/v1/albums/{id}");
    const COVER: Operation = Operation::new("cover", Method::PUT, "/v1/playlists/{id}/images").own_limit();

    fn answer(retry_after: Option<u64>, reason: Option<Reason>) -> RateLimited {
        let delay = retry_after.map(|seconds| time::RetryAfter::Delay(Duration::from_secs(seconds)));
        RateLimited::answered("".into(), reason, delay)
    }

    #[test]
    fn a_short_wait_closes_everything_and_a_long_one_its_route() {
        for (limit, closes_all, seconds) in [
            (answer(Some(5), None), true, 5),
            (answer(Some(0), None), true, 1),
            (answer(None, None), true, 1),
            (answer(Some(31), None), false, 31),
            (answer(Some(5), Some(Reason::QuotaExceeded)), false, 5),
        ] {
            let mut throttle = Throttle::default();
            assert_eq!(throttle.take(&ALBUM, &limit, UNIX_EPOCH), Duration::from_secs(seconds));
            assert_eq!(throttle.wait(ALBUM.route, UNIX_EPOCH), Some(Duration::from_secs(seconds)));
            assert_eq!(throttle.wait("/v1/search", UNIX_EPOCH).is_some(), closes_all, "{limit:?}");
        }
        let mut throttle = Throttle::default();
        throttle.take(&COVER, &answer(Some(5), None), UNIX_EPOCH);
        assert_eq!(throttle.wait(ALBUM.route, UNIX_EPOCH), None);
    }

    #[test]
    fn a_clock_that_is_set_back_opens_what_was_closed() {
        let hours = |hours: u64| UNIX_EPOCH + Duration::from_secs(hours * 3600);
        let mut throttle = Throttle::default();
        throttle.close_all(Duration::from_secs(9), hours(5));
        throttle.close_route("/a", Duration::from_secs(20), hours(5));
        let corrected = hours(5) - Duration::from_secs(1);
        assert_eq!(throttle.wait("/b", corrected), Some(Duration::from_secs(9)), "not by a little");
        assert_eq!(throttle.wait("/a", hours(4)), None);
        throttle.close_all(Duration::from_secs(2), hours(4));
        assert_eq!(throttle.wait("/a", hours(4)), Some(Duration::from_secs(2)), "and can be closed again");
    }

    #[test]
    fn joining_is_commutative_and_idempotent() {
        let (mut left, mut right) = (Throttle::default(), Throttle::default());
        left.close_all(Duration::from_secs(1), UNIX_EPOCH);
        left.close_route("/a", Duration::from_secs(9), UNIX_EPOCH);
        right.close_route("/a", Duration::from_secs(7), UNIX_EPOCH);
        right.close_route("/b", Duration::from_secs(8), UNIX_EPOCH);
        let joined = left.clone().join(right.clone());
        assert_eq!(joined, right.join(left));
        assert_eq!(joined.clone().join(joined.clone()), joined);
        assert_eq!(joined.wait("/a", UNIX_EPOCH), Some(Duration::from_secs(9)));
    }

    #[test]
    fn a_throttle_survives_storage() {
        let mut throttle = Throttle::default();
        throttle.close_route("/a", Duration::from_secs(9), UNIX_EPOCH);
        let json = serde_json::to_string(&throttle).expect("plain data");
        assert_eq!(serde_json::from_str::<Throttle>(&json).expect("the same"), throttle);
    }
}
