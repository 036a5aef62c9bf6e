//! The project itself: documentation, module layers and purity.

pub mod layers;
pub mod pages;
pub mod purity;
