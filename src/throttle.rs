//! Closed doors: what 429 answers say about the requests to come, and the pace that an application sets itself.
//!
//! Limits are per application, so a throttle is a value that sessions [`join`](Throttle::join).

mod closure;
mod line;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::endpoint::Operation;
use crate::error::{RateLimited, Reason, Wait, Why};
use crate::time;
use closure::Closure;
use line::{Held, Line, held};

/// Which routes are closed until when, and when the next request may go; plain data, to be stored and shared.
///
/// A 429 of the short window closes everything. One of the quota (its reason says so, or its wait is longer than
/// the 30 seconds of the window can explain) closes its route, and so does one of an operation with its own limit.
/// It closes for what `Retry-After` says, for at least a second and at most a day. A clock that is set back by more
/// than the length of a closure opens it: nobody waits for a lost hour.
///
/// ```
/// # use spotify_proto::{Throttle, Why};
/// # use std::time::{Duration, UNIX_EPOCH};
/// let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
/// let mut throttle = Throttle::default();
/// throttle.close_all(Duration::from_secs(5), now);
/// let wait = throttle.wait("/v1/search", now).expect("it is closed");
/// assert_eq!((wait.delay, wait.why), (Duration::from_secs(5), Why::Closed));
/// assert_eq!(throttle.wait("/v1/search", now + Duration::from_secs(5)), None);
/// ```
///
/// # Sharing
///
/// Processes of one application may keep a throttle in a store. Each loads what is there, joins it with its own before
/// it starts calls, and stores the result by compare-and-set, beginning anew when that is refused: no closure is lost.
/// A closure that another process is told of a moment later costs a 429 more, no harm. Slots of a pace are another
/// matter: two that take the next slot of the same stored line take the same one. So either one process at a time goes
/// from load to store, with [`reserve`](Self::reserve) or the step of a call in between, or each has its share of the
/// pace. Store it in a format that names its fields, such as JSON: what an older version has stored still reads.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Throttle {
    all: Option<Closure>,
    routes: BTreeMap<Box<str>, Closure>,
    pace: Option<NonZeroU32>,
    line: Option<Line>,
}

/// The window of Spotify's rate limit.
const WINDOW: Duration = Duration::from_secs(30);

impl Throttle {
    /// Keeps a pace: at most so many requests in any 30 seconds, spread over them. Without this there is none.
    ///
    /// Each request takes a slot of its own when it asks, `31 s / requests` after the one before, and may go at its
    /// slot or up to a second later. One that comes later takes another, unless nobody stands behind it. So the
    /// bound holds for any arrivals, and a sleep that is a little too long does no harm; where all are too long by more
    /// than a second, calls in a long line may run out of time. A request that comes alone goes at once. Requests for tokens go to
    /// another server and are not counted.
    ///
    /// A clock that is set back stops nobody for good: by more than 30 seconds, and a new line begins, beside the slots
    /// that calls hold. Then there may be more.
    ///
    /// ```
    /// # use spotify_proto::{Throttle, Why};
    /// # use std::{num::NonZeroU32, time::{Duration, UNIX_EPOCH}};
    /// let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    /// let mut throttle = Throttle::default().paced(NonZeroU32::new(62).expect("not zero"));
    /// assert_eq!(throttle.reserve("/v1/search", now), None, "the first may go");
    /// let wait = throttle.reserve("/v1/search", now).expect("the second has the next slot");
    /// assert_eq!((wait.delay.as_millis(), wait.why), (500, Why::Pacing));
    /// ```
    #[must_use]
    pub fn paced(mut self, requests: NonZeroU32) -> Self {
        self.pace = Some(requests);
        self
    }

    /// Keeps no pace any more; closures stay.
    #[must_use]
    pub fn unpaced(mut self) -> Self {
        (self.pace, self.line) = (None, None);
        self
    }

    /// How long a request to this route would have to wait, and why; `None` when the way is free.
    #[must_use]
    pub fn wait(&self, route: &str, now: SystemTime) -> Option<Wait> {
        let paced = self.slot(None, now).map(|slot| time::until(slot, now)).filter(|delay| !delay.is_zero());
        longest(self.closed(route, now), paced.map(|delay| Wait::new(delay, Why::Pacing)))
    }

    /// Takes the next slot for a request to this route: says how long it has to wait until then, closures included;
    /// `None` to send it now.
    ///
    /// A [`Call`](crate::Call) does that by itself; this is for requests that are sent without one. Without a pace it
    /// is [`wait`](Self::wait).
    #[must_use = "the request may not be sent before the wait is over"]
    pub fn reserve(&mut self, route: &str, now: SystemTime) -> Option<Wait> {
        let closed = self.closed(route, now);
        let opens = closed.map_or(now, |wait| time::after(now, wait.delay));
        let Some(slot) = self.slot(None, now).map(|slot| slot.max(opens)) else { return closed };
        self.take_slot(slot, now);
        let paced = Some(time::until(slot, now)).filter(|delay| !delay.is_zero());
        longest(closed, paced.map(|delay| Wait::new(delay, Why::Pacing)))
    }

    /// How long this route is closed.
    pub(crate) fn closed(&self, route: &str, now: SystemTime) -> Option<Wait> {
        let of_all = self.all.and_then(|closure| closure.wait(Why::Window, now));
        longest(of_all, self.routes.get(route).and_then(|closure| closure.wait(Why::Quota, now)))
    }

    /// Where there is a pace: the slot of a request that asks now, and may hold one already. Nothing is taken.
    pub(crate) fn slot(&self, own: Option<SystemTime>, now: SystemTime) -> Option<SystemTime> {
        let pace = self.pace?;
        let left = self.line.map_or(Duration::ZERO, |line| line.left(now));
        Some(match own.map(|slot| (slot, held(slot, now))) {
            Some((slot, Held::Kept)) => slot,
            // Nobody stands behind it: it moves with its holder.
            Some((slot, Held::Missed)) if self.line.is_some_and(|line| line.is_behind(slot, pace)) => now,
            Some((_, Held::Missed | Held::Lost)) | None => time::after(now, left),
        })
    }

    /// Takes that slot: the next one is behind it.
    pub(crate) fn take_slot(&mut self, slot: SystemTime, now: SystemTime) {
        self.line = self.pace.map(|pace| Line::behind(slot, pace, now));
    }

    /// Closes everything for a time; a longer closure stays.
    pub fn close_all(&mut self, delay: Duration, now: SystemTime) {
        self.close(None, Closure::new(delay, Why::Closed, now), now);
    }

    /// Closes one route for a time; a longer closure stays.
    pub fn close_route(&mut self, route: &str, delay: Duration, now: SystemTime) {
        self.close(Some(route), Closure::new(delay, Why::Closed, now), now);
    }

    fn close(&mut self, route: Option<&str>, closure: Closure, now: SystemTime) {
        match route {
            None => self.all = self.all.filter(|it| it.is_closed(now)).max(Some(closure)),
            Some(route) => {
                self.routes.retain(|_, it| it.is_closed(now));
                let closed = self.routes.entry(route.into()).or_insert(closure);
                *closed = closure.max(*closed);
            }
        }
    }

    /// Takes a 429 answer and tells how long it closes what.
    pub(crate) fn take(&mut self, operation: &Operation, limit: &RateLimited, now: SystemTime) -> Wait {
        let delay = limit.closes_for(now);
        let why = if limit.reason() == Some(&Reason::QuotaExceeded) || delay > WINDOW {
            Why::Quota
        } else if operation.own_limit {
            Why::OwnLimit
        } else {
            Why::Window
        };
        let route = (why != Why::Window).then_some(operation.route);
        self.close(route, Closure::new(delay, why, now), now);
        Wait::new(delay, why)
    }

    /// Both throttles together: the later closures, the longer line, the slower pace. Commutative, associative and
    /// idempotent.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.all = self.all.max(other.all);
        for (route, closure) in other.routes {
            let closed = self.routes.entry(route).or_insert(closure);
            *closed = closure.max(*closed);
        }
        self.pace = self.pace.into_iter().chain(other.pace).min();
        self.line = self.line.max(other.line);
        self
    }
}

/// The wait that contains the other; of two equal ones the first.
fn longest(first: Option<Wait>, second: Option<Wait>) -> Option<Wait> {
    match (first, second) {
        (Some(first), Some(second)) if second.delay > first.delay => Some(second),
        (first, second) => first.or(second),
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
            let wait = throttle.take(&ALBUM, &limit, UNIX_EPOCH);
            assert_eq!(wait.delay, Duration::from_secs(seconds));
            assert_eq!(throttle.wait(ALBUM.route, UNIX_EPOCH), Some(wait));
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
        assert_eq!(
            throttle.wait("/b", corrected).map(|it| it.delay),
            Some(Duration::from_secs(9)),
            "not by a little"
        );
        assert_eq!(throttle.wait("/a", hours(4)), None);
        throttle.close_all(Duration::from_secs(2), hours(4));
        let wait = throttle.wait("/a", hours(4)).map(|it| it.delay);
        assert_eq!(wait, Some(Duration::from_secs(2)), "and can be closed again");
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
        assert_eq!(joined.wait("/a", UNIX_EPOCH).map(|it| it.delay), Some(Duration::from_secs(9)));
    }

    #[test]
    fn a_throttle_survives_storage() {
        let mut throttle = Throttle::default();
        throttle.close_route("/a", Duration::from_secs(9), UNIX_EPOCH);
        let json = serde_json::to_string(&throttle).expect("plain data");
        assert_eq!(serde_json::from_str::<Throttle>(&json).expect("the same"), throttle);
    }
}
