//! A stored response to a call: its policy and its body.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method, Response, StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::directives::Directives;
use super::policy::{self, Policy, State};
use super::{Key, body, decision, vary};
use crate::response::ResponseRef;
use crate::wire::version::Version;

/// Version of the serialized form. Version 1 did not contain a policy; in version 2, no characters of the body were
/// swapped.
const VERSION: u8 = 3;

/// A stored response, which consists of its body and the policy for revalidating it.
///
/// An entry is plain serde data with a version. An entry with a different version cannot be deserialized; treat it as
/// absent. An entry contains the [`Key`] for which it was created and is not used for a different key, so that no user
/// receives the response for another user.
///
/// In the serialized body, `"` is swapped with `#`, `\` with `^`, and the line feed with `*`, so that a JSON body needs
/// few escapes in JSON.
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
    /// Returns whether the entry may be used at `now` without a request. An entry is not fresh if `now` is before its
    /// receipt, because one of the two times must be wrong.
    ///
    /// Users are distinguished by the partition. If `Vary` contains `Authorization`, each token selects a different
    /// variant (RFC 9111 §4.1). Because tokens change every hour, such an entry is never fresh.
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

    /// Returns whether the entry may be served instead of an error with this status.
    pub(crate) fn excuses(&self, status: StatusCode, now: SystemTime) -> bool {
        decision::is_server_error(status) && self.is_excuse(None, now)
    }

    /// Returns whether the entry may be served after a lost response, if it has been stale for at most `max_stale`.
    pub(crate) fn excuses_loss(&self, max_stale: Duration, now: SystemTime) -> bool {
        self.is_excuse(decision::allowed(max_stale), now)
    }

    fn is_excuse(&self, allowed: Option<Duration>, now: SystemTime) -> bool {
        !self.policy.is_by_token() && self.policy.excuses(&Directives::default(), allowed, now)
    }

    /// Returns the entry for a response; `None` if the response must not or need not be stored.
    pub(crate) fn of<B: AsRef<[u8]>>(
        key: &Key,
        method: &Method,
        response: &Response<B>,
        requested: SystemTime,
        received: SystemTime,
    ) -> Option<Self> {
        // If the key does not contain the language, a response in one language could be served to a caller that prefers
        // another.
        if !key.has_language() && vary::is_by_language(response.headers()) {
            return None;
        }
        // Only a response with status 200 can be served as a successful response.
        if method != Method::GET || response.status() != StatusCode::OK {
            return None;
        }
        let uri: Uri = key.target().parse().ok()?;
        let headers = policy::without_cookies(response.headers())?;
        let policy = Policy::of(&uri, &HeaderMap::new(), response.status(), headers, requested, received)?;
        let body = std::str::from_utf8(response.body().as_ref()).ok()?.as_bytes().into();
        Some(Self { version: Version, key: key.as_str().into(), policy, body })
    }

    /// Applies the 304 for a request that contained the entry's conditions, and returns whether the entry may still be
    /// stored; returns `None` if the 304 does not identify this entry.
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

/// The action on the stored entry. A store must handle every variant, because ignoring one leads to wrong responses.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_enums, reason = "callers match it exhaustively")]
#[allow(clippy::large_enum_variant, reason = "the value is moved once per call")]
pub enum StoreAction {
    /// Leave the entry unchanged.
    Keep,
    /// Store this entry, replacing the existing entry.
    Put(Entry),
    /// Remove the entry.
    Remove,
}
