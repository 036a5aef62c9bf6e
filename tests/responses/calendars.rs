//! Timestamps and dates to and from the calendars that programs use.

use proptest::prelude::*;
use spotify_proto::{Date, Timestamp};

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn timestamp(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

/// What has to hold for each calendar: its instant and its date.
macro_rules! calendar {
    ($name:ident: $instant:ty, $date:ty) => {
        mod $name {
            use super::*;

            #[test]
            fn an_instant_is_written_the_same() {
                for text in ["2017-05-27T20:07:54.721Z", "2014-08-12T10:14:22Z", "1969-12-31T23:59:59.999Z"] {
                    let there = <$instant>::try_from(timestamp(text)).expect("a year that it knows");
                    assert_eq!(Timestamp::from(there).to_string(), text);
                    assert!(there.to_string().starts_with(&text[..10]), "{there}");
                }
            }

            #[test]
            fn an_instant_beyond_all_years_is_refused() {
                for millis in [i64::MAX, i64::MIN] {
                    assert!(<$instant>::try_from(Timestamp::from_unix_millis(millis)).is_err());
                }
            }

            #[test]
            fn a_date_has_to_be_known_to_the_day() {
                let there = <$date>::try_from(date("1998-05-04")).expect("a day");
                assert_eq!(there.to_string(), "1998-05-04");
                assert_eq!(Date::try_from(there), Ok(date("1998-05-04")));
                for text in ["1998", "1998-05", "1998-02-30", "1998-00-00"] {
                    assert!(<$date>::try_from(date(text)).is_err(), "{text}");
                }
            }

            proptest! {
                #[test]
                fn instants_come_back(millis in -62_000_000_000_000_i64..253_000_000_000_000) {
                    let at = Timestamp::from_unix_millis(millis);
                    let there = <$instant>::try_from(at).expect("a year that it knows");
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
fn what_is_finer_than_a_millisecond_is_cut_downwards() {
    let nanos = -1_i128;
    let jiff = ::jiff::Timestamp::from_nanosecond(nanos).expect("near the epoch");
    let chrono = ::chrono::DateTime::from_timestamp_nanos(-1);
    let time = ::time::OffsetDateTime::from_unix_timestamp_nanos(nanos).expect("near the epoch");
    for at in [Timestamp::from(jiff), Timestamp::from(chrono), Timestamp::from(time)] {
        assert_eq!(at, Timestamp::from_unix_millis(-1));
    }
}

#[test]
fn a_year_before_the_first_is_refused() {
    let jiff = ::jiff::civil::Date::new(-1, 1, 1).expect("it knows them");
    let chrono = ::chrono::NaiveDate::from_ymd_opt(-1, 1, 1).expect("it knows them");
    let time = ::time::Date::from_calendar_date(-1, ::time::Month::January, 1).expect("it knows them");
    assert!(
        Date::try_from(jiff).is_err() && Date::try_from(chrono).is_err() && Date::try_from(time).is_err()
    );
    let late = ::chrono::NaiveDate::from_ymd_opt(10_000, 1, 1).expect("it knows them");
    assert!(Date::try_from(late).is_err());
}
