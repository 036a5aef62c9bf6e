//! Histories of calls and sessions, determined by a [`DecisionSource`].
//!
//! A decision source returns the numbers that determine every event, so that a seed or the input of a fuzzer determines
//! a history. This module uses only the public API of the library.

// The paths are explicit because a fuzz target includes this file by path.
#[path = "scenario/calls.rs"]
pub mod calls;
#[path = "scenario/tokens.rs"]
pub mod tokens;

/// The size of a history.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Size {
    /// Up to 90 jobs or 50 calls, so that combinations of rare events occur.
    Full,
    /// A few jobs or calls with the same kinds of events. This size is for fuzzers, which search for rare events by
    /// executing many histories.
    Small,
}

/// The source of a history's decisions.
pub trait DecisionSource {
    /// The size of the history.
    fn size(&self) -> Size {
        Size::Full
    }

    /// Returns whether no decisions are left, so that the history may end.
    fn is_exhausted(&self) -> bool {
        false
    }

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
        usize::try_from(self.below(len as u64)).expect("expected an index")
    }
}

/// Pseudo-random decisions (SplitMix64), determined by a seed.
pub struct Seeded(pub u64);

impl DecisionSource for Seeded {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % n
    }
}

/// Decisions of a small history, one per byte. After the last byte, no rare events happen.
pub struct Bytes<'a>(pub &'a [u8]);

/// Pseudo-random bytes for [`Bytes`], determined by a seed.
pub fn some_bytes(seed: u64) -> Vec<u8> {
    let mut decisions = Seeded(seed);
    let length = decisions.below(400);
    (0..length).map(|_| u8::try_from(decisions.below(256)).expect("expected a byte")).collect()
}

impl DecisionSource for Bytes<'_> {
    fn size(&self) -> Size {
        Size::Small
    }

    fn is_exhausted(&self) -> bool {
        self.0.is_empty()
    }

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

/// The violated invariant and the preceding events.
#[derive(Debug)]
pub struct Failure {
    pub message: String,
    /// One line per event; empty unless tracing was requested.
    pub transcript: Vec<String>,
}
