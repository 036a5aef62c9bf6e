//! Errors of missing scopes.

use http::StatusCode;

use crate::types::scope::Scopes;
use crate::types::text::Text;

/// The user has not granted a scope that the operation needs.
///
/// Log the user in again with the union of the scopes that are granted and [`missing`](Self::missing).
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

    /// Id of the operation in the reference.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns the scopes that the user has to grant: all scopes of the operation if the granted scopes are unknown,
    /// and all alternatives if one of several would be sufficient. Empty if the operation has no documented scope.
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
