//! Errors for requests that violate a rule of the reference, which are detected before the requests are sent.

use std::fmt::{self, Display};

use crate::error::excerpt;
use crate::types::origin::{Target, TargetError};
use crate::types::text::Text;

/// Error for a request that violates a rule of the reference. The request was not sent.
///
/// ```
/// use spotify_proto::{Endpoint, RequestRule, api::GetSavedTracks};
///
/// let error = GetSavedTracks::new().limit(51).check().expect_err("51 is above the maximum");
/// assert_eq!(error.rule(), RequestRule::Range { min: 1, max: 50 });
/// assert_eq!(
///     error.to_string(),
///     "invalid request get-users-saved-tracks: `limit` is 51, expected 1 to 50"
/// );
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RequestError {
    operation: &'static str,
    parameter: Text,
    value: Text,
    rule: RequestRule,
}

impl RequestError {
    /// Creates an error for the [`check`](crate::Endpoint::check) of an endpoint.
    ///
    /// `value` is the number that breaks the rule: the value of the parameter, or its number of items, characters or
    /// bytes. Values of more than 200 characters are truncated.
    #[must_use]
    pub fn new(operation: &'static str, parameter: &str, value: impl Display, rule: RequestRule) -> Self {
        Self { operation, parameter: excerpt(parameter), value: excerpt(&value.to_string()), rule }
    }

    /// Returns an error if a part of the target could not be written.
    pub(crate) fn check_target(operation: &'static str, target: &Target) -> Result<(), Self> {
        target.error().map_or(Ok(()), |error| Err(Self::from_target(operation, error)))
    }

    fn from_target(operation: &'static str, error: &TargetError) -> Self {
        match error {
            TargetError::Missing { placeholder } => {
                Self::new(operation, placeholder, "", RequestRule::Missing)
            }
            TargetError::Empty { placeholder } => Self::new(operation, placeholder, 0, RequestRule::Empty),
            TargetError::DotSegment { placeholder, value } => {
                Self::new(operation, placeholder, value, RequestRule::DotSegment)
            }
            TargetError::Unplaced { route } => Self::new(operation, route, "", RequestRule::Unplaced),
            TargetError::TooLong { part, max } => {
                let rule = RequestRule::TooLarge { max: *max as u64 };
                Self::new(operation, part, format_args!("more than {max}"), rule)
            }
        }
    }

    /// Returns the id of the operation: `get-an-album`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns the name of the parameter on the wire.
    #[must_use]
    pub fn parameter(&self) -> &str {
        &self.parameter
    }

    /// Returns the offending value: a number, or a number of items, characters or bytes. The value has at most 200
    /// characters.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Returns the rule that the parameter breaks.
    #[must_use]
    pub fn rule(&self) -> RequestRule {
        self.rule
    }
}

impl Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, parameter, value, rule } = self;
        write!(f, "invalid request {operation}: ")?;
        match rule {
            RequestRule::Range { min, max } => {
                write!(f, "`{parameter}` is {value}, expected {min} to {max}")
            }
            RequestRule::TooMany { max } => {
                write!(f, "`{parameter}` has {value} items, expected at most {max}")
            }
            RequestRule::TooLong { max } => {
                write!(f, "`{parameter}` has {value} characters, expected at most {max}")
            }
            RequestRule::TooLarge { max } => {
                write!(f, "`{parameter}` has {value} bytes, expected at most {max}")
            }
            RequestRule::Empty => write!(f, "`{parameter}` is empty"),
            RequestRule::EmptyItem => write!(f, "`{parameter}` has an empty item"),
            RequestRule::NotJpeg => write!(f, "`{parameter}` is not a JPEG file"),
            RequestRule::Missing => write!(f, "the value of `{parameter}` is missing"),
            RequestRule::Unplaced => write!(f, "`{parameter}` has no placeholder for a value"),
            RequestRule::DotSegment => {
                write!(f, "`{parameter}` is `{value}`, which is not a path segment")
            }
        }
    }
}

impl std::error::Error for RequestError {}

/// A rule that a parameter of a request breaks.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum RequestRule {
    /// The number is outside of its range.
    Range {
        /// Minimum that the reference allows.
        min: u64,
        /// Maximum that the reference allows.
        max: u64,
    },
    /// The list has more items than a request may contain.
    TooMany {
        /// Maximum number of items.
        max: u64,
    },
    /// The string is too long.
    TooLong {
        /// Maximum number of characters.
        max: u64,
    },
    /// The value is too large.
    TooLarge {
        /// Maximum number of bytes.
        max: u64,
    },
    /// The list, set, id or string is empty.
    Empty,
    /// An item of the list is empty.
    EmptyItem,
    /// The image does not begin with `FF D8 FF`, as every JPEG file does.
    NotJpeg,
    /// A placeholder of the path has no value.
    Missing,
    /// A path has more values than placeholders.
    Unplaced,
    /// The value of a placeholder is `.` or `..`. Every URI parser resolves these segments, so the request would be
    /// sent to a different path (RFC 3986 §5.2.4).
    DotSegment,
}

/// A documented constraint on a parameter.
///
/// Every endpoint lists its rules in `RULES`; [`check`](crate::Endpoint::check) enforces them.
///
/// ```
/// use spotify_proto::{ParameterRule, RequestRule, api::GetSavedTracks};
///
/// let limit = GetSavedTracks::RULES.iter().find(|it| it.parameter == "limit");
/// assert_eq!(limit.map(|it| it.rule), Some(RequestRule::Range { min: 1, max: 50 }));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct ParameterRule {
    /// Name of the parameter on the wire.
    pub parameter: &'static str,
    /// The rule.
    pub rule: RequestRule,
}

impl ParameterRule {
    pub(crate) const fn new(parameter: &'static str, rule: RequestRule) -> Self {
        Self { parameter, rule }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_states_the_operation_the_parameter_and_the_rule() {
        let message = |value: &str, rule| RequestError::new("search", "q", value, rule).to_string();
        for (value, rule, expected) in [
            ("51", RequestRule::Range { min: 1, max: 50 }, "`q` is 51, expected 1 to 50"),
            ("41", RequestRule::TooMany { max: 40 }, "`q` has 41 items, expected at most 40"),
            ("251", RequestRule::TooLong { max: 250 }, "`q` has 251 characters, expected at most 250"),
            ("9", RequestRule::TooLarge { max: 8 }, "`q` has 9 bytes, expected at most 8"),
            ("", RequestRule::Empty, "`q` is empty"),
            ("", RequestRule::EmptyItem, "`q` has an empty item"),
            ("", RequestRule::NotJpeg, "`q` is not a JPEG file"),
            ("", RequestRule::Missing, "the value of `q` is missing"),
            ("", RequestRule::Unplaced, "`q` has no placeholder for a value"),
            ("..", RequestRule::DotSegment, "`q` is `..`, which is not a path segment"),
        ] {
            assert_eq!(message(value, rule), format!("invalid request search: {expected}"));
        }
    }

    #[test]
    fn the_value_of_an_error_is_bounded() {
        let error = RequestError::new("search", "q", "a b ".repeat(1000), RequestRule::Empty);
        assert!(error.value().chars().count() <= 200, "{error:?}");
    }
}
