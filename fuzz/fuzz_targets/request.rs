//! Arbitrary requests of all operations. `tests/api/requests.rs` describes the invariants and the form of an input.
//!
//! `cargo +nightly fuzz run request`.

#![no_main]

#[path = "../../tests/api/inputs.rs"]
mod inputs;
#[path = "../../tests/api/requests.rs"]
mod requests;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| requests::check_bytes(bytes));
