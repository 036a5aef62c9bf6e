//! Simulated applications: random histories, exhaustive exploration, invariants.

pub mod exploration;
pub mod fuzz_call;
pub mod histories;
pub mod scenario;
pub mod seeds;
