//! Test support for programs that use [`spotify-proto`](spotify_proto), without a network.
//!
//! * [`fake`]: the Spotify Web API and its accounts service as a pure function of requests and time.
//! * [`recording`]: exchanges stored as files without secrets, and the replay of such files.
//! * [`fixture`]: handwritten responses, parsed strictly; it finds typing errors with [`unread_fields`].
//! * `loopback`, with the feature of that name: the fake on a loopback socket, for tests of drivers.
//!
//! The testing page of the `spotify-proto` guide shows how to use each of them.

#![forbid(unsafe_code)]

pub mod fake;
pub mod fixture;
#[cfg(feature = "loopback")]
pub mod loopback;
pub mod recording;
pub mod unread_fields;

mod encoding;
mod time;
