// A doc test cannot start a server and set the environment before `main`. Instead, tests/it/examples.rs runs the two
// programs of the README, which are also examples, against the fake Spotify.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
//!
//! # Design
//!
//! | type | belongs to | contents |
//! |---|---|---|
//! | [`Client`] | the application | connections, credentials, rate limits, the sessions of its users |
//! | [`SessionDriver`] | a user, or the application itself | tokens, and the [`TokenStore`] for them |
//!
//! Both are cheap to clone. A handler of a web server obtains the session of its user from [`Client::user`], which
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
//! * Redirects are not followed, because tokens must only be sent to Spotify. The library receives responses of every
//!   status.
//! * A body is at most [`MAX_BODY_LEN`] bytes after decompression; the rest is not read.
//! * A request ends at the deadline of its call, after 60 seconds at most.
//! * The future of a call may be dropped at any point. Token requests run in separate tasks, so that a refresh token
//!   that Spotify has replaced is still received and stored. Before the runtime ends, await
//!   [`Client::finish_token_work`].
//! * No request is sent with tokens that are not stored. If they cannot be stored, calls fail with
//!   [`Error::SaveTokens`], and later ones store them first.
//! * With a [`TokenFile`], several processes may use the tokens of one user: one of them requests new tokens, the
//!   others read them from the file. Implement [`TokenStore::lock`] to support this in a custom store.
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
