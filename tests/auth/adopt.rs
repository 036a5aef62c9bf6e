//! Tests of adopting tokens that were obtained by another process, with calls in flight.

use std::time::{Duration, SystemTime};

use http::Request;
use serde_json::json;
use spotify_proto::{App, Error, Exchange, Session, Step, Tokens};

use crate::support::{
    World, access_token, album, answer, authorization, body, done, ended, later, requests_token, rotated,
    saves, sent, token, user, world,
};

/// Returns tokens that are deserialized from version 1 of the stored form.
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
    serde_json::from_value(form).expect("stored tokens should be valid")
}

const EXPIRED: &[(&str, &str)] = &[("www-authenticate", r#"Bearer error="invalid_token""#)];

type Album = spotify_proto::model::Album;

#[track_caller]
fn start(world: &mut World, now: SystemTime) -> (Request<Vec<u8>>, Exchange<Album>) {
    let step = world.start(album(), now);
    sent(step)
}

#[test]
fn adopted_tokens_are_used_without_being_saved_again() {
    let mut world = world();
    assert!(world.session.adopt_tokens(stored("theirs", later(0), None)));
    assert!(!world.session.has_unsaved_tokens());
    let (request, _) = start(&mut world, later(1));
    assert_eq!(authorization(&request), "Bearer theirs");
    assert_eq!(world.session.tokens().and_then(access_token), Some("theirs"));
}

#[test]
fn a_token_request_that_is_lost_after_an_adoption_does_not_delay_calls() {
    let mut world = world();
    let (request, exchange, waiting) = requests_token(world.start(album(), later(0)));
    assert_eq!(request.uri().path(), "/api/token");
    assert!(world.session.adopt_tokens(stored("theirs", later(0), None)));
    world.lose_token(exchange, later(1));
    let (request, exchange) = sent(world.resume(waiting, later(1)));
    assert_eq!(authorization(&request), "Bearer theirs");

    // The session sends a new token request without waiting for the lost one.
    let (request, ..) = requests_token(world.receive(exchange, answer(401, EXPIRED, ""), later(1)));
    assert_eq!(request.uri().path(), "/api/token");
}

#[test]
fn a_rejected_token_is_not_adopted_again() {
    let mut world = world();
    let first = || stored("first", later(0), None);
    assert!(world.session.adopt_tokens(first()));
    let (_, exchange) = start(&mut world, later(1));
    let (_, exchange, waiting) = requests_token(world.receive(exchange, answer(401, EXPIRED, ""), later(2)));
    assert!(!world.session.adopt_tokens(first()), "a rejected token must not be adopted");

    // A token that another process obtained after the same rejection is adopted.
    assert!(world.session.adopt_tokens(stored("second", later(2), None)));
    world.lose_token(exchange, later(3));
    let (request, exchange) = sent(world.resume(waiting, later(3)));
    assert_eq!(authorization(&request), "Bearer second");
    let result = done(world.receive(exchange, answer(401, EXPIRED, ""), later(4)));
    assert!(matches!(result, Err(Error::Auth(_))), "{result:?}");
}

#[test]
fn after_a_rejection_any_different_tokens_are_adopted() {
    let mut world = world();
    assert!(world.session.adopt_tokens(stored("first", later(10), None)));
    let (_, exchange) = start(&mut world, later(11));
    drop(requests_token(world.receive(exchange, answer(401, EXPIRED, ""), later(12))));
    assert!(world.session.adopt_tokens(stored("of-a-slow-clock", later(5), None)));
    let (request, _) = start(&mut world, later(12));
    assert_eq!(authorization(&request), "Bearer of-a-slow-clock");
}

#[test]
fn older_tokens_do_not_replace_newer_tokens() {
    let mut world = world();
    assert!(world.session.adopt_tokens(stored("newer", later(10), None)));
    assert!(!world.session.adopt_tokens(stored("older", later(9), None)));
    let (request, _) = start(&mut world, later(11));
    assert_eq!(authorization(&request), "Bearer newer");
}

#[test]
fn a_session_from_an_access_token_does_not_adopt_tokens() {
    let mut world = World::fixed("given");
    assert!(!world.session.adopt_tokens(stored("theirs", later(0), None)));
    assert_eq!(authorization(&start(&mut world, later(0)).0), "Bearer given");
}

#[test]
fn an_adopted_refresh_token_is_used_in_the_next_token_request() {
    let mut world = user(stored("old", later(0), Some("refresh-1")));
    let (request, exchange, waiting) = requests_token(world.start(album(), later(4000)));
    assert!(body(&request).contains("refresh-1"));
    // Another process has already obtained a rotated refresh token.
    assert!(world.session.adopt_tokens(stored("new", later(4000), Some("refresh-2"))));
    world.lose_token(exchange, later(4001));
    let (request, _) = sent(world.resume(waiting, later(4001)));
    assert_eq!(authorization(&request), "Bearer new");
    let (request, ..) = requests_token(world.start(album(), later(8000)));
    assert!(body(&request).contains("refresh-2"));
}

#[test]
fn a_late_save_of_older_tokens_is_followed_by_a_save_of_the_newer_tokens() {
    let mut world = world();
    let (_, exchange, waiting) = requests_token(world.start(album(), later(0)));
    let (own, saving) = saves(world.receive_token(exchange, token("own"), later(0)));
    assert!(world.session.adopt_tokens(stored("theirs", later(1), None)));
    // The save has replaced `theirs` with `own` in the store.
    assert_eq!(access_token(&own), Some("own"));
    let (again, saving) = saves(world.saved(saving, later(2)));
    assert_eq!(access_token(&again), Some("theirs"));
    ended(world.saved(saving, later(2))).expect("the tokens should be saved");
    let (request, _) = sent(world.resume(waiting, later(2)));
    assert_eq!(authorization(&request), "Bearer theirs");
}

/// Returns the stored tokens after a login at `from` and after each of the `renewals`. `offset` returns the clock
/// error, in seconds, of the process that obtains the tokens with the given number.
fn logged_in(renewals: usize, from: SystemTime, offset: impl Fn(usize) -> i64) -> Vec<Tokens> {
    let clock = |number: usize| {
        let offset = offset(number);
        let now = from + Duration::from_secs(4000 * number as u64);
        let distance = Duration::from_secs(offset.unsigned_abs());
        if offset < 0 { now - distance } else { now + distance }
    };
    let mut all = Vec::new();
    let mut known = stored("a0", clock(0), Some("r0"));
    all.push(known.clone());
    for number in 1..=renewals {
        let mut world = World::new(App::public("client"), Session::from_tokens(known));
        let now = clock(number).max(later(0));
        // The stored token has expired according to the reader's clock, or the server rejects the token.
        let step = match world.start(album(), now) {
            Step::Send(_, exchange) => world.receive(exchange, answer(401, EXPIRED, ""), now),
            step => step,
        };
        let (_, exchange, _) = requests_token(step);
        let response = rotated(&format!("a{number}"), &format!("r{number}"));
        let (tokens, _) = saves(world.receive_token(exchange, response, now));
        known = tokens;
        all.push(known.clone());
    }
    all
}

#[test]
fn tokens_from_a_clock_that_was_ahead_are_replaced_by_newer_tokens() {
    // The clock of the second machine is a year ahead; the clock of the third machine is correct.
    let all = logged_in(2, later(0), |number| if number == 1 { 31_536_000 } else { 0 });
    let mut world = user(all[1].clone());
    assert!(world.session.adopt_tokens(all[2].clone()), "tokens that were issued later should be adopted");
    assert!(!world.session.adopt_tokens(all[1].clone()));
    assert_eq!(world.session.tokens().and_then(access_token), Some("a2"));
}

#[test]
fn one_wrong_clock_does_not_stop_other_processes_that_share_the_store() {
    for offset in [-1_000_000_i64, -3600, 3600, 1_000_000] {
        let all = logged_in(6, later(2_000_000), |number| if number % 3 == 1 { offset } else { 0 });
        // Sessions that started with either of the first tokens adopt the tokens of every renewal.
        for first in [0, 1] {
            let mut world = user(all[first].clone());
            for tokens in &all[first + 1..] {
                assert!(world.session.adopt_tokens(tokens.clone()), "clock off by {offset} s");
            }
            for tokens in &all {
                assert!(!world.session.adopt_tokens(tokens.clone()), "clock off by {offset} s");
            }
            assert_eq!(world.session.tokens().and_then(access_token), Some("a6"));
        }
    }
}
