//! The project itself: documentation, layers, purity, programs.

pub mod layers;
pub mod operations_table;
pub mod pages;
pub mod purity;
