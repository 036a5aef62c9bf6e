//! Histories of calls and sessions, decided by a [`DecisionSource`].
//!
//! A decision source returns the numbers that decide what happens next, so a seed determines a history, and so do the
//! bytes of a fuzzer. Only the public API of the library is used here.

// The paths are explicit because a fuzz target includes this file by path.
#[path = "scenario/calls.rs"]
pub mod calls;
#[path = "scenario/tokens.rs"]
pub mod tokens;

/// The size of a history.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Size {
    /// Up to 90 jobs, or 50 calls: rare events meet one another.
    Full,
    /// A few jobs or calls. The kinds of events are the same: a fuzzer looks for the decisions that reach them, and it
    /// has to execute many histories.
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

/// Decisions of a small history from bytes, one byte each. After the last byte, no rare event happens.
pub struct Bytes<'a>(pub &'a [u8]);

/// Pseudo-random bytes for [`Bytes`], the same for the same seed.
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

/// An invariant that did not hold, and the events before it.
#[derive(Debug)]
pub struct Failure {
    pub message: String,
    /// One line for each event; empty unless it was requested.
    pub transcript: Vec<String>,
}
