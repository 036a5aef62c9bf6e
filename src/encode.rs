//! Percent-encoding and forms: the only code that escapes.

use std::fmt::{self, Write};

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What a path segment may hold bare: unreserved characters and the sub-delimiters that no server splits at
/// (RFC 3986 §3.3). `/ ? # % ;` and everything beyond ASCII are escaped.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a query value may hold bare. `:` stays readable, as in `spotify:track:…`.
const QUERY: &AsciiSet = &SEGMENT.remove(b':');

/// What a route or a name of a parameter may hold bare.
const FIXED: &AsciiSet = &SEGMENT.remove(b'/');

/// What `application/x-www-form-urlencoded` leaves bare; a space becomes `+` (WHATWG URL §5.2).
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_').remove(b' ');

/// What a Spotify URI part may hold bare besides letters and digits.
const URI_PART: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b':')
    .add(b'?')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Writes text into `out` as one path segment.
pub(crate) struct Segment<'a>(pub(crate) &'a mut String);

impl Write for Segment<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend(utf8_percent_encode(text, SEGMENT));
        Ok(())
    }
}

/// Writes text into `out` as (a part of) one query value.
pub(crate) struct Query<'a>(pub(crate) &'a mut String);

impl Write for Query<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend(utf8_percent_encode(text, QUERY));
        Ok(())
    }
}

/// Writes a fixed part of a target, which has its own slashes.
pub(crate) fn fixed(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, FIXED));
}

/// Writes text into `out` as a part of a Spotify URI.
pub(crate) fn uri_part(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, URI_PART));
}

/// How many bytes a text takes in a query.
pub(crate) fn query_len(text: &str) -> usize {
    utf8_percent_encode(text, QUERY).map(str::len).sum()
}

/// Decodes percent-escapes; `None` when the result is not UTF-8.
pub(crate) fn decode(text: &str) -> Option<std::borrow::Cow<'_, str>> {
    percent_decode_str(text).decode_utf8().ok()
}

/// A form body, `application/x-www-form-urlencoded`.
#[must_use]
pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        form_part(name, &mut out);
        out.push('=');
        form_part(value, &mut out);
    }
    out
}

fn form_part(text: &str, out: &mut String) {
    for piece in utf8_percent_encode(text, FORM) {
        out.extend(piece.chars().map(|c| if c == ' ' { '+' } else { c }));
    }
}

/// The pairs of a query or a form, decoded; what is not UTF-8 is replaced.
#[cfg(feature = "fake")]
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned();
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(k, v)| (decode(k), decode(v)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_stays_one_segment() {
        let mut out = String::new();
        write!(Segment(&mut out), "a/../../me/player?x=1#é%").expect("writing to a String succeeds");
        assert_eq!(out, "a%2F..%2F..%2Fme%2Fplayer%3Fx%3D1%23%C3%A9%25");
    }

    #[test]
    fn a_form_writes_spaces_as_plus() {
        assert_eq!(form(&[("a b", "c+d&e=f*"), ("g", "é")]), "a+b=c%2Bd%26e%3Df*&g=%C3%A9");
    }
}
