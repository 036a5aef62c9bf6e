//! What may be done with one stored answer.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{
    AGE, ETAG, HeaderMap, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    IF_UNMODIFIED_SINCE, LAST_MODIFIED, RANGE,
};
use http::{Method, Response, StatusCode, Uri, request, response};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::directives::Directives;
use super::{VERSION, freshness, stored, vary};
use crate::types::time::unix;
use crate::wire::version::Version;

/// What a private cache needs to know of one stored answer: which requests it is for, how old it is, and how long
/// it may be used.
///
/// Plain data with a version, to be stored beside the body; one of another version does not deserialise and is best
/// treated as absent. Values of the request's header fields are kept as digests only, and those of the answer are
/// kept as they are.
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

/// What to do with a request, given a stored answer. Match it whole.
#[derive(Clone, Eq, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "callers match it whole")]
pub enum Decision {
    /// Answer from the store, without asking.
    Serve,
    /// Answer from the store, and ask meanwhile, with these header fields (RFC 5861 §3).
    ServeWhileRevalidating(HeaderMap),
    /// Ask with these header fields whether it still holds (RFC 9111 §4.3.1).
    Revalidate(HeaderMap),
    /// Send the request as it is.
    Fetch,
    /// Answer 504 without asking: the request says `only-if-cached` (RFC 9111 §5.2.1.7).
    GatewayTimeout,
}

/// What a 304 says about a stored answer. Match it whole.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "callers match it whole")]
#[allow(clippy::large_enum_variant, reason = "it moves once for each network round trip")]
pub enum Validation {
    /// It holds: serve its body, and keep it with this policy.
    Update(Policy),
    /// It holds for this once: serve its body with this policy's head, and take it out of the store.
    ServeOnce(Policy),
    /// The 304 is not about it: serve nothing, and send the request without conditions.
    Mismatch,
}

/// Without the URI and the values of header fields: they may hold tokens and cookies.
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

/// Without the values of header fields.
impl fmt::Debug for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, headers) = match self {
            Self::Serve => return f.write_str("Serve"),
            Self::ServeWhileRevalidating(headers) => ("ServeWhileRevalidating", headers),
            Self::Revalidate(headers) => ("Revalidate", headers),
            Self::Fetch => return f.write_str("Fetch"),
            Self::GatewayTimeout => return f.write_str("GatewayTimeout"),
        };
        let names: Vec<&str> = headers.keys().map(http::HeaderName::as_str).collect();
        f.debug_tuple(name).field(&names).finish()
    }
}

impl Policy {
    /// The policy of an answer; `None` where it may not be kept, or would be of no use (RFC 9111 §3).
    ///
    /// `requested` is when the request was sent, `received` when the answer came.
    #[must_use]
    pub fn storable(
        request: &request::Parts,
        response: &response::Parts,
        requested: SystemTime,
        received: SystemTime,
    ) -> Option<Self> {
        if request.method != Method::GET || !may_keep_for(&request.headers) {
            return None;
        }
        let headers = stored::kept(&response.headers);
        Self::of(&request.uri, &request.headers, response.status, headers, requested, received)
    }

    /// The policy of an answer to a GET that allows it to be kept.
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
        // RFC 9111 §5.2.2.3: who understands the status need not mind the `no-store` beside it.
        let is_barred = if directives.must_understand { !is_known } else { directives.no_store };
        let is_allowed = freshness::is_heuristic(status)
            || directives.public
            || directives.private
            || directives.max_age.is_some()
            || headers.contains_key(http::header::EXPIRES);
        // A clock before 1970 is wrong.
        let is_clocked = requested >= UNIX_EPOCH && received >= UNIX_EPOCH;
        if is_barred || !is_allowed || !is_clocked || status.is_informational() || never_kept(status) {
            return None;
        }
        let vary = vary::digest(&headers, request)?;
        let policy = Self {
            version: Version,
            uri: uri.clone(),
            vary,
            status: status.as_u16(),
            headers,
            requested,
            received,
        };
        let is_usable = !directives.no_cache && !policy.lifetime(&directives).is_zero();
        (is_usable || !policy.conditional_headers().is_empty()).then_some(policy)
    }

    /// Whether the answer is one for this request (RFC 9111 §4): a GET of the same URI, and the same values in the
    /// fields that `Vary` names.
    #[must_use]
    pub fn matches(&self, request: &request::Parts) -> bool {
        request.method == Method::GET && request.uri == self.uri && self.is_variant(&request.headers)
    }

    fn is_variant(&self, request: &HeaderMap) -> bool {
        vary::digest(&self.headers, request).is_some_and(|digest| digest == self.vary)
    }

    /// What to do with a request at `now` (RFC 9111 §4).
    ///
    /// A request of its own conditions or ranges is the caller's affair and passed through: [`Decision::Fetch`].
    #[must_use]
    pub fn decide(&self, request: &request::Parts, now: SystemTime) -> Decision {
        if request.method != Method::GET {
            return Decision::Fetch;
        }
        let asked = Directives::of_request(&request.headers);
        let decision = if request.uri == self.uri && self.is_variant(&request.headers) {
            self.judge(&request.headers, &asked, now)
        } else {
            Decision::Fetch
        };
        match decision {
            Decision::Serve => Decision::Serve,
            _ if asked.only_if_cached => Decision::GatewayTimeout,
            other => other,
        }
    }

    /// What to do with a GET that it matches.
    pub(super) fn judge(&self, request: &HeaderMap, asked: &Directives, now: SystemTime) -> Decision {
        if has_conditions(request) {
            return Decision::Fetch;
        }
        let told = Directives::of_response(&self.headers);
        match self.state(asked, &told, now) {
            State::Usable => Decision::Serve,
            // What a request with `no-store` brings may not be kept, not even the news that nothing has changed.
            _ if asked.no_store => Decision::Fetch,
            State::Stale(by) if told.stale_while_revalidate.is_some_and(|most| by <= most) => {
                Decision::ServeWhileRevalidating(self.conditional_headers())
            }
            State::Stale(_) | State::Unusable => match self.conditional_headers() {
                headers if headers.is_empty() => Decision::Fetch,
                headers => Decision::Revalidate(headers),
            },
        }
    }

    fn state(&self, asked: &Directives, told: &Directives, now: SystemTime) -> State {
        let Some(age) = freshness::age(&self.headers, self.requested, self.received, now) else {
            return State::Unusable;
        };
        let lifetime = self.lifetime(told);
        let left = lifetime.saturating_sub(age);
        // RFC 8246 §2: a reload (`max-age=0`) of what is immutable needs no answer, as long as it is fresh.
        let is_lifted = told.immutable && !left.is_zero() && asked.max_age.is_some_and(|max| max.is_zero());
        let is_too_old = !is_lifted && asked.max_age.is_some_and(|max| age > max);
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

    /// Whether the answer may be served, stale as it is, in place of an error (RFC 5861 §4).
    ///
    /// `error` is the status that the server gave, or `None` where no answer came: only 500, 502, 503 and 504 are
    /// errors in this sense.
    #[must_use]
    pub fn on_error(&self, request: &request::Parts, error: Option<StatusCode>, now: SystemTime) -> bool {
        let is_plain = !has_conditions(&request.headers);
        is_plain
            && self.matches(request)
            && self.excuses(&Directives::of_request(&request.headers), error, now)
    }

    pub(super) fn excuses(&self, asked: &Directives, error: Option<StatusCode>, now: SystemTime) -> bool {
        let is_error = error.is_none_or(|status| matches!(status.as_u16(), 500 | 502 | 503 | 504));
        let told = Directives::of_response(&self.headers);
        let most = told.stale_if_error.max(asked.stale_if_error);
        is_error
            && match self.state(asked, &told, now) {
                State::Usable => true,
                State::Stale(by) => most.is_some_and(|most| by <= most),
                State::Unusable => false,
            }
    }

    /// The answer after a 304 to `request` (RFC 9111 §4.3.4): its header fields are updated and its life renewed.
    ///
    /// The 304 is about this answer where its validators are the same, weakly compared; without validators, where
    /// the request asked about this answer and no other.
    #[must_use]
    pub fn not_modified(
        &self,
        request: &request::Parts,
        response: &response::Parts,
        requested: SystemTime,
        received: SystemTime,
    ) -> Validation {
        let is_ours = request.method == Method::GET && request.uri == self.uri;
        if !is_ours || response.status != StatusCode::NOT_MODIFIED {
            return Validation::Mismatch;
        }
        let asked = &request.headers;
        match self.confirmed(asked, asked, &response.headers, requested, received) {
            Validation::Update(policy) if !may_keep_for(&request.headers) => Validation::ServeOnce(policy),
            other => other,
        }
    }

    /// The same for the header fields of a 304 to a GET of the same URI: what it asked, and what selects its variant.
    pub(super) fn confirmed(
        &self,
        asked: &HeaderMap,
        request: &HeaderMap,
        response: &HeaderMap,
        requested: SystemTime,
        received: SystemTime,
    ) -> Validation {
        let is_about_it = if response.contains_key(ETAG) {
            etag(response).zip(etag(&self.headers)).is_some_and(|(new, old)| is_same(new, old))
        } else if response.contains_key(LAST_MODIFIED) {
            response.get(LAST_MODIFIED) == self.headers.get(LAST_MODIFIED)
        } else {
            let own = self.conditional_headers();
            let is_own = |name| asked.get_all(name).iter().eq(own.get_all(name));
            !own.is_empty() && is_own(&IF_NONE_MATCH) && is_own(&IF_MODIFIED_SINCE)
        };
        if !is_about_it {
            return Validation::Mismatch;
        }
        let headers = stored::updated(&self.headers, response);
        let status = StatusCode::from_u16(self.status).unwrap_or_default();
        if let Some(policy) = Self::of(&self.uri, request, status, headers.clone(), requested, received) {
            return Validation::Update(policy);
        }
        // Times before 1970, of a wrong clock, could not be stored.
        let (requested, received) = (requested.max(UNIX_EPOCH), received.max(UNIX_EPOCH));
        Validation::ServeOnce(Self { headers, requested, received, ..self.clone() })
    }

    /// The head to serve the stored body with, its age in `Age` (RFC 9111 §4).
    #[must_use]
    pub fn response_head(&self, now: SystemTime) -> response::Parts {
        let (mut head, ()) = Response::new(()).into_parts();
        head.status = StatusCode::from_u16(self.status).unwrap_or_default();
        head.headers = self.headers.clone();
        let age = freshness::age(&self.headers, self.requested, self.received, now).unwrap_or_default();
        // RFC 9111 §1.2.2: greater numbers are written as this one.
        head.headers.insert(AGE, HeaderValue::from(age.as_secs().min(1 << 31)));
        head
    }

    /// How long the answer is fresh, from the time at which its age was zero; zero where it may never be served unasked.
    #[must_use]
    pub fn freshness_lifetime(&self) -> Duration {
        let told = Directives::of_response(&self.headers);
        if told.no_cache { Duration::ZERO } else { self.lifetime(&told) }
    }

    fn lifetime(&self, told: &Directives) -> Duration {
        let status = StatusCode::from_u16(self.status).unwrap_or_default();
        freshness::lifetime(&self.headers, status, told, self.received)
    }

    /// How old the answer is (RFC 9111 §4.2.3); `None` before it was received: then the clock is wrong.
    #[must_use]
    pub fn age(&self, now: SystemTime) -> Option<Duration> {
        freshness::age(&self.headers, self.requested, self.received, now)
    }

    /// Whether a plain request may be answered with the stored answer unasked, at `now`.
    #[must_use]
    pub fn is_fresh(&self, now: SystemTime) -> bool {
        self.age(now).is_some_and(|age| age < self.freshness_lifetime())
    }

    /// The stored header fields.
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The URI that was asked for.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The validator that the server gave.
    #[must_use]
    pub fn etag(&self) -> Option<&HeaderValue> {
        etag(&self.headers)
    }

    /// Whether the answer depends on the token.
    pub(super) fn is_by_token(&self) -> bool {
        vary::is_by_token(&self.headers)
    }

    /// About how many bytes it takes beside itself.
    pub(super) fn heap(&self) -> usize {
        let uri = self.uri.path().len() + self.uri.query().map_or(0, str::len);
        uri.saturating_add(stored::size(&self.headers))
    }

    /// The header fields that ask whether the stored answer still holds (RFC 9111 §4.3.1); empty where it has no
    /// validator.
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
}

/// How usable a stored answer is.
enum State {
    Usable,
    /// Past its life by so much, and nobody forbids that.
    Stale(Duration),
    Unusable,
}

/// The place of the stored answer for a request among those of its URI: of several that match, the latest
/// (RFC 9111 §4.1).
#[must_use]
pub fn select_variant<'a>(
    stored: impl IntoIterator<Item = &'a Policy>,
    request: &request::Parts,
) -> Option<usize> {
    let matching = stored.into_iter().enumerate().filter(|(_, policy)| policy.matches(request));
    matching.max_by_key(|(_, policy)| policy.received).map(|(place, _)| place)
}

/// Asks about all stored answers of a URI at once, where none matches the request (RFC 9111 §4.3.1): an
/// `If-None-Match` with all their ETags. A 304 then names the one that [`Policy::not_modified`] knows.
///
/// `None` where there is nothing to ask about, or the request has conditions of its own.
#[must_use]
pub fn revalidate_all<'a>(
    stored: impl IntoIterator<Item = &'a Policy>,
    request: &request::Parts,
) -> Option<HeaderMap> {
    let is_plain = !has_conditions(&request.headers) && may_keep_for(&request.headers);
    if !is_plain || request.method != Method::GET {
        return None;
    }
    let mut list = Vec::new();
    for etag in stored.into_iter().filter(|policy| policy.uri == request.uri).filter_map(Policy::etag) {
        if !list.is_empty() {
            list.extend_from_slice(b", ");
        }
        list.extend_from_slice(etag.as_bytes());
    }
    let value = HeaderValue::from_bytes(&list).ok().filter(|_| !list.is_empty())?;
    Some(HeaderMap::from_iter([(IF_NONE_MATCH, value)]))
}

/// Statuses that say nothing about a plain GET of the same URI, or that must not be kept: parts (206, 416), answers
/// to conditions (304, 412) and to credentials (401, 407), 417, and those that RFC 6585 forbids to keep.
fn never_kept(status: StatusCode) -> bool {
    matches!(status.as_u16(), 206 | 304 | 401 | 407 | 412 | 416 | 417 | 428 | 429 | 431 | 511)
}

fn may_keep_for(request: &HeaderMap) -> bool {
    // An answer to a range may be one to all of it, but is not to be trusted with it.
    !Directives::of_request(request).no_store && !request.contains_key(RANGE)
}

fn has_conditions(request: &HeaderMap) -> bool {
    [IF_MATCH, IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE, IF_RANGE, RANGE]
        .iter()
        .any(|name| request.contains_key(name))
}

/// The one ETag; two are none. Spotify's had no quotes before 2018; a `*` or a list would ask for something else.
fn etag(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut lines = headers.get_all(ETAG).iter();
    let value = lines.next()?;
    let opaque = opaque(value.as_bytes());
    let inner = opaque.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    let is_one = match inner {
        Some(inner) => inner.iter().all(|byte| *byte > b' ' && *byte != b'"' && *byte != 0x7f),
        None => {
            let is_token = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b'*');
            !opaque.is_empty() && opaque.iter().all(is_token)
        }
    };
    (is_one && lines.next().is_none()).then_some(value)
}

/// The weak comparison (RFC 9110 §8.8.3.2).
fn is_same(one: &HeaderValue, other: &HeaderValue) -> bool {
    opaque(one.as_bytes()) == opaque(other.as_bytes())
}

fn opaque(etag: &[u8]) -> &[u8] {
    etag.strip_prefix(b"W/").unwrap_or(etag)
}

/// The header fields that an entry keeps: those that may be stored, without cookies.
pub(super) fn without_cookies(headers: &HeaderMap) -> HeaderMap {
    let mut kept = stored::kept(headers);
    kept.remove(http::header::SET_COOKIE);
    kept
}

fn write_uri<S: Serializer>(uri: &Uri, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(uri)
}

fn read_uri<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uri, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}
