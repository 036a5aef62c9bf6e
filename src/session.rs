//! One user's authorization, or the application's own.

pub(crate) mod login;
mod token_step;

use std::sync::Arc;
use std::time::SystemTime;

use crate::app::{App, Identity};
use crate::auth::grant::AuthorizationCode;
use crate::auth::token_machine::{TokenDecision, TokenMachine};
use crate::auth::tokens::Tokens;
use crate::error::AuthError;
use crate::types::secret::{KnownSecrets, Secret, SecretMatcher};

pub(crate) use token_step::Owner;
pub use token_step::{ReceivedToken, Saving, TokenExchange, TokenStep};

/// The authorization of one user, or of the application itself.
///
/// Calls borrow it for a moment at each step, together with the [`App`], so both may be kept behind a plain mutex,
/// also in async code.
///
/// Calls that start without a token share one token request: the first one gets it as a step
/// ([`Step::Authorize`](crate::Step::Authorize)), the others wait until it has ended. Whether the call that got it is
/// dropped meanwhile does not matter to them.
///
/// ```
/// use spotify_proto::{Session, SessionState};
/// use std::time::UNIX_EPOCH;
///
/// let session = Session::from_refresh_token("AQx");
/// assert_eq!(session.state(UNIX_EPOCH), SessionState::NeedsToken);
/// ```
#[derive(Debug)]
#[must_use = "a session does nothing until a call starts with it"]
pub struct Session {
    machine: TokenMachine,
    identity: Identity,
}

/// The secrets of a request in flight, shared with its session and application.
pub(crate) struct Credentials {
    tokens: Option<Arc<Tokens>>,
    client_secret: Option<Secret>,
}

impl Credentials {
    pub(crate) fn matcher(&self) -> SecretMatcher {
        let mut known = KnownSecrets::default();
        known.extend(self.tokens.iter().flat_map(|tokens| tokens.secrets()).chain(&self.client_secret));
        known.matcher()
    }
}

/// The state of a session's authorization.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SessionState {
    /// It has a token that works, as far as is known.
    Ready,
    /// The next call requests a token.
    NeedsToken,
    /// A token request is in flight.
    Requesting,
    /// It has no valid token and no way to get one: give it other tokens, or log the user in.
    NoCredentials,
    /// The accounts service rejected the grant: log the user in again ([`Session::log_in`]).
    Ended(AuthError),
}

/// Errors are compared by their kind.
impl PartialEq for SessionState {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl Session {
    /// A session of the application itself: catalogue data, no user.
    pub fn client_credentials() -> Self {
        Self::new(TokenMachine::client_credentials())
    }

    /// A session of a user who has just consented; the first call exchanges the code for tokens.
    pub fn from_code(code: AuthorizationCode) -> Self {
        Self::new(TokenMachine::code(code))
    }

    /// A session of a user who has logged in before, from tokens that were stored.
    pub fn from_tokens(tokens: Tokens) -> Self {
        Self::new(TokenMachine::tokens(tokens))
    }

    /// A session of a user of whom only the refresh token is known; the first call requests an access token.
    pub fn from_refresh_token(refresh_token: impl Into<Secret>) -> Self {
        Self::from_tokens(Tokens::from_refresh_token(refresh_token))
    }

    /// A session with an access token from elsewhere, which it cannot renew; see
    /// [`replace_tokens`](Self::replace_tokens).
    pub fn from_access_token(access_token: impl Into<Secret>) -> Self {
        Self::from_tokens(Tokens::from_access_token(access_token, None))
    }

    fn new(machine: TokenMachine) -> Self {
        Self { machine, identity: Identity::new() }
    }

    /// The tokens in force; `None` before the first.
    #[must_use]
    pub fn tokens(&self) -> Option<&Tokens> {
        self.machine.current()
    }

    /// Returns what the session can do at `now`.
    #[must_use]
    pub fn state(&self, now: SystemTime) -> SessionState {
        if let Some(error) = self.machine.terminal() {
            return SessionState::Ended(error.clone());
        }
        if self.machine.has_token(now) {
            SessionState::Ready
        } else if self.machine.is_requesting(now) {
            SessionState::Requesting
        } else if self.machine.can_request() {
            SessionState::NeedsToken
        } else {
            SessionState::NoCredentials
        }
    }

    /// Returns whether the session has new tokens that are not known to be saved.
    ///
    /// A program that shuts down saves [`tokens`](Self::tokens) in that case: a rotated refresh token exists nowhere
    /// else.
    #[must_use]
    pub fn has_unsaved_tokens(&self) -> bool {
        self.machine.has_unsaved()
    }

    /// Replaces the tokens by others, such as a new access token from elsewhere, whichever were issued later.
    ///
    /// Calls in flight go on with the new tokens. The caller has them stored: no step asks to save them.
    pub fn replace_tokens(&mut self, tokens: Tokens) {
        self.machine.replace(tokens);
    }

    /// Takes tokens that another process of the same application got and stored; returns whether they were news.
    ///
    /// Tokens are news if they were issued later in the same authorization, or by a later login. That is decided by
    /// the order in which they were issued, not by the clocks of the machines. If the tokens in force have been
    /// rejected and are saved, any others are news. A session that was given a bare access token takes none. The
    /// caller has them
    /// stored: no step asks to save them.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use spotify_proto::{App, AlbumId, Call, Session, Step, TokenStep, api::GetAlbum, http::Response};
    ///
    /// # let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    /// # let response = Response::new(r#"{"access_token": "abc", "expires_in": 3600}"#);
    /// let get = GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>()?);
    /// let mut app = App::confidential("id", "secret");
    /// let (mut one, mut other) = (Session::client_credentials(), Session::client_credentials());
    ///
    /// let Step::Authorize(TokenStep::Send(_, exchange), _) = Call::new(get.clone()).start(&mut app, &mut one, now) else {
    /// panic!() };
    /// let received = exchange.receive(Ok::<_, ()>(response));
    /// let Ok(TokenStep::Save(tokens, _)) = received.apply(&mut app, &mut one, now) else { panic!() };
    /// let stored = serde_json::to_string(&tokens)?;
    ///
    /// assert!(other.adopt_tokens(serde_json::from_str(&stored)?));
    /// assert!(!other.adopt_tokens(tokens), "they are in force already");
    /// let Step::Send(request, _) = Call::new(get.clone()).start(&mut app, &mut other, now) else { panic!() };
    /// assert_eq!(request.uri().path(), "/v1/albums/4aawyAB9vmqN3uQ7FjRGTy");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn adopt_tokens(&mut self, tokens: Tokens) -> bool {
        self.machine.adopt(tokens)
    }

    /// Begins anew with a user's consent, also after the accounts service has rejected the old grant.
    ///
    /// Calls in flight go on with the tokens of the new login; the response to a token request of the old one is
    /// dropped.
    pub fn log_in(&mut self, code: AuthorizationCode) {
        self.machine.log_in(code);
    }

    pub(crate) fn machine(&mut self) -> &mut TokenMachine {
        &mut self.machine
    }

    /// Returns the secrets of the session and of its application, to be kept out of logs and recordings.
    #[must_use]
    pub fn secrets(&self, app: &App) -> KnownSecrets {
        let mut secrets = self.machine.secrets();
        secrets.extend(app.client().and_then(|client| client.secret.as_ref()));
        secrets
    }

    /// Returns the secrets of a request to the API.
    pub(crate) fn credentials(&self, app: &App) -> Credentials {
        let client_secret = app.client().and_then(|client| client.secret.clone());
        Credentials { tokens: self.machine.shared(), client_secret }
    }

    pub(crate) fn view(&self) -> &TokenMachine {
        &self.machine
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Returns what a call that needs a token does now.
    pub(crate) fn authorize(&mut self, app: &App, may_begin: bool, now: SystemTime) -> TokenDecision {
        self.machine.poll(app.client(), app.accounts(), may_begin, now)
    }
}
