//! Pages of lists, and the addresses they name.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// What a query value of a page address leaves bare.
const VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b':');

/// Addresses in answers name Spotify's own host, wherever the fake is reached.
pub(super) const BASE: &str = "https://api.spotify.com/v1";

/// The path of these segments, percent-encoded.
pub(super) fn escaped(segments: &[&str]) -> String {
    let segments = segments.iter().map(|segment| utf8_percent_encode(segment, VALUE).to_string());
    segments.collect::<Vec<_>>().join("/")
}

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) offset: usize,
    pub(super) limit: usize,
}

impl Window {
    /// The first page.
    pub(super) const fn first(limit: usize) -> Self {
        Self { offset: 0, limit }
    }

    /// The part of the list.
    pub(super) fn of<T>(self, list: &[T]) -> impl Iterator<Item = &T> {
        list.iter().skip(self.offset).take(self.limit)
    }
}

/// The address of a list: its path, and the parameters that its pages repeat.
#[derive(Clone, Debug)]
pub(super) struct Address {
    path: String,
    query: Vec<(String, String)>,
}

impl Address {
    /// A path below `/v1`, without a slash at the ends.
    pub(super) fn new(path: impl Into<String>, query: Vec<(String, String)>) -> Self {
        Self { path: path.into(), query }
    }

    /// Puts parameters before those that are there.
    pub(super) fn lead(&mut self, first: &[(&str, &str)]) {
        let first = first.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.query.splice(..0, first);
    }

    /// The absolute address with these parameters before the repeated ones.
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

    /// A page of a list by offset.
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
