//! Sessions: the authorization of a user, or of the application itself.

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

/// The authorization of a user, or of the application itself.
///
/// Each step of a call borrows the session briefly, together with the [`App`]. A plain mutex can therefore contain
/// both, even in async code.
///
/// Calls that start without a token share one token request. The first call returns the request as a step
/// ([`Step::Authorize`](crate::Step::Authorize)); the other calls wait until the request has ended, even if the first
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
    /// The session has no valid token and cannot request one. Replace the tokens, or log the user in.
    NoCredentials,
    /// The accounts service rejected the grant. Log the user in again ([`Session::log_in`]).
    Ended(AuthError),
}

/// Compares ended sessions by the kind of their error.
impl PartialEq for SessionState {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl Session {
    /// Creates a session for the application itself, which has access to catalogue data.
    pub fn client_credentials() -> Self {
        Self::new(TokenMachine::client_credentials())
    }

    /// Creates a session for a user who has just consented. The first call exchanges the code for tokens.
    pub fn from_code(code: AuthorizationCode) -> Self {
        Self::new(TokenMachine::code(code))
    }

    /// Creates a session from the stored tokens of a user who has logged in before.
    pub fn from_tokens(tokens: Tokens) -> Self {
        Self::new(TokenMachine::tokens(tokens))
    }

    /// Creates a session for a user from a refresh token. The first call requests an access token.
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

    /// Returns the current tokens; `None` if the session has not received tokens yet.
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
    /// In that case, a program must save the [`tokens`](Self::tokens) before it shuts down: a rotated refresh token is
    /// not stored anywhere else.
    #[must_use]
    pub fn has_unsaved_tokens(&self) -> bool {
        self.machine.has_unsaved()
    }

    /// Replaces the tokens, whether or not the new tokens were issued later. Use this method to set a new access token
    /// in a session that cannot request one.
    ///
    /// Calls in flight continue with the new tokens. The caller has to store the tokens, because no step saves them.
    pub fn replace_tokens(&mut self, tokens: Tokens) {
        self.machine.replace(tokens);
    }

    /// Adopts tokens that another process of the same application obtained and stored, if they are newer; returns
    /// whether they were adopted.
    ///
    /// Tokens are newer if they were issued later in the same authorization, or by a later login. They are compared by
    /// the order of issue, not by the clocks of the machines. If the current tokens have been rejected and have been
    /// saved, any other tokens are adopted. A session whose access token was provided by the program adopts no tokens.
    /// The caller has to store the tokens, because no step saves them.
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

    /// Begins a new authorization with a user's consent, for example after the accounts service has rejected the
    /// previous grant.
    ///
    /// Calls in flight continue with the tokens of the new login. The response to a token request of the previous login
    /// is ignored.
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

    /// Returns the secrets that are relevant to a request to the API.
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
