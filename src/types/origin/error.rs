//! Errors of targets.

/// Error for a part of a [`Target`](super::Target) that could not be represented.
///
/// The part is left out, so the request would be for a different resource than the endpoint intended.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// A placeholder of the path has no value.
    #[error("the value of `{placeholder}` is missing")]
    Missing {
        /// Name of the placeholder, without its braces.
        placeholder: Box<str>,
    },
    /// The value of a placeholder is empty.
    #[error("`{placeholder}` is empty")]
    Empty {
        /// Name of the placeholder, without its braces.
        placeholder: Box<str>,
    },
    /// The value of a placeholder is `.` or `..`. URI parsers resolve both, escaped or not (RFC 3986 §5.2.4).
    #[error("`{placeholder}` is `{value}`, which is not a path segment")]
    DotSegment {
        /// Name of the placeholder, without its braces.
        placeholder: Box<str>,
        /// The value, `.` or `..`.
        value: Box<str>,
    },
    /// The route has no placeholder for a value.
    #[error("a value without a placeholder in `{route}`")]
    Unplaced {
        /// The route.
        route: Box<str>,
    },
    /// The part would make the target too long.
    #[error("`{part}` makes the target longer than {max} bytes")]
    TooLong {
        /// Name of the query parameter, or the route.
        part: Box<str>,
        /// Maximum length of a target, in bytes.
        max: usize,
    },
}
