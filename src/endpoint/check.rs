//! Declaration, documentation and enforcement of the documented bounds of parameters.

use crate::error::{ParameterRule, RequestError, RequestRule};
use crate::types::id::{
    AlbumId, ArtistId, AudiobookId, CategoryId, ChapterId, EpisodeId, PlaylistId, ShowId, TrackId, UserId,
};
use crate::types::market::Market;
use crate::types::query::{CommaList, CommaSet, QueryText};
use crate::types::text::Text;
use crate::types::uri::SpotifyUri;

/// Expands to the rule for a declared bound: `range(1..=50, default 20)`, `at_most(20)` or `chars(250)`.
macro_rules! rule {
    (range($min:literal..=$max:literal $(, default $default:literal)?)) => {
        crate::error::RequestRule::Range { min: $min, max: $max }
    };
    (at_most($max:literal)) => {
        crate::error::RequestRule::TooMany { max: $max }
    };
    (chars($max:literal)) => {
        crate::error::RequestRule::TooLong { max: $max }
    };
}
pub(crate) use rule;

/// Expands to the sentence that documents a declared bound.
macro_rules! rule_doc {
    (range($min:literal..=$max:literal)) => {
        concat!("Range: ", $min, " to ", $max, ".")
    };
    // `concat!` would remove the thousands separator.
    (range($min:literal..=100_000, default $default:literal)) => {
        concat!("Range: ", $min, " to 100,000, default ", $default, ".")
    };
    (range($min:literal..=$max:literal, default $default:literal)) => {
        concat!("Range: ", $min, " to ", $max, ", default ", $default, ".")
    };
    (at_most($max:literal)) => {
        concat!("Number of items: 1 to ", $max, ".")
    };
    (chars($max:literal)) => {
        concat!("Length: 1 to ", $max, " characters.")
    };
}
pub(crate) use rule_doc;

/// Returns the maximum number of items of the parameter with the bound `at_most`.
pub(crate) const fn max_items(mut rules: &[ParameterRule]) -> usize {
    while let [first, rest @ ..] = rules {
        if let RequestRule::TooMany { max } = first.rule {
            assert!(max <= 0xFFFF, "expected a maximum of at most 65,535 items per request");
            #[allow(clippy::cast_possible_truncation, reason = "the assertion above bounds the value")]
            return max as usize;
        }
        rules = rest;
    }
    panic!("expected a parameter with the bound `at_most`")
}

/// Returns the maximum of `limit`, which must be the first parameter with a range.
pub(crate) const fn max_limit(mut rules: &[ParameterRule]) -> u32 {
    while let [first, rest @ ..] = rules {
        if let RequestRule::Range { max, .. } = first.rule {
            assert!(max <= 0xFFFF, "expected a maximum of at most 65,535 items per page");
            #[allow(clippy::cast_possible_truncation, reason = "the assertion above bounds the value")]
            return max as u32;
        }
        rules = rest;
    }
    panic!("expected a `limit` with a range")
}

/// Checker for the parameters of an endpoint.
pub(crate) struct Check {
    operation: &'static str,
    rules: &'static [ParameterRule],
}

impl Check {
    pub(crate) const fn new(operation: &'static str, rules: &'static [ParameterRule]) -> Self {
        Self { operation, rules }
    }

    /// Returns an error if the value violates the rule for the parameter or is empty.
    pub(crate) fn parameter(&self, name: &'static str, value: &impl Measured) -> Result<(), RequestError> {
        self.size(name, value.size())
    }

    /// Checks an optional parameter like a required parameter, except that an absent value is valid.
    pub(crate) fn option(
        &self,
        name: &'static str,
        value: Option<&impl Measured>,
    ) -> Result<(), RequestError> {
        value.map_or(Ok(()), |value| self.parameter(name, value))
    }

    /// Returns an error if the size violates the rule for the parameter or is the size of an empty value.
    pub(crate) fn size(&self, name: &'static str, size: Size) -> Result<(), RequestError> {
        let rule = self.rules.iter().find(|it| it.parameter == name).map(|it| it.rule);
        let broken = match (size, rule) {
            (Size::Items { count: 0, .. } | Size::Chars(0), _) => Some((0, RequestRule::Empty)),
            (Size::Items { has_empty: true, .. }, _) => Some((0, RequestRule::EmptyItem)),
            (Size::Number(value), Some(rule @ RequestRule::Range { min, max })) => {
                (!(min..=max).contains(&value)).then_some((value, rule))
            }
            (Size::Items { count, .. }, Some(rule @ RequestRule::TooMany { max })) => {
                (count > max).then_some((count, rule))
            }
            (Size::Chars(count), Some(rule @ RequestRule::TooLong { max })) => {
                (count > max).then_some((count, rule))
            }
            _ => None,
        };
        broken.map_or(Ok(()), |(value, rule)| Err(self.error(name, value, rule)))
    }

    /// Returns the error for a parameter that violates a rule.
    pub(crate) fn error(&self, name: &str, value: impl std::fmt::Display, rule: RequestRule) -> RequestError {
        RequestError::new(self.operation, name, value, rule)
    }
}

/// Property of a value that is bounded by rules.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Size {
    /// No rule applies to values of this type.
    Any,
    Number(u64),
    Items {
        count: u64,
        has_empty: bool,
    },
    /// Number of characters in an id or another text that must not be empty.
    Chars(u64),
}

impl Size {
    pub(crate) fn of_items<T: Measured>(items: &[T]) -> Self {
        let has_empty = items.iter().any(|item| matches!(item.size(), Self::Chars(0)));
        Self::Items { count: items.len() as u64, has_empty }
    }

    pub(crate) fn of_text(text: &str) -> Self {
        Self::Chars(text.chars().count() as u64)
    }
}

/// A parameter value whose size can be checked.
pub(crate) trait Measured {
    fn size(&self) -> Size {
        Size::Any
    }
}

/// No rule applies to texts such as names, which may be empty.
impl Measured for String {}
impl Measured for bool {}
impl Measured for Market {}

macro_rules! numbers {
    ($($type:ty),+) => {$(
        impl Measured for $type {
            fn size(&self) -> Size {
                Size::Number(u64::from(*self))
            }
        }
    )+};
}
numbers!(u32, u64);

macro_rules! texts {
    ($($type:ty),+) => {$(
        impl Measured for $type {
            fn size(&self) -> Size {
                Size::of_text(self.as_str())
            }
        }
    )+};
}
texts!(
    AlbumId,
    ArtistId,
    AudiobookId,
    CategoryId,
    ChapterId,
    EpisodeId,
    PlaylistId,
    ShowId,
    TrackId,
    UserId,
    QueryText,
    Text
);

impl Measured for SpotifyUri {
    fn size(&self) -> Size {
        Size::Chars(u64::from(*self != ""))
    }
}

impl<T: Measured> Measured for CommaList<T> {
    fn size(&self) -> Size {
        Size::of_items(self.as_slice())
    }
}

impl<T: Measured> Measured for CommaSet<T> {
    fn size(&self) -> Size {
        Size::of_items(self.as_slice())
    }
}

impl<T: Measured> Measured for Vec<T> {
    fn size(&self) -> Size {
        Size::of_items(self)
    }
}

impl<T: Measured, const N: usize> Measured for [T; N] {
    fn size(&self) -> Size {
        Size::of_items(self)
    }
}
