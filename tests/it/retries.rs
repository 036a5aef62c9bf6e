//! When a call asks again, how long it goes on, and what its error says in the end.

use std::time::Duration;

use http::{HeaderName, Response, StatusCode};
use spotify_proto::api::{AddToQueue, GetPlaybackState, GetSavedTracks, SaveLibraryItems, SkipToNext};
use spotify_proto::cache::Store;
use spotify_proto::{
    App, AuthError, Bound, Call, Endpoint, Error, Exchange, Forbidden, List, Reason, RetryPolicy, Session,
    Step, Uri, Why,
};

use crate::transcripts::{album, answer, done, later, ready, sent, token, waits};

/// The exchange of the next request, however long the wait before it is: no time passes.
#[track_caller]
fn next<T: std::fmt::Debug>(step: Step<T>, session: &mut Session) -> Exchange<T> {
    match step {
        Step::Send(_, exchange) => exchange,
        Step::Wait(_, pause) => sent(pause.resume(session, later(0))).1,
        other => panic!("{other:?}"),
    }
}

fn track() -> Uri {
    "spotify:track:4aawyAB9vmqN3uQ7FjRGTy".parse().expect("a uri")
}

fn save() -> SaveLibraryItems {
    SaveLibraryItems::new(List::try_from([track()]).expect("short"))
}

/// How often a call is sent when every answer is this one, and how it ends.
fn sends<E: Endpoint>(call: Call<E::Output>, status: u16, headers: &[(&str, &str)]) -> (u32, Option<Error>)
where
    E::Output: std::fmt::Debug,
{
    let mut session = ready();
    let mut exchange = sent(call.start(&mut session, later(0))).1;
    for count in 1.. {
        match exchange.receive(answer(status, headers, ""), &mut session, later(0)) {
            Step::Done(result) => return (count, result.err()),
            step => exchange = next(step, &mut session),
        }
    }
    unreachable!("a call ends")
}

#[test]
fn only_outages_are_retried_and_what_is_not_idempotent_only_by_choice() {
    let twice = || RetryPolicy::new().non_idempotent(true);
    for status in [500, 502, 503, 504] {
        let (count, error) = sends::<SkipToNext>(Call::new(SkipToNext::new()), status, &[]);
        assert_eq!(count, 1, "{status}: a track would be skipped twice");
        assert!(error.expect("an outage").is_transient(), "{status}");
        assert_eq!(sends::<SkipToNext>(Call::new(SkipToNext::new()).retry(twice()), status, &[]).0, 4);
        assert_eq!(sends::<SaveLibraryItems>(Call::new(save()), status, &[]).0, 4, "{status}");
    }
    for status in [400, 403, 404, 408, 413, 418, 501, 505] {
        let (count, error) = sends::<SaveLibraryItems>(Call::new(save()).retry(twice()), status, &[]);
        assert_eq!(count, 1, "{status}");
        assert!(!error.expect("a refusal").is_transient(), "{status}");
    }
    let mut session = ready();
    let (_, exchange) = sent(Call::new(AddToQueue::new(track())).start(&mut session, later(0)));
    assert!(exchange.lost(&mut session, later(0)).is_none());
    let (_, exchange) =
        sent(Call::new(AddToQueue::new(track())).retry(twice()).start(&mut session, later(0)));
    assert!(exchange.lost(&mut session, later(0)).is_some());
}

#[test]
fn a_call_may_have_a_policy_of_its_own() {
    let never = || Call::new(album()).retry(RetryPolicy::never());
    assert_eq!(sends::<spotify_proto::api::GetAlbum>(never(), 502, &[]).0, 1);
    assert_eq!(sends::<spotify_proto::api::GetAlbum>(never(), 429, &[("retry-after", "1")]).0, 1);
    assert_eq!(sends::<spotify_proto::api::GetAlbum>(Call::new(album()), 502, &[]).0, 4);
}

#[test]
fn an_outage_that_says_when_to_come_back_is_believed() {
    for (value, least) in [("7", 7), ("0", 0), ("x", 0), ("60", 60), ("Mon, 21 Sep 2026 14:13:27 GMT", 7)] {
        for seed in 0..20 {
            let mut session = ready().with_jitter(seed);
            let (_, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
            let step = exchange.receive(answer(503, &[("retry-after", value)], ""), &mut session, later(0));
            let least = Duration::from_secs(least);
            let delay = match step {
                Step::Wait(delay, _) => delay,
                Step::Send(..) => Duration::ZERO,
                other => panic!("{other:?}"),
            };
            let is_near = delay >= least && delay <= least + Duration::from_millis(500);
            assert!(is_near && delay <= Duration::from_secs(60), "{value}: {delay:?}");
        }
    }
    let headers = [("retry-after", "61")];
    let (count, error) = sends::<spotify_proto::api::GetAlbum>(Call::new(album()), 503, &headers);
    let error = error.expect("too long to wait");
    assert_eq!((count, error.status()), (1, Some(StatusCode::SERVICE_UNAVAILABLE)));
    assert_eq!(error.retry_after(later(0)), Some(Duration::from_secs(61)));
    // It closes nothing: the next call may have better luck.
    let mut session = ready();
    let (_, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    done(exchange.receive(answer(503, &headers, ""), &mut session, later(0))).expect_err("an outage");
    drop(sent(Call::new(album()).start(&mut session, later(0))));
}

#[test]
fn all_waits_of_a_call_together_are_bounded_whatever_the_clock_does() {
    let policy = RetryPolicy::new().tries(u32::MAX).longest_total(Duration::from_secs(100));
    let mut session = Session::fixed("token").with_retry(policy);
    let (_, mut exchange) = sent(Call::new(album()).start(&mut session, later(90_000)));
    let mut total = Duration::ZERO;
    for round in 0..100_u64 {
        // The clock stands still, and jumps back now and then.
        let now = later(90_000 - round * 700);
        match exchange.receive(answer(429, &[("retry-after", "9")], ""), &mut session, now) {
            Step::Wait(delay, pause) => {
                total += delay;
                exchange = sent(pause.resume(&mut session, now + delay)).1;
            }
            Step::Done(Err(Error::RateLimited(limit))) => {
                assert_eq!((total.as_secs(), limit.bound()), (99, Some(Bound::LongestTotal)));
                let text = limit.to_string();
                assert!(text.ends_with("; more than this call may wait in all"), "{text}");
                return;
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("it waits for ever: {total:?}");
}

#[test]
fn a_call_whose_way_is_closed_again_and_again_gives_up_and_says_so() {
    let patient = RetryPolicy::new().longest_total(Duration::MAX);
    for (policy, waits, bound, words) in [
        (patient, 1000, Bound::Waits, "this call has waited 1000 times"),
        (RetryPolicy::new(), 300, Bound::LongestTotal, "more than this call may wait in all"),
    ] {
        let mut session = ready().with_retry(policy);
        let mut now = later(0);
        session.throttle().close_all(Duration::from_secs(1), now);
        let mut step = Call::new(album()).start(&mut session, now);
        let mut count = 0;
        let error = loop {
            match step {
                Step::Wait(delay, pause) => {
                    count += 1;
                    now += delay;
                    session.throttle().close_all(Duration::from_secs(1), now);
                    step = pause.resume(&mut session, now);
                }
                other => break done(other).expect_err("it gives up"),
            }
        };
        assert_eq!(count, waits);
        assert_eq!(
            error.to_string(),
            format!("too many requests; closed by hand, come back in 1 s; {words}")
        );
        let Error::RateLimited(limit) = error else { panic!("{error:?}") };
        assert_eq!((limit.why(), limit.bound()), (Some(Why::Closed), Some(bound)));
    }
}

#[test]
fn what_is_not_ready_is_asked_for_again() {
    let mut session = ready();
    let (_, exchange) = sent(Call::new(GetPlaybackState::new()).start(&mut session, later(0)));
    let exchange = next(exchange.receive(answer(202, &[], ""), &mut session, later(0)), &mut session);
    let reply = done(exchange.receive(answer(200, &[], r#"{"is_playing":true}"#), &mut session, later(0)));
    assert!(reply.expect("a state").value.is_some());

    let (count, error) = sends::<GetPlaybackState>(Call::new(GetPlaybackState::new()), 202, &[]);
    assert_eq!((count, error.is_none()), (4, true), "then it is nothing");
    let hasty = || Call::new(GetPlaybackState::new()).retry(RetryPolicy::never());
    assert_eq!(sends::<GetPlaybackState>(hasty(), 202, &[]).0, 1);
    assert_eq!(sends::<SaveLibraryItems>(Call::new(save()), 202, &[]).0, 1, "a write has been taken");
    assert_eq!(sends::<GetPlaybackState>(Call::new(GetPlaybackState::new()), 204, &[]).0, 1);

    // A deadline that leaves no time makes it the answer it is.
    for seed in 0..50 {
        let mut session = ready().with_jitter(seed);
        let call = Call::new(GetPlaybackState::new()).deadline(later(1));
        let (_, exchange) = sent(call.start(&mut session, later(0)));
        let reply = done(exchange.receive(answer(202, &[], ""), &mut session, later(1))).expect("nothing");
        assert!(reply.value.is_none() && matches!(reply.store, Store::Keep));
    }
}

#[test]
fn a_deadline_is_looked_at_before_every_step() {
    let call = || Call::new(album()).deadline(later(10));
    let is_over = |step: Step<_>| matches!(done(step), Err(Error::Deadline));

    // At the start, with and without a token.
    assert!(is_over(call().start(&mut ready(), later(10))));
    assert!(is_over(call().start(&mut crate::transcripts::session(), later(10))));

    // Before a wait, and after one.
    let mut session = ready();
    session.throttle().close_all(Duration::from_secs(9), later(0));
    let (delay, pause) = waits(call().start(&mut session, later(0)));
    session.throttle().close_all(Duration::from_secs(10), later(0));
    assert!(is_over(call().start(&mut session, later(0))));
    session.throttle().close_all(Duration::ZERO, later(1) + delay);
    assert!(is_over(pause.resume(&mut session, later(1) + delay)), "the sleep was too long");

    // After an outage the outage says more, and after a loss the transport's error.
    for seed in 0..20 {
        let mut session = ready().with_jitter(seed);
        let (_, exchange) = sent(call().start(&mut session, later(0)));
        let error = done(exchange.receive(answer(503, &[], ""), &mut session, later(10))).expect_err("over");
        assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
        let (_, exchange) = sent(call().start(&mut session, later(0)));
        assert!(exchange.lost(&mut session, later(10)).is_none());
        let (_, exchange) = sent(call().start(&mut crate::transcripts::session(), later(0)));
        assert!(exchange.lost(&mut session, later(10)).is_none(), "nor for a token request");
    }

    // After a 429, which says why there is no time.
    let (_, exchange) = sent(call().start(&mut session, later(0)));
    let step = exchange.receive(answer(429, &[("retry-after", "10")], ""), &mut session, later(0));
    let Err(Error::RateLimited(limit)) = done(step) else { panic!("no time") };
    assert_eq!(limit.bound(), Some(Bound::Deadline));

    // After a 401, whose own error says more.
    let mut session = ready();
    let (_, exchange) = sent(call().start(&mut session, later(0)));
    let error = done(exchange.receive(answer(401, &[], ""), &mut session, later(10))).expect_err("over");
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));

    // After a token's refusal, too; but a token that came is saved, however late, and nothing is sent after that.
    let mut session = crate::transcripts::session();
    let (_, exchange) = sent(call().start(&mut session, later(0)));
    let error = done(exchange.receive(answer(503, &[], ""), &mut session, later(10))).expect_err("over");
    assert!(matches!(error, Error::Auth(AuthError::Unavailable { .. })), "{error:?}");
    let mut session = crate::transcripts::session();
    let (_, exchange) = sent(call().start(&mut session, later(0)));
    let Step::Save(_, pause) = exchange.receive(token("first"), &mut session, later(11)) else {
        panic!("a token is never thrown away")
    };
    assert!(is_over(pause.resume(&mut session, later(12))));
    drop(sent(Call::new(album()).start(&mut session, later(13))));
}

#[test]
fn the_recorded_refusals_are_told_apart() {
    let premium = r#"{"error":{"status":403,"message":"Player command failed: Premium required","reason":"PREMIUM_REQUIRED"}}"#;
    for (status, body, forbidden) in [
        (403, "User not approved for app", Forbidden::NotAllowListed),
        (403, "User not registered in the Developer Dashboard", Forbidden::NotAllowListed),
        (
            403,
            "Check settings on developer.spotify.com/dashboard, the user may not be registered.",
            Forbidden::NotAllowListed,
        ),
        (
            403,
            "The user is not registered for this application. Please check your settings on https://developer.spotify.com/dashboard.",
            Forbidden::NotAllowListed,
        ),
        (
            403,
            "Active premium subscription required for the owner of the app. When the subscription status changes, it can take a few hours before requests are allowed again.",
            Forbidden::OwnerPremium,
        ),
        (403, premium, Forbidden::Premium),
        (403, r#"{"error":{"status":403,"message":"Insufficient client scope"}}"#, Forbidden::Scope),
        (
            403,
            r#"{ "error" : { "status" : 403, "message" : "You cannot create a playlist for another user" } }"#,
            Forbidden::Unknown,
        ),
        (
            403,
            r#"{"error":{"status":403,"message":"Player command failed: Restriction violated","reason":"UNKNOWN"}}"#,
            Forbidden::Unknown,
        ),
        (403, r#"{"error":{"status":403,"message":"Forbidden"}}"#, Forbidden::Unknown),
        (403, "", Forbidden::Unknown),
    ] {
        let Err(Error::Api(error)) = GetSavedTracks::new().parse(&answer(status, &[], body)) else {
            panic!("{body}")
        };
        assert_eq!(error.forbidden(), Some(forbidden), "{body}");
        assert!(!error.is_transient(), "{body}: the account has to change");
    }
    // For development mode an operation that is gone says no more than this.
    #[allow(deprecated, reason = "that is the point")]
    let gone = spotify_proto::api::GetAvailableMarkets::new();
    let body = r#"{"error": {"status": 403, "message": "Forbidden" } }"#;
    let Err(Error::Api(error)) = gone.parse(&answer(403, &[], body)) else { panic!("refused") };
    assert_eq!(error.forbidden(), Some(Forbidden::OperationRemoved));
    // Answered to a subscriber, once: the call fails, the next one is sent as if nothing had been.
    let mut session = ready();
    let (_, exchange) = sent(Call::new(SkipToNext::new()).start(&mut session, later(0)));
    done(exchange.receive(answer(403, &[], premium), &mut session, later(0))).expect_err("refused");
    let (_, exchange) = sent(Call::new(SkipToNext::new()).start(&mut session, later(0)));
    done(exchange.receive(answer(204, &[], ""), &mut session, later(0))).expect("skipped");
}

#[test]
fn what_may_pass_is_told_from_what_has_to_be_mended() {
    let fast = r#"{"error":{"status":403,"message":"Player command failed","reason":"RATE_LIMITED"}}"#;
    let Err(error) = SkipToNext::new().parse(&answer(403, &[], fast)) else { panic!("refused") };
    assert!(error.is_transient());
    assert!(!Error::Deadline.is_transient() && Error::Deadline.retry_after(later(0)).is_none());
    let Err(error) = album().parse(&answer(200, &[], "<html>")) else { panic!("no album") };
    assert!(!error.is_transient());
    for (status, body, passes) in [
        (503, "", true),
        (200, "<title>Sign in to the network</title>", true),
        (403, "<title>Blocked</title>", false),
        (400, r#"{"error":"invalid_grant"}"#, false),
        (400, r#"{"error":"server_error"}"#, true),
    ] {
        let mut session = Session::client_credentials(App::confidential("client", "s3cret"));
        let mut exchange = sent(Call::new(album()).start(&mut session, later(0))).1;
        let mut now = later(0);
        let error = loop {
            let step = exchange.receive(answer(status, &[], body), &mut session, now);
            exchange = match step {
                Step::Wait(delay, pause) => {
                    now += delay;
                    sent(pause.resume(&mut session, now)).1
                }
                Step::Send(_, exchange) => exchange,
                other => break done(other).expect_err("no token"),
            };
        };
        assert_eq!(error.is_transient(), passes, "{status} {body}");
    }
    assert!(AuthError::GaveUp.is_transient() && !AuthError::NoToken.is_transient());
}

#[test]
fn a_status_inside_a_body_is_not_believed() {
    let limited = r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#;
    let mut session = ready();
    let (_, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    let result =
        done(exchange.receive(answer(200, &[("retry-after", "9")], limited), &mut session, later(0)));
    assert!(matches!(result, Err(Error::Decode(_))), "{result:?}");
    let (_, exchange) = sent(Call::new(GetPlaybackState::new()).start(&mut session, later(0)));
    let result = done(exchange.receive(answer(200, &[], limited), &mut session, later(0)));
    assert!(matches!(result, Err(Error::Decode(_))), "{result:?}");
    assert_eq!(session.throttle().wait("/v1/albums/{id}", later(0)), None, "a success closes nothing");

    let well = r#"{"error":{"status":200,"message":"OK"}}"#;
    let (count, error) = sends_with(503, well);
    let Error::Api(error) = error else { panic!("{error:?}") };
    assert_eq!((count, error.status().as_u16(), error.message()), (4, 503, "OK"));
    let (count, error) = sends_with(404, limited);
    let Error::Api(error) = error else { panic!("{error:?}") };
    assert_eq!((count, error.status().as_u16()), (1, 404));
    assert_eq!((error.reason(), error.is_transient()), (Some(&Reason::QuotaExceeded), false));
    let mut session = ready();
    let (_, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    drop(waits(exchange.receive(answer(429, &[], r#"{"name":"Night Ferry"}"#), &mut session, later(0))));
}

fn sends_with(status: u16, body: &str) -> (u32, Error) {
    let mut session = ready();
    let mut exchange = sent(Call::new(album()).start(&mut session, later(0))).1;
    for count in 1.. {
        match exchange.receive(answer(status, &[], body), &mut session, later(0)) {
            Step::Done(result) => return (count, result.expect_err("a refusal")),
            step => exchange = next(step, &mut session),
        }
    }
    unreachable!("a call ends")
}

#[test]
fn headers_by_the_thousand_are_read_like_a_few() {
    // About as many as `http` holds.
    for (status, seconds) in [(200, None), (429, Some(5)), (503, Some(5)), (401, None)] {
        let mut response: Response<Vec<u8>> = answer(status, &[], r#"{"name":"Night Ferry"}"#);
        let headers = response.headers_mut();
        for number in 0..10_000 {
            let name: HeaderName = format!("x-{number}").parse().expect("a name");
            headers.append(name, "v".parse().expect("a value"));
            headers.append("cache-control", "max-age=60".parse().expect("a value"));
            headers.append("retry-after", "5".parse().expect("a value"));
        }
        let mut session = ready();
        let key = spotify_proto::cache::Key::new(&album(), "app");
        let (_, exchange) = sent(Call::new(album()).cached(&key, None).start(&mut session, later(0)));
        match (exchange.receive(response, &mut session, later(0)), seconds) {
            (Step::Done(Ok(reply)), None) => assert!(matches!(reply.store, Store::Put(_))),
            (Step::Send(request, _), None) => assert_eq!(request.uri().path(), "/api/token"),
            (Step::Wait(delay, _), Some(seconds)) => assert!(delay >= Duration::from_secs(seconds)),
            (other, _) => panic!("{status}: {other:?}"),
        }
    }
}
