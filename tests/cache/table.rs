//! The letter of RFC 9111 (and 5861, 6585, 8246, 9110) for the cache, case by case.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Request, Response};
use spotify_proto::cache::{self, Decision, Policy, Received};

/// Sun, 06 Nov 1994 08:49:37 GMT.
pub fn at(seconds: i64) -> SystemTime {
    let base = UNIX_EPOCH + Duration::from_secs(784_111_777);
    let distance = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { base - distance } else { base + distance }
}

fn lines(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('|').filter_map(|line| line.trim().split_once(':')).map(|(name, value)| (name, value.trim()))
}

/// `GET /x` with the headers of `a: 1 | b: 2`.
pub fn get(headers: &str) -> Request<()> {
    let request = lines(headers).fold(Request::get("https://a.example/x"), |it, (n, v)| it.header(n, v));
    request.body(()).expect("valid parts")
}

/// `200 | a: 1 | b: 2`.
pub fn answer(text: &str) -> Response<()> {
    let (status, headers) = text.split_once('|').unwrap_or((text, ""));
    let response = Response::builder().status(status.trim());
    let response = lines(headers).fold(response, |it, (n, v)| it.header(n, v));
    response.body(()).expect("valid parts")
}

pub fn stored(text: &str) -> Option<Policy> {
    Policy::storable(&get(""), &answer(text), at(0), at(0))
}

pub fn word(decision: &Decision) -> &'static str {
    match decision {
        Decision::Serve { .. } => "serve",
        Decision::ServeWhileRevalidating { .. } => "meanwhile",
        Decision::NotModified { .. } => "304",
        Decision::Send(sending) if sending.conditional_headers().is_empty() => "fetch",
        Decision::Send(_) => "ask",
        Decision::GatewayTimeout => "504",
    }
}

/// Section, sentence, the answer received at 0, the later request, its second, what to do.
type Decide = (&'static str, &'static str, &'static str, &'static str, i64, &'static str);

#[rustfmt::skip]
const DECIDE: &[Decide] = &[
    // What may be kept.
    ("9111 §3", "explicit freshness is kept", "200|cache-control: max-age=60", "", 1, "serve"),
    ("9111 §3", "without freshness or validator nothing is of use", "200", "", 0, "none"),
    ("9111 §3", "a validator alone is worth keeping", "200|etag: \"1\"", "", 0, "ask"),
    ("9111 §3", "an unusual final status with explicit freshness is kept", "418|cache-control: max-age=60", "", 1, "serve"),
    ("9111 §3", "an unusual status without one is not", "418|etag: \"1\"", "", 0, "none"),
    ("9111 §3", "an unusual status that is public is kept", "418|cache-control: public|etag: \"1\"", "", 0, "ask"),
    ("9111 §3", "an unusual status that is private is kept by a private cache", "418|cache-control: private|etag: \"1\"", "", 0, "ask"),
    ("9111 §3", "an unusual status with Expires is kept", "500|expires: Sun, 06 Nov 1994 08:50:37 GMT", "", 59, "serve"),
    ("9111 §3", "404 is kept with a lifetime", "404|cache-control: max-age=60", "", 1, "serve"),
    ("9111 §3.3", "206 is not kept", "206|cache-control: max-age=60|content-range: bytes 0-1/2", "", 0, "none"),
    ("9111 §3", "304 is no answer to keep", "304|cache-control: max-age=60|etag: \"1\"", "", 0, "none"),
    ("9111 §3", "an interim answer is not kept", "103|cache-control: max-age=60", "", 0, "none"),
    ("6585 §3", "428 must not be kept", "428|cache-control: max-age=60", "", 0, "none"),
    ("6585 §4", "429 must not be kept", "429|cache-control: max-age=60", "", 0, "none"),
    ("6585 §5", "431 must not be kept", "431|cache-control: max-age=60", "", 0, "none"),
    ("6585 §6", "511 must not be kept", "511|cache-control: max-age=60", "", 0, "none"),
    ("9110 §15.5.2", "401 is about the token, not about the resource", "401|cache-control: max-age=60", "", 0, "none"),
    ("9110 §15.5.13", "412 is about the conditions", "412|cache-control: max-age=60", "", 0, "none"),
    ("9110 §15.5.17", "416 is about the range", "416|cache-control: max-age=60", "", 0, "none"),
    ("9111 §5.2.2.5", "no-store is not kept", "200|cache-control: no-store, max-age=60|etag: \"1\"", "", 0, "none"),
    ("9111 §5.2.2.5", "no-store counts on a second line", "200|cache-control: max-age=60|cache-control: no-store", "", 0, "none"),
    ("9111 §5.2", "directives are case-insensitive", "200|cache-control: No-StOrE, max-age=60", "", 0, "none"),
    ("9111 §5.2.2.5", "no-store with an argument is no-store", "200|cache-control: no-store=\"x\", max-age=60", "", 0, "none"),
    ("9111 §5.2.2.3", "must-understand lifts no-store of a known status", "200|cache-control: must-understand, no-store, max-age=60", "", 1, "serve"),
    ("9111 §5.2.2.3", "must-understand keeps an unknown status out", "299|cache-control: must-understand, max-age=60", "", 0, "none"),
    ("9111 §5.2.2.3", "must-understand with an argument lifts nothing", "200|cache-control: must-understand=1, no-store, max-age=60", "", 0, "none"),
    ("9111 §5.2.2.7", "private is kept by a private cache", "200|cache-control: private, max-age=60", "", 1, "serve"),
    ("9111 §5.2.2.7", "private for some fields is too", "200|cache-control: private=\"set-cookie\", max-age=60", "", 1, "serve"),
    ("9111 §5.2.2.7", "private, max-age=0 without a validator is of no use", "200|cache-control: private, max-age=0", "", 0, "none"),
    ("9111 §5.2.2.4", "no-cache without a validator is of no use", "200|cache-control: no-cache, max-age=60", "", 0, "none"),
    ("9111 §4.1", "what varies by everything is never matched", "200|cache-control: max-age=60|vary: *", "", 0, "none"),
    ("9111 §4.1", "a star among others is a star", "200|cache-control: max-age=60|vary: accept, *", "", 0, "none"),
    // How long it is fresh.
    ("9111 §4.2", "fresh is as long as age is less than lifetime", "200|cache-control: max-age=60|etag: \"1\"", "", 59, "serve"),
    ("9111 §4.2", "at its lifetime it is stale", "200|cache-control: max-age=60|etag: \"1\"", "", 60, "ask"),
    ("9111 §4.2", "stale without a validator is fetched", "200|cache-control: max-age=60", "", 60, "fetch"),
    ("9111 §5.2", "a quoted number is read", "200|cache-control: max-age=\"60\"|etag: \"1\"", "", 59, "serve"),
    ("9111 §5.2", "a comma in quotes does not split", "200|cache-control: x=\"a, max-age=600, b\", max-age=1|etag: \"1\"", "", 2, "ask"),
    ("9111 §5.2", "an escaped quote does not end the quotes", "200|cache-control: x=\"\\\", max-age=600\"|etag: \"1\"", "", 2, "ask"),
    ("9111 §5.2", "an open quote may hide anything", "200|cache-control: max-age=60, x=\"no-store|etag: \"1\"", "", 0, "none"),
    ("9111 §5.2.3", "unknown directives are ignored", "200|cache-control: foo, bar=1, max-age=60", "", 1, "serve"),
    ("9111 §5.2", "empty members are ignored", "200|cache-control: ,, max-age=60,", "", 1, "serve"),
    ("9111 §5.2", "a colon before the list does not hide no-store", "200|cache-control: : no-cache, no-store|etag: \"1\"", "", 0, "none"),
    ("9111 §4.2.1", "of two max-age the shorter counts", "200|cache-control: max-age=60, max-age=10|etag: \"1\"", "", 10, "ask"),
    ("9111 §4.2.1", "of two lines the shorter counts", "200|cache-control: max-age=10|cache-control: max-age=60|etag: \"1\"", "", 10, "ask"),
    ("9111 §4.2.1", "a negative max-age is stale", "200|cache-control: max-age=-1|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "a fraction is stale", "200|cache-control: max-age=6.5|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "words are stale", "200|cache-control: max-age=soon|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "max-age without a number is stale", "200|cache-control: max-age|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "an empty number is stale", "200|cache-control: max-age=|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.2", "space before = is malformed", "200|cache-control: max-age =60|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.2", "space behind = is malformed", "200|cache-control: max-age= 60|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.2", "single quotes are malformed", "200|cache-control: max-age='60'|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "a malformed max-age beats a good Expires", "200|cache-control: max-age=x|expires: Sun, 06 Nov 1994 08:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §1.2.2", "more digits than fit are very long", "200|cache-control: max-age=99999999999999999999999", "", 4_000_000_000, "serve"),
    ("9111 §5.2.2.1", "max-age beats an Expires in the past", "200|cache-control: max-age=60|expires: 0", "", 59, "serve"),
    ("9111 §5.2.2.1", "max-age beats a longer Expires", "200|cache-control: max-age=1|expires: Sun, 06 Nov 1994 08:50:37 GMT|etag: \"1\"", "", 2, "ask"),
    ("9111 §5.2.2.10", "s-maxage is not for private caches", "200|cache-control: s-maxage=600, max-age=60|etag: \"1\"", "", 60, "ask"),
    ("9111 §5.2.2.10", "s-maxage alone is no lifetime, and nothing is guessed", "200|cache-control: s-maxage=600|last-modified: Sun, 06 Nov 1994 07:49:37 GMT", "", 1, "ask"),
    ("9111 §5.3", "Expires less Date is the lifetime", "200|date: Sun, 06 Nov 1994 08:49:37 GMT|expires: Sun, 06 Nov 1994 08:50:37 GMT", "", 59, "serve"),
    ("9111 §5.3", "at Expires it is stale", "200|date: Sun, 06 Nov 1994 08:49:37 GMT|expires: Sun, 06 Nov 1994 08:50:37 GMT|etag: \"1\"", "", 60, "ask"),
    ("9111 §5.3", "Expires of RFC 850 is read", "200|expires: Sunday, 06-Nov-94 08:50:37 GMT", "", 59, "serve"),
    ("9111 §5.3", "Expires of asctime is read", "200|expires: Sun Nov  6 08:50:37 1994", "", 59, "serve"),
    ("9111 §5.3", "Expires of asctime is read whatever the day of the week", "200|expires: Thu Nov  6 08:50:37 1994|etag: \"1\"", "", 59, "serve"),
    ("9111 §4.2", "the case of the day of the week does not matter", "200|expires: SUN, 06 Nov 1994 08:50:37 GMT", "", 59, "serve"),
    ("9111 §4.2", "nor that of the month", "200|expires: Sun, 06 NOV 1994 08:50:37 GMT", "", 59, "serve"),
    ("9111 §4.2", "nor that of the zone", "200|expires: Sun, 06 Nov 1994 08:50:37 gmt", "", 59, "serve"),
    ("9111 §5.3", "another zone has expired already", "200|expires: Sun, 06 Nov 1994 08:50:37 UTC|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "a year of two digits has expired already", "200|expires: Sun, 06 Nov 94 08:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "a date without its comma has expired already", "200|expires: Sun 06 Nov 1994 08:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "a date with doubled blanks has expired already", "200|expires: Sun, 06  Nov  1994 08:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "a date with dashes and four digits has expired already", "200|expires: Sun, 06-Nov-1994 08:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "a time with full stops has expired already", "200|expires: Sun, 06 Nov 1994 08.50.37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "an hour of one digit has expired already", "200|expires: Sun, 06 Nov 1994 8:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9110 §5.6.7", "two digits more than 50 years ahead are the past", "200|expires: Wednesday, 06-Nov-69 08:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "Expires: 0 is stale", "200|expires: 0|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "an unreadable Expires is stale", "200|expires: tomorrow|last-modified: Sun, 06 Nov 1994 07:49:37 GMT", "", 0, "ask"),
    ("9111 §5.3", "an empty Expires is stale", "200|expires: |etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "two Expires that differ are stale", "200|expires: Sun, 06 Nov 1994 08:50:37 GMT|expires: Sun, 06 Nov 1994 09:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "two Expires that agree are one", "200|expires: Sun, 06 Nov 1994 08:50:37 GMT|expires: Sun, 06 Nov 1994 08:50:37 GMT", "", 59, "serve"),
    ("9111 §5.3", "an Expires before Date is stale", "200|date: Sun, 06 Nov 1994 08:49:37 GMT|expires: Sun, 06 Nov 1994 08:48:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "an Expires before 1970 is stale", "200|expires: Sun, 06 Nov 1904 08:49:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "an Expires after 9999 is stale", "200|expires: Sun, 06 Nov 10994 08:49:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.2", "a tenth of the time since the last change is guessed", "200|date: Sun, 06 Nov 1994 08:49:37 GMT|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "", 59, "serve"),
    ("9111 §4.2.2", "and no more", "200|date: Sun, 06 Nov 1994 08:49:37 GMT|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "", 60, "ask"),
    ("9111 §4.2.2", "never more than a day", "200|last-modified: Wed, 06 Nov 1974 08:39:37 GMT", "", 86_400, "ask"),
    ("9111 §4.2.2", "nothing is guessed for an unusual status", "500|cache-control: private|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "", 1, "ask"),
    ("9111 §4.2.2", "but where it is public", "500|cache-control: public|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "", 1, "serve"),
    ("9111 §4.2.2", "404 may be guessed", "404|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "", 1, "serve"),
    ("9111 §4.2.2", "a last change after Date gives nothing", "200|date: Sun, 06 Nov 1994 08:49:37 GMT|last-modified: Sun, 06 Nov 1994 09:39:37 GMT", "", 1, "ask"),
    ("9111 §4.2.2", "an explicit max-age=0 is not guessed over", "200|cache-control: max-age=0|last-modified: Wed, 06 Nov 1974 08:39:37 GMT", "", 0, "ask"),
    // How old it is.
    ("9111 §5.1", "Age is taken off", "200|cache-control: max-age=60|age: 10|etag: \"1\"", "", 50, "ask"),
    ("9111 §5.1", "and only that", "200|cache-control: max-age=60|age: 10|etag: \"1\"", "", 49, "serve"),
    ("9111 §5.1", "the first member of Age counts", "200|cache-control: max-age=60|age: 10, 600", "", 49, "serve"),
    ("9111 §5.1", "the first line of Age counts", "200|cache-control: max-age=60|age: 600|age: 10|etag: \"1\"", "", 0, "ask"),
    ("9111 §1.2.2", "an Age that overflows is very old", "200|cache-control: max-age=60|age: 99999999999999999999999|etag: \"1\"", "", 0, "ask"),
    ("9111 §1.2.2", "an endless life and an endless age are stale", "200|cache-control: max-age=99999999999999999999999|age: 99999999999999999999999|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.1", "a negative Age is ignored", "200|cache-control: max-age=60|age: -7200|etag: \"1\"", "", 59, "serve"),
    ("9111 §5.1", "an Age of letters is ignored", "200|cache-control: max-age=60|age: old|etag: \"1\"", "", 59, "serve"),
    ("9111 §5.1", "an Age with decimals is ignored", "200|cache-control: max-age=60|age: 7200.0|etag: \"1\"", "", 59, "serve"),
    ("9111 §5.1", "a quoted Age is ignored", "200|cache-control: max-age=60|age: \"7200\"|etag: \"1\"", "", 59, "serve"),
    ("9111 §5.1", "an Age with a parameter is ignored", "200|cache-control: max-age=60|age: 7200;a=b|etag: \"1\"", "", 59, "serve"),
    ("9111 §5.1", "an empty Age is ignored", "200|cache-control: max-age=60|age: |etag: \"1\"", "", 59, "serve"),
    ("9111 §5.1", "an ignored Age does not make the response younger than its Date", "200|cache-control: max-age=60|age: -1|date: Sun, 06 Nov 1994 08:48:47 GMT|etag: \"1\"", "", 10, "ask"),
    ("9111 §5.1", "an invalid first member is not replaced by the second", "200|cache-control: max-age=60|age: x, 600|etag: \"1\"", "", 59, "serve"),
    ("9111 §4.2.3", "a Date in the past is age", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 08:48:47 GMT|etag: \"1\"", "", 10, "ask"),
    ("9111 §4.2.3", "of Age and Date the older counts", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 08:49:27 GMT|age: 5", "", 49, "serve"),
    ("9111 §4.2.3", "a Date in the future is no age", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 09:49:37 GMT", "", 59, "serve"),
    ("9111 §4.2.3", "nor does it lengthen the life", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 09:49:37 GMT|etag: \"1\"", "", 60, "ask"),
    ("9111 §4.2.3", "an unreadable Date makes any age possible", "200|cache-control: max-age=60|date: today|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.3", "a Date before 1970 too", "200|cache-control: max-age=60|date: Sun, 06 Nov 1904 08:49:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.3", "two Dates that differ too", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 08:49:37 GMT|date: Sun, 06 Nov 1994 08:49:30 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.3", "before its receipt it is not fresh: the clock is wrong", "200|cache-control: max-age=60|etag: \"1\"", "", -1, "ask"),
    // What the answer asks for.
    ("9111 §5.2.2.4", "no-cache is asked about each time", "200|cache-control: no-cache, max-age=60|etag: \"1\"", "", 1, "ask"),
    ("9111 §5.2.2.4", "no-cache for some fields too", "200|cache-control: no-cache=\"set-cookie, x\", max-age=60|etag: \"1\"", "", 1, "ask"),
    ("9111 §5.2.2.4", "no-cache is not served stale", "200|cache-control: no-cache, max-age=60|etag: \"1\"", "cache-control: max-stale", 61, "ask"),
    ("9111 §5.2.2.2", "must-revalidate does not shorten the life", "200|cache-control: must-revalidate, max-age=60", "", 59, "serve"),
    ("9111 §5.2.2.2", "must-revalidate forbids stale answers", "200|cache-control: must-revalidate, max-age=60|etag: \"1\"", "cache-control: max-stale=100", 61, "ask"),
    ("9111 §5.2.2.2", "and meanwhile ones", "200|cache-control: must-revalidate, max-age=60, stale-while-revalidate=60|etag: \"1\"", "", 61, "ask"),
    ("9111 §5.2.2.8", "proxy-revalidate is not for private caches", "200|cache-control: proxy-revalidate, max-age=60|etag: \"1\"", "cache-control: max-stale=100", 61, "serve"),
    ("5861 §3", "stale while revalidating, as long as is allowed", "200|cache-control: max-age=60, stale-while-revalidate=30|etag: \"1\"", "", 90, "meanwhile"),
    ("5861 §3", "and no longer", "200|cache-control: max-age=60, stale-while-revalidate=30|etag: \"1\"", "", 91, "ask"),
    ("5861 §3", "a malformed stale-while-revalidate allows nothing", "200|cache-control: max-age=60, stale-while-revalidate=x|etag: \"1\"", "", 61, "ask"),
    ("5861 §3", "no-cache in the request is stronger", "200|cache-control: max-age=60, stale-while-revalidate=30|etag: \"1\"", "cache-control: no-cache", 61, "ask"),
    ("8246 §2", "immutable lifts a reload", "200|cache-control: immutable, max-age=60|etag: \"1\"", "cache-control: max-age=0", 10, "serve"),
    ("8246 §2", "but not beyond its life", "200|cache-control: immutable, max-age=60|etag: \"1\"", "cache-control: max-age=0", 60, "ask"),
    ("8246 §2", "nor a forced one", "200|cache-control: immutable, max-age=60|etag: \"1\"", "cache-control: no-cache", 10, "ask"),
    ("8246 §2", "immutable alone is no lifetime", "200|cache-control: immutable|etag: \"1\"", "", 0, "ask"),
    // What the request asks for.
    ("9111 §5.2.1.4", "no-cache in the request asks", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: no-cache", 1, "ask"),
    ("9111 §5.2.1.4", "no-cache without a validator fetches", "200|cache-control: max-age=60", "cache-control: NO-CACHE", 1, "fetch"),
    ("9111 §5.4", "Pragma counts without Cache-Control", "200|cache-control: max-age=60|etag: \"1\"", "pragma: foo, No-Cache", 1, "ask"),
    ("9111 §5.4", "Pragma does not count beside Cache-Control", "200|cache-control: max-age=60", "pragma: no-cache|cache-control: max-age=30", 1, "serve"),
    ("9111 §5.2.1.1", "max-age in the request is a bound of age", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-age=10", 11, "ask"),
    ("9111 §5.2.1.1", "up to and with it", "200|cache-control: max-age=60", "cache-control: max-age=10", 10, "serve"),
    ("9111 §5.2.1.1", "a malformed one bounds at zero", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-age=x", 1, "ask"),
    ("9111 §5.2.1.1", "of two the lower bound counts", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-age=50, max-age=5", 6, "ask"),
    ("9111 §5.2.1.2", "max-stale allows stale answers", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-stale", 6000, "serve"),
    ("9111 §5.2.1.2", "up to its value", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-stale=10", 70, "serve"),
    ("9111 §5.2.1.2", "and no further", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-stale=10", 71, "ask"),
    ("9111 §5.2.1.2", "a malformed max-stale allows nothing", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-stale=x", 61, "ask"),
    ("9111 §5.2.1.2", "max-stale does not trust a wrong clock", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-stale", -1, "ask"),
    ("9111 §5.2.1.2", "max-age bounds what max-stale allows", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-stale, max-age=65", 66, "ask"),
    ("9111 §5.2.1.3", "min-fresh asks for a rest of life", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: min-fresh=10", 51, "ask"),
    ("9111 §5.2.1.3", "of at least that", "200|cache-control: max-age=60", "cache-control: min-fresh=10", 50, "serve"),
    ("9111 §5.2.1.3", "a malformed min-fresh asks for more than there is", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: min-fresh=x", 1, "ask"),
    ("9111 §5.2.1.5", "no-store does not apply to what is stored", "200|cache-control: max-age=60", "cache-control: no-store", 1, "serve"),
    ("9111 §5.2.1.5", "but nothing is asked that would be kept", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: no-store", 61, "fetch"),
    ("9111 §5.2.1.7", "only-if-cached is served what is fresh", "200|cache-control: max-age=60", "cache-control: only-if-cached", 1, "serve"),
    ("9111 §5.2.1.7", "else it is a 504", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: only-if-cached", 60, "504"),
    ("9111 §5.2.1.7", "with max-stale it is served what is stale", "200|cache-control: max-age=60", "cache-control: only-if-cached, max-stale", 61, "serve"),
    ("9111 §5.2.1.7", "it never asks meanwhile", "200|cache-control: max-age=60, stale-while-revalidate=9|etag: \"1\"", "cache-control: only-if-cached", 61, "504"),
    // The caller's own conditions.
    ("9111 §4.3.2", "an If-None-Match that matches a fresh response is a 304", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"1\"", 1, "304"),
    ("9111 §4.3.2", "one that does not match is served the whole", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"2\"", 1, "serve"),
    ("9110 §13.1.2", "the comparison is weak, if the stored tag is", "200|cache-control: max-age=60|etag: W/\"1\"", "if-none-match: \"1\"", 1, "304"),
    ("9110 §13.1.2", "and if the caller's is", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: W/\"1\"", 1, "304"),
    ("9110 §13.1.2", "the first of several tags counts", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"1\", \"2\", \"3\"", 1, "304"),
    ("9110 §13.1.2", "the middle one counts", "200|cache-control: max-age=60|etag: \"2\"", "if-none-match: \"1\",\"2\" , \"3\"", 1, "304"),
    ("9110 §13.1.2", "the last one counts, on a line of its own", "200|cache-control: max-age=60|etag: \"3\"", "if-none-match: \"1\", \"2\"|if-none-match: \"3\"", 1, "304"),
    ("9110 §8.8.3", "a comma in a tag does not split it", "200|cache-control: max-age=60|etag: \"2\"", "if-none-match: \"1,2\"", 1, "serve"),
    ("9110 §13.1.2", "a star matches every stored response", "200|cache-control: max-age=60", "if-none-match: *", 1, "304"),
    ("9110 §13.1.2", "without a stored tag nothing else matches", "200|cache-control: max-age=60", "if-none-match: \"1\"", 1, "serve"),
    ("9110 §13.1.2", "a tag without quotes matches itself", "200|cache-control: max-age=60|etag: abc", "if-none-match: abc", 1, "304"),
    ("9110 §13.1.3", "an If-Modified-Since of the last change is a 304", "200|cache-control: max-age=60|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-modified-since: Sun, 06 Nov 1994 08:39:37 GMT", 1, "304"),
    ("9110 §13.1.3", "a later one is a 304", "200|cache-control: max-age=60|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-modified-since: Sun, 06 Nov 1994 08:40:00 GMT", 1, "304"),
    ("9110 §13.1.3", "one in another form is a 304", "200|cache-control: max-age=60|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-modified-since: Sunday, 06-Nov-94 08:39:37 GMT", 1, "304"),
    ("9110 §13.1.3", "an earlier one is served the whole", "200|cache-control: max-age=60|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-modified-since: Sun, 06 Nov 1994 08:39:36 GMT", 1, "serve"),
    ("9110 §13.1.3", "one that is not a date is ignored", "200|cache-control: max-age=60|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-modified-since: lately", 1, "serve"),
    ("9110 §13.1.3", "two that differ are ignored", "200|cache-control: max-age=60|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-modified-since: Sun, 06 Nov 1994 08:39:37 GMT|if-modified-since: Sun, 06 Nov 1994 08:40:37 GMT", 1, "serve"),
    ("9111 §4.3.2", "without Last-Modified the Date counts", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 08:49:30 GMT", "if-modified-since: Sun, 06 Nov 1994 08:49:30 GMT", 1, "304"),
    ("9111 §4.3.2", "a time before the Date is served the whole", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 08:49:30 GMT", "if-modified-since: Sun, 06 Nov 1994 08:49:29 GMT", 1, "serve"),
    ("9111 §4.3.2", "without a Date the receipt counts", "200|cache-control: max-age=60", "if-modified-since: Sun, 06 Nov 1994 08:49:37 GMT", 1, "304"),
    ("9110 §13.2.2", "If-None-Match takes precedence where it matches", "200|cache-control: max-age=60|etag: \"1\"|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-none-match: \"1\"|if-modified-since: Sun, 06 Nov 1994 08:00:00 GMT", 1, "304"),
    ("9110 §13.2.2", "and where it does not", "200|cache-control: max-age=60|etag: \"1\"|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-none-match: \"2\"|if-modified-since: Sun, 06 Nov 1994 08:49:37 GMT", 1, "serve"),
    ("9110 §13.2.1", "conditions do not apply to a stored 404", "404|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"1\"", 1, "serve"),
    ("9111 §4.3.2", "a stale response is not compared, the conditions are sent", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"1\"", 60, "fetch"),
    ("9111 §4.3.2", "not even where it may be served meanwhile", "200|cache-control: max-age=60, stale-while-revalidate=60|etag: \"1\"", "if-none-match: \"1\"", 60, "fetch"),
    ("9111 §4.3.2", "but where the request allows it to be stale", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"1\"|cache-control: max-stale", 60, "304"),
    ("9111 §5.2.1.7", "stale, with conditions and only-if-cached, it is a 504", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"1\"|cache-control: only-if-cached", 60, "504"),
    ("9110 §13.1.4", "If-Unmodified-Since is for the server", "200|cache-control: max-age=60|etag: \"1\"", "if-unmodified-since: Sun, 06 Nov 1994 08:49:37 GMT|if-none-match: \"1\"", 1, "fetch"),
    ("9110 §13.1.1", "If-Match is for the server", "200|cache-control: max-age=60", "if-match: \"1\"", 1, "fetch"),
    ("9111 §3.3", "a request with Range is sent as it is", "200|cache-control: max-age=60", "range: bytes=0-1", 1, "fetch"),
    ("9111 §3.5", "Authorization does not matter to a private cache", "200|cache-control: max-age=60", "authorization: Bearer x", 1, "serve"),
    // What can be asked about.
    ("9110 §8.8.3", "a weak ETag is a validator", "200|etag: W/\"1\"", "", 0, "ask"),
    ("9110 §8.8.3", "an ETag without quotes is repeated as it is", "200|etag: 0123abc", "", 0, "ask"),
    ("9110 §8.8.3", "two ETags are none", "200|etag: \"1\"|etag: \"2\"", "", 0, "none"),
    ("9110 §13.1.2", "a star is no ETag", "200|etag: *", "", 0, "none"),
    ("9110 §8.8.3", "a list is no ETag", "200|etag: \"1\", \"2\"", "", 0, "none"),
    ("9110 §8.8.2", "Last-Modified is a validator", "200|cache-control: max-age=0|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "", 0, "ask"),
    ("9110 §8.8.2", "an unreadable one is not", "200|cache-control: max-age=0|last-modified: lately", "", 0, "none"),
];

#[test]
fn what_to_do_with_a_request() {
    for &(section, sentence, text, request, seconds, want) in DECIDE {
        let policy = stored(text);
        let got = policy.as_ref().map_or("none", |it| word(&cache::decide([it], &get(request), at(seconds))));
        assert_eq!(got, want, "{section}: {sentence}");
    }
}

/// Section, sentence, `Vary`, the first request, the second, whether the answer to the first is one for the second.
#[rustfmt::skip]
const VARY: &[(&str, &str, &str, &str, &str, bool)] = &[
    ("9111 §4.1", "the same value matches", "accept", "accept: a", "accept: a", true),
    ("9111 §4.1", "another value does not", "accept", "accept: a", "accept: b", false),
    ("9111 §4.1", "names are case-insensitive", "ACCEPT", "accept: a", "accept: b", false),
    ("9111 §4.1", "absent in both matches", "accept", "", "", true),
    ("9111 §4.1", "absent in one does not", "accept", "accept: a", "", false),
    ("9111 §4.1", "absent and empty are not the same", "accept", "accept: ", "", false),
    ("9111 §4.1", "other fields do not matter", "accept", "accept: a|x: 1", "accept: a|x: 2", true),
    ("9111 §4.1", "all that are named matter", "accept, x", "accept: a|x: 1", "accept: a|x: 2", false),
    ("9111 §4.1", "values do not move between fields", "a, b", "a: 1", "b: 1", false),
    ("9111 §4.1", "white space around a value does not matter", "a", "a: 1", "a:  1 ", true),
    ("9111 §4.1", "the order of lines matters", "a", "a: 1|a: 2", "a: 2|a: 1", false),
    ("9110 §5.3", "two lines are one list", "a", "a: 1, 2", "a: 1|a: 2", true),
    ("9111 §4.1", "blanks within a field that is not known to be a list matter", "a", "a: 1,2", "a: 1, 2", false),
    ("9111 §4.1", "blanks within a list of Accept do not", "accept", "accept: a/b,c/d", "accept: a/b ,  c/d", true),
    ("9111 §4.1", "a name that is repeated counts once", "a, A, a", "a: 1", "a: 1", true),
    ("9110 §12.5.4", "the case of a language does not matter", "accept-language", "accept-language: en-GB, de", "accept-language: EN-gb, DE", true),
    ("9110 §12.5.4", "nor do blanks between languages", "accept-language", "accept-language: en, de", "accept-language:  en ,   de", true),
    ("9110 §12.5.4", "nor does the order of equal weights", "accept-language", "accept-language: en, de", "accept-language: de, en", true),
    ("9110 §12.4.2", "the weight counts, not the place", "accept-language", "accept-language: de;q=0.5, en", "accept-language: en;q=1.0, de ; Q=0.50", true),
    ("9110 §12.4.2", "another weight is another request", "accept-language", "accept-language: en, de;q=0.5", "accept-language: en, de;q=0.6", false),
    ("9110 §12.4.2", "exchanged weights are another request", "accept-language", "accept-language: en, de;q=0.5", "accept-language: de, en;q=0.5", false),
    ("9110 §12.5.4", "another language is another request", "accept-language", "accept-language: en", "accept-language: de", false),
    ("9110 §12.5.4", "one language more is another request", "accept-language", "accept-language: en", "accept-language: en, de", false),
    ("9110 §12.4.2", "a malformed list is compared as it is", "accept-language", "accept-language: en, de;q=2", "accept-language: de;q=2, en", false),
    ("9110 §12.4.2", "and matches itself", "accept-language", "accept-language: en, de;q=2", "accept-language: en, de;q=2", true),
    ("9110 §12.5.4", "no languages and none named are not the same", "accept-language", "", "accept-language: ", false),
    ("9111 §4.1", "a condition cannot select a response", "if-none-match", "", "", false),
    ("9111 §4.1", "a name that is none never matches", "a b", "", "", false),
];

#[test]
fn which_request_it_is_for() {
    for &(section, sentence, vary, first, second, want) in VARY {
        let answer = answer(&format!("200|cache-control: max-age=60|vary: {vary}"));
        let policy = Policy::storable(&get(first), &answer, at(0), at(0));
        assert_eq!(policy.is_some_and(|it| it.matches(&get(second))), want, "{section}: {sentence}");
    }
}

/// Section, sentence, the stored answer, the 304, what it says, and headers of the updated answer.
type Update = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const UPDATE: &[Update] = &[
    ("9111 §4.3.4", "the same ETag confirms", "etag: \"1\"", "etag: \"1\"", "keep", ""),
    ("9111 §4.3.4", "another does not", "etag: \"1\"", "etag: \"2\"", "other", ""),
    ("9111 §4.3.4", "a strong ETag does not update what was stored with a weak one", "etag: W/\"1\"", "etag: \"1\"", "other", ""),
    ("9111 §4.3.4", "a weak ETag updates what was stored with a strong one", "etag: \"1\"", "etag: W/\"1\"", "keep", "etag: W/\"1\""),
    ("9111 §4.3.4", "a weak ETag updates what was stored with it", "etag: W/\"1\"", "etag: W/\"1\"", "keep", "etag: W/\"1\""),
    ("9111 §4.3.4", "a 304 without validators answers what was asked", "etag: \"1\"", "x: 1", "keep", "x: 1"),
    ("9111 §4.3.4", "the same Last-Modified confirms", "last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "keep", ""),
    ("9111 §4.3.4", "another does not", "last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "last-modified: Sun, 06 Nov 1994 08:39:38 GMT", "other", ""),
    ("9111 §4.3.4", "an ETag for an answer that has none is another's", "last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "etag: \"1\"", "other", ""),
    ("9111 §3.2", "a field is replaced", "etag: \"1\"|x: 1", "x: 2", "keep", "x: 2"),
    ("9111 §3.2", "a field that is new is added", "etag: \"1\"", "y: 2", "keep", "y: 2"),
    ("9111 §3.2", "the others stay", "etag: \"1\"|x: 1", "y: 2", "keep", "x: 1|y: 2"),
    ("9111 §3.2", "the length stays that of the body", "etag: \"1\"|content-length: 9", "content-length: 0", "keep", "content-length: 9"),
    ("9111 §3.2", "lines of Set-Cookie stay lines", "etag: \"1\"|set-cookie: a=1|set-cookie: b=2", "x: 1", "keep", "set-cookie: a=1|set-cookie: b=2"),
    ("9111 §3.2", "new lines replace all old ones", "etag: \"1\"|set-cookie: a=1|set-cookie: b=2", "set-cookie: c=3|set-cookie: d=4", "keep", "set-cookie: c=3|set-cookie: d=4"),
    ("9111 §3.1", "fields of the connection are not taken", "etag: \"1\"|x: 1", "connection: x|x: 2|keep-alive: 5", "keep", "x: 1|keep-alive:"),
    ("9111 §4.3.4", "a no-store in the 304 ends the keeping", "etag: \"1\"", "cache-control: no-store", "once", ""),
];

#[test]
fn what_a_304_says() {
    for &(section, sentence, old, new, want, headers) in UPDATE {
        let policy = stored(&format!("200|cache-control: max-age=60|{old}")).expect(sentence);
        let Decision::Send(sending) = cache::decide([&policy], &get(""), at(100)) else {
            panic!("{sentence}")
        };
        let (got, updated) =
            match sending.receive([&policy], &get(""), &answer(&format!("304|{new}")), at(100)) {
                Received::Validated { policy, is_storable: true, .. } => ("keep", Some(policy)),
                Received::Validated { policy, is_storable: false, .. } => ("once", Some(policy)),
                Received::Mismatch(again) if again.conditional_headers().is_empty() => ("other", None),
                other => panic!("{sentence}: {other:?}"),
            };
        assert_eq!(got, want, "{section}: {sentence}");
        let Some(head) = updated.map(|policy| policy.response_head(at(100))) else { continue };
        for (name, _) in lines(headers) {
            let want: Vec<_> =
                lines(headers).filter(|it| it.0 == name && !it.1.is_empty()).map(|it| it.1).collect();
            let got: Vec<_> = head.headers.get_all(name).iter().filter_map(|it| it.to_str().ok()).collect();
            assert_eq!(got, want, "{section}: {sentence}");
        }
    }
}

/// Section, sentence, the stored `Cache-Control`, that of the request, the second, the failure, whether to serve.
///
/// The failure is a status, or `0` for a lost connection where nothing stale is allowed, or less than that for one where so
/// many seconds are.
type Excuse = (&'static str, &'static str, &'static str, &'static str, i64, i16, bool);

#[rustfmt::skip]
const EXCUSE: &[Excuse] = &[
    ("5861 §4", "stale-if-error serves in place of a 503", "max-age=60, stale-if-error=30", "x", 90, 503, true),
    ("5861 §4", "and no longer than it says", "max-age=60, stale-if-error=30", "x", 91, 503, false),
    ("5861 §4", "not in place of a 404", "max-age=60, stale-if-error=30", "x", 61, 404, false),
    ("5861 §4", "nor of a 501", "max-age=60, stale-if-error=30", "x", 61, 501, false),
    ("5861 §4", "the request may say it", "max-age=60", "stale-if-error=30", 61, 500, true),
    ("9111 §4.2.4", "without it nothing stale is served", "max-age=60", "x", 61, 500, false),
    ("9111 §5.2.2.2", "must-revalidate is stronger", "max-age=60, stale-if-error=30, must-revalidate", "x", 61, 500, false),
    ("9111 §5.2.2.4", "no-cache is stronger", "no-cache, max-age=60, stale-if-error=30", "x", 61, 500, false),
    ("9111 §5.2.1.4", "no-cache of the request is stronger", "max-age=60, stale-if-error=30", "no-cache", 61, 500, false),
    ("9111 §4.2.3", "a wrong clock is not trusted", "max-age=60, stale-if-error=30", "x", -1, 500, false),
    ("9111 §4.2.4", "on a lost connection nothing stale is served unless that is allowed", "max-age=60", "x", 61, 0, false),
    ("9111 §4.2.4", "if it is, it is served for that long", "max-age=60", "x", 90, -30, true),
    ("9111 §4.2.4", "and no longer", "max-age=60", "x", 91, -30, false),
    ("9111 §4.2.4", "must-revalidate forbids it", "max-age=60, must-revalidate", "x", 61, -30, false),
    ("9111 §4.2.4", "no-cache forbids it", "max-age=60, no-cache", "x", 0, -30, false),
    ("9111 §4.2.4", "no-cache of the request forbids it", "max-age=60", "no-cache", 61, -30, false),
    ("9111 §4.2.4", "proxy-revalidate does not concern a private cache", "max-age=60, proxy-revalidate", "x", 61, -30, true),
    ("5861 §4", "stale-if-error allows it on a lost connection", "max-age=60, stale-if-error=30", "x", 90, 0, true),
    ("9111 §4.2.3", "a wrong clock is not trusted on a lost connection", "max-age=60", "x", -1, -30, false),
];

#[test]
fn what_may_stand_for_an_error() {
    for &(section, sentence, told, asked, seconds, failure, want) in EXCUSE {
        let policy = stored(&format!("200|etag: \"1\"|cache-control: {told}")).expect(sentence);
        let plain = get(&format!("cache-control: {asked}"));
        let Decision::Send(sending) = cache::decide([&policy], &plain, at(seconds)) else {
            panic!("{sentence}")
        };
        let mut sent = plain.clone();
        sent.headers_mut().extend(sending.conditional_headers().clone());
        for request in [plain, sent] {
            let got = match u16::try_from(failure).ok().filter(|status| *status > 0) {
                None => {
                    let max_stale = Duration::from_secs(failure.unsigned_abs().into());
                    sending.lost([&policy], &request, max_stale, at(seconds)).is_some()
                }
                Some(status) => {
                    let error = answer(&status.to_string());
                    matches!(
                        sending.receive([&policy], &request, &error, at(seconds)),
                        Received::Stale { index: 0 }
                    )
                }
            };
            assert_eq!(got, want, "{section}: {sentence}");
        }
    }
}

/// Section, sentence, the response to a stale request, whether the stored response is removed, whether the new one is
/// stored.
#[rustfmt::skip]
const OUTDATED: &[(&str, &str, &str, bool, bool)] = &[
    ("9111 §4.3.3", "a full response replaces the stored one", "200|etag: \"2\"", true, true),
    ("9111 §4.3.3", "one that must not be stored outdates it all the same", "200|cache-control: no-store", true, false),
    ("9111 §4.3.3", "so does one that is of no use", "200", true, false),
    ("9110 §15.4", "so does a redirect", "303|location: /y", true, false),
    ("9110 §15.5.5", "so does a 404", "404", true, false),
    ("9110 §15.5.11", "so does a 410", "410|cache-control: no-store", true, false),
    ("9110 §15.5.4", "so does a 403", "403", true, false),
    ("9111 §4.3.3", "an error of the server does not", "500", false, false),
    ("9111 §3", "unless it may be stored", "500|cache-control: max-age=5", true, true),
    ("9110 §15.5.2", "a 401 says nothing about it", "401", false, false),
    ("6585 §4", "nor does a 429", "429|cache-control: max-age=5", false, false),
    ("9110 §15.5.1", "nor does a 400", "400", false, false),
    ("9110 §15.3.7", "nor does a part", "206|content-range: bytes 0-1/2|cache-control: max-age=5", false, false),
];

#[test]
fn what_becomes_of_the_stored_response() {
    for &(section, sentence, new, is_removed, is_stored) in OUTDATED {
        let policy = stored("200|cache-control: max-age=60|etag: \"1\"").expect(sentence);
        let other = Policy::storable(
            &get("accept: a"),
            &answer("200|cache-control: max-age=60|vary: accept"),
            at(0),
            at(0),
        )
        .expect(sentence);
        let Decision::Send(sending) = cache::decide([&policy], &get(""), at(60)) else {
            panic!("{sentence}")
        };
        let received = sending.receive([&policy, &other, &policy], &get(""), &answer(new), at(60));
        let Received::Response { outdated, policy } = received else { panic!("{sentence}: {received:?}") };
        assert_eq!(outdated, if is_removed { &[2, 0][..] } else { &[] }, "{section}: {sentence}");
        assert_eq!(policy.is_some(), is_stored, "{section}: {sentence}");
    }
}

/// Section, sentence, method, the answer, the URIs that are doubtful beside that of the request; `-` for none at all.
#[rustfmt::skip]
const DOUBTFUL: &[(&str, &str, &str, &str, &str)] = &[
    ("9111 §4.4", "a write makes its URI doubtful", "PUT", "204", ""),
    ("9111 §4.4", "so does an unknown method", "FROB", "200", ""),
    ("9111 §4.4", "a read does not", "GET", "200|location: /y", "-"),
    ("9111 §4.4", "nor does OPTIONS", "OPTIONS", "200", "-"),
    ("9111 §4.4", "an error changes nothing", "POST", "403", "-"),
    ("9111 §4.4", "a redirect is no error", "POST", "303|location: /y", "https://a.example/y"),
    ("9111 §4.4", "Location and Content-Location count", "POST", "201|location: /y?q#f|content-location: z/../w", "https://a.example/y?q https://a.example/w"),
    ("9111 §4.4", "in full too, whatever the case and port", "POST", "201|location: HTTPS://A.example:443/y", "https://A.example:443/y"),
    ("9111 §4.4", "another host is not ours to doubt", "POST", "201|location: https://b.example/y", ""),
    ("9111 §4.4", "nor another scheme, port or a host by the way", "POST", "201|location: http://a.example/y|location: https://a.example:8443/y|location: //b.example/y", ""),
];

#[test]
fn what_a_write_makes_doubtful() {
    for &(section, sentence, method, text, want) in DOUBTFUL {
        let request = Request::builder().method(method).uri("https://a.example/x").body(()).expect("valid");
        let doubtful = cache::invalidated_uris(&request, &answer(text));
        let own = "https://a.example/x";
        let want: Vec<&str> = match want {
            "-" => Vec::new(),
            others => [own].into_iter().chain(others.split_whitespace()).collect(),
        };
        assert_eq!(doubtful, want, "{section}: {sentence}");
    }
}

#[test]
fn the_table_is_large() {
    let cases = [DECIDE.len(), VARY.len(), UPDATE.len(), EXCUSE.len(), OUTDATED.len(), DOUBTFUL.len()];
    assert!(cases.iter().sum::<usize>() >= 220, "{cases:?}");
}
