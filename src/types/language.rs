//! Preferred languages for names and descriptions.

use std::fmt::{self, Display};
use std::str::FromStr;

use http::HeaderValue;

/// A value of `Accept-Language` (RFC 9110 §12.5.4): `de`, `pt-BR`, or `de-CH, de;q=0.8, en;q=0.5`.
///
/// Spotify localizes names and descriptions. A cache stores the responses for each language separately.
///
/// ```
/// # use spotify_proto::Language;
/// let language: Language = "de-CH, de;q=0.8".parse()?;
/// assert_eq!(language.as_str(), "de-CH,de;q=0.8");
/// assert!("de\r\nx: y".parse::<Language>().is_err());
/// # Ok::<(), spotify_proto::LanguageError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Language(Box<str>);

/// Error for a string that is not a list of language ranges.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected language ranges like `de-CH, de;q=0.8`")]
#[non_exhaustive]
pub struct LanguageError;

/// Maximum length of a list of language ranges, in bytes.
const MAX_LEN: usize = 256;

impl Language {
    /// Returns the list without white space.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("letters, digits and `-,;=.*` form a header value")
    }
}

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        let text: String = text.chars().filter(|c| *c != ' ').collect();
        let is_good = text.len() <= MAX_LEN && text.split(',').all(is_range);
        if is_good { Ok(Self(text.into())) } else { Err(LanguageError) }
    }
}

/// Returns whether the text is a language range with an optional weight, such as `de;q=0.8`. A range is `*`, or
/// consists of groups of up to eight letters or digits.
fn is_range(text: &str) -> bool {
    let (range, weight) = text.split_once(';').unwrap_or((text, "q=1"));
    let is_group = |group: &str| {
        (1..=8).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let is_weight = |weight: &str| {
        let digits = weight.strip_prefix("q=").or_else(|| weight.strip_prefix("Q="));
        digits.is_some_and(|digits| {
            (1..=5).contains(&digits.len()) && digits.parse::<f32>().is_ok_and(|q| (0.0..=1.0).contains(&q))
        })
    };
    (range == "*" || range.split('-').all(is_group)) && is_weight(weight)
}

impl Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_language_ranges_are_accepted() {
        for text in ["en", "*", "zh-Hant-TW", "de-CH, de;q=0.8, *;q=0"] {
            assert!(text.parse::<Language>().is_ok(), "{text}");
        }
        for text in ["", ",", "en,", "e n;", "en;q=2", "en;q=nan", "en;q=", "tä", "en\t", "abcdefghi", "/v1"]
        {
            assert_eq!(text.parse::<Language>(), Err(LanguageError), "{text}");
        }
    }
}
