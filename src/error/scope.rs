//! Errors for missing scopes.

use http::StatusCode;

use crate::types::scope::Scopes;
use crate::types::text::Text;

/// Error for an operation that requires a scope that the user has not granted.
///
/// Log the user in again with the union of the granted scopes and the [`missing`](Self::missing) scopes.
#[derive(Clone, Debug, thiserror::Error)]
#[error("scope missing for {operation}: {}{}{message}", shown(.missing), if message.is_empty() { "" } else { ": " })]
pub struct ScopeError {
    operation: &'static str,
    missing: Scopes,
    status: StatusCode,
    message: Text,
}

impl ScopeError {
    /// Creates the error, for tests of code that handles it.
    #[must_use]
    pub fn new(
        operation: &'static str,
        missing: Scopes,
        status: StatusCode,
        message: impl Into<Text>,
    ) -> Self {
        Self { operation, missing, status, message: message.into() }
    }

    /// Returns the id of the operation in the reference.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns the scopes that the user has to grant: all scopes of the operation if the granted scopes are unknown,
    /// and all alternatives if any one of them would be sufficient. The result is empty if no scope is documented for
    /// the operation.
    #[must_use]
    pub fn missing(&self) -> &Scopes {
        &self.missing
    }

    /// Returns the HTTP status: 401 or 403.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the server's message; may be empty.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

fn shown(missing: &Scopes) -> String {
    if missing.is_empty() { "no documented scope".to_owned() } else { missing.to_string() }
}
