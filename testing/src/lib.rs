//! Test support for programs that use [`spotify-proto`](spotify_proto), without network access.
//!
//! * [`fake`]: the Spotify Web API and the accounts service as a pure function of requests and time.
//! * [`recording`]: stores exchanges as files without secrets, and replays these files.
//! * [`fixture`]: parses handwritten responses strictly; it detects misspelled field names with [`unread_fields`].
//! * `loopback` (requires the feature `loopback`): serves the fake on a loopback socket, for tests of drivers.
//!
//! The testing page of the `spotify-proto` guide shows how to use these modules.

#![forbid(unsafe_code)]

pub mod fake;
pub mod fixture;
#[cfg(feature = "loopback")]
pub mod loopback;
pub mod recording;
pub mod unread_fields;

mod encoding;
mod time;
