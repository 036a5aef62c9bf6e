//! Tests of the fake, and of recordings and their replay.

pub mod described_server;
pub mod fake_coverage;
pub mod leak_table;
pub mod leaks;
pub mod recordings;
