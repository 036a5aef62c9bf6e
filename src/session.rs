//! The session: the authorization of a user, or of the application without a user.

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

/// The authorization of one user, or of the application without a user.
///
/// Each step of a call borrows it briefly, together with the [`App`], so a plain mutex may hold both, also in async
/// code.
///
/// Calls that start without a token share one token request: the first one gets it as a step
/// ([`Step::Authorize`](crate::Step::Authorize)), the others wait until it has ended, even if the first
/// call is dropped.
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
    /// The session has a token that has neither expired nor been rejected.
    Ready,
    /// The next call requests a token.
    NeedsToken,
    /// A token request is in flight.
    Requesting,
    /// The session has no valid token and cannot request one: replace its tokens, or log the user in.
    NoCredentials,
    /// The accounts service rejected the grant: log the user in again ([`Session::log_in`]).
    Ended(AuthError),
}

/// Compares errors by their kind.
impl PartialEq for SessionState {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl Session {
    /// Creates a session of the application without a user, for catalogue data.
    pub fn client_credentials() -> Self {
        Self::new(TokenMachine::client_credentials())
    }

    /// Creates a session of a user who has just consented; the first call exchanges the code for tokens.
    pub fn from_code(code: AuthorizationCode) -> Self {
        Self::new(TokenMachine::code(code))
    }

    /// Creates a session from stored tokens of a user who has logged in before.
    pub fn from_tokens(tokens: Tokens) -> Self {
        Self::new(TokenMachine::tokens(tokens))
    }

    /// Creates a session of a user from a refresh token; the first call requests an access token.
    pub fn from_refresh_token(refresh_token: impl Into<Secret>) -> Self {
        Self::from_tokens(Tokens::from_refresh_token(refresh_token))
    }

    /// Creates a session with an access token that the program provides and that the session cannot renew; see
    /// [`replace_tokens`](Self::replace_tokens).
    pub fn from_access_token(access_token: impl Into<Secret>) -> Self {
        Self::from_tokens(Tokens::from_access_token(access_token, None))
    }

    fn new(machine: TokenMachine) -> Self {
        Self { machine, identity: Identity::new() }
    }

    /// Returns the current tokens; `None` before the first ones.
    #[must_use]
    pub fn tokens(&self) -> Option<&Tokens> {
        self.machine.current()
    }

    /// Returns the state of the session at `now`.
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

    /// Returns whether the session has new tokens that have not been saved.
    ///
    /// A program that shuts down saves [`tokens`](Self::tokens) in that case: a rotated refresh token is stored
    /// nowhere else.
    #[must_use]
    pub fn has_unsaved_tokens(&self) -> bool {
        self.machine.has_unsaved()
    }

    /// Replaces the tokens, whether or not the new ones were issued later. Use it for a new access token of a session
    /// that cannot request one.
    ///
    /// Calls in flight continue with the new tokens. The caller stores them: no step saves them.
    pub fn replace_tokens(&mut self, tokens: Tokens) {
        self.machine.replace(tokens);
    }

    /// Adopts tokens that another process of the same application obtained and stored, if they are newer; returns
    /// whether they were adopted.
    ///
    /// Tokens are newer if they were issued later in the same authorization, or by a later login. The order of issue
    /// decides, not the clocks of the machines. If the current tokens have been rejected and are saved, any other
    /// tokens are adopted. A session with an access token that the program provides adopts none. The caller stores the
    /// tokens: no step saves them.
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
    /// assert!(!other.adopt_tokens(tokens), "they are current already");
    /// let Step::Send(request, _) = Call::new(get.clone()).start(&mut app, &mut other, now) else { panic!() };
    /// assert_eq!(request.uri().path(), "/v1/albums/4aawyAB9vmqN3uQ7FjRGTy");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn adopt_tokens(&mut self, tokens: Tokens) -> bool {
        self.machine.adopt(tokens)
    }

    /// Begins a new authorization with a user's consent, also after the accounts service has rejected the old grant.
    ///
    /// Calls in flight continue with the tokens of the new login. The response to a token request of the old one is
    /// ignored.
    pub fn log_in(&mut self, code: AuthorizationCode) {
        self.machine.log_in(code);
    }

    pub(crate) fn machine(&mut self) -> &mut TokenMachine {
        &mut self.machine
    }

    /// Returns the secrets of the session and of its application, which must not appear in logs and recordings.
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

    /// Returns the decision for a call that needs a token.
    pub(crate) fn authorize(&mut self, app: &App, may_begin: bool, now: SystemTime) -> TokenDecision {
        self.machine.poll(app.client(), app.accounts(), may_begin, now)
    }
}
