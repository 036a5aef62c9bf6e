//! Conversions to and from types of `time`.

use super::{Date, TimeError, Timestamp};

const NO_TIMESTAMP: TimeError = TimeError("an instant that time can represent");
const NO_DATE: TimeError = TimeError("a complete date that exists in the calendar");
const NO_YEAR: TimeError = TimeError("a year from 0 to 9999");

impl TryFrom<Timestamp> for ::time::OffsetDateTime {
    type Error = TimeError;

    /// Fails for instants that `time` cannot represent; Spotify does not send such timestamps.
    fn try_from(at: Timestamp) -> Result<Self, TimeError> {
        let nanos = i128::from(at.unix_millis()) * 1_000_000;
        Self::from_unix_timestamp_nanos(nanos).map_err(|_| NO_TIMESTAMP)
    }
}

/// Truncates to milliseconds.
impl From<::time::OffsetDateTime> for Timestamp {
    fn from(at: ::time::OffsetDateTime) -> Self {
        Self::from_unix_millis(at.unix_timestamp() * 1000 + i64::from(at.millisecond()))
    }
}

impl TryFrom<Date> for ::time::Date {
    type Error = TimeError;

    /// Fails if the day is unknown or does not exist. The year can be 0, which Spotify writes as `0000`.
    fn try_from(date: Date) -> Result<Self, TimeError> {
        let (year, month, day) = date.in_full().ok_or(NO_DATE)?;
        let month = ::time::Month::try_from(month).map_err(|_| NO_DATE)?;
        Self::from_calendar_date(i32::from(year), month, day).map_err(|_| NO_DATE)
    }
}

impl TryFrom<::time::Date> for Date {
    type Error = TimeError;

    /// Fails for years before 0 and after 9999.
    fn try_from(date: ::time::Date) -> Result<Self, TimeError> {
        Self::new(i64::from(date.year()), u8::from(date.month()), date.day()).ok_or(NO_YEAR)
    }
}
