//! The library beside others that read the same API, and beside floors that no reader gets below.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml` prints all figures with their goals and draws
//! `docs/figures.svg`.
//!
//! Contenders take turns in each round, so that a slow moment of the machine meets them all. A time is the median of
//! the rounds, a ratio the median of the rounds' ratios. Each reader reads as its own client does, from bytes in
//! memory to a value that is dropped.

pub mod allocations;
pub mod bodies;
pub mod call_overhead;
pub mod chart;
pub mod decode;
pub mod derived;
pub mod families;
pub mod measure;
pub mod prefetch;
pub mod readers;
pub mod recorded;
pub mod report;
pub mod requests;
