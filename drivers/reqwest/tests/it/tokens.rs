//! Tokens are stored before they are used, and only one process at a time requests tokens.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use spotify_proto::http::StatusCode;
use spotify_proto::{Scope, Tokens, api::GetCurrentUserProfile};
use spotify_proto_reqwest::{Client, Error, SessionDriver, StoreError, TokenFile, TokenStore};
use spotify_proto_testing::fake::{CLIENT_SECRET, Fake, InjectedFault};

use crate::{app, client, count, start};
use spotify_proto_testing::loopback::Loopback;

/// An in-memory store that can fail or be slow.
#[derive(Clone, Default)]
pub(crate) struct Store(Arc<Mutex<Stored>>);

#[derive(Default)]
pub(crate) struct Stored {
    pub(crate) tokens: Option<Tokens>,
    load_fails: bool,
    save_fails: bool,
    pub(crate) delay: Duration,
    pub(crate) loads: usize,
    saves: usize,
}

impl Store {
    pub(crate) fn of(tokens: Tokens) -> Self {
        let store = Self::default();
        store.with(|stored| stored.tokens = Some(tokens));
        store
    }

    pub(crate) fn with<R>(&self, run: impl FnOnce(&mut Stored) -> R) -> R {
        run(&mut self.0.lock().expect("no thread should panic while it holds the lock"))
    }

    pub(crate) fn refresh_token(&self) -> String {
        self.with(|stored| refresh_token(stored.tokens.as_ref().expect("tokens")))
    }
}

impl TokenStore for Store {
    async fn load(&self) -> Result<Option<Tokens>, StoreError> {
        self.with(|stored| {
            stored.loads += 1;
            if stored.load_fails { Err("down".into()) } else { Ok(stored.tokens.clone()) }
        })
    }

    async fn save(&self, tokens: &Tokens) -> Result<(), StoreError> {
        tokio::time::sleep(self.with(|stored| stored.delay)).await;
        self.with(|stored| {
            if stored.save_fails {
                return Err("full".into());
            }
            stored.saves += 1;
            stored.tokens = Some(tokens.clone());
            Ok(())
        })
    }
}

pub(crate) fn refresh_token(tokens: &Tokens) -> String {
    tokens.refresh_token().expect("a user's tokens").expose().to_owned()
}

/// Returns a server that rotates refresh tokens and detects their reuse, and the tokens of a user.
pub(crate) fn rotating() -> (Loopback, Tokens) {
    let mut fake = Fake::new();
    fake.rotating(true);
    fake.reuse_detection(true);
    let tokens = fake.user_tokens(&[Scope::UserReadPrivate], SystemTime::now());
    (start(fake), Tokens::from_refresh_token(refresh_token(&tokens)))
}

pub(crate) async fn user(client: &Client, store: impl TokenStore + 'static) -> SessionDriver {
    client.user("user", store).await.expect("the store should work").expect("stored tokens")
}

#[tokio::test]
async fn no_request_is_sent_with_tokens_that_are_not_stored() {
    let (server, tokens) = rotating();
    let (old, store) = (refresh_token(&tokens), Store::of(tokens));
    store.with(|stored| stored.save_fails = true);
    let user = user(&client(&server), store.clone()).await;
    let error = user.call(GetCurrentUserProfile::new()).await.expect_err("a failed save");
    assert!(matches!(error, Error::SaveTokens(_)), "{error:?}");
    assert_eq!((count(&server, "/api/token"), count(&server, "/v1/")), (1, 0));

    store.with(|stored| stored.save_fails = false);
    tokio::time::sleep(Duration::from_secs(2)).await; // the delay after a failed save
    user.call(GetCurrentUserProfile::new()).await.expect("a profile");
    assert_eq!(
        (count(&server, "/api/token"), count(&server, "/v1/")),
        (1, 1),
        "the tokens should have been stored by the second call"
    );
    assert_ne!(store.refresh_token(), old);
}

#[tokio::test]
async fn a_request_waits_until_the_tokens_are_stored() {
    let (server, tokens) = rotating();
    let (old, store) = (refresh_token(&tokens), Store::of(tokens));
    store.with(|stored| stored.delay = Duration::from_millis(300));
    let user = user(&client(&server), store.clone()).await;
    let call = user.call(GetCurrentUserProfile::new());
    let waits = async {
        while store.with(|stored| stored.saves) == 0 {
            assert_eq!(count(&server, "/v1/"), 0, "a request was sent before the tokens were stored");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let (profile, ()) = tokio::join!(call, waits);
    profile.expect("a profile");
    assert_ne!(store.refresh_token(), old);
}

#[tokio::test]
async fn a_store_that_cannot_be_loaded_prevents_the_token_request() {
    let (server, tokens) = rotating();
    let store = Store::of(tokens);
    let user = user(&client(&server), store.clone()).await;
    store.with(|stored| stored.load_fails = true);
    let error = user.call(GetCurrentUserProfile::new()).await.expect_err("a failed load");
    assert!(matches!(error, Error::LoadTokens(_)), "{error:?}");
    assert_eq!(server.requests().len(), 0);
    assert!(matches!(client(&server).user("user", store).await, Err(Error::LoadTokens(_))));
}

#[tokio::test]
async fn newer_tokens_in_the_store_are_not_overwritten_by_older_ones() {
    let (server, tokens) = rotating();
    let store = Store::of(tokens);
    store.with(|stored| stored.delay = Duration::from_millis(300));
    let user = user(&client(&server), store.clone()).await;
    store.with(|stored| stored.save_fails = true);
    user.call(GetCurrentUserProfile::new()).await.expect_err("a failed save");
    // Another process logs the user in.
    let login =
        r#"{"version":2,"access_token":"B","refresh_token":"new","chain":99999999999999,"generation":1}"#;
    let login = serde_json::from_str(login).expect("tokens");
    store.with(|stored| (stored.tokens, stored.save_fails) = (Some(login), false));
    tokio::time::sleep(Duration::from_secs(2)).await; // the delay after a failed save
    user.call(GetCurrentUserProfile::new())
        .await
        .expect("the token of the first login should still be valid");
    assert_eq!((store.refresh_token().as_str(), store.with(|stored| stored.saves)), ("new", 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_share_a_token_file_request_one_token() {
    for _ in 0..3 {
        let (server, tokens) = rotating();
        let folder = tempfile::tempdir().expect("a folder");
        let file = TokenFile::new(folder.path().join("tokens.json"));
        file.save(&tokens).expect("the file should be writable");
        // Like a separate process, each user has its own client and session.
        let call = || {
            let (client, file) = (Client::new(app(&server)).expect("TLS"), file.clone());
            tokio::spawn(async move {
                user(&client, file).await.call(GetCurrentUserProfile::new()).await.map(drop)
            })
        };
        let calls: Vec<_> = (0..8).map(|_| call()).collect();
        for call in calls {
            call.await.expect("the task should not panic").expect("a profile");
        }
        assert_eq!((count(&server, "/api/token"), count(&server, "/v1/me")), (1, 8));
        let stored = file.load().expect("the file should be readable").expect("stored tokens");
        assert_ne!(refresh_token(&stored), refresh_token(&tokens));
    }
}

#[tokio::test]
async fn a_token_request_without_a_response_is_retried() {
    let (server, tokens) = rotating();
    let store = Store::of(tokens);
    server.script(InjectedFault::LostBefore.at("/api/token"));
    let user = user(&client(&server), store.clone()).await;
    user.call(GetCurrentUserProfile::new()).await.expect("a profile");
    assert_eq!((count(&server, "/api/token"), store.with(|stored| stored.saves)), (2, 1));
}

#[tokio::test]
async fn a_revoked_refresh_token_requires_a_login() {
    let (server, _) = rotating();
    let user = user(&client(&server), Store::of(Tokens::from_refresh_token("revoked"))).await;
    let error = user.call(GetCurrentUserProfile::new()).await.expect_err("revoked");
    assert!(error.needs_login(), "{error:?}");
}

#[tokio::test]
async fn debug_output_and_errors_contain_no_token() {
    fn is_error<T: std::error::Error + Send + Sync + 'static>(_: &T) {}

    let (server, tokens) = rotating();
    let old = refresh_token(&tokens);
    let store = Store::of(tokens);
    let (client, user) = (client(&server), user(&client(&server), store.clone()).await);
    user.call(GetCurrentUserProfile::new()).await.expect("a profile");
    server.script(InjectedFault::Empty(StatusCode::FORBIDDEN).at("/v1/me"));
    let error = user.call(GetCurrentUserProfile::new()).await.expect_err("forbidden");
    is_error(&error);
    let text = format!("{client:?} {user:?} {error:?} {error}");
    let new = store.refresh_token();
    let access = store.with(|stored| stored.tokens.as_ref()?.access_token().map(|it| it.expose().to_owned()));
    for secret in [old, new, access.expect("a token"), CLIENT_SECRET.to_owned()] {
        assert!(!text.contains(&secret), "{text}");
    }
}
