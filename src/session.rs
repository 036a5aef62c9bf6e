//! What calls share: authorization, closed doors, policy, and where requests go.

use std::time::{Duration, SystemTime};

use http::header::{HeaderMap, HeaderValue};
use http::{Request, StatusCode};

use crate::auth::access::{Access, Pass};
use crate::auth::grant::{App, Code, is_transient};
use crate::auth::scope::Scopes;
use crate::endpoint::Operation;
use crate::error::{Error, RateLimited};
use crate::origin::Origin;
use crate::retry::{Jitter, Outcome, RetryPolicy};
use crate::secret::Secret;
use crate::throttle::Throttle;

pub(crate) use crate::auth::access::Ticket;
pub use crate::auth::grant::Tokens;

/// What calls share: one authorization, one throttle, one retry policy, one pair of origins.
///
/// Calls borrow it for a moment at each step, so it may stand behind a plain mutex, also in async code. It holds
/// no I/O, no clock and no lock of its own.
///
/// ```
/// use spotify_proto::{App, RetryPolicy, Session};
///
/// let session = Session::client_credentials(App::confidential("id", "secret"))
///     .with_retry(RetryPolicy::new().tries(3))
///     .with_jitter(0x5eed);
/// assert!(session.tokens().is_none());
/// ```
#[derive(Debug)]
#[must_use = "a session does nothing until a call starts with it"]
pub struct Session {
    access: Access,
    throttle: Throttle,
    retry: RetryPolicy,
    jitter: Jitter,
    api: Origin,
    accounts: Origin,
}

impl Session {
    /// For the application itself: catalogue data, no user.
    pub fn client_credentials(app: App) -> Self {
        Self::new(Access::client_credentials(app))
    }

    /// For a user who has just consented: the first call exchanges the code for tokens.
    pub fn login(app: App, code: Code) -> Self {
        Self::new(Access::login(app, code))
    }

    /// For a user who has logged in before, from the tokens that were stored.
    pub fn resume(app: App, tokens: Tokens) -> Self {
        Self::new(Access::resume(app, tokens))
    }

    /// With an access token from elsewhere, which the session cannot renew.
    pub fn fixed(access_token: impl Into<Secret>) -> Self {
        Self::new(Access::fixed(&access_token.into()))
    }

    fn new(access: Access) -> Self {
        Self {
            access,
            throttle: Throttle::default(),
            retry: RetryPolicy::new(),
            jitter: Jitter::default(),
            api: Origin::api(),
            accounts: Origin::accounts(),
        }
    }

    /// Sends requests to other servers: a test's, a proxy's. Tokens go there and nowhere else.
    pub fn with_origins(mut self, api: Origin, accounts: Origin) -> Self {
        (self.api, self.accounts) = (api, accounts);
        self
    }

    /// Tries again by another policy.
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Spreads retries by this seed; give each process a random one, so that they do not retry in step.
    pub fn with_jitter(mut self, seed: u64) -> Self {
        self.jitter = Jitter(seed);
        self
    }

    /// The tokens in force; `None` before the first, and for a fixed token.
    #[must_use]
    pub fn tokens(&self) -> Option<&Tokens> {
        self.access.tokens()
    }

    /// The closed doors: to look at, to store, to join with those of other sessions of the same application.
    pub fn throttle(&mut self) -> &mut Throttle {
        &mut self.throttle
    }

    pub(crate) fn api(&self) -> &Origin {
        &self.api
    }

    /// How long this operation has to wait; an error where the policy does not allow that.
    pub(crate) fn gate(&self, operation: &Operation, now: SystemTime) -> Result<Option<Duration>, Error> {
        match self.throttle.wait(operation.route, now) {
            Some(wait) if !self.retry.allows(wait) => Err(RateLimited::closed(wait).into()),
            wait => Ok(wait),
        }
    }

    pub(crate) fn authorize(&mut self, now: SystemTime) -> Authorization {
        match self.access.ask(&self.accounts, now) {
            Pass::Use(header, generation) => Authorization::Use(header, generation),
            Pass::Fetch(request, ticket) => Authorization::Fetch(request, ticket),
            Pass::Save(tokens, generation) => Authorization::Save(tokens, generation),
            Pass::Wait(delay) if !self.retry.allows(delay) => {
                Authorization::Refuse(RateLimited::closed(delay).into())
            }
            Pass::Wait(delay) => Authorization::Wait(delay),
            Pass::Refuse(error) => Authorization::Refuse(error.into()),
        }
    }

    /// Takes the news that the tokens of that generation are safe.
    pub(crate) fn tokens_saved(&mut self, generation: u64, now: SystemTime) {
        self.access.saved(generation, now);
    }

    pub(crate) fn token_refused(&mut self, generation: u64) {
        self.access.refused(generation);
    }

    /// Takes the answer to a token request; a failure that may pass makes everybody wait a little.
    pub(crate) fn token_answered(
        &mut self,
        ticket: Ticket,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        now: SystemTime,
    ) -> Result<(Tokens, u64), Error> {
        let answered = self.access.answered(ticket, status, headers, body, now);
        if let Err(error) = &answered {
            let wait = match error {
                Error::RateLimited(limit) => limit.wait(now).unwrap_or_default().max(Duration::from_secs(1)),
                _ => self.token_backoff(),
            };
            self.access.pause(ticket, wait, now);
        }
        answered
    }

    /// What the user would have to grant for an operation, as far as it is known what was granted.
    pub(crate) fn missing_scopes(&self, operation: &Operation) -> Scopes {
        self.tokens().map(|tokens| tokens.missing_for(operation)).unwrap_or_default()
    }

    /// Takes the loss of a token request.
    pub(crate) fn token_lost(&mut self, ticket: Ticket, now: SystemTime) {
        let wait = self.token_backoff();
        self.access.pause(ticket, wait, now);
    }

    /// Whether asking for a token again may help.
    pub(crate) fn may_pass(&self, error: &Error, ticket: Ticket) -> bool {
        is_transient(error) || self.access.is_outdated(ticket)
    }

    /// Takes a 429 answer and tells how long it closes what.
    pub(crate) fn limited(
        &mut self,
        operation: &Operation,
        limit: &RateLimited,
        now: SystemTime,
    ) -> Duration {
        self.throttle.take(operation, limit, now)
    }

    /// Whether and when a request is sent again.
    pub(crate) fn again(&mut self, operation: &Operation, outcome: Outcome, tries: u32) -> Option<Duration> {
        let jitter = self.jitter.next();
        self.retry.again(operation, outcome, tries, jitter)
    }

    /// Longer with each failure in a row, whichever calls they came from.
    fn token_backoff(&mut self) -> Duration {
        let jitter = self.jitter.next();
        self.retry.backoff(self.access.count_failure(), jitter)
    }
}

/// What a call may do about its authorization now.
#[derive(Debug)]
pub(crate) enum Authorization {
    /// Send with this header, of the token with this generation.
    Use(HeaderValue, u64),
    /// Send this token request first.
    Fetch(Request<Vec<u8>>, Ticket),
    /// Save these tokens first; they have this generation.
    Save(Tokens, u64),
    /// Look again after this time.
    Wait(Duration),
    /// Give up.
    Refuse(Error),
}
