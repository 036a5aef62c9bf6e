//! The header fields that are kept, how a 304 renews them, and their form in a store.

use http::header::{
    AGE, CONNECTION, CONTENT_LENGTH, DATE, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

/// The fields of an answer that may be kept (RFC 9111 §3.1): not those of one connection.
pub(super) fn kept(headers: &HeaderMap) -> HeaderMap {
    let mut kept = HeaderMap::with_capacity(headers.keys_len());
    copy(headers, &mut kept, |_| true);
    kept
}

/// The fields after a 304 (§3.2): all of its own but the length, several lines as several.
pub(super) fn updated(stored: &HeaderMap, new: &HeaderMap) -> HeaderMap {
    let mut updated = stored.clone();
    // They are those of an exchange: without them in the 304, it is as old as its receipt (RFC 9110 §6.6.1).
    updated.remove(AGE);
    updated.remove(DATE);
    copy(new, &mut updated, |name| name != CONTENT_LENGTH);
    updated
}

fn copy(from: &HeaderMap, to: &mut HeaderMap, is_wanted: impl Fn(&HeaderName) -> bool) {
    for name in from.keys().filter(|name| !is_hop_by_hop(name, from) && is_wanted(name)) {
        to.remove(name);
        for value in from.get_all(name) {
            // A map has room for 24,576 lines; an answer that has more does not reach us.
            let _ = to.try_append(name.clone(), value.clone());
        }
    }
}

fn is_hop_by_hop(name: &HeaderName, headers: &HeaderMap) -> bool {
    [CONNECTION, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE]
        .contains(name)
        || ["keep-alive", "proxy-connection", "proxy-authentication-info"].contains(&name.as_str())
        || headers.get_all(CONNECTION).iter().any(|line| {
            let mut names = line.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
            names.any(|nominated| nominated.eq_ignore_ascii_case(name.as_str().as_bytes()))
        })
}

/// About how many bytes they take.
pub(super) fn size(headers: &HeaderMap) -> usize {
    let sizes =
        headers.iter().map(|(name, value)| name.as_str().len() + value.len() + size_of::<HeaderValue>());
    sizes.fold(0, usize::saturating_add)
}

/// A list of pairs, the bytes of a value as the characters of the same number: text in every format.
pub(super) fn serialize<S: Serializer>(headers: &HeaderMap, serializer: S) -> Result<S::Ok, S::Error> {
    let text = |value: &HeaderValue| value.as_bytes().iter().copied().map(char::from).collect::<String>();
    let pairs: Vec<(&str, String)> =
        headers.iter().map(|(name, value)| (name.as_str(), text(value))).collect();
    serializer.collect_seq(pairs)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HeaderMap, D::Error> {
    let pairs = Vec::<(String, String)>::deserialize(deserializer)?;
    let mut headers = HeaderMap::new();
    for (name, text) in pairs {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(D::Error::custom)?;
        let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
        let value = bytes.ok().and_then(|bytes| HeaderValue::from_maybe_shared(bytes).ok());
        let value = value.ok_or_else(|| D::Error::custom("a header value of other characters"))?;
        headers.try_append(name, value).map_err(D::Error::custom)?;
    }
    Ok(headers)
}
