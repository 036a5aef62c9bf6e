//! A scope that is missing.

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

    /// The operation's id in the reference.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The scopes that the user has to grant. If the granted scopes are not known, all scopes of the operation; if
    /// one of several is enough, all of them. Empty if the operation has no documented scope.
    #[must_use]
    pub fn missing(&self) -> &Scopes {
        &self.missing
    }

    /// The HTTP status: 401 or 403.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The server's message; may be empty.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

fn shown(missing: &Scopes) -> String {
    if missing.is_empty() { "not documented which".to_owned() } else { missing.to_string() }
}
