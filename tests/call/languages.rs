//! Tests of the language setting: the request header, the cache key, and stored responses in different languages.

use spotify_proto::api::{GetShow, SaveLibraryItems};
use spotify_proto::cache::{Entry, Key, StoreAction};
use spotify_proto::{Call, CommaList, Language, ShowId, Source, SpotifyUri};

use crate::support::{World, album, answer, done, later, ready, sent};

fn show() -> GetShow {
    GetShow::new("38bS44xjbVVZ3No3ByF1dJ".parse::<ShowId>().expect("expected an id"))
}

fn language(text: &str) -> Language {
    text.parse().expect(text)
}

/// Returns a session of an application with this language setting.
fn with_language(text: &str) -> World {
    let World { app, session } = World::fixed("BQ");
    World::new(app.with_language(language(text)), session)
}

#[test]
fn a_call_sends_the_language_of_the_call_or_of_the_application() {
    let mut world = World::fixed("BQ");
    let (request, _) = sent(world.start(show(), later(0)));
    assert!(!request.headers().contains_key("accept-language"));
    let mut world = with_language("de-DE, de;q=0.8");
    let (request, _) = sent(world.start(show(), later(0)));
    assert_eq!(request.headers()["accept-language"], "de-DE,de;q=0.8");
    let (request, _) = sent(world.start(Call::new(show()).language(language("ja")), later(0)));
    assert_eq!(request.headers()["accept-language"], "ja");
    let key =
        |world: &World, call: Call<_>| call.key(&world.app, "user 1").expect("expected a GET").to_string();
    let plain = "user 1 /v1/shows/38bS44xjbVVZ3No3ByF1dJ";
    assert_eq!(key(&world, Call::new(show())), format!("{plain} de-DE,de;q=0.8"));
    assert_eq!(key(&world, Call::new(show()).language(language("ja"))), format!("{plain} ja"));
    assert_eq!(key(&World::fixed("BQ"), Call::new(show())), plain);
    assert_eq!(Key::new(&show(), "user 1").as_str(), plain);
}

/// Reads a show in a language with a store for one entry; returns the show's name and the source of the reply.
fn read(world: &mut World, text: &str, name: &str, stored: &mut Option<Entry>) -> (String, Source) {
    let call = || Call::new(show()).language(language(text));
    let key = call().key(&world.app, "user 1").expect("expected a GET");
    let step = world.cached(call(), &key, stored.clone(), later(0));
    let reply = match step {
        spotify_proto::Step::Done(result) => result.expect("expected a fresh reply"),
        step => {
            let headers = [("cache-control", "public, max-age=60"), ("vary", "Accept-Language")];
            let body = format!(r#"{{"name":"{name}"}}"#);
            done(world.receive(sent(step).1, answer(200, &headers, &body), later(0)))
                .expect("expected a show")
        }
    };
    match reply.store {
        StoreAction::Put(entry) => *stored = Some(entry),
        StoreAction::Remove => *stored = None,
        StoreAction::Keep => {}
    }
    (reply.value.name.to_string(), reply.source)
}

#[test]
fn a_stored_response_in_another_language_is_never_served() {
    let (mut world, mut stored) = (World::fixed("BQ"), None);
    assert_eq!(read(&mut world, "ja", "港", &mut stored), ("港".to_owned(), Source::Server));
    assert_eq!(read(&mut world, "ja", "港", &mut stored), ("港".to_owned(), Source::Fresh));
    assert_eq!(read(&mut world, "en", "Harbour", &mut stored), ("Harbour".to_owned(), Source::Server));
    assert_eq!(read(&mut world, "en", "Harbour", &mut stored), ("Harbour".to_owned(), Source::Fresh));
}

#[test]
fn a_response_that_varies_by_language_is_not_stored_under_a_key_without_a_language() {
    for (vary, is_stored) in
        [("Accept-Language", false), ("accept-encoding, ACCEPT-LANGUAGE", false), ("Accept-Encoding", true)]
    {
        let mut world = World::fixed("BQ");
        let key = Key::new(&show(), "user 1");
        let (_, exchange) = sent(world.cached(Call::new(show()), &key, None, later(0)));
        let headers = [("cache-control", "public, max-age=60"), ("vary", vary)];
        let reply = done(world.receive(exchange, answer(200, &headers, r#"{"name":"x"}"#), later(0)));
        let store = reply.expect("expected a show").store;
        assert_eq!(matches!(store, StoreAction::Put(_)), is_stored, "{vary}");
    }
}

#[test]
fn a_write_with_the_same_path_as_a_stored_get_is_sent() {
    // The library can be read and written with the same path and query, by two operations.
    let uris = || {
        CommaList::try_from(["spotify:album:4aawyAB9vmqN3uQ7FjRGTy"
            .parse::<SpotifyUri>()
            .expect("expected a uri")])
        .expect("short")
    };
    let mut world = World::fixed("BQ");
    let save = || Call::new(SaveLibraryItems::new(uris()));
    assert_eq!(save().key(&world.app, "user 1"), None, "only GET requests should have a key");
    let key = Call::new(album()).key(&world.app, "user 1").expect("expected a GET");
    let (request, exchange) = sent(world.cached(save(), &key, None, later(0)));
    assert_eq!(request.method(), "PUT");
    let headers = [("cache-control", "max-age=60"), ("etag", "\"1\"")];
    let reply = done(world.receive(exchange, answer(200, &headers, ""), later(0))).expect("saved");
    assert!(matches!(reply.store, StoreAction::Keep));
    assert_eq!(reply.source, Source::Server);
}

/// A custom PUT operation with the path of an album.
struct Write;

impl spotify_proto::Endpoint for Write {
    type Output = ();

    const OPERATION: spotify_proto::Operation =
        spotify_proto::Operation::new("own", http::Method::PUT, "/v1/albums/{id}");

    fn target(&self, target: &mut spotify_proto::Target) {
        target.path("/v1/albums/{id}", &["4aawyAB9vmqN3uQ7FjRGTy"]);
    }

    fn decode(&self, _: spotify_proto::ResponseRef<'_>) -> Result<(), spotify_proto::DecodeError> {
        Ok(())
    }
}

#[test]
fn a_write_is_sent_even_if_there_is_a_fresh_entry_of_a_get() {
    let mut world = ready();
    let key = Call::new(album()).key(&world.app, "app").expect("expected a GET");
    let (_, exchange) = sent(world.cached(Call::new(album()), &key, None, later(0)));
    let headers = [("cache-control", "max-age=60"), ("etag", "\"1\"")];
    let reply = done(world.receive(exchange, answer(200, &headers, r#"{"name":"x"}"#), later(0)));
    let StoreAction::Put(entry) = reply.expect("expected an album").store else {
        panic!("expected an entry to store")
    };
    let (request, _) = sent(world.cached(Call::new(Write), &key, Some(entry), later(1)));
    assert_eq!(request.method(), "PUT");
    assert!(!request.headers().contains_key("if-none-match"));
}

#[test]
fn an_entry_in_version_1_is_deserialized() {
    let mut world = World::fixed("BQ");
    let key = Key::new(&album(), "app");
    let (_, exchange) = sent(world.cached(Call::new(album()), &key, None, later(0)));
    let headers = [("cache-control", "max-age=60"), ("etag", "\"1\"")];
    let reply = done(world.receive(exchange, answer(200, &headers, r#"{"name":"x"}"#), later(0)));
    let StoreAction::Put(entry) = reply.expect("expected an album").store else {
        panic!("expected an entry to store")
    };
    let json = serde_json::to_string(&entry).expect("plain data");
    assert!(
        json.contains("1790000000") && !json.contains("secs_since_epoch"),
        "expected a Unix timestamp, got {json}"
    );
    // In version 1, instants have serde's representation of `SystemTime`.
    let old = json.replace("1790000000000", r#"{"secs_since_epoch":1790000000,"nanos_since_epoch":0}"#);
    assert_ne!(old, json);
    let old: Entry = serde_json::from_str(&old).expect("expected an entry of version 1");
    assert!(old == entry && old.is_fresh(later(59)) && !old.is_fresh(later(60)));
}
