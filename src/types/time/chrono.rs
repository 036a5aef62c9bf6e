//! Conversions to and from types of `chrono`.

use ::chrono::Datelike as _;

use super::{Date, TimeError, Timestamp};

const NO_TIMESTAMP: TimeError = TimeError("an instant that chrono can represent");
const NO_DATE: TimeError = TimeError("a complete date that exists in the calendar");
const NO_YEAR: TimeError = TimeError("a year from 0 to 9999");

impl TryFrom<Timestamp> for ::chrono::DateTime<::chrono::Utc> {
    type Error = TimeError;

    /// Fails for instants that `chrono` cannot represent; Spotify does not send such timestamps.
    fn try_from(at: Timestamp) -> Result<Self, TimeError> {
        Self::from_timestamp_millis(at.unix_millis()).ok_or(NO_TIMESTAMP)
    }
}

/// Truncates to milliseconds.
impl<Z: ::chrono::TimeZone> From<::chrono::DateTime<Z>> for Timestamp {
    fn from(at: ::chrono::DateTime<Z>) -> Self {
        Self::from_unix_millis(at.timestamp_millis())
    }
}

impl TryFrom<Date> for ::chrono::NaiveDate {
    type Error = TimeError;

    /// Fails if the day is unknown or does not exist. The year can be 0, which Spotify writes as `0000`.
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
