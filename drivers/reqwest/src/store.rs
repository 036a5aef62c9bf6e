//! Storage for the tokens of a user.

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use spotify_proto::Tokens;
use spotify_proto_login::{TokenFile, TokenFileError};
use tokio::task::spawn_blocking;

/// Error of a [`TokenStore`].
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// Time limit for acquiring the lock, which another process holds during its token request. The sum of this limit and
/// the 60-second limit of a token request is less than the 120 seconds after which a session starts another token
/// request.
const LOCK_TIMEOUT: Duration = Duration::from_secs(50);

/// Storage for the tokens of one user, such as a [`TokenFile`] or a database row.
///
/// Store tokens in their serde form. The methods may be implemented as `async fn`:
///
/// ```
/// use std::sync::Arc;
/// use spotify_proto_reqwest::{StoreError, TokenStore, Tokens};
/// use tokio::sync::Mutex;
///
/// /// The row of a user in a database table.
/// struct Row {
///     table: Arc<Mutex<Vec<Option<String>>>>,
///     user: usize,
/// }
///
/// impl TokenStore for Row {
///     async fn load(&self) -> Result<Option<Tokens>, StoreError> {
///         let table = self.table.lock().await;
///         let json = table.get(self.user).and_then(Option::as_deref);
///         Ok(json.map(serde_json::from_str).transpose()?)
///     }
///
///     async fn save(&self, tokens: &Tokens) -> Result<(), StoreError> {
///         let mut table = self.table.lock().await;
///         *table.get_mut(self.user).ok_or("no such user")? = Some(serde_json::to_string(tokens)?);
///         Ok(())
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync {
    /// Loads the tokens. Returns `None` if the user has not logged in yet.
    ///
    /// # Errors
    ///
    /// Returns an error if the store fails. In that case, no token request is sent.
    fn load(&self) -> impl Future<Output = Result<Option<Tokens>, StoreError>> + Send;

    /// Replaces the stored tokens. Once the future has completed, the new tokens must survive a crash.
    ///
    /// The future runs in a separate task, which is not cancelled when a call is dropped.
    ///
    /// # Errors
    ///
    /// Returns an error if the store fails. In that case, the driver tries again to save the tokens later.
    fn save(&self, tokens: &Tokens) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Locks the store, for example with an advisory lock in the database, so that no other process requests tokens for
    /// this user until the lock is dropped. The default implementation does nothing, which is correct for a store that
    /// only one process uses. Implementations must not wait longer than 50 seconds.
    ///
    /// # Errors
    ///
    /// Returns an error if the store fails or the lock is not available in time. In that case, no token request is
    /// sent.
    fn lock(&self) -> impl Future<Output = Result<StoreLock, StoreError>> + Send {
        async { Ok(StoreLock::none()) }
    }
}

impl TokenStore for TokenFile {
    async fn load(&self) -> Result<Option<Tokens>, StoreError> {
        let file = self.clone();
        blocking(move || file.load()).await
    }

    async fn save(&self, tokens: &Tokens) -> Result<(), StoreError> {
        let (file, tokens) = (self.clone(), tokens.clone());
        blocking(move || file.save(&tokens)).await
    }

    async fn lock(&self) -> Result<StoreLock, StoreError> {
        let file = self.clone();
        Ok(StoreLock::new(blocking(move || file.lock(LOCK_TIMEOUT)).await?))
    }
}

/// Runs a file operation in the thread pool for blocking operations.
async fn blocking<T: Send + 'static>(
    run: impl FnOnce() -> Result<T, TokenFileError> + Send + 'static,
) -> Result<T, StoreError> {
    Ok(spawn_blocking(run).await??)
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

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Dyn-compatible form of [`TokenStore`].
pub(crate) trait DynStore: Send + Sync {
    fn load(&self) -> BoxFuture<'_, Option<Tokens>>;
    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, ()>;
    fn lock(&self) -> BoxFuture<'_, StoreLock>;
}

impl<S: TokenStore> DynStore for S {
    fn load(&self) -> BoxFuture<'_, Option<Tokens>> {
        Box::pin(TokenStore::load(self))
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, ()> {
        Box::pin(TokenStore::save(self, tokens))
    }

    fn lock(&self) -> BoxFuture<'_, StoreLock> {
        Box::pin(TokenStore::lock(self))
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
