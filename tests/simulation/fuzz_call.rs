//! Executes histories from the bytes of a fuzzer: the first byte selects the environment, and each of the other bytes
//! is a decision.
//!
//! The fuzz target `call` includes this file and `scenario.rs` by path.

use super::scenario::{Bytes, Failure, calls, tokens};

/// Executes one history in an environment.
type Run = fn(&mut Bytes<'_>, bool) -> Result<(), Failure>;

const ENVIRONMENTS: &[Run] = &[
    |bytes, is_traced| tokens::run(bytes, is_traced).map(drop),
    |bytes, is_traced| calls::run(bytes, is_traced).map(drop),
];

/// Executes the history that is encoded in an input.
///
/// # Panics
///
/// Panics with the transcript if an invariant is violated.
pub fn check_bytes(bytes: &[u8]) {
    let (first, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let run = ENVIRONMENTS[usize::from(*first) % ENVIRONMENTS.len()];
    if let Err(failure) = run(&mut Bytes(rest), false) {
        let transcript = run(&mut Bytes(rest), true).err().map(|it| it.transcript).unwrap_or_default();
        panic!("{}\n{}", failure.message, transcript.join("\n"));
    }
}
