//! Histories of calls and sessions, decided by a [`DecisionSource`].
//!
//! A decision source returns the numbers that decide what happens next, so a seed determines a history, and so do the
//! bytes of a fuzzer. Only the public API of the library is used here.

// The paths are explicit because a fuzz target includes this file by path.
#[path = "scenario/calls.rs"]
pub mod calls;
#[path = "scenario/tokens.rs"]
pub mod tokens;

/// The source of a history's decisions.
pub trait DecisionSource {
    /// Returns a number below `n`, which is not zero.
    fn below(&mut self, n: u64) -> u64;

    /// Returns whether an event with a probability of 1 in `n` happens.
    fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// Returns one of the values.
    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.index(of.len())]
    }

    /// Returns an index into a list of this length, which is not zero.
    fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).expect("an index")
    }
}

/// Pseudo-random decisions (SplitMix64), the same for the same seed.
pub struct Seeded(pub u64);

impl DecisionSource for Seeded {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % n
    }
}

/// Decisions from bytes, one byte each. After the last byte, no rare event happens.
pub struct Bytes<'a>(pub &'a [u8]);

impl DecisionSource for Bytes<'_> {
    fn below(&mut self, n: u64) -> u64 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                u64::from(*first) % n
            }
            None => n - 1,
        }
    }
}

/// An invariant that did not hold, and the events before it.
#[derive(Debug)]
pub struct Failure {
    pub message: String,
    /// One line for each event; empty unless it was requested.
    pub transcript: Vec<String>,
}
