//! Tests of obtaining, awaiting and saving tokens, as observed by calls.

use std::time::{Duration, SystemTime};

use spotify_proto::api::{GetCurrentlyPlaying, GetPlaybackState, GetSavedTracks, SkipToNext};
use spotify_proto::{
    App, AuthCode, AuthError, AuthorizationCode, Call, Error, Login, Origin, RetryPolicy, Scopes, Session,
    SessionState, Step, TokenStep, Tokens, WaitReason,
};

use crate::support::{
    World, access_token, album, answer, authorization, authorizes, body, delayed, done, ended, later, ready,
    refresh_token, requests_token, rotated, saves, sent, token, user, waits, world,
};

/// The header of a 401 response that rejects the access token.
const INVALID: &[(&str, &str)] = &[("www-authenticate", r#"Bearer error="invalid_token""#)];

const TOKEN_MISSING: &str = r#"{"error":{"status":401,"message":"Access token missing"}}"#;

/// Returns an authorization code after a user's consent.
fn code(scopes: &str) -> AuthorizationCode {
    let redirect = "http://127.0.0.1/cb".parse().expect("expected a redirect URI");
    let login = Login::new(&App::public("client"), redirect, Scopes::from(scopes), &[7; 32]);
    login.callback(&format!("code=AQ&state={}", login.state().expose())).expect("expected a code")
}

/// Makes a successful call and returns the `authorization` header of its request.
#[track_caller]
fn call_once(world: &mut World, now: SystemTime) -> String {
    let (request, exchange) = sent(world.start(album(), now));
    done(world.receive(exchange, answer(200, &[], r#"{"name":"Night Ferry"}"#), now))
        .expect("expected an album");
    authorization(&request).to_owned()
}

// ── sources of tokens ────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_session_can_be_created_from_tokens_in_every_third_party_format() {
    let response = br#"{"access_token":"BQx","token_type":"Bearer","expires_in":3600,"refresh_token":"AQx"}"#;
    let parts = Tokens::from_access_token("BQx", Some(later(3600)))
        .with_refresh_token("AQx")
        .with_scopes(Scopes::from("streaming"));
    let json = |text: &str| serde_json::from_str::<Tokens>(text).expect(text);
    for tokens in [
        Tokens::from_response(response, later(0)).expect("expected a token response"),
        parts,
        json(std::str::from_utf8(response).expect("UTF-8")),
        json(r#"{"access_token":"BQx","expires_at":1790003600,"refresh_token":"AQx","scope":"streaming"}"#),
    ] {
        let mut world = user(tokens.clone());
        assert_eq!(world.session.state(later(0)), SessionState::Ready, "{tokens:?}");
        assert_eq!(call_once(&mut world, later(0)), "Bearer BQx");
        assert_eq!(refresh_token(&tokens), Some("AQx"));
    }
    for tokens in [Tokens::from_refresh_token("AQx"), json(r#"{"refresh_token":"AQx"}"#)] {
        let mut world = user(tokens);
        assert_eq!(world.session.state(later(0)), SessionState::NeedsToken);
        let (step, waiting) = authorizes(world.start(album(), later(0)));
        let TokenStep::Send(request, exchange) = step else { panic!("{step:?}") };
        assert_eq!(body(&request), "grant_type=refresh_token&refresh_token=AQx&client_id=client");
        let (tokens, saving) = saves(world.receive_token(exchange, token("BQy"), later(0)));
        assert_eq!(
            refresh_token(&tokens),
            Some("AQx"),
            "a response without a refresh token keeps the old one"
        );
        ended(world.saved(saving, later(0))).expect("the tokens should be saved");
        let (request, _) = sent(world.resume(waiting, later(0)));
        assert_eq!(authorization(&request), "Bearer BQy");
    }
    assert!(Tokens::from_response(b"{}", later(0)).is_err());
}

#[test]
fn stored_tokens_round_trip_through_json_and_postcard() {
    let mut world = user(Tokens::from_refresh_token("AQx"));
    let (_, exchange, _) = requests_token(world.start(album(), later(0)));
    let (tokens, _) = saves(world.receive_token(exchange, rotated("BQy", "AQy"), later(0)));
    let json = serde_json::to_string(&tokens).expect("plain data");
    assert!(json.contains(r#""expires_at":1790003600000"#) && !json.contains("epoch"), "{json}");
    let bytes = postcard::to_stdvec(&tokens).expect("plain data");
    for read in [
        serde_json::from_str::<Tokens>(&json).expect("stored tokens"),
        postcard::from_bytes::<Tokens>(&bytes).expect("stored tokens"),
    ] {
        assert_eq!(serde_json::to_string(&read).expect("plain data"), json);
        assert_eq!(read.expires_at(), Some(later(3600)));
    }
}

#[test]
fn a_callback_matches_only_the_login_with_its_state() {
    let redirect = || "http://127.0.0.1/cb".parse().expect("expected a redirect URI");
    let app = App::public("client");
    let pending: std::collections::BTreeMap<String, Login> = [1, 2, 3]
        .map(|entropy| Login::new(&app, redirect(), Scopes::new(), &[entropy; 32]))
        .map(|login| (login.state().expose().to_owned(), login))
        .into();
    assert_eq!(pending.len(), 3);
    for (state, login) in &pending {
        assert!(login.url(&Origin::accounts()).contains(&format!("&state={state}")));
        let returned = format!("code=AQ&state={state}");
        let found = pending.iter().find(|(_, other)| other.callback(&returned).is_ok());
        assert_eq!(found.map(|(state, _)| state), Some(state));
    }
}

// ── dropped and lost token requests ──────────────────────────────────────────────────────────────────────────

#[test]
fn a_dropped_token_request_frees_the_session_immediately() {
    let mut world = world();
    let (step, _) = authorizes(world.start(album(), later(0)));
    assert_eq!(world.session.state(later(0)), SessionState::Requesting);
    let (delay, waiting) = delayed(world.start(album(), later(0)));
    assert_eq!(delay.reason, WaitReason::Token);
    drop(step);
    assert_eq!(world.session.state(later(0)), SessionState::NeedsToken);
    let (_, exchange, _) = requests_token(world.resume(waiting, later(0)));
    // Dropping the received response has the same effect.
    drop(exchange.receive(Ok::<_, ()>(token("unread"))));
    drop(requests_token(world.start(album(), later(0))));
}

#[test]
fn a_lost_token_request_delays_the_next_call_by_less_than_a_second() {
    for seed in 0..20 {
        let mut world = world().with_jitter(seed);
        let (_, exchange, first) = requests_token(world.start(album(), later(0)));
        world.lose_token(exchange, later(0));
        let mut now = later(0);
        let mut step = world.start(album(), now);
        if let Step::Wait(delay, waiting) = step {
            assert_eq!(delay.reason, WaitReason::Token);
            assert!(delay.duration < Duration::from_secs(1), "{delay:?}");
            now += delay.duration;
            step = world.resume(waiting, now);
        }
        let step = world.authorized(step, "first", now);
        drop(sent(step));
        drop(sent(world.resume(first, now)));
    }
}

#[test]
fn a_get_whose_response_was_lost_is_sent_again() {
    let mut world = World::fixed("BQ");
    let (_, exchange) = sent(world.start(album(), later(0)));
    let (delay, waiting) = delayed(world.lose(exchange, later(0)).expect("the call should be retried"));
    assert_eq!(delay.reason, WaitReason::Backoff);
    let (_, exchange) = sent(world.resume(waiting, later(0) + delay.duration));
    assert_eq!(exchange.info().attempt, 2);
    done(world.receive(exchange, answer(200, &[], r#"{"name":"x"}"#), later(1))).expect("expected an album");
}

#[test]
fn waiting_for_a_token_is_not_limited_by_the_retry_policy() {
    let mut world = world().with_retry_policy(RetryPolicy::never());
    let (step, first) = authorizes(world.start(album(), later(0)));
    let mut all: Vec<_> = (0..20).map(|_| waits(world.start(album(), later(0))).1).collect();
    // The token request takes 10 seconds, during which all calls poll every 500 ms.
    let mut now = later(0);
    while now < later(10) {
        now += Duration::from_millis(500);
        let still_waiting = all.into_iter().map(|waiting| {
            let (delay, waiting) = delayed(world.resume(waiting, now));
            assert_eq!(delay.reason, WaitReason::Token);
            let tenth = now.duration_since(later(0)).expect("later") / 10;
            assert!(delay.duration <= tenth + Duration::from_millis(10), "{delay:?}");
            waiting
        });
        all = still_waiting.collect();
    }
    world.authorize(step, &token("first"), now).expect("the token response should be valid");
    for waiting in all.into_iter().chain([first]) {
        let (request, _) = sent(world.resume(waiting, now));
        assert_eq!(authorization(&request), "Bearer first");
    }
}

#[test]
fn a_call_ends_after_three_failed_token_requests() {
    let mut world = world();
    let (mut now, mut requests) = (later(0), 0);
    let mut step = world.start(album(), now);
    let error = loop {
        step = match step {
            Step::Authorize(token_step, waiting) => {
                requests += 1;
                world
                    .authorize(token_step, &answer(503, &[], ""), now)
                    .expect_err("an outage should be an error");
                world.resume(waiting, now)
            }
            Step::Wait(delay, waiting) => {
                now += delay.duration;
                world.resume(waiting, now)
            }
            other => break done(other).expect_err("expected no token"),
        }
    };
    assert_eq!(requests, 3);
    assert!(matches!(error, Error::Auth(AuthError::UnexpectedResponse { .. })), "{error:?}");
    assert!(error.is_transient());
}

// ── 401 responses ────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_error_for_a_missing_scope_contains_the_scope_and_the_token_stays_valid() {
    let granted = r#"{"access_token":"BQ","expires_in":3600,"refresh_token":"AQ","scope":"user-read-currently-playing"}"#;
    let mut world =
        World::new(App::public("client"), Session::from_code(code("user-read-currently-playing")));
    let (step, waiting) = authorizes(world.start(GetCurrentlyPlaying::new(), later(0)));
    world.authorize(step, &answer(200, &[], granted), later(0)).expect("tokens");
    let (_, exchange) = sent(world.resume(waiting, later(0)));
    done(world.receive(exchange, answer(204, &[], ""), later(0))).expect("expected no content");

    let missing = r#"{"error":{"status":401,"message":"Permissions missing"}}"#;
    for now in [later(1), later(100)] {
        let (request, exchange) = sent(world.start(GetPlaybackState::new(), now));
        assert_eq!(authorization(&request), "Bearer BQ");
        let result = done(world.receive(exchange, answer(401, &[], missing), now));
        let Err(Error::Scope(error)) = result else { panic!("{result:?}") };
        assert_eq!(error.missing().to_string(), "user-read-playback-state");
        assert_eq!(error.status().as_u16(), 401);
        assert!(!Error::from(error).is_transient());
    }
    let (request, exchange) = sent(world.start(GetCurrentlyPlaying::new(), later(101)));
    assert_eq!(authorization(&request), "Bearer BQ", "the token should still be used");
    done(world.receive(exchange, answer(204, &[], ""), later(101))).expect("expected no content");
}

#[test]
fn a_missing_scope_is_detected_from_the_response_if_the_granted_scopes_are_unknown() {
    let challenge = [("www-authenticate", r#"Bearer error="insufficient_scope""#)];
    let message = r#"{"error":{"status":401,"message":"Permissions missing"}}"#;
    for (status, headers, text) in [
        (401, &[][..], message),
        (401, &challenge, ""),
        (403, &[], r#"{"error":{"status":403,"message":"Insufficient client scope"}}"#),
    ] {
        let mut world = World::fixed("BQ");
        let (_, exchange) = sent(world.start(GetPlaybackState::new(), later(0)));
        let result = done(world.receive(exchange, answer(status, headers, text), later(0)));
        let Err(Error::Scope(error)) = result else { panic!("{status} {text}: {result:?}") };
        assert_eq!(error.missing().to_string(), "user-read-playback-state");
        assert_eq!(
            world.session.state(later(0)),
            SessionState::Ready,
            "the token should not count as rejected"
        );
    }
}

#[test]
fn a_401_that_does_not_reject_the_token_is_transient() {
    let mut world = user(Tokens::from_refresh_token("AQ"));
    let (step, waiting) = authorizes(world.start(GetSavedTracks::new(), later(0)));
    world.authorize(step, &rotated("first", "AQ"), later(0)).expect("tokens");
    drop(sent(world.resume(waiting, later(0))));
    for call in 0..5_u64 {
        let mut now = later(3 * call);
        let (_, exchange) = sent(world.start(GetSavedTracks::new(), now));
        // The request is sent again after a delay of one to two seconds.
        let (delay, waiting) = delayed(world.receive(exchange, answer(401, &[], TOKEN_MISSING), now));
        assert!(delay.duration >= Duration::from_secs(1) && delay.duration <= Duration::from_secs(2));
        now += delay.duration;
        let (request, exchange) = sent(world.resume(waiting, now));
        assert_eq!(authorization(&request), "Bearer first");
        let error = done(world.receive(exchange, answer(401, &[], TOKEN_MISSING), now))
            .expect_err("the second 401 should be an error");
        assert!(error.is_transient(), "{error:?}");
        assert!(matches!(error, Error::Auth(AuthError::TokenRejected { .. })), "{error:?}");
    }
    assert_eq!(world.session.state(later(15)), SessionState::Ready);
}

#[test]
fn token_requests_are_spaced_out_if_every_token_is_rejected() {
    let mut world = world();
    let (mut requests, mut sends) = (Vec::new(), 0);
    for call in 0..600_u64 {
        let now = later(call);
        let (mut step, before) = (world.start(album(), now), requests.len());
        let error = loop {
            step = match step {
                Step::Authorize(token_step, waiting) => {
                    requests.push(call);
                    world
                        .authorize(token_step, &token(&format!("t{call}")), now)
                        .expect("the token response should be valid");
                    world.resume(waiting, now)
                }
                Step::Send(_, exchange) => {
                    sends += 1;
                    world.receive(exchange, answer(401, INVALID, ""), now)
                }
                other => break done(other).expect_err("a rejected token should be an error"),
            }
        };
        assert!(matches!(error, Error::Auth(AuthError::TokenRejected { .. })), "{error:?}");
        let limit = if call == 0 { 2 } else { 1 };
        assert!(requests.len() - before <= limit, "too many token requests by call {call}");
    }
    // After the first rejections, token requests are at least a minute apart.
    assert!(requests.len() < 20 && sends < 30, "{} token requests and {sends} API requests", requests.len());
    let apart = requests.windows(2).skip(7).map(|pair| pair[1] - pair[0]);
    assert!(apart.clone().all(|seconds| seconds >= 60), "{:?}", apart.collect::<Vec<_>>());
}

#[test]
fn a_session_without_a_user_does_not_send_operations_that_need_a_user() {
    let mut world = ready();
    for error in [
        done(world.start(GetSavedTracks::new(), later(0)))
            .map(drop)
            .expect_err("an operation that needs a user should be refused"),
        done(world.start(SkipToNext::new(), later(0)))
            .map(drop)
            .expect_err("an operation that needs a user should be refused"),
    ] {
        let Error::Auth(AuthError::UserRequired { operation }) = error else { panic!("{error:?}") };
        assert!(["get-users-saved-tracks", "skip-users-playback-to-next-track"].contains(&operation));
    }
    let mut without_token = crate::support::world();
    let result = done(without_token.start(GetSavedTracks::new(), later(0)));
    assert!(matches!(result, Err(Error::Auth(AuthError::UserRequired { .. }))), "{result:?}");
}

// ── rejections by the accounts service ───────────────────────────────────────────────────────────────────────

#[test]
fn only_a_rejection_by_the_accounts_service_ends_a_session_until_the_next_login() {
    let mut world = user(Tokens::from_refresh_token("AQ"));
    let mut now = later(0);
    for (status, text) in [
        (403, r#"{"error":"Forbidden"}"#),
        (404, "<html>"),
        (408, ""),
        (413, r#"{"error":"invalid_request"}"#),
        (403, r#"{"error":"invalid_grant"}"#),
    ] {
        now += Duration::from_secs(60);
        let (step, _) = authorizes(world.start(album(), now));
        let error = world.authorize(step, &answer(status, &[], text), now).expect_err(text);
        assert!(error.is_transient(), "{status} {text}: {error:?}");
        assert_eq!(world.session.state(now), SessionState::NeedsToken, "{status} {text}");
        assert_eq!(world.session.tokens().and_then(refresh_token), Some("AQ"));
    }
    now += Duration::from_secs(60);
    let (step, _) = authorizes(world.start(album(), now));
    let refused =
        answer(400, &[], r#"{"error":"invalid_grant","error_description":"Refresh token revoked"}"#);
    world.authorize(step, &refused, now).expect_err("a revoked refresh token should be refused");
    let SessionState::Ended(AuthError::GrantRejected { code, .. }) = world.session.state(now) else {
        panic!("{:?}", world.session.state(now))
    };
    assert_eq!(code, AuthCode::InvalidGrant);
    done(world.start(album(), now)).expect_err("the session should have ended");

    world.session.log_in(self::code("streaming"));
    assert_eq!(world.session.state(now), SessionState::NeedsToken);
    let (request, exchange, waiting) = requests_token(world.start(album(), now));
    assert!(body(&request).starts_with("grant_type=authorization_code"));
    world.authorize(TokenStep::Send(request, exchange), &rotated("BQnew", "AQnew"), now).expect("tokens");
    let (request, _) = sent(world.resume(waiting, now));
    assert_eq!(authorization(&request), "Bearer BQnew");
    assert_eq!(world.session.state(now), SessionState::Ready);
}

#[test]
fn a_token_response_for_a_previous_login_is_dropped() {
    let mut world = user(Tokens::from_refresh_token("AQold"));
    let (_, old, waiting) = requests_token(world.start(album(), later(0)));
    world.session.log_in(code("streaming"));
    let (_, exchange, _) = requests_token(world.start(album(), later(0)));
    let (_, saving) = saves(world.receive_token(exchange, rotated("BQnew", "AQnew"), later(1)));
    ended(world.saved(saving, later(1))).expect("the tokens should be saved");
    ended(world.receive_token(old, rotated("BQold", "AQolder"), later(2)))
        .expect("the response should be dropped");
    assert_eq!(world.session.tokens().and_then(refresh_token), Some("AQnew"));
    assert!(!world.session.has_unsaved_tokens());
    drop(sent(world.resume(waiting, later(2))));

    // The response is also dropped if it arrives before the first token response of the new login.
    let mut world = user(Tokens::from_refresh_token("AQold"));
    let (_, old, _) = requests_token(world.start(album(), later(0)));
    world.session.log_in(code("streaming"));
    ended(world.receive_token(old, rotated("BQold", "AQolder"), later(2)))
        .expect("the response should be dropped");
    assert!(world.session.tokens().is_none());
    let (request, ..) = requests_token(world.start(album(), later(2)));
    assert!(body(&request).starts_with("grant_type=authorization_code"));
}

#[test]
fn a_late_token_response_is_used_if_the_newer_tokens_were_rejected() {
    let mut world = user(Tokens::from_refresh_token("AQ"));
    let (_, late, _) = requests_token(world.start(album(), later(0)));
    let (_, second, waiting) = requests_token(world.start(album(), later(120)));
    let (_, saving) = saves(world.receive_token(second, token("second"), later(121)));
    ended(world.saved(saving, later(121))).expect("the tokens should be saved");
    // The server has rotated the refresh token for the first request, so it rejects the access token from the second.
    let (_, exchange) = sent(world.resume(waiting, later(122)));
    drop(requests_token(world.receive(exchange, answer(401, INVALID, ""), later(122))));
    let (tokens, _) = saves(world.receive_token(late, rotated("first", "AQnew"), later(123)));
    assert_eq!((access_token(&tokens), refresh_token(&tokens)), (Some("first"), Some("AQnew")));
}

// ── saving ───────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn tokens_whose_save_was_dropped_are_returned_for_saving_again() {
    let mut world = user(Tokens::from_refresh_token("AQ"));
    assert!(!world.session.has_unsaved_tokens());
    let (_, exchange, waiting) = requests_token(world.start(album(), later(0)));
    let (_, saving) = saves(world.receive_token(exchange, rotated("BQnew", "AQnew"), later(0)));
    assert!(world.session.has_unsaved_tokens());
    // Calls use the access token while it is being saved.
    drop(sent(world.start(album(), later(0))));
    drop(saving);
    let (step, waiting) = authorizes(world.resume(waiting, later(0)));
    let (tokens, saving) = saves(step);
    assert_eq!(refresh_token(&tokens), Some("AQnew"));
    drop(saving);
    // If the store keeps failing, saves become less frequent, and calls continue in the meantime.
    let (request, _) = sent(world.resume(waiting, later(0)));
    assert_eq!(authorization(&request), "Bearer BQnew");
    let (step, _) = authorizes(world.start(album(), later(2)));
    let (_, saving) = saves(step);
    // An unsaved refresh token must be saved before it is sent.
    drop(saving);
    let mut now = later(4000);
    let (step, waiting) = authorizes(world.start(album(), now));
    drop(saves(step));
    let (delay, waiting) = delayed(world.resume(waiting, now));
    assert_eq!(delay.reason, WaitReason::Token);
    now += delay.duration;
    let (step, waiting) = authorizes(world.resume(waiting, now));
    let (_, saving) = saves(step);
    ended(world.saved(saving, now)).expect("the tokens should be saved");
    assert!(!world.session.has_unsaved_tokens());
    let (request, ..) = requests_token(world.resume(waiting, now));
    assert!(body(&request).contains("refresh_token=AQnew"));
}

// ── wrong session or application
// ─────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_step_with_the_wrong_session_or_application_sends_nothing() {
    fn is_foreign<T: std::fmt::Debug>(step: Step<T>) -> bool {
        matches!(done(step), Err(Error::ForeignState))
    }
    let new = || (ready(), ready());
    // Each function swaps the session, the application, or both with those of another environment.
    type Mix = fn(&mut World, &mut World);
    let mixes: [Mix; 3] = [
        |one, other| std::mem::swap(&mut one.session, &mut other.session),
        |one, other| std::mem::swap(&mut one.app, &mut other.app),
        |one, other| std::mem::swap(one, other),
    ];
    for mix in mixes {
        let (mut world, mut other) = new();
        world.limiter().block_all(Duration::from_secs(1), later(0));
        let (_, waiting) = waits(world.start(album(), later(0)));
        mix(&mut world, &mut other);
        assert!(is_foreign(world.resume(waiting, later(9))));

        let (mut world, mut other) = new();
        let (_, exchange) = sent(world.start(album(), later(0)));
        mix(&mut world, &mut other);
        assert!(is_foreign(world.receive(exchange, answer(429, &[], ""), later(0))));
        assert_eq!(world.limiter().delay("/v1/search", later(0)), None, "no limit applies");

        let (mut world, mut other) = (crate::support::world(), crate::support::world());
        let (_, exchange, _) = requests_token(world.start(album(), later(0)));
        mix(&mut world, &mut other);
        let result = ended(world.receive_token(exchange, token("stray"), later(0)));
        assert!(matches!(result, Err(Error::ForeignState)), "{result:?}");
        assert!(world.session.tokens().is_none() && other.session.tokens().is_none());

        let (mut world, mut other) = (crate::support::world(), crate::support::world());
        let (_, exchange, _) = requests_token(world.start(album(), later(0)));
        let (_, saving) = saves(world.receive_token(exchange, token("first"), later(0)));
        mix(&mut world, &mut other);
        let result = ended(world.saved(saving, later(0)));
        assert!(matches!(result, Err(Error::ForeignState)), "{result:?}");
    }
}

#[test]
fn a_reloaded_session_accepts_the_response_to_its_previous_token_request() {
    let stored = || serde_json::from_str::<Tokens>(r#"{"refresh_token":"AQ"}"#).expect("stored tokens");
    let mut world = user(stored());
    let (_, exchange, _) = requests_token(world.start(album(), later(0)));
    // This simulates a session that is evicted from a map of sessions and loaded again.
    world.session = Session::from_tokens(stored());
    let (tokens, saving) = saves(world.receive_token(exchange, rotated("BQnew", "AQnew"), later(1)));
    assert_eq!(refresh_token(&tokens), Some("AQnew"));
    ended(world.saved(saving, later(1))).expect("the tokens should be saved");
    assert_eq!(call_once(&mut world, later(1)), "Bearer BQnew");

    // The session of another user does not accept those tokens.
    let mut world = user(stored());
    let (_, exchange, _) = requests_token(world.start(album(), later(0)));
    world.session = Session::from_refresh_token("AQ of another user");
    let result = ended(world.receive_token(exchange, rotated("BQnew", "AQnew"), later(1)));
    assert!(matches!(result, Err(Error::ForeignState)), "{result:?}");
    assert_eq!(world.session.tokens().and_then(refresh_token), Some("AQ of another user"));
}

#[test]
fn a_session_that_cannot_obtain_a_token_reports_missing_credentials() {
    let mut world = World::new(App::without_credentials(), Session::from_refresh_token("AQ"));
    let result = done(world.start(Call::new(album()), later(0)));
    assert!(matches!(result, Err(Error::Auth(AuthError::NoCredentials))), "{result:?}");
    let tokens = Tokens::from_access_token("BQ", Some(later(10)));
    let mut world = World::new(App::public("client"), Session::from_tokens(tokens));
    assert_eq!(call_once(&mut world, later(9)), "Bearer BQ");
    assert_eq!(world.session.state(later(10)), SessionState::NoCredentials);
    let result = done(world.start(album(), later(10)));
    assert!(matches!(result, Err(Error::Auth(AuthError::NoCredentials))), "{result:?}");
}
