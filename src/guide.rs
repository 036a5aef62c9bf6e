//! Guides: one page for each task, with examples that the tests run.
//!
//! 1. [Getting started](getting_started): from an id to a typed album.
//! 2. [Logins](logins): log a user in, and keep the user logged in.
//! 3. [Errors](errors): every error, and what to do about it.
//! 4. [Lists](pages): read a list page by page or concurrently, and check that it is complete.
//! 5. [Limits](limits): 429 responses, the pace, budgets, retries.
//! 6. [Caching](caching): store responses and revalidate them.
//! 7. [Testing](testing): test a program without a network.
//! 8. [Many users](many_users): one process with a session per user.
//! 9. [Many processes](fleet): one application on several machines.
//! 10. [The step API](call_machine): run calls without the provided drivers.
//!
//! For programs that exist already: [from rspotify](from_rspotify) and [from version 0.1](migration).

#[doc = include_str!("guide/getting_started.md")]
pub mod getting_started {}

#[doc = include_str!("guide/logins.md")]
pub mod logins {}

#[doc = include_str!("guide/errors.md")]
pub mod errors {}

#[doc = include_str!("guide/pages.md")]
pub mod pages {}

#[doc = include_str!("guide/limits.md")]
pub mod limits {}

#[doc = include_str!("guide/caching.md")]
pub mod caching {}

#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[doc = include_str!("guide/many_users.md")]
pub mod many_users {}

#[doc = include_str!("guide/fleet.md")]
pub mod fleet {}

#[doc = include_str!("guide/call_machine.md")]
pub mod call_machine {}

#[doc = include_str!("guide/from_rspotify.md")]
pub mod from_rspotify {}

#[doc = include_str!("guide/migration.md")]
pub mod migration {}
