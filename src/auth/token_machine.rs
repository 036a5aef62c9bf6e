//! The tokens of a session: the current access token, token requests, and saving.
//!
//! A token request is in progress as long as its [`Lease`] exists. The exchange of the request owns the lease, so
//! dropping the exchange ends the request at once, without a clock. Tokens have generations, so that a 401 for an old
//! token does not discard a new token.

use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use http::header::{HeaderMap, HeaderValue};
use http::{Request, StatusCode};

use super::grant::{AuthorizationCode, Client, Grant};
use super::tokens::{Tokens, read_rejection};
use crate::error::{AuthError, Error, clamped, excerpt_without, retry_after};
use crate::limit::RetryPolicy;
use crate::types::origin::Origin;
use crate::types::secret::{KnownSecrets, Secret};
use crate::types::text::Text;
use crate::types::time::{self, Span};

/// The state of a session's authorization.
#[derive(Debug)]
pub(crate) struct TokenMachine {
    source: Source,
    tokens: Option<Arc<Tokens>>,
    /// The `Authorization` header of the current token, built once.
    header: Option<HeaderValue>,
    /// Number of the current token, which counts the tokens of this session.
    generation: u64,
    is_rejected: bool,
    request: Option<Holder>,
    unsaved: Option<Unsaved>,
    /// Period after a transient failure during which no token request is sent.
    backoff: Option<Span>,
    /// Number of transient failures since the last token was received.
    failures: u32,
    failure_count: u64,
    last_failure: Option<Error>,
    /// Error that ended the session.
    terminal: Option<AuthError>,
    /// Number of consecutive tokens that the API rejected.
    rejections: u32,
    rejected: Option<(Span, AuthError)>,
}

/// Source of the tokens.
#[derive(Debug)]
enum Source {
    ClientCredentials,
    /// An authorization code, which the refresh token replaces after the first token response.
    Code(AuthorizationCode),
    RefreshToken,
    /// Access tokens that the program provides.
    External,
}

/// Tokens that have not been saved, as far as the session knows.
#[derive(Debug)]
struct Unsaved {
    saver: Option<Holder>,
    /// Number of times that the tokens were returned to the caller to be saved.
    attempts: u32,
    since: SystemTime,
}

/// A token request or a save that is in progress while its lease exists.
#[derive(Debug)]
struct Holder {
    number: u64,
    lease: Weak<()>,
    since: SystemTime,
}

impl Holder {
    /// Returns whether the request or save is in progress. It is considered ended if its exchange exists for longer
    /// than any transport waits, so that it does not block the session forever. A change to the clock ends it only if
    /// it becomes too old as a result.
    fn is_active(&self, now: SystemTime) -> bool {
        self.lease.strong_count() > 0 && time::until(now, self.since) < MAX_AGE
    }
}

/// Permission to complete a token request or a save.
#[derive(Debug)]
pub(crate) struct Lease {
    number: u64,
    /// Generation of the tokens that the request replaces, or that have to be saved.
    pub(crate) generation: u64,
    presented: Box<Presented>,
    _alive: Arc<()>,
}

/// The secrets in a token request.
#[derive(Debug, Default)]
struct Presented {
    refresh_token: Option<Secret>,
    /// All secrets, which must not appear in errors.
    secrets: KnownSecrets,
}

impl Lease {
    /// Returns an excerpt of a description of the request, without the secrets in the request.
    pub(crate) fn excerpt(&self, text: &str) -> Text {
        excerpt_without(text, &self.presented.secrets.matcher())
    }
}

/// The decision for a call that needs a token.
#[derive(Debug)]
pub(crate) enum TokenDecision {
    /// Use the current token, with this header and this generation.
    Use(HeaderValue, u64),
    /// Send this token request.
    Request(Request<Vec<u8>>, Lease),
    /// Save these tokens.
    Save(Tokens, Lease),
    /// A token request is in progress. Poll again after this time.
    Wait(Duration),
    /// The last token request failed with this error, and no token request is sent for this time.
    Backoff(Duration, Error),
    /// No token can be obtained.
    Fail(Error),
}

/// Maximum duration of a token request or a save before another one can begin. Transports time out earlier.
pub(crate) const MAX_AGE: Duration = Duration::from_secs(120);

/// Minimum poll interval. A call that waits for a token request polls after a tenth of the time that the request has
/// taken so far.
const MIN_POLL: Duration = Duration::from_millis(5);
const MAX_POLL: Duration = Duration::from_secs(12);

/// A token that was issued less than this time ago is not replaced after a 401 that does not identify the token as the
/// cause.
pub(crate) const YOUNG: Duration = Duration::from_secs(30);

/// Maximum delay between two token requests or saves after repeated failures.
const MAX_PAUSE: Duration = Duration::from_secs(60);

impl TokenMachine {
    pub(crate) fn client_credentials() -> Self {
        Self::new(Source::ClientCredentials, None)
    }

    pub(crate) fn code(code: AuthorizationCode) -> Self {
        Self::new(Source::Code(code), None)
    }

    pub(crate) fn tokens(tokens: Tokens) -> Self {
        let source = if tokens.refresh_token().is_some() { Source::RefreshToken } else { Source::External };
        Self::new(source, Some(tokens))
    }

    fn new(source: Source, tokens: Option<Tokens>) -> Self {
        Self {
            source,
            header: tokens.as_ref().and_then(Tokens::header),
            tokens: tokens.map(Arc::new),
            generation: 0,
            is_rejected: false,
            request: None,
            unsaved: None,
            backoff: None,
            failures: 0,
            failure_count: 0,
            last_failure: None,
            terminal: None,
            rejections: 0,
            rejected: None,
        }
    }

    pub(crate) fn current(&self) -> Option<&Tokens> {
        self.tokens.as_deref()
    }

    /// Returns the current tokens, for a request in flight.
    pub(crate) fn shared(&self) -> Option<Arc<Tokens>> {
        self.tokens.clone()
    }

    /// Returns the tokens, and the code and the verifier of an incomplete login.
    pub(crate) fn secrets(&self) -> KnownSecrets {
        let mut secrets = KnownSecrets::default();
        if let Some(tokens) = &self.tokens {
            secrets.extend(tokens.secrets());
        }
        if let Source::Code(code) = &self.source {
            secrets.extend(code.secrets());
        }
        secrets
    }

    pub(crate) fn is_application(&self) -> bool {
        matches!(self.source, Source::ClientCredentials)
    }

    pub(crate) fn terminal(&self) -> Option<&AuthError> {
        self.terminal.as_ref()
    }

    pub(crate) fn has_unsaved(&self) -> bool {
        self.unsaved.is_some()
    }

    pub(crate) fn is_requesting(&self, now: SystemTime) -> bool {
        self.request.as_ref().is_some_and(|holder| holder.is_active(now))
    }

    /// Returns whether there is a token that can be used now or renewed.
    pub(crate) fn has_token(&self, now: SystemTime) -> bool {
        self.usable(now).is_some()
    }

    /// Returns whether there is a grant with which a token can be requested.
    pub(crate) fn can_request(&self) -> bool {
        match &self.source {
            Source::ClientCredentials | Source::Code(_) => true,
            Source::RefreshToken => {
                self.tokens.as_ref().is_some_and(|tokens| tokens.refresh_token().is_some())
            }
            Source::External => false,
        }
    }

    /// Returns the number of token requests that have failed so far.
    pub(crate) fn failure_count(&self) -> u64 {
        self.failure_count
    }

    /// Returns the error of the last token request that failed.
    pub(crate) fn last_failure(&self) -> Error {
        self.last_failure.clone().unwrap_or_else(|| AuthError::AttemptsExhausted { reason: "".into() }.into())
    }

    fn usable(&self, now: SystemTime) -> Option<(&HeaderValue, &Tokens)> {
        let (header, tokens) = self.header.as_ref().zip(self.current())?;
        (!self.is_rejected && tokens.is_alive(now)).then_some((header, tokens))
    }

    /// Returns the decision for a call that needs a token: use the current token, request or save the next token, or
    /// wait.
    ///
    /// A call that has used up its token steps uses the current token, waits for other calls, or fails.
    pub(crate) fn poll(
        &mut self,
        client: Option<&Client>,
        accounts: &Origin,
        may_begin: bool,
        now: SystemTime,
    ) -> TokenDecision {
        if let Some((tokens, lease)) = may_begin.then(|| self.save_again(now)).flatten() {
            return TokenDecision::Save(tokens, lease);
        }
        let usable = self.usable(now).map(|(header, tokens)| (header.clone(), tokens.renew_at()));
        let is_due = |renew_at: Option<SystemTime>| renew_at.is_some_and(|at| now >= at);
        let usable = match usable {
            Some((header, renew_at)) if !is_due(renew_at) || matches!(self.source, Source::External) => {
                return TokenDecision::Use(header, self.generation);
            }
            usable => usable,
        };
        // A refresh token is saved before it is used. Otherwise, a crash could lose the refresh token that replaces it.
        let is_free = !self.is_requesting(now) && self.unsaved.is_none() && self.terminal.is_none();
        let pause = self.backoff.and_then(|span| span.left(now));
        let is_rejected = self.rejected.as_ref().is_some_and(|(span, _)| span.left(now).is_some());
        if is_free && may_begin && pause.is_none() && !is_rejected {
            match (self.begin_request(client, accounts, now), usable) {
                (Some((request, lease)), _) => return TokenDecision::Request(request, lease),
                (None, Some((header, _))) => return TokenDecision::Use(header, self.generation),
                (None, None) => return TokenDecision::Fail(AuthError::NoCredentials.into()),
            }
        }
        if let Some((header, _)) = usable {
            return TokenDecision::Use(header, self.generation);
        }
        match self.wait(pause, now) {
            TokenDecision::Backoff(..) if !may_begin => TokenDecision::Fail(self.last_failure()),
            decision => decision,
        }
    }

    /// Returns the decision for a call that can neither use a token nor request one.
    fn wait(&self, pause: Option<Duration>, now: SystemTime) -> TokenDecision {
        if let Some(terminal) = &self.terminal {
            return TokenDecision::Fail(terminal.clone().into());
        }
        if let Some(request) = self.request.as_ref().filter(|holder| holder.is_active(now)) {
            return TokenDecision::Wait(poll_delay(request, now));
        }
        if let Some(unsaved) = &self.unsaved {
            return match &unsaved.saver {
                Some(saver) if saver.is_active(now) => TokenDecision::Wait(poll_delay(saver, now)),
                _ => TokenDecision::Backoff(unsaved.pause(now).max(MIN_POLL), AuthError::NotSaved.into()),
            };
        }
        match (&self.rejected, pause) {
            (Some((span, error)), _) if span.left(now).is_some() => TokenDecision::Fail(error.clone().into()),
            (_, pause) => {
                TokenDecision::Backoff(pause.unwrap_or(MIN_POLL).max(MIN_POLL), self.last_failure())
            }
        }
    }

    fn begin_request(
        &mut self,
        client: Option<&Client>,
        accounts: &Origin,
        now: SystemTime,
    ) -> Option<(Request<Vec<u8>>, Lease)> {
        let grant = match &self.source {
            Source::ClientCredentials => Grant::ClientCredentials,
            Source::Code(code) => Grant::AuthorizationCode(code.clone()),
            Source::RefreshToken => Grant::RefreshToken(self.tokens.as_ref()?.refresh_token()?.clone()),
            Source::External => return None,
        };
        let request = grant.request(client?, accounts);
        let (holder, mut lease) = self.lease(now);
        lease.presented.secrets = self.secrets();
        lease.presented.secrets.extend(client.and_then(|client| client.secret.as_ref()));
        if let Grant::RefreshToken(token) = grant {
            lease.presented.refresh_token = Some(token);
        }
        self.request = Some(holder);
        Some((request, lease))
    }

    fn lease(&mut self, now: SystemTime) -> (Holder, Lease) {
        let alive = Arc::new(());
        let number = self.request.as_ref().map_or(0, |it| it.number) + 1;
        let holder = Holder { number, lease: Arc::downgrade(&alive), since: now };
        (holder, Lease { number, generation: self.generation, presented: Box::default(), _alive: alive })
    }

    /// Returns the current tokens if they are not saved and no save is in progress.
    pub(crate) fn save_again(&mut self, now: SystemTime) -> Option<(Tokens, Lease)> {
        let unsaved = self.unsaved.as_ref()?;
        let is_under_way = unsaved.saver.as_ref().is_some_and(|saver| saver.is_active(now));
        if is_under_way || !unsaved.pause(now).is_zero() {
            return None;
        }
        self.begin_save(now)
    }

    fn begin_save(&mut self, now: SystemTime) -> Option<(Tokens, Lease)> {
        let tokens = self.current()?.clone();
        let attempts = self.unsaved.as_ref().map_or(0, |unsaved| unsaved.attempts);
        let (holder, lease) = self.lease(now);
        self.unsaved =
            Some(Unsaved { saver: Some(holder), attempts: attempts.saturating_add(1), since: now });
        Some((tokens, lease))
    }

    /// Records that the tokens of the lease are saved, and returns newer tokens, if any, that have to be saved instead.
    pub(crate) fn saved(&mut self, lease: Lease, now: SystemTime) -> Option<(Tokens, Lease)> {
        if lease.generation == self.generation {
            self.unsaved = None;
            return None;
        }
        // This save may have overwritten newer tokens in the store.
        drop(lease);
        self.unsaved = None;
        self.begin_save(now)
    }

    /// Applies the response to a token request; returns the tokens to be saved if the request succeeded.
    ///
    /// If the tokens have changed since the request was sent, the response is usually dropped. It is still applied if
    /// the request presented the current refresh token, and either the response contains a new refresh token or the
    /// current tokens no longer work.
    pub(crate) fn received(
        &mut self,
        mut lease: Lease,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        jitter: u64,
        now: SystemTime,
    ) -> Result<Option<(Tokens, Lease)>, Error> {
        let is_outdated = lease.generation != self.generation;
        let is_current = self.release(&lease);
        let tokens = if status.is_success() { Tokens::read(body, self.current(), now) } else { None };
        if is_outdated {
            let own = self.current().and_then(Tokens::refresh_token).map(Secret::expose);
            let new = tokens.as_ref().and_then(Tokens::refresh_token).map(Secret::expose);
            let has_presented_own = lease.presented.refresh_token.as_ref().map(Secret::expose) == own;
            let is_needed = self.is_rejected || self.terminal.is_some() || (new.is_some() && new != own);
            if !has_presented_own || !is_needed {
                return Ok(None);
            }
        }
        let secrets = std::mem::take(&mut lease.presented.secrets);
        drop(lease);
        if let Some(mut tokens) = tokens {
            if matches!(self.source, Source::Code(_)) {
                tokens.begin_chain(now);
            }
            self.put_in_force(tokens);
            return Ok(self.begin_save(now));
        }
        // A 2xx body in an unexpected format may contain a token, so it is not quoted.
        let error = if status.is_success() {
            AuthError::UnexpectedResponse { status, excerpt: "not a token response".into() }.into()
        } else {
            read_rejection(status, headers, body, &secrets.matcher())
        };
        match &error {
            Error::Auth(terminal @ AuthError::GrantRejected { .. }) if is_current && !is_outdated => {
                self.terminal = Some(terminal.clone());
            }
            error => {
                let said = match error {
                    Error::RateLimited(limit) => limit.block_duration(now),
                    _ => retry_after(headers).map_or(Duration::ZERO, |said| clamped(said, now)),
                };
                self.fail(error.clone(), said, jitter, now);
            }
        }
        Err(error)
    }

    /// Records that a token request failed without a response.
    pub(crate) fn lost(&mut self, lease: Lease, reason: Text, jitter: u64, now: SystemTime) {
        let is_outdated = lease.generation != self.generation;
        self.release(&lease);
        if !is_outdated {
            self.fail(AuthError::AttemptsExhausted { reason }.into(), Duration::ZERO, jitter, now);
        }
    }

    /// Records a transient failure. The delay grows with each consecutive failure and is at least as long as the
    /// `Retry-After` of the response.
    fn fail(&mut self, error: Error, least: Duration, jitter: u64, now: SystemTime) {
        self.failures = self.failures.saturating_add(1);
        self.failure_count = self.failure_count.saturating_add(1);
        let span = Span::new(least.saturating_add(RetryPolicy::backoff(self.failures, jitter)), now);
        // A longer delay that is already in effect remains, and so does its error.
        let running = self.backoff.filter(|running| running.left(now).is_some() && *running >= span);
        if running.is_none() {
            (self.backoff, self.last_failure) = (Some(span), Some(error));
        }
    }

    /// Takes over a token request that an earlier copy of this session sent before the session was dropped and loaded
    /// again. Returns whether the request presents the current refresh token.
    pub(crate) fn take_over(&self, lease: &mut Lease) -> bool {
        let own = self.current().and_then(Tokens::refresh_token);
        let is_own = own
            .zip(lease.presented.refresh_token.as_ref())
            .is_some_and(|(own, it)| own.expose() == it.expose());
        if is_own {
            (lease.number, lease.generation) = (0, self.generation);
        }
        is_own
    }

    /// Ends a token request; returns whether it was the current request.
    fn release(&mut self, lease: &Lease) -> bool {
        let is_current = self.request.as_ref().is_some_and(|holder| holder.number == lease.number);
        if is_current {
            // The number is retained, so that a later lease gets a different number.
            if let Some(holder) = &mut self.request {
                holder.lease = Weak::new();
            }
        }
        is_current
    }

    /// Adopts tokens that another session of the same authorization stored, if they are newer or the current tokens no
    /// longer work; returns whether the tokens were adopted.
    pub(crate) fn adopt(&mut self, tokens: Tokens) -> bool {
        // A rejected access token does not justify dropping a refresh token that is stored nowhere else.
        let is_dead = (self.is_rejected && self.unsaved.is_none()) || self.terminal.is_some();
        let is_news = self
            .current()
            .is_none_or(|own| if is_dead { !tokens.is_same(own) } else { tokens.replaces(own) });
        let is_taken = is_news && !matches!(self.source, Source::External);
        if is_taken {
            self.put_in_force(tokens);
        }
        is_taken
    }

    /// Replaces the current tokens with tokens from the program, whether or not they are newer.
    pub(crate) fn replace(&mut self, tokens: Tokens) {
        self.source = if tokens.refresh_token().is_some() { Source::RefreshToken } else { Source::External };
        self.put_in_force(tokens);
    }

    /// Begins a new authorization with a user's consent.
    pub(crate) fn log_in(&mut self, code: AuthorizationCode) {
        let (generation, request) = (self.generation + 1, self.request.take());
        *self = Self::code(code);
        (self.generation, self.request) = (generation, request);
        if let Some(holder) = &mut self.request {
            holder.lease = Weak::new();
        }
    }

    /// Replaces the current tokens. The previous tokens no longer have to be saved.
    fn put_in_force(&mut self, tokens: Tokens) {
        if matches!(self.source, Source::Code(_)) {
            self.source = Source::RefreshToken;
        }
        self.header = tokens.header();
        self.tokens = Some(Arc::new(tokens));
        self.generation += 1;
        self.is_rejected = false;
        self.backoff = None;
        self.failures = 0;
        self.last_failure = None;
        self.terminal = None;
        self.rejected = None;
        self.unsaved = None;
    }

    /// Returns whether the token of that generation is the current token and was issued less than [`YOUNG`] ago.
    pub(crate) fn is_young(&self, generation: u64, now: SystemTime) -> bool {
        let tokens = self.current().filter(|_| generation == self.generation);
        tokens.is_some_and(|tokens| tokens.is_younger_than(YOUNG, now))
    }

    /// Records that the API rejected the token of that generation, if it is the current token.
    pub(crate) fn rejected(&mut self, generation: u64, error: &AuthError, now: SystemTime) {
        if generation != self.generation || self.is_rejected {
            return;
        }
        self.is_rejected = true;
        // Only the rejection of a new token shows that requesting a new token does not help. Other rejections are
        // independent events.
        let is_repeated = self.is_young(generation, now);
        self.rejections = if is_repeated { self.rejections.saturating_add(1) } else { 1 };
        if self.rejections > 1 {
            // Requesting another token does not help. Delay the next token request, and fail calls until then.
            let pause = Duration::from_secs(1 << (self.rejections - 2).min(6)).min(MAX_PAUSE);
            self.rejected = Some((Span::new(pause, now), error.clone()));
        }
    }

    /// Records that the API accepted the token of that generation.
    pub(crate) fn accepted(&mut self, generation: u64) {
        if generation == self.generation {
            self.rejections = 0;
        }
    }
}

impl Unsaved {
    /// Returns the delay until the tokens are returned to be saved again. The delay is zero after the first attempt,
    /// which may have been cancelled, and longer after each further attempt.
    fn pause(&self, now: SystemTime) -> Duration {
        let exponent = self.attempts.saturating_sub(2).min(6);
        let pause = if self.attempts < 2 { Duration::ZERO } else { Duration::from_secs(1 << exponent) };
        Span::new(pause.min(MAX_PAUSE), self.since).left(now).unwrap_or_default()
    }
}

fn poll_delay(holder: &Holder, now: SystemTime) -> Duration {
    (time::until(now, holder.since) / 10).clamp(MIN_POLL, MAX_POLL)
}
