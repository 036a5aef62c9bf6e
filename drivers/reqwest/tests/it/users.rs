//! Tests of a server with many users, which has one client and one session for each user.

use std::time::{Duration, SystemTime};

use spotify_proto::{Scope, Tokens, api::GetCurrentUserProfile};
use spotify_proto_reqwest::{Client, SessionDriver};
use spotify_proto_testing::fake::{Consent, Fake};

use crate::login::login;
use crate::tokens::{Store, refresh_token, rotating};
use crate::{client, count, start};

fn current_refresh_token(user: &SessionDriver) -> String {
    use spotify_proto::driver::AsyncDriver as _;
    user.state(|_, session| refresh_token(session.tokens().expect("tokens")))
}

#[tokio::test]
async fn handlers_of_one_user_share_a_session() {
    let (server, tokens) = rotating();
    let (client, store) = (client(&server), Store::of(tokens));
    let handler = |client: Client, store: Store| async move {
        let user = client.user("ada", store).await.expect("the store should work").expect("stored tokens");
        user.call(GetCurrentUserProfile::new()).await.map(drop)
    };
    let handlers: Vec<_> = (0..20).map(|_| tokio::spawn(handler(client.clone(), store.clone()))).collect();
    for handler in handlers {
        handler.await.expect("the task should not panic").expect("a profile");
    }
    assert_eq!((count(&server, "/api/token"), count(&server, "/v1/me")), (1, 20));
    assert!(client.user("grace", Store::default()).await.expect("the store should work").is_none());
    assert_eq!(client.loaded_users(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelled_calls_do_not_log_out_any_of_two_hundred_users() {
    let mut fake = Fake::new();
    fake.rotating(true);
    fake.reuse_detection(true);
    fake.token_life(Duration::from_millis(1000)); // renewed after half of this time
    let scopes = [Scope::UserReadPrivate];
    let tokens: Vec<_> = (0..200).map(|_| fake.user_tokens(&scopes, SystemTime::now())).collect();
    let server = start(fake);
    let client = client(&server);
    let stores: Vec<_> = tokens.into_iter().map(Store::of).collect();
    stores.iter().for_each(|store| store.with(|stored| stored.delay = Duration::from_millis(3)));
    for round in 0..4_u64 {
        let mut calls = Vec::new();
        for (user, store) in stores.iter().enumerate() {
            let (client, store) = (client.clone(), store.clone());
            let patience = Duration::from_millis((user as u64 * 7 + round * 5) % 40);
            calls.push(tokio::spawn(async move {
                let session = client
                    .user(&user.to_string(), store)
                    .await
                    .expect("the store should work")
                    .expect("stored tokens");
                let _ = tokio::time::timeout(patience, session.call(GetCurrentUserProfile::new())).await;
            }));
        }
        for call in calls {
            call.await.expect("the task should not panic");
        }
        tokio::time::sleep(Duration::from_millis(600)).await;
    }
    client.finish_token_work().await;
    assert!(count(&server, "/api/token") >= 200, "the tokens were not renewed");
    for (user, store) in stores.iter().enumerate() {
        let session = client
            .user(&user.to_string(), store.clone())
            .await
            .expect("the store should work")
            .expect("stored tokens");
        session.call(GetCurrentUserProfile::new()).await.expect("the login should still be valid");
        client.finish_token_work().await; // a token is renewed while calls still use the old one
        assert_eq!(
            current_refresh_token(&session),
            store.refresh_token(),
            "the current tokens should be stored"
        );
    }
}

#[tokio::test]
async fn the_session_of_a_user_continues_after_a_second_login() {
    let mut fake = Fake::new();
    fake.consent(Consent::Grant);
    let server = start(fake);
    let (client, store) = (client(&server), Store::of(Tokens::from_refresh_token("revoked")));
    let user =
        client.user("ada", store.clone()).await.expect("the store should work").expect("stored tokens");
    let error = user.call(GetCurrentUserProfile::new()).await.expect_err("revoked");
    assert!(error.needs_login(), "{error:?}");

    let pending = client.with_app(|app| login(Scope::UserReadPrivate).start(app)).expect("a port");
    let code = tokio::task::spawn_blocking(|| pending.wait())
        .await
        .expect("the task should not panic")
        .expect("consent");
    client.log_in_user("ada", store.clone(), code).await.expect("tokens");
    user.call(GetCurrentUserProfile::new()).await.expect("the session should use the new tokens");
    assert_eq!(current_refresh_token(&user), store.refresh_token());
    assert_eq!(client.loaded_users(), 1);
}

#[tokio::test]
async fn no_session_remains_after_a_failed_login() {
    let server = start(Fake::new());
    let (client, store) = (client(&server), Store::default());
    let pending = client.with_app(|app| login(Scope::UserReadPrivate).start(app)).expect("a port");
    let code = tokio::task::spawn_blocking(|| pending.wait())
        .await
        .expect("the task should not panic")
        .expect("consent");
    client.log_in_user("ada", store.clone(), code.clone()).await.expect("tokens");
    // An authorization code can be used only once.
    client.log_in_user("grace", Store::default(), code).await.expect_err("the code has already been used");
    assert_eq!(client.loaded_users(), 1);
}

#[tokio::test]
async fn unused_sessions_are_dropped() {
    let server = start(Fake::new());
    let client = client(&server);
    let store = Store::of(Tokens::from_refresh_token("x"));
    let load = async |id: u32| {
        client
            .user(&id.to_string(), store.clone())
            .await
            .expect("the store should work")
            .expect("stored tokens")
    };
    let kept = load(0).await;
    for id in 1..5000 {
        load(id).await;
    }
    assert!(client.loaded_users() <= 1024, "{}", client.loaded_users());
    // The session that is in use has not been dropped.
    let loads = store.with(|stored| stored.loads);
    let again = load(0).await;
    assert_eq!(store.with(|stored| stored.loads), loads);
    drop((kept, again));
}
