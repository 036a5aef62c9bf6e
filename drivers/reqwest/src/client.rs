//! The application: its connections, and its sessions.

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

/// An application that talks to Spotify: its connections, its credentials, the limits of all of its users, and their
/// sessions.
///
/// It is cheap to clone. Make one for each application, because Spotify's rate limits are for the application. It
/// belongs to one tokio runtime, as `reqwest` does.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    http: reqwest::Client,
    app: Mutex<App>,
    /// The application's own tokens, which all calls without a user share.
    application: Arc<SessionState>,
    users: Users,
    token_work: Arc<Tasks>,
}

impl Client {
    /// A client for this application.
    ///
    /// # Errors
    ///
    /// [`Error::Transport`] if TLS cannot be initialized.
    pub fn new(app: App) -> Result<Self, Error> {
        Self::with_http(app, transport::default_builder())
    }

    /// A client with its own settings of `reqwest`, such as a proxy, root certificates, or the size of the pool. The
    /// settings that calls depend on (redirects, time of connecting) are replaced.
    ///
    /// # Errors
    ///
    /// [`Error::Transport`] if the settings cannot be used.
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

    /// A client for the application in the environment: see [`app_from_env`].
    ///
    /// # Errors
    ///
    /// [`Error::Environment`] if the environment does not name an application.
    pub fn from_env() -> Result<Self, Error> {
        Self::new(app_from_env()?)
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

    /// The session of a user who has logged in before, with the tokens that the store has; `None` if it has none.
    ///
    /// `id` is the program's own name for the user. All sessions with one id are the same one, and the store is loaded
    /// only for the first. Sessions that nothing uses are dropped from time to time.
    ///
    /// # Errors
    ///
    /// [`Error::LoadTokens`] if the store fails.
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

    /// Logs a user in with an authorization code, as a web server gets it from [`Login`](spotify_proto::Login), and
    /// stores the tokens. If the user has a session, it goes on with the new tokens.
    ///
    /// # Errors
    ///
    /// The error of the token request or of the store. The next [`user`](Self::user) loads what the store has.
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

    /// Logs the user of this machine in: with the tokens of the store if they still work and have these scopes,
    /// otherwise in the user's browser. It prints the address of the consent page and waits for five minutes at most.
    /// Dropping the future cancels the login.
    ///
    /// The session has a token when it returns, and the store has it, too. See [`BrowserLogin`] for the redirect URI
    /// that has to be registered, and [`log_in_with`](Self::log_in_with) for other settings.
    ///
    /// # Errors
    ///
    /// [`Error::Login`] if the user refuses or takes too long; the error of the token request or of the store.
    pub async fn log_in(
        &self,
        store: impl TokenStore + 'static,
        scopes: impl Into<Scopes>,
    ) -> Result<SessionDriver, Error> {
        self.log_in_with(store, BrowserLogin::new(scopes)).await
    }

    /// Logs the user of this machine in as [`log_in`](Self::log_in) does, with other settings: redirect URI, time limit,
    /// presentation of the consent page.
    ///
    /// # Errors
    ///
    /// As for [`log_in`](Self::log_in).
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
    /// A program that has cancelled calls waits for it before its runtime ends: a refresh token that Spotify has
    /// replaced may be on the way. It takes two minutes at most, and mostly no time.
    pub async fn finish_token_work(&self) {
        self.shared.token_work.finished().await;
    }

    /// The number of users whose sessions are loaded.
    #[must_use]
    pub fn loaded_users(&self) -> usize {
        self.shared.users.len()
    }

    /// Runs a function with the application, for example to store the state of its rate limiter. It must not block: all
    /// calls wait meanwhile.
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

/// Cancels a login when the future that waits for it is dropped.
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
