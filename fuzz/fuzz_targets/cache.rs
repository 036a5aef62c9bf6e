//! Any history of a stored answer; `tests/cache/history.rs` says what must hold, and how an input is written.
//!
//! `cargo +nightly fuzz run cache`.

#![no_main]

#[path = "../../tests/cache/history.rs"]
mod history;
#[path = "../../tests/cache/model.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod model;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| history::check_bytes(bytes));
