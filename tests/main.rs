//! The integration tests, compiled into one binary.

#![allow(
    clippy::cast_possible_truncation,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]
#![allow(unreachable_pub, reason = "`pub` items are used by other test modules, but nothing is exported")]

mod api;
mod auth;
mod cache;
mod call;
mod docs;
mod driver;
mod fake;
mod responses;
mod simulation;
mod support;
