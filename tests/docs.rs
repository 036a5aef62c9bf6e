//! The project itself: documentation, layers, purity, programs.

pub mod layers;
pub mod pages;
pub mod purity;
