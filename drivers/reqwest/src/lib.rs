// A doc test cannot start a server and set environment variables before `main`. Instead, tests/it/examples.rs runs the
// two programs in the README, which are also examples, against the fake Spotify.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
//!
//! # Design
//!
//! | type | belongs to | contents |
//! |---|---|---|
//! | [`Client`] | the application | connections, credentials, rate limits, the sessions of its users |
//! | [`SessionDriver`] | a user, or the application itself | tokens, and the [`TokenStore`] for them |
//!
//! Both types are cheap to clone. A handler in a web server gets the session of its user from [`Client::user`], which
//! always returns the same session for the same user:
//!
//! ```
//! # use spotify_proto_reqwest::{Client, Error, StoreError, TokenStore, Tokens, api::GetSavedTracks};
//! # struct Row(u64);
//! # impl TokenStore for Row {
//! #     async fn load(&self) -> Result<Option<Tokens>, StoreError> { Ok(None) }
//! #     async fn save(&self, _: &Tokens) -> Result<(), StoreError> { Ok(()) }
//! # }
//! async fn handler(client: Client, user: u64) -> Result<usize, Error> {
//!     let Some(user) = client.user(&user.to_string(), Row(user)).await? else { return Ok(0) };
//!     Ok(user.collect(GetSavedTracks::new().limit(50)).await?.items.len())
//! }
//! ```
//!
//! The driver guarantees:
//!
//! * Redirects are not followed, because tokens must only be sent to Spotify. Responses with any status are passed to
//!   the library.
//! * A body is at most [`MAX_BODY_LEN`] bytes long after decompression; the rest of a longer body is not read.
//! * A request times out at the deadline of its call, and after at most 60 seconds.
//! * The future of a call may be dropped at any point. Token requests run in separate tasks, so that a new refresh
//!   token is received and stored even if the call is dropped. Await [`Client::finish_token_work`] before the runtime
//!   shuts down.
//! * No request is sent with tokens that have not been stored. If the tokens cannot be stored, calls fail with
//!   [`Error::SaveTokens`], and later calls attempt to store them first.
//! * With a [`TokenFile`], several processes may share the tokens of one user: one process requests new tokens, and the
//!   others read these tokens from the file. Implement [`TokenStore::lock`] to support this in a custom store.
#![forbid(unsafe_code)]

mod client;
mod error;
mod session;
mod store;
mod tasks;
mod token_work;
mod transport;
mod users;

pub use reqwest;
pub use spotify_proto::*;
pub use spotify_proto_login::{
    BrowserLogin, Canceller, EnvironmentError, LoginError, PendingLogin, TokenFile, TokenFileError,
    TokenFileLock, app_from_env,
};

pub use client::Client;
pub use error::{Error, TransportError};
pub use session::SessionDriver;
pub use store::{StoreError, StoreLock, TokenStore};
