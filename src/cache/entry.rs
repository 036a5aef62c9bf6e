//! A stored answer of an endpoint: its policy and its body.

use std::fmt;
use std::time::SystemTime;

use http::{HeaderMap, Method, Response, StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::directives::Directives;
use super::policy::{self, Confirmation, Decision, Policy};
use super::{Key, VERSION};
use crate::version::Version;

/// A stored answer: its body, and what is needed to ask whether it still holds.
///
/// Plain data with a version; an entry of another version does not deserialise and is best treated as absent. It
/// knows the [`Key`] that it was made for, and is of no use under another: an entry of one user never answers another.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Entry {
    version: Version<VERSION>,
    key: Box<str>,
    policy: Policy,
    body: Box<str>,
}

impl Entry {
    /// Whether the entry may be used without asking, at `now`. Never before it was received: then the clock is wrong.
    #[must_use]
    pub fn is_fresh(&self, now: SystemTime) -> bool {
        matches!(self.decide(now), Decision::Serve)
    }

    /// The validator that the server gave.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.policy.etag()?.to_str().ok()
    }

    /// How long the entry may be used, and what to ask.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// About how many bytes the entry takes.
    #[must_use]
    pub fn size(&self) -> usize {
        let parts = [self.body.len(), self.key.len(), self.policy.heap(), size_of::<Self>()];
        parts.into_iter().fold(0, usize::saturating_add)
    }

    /// The stored body.
    pub(crate) fn body(&self) -> &[u8] {
        self.body.as_bytes()
    }

    /// Whether it was made for that key.
    pub(crate) fn is_of(&self, key: &Key) -> bool {
        &*self.key == key.as_str() && self.policy.uri() == key.target()
    }

    /// What to do with a plain request for it.
    ///
    /// The partition stands for who asks. Where the server names the token itself in `Vary`, another token is
    /// another variant (RFC 9111 §4.1), and tokens change every hour: then it is always asked.
    pub(crate) fn decide(&self, now: SystemTime) -> Decision {
        match self.policy.judge(&HeaderMap::new(), &Directives::default(), now) {
            Decision::Serve if self.policy.is_by_token() => Decision::Revalidate(self.policy.conditions()),
            decision => decision,
        }
    }

    /// The header fields that ask whether it still holds.
    pub(crate) fn conditions(&self) -> HeaderMap {
        self.policy.conditions()
    }

    /// Whether it may be served in place of this error.
    pub(crate) fn excuses(&self, error: StatusCode, now: SystemTime) -> bool {
        !self.policy.is_by_token() && self.policy.excuses(&Directives::default(), Some(error), now)
    }

    /// What to keep of an answer; `None` where it may not or need not be kept.
    pub(crate) fn of<B: AsRef<[u8]>>(
        key: &Key,
        method: &Method,
        response: &Response<B>,
        requested: SystemTime,
        received: SystemTime,
    ) -> Option<Self> {
        // Only what decodes as a success can be served as one.
        if method != Method::GET || response.status() != StatusCode::OK {
            return None;
        }
        let uri: Uri = key.target().parse().ok()?;
        let headers = policy::essential(response.headers());
        let policy = Policy::of(&uri, &HeaderMap::new(), response.status(), headers, requested, received)?;
        let body = std::str::from_utf8(response.body().as_ref()).ok()?.into();
        Some(Self { version: Version, key: key.as_str().into(), policy, body })
    }

    /// Takes the news of a 304 to a request with its conditions; `None` where the 304 is about another entry.
    pub(crate) fn confirm(
        &mut self,
        response: &HeaderMap,
        requested: SystemTime,
        received: SystemTime,
    ) -> Option<Hold> {
        let (asked, plain) = (self.conditions(), HeaderMap::new());
        match self.policy.confirmed(&asked, &plain, &policy::essential(response), requested, received) {
            Confirmation::Keep(policy) => {
                self.policy = policy;
                Some(Hold::Keep)
            }
            Confirmation::ServeOnce(_) => Some(Hold::Drop),
            Confirmation::Other => None,
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
            .field("etag", &self.etag())
            .field("fresh_for", &self.policy.freshness_lifetime())
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// What to do with the stored entry now. Match it whole: a store that ignores one arm serves what is wrong.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_enums, reason = "callers match it whole")]
#[allow(clippy::large_enum_variant, reason = "it moves once for each call")]
pub enum Store {
    /// Leave it as it is.
    Keep,
    /// Put this in its place.
    Put(Entry),
    /// Take it out.
    Remove,
}
