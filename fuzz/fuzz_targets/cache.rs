//! Any history of a stored answer; `tests/it/cache_history.rs` says what must hold, and how an input is written.
//!
//! `cargo +nightly fuzz run cache`.

#![no_main]

#[path = "../../tests/it/cache_history.rs"]
mod cache_history;
#[path = "../../tests/it/cache_model.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod cache_model;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cache_history::check_bytes(bytes));
