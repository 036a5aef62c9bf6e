//! A private cache that stores, serves and revalidates responses (RFC 9111).
//!
//! All types are plain values, so any kind of store can be used. There are two levels:
//!
//! - **For this API**: [`Key`], [`Entry`] and [`StoreAction`], used with [`Call::cached`](crate::Call::cached) or with
//!   the store methods of a [driver](crate::driver). A key requires a partition, because responses depend on the user
//!   although Spotify marks many of them `public`.
//! - **For HTTP in general**: a [`Policy`] for each stored response, and [`decide`] for each request. Both read only
//!   the heads of messages.
//!
//! # HTTP in general
//!
//! Store the [`Policy`] and the body of each response under its URI. A URI may have several stored responses, one per
//! variant.
//!
//! | when | call | result |
//! |---|---|---|
//! | before a request | [`decide`] | a [`Decision`]: a stored response to serve, or a [`Sending`] |
//! | after a response | [`Sending::receive`] | a [`Received`]: the response to serve, and changes to the store |
//! | after a lost connection | [`Sending::lost`] | the stored response that may be served instead, if any |
//! | after a write | [`invalidated_uris`] | the URIs whose stored responses must be removed |
//!
//! All of these functions accept either the caller's request or the request that was sent: the conditional header
//! fields of a [`Sending`] are not treated as the caller's own conditions.
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
//! If the RFC allows several behaviours, or if a header field cannot be parsed, the request is sent to the server.
//!
//! Not supported:
//!
//! - the rules for shared caches: `s-maxage` and `proxy-revalidate` have no effect, and responses that have `private`,
//!   or whose request has `Authorization`, are stored (RFC 9111 §3.5, §5.2.2);
//! - partial responses: requests with `Range` are sent unchanged, 206 responses are not stored, and parts of stored
//!   responses are not served (§3.3, §3.4). The API does not support ranges;
//! - responses to POST, and HEAD requests served from a stored GET (§4, §4.3.5): only GET requests are served;
//! - `no-cache` and `private` for individual fields (§5.2.2.4, §5.2.2.7): `no-cache="x"` is treated as `no-cache`;
//! - serving an entry from a [`Call`](crate::Call) while it is revalidated: a call has only one result, so it
//!   revalidates first. The HTTP level supports this with [`Decision::ServeWhileRevalidating`];
//! - selecting a variant by its `Content-Language`: the languages of the request must be the same as those of the
//!   earlier request, after normalization ([`Policy::matches`]).

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
