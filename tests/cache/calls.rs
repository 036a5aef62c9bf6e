//! Calls with a stored answer, beyond the plain cases of the transcripts.

use http::Response;
use spotify_proto::api::GetAlbum;
use spotify_proto::cache::{Entry, Key, StoreAction};
use spotify_proto::{AlbumId, Call, Reply, RetryPolicy, Source, Step};

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
    Response::from_parts(answer(text), body.into())
}

/// What is kept at 0 of an answer.
#[track_caller]
fn kept(text: &str) -> Entry {
    let mut world = world();
    let (_, exchange) = sent(world.cached(Call::new(album()), &key(), None, at(0)));
    let body = full(text, r#"{"name":"Night Ferry"}"#);
    let StoreAction::Put(entry) = reply(world.receive(exchange, body, at(0))).store else {
        panic!("nothing is kept")
    };
    entry
}

#[test]
fn without_a_key_nothing_is_stored() {
    let mut world = world();
    let (_, exchange) = sent(world.start(Call::new(album()), at(0)));
    let body = full("200|etag: \"1\"", r#"{"name":"Night Ferry"}"#);
    assert!(matches!(reply(world.receive(exchange, body, at(0))).store, StoreAction::Keep));
}

#[test]
fn the_time_of_the_request_counts_as_age() {
    let mut world = world();
    let (_, exchange) = sent(world.cached(Call::new(album()), &key(), None, at(0)));
    let body = full("200|cache-control: max-age=60", r#"{"name":"Night Ferry"}"#);
    let StoreAction::Put(entry) = reply(world.receive(exchange, body, at(20))).store else { panic!("fresh") };
    assert!(entry.is_fresh(at(59)) && !entry.is_fresh(at(60)));
}

#[test]
fn a_stale_answer_stands_for_an_error_where_the_server_allows_it() {
    for (control, want) in [("max-age=60, stale-if-error=60", true), ("max-age=60", false)] {
        let mut world = world();
        let entry = kept(&format!("200|etag: \"1\"|cache-control: {control}"));
        let (_, exchange) = sent(world.cached(Call::new(album()), &key(), Some(entry), at(90)));
        let step = world.receive(exchange, full("503", ""), at(90));
        let Step::Done(result) = step else { panic!("expected the end, got {step:?}") };
        let source = result.ok().map(|reply| reply.source);
        assert_eq!(source, want.then_some(Source::Stale), "{control}");
    }
}

#[test]
fn a_304_about_another_answer_is_not_believed() {
    let mut world = world();
    let entry = kept("200|etag: \"1\"");
    let (_, exchange) = sent(world.cached(Call::new(album()), &key(), Some(entry), at(1)));
    let step = world.receive(exchange, full("304|etag: \"2\"", ""), at(1));
    let (request, exchange) = sent(step);
    assert!(!request.headers().contains_key("if-none-match"), "the whole is asked for");
    let body = full("200|etag: \"2\"", r#"{"name":"Day Ferry"}"#);
    let reply = reply(world.receive(exchange, body, at(1)));
    assert_eq!((reply.value.name.as_str(), reply.source), ("Day Ferry", Source::Server));
}

#[test]
fn a_304_that_forbids_to_store_takes_the_entry_out() {
    let mut world = world();
    let entry = kept("200|etag: \"1\"");
    let (_, exchange) = sent(world.cached(Call::new(album()), &key(), Some(entry), at(1)));
    let reply = reply(world.receive(exchange, full("304|cache-control: no-store", ""), at(1)));
    assert_eq!((reply.value.name.as_str(), reply.source), ("Night Ferry", Source::Revalidated));
    assert!(matches!(reply.store, StoreAction::Remove));
}

#[test]
fn what_varies_by_the_token_is_always_asked_about() {
    let mut world = world();
    let entry = kept("200|etag: \"1\"|cache-control: private, max-age=600|vary: Authorization");
    let (request, _) = sent(world.cached(Call::new(album()), &key(), Some(entry), at(1)));
    assert_eq!(request.headers()["if-none-match"], "\"1\"");
}

#[test]
fn an_entry_whose_body_does_not_decode_is_dropped() {
    for control in ["max-age=60", "max-age=0"] {
        let mut world = world();
        let entry = kept(&format!("200|etag: \"1\"|cache-control: {control}"));
        let json = serde_json::to_string(&entry).expect("JSON").replace(r#"{\"name\":\"Night Ferry\"}"#, "[");
        let entry: Entry = serde_json::from_str(&json).expect("an entry with a broken body");
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
fn a_key_of_another_request_uses_and_stores_nothing() {
    let mut world = world();
    let other = GetAlbum::new("6akEvsycLGftJxYudPjmqK".parse::<AlbumId>().expect("an id"));
    let entry = kept("200|cache-control: max-age=60|etag: \"1\"");
    let (request, exchange) = sent(world.cached(Call::new(other), &key(), Some(entry), at(1)));
    assert!(!request.headers().contains_key("if-none-match"));
    let body = full("200|etag: \"2\"", r#"{"name":"Day Ferry"}"#);
    assert!(matches!(reply(world.receive(exchange, body, at(1))).store, StoreAction::Keep));
}
