//! Conditional requests: what to keep of an answer, and when to ask again (a private cache, RFC 9111).
//!
//! Everything is a value that goes in and comes out, so any store will do. There are two levels:
//!
//! - **This API's**: [`Key`], [`Entry`] and [`Store`], used with [`Call::cached`](crate::Call::cached). The partition
//!   of a key is not optional: answers depend on who asks, though Spotify marks many of them `public`.
//! - **HTTP's**: [`Policy`] for requests and answers of any kind, [`select`] and [`ask_about_all`] for several
//!   variants of a URI, [`invalidated`] for writes. It reads heads only and never touches a body.
//!
//! ```
//! use spotify_proto::cache::{Decision, Policy};
//! use spotify_proto::http::{Request, Response};
//! # use std::time::{Duration, UNIX_EPOCH};
//! # let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
//!
//! let (request, ()) = Request::get("https://api.example/list").body(())?.into_parts();
//! let answer = Response::builder().header("cache-control", "max-age=60").header("etag", "\"1\"");
//! let (response, ()) = answer.body(())?.into_parts();
//!
//! let policy = Policy::storable(&request, &response, now, now).expect("it has a lifetime");
//! assert_eq!(policy.decide(&request, now + Duration::from_secs(59)), Decision::Serve);
//! let Decision::Revalidate(headers) = policy.decide(&request, now + Duration::from_secs(60)) else { panic!() };
//! assert_eq!(headers["if-none-match"], "\"1\"");
//! # Ok::<(), spotify_proto::http::Error>(())
//! ```
//!
//! Where the RFC leaves a choice, or a field cannot be read, the answer is to ask the server.
//!
//! Left out on purpose:
//!
//! - the rules for shared caches: `s-maxage` and `proxy-revalidate` have no effect, `private` and `Authorization`
//!   do not keep an answer out (RFC 9111 §3.5, §5.2.2);
//! - parts of answers: requests with `Range` are passed through, 206 is not kept (§3.3, §3.4);
//! - answers to POST, and HEAD answered from a stored GET (§4, §4.3.5): only GET is answered;
//! - `no-cache` and `private` for some fields only (§5.2.2.4, §5.2.2.7): `no-cache="x"` counts as `no-cache`;
//! - an entry served while it is revalidated: [`Decision::ServeWhileRevalidating`] is for users of the HTTP level, a
//!   [`Call`](crate::Call) has one end and asks first.

mod directives;
mod entry;
mod freshness;
mod invalidation;
mod key;
mod policy;
mod stored;
mod vary;

pub use entry::{Entry, Store};
pub use invalidation::invalidated;
pub use key::Key;
pub use policy::{Confirmation, Decision, Policy, ask_about_all, select};

pub(crate) use entry::Hold;

/// The form in which policies and entries are stored; the first had no policy of its own.
const VERSION: u8 = 2;
