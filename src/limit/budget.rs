//! Quotas that the application sets for itself, in requests per 24 hours.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::types::time::unix;

/// A limit on the number of requests to a group of routes in any 24 hours.
///
/// Requests are counted by the hour, so a request counts for 24 to 25 hours. Processes that share a budget must use
/// different counter names; [`RateLimiter::merge`](crate::RateLimiter::merge) then adds up their counts.
///
/// ```
/// use spotify_proto::{Budget, RateLimiter};
///
/// let limiter = RateLimiter::default().with_budget(Budget::new("/v1/search", 10_000).counted_as("worker-1"));
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Budget {
    routes: Box<str>,
    requests: u32,
    /// Not stored, because each process has its own counter.
    #[serde(skip)]
    counter: Box<str>,
    /// Number of requests by process and by hour, counted from the Unix epoch.
    counts: BTreeMap<Box<str>, BTreeMap<u64, u32>>,
}

/// Number of hours for which a request counts after the hour in which it was sent.
const HOURS: u64 = 24;

const HOUR_MILLIS: u64 = 3_600_000;

impl Budget {
    /// Creates a budget for the routes that begin with `routes`: `/v1/search`, or `/v1/` for all routes.
    ///
    /// Routes have the format of [`Operation::route`](crate::Operation): `/v1/albums/{id}`.
    #[must_use]
    pub fn new(routes: impl Into<Box<str>>, requests: u32) -> Self {
        Self { routes: routes.into(), requests, counter: Box::default(), counts: BTreeMap::new() }
    }

    /// Sets the name under which the requests of this process are counted. The default is an empty name, which is
    /// sufficient for a single process.
    #[must_use]
    pub fn counted_as(mut self, name: impl Into<Box<str>>) -> Self {
        self.counter = name.into();
        self
    }

    /// Returns the prefix of the routes that the budget limits.
    #[must_use]
    pub fn routes(&self) -> &str {
        &self.routes
    }

    /// Returns the number of requests that are still allowed at `now`.
    #[must_use]
    pub fn remaining(&self, now: SystemTime) -> u32 {
        self.requests.saturating_sub(self.used(hour(now)))
    }

    pub(super) fn applies_to(&self, route: &str) -> bool {
        route.starts_with(&*self.routes)
    }

    /// Returns the time until a request is allowed; `None` if it is allowed now.
    pub(super) fn delay(&self, now: SystemTime) -> Option<Duration> {
        let current = hour(now);
        if self.used(current) < self.requests {
            return None;
        }
        // The first later hour in which enough old requests no longer count. A budget of 0 never allows a request.
        let allowed = (current + 1..=current + HOURS + 1).find(|later| self.used(*later) < self.requests);
        let at = allowed.unwrap_or(current + HOURS + 1).saturating_mul(HOUR_MILLIS);
        Some(Duration::from_millis(at.saturating_sub(unix::millis(now))))
    }

    /// Counts a request.
    pub(super) fn take(&mut self, now: SystemTime) {
        let current = hour(now);
        let counts = self.counts.entry(self.counter.clone()).or_default();
        let count = counts.entry(current).or_default();
        *count = count.saturating_add(1);
        // Only this process's expired counts are removed, so that a clock that is ahead does not remove counts of a
        // correct clock.
        counts.retain(|hour, _| hour + HOURS + 1 > current);
    }

    /// Merges two states of the same budget, using the higher count for each process and hour.
    pub(super) fn merge(&mut self, other: Self) {
        self.requests = self.requests.min(other.requests);
        for (name, hours) in other.counts {
            let counts = self.counts.entry(name).or_default();
            for (hour, count) in hours {
                let known = counts.entry(hour).or_default();
                *known = count.max(*known);
            }
        }
    }

    /// Returns the number of requests that count in the given hour.
    fn used(&self, hour: u64) -> u32 {
        let range = hour.saturating_sub(HOURS)..=hour;
        let counts = self.counts.values().flat_map(|counts| counts.range(range.clone()));
        counts.fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }
}

fn hour(now: SystemTime) -> u64 {
    unix::millis(now) / HOUR_MILLIS
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    fn at(minutes: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_790_000_000 / 3600 * 3600 + minutes * 60)
    }

    #[test]
    fn the_budget_is_not_exceeded_in_any_24_hours() {
        let mut budget = Budget::new("/v1/", 5);
        let mut sent = Vec::new();
        for minutes in (0..6000).step_by(7) {
            if budget.delay(at(minutes)).is_none() {
                budget.take(at(minutes));
                sent.push(minutes);
            }
            let day = sent.iter().filter(|then| minutes - **then < 24 * 60).count();
            assert!(day <= 5, "{day} requests in the day before minute {minutes}");
        }
        assert!(sent.len() >= 15, "{}", sent.len());
    }

    #[test]
    fn an_exhausted_budget_reports_the_delay_until_a_request_is_allowed() {
        let mut budget = Budget::new("/v1/search", 1);
        budget.take(at(30));
        let delay = budget.delay(at(40)).expect("exhausted");
        assert_eq!(delay, Duration::from_secs((24 * 60 + 20) * 60));
        assert_eq!(budget.delay(at(40) + delay), None);
        assert_eq!(budget.remaining(at(40)), 0);
    }

    #[test]
    fn counts_of_processes_are_added_and_a_second_merge_has_no_effect() {
        let mut one = Budget::new("/v1/", 4).counted_as("one");
        let mut other = Budget::new("/v1/", 4).counted_as("other");
        (0..2).for_each(|_| one.take(at(1)));
        other.take(at(2));
        one.merge(other.clone());
        one.merge(other);
        assert_eq!(one.remaining(at(3)), 1);
        let json = serde_json::to_string(&one).expect("plain data");
        assert_eq!(serde_json::from_str::<Budget>(&json).expect("the same budget").remaining(at(3)), 1);
    }
}
