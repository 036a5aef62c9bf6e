//! The project itself: documentation, layers, purity, programs.

pub mod examples;
pub mod fleet;
pub mod inspect;
pub mod layers;
pub mod pages;
pub mod purity;
