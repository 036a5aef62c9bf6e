//! A store of responses: what to store, and when to revalidate (a private cache, RFC 9111).
//!
//! All types are values, so any store will do. There are two levels:
//!
//! - **For this API**: [`Key`], [`Entry`] and [`StoreAction`], used with [`Call::cached`](crate::Call::cached) or with the
//!   store methods of a [driver](crate::driver). The partition of a key is required: responses depend on the user, though
//!   Spotify marks many of them `public`.
//! - **For HTTP in general**: [`Policy`] for requests and responses of any kind, [`select_variant`] and [`revalidate_all`] for several
//!   variants of a URI, [`invalidated_uris`] for writes. They read the heads of messages only, never a body.
//!
//! ```
//! use spotify_proto::cache::{Decision, Policy};
//! use spotify_proto::http::{Request, Response};
//! # use std::time::{Duration, UNIX_EPOCH};
//! # let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
//!
//! let (request, ()) = Request::get("https://api.example/list").body(())?.into_parts();
//! let response = Response::builder().header("cache-control", "max-age=60").header("etag", "\"1\"");
//! let (response, ()) = response.body(())?.into_parts();
//!
//! let policy = Policy::storable(&request, &response, now, now).expect("it has a lifetime");
//! assert_eq!(policy.decide(&request, now + Duration::from_secs(59)), Decision::Serve);
//! let Decision::Revalidate(headers) = policy.decide(&request, now + Duration::from_secs(60)) else { panic!() };
//! assert_eq!(headers["if-none-match"], "\"1\"");
//! # Ok::<(), spotify_proto::http::Error>(())
//! ```
//!
//! If the RFC leaves a choice, or a header field cannot be parsed, the request is sent to the server.
//!
//! Not supported:
//!
//! - the rules for shared caches: `s-maxage` and `proxy-revalidate` have no effect, and responses with `private` or to
//!   requests with `Authorization` are stored (RFC 9111 §3.5, §5.2.2);
//! - partial responses: requests with `Range` are passed through, 206 responses are not stored (§3.3, §3.4);
//! - responses to POST, and HEAD requests served from a stored GET (§4, §4.3.5): only GET requests are served;
//! - `no-cache` and `private` for single fields (§5.2.2.4, §5.2.2.7): `no-cache="x"` counts as `no-cache`;
//! - serving an entry while it is revalidated: [`Decision::ServeWhileRevalidating`] is for users of the HTTP level; a
//!   [`Call`](crate::Call) has one result and revalidates first.

mod directives;
mod entry;
mod freshness;
mod invalidation;
mod key;
mod policy;
mod stored;
mod vary;

pub use entry::{Entry, StoreAction};
pub use invalidation::invalidated_uris;
pub use key::Key;
pub use policy::{Decision, Policy, Validation, revalidate_all, select_variant};

pub(crate) use entry::Hold;

/// The version of the stored form of policies and entries; version 1 had no policy of its own.
const VERSION: u8 = 2;
