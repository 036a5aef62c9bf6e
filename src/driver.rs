//! The loop that drives calls, for programs that block and for async ones.
//!
//! A program says how it sends a request, sleeps, and reads the clock, and where it keeps the [`App`] and the
//! [`Session`](crate::Session); the provided methods do the rest: they follow the steps of a call, request and save tokens, retry,
//! wait, read lists, and use a store of responses if there is one. The traits do no I/O themselves.
//!
//! | | blocking | async |
//! |---|---|---|
//! | trait | [`Driver`], ready-made for one thread: [`LocalDriver`] | [`AsyncDriver`] |
//! | one call | [`call`](Driver::call), [`reply`](Driver::reply) | [`call`](AsyncDriver::call), [`reply`](AsyncDriver::reply) |
//! | a list | [`pages`](Driver::pages), [`items`](Driver::items), [`collect`](Driver::collect) | [`pages`](AsyncDriver::pages), [`prefetch`](AsyncDriver::prefetch), [`collect`](AsyncDriver::collect) |
//!
//! What they guarantee:
//!
//! * The state is borrowed only for as long as a step takes, microseconds. No request is sent, no token is saved and no
//!   body is decoded meanwhile.
//! * The future of an async call may be dropped at any point. Token work runs in a task of its own
//!   ([`detach`](AsyncDriver::detach)), so that a refresh token that the server has rotated is read and saved.
//! * Every result of the transport reaches the call machine: a lost response is retried where that is safe.

mod blocking;
mod local;
mod nonblocking;
mod pages;

use std::fmt;

use crate::app::App;
use crate::cache::{Entry, Key};
use crate::call::{Cached, Call, CallInfo, Reply};
use crate::error::Error as SpotifyError;
use crate::types::delay::Delay;

pub use blocking::Driver;
pub use local::LocalDriver;
pub use nonblocking::AsyncDriver;
pub use pages::{AsyncPages, Collected, Items, Pages, Prefetch};

/// Error of a call that a driver runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error<E> {
    /// The call failed: Spotify rejected it, or one of the application's limits did.
    Spotify(SpotifyError),
    /// The transport failed, and the request may not be sent again.
    Transport(E),
    /// Stored tokens could not be loaded. No token request was sent.
    Load(E),
    /// New tokens could not be saved. The session keeps them and hands them out again.
    Save(E),
}

impl<E> Error<E> {
    /// The error of the call, if it is one.
    #[must_use]
    pub fn as_spotify(&self) -> Option<&SpotifyError> {
        match self {
            Self::Spotify(error) => Some(error),
            Self::Transport(_) | Self::Load(_) | Self::Save(_) => None,
        }
    }
}

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> Error<E> {
    /// The error as a boxed one, also where `E` is a boxed error itself.
    #[must_use]
    pub fn into_boxed(self) -> Box<dyn std::error::Error + Send + Sync> {
        match self {
            Self::Spotify(error) => error.into(),
            Self::Transport(error) | Self::Load(error) | Self::Save(error) => error.into(),
        }
    }
}

impl<E> From<SpotifyError> for Error<E> {
    fn from(error: SpotifyError) -> Self {
        Self::Spotify(error)
    }
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spotify(error) => error.fmt(f),
            Self::Transport(_) => f.write_str("request failed"),
            Self::Load(_) => f.write_str("could not load the stored tokens"),
            Self::Save(_) => f.write_str("could not save the new tokens"),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Spotify(error) => std::error::Error::source(error),
            Self::Transport(error) | Self::Load(error) | Self::Save(error) => Some(error),
        }
    }
}

/// An action of a driver, for logs and metrics.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A request of the call is sent.
    Send(CallInfo),
    /// The call waits.
    Wait(CallInfo, Delay),
    /// The call needs a token, and token work begins.
    Authorize(CallInfo),
    /// A request to the accounts service is sent.
    SendTokenRequest,
}

/// A call and its place in the store of responses.
struct Keyed<T> {
    call: Call<T>,
    key: Option<Key>,
}

impl<T> Keyed<T> {
    fn new(call: Call<T>, app: &App, partition: Option<&str>) -> Self {
        let key = partition.and_then(|partition| call.key(app, partition));
        Self { call, key }
    }

    /// The fresh reply, or the call that asks the server.
    fn look_up(self, entry: Option<Entry>, now: std::time::SystemTime) -> (Cached<T>, Option<Key>) {
        match &self.key {
            Some(key) => (self.call.cached(key, entry, now), self.key),
            None => (Cached::Call(self.call), None),
        }
    }
}

/// Returns what is left to store of a reply.
fn is_stored<T>(reply: &Reply<T>) -> bool {
    !matches!(reply.store, crate::cache::StoreAction::Keep)
}
