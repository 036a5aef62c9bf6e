//! Any value of any operation as a request; `tests/it/requests.rs` says what must hold, and how an input is written.
//!
//! `cargo +nightly fuzz run request`.

#![no_main]

#[path = "../../tests/it/requests.rs"]
mod requests;
#[path = "../../tests/it/texts.rs"]
mod texts;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| requests::check_bytes(bytes));
