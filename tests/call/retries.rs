//! Tests of retries: the conditions, the limits and the final errors.

use std::time::Duration;

use http::{HeaderName, Response, StatusCode};
use spotify_proto::api::{
    AddToQueue, GetAlbum, GetPlaybackState, GetSavedTracks, SaveLibraryItems, SkipToNext,
};
use spotify_proto::cache::StoreAction;
use spotify_proto::{
    AuthError, Call, CommaList, Endpoint, Error, ExceededLimit, Exchange, ForbiddenReason, Reason,
    RetryPolicy, SpotifyUri, Step, WaitReason,
};

use crate::support::{
    World, album, answer, authorizes, delayed, done, ended, later, ready, saves, sent, token, token_request,
    waits, world,
};

/// Returns a session with an access token.
fn user() -> World {
    World::fixed("token")
}

/// Returns the exchange of the next request, after the delay if there is one.
#[track_caller]
fn next<T: std::fmt::Debug>(step: Step<T>, world: &mut World) -> Exchange<T> {
    match step {
        Step::Send(_, exchange) => exchange,
        Step::Wait(delay, waiting) => sent(world.resume(waiting, later(0) + delay.duration)).1,
        other => panic!("{other:?}"),
    }
}

fn track() -> SpotifyUri {
    "spotify:track:4aawyAB9vmqN3uQ7FjRGTy".parse().expect("expected a URI")
}

fn save() -> SaveLibraryItems {
    SaveLibraryItems::new(CommaList::try_from([track()]).expect("the list should be within the limit"))
}

/// Returns the number of requests of a call that receives the same response each time, and the error of the call.
fn sends<E: Endpoint>(call: Call<E::Output>, status: u16, headers: &[(&str, &str)]) -> (u32, Option<Error>)
where
    E::Output: std::fmt::Debug,
{
    let mut world = user();
    let mut exchange = sent(world.start(call, later(0))).1;
    for count in 1.. {
        match world.receive(exchange, answer(status, headers, ""), later(0)) {
            Step::Done(result) => return (count, result.err()),
            step => exchange = next(step, &mut world),
        }
    }
    unreachable!("the call does not end")
}

#[test]
fn only_outages_are_retried_and_non_idempotent_operations_only_on_request() {
    let twice = || RetryPolicy::new().retry_non_idempotent(true);
    for status in [408, 500, 502, 503, 504, 520, 522, 529] {
        let (count, error) = sends::<SkipToNext>(Call::new(SkipToNext::new()), status, &[]);
        assert_eq!(count, 1, "{status}: a retry could skip a second track");
        assert!(error.expect("expected an outage").is_transient(), "{status}");
        assert_eq!(sends::<SkipToNext>(Call::new(SkipToNext::new()).retry(twice()), status, &[]).0, 4);
        assert_eq!(sends::<SaveLibraryItems>(Call::new(save()), status, &[]).0, 4, "{status}");
    }
    for status in [400, 403, 404, 413, 418, 501, 505, 519, 530] {
        let (count, error) = sends::<SaveLibraryItems>(Call::new(save()).retry(twice()), status, &[]);
        assert_eq!(count, 1, "{status}");
        assert!(!error.expect("expected an error").is_transient(), "{status}");
    }
    let mut world = user();
    let (_, exchange) = sent(world.start(AddToQueue::new(track()), later(0)));
    assert!(world.lose(exchange, later(0)).is_none());
    let (_, exchange) = sent(world.start(Call::new(AddToQueue::new(track())).retry(twice()), later(0)));
    assert!(world.lose(exchange, later(0)).is_some());
}

#[test]
fn a_call_can_have_its_own_retry_policy() {
    let never = || Call::new(album()).retry(RetryPolicy::never());
    assert_eq!(sends::<GetAlbum>(never(), 502, &[]).0, 1);
    assert_eq!(sends::<GetAlbum>(never(), 429, &[("retry-after", "1")]).0, 1);
    assert_eq!(sends::<GetAlbum>(Call::new(album()), 502, &[]).0, 4);
}

#[test]
fn the_retry_after_value_of_an_outage_is_respected() {
    for (value, least) in [("7", 7), ("0", 1), ("x", 0), ("60", 60), ("Mon, 21 Sep 2026 14:13:27 GMT", 7)] {
        for seed in 0..20 {
            let mut world = ready().with_jitter(seed);
            let (_, exchange) = sent(world.start(album(), later(0)));
            let step = world.receive(exchange, answer(503, &[("retry-after", value)], ""), later(0));
            let least = Duration::from_secs(least);
            let delay = match step {
                Step::Wait(delay, _) => {
                    assert_eq!(delay.reason, WaitReason::Backoff);
                    delay.duration
                }
                Step::Send(..) => Duration::ZERO,
                other => panic!("{other:?}"),
            };
            let is_near = delay >= least && delay <= least + Duration::from_millis(500);
            assert!(is_near && delay <= Duration::from_secs(60), "{value}: {delay:?}");
        }
    }
    let headers = [("retry-after", "61")];
    let (count, error) = sends::<GetAlbum>(Call::new(album()), 503, &headers);
    let error = error.expect("expected a delay above the limit");
    assert_eq!((count, error.status()), (1, Some(StatusCode::SERVICE_UNAVAILABLE)));
    assert_eq!(error.retry_after(later(0)), Some(Duration::from_secs(61)));
    // The outage does not block other calls.
    let mut world = ready();
    let (_, exchange) = sent(world.start(album(), later(0)));
    done(world.receive(exchange, answer(503, &headers, ""), later(0)))
        .expect_err("an outage should be an error");
    drop(sent(world.start(album(), later(0))));
}

#[test]
fn the_total_delay_of_a_call_is_limited_even_if_the_clock_jumps() {
    let policy = RetryPolicy::new().max_attempts(u32::MAX).max_total_delay(Duration::from_secs(100));
    let mut world = World::fixed("token").with_retry_policy(policy);
    let mut step = world.start(album(), later(90_000));
    let mut total = Duration::ZERO;
    for round in 0..200_u64 {
        // The clock is set back by 700 s in every iteration.
        let now = later(200_000 - round * 700);
        step = match step {
            Step::Send(_, exchange) => world.receive(exchange, answer(429, &[("retry-after", "9")], ""), now),
            Step::Wait(delay, waiting) => {
                total += delay.duration;
                world.resume(waiting, now + delay.duration)
            }
            Step::Done(Err(Error::RateLimited(limit))) => {
                assert!(total <= Duration::from_secs(100) && total > Duration::from_secs(60), "{total:?}");
                assert_eq!(limit.exceeded(), Some(ExceededLimit::MaxTotalDelay));
                return;
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("the call has not ended after {total:?}");
}

#[test]
fn a_call_that_stays_blocked_fails_with_the_reason() {
    let patient = RetryPolicy::new().max_total_delay(Duration::MAX);
    for (policy, waits, exceeded) in [
        (patient, 1000..=1000, ExceededLimit::DelayCount),
        (RetryPolicy::new(), 240..=300, ExceededLimit::MaxTotalDelay),
    ] {
        let mut world = ready().with_retry_policy(policy);
        let mut now = later(0);
        world.limiter().block_all(Duration::from_secs(1), now);
        let mut step = world.start(album(), now);
        let mut count = 0;
        let error = loop {
            match step {
                Step::Wait(delay, waiting) => {
                    count += 1;
                    now += delay.duration;
                    world.limiter().block_all(Duration::from_secs(1), now);
                    step = world.resume(waiting, now);
                }
                other => break done(other).expect_err("expected an error after the last delay"),
            }
        };
        assert!(waits.contains(&count), "{count} delays");
        assert!(error.to_string().ends_with(" s: blocked by the application"), "{error}");
        assert!(error.is_transient());
        let Error::Throttled(throttled) = error else { panic!("{error:?}") };
        assert_eq!((throttled.reason(), throttled.exceeded()), (WaitReason::Blocked, exceeded));
        let delay = throttled.delay().duration;
        assert!(delay >= Duration::from_secs(1) && delay <= Duration::from_millis(1250), "{delay:?}");
    }
}

#[test]
fn a_get_request_is_sent_again_after_a_202() {
    let mut world = user();
    let (_, exchange) = sent(world.start(GetPlaybackState::new(), later(0)));
    let step = world.receive(exchange, answer(202, &[], ""), later(0));
    if let Step::Wait(delay, _) = &step {
        assert_eq!(delay.reason, WaitReason::NotReady);
    }
    let exchange = next(step, &mut world);
    let reply = done(world.receive(exchange, answer(200, &[], r#"{"is_playing":true}"#), later(0)));
    assert!(reply.expect("expected a state").value.is_some());

    let (count, error) = sends::<GetPlaybackState>(Call::new(GetPlaybackState::new()), 202, &[]);
    assert_eq!((count, error.is_none()), (4, true), "the last 202 should mean that there is no state");
    let hasty = || Call::new(GetPlaybackState::new()).retry(RetryPolicy::never());
    assert_eq!(sends::<GetPlaybackState>(hasty(), 202, &[]).0, 1);
    assert_eq!(
        sends::<SaveLibraryItems>(Call::new(save()), 202, &[]).0,
        1,
        "a 202 response to a write should be a success"
    );
    assert_eq!(sends::<GetPlaybackState>(Call::new(GetPlaybackState::new()), 204, &[]).0, 1);

    // If there is no time for a retry before the deadline, the 202 is the result.
    for seed in 0..50 {
        let mut world = user().with_jitter(seed);
        let call = Call::new(GetPlaybackState::new()).deadline(later(1));
        let (_, exchange) = sent(world.start(call, later(0)));
        let reply =
            done(world.receive(exchange, answer(202, &[], ""), later(1))).expect("expected an empty state");
        assert!(reply.value.is_none() && matches!(reply.store, StoreAction::Keep));
    }
}

#[test]
fn a_deadline_is_checked_before_every_step() {
    let call = || Call::new(album()).deadline(later(10));
    let is_over = |step: Step<_>| matches!(done(step), Err(Error::Deadline));

    // The deadline is checked at the start of the call, with and without a token.
    assert!(is_over(ready().start(call(), later(10))));
    assert!(is_over(world().start(call(), later(10))));

    // The deadline is checked before and after a delay.
    let mut world = ready();
    world.limiter().block_all(Duration::from_secs(9), later(0));
    let (_, waiting) = waits(world.start(call(), later(0)));
    world.limiter().block_all(Duration::from_secs(10), later(0));
    assert!(is_over(world.start(call(), later(0))));
    assert!(is_over(world.resume(waiting, later(11))), "the deadline passed during the delay");

    // After an outage, the call fails with the error of the outage; after a lost response, with the transport error.
    for seed in 0..20 {
        let mut world = ready().with_jitter(seed);
        let (_, exchange) = sent(world.start(call(), later(0)));
        let error = done(world.receive(exchange, answer(503, &[], ""), later(10)))
            .expect_err("a passed deadline should be an error");
        assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
        let (_, exchange) = sent(world.start(call(), later(0)));
        assert!(world.lose(exchange, later(10)).is_none());
    }

    // After a 429, the error contains the exceeded limit.
    let mut world = ready();
    let (_, exchange) = sent(world.start(call(), later(0)));
    let step = world.receive(exchange, answer(429, &[("retry-after", "10")], ""), later(0));
    let Err(Error::RateLimited(limit)) = done(step) else { panic!("expected a rate limit error") };
    assert_eq!(limit.exceeded(), Some(ExceededLimit::Deadline));

    // After any 401, the call fails with the error of that response.
    for headers in [&[][..], &[("www-authenticate", r#"Bearer error="invalid_token""#)]] {
        let mut world = ready();
        let (_, exchange) = sent(world.start(call(), later(0)));
        let error = done(world.receive(exchange, answer(401, headers, ""), later(10)))
            .expect_err("a passed deadline should be an error");
        assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    }

    // The deadline has passed after the token request, but the token is saved, and the next call uses the token.
    let mut world = crate::support::world();
    let (step, waiting) = authorizes(world.start(call(), later(0)));
    let (_, exchange) = token_request(step);
    let (_, saving) = saves(world.receive_token(exchange, token("first"), later(11)));
    ended(world.saved(saving, later(12))).expect("the tokens should be saved");
    assert!(is_over(world.resume(waiting, later(12))));
    drop(sent(world.start(album(), later(13))));

    // The deadline is checked before the call waits for another call's token request.
    let mut world = crate::support::world();
    let (_first, _) = authorizes(world.start(album(), later(9)));
    let hasty = Call::new(album()).deadline(later(9) + Duration::from_millis(1));
    assert!(is_over(world.start(hasty, later(9))));
    assert_eq!(delayed(world.start(call(), later(9))).0.reason, WaitReason::Token);
}

#[test]
fn recorded_403_responses_have_distinct_reasons() {
    let premium = r#"{"error":{"status":403,"message":"Player command failed: Premium required","reason":"PREMIUM_REQUIRED"}}"#;
    for (status, body, forbidden) in [
        (403, "User not approved for app", ForbiddenReason::NotAllowListed),
        (403, "User not registered in the Developer Dashboard", ForbiddenReason::NotAllowListed),
        (
            403,
            "Check settings on developer.spotify.com/dashboard, the user may not be registered.",
            ForbiddenReason::NotAllowListed,
        ),
        (
            403,
            "The user is not registered for this application. Please check your settings on https://developer.spotify.com/dashboard.",
            ForbiddenReason::NotAllowListed,
        ),
        (
            403,
            "Active premium subscription required for the owner of the app. When the subscription status changes, it can take a few hours before requests are allowed again.",
            ForbiddenReason::OwnerPremium,
        ),
        (403, premium, ForbiddenReason::Premium),
        (
            403,
            r#"{ "error" : { "status" : 403, "message" : "You cannot create a playlist for another user" } }"#,
            ForbiddenReason::Unknown,
        ),
        (
            403,
            r#"{"error":{"status":403,"message":"Player command failed: Restriction violated","reason":"UNKNOWN"}}"#,
            ForbiddenReason::Unknown,
        ),
        (403, r#"{"error":{"status":403,"message":"Forbidden"}}"#, ForbiddenReason::Unknown),
        (403, "", ForbiddenReason::Unknown),
    ] {
        let Err(Error::Api(error)) = GetSavedTracks::new().parse(&answer(status, &[], body)) else {
            panic!("{body}")
        };
        assert_eq!(error.forbidden(), Some(forbidden), "{body}");
        assert!(!error.is_transient(), "{body}: the error should require a change to the account");
    }
    // There is a separate error variant for missing scopes.
    let body = r#"{"error":{"status":403,"message":"Insufficient client scope"}}"#;
    let Err(Error::Scope(error)) = GetSavedTracks::new().parse(&answer(403, &[], body)) else {
        panic!("expected an error")
    };
    assert_eq!((error.operation(), error.status()), ("get-users-saved-tracks", StatusCode::FORBIDDEN));
    assert_eq!(error.missing().to_string(), "user-library-read");
    // This body is the only response of operations that were removed from development mode.
    #[allow(deprecated, reason = "the test needs a removed operation")]
    let gone = spotify_proto::api::GetAvailableMarkets::new();
    let body = r#"{"error": {"status": 403, "message": "Forbidden" } }"#;
    let Err(Error::Api(error)) = gone.parse(&answer(403, &[], body)) else { panic!("expected an error") };
    assert_eq!(error.forbidden(), Some(ForbiddenReason::OperationRemoved));
    // A subscriber may also receive this response. The call fails, and the next call is sent as usual.
    let mut world = user();
    let (_, exchange) = sent(world.start(Call::new(SkipToNext::new()), later(0)));
    done(world.receive(exchange, answer(403, &[], premium), later(0))).expect_err("a 403 should be an error");
    let (_, exchange) = sent(world.start(Call::new(SkipToNext::new()), later(0)));
    done(world.receive(exchange, answer(204, &[], ""), later(0))).expect("expected a success");
}

#[test]
fn transient_errors_are_distinguished_from_permanent_ones() {
    let fast = r#"{"error":{"status":403,"message":"Player command failed","reason":"RATE_LIMITED"}}"#;
    let Err(error) = SkipToNext::new().parse(&answer(403, &[], fast)) else { panic!("expected an error") };
    assert!(error.is_transient());
    assert!(!Error::Deadline.is_transient() && Error::Deadline.retry_after(later(0)).is_none());
    let Err(error) = album().parse(&answer(200, &[], "<html>")) else { panic!("expected a decode error") };
    assert!(!error.is_transient());
    for (status, body, is_transient) in [
        (503, "", true),
        (200, "<title>Sign in to the network</title>", true),
        (403, "<title>Blocked</title>", true),
        (400, r#"{"error":"invalid_grant"}"#, false),
        (400, r#"{"error":"server_error"}"#, true),
    ] {
        let mut world = world();
        let (step, _) = authorizes(world.start(album(), later(0)));
        let error = world
            .authorize(step, &answer(status, &[], body), later(0))
            .expect_err("a failed token request should be an error");
        assert_eq!(error.is_transient(), is_transient, "{status} {body}");
    }
    assert!(
        AuthError::AttemptsExhausted { reason: "".into() }.is_transient()
            && !AuthError::NoCredentials.is_transient()
    );
}

#[test]
fn the_status_in_a_response_body_is_ignored() {
    let limited = r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#;
    let mut world = user();
    let (_, exchange) = sent(world.start(Call::new(album()), later(0)));
    let result = done(world.receive(exchange, answer(200, &[("retry-after", "9")], limited), later(0)));
    assert!(matches!(result, Err(Error::Decode(_))), "{result:?}");
    let (_, exchange) = sent(world.start(Call::new(GetPlaybackState::new()), later(0)));
    let result = done(world.receive(exchange, answer(200, &[], limited), later(0)));
    assert!(matches!(result, Err(Error::Decode(_))), "{result:?}");
    assert_eq!(world.limiter().delay("/v1/albums/{id}", later(0)), None, "a success blocks nothing");

    let well = r#"{"error":{"status":200,"message":"OK"}}"#;
    let (count, error) = sends_with(503, well);
    let Error::Api(error) = error else { panic!("{error:?}") };
    assert_eq!((count, error.status().as_u16(), error.message()), (4, 503, "OK"));
    let (count, error) = sends_with(404, limited);
    let Error::Api(error) = error else { panic!("{error:?}") };
    assert_eq!((count, error.status().as_u16()), (1, 404));
    assert_eq!((error.reason(), error.is_transient()), (Some(&Reason::QuotaExceeded), false));
    let mut world = ready();
    let (_, exchange) = sent(world.start(Call::new(album()), later(0)));
    drop(waits(world.receive(exchange, answer(429, &[], r#"{"name":"Night Ferry"}"#), later(0))));
}

fn sends_with(status: u16, body: &str) -> (u32, Error) {
    let mut world = ready();
    let mut exchange = sent(world.start(Call::new(album()), later(0))).1;
    for count in 1.. {
        match world.receive(exchange, answer(status, &[], body), later(0)) {
            Step::Done(result) => return (count, result.expect_err("expected an error")),
            step => exchange = next(step, &mut world),
        }
    }
    unreachable!("the call does not end")
}

#[test]
fn responses_with_30000_header_fields_are_handled() {
    // The number of fields is close to the maximum of `http`.
    for (status, seconds) in [(200, None), (429, Some(5)), (503, Some(5)), (401, Some(1))] {
        let mut response: Response<Vec<u8>> = answer(status, &[], r#"{"name":"Night Ferry"}"#);
        let headers = response.headers_mut();
        for number in 0..10_000 {
            let name: HeaderName = format!("x-{number}").parse().expect("expected a name");
            headers.append(name, "v".parse().expect("expected a value"));
            headers.append("cache-control", "max-age=60".parse().expect("expected a value"));
            headers.append("retry-after", "5".parse().expect("expected a value"));
        }
        let mut world = ready();
        let key = spotify_proto::cache::Key::new(&album(), "app");
        let (_, exchange) = sent(world.cached(Call::new(album()), &key, None, later(0)));
        match (world.receive(exchange, response, later(0)), seconds) {
            (Step::Done(Ok(reply)), None) => {
                // The number of fields exceeds the limit for an entry.
                assert!(matches!(reply.store, StoreAction::Keep), "{:?}", reply.store);
            }
            (Step::Wait(delay, _), Some(seconds)) => {
                assert!(delay.duration >= Duration::from_secs(seconds));
            }
            (other, _) => panic!("{status}: {other:?}"),
        }
    }
}
