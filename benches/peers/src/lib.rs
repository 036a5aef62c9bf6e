//! Comparison of the library with other crates that decode the same API, and with lower bounds for any decoder.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml` prints all figures with their goals and draws
//! `docs/figures.svg`.
//!
//! Contenders alternate in each round, so that a temporary slowdown of the machine affects all of them. A time is the
//! median of all rounds, and a ratio is the median of the ratios of all rounds. Each reader decodes in the same way as
//! its own client, from bytes in memory to a value that is dropped.

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
