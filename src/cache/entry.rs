//! A stored response of an endpoint: its policy and its body.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method, Response, StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::directives::Directives;
use super::policy::{self, Policy, State};
use super::{Key, body, decision, vary};
use crate::response::ResponseRef;
use crate::wire::version::Version;

/// Version of the serialised form. Version 1 had no policy, version 2 had the body without exchanged characters.
const VERSION: u8 = 3;

/// A stored response: its body, and the policy that revalidates it.
///
/// Plain serde data with a version. An entry of another version cannot be deserialised; treat it as absent. An entry
/// contains the [`Key`] that it was created for and is not used for another key, so that no user gets the response of
/// another.
///
/// The serialised body is text in which `"` and `#`, `\` and `^`, line feed and `*` are exchanged, so that a JSON body
/// needs few escapes in JSON.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Entry {
    version: Version<VERSION>,
    key: Box<str>,
    policy: Policy,
    /// Valid UTF-8.
    #[serde(with = "body")]
    body: Box<[u8]>,
}

impl Entry {
    /// Returns whether the entry may be used at `now` without a request. It is not fresh if `now` is before its
    /// receipt, because one of the two times must be wrong.
    ///
    /// The partition distinguishes the users. If the server names `Authorization` in `Vary`, another token is another
    /// variant (RFC 9111 §4.1), and tokens change every hour, so such an entry is never fresh.
    #[must_use]
    pub fn is_fresh(&self, now: SystemTime) -> bool {
        let state = self.policy.state(&Directives::default(), now);
        matches!(state, State::Usable) && !self.policy.is_by_token()
    }

    /// Returns the `ETag` of the response.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.policy.etag()?.to_str().ok()
    }

    /// Returns the policy of the entry.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns the approximate size of the entry in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        let parts = [self.body.len(), self.key.len(), self.policy.heap(), size_of::<Self>()];
        parts.into_iter().fold(0, usize::saturating_add)
    }

    /// Returns the stored response, a 200.
    pub(crate) fn response(&self) -> ResponseRef<'_> {
        ResponseRef::new(StatusCode::OK, self.policy.headers(), &self.body)
    }

    /// Returns whether the entry was created for the key.
    pub(crate) fn is_of(&self, key: &Key) -> bool {
        &*self.key == key.as_str() && self.policy.uri() == key.target()
    }

    /// Returns the conditional header fields that revalidate the entry.
    pub(crate) fn conditional_headers(&self) -> HeaderMap {
        self.policy.conditional_headers()
    }

    /// Returns whether the entry may be served in place of an error with this status.
    pub(crate) fn excuses(&self, status: StatusCode, now: SystemTime) -> bool {
        decision::is_server_error(status) && self.is_excuse(None, now)
    }

    /// Returns whether the entry may be served after a lost response, stale for `max_stale` at most.
    pub(crate) fn excuses_loss(&self, max_stale: Duration, now: SystemTime) -> bool {
        self.is_excuse(decision::allowed(max_stale), now)
    }

    fn is_excuse(&self, allowed: Option<Duration>, now: SystemTime) -> bool {
        !self.policy.is_by_token() && self.policy.excuses(&Directives::default(), allowed, now)
    }

    /// Returns the entry of a response; `None` if it must not or need not be stored.
    pub(crate) fn of<B: AsRef<[u8]>>(
        key: &Key,
        method: &Method,
        response: &Response<B>,
        requested: SystemTime,
        received: SystemTime,
    ) -> Option<Self> {
        // A response in a language that the key does not name must not be served to a caller with another one.
        if !key.has_language() && vary::is_by_language(response.headers()) {
            return None;
        }
        // Only a response that decodes as a success can be served as one.
        if method != Method::GET || response.status() != StatusCode::OK {
            return None;
        }
        let uri: Uri = key.target().parse().ok()?;
        let headers = policy::without_cookies(response.headers())?;
        let policy = Policy::of(&uri, &HeaderMap::new(), response.status(), headers, requested, received)?;
        let body = std::str::from_utf8(response.body().as_ref()).ok()?.as_bytes().into();
        Some(Self { version: Version, key: key.as_str().into(), policy, body })
    }

    /// Applies a 304 to a request with its conditions and returns whether the entry may still be stored; `None` if the
    /// 304 is about another entry.
    pub(crate) fn confirm(
        &mut self,
        response: &HeaderMap,
        requested: SystemTime,
        received: SystemTime,
    ) -> Option<bool> {
        let response = policy::without_cookies(response)?;
        if !self.policy.is_confirmed(&self.conditional_headers(), &response) {
            return None;
        }
        let (policy, is_storable) =
            self.policy.confirmed(&HeaderMap::new(), &response, requested, received)?;
        self.policy = policy;
        Some(is_storable)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("key", &self.key)
            .field("has_etag", &self.etag().is_some())
            .field("fresh_for", &self.policy.freshness_lifetime())
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// The action on the stored entry. Match every variant: a store that ignores one serves wrong responses.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_enums, reason = "callers match it whole")]
#[allow(clippy::large_enum_variant, reason = "it moves once for each call")]
pub enum StoreAction {
    /// Leave the entry as it is.
    Keep,
    /// Store this entry in its place.
    Put(Entry),
    /// Remove the entry.
    Remove,
}
