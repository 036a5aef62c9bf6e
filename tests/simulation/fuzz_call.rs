//! Histories from the bytes of a fuzzer: the first byte selects the environment, each further byte is a decision.
//!
//! The fuzz target `call` includes this file by path, beside `scenario.rs`.

use super::scenario::{Bytes, Failure, calls, tokens};

/// Executes one history in an environment.
type Run = fn(&mut Bytes<'_>, bool) -> Result<(), Failure>;

const ENVIRONMENTS: &[Run] = &[
    |bytes, is_told| tokens::run(bytes, is_told).map(drop),
    |bytes, is_told| calls::run(bytes, is_told).map(drop),
];

/// Executes the history of an input.
///
/// # Panics
///
/// If an invariant does not hold; the message contains the transcript.
pub fn check_bytes(bytes: &[u8]) {
    let (first, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let run = ENVIRONMENTS[usize::from(*first) % ENVIRONMENTS.len()];
    if let Err(failure) = run(&mut Bytes(rest), false) {
        let told = run(&mut Bytes(rest), true).err().map(|it| it.transcript).unwrap_or_default();
        panic!("{}\n{}", failure.message, told.join("\n"));
    }
}
