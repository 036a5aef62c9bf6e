//! Tests of the cache: policies, entries, and calls with stored responses.

pub mod adapter;
pub mod against_the_fake;
pub mod bounds;
pub mod calls;
pub mod fuzz_replay;
pub mod history;
pub mod model;
pub mod property;
pub mod table;
