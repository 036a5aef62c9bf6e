//! Histories of calls and sessions by a fuzzer's bytes: the first says which world, each further one a decision in it.
//!
//! The fuzz target `call` includes this file by path, beside `scenario.rs`.

use super::scenario::{Bytes, Failure, calls, tokens};

/// A world, and the history of some decisions in it.
type World = fn(&mut Bytes<'_>, bool) -> Result<(), Failure>;

const WORLDS: &[World] = &[
    |bytes, is_told| tokens::run(bytes, is_told).map(drop),
    |bytes, is_told| calls::run(bytes, is_told).map(drop),
];

/// Lets the history of an input happen, and tells it where an invariant does not hold.
pub fn check_bytes(bytes: &[u8]) {
    let (first, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let world = WORLDS[usize::from(*first) % WORLDS.len()];
    if let Err(failure) = world(&mut Bytes(rest), false) {
        let told = world(&mut Bytes(rest), true).err().map(|it| it.transcript).unwrap_or_default();
        panic!("{}\n{}", failure.message, told.join("\n"));
    }
}
