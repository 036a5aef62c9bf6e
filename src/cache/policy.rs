//! The policy of a stored response.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{
    AGE, CACHE_CONTROL, CONTENT_LOCATION, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RANGE, SET_COOKIE, VARY,
};
use http::{Method, Request, Response, StatusCode, Uri, response};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::directives::Directives;
use super::{freshness, stored, validators, vary};
use crate::types::time::unix;
use crate::wire::version::Version;

/// Version of the serialized form.
const VERSION: u8 = 2;

/// The metadata of a stored response that a private cache needs, from which it determines the requests that match, the
/// age and the freshness lifetime.
///
/// A policy is serde data with a version, to be stored with the body. Data with a different version cannot be
/// deserialized; treat it as absent. The values of the request's header fields are stored only as digests; the values
/// of the response's header fields are stored unchanged.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
pub struct Policy {
    version: Version<VERSION>,
    #[serde(serialize_with = "write_uri", deserialize_with = "read_uri")]
    uri: Uri,
    vary: vary::Digest,
    status: u16,
    #[serde(with = "stored")]
    headers: HeaderMap,
    #[serde(with = "unix")]
    requested: SystemTime,
    #[serde(with = "unix")]
    received: SystemTime,
}

/// Omits the URI and the values of header fields, because they may contain tokens and cookies.
impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("status", &self.status)
            .field("headers", &self.headers.len())
            .field("requested", &self.requested)
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}

/// The parts of a request on which the policy depends.
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
    fields: vary::Fields<'a>,
}

impl<'a> Asked<'a> {
    pub(super) fn of<B>(request: &'a Request<B>) -> Self {
        let (headers, fields) = (request.headers(), vary::Fields::of(request.headers()));
        Self { method: request.method(), uri: request.uri(), headers, fields }
    }

    /// Returns whether the request allows storing its response.
    pub(super) fn allows_storing(&self) -> bool {
        // A 200 in response to a range request might still be only a part of the representation.
        self.method == Method::GET
            && !Directives::of_request(self.headers).no_store
            && !self.headers.contains_key(RANGE)
    }
}

/// Usability of a stored response.
pub(super) enum State {
    Usable,
    /// Stale for this time; serving the response stale is not forbidden.
    Stale(Duration),
    Unusable,
}

impl Policy {
    /// Returns the policy of a response; `None` if the response must not be stored, or if storing it is useless because
    /// it has neither a lifetime nor a validator (RFC 9111 §3).
    ///
    /// `requested` is the time at which the request was sent, and `received` is the time at which the response was
    /// received. The request may be either the caller's request or the request that was sent.
    /// [`Sending::receive`](super::Sending::receive) calls this function and also returns the stored responses to
    /// remove.
    #[must_use]
    pub fn storable<B, C>(
        request: &Request<B>,
        response: &Response<C>,
        requested: SystemTime,
        received: SystemTime,
    ) -> Option<Self> {
        Self::received(&Asked::of(request), response.status(), response.headers(), requested, received)
    }

    pub(super) fn received(
        asked: &Asked<'_>,
        status: StatusCode,
        headers: &HeaderMap,
        requested: SystemTime,
        received: SystemTime,
    ) -> Option<Self> {
        if !asked.allows_storing() {
            return None;
        }
        Self::of(asked.uri, asked.headers, status, stored::kept(headers)?, requested, received)
    }

    /// Returns the policy of a response to a GET whose request allows storing.
    pub(super) fn of(
        uri: &Uri,
        request: &HeaderMap,
        status: StatusCode,
        headers: HeaderMap,
        requested: SystemTime,
        received: SystemTime,
    ) -> Option<Self> {
        let directives = Directives::of_response(&headers);
        let is_known = freshness::is_heuristic(status) || matches!(status.as_u16(), 302 | 303 | 307);
        // RFC 9111 §5.2.2.3: a cache that implements the status ignores a `no-store` that accompanies
        // `must-understand`.
        let is_forbidden = if directives.must_understand { !is_known } else { directives.no_store };
        let is_allowed = freshness::is_heuristic(status)
            || directives.public
            || directives.private
            || directives.max_age.is_some()
            || headers.contains_key(EXPIRES);
        // Times before 1970 come from a wrong clock.
        let has_clock = requested >= UNIX_EPOCH && received >= UNIX_EPOCH;
        if is_forbidden || !is_allowed || !has_clock || is_never_stored(status) {
            return None;
        }
        let vary = vary::digest(&headers, &vary::Fields::of(request))?;
        let status = status.as_u16();
        let policy = Self { version: Version, uri: uri.clone(), vary, status, headers, requested, received };
        let is_usable = !directives.no_cache && !policy.lifetime(&directives).is_zero();
        (is_usable || !policy.conditional_headers().is_empty()).then_some(policy)
    }

    /// Returns whether the stored response matches the request (RFC 9111 §4): the request must be a GET of the same
    /// URI, with the same values in the fields that `Vary` lists.
    ///
    /// Values are compared in a normalized form (§4.1): the field lines of a field are joined into a list, white space
    /// around commas in the `Accept` fields is ignored, and `Accept-Language` is compared by weight, ignoring letter
    /// case and the order of equal weights.
    #[must_use]
    pub fn matches<B>(&self, request: &Request<B>) -> bool {
        self.is_for(&Asked::of(request))
    }

    pub(super) fn is_for(&self, asked: &Asked<'_>) -> bool {
        let is_same = asked.method == Method::GET && asked.uri == &self.uri;
        is_same && vary::digest(&self.headers, &asked.fields).is_some_and(|digest| digest == self.vary)
    }

    /// Returns the usability of the response for a request with these directives (RFC 9111 §4.2).
    pub(super) fn state(&self, asked: &Directives, now: SystemTime) -> State {
        let Some(age) = self.age(now) else { return State::Unusable };
        let told = self.directives();
        let lifetime = self.lifetime(&told);
        let left = lifetime.saturating_sub(age);
        // RFC 8246 §2: an immutable response is not revalidated on a reload (`max-age=0`) while it is fresh.
        let is_immutable =
            told.immutable && !left.is_zero() && asked.max_age.is_some_and(|max| max.is_zero());
        let is_too_old = !is_immutable && asked.max_age.is_some_and(|max| age > max);
        let is_refused = asked.min_fresh.is_some_and(|least| left < least);
        if told.no_cache || asked.no_cache || is_too_old || is_refused {
            return State::Unusable;
        }
        if !left.is_zero() {
            return State::Usable;
        }
        if told.must_revalidate || lifetime == Duration::MAX || age == Duration::MAX {
            return State::Unusable;
        }
        let by = age.saturating_sub(lifetime);
        if asked.max_stale.is_some_and(|most| by <= most) { State::Usable } else { State::Stale(by) }
    }

    /// Returns whether the response may be served instead of an error: it must be fresh, or must not have been stale
    /// for longer than `stale-if-error` (RFC 5861 §4) or the caller allows.
    pub(super) fn excuses(&self, asked: &Directives, allowed: Option<Duration>, now: SystemTime) -> bool {
        let most = self.directives().stale_if_error.max(asked.stale_if_error).max(allowed);
        match self.state(asked, now) {
            State::Usable => true,
            State::Stale(by) => most.is_some_and(|most| by <= most),
            State::Unusable => false,
        }
    }

    /// Returns whether the 304 for a request with the conditions `sent` identifies this response (RFC 9111 §4.3.4).
    pub(super) fn is_confirmed(&self, sent: &HeaderMap, response: &HeaderMap) -> bool {
        if response.contains_key(ETAG) {
            let etags = validators::etag(response).zip(self.etag());
            return etags.is_some_and(|(new, own)| {
                validators::identifies(new, own) && validators::asks_about(sent, new)
            });
        }
        // A 304 that has no entity tag identifies this response if the request revalidated no other response.
        let own = self.conditional_headers();
        let is_own = |name| sent.get_all(name).iter().eq(own.get_all(name));
        let modified = response.get(LAST_MODIFIED);
        !own.is_empty()
            && is_own(&IF_NONE_MATCH)
            && is_own(&IF_MODIFIED_SINCE)
            && modified.is_none_or(|new| self.headers.get(LAST_MODIFIED) == Some(new))
    }

    /// Returns the policy updated with the fields of a 304 and with the request that led to the 304, and whether the
    /// policy may be stored; `None` if the fields do not fit into a map.
    pub(super) fn confirmed(
        &self,
        request: &HeaderMap,
        response: &HeaderMap,
        requested: SystemTime,
        received: SystemTime,
    ) -> Option<(Self, bool)> {
        let headers = stored::updated(&self.headers, response)?;
        let status = self.status();
        if let Some(policy) = Self::of(&self.uri, request, status, headers.clone(), requested, received) {
            return Some((policy, true));
        }
        // Times before 1970 come from a wrong clock and could not be serialized.
        let (requested, received) = (requested.max(UNIX_EPOCH), received.max(UNIX_EPOCH));
        Some((Self { headers, requested, received, ..self.clone() }, false))
    }

    /// Returns whether the conditions of a request turn the response into a 304.
    pub(super) fn is_not_modified(&self, request: &HeaderMap) -> bool {
        // RFC 9110 §13.2.1: conditions do not apply to a response that is not a success.
        self.status() == StatusCode::OK && validators::is_not_modified(request, &self.headers, self.received)
    }

    /// Returns the head to serve with the stored body, including an `Age` field (RFC 9111 §4).
    #[must_use]
    pub fn response_head(&self, now: SystemTime) -> response::Parts {
        self.head(self.status(), self.headers.clone(), now)
    }

    /// Returns the head of the 304 to serve for [`Decision::NotModified`](super::Decision::NotModified). The head
    /// contains the fields that RFC 9110 §15.4.5 lists.
    #[must_use]
    pub fn not_modified_head(&self, now: SystemTime) -> response::Parts {
        let fields = [CACHE_CONTROL, CONTENT_LOCATION, DATE, ETAG, EXPIRES, VARY];
        self.head(StatusCode::NOT_MODIFIED, some(&self.headers, &fields), now)
    }

    fn head(&self, status: StatusCode, headers: HeaderMap, now: SystemTime) -> response::Parts {
        let (mut head, ()) = Response::new(()).into_parts();
        (head.status, head.headers) = (status, headers);
        // RFC 9111 §1.2.2: 2^31 is the maximum.
        let age = self.age(now).unwrap_or_default().as_secs().min(1 << 31);
        // A response without room for the field is never stored, but a policy with too many fields can be deserialized.
        let _ = head.headers.try_insert(AGE, HeaderValue::from(age));
        head
    }

    /// Returns the freshness lifetime, counted from the time at which the age was zero. The lifetime is zero if every
    /// use must be revalidated.
    #[must_use]
    pub fn freshness_lifetime(&self) -> Duration {
        let told = self.directives();
        if told.no_cache { Duration::ZERO } else { self.lifetime(&told) }
    }

    fn lifetime(&self, told: &Directives) -> Duration {
        freshness::lifetime(&self.headers, self.status(), told, self.received)
    }

    /// Returns the age of the response (RFC 9111 §4.2.3); `None` if `now` is before its receipt, because one of the two
    /// times must be wrong.
    #[must_use]
    pub fn age(&self, now: SystemTime) -> Option<Duration> {
        freshness::age(&self.headers, self.requested, self.received, now)
    }

    /// Returns whether the response may be served at `now` for a request that has no directives, without a request to
    /// the server.
    #[must_use]
    pub fn is_fresh(&self, now: SystemTime) -> bool {
        self.age(now).is_some_and(|age| age < self.freshness_lifetime())
    }

    /// Returns the stored header fields.
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the URI of the request.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Returns the `ETag` of the response; `None` if the response has no valid `ETag` or several.
    #[must_use]
    pub fn etag(&self) -> Option<&HeaderValue> {
        validators::etag(&self.headers)
    }

    /// Returns the header fields that revalidate the response (RFC 9111 §4.3.1): `If-None-Match`, `If-Modified-Since`
    /// or both. The map is empty if the response has no validator.
    #[must_use]
    pub fn conditional_headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(etag) = self.etag() {
            headers.insert(IF_NONE_MATCH, etag.clone());
        }
        let modified = self.headers.get(LAST_MODIFIED);
        if let Some(at) = modified.filter(|_| freshness::has_last_modified(&self.headers, self.received)) {
            headers.insert(IF_MODIFIED_SINCE, at.clone());
        }
        headers
    }

    pub(super) fn directives(&self) -> Directives {
        Directives::of_response(&self.headers)
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or_default()
    }

    /// Returns the times of generation and receipt, which determine the most recent of several responses (RFC 9111 §4).
    pub(super) fn latest(&self) -> (SystemTime, SystemTime) {
        (freshness::generated(&self.headers, self.received), self.received)
    }

    /// Returns whether the response depends on the access token.
    pub(super) fn is_by_token(&self) -> bool {
        vary::is_by_token(&self.headers)
    }

    /// Returns the approximate heap size of the policy, in bytes.
    pub(super) fn heap(&self) -> usize {
        let uri = self.uri.path().len() + self.uri.query().map_or(0, str::len);
        uri.saturating_add(stored::size(&self.headers))
    }
}

/// Returns whether responses with this status do not represent the resource or must not be stored. These are interim
/// responses, partial responses (206, 416), responses about conditions (304, 412) and credentials (401, 407), 417, and
/// the responses that RFC 6585 excludes.
pub(super) fn is_never_stored(status: StatusCode) -> bool {
    status.is_informational()
        || matches!(status.as_u16(), 206 | 304 | 401 | 407 | 412 | 416 | 417 | 428 | 429 | 431 | 511)
}

/// Returns the header fields that an entry stores: all fields that may be stored, except cookies.
pub(super) fn without_cookies(headers: &HeaderMap) -> Option<HeaderMap> {
    let mut kept = stored::kept(headers)?;
    kept.remove(SET_COOKIE);
    Some(kept)
}

fn some(headers: &HeaderMap, names: &[HeaderName]) -> HeaderMap {
    let mut kept = HeaderMap::new();
    for name in names {
        for value in headers.get_all(name) {
            // The result has no more names and field lines than the other map, so there is enough room.
            let _ = kept.try_append(name, value.clone());
        }
    }
    kept
}

fn write_uri<S: Serializer>(uri: &Uri, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(uri)
}

fn read_uri<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uri, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}
