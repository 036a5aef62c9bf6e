//! Token requests of one session, made under a lock so that no other process requests tokens for the same user.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use spotify_proto::driver::AsyncDriver;
use spotify_proto::http::{Request, Response};
use spotify_proto::{App, Session, TokenStep, Tokens};
use tokio::sync::Mutex;

use crate::error::Error;
use crate::session::{SessionDriver, StoreFailure};
use crate::store::{StoreError, StoreLock};

/// Driver for the steps of one token request. Acquires the lock on the store before the stored tokens are loaded, and
/// releases it after the new tokens have been stored.
pub(crate) struct TokenWork {
    session: SessionDriver,
    lock: Mutex<Option<StoreLock>>,
    /// `true` if the tokens come from a new login and therefore replace all stored tokens.
    is_login: AtomicBool,
}

impl TokenWork {
    pub(crate) fn new(session: SessionDriver) -> Self {
        Self { session, lock: Mutex::new(None), is_login: AtomicBool::new(false) }
    }

    async fn lock(&self, error: fn(StoreError) -> Error) -> Result<(), Error> {
        let Some(store) = self.session.store() else { return Ok(()) };
        let mut lock = self.lock.lock().await;
        if lock.is_none() {
            *lock = Some(store.lock().await.map_err(error)?);
        }
        Ok(())
    }

    async fn load(&self) -> Result<Option<Tokens>, Error> {
        let Some(store) = self.session.store() else { return Ok(None) };
        self.lock(Error::LoadTokens).await?;
        // Until an authorization code has been exchanged, the store contains the tokens of the previous login.
        let is_login = !self.session.has_tokens();
        self.is_login.store(is_login, Ordering::Relaxed);
        if is_login { Ok(None) } else { store.load().await.map_err(Error::LoadTokens) }
    }

    async fn store(&self, tokens: &Tokens) -> Result<(), Error> {
        let Some(store) = self.session.store() else { return Ok(()) };
        self.lock(Error::SaveTokens).await?;
        // Another process may have stored the tokens of a newer login. Tokens that cannot be loaded are replaced.
        let is_outdated = !self.is_login.load(Ordering::Relaxed)
            && matches!(store.load().await, Ok(Some(stored)) if stored.replaces(tokens));
        if is_outdated { Ok(()) } else { store.save(tokens).await.map_err(Error::SaveTokens) }
    }
}

impl AsyncDriver for TokenWork {
    type Error = Error;

    async fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, Error> {
        self.session.transport(request, timeout).await
    }

    async fn sleep(&self, duration: Duration) {
        self.session.sleep(duration).await;
    }

    fn now(&self) -> SystemTime {
        self.session.now()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        self.session.state(step)
    }

    fn detach(&self, step: TokenStep) {
        self.session.detach(step);
    }

    async fn load_tokens(&self) -> Result<Option<Tokens>, Error> {
        let result = self.load().await;
        let failure = result.as_ref().err().map(|error| StoreFailure::Load(self.describe(error)));
        self.session.note_store_failure(failure);
        result
    }

    async fn save(&self, tokens: &Tokens) -> Result<(), Error> {
        let result = self.store(tokens).await;
        let failure = result.as_ref().err().map(|error| StoreFailure::Save(self.describe(error)));
        self.session.note_store_failure(failure);
        result
    }

    fn describe(&self, error: &Error) -> String {
        self.session.describe(error)
    }
}
