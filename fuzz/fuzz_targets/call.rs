//! Any history of calls that share a session; `tests/it/scenario.rs` says what must hold.
//!
//! `cargo +nightly fuzz run call`. An input is decisions, a byte each, which `tests/it/histories.rs` hands out.

#![no_main]

#[path = "../../tests/it/histories.rs"]
mod histories;
#[path = "../../tests/it/scenario.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod scenario;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| histories::check_bytes(bytes));
