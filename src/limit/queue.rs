//! The calls that wait for the pacer, first come first served.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use super::pacer::GRACE;
use crate::types::time;

/// A call's place in the queue. Dropping it leaves the queue.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    number: u64,
    _alive: Arc<()>,
}

#[derive(Debug)]
struct Waiter {
    number: u64,
    alive: Weak<()>,
    /// When the call wants to look again.
    due: SystemTime,
    /// True if it waits for something else than its slot.
    is_paused: bool,
}

impl Waiter {
    /// Returns whether others have to let it go first: it is still there, and looks when it said it would.
    fn is_waiting(&self, now: SystemTime) -> bool {
        !self.is_paused && self.alive.strong_count() > 0 && time::until(now, self.due) <= GRACE
    }
}

/// The queue of an application's calls.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiters: VecDeque<Waiter>,
    last: u64,
    /// Requests sent in the current 30 seconds and in the 30 seconds before.
    traffic: Traffic,
}

#[derive(Debug)]
struct Traffic {
    begin: SystemTime,
    current: u32,
    previous: u32,
}

impl Default for Traffic {
    fn default() -> Self {
        Self { begin: SystemTime::UNIX_EPOCH, current: 0, previous: 0 }
    }
}

/// Waiters that are counted one by one; beyond them the length of the queue is exact enough.
const COUNTED_MAX: usize = 512;

/// Waiters in front that look at every slot; those behind them look less often.
const EAGER: u32 = 32;

impl Queue {
    /// Returns how many calls are in the queue, dropped ones that were not noticed yet included.
    pub(crate) fn len(&self) -> usize {
        self.waiters.len()
    }

    /// Returns how many live calls are ahead of this one, or of a new one.
    pub(crate) fn ahead(&mut self, place: Option<&Place>, now: SystemTime) -> u32 {
        while self.waiters.front().is_some_and(|waiter| waiter.alive.strong_count() == 0) {
            self.waiters.pop_front();
        }
        let index = match place {
            Some(place) => self.waiters.partition_point(|waiter| waiter.number < place.number),
            None => self.waiters.len(),
        };
        let counted =
            self.waiters.iter().take(index.min(COUNTED_MAX)).filter(|it| it.is_waiting(now)).count();
        u32::try_from(counted + index.saturating_sub(COUNTED_MAX)).unwrap_or(u32::MAX)
    }

    /// Joins the queue at its end, or keeps the place; `due` is when the call looks again.
    pub(crate) fn wait(&mut self, place: Option<Place>, due: SystemTime) -> Place {
        if let Some(place) = place {
            let index = self.waiters.partition_point(|waiter| waiter.number < place.number);
            if let Some(waiter) = self.waiters.get_mut(index).filter(|it| it.number == place.number) {
                (waiter.due, waiter.is_paused) = (due, false);
                return place;
            }
        }
        if self.waiters.len() == self.waiters.capacity() {
            self.waiters.retain(|waiter| waiter.alive.strong_count() > 0);
        }
        self.last += 1;
        let alive = Arc::new(());
        self.waiters.push_back(Waiter {
            number: self.last,
            alive: Arc::downgrade(&alive),
            due,
            is_paused: false,
        });
        Place { number: self.last, _alive: alive }
    }

    /// Lets others go first until the call looks again: it keeps its place, but waits for something else.
    pub(crate) fn pause(&mut self, place: &Place) {
        let index = self.waiters.partition_point(|waiter| waiter.number < place.number);
        if let Some(waiter) = self.waiters.get_mut(index).filter(|it| it.number == place.number) {
            waiter.is_paused = true;
        }
    }

    /// Returns how long a call with that many ahead waits before it looks again, when the next slot is that far away.
    ///
    /// The first in the queue looks at its slot, the next ones shortly after it, so that a slot is used even if its
    /// holder is gone. Calls further back look less often: the work grows with the logarithm of the queue.
    pub(crate) fn poll_delay(ahead: u32, next_slot: Duration, interval: Duration) -> Duration {
        let slots = interval.saturating_mul(ahead / EAGER);
        let stagger = interval.saturating_mul(ahead % EAGER) / (2 * EAGER);
        let delay = next_slot.saturating_add(slots).saturating_add(stagger);
        // Also a place that is free in a moment is waited for, not polled in a loop.
        delay.max(Duration::from_millis(1))
    }

    /// Counts a request that is sent now.
    pub(crate) fn count(&mut self, now: SystemTime) {
        self.roll(now);
        self.traffic.current = self.traffic.current.saturating_add(1);
    }

    /// About how many requests were sent in the last 30 seconds.
    pub(crate) fn sent(&mut self, now: SystemTime) -> u32 {
        self.roll(now);
        let window = super::pacer::WINDOW.as_millis();
        let passed = time::until(now, self.traffic.begin).as_millis().min(window);
        let share = u128::from(self.traffic.previous) * (window - passed) / window;
        self.traffic.current.saturating_add(u32::try_from(share).unwrap_or(u32::MAX))
    }

    fn roll(&mut self, now: SystemTime) {
        let window = super::pacer::WINDOW;
        let passed = time::until(now, self.traffic.begin);
        if passed >= window {
            let previous = if passed < window * 2 { self.traffic.current } else { 0 };
            self.traffic = Traffic { begin: now, current: 0, previous };
        }
    }
}
