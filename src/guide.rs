//! Guides: how things are done with this crate, one page each, every example run by the tests.
//!
//! 1. [Getting started](getting_started): from an id to a typed album.
//! 2. [Errors](errors): what to do about each.
//! 3. [Pages](pages): lists, one page after another or side by side.
//! 4. [Limits](limits): what a 429 closes, and how to stay below it.
//! 5. [Caching](caching): ETags, and a store of yours.
#![cfg_attr(feature = "fake", doc = "6. [Testing](testing): without a network.")]
#![cfg_attr(feature = "fake", doc = "7. [Several processes](fleet): one application on many machines.")]
//!
//! Beside these: what is [different from rspotify](from_rspotify), call by call, and the [call machine](call_machine) with
//! every state and event.

#[doc = include_str!("guide/getting_started.md")]
pub mod getting_started {}

#[doc = include_str!("guide/pages.md")]
pub mod pages {}

#[doc = include_str!("guide/errors.md")]
pub mod errors {}

#[doc = include_str!("guide/limits.md")]
pub mod limits {}

#[doc = include_str!("guide/caching.md")]
pub mod caching {}

#[doc = include_str!("guide/from_rspotify.md")]
pub mod from_rspotify {}

#[cfg(feature = "fake")]
#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[cfg(feature = "fake")]
#[doc = include_str!("guide/fleet.md")]
pub mod fleet {}

#[doc = include_str!("guide/call_machine.md")]
pub mod call_machine {}
