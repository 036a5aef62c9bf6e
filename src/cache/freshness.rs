//! How long an answer may be used, and how old it is (RFC 9111 §4.2).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::StatusCode;
use http::header::{AGE, DATE, EXPIRES, HeaderMap, HeaderName, LAST_MODIFIED};

use super::directives::{Directives, seconds};
use crate::types::time::{after, until};

const DAY: Duration = Duration::from_secs(86_400);

/// Longest lifetime that is guessed; §4.2.2 asks for a warning beyond a day, which nobody reads.
const HEURISTIC_MAX: Duration = DAY;

/// What a date field says.
#[derive(Clone, Copy)]
enum Date {
    Absent,
    At(SystemTime),
    /// Malformed, before 1970, after 9999, or two that differ.
    Unreadable,
}

/// How long an answer is fresh (§4.2.1): `max-age`, else `Expires` less `Date`, else a guess where it is allowed.
pub(super) fn lifetime(
    headers: &HeaderMap,
    status: StatusCode,
    directives: &Directives,
    received: SystemTime,
) -> Duration {
    let date = match date(headers, &DATE, received) {
        Date::At(at) => at,
        Date::Absent => received,
        // Its age cannot be told.
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
    let may_guess = (is_heuristic(status) || directives.public) && !directives.s_maxage;
    match self::date(headers, &LAST_MODIFIED, received) {
        Date::At(at) if may_guess => (until(date, at) / 10).min(HEURISTIC_MAX),
        _ => Duration::ZERO,
    }
}

/// How old it is at `now` (§4.2.3); `None` where the clock is before the receipt, and so cannot be trusted.
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
    let corrected = told(headers).saturating_add(until(received, requested));
    Some(apparent.max(corrected).saturating_add(resident))
}

/// The first member of `Age` (§5.1); what is no number may be any age.
fn told(headers: &HeaderMap) -> Duration {
    let Some(value) = headers.get(AGE) else { return Duration::ZERO };
    let first = value.as_bytes().split(|byte| *byte == b',').next().unwrap_or_default().trim_ascii();
    let is_plain = first.first().is_some_and(u8::is_ascii_digit);
    seconds(first).filter(|_| is_plain).unwrap_or(Duration::MAX)
}

/// Whether a `Last-Modified` is one, and so can be asked about.
pub(super) fn has_last_modified(headers: &HeaderMap, received: SystemTime) -> bool {
    matches!(date(headers, &LAST_MODIFIED, received), Date::At(_))
}

/// Statuses that may be kept and whose lifetime may be guessed (RFC 9110 §15.1), without 206.
pub(super) fn is_heuristic(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 203 | 204 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501)
}

/// A date field, in any of the three forms (RFC 9110 §5.6.7).
fn date(headers: &HeaderMap, name: &HeaderName, received: SystemTime) -> Date {
    let mut lines = headers.get_all(name).iter();
    let Some(value) = lines.next() else { return Date::Absent };
    if lines.any(|other| other != value) {
        return Date::Unreadable;
    }
    let Ok(text) = value.to_str() else { return Date::Unreadable };
    let Ok(at) = httpdate::parse_http_date(text.trim()) else { return Date::Unreadable };
    // The form of RFC 850 has two digits for the year: more than 50 years ahead is the century before.
    let is_far = text.contains('-') && at > after(received, DAY.saturating_mul(50 * 365 + 13));
    let century = DAY.saturating_mul(36_525);
    Date::At(if is_far { at.checked_sub(century).unwrap_or(UNIX_EPOCH) } else { at })
}
