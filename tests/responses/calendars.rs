//! Tests of conversions between this crate's timestamps and dates and the types of calendar libraries.

use proptest::prelude::*;
use spotify_proto::{Date, Timestamp};

fn date(text: &str) -> Date {
    text.parse().expect("expected a date")
}

fn timestamp(text: &str) -> Timestamp {
    text.parse().expect("expected a timestamp")
}

/// Declares the tests for a calendar library's instant and date types.
macro_rules! calendar {
    ($name:ident: $instant:ty, $date:ty) => {
        mod $name {
            use super::*;

            #[test]
            fn an_instant_and_its_timestamp_have_the_same_text() {
                for text in ["2017-05-27T20:07:54.721Z", "2014-08-12T10:14:22Z", "1969-12-31T23:59:59.999Z"] {
                    let there = <$instant>::try_from(timestamp(text)).expect("expected a supported year");
                    assert_eq!(Timestamp::from(there).to_string(), text);
                    assert!(there.to_string().starts_with(&text[..10]), "{there}");
                }
            }

            #[test]
            fn an_instant_outside_the_supported_years_is_an_error() {
                for millis in [i64::MAX, i64::MIN] {
                    assert!(<$instant>::try_from(Timestamp::from_unix_millis(millis)).is_err());
                }
            }

            #[test]
            fn only_a_date_with_a_valid_day_can_be_converted() {
                let there = <$date>::try_from(date("1998-05-04")).expect("expected a valid day");
                assert_eq!(there.to_string(), "1998-05-04");
                assert_eq!(Date::try_from(there), Ok(date("1998-05-04")));
                for text in ["1998", "1998-05", "1998-02-30", "1998-00-00"] {
                    assert!(<$date>::try_from(date(text)).is_err(), "{text}");
                }
            }

            proptest! {
                #[test]
                fn timestamps_round_trip(millis in -62_000_000_000_000_i64..253_000_000_000_000) {
                    let at = Timestamp::from_unix_millis(millis);
                    let there = <$instant>::try_from(at).expect("expected a supported year");
                    prop_assert_eq!(Timestamp::from(there), at);
                }
            }
        }
    };
}

calendar!(jiff: ::jiff::Timestamp, ::jiff::civil::Date);
calendar!(chrono: ::chrono::DateTime<::chrono::Utc>, ::chrono::NaiveDate);
calendar!(time: ::time::OffsetDateTime, ::time::Date);

#[test]
fn sub_millisecond_precision_is_truncated() {
    let nanos = -1_i128;
    let jiff = ::jiff::Timestamp::from_nanosecond(nanos).expect("the instant should be near the Unix epoch");
    let chrono = ::chrono::DateTime::from_timestamp_nanos(-1);
    let time = ::time::OffsetDateTime::from_unix_timestamp_nanos(nanos)
        .expect("the instant should be near the Unix epoch");
    for at in [Timestamp::from(jiff), Timestamp::from(chrono), Timestamp::from(time)] {
        assert_eq!(at, Timestamp::from_unix_millis(-1));
    }
}

#[test]
fn a_year_that_does_not_have_four_digits_is_an_error() {
    let jiff = ::jiff::civil::Date::new(-1, 1, 1).expect("expected a supported year");
    let chrono = ::chrono::NaiveDate::from_ymd_opt(-1, 1, 1).expect("expected a supported year");
    let time =
        ::time::Date::from_calendar_date(-1, ::time::Month::January, 1).expect("expected a supported year");
    assert!(
        Date::try_from(jiff).is_err() && Date::try_from(chrono).is_err() && Date::try_from(time).is_err()
    );
    let late = ::chrono::NaiveDate::from_ymd_opt(10_000, 1, 1).expect("expected a supported year");
    assert!(Date::try_from(late).is_err());
}
