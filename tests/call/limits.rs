//! Tests of the effects of 429 responses on calls: blocked routes, durations and error messages.

use std::time::Duration;

use http::Response;
use spotify_proto::api::{CoverImage, GetAlbum, GetAlbumTracks, UploadPlaylistCover};
use spotify_proto::{
    AlbumId, Call, Endpoint, Error, ExceededLimit, PlaylistId, RateLimiter, RetryPolicy, Step, WaitReason,
};

use crate::support::{
    World, album, answer, authorizes, delayed, done, ended, later, ready, sent, token_request, waits, world,
};

const QUOTA: &str = r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#;

fn tracks() -> GetAlbumTracks {
    GetAlbumTracks::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("expected an id"))
}

fn cover() -> UploadPlaylistCover {
    let id: PlaylistId = "3cEYpjA9oz9GiPac4AsH4n".parse().expect("expected an id");
    UploadPlaylistCover::new(
        id,
        CoverImage::from_jpeg([0xff, 0xd8, 0xff]).expect("the picture should be within the limit"),
    )
}

/// Returns the duration of a block plus the maximum random delay.
fn spread(block: Duration) -> Duration {
    block + (block / 10).max(Duration::from_millis(250))
}

/// Returns how long an operation is blocked, in seconds, and the reason; `None` if the operation is not blocked.
fn blocked<E: Endpoint>(_: &E, world: &mut World) -> Option<(u64, WaitReason)> {
    let delay = world.limiter().delay(E::OPERATION.route, later(0))?;
    Some((delay.duration.as_secs(), delay.reason)).filter(|it| it.1 != WaitReason::Pacing)
}

/// Returns the application and the step of a call after a 429 response.
fn limited(headers: &[(&str, &str)], body: &str) -> (World, Step<<GetAlbum as Endpoint>::Output>) {
    let mut world = ready();
    let (_, exchange) = sent(world.start(Call::new(album()), later(0)));
    let step = world.receive(exchange, answer(429, headers, body), later(0));
    (world, step)
}

#[test]
fn every_retry_after_value_blocks_for_one_second_to_one_day() {
    const DAY: u64 = 86_400;
    // The header values, the duration of the block in seconds, and the reason for the block.
    let cases: &[(&[&str], u64, WaitReason)] = &[
        (&["5"], 5, WaitReason::RateLimit),
        (&["30"], 30, WaitReason::RateLimit),
        (&["31"], 31, WaitReason::Quota),
        (&["0"], 1, WaitReason::RateLimit),
        (&[], 1, WaitReason::RateLimit),
        (&["-5"], 1, WaitReason::RateLimit),
        (&["soon"], 1, WaitReason::RateLimit),
        (&[""], 1, WaitReason::RateLimit),
        (&["1.5"], 1, WaitReason::RateLimit),
        (&["\u{e9}\u{e9}"], 1, WaitReason::RateLimit),
        (&["Wed, 21 Oct 2015 07:28:00 GMT"], 1, WaitReason::RateLimit),
        (&["Mon, 21 Sep 2026 14:13:27 GMT"], 7, WaitReason::RateLimit),
        (&["Fri, 31 Dec 9999 23:59:59 GMT"], DAY, WaitReason::Quota),
        (&["60"], 60, WaitReason::Quota),
        (&["61"], 61, WaitReason::Quota),
        (&["80000"], 80_000, WaitReason::Quota),
        (&["18446744073709551615"], DAY, WaitReason::Quota),
        (&["99999999999999999999999"], DAY, WaitReason::Quota),
        (&["4", "9"], 4, WaitReason::RateLimit),
        (&["x", "9"], 9, WaitReason::RateLimit),
    ];
    for (values, seconds, why) in cases {
        let headers: Vec<_> = values.iter().map(|value| ("retry-after", *value)).collect();
        let (mut world, step) = limited(&headers, "");
        let expected = Some((*seconds, *why));
        assert_eq!(blocked(&album(), &mut world), expected, "{values:?}");
        let of_others = expected.filter(|_| *why == WaitReason::RateLimit);
        assert_eq!(blocked(&tracks(), &mut world), of_others, "{values:?}: state of another route");
        if *seconds <= 60 {
            let (delay, least) = (waits(step).0, Duration::from_secs(*seconds));
            assert!(delay >= least && delay <= spread(least), "{values:?}: {delay:?}");
            assert!(delay <= Duration::from_secs(60), "{values:?}: {delay:?}");
            continue;
        }
        let Err(error) = done(step) else { panic!("{values:?}: expected an error") };
        let text = format!("too many requests: route quota, retry in {seconds} s");
        assert_eq!(error.to_string(), text, "{values:?}");
        assert_eq!(error.retry_after(later(0)), Some(Duration::from_secs(*seconds)), "{values:?}");
        assert!(error.is_transient());
        let Error::RateLimited(limit) = error else { panic!("{error:?}") };
        let block = limit.blocked().expect("expected the applied block");
        assert_eq!((block.duration.as_secs(), block.reason), (*seconds, WaitReason::Quota));
        assert_eq!(limit.exceeded(), Some(ExceededLimit::MaxDelay));
        // The next call is blocked for the same reason.
        let refused = done(world.start(album(), later(0))).expect_err("the request should be blocked");
        let text = format!("request delayed for another {seconds} s: route quota");
        assert_eq!(refused.to_string(), text, "{values:?}");
        assert_eq!(refused.status(), None);
        assert_eq!(refused.retry_after(later(0)), Some(Duration::from_secs(*seconds)), "{values:?}");
        let Error::Throttled(throttled) = refused else { panic!("{refused:?}") };
        assert_eq!(throttled.reason(), WaitReason::Quota);
        assert_eq!(throttled.exceeded(), ExceededLimit::MaxDelay);
    }
}

#[test]
fn an_exceeded_quota_blocks_only_the_route_of_the_request() {
    let (mut world, step) = limited(&[("retry-after", "5")], QUOTA);
    let (delay, _) = delayed(step);
    assert_eq!(delay.reason, WaitReason::Quota);
    assert!(delay.duration >= Duration::from_secs(5) && delay.duration <= spread(Duration::from_secs(5)));
    assert_eq!(blocked(&album(), &mut world), Some((5, WaitReason::Quota)));
    assert_eq!(blocked(&tracks(), &mut world), None);
    drop(sent(world.start(tracks(), later(0))));
}

#[test]
fn a_429_for_an_operation_with_a_separate_limit_blocks_only_that_operation() {
    for (seconds, why) in [("5", WaitReason::OperationLimit), ("31", WaitReason::Quota)] {
        let mut world = World::fixed("token");
        let (_, exchange) = sent(world.start(cover(), later(0)));
        drop(waits(world.receive(exchange, answer(429, &[("retry-after", seconds)], ""), later(0))));
        assert_eq!(blocked(&cover(), &mut world).map(|it| it.1), Some(why));
        assert_eq!(blocked(&album(), &mut world), None);
    }
}

/// Drives a call that receives the same 429 for every request; returns the delay after each response, and the error.
fn always_limited(policy: RetryPolicy, headers: &[(&str, &str)]) -> (Vec<Duration>, Error) {
    let mut world = ready().with_retry_policy(policy);
    let (mut now, mut delays) = (later(0), Vec::new());
    let mut step = world.start(album(), now);
    loop {
        step = match step {
            Step::Send(_, exchange) => {
                delays.push(Duration::ZERO);
                world.receive(exchange, answer(429, headers, ""), now)
            }
            Step::Wait(delay, waiting) => {
                *delays.last_mut().expect("expected a request before the delay") += delay.duration;
                now += delay.duration;
                world.resume(waiting, now)
            }
            other => return (delays, done(other).expect_err("a 429 should be an error")),
        };
    }
}

#[test]
fn retries_after_a_429_are_limited_by_the_total_delay_and_not_by_the_attempts() {
    let policy = RetryPolicy::new().max_attempts(2);
    let (delays, error) = always_limited(policy, &[("retry-after", "20")]);
    assert!(
        (12..=15).contains(&delays.len()),
        "expected 300 s in steps of 20 to 22 s, got {} steps",
        delays.len()
    );
    let Error::RateLimited(limit) = error else { panic!("{error:?}") };
    assert_eq!(limit.exceeded(), Some(ExceededLimit::MaxTotalDelay));
    assert_eq!(limit.blocked().map(|delay| delay.reason), Some(WaitReason::RateLimit));
    let (delays, error) = always_limited(RetryPolicy::never(), &[("retry-after", "20")]);
    assert_eq!(delays.len(), 1);
    assert_eq!(error.to_string(), "too many requests: 30-second rate limit, retry in 20 s");
}

#[test]
fn delays_grow_in_a_series_of_429_responses_without_a_usable_retry_after() {
    // The header is missing, zero, always one second, or invalid, as in `429_without_retry_after.http`.
    for headers in [
        &[][..],
        &[("retry-after", "0")],
        &[("retry-after", "1")],
        &[("retry-after", "-1")],
        &[("retry-after", "soon")],
        &[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")],
    ] {
        let (delays, error) = always_limited(RetryPolicy::new(), headers);
        let least = [1, 2, 4, 8, 16, 30, 30, 30].map(Duration::from_secs);
        for (number, (delay, least)) in delays.iter().zip(least).enumerate() {
            let is_near = *delay >= least && *delay <= spread(least);
            assert!(is_near, "{headers:?}: delay {number} is {delay:?}");
        }
        assert!((10..=14).contains(&delays.len()), "{headers:?}: {} requests in five minutes", delays.len());
        assert!(matches!(error, Error::RateLimited(_)), "{error:?}");
    }
}

#[test]
fn a_rate_limit_of_the_accounts_service_delays_the_next_token_request() {
    let mut world = world();
    let (step, waiting) = authorizes(world.start(album(), later(0)));
    let (_, exchange) = token_request(step);
    let step = world.receive_token(exchange, answer(429, &[("retry-after", "900")], ""), later(0));
    let Err(Error::RateLimited(limit)) = ended(step) else { panic!("expected a rate limit error") };
    assert_eq!(limit.to_string(), "too many requests, retry in 900 s");
    // The policy does not allow such a long delay, so the call fails with the error of the accounts service.
    let error =
        done(world.resume(waiting, later(0))).expect_err("a delay above the limit should be an error");
    assert_eq!(error.to_string(), "too many requests, retry in 900 s");
    assert_eq!(error.retry_after(later(0)), Some(Duration::from_secs(900)));
    assert_eq!(blocked(&album(), &mut world), None, "the Web API should not be blocked");
    // A 503 response with a `Retry-After` header also delays the next token request.
    let mut world = crate::support::world();
    let (step, waiting) = authorizes(world.start(album(), later(0)));
    let response = answer(503, &[("retry-after", "40")], "");
    world.authorize(step, &response, later(0)).expect_err("an outage should be an error");
    let (delay, waiting) = delayed(world.resume(waiting, later(0)));
    assert_eq!(delay.reason, WaitReason::Token);
    let longest = Duration::from_millis(40_500);
    assert!(delay.duration >= Duration::from_secs(40) && delay.duration <= longest, "{delay:?}");
    drop(authorizes(world.resume(waiting, later(0) + delay.duration)));
}

#[test]
fn the_error_of_a_429_parsed_without_an_application_contains_only_the_header_value() {
    let response = |value: &str| {
        Response::builder().status(429).header("retry-after", value).body("").expect("valid parts")
    };
    for (value, text) in [
        ("7", "too many requests, retry in 7 s"),
        ("Wed, 21 Oct 2015 07:28:00 GMT", "too many requests, retry at Wed, 21 Oct 2015 07:28:00 GMT"),
        ("?", "too many requests"),
    ] {
        let Err(Error::RateLimited(limit)) = album().parse(&response(value)) else {
            panic!("expected a rate limit error")
        };
        assert_eq!(limit.to_string(), text);
        assert_eq!((limit.blocked(), limit.exceeded()), (None, None));
    }
    let Err(error) = album().parse(&response("0")) else { panic!("expected a rate limit error") };
    assert_eq!(error.retry_after(later(0)), Some(Duration::from_secs(1)));
}

#[test]
fn the_reason_for_a_block_is_stored_and_older_formats_are_deserialized() {
    let (mut world, _) = limited(&[("retry-after", "600")], QUOTA);
    world.limiter().block_all(Duration::from_secs(9), later(0));
    let json = serde_json::to_string(world.limiter()).expect("plain data");
    let limiter: RateLimiter = serde_json::from_str(&json).expect("expected a stored limiter");
    assert_eq!(&limiter, world.limiter());
    let mut read = World::fixed("token").with_rate_limiter(limiter);
    assert_eq!(blocked(&album(), &mut read), Some((600, WaitReason::Quota)));
    assert_eq!(blocked(&tracks(), &mut read), Some((9, WaitReason::Blocked)));
    let bytes = postcard::to_stdvec(world.limiter()).expect("plain data");
    assert_eq!(
        &postcard::from_bytes::<RateLimiter>(&bytes).expect("expected a stored limiter"),
        world.limiter()
    );

    let at =
        |seconds: u64| format!(r#"{{"secs_since_epoch":{},"nanos_since_epoch":0}}"#, 1_790_000_000 + seconds);
    let span = format!(r#"{{"until":{},"from":{}}}"#, at(9), at(0));
    let later_version = format!(r#"{{"until":{},"from":{},"why":"weather"}}"#, at(9), at(0));
    for span in [span, later_version] {
        let older = format!(r#"{{"all":{span},"routes":{{"/v1/albums/{{id}}":{span}}}}}"#);
        let limiter: RateLimiter =
            serde_json::from_str(&older).expect("expected a limiter in an older format");
        let why = |route: &str| limiter.delay(route, later(0)).map(|it| (it.duration.as_secs(), it.reason));
        assert_eq!(why("/v1/search"), Some((9, WaitReason::RateLimit)));
        let alone: RateLimiter = serde_json::from_str(&format!(r#"{{"routes":{{"/a":{span}}}}}"#))
            .expect("expected a limiter in an older format");
        assert_eq!(alone.delay("/a", later(0)).map(|delay| delay.reason), Some(WaitReason::Quota));
    }
    // In version 1, the end of the queue is stored with the pace.
    let line = format!(r#"{{"pace":90,"line":{{"until":{},"from":{}}}}}"#, at(9), at(0));
    let limiter: RateLimiter = serde_json::from_str(&line).expect("expected a limiter in an older format");
    assert_eq!(limiter.delay("/a", later(0)), None);
}
