//! The place that keeps a user's tokens.

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use spotify_proto::Tokens;
use spotify_proto_login::{TokenFile, TokenFileError};
use tokio::task::spawn_blocking;

/// Error of a [`TokenStore`].
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// Time to wait for another process that requests tokens. Together with the time of a token request, 60 seconds, it
/// stays below the 120 seconds after which a session begins another token request.
const LOCK_TIMEOUT: Duration = Duration::from_secs(50);

/// The place that keeps the tokens of one user: a [`TokenFile`], or the row of a database.
///
/// The stored form of tokens is their serde form. The methods may be written as `async fn`:
///
/// ```
/// use std::sync::Arc;
/// use spotify_proto_reqwest::{StoreError, TokenStore, Tokens};
/// use tokio::sync::Mutex;
///
/// /// A user's row in a table of the database.
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
    /// Loads the tokens; `None` before the first login.
    ///
    /// # Errors
    ///
    /// The error of the store. No token request is sent then.
    fn load(&self) -> impl Future<Output = Result<Option<Tokens>, StoreError>> + Send;

    /// Stores tokens in place of the old ones. They must survive a crash when it returns.
    ///
    /// It runs in a task of its own, which is not cancelled together with a call.
    ///
    /// # Errors
    ///
    /// The error of the store. The tokens are handed out again later.
    fn save(&self, tokens: &Tokens) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Keeps other processes from requesting tokens for this user until the lock is dropped, for example by an advisory
    /// lock of the database. The default locks nothing, which is right for a store that only one process uses. It must
    /// not wait for longer than 50 seconds.
    ///
    /// # Errors
    ///
    /// The error of the store. No token request is sent then.
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

/// Runs a file operation on a thread that may block.
async fn blocking<T: Send + 'static>(
    run: impl FnOnce() -> Result<T, TokenFileError> + Send + 'static,
) -> Result<T, StoreError> {
    Ok(spawn_blocking(run).await??)
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

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A [`TokenStore`] behind a pointer.
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
    fn a_token_request_ends_before_another_one_may_begin() {
        // After twice the time of a token request, a session begins another one beside it.
        assert!(LOCK_TIMEOUT + TokenExchange::TIMEOUT < 2 * TokenExchange::TIMEOUT);
    }
}
