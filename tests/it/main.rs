//! The integration tests, in one binary.

#![allow(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what tests are for"
)]

mod answers;
mod conformance;
mod goldens;
mod inspect;
mod layers;
mod purity;
mod source;
