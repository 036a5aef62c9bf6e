//! Arithmetic on instants without overflows and panics.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The last second of the year 9999, which is the latest time that an HTTP date can represent.
const LAST_SECOND: u64 = 253_402_300_799;

/// Returns the instant that is `delay` after `at`, limited to the end of the year 9999.
pub(crate) fn after(at: SystemTime, delay: Duration) -> SystemTime {
    let last = UNIX_EPOCH + Duration::from_secs(LAST_SECOND);
    at.checked_add(delay).map_or(last, |sum| sum.min(last))
}

/// Returns the time from `now` until `at`, or zero if `at` has passed.
pub(crate) fn until(at: SystemTime, now: SystemTime) -> Duration {
    at.duration_since(now).unwrap_or_default()
}
