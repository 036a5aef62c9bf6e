//! The header fields that are stored, how a 304 updates them, and their serialized form.

use std::collections::BTreeSet;
use std::fmt;

use http::header::{
    AGE, CONNECTION, CONTENT_LENGTH, DATE, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serializer};

/// Returns the fields of a response that may be stored, which are all fields except those for the connection (RFC 9111
/// §3.1).
///
/// Returns `None` if the fields and an `Age` exceed 24,576, the maximum number of names in a map.
pub(super) fn kept(headers: &HeaderMap) -> Option<HeaderMap> {
    let mut kept = HeaderMap::with_capacity(headers.keys_len());
    copy(headers, &mut kept, |_| true)?;
    has_room(&kept).then_some(kept)
}

/// Returns the fields after a 304 (RFC 9111 §3.2): each field of the 304 except `Content-Length` replaces the stored
/// field lines with the same name. Returns `None` if the result has too many fields.
pub(super) fn updated(stored: &HeaderMap, new: &HeaderMap) -> Option<HeaderMap> {
    let mut updated = stored.clone();
    // `Age` and `Date` belong to a single exchange. A 304 without a `Date` was generated when it was received (RFC 9110
    // §6.6.1).
    updated.remove(AGE);
    updated.remove(DATE);
    copy(new, &mut updated, |name| name != CONTENT_LENGTH)?;
    has_room(&updated).then_some(updated)
}

fn has_room(headers: &HeaderMap) -> bool {
    headers.len() < MAX_NAMES
}

/// Maximum number of names in a [`HeaderMap`], and maximum number of stored fields.
const MAX_NAMES: usize = 24_576;

fn copy(from: &HeaderMap, to: &mut HeaderMap, is_wanted: impl Fn(&HeaderName) -> bool) -> Option<()> {
    let nominated = nominated(from);
    let is_kept = |name: &HeaderName| !is_hop_by_hop(name) && !nominated.contains(name.as_str().as_bytes());
    for name in from.keys().filter(|name| is_kept(name) && is_wanted(name)) {
        to.remove(name);
        for value in from.get_all(name) {
            to.try_append(name.clone(), value.clone()).ok()?;
        }
    }
    Some(())
}

/// Returns the field names in `Connection`, in lower case.
fn nominated(headers: &HeaderMap) -> BTreeSet<Vec<u8>> {
    let lines = headers.get_all(CONNECTION).iter();
    let names = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    names.map(|name| name.trim_ascii().to_ascii_lowercase()).collect()
}

fn is_hop_by_hop(name: &HeaderName) -> bool {
    [CONNECTION, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE]
        .contains(name)
        || ["keep-alive", "proxy-connection", "proxy-authentication-info"].contains(&name.as_str())
}

/// Returns the approximate size of the header fields, in bytes.
pub(super) fn size(headers: &HeaderMap) -> usize {
    let sizes =
        headers.iter().map(|(name, value)| name.as_str().len() + value.len() + size_of::<HeaderValue>());
    sizes.fold(0, usize::saturating_add)
}

/// Serializes the fields as a list of pairs. Each byte of a value becomes the character with the same code point, so
/// that every format can represent the value as a string.
pub(super) fn serialize<S: Serializer>(headers: &HeaderMap, serializer: S) -> Result<S::Ok, S::Error> {
    let text = |value: &HeaderValue| value.as_bytes().iter().copied().map(char::from).collect::<String>();
    let pairs: Vec<(&str, String)> =
        headers.iter().map(|(name, value)| (name.as_str(), text(value))).collect();
    serializer.collect_seq(pairs)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HeaderMap, D::Error> {
    let pairs = Vec::<(Name, Value)>::deserialize(deserializer)?;
    if pairs.len() > MAX_NAMES {
        return Err(D::Error::invalid_length(pairs.len(), &"at most 24,576 header fields"));
    }
    let mut headers = HeaderMap::with_capacity(pairs.len());
    for (Name(name), Value(value)) in pairs {
        headers.try_append(name, value).map_err(D::Error::custom)?;
    }
    Ok(headers)
}

struct Name(HeaderName);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, "a header name", |text| HeaderName::from_bytes(text.as_bytes()).ok().map(Self))
    }
}

struct Value(HeaderValue);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, "a header value", |text| {
            let value = if text.is_ascii() {
                HeaderValue::from_bytes(text.as_bytes())
            } else {
                let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
                HeaderValue::from_maybe_shared(bytes.ok()?)
            };
            value.ok().map(Self)
        })
    }
}

/// Deserializes a string without copying it.
fn read<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &'static str,
    parse: fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text { expected, parse })
}

struct Text<T> {
    expected: &'static str,
    parse: fn(&str) -> Option<T>,
}

impl<T> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}
