//! Conversions to and from types of `jiff`.

use super::{Date, TimeError, Timestamp};

const NO_TIMESTAMP: TimeError = TimeError("an instant that jiff can represent");
const NO_DATE: TimeError = TimeError("a complete date that exists in the calendar");
const NO_YEAR: TimeError = TimeError("a year from 0 to 9999");

impl TryFrom<Timestamp> for ::jiff::Timestamp {
    type Error = TimeError;

    /// Fails for instants that `jiff` cannot represent; Spotify does not send such timestamps.
    fn try_from(at: Timestamp) -> Result<Self, TimeError> {
        Self::from_millisecond(at.unix_millis()).map_err(|_| NO_TIMESTAMP)
    }
}

/// Truncates to milliseconds.
impl From<::jiff::Timestamp> for Timestamp {
    fn from(at: ::jiff::Timestamp) -> Self {
        // Rounds down even before 1970, as the conversions from the other crates do.
        let nanos_of_milli = at.subsec_nanosecond().rem_euclid(1_000_000);
        let is_cut_up = at.as_nanosecond() < 0 && nanos_of_milli != 0;
        Self::from_unix_millis(at.as_millisecond() - i64::from(is_cut_up))
    }
}

impl TryFrom<Date> for ::jiff::civil::Date {
    type Error = TimeError;

    /// Fails if the day is unknown or does not exist. The year can be 0, which Spotify writes as `0000`.
    fn try_from(date: Date) -> Result<Self, TimeError> {
        let (year, month, day) = date.in_full().ok_or(NO_DATE)?;
        let signed = |part: u8| i8::try_from(part).map_err(|_| NO_DATE);
        Self::new(i16::try_from(year).map_err(|_| NO_DATE)?, signed(month)?, signed(day)?)
            .map_err(|_| NO_DATE)
    }
}

impl TryFrom<::jiff::civil::Date> for Date {
    type Error = TimeError;

    /// Fails for years before 0.
    fn try_from(date: ::jiff::civil::Date) -> Result<Self, TimeError> {
        let part = |part: i8| part.unsigned_abs();
        Self::new(i64::from(date.year()), part(date.month()), part(date.day())).ok_or(NO_YEAR)
    }
}
