//! Calls that wait for the pacer, in order of arrival.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use super::pacer::GRACE;
use crate::types::time;

/// A call's place in the queue. Dropping it removes the call from the queue.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    number: u64,
    _alive: Arc<()>,
}

#[derive(Debug)]
struct Waiter {
    number: u64,
    alive: Weak<()>,
    /// Time at which the call polls again.
    due: SystemTime,
    /// True if the call waits for something other than its slot.
    is_paused: bool,
}

impl Waiter {
    /// Returns whether the call still precedes later calls: it was not dropped, and its poll is not overdue.
    fn is_waiting(&self, now: SystemTime) -> bool {
        !self.is_paused && self.alive.strong_count() > 0 && time::until(now, self.due) <= GRACE
    }
}

/// The queue of an application's calls.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiters: VecDeque<Waiter>,
    last: u64,
    /// Number of requests sent in the current 30-second window and in the previous one.
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

/// Number of waiting calls that are counted individually. Beyond this number, the length of the queue is accurate
/// enough.
const COUNTED_MAX: usize = 512;

/// Number of waiting calls at the front of the queue that poll for every slot. Later calls poll less often.
const EAGER: u32 = 32;

impl Queue {
    /// Returns the number of calls in the queue, which may include calls that were dropped recently.
    pub(crate) fn len(&self) -> usize {
        self.waiters.len()
    }

    /// Returns the number of live calls ahead of the call at `place`, or ahead of a new call.
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

    /// Adds a call at the end of the queue, or keeps its existing place. `due` is the time at which the call polls
    /// again.
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

    /// Lets later calls precede this one until it polls again. The call keeps its place, but waits for something other
    /// than its slot.
    pub(crate) fn pause(&mut self, place: &Place) {
        let index = self.waiters.partition_point(|waiter| waiter.number < place.number);
        if let Some(waiter) = self.waiters.get_mut(index).filter(|it| it.number == place.number) {
            waiter.is_paused = true;
        }
    }

    /// Returns the poll delay of a call, given the number of calls ahead of it and the time until the next slot.
    ///
    /// The first call polls at its slot and the following calls shortly after it, so that a slot is used even if its
    /// call was dropped. Later calls poll less often, so that the work grows with the logarithm of the length of the
    /// queue.
    pub(crate) fn poll_delay(ahead: u32, next_slot: Duration, interval: Duration) -> Duration {
        let slots = interval.saturating_mul(ahead / EAGER);
        let stagger = interval.saturating_mul(ahead % EAGER) / (2 * EAGER);
        let delay = next_slot.saturating_add(slots).saturating_add(stagger);
        // A minimum delay prevents a busy loop.
        delay.max(Duration::from_millis(1))
    }

    /// Counts a request that is sent at `now`.
    pub(crate) fn count(&mut self, now: SystemTime) {
        self.roll(now);
        self.traffic.current = self.traffic.current.saturating_add(1);
    }

    /// Returns the approximate number of requests sent in the last 30 seconds.
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
