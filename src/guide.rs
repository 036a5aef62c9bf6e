//! Guides: one page per task, with tested examples.
//!
//! | task | page |
//! |---|---|
//! | Request an album with your HTTP client | [Getting started](getting_started) |
//! | Log a user in and keep the user logged in | [Logins](logins) |
//! | Handle errors | [Errors](errors) |
//! | Read a list page by page or concurrently, and check that it is complete | [Lists](pages) |
//! | Stay below rate limits and quotas, and limit retries | [Rate limits](limits) |
//! | Store responses and revalidate them | [Caching](caching) |
//! | Test your program without a network | [Testing](testing) |
//! | Serve many users in one process | [Many users](many_users) |
//! | Run one application in many processes | [Many processes](fleet) |
//! | Migrate from rspotify | [From rspotify](from_rspotify) |
//! | Call an operation that this crate does not provide | [Custom endpoints](own_endpoint) |
//! | Run calls without a driver | [The step API](call_machine) |
//! | Upgrade from version 0.1.0 | [Migration](migration) |

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

#[doc = include_str!("guide/from_rspotify.md")]
pub mod from_rspotify {}

#[doc = include_str!("guide/own_endpoint.md")]
pub mod own_endpoint {}

#[doc = include_str!("guide/call_machine.md")]
pub mod call_machine {}

#[doc = include_str!("guide/migration.md")]
pub mod migration {}
