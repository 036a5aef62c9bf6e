//! Arbitrary bytes as responses of all operations. `tests/responses/parse_properties.rs` and `call_properties.rs`
//! describe the invariants.
//!
//! `cargo +nightly fuzz run response`. An input is readable text:
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
#[allow(dead_code, reason = "the tests use the rest")]
mod parse_properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| call_properties::check_bytes(bytes));
