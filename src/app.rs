//! The application: its credentials, and the limits that all of its users share.

use std::sync::Arc;
use std::time::SystemTime;

use crate::auth::grant::Client;
use crate::limit::{Jitter, Queue, RateLimiter, RetryPolicy};
use crate::types::language::Language;
use crate::types::origin::Origin;
use crate::types::secret::Secret;
use crate::types::time::unix;

/// An application on the [dashboard](https://developer.spotify.com/dashboard), with the state that all of its sessions
/// share: the origins, the retry policy, the rate limiter and the language.
///
/// Spotify limits requests per application, so all users share one `App`. Tokens belong to a
/// [`Session`](crate::Session). Every step of a call takes both. A program with one user keeps both in one mutex; a
/// server keeps one `App` and a map of sessions. An `App` does no I/O and has neither a clock nor a lock.
///
/// ```
/// use spotify_proto::{App, RetryPolicy};
///
/// let app = App::confidential("client-id", "client-secret")
///     .with_retry_policy(RetryPolicy::new().max_attempts(3))
///     .with_language("de-DE".parse()?);
/// assert_eq!(app.client_id(), Some("client-id"));
/// # Ok::<(), spotify_proto::LanguageError>(())
/// ```
#[derive(Debug)]
#[must_use = "an application does nothing until a call starts with it"]
pub struct App {
    client: Option<Client>,
    api: Origin,
    accounts: Origin,
    retry: RetryPolicy,
    limiter: RateLimiter,
    queue: Queue,
    language: Option<Language>,
    jitter: Option<Jitter>,
    identity: Identity,
}

impl App {
    /// Creates an application that can keep a secret, such as an application that runs on a server.
    pub fn confidential(client_id: impl Into<Box<str>>, secret: impl Into<Secret>) -> Self {
        Self::new(Some(Client { id: client_id.into(), secret: Some(secret.into()) }))
    }

    /// Creates an application that runs on its users' devices. It has no secret and logs users in with PKCE.
    pub fn public(client_id: impl Into<Box<str>>) -> Self {
        Self::new(Some(Client { id: client_id.into(), secret: None }))
    }

    /// Creates an application without credentials, which cannot request tokens: the program provides access tokens.
    pub fn without_credentials() -> Self {
        Self::new(None)
    }

    fn new(client: Option<Client>) -> Self {
        Self {
            client,
            api: Origin::api(),
            accounts: Origin::accounts(),
            retry: RetryPolicy::new(),
            limiter: RateLimiter::default(),
            queue: Queue::default(),
            language: None,
            jitter: None,
            identity: Identity::new(),
        }
    }

    /// Sets the origins of the Web API and the accounts service, for tests and proxies. Tokens are sent to these
    /// origins only. The default is Spotify's servers.
    pub fn with_origins(mut self, api: Origin, accounts: Origin) -> Self {
        (self.api, self.accounts) = (api, accounts);
        self
    }

    /// Sets the retry policy for all calls that do not set their own. The default is [`RetryPolicy::new`].
    pub fn with_retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Uses this rate-limiter state, with its pace and budgets, instead of an empty one.
    ///
    /// ```
    /// # use spotify_proto::{App, RateLimiter};
    /// # use std::num::NonZeroU32;
    /// let pace = NonZeroU32::new(90).expect("not zero");
    /// let app = App::public("client-id").with_rate_limiter(RateLimiter::default().with_pace(pace));
    /// ```
    pub fn with_rate_limiter(mut self, limiter: RateLimiter) -> Self {
        self.limiter = limiter;
        self
    }

    /// Sets the seed of the jitter that spreads retries. By default, the seed is derived from the client id and the
    /// time of the first retry in nanoseconds.
    pub fn with_jitter(mut self, seed: u64) -> Self {
        self.jitter = Some(Jitter(seed));
        self
    }

    /// Sets the preferred language of names and descriptions (`Accept-Language`). A call can override it. By default,
    /// no language is sent, and Spotify chooses one.
    pub fn with_language(mut self, language: Language) -> Self {
        self.language = Some(language);
        self
    }

    /// Returns the client id; `None` if the application has no credentials.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.client.as_ref().map(|client| &*client.id)
    }

    /// Returns whether the application has a secret.
    #[must_use]
    pub fn is_confidential(&self) -> bool {
        self.client.as_ref().is_some_and(|client| client.secret.is_some())
    }

    /// Returns the origin of the Web API.
    #[must_use]
    pub fn api(&self) -> &Origin {
        &self.api
    }

    /// Returns the origin of the accounts service.
    #[must_use]
    pub fn accounts(&self) -> &Origin {
        &self.accounts
    }

    /// Returns the state of the rate limiter, to inspect or to store it.
    #[must_use]
    pub fn rate_limiter(&self) -> &RateLimiter {
        &self.limiter
    }

    /// Returns the state of the rate limiter, to block routes or to merge the state of other processes.
    pub fn rate_limiter_mut(&mut self) -> &mut RateLimiter {
        &mut self.limiter
    }

    /// Returns the number of calls that wait for the pacer, which may include calls that were dropped.
    #[must_use]
    pub fn queue_len(&self) -> usize {
        self.queue.len()
    }

    pub(crate) fn client(&self) -> Option<&Client> {
        self.client.as_ref()
    }

    pub(crate) fn retry_policy(&self) -> &RetryPolicy {
        &self.retry
    }

    pub(crate) fn language(&self) -> Option<&Language> {
        self.language.as_ref()
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Returns the rate limiter and the queue of waiting calls.
    pub(crate) fn limits(&mut self) -> (&mut RateLimiter, &mut Queue) {
        (&mut self.limiter, &mut self.queue)
    }

    /// Returns the next random number.
    pub(crate) fn jitter(&mut self, now: SystemTime) -> u64 {
        let client = self.client.as_ref().map_or("", |client| &*client.id);
        let jitter = self.jitter.get_or_insert_with(|| {
            let nanos = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
            // FNV-1a over the client id, with an initial value that depends on the time.
            let start = unix::millis(now).rotate_left(32) ^ u64::from(nanos);
            let hash = client
                .bytes()
                .fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
            Jitter(hash)
        });
        jitter.next()
    }
}

/// The identity of a value, which lasts as long as the value and prevents a step from being applied to a different
/// value.
#[derive(Clone, Debug)]
pub(crate) struct Identity(Arc<()>);

impl Identity {
    pub(crate) fn new() -> Self {
        Self(Arc::new(()))
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
