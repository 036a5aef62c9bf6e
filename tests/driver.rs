//! The provided drivers.

pub mod drivers;
pub mod hooks;
