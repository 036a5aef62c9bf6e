//! Tests with calls whose futures are dropped.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use spotify_proto::api::GetCurrentUserProfile;

use crate::tokens::{Store, refresh_token, rotating, user};
use crate::{client, count};

#[tokio::test]
async fn dropping_a_call_at_any_point_loses_no_token() {
    let mut is_complete = false;
    for polls in 1..40 {
        let (server, tokens) = rotating();
        let (old, store) = (refresh_token(&tokens), Store::of(tokens));
        store.with(|stored| stored.delay = Duration::from_millis(2));
        let client = client(&server);
        let user = user(&client, store.clone()).await;
        {
            let mut call = pin!(user.call(GetCurrentUserProfile::new()));
            for _ in 0..polls {
                if call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
                    is_complete = true;
                    break;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        client.finish_token_work().await;
        // The token request starts with the first poll, and completes without the call.
        assert_eq!(count(&server, "/api/token"), 1, "after {polls} polls");
        assert_ne!(store.refresh_token(), old, "after {polls} polls");
        user.call(GetCurrentUserProfile::new()).await.expect("a profile");
        assert_eq!(count(&server, "/api/token"), 1, "after {polls} polls");
    }
    assert!(is_complete, "the last call is complete");
}

#[test]
fn finish_token_work_prevents_the_loss_of_tokens_at_the_end_of_a_runtime() {
    let (server, tokens) = rotating();
    let (old, store) = (refresh_token(&tokens), Store::of(tokens));
    store.with(|stored| stored.delay = Duration::from_millis(100));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = client(&server);
        let user = user(&client, store.clone()).await;
        let call = user.call(GetCurrentUserProfile::new());
        tokio::time::timeout(Duration::from_millis(20), call).await.expect_err("a timeout during the save");
        client.finish_token_work().await;
    });
    drop(runtime);
    assert_ne!(store.refresh_token(), old);
}

#[tokio::test]
async fn the_future_of_a_call_is_send() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let (server, tokens) = rotating();
    let user = user(&client(&server), Store::of(tokens)).await;
    let mut call = Box::pin(is_send(user.call(GetCurrentUserProfile::new())));
    let poll = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(poll, Poll::Pending));
    call.await.expect("a profile");
}
