//! Tables of the requirements for the cache in RFC 9111 and in RFCs 5861, 6585, 8246 and 9110, one case per row.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Request, Response};
use spotify_proto::cache::{self, Decision, Policy, Received};

/// Returns the time `seconds` after Sun, 06 Nov 1994 08:49:37 GMT.
pub fn at(seconds: i64) -> SystemTime {
    let base = UNIX_EPOCH + Duration::from_secs(784_111_777);
    let distance = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { base - distance } else { base + distance }
}

fn lines(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('|').filter_map(|line| line.trim().split_once(':')).map(|(name, value)| (name, value.trim()))
}

/// Returns the request `GET /x` with header fields from a text such as `a: 1 | b: 2`.
pub fn get(headers: &str) -> Request<()> {
    let request = lines(headers).fold(Request::get("https://a.example/x"), |it, (n, v)| it.header(n, v));
    request.body(()).expect("valid parts")
}

/// Returns the response for a text such as `200 | a: 1 | b: 2`.
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

/// The RFC section, the requirement, the response received at second 0, a later request, the second of that request,
/// and the name of the decision from [`word`]: `ask` for a conditional request, `fetch` for an unconditional request,
/// `meanwhile` for a stale response during revalidation, `none` for a response that is not stored.
type Decide = (&'static str, &'static str, &'static str, &'static str, i64, &'static str);

#[rustfmt::skip]
const DECIDE: &[Decide] = &[
    // Storing responses.
    ("9111 §3", "a response with explicit freshness is stored", "200|cache-control: max-age=60", "", 1, "serve"),
    ("9111 §3", "a response without freshness or validator is not stored", "200", "", 0, "none"),
    ("9111 §3", "a response with only a validator is stored", "200|etag: \"1\"", "", 0, "ask"),
    ("9111 §3", "an unusual final status with explicit freshness is stored", "418|cache-control: max-age=60", "", 1, "serve"),
    ("9111 §3", "an unusual status without explicit freshness is not stored", "418|etag: \"1\"", "", 0, "none"),
    ("9111 §3", "an unusual status with public is stored", "418|cache-control: public|etag: \"1\"", "", 0, "ask"),
    ("9111 §3", "an unusual status with private is stored by a private cache", "418|cache-control: private|etag: \"1\"", "", 0, "ask"),
    ("9111 §3", "an unusual status with Expires is stored", "500|expires: Sun, 06 Nov 1994 08:50:37 GMT", "", 59, "serve"),
    ("9111 §3", "a 404 with a lifetime is stored", "404|cache-control: max-age=60", "", 1, "serve"),
    ("9111 §3.3", "a 206 is not stored", "206|cache-control: max-age=60|content-range: bytes 0-1/2", "", 0, "none"),
    ("9111 §3", "a 304 is not stored", "304|cache-control: max-age=60|etag: \"1\"", "", 0, "none"),
    ("9111 §3", "an interim response is not stored", "103|cache-control: max-age=60", "", 0, "none"),
    ("6585 §3", "a 428 must not be stored", "428|cache-control: max-age=60", "", 0, "none"),
    ("6585 §4", "a 429 must not be stored", "429|cache-control: max-age=60", "", 0, "none"),
    ("6585 §5", "a 431 must not be stored", "431|cache-control: max-age=60", "", 0, "none"),
    ("6585 §6", "a 511 must not be stored", "511|cache-control: max-age=60", "", 0, "none"),
    ("9110 §15.5.2", "a 401 is not stored, as it depends on the token", "401|cache-control: max-age=60", "", 0, "none"),
    ("9110 §15.5.13", "a 412 is not stored, as it depends on the conditions", "412|cache-control: max-age=60", "", 0, "none"),
    ("9110 §15.5.17", "a 416 is not stored, as it depends on the range", "416|cache-control: max-age=60", "", 0, "none"),
    ("9111 §5.2.2.5", "a response with no-store is not stored", "200|cache-control: no-store, max-age=60|etag: \"1\"", "", 0, "none"),
    ("9111 §5.2.2.5", "no-store in a second field line is respected", "200|cache-control: max-age=60|cache-control: no-store", "", 0, "none"),
    ("9111 §5.2", "directives are case-insensitive", "200|cache-control: No-StOrE, max-age=60", "", 0, "none"),
    ("9111 §5.2.2.5", "no-store with an argument is respected", "200|cache-control: no-store=\"x\", max-age=60", "", 0, "none"),
    ("9111 §5.2.2.3", "must-understand overrides no-store for a known status", "200|cache-control: must-understand, no-store, max-age=60", "", 1, "serve"),
    ("9111 §5.2.2.3", "must-understand prevents storing an unknown status", "299|cache-control: must-understand, max-age=60", "", 0, "none"),
    ("9111 §5.2.2.3", "must-understand with an argument does not override no-store", "200|cache-control: must-understand=1, no-store, max-age=60", "", 0, "none"),
    ("9111 §5.2.2.7", "a response with private is stored by a private cache", "200|cache-control: private, max-age=60", "", 1, "serve"),
    ("9111 §5.2.2.7", "a response with private for some fields is stored, too", "200|cache-control: private=\"set-cookie\", max-age=60", "", 1, "serve"),
    ("9111 §5.2.2.7", "private, max-age=0 without a validator is not stored", "200|cache-control: private, max-age=0", "", 0, "none"),
    ("9111 §5.2.2.4", "no-cache without a validator is not stored", "200|cache-control: no-cache, max-age=60", "", 0, "none"),
    ("9111 §4.1", "a response with Vary: * is not stored", "200|cache-control: max-age=60|vary: *", "", 0, "none"),
    ("9111 §4.1", "a star among other names in Vary counts as a star", "200|cache-control: max-age=60|vary: accept, *", "", 0, "none"),
    // Freshness lifetime.
    ("9111 §4.2", "a response is fresh while its age is less than its lifetime", "200|cache-control: max-age=60|etag: \"1\"", "", 59, "serve"),
    ("9111 §4.2", "a response whose age equals its lifetime is stale", "200|cache-control: max-age=60|etag: \"1\"", "", 60, "ask"),
    ("9111 §4.2", "a stale response without a validator is requested again", "200|cache-control: max-age=60", "", 60, "fetch"),
    ("9111 §5.2", "a quoted number is accepted", "200|cache-control: max-age=\"60\"|etag: \"1\"", "", 59, "serve"),
    ("9111 §5.2", "a comma in quotes does not separate directives", "200|cache-control: x=\"a, max-age=600, b\", max-age=1|etag: \"1\"", "", 2, "ask"),
    ("9111 §5.2", "an escaped quote does not end a quoted string", "200|cache-control: x=\"\\\", max-age=600\"|etag: \"1\"", "", 2, "ask"),
    ("9111 §5.2", "a response with an unterminated quoted string is not stored", "200|cache-control: max-age=60, x=\"no-store|etag: \"1\"", "", 0, "none"),
    ("9111 §5.2.3", "unknown directives are ignored", "200|cache-control: foo, bar=1, max-age=60", "", 1, "serve"),
    ("9111 §5.2", "empty list members are ignored", "200|cache-control: ,, max-age=60,", "", 1, "serve"),
    ("9111 §5.2", "no-store after a stray colon is respected", "200|cache-control: : no-cache, no-store|etag: \"1\"", "", 0, "none"),
    ("9111 §4.2.1", "the shorter of two max-age directives applies", "200|cache-control: max-age=60, max-age=10|etag: \"1\"", "", 10, "ask"),
    ("9111 §4.2.1", "the shorter max-age of two field lines applies", "200|cache-control: max-age=10|cache-control: max-age=60|etag: \"1\"", "", 10, "ask"),
    ("9111 §4.2.1", "a negative max-age makes a response stale", "200|cache-control: max-age=-1|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "a fractional max-age makes a response stale", "200|cache-control: max-age=6.5|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "a max-age of letters makes a response stale", "200|cache-control: max-age=soon|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "max-age without a value makes a response stale", "200|cache-control: max-age|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "max-age with an empty value makes a response stale", "200|cache-control: max-age=|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.2", "a space before = makes max-age malformed", "200|cache-control: max-age =60|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.2", "a space after = makes max-age malformed", "200|cache-control: max-age= 60|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.2", "single quotes make max-age malformed", "200|cache-control: max-age='60'|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "a malformed max-age overrides a valid Expires", "200|cache-control: max-age=x|expires: Sun, 06 Nov 1994 08:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §1.2.2", "a max-age that overflows is the longest possible", "200|cache-control: max-age=99999999999999999999999", "", 4_000_000_000, "serve"),
    ("9111 §5.2.2.1", "max-age overrides an Expires in the past", "200|cache-control: max-age=60|expires: 0", "", 59, "serve"),
    ("9111 §5.2.2.1", "max-age overrides a longer Expires", "200|cache-control: max-age=1|expires: Sun, 06 Nov 1994 08:50:37 GMT|etag: \"1\"", "", 2, "ask"),
    ("9111 §5.2.2.10", "s-maxage does not apply to private caches", "200|cache-control: s-maxage=600, max-age=60|etag: \"1\"", "", 60, "ask"),
    ("9111 §5.2.2.10", "s-maxage alone gives neither an explicit nor a heuristic lifetime", "200|cache-control: s-maxage=600|last-modified: Sun, 06 Nov 1994 07:49:37 GMT", "", 1, "ask"),
    ("9111 §5.3", "the lifetime is Expires minus Date", "200|date: Sun, 06 Nov 1994 08:49:37 GMT|expires: Sun, 06 Nov 1994 08:50:37 GMT", "", 59, "serve"),
    ("9111 §5.3", "a response is stale at the time in Expires", "200|date: Sun, 06 Nov 1994 08:49:37 GMT|expires: Sun, 06 Nov 1994 08:50:37 GMT|etag: \"1\"", "", 60, "ask"),
    ("9111 §5.3", "an Expires in the RFC 850 format is accepted", "200|expires: Sunday, 06-Nov-94 08:50:37 GMT", "", 59, "serve"),
    ("9111 §5.3", "an Expires in the asctime format is accepted", "200|expires: Sun Nov  6 08:50:37 1994", "", 59, "serve"),
    ("9111 §5.3", "a wrong day of the week in an asctime date is ignored", "200|expires: Thu Nov  6 08:50:37 1994|etag: \"1\"", "", 59, "serve"),
    ("9111 §4.2", "the day of the week is case-insensitive", "200|expires: SUN, 06 Nov 1994 08:50:37 GMT", "", 59, "serve"),
    ("9111 §4.2", "the month is case-insensitive", "200|expires: Sun, 06 NOV 1994 08:50:37 GMT", "", 59, "serve"),
    ("9111 §4.2", "the time zone is case-insensitive", "200|expires: Sun, 06 Nov 1994 08:50:37 gmt", "", 59, "serve"),
    ("9111 §5.3", "an Expires in another time zone has already expired", "200|expires: Sun, 06 Nov 1994 08:50:37 UTC|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "an Expires with a two-digit year has already expired", "200|expires: Sun, 06 Nov 94 08:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "an Expires without the comma has already expired", "200|expires: Sun 06 Nov 1994 08:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "an Expires with doubled spaces has already expired", "200|expires: Sun, 06  Nov  1994 08:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "an Expires with dashes and a four-digit year has already expired", "200|expires: Sun, 06-Nov-1994 08:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "an Expires with full stops in the time has already expired", "200|expires: Sun, 06 Nov 1994 08.50.37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "an Expires with a one-digit hour has already expired", "200|expires: Sun, 06 Nov 1994 8:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9110 §5.6.7", "a two-digit year more than 50 years ahead is in the past", "200|expires: Wednesday, 06-Nov-69 08:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "Expires: 0 makes a response stale", "200|expires: 0|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "an invalid Expires makes a response stale", "200|expires: tomorrow|last-modified: Sun, 06 Nov 1994 07:49:37 GMT", "", 0, "ask"),
    ("9111 §5.3", "an empty Expires makes a response stale", "200|expires: |etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "two different Expires make a response stale", "200|expires: Sun, 06 Nov 1994 08:50:37 GMT|expires: Sun, 06 Nov 1994 09:50:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.1", "two equal Expires count as one", "200|expires: Sun, 06 Nov 1994 08:50:37 GMT|expires: Sun, 06 Nov 1994 08:50:37 GMT", "", 59, "serve"),
    ("9111 §5.3", "an Expires before Date makes a response stale", "200|date: Sun, 06 Nov 1994 08:49:37 GMT|expires: Sun, 06 Nov 1994 08:48:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "an Expires before 1970 makes a response stale", "200|expires: Sun, 06 Nov 1904 08:49:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.3", "an Expires after the year 9999 makes a response stale", "200|expires: Sun, 06 Nov 10994 08:49:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.2", "the heuristic lifetime is a tenth of the time since Last-Modified", "200|date: Sun, 06 Nov 1994 08:49:37 GMT|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "", 59, "serve"),
    ("9111 §4.2.2", "the heuristic lifetime ends after a tenth of the time since Last-Modified", "200|date: Sun, 06 Nov 1994 08:49:37 GMT|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "", 60, "ask"),
    ("9111 §4.2.2", "the heuristic lifetime is at most a day", "200|last-modified: Wed, 06 Nov 1974 08:39:37 GMT", "", 86_400, "ask"),
    ("9111 §4.2.2", "an unusual status has no heuristic lifetime", "500|cache-control: private|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "", 1, "ask"),
    ("9111 §4.2.2", "an unusual status with public has a heuristic lifetime", "500|cache-control: public|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "", 1, "serve"),
    ("9111 §4.2.2", "a 404 has a heuristic lifetime", "404|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "", 1, "serve"),
    ("9111 §4.2.2", "a Last-Modified after Date gives no heuristic lifetime", "200|date: Sun, 06 Nov 1994 08:49:37 GMT|last-modified: Sun, 06 Nov 1994 09:39:37 GMT", "", 1, "ask"),
    ("9111 §4.2.2", "an explicit max-age=0 excludes a heuristic lifetime", "200|cache-control: max-age=0|last-modified: Wed, 06 Nov 1974 08:39:37 GMT", "", 0, "ask"),
    // Age.
    ("9111 §5.1", "Age shortens the time that a response is fresh", "200|cache-control: max-age=60|age: 10|etag: \"1\"", "", 50, "ask"),
    ("9111 §5.1", "a response is fresh until its lifetime minus Age", "200|cache-control: max-age=60|age: 10|etag: \"1\"", "", 49, "serve"),
    ("9111 §5.1", "the first member of an Age list applies", "200|cache-control: max-age=60|age: 10, 600", "", 49, "serve"),
    ("9111 §5.1", "the first Age line applies", "200|cache-control: max-age=60|age: 600|age: 10|etag: \"1\"", "", 0, "ask"),
    ("9111 §1.2.2", "an Age that overflows makes a response stale", "200|cache-control: max-age=60|age: 99999999999999999999999|etag: \"1\"", "", 0, "ask"),
    ("9111 §1.2.2", "an overflowing max-age with an overflowing Age is stale", "200|cache-control: max-age=99999999999999999999999|age: 99999999999999999999999|etag: \"1\"", "", 0, "ask"),
    ("9111 §5.1", "a negative Age is ignored", "200|cache-control: max-age=60|age: -7200|etag: \"1\"", "", 59, "serve"),
    ("9111 §5.1", "an Age of letters is ignored", "200|cache-control: max-age=60|age: old|etag: \"1\"", "", 59, "serve"),
    ("9111 §5.1", "an Age with decimals is ignored", "200|cache-control: max-age=60|age: 7200.0|etag: \"1\"", "", 59, "serve"),
    ("9111 §5.1", "a quoted Age is ignored", "200|cache-control: max-age=60|age: \"7200\"|etag: \"1\"", "", 59, "serve"),
    ("9111 §5.1", "an Age with a parameter is ignored", "200|cache-control: max-age=60|age: 7200;a=b|etag: \"1\"", "", 59, "serve"),
    ("9111 §5.1", "an empty Age is ignored", "200|cache-control: max-age=60|age: |etag: \"1\"", "", 59, "serve"),
    ("9111 §5.1", "the age from Date applies if Age is ignored", "200|cache-control: max-age=60|age: -1|date: Sun, 06 Nov 1994 08:48:47 GMT|etag: \"1\"", "", 10, "ask"),
    ("9111 §5.1", "an invalid first member is not replaced by the second", "200|cache-control: max-age=60|age: x, 600|etag: \"1\"", "", 59, "serve"),
    ("9111 §4.2.3", "the time since Date counts as age", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 08:48:47 GMT|etag: \"1\"", "", 10, "ask"),
    ("9111 §4.2.3", "the greater of Age and the time since Date applies", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 08:49:27 GMT|age: 5", "", 49, "serve"),
    ("9111 §4.2.3", "a Date in the future adds no age", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 09:49:37 GMT", "", 59, "serve"),
    ("9111 §4.2.3", "a Date in the future does not extend the lifetime", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 09:49:37 GMT|etag: \"1\"", "", 60, "ask"),
    ("9111 §4.2.3", "an invalid Date makes a response stale", "200|cache-control: max-age=60|date: today|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.3", "a Date before 1970 makes a response stale", "200|cache-control: max-age=60|date: Sun, 06 Nov 1904 08:49:37 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.3", "two different Dates make a response stale", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 08:49:37 GMT|date: Sun, 06 Nov 1994 08:49:30 GMT|etag: \"1\"", "", 0, "ask"),
    ("9111 §4.2.3", "a response is not fresh before its receipt, as the clock is wrong", "200|cache-control: max-age=60|etag: \"1\"", "", -1, "ask"),
    // Directives in the response.
    ("9111 §5.2.2.4", "a response with no-cache is revalidated each time", "200|cache-control: no-cache, max-age=60|etag: \"1\"", "", 1, "ask"),
    ("9111 §5.2.2.4", "a response with no-cache for some fields is revalidated, too", "200|cache-control: no-cache=\"set-cookie, x\", max-age=60|etag: \"1\"", "", 1, "ask"),
    ("9111 §5.2.2.4", "a response with no-cache is not served stale", "200|cache-control: no-cache, max-age=60|etag: \"1\"", "cache-control: max-stale", 61, "ask"),
    ("9111 §5.2.2.2", "must-revalidate does not shorten the lifetime", "200|cache-control: must-revalidate, max-age=60", "", 59, "serve"),
    ("9111 §5.2.2.2", "must-revalidate forbids stale responses", "200|cache-control: must-revalidate, max-age=60|etag: \"1\"", "cache-control: max-stale=100", 61, "ask"),
    ("9111 §5.2.2.2", "must-revalidate forbids stale responses during revalidation", "200|cache-control: must-revalidate, max-age=60, stale-while-revalidate=60|etag: \"1\"", "", 61, "ask"),
    ("9111 §5.2.2.8", "proxy-revalidate does not apply to private caches", "200|cache-control: proxy-revalidate, max-age=60|etag: \"1\"", "cache-control: max-stale=100", 61, "serve"),
    ("5861 §3", "a stale response is served during revalidation within the allowed time", "200|cache-control: max-age=60, stale-while-revalidate=30|etag: \"1\"", "", 90, "meanwhile"),
    ("5861 §3", "a stale response is not served after the allowed time", "200|cache-control: max-age=60, stale-while-revalidate=30|etag: \"1\"", "", 91, "ask"),
    ("5861 §3", "a malformed stale-while-revalidate allows no stale response", "200|cache-control: max-age=60, stale-while-revalidate=x|etag: \"1\"", "", 61, "ask"),
    ("5861 §3", "no-cache in the request overrides stale-while-revalidate", "200|cache-control: max-age=60, stale-while-revalidate=30|etag: \"1\"", "cache-control: no-cache", 61, "ask"),
    ("8246 §2", "a fresh immutable response is served for a reload", "200|cache-control: immutable, max-age=60|etag: \"1\"", "cache-control: max-age=0", 10, "serve"),
    ("8246 §2", "a stale immutable response is revalidated", "200|cache-control: immutable, max-age=60|etag: \"1\"", "cache-control: max-age=0", 60, "ask"),
    ("8246 §2", "no-cache in the request overrides immutable", "200|cache-control: immutable, max-age=60|etag: \"1\"", "cache-control: no-cache", 10, "ask"),
    ("8246 §2", "immutable alone gives no lifetime", "200|cache-control: immutable|etag: \"1\"", "", 0, "ask"),
    // Directives in the request.
    ("9111 §5.2.1.4", "no-cache in the request causes a revalidation", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: no-cache", 1, "ask"),
    ("9111 §5.2.1.4", "no-cache in the request without a validator causes a plain request", "200|cache-control: max-age=60", "cache-control: NO-CACHE", 1, "fetch"),
    ("9111 §5.4", "Pragma applies without Cache-Control", "200|cache-control: max-age=60|etag: \"1\"", "pragma: foo, No-Cache", 1, "ask"),
    ("9111 §5.4", "Pragma does not apply with Cache-Control", "200|cache-control: max-age=60", "pragma: no-cache|cache-control: max-age=30", 1, "serve"),
    ("9111 §5.2.1.1", "max-age in the request limits the age", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-age=10", 11, "ask"),
    ("9111 §5.2.1.1", "max-age in the request includes its bound", "200|cache-control: max-age=60", "cache-control: max-age=10", 10, "serve"),
    ("9111 §5.2.1.1", "a malformed max-age in the request counts as zero", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-age=x", 1, "ask"),
    ("9111 §5.2.1.1", "the lower of two max-age directives in the request applies", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-age=50, max-age=5", 6, "ask"),
    ("9111 §5.2.1.2", "max-stale allows stale responses", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-stale", 6000, "serve"),
    ("9111 §5.2.1.2", "max-stale allows staleness up to its value", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-stale=10", 70, "serve"),
    ("9111 §5.2.1.2", "max-stale does not allow staleness above its value", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-stale=10", 71, "ask"),
    ("9111 §5.2.1.2", "a malformed max-stale allows no staleness", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-stale=x", 61, "ask"),
    ("9111 §5.2.1.2", "max-stale does not allow a response from the future", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-stale", -1, "ask"),
    ("9111 §5.2.1.2", "max-age in the request limits the age of stale responses", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: max-stale, max-age=65", 66, "ask"),
    ("9111 §5.2.1.3", "min-fresh requires a remaining lifetime", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: min-fresh=10", 51, "ask"),
    ("9111 §5.2.1.3", "min-fresh accepts a remaining lifetime equal to its value", "200|cache-control: max-age=60", "cache-control: min-fresh=10", 50, "serve"),
    ("9111 §5.2.1.3", "a malformed min-fresh always causes a revalidation", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: min-fresh=x", 1, "ask"),
    ("9111 §5.2.1.5", "no-store in the request does not apply to stored responses", "200|cache-control: max-age=60", "cache-control: no-store", 1, "serve"),
    ("9111 §5.2.1.5", "a request with no-store is not conditional", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: no-store", 61, "fetch"),
    ("9111 §5.2.1.7", "only-if-cached serves a fresh response", "200|cache-control: max-age=60", "cache-control: only-if-cached", 1, "serve"),
    ("9111 §5.2.1.7", "only-if-cached without a usable response gives a 504", "200|cache-control: max-age=60|etag: \"1\"", "cache-control: only-if-cached", 60, "504"),
    ("9111 §5.2.1.7", "only-if-cached with max-stale serves a stale response", "200|cache-control: max-age=60", "cache-control: only-if-cached, max-stale", 61, "serve"),
    ("9111 §5.2.1.7", "only-if-cached does not revalidate in the background", "200|cache-control: max-age=60, stale-while-revalidate=9|etag: \"1\"", "cache-control: only-if-cached", 61, "504"),
    // Conditions in the caller's request.
    ("9111 §4.3.2", "an If-None-Match that matches a fresh response is a 304", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"1\"", 1, "304"),
    ("9111 §4.3.2", "an If-None-Match that does not match gets the full response", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"2\"", 1, "serve"),
    ("9110 §13.1.2", "a weak stored tag matches the strong tag of the caller", "200|cache-control: max-age=60|etag: W/\"1\"", "if-none-match: \"1\"", 1, "304"),
    ("9110 §13.1.2", "a strong stored tag matches the weak tag of the caller", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: W/\"1\"", 1, "304"),
    ("9110 §13.1.2", "the first of several tags is compared", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"1\", \"2\", \"3\"", 1, "304"),
    ("9110 §13.1.2", "the middle one of several tags is compared", "200|cache-control: max-age=60|etag: \"2\"", "if-none-match: \"1\",\"2\" , \"3\"", 1, "304"),
    ("9110 §13.1.2", "a tag on a second line is compared", "200|cache-control: max-age=60|etag: \"3\"", "if-none-match: \"1\", \"2\"|if-none-match: \"3\"", 1, "304"),
    ("9110 §8.8.3", "a comma in a tag does not separate tags", "200|cache-control: max-age=60|etag: \"2\"", "if-none-match: \"1,2\"", 1, "serve"),
    ("9110 §13.1.2", "a star matches every stored response", "200|cache-control: max-age=60", "if-none-match: *", 1, "304"),
    ("9110 §13.1.2", "without a stored tag only a star matches", "200|cache-control: max-age=60", "if-none-match: \"1\"", 1, "serve"),
    ("9110 §13.1.2", "a tag without quotes matches itself", "200|cache-control: max-age=60|etag: abc", "if-none-match: abc", 1, "304"),
    ("9110 §13.1.3", "an If-Modified-Since equal to Last-Modified is a 304", "200|cache-control: max-age=60|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-modified-since: Sun, 06 Nov 1994 08:39:37 GMT", 1, "304"),
    ("9110 §13.1.3", "an If-Modified-Since after Last-Modified is a 304", "200|cache-control: max-age=60|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-modified-since: Sun, 06 Nov 1994 08:40:00 GMT", 1, "304"),
    ("9110 §13.1.3", "an If-Modified-Since in another date format is a 304", "200|cache-control: max-age=60|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-modified-since: Sunday, 06-Nov-94 08:39:37 GMT", 1, "304"),
    ("9110 §13.1.3", "an If-Modified-Since before Last-Modified gets the full response", "200|cache-control: max-age=60|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-modified-since: Sun, 06 Nov 1994 08:39:36 GMT", 1, "serve"),
    ("9110 §13.1.3", "an If-Modified-Since that is not a date is ignored", "200|cache-control: max-age=60|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-modified-since: lately", 1, "serve"),
    ("9110 §13.1.3", "two different If-Modified-Since are ignored", "200|cache-control: max-age=60|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-modified-since: Sun, 06 Nov 1994 08:39:37 GMT|if-modified-since: Sun, 06 Nov 1994 08:40:37 GMT", 1, "serve"),
    ("9111 §4.3.2", "without Last-Modified, If-Modified-Since is compared with Date", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 08:49:30 GMT", "if-modified-since: Sun, 06 Nov 1994 08:49:30 GMT", 1, "304"),
    ("9111 §4.3.2", "an If-Modified-Since before Date gets the full response", "200|cache-control: max-age=60|date: Sun, 06 Nov 1994 08:49:30 GMT", "if-modified-since: Sun, 06 Nov 1994 08:49:29 GMT", 1, "serve"),
    ("9111 §4.3.2", "without Date, If-Modified-Since is compared with the time of receipt", "200|cache-control: max-age=60", "if-modified-since: Sun, 06 Nov 1994 08:49:37 GMT", 1, "304"),
    ("9110 §13.2.2", "an If-None-Match that matches overrides If-Modified-Since", "200|cache-control: max-age=60|etag: \"1\"|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-none-match: \"1\"|if-modified-since: Sun, 06 Nov 1994 08:00:00 GMT", 1, "304"),
    ("9110 §13.2.2", "an If-None-Match that does not match overrides If-Modified-Since", "200|cache-control: max-age=60|etag: \"1\"|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "if-none-match: \"2\"|if-modified-since: Sun, 06 Nov 1994 08:49:37 GMT", 1, "serve"),
    ("9110 §13.2.1", "the caller's conditions do not apply to a stored 404", "404|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"1\"", 1, "serve"),
    ("9111 §4.3.2", "a stale response is not compared, and the caller's conditions are sent", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"1\"", 60, "fetch"),
    ("9111 §4.3.2", "a response that is stale within stale-while-revalidate is not compared either", "200|cache-control: max-age=60, stale-while-revalidate=60|etag: \"1\"", "if-none-match: \"1\"", 60, "fetch"),
    ("9111 §4.3.2", "a stale response that the request allows is compared", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"1\"|cache-control: max-stale", 60, "304"),
    ("9111 §5.2.1.7", "a stale response with conditions and only-if-cached is a 504", "200|cache-control: max-age=60|etag: \"1\"", "if-none-match: \"1\"|cache-control: only-if-cached", 60, "504"),
    ("9110 §13.1.4", "a request with If-Unmodified-Since is sent to the server", "200|cache-control: max-age=60|etag: \"1\"", "if-unmodified-since: Sun, 06 Nov 1994 08:49:37 GMT|if-none-match: \"1\"", 1, "fetch"),
    ("9110 §13.1.1", "a request with If-Match is sent to the server", "200|cache-control: max-age=60", "if-match: \"1\"", 1, "fetch"),
    ("9111 §3.3", "a request with Range is sent unchanged", "200|cache-control: max-age=60", "range: bytes=0-1", 1, "fetch"),
    ("9111 §3.5", "a private cache ignores Authorization", "200|cache-control: max-age=60", "authorization: Bearer x", 1, "serve"),
    // Validators.
    ("9110 §8.8.3", "a weak ETag is a validator", "200|etag: W/\"1\"", "", 0, "ask"),
    ("9110 §8.8.3", "an ETag without quotes is sent back unchanged", "200|etag: 0123abc", "", 0, "ask"),
    ("9110 §8.8.3", "two ETag lines are not a validator", "200|etag: \"1\"|etag: \"2\"", "", 0, "none"),
    ("9110 §13.1.2", "a star is not an ETag", "200|etag: *", "", 0, "none"),
    ("9110 §8.8.3", "a list of tags is not an ETag", "200|etag: \"1\", \"2\"", "", 0, "none"),
    ("9110 §8.8.2", "Last-Modified is a validator", "200|cache-control: max-age=0|last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "", 0, "ask"),
    ("9110 §8.8.2", "an invalid Last-Modified is not a validator", "200|cache-control: max-age=0|last-modified: lately", "", 0, "none"),
];

#[test]
fn decisions_match_the_table() {
    for &(section, sentence, text, request, seconds, want) in DECIDE {
        let policy = stored(text);
        let got = policy.as_ref().map_or("none", |it| word(&cache::decide([it], &get(request), at(seconds))));
        assert_eq!(got, want, "{section}: {sentence}");
    }
}

/// The RFC section, the requirement, the value of `Vary`, two requests, and whether the response to the first request
/// matches the second request.
#[rustfmt::skip]
const VARY: &[(&str, &str, &str, &str, &str, bool)] = &[
    ("9111 §4.1", "the same value matches", "accept", "accept: a", "accept: a", true),
    ("9111 §4.1", "another value does not match", "accept", "accept: a", "accept: b", false),
    ("9111 §4.1", "names are case-insensitive", "ACCEPT", "accept: a", "accept: b", false),
    ("9111 §4.1", "a field that is absent in both requests matches", "accept", "", "", true),
    ("9111 §4.1", "a field that is absent in one request does not match", "accept", "accept: a", "", false),
    ("9111 §4.1", "an absent field does not match an empty one", "accept", "accept: ", "", false),
    ("9111 §4.1", "fields that Vary does not name are ignored", "accept", "accept: a|x: 1", "accept: a|x: 2", true),
    ("9111 §4.1", "all fields that Vary names must match", "accept, x", "accept: a|x: 1", "accept: a|x: 2", false),
    ("9111 §4.1", "a value of another field does not match", "a, b", "a: 1", "b: 1", false),
    ("9111 §4.1", "white space around a value is ignored", "a", "a: 1", "a:  1 ", true),
    ("9111 §4.1", "field lines in another order do not match", "a", "a: 1|a: 2", "a: 2|a: 1", false),
    ("9110 §5.3", "two field lines match the same values in one list", "a", "a: 1, 2", "a: 1|a: 2", true),
    ("9111 §4.1", "spaces in a field that is not known as a list are significant", "a", "a: 1,2", "a: 1, 2", false),
    ("9111 §4.1", "spaces between the members of Accept are ignored", "accept", "accept: a/b,c/d", "accept: a/b ,  c/d", true),
    ("9111 §4.1", "a repeated name in Vary counts once", "a, A, a", "a: 1", "a: 1", true),
    ("9110 §12.5.4", "languages are case-insensitive", "accept-language", "accept-language: en-GB, de", "accept-language: EN-gb, DE", true),
    ("9110 §12.5.4", "spaces between languages are ignored", "accept-language", "accept-language: en, de", "accept-language:  en ,   de", true),
    ("9110 §12.5.4", "the order of languages with equal weights is ignored", "accept-language", "accept-language: en, de", "accept-language: de, en", true),
    ("9110 §12.4.2", "weights decide about a match, not positions", "accept-language", "accept-language: de;q=0.5, en", "accept-language: en;q=1.0, de ; Q=0.50", true),
    ("9110 §12.4.2", "a different weight does not match", "accept-language", "accept-language: en, de;q=0.5", "accept-language: en, de;q=0.6", false),
    ("9110 §12.4.2", "exchanged weights do not match", "accept-language", "accept-language: en, de;q=0.5", "accept-language: de, en;q=0.5", false),
    ("9110 §12.5.4", "another language does not match", "accept-language", "accept-language: en", "accept-language: de", false),
    ("9110 §12.5.4", "an additional language does not match", "accept-language", "accept-language: en", "accept-language: en, de", false),
    ("9110 §12.4.2", "a malformed list of languages is compared literally", "accept-language", "accept-language: en, de;q=2", "accept-language: de;q=2, en", false),
    ("9110 §12.4.2", "a malformed list of languages matches itself", "accept-language", "accept-language: en, de;q=2", "accept-language: en, de;q=2", true),
    ("9110 §12.5.4", "an absent Accept-Language does not match an empty one", "accept-language", "", "accept-language: ", false),
    ("9111 §4.1", "Vary on a conditional field never matches", "if-none-match", "", "", false),
    ("9111 §4.1", "an invalid name in Vary never matches", "a b", "", "", false),
];

#[test]
fn requests_match_variants_according_to_the_table() {
    for &(section, sentence, vary, first, second, want) in VARY {
        let response = answer(&format!("200|cache-control: max-age=60|vary: {vary}"));
        let policy = Policy::storable(&get(first), &response, at(0), at(0));
        assert_eq!(policy.is_some_and(|it| it.matches(&get(second))), want, "{section}: {sentence}");
    }
}

/// The RFC section, the requirement, fields of the stored response, fields of the 304, the effect of the 304, and
/// fields of the updated response. The effects are `keep` (the stored response is updated), `once` (the stored response
/// is served and then removed) and `other` (mismatch).
type Update = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const UPDATE: &[Update] = &[
    ("9111 §4.3.4", "the same ETag validates", "etag: \"1\"", "etag: \"1\"", "keep", ""),
    ("9111 §4.3.4", "another ETag does not validate", "etag: \"1\"", "etag: \"2\"", "other", ""),
    ("9111 §4.3.4", "a strong ETag does not update a response stored with a weak one", "etag: W/\"1\"", "etag: \"1\"", "other", ""),
    ("9111 §4.3.4", "a weak ETag updates a response stored with the equal strong one", "etag: \"1\"", "etag: W/\"1\"", "keep", "etag: W/\"1\""),
    ("9111 §4.3.4", "a weak ETag updates a response stored with the same weak one", "etag: W/\"1\"", "etag: W/\"1\"", "keep", "etag: W/\"1\""),
    ("9111 §4.3.4", "a 304 without validators refers to the request's condition", "etag: \"1\"", "x: 1", "keep", "x: 1"),
    ("9111 §4.3.4", "the same Last-Modified validates", "last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "keep", ""),
    ("9111 §4.3.4", "another Last-Modified does not validate", "last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "last-modified: Sun, 06 Nov 1994 08:39:38 GMT", "other", ""),
    ("9111 §4.3.4", "an ETag does not validate a response without one", "last-modified: Sun, 06 Nov 1994 08:39:37 GMT", "etag: \"1\"", "other", ""),
    ("9111 §3.2", "a field of the 304 replaces the stored one", "etag: \"1\"|x: 1", "x: 2", "keep", "x: 2"),
    ("9111 §3.2", "a new field of the 304 is added", "etag: \"1\"", "y: 2", "keep", "y: 2"),
    ("9111 §3.2", "the other stored fields stay", "etag: \"1\"|x: 1", "y: 2", "keep", "x: 1|y: 2"),
    ("9111 §3.2", "Content-Length stays that of the stored body", "etag: \"1\"|content-length: 9", "content-length: 0", "keep", "content-length: 9"),
    ("9111 §3.2", "Set-Cookie lines stay separate", "etag: \"1\"|set-cookie: a=1|set-cookie: b=2", "x: 1", "keep", "set-cookie: a=1|set-cookie: b=2"),
    ("9111 §3.2", "new Set-Cookie lines replace all stored ones", "etag: \"1\"|set-cookie: a=1|set-cookie: b=2", "set-cookie: c=3|set-cookie: d=4", "keep", "set-cookie: c=3|set-cookie: d=4"),
    ("9111 §3.1", "hop-by-hop fields of the 304 are ignored", "etag: \"1\"|x: 1", "connection: x|x: 2|keep-alive: 5", "keep", "x: 1|keep-alive:"),
    ("9111 §4.3.4", "no-store in the 304 removes the stored response", "etag: \"1\"", "cache-control: no-store", "once", ""),
];

#[test]
fn a_304_updates_the_stored_response_according_to_the_table() {
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

/// The RFC section, the requirement, the `Cache-Control` values of the stored response and of the request, the second,
/// the failure, and whether the stale response is served.
///
/// The failure is a status, `0` for a lost connection if stale responses are not permitted, or `-n` for a lost
/// connection if `n` seconds of staleness are permitted.
type Excuse = (&'static str, &'static str, &'static str, &'static str, i64, i16, bool);

#[rustfmt::skip]
const EXCUSE: &[Excuse] = &[
    ("5861 §4", "stale-if-error serves in place of a 503", "max-age=60, stale-if-error=30", "x", 90, 503, true),
    ("5861 §4", "stale-if-error does not serve after its time", "max-age=60, stale-if-error=30", "x", 91, 503, false),
    ("5861 §4", "stale-if-error does not replace a 404", "max-age=60, stale-if-error=30", "x", 61, 404, false),
    ("5861 §4", "stale-if-error does not replace a 501", "max-age=60, stale-if-error=30", "x", 61, 501, false),
    ("5861 §4", "the request can contain stale-if-error", "max-age=60", "stale-if-error=30", 61, 500, true),
    ("9111 §4.2.4", "without stale-if-error no stale response is served", "max-age=60", "x", 61, 500, false),
    ("9111 §5.2.2.2", "must-revalidate overrides stale-if-error", "max-age=60, stale-if-error=30, must-revalidate", "x", 61, 500, false),
    ("9111 §5.2.2.4", "no-cache overrides stale-if-error", "no-cache, max-age=60, stale-if-error=30", "x", 61, 500, false),
    ("9111 §5.2.1.4", "no-cache in the request overrides stale-if-error", "max-age=60, stale-if-error=30", "no-cache", 61, 500, false),
    ("9111 §4.2.3", "stale-if-error does not serve a response from the future", "max-age=60, stale-if-error=30", "x", -1, 500, false),
    ("9111 §4.2.4", "without permission no stale response is served on a lost connection", "max-age=60", "x", 61, 0, false),
    ("9111 §4.2.4", "the permitted staleness applies on a lost connection", "max-age=60", "x", 90, -30, true),
    ("9111 §4.2.4", "no stale response is served after the permitted time", "max-age=60", "x", 91, -30, false),
    ("9111 §4.2.4", "must-revalidate overrides the permitted staleness", "max-age=60, must-revalidate", "x", 61, -30, false),
    ("9111 §4.2.4", "no-cache overrides the permitted staleness", "max-age=60, no-cache", "x", 0, -30, false),
    ("9111 §4.2.4", "no-cache in the request overrides the permitted staleness", "max-age=60", "no-cache", 61, -30, false),
    ("9111 §4.2.4", "proxy-revalidate does not apply to a private cache", "max-age=60, proxy-revalidate", "x", 61, -30, true),
    ("5861 §4", "stale-if-error applies on a lost connection", "max-age=60, stale-if-error=30", "x", 90, 0, true),
    ("9111 §4.2.3", "a response from the future is not served on a lost connection", "max-age=60", "x", -1, -30, false),
];

#[test]
fn stale_responses_are_served_instead_of_errors_according_to_the_table() {
    for &(section, sentence, stored_control, request_control, seconds, failure, want) in EXCUSE {
        let policy = stored(&format!("200|etag: \"1\"|cache-control: {stored_control}")).expect(sentence);
        let plain = get(&format!("cache-control: {request_control}"));
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

/// The RFC section, the requirement, the response to a revalidation, whether the stored response is removed, and
/// whether the new response is stored.
#[rustfmt::skip]
const OUTDATED: &[(&str, &str, &str, bool, bool)] = &[
    ("9111 §4.3.3", "a full response replaces the stored one", "200|etag: \"2\"", true, true),
    ("9111 §4.3.3", "a response that must not be stored outdates the stored one", "200|cache-control: no-store", true, false),
    ("9111 §4.3.3", "a response without freshness or validator outdates the stored one", "200", true, false),
    ("9110 §15.4", "a redirect outdates the stored response", "303|location: /y", true, false),
    ("9110 §15.5.5", "a 404 outdates the stored response", "404", true, false),
    ("9110 §15.5.11", "a 410 outdates the stored response", "410|cache-control: no-store", true, false),
    ("9110 §15.5.4", "a 403 outdates the stored response", "403", true, false),
    ("9111 §4.3.3", "a server error does not outdate the stored response", "500", false, false),
    ("9111 §3", "a storable server error outdates the stored response", "500|cache-control: max-age=5", true, true),
    ("9110 §15.5.2", "a 401 does not outdate the stored response", "401", false, false),
    ("6585 §4", "a 429 does not outdate the stored response", "429|cache-control: max-age=5", false, false),
    ("9110 §15.5.1", "a 400 does not outdate the stored response", "400", false, false),
    ("9110 §15.3.7", "partial content does not outdate the stored response", "206|content-range: bytes 0-1/2|cache-control: max-age=5", false, false),
];

#[test]
fn a_new_response_replaces_the_stored_response_according_to_the_table() {
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

/// The RFC section, the requirement, the method, the response, and the invalidated URIs in addition to the URI of the
/// request; `-` if no URI is invalidated, including the URI of the request.
#[rustfmt::skip]
const INVALIDATED: &[(&str, &str, &str, &str, &str)] = &[
    ("9111 §4.4", "a write invalidates its URI", "PUT", "204", ""),
    ("9111 §4.4", "an unknown method invalidates its URI", "FROB", "200", ""),
    ("9111 §4.4", "a read invalidates no URI", "GET", "200|location: /y", "-"),
    ("9111 §4.4", "OPTIONS invalidates no URI", "OPTIONS", "200", "-"),
    ("9111 §4.4", "a failed write invalidates no URI", "POST", "403", "-"),
    ("9111 §4.4", "a redirect counts as success", "POST", "303|location: /y", "https://a.example/y"),
    ("9111 §4.4", "Location and Content-Location are invalidated, too", "POST", "201|location: /y?q#f|content-location: z/../w", "https://a.example/y?q https://a.example/w"),
    ("9111 §4.4", "an absolute Location with another case and the default port is invalidated", "POST", "201|location: HTTPS://A.example:443/y", "https://A.example:443/y"),
    ("9111 §4.4", "a Location on another host is not invalidated", "POST", "201|location: https://b.example/y", ""),
    ("9111 §4.4", "a Location with another scheme, port or host is not invalidated", "POST", "201|location: http://a.example/y|location: https://a.example:8443/y|location: //b.example/y", ""),
];

#[test]
fn writes_invalidate_uris_according_to_the_table() {
    for &(section, sentence, method, text, want) in INVALIDATED {
        let request = Request::builder().method(method).uri("https://a.example/x").body(()).expect("valid");
        let invalidated = cache::invalidated_uris(&request, &answer(text));
        let own = "https://a.example/x";
        let want: Vec<&str> = match want {
            "-" => Vec::new(),
            others => [own].into_iter().chain(others.split_whitespace()).collect(),
        };
        assert_eq!(invalidated, want, "{section}: {sentence}");
    }
}

#[test]
fn the_tables_have_at_least_220_cases() {
    let cases = [DECIDE.len(), VARY.len(), UPDATE.len(), EXCUSE.len(), OUTDATED.len(), INVALIDATED.len()];
    assert!(cases.iter().sum::<usize>() >= 220, "{cases:?}");
}
