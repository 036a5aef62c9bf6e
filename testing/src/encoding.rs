//! Percent-encoding of queries, forms and paths.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters that are escaped in a path segment: all but the unreserved ones (RFC 3986 §2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Characters that are escaped in a query value. `:` stays readable, as in `spotify:track:…`.
const QUERY: &AsciiSet = &SEGMENT.remove(b':');

/// Returns the decoded pairs of a query or a form. Bytes that are not UTF-8 are replaced.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// Returns a body of type `application/x-www-form-urlencoded`.
pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Appends a text as the name or the value of a query pair.
pub(crate) fn query(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, QUERY));
}

/// Appends a text as one path segment.
pub(crate) fn segment(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, SEGMENT));
}
