// A doc test cannot start a server and set the environment before `main`. The two programs of the README are compiled
// as examples and run against the fake Spotify instead: tests/it/examples.rs.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
//!
//! # Design
//!
//! | type | belongs to | what it holds |
//! |---|---|---|
//! | [`Client`] | the application | connections, credentials, rate limits |
//! | [`SessionDriver`] | a user, or the application itself | tokens, and the [`TokenStore`] that keeps them |
//!
//! Both are cheap to clone and can be shared between threads. Make one `Client` for each application, and one
//! `SessionDriver` for each user: clones share the tokens, separate values do not.
//!
//! The driver guarantees:
//!
//! * A redirect is not followed, because tokens are for Spotify alone. A response of any status reaches the library.
//! * A body is at most [`MAX_BODY_LEN`] bytes after decompression.
//! * A request ends at the deadline of its call, after 60 seconds at most. A token request ends after 60 seconds, also
//!   if the deadline of the call passes meanwhile: giving up would lose a refresh token that the server has replaced.
//! * New tokens are stored before the call goes on. If they cannot be stored, the call fails with
//!   [`Error::SaveTokens`], and the next one stores them first.
//! * With a [`TokenFile`], several processes may use the tokens of one user: one of them requests new tokens, the
//!   others take them from the file.
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
