//! What may be lost or changed when an answer is read and written again, each with its reason.
//!
//! An entry that nothing needs fails the test over the corpus, so the list stays as short as the truth.

/// What an exception allows.
#[derive(Debug, PartialEq)]
pub enum Allow {
    /// The value is not kept.
    Lost,
    /// The value is written under the newer name.
    Renamed(&'static str),
    /// The list is a set: order and repetition do not count.
    AsSet,
    /// A known word in another letter case is written in its own.
    Case,
    /// A number in a text, or in an object, is written as a number.
    Number,
    /// Another text with the same meaning is written.
    Rewritten,
}

/// Where something is allowed, and why.
#[derive(Debug)]
pub struct Exception {
    /// The end of the path `operation:.key.key[].key`.
    pub at: &'static str,
    pub allow: Allow,
    pub why: &'static str,
}

const fn allow(at: &'static str, allow: Allow, why: &'static str) -> Exception {
    Exception { at, allow, why }
}

pub const EXCEPTIONS: &[Exception] =
    &[allow(".available_markets", Allow::AsSet, "a market is in the list or not")];

/// Files of the corpus that are not what their row says, each with what is wrong.
pub const BROKEN: &[(&str, &str)] = &[];
