//! The line in which paced requests stand: one time, from which everybody gets a slot of their own.

use std::num::NonZeroU32;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::WINDOW;
use crate::time;

/// How much later than its slot a request may go: a sleep that is a little too long does not cost the slot.
const GRACE: Duration = Duration::from_secs(1);

/// The distance of two slots.
///
/// Slots are at least this far apart and a request goes at most [`GRACE`] after its own. So the requests of any
/// `WINDOW`, its end not counted, have slots in a span of `WINDOW + GRACE`, which is not longer than `pace` distances:
/// there are at most `pace` of them.
pub(super) fn distance(pace: NonZeroU32) -> Duration {
    // Division rounds down; a nanosecond more is never too near.
    (WINDOW + GRACE) / pace.get() + Duration::from_nanos(1)
}

/// The end of the line.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub(super) struct Line {
    // First, so that the greater of two lines is the longer one.
    next: SystemTime,
    /// When the last slot was taken.
    from: SystemTime,
}

impl Line {
    /// The line behind this slot, which is taken now.
    pub(super) fn behind(slot: SystemTime, pace: NonZeroU32, now: SystemTime) -> Self {
        Self { next: time::after(slot, distance(pace)), from: now }
    }

    /// Whether that slot is the last that was taken.
    pub(super) fn is_behind(self, slot: SystemTime, pace: NonZeroU32) -> bool {
        self.next == time::after(slot, distance(pace))
    }

    /// How long one who comes now has to stand in it.
    ///
    /// When the clock has been set back by more than the window since the last slot was taken, the line is another
    /// clock's, and a new one begins. No part of the old one may be stood out first: who is not allowed to wait so long
    /// takes no slot, so it would be the same part until the clock has caught up.
    pub(super) fn left(self, now: SystemTime) -> Duration {
        let is_set_back = time::until(self.from, now) > WINDOW;
        if is_set_back { Duration::ZERO } else { time::until(self.next, now) }
    }
}

/// What a slot is worth to its holder when the time has passed.
pub(super) enum Held {
    /// It is kept: now is its time, or soon.
    Kept,
    /// Too late: others may have gone meanwhile.
    Missed,
    /// It is further away than it can be after the time has passed: the clock has been set back.
    Lost,
}

pub(super) fn held(slot: SystemTime, now: SystemTime) -> Held {
    if time::until(slot, now) > WINDOW {
        Held::Lost
    } else if time::until(now, slot) > GRACE {
        Held::Missed
    } else {
        Held::Kept
    }
}
