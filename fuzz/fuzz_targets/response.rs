//! Any bytes as a response of any operation; `tests/it/answers.rs` and `answer_calls.rs` say what must hold.
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

#[path = "../../tests/it/answer_calls.rs"]
mod answer_calls;
#[path = "../../tests/it/answers.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod answers;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| answer_calls::check_bytes(bytes));
