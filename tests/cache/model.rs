//! How long an answer may be fresh at most, read from RFC 9111 §4.2 alone and in the simplest way.
//!
//! It is written without a look at how the library does it, and errs on the long side where the RFC leaves a choice:
//! what the library serves must lie within. Times are in tenths of a second, so that a tenth of an age is exact.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

/// Tenths of a second.
pub type Tenths = i128;

/// A directive of `Cache-Control`: its name in small letters, and its value without quotes.
pub type Directive = (String, Option<String>);

/// The directives of all lines, one after the other.
pub fn directives(headers: &HeaderMap) -> Vec<Directive> {
    texts(headers, "cache-control").iter().flat_map(|line| members(line)).map(|it| directive(&it)).collect()
}

/// Splits at commas outside of quotes.
fn members(line: &str) -> Vec<String> {
    let mut members = vec![String::new()];
    let (mut is_quoted, mut letters) = (false, line.chars());
    while let Some(letter) = letters.next() {
        let member = members.last_mut().expect("there is one");
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

/// The greatest number that a directive has; zero where it is there without one.
pub fn number(directives: &[Directive], name: &str) -> Option<Tenths> {
    directives.iter().filter(|(known, _)| known == name).map(|(_, value)| seconds(value.as_deref())).max()
}

fn seconds(value: Option<&str>) -> Tenths {
    let digits = value.filter(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()));
    // More digits than fit are as much as fits (§1.2.2).
    digits.map_or(0, |it| 10 * Tenths::from(it.parse().unwrap_or(u64::MAX)))
}

/// The lines of a field as texts.
fn texts(headers: &HeaderMap, name: &str) -> Vec<String> {
    headers.get_all(name).iter().map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()).collect()
}

/// Whether `Connection` takes a field out of what is stored (§3.1).
fn is_of_the_hop(headers: &HeaderMap, name: &str) -> bool {
    let named = |line: &String| line.split(',').any(|it| it.trim().eq_ignore_ascii_case(name));
    texts(headers, "connection").iter().any(named)
}

fn dates(headers: &HeaderMap, name: &str) -> Vec<Tenths> {
    let dates = texts(headers, name);
    dates.iter().filter_map(|it| httpdate::parse_http_date(it.trim()).ok()).map(tenths).collect()
}

/// Since 1970.
pub fn tenths(at: SystemTime) -> Tenths {
    let since = |it: Duration| Tenths::try_from(it.as_millis() / 100).expect("a clock's time");
    match at.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => since(after),
        Err(before) => -since(before.duration()),
    }
}

/// A stored answer, as the model remembers it.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// The fields that count.
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

    /// After a 304 (§3.2): its fields replace those of the same name, and its age is its own.
    pub fn confirmed(&self, headers: &HeaderMap, requested: SystemTime, received: SystemTime) -> Self {
        let mut known = Self { headers: self.headers.clone(), requested, received };
        known.headers.remove("age");
        known.headers.remove("date");
        known.take(headers);
        known
    }

    fn take(&mut self, headers: &HeaderMap) {
        for name in FIELDS {
            if !headers.contains_key(name) || is_of_the_hop(headers, name) {
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

    /// The longest that it may be fresh (§4.2.1).
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
        let date = dates(&self.headers, "date").into_iter().min().unwrap_or(received);
        if self.headers.contains_key("expires") {
            return dates(&self.headers, "expires").into_iter().max().map_or(0, |at| (at - date).max(0));
        }
        // A guess is a tenth of what it has lived for, and a day at most (§4.2.2).
        let modified = dates(&self.headers, "last-modified").into_iter().min();
        modified.map_or(0, |at| ((date - at) / 10).clamp(0, 864_000))
    }

    /// The least that it can be old (§4.2.3); `None` before it was received.
    pub fn age(&self, now: SystemTime) -> Option<Tenths> {
        let resident = tenths(now) - tenths(self.received);
        let date = dates(&self.headers, "date").into_iter().max();
        let apparent = date.map_or(0, |at| (tenths(self.received) - at).max(0));
        let first = |line: &String| seconds(Some(line.split(',').next().unwrap_or_default().trim()));
        let told = texts(&self.headers, "age").iter().map(first).min().unwrap_or(0);
        let corrected = told + (tenths(self.received) - tenths(self.requested)).max(0);
        (resident >= 0).then(|| apparent.max(corrected) + resident)
    }

    /// Whether a request with these directives may get it unasked at `now`; `grace` is how long past its life
    /// somebody allows.
    pub fn may_serve(&self, asked: &[Directive], now: SystemTime, grace: Option<Tenths>) -> bool {
        let told = self.directives();
        let Some(age) = self.age(now) else { return false };
        if has(&told, "no-cache") || has(asked, "no-cache") {
            return false;
        }
        let life = self.life();
        if age < life {
            let is_young = number(asked, "max-age").is_none_or(|most| age <= most);
            // RFC 8246 §2: what is immutable and fresh is served to a reload, too.
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
    fn the_model_is_that_of_the_rfc() {
        assert_eq!(known("200|cache-control: public, MAX-AGE=\"60\"").life(), 600);
        assert_eq!(known("200|cache-control: x=\"max-age=9, \\\" \", max-age=60").life(), 600);
        assert_eq!(known("200|expires: Sun, 06 Nov 1994 08:50:37 GMT").life(), 580);
        assert_eq!(known("200|last-modified: Sun, 06 Nov 1994 08:48:39 GMT").life(), 60);
        assert_eq!(known("200|cache-control: no-cache, max-age=60").life(), 0);
        assert_eq!(known("200|age: 7").age(at(2)), Some(90));
        assert_eq!(known("200|date: Sun, 06 Nov 1994 08:49:09 GMT|age: 7").age(at(3)), Some(310));
        assert_eq!(known("200|age: 7").age(at(1)), None);
    }

    #[test]
    fn fresh_and_stale_are_told_apart() {
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
