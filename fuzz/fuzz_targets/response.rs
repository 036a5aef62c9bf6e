//! Any bytes as a response of any operation; `tests/responses/parse_properties.rs` and `call_properties.rs` say what must hold.
//!
//! `cargo +nightly fuzz run response`. An input is text that can be read and written by hand:
//!
//! ```text
//! get-an-album 429
//! retry-after: 5
//!
//! {"error": …}
//! ```

#![no_main]

#[path = "../../tests/responses/call_properties.rs"]
mod call_properties;
#[path = "../../tests/responses/parse_properties.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod parse_properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| call_properties::check_bytes(bytes));
