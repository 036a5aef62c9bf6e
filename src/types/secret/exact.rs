//! A search for known secrets in text from servers and other programs.
//!
//! Only ASCII letters and digits are compared, ignoring case, after percent, JSON and HTML escapes are decoded. A
//! secret is therefore also found if punctuation or white space splits it. The base64 forms of a secret are searched
//! for in the same way. The search is linear in the length of the text.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::Secret;

/// The secrets of a session and its application, which must not appear in output such as logs.
///
/// [`Session::secrets`](crate::Session::secrets) returns this value.
#[derive(Clone, Debug, Default)]
pub struct KnownSecrets(Vec<Secret>);

impl KnownSecrets {
    pub(crate) fn extend<'a>(&mut self, secrets: impl IntoIterator<Item = &'a Secret>) {
        self.0.extend(secrets.into_iter().cloned());
    }

    /// Prepares a search for the secrets.
    #[must_use]
    pub fn matcher(&self) -> SecretMatcher {
        let mut matcher = SecretMatcher::default();
        self.add_to(&mut matcher);
        matcher
    }

    /// Adds the secrets to a matcher.
    pub fn add_to(&self, matcher: &mut SecretMatcher) {
        matcher.extend(self.0.iter().map(Secret::expose));
    }
}

/// A prepared search for secrets in text from servers and other programs. The default value matches nothing.
///
/// A secret is found in any letter case, and also if it is percent-encoded, JSON-escaped, HTML-escaped or
/// base64-encoded. A part of a secret is found if it has at least 12 letters and digits. The search is linear in the
/// length of the text.
///
/// ```
/// use spotify_proto::SecretMatcher;
///
/// let mut matcher = SecretMatcher::default();
/// matcher.insert("NgCXRKc4MzYjw0bqLd3");
/// assert!(matcher.is_match("rejected: ngcxrkc4-mzyj-w0bq"));
/// assert_eq!(matcher.redact("token NgCXRKc4MzYjw0bqLd3 rejected"), "token … rejected");
/// ```
#[derive(Clone, Default)]
pub struct SecretMatcher {
    /// For each length from [`SHORTEST`] to [`PART`], the runs of letters and digits that are secrets of this length,
    /// or parts of longer ones, as numbers.
    runs: [BTreeSet<u64>; LENGTHS],
}

/// Omits the secrets.
impl fmt::Debug for SecretMatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretMatcher(..)")
    }
}

/// Minimum number of letters and digits of a secret: a shorter secret could be an ordinary word.
const SHORTEST: u8 = 8;

/// Maximum number of letters and digits of a secret that are compared.
const LONGEST: usize = 4096;

/// Number of consecutive letters and digits that identify a part of a longer secret.
const PART: u8 = 12;

/// Number of lengths from [`SHORTEST`] to [`PART`].
const LENGTHS: usize = (PART - SHORTEST) as usize + 1;

impl SecretMatcher {
    /// Adds a secret. A secret with fewer than eight letters and digits is ignored.
    pub fn insert(&mut self, secret: &str) {
        self.extend([secret]);
    }

    fn extend<'a>(&mut self, secrets: impl IntoIterator<Item = &'a str>) {
        let mut new: [Vec<u64>; LENGTHS] = Default::default();
        for secret in secrets {
            push_form(secret, &mut new);
            // In the base64 encoding of a longer text, the secret begins at one of three positions in a group, and its
            // last group depends on the text that follows.
            for skipped in 0..3 {
                let Some(rest) = secret.as_bytes().get(skipped..) else { continue };
                let mut encoded = STANDARD_NO_PAD.encode(rest);
                encoded.truncate(rest.len() / 3 * 4);
                push_form(&encoded, &mut new);
            }
        }
        for (runs, new) in self.runs.iter_mut().zip(new) {
            if runs.is_empty() {
                // Creating a set is faster than inserting one by one.
                *runs = new.into_iter().collect();
            } else {
                runs.extend(new);
            }
        }
    }

    /// Returns whether the text contains a secret or a part of one.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        !self.find(text).is_empty()
    }

    /// Returns the text with an ellipsis in place of each secret.
    #[must_use]
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let found = self.find(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        for range in found {
            out.push_str(text.get(at..range.start).unwrap_or_default());
            out.push('…');
            at = range.end;
        }
        out.push_str(text.get(at..).unwrap_or_default());
        Cow::Owned(out)
    }

    /// Returns the ranges of the text that contain a secret, in ascending order and without overlaps.
    fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        if self.runs.iter().all(BTreeSet::is_empty) {
            return found;
        }
        let mut last = LastLetters::default();
        for letter in Letters::new(text) {
            last.push(&letter);
            for (len, runs) in (SHORTEST..=PART).zip(&self.runs).filter(|(_, runs)| !runs.is_empty()) {
                if last.run(len).is_some_and(|run| runs.contains(&run)) {
                    add(&mut found, last.start(len)..letter.range.end);
                }
            }
        }
        found
    }
}

/// Appends the runs of a text to the list for their length.
fn push_form(text: &str, [shorter @ .., parts]: &mut [Vec<u64>; LENGTHS]) {
    let mut last = LastLetters::default();
    for letter in Letters::new(text).take(LONGEST) {
        last.push(&letter);
        parts.extend(last.run(PART));
    }
    // A text that is shorter than a part is a single run.
    if let Some((len, runs)) = (SHORTEST..).zip(shorter).find(|(len, _)| usize::from(*len) == last.count) {
        runs.extend(last.run(len));
    }
}

/// Adds a range, whose end is not before that of the last range, and joins it with the ranges that it touches.
fn add(ranges: &mut Vec<Range<usize>>, mut range: Range<usize>) {
    while let Some(last) = ranges.last().filter(|last| last.end >= range.start) {
        range.start = range.start.min(last.start);
        ranges.pop();
    }
    ranges.push(range);
}

/// Number of letters and digits, ignoring case.
const RADIX: u32 = 36;

/// Returns the number of runs of this length.
fn run_count(len: u8) -> u64 {
    u64::from(RADIX).pow(u32::from(len))
}

/// The last letters and digits of a text, at most [`PART`].
#[derive(Default)]
struct LastLetters {
    count: usize,
    /// The letters as the digits of a number, so that runs of letters are compared like numbers.
    number: u64,
    /// The positions of the letters in the text, in a circular buffer.
    starts: [usize; PART as usize],
}

impl LastLetters {
    fn push(&mut self, letter: &Letter) {
        // The first letter is omitted, because the number of one more letter could exceed the type.
        self.number = self.number % run_count(PART - 1) * u64::from(RADIX) + u64::from(letter.digit);
        if let Some(start) = self.starts.get_mut(self.count % usize::from(PART)) {
            *start = letter.range.start;
        }
        self.count += 1;
    }

    /// Returns the last `len` letters as a number, or `None` if there are fewer letters.
    fn run(&self, len: u8) -> Option<u64> {
        (self.count >= usize::from(len)).then(|| self.number % run_count(len))
    }

    /// Returns the position of the first of the last `len` letters.
    fn start(&self, len: u8) -> usize {
        let index = self.count.saturating_sub(usize::from(len)) % usize::from(PART);
        self.starts.get(index).copied().unwrap_or_default()
    }
}

/// A letter or digit of a text, and its byte range in the text.
struct Letter {
    /// The letter as a digit in base 36.
    digit: u32,
    range: Range<usize>,
}

/// The ASCII letters and digits of a text, with escapes decoded.
struct Letters<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Letters<'a> {
    fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0 }
    }
}

impl Iterator for Letters<'_> {
    type Item = Letter;

    fn next(&mut self) -> Option<Letter> {
        while let Some(rest @ [first, ..]) = self.text.get(self.at..) {
            let (byte, len) = match first {
                b'%' => percent_escape(rest),
                b'\\' => backslash_escape(rest),
                b'&' => character_reference(rest),
                other => (Some(*other), 1),
            };
            let range = self.at..self.at + len;
            self.at = range.end;
            if let Some(digit) = byte.and_then(|byte| char::from(byte).to_digit(RADIX)) {
                return Some(Letter { digit, range });
            }
        }
        None
    }
}

/// Decodes `%41` or the doubly escaped `%2541`, and returns the byte and the length of the escape.
fn percent_escape(text: &[u8]) -> (Option<u8>, usize) {
    let mut at = 1;
    while text
        .get(at..at + 4)
        .is_some_and(|next| next.starts_with(b"25") && next.iter().all(u8::is_ascii_hexdigit))
    {
        at += 2;
    }
    match text.get(at..at + 2).and_then(|digits| number(digits, 16)) {
        Some(code) => (u8::try_from(code).ok(), at + 2),
        None => (None, 1),
    }
}

/// Decodes `\u0041` and `\n` with any number of backslashes, and returns the byte, if it is ASCII, and the length of
/// the escape.
fn backslash_escape(text: &[u8]) -> (Option<u8>, usize) {
    let at = text.iter().take_while(|byte| **byte == b'\\').count();
    match text.get(at) {
        Some(b'u') => match text.get(at + 1..at + 5).and_then(|digits| number(digits, 16)) {
            Some(code) => (u8::try_from(code).ok(), at + 5),
            None => (None, at),
        },
        Some(b'b' | b'f' | b'n' | b'r' | b't') => (None, at + 1),
        _ => (None, at),
    }
}

/// Decodes `&#65;`, `&#x41;` and `&amp;`, and returns the byte, if it is ASCII, and the length of the reference.
fn character_reference(text: &[u8]) -> (Option<u8>, usize) {
    let len = text.iter().take(REFERENCE_MAX).position(|byte| *byte == b';');
    let Some((len, name)) = len.and_then(|len| Some((len, text.get(1..len)?))) else { return (None, 1) };
    let code = match name {
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16),
        [b'#', digits @ ..] => number(digits, 10),
        name if !name.is_empty() && name.iter().all(u8::is_ascii_alphabetic) => return (None, len + 1),
        _ => None,
    };
    code.map_or((None, 1), |code| (u8::try_from(code).ok(), len + 1))
}

/// Maximum length of a character reference, in bytes.
const REFERENCE_MAX: usize = 12;

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let digits =
        std::str::from_utf8(digits).ok().filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, radix).ok()
}
