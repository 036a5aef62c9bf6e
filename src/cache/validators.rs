//! Entity tags and conditional requests (RFC 9110 §8.8, §13).

use std::collections::BTreeSet;
use std::time::SystemTime;

use http::header::{
    ETAG, HeaderMap, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE,
    RANGE,
};

use super::freshness;

/// The conditions of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Conditions {
    None,
    /// Only `If-None-Match` or `If-Modified-Since`, which a cache evaluates (RFC 9111 §4.3.2).
    Cache,
    /// Ranges, or conditions that only the server evaluates.
    Server,
}

impl Conditions {
    pub(super) fn of(request: &HeaderMap) -> Self {
        let has = |names: &[_]| names.iter().any(|name| request.contains_key(name));
        if has(&[IF_MATCH, IF_UNMODIFIED_SINCE, IF_RANGE, RANGE]) {
            Self::Server
        } else if has(&[IF_NONE_MATCH, IF_MODIFIED_SINCE]) {
            Self::Cache
        } else {
            Self::None
        }
    }
}

/// Returns whether the conditions of a request turn a stored 200 into a 304 (RFC 9110 §13.2.2). `If-None-Match` takes
/// precedence, and an `If-Modified-Since` that is not a date is ignored.
pub(super) fn is_not_modified(request: &HeaderMap, response: &HeaderMap, received: SystemTime) -> bool {
    if request.contains_key(IF_NONE_MATCH) {
        let own = etag(response).map(|etag| opaque(etag.as_bytes()));
        return tags(request).any(|tag| tag == b"*" || own == Some(opaque(tag)));
    }
    freshness::instant(request, &IF_MODIFIED_SINCE, received)
        .is_some_and(|since| freshness::modified(response, received) <= since)
}

/// Returns the `ETag` of a response; `None` for several field lines, a `*` or a list. Tags without quotes are accepted,
/// because Spotify sent such tags before 2018.
pub(super) fn etag(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut lines = headers.get_all(ETAG).iter();
    let value = lines.next()?;
    let opaque = opaque(value.as_bytes());
    let inner = opaque.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    let is_one = match inner {
        Some(inner) => inner.iter().all(|byte| *byte > b' ' && *byte != b'"' && *byte != 0x7f),
        None => {
            let is_token = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b'*');
            !opaque.is_empty() && opaque.iter().all(is_token)
        }
    };
    (is_one && lines.next().is_none()).then_some(value)
}

/// Returns whether the `ETag` of a 304 identifies the stored response (RFC 9111 §4.3.4): a strong tag identifies the
/// same strong tag, and a weak tag identifies every tag with the same opaque part (RFC 9110 §8.8.3.2).
pub(super) fn identifies(new: &HeaderValue, stored: &HeaderValue) -> bool {
    if is_weak(new) { opaque(new.as_bytes()) == opaque(stored.as_bytes()) } else { new == stored }
}

fn is_weak(etag: &HeaderValue) -> bool {
    etag.as_bytes().starts_with(b"W/")
}

fn opaque(etag: &[u8]) -> &[u8] {
    etag.strip_prefix(b"W/").unwrap_or(etag)
}

/// Returns whether the `If-None-Match` of a request contains an entity tag, using the weak comparison.
pub(super) fn asks_about(request: &HeaderMap, etag: &HeaderValue) -> bool {
    tags(request).any(|tag| opaque(tag) == opaque(etag.as_bytes()))
}

/// Returns an `If-None-Match` with these entity tags, omitting tags that are equal in the weak comparison; `None` if
/// there are no tags.
///
/// Tags beyond [`MAX_LIST_LEN`] are left out, because servers reject requests with longer fields.
pub(super) fn if_none_match<'a>(etags: impl Iterator<Item = &'a HeaderValue>) -> Option<HeaderValue> {
    let mut seen = BTreeSet::new();
    let mut list = Vec::new();
    for etag in etags.map(HeaderValue::as_bytes).filter(|etag| seen.insert(opaque(etag))) {
        if list.len() + etag.len() > MAX_LIST_LEN {
            continue;
        }
        if !list.is_empty() {
            list.extend_from_slice(b", ");
        }
        list.extend_from_slice(etag);
    }
    HeaderValue::from_bytes(&list).ok().filter(|_| !list.is_empty())
}

/// Maximum length of an `If-None-Match` for several responses, in bytes.
const MAX_LIST_LEN: usize = 4096;

/// Returns an iterator over the entity tags in `If-None-Match`.
fn tags(request: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    request.get_all(IF_NONE_MATCH).iter().flat_map(|line| Tags { rest: line.as_bytes() })
}

/// An iterator over the entity tags in a field line. A quoted tag may contain commas; an unquoted tag ends at a comma.
struct Tags<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Tags<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let start = self.rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b','))?;
        let rest = self.rest.get(start..)?;
        let prefix = if rest.starts_with(b"W/\"") { 3 } else { usize::from(rest.starts_with(b"\"")) };
        let end = match prefix {
            0 => rest.iter().position(|byte| *byte == b',').unwrap_or(rest.len()),
            _ => {
                let inner = rest.get(prefix..).unwrap_or_default();
                inner.iter().position(|byte| *byte == b'"').map_or(rest.len(), |at| prefix + at + 1)
            }
        };
        self.rest = rest.get(end..).unwrap_or_default();
        Some(rest.get(..end)?.trim_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tags_is_split_at_commas_outside_quotes() {
        for (line, expected) in [
            ("\"1\"", &["\"1\""][..]),
            (" , \"1,2\",W/\"3\" ,\t\"4\"", &["\"1,2\"", "W/\"3\"", "\"4\""]),
            ("abc, def ,", &["abc", "def"]),
            ("*", &["*"]),
            ("\"open, 2", &["\"open, 2"]),
            ("", &[]),
        ] {
            let request = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static(line))]);
            let got: Vec<_> = tags(&request).map(|tag| String::from_utf8_lossy(tag)).collect();
            assert_eq!(got, expected, "{line}");
        }
    }
}
