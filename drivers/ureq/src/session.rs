//! Calls for a user, or for the application itself.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use spotify_proto::driver::{self, Collected, Driver};
use spotify_proto::http::{Request, Response};
use spotify_proto::{App, AuthorizationCode, Call, Paged, Reply, Session, Step, TokenStep, api};

use crate::client::Client;
use crate::error::Error;
use crate::store::TokenStore;
use crate::token_work::TokenWork;
use crate::transport;

/// Driver for the session of a user, or of the application itself.
///
/// A `SessionDriver` is cheap to clone, and clones share their tokens. Separate drivers created from the same stored
/// tokens do not share them, so create only one driver for each user.
///
/// The methods of this type return this crate's [`Error`]. It also implements [`Driver`], which has methods such as
/// [`pages`](Driver::pages) and [`state`](Driver::state). A function passed to `state` must not use the
/// `SessionDriver`, because the session is locked.
#[derive(Clone)]
pub struct SessionDriver {
    client: Client,
    state: Arc<SessionState>,
}

pub(crate) struct SessionState {
    session: Mutex<Session>,
    store: Option<Box<dyn TokenStore>>,
}

impl SessionState {
    pub(crate) fn new(session: Session, store: Option<Box<dyn TokenStore>>) -> Self {
        Self { session: Mutex::new(session), store }
    }
}

impl SessionDriver {
    pub(crate) fn new(client: Client, state: Arc<SessionState>) -> Self {
        Self { client, state }
    }

    /// Calls an endpoint and returns its result.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Spotify`], [`Error::Transport`], or an error of the token store.
    pub fn call<T>(&self, call: impl Into<Call<T>>) -> Result<T, Error> {
        Ok(Driver::call(self, call)?)
    }

    /// Calls an endpoint and returns its result as a [`Reply`], which also contains the source of the value.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`call`](Self::call).
    pub fn reply<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Error> {
        Ok(Driver::reply(self, call)?)
    }

    /// Returns an iterator over the items of a list. The iterator ends after the first error. Use
    /// [`collect`](Self::collect) to find out whether the list is complete.
    pub fn items<E: Paged + Clone>(&self, endpoint: E) -> impl Iterator<Item = Result<E::Item, Error>> {
        Driver::items(self, endpoint).map(|item| Ok(item?))
    }

    /// Reads all pages of a list. The result also indicates whether the list is complete.
    ///
    /// # Errors
    ///
    /// Returns the error of the first page that could not be read.
    pub fn collect<E: Paged + Clone>(&self, endpoint: E) -> Result<Collected<E::Item>, Error> {
        Ok(Driver::collect(self, endpoint)?)
    }

    /// Logs the user in again with the authorization code of a new login, and stores the tokens. Calls in flight
    /// continue with the new tokens.
    ///
    /// # Errors
    ///
    /// Returns the error of the token request or of the store.
    pub fn log_in(&self, code: AuthorizationCode) -> Result<(), Error> {
        self.state(|_, session| session.log_in(code));
        self.renew()
    }

    /// Requests a token if the session needs one. Sends no request to the Web API.
    pub(crate) fn renew(&self) -> Result<(), Error> {
        // The call requests the token and is dropped before its own request is sent.
        let call = Call::new(api::GetCurrentUserProfile::new());
        let mut step = self.state(|app, session| call.start(app, session, self.now()));
        loop {
            step = match step {
                Step::Authorize(step, _) => return Ok(self.authorize(step)?),
                Step::Wait(delay, waiting) => {
                    self.sleep(delay.duration);
                    self.state(|app, session| waiting.resume(app, session, self.now()))
                }
                Step::Done(Err(error)) => return Err(error.into()),
                Step::Done(Ok(_)) | Step::Send(..) => return Ok(()),
            };
        }
    }

    pub(crate) fn transport(
        &self,
        request: Request<Vec<u8>>,
        timeout: Duration,
    ) -> Result<Response<Vec<u8>>, Error> {
        Ok(transport::send(self.client.agent(), request, timeout)?)
    }

    pub(crate) fn store(&self) -> Option<&dyn TokenStore> {
        self.state.store.as_deref()
    }
}

impl Driver for SessionDriver {
    type Error = Error;

    fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, Error> {
        self.transport(request, timeout)
    }

    fn sleep(&self, duration: Duration) {
        thread::sleep(duration);
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        // The locks are always acquired in this order: session, application.
        let mut session = self.state.session.lock().unwrap_or_else(PoisonError::into_inner);
        self.client.with_app(|app| step(app, &mut session))
    }

    /// Completes a token request while holding the lock on the store.
    fn authorize(&self, step: TokenStep) -> Result<(), driver::Error<Error>> {
        TokenWork::new(self).authorize(step)
    }
}

impl fmt::Debug for SessionDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state(|_, session| {
            f.debug_struct("SessionDriver").field("session", session).finish_non_exhaustive()
        })
    }
}
