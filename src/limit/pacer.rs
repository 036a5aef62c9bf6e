//! A pacer for requests, implemented as a leaky bucket.

use std::num::NonZeroU32;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::types::time::{self, Span};

/// The window of Spotify's rate limit.
pub(super) const WINDOW: Duration = Duration::from_secs(30);

/// Delay for which a busy queue can compensate without losing throughput: after a sleep that was too long, the next
/// requests are sent earlier.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// Returns the interval between two requests.
///
/// Each request raises the level of the bucket by this interval, and the level never exceeds `GRACE` plus one interval.
/// The requests in any half-open `WINDOW` therefore raise the level by at most `WINDOW + GRACE`, which is less than
/// `pace + 1` intervals.
pub(super) fn distance(pace: NonZeroU32) -> Duration {
    // Division rounds down, so a nanosecond is added.
    (WINDOW + GRACE) / pace.get() + Duration::from_nanos(1)
}

/// The level of the bucket, which is the time by which the requests are ahead of the pace.
///
/// Each span ends when its bucket is empty again. There is more than one span only if machines with different clocks
/// share the state; the bucket that is fullest on the local clock applies.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct Pacer(Vec<Span>);

/// Maximum number of spans from machines with different clocks.
const FOREIGN_MAX: usize = 8;

impl Pacer {
    fn level(&self, now: SystemTime) -> Duration {
        self.0.iter().filter_map(|span| span.left(now)).max().unwrap_or_default()
    }

    /// Returns the delay before the next request.
    pub(super) fn delay(&self, now: SystemTime) -> Duration {
        self.level(now).saturating_sub(GRACE)
    }

    /// Reserves the next slot, for a request that is sent now or at its slot.
    ///
    /// A request that has waited in the queue may compensate for a late predecessor. A request that did not wait may
    /// not, so that an idle application does not begin with a burst.
    pub(super) fn take(&mut self, distance: Duration, has_queued: bool, now: SystemTime) {
        let level = self.level(now);
        let level = if has_queued { level } else { level.max(GRACE) };
        // The remaining spans come from machines whose clocks are ahead.
        self.0.retain(|span| time::until(span.from, now) > WINDOW);
        self.insert(Span::new(level + distance, now));
        self.0.sort_unstable_by_key(|span| span.from);
        self.0.truncate(1 + FOREIGN_MAX);
    }

    /// Adds all spans of the other pacer. Merging is commutative, associative and idempotent.
    pub(super) fn merge(&mut self, other: Self) {
        for span in other.0 {
            self.insert(span);
        }
    }

    fn insert(&mut self, new: Span) {
        let covers = |one: &Span, other: &Span| one.from <= other.from && one.until >= other.until;
        if self.0.iter().any(|span| covers(span, &new)) {
            return;
        }
        self.0.retain(|span| !covers(&new, span));
        let at = self.0.partition_point(|span| *span < new);
        self.0.insert(at, new);
    }
}

/// A reduced request rate after a 429.
///
/// The interval is halved every 30 seconds without a 429, until it is negligible.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
struct Slowdown {
    interval: Duration,
    #[serde(with = "time::unix")]
    at: SystemTime,
}

impl Slowdown {
    const SHORTEST: Duration = Duration::from_millis(20);
    const LONGEST_FIRST: Duration = Duration::from_secs(1);
    const LONGEST: Duration = Duration::from_secs(5);

    /// Returns whether the slowdown begins so far in the future that it must come from a machine whose clock is ahead.
    fn is_ahead(self, now: SystemTime) -> bool {
        time::until(self.at, now) > WINDOW
    }

    /// Returns the current interval between requests; `None` if the slowdown is over.
    fn interval(self, now: SystemTime) -> Option<Duration> {
        let windows = time::until(now, self.at).as_secs() / WINDOW.as_secs();
        let divisor = 1_u32.checked_shl(u32::try_from(windows).unwrap_or(u32::MAX))?;
        if self.is_ahead(now) {
            return None;
        }
        Some(self.interval / divisor).filter(|interval| *interval >= Self::SHORTEST / 2)
    }

    /// Returns the slowdown after a 429, given that `sent` requests were sent in the last 30 seconds.
    ///
    /// A 429 for a request that was sent before the last slowdown does not reduce the rate further.
    fn after(old: Option<Self>, sent: u32, requested: SystemTime, now: SystemTime) -> Self {
        let running = old.and_then(|old| Some((old, old.interval(now)?)));
        match running {
            Some((old, _)) if requested <= old.at => old,
            Some((_, interval)) => Self { interval: (interval * 3 / 2).min(Self::LONGEST), at: now },
            None => {
                let interval = (WINDOW / sent.max(1)).clamp(Self::SHORTEST, Self::LONGEST_FIRST);
                Self { interval, at: now }
            }
        }
    }
}

/// The slowdowns in effect. There is more than one slowdown only if machines share the state; the interval that is
/// longest on the local clock applies.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct Slowdowns(Vec<Slowdown>);

impl Slowdowns {
    /// Returns the longest interval that a slowdown requires now, or `None` if no slowdown is in effect.
    pub(super) fn interval(&self, now: SystemTime) -> Option<Duration> {
        self.0.iter().filter_map(|it| it.interval(now)).max()
    }

    /// Returns whether the last slowdown began after the request was sent.
    pub(super) fn is_later_than(&self, requested: SystemTime, now: SystemTime) -> bool {
        self.running(now).is_some_and(|slowdown| requested <= slowdown.at)
    }

    /// Reduces the rate after a 429: see [`Slowdown::after`].
    pub(super) fn refused(&mut self, sent: u32, requested: SystemTime, now: SystemTime) {
        let next = Slowdown::after(self.running(now), sent, requested, now);
        self.prune(now);
        self.0.retain(|it| it.is_ahead(now));
        self.insert(next);
    }

    /// Removes slowdowns that are over.
    pub(super) fn prune(&mut self, now: SystemTime) {
        self.0.retain(|it| it.is_ahead(now) || it.interval(now).is_some());
        self.0.truncate(1 + FOREIGN_MAX);
    }

    /// Adds all slowdowns of the other list. Merging is commutative, associative and idempotent.
    pub(super) fn merge(&mut self, other: Self) {
        for slowdown in other.0 {
            self.insert(slowdown);
        }
    }

    fn running(&self, now: SystemTime) -> Option<Slowdown> {
        self.0.iter().copied().filter(|it| it.interval(now).is_some()).max_by_key(|it| it.interval(now))
    }

    /// Inserts a slowdown; the list is sorted by start.
    fn insert(&mut self, new: Slowdown) {
        if self.0.iter().any(|it| it.at == new.at && it.interval >= new.interval) {
            return;
        }
        self.0.retain(|it| it.at != new.at);
        let at = self.0.partition_point(|it| it.at < new.at);
        self.0.insert(at, new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    #[test]
    fn no_window_contains_more_requests_than_the_pace_allows() {
        for pace in [1, 2, 15, 31, 90] {
            let distance = distance(NonZeroU32::new(pace).expect("not zero"));
            let (mut pacer, mut now) = (Pacer::default(), UNIX_EPOCH + WINDOW);
            let mut sent: Vec<SystemTime> = Vec::new();
            for round in 0..400_u32 {
                now += pacer.delay(now);
                // Some requests are late, and some follow a pause.
                now += Duration::from_millis(u64::from(round * 7919 % 1300) * u64::from(round % 3));
                pacer.take(distance, round % 5 != 0, now);
                sent.push(now);
                let window = sent.iter().filter(|at| now.duration_since(**at).expect("earlier") < WINDOW);
                assert!(window.count() <= pace as usize, "pace {pace}, round {round}");
            }
        }
    }

    #[test]
    fn a_slowdown_increases_with_each_429_and_then_fades() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let first = Slowdown::after(None, 100, at(99), at(100));
        assert_eq!(first.interval(at(100)), Some(Duration::from_millis(300)));
        assert_eq!(Slowdown::after(Some(first), 100, at(99), at(101)), first, "sent before the slowdown");
        let second = Slowdown::after(Some(first), 100, at(101), at(102));
        assert_eq!(second.interval(at(102)), Some(Duration::from_millis(450)));
        assert_eq!(second.interval(at(132)), Some(Duration::from_millis(225)));
        assert_eq!(second.interval(at(1000)), None);
        assert_eq!(second.interval(at(100_000_000)), None);
    }
}
