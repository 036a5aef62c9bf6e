//! Guides: how things are done with this crate, one page each, every example run by the tests.

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
