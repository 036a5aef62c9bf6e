//! The client of an application, with its connections and sessions.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use spotify_proto::{App, AuthorizationCode, Scopes, Session, Tokens};
use spotify_proto_login::{BrowserLogin, app_from_env};
use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;

use crate::error::Error;
use crate::session::{SessionDriver, SessionState};
use crate::store::TokenStore;
use crate::transport;

/// Client for one application, with its connections, its credentials, and the rate limits shared by all of its users.
///
/// A `Client` is cheap to clone. Create one for each application, because Spotify's rate limits apply per application.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    agent: Agent,
    app: Mutex<App>,
    /// Session of the application itself, shared by all calls that are not made for a user.
    application: Arc<SessionState>,
}

impl Client {
    /// Creates a client for an application with the default settings of `ureq`.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self::with_config(app, transport::default_config())
    }

    /// Creates a client with custom settings of `ureq`, such as a proxy or root certificates. The settings for
    /// redirects, for errors on HTTP statuses, and for the connect timeout are overwritten, because calls depend on
    /// them.
    #[must_use]
    pub fn with_config(app: App, config: ConfigBuilder<AgentScope>) -> Self {
        let application = Arc::new(SessionState::new(Session::client_credentials(), None));
        let shared = Shared { agent: transport::agent(config), app: Mutex::new(app), application };
        Self { shared: Arc::new(shared) }
    }

    /// Creates a client for the application in the environment variables that [`app_from_env`] reads.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Environment`] if a variable is missing or invalid.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self::new(app_from_env()?))
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
    /// # Errors
    ///
    /// Returns [`Error::LoadTokens`] if the store fails.
    pub fn user(&self, store: impl TokenStore + 'static) -> Result<Option<SessionDriver>, Error> {
        let tokens = store.load().map_err(Error::LoadTokens)?;
        Ok(tokens.map(|tokens| self.stored(Session::from_tokens(tokens), store)))
    }

    /// Logs a user in. Uses the tokens in the store if they are still valid and include the given scopes; otherwise,
    /// starts a login in the user's browser, which prints the address of the consent page and waits for at most five
    /// minutes.
    ///
    /// The returned session has a token, which has also been stored. See [`BrowserLogin`] for the redirect URI that has
    /// to be registered, and [`log_in_with`](Self::log_in_with) for other settings.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Login`] if the user denies access or does not consent in time, or the error of the token
    /// request or of the store.
    pub fn log_in(
        &self,
        store: impl TokenStore + 'static,
        scopes: impl Into<Scopes>,
    ) -> Result<SessionDriver, Error> {
        self.log_in_with(store, BrowserLogin::new(scopes))
    }

    /// Logs a user in like [`log_in`](Self::log_in), with custom settings such as the redirect URI, the time limit, or
    /// the function that shows the consent page.
    ///
    /// If you need to cancel the login, [start](BrowserLogin::start) it and
    /// [wait](spotify_proto_login::PendingLogin::wait) for it yourself, and pass the authorization code to
    /// [`log_in_with_code`](Self::log_in_with_code).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`log_in`](Self::log_in).
    pub fn log_in_with(
        &self,
        store: impl TokenStore + 'static,
        login: BrowserLogin,
    ) -> Result<SessionDriver, Error> {
        let has_scopes =
            |tokens: &Tokens| tokens.scopes().is_none_or(|granted| granted.contains_all(login.scopes()));
        let tokens = store.load().map_err(Error::LoadTokens)?.filter(has_scopes);
        let Some(tokens) = tokens else { return self.log_in_with_code(store, self.consent(login)?) };
        let user = self.stored(Session::from_tokens(tokens), store);
        match user.renew() {
            Err(error) if error.needs_login() => user.log_in(self.consent(login)?)?,
            result => result?,
        }
        Ok(user)
    }

    /// Logs a user in with an authorization code, and stores the tokens.
    ///
    /// # Errors
    ///
    /// Returns the error of the token request or of the store.
    pub fn log_in_with_code(
        &self,
        store: impl TokenStore + 'static,
        code: AuthorizationCode,
    ) -> Result<SessionDriver, Error> {
        let user = self.stored(Session::from_code(code), store);
        user.renew()?;
        Ok(user)
    }

    fn consent(&self, login: BrowserLogin) -> Result<AuthorizationCode, Error> {
        let pending = self.with_app(|app| login.start(app))?;
        Ok(pending.wait()?)
    }

    fn stored(&self, session: Session, store: impl TokenStore + 'static) -> SessionDriver {
        SessionDriver::new(self.clone(), Arc::new(SessionState::new(session, Some(Box::new(store)))))
    }

    /// Calls a function with the application, for example to store the state of its rate limiter. The function must not
    /// call Spotify, because all other calls wait until it returns.
    pub fn with_app<R>(&self, run: impl FnOnce(&mut App) -> R) -> R {
        run(&mut self.shared.app.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn agent(&self) -> &Agent {
        &self.shared.agent
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_app(|app| f.debug_struct("Client").field("app", app).finish_non_exhaustive())
    }
}
