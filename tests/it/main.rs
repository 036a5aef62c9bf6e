//! The integration tests, in one binary.

#![allow(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what tests are for"
)]
#![allow(unreachable_pub, reason = "`pub` tells what a file has for the others; nothing leaves this binary")]

mod adopt;
mod answer_calls;
mod answers;
mod bad_input;
mod browser;
mod building;
mod cache_adapter;
mod cache_calls;
mod cache_corpus;
mod cache_history;
mod cache_model;
mod cache_property;
mod cache_table;
mod calendars;
mod callbacks;
mod compare;
mod conformance;
mod corpus;
mod current;
mod decoding;
mod docs;
mod driver_hooks;
mod drivers;
mod exceptions;
mod exploration;
mod fake_caching;
mod fixtures;
mod fleet;
mod fuzz_call;
mod goldens;
mod inspect;
mod languages;
mod layers;
mod limits;
mod login;
mod machine;
mod model;
mod oauth2_peer;
mod pacing;
mod parameters;
mod player_errors;
mod programs;
mod purity;
mod reading;
mod recordings;
mod references;
mod requests;
mod retries;
mod scenario;
mod secrets;
mod shared_limits;
mod simulation;
mod source;
mod stored;
mod support;
mod texts;
mod token_steps;
mod tokens;
mod transcripts;
