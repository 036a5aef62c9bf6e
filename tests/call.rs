//! Tests of calls: retries, limits, delays, languages and the transition table of the call machine.

pub mod call_transitions;
pub mod languages;
pub mod limits;
pub mod memory;
pub mod pacing;
pub mod pager;
pub mod policies;
pub mod retries;
pub mod shared_limits;
pub mod transcripts;
