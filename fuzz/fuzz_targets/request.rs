//! Any value of any operation as a request; `tests/api/requests.rs` says what must hold, and how an input is written.
//!
//! `cargo +nightly fuzz run request`.

#![no_main]

#[path = "../../tests/api/inputs.rs"]
mod inputs;
#[path = "../../tests/api/requests.rs"]
mod requests;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| requests::check_bytes(bytes));
