//! To and from `chrono`, with the feature of that name.

use ::chrono::Datelike as _;

use super::{Date, TimeError, Timestamp};

const NO_TIMESTAMP: TimeError = TimeError("an instant of the years that chrono knows");
const NO_DATE: TimeError = TimeError("a date of the calendar, known to the day");
const NO_YEAR: TimeError = TimeError("a year from 0 to 9999");

impl TryFrom<Timestamp> for ::chrono::DateTime<::chrono::Utc> {
    type Error = TimeError;

    /// Fails beyond the years that `chrono` knows; no timestamp of Spotify is.
    fn try_from(at: Timestamp) -> Result<Self, TimeError> {
        Self::from_timestamp_millis(at.unix_millis()).ok_or(NO_TIMESTAMP)
    }
}

/// Finer fractions than milliseconds are cut.
impl<Z: ::chrono::TimeZone> From<::chrono::DateTime<Z>> for Timestamp {
    fn from(at: ::chrono::DateTime<Z>) -> Self {
        Self::from_unix_millis(at.timestamp_millis())
    }
}

impl TryFrom<Date> for ::chrono::NaiveDate {
    type Error = TimeError;

    /// Fails where the day is not known, and for days that no calendar has: `0000` as a year is kept.
    fn try_from(date: Date) -> Result<Self, TimeError> {
        let (year, month, day) = date.in_full().ok_or(NO_DATE)?;
        Self::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)).ok_or(NO_DATE)
    }
}

impl TryFrom<::chrono::NaiveDate> for Date {
    type Error = TimeError;

    /// Fails for years before 0 and after 9999.
    fn try_from(date: ::chrono::NaiveDate) -> Result<Self, TimeError> {
        let part = |part: u32| u8::try_from(part).map_err(|_| NO_YEAR);
        Self::new(i64::from(date.year()), part(date.month())?, part(date.day())?).ok_or(NO_YEAR)
    }
}
