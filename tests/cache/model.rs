//! A simple model of the maximum time for which a response may be fresh, derived only from RFC 9111 §4.2.
//!
//! The model does not share code with the library. If the RFC allows several times, the model uses the longest one, so
//! the library may serve a response only if the model permits it. Times are in tenths of a second, so that one tenth of
//! a number of seconds is exact.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

/// Time in tenths of a second.
pub type Tenths = i128;

/// A directive of `Cache-Control`: its name in lower case and its value without quotes.
pub type Directive = (String, Option<String>);

/// Returns the directives of all field lines in order.
pub fn directives(headers: &HeaderMap) -> Vec<Directive> {
    texts(headers, "cache-control").iter().flat_map(|line| members(line)).map(|it| directive(&it)).collect()
}

/// Splits a field value at the commas outside quoted strings.
fn members(line: &str) -> Vec<String> {
    let mut members = vec![String::new()];
    let (mut is_quoted, mut letters) = (false, line.chars());
    while let Some(letter) = letters.next() {
        let member = members.last_mut().expect("expected at least one member");
        match letter {
            ',' if !is_quoted => members.push(String::new()),
            '\\' if is_quoted => member.extend(letters.next()),
            _ => {
                is_quoted ^= letter == '"';
                member.push(letter);
            }
        }
    }
    members
}

fn directive(member: &str) -> Directive {
    let (name, value) = match member.split_once('=') {
        Some((name, value)) => (name, Some(value.trim().trim_matches('"').to_owned())),
        None => (member, None),
    };
    (name.trim().to_ascii_lowercase(), value)
}

pub fn has(directives: &[Directive], name: &str) -> bool {
    directives.iter().any(|(known, _)| known == name)
}

/// Returns the greatest value of a directive, in tenths of a second; zero if the value is not a number, `None` if the
/// directive is absent.
pub fn number(directives: &[Directive], name: &str) -> Option<Tenths> {
    directives.iter().filter(|(known, _)| known == name).map(|(_, value)| seconds(value.as_deref())).max()
}

fn seconds(value: Option<&str>) -> Tenths {
    let digits = value.filter(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()));
    // A number that overflows is replaced by the maximum (§1.2.2).
    digits.map_or(0, |it| 10 * Tenths::from(it.parse().unwrap_or(u64::MAX)))
}

/// Returns the field lines with this name as text.
fn texts(headers: &HeaderMap, name: &str) -> Vec<String> {
    headers.get_all(name).iter().map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()).collect()
}

/// Returns whether a field is listed in `Connection` and must not be stored (§3.1).
fn is_hop_by_hop(headers: &HeaderMap, name: &str) -> bool {
    let named = |line: &String| line.split(',').any(|it| it.trim().eq_ignore_ascii_case(name));
    texts(headers, "connection").iter().any(named)
}

/// Parses an HTTP date in any letter case and with any day of the week (§4.2).
///
/// A two-digit year that is more than 50 years after the receipt is in the past (RFC 9110 §5.6.7).
fn date(text: &str, received: Tenths) -> Option<Tenths> {
    let text = text.trim().to_ascii_lowercase();
    let (day, rest) = text.split_at(text.find(|it: char| !it.is_ascii_alphabetic())?);
    let is_long = DAYS.contains(&day);
    if !is_long && !DAYS.iter().any(|known| known[..3] == *day) {
        return None;
    }
    let at = DAYS.iter().find_map(|name| {
        let date = capitalized(&format!("{}{rest}", if is_long { name } else { &name[..3] }));
        httpdate::parse_http_date(&date.replace("Gmt", "GMT")).ok()
    })?;
    let is_far = is_long && tenths(at) > received + 10 * 86_400 * (50 * 365 + 13);
    Some(tenths(at) - if is_far { 10 * 86_400 * 36_525 } else { 0 })
}

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Returns the text with each word capitalized.
fn capitalized(text: &str) -> String {
    let mut is_start = true;
    let capitalize = |letter: char| {
        let capitalized = if is_start { letter.to_ascii_uppercase() } else { letter };
        is_start = !letter.is_ascii_alphabetic();
        capitalized
    };
    text.chars().map(capitalize).collect()
}

/// Returns the time since 1970, which is negative for earlier instants.
pub fn tenths(at: SystemTime) -> Tenths {
    let since = |it: Duration| {
        Tenths::try_from(it.as_millis() / 100).expect("expected a time within the range of the clock")
    };
    match at.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => since(after),
        Err(before) => -since(before.duration()),
    }
}

/// A stored response in the model.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// The header fields that affect caching.
    pub headers: HeaderMap,
    pub requested: SystemTime,
    pub received: SystemTime,
}

const FIELDS: [&str; 7] = ["age", "cache-control", "date", "etag", "expires", "last-modified", "vary"];

impl Remembered {
    pub fn new(headers: &HeaderMap, requested: SystemTime, received: SystemTime) -> Self {
        let mut known = Self { headers: HeaderMap::new(), requested, received };
        known.take(headers);
        known
    }

    /// Returns the response after a 304, whose fields replace fields with the same name (§3.2). The age and the date
    /// are those of the 304.
    pub fn confirmed(&self, headers: &HeaderMap, requested: SystemTime, received: SystemTime) -> Self {
        let mut known = Self { headers: self.headers.clone(), requested, received };
        known.headers.remove("age");
        known.headers.remove("date");
        known.take(headers);
        known
    }

    fn take(&mut self, headers: &HeaderMap) {
        for name in FIELDS {
            if !headers.contains_key(name) || is_hop_by_hop(headers, name) {
                continue;
            }
            self.headers.remove(name);
            for line in headers.get_all(name) {
                self.headers.append(name, line.clone());
            }
        }
    }

    pub fn directives(&self) -> Vec<Directive> {
        directives(&self.headers)
    }

    /// Returns the dates in the fields with this name.
    fn dates(&self, name: &str) -> Vec<Tenths> {
        let received = tenths(self.received);
        texts(&self.headers, name).iter().filter_map(|text| date(text, received)).collect()
    }

    /// Returns the maximum freshness lifetime (§4.2.1).
    pub fn life(&self) -> Tenths {
        let told = self.directives();
        if has(&told, "no-cache") {
            return 0;
        }
        let first = told.iter().find(|(name, _)| name == "max-age");
        if let Some((_, value)) = first {
            return seconds(value.as_deref());
        }
        let received = tenths(self.received);
        let date = self.dates("date").into_iter().min().unwrap_or(received);
        if self.headers.contains_key("expires") {
            return self.dates("expires").into_iter().max().map_or(0, |at| (at - date).max(0));
        }
        // The heuristic lifetime is a tenth of the time since the last modification, but at most one day (§4.2.2).
        let modified = self.dates("last-modified").into_iter().min();
        modified.map_or(0, |at| ((date - at) / 10).clamp(0, 864_000))
    }

    /// Returns the minimum age (§4.2.3), or `None` if `now` is before the time of receipt.
    pub fn age(&self, now: SystemTime) -> Option<Tenths> {
        let resident = tenths(now) - tenths(self.received);
        let date = self.dates("date").into_iter().max();
        let apparent = date.map_or(0, |at| (tenths(self.received) - at).max(0));
        let first = |line: &String| seconds(Some(line.split(',').next().unwrap_or_default().trim()));
        let told = texts(&self.headers, "age").iter().map(first).min().unwrap_or(0);
        let corrected = told + (tenths(self.received) - tenths(self.requested)).max(0);
        (resident >= 0).then(|| apparent.max(corrected) + resident)
    }

    /// Returns whether the response may be served without revalidation at `now` to a request with these directives;
    /// `grace` is the permitted staleness.
    pub fn may_serve(&self, asked: &[Directive], now: SystemTime, grace: Option<Tenths>) -> bool {
        let told = self.directives();
        let Some(age) = self.age(now) else { return false };
        if has(&told, "no-cache") || has(asked, "no-cache") {
            return false;
        }
        let life = self.life();
        if age < life {
            let is_young = number(asked, "max-age").is_none_or(|most| age <= most);
            // A fresh immutable response may also be served for a reload (RFC 8246 §2).
            let is_wanted = is_young || has(&told, "immutable") || has(asked, "max-stale");
            return is_wanted && number(asked, "min-fresh").is_none_or(|least| life - age >= least);
        }
        let stale = match asked.iter().find(|(name, _)| name == "max-stale") {
            Some((_, None)) => Some(Tenths::MAX),
            _ => number(asked, "max-stale"),
        };
        !has(&told, "must-revalidate") && stale.max(grace).is_some_and(|most| age - life <= most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::table::{answer, at};

    fn known(text: &str) -> Remembered {
        Remembered::new(answer(text).headers(), at(0), at(2))
    }

    #[test]
    fn the_model_computes_lifetime_and_age_as_specified_by_the_rfc() {
        assert_eq!(known("200|cache-control: public, MAX-AGE=\"60\"").life(), 600);
        assert_eq!(known("200|cache-control: x=\"max-age=9, \\\" \", max-age=60").life(), 600);
        assert_eq!(known("200|expires: Sun, 06 Nov 1994 08:50:37 GMT").life(), 580);
        assert_eq!(known("200|last-modified: Sun, 06 Nov 1994 08:48:39 GMT").life(), 60);
        assert_eq!(known("200|cache-control: no-cache, max-age=60").life(), 0);
        assert_eq!(known("200|expires: sat, 06 nov 1994 08:50:37 gmt").life(), 580);
        assert_eq!(known("200|expires: Friday, 06-Nov-94 08:50:37 GMT").life(), 580);
        assert_eq!(known("200|expires: Friday, 06-Nov-45 08:50:37 GMT").life(), 0);
        assert_eq!(known("200|age: 7").age(at(2)), Some(90));
        assert_eq!(known("200|date: Sun, 06 Nov 1994 08:49:09 GMT|age: 7").age(at(3)), Some(310));
        assert_eq!(known("200|age: 7").age(at(1)), None);
    }

    #[test]
    fn the_model_distinguishes_fresh_and_stale_responses() {
        let known = known("200|cache-control: max-age=60");
        let served = |asked: &str, second| {
            let asked = directives(answer(&format!("200|cache-control: {asked}")).headers());
            known.may_serve(&asked, at(second), None)
        };
        assert!(served("", 59) && !served("", 60));
        assert!(served("max-stale=1", 61) && !served("max-stale=1", 62) && served("max-stale", 9999));
        assert!(!served("max-age=5", 6) && !served("min-fresh=5", 56) && !served("no-cache", 0));
        assert!(known.may_serve(&[], at(61), Some(10)) && !known.may_serve(&[], at(62), Some(10)));
    }
}
