//! Tests of the fake, of recordings and of their replay.

pub mod described_server;
pub mod fake_coverage;
pub mod leak_table;
pub mod leaks;
pub mod recordings;
