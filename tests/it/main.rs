//! The integration tests, in one binary.

#![allow(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what tests are for"
)]
#![allow(unreachable_pub, reason = "`pub` tells what a file has for the others; nothing leaves this binary")]

mod answers;
mod bad_input;
mod cache_adapter;
mod cache_calls;
mod cache_corpus;
mod cache_property;
mod cache_table;
mod compare;
mod conformance;
mod corpus;
mod current;
mod docs;
mod exceptions;
mod fake_caching;
mod fixtures;
mod goldens;
mod inspect;
mod layers;
mod login;
#[path = "../../examples/shared/loopback.rs"]
mod loopback;
mod model;
mod oauth2_peer;
mod purity;
mod scenario;
mod secrets;
mod source;
mod transcripts;
