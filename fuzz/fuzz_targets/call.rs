//! Arbitrary histories of calls and token steps, with the invariants of `tests/simulation/scenario.rs`.
//!
//! `cargo +nightly fuzz run call`. Each byte of an input is a decision; see `tests/simulation/fuzz_call.rs`.

#![no_main]

#[path = "../../tests/simulation/fuzz_call.rs"]
mod fuzz_call;
#[path = "../../tests/simulation/scenario.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod scenario;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz_call::check_bytes(bytes));
