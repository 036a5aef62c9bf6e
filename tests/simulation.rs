//! Tests with simulated applications: random histories and exhaustive exploration, with invariants.

pub mod exploration;
pub mod fuzz_call;
pub mod histories;
pub mod scenario;
pub mod seeds;
