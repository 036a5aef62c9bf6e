//! 429 responses through whole calls: what they block, for how long, and what the error says.

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
    GetAlbumTracks::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("an id"))
}

fn cover() -> UploadPlaylistCover {
    let id: PlaylistId = "3cEYpjA9oz9GiPac4AsH4n".parse().expect("an id");
    UploadPlaylistCover::new(id, CoverImage::from_jpeg([0xff, 0xd8, 0xff]).expect("small"))
}

/// The longest random time on top of a block.
fn spread(block: Duration) -> Duration {
    block + (block / 10).max(Duration::from_millis(250))
}

/// How long an operation is blocked, in seconds, and why.
fn blocked<E: Endpoint>(_: &E, world: &mut World) -> Option<(u64, WaitReason)> {
    let delay = world.limiter().delay(E::OPERATION.route, later(0))?;
    Some((delay.duration.as_secs(), delay.reason)).filter(|it| it.1 != WaitReason::Pacing)
}

/// What a 429 does to the call that got it, and to the application.
fn limited(headers: &[(&str, &str)], body: &str) -> (World, Step<<GetAlbum as Endpoint>::Output>) {
    let mut world = ready();
    let (_, exchange) = sent(world.start(Call::new(album()), later(0)));
    let step = world.receive(exchange, answer(429, headers, body), later(0));
    (world, step)
}

#[test]
fn every_retry_after_closes_something_for_a_sensible_time() {
    const DAY: u64 = 86_400;
    // The header's values, what is closed for how long, and whether that is waited for.
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
        assert_eq!(blocked(&tracks(), &mut world), of_others, "{values:?} of another route");
        if *seconds <= 60 {
            let (delay, least) = (waits(step).0, Duration::from_secs(*seconds));
            assert!(delay >= least && delay <= spread(least), "{values:?}: {delay:?}");
            assert!(delay <= Duration::from_secs(60), "{values:?}: {delay:?}");
            continue;
        }
        let Err(error) = done(step) else { panic!("{values:?} is too long") };
        let text = format!("too many requests: quota of the route, retry in {seconds} s");
        assert_eq!(error.to_string(), text, "{values:?}");
        assert_eq!(error.retry_after(later(0)), Some(Duration::from_secs(*seconds)), "{values:?}");
        assert!(error.is_transient());
        let Error::RateLimited(limit) = error else { panic!("{error:?}") };
        let block = limit.blocked().expect("it was applied");
        assert_eq!((block.duration.as_secs(), block.reason), (*seconds, WaitReason::Quota));
        assert_eq!(limit.exceeded(), Some(ExceededLimit::MaxDelay));
        // The next call is not sent, for the same reason.
        let refused = done(world.start(album(), later(0))).expect_err("blocked");
        let text = format!("request delayed for another {seconds} s: quota of the route");
        assert_eq!(refused.to_string(), text, "{values:?}");
        assert_eq!(refused.status(), None);
        assert_eq!(refused.retry_after(later(0)), Some(Duration::from_secs(*seconds)), "{values:?}");
        let Error::Throttled(throttled) = refused else { panic!("{refused:?}") };
        assert_eq!(throttled.reason(), WaitReason::Quota);
        assert_eq!(throttled.exceeded(), ExceededLimit::MaxDelay);
    }
}

#[test]
fn a_used_up_quota_blocks_its_route_only_however_short_it_is() {
    let (mut world, step) = limited(&[("retry-after", "5")], QUOTA);
    let (delay, _) = delayed(step);
    assert_eq!(delay.reason, WaitReason::Quota);
    assert!(delay.duration >= Duration::from_secs(5) && delay.duration <= spread(Duration::from_secs(5)));
    assert_eq!(blocked(&album(), &mut world), Some((5, WaitReason::Quota)));
    assert_eq!(blocked(&tracks(), &mut world), None);
    drop(sent(world.start(tracks(), later(0))));
}

#[test]
fn an_operation_with_its_own_limit_blocks_itself_only() {
    for (seconds, why) in [("5", WaitReason::OperationLimit), ("31", WaitReason::Quota)] {
        let mut world = World::fixed("token");
        let (_, exchange) = sent(world.start(cover(), later(0)));
        drop(waits(world.receive(exchange, answer(429, &[("retry-after", seconds)], ""), later(0))));
        assert_eq!(blocked(&cover(), &mut world).map(|it| it.1), Some(why));
        assert_eq!(blocked(&album(), &mut world), None);
    }
}

/// Follows a call that gets nothing but this 429: how often it is sent, the delays after each response, the error.
fn refused_always(policy: RetryPolicy, headers: &[(&str, &str)]) -> (Vec<Duration>, Error) {
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
                *delays.last_mut().expect("it was sent first") += delay.duration;
                now += delay.duration;
                world.resume(waiting, now)
            }
            other => return (delays, done(other).expect_err("refused")),
        };
    }
}

#[test]
fn a_429_is_limited_by_time_and_not_by_attempts() {
    let policy = RetryPolicy::new().max_attempts(2);
    let (delays, error) = refused_always(policy, &[("retry-after", "20")]);
    assert!((12..=15).contains(&delays.len()), "300 s in steps of 20 to 22 s, not {}", delays.len());
    let Error::RateLimited(limit) = error else { panic!("{error:?}") };
    assert_eq!(limit.exceeded(), Some(ExceededLimit::MaxTotalDelay));
    assert_eq!(limit.blocked().map(|delay| delay.reason), Some(WaitReason::RateLimit));
    let (delays, error) = refused_always(RetryPolicy::never(), &[("retry-after", "20")]);
    assert_eq!(delays.len(), 1);
    assert_eq!(error.to_string(), "too many requests: rate limit of 30 seconds, retry in 20 s");
}

#[test]
fn a_series_of_429s_that_do_not_say_how_long_is_waited_out_with_growing_delays() {
    // 429_without_retry_after.http: missing, zero, one second in a series, and values that cannot be believed.
    for headers in [
        &[][..],
        &[("retry-after", "0")],
        &[("retry-after", "1")],
        &[("retry-after", "-1")],
        &[("retry-after", "soon")],
        &[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")],
    ] {
        let (delays, error) = refused_always(RetryPolicy::new(), headers);
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
fn a_limit_of_the_accounts_service_delays_the_next_token_request() {
    let mut world = world();
    let (step, waiting) = authorizes(world.start(album(), later(0)));
    let (_, exchange) = token_request(step);
    let step = world.receive_token(exchange, answer(429, &[("retry-after", "900")], ""), later(0));
    let Err(Error::RateLimited(limit)) = ended(step) else { panic!("a 429") };
    assert_eq!(limit.to_string(), "too many requests, retry in 900 s");
    // The call may not wait that long; the error is the one of the accounts service.
    let error = done(world.resume(waiting, later(0))).expect_err("too long");
    assert_eq!(error.to_string(), "too many requests, retry in 900 s");
    assert_eq!(error.retry_after(later(0)), Some(Duration::from_secs(900)));
    assert_eq!(blocked(&album(), &mut world), None, "the Web API is not blocked");
    // An outage with a `Retry-After` delays it, too.
    let mut world = crate::support::world();
    let (step, waiting) = authorizes(world.start(album(), later(0)));
    let response = answer(503, &[("retry-after", "40")], "");
    world.authorize(step, &response, later(0)).expect_err("an outage");
    let (delay, waiting) = delayed(world.resume(waiting, later(0)));
    assert_eq!(delay.reason, WaitReason::Token);
    let longest = Duration::from_millis(40_500);
    assert!(delay.duration >= Duration::from_secs(40) && delay.duration <= longest, "{delay:?}");
    drop(authorizes(world.resume(waiting, later(0) + delay.duration)));
}

#[test]
fn a_response_that_was_read_without_an_application_says_what_it_knows() {
    let response = |value: &str| {
        Response::builder().status(429).header("retry-after", value).body("").expect("valid parts")
    };
    for (value, text) in [
        ("7", "too many requests, retry in 7 s"),
        ("Wed, 21 Oct 2015 07:28:00 GMT", "too many requests, retry at Wed, 21 Oct 2015 07:28:00 GMT"),
        ("?", "too many requests"),
    ] {
        let Err(Error::RateLimited(limit)) = album().parse(&response(value)) else { panic!("a 429") };
        assert_eq!(limit.to_string(), text);
        assert_eq!((limit.blocked(), limit.exceeded()), (None, None));
    }
    let Err(error) = album().parse(&response("0")) else { panic!("a 429") };
    assert_eq!(error.retry_after(later(0)), Some(Duration::from_secs(1)));
}

#[test]
fn the_reason_of_a_block_is_stored_and_older_forms_are_read() {
    let (mut world, _) = limited(&[("retry-after", "600")], QUOTA);
    world.limiter().block_all(Duration::from_secs(9), later(0));
    let json = serde_json::to_string(world.limiter()).expect("plain data");
    let limiter: RateLimiter = serde_json::from_str(&json).expect("the same");
    assert_eq!(&limiter, world.limiter());
    let mut read = World::fixed("token").with_rate_limiter(limiter);
    assert_eq!(blocked(&album(), &mut read), Some((600, WaitReason::Quota)));
    assert_eq!(blocked(&tracks(), &mut read), Some((9, WaitReason::Blocked)));
    let bytes = postcard::to_stdvec(world.limiter()).expect("postcard");
    assert_eq!(&postcard::from_bytes::<RateLimiter>(&bytes).expect("the same"), world.limiter());

    let at =
        |seconds: u64| format!(r#"{{"secs_since_epoch":{},"nanos_since_epoch":0}}"#, 1_790_000_000 + seconds);
    let span = format!(r#"{{"until":{},"from":{}}}"#, at(9), at(0));
    let later_version = format!(r#"{{"until":{},"from":{},"why":"weather"}}"#, at(9), at(0));
    for span in [span, later_version] {
        let older = format!(r#"{{"all":{span},"routes":{{"/v1/albums/{{id}}":{span}}}}}"#);
        let limiter: RateLimiter = serde_json::from_str(&older).expect("an older form");
        let why = |route: &str| limiter.delay(route, later(0)).map(|it| (it.duration.as_secs(), it.reason));
        assert_eq!(why("/v1/search"), Some((9, WaitReason::RateLimit)));
        let alone: RateLimiter =
            serde_json::from_str(&format!(r#"{{"routes":{{"/a":{span}}}}}"#)).expect("older");
        assert_eq!(alone.delay("/a", later(0)).map(|delay| delay.reason), Some(WaitReason::Quota));
    }
    // A pace of the first version, with the end of its queue.
    let line = format!(r#"{{"pace":90,"line":{{"until":{},"from":{}}}}}"#, at(9), at(0));
    let limiter: RateLimiter = serde_json::from_str(&line).expect("an older form");
    assert_eq!(limiter.delay("/a", later(0)), None);
}
