//! 429 answers through whole calls: what is closed, for how long, and what the error says.

use std::time::Duration;

use http::Response;
use spotify_proto::api::{CoverImage, GetAlbum, GetAlbumTracks, UploadPlaylistCover};
use spotify_proto::{
    AlbumId, Bound, Call, Endpoint, Error, PlaylistId, RetryPolicy, Session, Step, Throttle, Why,
};

use crate::transcripts::{album, answer, done, later, ready, sent, waits};

const QUOTA: &str = r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#;

fn tracks() -> GetAlbumTracks {
    GetAlbumTracks::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("an id"))
}

fn cover() -> UploadPlaylistCover {
    let id: PlaylistId = "3cEYpjA9oz9GiPac4AsH4n".parse().expect("an id");
    UploadPlaylistCover::new(id, CoverImage::from_jpeg([0xff, 0xd8, 0xff]).expect("small"))
}

/// How long an operation is closed, in seconds, and why.
fn closed<E: Endpoint>(_: &E, session: &mut Session) -> Option<(u64, Why)> {
    let wait = session.throttle().wait(E::OPERATION.route, later(0))?;
    Some((wait.delay.as_secs(), wait.why))
}

/// What a 429 does to the call that got it, and to the session.
fn limited(headers: &[(&str, &str)], body: &str) -> (Session, Step<<GetAlbum as Endpoint>::Output>) {
    let mut session = ready();
    let (_, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    let step = exchange.receive(answer(429, headers, body), &mut session, later(0));
    (session, step)
}

#[test]
fn every_retry_after_closes_something_for_a_sensible_time() {
    const DAY: u64 = 86_400;
    // The header's values, what is closed for how long, and whether that is waited for.
    let cases: &[(&[&str], u64, Why)] = &[
        (&["5"], 5, Why::Window),
        (&["30"], 30, Why::Window),
        (&["31"], 31, Why::Quota),
        (&["0"], 1, Why::Window),
        (&[], 1, Why::Window),
        (&["-5"], 1, Why::Window),
        (&["soon"], 1, Why::Window),
        (&[""], 1, Why::Window),
        (&["1.5"], 1, Why::Window),
        (&["\u{e9}\u{e9}"], 1, Why::Window),
        (&["Wed, 21 Oct 2015 07:28:00 GMT"], 1, Why::Window),
        (&["Mon, 21 Sep 2026 14:13:27 GMT"], 7, Why::Window),
        (&["Fri, 31 Dec 9999 23:59:59 GMT"], DAY, Why::Quota),
        (&["60"], 60, Why::Quota),
        (&["61"], 61, Why::Quota),
        (&["80000"], 80_000, Why::Quota),
        (&["18446744073709551615"], DAY, Why::Quota),
        (&["99999999999999999999999"], DAY, Why::Quota),
        (&["4", "9"], 4, Why::Window),
        (&["x", "9"], 9, Why::Window),
    ];
    for (values, seconds, why) in cases {
        let headers: Vec<_> = values.iter().map(|value| ("retry-after", *value)).collect();
        let (mut session, step) = limited(&headers, "");
        let expected = Some((*seconds, *why));
        assert_eq!(closed(&album(), &mut session), expected, "{values:?}");
        let of_others = expected.filter(|_| *why == Why::Window);
        assert_eq!(closed(&tracks(), &mut session), of_others, "{values:?} of another route");
        if *seconds <= 60 {
            assert_eq!(waits(step).0, Duration::from_secs(*seconds), "{values:?}");
            continue;
        }
        let Err(error) = done(step) else { panic!("{values:?} is too long") };
        let text = format!("too many requests; the quota of this route, come back in {seconds} s");
        assert_eq!(error.to_string(), text, "{values:?}");
        assert_eq!(error.retry_after(later(0)), Some(Duration::from_secs(*seconds)), "{values:?}");
        assert!(error.is_transient());
        let Error::RateLimited(limit) = error else { panic!("{error:?}") };
        assert_eq!((limit.why(), limit.bound()), (Some(Why::Quota), Some(Bound::LongestWait)));
        // The next call is not even sent, for the same reason.
        let refused = done(Call::new(album()).start(&mut session, later(0))).expect_err("closed");
        assert_eq!(refused.to_string(), text, "{values:?}");
        assert_eq!(refused.status(), None);
    }
}

#[test]
fn a_used_up_quota_closes_its_route_only_however_short_it_is() {
    let (mut session, step) = limited(&[("retry-after", "5")], QUOTA);
    assert_eq!(waits(step).0, Duration::from_secs(5));
    assert_eq!(closed(&album(), &mut session), Some((5, Why::Quota)));
    assert_eq!(closed(&tracks(), &mut session), None);
}

#[test]
fn an_operation_with_its_own_limit_closes_itself_only() {
    for (seconds, why) in [("5", Why::OwnLimit), ("31", Why::Quota)] {
        let mut session = ready();
        let (_, exchange) = sent(Call::new(cover()).start(&mut session, later(0)));
        drop(waits(exchange.receive(answer(429, &[("retry-after", seconds)], ""), &mut session, later(0))));
        assert_eq!(closed(&cover(), &mut session).map(|it| it.1), Some(why));
        assert_eq!(closed(&album(), &mut session), None);
    }
}

#[test]
fn a_429_is_tried_again_as_often_as_the_policy_says() {
    let mut session = ready().with_retry(RetryPolicy::new().tries(2));
    let (_, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    let (_, pause) =
        waits(exchange.receive(answer(429, &[("retry-after", "2")], ""), &mut session, later(0)));
    let (_, exchange) = sent(pause.resume(&mut session, later(2)));
    let error = done(exchange.receive(answer(429, &[("retry-after", "3")], ""), &mut session, later(2)));
    let error = error.expect_err("two tries are all");
    let text = "too many requests; the limit of 30 seconds, come back in 3 s; this call has been sent as often as it may";
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_limit_of_the_accounts_service_says_that_a_token_is_missing() {
    let mut session = crate::transcripts::session();
    let (_, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    let step = exchange.receive(answer(429, &[("retry-after", "900")], ""), &mut session, later(0));
    let Err(Error::RateLimited(limit)) = done(step) else { panic!("too long") };
    assert_eq!(limit.why(), Some(Why::Token));
    assert_eq!(limit.to_string(), "too many requests; waiting for a token, come back in 900 s");
    // An outage that names a time is believed, too.
    let mut session = crate::transcripts::session();
    let (_, exchange) = sent(Call::new(album()).start(&mut session, later(0)));
    let step = exchange.receive(answer(503, &[("retry-after", "40")], ""), &mut session, later(0));
    assert!(waits(step).0 >= Duration::from_secs(40));
}

#[test]
fn what_was_answered_without_a_session_says_what_it_knows() {
    let response = |value: &str| {
        Response::builder().status(429).header("retry-after", value).body("").expect("valid parts")
    };
    for (value, text) in [
        ("7", "too many requests, come back in 7 s"),
        ("Wed, 21 Oct 2015 07:28:00 GMT", "too many requests, come back at Wed, 21 Oct 2015 07:28:00 GMT"),
        ("?", "too many requests"),
    ] {
        let Err(Error::RateLimited(limit)) = album().parse(&response(value)) else { panic!("a 429") };
        assert_eq!(limit.to_string(), text);
        assert_eq!((limit.why(), limit.bound()), (None, None));
    }
    let Err(error) = album().parse(&response("0")) else { panic!("a 429") };
    assert_eq!(error.retry_after(later(0)), Some(Duration::from_secs(1)));
}

#[test]
fn the_reason_of_a_closure_is_stored_and_an_older_form_still_reads() {
    let (mut session, _) = limited(&[("retry-after", "600")], QUOTA);
    session.throttle().close_all(Duration::from_secs(9), later(0));
    let json = serde_json::to_string(session.throttle()).expect("plain data");
    let mut read = Session::fixed("token").with_throttle(serde_json::from_str(&json).expect("the same"));
    assert_eq!(read.throttle(), session.throttle());
    assert_eq!(closed(&album(), &mut read), Some((600, Why::Quota)));
    assert_eq!(closed(&tracks(), &mut read), Some((9, Why::Closed)));

    let at =
        |seconds: u64| format!(r#"{{"secs_since_epoch":{},"nanos_since_epoch":0}}"#, 1_790_000_000 + seconds);
    let span = format!(r#"{{"until":{},"from":{}}}"#, at(9), at(0));
    let later_version = format!(r#"{{"until":{},"from":{},"why":"weather"}}"#, at(9), at(0));
    for span in [span, later_version] {
        let older = format!(r#"{{"all":{span},"routes":{{"/v1/albums/{{id}}":{span}}}}}"#);
        let throttle: Throttle = serde_json::from_str(&older).expect("an older form");
        let why = |route: &str| throttle.wait(route, later(0)).map(|wait| (wait.delay.as_secs(), wait.why));
        assert_eq!(why("/v1/search"), Some((9, Why::Window)));
        let alone: Throttle =
            serde_json::from_str(&format!(r#"{{"routes":{{"/a":{span}}}}}"#)).expect("older");
        assert_eq!(alone.wait("/a", later(0)).map(|wait| wait.why), Some(Why::Quota));
    }
    let bytes = postcard::to_stdvec(session.throttle()).expect("postcard");
    assert_eq!(&postcard::from_bytes::<Throttle>(&bytes).expect("the same"), session.throttle());
}
