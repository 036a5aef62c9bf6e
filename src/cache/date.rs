//! HTTP dates, parsed as leniently as RFC 9111 §4.2 requires for caches.

use std::time::SystemTime;

use crate::types::time::Timestamp;

/// An instant, and whether its year was written with two digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct HttpDate {
    pub(super) at: SystemTime,
    pub(super) has_short_year: bool,
}

/// Parses an HTTP date in one of the three forms of RFC 9110 §5.6.7; returns `None` for any other string.
///
/// Letter case is ignored (RFC 9111 §4.2), and the day of the week may be wrong. Dates before 1970 and after 9999 are
/// rejected.
pub(super) fn parse(text: &str) -> Option<HttpDate> {
    let parts: Vec<&str> = text.trim().splitn(MAX_PARTS + 1, ' ').collect();
    match *parts.as_slice() {
        // Sun, 06 Nov 1994 08:49:37 GMT
        [weekday, day, month, year, time, zone] if weekday.ends_with(',') => {
            let is_valid = is_weekday(weekday.strip_suffix(',')?, 3) && is_gmt(zone);
            instant(year, month, day, time).filter(|_| is_valid)
        }
        // Sunday, 06-Nov-94 08:49:37 GMT
        [weekday, date, time, zone] => {
            let (day, rest) = date.split_once('-')?;
            let (month, year) = rest.split_once('-').filter(|(_, year)| year.len() == 2)?;
            let century = if year < "70" { "20" } else { "19" };
            let date = instant(&format!("{century}{year}"), month, day, time)?;
            let is_valid = is_weekday(weekday.strip_suffix(',')?, usize::MAX) && is_gmt(zone);
            is_valid.then_some(HttpDate { has_short_year: true, ..date })
        }
        // Sun Nov  6 08:49:37 1994
        [weekday, month, "", day, time, year] if day.len() == 1 => {
            instant(year, month, &format!("0{day}"), time).filter(|_| is_weekday(weekday, 3))
        }
        [weekday, month, day, time, year] => {
            instant(year, month, day, time).filter(|_| is_weekday(weekday, 3))
        }
        _ => None,
    }
}

/// Number of space-separated parts in the longest form.
const MAX_PARTS: usize = 6;

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Returns whether the text is the name of a weekday, abbreviated to the given number of letters.
fn is_weekday(text: &str, letters: usize) -> bool {
    WEEKDAYS
        .iter()
        .any(|day| day.get(..letters.min(day.len())).is_some_and(|day| day.eq_ignore_ascii_case(text)))
}

fn is_gmt(zone: &str) -> bool {
    zone.eq_ignore_ascii_case("GMT")
}

fn instant(year: &str, month: &str, day: &str, time: &str) -> Option<HttpDate> {
    let is_digits = |text: &str, len| text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = time.len() == 8 && time.split(':').filter(|part| is_digits(part, 2)).count() == 3;
    if !is_digits(year, 4) || !is_digits(day, 2) || !is_time {
        return None;
    }
    let month = MONTHS.iter().position(|known| known.eq_ignore_ascii_case(month))? + 1;
    let at: Timestamp = format!("{year}-{month:02}-{day}T{time}Z").parse().ok()?;
    (at.unix_millis() >= 0).then_some(HttpDate { at: at.into(), has_short_year: false })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn the_three_forms_are_parsed_in_any_letter_case_and_with_any_day_of_the_week() {
        let at = UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (text, has_short_year) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", false),
            ("SUN, 06 nov 1994 08:49:37 gMT", false),
            ("Mon, 06 Nov 1994 08:49:37 GMT", false),
            ("Sunday, 06-Nov-94 08:49:37 GMT", true),
            ("sunDAY, 06-NOV-94 08:49:37 gmt", true),
            ("Sun Nov  6 08:49:37 1994", false),
            ("Thu Nov 06 08:49:37 1994", false),
        ] {
            assert_eq!(parse(text), Some(HttpDate { at, has_short_year }), "{text}");
        }
    }

    #[test]
    fn every_other_form_is_rejected() {
        for text in [
            "",
            "0",
            "-1",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37 AEST",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 94 08:49:37 GMT",
            "Sun 06 Nov 1994 08:49:37 GMT",
            "Sun, 06  Nov  1994 08:49:37 GMT",
            "Sun, 06-Nov-1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08.49.37 GMT",
            "Sun, 06 Nov 1994 8:49:37 GMT",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 November 1994 08:49:37 GMT",
            "Sunday, 06 Nov 1994 08:49:37 GMT",
            "Day, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06-Nov-94 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT GMT",
            "Sun, 06 Nov 1904 08:49:37 GMT",
            "Sun, 06 Nov 10994 08:49:37 GMT",
            "Sun Nov   6 08:49:37 1994",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
