//! The server's Spotify client: one application, one session per user, and one driver value per request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant, SystemTime};

use http_body_util::{BodyExt as _, Limited};
use spotify_proto::cache::{Entry, Key, StoreAction};
use spotify_proto::driver::{AsyncDriver, Event};
use spotify_proto::http::{Request, Response};
use spotify_proto::{App, MAX_BODY_LEN, Scope, Session, SessionState, TokenStep, Tokens};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake};

use crate::Failure;
use spotify_proto_testing::loopback::Loopback;

/// Lifetime of access tokens, short enough that tokens expire during a run. A token is renewed after half of this time.
pub(crate) const TOKEN_LIFE: Duration = Duration::from_secs(4);

/// Simulated network latency of requests to the API.
const API_LATENCY: Duration = Duration::from_millis(40);
const TOKEN_LATENCY: Duration = Duration::from_millis(60);

/// Maximum number of stored responses.
const STORE_MAX: usize = 10_000;

/// State that all users share.
#[derive(Clone)]
pub(crate) struct Spotify {
    shared: Arc<Shared>,
}

struct Shared {
    client: reqwest::Client,
    state: Mutex<State>,
    responses: Mutex<HashMap<Key, Entry>>,
    /// Serialized tokens of each user, in place of a database.
    saved: Mutex<HashMap<usize, String>>,
    /// Times of each user's token requests.
    token_requests: Mutex<Vec<Vec<Instant>>>,
    /// Server of the fake; dropping this value stops the server.
    _server: Loopback,
}

struct State {
    app: App,
    sessions: Vec<Session>,
}

/// Statistics about the users' tokens and token requests.
#[derive(Debug)]
pub(crate) struct TokenReport {
    /// Number of token requests for all users.
    pub(crate) requests: usize,
    /// Shortest interval between two token requests for the same user.
    pub(crate) shortest_interval: Option<Duration>,
    /// Number of users whose session has ended.
    pub(crate) logged_out: usize,
    /// Number of users whose saved refresh token differs from the session's refresh token.
    pub(crate) unsaved: usize,
}

impl Spotify {
    pub(crate) fn start(users: usize) -> Result<Self, Failure> {
        let mut fake = Fake::new();
        fake.rotating(true);
        fake.reuse_detection(true);
        fake.token_life(TOKEN_LIFE);
        let scopes = [Scope::UserReadPrivate, Scope::UserLibraryRead, Scope::PlaylistReadPrivate];
        let tokens: Vec<Tokens> = (0..users).map(|_| fake.user_tokens(&scopes, SystemTime::now())).collect();
        let server = Loopback::start(fake)?;
        let origin = server.origin();
        let saved = tokens.iter().enumerate().map(|(user, it)| Ok((user, to_json(it)?)));
        let shared = Shared {
            client: reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?,
            saved: Mutex::new(saved.collect::<Result<_, Failure>>()?),
            state: Mutex::new(State {
                app: App::confidential(CLIENT_ID, CLIENT_SECRET).with_origins(origin.clone(), origin),
                sessions: tokens.into_iter().map(Session::from_tokens).collect(),
            }),
            responses: Mutex::default(),
            token_requests: Mutex::new(vec![Vec::new(); users]),
            _server: server,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Returns a driver for one user.
    pub(crate) fn of(&self, user: usize) -> UserDriver {
        UserDriver { shared: Arc::clone(&self.shared), user }
    }

    pub(crate) fn tokens(&self) -> TokenReport {
        let (state, saved) = (lock(&self.shared.state), lock(&self.shared.saved));
        let requests = lock(&self.shared.token_requests);
        let intervals = requests.iter().flat_map(|times| times.windows(2).map(|pair| pair[1] - pair[0]));
        let now = SystemTime::now();
        let has_ended = |session: &&Session| matches!(session.state(now), SessionState::Ended(_));
        let is_unsaved = |(user, session): &(usize, &Session)| {
            let stored = saved.get(user).and_then(|json| from_json(json));
            let refresh = |tokens: Option<&Tokens>| {
                tokens.and_then(Tokens::refresh_token).map(|token| token.expose().to_owned())
            };
            refresh(stored.as_ref()) != refresh(session.tokens())
        };
        TokenReport {
            requests: requests.iter().map(Vec::len).sum(),
            shortest_interval: intervals.min(),
            logged_out: state.sessions.iter().filter(has_ended).count(),
            unsaved: state.sessions.iter().enumerate().filter(is_unsaved).count(),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no code should panic while it holds the lock")
}

fn to_json(tokens: &Tokens) -> Result<String, Failure> {
    Ok(serde_json::to_string(tokens)?)
}

fn from_json(json: &str) -> Option<Tokens> {
    serde_json::from_str(json).ok()
}

/// Driver for one user, created for each request and dropped when the request ends.
#[derive(Clone)]
pub(crate) struct UserDriver {
    shared: Arc<Shared>,
    user: usize,
}

impl AsyncDriver for UserDriver {
    type Error = Failure;

    async fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, Failure> {
        let is_token = request.uri().path() == "/api/token";
        let mut request = reqwest::Request::try_from(request)?;
        *request.timeout_mut() = Some(timeout);
        let (head, body) = Response::from(self.shared.client.execute(request).await?).into_parts();
        let body = Limited::new(body, MAX_BODY_LEN).collect().await?.to_bytes();
        // The server has already executed the request; the delay simulates the latency of the response.
        tokio::time::sleep(if is_token { TOKEN_LATENCY } else { API_LATENCY }).await;
        Ok(Response::from_parts(head, body.into()))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let State { app, sessions } = &mut *lock(&self.shared.state);
        step(app, &mut sessions[self.user])
    }

    fn detach(&self, step: TokenStep) {
        let spotify = self.clone();
        tokio::spawn(async move { spotify.authorize(step).await });
    }

    async fn save(&self, tokens: &Tokens) -> Result<(), Failure> {
        let json = to_json(tokens)?;
        lock(&self.shared.saved).insert(self.user, json);
        Ok(())
    }

    fn partition(&self) -> Option<String> {
        Some(self.user.to_string())
    }

    async fn load_response(&self, key: &Key) -> Option<Entry> {
        lock(&self.shared.responses).get(key).cloned()
    }

    async fn store_response(&self, key: &Key, action: StoreAction) {
        let mut responses = lock(&self.shared.responses);
        match action {
            StoreAction::Keep => {}
            StoreAction::Put(_) if responses.len() >= STORE_MAX => {}
            StoreAction::Put(entry) => {
                responses.insert(key.clone(), entry);
            }
            StoreAction::Remove => {
                responses.remove(key);
            }
        }
    }

    fn observe(&self, event: Event) {
        if matches!(event, Event::SendTokenRequest) {
            lock(&self.shared.token_requests)[self.user].push(Instant::now());
        }
    }
}
