//! Decisions about the stored responses for a URI, before a request is sent and after its response is received.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::header::{HeaderMap, IF_NONE_MATCH};
use http::{Method, Request, Response, StatusCode};

use super::directives::Directives;
use super::policy::{Asked, Policy, State, is_never_stored};
use super::validators::{self, Conditions};

/// The action for a request, given the stored responses for its URI.
///
/// `index` is the index of a policy in the argument of [`decide`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "callers match it exhaustively")]
pub enum Decision {
    /// Serve the stored body at `index`, with [`Policy::response_head`], without a request to the server.
    Serve {
        /// Index of the stored response.
        index: usize,
    },
    /// Serve the stored body at `index`, with [`Policy::response_head`], and revalidate it concurrently (RFC 5861 §3).
    ServeWhileRevalidating {
        /// Index of the stored response.
        index: usize,
        /// The request to send.
        sending: Sending,
    },
    /// Serve a 304 without a body, with [`Policy::not_modified_head`]: the request's own `If-None-Match` or
    /// `If-Modified-Since` shows that the caller already has the stored response at `index` (RFC 9111 §4.3.2).
    NotModified {
        /// Index of the stored response.
        index: usize,
    },
    /// Send the request to the server.
    Send(Sending),
    /// Serve a 504 without a request to the server, because the request contains `only-if-cached` (RFC 9111 §5.2.1.7).
    GatewayTimeout,
}

/// Decides how to handle a request, given the policies of the stored responses for its URI, in any order.
///
/// - If several responses match, the most recent one is used.
/// - A fresh response is served. If the request has its own `If-None-Match` or `If-Modified-Since`, the condition is
///   evaluated. A request with such a condition is sent unchanged if no fresh response is stored.
/// - A stale response is revalidated.
/// - If responses are stored but none matches, the request revalidates all of them at once (RFC 9111 §4.3.1), and a 304
///   selects one of them. Equal entity tags are sent once, and tags that do not fit into 4,096 bytes are left out.
/// - Requests with `Range`, `If-Range`, `If-Match` or `If-Unmodified-Since`, and requests with a method other than GET,
///   are sent unchanged.
/// - A request with `only-if-cached` is never sent.
///
/// ```
/// # use spotify_proto::{cache::{self, Decision, Policy}, http::{Request, Response}};
/// # use std::time::{Duration, UNIX_EPOCH};
/// # let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
/// let request = Request::get("https://api.example/list").body(())?;
/// let Decision::Send(sending) = cache::decide([], &request, now) else { panic!("nothing is stored") };
/// assert!(sending.conditional_headers().is_empty());
/// # Ok::<(), spotify_proto::http::Error>(())
/// ```
#[must_use]
pub fn decide<'a, B>(
    stored: impl IntoIterator<Item = &'a Policy>,
    request: &Request<B>,
    now: SystemTime,
) -> Decision {
    let (stored, asked) = (Vec::from_iter(stored), Asked::of(request));
    let directives = Directives::of_request(asked.headers);
    match choose(&stored, &asked, &directives, now) {
        decision @ (Decision::Serve { .. } | Decision::NotModified { .. }) => decision,
        _ if directives.only_if_cached => Decision::GatewayTimeout,
        decision => decision,
    }
}

fn choose(stored: &[&Policy], asked: &Asked<'_>, directives: &Directives, now: SystemTime) -> Decision {
    let unchanged = || Decision::Send(Sending::new(HeaderMap::new(), now));
    let conditions = Conditions::of(asked.headers);
    if asked.method != Method::GET || conditions == Conditions::Server {
        return unchanged();
    }
    let Some((index, policy)) = select(stored, asked) else {
        let is_plain = conditions == Conditions::None && asked.allows_storing();
        return Decision::Send(Sending::new(
            if is_plain { all(stored, asked) } else { HeaderMap::new() },
            now,
        ));
    };
    match policy.state(directives, now) {
        State::Usable if conditions == Conditions::Cache && policy.is_not_modified(asked.headers) => {
            Decision::NotModified { index }
        }
        State::Usable => Decision::Serve { index },
        // The response to a request with `no-store` must not be stored, and must not update a stored response.
        _ if conditions == Conditions::Cache || directives.no_store => unchanged(),
        State::Stale(by) if policy.directives().stale_while_revalidate.is_some_and(|most| by <= most) => {
            Decision::ServeWhileRevalidating {
                index,
                sending: Sending::new(policy.conditional_headers(), now),
            }
        }
        State::Stale(_) | State::Unusable => Decision::Send(Sending::new(policy.conditional_headers(), now)),
    }
}

/// Returns the stored response for a request, which is the most recent one if several match (RFC 9111 §4).
fn select<'a>(stored: &[&'a Policy], asked: &Asked<'_>) -> Option<(usize, &'a Policy)> {
    let matching = stored.iter().copied().enumerate().filter(|(_, policy)| policy.is_for(asked));
    matching.max_by_key(|(_, policy)| policy.latest())
}

/// Returns an `If-None-Match` with the entity tags of all stored responses for a URI.
fn all(stored: &[&Policy], asked: &Asked<'_>) -> HeaderMap {
    let etags = stored.iter().filter(|policy| policy.uri() == asked.uri).filter_map(|policy| policy.etag());
    HeaderMap::from_iter(validators::if_none_match(etags).map(|list| (IF_NONE_MATCH, list)))
}

/// A request that is about to be sent, which is required to interpret the response.
///
/// Add the [`conditional_headers`](Self::conditional_headers) to the request. If a response is received, call
/// [`receive`](Self::receive); if the connection is lost, call [`lost`](Self::lost). Both methods expect the policies
/// that are stored at that time, and the request with or without the conditional header fields.
#[derive(Clone, Eq, PartialEq)]
#[must_use = "the response has to be passed to `receive`"]
pub struct Sending {
    headers: HeaderMap,
    requested: SystemTime,
}

/// Omits the values of header fields.
impl fmt::Debug for Sending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(http::HeaderName::as_str).collect();
        f.debug_struct("Sending").field("headers", &names).field("requested", &self.requested).finish()
    }
}

/// The consequence of a response.
///
/// Indices are indices of policies in the argument of [`Sending::receive`].
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "callers match it exhaustively")]
#[allow(clippy::large_enum_variant, reason = "the value is moved once per network round trip")]
pub enum Received {
    /// Serve the response that was received.
    Response {
        /// Indices of the stored responses that this response replaces or outdates, in descending order. Remove these
        /// responses whether or not there is a `policy`. The list is empty for errors other than 403, 404, 410 and 451,
        /// because such errors do not affect stored responses.
        outdated: Vec<usize>,
        /// The policy to store with the body of the response; `None` if the response must not be stored.
        policy: Option<Policy>,
    },
    /// The response is a 304. Serve the stored body at `index` with the [head](Policy::response_head) of this policy.
    ///
    /// The policy is for the request that was sent. If that request revalidated all stored responses, the response at
    /// `index` was stored for a different request. The policy replaces the stored policy nevertheless, so a later
    /// request that is equal to that different request revalidates all stored responses again.
    Validated {
        /// Index of the stored response.
        index: usize,
        /// The updated policy of the stored response.
        policy: Policy,
        /// True if `policy` replaces the policy of the stored response. False if the stored response may only be served
        /// this time and must be removed.
        is_storable: bool,
    },
    /// The response is a server error. Serve the stored body at `index` instead, with its [`Policy::response_head`]:
    /// either `stale-if-error` allows a stale response (RFC 5861 §4), or another request has made the stored response
    /// fresh again.
    Stale {
        /// Index of the stored response.
        index: usize,
    },
    /// The response is a 304 that does not identify a stored response. Do not serve the 304, and send the request again
    /// without conditional header fields.
    Mismatch(Sending),
}

impl Sending {
    fn new(headers: HeaderMap, requested: SystemTime) -> Self {
        Self { headers, requested }
    }

    /// Returns the header fields to add to the request. The map is empty if there is nothing to revalidate.
    #[must_use]
    pub fn conditional_headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Interprets a response that was received at `received`, given the policies that are currently stored for the URI.
    ///
    /// A 304 for the caller's own conditions is passed through and does not change the store. Requests with a method
    /// other than GET do not change the store either; see [`invalidated_uris`](super::invalidated_uris).
    #[must_use]
    pub fn receive<'a, B, C>(
        &self,
        stored: impl IntoIterator<Item = &'a Policy>,
        request: &Request<B>,
        response: &Response<C>,
        received: SystemTime,
    ) -> Received {
        let (stored, asked) = (Vec::from_iter(stored), Asked::of(request));
        let (status, headers) = (response.status(), response.headers());
        if status == StatusCode::NOT_MODIFIED && !self.headers.is_empty() {
            return self.not_modified(&stored, &asked, headers, received);
        }
        if is_server_error(status) {
            if let Some(index) = self.excuse(&stored, &asked, None, received) {
                return Received::Stale { index };
            }
        }
        let policy = Policy::received(&asked, status, headers, self.requested, received);
        let is_outdating = policy.is_some() || is_about_resource(status);
        let matching =
            stored.iter().enumerate().rev().filter(|(_, policy)| is_outdating && policy.is_for(&asked));
        Received::Response { outdated: matching.map(|(index, _)| index).collect(), policy }
    }

    /// Returns the index of the stored response that may be served because no response was received.
    ///
    /// `max_stale` is the maximum time for which the stored response may have been stale. A response with
    /// `must-revalidate` or `no-cache` is never served stale (RFC 9111 §4.2.4). If `max_stale` is zero, a stale
    /// response is only served if `stale-if-error` in the response or the request allows it.
    #[must_use]
    pub fn lost<'a, B>(
        &self,
        stored: impl IntoIterator<Item = &'a Policy>,
        request: &Request<B>,
        max_stale: Duration,
        now: SystemTime,
    ) -> Option<usize> {
        self.excuse(&Vec::from_iter(stored), &Asked::of(request), allowed(max_stale), now)
    }

    fn excuse(
        &self,
        stored: &[&Policy],
        asked: &Asked<'_>,
        allowed: Option<Duration>,
        now: SystemTime,
    ) -> Option<usize> {
        let is_plain = !self.headers.is_empty() || Conditions::of(asked.headers) == Conditions::None;
        let (index, policy) = select(stored, asked).filter(|_| is_plain)?;
        policy.excuses(&Directives::of_request(asked.headers), allowed, now).then_some(index)
    }

    fn not_modified(
        &self,
        stored: &[&Policy],
        asked: &Asked<'_>,
        response: &HeaderMap,
        received: SystemTime,
    ) -> Received {
        let is_confirmed = |policy: &Policy| {
            asked.method == Method::GET
                && policy.uri() == asked.uri
                && policy.is_confirmed(&self.headers, response)
        };
        let confirmed = stored.iter().enumerate().filter(|(_, policy)| is_confirmed(policy));
        let best = confirmed.max_by_key(|(_, policy)| (policy.is_for(asked), policy.latest()));
        let updated = best.and_then(|(index, policy)| {
            let (policy, is_storable) =
                policy.confirmed(asked.headers, response, self.requested, received)?;
            let is_storable = is_storable && asked.allows_storing();
            Some(Received::Validated { index, policy, is_storable })
        });
        updated.unwrap_or_else(|| Received::Mismatch(Self::new(HeaderMap::new(), received)))
    }
}

/// Returns the maximum time for which a response may have been stale; `None` if it must not be stale.
pub(super) fn allowed(max_stale: Duration) -> Option<Duration> {
    Some(max_stale).filter(|max_stale| !max_stale.is_zero())
}

/// Returns whether a response with this status outdates the stored responses, even if it must not be stored itself.
fn is_about_resource(status: StatusCode) -> bool {
    let is_change = status.is_success() || status.is_redirection();
    (is_change && !is_never_stored(status)) || matches!(status.as_u16(), 403 | 404 | 410 | 451)
}

/// Returns whether a status is an error as defined by RFC 5861 §4.
pub(super) fn is_server_error(status: StatusCode) -> bool {
    matches!(status.as_u16(), 500 | 502 | 503 | 504)
}
