//! The requests that a stored response matches (RFC 9111 §4.1).

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use hmac_sha256::Hash;
use http::header::{
    ACCEPT, ACCEPT_CHARSET, ACCEPT_ENCODING, ACCEPT_LANGUAGE, AUTHORIZATION, HeaderMap, HeaderName, IF_MATCH,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE, VARY,
};

/// Digest of a request's values in the fields that `Vary` lists. The values themselves are not stored, because they may
/// be tokens and cookies.
pub(super) type Digest = [u8; 32];

/// Returns the digest of a request; `None` if no later request can match because `Vary` contains `*`, the name of a
/// conditional field, or an invalid name.
///
/// Values are compared in a normalized form: the field lines of a field are joined (RFC 9110 §5.3), white space around
/// commas in the `Accept` fields is ignored, and languages are compared in lower case and in the order of their
/// weights.
pub(super) fn digest(response: &HeaderMap, request: &Fields<'_>) -> Option<Digest> {
    if !response.contains_key(VARY) {
        return Some(Digest::default());
    }
    let mut hash = Hash::new();
    let mut seen = BTreeSet::new();
    for name in names(response).filter(|name| !name.is_empty()) {
        let name = HeaderName::from_bytes(name).ok().filter(|name| name != "*" && !is_condition(name))?;
        // Each field is hashed once, so that the cost is linear in the size of both messages.
        if seen.insert(name.as_str().to_owned()) {
            hash.update(request.digest(name));
        }
    }
    Some(hash.finalize())
}

/// The fields of a request. Each value is normalized once, even if many stored responses depend on it.
pub(super) struct Fields<'a> {
    request: &'a HeaderMap,
    digests: RefCell<HashMap<HeaderName, Digest>>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(request: &'a HeaderMap) -> Self {
        Self { request, digests: RefCell::default() }
    }

    /// Returns the digest of a value. The digest of an absent field is zero and differs from that of an empty field.
    fn digest(&self, name: HeaderName) -> Digest {
        if !self.request.contains_key(&name) {
            return Digest::default();
        }
        let value = |name: &HeaderName| Hash::hash(&normalized(name, &joined(name, self.request)));
        *self.digests.borrow_mut().entry(name).or_insert_with_key(value)
    }
}

/// Returns whether a field is a condition. Because caches add and evaluate conditions, conditions cannot select a
/// response.
fn is_condition(name: &HeaderName) -> bool {
    [IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE].contains(name)
}

fn joined(name: &HeaderName, request: &HeaderMap) -> Vec<u8> {
    let lines: Vec<&[u8]> = request.get_all(name).iter().map(|line| line.as_bytes().trim_ascii()).collect();
    lines.join(&b", "[..])
}

fn normalized(name: &HeaderName, value: &[u8]) -> Vec<u8> {
    if name == ACCEPT_LANGUAGE {
        languages(value).unwrap_or_else(|| value.to_vec())
    } else if [ACCEPT, ACCEPT_CHARSET, ACCEPT_ENCODING].contains(name) {
        let members: Vec<&[u8]> = value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).collect();
        members.join(&b","[..])
    } else {
        value.to_vec()
    }
}

/// Returns the ranges of an `Accept-Language` in lower case, sorted by descending weight. Ranges with the same weight
/// are sorted alphabetically, because their order has no meaning (RFC 9110 §12.5.4). Returns `None` if the value is
/// malformed.
fn languages(value: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(value).ok()?;
    let members = text.split(',').map(str::trim).filter(|member| !member.is_empty());
    let mut ranges = members.map(language).collect::<Option<Vec<_>>>()?;
    ranges.sort_unstable_by(|(range, weight), (other, than)| than.cmp(weight).then_with(|| range.cmp(other)));
    let ranges: Vec<String> = ranges.iter().map(|(range, weight)| format!("{range};{weight}")).collect();
    Some(ranges.join(",").into_bytes())
}

/// Returns the language range in lower case and its weight in thousandths.
fn language(member: &str) -> Option<(String, u16)> {
    let (range, weight) = member.split_once(';').map_or((member, None), |(range, rest)| (range, Some(rest)));
    let range = range.trim_end();
    let is_range =
        !range.is_empty() && range.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-*".contains(&byte));
    let weight = weight.map_or(Some(1000), |text| thousandths(text.trim()))?;
    is_range.then(|| (range.to_ascii_lowercase(), weight))
}

/// Parses a weight (RFC 9110 §12.4.2): `q=` followed by a number from 0 to 1 with up to three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let number = text.strip_prefix("q=").or_else(|| text.strip_prefix("Q="))?;
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let is_valid = matches!(whole, "0" | "1")
        && decimals.len() <= 3
        && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let weight: u16 = format!("{whole}{decimals:0<3}").parse().ok()?;
    (is_valid && weight <= 1000).then_some(weight)
}

/// Returns whether the response depends on `Authorization`.
pub(super) fn is_by_token(response: &HeaderMap) -> bool {
    names(response).any(|name| name.eq_ignore_ascii_case(AUTHORIZATION.as_str().as_bytes()))
}

/// Returns whether the response depends on `Accept-Language`.
pub(super) fn is_by_language(response: &HeaderMap) -> bool {
    names(response).any(|name| name.eq_ignore_ascii_case(ACCEPT_LANGUAGE.as_str().as_bytes()))
}

fn names(response: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let lines = response.get_all(VARY).iter();
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii)
}
