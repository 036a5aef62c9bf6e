//! What calls share: authorization, closed doors, policy, and where requests go.

use std::time::{Duration, SystemTime};

use http::header::{HeaderMap, HeaderValue};
use http::{Request, StatusCode};

use crate::auth::access::{Access, Pass};
use crate::auth::grant::{App, Code};
use crate::auth::scope::Scopes;
use crate::endpoint::Operation;
use crate::error::{CEILING, Error, RateLimited, Wait, Why, retry_after};
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

    /// Keeps these doors closed, and this pace.
    ///
    /// ```
    /// # use spotify_proto::{Session, Throttle};
    /// # use std::num::NonZeroU32;
    /// let pace = NonZeroU32::new(90).expect("not zero");
    /// let session = Session::fixed("token").with_throttle(Throttle::default().paced(pace));
    /// ```
    pub fn with_throttle(mut self, throttle: Throttle) -> Self {
        self.throttle = throttle;
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

    /// Takes tokens that another session of the same application or login got; `true` if they were news.
    ///
    /// So one process asks for a token and the others take what it stored: where a step sends a token request,
    /// look into the store first, adopt what is there, and tell the exchange that its request was
    /// [lost](crate::Exchange::lost) when that was news. Tokens that are in force already, or were issued before
    /// those in force, change nothing, so that one that the server has refused does not come back; a session with a
    /// fixed token takes none. Whoever stored them keeps them safe: no [`Step::Save`](crate::Step::Save) comes for them.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use spotify_proto::{api::GetAlbum, AlbumId, App, Call, Session, Step, Tokens};
    ///
    /// # let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    /// # let token = spotify_proto::http::Response::new(r#"{"access_token": "abc", "expires_in": 3600}"#);
    /// let get = GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>()?);
    /// let (mut one, mut other) = (session(), session());
    ///
    /// let Step::Send(_, exchange) = Call::new(&get).start(&mut one, now) else { panic!() };
    /// let Step::Save(tokens, _) = exchange.receive(token, &mut one, now) else { panic!() };
    /// let stored = serde_json::to_string(&tokens)?;
    ///
    /// assert!(other.adopt(serde_json::from_str(&stored)?));
    /// assert!(!other.adopt(tokens), "they are in force already");
    /// let Step::Send(request, _) = Call::new(&get).start(&mut other, now) else { panic!() };
    /// assert_eq!(request.uri().path(), "/v1/albums/4aawyAB9vmqN3uQ7FjRGTy");
    ///
    /// fn session() -> Session {
    ///     Session::client_credentials(App::confidential("id", "secret"))
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn adopt(&mut self, tokens: Tokens) -> bool {
        self.access.adopt(tokens)
    }

    /// The closed doors: to look at, to store, to join with those of other sessions of the same application.
    pub fn throttle(&mut self) -> &mut Throttle {
        &mut self.throttle
    }

    pub(crate) fn api(&self) -> &Origin {
        &self.api
    }

    pub(crate) fn policy(&self) -> &RetryPolicy {
        &self.retry
    }

    /// How long this operation's route is closed.
    pub(crate) fn closed(&self, operation: &Operation, now: SystemTime) -> Option<Wait> {
        self.throttle.closed(operation.route, now)
    }

    /// Where there is a pace: the slot of a call that may hold one already. Nothing is taken.
    pub(crate) fn slot(&self, own: Option<SystemTime>, now: SystemTime) -> Option<SystemTime> {
        self.throttle.slot(own, now)
    }

    pub(crate) fn take_slot(&mut self, slot: SystemTime, now: SystemTime) {
        self.throttle.take_slot(slot, now);
    }

    pub(crate) fn authorize(&mut self, now: SystemTime) -> Authorization {
        match self.access.ask(&self.accounts, now) {
            Pass::Use(header, generation) => Authorization::Use(header, generation),
            Pass::Fetch(request, ticket) => Authorization::Fetch(request, ticket),
            Pass::Save(tokens, generation) => Authorization::Save(tokens, generation),
            Pass::Wait(delay) => Authorization::Wait(Wait::new(delay, Why::Token)),
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
        match self.access.answered(ticket, status, headers, body, now) {
            Err(Error::RateLimited(limit)) => {
                let wait = Wait::new(limit.closes_for(now), Why::Token);
                self.access.pause(ticket, wait.delay, now);
                Err(limit.with_wait(wait, None).into())
            }
            Err(error) => {
                let least = retry_after(headers).map_or(Duration::ZERO, |said| said.delay(now).min(CEILING));
                let wait = self.token_backoff().max(least);
                self.access.pause(ticket, wait, now);
                Err(error)
            }
            answered => answered,
        }
    }

    /// What the user would have to grant for an operation, as far as it is known what was granted.
    pub(crate) fn missing_scopes(&self, operation: &Operation) -> Scopes {
        self.tokens().map(|tokens| tokens.missing_for(operation)).unwrap_or_default()
    }

    /// Takes the loss of a token request.
    pub(crate) fn token_lost(&mut self, ticket: Ticket, now: SystemTime) {
        // Tokens have come meanwhile: nobody has to wait for others.
        if self.access.is_outdated(ticket) {
            self.access.release(ticket);
            return;
        }
        let wait = self.token_backoff();
        self.access.pause(ticket, wait, now);
    }

    /// Whether asking for a token again may help.
    pub(crate) fn may_pass(&self, error: &Error, ticket: Ticket) -> bool {
        error.is_transient() || self.access.is_outdated(ticket)
    }

    /// Takes a 429 answer and tells how long it closes what.
    pub(crate) fn limited(&mut self, operation: &Operation, limit: &RateLimited, now: SystemTime) -> Wait {
        self.throttle.take(operation, limit, now)
    }

    /// Whether and when a request is sent again, by a call's own policy or by that of all.
    pub(crate) fn again(
        &mut self,
        own: Option<&RetryPolicy>,
        operation: &Operation,
        outcome: Outcome,
        tries: u32,
    ) -> Option<Duration> {
        let jitter = self.jitter.next();
        own.unwrap_or(&self.retry).again(operation, outcome, tries, jitter)
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
    Wait(Wait),
    /// Give up.
    Refuse(Error),
}
