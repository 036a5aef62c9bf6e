//! Tests of calls with a stored response, except for the common cases in `call/transcripts.rs`.

use std::time::Duration;

use http::{Method, Response};
use spotify_proto::api::GetAlbum;
use spotify_proto::cache::{Entry, Key, StoreAction};
use spotify_proto::{
    AlbumId, Call, DecodeError, Endpoint, Error, Operation, Reply, ResponseRef, RetryPolicy, Source, Step,
    Target,
};

use crate::cache::table::{answer, at};
use crate::support::{World, album, sent};

fn world() -> World {
    World::fixed("token").with_retry_policy(RetryPolicy::never())
}

fn key() -> Key {
    Key::new(&album(), "alice")
}

#[track_caller]
fn reply<T: std::fmt::Debug>(step: Step<T>) -> Reply<T> {
    match step {
        Step::Done(Ok(reply)) => reply,
        other => panic!("expected a result, got {other:?}"),
    }
}

fn full(text: &str, body: &str) -> Response<Vec<u8>> {
    answer(text).map(|()| body.into())
}

/// Returns the entry that a call stores for this response, which is received at second 0.
#[track_caller]
fn entry(text: &str) -> Entry {
    let mut world = world();
    let (_, exchange) = sent(world.cached(Call::new(album()), &key(), None, at(0)));
    let body = full(text, r#"{"name":"Night Ferry"}"#);
    let StoreAction::Put(entry) = reply(world.receive(exchange, body, at(0))).store else {
        panic!("expected an entry to store")
    };
    entry
}

#[test]
fn a_call_without_a_cache_key_stores_nothing() {
    let mut world = world();
    let (_, exchange) = sent(world.start(Call::new(album()), at(0)));
    let body = full("200|etag: \"1\"", r#"{"name":"Night Ferry"}"#);
    assert!(matches!(reply(world.receive(exchange, body, at(0))).store, StoreAction::Keep));
}

#[test]
fn the_age_of_a_response_includes_the_duration_of_the_request() {
    let mut world = world();
    let (_, exchange) = sent(world.cached(Call::new(album()), &key(), None, at(0)));
    let body = full("200|cache-control: max-age=60", r#"{"name":"Night Ferry"}"#);
    let StoreAction::Put(entry) = reply(world.receive(exchange, body, at(20))).store else {
        panic!("expected an entry to store")
    };
    assert!(entry.is_fresh(at(59)) && !entry.is_fresh(at(60)));
}

#[test]
fn a_stale_response_is_served_instead_of_an_error_if_the_server_allows_it() {
    for (control, want) in [("max-age=60, stale-if-error=60", true), ("max-age=60", false)] {
        let mut world = world();
        let entry = entry(&format!("200|etag: \"1\"|cache-control: {control}"));
        let (_, exchange) = sent(world.cached(Call::new(album()), &key(), Some(entry), at(90)));
        let step = world.receive(exchange, full("503", ""), at(90));
        let Step::Done(result) = step else { panic!("expected the last step, got {step:?}") };
        let source = result.ok().map(|reply| reply.source);
        assert_eq!(source, want.then_some(Source::Stale), "{control}");
    }
}

#[test]
fn a_304_for_a_different_response_is_followed_by_a_request_without_conditions() {
    let mut world = world();
    let entry = entry("200|etag: \"1\"");
    let (_, exchange) = sent(world.cached(Call::new(album()), &key(), Some(entry), at(1)));
    let step = world.receive(exchange, full("304|etag: \"2\"", ""), at(1));
    let (request, exchange) = sent(step);
    assert!(!request.headers().contains_key("if-none-match"), "the second request should have no conditions");
    let body = full("200|etag: \"2\"", r#"{"name":"Day Ferry"}"#);
    let reply = reply(world.receive(exchange, body, at(1)));
    assert_eq!((reply.value.name.as_str(), reply.source), ("Day Ferry", Source::Server));
}

#[test]
fn a_304_with_the_no_store_directive_removes_the_entry() {
    let mut world = world();
    let entry = entry("200|etag: \"1\"");
    let (_, exchange) = sent(world.cached(Call::new(album()), &key(), Some(entry), at(1)));
    let reply = reply(world.receive(exchange, full("304|cache-control: no-store", ""), at(1)));
    assert_eq!((reply.value.name.as_str(), reply.source), ("Night Ferry", Source::Revalidated));
    assert!(matches!(reply.store, StoreAction::Remove));
}

#[test]
fn a_response_that_varies_by_the_token_is_always_revalidated() {
    let mut world = world();
    let entry = entry("200|etag: \"1\"|cache-control: private, max-age=600|vary: Authorization");
    let (request, _) = sent(world.cached(Call::new(album()), &key(), Some(entry), at(1)));
    assert_eq!(request.headers()["if-none-match"], "\"1\"");
}

#[test]
fn an_entry_whose_body_cannot_be_decoded_is_removed() {
    for control in ["max-age=60", "max-age=0"] {
        let mut world = world();
        let entry = entry(&format!("200|etag: \"1\"|cache-control: {control}"));
        let json = serde_json::to_string(&entry).expect("JSON").replace("{#name#:#Night Ferry#}", "[");
        let entry: Entry = serde_json::from_str(&json).expect("expected an entry with an invalid body");
        let mut step = world.cached(Call::new(album()), &key(), Some(entry), at(1));
        if control == "max-age=0" {
            step = world.receive(sent(step).1, full("304", ""), at(1));
        }
        let (request, exchange) = sent(step);
        assert!(!request.headers().contains_key("if-none-match"), "{control}");
        let reply = reply(world.receive(exchange, full("200", r#"{"name":"Day Ferry"}"#), at(1)));
        assert_eq!(reply.value.name, "Day Ferry");
        assert!(matches!(reply.store, StoreAction::Remove), "{control}");
    }
}

#[test]
fn a_call_with_the_key_of_a_different_request_uses_and_stores_nothing() {
    let mut world = world();
    let other = GetAlbum::new("6akEvsycLGftJxYudPjmqK".parse::<AlbumId>().expect("expected an id"));
    let entry = entry("200|cache-control: max-age=60|etag: \"1\"");
    let (request, exchange) = sent(world.cached(Call::new(other), &key(), Some(entry), at(1)));
    assert!(!request.headers().contains_key("if-none-match"));
    let body = full("200|etag: \"2\"", r#"{"name":"Day Ferry"}"#);
    assert!(matches!(reply(world.receive(exchange, body, at(1))).store, StoreAction::Keep));
}

#[test]
fn a_stale_entry_is_served_after_a_lost_connection_only_if_the_call_allows_it() {
    let minute = Duration::from_secs(60);
    for (control, max_stale, second, is_served) in [
        ("max-age=60", Duration::ZERO, 61, false),
        ("max-age=60", minute, 120, true),
        ("max-age=60", minute, 121, false),
        ("max-age=60, must-revalidate", minute, 61, false),
        ("no-cache", minute, 1, false),
        ("max-age=60, stale-if-error=60", Duration::ZERO, 120, true),
        ("max-age=60, stale-if-error=60", Duration::ZERO, 121, false),
        ("max-age=60|vary: Authorization", minute, 61, false),
    ] {
        let mut world = world();
        let entry = entry(&format!("200|etag: \"1\"|cache-control: {control}"));
        let call = Call::new(album()).stale_if_lost(max_stale);
        let (_, exchange) = sent(world.cached(call, &key(), Some(entry), at(second)));
        let served = world.lose(exchange, at(second)).map(reply);
        assert_eq!(served.is_some(), is_served, "{control}");
        if let Some(reply) = served {
            assert_eq!((reply.value.name.as_str(), reply.source), ("Night Ferry", Source::Stale));
            assert!(matches!(reply.store, StoreAction::Keep));
        }
    }
}

#[test]
fn a_lost_request_is_retried_before_a_stale_entry_is_served() {
    let mut world = World::fixed("token");
    let entry = entry("200|etag: \"1\"|cache-control: max-age=60");
    let call = Call::new(album()).stale_if_lost(Duration::from_secs(60));
    let (_, exchange) = sent(world.cached(call, &key(), Some(entry), at(61)));
    let Some(Step::Wait(delay, waiting)) = world.lose(exchange, at(61)) else {
        panic!("expected a delay before the retry")
    };
    let now = at(61) + delay.duration;
    let (request, exchange) = sent(world.resume(waiting, now));
    assert_eq!(request.headers()["if-none-match"], "\"1\"");
    assert_eq!(reply(world.receive(exchange, full("304", ""), now)).source, Source::Revalidated);
}

#[test]
fn a_lost_connection_is_an_error_if_there_is_no_stored_entry() {
    let mut world = world();
    let call = Call::new(album()).stale_if_lost(Duration::MAX);
    let (_, exchange) = sent(world.cached(call, &key(), None, at(0)));
    assert!(world.lose(exchange, at(0)).is_none());
}

/// A write operation with the same path as `GetAlbum`.
struct Write<const IS_POST: bool>;

impl<const IS_POST: bool> Endpoint for Write<IS_POST> {
    type Output = ();
    const OPERATION: Operation =
        Operation::new("write", if IS_POST { Method::POST } else { Method::PUT }, "/v1/albums/{id}");

    fn target(&self, target: &mut Target) {
        album().target(target);
    }

    fn decode(&self, _: ResponseRef<'_>) -> Result<(), DecodeError> {
        Ok(())
    }
}

/// Checks a write whose path has a stored entry, which is fresh or stale.
fn writes<E: Endpoint<Output = ()>>(write: fn() -> E, check: impl Fn(&mut World, Step<()>)) {
    for second in [1, 61] {
        let mut world = World::fixed("token");
        let entry = entry("200|etag: \"1\"|cache-control: max-age=60, stale-if-error=9999");
        let call = Call::new(write()).stale_if_lost(Duration::MAX);
        let step = world.cached(call, &key(), Some(entry), at(second));
        check(&mut world, step);
    }
}

#[test]
fn a_write_is_sent_without_conditions_and_its_response_is_not_stored() {
    let check = |world: &mut World, step| {
        let (request, exchange) = sent(step);
        assert!(!request.headers().contains_key("if-none-match"));
        let reply =
            reply(world.receive(exchange, full("200|etag: \"2\"|cache-control: max-age=60", ""), at(70)));
        assert_eq!(reply.source, Source::Server);
        assert!(matches!(reply.store, StoreAction::Keep));
    };
    writes(|| Write::<true>, check);
    writes(|| Write::<false>, check);
}

#[test]
fn a_304_response_to_a_write_is_an_error_and_the_write_is_not_sent_again() {
    let check =
        |world: &mut World, step| match world.receive(sent(step).1, full("304|etag: \"1\"", ""), at(70)) {
            Step::Done(Err(Error::Api(error))) => assert_eq!(error.status(), 304),
            other => panic!("expected an error, got {other:?}"),
        };
    writes(|| Write::<true>, check);
    writes(|| Write::<false>, check);
}

#[test]
fn a_stored_entry_is_not_served_instead_of_the_error_of_a_failed_write() {
    writes(
        || Write::<false>,
        |world, mut step| {
            let mut now = at(70);
            loop {
                step = match step {
                    Step::Send(_, exchange) => world.receive(exchange, full("503", ""), now),
                    Step::Wait(delay, waiting) => {
                        now += delay.duration;
                        world.resume(waiting, now)
                    }
                    Step::Done(Err(Error::Api(error))) => return assert_eq!(error.status(), 503),
                    other => panic!("expected an error, got {other:?}"),
                }
            }
        },
    );
    writes(|| Write::<true>, |world, step| assert!(world.lose(sent(step).1, at(70)).is_none()));
}
