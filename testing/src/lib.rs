//! Tests of programs that use [`spotify-proto`](spotify_proto), without a network.
//!
//! * [`fake`]: the Spotify Web API and its accounts service as a pure function of requests and time.
//! * [`recording`]: exchanges as files without secrets, and a replay of such files.
//! * [`fixture`]: responses written by hand, parsed strictly; [`unread_fields`] is what it finds typing errors with.
//! * `loopback`, with the feature of that name: the fake behind a loopback socket, for drivers.
//!
//! The guide of `spotify-proto` has a page about testing that shows each of them.

#![forbid(unsafe_code)]

pub mod fake;
pub mod fixture;
#[cfg(feature = "loopback")]
pub mod loopback;
pub mod recording;
pub mod unread_fields;

mod encoding;
mod time;
