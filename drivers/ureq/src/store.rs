//! Storage for the tokens of a user.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use spotify_proto::Tokens;
use spotify_proto_login::TokenFile;

/// Error of a [`TokenStore`].
#[allow(clippy::module_name_repetitions, reason = "the crate also has an `Error`")]
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// Time limit for acquiring the lock, which another process holds during its token request. The sum of this limit and
/// the 60-second limit of a token request is less than the 120 seconds after which a session starts another token
/// request.
const LOCK_TIMEOUT: Duration = Duration::from_secs(50);

/// Storage for the tokens of one user, such as a [`TokenFile`] or a database row.
///
/// Store tokens in their serde form.
pub trait TokenStore: Send + Sync {
    /// Loads the tokens. Returns `None` if the user has not logged in yet.
    ///
    /// # Errors
    ///
    /// Returns an error if the store fails. In that case, no token request is sent.
    fn load(&self) -> Result<Option<Tokens>, StoreError>;

    /// Replaces the stored tokens. Once the method has returned, the new tokens must survive a crash.
    ///
    /// # Errors
    ///
    /// Returns an error if the store fails. In that case, the driver tries again to save the tokens later.
    fn save(&self, tokens: &Tokens) -> Result<(), StoreError>;

    /// Locks the store, so that no other process requests tokens for this user until the lock is dropped. The default
    /// implementation does nothing, which is correct for a store that only one process uses.
    ///
    /// # Errors
    ///
    /// Returns an error if the store fails or the lock is not available in time. In that case, no token request is
    /// sent.
    fn lock(&self) -> Result<StoreLock, StoreError> {
        Ok(StoreLock::none())
    }
}

impl TokenStore for TokenFile {
    fn load(&self) -> Result<Option<Tokens>, StoreError> {
        Ok(Self::load(self)?)
    }

    fn save(&self, tokens: &Tokens) -> Result<(), StoreError> {
        Ok(Self::save(self, tokens)?)
    }

    fn lock(&self) -> Result<StoreLock, StoreError> {
        Ok(StoreLock::new(Self::lock(self, LOCK_TIMEOUT)?))
    }
}

/// A lock on a [`TokenStore`], released on drop.
#[must_use = "the lock is released when the value is dropped"]
pub struct StoreLock(
    #[allow(dead_code, reason = "the lock is released when the value is dropped")]
    Option<Box<dyn Any + Send>>,
);

impl StoreLock {
    /// Creates a lock that is released by dropping `guard`.
    pub fn new(guard: impl Send + 'static) -> Self {
        Self(Some(Box::new(guard)))
    }

    /// Creates a lock that does nothing, for stores that only one process uses.
    pub fn none() -> Self {
        Self(None)
    }
}

impl fmt::Debug for StoreLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreLock(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spotify_proto::TokenExchange;

    #[test]
    fn a_token_request_ends_before_the_session_may_start_another() {
        // After twice the time limit of a token request, a session starts another one concurrently.
        assert!(LOCK_TIMEOUT + TokenExchange::TIMEOUT < 2 * TokenExchange::TIMEOUT);
    }
}
