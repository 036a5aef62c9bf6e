//! The fake, recordings and their replay.

pub mod fake_coverage;
pub mod recordings;
