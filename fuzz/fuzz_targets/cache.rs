//! Arbitrary histories of a stored response. `tests/cache/history.rs` describes the invariants and the form of an input.
//!
//! `cargo +nightly fuzz run cache`.

#![no_main]

#[path = "../../tests/cache/history.rs"]
mod history;
#[path = "../../tests/cache/model.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod model;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| history::check_bytes(bytes));
