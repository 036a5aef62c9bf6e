// A doc test cannot start a server and set the environment before `main`. Instead, tests/it/examples.rs runs the two
// programs of the README, which are also examples, against the fake Spotify.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
//!
//! # Design
//!
//! | type | belongs to | contents |
//! |---|---|---|
//! | [`Client`] | the application | connections, credentials, rate limits |
//! | [`SessionDriver`] | a user, or the application itself | tokens, and the [`TokenStore`] for them |
//!
//! Both are cheap to clone and can be shared between threads. Create one `Client` for each application, and one
//! `SessionDriver` for each user: clones share the tokens, but separately created values do not.
//!
//! The driver guarantees:
//!
//! * Redirects are not followed, because tokens must only be sent to Spotify. The library receives responses of every
//!   status.
//! * A body is at most [`MAX_BODY_LEN`] bytes after decompression.
//! * A request ends at the deadline of its call, after 60 seconds at most. A token request ends after 60 seconds, even
//!   if that is after the deadline of the call: an earlier end could lose a refresh token that the server has replaced.
//! * New tokens are stored before the call continues. If they cannot be stored, the call fails with
//!   [`Error::SaveTokens`], and the next call stores them first.
//! * With a [`TokenFile`], several processes may use the tokens of one user: one of them requests new tokens, the
//!   others read them from the file.
#![forbid(unsafe_code)]

mod client;
mod error;
mod session;
mod store;
mod token_work;
mod transport;

pub use spotify_proto::*;
pub use spotify_proto_login::{
    BrowserLogin, Canceller, EnvironmentError, LoginError, PendingLogin, TokenFile, TokenFileError,
    TokenFileLock, app_from_env,
};
pub use ureq;

pub use client::Client;
pub use error::Error;
pub use session::SessionDriver;
pub use store::{StoreError, StoreLock, TokenStore};
