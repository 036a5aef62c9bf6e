//! Calls for a user, or for the application itself.

use std::error::Error as _;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use spotify_proto::driver::{self, AsyncDriver, Collected};
use spotify_proto::http::{Request, Response};
use spotify_proto::{App, AuthError, AuthorizationCode, Call, Paged, Reply, Session, Step, TokenStep, api};
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::error::Error;
use crate::store::DynStore;
use crate::tasks::Tasks;
use crate::token_work::TokenWork;
use crate::transport;

/// Driver for the session of a user, or of the application itself.
///
/// A `SessionDriver` is cheap to clone, and clones share their tokens. Futures may be dropped at any point.
///
/// The methods of this type return this crate's [`Error`]. It also implements [`AsyncDriver`], which has methods such
/// as [`pages`](AsyncDriver::pages), [`prefetch`](AsyncDriver::prefetch) and [`state`](AsyncDriver::state). A function
/// passed to `state` must not use the `SessionDriver`, because the session is locked.
#[derive(Clone)]
pub struct SessionDriver {
    client: Client,
    state: Arc<SessionState>,
}

pub(crate) struct SessionState {
    session: Mutex<Session>,
    store: Option<Box<dyn DynStore>>,
    token_work: Arc<Tasks>,
    /// The last error of the store. Calls that wait for tokens requested by another task fail with this error.
    store_error: Mutex<Option<StoreFailure>>,
}

/// An error of the store, kept as text because several calls may return it.
#[derive(Clone)]
pub(crate) enum StoreFailure {
    Load(String),
    Save(String),
}

impl SessionState {
    pub(crate) fn new(session: Session, store: Option<Box<dyn DynStore>>) -> Self {
        Self { session: Mutex::new(session), store, token_work: Tasks::new(), store_error: Mutex::default() }
    }

    pub(crate) fn has_unsaved_tokens(&self) -> bool {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).has_unsaved_tokens()
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
    pub async fn call<T>(&self, call: impl Into<Call<T>>) -> Result<T, Error> {
        AsyncDriver::call(self, call).await.map_err(|error| self.explained(error))
    }

    /// Calls an endpoint and returns its result as a [`Reply`], which also contains the source of the value.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`call`](Self::call).
    pub async fn reply<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Error> {
        AsyncDriver::reply(self, call).await.map_err(|error| self.explained(error))
    }

    /// Reads all pages of a list. The result also indicates whether the list is complete.
    ///
    /// # Errors
    ///
    /// Returns the error of the first page that could not be read.
    pub async fn collect<E: Paged + Clone>(&self, endpoint: E) -> Result<Collected<E::Item>, Error> {
        AsyncDriver::collect(self, endpoint).await.map_err(|error| self.explained(error))
    }

    /// Logs the user in again with the authorization code of a new login, and stores the tokens. Calls in flight
    /// continue with the new tokens.
    ///
    /// # Errors
    ///
    /// Returns the error of the token request or of the store.
    pub async fn log_in(&self, code: AuthorizationCode) -> Result<(), Error> {
        self.replace_login(code);
        self.renew().await
    }

    pub(crate) fn replace_login(&self, code: AuthorizationCode) {
        self.state(|_, session| session.log_in(code));
    }

    pub(crate) fn has_tokens(&self) -> bool {
        self.state(|_, session| session.tokens().is_some())
    }

    /// Requests a token if the session needs one. Sends no request to the Web API.
    pub(crate) async fn renew(&self) -> Result<(), Error> {
        // The call requests the token and is dropped before its own request is sent.
        let call = Call::new(api::GetCurrentUserProfile::new());
        let mut step = self.state(|app, session| call.start(app, session, self.now()));
        loop {
            step = match step {
                Step::Authorize(step, _) => {
                    let result = self.spawn(step).await;
                    return Ok(result.map_err(|error| Error::Other(error.into()))??);
                }
                Step::Wait(delay, waiting) => {
                    self.sleep(delay.duration).await;
                    self.state(|app, session| waiting.resume(app, session, self.now()))
                }
                Step::Done(Err(error)) => return Err(error.into()),
                Step::Done(Ok(_)) | Step::Send(..) => return Ok(()),
            };
        }
    }

    /// Completes a token request in a separate task that holds the lock on the store.
    fn spawn(&self, step: TokenStep) -> JoinHandle<Result<(), driver::Error<Error>>> {
        let tasks = (self.client.token_work().begin(), self.state.token_work.begin());
        let work = TokenWork::new(self.clone());
        tokio::spawn(async move {
            let result = work.authorize(step).await;
            drop((work, tasks));
            result
        })
    }

    /// Waits until new tokens have been stored.
    async fn wait_for_store(&self, timeout: Duration) -> Result<(), Error> {
        if self.state.store.is_none() || !self.state.has_unsaved_tokens() {
            return Ok(());
        }
        let is_late = tokio::time::timeout(timeout, self.state.token_work.finished()).await.is_err();
        if !self.state.has_unsaved_tokens() {
            return Ok(());
        }
        let error = match self.store_failure() {
            Some(StoreFailure::Save(error)) if !is_late => error,
            _ => "the token store did not respond in time".to_owned(),
        };
        Err(Error::SaveTokens(error.into()))
    }

    /// Converts the error of a call. Returns the error of the store if it caused a token request in another task to
    /// fail.
    fn explained(&self, error: driver::Error<Error>) -> Error {
        let is_token_failure = matches!(
            error.as_spotify(),
            Some(spotify_proto::Error::Auth(AuthError::AttemptsExhausted { .. }))
        );
        match self.store_failure() {
            Some(StoreFailure::Load(error)) if is_token_failure => Error::LoadTokens(error.into()),
            _ => error.into(),
        }
    }

    fn store_failure(&self) -> Option<StoreFailure> {
        self.state.store_error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn note_store_failure(&self, failure: Option<StoreFailure>) {
        *self.state.store_error.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    pub(crate) async fn transport(
        &self,
        request: Request<Vec<u8>>,
        timeout: Duration,
    ) -> Result<Response<Vec<u8>>, Error> {
        Ok(transport::send(self.client.http(), request, timeout).await?)
    }

    pub(crate) fn store(&self) -> Option<&dyn DynStore> {
        self.state.store.as_deref()
    }
}

impl AsyncDriver for SessionDriver {
    type Error = Error;

    /// Sends the request of a call once any new tokens have been stored.
    async fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, Error> {
        let begin = Instant::now();
        self.wait_for_store(timeout).await?;
        self.transport(request, timeout.saturating_sub(begin.elapsed())).await
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        // The locks are always acquired in this order: session, application.
        let mut session = self.state.session.lock().unwrap_or_else(PoisonError::into_inner);
        self.client.with_app(|app| step(app, &mut session))
    }

    fn detach(&self, step: TokenStep) {
        drop(self.spawn(step));
    }

    /// Returns the message of an error, followed by the messages of its sources.
    fn describe(&self, error: &Error) -> String {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            text.push_str(": ");
            text.push_str(&error.to_string());
            source = error.source();
        }
        text
    }
}

impl fmt::Debug for SessionDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state(|_, session| {
            f.debug_struct("SessionDriver").field("session", session).finish_non_exhaustive()
        })
    }
}
