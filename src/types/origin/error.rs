//! Errors of targets.

/// A part of a [`Target`](super::Target) that could not be written as it was given.
///
/// The part is left out, so the request would go to another resource than the endpoint intended.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// A placeholder of the path has no value.
    #[error("the value of `{placeholder}` is missing")]
    Missing {
        /// Name in the braces of the route.
        placeholder: Box<str>,
    },
    /// The value of a placeholder is empty.
    #[error("`{placeholder}` is empty")]
    Empty {
        /// Name in the braces of the route.
        placeholder: Box<str>,
    },
    /// The value of a placeholder is `.` or `..`. URI parsers resolve both, escaped or not (RFC 3986 §5.2.4).
    #[error("`{placeholder}` is `{value}`, which is not a path segment")]
    DotSegment {
        /// Name in the braces of the route.
        placeholder: Box<str>,
        /// The value, `.` or `..`.
        value: Box<str>,
    },
    /// The route has no placeholder for a value.
    #[error("a value without a placeholder in `{route}`")]
    Unplaced {
        /// The route that was filled.
        route: Box<str>,
    },
    /// A part does not fit into the remaining length of the URI.
    #[error("`{part}` makes the target longer than {max} bytes")]
    TooLong {
        /// Name of the query parameter, or the route.
        part: Box<str>,
        /// Largest length of a target, in bytes.
        max: usize,
    },
}
