//! Pages of lists, and their addresses.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// Characters that are escaped in query values in page addresses.
const VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b':');

/// Base of the addresses in responses. They contain Spotify's host regardless of the host in the request.
pub(super) const BASE: &str = "https://api.spotify.com/v1";

/// Returns the path that consists of these segments, percent-encoded.
pub(super) fn escaped(segments: &[&str]) -> String {
    let segments = segments.iter().map(|segment| utf8_percent_encode(segment, VALUE).to_string());
    segments.collect::<Vec<_>>().join("/")
}

/// The requested part of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) offset: usize,
    pub(super) limit: usize,
}

impl Window {
    /// Returns the window of the first page.
    pub(super) const fn first(limit: usize) -> Self {
        Self { offset: 0, limit }
    }

    /// Returns the elements in the window.
    pub(super) fn of<T>(self, list: &[T]) -> impl Iterator<Item = &T> {
        list.iter().skip(self.offset).take(self.limit)
    }
}

/// The address of a list, with the parameters that are repeated in the addresses of its pages.
#[derive(Clone, Debug)]
pub(super) struct Address {
    path: String,
    query: Vec<(String, String)>,
}

impl Address {
    /// Creates an address from a path below `/v1`, which must have no leading or trailing slash.
    pub(super) fn new(path: impl Into<String>, query: Vec<(String, String)>) -> Self {
        Self { path: path.into(), query }
    }

    /// Inserts parameters before the existing parameters.
    pub(super) fn lead(&mut self, first: &[(&str, &str)]) {
        let first = first.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.query.splice(..0, first);
    }

    /// Returns the absolute address, with these parameters before the repeated parameters.
    pub(super) fn with(&self, first: &[(&str, String)]) -> String {
        let mut text = format!("{BASE}/{}", self.path);
        let repeated = self.query.iter().map(|(name, value)| (name.as_str(), value));
        let all = first.iter().map(|(name, value)| (*name, value)).chain(repeated);
        for (at, (name, value)) in all.enumerate() {
            text.push(if at == 0 { '?' } else { '&' });
            text.push_str(name);
            text.push('=');
            text.extend(utf8_percent_encode(value, VALUE));
        }
        text
    }

    fn at(&self, offset: usize, limit: usize) -> String {
        self.with(&[("offset", offset.to_string()), ("limit", limit.to_string())])
    }

    /// Returns a page of an offset-paginated list.
    pub(super) fn page(&self, window: Window, total: usize, items: Vec<Value>) -> Value {
        let Window { offset, limit } = window;
        let end = offset.saturating_add(limit);
        json!({
            "href": self.at(offset, limit),
            "items": items,
            "limit": limit,
            "next": (end < total).then(|| self.at(end, limit)),
            "offset": offset,
            "previous": (offset > 0).then(|| self.at(offset.saturating_sub(limit), limit)),
            "total": total,
        })
    }
}
