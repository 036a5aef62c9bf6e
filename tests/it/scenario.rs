//! Histories that a chooser decides: of the tokens of one session, and of the calls of many.
//!
//! A [`Chooser`] gives the numbers that decide what happens next, so a seed is a history, and so are a fuzzer's bytes.
//! Nothing here uses more than the public API of the library.

// The paths are written out because a fuzz target includes this file by its path, too.
#[path = "scenario/calls.rs"]
pub mod calls;
#[path = "scenario/tokens.rs"]
pub mod tokens;

/// Where the decisions of a history come from.
pub trait Chooser {
    /// A number below `n`, which is not zero.
    fn below(&mut self, n: u64) -> u64;

    /// Whether something that happens once in `n` times happens now.
    fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// One of these.
    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).expect("an index")]
    }
}

/// Decisions by chance (SplitMix64), the same for the same seed.
pub struct Seeded(pub u64);

impl Chooser for Seeded {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % n
    }
}

/// Decisions by bytes, one each; when they are used up nothing rare happens any more.
pub struct Bytes<'a>(pub &'a [u8]);

impl Chooser for Bytes<'_> {
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

/// Which invariant did not hold, and what happened before.
#[derive(Debug)]
pub struct Failure {
    pub message: String,
    /// A line for each event; empty unless it was asked for.
    pub transcript: Vec<String>,
}
