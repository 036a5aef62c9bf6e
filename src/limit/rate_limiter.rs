//! The rate limiter: blocks after 429 responses, and limits that an application sets for itself.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::block::{Block, Blocks};
use super::budget::Budget;
use super::pacer::{Pacer, Slowdowns, WINDOW, distance};
use crate::error::{RateLimited, Reason};
use crate::types::delay::{Delay, WaitReason};
use crate::types::operation::Operation;

/// The rate-limit state of an application: blocked routes, and the time of the next request.
///
/// A 429 for the rolling 30-second rate limit blocks all routes. A 429 for an exceeded quota, which its reason or a
/// delay of more than 30 seconds indicates, blocks only its route, and so does a 429 for an operation with a separate
/// rate limit. The block lasts for the time in `Retry-After`, but at least one second and at most a day. If there is no
/// usable `Retry-After`, consecutive 429 responses increase the duration from 1 to 30 seconds. A 429 for the 30-second
/// rate limit also reduces the rate of all requests for some time.
///
/// Setting the clock back by more than the length of a block ends the block.
///
/// ```
/// # use spotify_proto::{RateLimiter, WaitReason};
/// # use std::time::{Duration, UNIX_EPOCH};
/// let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
/// let mut limiter = RateLimiter::default();
/// limiter.block_all(Duration::from_secs(5), now);
/// let delay = limiter.delay("/v1/search", now).expect("it is blocked");
/// assert_eq!((delay.duration, delay.reason), (Duration::from_secs(5), WaitReason::Blocked));
/// assert_eq!(limiter.delay("/v1/search", now + Duration::from_secs(5)), None);
/// ```
///
/// # Sharing
///
/// A `RateLimiter` is plain data, which the processes of an application can share in a store. Before it starts calls,
/// each process loads the stored state, [merges](Self::merge) it with its own state, and stores the result by
/// compare-and-set; it repeats these steps if the stored state has changed. Merging never ends a block early, even if
/// the clocks of the machines differ. Slots of a pace cannot be merged: two processes that reserve the next slot of the
/// same stored state get the same slot. Therefore, either only one process at a time loads, [reserves](Self::reserve)
/// and stores, or each process gets a share of the pace.
///
/// Store the state in a format with field names, such as JSON, so that later versions can read it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RateLimiter {
    all: Blocks,
    routes: BTreeMap<Box<str>, Blocks>,
    pace: Option<NonZeroU32>,
    pacer: Pacer,
    slowdowns: Slowdowns,
    budgets: Vec<Budget>,
    /// Number of consecutive 429 responses, for all routes and per route.
    refusals: BTreeMap<Box<str>, u32>,
}

/// Maximum delay that consecutive 429 responses cause.
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// Key for 429 responses that apply to all routes. The key for a route begins with a slash.
const ALL: &str = "";

impl RateLimiter {
    /// Sets a pace: the maximum number of requests in any 30 seconds, spread evenly. By default, there is no pace.
    ///
    /// Requests are sent at intervals of `31 s / requests`. A single request is sent at once. Requests to the accounts
    /// service are not counted.
    ///
    /// ```
    /// # use spotify_proto::{RateLimiter, WaitReason};
    /// # use std::{num::NonZeroU32, time::{Duration, UNIX_EPOCH}};
    /// let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    /// let mut limiter = RateLimiter::default().with_pace(NonZeroU32::new(62).expect("not zero"));
    /// assert_eq!(limiter.reserve("/v1/search", now), None, "the first is sent at once");
    /// let delay = limiter.reserve("/v1/search", now).expect("the second takes the next slot");
    /// assert_eq!((delay.duration.as_millis(), delay.reason), (500, WaitReason::Pacing));
    /// ```
    #[must_use]
    pub fn with_pace(mut self, requests: NonZeroU32) -> Self {
        self.pace = Some(requests);
        self
    }

    /// Removes the pace. Blocks remain in effect.
    #[must_use]
    pub fn without_pace(mut self) -> Self {
        (self.pace, self.pacer) = (None, Pacer::default());
        self
    }

    /// Adds a quota budget, or replaces the budget for the same routes. By default, there are no budgets.
    #[must_use]
    pub fn with_budget(mut self, budget: Budget) -> Self {
        self.budgets.retain(|it| it.routes() != budget.routes());
        self.budgets.push(budget);
        self
    }

    /// Returns the quota budgets with their current counts.
    #[must_use]
    pub fn budgets(&self) -> &[Budget] {
        &self.budgets
    }

    /// Returns the delay before a request to this route, and the reason; `None` if the request can be sent now.
    #[must_use]
    pub fn delay(&self, route: &str, now: SystemTime) -> Option<Delay> {
        let pacing = self.slot_delay(now).filter(|delay| !delay.is_zero());
        longest(self.blocked(route, now), pacing.map(|delay| Delay::new(delay, WaitReason::Pacing)))
    }

    /// Reserves the next slot for a request to this route and returns the delay until that slot, including blocks;
    /// `None` if the request can be sent now.
    ///
    /// A [`Call`](crate::Call) does this itself. Use this method for requests that are sent without a `Call`.
    #[must_use = "the request must not be sent before the delay is over"]
    pub fn reserve(&mut self, route: &str, now: SystemTime) -> Option<Delay> {
        let delay = self.delay(route, now);
        if let Some(interval) = self.interval(now) {
            let is_queued = delay.is_some_and(|delay| delay.reason == WaitReason::Pacing);
            self.pacer.take(interval, is_queued, now);
        }
        self.count(route, now);
        delay
    }

    /// Blocks all routes, unless a longer block is in effect.
    pub fn block_all(&mut self, duration: Duration, now: SystemTime) {
        self.all.add(Block::new(duration, WaitReason::Blocked, now), now);
    }

    /// Blocks one route, unless a longer block is in effect.
    pub fn block_route(&mut self, route: &str, duration: Duration, now: SystemTime) {
        self.block(route, Block::new(duration, WaitReason::Blocked, now), now);
    }

    /// Merges two states. The result has the longer of two blocks, the slower pace, the lower rate, and the sum of the
    /// requests that different processes counted against a budget. Merging is commutative, associative and idempotent.
    ///
    /// A merge never ends a block early, even if the clock of the machine that stored the other state is wrong.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.all.merge(other.all);
        for (route, blocks) in other.routes {
            self.routes.entry(route).or_default().merge(blocks);
        }
        self.pace = self.pace.into_iter().chain(other.pace).min();
        self.pacer.merge(other.pacer);
        self.slowdowns.merge(other.slowdowns);
        for budget in other.budgets {
            match self.budgets.iter_mut().find(|it| it.routes() == budget.routes()) {
                Some(known) => known.merge(budget),
                None => self.budgets.push(budget),
            }
        }
        self.budgets.sort_by(|one, other| one.routes().cmp(other.routes()));
        for (route, count) in other.refusals {
            let known = self.refusals.entry(route).or_default();
            *known = count.max(*known);
        }
        self
    }

    /// Returns the time for which the route is blocked by a 429, the program or an exhausted budget.
    pub(crate) fn blocked(&self, route: &str, now: SystemTime) -> Option<Delay> {
        let all = self.all.delay(WaitReason::RateLimit, now);
        let of_route = self.routes.get(route).and_then(|blocks| blocks.delay(WaitReason::Quota, now));
        let budgets = self.budgets.iter().filter(|budget| budget.applies_to(route));
        let budget = budgets.filter_map(|budget| budget.delay(now)).max();
        let budget = budget.map(|delay| Delay::new(delay, WaitReason::Budget));
        longest(longest(all, of_route), budget)
    }

    /// Returns the interval between two requests that the pace or a slowdown requires; `None` if there is neither.
    #[inline]
    pub(crate) fn interval(&self, now: SystemTime) -> Option<Duration> {
        self.pace.map(distance).max(self.slowdowns.interval(now))
    }

    /// Returns the time until the next slot; `None` if no interval is required.
    pub(crate) fn slot_delay(&self, now: SystemTime) -> Option<Duration> {
        self.interval(now).map(|_| self.pacer.delay(now))
    }

    /// Reserves the slot of a request that is sent at `now`.
    pub(crate) fn take_slot(&mut self, has_queued: bool, now: SystemTime) {
        self.slowdowns.prune(now);
        if let Some(interval) = self.interval(now) {
            self.pacer.take(interval, has_queued, now);
        }
    }

    /// Counts a request that is sent at `now`.
    pub(crate) fn count(&mut self, route: &str, now: SystemTime) {
        for budget in self.budgets.iter_mut().filter(|budget| budget.applies_to(route)) {
            budget.take(now);
        }
    }

    /// Records a 429 for a request that was sent at `requested`, given that `sent` requests were sent in the last 30
    /// seconds. Returns the duration of the block and its reason.
    pub(crate) fn refused(
        &mut self,
        operation: &Operation,
        limit: &RateLimited,
        sent: u32,
        requested: SystemTime,
        now: SystemTime,
    ) -> Delay {
        let said = limit.block_duration(now);
        let reason = if limit.reason() == Some(&Reason::QuotaExceeded) || said > WINDOW {
            WaitReason::Quota
        } else if operation.has_separate_rate_limit {
            WaitReason::OperationLimit
        } else {
            WaitReason::RateLimit
        };
        let scope = if reason == WaitReason::RateLimit { ALL } else { operation.route };
        // The 429 responses to concurrent requests count as one.
        let running = self.slowdowns.is_later_than(requested, now);
        let refusals = self.refusals.entry(scope.into()).or_default();
        if !(running && scope == ALL) {
            *refusals = refusals.saturating_add(1);
        }
        let backoff = Duration::from_secs(1 << refusals.saturating_sub(1).min(5)).min(LONGEST_BACKOFF);
        let is_repeated = *refusals > 1 || limit.is_unspecified();
        let duration = if is_repeated { said.max(backoff) } else { said };
        let block = Block::new(duration, reason, now);
        if scope == ALL {
            self.all.add(block, now);
            self.slowdowns.refused(sent, requested, now);
        } else {
            self.block(scope, block, now);
        }
        Delay::new(duration, reason)
    }

    /// Records a response that is not a 429: the server accepts requests to this route again.
    pub(crate) fn accepted(&mut self, route: &str) {
        if !self.refusals.is_empty() {
            self.refusals.remove(ALL);
            self.refusals.remove(route);
        }
    }

    fn block(&mut self, route: &str, block: Block, now: SystemTime) {
        self.routes.retain(|_, blocks| {
            blocks.prune(now);
            !blocks.is_empty()
        });
        self.routes.entry(route.into()).or_default().add(block, now);
    }
}

/// Returns the longer delay, or the first delay if both are equal.
fn longest(first: Option<Delay>, second: Option<Delay>) -> Option<Delay> {
    match (first, second) {
        (Some(first), Some(second)) if second.duration > first.duration => Some(second),
        (first, second) => first.or(second),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::time;
    use http::Method;
    use std::time::UNIX_EPOCH;

    const ALBUM: Operation = Operation::new("get-an-album", Method::GET, "/v1/albums/{id}");
    const COVER: Operation =
        Operation::new("cover", Method::PUT, "/v1/playlists/{id}/images").has_separate_rate_limit();

    fn response(retry_after: Option<u64>, reason: Option<Reason>) -> RateLimited {
        let delay = retry_after.map(|seconds| time::RetryAfter::Delay(Duration::from_secs(seconds)));
        RateLimited::from_response("".into(), reason, delay)
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_790_000_000 + seconds)
    }

    fn refuse(limiter: &mut RateLimiter, limit: &RateLimited, requested: u64, now: u64) -> Duration {
        limiter.refused(&ALBUM, limit, 10, at(requested), at(now)).duration
    }

    #[test]
    fn a_short_delay_blocks_all_routes_and_a_long_delay_only_its_route() {
        for (limit, blocks_all, seconds) in [
            (response(Some(5), None), true, 5),
            (response(Some(0), None), true, 1),
            (response(None, None), true, 1),
            (response(Some(31), None), false, 31),
            (response(Some(5), Some(Reason::QuotaExceeded)), false, 5),
        ] {
            let mut limiter = RateLimiter::default();
            assert_eq!(refuse(&mut limiter, &limit, 0, 1), Duration::from_secs(seconds));
            assert!(limiter.delay(ALBUM.route, at(1)).is_some());
            assert_eq!(limiter.delay("/v1/search", at(1)).is_some(), blocks_all, "{limit:?}");
        }
        let mut limiter = RateLimiter::default();
        limiter.refused(&COVER, &response(Some(5), None), 1, at(0), at(1));
        assert_eq!(limiter.delay(ALBUM.route, at(1)), None);
    }

    #[test]
    fn consecutive_429s_block_longer_until_a_request_is_accepted() {
        let mut limiter = RateLimiter::default();
        let missing = response(None, None);
        let delays =
            [0, 10, 20, 40, 80, 200].map(|now| refuse(&mut limiter, &missing, now, now + 1).as_secs());
        assert_eq!(delays, [1, 2, 4, 8, 16, 30]);
        limiter.accepted("/v1/search");
        assert_eq!(refuse(&mut limiter, &missing, 300, 301).as_secs(), 1);
        let one = response(Some(1), None);
        assert_eq!(refuse(&mut limiter, &one, 400, 401).as_secs(), 2, "a second 429 doubles the delay");
    }

    #[test]
    fn the_429s_for_concurrent_requests_count_as_one() {
        let mut limiter = RateLimiter::default();
        let limit = response(Some(1), None);
        refuse(&mut limiter, &limit, 0, 1);
        let interval = limiter.interval(at(1));
        for _ in 0..50 {
            assert_eq!(refuse(&mut limiter, &limit, 0, 1).as_secs(), 1);
        }
        assert_eq!(limiter.interval(at(1)), interval);
    }
}
