//! Calls told from top to bottom: what is sent, what comes back, what happens next.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Request, Response, StatusCode};
use spotify_proto::api::{GetAlbum, GetAlbumTracks, GetSavedTracks, SaveLibraryItems};
use spotify_proto::cache::{Key, Store};
use spotify_proto::{
    AlbumId, App, AuthError, Call, Error, Exchange, Forbidden, List, Paged, Pause, Reply, RetryPolicy,
    Secret, Session, Source, Step, Tokens, Uri,
};

/// Seconds after a quiet moment in September 2026.
pub fn later(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000 + seconds)
}

pub fn album() -> GetAlbum {
    GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("an id"))
}

fn key() -> Key {
    Key::new(&album(), "app")
}

pub fn session() -> Session {
    Session::client_credentials(App::confidential("client", "s3cret"))
}

pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Vec<u8>> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body.as_bytes().to_vec()).expect("valid parts")
}

pub fn token(access_token: &str) -> Response<Vec<u8>> {
    answer(
        200,
        &[("content-type", "application/json")],
        &format!(r#"{{"access_token":"{access_token}","token_type":"Bearer","expires_in":3600,"scope":""}}"#),
    )
}

#[track_caller]
pub fn sent<T: std::fmt::Debug>(step: Step<T>) -> (Request<Vec<u8>>, Exchange<T>) {
    match step {
        Step::Send(request, exchange) => (request, exchange),
        other => panic!("expected a request, got {other:?}"),
    }
}

#[track_caller]
pub fn waits<T: std::fmt::Debug>(step: Step<T>) -> (Duration, Pause<T>) {
    match step {
        Step::Wait(delay, pause) => (delay, pause),
        other => panic!("expected a wait, got {other:?}"),
    }
}

#[track_caller]
pub fn done<T: std::fmt::Debug>(step: Step<T>) -> Result<Reply<T>, Error> {
    match step {
        Step::Done(result) => result,
        other => panic!("expected the end, got {other:?}"),
    }
}

pub fn authorization(request: &Request<Vec<u8>>) -> &str {
    request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// A session that has a token already.
pub fn ready() -> Session {
    let mut session = session();
    let (_, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    let Step::Save(_, pause) = exchange.receive(token("first"), &mut session, later(0)) else {
        panic!("a new token")
    };
    drop(pause.resume(&mut session, later(0)));
    session
}

#[test]
fn the_first_call_fetches_a_token_and_the_second_does_not() {
    let mut session = session();

    let (request, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://accounts.spotify.com/api/token");
    assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(authorization(&request), "Basic Y2xpZW50OnMzY3JldA==");
    assert_eq!(request.body(), b"grant_type=client_credentials");

    let Step::Save(tokens, pause) = exchange.receive(token("first"), &mut session, later(0)) else {
        panic!("a new token is to be saved before it is used")
    };
    assert_eq!(tokens.expires_at(), later(3600));

    let (request, exchange) = sent(pause.resume(&mut session, later(0)));
    assert_eq!(request.method(), "GET");
    assert_eq!(request.uri(), "https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy");
    assert_eq!(authorization(&request), "Bearer first");
    assert!(request.headers()["authorization"].is_sensitive());

    let reply = done(exchange.receive(answer(200, &[], r#"{"name":"Night Ferry"}"#), &mut session, later(0)));
    let reply = reply.expect("an album");
    assert_eq!(reply.value.name, "Night Ferry");
    assert_eq!(reply.source, Source::Server);
    assert!(matches!(reply.store, Store::Keep), "neither etag nor max-age: nothing to keep");

    let (request, _) = sent(Call::new(album()).start(&mut session, later(3000)));
    assert_eq!(authorization(&request), "Bearer first");
}

#[test]
fn a_token_is_renewed_a_minute_before_its_end_by_one_call_only() {
    let mut session = ready();
    let (request, _) = sent(Call::new(album()).start(&mut session, later(3539)));
    assert_eq!(authorization(&request), "Bearer first");
    let (renewal, exchange) = sent(Call::new(album()).start(&mut session, later(3580)));
    assert_eq!(renewal.uri().path(), "/api/token");
    let (other, _) = sent(Call::new(album()).start(&mut session, later(3581)));
    assert_eq!(authorization(&other), "Bearer first", "the others use the old one while it lives");
    let (delay, pause) = waits(Call::new(album()).start(&mut session, later(3601)));
    assert!(delay < Duration::from_secs(1));
    let Step::Save(..) = exchange.receive(token("second"), &mut session, later(3602)) else {
        panic!("a new token")
    };
    let (request, _) = sent(pause.resume(&mut session, later(3602)));
    assert_eq!(authorization(&request), "Bearer second");
}

#[test]
fn a_dropped_renewal_is_taken_over_when_its_lease_has_run_out() {
    let mut session = session();
    let (_, late) = sent(Call::new(album()).start(&mut session, later(0)));
    let (_, pause) = waits(Call::new(album()).start(&mut session, later(1)));
    let (request, current) = sent(pause.resume(&mut session, later(30)));
    assert_eq!(request.uri().path(), "/api/token");
    // The answer of the first election comes late: a failure must not end the second.
    let (_, pause) = waits(late.receive(answer(503, &[], ""), &mut session, later(31)));
    drop(pause);
    let Step::Save(..) = current.receive(token("second"), &mut session, later(32)) else {
        panic!("a new token")
    };
    let (request, _) = sent(Call::new(album()).start(&mut session, later(33)));
    assert_eq!(authorization(&request), "Bearer second");
}

/// Tokens that were stored: `first`, which ended in the year 2001, and a refresh token.
fn stored(refresh_token: &str) -> Tokens {
    let at = r#"{"secs_since_epoch":1000000000,"nanos_since_epoch":0}"#;
    let stored = format!(
        r#"{{"version":1,"access_token":"first","refresh_token":"{refresh_token}","issued_at":{at},"expires_at":{at}}}"#
    );
    serde_json::from_str(&stored).expect("the stored form")
}

fn rotated(access_token: &str, refresh_token: &str) -> Response<Vec<u8>> {
    let body =
        format!(r#"{{"access_token":"{access_token}","expires_in":3600,"refresh_token":"{refresh_token}"}}"#);
    answer(200, &[], &body)
}

#[test]
fn a_refusal_of_a_refresh_token_that_was_replaced_meanwhile_is_not_the_end() {
    let mut session = Session::resume(App::public("client"), stored("old"));
    let (_, slow) = sent(Call::new(album()).start(&mut session, later(0)));
    let (request, second) = sent(Call::new(album()).start(&mut session, later(30)));
    assert!(String::from_utf8_lossy(request.body()).contains("refresh_token=old"), "the lease has run out");
    let Step::Save(_, pause) = slow.receive(rotated("second", "new"), &mut session, later(31)) else {
        panic!("a new token, if late")
    };
    let (request, _) = sent(pause.resume(&mut session, later(31)));
    assert_eq!(authorization(&request), "Bearer second");
    let refused = answer(400, &[], r#"{"error":"invalid_grant"}"#);
    let (request, _) = sent(second.receive(refused, &mut session, later(32)));
    assert_eq!(authorization(&request), "Bearer second", "it goes on with what is in force");
    let (request, _) = sent(Call::new(album()).start(&mut session, later(3632)));
    assert!(String::from_utf8_lossy(request.body()).contains("refresh_token=new"), "and so does the session");
}

#[test]
fn a_longer_wait_for_the_accounts_service_outlasts_a_late_failure() {
    let mut session = session();
    let (_, late) = sent(Call::new(album()).start(&mut session, later(0)));
    let (_, second) = sent(Call::new(album()).start(&mut session, later(30)));
    let (delay, _) =
        waits(second.receive(answer(429, &[("retry-after", "50")], ""), &mut session, later(31)));
    assert_eq!(delay, Duration::from_secs(50));
    let (delay, _) = waits(late.receive(answer(503, &[], ""), &mut session, later(32)));
    assert_eq!(delay, Duration::from_secs(49));
}

#[test]
fn a_clock_that_is_set_right_by_a_second_does_not_end_a_lease() {
    let mut session = session();
    let (_, _first) = sent(Call::new(album()).start(&mut session, later(10)));
    let (_, pause) = waits(Call::new(album()).start(&mut session, later(9)));
    drop(pause);
    let (request, _) = sent(Call::new(album()).start(&mut session, UNIX_EPOCH));
    assert_eq!(request.uri().path(), "/api/token", "a clock that is set back far does");
}

#[test]
fn a_save_that_comes_late_is_followed_by_a_save_of_what_is_in_force() {
    let mut session = Session::resume(App::public("client"), stored("old"));
    let (_, slow) = sent(Call::new(album()).start(&mut session, later(0)));
    let (_, second) = sent(Call::new(album()).start(&mut session, later(30)));
    let Step::Save(_, writing) = second.receive(token("second"), &mut session, later(31)) else {
        panic!("a new token")
    };
    let Step::Save(_, pause) = slow.receive(rotated("third", "new"), &mut session, later(31)) else {
        panic!("a newer one")
    };
    let (request, _) = sent(pause.resume(&mut session, later(31)));
    assert_eq!(authorization(&request), "Bearer third");
    // Only now the store has taken the older tokens, over the newer ones.
    let Step::Save(tokens, pause) = writing.resume(&mut session, later(32)) else {
        panic!("the newer ones are to be saved again")
    };
    assert_eq!(tokens.refresh_token().map(Secret::expose), Some("new"));
    let (request, _) = sent(pause.resume(&mut session, later(32)));
    assert_eq!(authorization(&request), "Bearer third");
}

#[test]
fn a_second_read_is_answered_by_304() {
    let mut session = ready();
    let (request, exchange) = sent(Call::new(album()).cached(&key(), None).start(&mut session, later(0)));
    assert!(!request.headers().contains_key("if-none-match"));
    let headers = [("etag", "\"MC-1\""), ("cache-control", "public, max-age=0")];
    let first =
        done(exchange.receive(answer(200, &headers, r#"{"name":"Night Ferry"}"#), &mut session, later(0)));
    let Store::Put(entry) = first.expect("an album").store else { panic!("an etag is worth keeping") };
    assert_eq!(entry.etag(), Some("\"MC-1\""));
    assert!(!entry.is_fresh(later(0)));

    let (request, exchange) =
        sent(Call::new(album()).cached(&key(), Some(entry)).start(&mut session, later(1)));
    assert_eq!(request.headers()["if-none-match"], "\"MC-1\"");
    let second =
        done(exchange.receive(answer(304, &[], ""), &mut session, later(1))).expect("the stored album");
    assert_eq!(second.value.name, "Night Ferry");
    assert_eq!(second.source, Source::Revalidated);
    assert!(matches!(second.store, Store::Put(_)));
}

#[test]
fn a_fresh_entry_is_served_without_asking() {
    let mut session = ready();
    let (_, exchange) = sent(Call::new(album()).cached(&key(), None).start(&mut session, later(0)));
    let headers = [("cache-control", "public, max-age=60"), ("age", "10")];
    let reply =
        done(exchange.receive(answer(200, &headers, r#"{"name":"Night Ferry"}"#), &mut session, later(0)));
    let Store::Put(entry) = reply.expect("an album").store else { panic!("fresh for 50 seconds") };

    let reply = done(Call::new(album()).cached(&key(), Some(entry.clone())).start(&mut session, later(49)))
        .expect("fresh");
    assert_eq!((reply.value.name.as_str(), reply.source), ("Night Ferry", Source::Fresh));

    let (_, _) = sent(Call::new(album()).cached(&key(), Some(entry.clone())).start(&mut session, later(50)));
    let past = later(0) - Duration::from_secs(1);
    let (_, _) = sent(Call::new(album()).cached(&key(), Some(entry.clone())).start(&mut session, past));

    let tracks = GetAlbumTracks::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("an id"));
    let (request, _) = sent(
        Call::new(tracks.clone())
            .cached(&Key::new(&tracks, "app"), Some(entry))
            .start(&mut session, later(0)),
    );
    assert!(!request.headers().contains_key("if-none-match"), "an entry of another request is of no use");
}

#[test]
fn a_429_is_waited_out_by_every_call() {
    let mut session = ready();
    let (_, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    let body = r#"{"error":{"status":429,"message":"API rate limit exceeded"}}"#;
    let (delay, pause) =
        waits(exchange.receive(answer(429, &[("retry-after", "5")], body), &mut session, later(0)));
    assert_eq!(delay, Duration::from_secs(5));
    let (delay, _) = waits(Call::new(album()).start(&mut session, later(2)));
    assert_eq!(delay, Duration::from_secs(3));
    let (request, _) = sent(pause.resume(&mut session, later(5)));
    assert_eq!(request.uri().path(), "/v1/albums/4aawyAB9vmqN3uQ7FjRGTy");
}

#[test]
fn a_wait_of_hours_is_an_error_that_says_so() {
    let mut session = ready();
    let (_, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    let body = r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#;
    let refused =
        done(exchange.receive(answer(429, &[("retry-after", "48925")], body), &mut session, later(0)));
    let Err(Error::RateLimited(limit)) = refused else { panic!("{refused:?}") };
    assert_eq!(limit.wait(later(0)), Some(Duration::from_secs(48_925)));
    assert_eq!(limit.reason().map(|reason| reason.as_str()), Some("QUOTA_EXCEEDED"));
    let again = done(Call::new(album()).start(&mut session, later(1)));
    assert!(matches!(again, Err(Error::RateLimited(_))), "not even sent: {again:?}");
    let tracks = GetAlbumTracks::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("an id"));
    let (_, _) = sent(Call::new(tracks).start(&mut session, later(1)));
}

#[test]
fn a_refused_token_is_renewed_once() {
    let mut session = ready();
    let expired = [(
        "www-authenticate",
        r#"Bearer realm="spotify", error="invalid_token", error_description="The access token expired""#,
    )];
    let (_, first) = sent(Call::new(album()).start(&mut session, later(0)));
    let (_, second) = sent(Call::new(album()).start(&mut session, later(0)));
    let (request, renewal) = sent(first.receive(answer(401, &expired, ""), &mut session, later(0)));
    assert_eq!(request.uri().path(), "/api/token");
    let Step::Save(_, pause) = renewal.receive(token("second"), &mut session, later(0)) else {
        panic!("a new token")
    };
    let (request, exchange) = sent(pause.resume(&mut session, later(0)));
    assert_eq!(authorization(&request), "Bearer second");
    // A 401 for the old token says nothing about the new one.
    let (request, _) = sent(second.receive(answer(401, &expired, ""), &mut session, later(0)));
    assert_eq!(authorization(&request), "Bearer second");
    // A second 401 is the end of it.
    let refused = done(exchange.receive(answer(401, &expired, ""), &mut session, later(0)));
    let Err(Error::Auth(AuthError::TokenRefused { code, description })) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(
        (code.expect("a code").as_str(), &*description),
        ("invalid_token", "The access token expired")
    );
}

#[test]
fn a_fixed_token_that_is_refused_is_the_servers_error() {
    let mut session = Session::fixed("given");
    let (request, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    assert_eq!(authorization(&request), "Bearer given");
    let refused = done(exchange.receive(answer(401, &[], ""), &mut session, later(0)));
    assert!(matches!(refused, Err(Error::Auth(AuthError::TokenRefused { .. }))), "{refused:?}");
    let refused = done(Call::new(album()).start(&mut session, later(0)));
    assert!(matches!(refused, Err(Error::Auth(AuthError::NoToken))), "{refused:?}");
}

#[test]
fn wrong_credentials_are_an_error_for_every_call() {
    let mut session = session();
    let (_, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    let body = r#"{"error":"invalid_client","error_description":"Invalid client"}"#;
    for result in [
        done(exchange.receive(answer(400, &[], body), &mut session, later(0))),
        done(Call::new(album()).start(&mut session, later(1))),
    ] {
        let Err(Error::Auth(AuthError::GrantRefused { code, description, .. })) = result else {
            panic!("{result:?}")
        };
        assert_eq!((code.as_str(), &*description), ("invalid_client", "Invalid client"));
    }
}

#[test]
fn an_outage_is_retried_where_that_is_safe() {
    let mut session = ready();
    let (_, mut exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    for _ in 0..3 {
        exchange =
            match exchange.receive(answer(502, &[], "<html><title>502</title>"), &mut session, later(0)) {
                Step::Wait(_, pause) => sent(pause.resume(&mut session, later(0))).1,
                Step::Send(_, exchange) => exchange,
                other => panic!("{other:?}"),
            };
    }
    let failed = done(exchange.receive(answer(502, &[], ""), &mut session, later(0)));
    let Err(Error::Api(error)) = failed else { panic!("{failed:?}") };
    assert_eq!(error.status(), StatusCode::BAD_GATEWAY);
}

#[test]
fn a_lost_answer_is_asked_for_again_a_few_times() {
    let mut session = ready().with_retry(RetryPolicy::new().tries(2));
    let (_, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    let step = exchange.lost(&mut session, later(0)).expect("a read is safe to repeat");
    let exchange = match step {
        Step::Wait(_, pause) => sent(pause.resume(&mut session, later(0))).1,
        Step::Send(_, exchange) => exchange,
        other => panic!("{other:?}"),
    };
    assert!(exchange.lost(&mut session, later(0)).is_none(), "two tries are all");
}

#[test]
fn a_deadline_is_kept_at_every_step() {
    let mut session = ready();
    let passed = done(Call::new(album()).deadline(later(0)).start(&mut session, later(0)));
    assert!(matches!(passed, Err(Error::Deadline)), "{passed:?}");
    let (_, exchange) = sent(Call::new(album()).deadline(later(3)).start(&mut session, later(0)));
    let limited = done(exchange.receive(answer(429, &[("retry-after", "5")], ""), &mut session, later(0)));
    assert!(matches!(limited, Err(Error::RateLimited(_))), "no time to wait: {limited:?}");
}

#[test]
fn a_write_ignores_the_body_of_its_success() {
    let mut session = ready();
    let uris = List::try_from(["spotify:album:4aawyAB9vmqN3uQ7FjRGTy".parse::<Uri>().expect("a uri")]);
    let save = SaveLibraryItems::new(uris.expect("short"));
    let (request, exchange) = sent(Call::new(&save).start(&mut session, later(0)));
    assert_eq!(request.method(), "PUT");
    assert_eq!(request.headers()["content-length"], "0");
    done(exchange.receive(answer(200, &[], "9h5npEXfBOvTJweMy83FqSmeRcc"), &mut session, later(0)))
        .expect("a success");
}

#[test]
fn a_cursor_is_an_endpoint() {
    let first = GetAlbumTracks::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("an id")).limit(2);
    let page = |offset: u32, next: &str, items: &str| {
        let body = format!(r#"{{"items":{items},"limit":2,"offset":{offset},"next":{next},"total":5}}"#);
        serde_json::from_str(&body).expect("a page")
    };
    let second = first.next(&page(0, r#""https://elsewhere.example/steal""#, "[null,{\"name\":\"a\"}]"));
    assert_eq!(
        second,
        Some(first.clone().offset(2)),
        "by offset and limit, whatever address the server names"
    );
    let second = second.expect("checked");
    assert_eq!(second.next(&page(2, "null", "[null,null]")), None, "no next page");
    assert_eq!(second.next(&page(2, "\"x\"", "[]")), None, "an empty page");
    assert_eq!(second.next(&page(0, "\"x\"", "[null,null]")), None, "a page that does not advance");
}

#[test]
fn a_lock_is_not_held_while_a_request_is_on_its_way() {
    use std::sync::{Mutex, MutexGuard};
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    async fn send(_: Request<Vec<u8>>) -> Response<Vec<u8>> {
        answer(200, &[], "{}")
    }
    fn lock(session: &Mutex<Session>) -> MutexGuard<'_, Session> {
        session.lock().expect("nobody panics")
    }
    async fn call<T>(session: &Mutex<Session>, call: Call<T>) -> Result<Reply<T>, Error> {
        let mut step = call.start(&mut lock(session), later(0));
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    exchange.receive(send(request).await, &mut lock(session), later(0))
                }
                Step::Wait(_, pause) | Step::Save(_, pause) => pause.resume(&mut lock(session), later(0)),
                Step::Done(result) => return result,
            }
        }
    }
    let session = Mutex::new(ready());
    drop(is_send(call(&session, Call::new(album()))));
}

#[test]
fn a_missing_scope_is_named() {
    let mut session = Session::resume(App::public("client"), granted("user-top-read"));
    let (_, exchange) = sent(Call::new(GetSavedTracks::new()).start(&mut session, later(0)));
    let body = r#"{"error":{"status":403,"message":"Insufficient client scope"}}"#;
    let refused = done(exchange.receive(answer(403, &[], body), &mut session, later(0)));
    let Err(Error::Api(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.forbidden(), Some(Forbidden::Scope));
    assert_eq!(error.missing_scopes().to_string(), "user-library-read");
}

/// Tokens of a user as they were stored.
fn granted(scope: &str) -> Tokens {
    let seconds =
        |after: u64| serde_json::json!({"secs_since_epoch": 1_790_000_000 + after, "nanos_since_epoch": 0});
    let tokens = serde_json::json!({
        "version": 1, "access_token": "first", "refresh_token": "again", "scope": scope,
        "issued_at": seconds(0), "expires_at": seconds(3600),
    });
    serde_json::from_value(tokens).expect("the stored form")
}

/// RFC 6749, the examples of sections 4.4.2, 4.1.3, 6 and 5.2.
#[test]
fn the_examples_of_rfc_6749_are_sent_and_read() {
    let app = || App::confidential("s6BhdRkqt3", "gX1fBat3bV");
    let mut session = Session::client_credentials(app());
    let (request, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    assert_eq!(authorization(&request), "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW");
    assert_eq!(request.body(), b"grant_type=client_credentials");
    let error = r#"{ "error":"invalid_request" }"#;
    let refused = done(exchange.receive(answer(400, &[], error), &mut session, later(0)));
    let Err(Error::Auth(AuthError::GrantRefused { code, .. })) = refused else { panic!("{refused:?}") };
    assert_eq!(code.as_str(), "invalid_request");

    let mut tokens = serde_json::to_value(granted("")).expect("plain data");
    tokens["refresh_token"] = "tGzv3JOkF0XG5Qx2TlKWIA".into();
    let mut session = Session::resume(app(), serde_json::from_value(tokens).expect("the stored form"));
    let (request, exchange) = sent(Call::new(album()).start(&mut session, later(3600)));
    assert_eq!(request.body(), b"grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA");
    let body = r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"example","expires_in":3600,
        "refresh_token":"tGzv3JOkF0XG5Qx2TlKWIB","example_parameter":"example_value"}"#;
    let Step::Save(tokens, _) = exchange.receive(answer(200, &[], body), &mut session, later(3600)) else {
        panic!("new tokens")
    };
    assert_eq!(tokens.access_token().expose(), "2YotnFZFEjr1zCsicMWpAA");
    assert_eq!(tokens.refresh_token().map(|token| token.expose()), Some("tGzv3JOkF0XG5Qx2TlKWIB"));
}
