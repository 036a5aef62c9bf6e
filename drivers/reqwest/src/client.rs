//! The client of an application, with its connections and sessions.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use spotify_proto::{App, AuthorizationCode, Scopes, Session, Tokens};
use spotify_proto_login::{BrowserLogin, Canceller, app_from_env};
use tokio::task::spawn_blocking;

use crate::error::Error;
use crate::session::{SessionDriver, SessionState};
use crate::store::TokenStore;
use crate::tasks::Tasks;
use crate::transport;
use crate::users::Users;

/// Client for one application, with its connections, its credentials, and the rate limits and sessions of its users.
///
/// A `Client` is cheap to clone. Create one for each application, because Spotify's rate limits apply per application.
/// Like a `reqwest` client, it must be used in a single tokio runtime.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    http: reqwest::Client,
    app: Mutex<App>,
    /// Session of the application itself, shared by all calls that are not made for a user.
    application: Arc<SessionState>,
    users: Users,
    token_work: Arc<Tasks>,
}

impl Client {
    /// Creates a client for an application with the default settings of `reqwest`.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Transport`] if TLS cannot be initialized.
    pub fn new(app: App) -> Result<Self, Error> {
        Self::with_http(app, transport::default_builder())
    }

    /// Creates a client with custom settings of `reqwest`, such as a proxy, root certificates, or the size of the
    /// connection pool. The settings for redirects and for the connect timeout are overwritten, because calls depend on
    /// them.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Transport`] if the settings are invalid.
    pub fn with_http(app: App, http: reqwest::ClientBuilder) -> Result<Self, Error> {
        let shared = Shared {
            http: transport::client(http)?,
            app: Mutex::new(app),
            application: Arc::new(SessionState::new(Session::client_credentials(), None)),
            users: Users::default(),
            token_work: Tasks::new(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Creates a client for the application in the environment variables that [`app_from_env`] reads.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Environment`] if a variable is missing or invalid.
    pub fn from_env() -> Result<Self, Error> {
        Self::new(app_from_env()?)
    }

    /// Returns the session of the application itself, for requests for catalogue data that need no user.
    ///
    /// Calls fail if the application has no secret. All drivers returned by this method share one token.
    #[must_use]
    pub fn application(&self) -> SessionDriver {
        SessionDriver::new(self.clone(), Arc::clone(&self.shared.application))
    }

    /// Returns a driver for a session whose tokens are not stored, such as one with an external access token.
    ///
    /// For a user who has logged in, use [`user`](Self::user): if Spotify replaces the refresh token, the new refresh
    /// token must be stored before the program ends.
    #[must_use]
    pub fn session(&self, session: Session) -> SessionDriver {
        SessionDriver::new(self.clone(), Arc::new(SessionState::new(session, None)))
    }

    /// Returns the session of a user who has logged in before, using the tokens in the store. Returns `None` if the
    /// store has no tokens.
    ///
    /// `id` identifies the user in your program. All calls of this method with the same id return the same session, and
    /// only the first call loads tokens from the store. Unused sessions are dropped from time to time.
    ///
    /// # Errors
    ///
    /// Returns [`Error::LoadTokens`] if the store fails.
    pub async fn user(
        &self,
        id: &str,
        store: impl TokenStore + 'static,
    ) -> Result<Option<SessionDriver>, Error> {
        if let Some(state) = self.shared.users.get(id) {
            return Ok(Some(SessionDriver::new(self.clone(), state)));
        }
        let Some(tokens) = store.load().await.map_err(Error::LoadTokens)? else { return Ok(None) };
        let state = SessionState::new(Session::from_tokens(tokens), Some(Box::new(store)));
        let state = self.shared.users.get_or_insert(id, state);
        Ok(Some(SessionDriver::new(self.clone(), state)))
    }

    /// Logs a user in with an authorization code, which a web server gets from [`Login`](spotify_proto::Login), and
    /// stores the tokens. An existing session of the user continues with the new tokens.
    ///
    /// # Errors
    ///
    /// Returns the error of the token request or of the store. After an error, the next call of [`user`](Self::user)
    /// loads the stored tokens again.
    pub async fn log_in_user(
        &self,
        id: &str,
        store: impl TokenStore + 'static,
        code: AuthorizationCode,
    ) -> Result<SessionDriver, Error> {
        let new = SessionState::new(Session::from_code(code.clone()), Some(Box::new(store)));
        let state = self.shared.users.get_or_insert(id, new);
        let user = SessionDriver::new(self.clone(), Arc::clone(&state));
        if user.has_tokens() {
            user.replace_login(code);
        }
        if let Err(error) = user.renew().await {
            self.shared.users.remove(id, &state);
            return Err(error);
        }
        Ok(user)
    }

    /// Logs in the user of this machine. Uses the tokens in the store if they are still valid and include the given
    /// scopes; otherwise, starts a login in the user's browser, which prints the address of the consent page and waits
    /// for at most five minutes. Dropping the future cancels the login.
    ///
    /// The returned session has a token, which has also been stored. See [`BrowserLogin`] for the redirect URI that has
    /// to be registered, and [`log_in_with`](Self::log_in_with) for other settings.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Login`] if the user denies access or does not consent in time, or the error of the token
    /// request or of the store.
    pub async fn log_in(
        &self,
        store: impl TokenStore + 'static,
        scopes: impl Into<Scopes>,
    ) -> Result<SessionDriver, Error> {
        self.log_in_with(store, BrowserLogin::new(scopes)).await
    }

    /// Logs in the user of this machine like [`log_in`](Self::log_in), with custom settings such as the redirect URI,
    /// the time limit, or the function that shows the consent page.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`log_in`](Self::log_in).
    pub async fn log_in_with(
        &self,
        store: impl TokenStore + 'static,
        login: BrowserLogin,
    ) -> Result<SessionDriver, Error> {
        let has_scopes =
            |tokens: &Tokens| tokens.scopes().is_none_or(|granted| granted.contains_all(login.scopes()));
        let tokens = store.load().await.map_err(Error::LoadTokens)?.filter(has_scopes);
        let Some(tokens) = tokens else {
            let user = self.stored(Session::from_code(self.consent(login).await?), store);
            user.renew().await?;
            return Ok(user);
        };
        let user = self.stored(Session::from_tokens(tokens), store);
        match user.renew().await {
            Err(error) if error.needs_login() => user.log_in(self.consent(login).await?).await?,
            result => result?,
        }
        Ok(user)
    }

    async fn consent(&self, login: BrowserLogin) -> Result<AuthorizationCode, Error> {
        let pending = self.with_app(|app| login.start(app))?;
        let _cancel = CancelOnDrop(pending.canceller());
        let code = spawn_blocking(|| pending.wait()).await;
        Ok(code.map_err(|error| Error::Other(error.into()))??)
    }

    fn stored(&self, session: Session, store: impl TokenStore + 'static) -> SessionDriver {
        SessionDriver::new(self.clone(), Arc::new(SessionState::new(session, Some(Box::new(store)))))
    }

    /// Waits until no token request is in flight and no tokens are being stored.
    ///
    /// If calls were cancelled, await this method before the runtime shuts down; otherwise, a new refresh token may be
    /// lost. The method usually completes immediately, and takes at most two minutes.
    pub async fn finish_token_work(&self) {
        self.shared.token_work.finished().await;
    }

    /// Returns the number of users whose sessions are currently loaded.
    #[must_use]
    pub fn loaded_users(&self) -> usize {
        self.shared.users.len()
    }

    /// Calls a function with the application, for example to store the state of its rate limiter. The function must not
    /// block, because all other calls wait until it returns.
    pub fn with_app<R>(&self, run: impl FnOnce(&mut App) -> R) -> R {
        run(&mut self.shared.app.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.shared.http
    }

    pub(crate) fn token_work(&self) -> &Arc<Tasks> {
        &self.shared.token_work
    }
}

/// Cancels a login if the future that waits for it is dropped.
struct CancelOnDrop(Canceller);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_app(|app| f.debug_struct("Client").field("app", app).finish_non_exhaustive())
    }
}
