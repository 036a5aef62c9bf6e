//! A private cache of responses: storing, serving and revalidating them (RFC 9111).
//!
//! All types are values, so that any store can hold them. There are two levels:
//!
//! - **For this API**: [`Key`], [`Entry`] and [`StoreAction`], used with [`Call::cached`](crate::Call::cached) or with
//!   the store methods of a [driver](crate::driver). The partition of a key is required: responses depend on the user,
//!   although Spotify marks many of them `public`.
//! - **For HTTP in general**: a [`Policy`] for each stored response, and [`decide`] for each request. They read only
//!   the heads of messages.
//!
//! # HTTP in general
//!
//! Store each response as its [`Policy`] and its body, under its URI; a URI may have several, one for each variant.
//!
//! | when | call | it returns |
//! |---|---|---|
//! | before a request | [`decide`] | a [`Decision`]: a stored response to serve, or a [`Sending`] |
//! | after a response | [`Sending::receive`] | a [`Received`]: the response to serve, and changes of the store |
//! | after a lost connection | [`Sending::lost`] | the stored response that may be served nevertheless |
//! | after a write | [`invalidated_uris`] | the URIs whose responses have to be removed |
//!
//! All of them take the request of the caller, or the request that was sent: the conditional header fields of a
//! [`Sending`] are not treated as conditions of the caller.
//!
//! ```
//! use spotify_proto::cache::{Decision, Policy, Received, decide};
//! use spotify_proto::http::{Request, Response};
//! # use std::time::{Duration, UNIX_EPOCH};
//! # let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
//!
//! let request = Request::get("https://api.example/list").body(())?;
//! let Decision::Send(sending) = decide([], &request, now) else { panic!("nothing is stored") };
//!
//! let response = Response::builder().header("cache-control", "max-age=60").header("etag", "\"1\"").body("[]")?;
//! let Received::Response { policy, .. } = sending.receive([], &request, &response, now) else { panic!("a 200") };
//! let policy = policy.expect("the response has a lifetime");
//!
//! let fresh = decide([&policy], &request, now + Duration::from_secs(59));
//! assert_eq!(fresh, Decision::Serve { index: 0 });
//! let Decision::Send(sending) = decide([&policy], &request, now + Duration::from_secs(60)) else { panic!("stale") };
//! assert_eq!(sending.conditional_headers()["if-none-match"], "\"1\"");
//! # Ok::<(), spotify_proto::http::Error>(())
//! ```
//!
//! If the RFC leaves a choice, or a header field cannot be parsed, the request is sent to the server.
//!
//! Not supported:
//!
//! - the rules for shared caches: `s-maxage` and `proxy-revalidate` have no effect, and responses with `private` or to
//!   requests with `Authorization` are stored (RFC 9111 §3.5, §5.2.2);
//! - partial responses: requests with `Range` are sent as they are, 206 responses are not stored, and no part is served
//!   from a stored response (§3.3, §3.4); the API has no ranges;
//! - responses to POST, and HEAD requests served from a stored GET (§4, §4.3.5): only GET requests are served;
//! - `no-cache` and `private` for single fields (§5.2.2.4, §5.2.2.7): `no-cache="x"` counts as `no-cache`;
//! - serving an entry while it is revalidated: [`Decision::ServeWhileRevalidating`] is for users of the HTTP level; a
//!   [`Call`](crate::Call) has one result and revalidates first;
//! - choosing a variant by its `Content-Language`: the request's languages have to be those of the earlier request, in
//!   a normalised form ([`Policy::matches`]).

mod body;
mod date;
mod decision;
mod directives;
mod entry;
mod freshness;
mod invalidation;
mod key;
mod policy;
mod stored;
mod validators;
mod vary;

pub use decision::{Decision, Received, Sending, decide};
pub use entry::{Entry, StoreAction};
pub use invalidation::invalidated_uris;
pub use key::Key;
pub use policy::Policy;
