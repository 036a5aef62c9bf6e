//! Percent-encoding of queries, forms and paths.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Escaped in a path segment: all but unreserved characters (RFC 3986 §2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Escaped in a query value. `:` stays readable, as in `spotify:track:…`.
const QUERY: &AsciiSet = &SEGMENT.remove(b':');

/// Returns the pairs of a query or a form, decoded. Bytes that are not UTF-8 are replaced.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// Returns a form body, `application/x-www-form-urlencoded`.
pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Appends a text as a name or a value of a query.
pub(crate) fn query(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, QUERY));
}

/// Appends a text as one segment of a path.
pub(crate) fn segment(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, SEGMENT));
}
