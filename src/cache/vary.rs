//! The requests that a response is for (RFC 9111 §4.1).

use std::collections::BTreeSet;

use hmac_sha256::Hash;
use http::header::{
    ACCEPT, ACCEPT_CHARSET, ACCEPT_ENCODING, ACCEPT_LANGUAGE, AUTHORIZATION, HeaderMap, HeaderName, IF_MATCH,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE, VARY,
};

/// Digest of a request's values in the fields that `Vary` names. The values may be tokens and cookies, so they are not
/// stored themselves.
pub(super) type Digest = [u8; 32];

/// Returns the digest of a request; `None` if no later request can match, because `Vary` contains `*`, the name of a
/// condition, or an invalid name.
///
/// Values are compared in a normalised form: the lines of a field are joined (RFC 9110 §5.3), blanks around the commas
/// of the `Accept` fields do not matter, and languages are compared in lower case and in the order of their weights.
pub(super) fn digest(response: &HeaderMap, request: &HeaderMap) -> Option<Digest> {
    if !response.contains_key(VARY) {
        return Some(Digest::default());
    }
    let mut hash = Hash::new();
    let mut seen = BTreeSet::new();
    for name in names(response).filter(|name| !name.is_empty()) {
        let name = HeaderName::from_bytes(name).ok().filter(|name| name != "*" && !is_condition(name))?;
        // Each field is hashed once, so that the cost is linear in the size of both messages.
        if !seen.insert(name.as_str().to_owned()) {
            continue;
        }
        if request.contains_key(&name) {
            hash.update(normalized(&name, &joined(&name, request)));
            // A byte that no value contains distinguishes an empty field from an absent one.
            hash.update(b"\n");
        }
        hash.update(b"\0");
    }
    Some(hash.finalize())
}

/// Returns whether a field is a condition. Caches add and evaluate conditions, so they cannot select a response.
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

/// Returns the ranges of an `Accept-Language` in lower case, by descending weight and, within a weight, in alphabetical
/// order: their order has no meaning (RFC 9110 §12.5.4). `None` if the value is malformed.
fn languages(value: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(value).ok()?;
    let members = text.split(',').map(str::trim).filter(|member| !member.is_empty());
    let mut ranges = members.map(language).collect::<Option<Vec<_>>>()?;
    ranges.sort_unstable_by(|(range, weight), (other, than)| than.cmp(weight).then_with(|| range.cmp(other)));
    let ranges: Vec<String> = ranges.iter().map(|(range, weight)| format!("{range};{weight}")).collect();
    Some(ranges.join(",").into_bytes())
}

/// Returns a range in lower case, and its weight in thousandths.
fn language(member: &str) -> Option<(String, u16)> {
    let (range, weight) = member.split_once(';').map_or((member, None), |(range, rest)| (range, Some(rest)));
    let range = range.trim_end();
    let is_range =
        !range.is_empty() && range.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-*".contains(&byte));
    let weight = weight.map_or(Some(1000), |text| thousandths(text.trim()))?;
    is_range.then(|| (range.to_ascii_lowercase(), weight))
}

/// Reads a weight (RFC 9110 §12.4.2): `q=` and a number from 0 to 1 with up to three decimals.
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
