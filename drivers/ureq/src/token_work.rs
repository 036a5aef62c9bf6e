//! Token requests of one session, made under a lock so that no other process requests tokens for the same user.

use std::cell::{Cell, RefCell};
use std::time::{Duration, SystemTime};

use spotify_proto::driver::Driver;
use spotify_proto::http::{Request, Response};
use spotify_proto::{App, Session, Tokens};

use crate::error::Error;
use crate::session::SessionDriver;
use crate::store::StoreLock;

/// Driver for the steps of one token request. Acquires the lock on the store before the stored tokens are loaded, and
/// releases it after the new tokens have been stored.
pub(crate) struct TokenWork<'a> {
    session: &'a SessionDriver,
    lock: RefCell<Option<StoreLock>>,
    /// `true` if the tokens come from a new login and therefore replace all stored tokens.
    is_login: Cell<bool>,
}

impl<'a> TokenWork<'a> {
    pub(crate) fn new(session: &'a SessionDriver) -> Self {
        Self { session, lock: RefCell::new(None), is_login: Cell::new(false) }
    }

    fn lock(&self, error: fn(crate::StoreError) -> Error) -> Result<(), Error> {
        let Some(store) = self.session.store() else { return Ok(()) };
        let mut lock = self.lock.borrow_mut();
        if lock.is_none() {
            *lock = Some(store.lock().map_err(error)?);
        }
        Ok(())
    }
}

impl Driver for TokenWork<'_> {
    type Error = Error;

    fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, Error> {
        self.session.transport(request, timeout)
    }

    fn sleep(&self, duration: Duration) {
        self.session.sleep(duration);
    }

    fn now(&self) -> SystemTime {
        self.session.now()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        self.session.state(step)
    }

    fn load_tokens(&self) -> Result<Option<Tokens>, Error> {
        let Some(store) = self.session.store() else { return Ok(None) };
        self.lock(Error::LoadTokens)?;
        // Until an authorization code has been exchanged, the store contains the tokens of the previous login.
        self.is_login.set(self.state(|_, session| session.tokens().is_none()));
        if self.is_login.get() { Ok(None) } else { store.load().map_err(Error::LoadTokens) }
    }

    fn save(&self, tokens: &Tokens) -> Result<(), Error> {
        let Some(store) = self.session.store() else { return Ok(()) };
        self.lock(Error::SaveTokens)?;
        // Another process may have stored the tokens of a newer login. Tokens that cannot be loaded are replaced.
        let is_outdated =
            !self.is_login.get() && matches!(store.load(), Ok(Some(stored)) if stored.replaces(tokens));
        if is_outdated { Ok(()) } else { store.save(tokens).map_err(Error::SaveTokens) }
    }
}
