//! Token steps apart from the calls that need the token.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::Response;
use spotify_proto::api::GetAlbum;
use spotify_proto::model::Album;
use spotify_proto::{
    AlbumId, App, AuthError, Call, Delay, Error, RetryPolicy, Session, SessionState, Step, TokenExchange,
    TokenStep, WaitReason, Waiting,
};

fn at(millis: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000) + Duration::from_millis(millis)
}

fn get() -> Call<Album> {
    Call::new(GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("an id")))
}

fn app() -> App {
    App::public("client").with_retry_policy(RetryPolicy::never()).with_jitter(3)
}

fn token(name: &str, refresh: &str) -> Result<Response<String>, ()> {
    Ok(Response::new(format!(r#"{{"access_token":"{name}","expires_in":3600,"refresh_token":"{refresh}"}}"#)))
}

fn begin(app: &mut App, session: &mut Session, now: SystemTime) -> (TokenExchange, Waiting<Album>) {
    match get().start(app, session, now) {
        Step::Authorize(TokenStep::Send(_, exchange), waiting) => (exchange, waiting),
        step => panic!("expected a token request, got {step:?}"),
    }
}

fn token_wait(step: Step<Album>) -> (Duration, Waiting<Album>) {
    match step {
        Step::Wait(Delay { duration, reason: WaitReason::Token, .. }, waiting) => (duration, waiting),
        step => panic!("expected a wait for a token, got {step:?}"),
    }
}

fn refresh_token(session: &Session) -> Option<&str> {
    session.tokens()?.refresh_token().map(|token| token.expose())
}

#[test]
fn after_a_dropped_token_exchange_the_next_call_gets_a_token_step_at_once() {
    let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
    let (exchange, waiting) = begin(&mut app, &mut session, at(0));
    let (delay, other) = token_wait(get().start(&mut app, &mut session, at(1)));
    assert!(delay <= Duration::from_millis(15), "(12) {delay:?}");
    drop((exchange, waiting));
    let (exchange, _waiting) = begin(&mut app, &mut session, at(1));
    drop(exchange);
    let step = other.resume(&mut app, &mut session, at(2));
    assert!(matches!(step, Step::Authorize(TokenStep::Send(..), _)), "(12) {step:?}");
}

#[test]
fn dropping_a_call_does_not_end_its_token_request() {
    let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
    let (exchange, waiting) = begin(&mut app, &mut session, at(0));
    drop(waiting);
    let received = exchange.receive(token("a1", "r1"));
    let Ok(TokenStep::Save(_, saving)) = received.apply(&mut app, &mut session, at(100)) else { panic!() };
    assert_eq!(refresh_token(&session), Some("r1"));
    assert!(matches!(saving.saved(&mut app, &mut session, at(101)), TokenStep::Done(Ok(()))));
    assert!(matches!(get().start(&mut app, &mut session, at(102)), Step::Send(..)));
}

#[test]
fn a_waiting_call_learns_of_the_token_within_10_ms_and_a_tenth_of_the_request() {
    for millis in [0, 1, 7, 30, 100, 250, 1000, 7000, 59_000] {
        let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
        let (exchange, _waiting) = begin(&mut app, &mut session, at(0));
        let (mut now, mut step) = (at(0), get().start(&mut app, &mut session, at(0)));
        let (mut exchange, mut polls) = (Some(exchange), 0);
        let learned = loop {
            let (delay, waiting) = token_wait(step);
            now += delay;
            polls += 1;
            if now >= at(millis) {
                if let Some(exchange) = exchange.take() {
                    let received = exchange.receive(token("a1", "r1"));
                    let _ = received.apply(&mut app, &mut session, at(millis)).expect("a response");
                }
            }
            step = waiting.resume(&mut app, &mut session, now);
            if !matches!(step, Step::Wait(..)) {
                break now;
            }
        };
        let late = learned.duration_since(at(millis)).expect("later");
        println!("a token request of {millis} ms: {polls} polls, learned {late:?} after it");
        assert!(late <= Duration::from_millis(10 + millis / 10), "(14) {late:?} after {millis} ms");
    }
}

#[test]
fn waiting_for_a_token_is_neither_bounded_by_the_policy_nor_a_rate_limit() {
    let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
    let (exchange, _waiting) = begin(&mut app, &mut session, at(0));
    let (mut now, mut step) = (at(0), get().start(&mut app, &mut session, at(0)));
    // `RetryPolicy::never` allows no delay at all.
    while now < at(100_000) {
        let (delay, waiting) = token_wait(step);
        now += delay;
        step = waiting.resume(&mut app, &mut session, now);
    }
    let _ = exchange.receive(token("a1", "r1")).apply(&mut app, &mut session, now).expect("a response");
    let (_, waiting) = token_wait(step);
    assert!(matches!(waiting.resume(&mut app, &mut session, now), Step::Authorize(TokenStep::Save(..), _)));
}

#[test]
fn failing_token_requests_end_a_call_with_their_own_error() {
    let (mut app, mut session) =
        (app().with_retry_policy(RetryPolicy::new()), Session::from_refresh_token("r0"));
    let (mut now, mut step) = (at(0), get().start(&mut app, &mut session, at(0)));
    let error = loop {
        step = match step {
            Step::Authorize(TokenStep::Send(_, exchange), waiting) => {
                let outage = Ok::<_, ()>(Response::builder().status(503).body("").expect("valid parts"));
                let _ = exchange.receive(outage).apply(&mut app, &mut session, now).expect("a response");
                waiting.resume(&mut app, &mut session, now)
            }
            Step::Wait(delay, waiting) => {
                assert_eq!(delay.reason, WaitReason::Token);
                now += delay.duration;
                waiting.resume(&mut app, &mut session, now)
            }
            Step::Done(Err(error)) => break error,
            step => panic!("{step:?}"),
        };
    };
    assert!(matches!(error, Error::Auth(AuthError::UnexpectedResponse { .. })), "(13) {error:?}");
}

#[test]
fn a_step_that_is_given_another_session_changes_nothing() {
    let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
    let mut other = Session::from_refresh_token("s0");
    let (exchange, waiting) = begin(&mut app, &mut session, at(0));
    let step = waiting.resume(&mut app, &mut other, at(1));
    assert!(matches!(step, Step::Done(Err(Error::ForeignState))), "(16) {step:?}");
    let step = exchange.receive(token("a1", "r1")).apply(&mut app, &mut other, at(1));
    assert!(matches!(step, Ok(TokenStep::Done(Err(Error::ForeignState)))), "(16) {step:?}");
    assert_eq!((refresh_token(&other), other.state(at(2))), (Some("s0"), SessionState::NeedsToken));

    let mut ready = Session::from_access_token("a");
    let Step::Send(_, exchange) = get().start(&mut app, &mut ready, at(0)) else { panic!() };
    let limited = Response::builder().status(429).header("retry-after", "9").body("").expect("valid parts");
    let step = exchange.receive(Ok::<_, ()>(limited), at(1)).apply(&mut app, &mut other, at(1));
    assert!(matches!(step, Ok(Step::Done(Err(Error::ForeignState)))), "(16) {step:?}");
    assert_eq!(app.rate_limiter().delay("/v1/albums/{id}", at(1)), None, "(16) it was applied");
    let mut another = App::public("client");
    let Step::Send(_, exchange) = get().start(&mut app, &mut ready, at(2)) else { panic!() };
    let step = exchange.receive(Err::<Response<&str>, _>(()), at(3)).apply(&mut another, &mut ready, at(3));
    assert!(matches!(step, Ok(Step::Done(Err(Error::ForeignState)))), "(16) {step:?}");
}

#[test]
fn a_session_that_was_loaded_again_gets_the_rotated_refresh_token() {
    let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
    let (exchange, _waiting) = begin(&mut app, &mut session, at(0));
    let mut session = Session::from_refresh_token("r0");
    let step = exchange.receive(token("a1", "r1")).apply(&mut app, &mut session, at(1));
    assert!(matches!(step, Ok(TokenStep::Save(..))), "(15) {step:?}");
    assert_eq!(refresh_token(&session), Some("r1"));
}

/// Two requests with the same refresh token: the second one was sent because the first one was too old.
fn overtaken(app: &mut App, session: &mut Session) -> (TokenExchange, TokenExchange) {
    let (first, _waiting) = begin(app, session, at(0));
    let (second, _waiting) = begin(app, session, at(121_000));
    (first, second)
}

#[test]
fn a_late_response_does_not_replace_newer_tokens() {
    let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
    let (first, second) = overtaken(&mut app, &mut session);
    let step = second.receive(token("a2", "r2")).apply(&mut app, &mut session, at(121_100));
    let Ok(TokenStep::Save(_, saving)) = step else { panic!("{step:?}") };
    let _ = saving.saved(&mut app, &mut session, at(121_200));
    let step = first.receive(token("a1", "r1")).apply(&mut app, &mut session, at(122_000));
    assert!(matches!(step, Ok(TokenStep::Done(Ok(())))), "(22) {step:?}");
    assert_eq!(refresh_token(&session), Some("r2"), "(22) the late response has replaced it");
}

#[test]
fn a_late_response_that_replaces_the_refresh_token_in_force_is_kept() {
    let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
    let (first, second) = overtaken(&mut app, &mut session);
    let no_rotation = Ok::<_, ()>(Response::new(r#"{"access_token":"a1","expires_in":3600}"#));
    let step = first.receive(no_rotation).apply(&mut app, &mut session, at(121_100));
    let Ok(TokenStep::Save(_, saving)) = step else { panic!("{step:?}") };
    let _ = saving.saved(&mut app, &mut session, at(121_200));
    // The server took the refresh token once more and has replaced it by this one.
    let step = second.receive(token("a2", "r1")).apply(&mut app, &mut session, at(122_000));
    assert!(matches!(step, Ok(TokenStep::Save(..))), "(15) {step:?}");
    assert_eq!(refresh_token(&session), Some("r1"));
}

#[test]
fn a_rejected_access_token_does_not_cost_an_unsaved_refresh_token() {
    let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
    let stored = session.tokens().expect("tokens").clone();
    let (exchange, waiting) = begin(&mut app, &mut session, at(0));
    let step = exchange.receive(token("a1", "r1")).apply(&mut app, &mut session, at(1));
    let Ok(TokenStep::Save(_, saving)) = step else { panic!("{step:?}") };
    let Step::Send(_, exchange) = waiting.resume(&mut app, &mut session, at(3)) else { panic!() };
    let expired =
        Response::builder().status(401).header("www-authenticate", r#"Bearer error="invalid_token""#);
    let expired = expired.body("").expect("valid parts");
    let _ = exchange.receive(Ok::<_, ()>(expired), at(4)).apply(&mut app, &mut session, at(4));
    assert!(!session.adopt_tokens(stored), "(15) older tokens have replaced the only valid refresh token");
    assert_eq!(refresh_token(&session), Some("r1"));
    drop(saving);
}
