//! Tests of token steps that are driven independently of the calls that need the token.

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
    Call::new(GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("expected an id")))
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
        step => panic!("expected a delay for a token, got {step:?}"),
    }
}

fn refresh_token(session: &Session) -> Option<&str> {
    session.tokens()?.refresh_token().map(|token| token.expose())
}

#[test]
fn the_next_call_after_a_dropped_token_exchange_returns_a_token_step_immediately() {
    let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
    let (exchange, waiting) = begin(&mut app, &mut session, at(0));
    let (delay, other) = token_wait(get().start(&mut app, &mut session, at(1)));
    assert!(delay <= Duration::from_millis(15), "{delay:?}");
    drop((exchange, waiting));
    let (exchange, _waiting) = begin(&mut app, &mut session, at(1));
    drop(exchange);
    let step = other.resume(&mut app, &mut session, at(2));
    assert!(matches!(step, Step::Authorize(TokenStep::Send(..), _)), "{step:?}");
}

#[test]
fn dropping_a_call_does_not_cancel_its_token_request() {
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
fn a_waiting_call_uses_the_token_within_10_ms_plus_a_tenth_of_the_requests_duration() {
    for millis in [0, 1, 7, 30, 100, 250, 1000, 7000, 59_000] {
        let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
        let (exchange, _waiting) = begin(&mut app, &mut session, at(0));
        let (mut now, mut step) = (at(0), get().start(&mut app, &mut session, at(0)));
        let (mut exchange, mut polls) = (Some(exchange), 0);
        let noticed = loop {
            let (delay, waiting) = token_wait(step);
            now += delay;
            polls += 1;
            if now >= at(millis) {
                if let Some(exchange) = exchange.take() {
                    let received = exchange.receive(token("a1", "r1"));
                    let _ = received.apply(&mut app, &mut session, at(millis)).expect("expected a response");
                }
            }
            step = waiting.resume(&mut app, &mut session, now);
            if !matches!(step, Step::Wait(..)) {
                break now;
            }
        };
        let late = noticed.duration_since(at(millis)).expect("later");
        println!("token request of {millis} ms: {polls} polls, resumed after another {late:?}");
        assert!(
            late <= Duration::from_millis(10 + millis / 10),
            "resumed {late:?} after a token request of {millis} ms"
        );
    }
}

#[test]
fn neither_the_retry_policy_nor_a_rate_limit_restricts_the_wait_for_a_token() {
    let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
    let (exchange, _waiting) = begin(&mut app, &mut session, at(0));
    let (mut now, mut step) = (at(0), get().start(&mut app, &mut session, at(0)));
    // `RetryPolicy::never` does not allow any delays.
    while now < at(100_000) {
        let (delay, waiting) = token_wait(step);
        now += delay;
        step = waiting.resume(&mut app, &mut session, now);
    }
    let _ =
        exchange.receive(token("a1", "r1")).apply(&mut app, &mut session, now).expect("expected a response");
    let (_, waiting) = token_wait(step);
    assert!(matches!(waiting.resume(&mut app, &mut session, now), Step::Authorize(TokenStep::Save(..), _)));
}

#[test]
fn a_failed_token_request_ends_the_call_with_the_same_error() {
    let (mut app, mut session) =
        (app().with_retry_policy(RetryPolicy::new()), Session::from_refresh_token("r0"));
    let (mut now, mut step) = (at(0), get().start(&mut app, &mut session, at(0)));
    let error = loop {
        step = match step {
            Step::Authorize(TokenStep::Send(_, exchange), waiting) => {
                let outage = Ok::<_, ()>(Response::builder().status(503).body("").expect("valid parts"));
                let _ =
                    exchange.receive(outage).apply(&mut app, &mut session, now).expect("expected a response");
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
    assert!(matches!(error, Error::Auth(AuthError::UnexpectedResponse { .. })), "{error:?}");
}

#[test]
fn a_step_with_the_wrong_session_changes_nothing() {
    let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
    let mut other = Session::from_refresh_token("s0");
    let (exchange, waiting) = begin(&mut app, &mut session, at(0));
    let step = waiting.resume(&mut app, &mut other, at(1));
    assert!(matches!(step, Step::Done(Err(Error::ForeignState))), "{step:?}");
    let step = exchange.receive(token("a1", "r1")).apply(&mut app, &mut other, at(1));
    assert!(matches!(step, Ok(TokenStep::Done(Err(Error::ForeignState)))), "{step:?}");
    assert_eq!((refresh_token(&other), other.state(at(2))), (Some("s0"), SessionState::NeedsToken));

    let mut ready = Session::from_access_token("a");
    let Step::Send(_, exchange) = get().start(&mut app, &mut ready, at(0)) else { panic!() };
    let limited = Response::builder().status(429).header("retry-after", "9").body("").expect("valid parts");
    let step = exchange.receive(Ok::<_, ()>(limited), at(1)).apply(&mut app, &mut other, at(1));
    assert!(matches!(step, Ok(Step::Done(Err(Error::ForeignState)))), "{step:?}");
    assert_eq!(app.rate_limiter().delay("/v1/albums/{id}", at(1)), None, "no limit should apply");
    let mut another = App::public("client");
    let Step::Send(_, exchange) = get().start(&mut app, &mut ready, at(2)) else { panic!() };
    let step = exchange.receive(Err::<Response<&str>, _>(()), at(3)).apply(&mut another, &mut ready, at(3));
    assert!(matches!(step, Ok(Step::Done(Err(Error::ForeignState)))), "{step:?}");
}

#[test]
fn a_reloaded_session_accepts_the_rotated_refresh_token() {
    let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
    let (exchange, _waiting) = begin(&mut app, &mut session, at(0));
    let mut session = Session::from_refresh_token("r0");
    let step = exchange.receive(token("a1", "r1")).apply(&mut app, &mut session, at(1));
    assert!(matches!(step, Ok(TokenStep::Save(..))), "{step:?}");
    assert_eq!(refresh_token(&session), Some("r1"));
}

/// Returns two token requests with the same refresh token, the second of which is sent because the first takes too
/// long.
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
    assert!(matches!(step, Ok(TokenStep::Done(Ok(())))), "{step:?}");
    assert_eq!(refresh_token(&session), Some("r2"), "the newer refresh token should not be replaced");
}

#[test]
fn a_late_response_that_rotates_the_current_refresh_token_is_used() {
    let (mut app, mut session) = (app(), Session::from_refresh_token("r0"));
    let (first, second) = overtaken(&mut app, &mut session);
    let no_rotation = Ok::<_, ()>(Response::new(r#"{"access_token":"a1","expires_in":3600}"#));
    let step = first.receive(no_rotation).apply(&mut app, &mut session, at(121_100));
    let Ok(TokenStep::Save(_, saving)) = step else { panic!("{step:?}") };
    let _ = saving.saved(&mut app, &mut session, at(121_200));
    // The server has accepted the same refresh token again and rotated it to `r1`.
    let step = second.receive(token("a2", "r1")).apply(&mut app, &mut session, at(122_000));
    assert!(matches!(step, Ok(TokenStep::Save(..))), "{step:?}");
    assert_eq!(refresh_token(&session), Some("r1"));
}

#[test]
fn an_unsaved_refresh_token_survives_the_rejection_of_its_access_token() {
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
    assert!(!session.adopt_tokens(stored), "older tokens must not replace the only valid refresh token");
    assert_eq!(refresh_token(&session), Some("r1"));
    drop(saving);
}
