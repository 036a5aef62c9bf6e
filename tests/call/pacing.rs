//! Tests of pacing: at most the given number of requests in any 30 seconds, without busy waiting, starvation or unused
//! slots.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use spotify_proto::api::GetAlbum;
use spotify_proto::{
    Call, Endpoint, Error, ExceededLimit, Exchange, RateLimiter, RetryPolicy, Step, WaitReason, Waiting,
};

use crate::support::{World, album, answer, done, later, sent, waits};

type Album = <GetAlbum as Endpoint>::Output;

const WINDOW: Duration = Duration::from_secs(30);

/// Maximum lateness of a queued request that does not reduce the throughput.
const GRACE: Duration = Duration::from_secs(1);

fn pace(requests: u32) -> RateLimiter {
    RateLimiter::default().with_pace(NonZeroU32::new(requests).expect("expected a pace above zero"))
}

fn patient() -> RetryPolicy {
    RetryPolicy::new().max_delay(Duration::from_secs(9_000)).max_total_delay(Duration::from_secs(9_000))
}

fn paced(requests: u32) -> World {
    World::fixed("token").with_rate_limiter(pace(requests)).with_retry_policy(patient()).with_jitter(1)
}

/// Calls in virtual time, the time of each request, and the maximum number of delays of one call.
struct Calls {
    world: World,
    /// Waiting calls by the end of their delay; the number distinguishes calls with the same end.
    waiting: BTreeMap<(SystemTime, usize), (Waiting<Album>, u32)>,
    count: usize,
    sent: Vec<SystemTime>,
    most_waits: u32,
    /// Number of calls that exceeded a limit of the retry policy.
    refused: usize,
}

impl Calls {
    fn new(world: World) -> Self {
        Self { world, waiting: BTreeMap::new(), count: 0, sent: Vec::new(), most_waits: 0, refused: 0 }
    }

    fn start(&mut self, now: SystemTime, oversleeps: Duration) -> Option<Exchange<Album>> {
        let step = self.world.start(album(), now);
        self.take(step, 0, now, oversleeps)
    }

    fn take(
        &mut self,
        step: Step<Album>,
        waits: u32,
        now: SystemTime,
        oversleeps: Duration,
    ) -> Option<Exchange<Album>> {
        match step {
            Step::Send(_, exchange) => {
                self.sent.push(now);
                self.most_waits = self.most_waits.max(waits);
                Some(exchange)
            }
            Step::Wait(delay, waiting) => {
                self.count += 1;
                self.waiting.insert((now + delay.duration + oversleeps, self.count), (waiting, waits + 1));
                None
            }
            Step::Done(Err(Error::Throttled(throttled))) => {
                assert_eq!(throttled.reason(), WaitReason::Pacing);
                self.refused += 1;
                None
            }
            other => panic!("{other:?}"),
        }
    }

    /// Advances the clock to `until`. `oversleeps` returns by how much the sleep with the given number is too long.
    fn pass(&mut self, until: SystemTime, oversleeps: impl Fn(usize) -> Duration) {
        while let Some(first) = self.waiting.first_entry().filter(|it| it.key().0 <= until) {
            let ((now, number), (waiting, waits)) = first.remove_entry();
            let step = self.world.resume(waiting, now);
            let _ = self.take(step, waits, now, oversleeps(number));
        }
    }

    fn most_in(&self, window: Duration) -> usize {
        let in_window =
            |from: &SystemTime| self.sent.iter().filter(|at| *at >= from && **at < *from + window).count();
        self.sent.iter().map(in_window).max().unwrap_or(0)
    }
}

/// Maximum number of delays of one call in a short queue.
const MOST_WAITS: u32 = 24;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn no_window_contains_more_requests_than_the_pace_allows(
        requests in 1..40_u32,
        arrivals in prop::collection::vec((0..3_000_u64, 0..8_usize), 1..40),
        blocks in prop::collection::vec((0..60_u64, 1..40_u64), 0..3),
        oversleeps in prop_oneof![
            prop::collection::vec(0..1_000_u64, 1..5),
            prop::collection::vec(0..2_500_u64, 1..5),
        ],
    ) {
        let mut calls = Calls::new(paced(requests));
        // Sleeps are up to 2.5 s too long, so calls miss some of their slots.
        let oversleep = |number: usize| Duration::from_millis(oversleeps[number % oversleeps.len()]);
        let mut now = later(0);
        let mut blocks: BTreeMap<u64, u64> = blocks.into_iter().collect();
        for (gap, burst) in arrivals {
            now += Duration::from_millis(gap);
            calls.pass(now, oversleep);
            while let Some(first) = blocks.first_entry().filter(|it| later(*it.key()) <= now) {
                calls.world.limiter().block_all(Duration::from_secs(*first.get()), now);
                first.remove();
            }
            for number in 0..burst {
                let _ = calls.start(now, oversleep(number));
            }
        }
        calls.pass(later(1_000_000), oversleep);
        prop_assert!(calls.most_in(WINDOW) <= requests as usize, "{} requests at a pace of {requests}", calls.most_in(WINDOW));
        prop_assert!(calls.waiting.is_empty());
        let is_on_time = oversleeps.iter().all(|it| *it <= 1_000);
        prop_assert!(!is_on_time || calls.refused == 0, "{} calls failed", calls.refused);
    }

    #[test]
    fn limiters_can_be_merged_in_any_order(steps in prop::collection::vec((0..3_usize, 0..6_u8, 0..90_u64, 0..100_u64), 0..25)) {
        let mut all = [RateLimiter::default(), RateLimiter::default(), RateLimiter::default()];
        for (which, what, at, length) in steps {
            let (now, length) = (later(at), Duration::from_secs(length));
            let it = &mut all[which];
            match what {
                0 => it.block_all(length, now),
                1 => it.block_route("/a", length, now),
                2 => it.block_route("/b", length, now),
                3 => *it = std::mem::take(it).with_pace(NonZeroU32::new(at as u32 + 1).expect("expected a pace above zero")),
                _ => {
                    let _ = it.reserve("/a", now);
                }
            }
        }
        let [a, b, c] = all;
        let merge = |a: &RateLimiter, b: &RateLimiter| a.clone().merge(b.clone());
        prop_assert_eq!(merge(&a, &b), merge(&b, &a));
        prop_assert_eq!(merge(&merge(&a, &b), &c), merge(&a, &merge(&b, &c)));
        prop_assert_eq!(merge(&a, &a), a.clone());
        let delay = |it: &RateLimiter| it.delay("/a", later(90)).map_or(Duration::ZERO, |delay| delay.duration);
        // A merged limiter delays a call for at least as long as either limiter alone.
        let both = merge(&a, &b);
        prop_assert!(delay(&both) >= delay(&a).max(delay(&b)));
        // Stored limiters have millisecond precision.
        let stored = |it: &RateLimiter| serde_json::to_string(it).expect("plain data");
        let read = serde_json::from_str::<RateLimiter>(&stored(&both)).expect("expected a stored limiter");
        prop_assert_eq!(stored(&read), stored(&both));
        prop_assert!(delay(&both).abs_diff(delay(&read)) < Duration::from_millis(1));
    }

    #[test]
    fn setting_the_clock_back_does_not_lengthen_any_delay(
        requests in 1..100_u32, before in 0..300_u32, back in 0..100_000_u64,
    ) {
        let mut limiter = pace(requests);
        for _ in 0..before {
            let _ = limiter.reserve("/a", later(100_000));
        }
        let delay = |at| limiter.delay("/a", at).map_or(Duration::ZERO, |delay| delay.duration);
        let usual = delay(later(100_000));
        let now = delay(later(100_000 - back));
        prop_assert!(now <= usual, "{now:?}");
        prop_assert!(Duration::from_secs(back) <= usual + GRACE || now.is_zero(), "{now:?}");
    }
}

#[test]
fn a_thousand_simultaneous_calls_respect_the_pace_with_a_bounded_number_of_polls() {
    let mut calls = Calls::new(paced(100));
    for _ in 0..1000 {
        let _ = calls.start(later(0), Duration::ZERO);
    }
    calls.pass(later(9_000), |_| Duration::from_millis(3));
    assert_eq!(calls.sent.len(), 1000);
    let (polls, most) = (calls.count, calls.most_waits);
    // A call polls at each of the 32 slots before its own slot, and less often before that.
    assert!(most <= 160 && polls < 130_000, "{polls} delays in total, at most {most} per call");
    assert!(calls.most_in(WINDOW) <= 100);
    let took = calls.sent[999].duration_since(later(0)).expect("later");
    assert!(took < Duration::from_secs(312), "expected 31 s per 100 calls, got {took:?}");
}

#[test]
fn calls_are_spread_after_a_block() {
    let mut calls = Calls::new(paced(10));
    let mut first = None;
    for _ in 0..10 {
        first = calls.start(later(0), Duration::ZERO).or(first);
    }
    let limited = answer(429, &[("retry-after", "20")], "");
    let step = calls.world.receive(first.expect("expected a request without a delay"), limited, later(0));
    assert!(calls.take(step, 0, later(0), Duration::ZERO).is_none());
    calls.pass(later(9_000), |_| Duration::ZERO);
    assert_eq!(calls.sent.len(), 11);
    assert!(calls.sent[1] >= later(20), "no request should be sent during the block");
    assert!(calls.most_waits <= MOST_WAITS, "{} delays of one call", calls.most_waits);
    let nearest =
        calls.sent.windows(2).skip(1).map(|pair| pair[1].duration_since(pair[0]).expect("in order")).min();
    assert!(nearest >= Some(Duration::from_secs(2)), "two requests are only {nearest:?} apart");
}

#[test]
fn fifty_calls_are_spread_after_one_429() {
    let mut calls = Calls::new(World::fixed("token").with_jitter(3));
    let exchanges: Vec<_> = (0..50).filter_map(|_| calls.start(later(0), Duration::ZERO)).collect();
    assert_eq!(exchanges.len(), 50, "expected requests, as there is no pace");
    for exchange in exchanges {
        let step = calls.world.receive(exchange, answer(429, &[("retry-after", "5")], ""), later(1));
        assert!(calls.take(step, 0, later(1), Duration::ZERO).is_none());
    }
    let first: Vec<_> = calls.waiting.keys().map(|(at, _)| *at).collect();
    let same = first.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!(same < 10, "{same} calls resume in the same millisecond as another call");
    calls.sent.clear();
    calls.pass(later(9_000), |_| Duration::ZERO);
    assert_eq!(calls.sent.len(), 50);
    assert!(calls.sent[0] >= later(6), "the block should last for 5 s");
    // The server rejected 50 requests in 30 s, so requests are sent 0.6 s apart, except that up to one second of delay
    // may be made up.
    let most = calls.most_in(Duration::from_secs(1));
    assert!(most <= 4, "{most} requests within one second");
    let took = calls.sent[49].duration_since(later(6)).expect("later");
    assert!(took > Duration::from_secs(20) && took < Duration::from_secs(40), "{took:?}");
}

#[test]
fn a_429_temporarily_slows_down_an_application_without_a_pace() {
    let mut world = World::fixed("token");
    let exchanges: Vec<_> = (0..30).map(|_| sent(world.start(album(), later(0))).1).collect();
    for exchange in exchanges {
        drop(waits(world.receive(exchange, answer(429, &[("retry-after", "1")], ""), later(0))));
    }
    drop(sent(world.start(album(), later(3))));
    let Step::Wait(delay, _) = world.start(album(), later(3)) else {
        panic!("expected a delay of one second")
    };
    assert_eq!((delay.duration, delay.reason), (Duration::from_secs(1), WaitReason::Pacing));
    // The interval is halved after every 30 seconds without a 429.
    drop(sent(world.start(album(), later(40))));
    let (delay, _) = waits(world.start(album(), later(40)));
    assert_eq!(delay, Duration::from_millis(500));
    for _ in 0..50 {
        drop(sent(world.start(album(), later(600))));
    }
}

#[test]
fn a_call_keeps_its_slot_while_it_is_delayed() {
    let mut world = paced(31);
    drop(sent(world.start(album(), later(0))));
    let (delay, waiting) = waits(world.start(album(), later(0)));
    assert_eq!(delay.as_millis(), 1000);
    let (other, _last) = waits(world.start(album(), later(0)));
    assert!(other > delay);
    let early = later(0) + delay - Duration::from_millis(1);
    let (rest, waiting) = waits(world.resume(waiting, early));
    assert_eq!(rest, Duration::from_millis(1), "a call that resumes early keeps its slot");
    drop(sent(world.resume(waiting, later(0) + delay)));
}

#[test]
fn the_slot_of_a_dropped_call_is_given_to_the_next_call() {
    let mut calls = Calls::new(paced(31));
    for _ in 0..100 {
        let _ = calls.start(later(0), Duration::ZERO);
    }
    assert_eq!(calls.world.app.queue_len(), 99);
    // All calls except the first and the last are dropped.
    let ends = [calls.waiting.pop_first(), calls.waiting.pop_last()];
    calls.waiting.clear();
    calls.waiting.extend(ends.into_iter().flatten());
    calls.pass(later(9_000), |_| Duration::ZERO);
    assert_eq!(calls.sent.len(), 3);
    let took = calls.sent[2].duration_since(later(0)).expect("later");
    assert!(
        took < Duration::from_secs(8),
        "the slots of 97 dropped calls should be free, but the last call took {took:?}"
    );
    assert!(calls.world.app.queue_len() <= 1);
}

#[test]
fn a_call_that_fails_because_of_the_pace_does_not_reserve_a_slot() {
    let mut world = paced(1).with_retry_policy(RetryPolicy::new());
    drop(sent(world.start(album(), later(0))));
    let hasty = RetryPolicy::new().max_delay(Duration::from_secs(5));
    for _ in 0..50 {
        let error = done(world.start(Call::new(album()).retry(hasty.clone()), later(1)));
        let Err(Error::Throttled(throttled)) = error else { panic!("{error:?}") };
        assert_eq!(throttled.reason(), WaitReason::Pacing);
        assert_eq!(throttled.exceeded(), ExceededLimit::MaxDelay);
        assert_eq!(throttled.to_string(), "request delayed for another 31 s: application pace");
        let error = done(world.start(Call::new(album()).deadline(later(9)), later(1)));
        assert!(matches!(error, Err(Error::Deadline)), "{error:?}");
    }
    assert_eq!(world.app.queue_len(), 0);
    let (delay, _) = waits(world.start(album(), later(1)));
    assert_eq!(delay.as_secs(), 30, "the next slot should still be free");
}

#[test]
fn calls_respect_the_pace_after_the_clock_was_set_back() {
    let mut calls = Calls::new(paced(2));
    for _ in 0..7 {
        let _ = calls.start(later(50_000), Duration::ZERO);
    }
    assert_eq!((calls.sent.len(), calls.waiting.len()), (1, 6));
    // The clock is set back by an hour, and all calls resume immediately.
    let waiting = std::mem::take(&mut calls.waiting);
    calls.sent.clear();
    for (waiting, _) in waiting.into_values() {
        let step = calls.world.resume(waiting, later(46_400));
        let _ = calls.take(step, 0, later(46_400), Duration::ZERO);
    }
    assert_eq!(calls.sent, [later(46_400)], "one request should be sent immediately");
    calls.pass(later(50_000), |_| Duration::ZERO);
    let apart = calls.sent.windows(2).map(|pair| pair[1].duration_since(pair[0]).expect("in order"));
    let apart: Vec<Duration> = apart.collect();
    // The first call in the queue may make up one second of delay.
    assert!(apart.iter().all(|it| *it >= Duration::from_millis(14_499)), "{apart:?}");
    assert!(calls.most_in(WINDOW) <= 2 && apart.len() == 5, "{apart:?}");
}

#[test]
fn a_call_that_is_not_allowed_to_wait_is_sent_after_the_clock_was_set_back() {
    let mut world = paced(2).with_retry_policy(RetryPolicy::new().max_delay(Duration::from_secs(5)));
    drop(sent(world.start(album(), later(50_000))));
    done(world.start(album(), later(50_000))).expect_err("15.5 s should exceed the maximum delay");
    drop(sent(world.start(album(), later(46_400))));
}

#[test]
fn a_stored_pace_is_respected_in_the_next_process() {
    let mut limiter = pace(31);
    assert_eq!(limiter.reserve("/a", later(0)), None);
    let text = serde_json::to_string(&limiter).expect("plain data");
    let mut read: RateLimiter = serde_json::from_str(&text).expect("expected a stored limiter");
    let reason = read.delay("/b", later(0)).map(|delay| delay.reason);
    assert_eq!(reason, Some(WaitReason::Pacing), "the pace should apply to all routes");
    read.block_route("/a", Duration::from_secs(5), later(0));
    let delay = read.reserve("/a", later(0)).expect("expected the route should be blocked");
    assert_eq!((delay.duration, delay.reason), (Duration::from_secs(5), WaitReason::Blocked));
    let delay = read.reserve("/b", later(0)).expect("expected two reserved slots");
    assert_eq!((delay.duration.as_millis(), delay.reason), (2000, WaitReason::Pacing));
    assert_eq!(read.without_pace().delay("/b", later(0)), None);
}
