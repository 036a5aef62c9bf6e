//! Tests of the project itself: documentation, module layers and purity.

pub mod layers;
pub mod operations_table;
pub mod pages;
pub mod purity;
