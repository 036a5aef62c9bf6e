//! To and from `jiff`, with the feature of that name.

use super::{Date, TimeError, Timestamp};

const NO_TIMESTAMP: TimeError = TimeError("an instant of the years that jiff knows");
const NO_DATE: TimeError = TimeError("a date of the calendar, known to the day");
const NO_YEAR: TimeError = TimeError("a year from 0 to 9999");

impl TryFrom<Timestamp> for ::jiff::Timestamp {
    type Error = TimeError;

    /// Fails beyond the years that `jiff` knows; no timestamp of Spotify is.
    fn try_from(at: Timestamp) -> Result<Self, TimeError> {
        Self::from_millisecond(at.unix_millis()).map_err(|_| NO_TIMESTAMP)
    }
}

/// Finer fractions than milliseconds are cut.
impl From<::jiff::Timestamp> for Timestamp {
    fn from(at: ::jiff::Timestamp) -> Self {
        // Rounded down, also before 1970, as the other calendars do.
        let nanos_of_milli = at.subsec_nanosecond().rem_euclid(1_000_000);
        let is_cut_up = at.as_nanosecond() < 0 && nanos_of_milli != 0;
        Self::from_unix_millis(at.as_millisecond() - i64::from(is_cut_up))
    }
}

impl TryFrom<Date> for ::jiff::civil::Date {
    type Error = TimeError;

    /// Fails where the day is not known, and for days that no calendar has: `0000` as a year is kept.
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
