//! Drivers, which run calls to completion in blocking and async programs.
//!
//! A program implements methods that send a request, sleep, read the clock, and give access to the [`App`] and the
//! [`Session`](crate::Session). The provided methods execute the steps of a call: they request and save tokens, retry,
//! wait, read lists, and use a response store if there is one. The traits do no I/O themselves.
//!
//! | | blocking | async |
//! |---|---|---|
//! | trait | [`Driver`], ready-made for one thread: [`LocalDriver`] | [`AsyncDriver`] |
//! | one call | [`call`](Driver::call), [`reply`](Driver::reply) | [`call`](AsyncDriver::call), [`reply`](AsyncDriver::reply) |
//! | a list | [`pages`](Driver::pages), [`items`](Driver::items), [`collect`](Driver::collect) | [`pages`](AsyncDriver::pages), [`prefetch`](AsyncDriver::prefetch), [`collect`](AsyncDriver::collect) |
//!
//! Guarantees:
//!
//! * The state is borrowed only during a step, which takes a few microseconds, and never while a request is sent, a
//!   token is saved or a body is decoded.
//! * The future of an async call can be dropped at any point. Token requests run in a separate task
//!   ([`detach`](AsyncDriver::detach)), so that a rotated refresh token is still received and saved.
//! * Every result of the transport is passed to the call. After a lost response, the call retries the request if that
//!   is safe.

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

/// An error of a call that a driver runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error<E> {
    /// The call failed. Spotify rejected the request, or one of the application's limits was exceeded.
    Spotify(SpotifyError),
    /// The transport failed, and the request must not be sent again.
    Transport(E),
    /// Stored tokens could not be loaded. No token request was sent.
    Load(E),
    /// New tokens could not be saved. The session keeps the tokens, and a later step saves them again.
    Save(E),
}

impl<E> Error<E> {
    /// Returns the error of the call; `None` if the transport or the token store failed.
    #[must_use]
    pub fn as_spotify(&self) -> Option<&SpotifyError> {
        match self {
            Self::Spotify(error) => Some(error),
            Self::Transport(_) | Self::Load(_) | Self::Save(_) => None,
        }
    }
}

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> Error<E> {
    /// Converts the error into a boxed error. `E` may itself be a boxed error, which does not implement `Error`.
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
    /// The call waits for a delay.
    Wait(CallInfo, Delay),
    /// The call needs a token, and a token step begins.
    Authorize(CallInfo),
    /// A request to the accounts service is sent.
    SendTokenRequest,
}

/// A call and its key in the response store.
struct Keyed<T> {
    call: Call<T>,
    key: Option<Key>,
}

impl<T> Keyed<T> {
    fn new(call: Call<T>, app: &App, partition: Option<&str>) -> Self {
        let key = partition.and_then(|partition| call.key(app, partition));
        Self { call, key }
    }

    /// Returns the fresh reply, or the call that sends the request.
    fn look_up(self, entry: Option<Entry>, now: std::time::SystemTime) -> (Cached<T>, Option<Key>) {
        match &self.key {
            Some(key) => (self.call.cached(key, entry, now), self.key),
            None => (Cached::Call(self.call), None),
        }
    }
}

/// Returns whether the reply requires a change to the store.
fn is_stored<T>(reply: &Reply<T>) -> bool {
    !matches!(reply.store, crate::cache::StoreAction::Keep)
}
