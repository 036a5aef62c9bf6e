//! The integration tests, in one binary.

#![allow(
    clippy::cast_possible_truncation,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what tests are for"
)]
#![allow(unreachable_pub, reason = "`pub` tells what a file has for the others; nothing leaves this binary")]

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
