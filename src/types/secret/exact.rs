//! A search for known secrets in text from servers and other programs.
//!
//! Only ASCII letters and digits are compared, ignoring case, after percent, JSON and HTML escapes are decoded. A
//! secret is therefore also found if punctuation or white space splits it. The base64 forms of a secret are searched
//! for in the same way. The search is linear in the length of the text.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
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
        self.0.iter().for_each(|secret| matcher.insert(secret.expose()));
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
    /// Parts of secrets by their number of letters and digits, which is at most [`PART`].
    parts: BTreeMap<usize, BTreeSet<Vec<u8>>>,
}

/// Omits the secrets.
impl fmt::Debug for SecretMatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretMatcher(..)")
    }
}

/// Minimum number of letters and digits of a secret: a shorter secret could be an ordinary word.
const SHORTEST: usize = 8;

/// Maximum number of letters and digits of a secret that are compared.
const LONGEST: usize = 4096;

/// Number of consecutive letters and digits that identify a part of a longer secret.
const PART: usize = 12;

impl SecretMatcher {
    /// Adds a secret. A secret with fewer than eight letters and digits is ignored.
    pub fn insert(&mut self, secret: &str) {
        self.insert_form(secret);
        // In the base64 encoding of a longer text, the secret begins at one of three positions in a group, and its last
        // group depends on the text that follows.
        for skipped in 0..3 {
            let Some(rest) = secret.as_bytes().get(skipped..) else { continue };
            let mut encoded = STANDARD_NO_PAD.encode(rest);
            encoded.truncate(rest.len() / 3 * 4);
            self.insert_form(&encoded);
        }
    }

    fn insert_form(&mut self, text: &str) {
        let letters: Vec<u8> = letters(text).iter().map(|letter| letter.byte).take(LONGEST).collect();
        let len = letters.len().min(PART);
        if len >= SHORTEST {
            let parts = letters.windows(len).map(<[u8]>::to_vec);
            self.parts.entry(len).or_default().extend(parts);
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
        if self.parts.is_empty() {
            return Vec::new();
        }
        let letters = letters(text);
        let bytes: Vec<u8> = letters.iter().map(|letter| letter.byte).collect();
        let mut found: Vec<Range<usize>> = Vec::new();
        for (index, start) in letters.iter().enumerate() {
            for (len, parts) in &self.parts {
                let Some(part) = bytes.get(index..index + len) else { break };
                let Some(end) = letters.get(index + len - 1).filter(|_| parts.contains(part)) else {
                    continue;
                };
                match found.last_mut().filter(|last| last.end >= start.range.start) {
                    Some(last) => last.end = last.end.max(end.range.end),
                    None => found.push(start.range.start..end.range.end),
                }
            }
        }
        found
    }
}

/// A letter or digit of a text, in lower case, and its byte range in the text.
struct Letter {
    byte: u8,
    range: Range<usize>,
}

/// Returns the ASCII letters and digits of a text, with escapes decoded.
fn letters(text: &str) -> Vec<Letter> {
    let (bytes, mut found, mut at) = (text.as_bytes(), Vec::new(), 0);
    while let Some(rest @ [first, ..]) = bytes.get(at..) {
        let (byte, len) = match first {
            b'%' => percent_escape(rest),
            b'\\' => backslash_escape(rest),
            b'&' => character_reference(rest),
            other => (Some(*other), 1),
        };
        if let Some(byte) = byte.filter(u8::is_ascii_alphanumeric) {
            found.push(Letter { byte: byte.to_ascii_lowercase(), range: at..at + len });
        }
        at += len;
    }
    found
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

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "BQDk-Pl4nted_Access.Token~x7Yh3Lq9Rw2Ts5Vb8Nm4Kj6Gf1Dz0";

    fn matcher() -> SecretMatcher {
        let mut known = KnownSecrets::default();
        known.extend(&[TOKEN, "5ec2e700c0ffee11d00dfeed5ec2e7aa", "hunter2x7"].map(Secret::from));
        known.matcher()
    }

    #[test]
    fn a_secret_is_found_in_every_encoding() {
        let matcher = matcher();
        let percent: String = TOKEN.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let json: String = TOKEN.bytes().map(|byte| format!("\\u{byte:04X}")).collect();
        let html: String = TOKEN.bytes().map(|byte| format!("&#{byte};")).collect();
        let hex: String = TOKEN.bytes().map(|byte| format!("&#x{byte:x};")).collect();
        let split = |separator: &str| TOKEN.chars().map(|c| format!("{c}{separator}")).collect::<String>();
        let base64 = |before: &str| STANDARD_NO_PAD.encode(format!("{before}{TOKEN}!"));
        for text in [
            TOKEN.to_owned(),
            TOKEN.to_lowercase(),
            percent.clone(),
            percent.replace('%', "%25"),
            percent.replace('%', "%2525"),
            json.clone(),
            json.replace('\\', "\\\\\\"),
            html,
            hex,
            base64(""),
            base64("a"),
            base64("id"),
            base64("abc").replace('+', "-").replace('/', "_"),
            split(":"),
            split(", "),
            split("…"),
            split("\n"),
            split("\\n"),
            split("\\\\r\\\\n"),
            split("&nbsp;"),
            split("\u{200b}"),
        ] {
            let shown = matcher.redact(&text);
            assert!(shown.chars().filter(char::is_ascii_alphanumeric).count() < 12, "{text}: {shown}");
        }
        assert_eq!(matcher.redact("no hunter2x7!"), "no …!");
        assert_eq!(matcher.redact("5ec2e700c0ffee11, d00dfeed5ec2e7aa & x"), "… & x");
    }

    #[test]
    fn texts_without_a_secret_are_unchanged() {
        let matcher = matcher();
        for text in ["", "hunter2", "100 % of \\u00e4 & b; BQDk", "&#65", "%4", "%25", "\\", "é%", "\\u12"] {
            assert_eq!(matcher.redact(text), text);
        }
        assert_eq!(SecretMatcher::default().redact(TOKEN), TOKEN);
        let mut short = KnownSecrets::default();
        short.extend(&[Secret::from("secret")]);
        assert_eq!(short.matcher().redact("client secret"), "client secret");
    }
}
