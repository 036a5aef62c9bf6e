//! Tokens that another process got: when they are taken, and what a call does with them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Request, Response};
use serde_json::json;
use spotify_proto::api::GetAlbum;
use spotify_proto::{AlbumId, App, Call, Error, Exchange, Session, Step, Tokens};

fn later(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000 + seconds)
}

fn session() -> Session {
    Session::client_credentials(App::confidential("client", "s3cret"))
}

/// Tokens as a store gives them back.
fn stored(access_token: &str, issued_at: SystemTime, refresh_token: Option<&str>) -> Tokens {
    let mut form = json!({
        "version": 1,
        "access_token": access_token,
        "issued_at": issued_at,
        "expires_at": issued_at + Duration::from_secs(3600),
    });
    if let Some(token) = refresh_token {
        form["refresh_token"] = token.into();
    }
    serde_json::from_value(form).expect("the stored form")
}

fn token_answer(access_token: &str) -> Response<String> {
    Response::new(json!({"access_token": access_token, "expires_in": 3600}).to_string())
}

fn answer(status: u16) -> Response<&'static str> {
    Response::builder().status(status).body("").expect("valid parts")
}

type Sent = (Request<Vec<u8>>, Exchange<<GetAlbum as spotify_proto::Endpoint>::Output>);

#[track_caller]
fn sent(step: Step<<GetAlbum as spotify_proto::Endpoint>::Output>) -> Sent {
    match step {
        Step::Send(request, exchange) => (request, exchange),
        other => panic!("expected a request, got {other:?}"),
    }
}

#[track_caller]
fn start(session: &mut Session, now: SystemTime) -> Sent {
    let album = GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("an id"));
    sent(Call::new(album).start(session, now))
}

fn authorization(request: &Request<Vec<u8>>) -> &str {
    request.headers()["authorization"].to_str().expect("text")
}

fn is_for_token(request: &Request<Vec<u8>>) -> bool {
    request.uri().path() == "/api/token"
}

#[test]
fn adopted_tokens_are_used_and_need_no_saving() {
    let mut session = session();
    assert!(session.adopt(stored("theirs", later(0), None)));
    let (request, _) = start(&mut session, later(1));
    assert_eq!(authorization(&request), "Bearer theirs");
    assert_eq!(session.tokens().map(|tokens| tokens.access_token().expose()), Some("theirs"));
}

#[test]
fn a_token_request_is_given_up_for_tokens_that_came_meanwhile() {
    let mut session = session();
    let (request, exchange) = start(&mut session, later(0));
    assert!(is_for_token(&request));
    assert!(session.adopt(stored("theirs", later(0), None)));
    let (request, exchange) = sent(exchange.lost(&mut session, later(1)).expect("it goes on"));
    assert_eq!(authorization(&request), "Bearer theirs");

    // Nobody waits for the request that was given up, or because of it.
    let (request, _) = sent(exchange.receive(answer(401), &mut session, later(1)));
    assert!(is_for_token(&request), "{request:?}");
}

#[test]
fn a_refused_token_does_not_come_back_from_the_store() {
    let mut session = session();
    let first = || stored("first", later(0), None);
    assert!(session.adopt(first()));
    let (_, exchange) = start(&mut session, later(1));
    let (request, exchange) = sent(exchange.receive(answer(401), &mut session, later(2)));
    assert!(is_for_token(&request));
    assert!(!session.adopt(first()), "it is the one that was refused");
    assert!(!session.adopt(stored("older", later(0) - Duration::from_secs(9), None)));

    // The one that another process got after the same refusal is taken.
    assert!(session.adopt(stored("second", later(2), None)));
    let (request, exchange) = sent(exchange.lost(&mut session, later(3)).expect("it goes on"));
    assert_eq!(authorization(&request), "Bearer second");
    assert!(matches!(exchange.receive(answer(401), &mut session, later(4)), Step::Done(Err(Error::Auth(_)))));
}

#[test]
fn older_tokens_do_not_replace_newer_ones() {
    let mut session = session();
    assert!(session.adopt(stored("newer", later(10), None)));
    assert!(!session.adopt(stored("older", later(9), None)));
    let (request, _) = start(&mut session, later(11));
    assert_eq!(authorization(&request), "Bearer newer");
}

#[test]
fn a_fixed_token_stays() {
    let mut session = Session::fixed("fixed");
    assert!(!session.adopt(stored("theirs", later(0), None)));
    assert_eq!(authorization(&start(&mut session, later(0)).0), "Bearer fixed");
}

#[test]
fn a_login_goes_on_from_the_adopted_refresh_token() {
    let mut session = Session::resume(App::public("client"), stored("old", later(0), Some("refresh-1")));
    let (request, exchange) = start(&mut session, later(4000));
    assert!(String::from_utf8_lossy(request.body()).contains("refresh-1"));
    // Another process was faster, and the server gave it another refresh token.
    assert!(session.adopt(stored("new", later(4000), Some("refresh-2"))));
    let (request, _) = sent(exchange.lost(&mut session, later(4001)).expect("it goes on"));
    assert_eq!(authorization(&request), "Bearer new");
    let (request, _) = start(&mut session, later(8000));
    assert!(String::from_utf8_lossy(request.body()).contains("refresh-2"));
}

#[test]
fn a_late_save_of_older_tokens_is_mended() {
    let mut session = session();
    let (_, exchange) = start(&mut session, later(0));
    let Step::Save(own, pause) = exchange.receive(token_answer("own"), &mut session, later(0)) else {
        panic!("a new token")
    };
    assert!(session.adopt(stored("theirs", later(1), None)));
    // The store now has `own`, written over `theirs`.
    assert_eq!(own.access_token().expose(), "own");
    let Step::Save(again, pause) = pause.resume(&mut session, later(2)) else { panic!("to be saved again") };
    assert_eq!(again.access_token().expose(), "theirs");
    let (request, _) = sent(pause.resume(&mut session, later(2)));
    assert_eq!(authorization(&request), "Bearer theirs");
}
