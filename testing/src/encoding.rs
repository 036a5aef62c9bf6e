//! Percent-encoding of queries, forms and paths.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters that are escaped in a path segment: all except the unreserved characters (RFC 3986 §2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Characters that are escaped in a query value. `:` is not escaped, so that URIs such as `spotify:track:…` stay
/// readable.
const QUERY: &AsciiSet = &SEGMENT.remove(b':');

/// Returns the decoded pairs of a query or a form. Invalid UTF-8 is replaced.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// Returns a body of type `application/x-www-form-urlencoded`.
pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Appends the percent-encoded text as the name or value of a query pair.
pub(crate) fn query(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, QUERY));
}

/// Appends the percent-encoded text as one path segment.
pub(crate) fn segment(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, SEGMENT));
}
