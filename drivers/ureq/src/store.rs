//! Storage of a user's tokens.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use spotify_proto::Tokens;
use spotify_proto_login::TokenFile;

/// Error of a [`TokenStore`].
#[allow(clippy::module_name_repetitions, reason = "the crate also has an `Error`")]
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// Time limit for the lock, which another process holds during its token request. Together with the 60 seconds of a
/// token request, it is shorter than the 120 seconds after which a session starts another token request.
const LOCK_TIMEOUT: Duration = Duration::from_secs(50);

/// Storage for the tokens of one user, such as a [`TokenFile`] or a row of a database.
///
/// Store tokens in their serde form.
pub trait TokenStore: Send + Sync {
    /// Loads the tokens. Returns `None` before the first login.
    ///
    /// # Errors
    ///
    /// Returns an error if the store fails. In that case, no token request is sent.
    fn load(&self) -> Result<Option<Tokens>, StoreError>;

    /// Replaces the stored tokens. When the method returns, the new tokens must survive a crash.
    ///
    /// # Errors
    ///
    /// Returns an error if the store fails. In that case, the driver saves the tokens again later.
    fn save(&self, tokens: &Tokens) -> Result<(), StoreError>;

    /// Locks the store, so that no other process requests tokens for this user until the lock is dropped. The default
    /// has no effect and is correct for a store that only one process uses.
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

/// The lock of a [`TokenStore`]. Dropping it releases the lock.
#[must_use = "dropping the value releases the lock"]
pub struct StoreLock(
    #[allow(dead_code, reason = "dropping it releases the lock")] Option<Box<dyn Any + Send>>,
);

impl StoreLock {
    /// Creates a lock that is released by dropping `guard`.
    pub fn new(guard: impl Send + 'static) -> Self {
        Self(Some(Box::new(guard)))
    }

    /// Creates a lock without effect, for stores that only one process uses.
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
