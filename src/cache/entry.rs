//! A stored response of an endpoint: its policy and its body.

use std::fmt;
use std::time::SystemTime;

use http::{HeaderMap, Method, Response, StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::directives::Directives;
use super::policy::{self, Decision, Policy, Validation};
use super::{Key, VERSION, vary};
use crate::response::ResponseRef;
use crate::wire::version::Version;

/// A stored response: its body, and what is needed to revalidate it.
///
/// Plain serde data with a version. An entry of another version cannot be deserialised; treat it as absent. It contains
/// the [`Key`] that it was made for and is not used under another, so no user gets the response of another.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Entry {
    version: Version<VERSION>,
    key: Box<str>,
    policy: Policy,
    body: Box<str>,
}

impl Entry {
    /// Whether the entry may be used at `now` without a request. Never before it was received: then the clock is wrong.
    #[must_use]
    pub fn is_fresh(&self, now: SystemTime) -> bool {
        matches!(self.decide(now), Decision::Serve)
    }

    /// The `ETag` of the response.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.policy.etag()?.to_str().ok()
    }

    /// How long the entry may be used, and how to revalidate it.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The approximate size of the entry in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        let parts = [self.body.len(), self.key.len(), self.policy.heap(), size_of::<Self>()];
        parts.into_iter().fold(0, usize::saturating_add)
    }

    /// The stored response, a 200.
    pub(crate) fn response(&self) -> ResponseRef<'_> {
        ResponseRef::new(StatusCode::OK, self.policy.headers(), self.body.as_bytes())
    }

    /// Whether it was made for that key.
    pub(crate) fn is_of(&self, key: &Key) -> bool {
        &*self.key == key.as_str() && self.policy.uri() == key.target()
    }

    /// What to do with a request for it that has no conditions of its own.
    ///
    /// The partition distinguishes the users. If the server names `Authorization` in `Vary`, another token is another
    /// variant (RFC 9111 §4.1), and tokens change every hour, so the entry is always revalidated.
    pub(crate) fn decide(&self, now: SystemTime) -> Decision {
        match self.policy.judge(&HeaderMap::new(), &Directives::default(), now) {
            Decision::Serve if self.policy.is_by_token() => {
                Decision::Revalidate(self.policy.conditional_headers())
            }
            decision => decision,
        }
    }

    /// The conditional header fields that revalidate it.
    pub(crate) fn conditions(&self) -> HeaderMap {
        self.policy.conditional_headers()
    }

    /// Whether it may be served in place of this error.
    pub(crate) fn excuses(&self, error: StatusCode, now: SystemTime) -> bool {
        !self.policy.is_by_token() && self.policy.excuses(&Directives::default(), Some(error), now)
    }

    /// The entry of a response; `None` if it must not or need not be stored.
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
        // Only what decodes as a success can be served as one.
        if method != Method::GET || response.status() != StatusCode::OK {
            return None;
        }
        let uri: Uri = key.target().parse().ok()?;
        let headers = policy::without_cookies(response.headers());
        let policy = Policy::of(&uri, &HeaderMap::new(), response.status(), headers, requested, received)?;
        let body = std::str::from_utf8(response.body().as_ref()).ok()?.into();
        Some(Self { version: Version, key: key.as_str().into(), policy, body })
    }

    /// Applies a 304 to a request with its conditions; `None` if the 304 is about another entry.
    pub(crate) fn confirm(
        &mut self,
        response: &HeaderMap,
        requested: SystemTime,
        received: SystemTime,
    ) -> Option<Hold> {
        let (asked, plain) = (self.conditions(), HeaderMap::new());
        match self.policy.confirmed(&asked, &plain, &policy::without_cookies(response), requested, received) {
            Validation::Update(policy) => {
                self.policy = policy;
                Some(Hold::Keep)
            }
            Validation::ServeOnce(_) => Some(Hold::Drop),
            Validation::Mismatch => None,
        }
    }
}

/// What becomes of an entry that a 304 has confirmed.
pub(crate) enum Hold {
    Keep,
    Drop,
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

/// What to do with the stored entry. Match it whole: a store that ignores a variant serves wrong responses.
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
