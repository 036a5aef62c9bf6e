//! Tokens are stored before they are used, and only one process at a time requests tokens.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::SystemTime;

use spotify_proto::http::StatusCode;
use spotify_proto::{Scope, Tokens, api::GetCurrentUserProfile};
use spotify_proto_testing::fake::{CLIENT_SECRET, Fake, InjectedFault};
use spotify_proto_ureq::{Client, Error, SessionDriver, StoreError, TokenFile, TokenStore};

use crate::{app, client, count, start};
use spotify_proto_testing::loopback::Loopback;

/// An in-memory store that can be made to fail.
#[derive(Clone, Default)]
struct Store(Arc<Mutex<Stored>>);

#[derive(Default)]
struct Stored {
    tokens: Option<Tokens>,
    load_fails: bool,
    save_fails: bool,
    saves: usize,
}

impl Store {
    fn with<R>(&self, run: impl FnOnce(&mut Stored) -> R) -> R {
        run(&mut self.0.lock().expect("no thread should panic while it holds the lock"))
    }

    fn refresh_token(&self) -> String {
        self.with(|stored| refresh_token(stored.tokens.as_ref().expect("tokens")))
    }
}

impl TokenStore for Store {
    fn load(&self) -> Result<Option<Tokens>, StoreError> {
        self.with(|stored| if stored.load_fails { Err("down".into()) } else { Ok(stored.tokens.clone()) })
    }

    fn save(&self, tokens: &Tokens) -> Result<(), StoreError> {
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

fn refresh_token(tokens: &Tokens) -> String {
    tokens.refresh_token().expect("a user's tokens").expose().to_owned()
}

/// Returns a server that rotates refresh tokens and detects their reuse, and the tokens of a user.
fn rotating() -> (Loopback, Tokens) {
    let mut fake = Fake::new();
    fake.rotating(true);
    fake.reuse_detection(true);
    let tokens = fake.user_tokens(&[Scope::UserReadPrivate], SystemTime::now());
    (start(fake), Tokens::from_refresh_token(refresh_token(&tokens)))
}

fn user(client: &Client, store: impl TokenStore + 'static) -> SessionDriver {
    client.user(store).expect("the store should work").expect("stored tokens")
}

#[test]
fn new_tokens_are_stored_before_the_call_continues() {
    let (server, tokens) = rotating();
    let old = refresh_token(&tokens);
    let store = Store::default();
    store.with(|stored| stored.tokens = Some(tokens));
    store.with(|stored| stored.save_fails = true);
    let user = user(&client(&server), store.clone());
    let error = user.call(GetCurrentUserProfile::new()).expect_err("a failed save");
    assert!(matches!(error, Error::SaveTokens(_)), "{error:?}");
    assert_eq!(
        (count(&server, "/api/token"), count(&server, "/v1/")),
        (1, 0),
        "no request should be sent with the new tokens"
    );

    store.with(|stored| stored.save_fails = false);
    user.call(GetCurrentUserProfile::new()).expect("a profile");
    assert_eq!(
        (count(&server, "/api/token"), count(&server, "/v1/")),
        (1, 1),
        "the tokens should have been stored by the second call"
    );
    assert_ne!(store.refresh_token(), old);
}

#[test]
fn a_store_that_cannot_be_loaded_prevents_the_token_request() {
    let (server, tokens) = rotating();
    let store = Store::default();
    store.with(|stored| stored.tokens = Some(tokens));
    let user = user(&client(&server), store.clone());
    store.with(|stored| stored.load_fails = true);
    let error = user.call(GetCurrentUserProfile::new()).expect_err("a failed load");
    assert!(matches!(error, Error::LoadTokens(_)), "{error:?}");
    assert_eq!(server.requests().len(), 0);
    assert!(matches!(client(&server).user(store), Err(Error::LoadTokens(_))));
}

#[test]
fn a_store_without_tokens_has_no_user() {
    let server = start(Fake::new());
    assert!(client(&server).user(Store::default()).expect("the store should work").is_none());
}

#[test]
fn newer_tokens_in_the_store_are_not_overwritten_by_older_ones() {
    let (server, tokens) = rotating();
    let store = Store::default();
    store.with(|stored| stored.tokens = Some(tokens));
    let (first, second) = (user(&client(&server), store.clone()), user(&client(&server), store.clone()));
    // The first session cannot store its tokens. Then the user logs in again in another process.
    store.with(|stored| stored.save_fails = true);
    first.call(GetCurrentUserProfile::new()).expect_err("a failed save");
    let login =
        r#"{"version":2,"access_token":"B","refresh_token":"new","chain":99999999999999,"generation":1}"#;
    let login: Tokens = serde_json::from_str(login).expect("tokens");
    store.with(|stored| (stored.tokens, stored.save_fails) = (Some(login), false));
    first.call(GetCurrentUserProfile::new()).expect("the token of the first login should still be valid");
    assert_eq!((store.refresh_token().as_str(), store.with(|stored| stored.saves)), ("new", 0));
    drop(second);
}

#[test]
fn processes_that_share_a_token_file_request_one_token() {
    for _ in 0..5 {
        let (server, tokens) = rotating();
        let folder = tempfile::tempdir().expect("a folder");
        let file = TokenFile::new(folder.path().join("tokens.json"));
        file.save(&tokens).expect("the file should be writable");
        // Like a separate process, each user has its own client and session.
        let users: Vec<_> = (0..8).map(|_| user(&Client::new(app(&server)), file.clone())).collect();
        thread::scope(|scope| {
            let call = |user: &SessionDriver| user.call(GetCurrentUserProfile::new()).map(drop);
            let calls: Vec<_> = users.iter().map(|user| scope.spawn(move || call(user))).collect();
            calls
                .into_iter()
                .for_each(|call| call.join().expect("the thread should not panic").expect("a profile"));
        });
        assert_eq!((count(&server, "/api/token"), count(&server, "/v1/me")), (1, 8));
        let stored = file.load().expect("the file should be readable").expect("stored tokens");
        assert_ne!(refresh_token(&stored), refresh_token(&tokens));
    }
}

#[test]
fn a_token_request_without_a_response_is_retried() {
    let (server, tokens) = rotating();
    let store = Store::default();
    store.with(|stored| stored.tokens = Some(tokens));
    server.script(InjectedFault::LostBefore.at("/api/token"));
    user(&client(&server), store.clone()).call(GetCurrentUserProfile::new()).expect("a profile");
    assert_eq!((count(&server, "/api/token"), store.with(|stored| stored.saves)), (2, 1));
}

#[test]
fn a_revoked_refresh_token_requires_a_login() {
    let (server, _) = rotating();
    let store = Store::default();
    store.with(|stored| stored.tokens = Some(Tokens::from_refresh_token("revoked")));
    let error = user(&client(&server), store).call(GetCurrentUserProfile::new()).expect_err("revoked");
    assert!(error.needs_login(), "{error:?}");
}

#[test]
fn debug_output_and_errors_contain_no_token() {
    fn is_error<T: std::error::Error + Send + Sync + 'static>(_: &T) {}

    let (server, tokens) = rotating();
    let old = refresh_token(&tokens);
    let store = {
        let store = Store::default();
        store.with(|stored| stored.tokens = Some(tokens));
        store
    };
    let (client, user) = (client(&server), user(&client(&server), store.clone()));
    user.call(GetCurrentUserProfile::new()).expect("a profile");
    server.script(InjectedFault::Empty(StatusCode::FORBIDDEN).at("/v1/me"));
    let error = user.call(GetCurrentUserProfile::new()).expect_err("forbidden");
    is_error(&error);
    let text = format!("{client:?} {user:?} {error:?} {error}");
    let new = store.refresh_token();
    let access = store.with(|stored| stored.tokens.as_ref()?.access_token().map(|it| it.expose().to_owned()));
    for secret in [old, new, access.expect("a token"), CLIENT_SECRET.to_owned()] {
        assert!(!text.contains(&secret), "{text}");
    }
}
