//! Tests of the provided drivers.

pub mod drivers;
pub mod hooks;
