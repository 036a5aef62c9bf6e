//! Time without a clock: saturating arithmetic, and the timestamps and dates that Spotify writes.
//!
//! Every function that depends on the current time has a parameter `now: SystemTime`. Because servers can send wrong
//! values and clocks can be set back, sums saturate at the end of the year 9999 and differences at zero.

#[cfg(feature = "chrono-0_4")]
mod chrono;
#[cfg(feature = "jiff-0_2")]
mod jiff;
#[cfg(feature = "time-0_3")]
mod time_crate;
pub(crate) mod unix;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::MapAccess;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::lenient::{FieldName, Ignored, LenientDeserialize, LenientSeed, ReadContext};

/// Unix timestamp of 9999-12-31T23:59:59Z, the last instant that an HTTP date can represent.
const LAST_SECOND: u64 = 253_402_300_799;

/// Unix timestamps of the years 0000 to 9999, which four digits can represent.
const FOUR_DIGIT_YEARS: RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

/// Returns `at + delay`, at most the end of the year 9999.
pub(crate) fn after(at: SystemTime, delay: Duration) -> SystemTime {
    let last = UNIX_EPOCH + Duration::from_secs(LAST_SECOND);
    at.checked_add(delay).map_or(last, |sum| sum.min(last))
}

/// Returns the time from `now` until `at`; zero if `at` has passed.
pub(crate) fn until(at: SystemTime, now: SystemTime) -> Duration {
    at.duration_since(now).unwrap_or_default()
}

/// A span of time that tolerates small corrections of the clock.
///
/// An instant before the start counts as inside the span, unless it precedes the start by more than the length of the
/// span. Correcting the clock by a second therefore does not end a lease, and setting the clock back by an hour does
/// not delay a caller for an hour.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub(crate) struct Span {
    // This field is the first one so that the derived order compares the ends of spans first.
    #[serde(with = "unix")]
    pub(crate) until: SystemTime,
    #[serde(with = "unix")]
    pub(crate) from: SystemTime,
}

impl Span {
    pub(crate) fn new(length: Duration, now: SystemTime) -> Self {
        Self { until: after(now, length), from: now }
    }

    /// Returns the remaining time, at most the length of the span; `None` outside the span.
    pub(crate) fn left(&self, now: SystemTime) -> Option<Duration> {
        let length = until(self.until, self.from);
        let is_inside = now < self.until && until(self.from, now) <= length;
        is_inside.then(|| until(self.until, now).min(length))
    }
}

/// Value of a `Retry-After` header (RFC 9110 §10.2.3): a duration or an instant.
///
/// Parsing does not need a clock: [`delay`](Self::delay) resolves the value against the current time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "the RFC defines two forms; callers match them exhaustively")]
pub enum RetryAfter {
    /// A number of whole seconds after the receipt of the response.
    Delay(Duration),
    /// An HTTP date.
    Date(SystemTime),
}

impl RetryAfter {
    /// Parses a header value; returns `None` for a string that is neither a whole number nor an HTTP date.
    ///
    /// ```
    /// # use spotify_proto::RetryAfter;
    /// # use std::time::Duration;
    /// assert_eq!(RetryAfter::parse("5"), Some(RetryAfter::Delay(Duration::from_secs(5))));
    /// assert_eq!(RetryAfter::parse("-5"), None);
    /// ```
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim();
        if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
            // A number with too many digits for `u64` is valid, and saturates.
            return Some(Self::Delay(Duration::from_secs(value.parse().unwrap_or(u64::MAX))));
        }
        httpdate::parse_http_date(value).ok().map(Self::Date)
    }

    /// Returns the delay from `now`; zero for an instant in the past.
    #[must_use]
    pub fn delay(self, now: SystemTime) -> Duration {
        match self {
            Self::Delay(delay) => delay,
            Self::Date(at) => until(at, now),
        }
    }
}

/// An instant as Spotify writes it: `2014-08-12T10:14:22Z`, sometimes with milliseconds.
///
/// A timestamp is formatted as it was parsed, with or without milliseconds. Digits beyond milliseconds are truncated.
/// Comparisons and hashes use only the instant: `10:14:22Z` equals `10:14:22.000Z`.
///
/// ```
/// # use spotify_proto::Timestamp;
/// let at: Timestamp = "2017-05-27T20:07:54.721Z".parse()?;
/// assert_eq!(at.unix_millis(), 1_495_915_674_721);
/// assert_eq!(at.to_string(), "2017-05-27T20:07:54.721Z");
/// # Ok::<(), spotify_proto::TimeError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Timestamp {
    millis: i64,
    has_fraction: bool,
}

impl Timestamp {
    /// Creates a timestamp from the milliseconds since the Unix epoch, which are negative for earlier instants.
    #[must_use]
    pub const fn from_unix_millis(millis: i64) -> Self {
        Self { millis, has_fraction: millis % 1000 != 0 }
    }

    /// Returns the milliseconds since the Unix epoch, which are negative for earlier instants.
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        self.millis
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.millis == other.millis
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.millis.cmp(&other.millis)
    }
}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.millis.hash(state);
    }
}

impl From<Timestamp> for SystemTime {
    fn from(at: Timestamp) -> Self {
        let distance = Duration::from_millis(at.millis.unsigned_abs());
        if at.millis >= 0 {
            after(UNIX_EPOCH, distance)
        } else {
            UNIX_EPOCH.checked_sub(distance).unwrap_or(UNIX_EPOCH)
        }
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        parse_timestamp(text).ok_or(TimeError("a timestamp like 2014-08-12T10:14:22Z"))
    }
}

/// Error for a string that is not a timestamp or a date, or for a value that a calendar type cannot represent.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected {0}")]
pub struct TimeError(&'static str);

fn parse_timestamp(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let date: Date = date.parse().ok()?;
    if !date.is_in_calendar() {
        return None;
    }
    let (time, offset_minutes) = split_offset(time)?;
    let (time, fraction) = time.split_once('.').map_or((time, None), |(time, rest)| (time, Some(rest)));
    let mut parts = time.split(':').map(|part| digits(part, 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let millis = match fraction {
        None => 0,
        Some(rest) if !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()) => {
            rest.bytes().chain(*b"00").take(3).fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'))
        }
        Some(_) => return None,
    };
    let days = days_from_civil(i64::from(date.year), i64::from(date.month), i64::from(date.day));
    let minutes = (days * 24 + i64::from(hour)) * 60 + i64::from(minute) - offset_minutes;
    let seconds = minutes * 60 + i64::from(second);
    // An offset or a leap second at either end of the range can result in a year that four digits cannot represent.
    if !FOUR_DIGIT_YEARS.contains(&seconds) {
        return None;
    }
    let millis = seconds * 1000 + millis;
    Some(Timestamp { millis, has_fraction: fraction.is_some() })
}

/// Splits `10:14:22+02:00` into the time and the minutes east of UTC, at most 23:59 (RFC 3339 §5.6). A time without an
/// offset is in UTC.
fn split_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, 0)) };
    let (time, offset) = time.split_at(at);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = match *offset.as_bytes() {
        [_, a, b, b':', c, d] | [_, a, b, c, d] => (number(&[a, b])?, number(&[c, d])?),
        _ => return None,
    };
    let is_in_range = hours <= 23 && minutes <= 59;
    is_in_range.then_some((time, sign * (i64::from(hours) * 60 + i64::from(minutes))))
}

/// Parses exactly `count` decimal digits, at most four.
fn digits(text: &str, count: usize) -> Option<u16> {
    (text.len() == count).then(|| number(text.as_bytes())).flatten()
}

/// Parses at most four decimal digits.
fn number(digits: &[u8]) -> Option<u16> {
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0')))
}

/// Returns the days since 1970-01-01 in the proleptic Gregorian calendar, counting years from March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Returns the year, the month and the day: the inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, millis) = (self.millis.div_euclid(1000), self.millis.rem_euclid(1000));
        let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
        let second_of_day = seconds.rem_euclid(86_400);
        let (hour, minute, second) = (second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.has_fraction {
            write!(f, ".{millis:03}")?;
        }
        f.write_str("Z")
    }
}

/// A release date with a precision of a year, a month or a day: `1981`, `1981-12` or `1981-12-15`.
///
/// The digits are stored as the server sent them: Spotify writes `0000` for an unknown year.
///
/// ```
/// # use spotify_proto::{Date, DatePrecision};
/// let date: Date = "1981-12".parse()?;
/// assert_eq!((date.year(), date.month(), date.day()), (1981, Some(12), None));
/// assert_eq!(date.precision(), DatePrecision::Month);
/// # Ok::<(), spotify_proto::TimeError>(())
/// ```
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
    precision: DatePrecision,
}

/// Precision of a [`Date`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[allow(clippy::exhaustive_enums, reason = "a date has no other precision")]
pub enum DatePrecision {
    /// The year.
    Year,
    /// The year and the month.
    Month,
    /// The year, the month and the day.
    Day,
}

impl Date {
    /// Returns the year; 0 if the server sent `0000`.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// Returns the month, 1 to 12 (0 if the server sent `00`); `None` if it is unknown.
    #[must_use]
    pub const fn month(self) -> Option<u8> {
        match self.precision {
            DatePrecision::Year => None,
            DatePrecision::Month | DatePrecision::Day => Some(self.month),
        }
    }

    /// Returns the day, 1 to 31 (0 if the server sent `00`); `None` if it is unknown.
    #[must_use]
    pub const fn day(self) -> Option<u8> {
        match self.precision {
            DatePrecision::Day => Some(self.day),
            DatePrecision::Year | DatePrecision::Month => None,
        }
    }

    /// Returns the precision, which depends on the parts that the server sent.
    #[must_use]
    pub const fn precision(self) -> DatePrecision {
        self.precision
    }
}

impl Date {
    /// Returns whether the year, the month and the day are known and form a valid date of the Gregorian calendar.
    const fn is_in_calendar(self) -> bool {
        let is_leap_year = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        let last = match self.month {
            2 if is_leap_year => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        matches!(self.precision, DatePrecision::Day) && self.day >= 1 && self.day <= last
    }
}

#[cfg(any(feature = "chrono-0_4", feature = "jiff-0_2", feature = "time-0_3"))]
impl Date {
    /// Returns the year, the month and the day if all are known.
    fn in_full(self) -> Option<(u16, u8, u8)> {
        (self.precision == DatePrecision::Day).then_some((self.year, self.month, self.day))
    }

    /// Creates a date from a year and a valid month and day; returns `None` for a year outside 0 to 9999.
    fn new(year: i64, month: u8, day: u8) -> Option<Self> {
        let year = u16::try_from(year).ok().filter(|year| *year <= 9999)?;
        Some(Self { year, month, day, precision: DatePrecision::Day })
    }
}

impl FromStr for Date {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        parse_date(text).ok_or(TimeError("a date like 1981, 1981-12 or 1981-12-15"))
    }
}

fn parse_date(text: &str) -> Option<Date> {
    let part = |digits: [u8; 2], max| number(&digits)?.try_into().ok().filter(|part: &u8| *part <= max);
    let (year, rest) = text.as_bytes().split_first_chunk::<4>()?;
    let (month, day, precision) = match *rest {
        [] => (0, 0, DatePrecision::Year),
        [b'-', a, b] => (part([a, b], 12)?, 0, DatePrecision::Month),
        [b'-', a, b, b'-', c, d] => (part([a, b], 12)?, part([c, d], 31)?, DatePrecision::Day),
        _ => return None,
    };
    Some(Date { year: number(year)?, month, day, precision })
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month() {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day() {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl LenientDeserialize for Timestamp {
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl LenientDeserialize for Date {
    fn from_text(text: &str) -> Option<Self> {
        // Some episodes have a full timestamp instead of a date.
        text.split_once('T').map_or(text, |(date, _)| date).parse().ok()
    }

    /// Reads a date in the form that Spotify temporarily sent in 2020: `{"year": 1983, "month": null, "day": null}`.
    fn from_map<'de, A: MapAccess<'de>>(
        mut map: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        let (mut year, mut month, mut day) = (None::<u16>, None::<u8>, None::<u8>);
        while let Some(FieldName(key)) = map.next_key()? {
            match &*key {
                "year" => year = map.next_value_seed(LenientSeed::new(context))?,
                "month" => month = map.next_value_seed(LenientSeed::new(context))?,
                "day" => day = map.next_value_seed(LenientSeed::new(context))?,
                _ => {
                    map.next_value::<Ignored>()?;
                }
            }
        }
        let precision = match (month, day) {
            (Some(_), Some(_)) => DatePrecision::Day,
            (Some(_), None) => DatePrecision::Month,
            (None, _) => DatePrecision::Year,
        };
        let day = month.and(day).unwrap_or(0);
        let month = month.unwrap_or(0);
        Ok(year.filter(|year| *year <= 9999 && month <= 12 && day <= 31).map(|year| Self {
            year,
            month,
            day,
            precision,
        }))
    }
}

macro_rules! as_text {
    ($($type:ident),*) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::wire::lenient::text(deserializer, str::parse)
            }
        }
    )*};
}
as_text!(Timestamp, Date);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_saturate() {
        let far = after(UNIX_EPOCH, Duration::MAX);
        assert_eq!(httpdate::fmt_http_date(far), "Fri, 31 Dec 9999 23:59:59 GMT");
        assert_eq!(until(UNIX_EPOCH, far), Duration::ZERO);
    }

    #[test]
    fn every_day_of_eight_centuries_survives_a_round_trip() {
        for days in -146_097..146_097 {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
    }

    #[test]
    fn retry_after_is_a_delay_or_a_date() {
        let now = UNIX_EPOCH + Duration::from_secs(784_111_777);
        let later = RetryAfter::parse("Sun, 06 Nov 1994 08:49:47 GMT").expect("a date");
        assert_eq!(later.delay(now), Duration::from_secs(10));
        assert_eq!(
            RetryAfter::parse("99999999999999999999999").map(|it| it.delay(now)),
            Some(Duration::from_secs(u64::MAX))
        );
        for garbage in ["", "soon", "-1", "1.5"] {
            assert_eq!(RetryAfter::parse(garbage), None, "{garbage}");
        }
    }
}
