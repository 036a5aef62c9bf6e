//! The place that keeps a user's tokens.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use spotify_proto::Tokens;
use spotify_proto_login::TokenFile;

/// Error of a [`TokenStore`].
#[allow(clippy::module_name_repetitions, reason = "it stands beside the error of the crate")]
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// Time to wait for another process that requests tokens. Together with the time of a token request, 60 seconds, it
/// stays below the 120 seconds after which a session begins another token request.
const LOCK_TIMEOUT: Duration = Duration::from_secs(50);

/// The place that keeps the tokens of one user: a [`TokenFile`], or the row of a database.
///
/// The stored form of tokens is their serde form.
pub trait TokenStore: Send + Sync {
    /// Loads the tokens; `None` before the first login.
    ///
    /// # Errors
    ///
    /// The error of the store. No token request is sent then.
    fn load(&self) -> Result<Option<Tokens>, StoreError>;

    /// Stores tokens in place of the old ones. They must survive a crash when it returns.
    ///
    /// # Errors
    ///
    /// The error of the store. The tokens are handed out again later.
    fn save(&self, tokens: &Tokens) -> Result<(), StoreError>;

    /// Keeps other processes from requesting tokens for this user until the lock is dropped. The default locks
    /// nothing, which is right for a store that only one process uses.
    ///
    /// # Errors
    ///
    /// The error of the store. No token request is sent then.
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

/// The lock of a store. Dropping it releases the lock.
#[must_use = "the store is locked only as long as this value lives"]
pub struct StoreLock(#[allow(dead_code, reason = "it is dropped")] Option<Box<dyn Any + Send>>);

impl StoreLock {
    /// A lock that is released when `guard` is dropped.
    pub fn new(guard: impl Send + 'static) -> Self {
        Self(Some(Box::new(guard)))
    }

    /// A lock that locks nothing.
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
    fn a_token_request_ends_before_another_one_may_begin() {
        // After twice the time of a token request, a session begins another one beside it.
        assert!(LOCK_TIMEOUT + TokenExchange::TIMEOUT < 2 * TokenExchange::TIMEOUT);
    }
}
