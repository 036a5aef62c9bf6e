//! Which requests an answer is for (RFC 9111 §4.1).

use hmac_sha256::Hash;
use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, HeaderMap, HeaderName, VARY};

/// What a request has in the fields that `Vary` names, as a digest: the fields hold tokens and cookies, which have
/// no place in a store.
pub(super) type Digest = [u8; 32];

/// The digest of a request; `None` where no later request can match: `*`, or a name that is none.
pub(super) fn digest(response: &HeaderMap, request: &HeaderMap) -> Option<Digest> {
    if !response.contains_key(VARY) {
        return Some(Digest::default());
    }
    let mut hash = Hash::new();
    for name in names(response) {
        if name.is_empty() {
            continue;
        }
        let name = HeaderName::from_bytes(name).ok().filter(|name| name != "*")?;
        for value in request.get_all(&name) {
            hash.update(value.as_bytes().trim_ascii());
            // No byte of a value: two lines, one line and none are three things.
            hash.update(b"\n");
        }
        hash.update(b"\0");
    }
    Some(hash.finalize())
}

/// Whether the answer depends on `Authorization`.
pub(super) fn is_by_token(response: &HeaderMap) -> bool {
    names(response).any(|name| name.eq_ignore_ascii_case(AUTHORIZATION.as_str().as_bytes()))
}

/// Whether the response depends on `Accept-Language`.
pub(super) fn is_by_language(response: &HeaderMap) -> bool {
    names(response).any(|name| name.eq_ignore_ascii_case(ACCEPT_LANGUAGE.as_str().as_bytes()))
}

fn names(response: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let lines = response.get_all(VARY).iter();
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii)
}
