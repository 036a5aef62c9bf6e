//! Percent-encoding and form bodies.

use std::fmt::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Characters that are escaped in a path segment: all except the unreserved characters (RFC 3986 §2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Characters that are escaped in a query value. `:` remains readable, as in `spotify:track:…`.
const QUERY: &AsciiSet = &SEGMENT.remove(b':');

/// Characters that are escaped in a route and in the name of a parameter.
const FIXED: &AsciiSet = &SEGMENT.remove(b'/');

/// Characters that are escaped in `application/x-www-form-urlencoded`; a space becomes `+` (URL Standard, section 5.2).
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

/// Characters that are escaped in a part of a Spotify URI.
const URI_PART: &AsciiSet = &SEGMENT
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'@');

/// Appends the escaped text.
fn escape(text: &str, set: &'static AsciiSet, out: &mut String) {
    if is_alphanumeric(text.as_bytes()) {
        out.push_str(text);
    } else {
        out.extend(utf8_percent_encode(text, set));
    }
}

/// Returns whether the text consists of ASCII letters and digits, which no set escapes. Most ids do.
pub(crate) fn is_alphanumeric(text: &[u8]) -> bool {
    // Reading all bytes allows the compiler to use vector instructions.
    let is_alphanumeric =
        |bytes: &[u8]| bytes.iter().fold(true, |all, byte| all & byte.is_ascii_alphanumeric());
    // Ids have 22 bytes, so that two overlapping parts of a fixed length cover them.
    match (text.first_chunk::<16>(), text.last_chunk::<16>()) {
        (Some(first), Some(last)) if text.len() <= 32 => is_alphanumeric(first) & is_alphanumeric(last),
        _ => is_alphanumeric(text),
    }
}

/// Appends text as one path segment.
pub(crate) fn segment(text: &str, out: &mut String) {
    escape(text, SEGMENT, out);
}

/// A writer that escapes a query value or a part of one.
pub(crate) struct Query<'a>(pub(crate) &'a mut String);

impl Write for Query<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(text, QUERY, self.0);
        Ok(())
    }
}

/// Appends a fixed part of a target, in which slashes are not escaped.
pub(crate) fn fixed(text: &str, out: &mut String) {
    if text.bytes().all(is_fixed_byte) { out.push_str(text) } else { escape(text, FIXED, out) }
}

const fn is_fixed_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'-'..=b'9' | b'A'..=b'Z' | b'_' | b'~')
}

/// Returns whether [`fixed`] appends the text unchanged.
pub(crate) const fn is_fixed(text: &str) -> bool {
    let mut bytes = text.as_bytes();
    while let [byte, rest @ ..] = bytes {
        if !is_fixed_byte(*byte) {
            return false;
        }
        bytes = rest;
    }
    true
}

/// Appends text as a part of a Spotify URI.
pub(crate) fn uri_part(text: &str, out: &mut String) {
    escape(text, URI_PART, out);
}

/// Returns the length of the escaped text in a query, in bytes.
pub(crate) fn query_len(text: &str) -> usize {
    utf8_percent_encode(text, QUERY).map(str::len).sum()
}

/// Decodes percent-escapes; returns `None` if the result is not UTF-8.
pub(crate) fn decode(text: &str) -> Option<std::borrow::Cow<'_, str>> {
    percent_decode_str(text).decode_utf8().ok()
}

/// Returns a form body (`application/x-www-form-urlencoded`).
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
    fn a_slash_in_a_segment_is_escaped() {
        let mut out = String::new();
        segment("a/../../me/player?x=1#é%", &mut out);
        assert_eq!(out, "a%2F..%2F..%2Fme%2Fplayer%3Fx%3D1%23%C3%A9%25");
    }

    #[test]
    fn each_set_escapes_exactly_the_documented_bytes() {
        let ascii: String = ('\0'..='\x7f').collect();
        let bare = |set: &'static AsciiSet| {
            let mut out = String::new();
            escape(&ascii, set, &mut out);
            assert_eq!(percent_decode_str(&out).decode_utf8(), Ok(ascii.as_str().into()));
            let is_bare = |c: &char| utf8_percent_encode(c.encode_utf8(&mut [0; 4]), set).eq([c.to_string()]);
            ascii.chars().filter(|c| !c.is_alphanumeric()).filter(is_bare).collect::<String>()
        };
        assert_eq!(bare(SEGMENT), "-._~");
        assert_eq!(bare(QUERY), "-.:_~");
        assert_eq!(bare(FIXED), "-./_~");
        assert_eq!(bare(FORM), "*-._");
        assert_eq!(bare(URI_PART), "!$&'()*+,-.;=@_~");
    }

    #[test]
    fn query_len_is_the_length_of_the_escaped_text() {
        for text in ["", "abc", "a b", "spotify:track:1,é", "\u{0}%\u{10ffff}"] {
            let mut out = String::new();
            write!(Query(&mut out), "{text}").expect("writing to a `String` succeeds");
            assert_eq!(query_len(text), out.len(), "{text}");
        }
    }

    #[test]
    fn a_form_writes_spaces_as_plus() {
        assert_eq!(form(&[("a b", "c+d&e=f*"), ("g", "é")]), "a+b=c%2Bd%26e%3Df*&g=%C3%A9");
    }
}
