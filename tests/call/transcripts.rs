//! Tests of complete calls: each request, the response and the next step.

use std::time::{Duration, UNIX_EPOCH};

use http::{Request, Response, StatusCode};
use spotify_proto::api::{GetAlbumTracks, GetSavedTracks, SaveLibraryItems};
use spotify_proto::cache::{Key, StoreAction};
use spotify_proto::{
    AlbumId, App, AuthError, Call, CommaList, Error, Paged, Reply, RetryPolicy, Session, Source, SpotifyUri,
    Step, TokenStep, Tokens,
};

use crate::support::{
    World, access_token, album, answer, authorization, authorizes, body, done, ended, later, ready,
    refresh_token, requests_token, rotated, saves, sent, token, user, waits, world,
};

fn key() -> Key {
    Key::new(&album(), "app")
}

#[test]
fn the_first_call_requests_a_token_and_the_second_call_does_not() {
    let mut world = world();

    let (request, exchange, waiting) = requests_token(world.start(album(), later(0)));
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://accounts.spotify.com/api/token");
    assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(authorization(&request), "Basic Y2xpZW50OnMzY3JldA==");
    assert_eq!(request.body(), b"grant_type=client_credentials");

    let (tokens, saving) = saves(world.receive_token(exchange, token("first"), later(0)));
    assert_eq!(tokens.expires_at(), Some(later(3600)));
    ended(world.saved(saving, later(0))).expect("the tokens should be saved");

    let (request, exchange) = sent(world.resume(waiting, later(0)));
    assert_eq!(request.method(), "GET");
    assert_eq!(request.uri(), "https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy");
    assert_eq!(authorization(&request), "Bearer first");
    assert!(request.headers()["authorization"].is_sensitive());

    let reply = done(world.receive(exchange, answer(200, &[], r#"{"name":"Night Ferry"}"#), later(0)));
    let reply = reply.expect("expected an album");
    assert_eq!(reply.value.name, "Night Ferry");
    assert_eq!(reply.source, Source::Server);
    assert!(
        matches!(reply.store, StoreAction::Keep),
        "a response without validator and lifetime is not stored"
    );

    let (request, _) = sent(world.start(album(), later(3000)));
    assert_eq!(authorization(&request), "Bearer first");
}

#[test]
fn only_one_call_renews_a_token_in_the_last_minute_of_its_lifetime() {
    let mut world = ready();
    let (request, _) = sent(world.start(album(), later(3539)));
    assert_eq!(authorization(&request), "Bearer first");
    let (renewal, exchange, _) = requests_token(world.start(album(), later(3580)));
    assert_eq!(renewal.uri().path(), "/api/token");
    let (other, _) = sent(world.start(album(), later(3581)));
    assert_eq!(
        authorization(&other),
        "Bearer first",
        "other calls should use the old token while it is valid"
    );
    let (delay, waiting) = waits(world.start(album(), later(3601)));
    assert!(
        delay <= Duration::from_millis(2100),
        "expected a tenth of the request's duration, got {delay:?}"
    );
    let (_, saving) = saves(world.receive_token(exchange, token("second"), later(3602)));
    let (request, _) = sent(world.resume(waiting, later(3602)));
    assert_eq!(authorization(&request), "Bearer second", "an access token is used while it is being saved");
    ended(world.saved(saving, later(3603))).expect("the tokens should be saved");
}

#[test]
fn a_new_token_request_is_sent_after_two_minutes() {
    let mut world = world();
    let (_, late, _) = requests_token(world.start(album(), later(0)));
    let (_, waiting) = waits(world.start(album(), later(119)));
    let (request, current, _) = requests_token(world.resume(waiting, later(120)));
    assert_eq!(request.uri().path(), "/api/token");
    // The late failure of the first token request must not cancel the second one.
    ended(world.receive_token(late, answer(400, &[], r#"{"error":"invalid_client"}"#), later(121)))
        .expect_err("a late rejection should be an error");
    let (_, saving) = saves(world.receive_token(current, token("second"), later(122)));
    ended(world.saved(saving, later(122))).expect("the tokens should be saved");
    let (request, _) = sent(world.start(album(), later(123)));
    assert_eq!(authorization(&request), "Bearer second");
}

/// Returns stored tokens with a refresh token and the access token `first`, which expired in 2001.
fn stored(refresh_token: &str) -> Tokens {
    let at = r#"{"secs_since_epoch":1000000000,"nanos_since_epoch":0}"#;
    let stored = format!(
        r#"{{"version":1,"access_token":"first","refresh_token":"{refresh_token}","issued_at":{at},"expires_at":{at}}}"#
    );
    serde_json::from_str(&stored).expect("stored tokens should be valid")
}

#[test]
fn a_rejection_of_a_replaced_refresh_token_does_not_end_the_session() {
    let mut world = user(stored("old"));
    let (_, slow, _) = requests_token(world.start(album(), later(0)));
    let (request, second, waiting) = requests_token(world.start(album(), later(120)));
    assert!(
        body(&request).contains("refresh_token=old"),
        "the second request should use the same refresh token"
    );
    let (_, saving) = saves(world.receive_token(slow, rotated("second", "new"), later(121)));
    ended(world.saved(saving, later(121))).expect("the tokens should be saved");
    let (request, _) = sent(world.resume(waiting, later(121)));
    assert_eq!(authorization(&request), "Bearer second");
    let refused = answer(400, &[], r#"{"error":"invalid_grant"}"#);
    ended(world.receive_token(second, refused, later(122))).expect("newer tokens should be valid");
    let (request, _) = sent(world.start(album(), later(122)));
    assert_eq!(authorization(&request), "Bearer second");
    let (request, ..) = requests_token(world.start(album(), later(3722)));
    assert!(body(&request).contains("refresh_token=new"));
}

#[test]
fn a_late_failure_does_not_shorten_a_delay_set_by_the_accounts_service() {
    let mut world = world();
    let (_, late, _) = requests_token(world.start(album(), later(0)));
    let (_, second, waiting) = requests_token(world.start(album(), later(120)));
    ended(world.receive_token(second, answer(429, &[("retry-after", "50")], ""), later(121)))
        .expect_err("a 429 should be an error");
    let (delay, waiting) = waits(world.resume(waiting, later(121)));
    assert!(delay >= Duration::from_secs(50) && delay <= Duration::from_millis(50_500), "{delay:?}");
    ended(world.receive_token(late, answer(503, &[], ""), later(122)))
        .expect_err("an outage should be an error");
    let (rest, _) = waits(world.resume(waiting, later(122)));
    assert_eq!(rest, delay - Duration::from_secs(1));
}

#[test]
fn setting_the_clock_back_does_not_cancel_a_token_request() {
    let mut world = world();
    let (_, first, _) = requests_token(world.start(album(), later(10)));
    for now in [later(9), UNIX_EPOCH] {
        let (delay, _) = waits(world.start(album(), now));
        assert!(delay <= Duration::from_millis(10), "{delay:?}");
    }
    drop(first);
    drop(requests_token(world.start(album(), UNIX_EPOCH)));
}

#[test]
fn a_late_save_is_followed_by_a_save_of_the_current_tokens() {
    let mut world = user(stored("old"));
    let (_, exchange, waiting) = requests_token(world.start(album(), later(0)));
    let (_, writing) = saves(world.receive_token(exchange, rotated("second", "new"), later(1)));
    // The save takes longer than the lifetime of the token, so a second save begins in the meantime.
    let (again, second) = match world.resume(waiting, later(130)) {
        Step::Authorize(step, _) => saves(step),
        other => panic!("{other:?}"),
    };
    assert_eq!(refresh_token(&again), Some("new"));
    ended(world.saved(second, later(131))).expect("the tokens should be saved");
    let (_, exchange, _) = requests_token(world.start(album(), later(3700)));
    let (_, saving) = saves(world.receive_token(exchange, rotated("third", "newest"), later(3701)));
    ended(world.saved(saving, later(3701))).expect("the tokens should be saved");
    // The first save now ends and has overwritten the newer tokens.
    let (tokens, saving) = saves(world.saved(writing, later(3702)));
    assert_eq!(refresh_token(&tokens), Some("newest"));
    ended(world.saved(saving, later(3702))).expect("the tokens should be saved");
    let (request, _) = sent(world.start(album(), later(3703)));
    assert_eq!(authorization(&request), "Bearer third");
}

#[test]
fn the_second_read_receives_a_304() {
    let mut world = ready();
    let (request, exchange) = sent(world.cached(Call::new(album()), &key(), None, later(0)));
    assert!(!request.headers().contains_key("if-none-match"));
    let headers = [("etag", "\"MC-1\""), ("cache-control", "public, max-age=0")];
    let first = done(world.receive(exchange, answer(200, &headers, r#"{"name":"Night Ferry"}"#), later(0)));
    let StoreAction::Put(entry) = first.expect("expected an album").store else {
        panic!("expected an entry to store")
    };
    assert_eq!(entry.etag(), Some("\"MC-1\""));
    assert!(!entry.is_fresh(later(0)));

    let (request, exchange) = sent(world.cached(Call::new(album()), &key(), Some(entry), later(1)));
    assert_eq!(request.headers()["if-none-match"], "\"MC-1\"");
    let second =
        done(world.receive(exchange, answer(304, &[], ""), later(1))).expect("expected the stored album");
    assert_eq!(second.value.name, "Night Ferry");
    assert_eq!(second.source, Source::Revalidated);
    assert!(matches!(second.store, StoreAction::Put(_)));
}

#[test]
fn a_fresh_entry_is_served_without_a_request() {
    let mut world = ready();
    let (_, exchange) = sent(world.cached(Call::new(album()), &key(), None, later(0)));
    let headers = [("cache-control", "public, max-age=60"), ("age", "10")];
    let reply = done(world.receive(exchange, answer(200, &headers, r#"{"name":"Night Ferry"}"#), later(0)));
    let StoreAction::Put(entry) = reply.expect("expected an album").store else {
        panic!("expected an entry to store")
    };

    let reply = done(world.cached(Call::new(album()), &key(), Some(entry.clone()), later(49)))
        .expect("expected a fresh reply");
    assert_eq!((reply.value.name.as_str(), reply.source), ("Night Ferry", Source::Fresh));

    let (_, _) = sent(world.cached(Call::new(album()), &key(), Some(entry.clone()), later(50)));
    let past = later(0) - Duration::from_secs(1);
    let (_, _) = sent(world.cached(Call::new(album()), &key(), Some(entry.clone()), past));

    let tracks = GetAlbumTracks::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("expected an id"));
    let (request, _) =
        sent(world.cached(Call::new(tracks.clone()), &Key::new(&tracks, "app"), Some(entry), later(0)));
    assert!(!request.headers().contains_key("if-none-match"), "an entry of another request is not used");
}

#[test]
fn a_429_delays_every_call() {
    let mut world = ready();
    let (_, exchange) = sent(world.start(album(), later(0)));
    let body = r#"{"error":{"status":429,"message":"API rate limit exceeded"}}"#;
    let (delay, waiting) =
        waits(world.receive(exchange, answer(429, &[("retry-after", "5")], body), later(0)));
    assert!(delay >= Duration::from_secs(5) && delay <= Duration::from_millis(5500), "{delay:?}");
    let (rest, _) = waits(world.start(album(), later(2)));
    assert!(rest >= Duration::from_secs(3) && rest <= Duration::from_millis(3300), "{rest:?}");
    let (request, _) = sent(world.resume(waiting, later(0) + delay));
    assert_eq!(request.uri().path(), "/v1/albums/4aawyAB9vmqN3uQ7FjRGTy");
}

#[test]
fn a_delay_of_hours_is_returned_as_an_error_that_contains_the_delay() {
    let mut world = ready();
    let (_, exchange) = sent(world.start(album(), later(0)));
    let body = r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#;
    let refused = done(world.receive(exchange, answer(429, &[("retry-after", "48925")], body), later(0)));
    let Err(Error::RateLimited(limit)) = refused else { panic!("{refused:?}") };
    assert_eq!(limit.delay(later(0)), Some(Duration::from_secs(48_925)));
    assert_eq!(limit.reason().map(|reason| reason.as_str()), Some("QUOTA_EXCEEDED"));
    let again = done(world.start(album(), later(1)));
    assert!(matches!(again, Err(Error::Throttled(_))), "expected no request, got {again:?}");
    let tracks = GetAlbumTracks::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("expected an id"));
    drop(sent(world.start(tracks, later(1))));
}

const EXPIRED: &[(&str, &str)] = &[(
    "www-authenticate",
    r#"Bearer realm="spotify", error="invalid_token", error_description="The access token expired""#,
)];

#[test]
fn a_rejected_token_is_renewed_once() {
    let mut world = ready();
    let (_, first) = sent(world.start(album(), later(0)));
    let (_, second) = sent(world.start(album(), later(0)));
    let (request, renewal, waiting) =
        requests_token(world.receive(first, answer(401, EXPIRED, ""), later(0)));
    assert_eq!(request.uri().path(), "/api/token");
    world
        .authorize(TokenStep::Send(request, renewal), &token("second"), later(0))
        .expect("the token response should be valid");
    let (request, exchange) = sent(world.resume(waiting, later(0)));
    assert_eq!(authorization(&request), "Bearer second");
    // A 401 for the old token does not reject the new one.
    let (request, _) = sent(world.receive(second, answer(401, EXPIRED, ""), later(0)));
    assert_eq!(authorization(&request), "Bearer second");
    // A second 401 ends the call.
    let rejected = done(world.receive(exchange, answer(401, EXPIRED, ""), later(0)));
    let Err(Error::Auth(AuthError::TokenRejected { code, description })) = rejected else {
        panic!("{rejected:?}")
    };
    assert_eq!(
        (code.expect("expected a code").as_str(), &*description),
        ("invalid_token", "The access token expired")
    );
}

#[test]
fn the_rejection_of_an_access_token_without_a_refresh_token_is_an_error() {
    let mut world = World::fixed("given");
    let (request, exchange) = sent(world.start(album(), later(0)));
    assert_eq!(authorization(&request), "Bearer given");
    let rejected = done(world.receive(exchange, answer(401, EXPIRED, ""), later(0)));
    assert!(matches!(rejected, Err(Error::Auth(AuthError::TokenRejected { .. }))), "{rejected:?}");
    let rejected = done(world.start(album(), later(0)));
    assert!(matches!(rejected, Err(Error::Auth(AuthError::NoCredentials))), "{rejected:?}");
    // The access token can be replaced while the session is in use.
    world.session.replace_tokens(Tokens::from_access_token("another", None));
    let (request, _) = sent(world.start(album(), later(1)));
    assert_eq!(authorization(&request), "Bearer another");
}

#[test]
fn every_call_with_invalid_credentials_returns_an_error() {
    let mut world = world();
    let (step, waiting) = authorizes(world.start(album(), later(0)));
    let body = r#"{"error":"invalid_client","error_description":"Invalid client"}"#;
    for error in [
        world.authorize(step, &answer(400, &[], body), later(0)).err(),
        done(world.resume(waiting, later(0))).err(),
        done(world.start(album(), later(1))).err(),
    ] {
        let Some(Error::Auth(AuthError::GrantRejected { code, description, .. })) = error else {
            panic!("{error:?}")
        };
        assert_eq!((code.as_str(), &*description), ("invalid_client", "Invalid client"));
    }
}

#[test]
fn an_outage_of_a_read_is_retried() {
    let mut world = ready();
    let (_, mut exchange) = sent(world.start(album(), later(0)));
    for _ in 0..3 {
        exchange = match world.receive(exchange, answer(502, &[], "<html><title>502</title>"), later(0)) {
            Step::Wait(_, waiting) => sent(world.resume(waiting, later(0))).1,
            Step::Send(_, exchange) => exchange,
            other => panic!("{other:?}"),
        };
    }
    let failed = done(world.receive(exchange, answer(502, &[], ""), later(0)));
    let Err(Error::Api(error)) = failed else { panic!("{failed:?}") };
    assert_eq!(error.status(), StatusCode::BAD_GATEWAY);
}

#[test]
fn a_request_whose_response_is_lost_is_retried_up_to_the_maximum_number_of_attempts() {
    let mut world = ready().with_retry_policy(RetryPolicy::new().max_attempts(2));
    let (_, exchange) = sent(world.start(album(), later(0)));
    let step = world.lose(exchange, later(0)).expect("the call should be retried");
    let exchange = match step {
        Step::Wait(_, waiting) => sent(world.resume(waiting, later(0))).1,
        Step::Send(_, exchange) => exchange,
        other => panic!("{other:?}"),
    };
    assert!(world.lose(exchange, later(0)).is_none(), "the call should end after two attempts");
}

#[test]
fn a_call_ends_at_its_deadline() {
    let mut world = ready();
    let passed = done(world.start(Call::new(album()).deadline(later(0)), later(0)));
    assert!(matches!(passed, Err(Error::Deadline)), "{passed:?}");
    let (_, exchange) = sent(world.start(Call::new(album()).deadline(later(3)), later(0)));
    let limited = done(world.receive(exchange, answer(429, &[("retry-after", "5")], ""), later(0)));
    assert!(matches!(limited, Err(Error::RateLimited(_))), "expected a rate limit error, got {limited:?}");
}

#[test]
fn the_body_of_a_successful_write_is_ignored() {
    let mut world = World::fixed("token");
    let uris = CommaList::try_from(["spotify:album:4aawyAB9vmqN3uQ7FjRGTy"
        .parse::<SpotifyUri>()
        .expect("expected a URI")]);
    let save = SaveLibraryItems::new(uris.expect("short"));
    let (request, exchange) = sent(world.start(save, later(0)));
    assert_eq!(request.method(), "PUT");
    assert_eq!(request.headers()["content-length"], "0");
    done(world.receive(exchange, answer(200, &[], "9h5npEXfBOvTJweMy83FqSmeRcc"), later(0)))
        .expect("expected a success");
}

#[test]
fn the_next_page_of_a_list_is_returned_as_an_endpoint() {
    let first =
        GetAlbumTracks::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("expected an id")).limit(2);
    let page = |offset: u32, next: &str, items: &str| {
        let body = format!(r#"{{"items":{items},"limit":2,"offset":{offset},"next":{next},"total":5}}"#);
        serde_json::from_str(&body).expect("expected a page")
    };
    let second = first.next(&page(0, r#""https://elsewhere.example/steal""#, "[null,{\"name\":\"a\"}]"));
    assert_eq!(second, Some(first.clone().offset(2)), "the address from the server should not be used");
    let second = second.expect("expected a second page");
    assert_eq!(second.next(&page(2, "null", "[null,null]")), None, "expected no next page");
    assert_eq!(second.next(&page(2, "\"x\"", "[]")), None, "expected no page after an empty page");
    assert_eq!(
        second.next(&page(0, "\"x\"", "[null,null]")),
        None,
        "expected no page after a page that does not advance"
    );
}

#[test]
fn no_lock_is_held_while_a_request_is_in_flight() {
    use std::sync::{Mutex, MutexGuard};
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    async fn send(_: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Error> {
        Ok(answer(200, &[], "{}"))
    }
    fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
        world.lock().expect("the lock should not be poisoned")
    }
    async fn authorize(world: &Mutex<World>, mut step: TokenStep) -> Result<(), Error> {
        loop {
            step = match step {
                TokenStep::Send(request, exchange) => {
                    let received = exchange.receive(send(request).await);
                    let World { app, session } = &mut *lock(world);
                    received.apply(app, session, later(0))?
                }
                TokenStep::Save(_, saving) => lock(world).saved(saving, later(0)),
                TokenStep::Done(result) => return result,
            }
        }
    }
    async fn call<T>(world: &Mutex<World>, call: Call<T>) -> Result<Reply<T>, Error> {
        let mut step = lock(world).start(call, later(0));
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    let received = exchange.receive(send(request).await, later(0));
                    let World { app, session } = &mut *lock(world);
                    received.apply(app, session, later(0))?
                }
                Step::Authorize(step, waiting) => {
                    authorize(world, step).await?;
                    lock(world).resume(waiting, later(0))
                }
                Step::Wait(_, waiting) => lock(world).resume(waiting, later(0)),
                Step::Done(result) => return result,
            }
        }
    }
    let world = Mutex::new(ready());
    drop(is_send(call(&world, Call::new(album()))));
}

#[test]
fn the_error_for_a_missing_scope_contains_the_scope() {
    let mut world = user(granted("user-top-read"));
    let (_, exchange) = sent(world.start(GetSavedTracks::new(), later(0)));
    let body = r#"{"error":{"status":403,"message":"Insufficient client scope"}}"#;
    let refused = done(world.receive(exchange, answer(403, &[], body), later(0)));
    let Err(Error::Scope(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.missing().to_string(), "user-library-read");
    assert_eq!((error.operation(), error.message()), ("get-users-saved-tracks", "Insufficient client scope"));
}

/// Returns stored tokens with these scopes.
fn granted(scope: &str) -> Tokens {
    let seconds =
        |after: u64| serde_json::json!({"secs_since_epoch": 1_790_000_000 + after, "nanos_since_epoch": 0});
    let tokens = serde_json::json!({
        "version": 1, "access_token": "first", "refresh_token": "again", "scope": scope,
        "issued_at": seconds(0), "expires_at": seconds(3600),
    });
    serde_json::from_value(tokens).expect("stored tokens should be valid")
}

/// The examples are from RFC 6749 §§4.4.2, 4.1.3, 6 and 5.2.
#[test]
fn requests_and_responses_match_the_examples_of_rfc_6749() {
    let app = || App::confidential("s6BhdRkqt3", "gX1fBat3bV");
    let mut world = World::new(app(), Session::client_credentials());
    let (request, exchange, _) = requests_token(world.start(album(), later(0)));
    assert_eq!(authorization(&request), "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW");
    assert_eq!(request.body(), b"grant_type=client_credentials");
    let error = r#"{ "error":"invalid_request" }"#;
    let refused = ended(world.receive_token(exchange, answer(400, &[], error), later(0)));
    let Err(Error::Auth(AuthError::GrantRejected { code, .. })) = refused else { panic!("{refused:?}") };
    assert_eq!(code.as_str(), "invalid_request");

    let mut tokens = serde_json::to_value(granted("")).expect("plain data");
    tokens["refresh_token"] = "tGzv3JOkF0XG5Qx2TlKWIA".into();
    let tokens = serde_json::from_value(tokens).expect("stored tokens should be valid");
    let mut world = World::new(app(), Session::from_tokens(tokens));
    let (request, exchange, _) = requests_token(world.start(album(), later(3600)));
    assert_eq!(request.body(), b"grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA");
    let body = r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"example","expires_in":3600,
        "refresh_token":"tGzv3JOkF0XG5Qx2TlKWIB","example_parameter":"example_value"}"#;
    let (tokens, _) = saves(world.receive_token(exchange, answer(200, &[], body), later(3600)));
    assert_eq!(access_token(&tokens), Some("2YotnFZFEjr1zCsicMWpAA"));
    assert_eq!(refresh_token(&tokens), Some("tGzv3JOkF0XG5Qx2TlKWIB"));
}
