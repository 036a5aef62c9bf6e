//! Percent-encoding and forms: the only code that escapes.

use std::fmt::{self, Write};

use percent_encoding::{percent_decode_str, percent_encode_byte};

/// Which bytes of a text stay as they are.
struct Bare([bool; 256]);

#[allow(clippy::indexing_slicing, reason = "there is a place for each byte")]
impl Bare {
    /// Letters, digits and these.
    const fn alphanumeric_and(mut others: &[u8]) -> Self {
        let mut places = [false; 256];
        let mut byte = 0;
        while byte < u8::MAX {
            places[byte as usize] = byte.is_ascii_alphanumeric();
            byte += 1;
        }
        while let [byte, rest @ ..] = others {
            places[*byte as usize] = true;
            others = rest;
        }
        Self(places)
    }

    const fn has(&self, byte: u8) -> bool {
        self.0[byte as usize]
    }

    const fn has_all(&self, text: &str) -> bool {
        let mut bytes = text.as_bytes();
        while let [byte, rest @ ..] = bytes {
            if !self.has(*byte) {
                return false;
            }
            bytes = rest;
        }
        true
    }
}

/// What a path segment may hold bare: unreserved characters and the sub-delimiters that no server splits at
/// (RFC 3986 §3.3). `/ ? # % ;` and everything beyond ASCII are escaped.
const SEGMENT: &Bare = &Bare::alphanumeric_and(b"-._~");

/// What a query value may hold bare. `:` stays readable, as in `spotify:track:…`.
const QUERY: &Bare = &Bare::alphanumeric_and(b"-._~:");

/// What a route or a name of a parameter may hold bare.
const FIXED: &Bare = &Bare::alphanumeric_and(b"-._~/");

/// What `application/x-www-form-urlencoded` leaves bare; a space becomes `+` (WHATWG URL §5.2).
const FORM: &Bare = &Bare::alphanumeric_and(b"*-._");

/// What a Spotify URI part may hold bare.
const URI_PART: &Bare = &Bare::alphanumeric_and(b"!$&'()*+,-.;=@_~");

/// Writes text into `out`, escaped.
fn escape(text: &str, bare: &Bare, out: &mut String) {
    if bare.has_all(text) {
        out.push_str(text);
    } else {
        escape_bytes(text, bare, out);
    }
}

/// Apart from the rest, as most texts have nothing to escape.
#[cold]
fn escape_bytes(text: &str, bare: &Bare, out: &mut String) {
    for byte in text.bytes() {
        if bare.has(byte) {
            out.push(byte.into());
        } else {
            out.push_str(percent_encode_byte(byte));
        }
    }
}

/// Writes text into `out` as one path segment.
pub(crate) fn segment(text: &str, out: &mut String) {
    escape(text, SEGMENT, out);
}

/// Writes text into `out` as (a part of) one query value.
pub(crate) struct Query<'a>(pub(crate) &'a mut String);

impl Write for Query<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(text, QUERY, self.0);
        Ok(())
    }
}

/// Writes a fixed part of a target, which has its own slashes.
pub(crate) fn fixed(text: &str, out: &mut String) {
    escape(text, FIXED, out);
}

/// Whether [`fixed`] would write the text as it is.
pub(crate) const fn is_fixed(text: &str) -> bool {
    FIXED.has_all(text)
}

/// Writes text into `out` as a part of a Spotify URI.
pub(crate) fn uri_part(text: &str, out: &mut String) {
    escape(text, URI_PART, out);
}

/// How many bytes a text takes in a query.
pub(crate) fn query_len(text: &str) -> usize {
    text.bytes().map(|byte| if QUERY.has(byte) { 1 } else { "%20".len() }).sum()
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
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push('+');
        }
        escape(word, FORM, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_stays_one_segment() {
        let mut out = String::new();
        segment("a/../../me/player?x=1#é%", &mut out);
        assert_eq!(out, "a%2F..%2F..%2Fme%2Fplayer%3Fx%3D1%23%C3%A9%25");
    }

    #[test]
    fn what_stays_bare_is_known_byte_by_byte() {
        let ascii: String = ('\0'..='\x7f').collect();
        let bare = |set: &Bare| {
            let mut out = String::new();
            escape(&ascii, set, &mut out);
            assert_eq!(percent_decode_str(&out).decode_utf8(), Ok(ascii.as_str().into()));
            let is_bare = |c: &char| set.has_all(c.encode_utf8(&mut [0; 4]));
            ascii.chars().filter(|c| !c.is_alphanumeric()).filter(is_bare).collect::<String>()
        };
        assert_eq!(bare(SEGMENT), "-._~");
        assert_eq!(bare(QUERY), "-.:_~");
        assert_eq!(bare(FIXED), "-./_~");
        assert_eq!(bare(FORM), "*-._");
        assert_eq!(bare(URI_PART), "!$&'()*+,-.;=@_~");
    }

    #[test]
    fn a_text_takes_as_many_bytes_as_are_counted() {
        for text in ["", "abc", "a b", "spotify:track:1,é", "\u{0}%\u{10ffff}"] {
            let mut out = String::new();
            write!(Query(&mut out), "{text}").expect("writing to a String succeeds");
            assert_eq!(query_len(text), out.len(), "{text}");
        }
    }

    #[test]
    fn a_form_writes_spaces_as_plus() {
        assert_eq!(form(&[("a b", "c+d&e=f*"), ("g", "é")]), "a+b=c%2Bd%26e%3Df*&g=%C3%A9");
    }
}
