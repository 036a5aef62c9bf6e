//! The application: its connections, and its sessions.

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

/// An application that talks to Spotify: its connections, its credentials, and the limits of all of its users.
///
/// It is cheap to clone. Make one for each application, because Spotify's rate limits are for the application.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    agent: Agent,
    app: Mutex<App>,
    /// The application's own tokens, which all calls without a user share.
    application: Arc<SessionState>,
}

impl Client {
    /// A client for this application.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self::with_config(app, transport::default_config())
    }

    /// A client with its own settings of `ureq`, such as a proxy or root certificates. The settings that calls depend
    /// on (redirects, statuses, time of connecting) are replaced.
    #[must_use]
    pub fn with_config(app: App, config: ConfigBuilder<AgentScope>) -> Self {
        let application = Arc::new(SessionState::new(Session::client_credentials(), None));
        let shared = Shared { agent: transport::agent(config), app: Mutex::new(app), application };
        Self { shared: Arc::new(shared) }
    }

    /// A client for the application in the environment: see [`app_from_env`].
    ///
    /// # Errors
    ///
    /// [`Error::Environment`] if the environment does not name an application.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self::new(app_from_env()?))
    }

    /// The application itself, for catalogue data without a user. It needs a secret. All values share one token.
    #[must_use]
    pub fn application(&self) -> SessionDriver {
        SessionDriver::new(self.clone(), Arc::clone(&self.shared.application))
    }

    /// A session whose tokens are not stored, such as one with an access token from elsewhere.
    ///
    /// For a user who has logged in, use [`user`](Self::user): a refresh token that is replaced and not stored is lost
    /// when the program ends.
    #[must_use]
    pub fn session(&self, session: Session) -> SessionDriver {
        SessionDriver::new(self.clone(), Arc::new(SessionState::new(session, None)))
    }

    /// A user who has logged in before, with the tokens that the store has; `None` if it has none.
    ///
    /// # Errors
    ///
    /// [`Error::LoadTokens`] if the store fails.
    pub fn user(&self, store: impl TokenStore + 'static) -> Result<Option<SessionDriver>, Error> {
        let tokens = store.load().map_err(Error::LoadTokens)?;
        Ok(tokens.map(|tokens| self.stored(Session::from_tokens(tokens), store)))
    }

    /// Logs a user in: with the tokens of the store if they still work and have these scopes, otherwise in the user's
    /// browser. It prints the address of the consent page and waits for five minutes at most.
    ///
    /// The session has a token when it returns, and the store has it, too. See [`BrowserLogin`] for the redirect URI
    /// that has to be registered, and [`log_in_with`](Self::log_in_with) for other settings.
    ///
    /// # Errors
    ///
    /// [`Error::Login`] if the user refuses or takes too long; the error of the token request or of the store.
    pub fn log_in(
        &self,
        store: impl TokenStore + 'static,
        scopes: impl Into<Scopes>,
    ) -> Result<SessionDriver, Error> {
        self.log_in_with(store, BrowserLogin::new(scopes))
    }

    /// Logs a user in as [`log_in`](Self::log_in) does, with other settings: redirect URI, time limit, presentation of the
    /// consent page.
    ///
    /// For a way to cancel it, [start](BrowserLogin::start) the login, [wait](spotify_proto_login::PendingLogin::wait)
    /// for it, and use [`log_in_with_code`](Self::log_in_with_code).
    ///
    /// # Errors
    ///
    /// As for [`log_in`](Self::log_in).
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
    /// The error of the token request or of the store.
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

    /// Runs a function with the application, for example to store the state of its rate limiter. It must not call
    /// Spotify: all calls wait meanwhile.
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
