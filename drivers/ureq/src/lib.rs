// A doc test cannot start a server and set environment variables before `main`. Instead, tests/it/examples.rs runs the
// two programs in the README, which are also examples, against the fake Spotify.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
//!
//! # Design
//!
//! | type | belongs to | contents |
//! |---|---|---|
//! | [`Client`] | the application | connections, credentials, rate limits |
//! | [`SessionDriver`] | a user, or the application itself | tokens, and the [`TokenStore`] for them |
//!
//! Both types are cheap to clone and can be shared between threads. Create one `Client` for each application, and one
//! `SessionDriver` for each user: clones share their tokens, but separately created drivers do not.
//!
//! The driver guarantees:
//!
//! * Redirects are not followed, because tokens must only be sent to Spotify. Responses with any status are passed to
//!   the library.
//! * A body is at most [`MAX_BODY_LEN`] bytes after decompression.
//! * A request times out at the deadline of its call, and after at most 60 seconds. A token request times out after 60
//!   seconds even if the deadline of the call has passed: with a shorter timeout, the replacement for a refresh token
//!   could be lost.
//! * New tokens are stored before the call continues. If they cannot be stored, the call fails with
//!   [`Error::SaveTokens`], and the next call stores them first.
//! * With a [`TokenFile`], several processes may share the tokens of one user: one process requests new tokens, and the
//!   others read these tokens from the file.
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
