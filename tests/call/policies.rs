//! Retry policies and rate limiters without a call.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Method, StatusCode};
use spotify_proto::{AttemptOutcome, Budget, Operation, RateLimiter, RetryPolicy, WaitReason};

const READ: Operation = Operation::new("get-an-album", Method::GET, "/v1/albums/{id}");
const ADD: Operation = Operation::new("add-to-queue", Method::POST, "/v1/me/player/queue");

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000 + seconds)
}

#[test]
fn a_non_idempotent_request_is_not_repeated_if_the_server_may_have_executed_it() {
    let policy = RetryPolicy::new();
    for outcome in [AttemptOutcome::Lost, AttemptOutcome::Status(StatusCode::BAD_GATEWAY)] {
        assert!(policy.decide(&READ, outcome, 1, 7).is_some());
        assert_eq!(policy.decide(&ADD, outcome, 1, 7), None);
    }
    let limited = AttemptOutcome::RateLimited(Duration::from_secs(3));
    assert_eq!(policy.decide(&ADD, limited, 1, 7), Some(Duration::from_secs(3)));
    assert_eq!(policy.decide(&READ, AttemptOutcome::Status(StatusCode::NOT_FOUND), 1, 7), None);
}

#[test]
fn attempts_and_delays_are_bounded() {
    let policy = RetryPolicy::new().max_attempts(3).max_delay(Duration::from_secs(10));
    assert!(policy.decide(&READ, AttemptOutcome::Lost, 2, 0).is_some());
    assert_eq!(policy.decide(&READ, AttemptOutcome::Lost, 3, 0), None);
    let limited = |seconds| AttemptOutcome::RateLimited(Duration::from_secs(seconds));
    assert_eq!(policy.decide(&READ, limited(11), 1, 0), None);
    assert_eq!(
        policy.decide(&READ, limited(10), 99, 0),
        Some(Duration::from_secs(10)),
        "a 429 is limited by time only"
    );
    assert_eq!(RetryPolicy::never().decide(&READ, AttemptOutcome::Lost, 1, 0), None);
}

#[test]
fn a_clock_that_is_set_back_ends_blocks() {
    let hours = |hours: u64| UNIX_EPOCH + Duration::from_secs(hours * 3600);
    let mut limiter = RateLimiter::default();
    limiter.block_all(Duration::from_secs(9), hours(5));
    limiter.block_route("/a", Duration::from_secs(20), hours(5));
    let corrected = hours(5) - Duration::from_secs(1);
    let delay = limiter.delay("/b", corrected).map(|it| it.duration);
    assert_eq!(delay, Some(Duration::from_secs(9)), "a correction of one second does not end the block");
    assert_eq!(limiter.delay("/a", hours(4)), None);
    limiter.block_all(Duration::from_secs(2), hours(4));
    let delay = limiter.delay("/a", hours(4)).map(|it| it.duration);
    assert_eq!(delay, Some(Duration::from_secs(2)), "the limiter can be blocked again");
}

#[test]
fn merging_the_state_of_a_wrong_clock_does_not_end_a_block() {
    for wrong in [at(60), at(100_000_000), UNIX_EPOCH + Duration::from_secs(5)] {
        let (mut right, mut foreign) = (RateLimiter::default(), RateLimiter::default());
        right.block_all(Duration::from_secs(20), at(0));
        foreign.block_all(Duration::from_secs(20), wrong);
        let merged = right.clone().merge(foreign.clone());
        assert_eq!(merged, foreign.merge(right));
        for second in 0..20 {
            let delay = merged.delay("/a", at(second)).expect("a block of the correct clock");
            assert!(delay.duration >= Duration::from_secs(20 - second));
        }
        assert!(merged.delay("/a", wrong + Duration::from_secs(19)).is_some());
    }
}

#[test]
fn merging_is_commutative_associative_and_idempotent() {
    let limiter = |salt: u64| {
        let mut limiter = RateLimiter::default().with_budget(Budget::new("/v1/", 9));
        limiter.block_all(Duration::from_secs(salt % 7), at(salt % 11));
        limiter.block_route("/a", Duration::from_secs(salt % 5), at(salt % 13 * 60));
        let _ = limiter.reserve("/a", at(salt));
        limiter
    };
    for salt in 0..200 {
        let (a, b, c) = (limiter(salt), limiter(salt * 31 + 1), limiter(salt * 17 + 5));
        let all = a.clone().merge(b.clone()).merge(c.clone());
        assert_eq!(all, c.clone().merge(b.clone()).merge(a.clone()));
        assert_eq!(all, a.clone().merge(b.clone().merge(c)));
        assert_eq!(all.clone().merge(a).merge(b), all);
    }
}

#[test]
fn a_limiter_survives_a_round_trip_through_json() {
    let mut limiter = RateLimiter::default().with_budget(Budget::new("/v1/", 9));
    limiter.block_route("/a", Duration::from_secs(9), UNIX_EPOCH);
    limiter.block_all(Duration::from_secs(9), UNIX_EPOCH);
    let json = serde_json::to_string(&limiter).expect("plain data");
    assert_eq!(serde_json::from_str::<RateLimiter>(&json).expect("a serialised limiter"), limiter);
    assert!(!json.contains("secs_since_epoch"), "{json}");
}

#[test]
fn the_stored_form_of_the_first_version_is_read() {
    let time = |seconds: u64| format!(r#"{{"secs_since_epoch":{seconds},"nanos_since_epoch":0}}"#);
    let block =
        format!(r#"{{"until":{},"from":{},"why":"window"}}"#, time(1_790_000_009), time(1_790_000_000));
    let json = format!(r#"{{"all":{block},"routes":{{"/a":{block}}},"pace":90,"line":null}}"#);
    let limiter: RateLimiter = serde_json::from_str(&json).expect("a limiter in the first form");
    let delay = limiter.delay("/a", at(1)).expect("a blocked route");
    assert_eq!((delay.duration.as_secs(), delay.reason), (8, WaitReason::RateLimit));
}
