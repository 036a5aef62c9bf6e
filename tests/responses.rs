//! Tests of responses: recordings, deviations and arbitrary bytes.

pub mod bad_input;
pub mod calendars;
pub mod call_properties;
pub mod fixtures;
pub mod fuzz_replay;
pub mod json_diff;
pub mod json_property;
pub mod known_losses;
pub mod parse_properties;
pub mod reading;
