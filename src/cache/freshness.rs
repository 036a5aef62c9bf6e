//! Freshness lifetime and age of a response (RFC 9111 §4.2).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::StatusCode;
use http::header::{AGE, DATE, EXPIRES, HeaderMap, HeaderName, LAST_MODIFIED};

use super::date;
use super::directives::{Directives, seconds};
use crate::types::time::{after, until};

const DAY: Duration = Duration::from_secs(86_400);

/// Maximum heuristic lifetime. RFC 7234 required a warning for heuristic lifetimes of more than a day; RFC 9111 made
/// the warning obsolete.
const HEURISTIC_MAX: Duration = DAY;

/// The value of a date field.
#[derive(Clone, Copy)]
enum Date {
    Absent,
    At(SystemTime),
    /// The field is malformed, has two different values, or contains a date before 1970 or after 9999.
    Unreadable,
}

/// Returns the freshness lifetime of a response (§4.2.1): `max-age`, otherwise `Expires` minus `Date`, otherwise the
/// heuristic lifetime of §4.2.2 if it is allowed.
pub(super) fn lifetime(
    headers: &HeaderMap,
    status: StatusCode,
    directives: &Directives,
    received: SystemTime,
) -> Duration {
    let date = match date(headers, &DATE, received) {
        Date::At(at) => at,
        Date::Absent => received,
        // The age of the response is unknown.
        Date::Unreadable => return Duration::ZERO,
    };
    if let Some(max_age) = directives.max_age {
        return max_age;
    }
    match self::date(headers, &EXPIRES, received) {
        Date::At(at) => return until(at, date),
        Date::Unreadable => return Duration::ZERO,
        Date::Absent => {}
    }
    let is_heuristic = (is_heuristic(status) || directives.public) && !directives.s_maxage;
    match self::date(headers, &LAST_MODIFIED, received) {
        Date::At(at) if is_heuristic => (until(date, at) / 10).min(HEURISTIC_MAX),
        _ => Duration::ZERO,
    }
}

/// Returns the age of the response at `now` (§4.2.3); `None` if `now` is before the receipt, because one of the two
/// times must be wrong.
pub(super) fn age(
    headers: &HeaderMap,
    requested: SystemTime,
    received: SystemTime,
    now: SystemTime,
) -> Option<Duration> {
    let resident = now.duration_since(received).ok()?;
    let apparent = match date(headers, &DATE, received) {
        Date::At(at) => until(received, at),
        Date::Absent => Duration::ZERO,
        Date::Unreadable => Duration::MAX,
    };
    let corrected = age_field(headers).saturating_add(until(received, requested));
    Some(apparent.max(corrected).saturating_add(resident))
}

/// Returns the first member of `Age`. A value that is not a non-negative integer is ignored (§5.1).
fn age_field(headers: &HeaderMap) -> Duration {
    let Some(value) = headers.get(AGE) else { return Duration::ZERO };
    let first = value.as_bytes().split(|byte| *byte == b',').next().unwrap_or_default().trim_ascii();
    let is_token = first.first().is_some_and(u8::is_ascii_digit);
    seconds(first).filter(|_| is_token).unwrap_or_default()
}

/// Returns whether the response has a valid `Last-Modified`, which can be sent as a condition.
pub(super) fn has_last_modified(headers: &HeaderMap, received: SystemTime) -> bool {
    matches!(date(headers, &LAST_MODIFIED, received), Date::At(_))
}

/// Returns the time of the last modification for comparisons with `If-Modified-Since`: `Last-Modified`, otherwise
/// `Date`, otherwise the time of receipt (§4.3.2).
pub(super) fn modified(headers: &HeaderMap, received: SystemTime) -> SystemTime {
    match date(headers, &LAST_MODIFIED, received) {
        Date::At(at) => at,
        Date::Absent | Date::Unreadable => generated(headers, received),
    }
}

/// Returns the time at which the response was generated: its `Date`, or the time of receipt.
pub(super) fn generated(headers: &HeaderMap, received: SystemTime) -> SystemTime {
    match date(headers, &DATE, received) {
        Date::At(at) => at,
        Date::Absent | Date::Unreadable => received,
    }
}

/// Returns the value of a date field; `None` if the field is absent, invalid, or has several different values.
pub(super) fn instant(headers: &HeaderMap, name: &HeaderName, now: SystemTime) -> Option<SystemTime> {
    match date(headers, name, now) {
        Date::At(at) => Some(at),
        Date::Absent | Date::Unreadable => None,
    }
}

/// Returns whether a status other than 206 is heuristically cacheable (RFC 9110 §15.1).
pub(super) fn is_heuristic(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 203 | 204 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501)
}

/// Reads a date field. Several field lines with the same value count as one.
fn date(headers: &HeaderMap, name: &HeaderName, received: SystemTime) -> Date {
    let mut lines = headers.get_all(name).iter();
    let Some(value) = lines.next() else { return Date::Absent };
    if lines.any(|other| other != value) {
        return Date::Unreadable;
    }
    let Some(date) = value.to_str().ok().and_then(date::parse) else { return Date::Unreadable };
    // RFC 9110 §5.6.7: a two-digit year that is more than 50 years in the future is in the past.
    let is_far = date.has_short_year && date.at > after(received, DAY.saturating_mul(50 * 365 + 13));
    let century = DAY.saturating_mul(36_525);
    Date::At(if is_far { date.at.checked_sub(century).unwrap_or(UNIX_EPOCH) } else { date.at })
}
