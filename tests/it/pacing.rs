//! A pace: never more than so many requests in any 30 seconds, and nobody spins, starves or loses a slot.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use spotify_proto::api::GetAlbum;
use spotify_proto::{
    Bound, Call, Endpoint, Error, Exchange, Pause, RetryPolicy, Session, Step, Throttle, Why,
};

use crate::transcripts::{album, answer, done, later, sent, waits};

type Album = <GetAlbum as Endpoint>::Output;

const WINDOW: Duration = Duration::from_secs(30);

fn pace(requests: u32) -> Throttle {
    Throttle::default().paced(NonZeroU32::new(requests).expect("not zero"))
}

fn patient() -> RetryPolicy {
    RetryPolicy::new().longest_wait(Duration::from_secs(9_000)).longest_total(Duration::from_secs(9_000))
}

fn paced(requests: u32) -> Session {
    Session::fixed("token").with_throttle(pace(requests)).with_retry(patient())
}

/// Calls with a clock that only the waits move: who goes when, and how often each has waited.
struct Line {
    session: Session,
    /// Pauses by the time of their end; the number keeps equal times apart.
    waiting: BTreeMap<(SystemTime, usize), (Pause<Album>, u32)>,
    count: usize,
    went: Vec<SystemTime>,
    most_waits: u32,
    /// How many ran out of time.
    refused: usize,
}

impl Line {
    fn new(session: Session) -> Self {
        Self { session, waiting: BTreeMap::new(), count: 0, went: Vec::new(), most_waits: 0, refused: 0 }
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
                self.went.push(now);
                self.most_waits = self.most_waits.max(waits);
                Some(exchange)
            }
            Step::Wait(delay, pause) => {
                self.count += 1;
                self.waiting.insert((now + delay + oversleeps, self.count), (pause, waits + 1));
                None
            }
            Step::Done(Err(Error::RateLimited(limit))) => {
                assert_eq!(limit.why(), Some(Why::Pacing));
                self.refused += 1;
                None
            }
            other => panic!("{other:?}"),
        }
    }

    /// Lets time pass up to an instant; each sleep is longer by what `oversleeps` says of its number.
    fn pass(&mut self, until: SystemTime, oversleeps: impl Fn(usize) -> Duration) {
        while let Some(first) = self.waiting.first_entry().filter(|it| it.key().0 <= until) {
            let ((now, number), (pause, waits)) = first.remove_entry();
            let step = pause.resume(&mut self.session, now);
            let _ = self.take(step, waits, now, oversleeps(number));
        }
    }

    fn most_in_a_window(&self) -> usize {
        let mut went = self.went.clone();
        went.sort();
        let in_window =
            |from: &SystemTime| went.iter().filter(|at| *at >= from && **at < *from + WINDOW).count();
        went.iter().map(in_window).max().unwrap_or(0)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn no_window_ever_has_more_than_the_pace(
        requests in 1..40_u32,
        arrivals in prop::collection::vec((0..3_000_u64, 0..8_usize), 1..40),
        closures in prop::collection::vec((0..60_u64, 1..40_u64), 0..3),
        oversleeps in prop_oneof![
            prop::collection::vec(0..1_000_u64, 1..5),
            prop::collection::vec(0..2_500_u64, 1..5),
        ],
    ) {
        let mut line = Line::new(paced(requests));
        // Sleeps that are up to 2.5 s too long: some slots are missed.
        let oversleep = |number: usize| Duration::from_millis(oversleeps[number % oversleeps.len()]);
        let mut now = later(0);
        let doors = closures.len() as u32;
        let mut closed: BTreeMap<u64, u64> = closures.into_iter().collect();
        for (gap, burst) in arrivals {
            now += Duration::from_millis(gap);
            line.pass(now, oversleep);
            while let Some(first) = closed.first_entry().filter(|it| later(*it.key()) <= now) {
                line.session.throttle().close_all(Duration::from_secs(*first.get()), now);
                first.remove();
            }
            for number in 0..burst {
                let step = Call::new(album()).start(&mut line.session, now);
                let _ = line.take(step, 0, now, oversleep(number));
            }
        }
        line.pass(later(1_000_000), oversleep);
        prop_assert!(line.most_in_a_window() <= requests as usize, "{} of {requests}", line.most_in_a_window());
        let is_on_time = oversleeps.iter().all(|it| *it <= 1_000);
        prop_assert!(!is_on_time || line.refused == 0, "{} refused", line.refused);
        // One for its slot, and two for each closure: for its end, and for another slot.
        prop_assert!(!is_on_time || line.most_waits <= 1 + 2 * doors, "{} waits", line.most_waits);
    }

    #[test]
    fn throttles_join_in_any_order(steps in prop::collection::vec((0..3_usize, 0..6_u8, 0..90_u64, 0..100_u64), 0..25)) {
        let mut all = [Throttle::default(), Throttle::default(), Throttle::default()];
        for (which, what, at, length) in steps {
            let (now, length) = (later(at), Duration::from_secs(length));
            let it = &mut all[which];
            match what {
                0 => it.close_all(length, now),
                1 => it.close_route("/a", length, now),
                2 => it.close_route("/b", length, now),
                3 => *it = std::mem::take(it).paced(NonZeroU32::new(at as u32 + 1).expect("not zero")),
                _ => {
                    let _ = it.reserve("/a", now);
                }
            }
        }
        let [a, b, c] = all;
        let join = |a: &Throttle, b: &Throttle| a.clone().join(b.clone());
        prop_assert_eq!(join(&a, &b), join(&b, &a));
        prop_assert_eq!(join(&join(&a, &b), &c), join(&a, &join(&b, &c)));
        prop_assert_eq!(join(&a, &a), a.clone());
        let text = serde_json::to_string(&join(&a, &b)).expect("plain data");
        prop_assert_eq!(serde_json::from_str::<Throttle>(&text).expect("the same"), join(&a, &b));
        // Nobody waits for less than either would have let him wait.
        let wait = |it: &Throttle| it.wait("/a", later(90)).map(|wait| wait.delay);
        prop_assert!(wait(&join(&a, &b)) >= wait(&a).max(wait(&b)));
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nobody_for_long(
        requests in 1..100_u32, before in 0..300_u32, back in 0..100_000_u64,
    ) {
        let mut throttle = pace(requests);
        for _ in 0..before {
            let _ = throttle.reserve("/a", later(100_000));
        }
        let usual = throttle.wait("/a", later(100_000)).map_or(Duration::ZERO, |wait| wait.delay);
        let wait = throttle.wait("/a", later(100_000 - back)).map_or(Duration::ZERO, |wait| wait.delay);
        prop_assert!(wait <= usual + WINDOW, "{wait:?}");
        prop_assert!(back <= 30 || wait <= WINDOW, "{wait:?}");
    }
}

#[test]
fn a_thousand_calls_at_once_wait_once_each() {
    let mut line = Line::new(paced(100));
    for _ in 0..1000 {
        let step = Call::new(album()).start(&mut line.session, later(0));
        let _ = line.take(step, 0, later(0), Duration::ZERO);
    }
    line.pass(later(9_000), |_| Duration::from_millis(3));
    assert_eq!((line.went.len(), line.most_waits), (1000, 1), "each keeps its slot");
    assert!(line.most_in_a_window() <= 100);
    let took = line.went[999].duration_since(later(0)).expect("later");
    assert!(took < Duration::from_secs(311), "31 s for each hundred, not {took:?}");
}

#[test]
fn a_closure_in_between_is_waited_out_and_no_burst_follows() {
    let mut line = Line::new(paced(10));
    let mut first = None;
    for _ in 0..10 {
        let step = Call::new(album()).start(&mut line.session, later(0));
        first = line.take(step, 0, later(0), Duration::ZERO).or(first);
    }
    let limited = answer(429, &[("retry-after", "20")], "");
    let step = first.expect("one may go at once").receive(limited, &mut line.session, later(0));
    assert!(line.take(step, 0, later(0), Duration::ZERO).is_none());
    line.pass(later(9_000), |_| Duration::ZERO);
    assert_eq!(line.went.len(), 11);
    assert!(line.went[1] >= later(20), "nobody goes through a closed door");
    assert!(line.most_waits <= 3, "{} waits", line.most_waits);
    let nearest =
        line.went.windows(2).skip(1).map(|pair| pair[1].duration_since(pair[0]).expect("in order")).min();
    assert!(nearest >= Some(Duration::from_secs(2)), "spread, not {nearest:?}");
}

#[test]
fn a_call_keeps_its_slot_over_the_wait() {
    let mut session = paced(31);
    drop(sent(Call::new(album()).start(&mut session, later(0))));
    let (delay, pause) = waits(Call::new(album()).start(&mut session, later(0)));
    assert_eq!(delay.as_millis(), 1000);
    drop(waits(Call::new(album()).start(&mut session, later(0))));
    let early = later(0) + delay - Duration::from_millis(1);
    let (rest, pause) = waits(pause.resume(&mut session, early));
    assert_eq!(rest, Duration::from_millis(1), "who wakes early has not lost it");
    drop(sent(pause.resume(&mut session, later(0) + delay)));
}

#[test]
fn a_wait_that_is_refused_takes_nobodys_slot() {
    let mut session = paced(1).with_retry(RetryPolicy::new());
    drop(sent(Call::new(album()).start(&mut session, later(0))));
    let hasty = RetryPolicy::new().longest_wait(Duration::from_secs(5));
    for _ in 0..50 {
        let error = done(Call::new(album()).retry(hasty.clone()).start(&mut session, later(1)));
        let Err(Error::RateLimited(limit)) = error else { panic!("{error:?}") };
        assert_eq!((limit.why(), limit.bound()), (Some(Why::Pacing), Some(Bound::LongestWait)));
        assert_eq!(limit.to_string(), "too many requests; the pace that was set, come back in 31 s");
        let error = done(Call::new(album()).deadline(later(9)).start(&mut session, later(1)));
        assert!(matches!(error, Err(Error::Deadline)), "{error:?}");
    }
    let (delay, _) = waits(Call::new(album()).start(&mut session, later(1)));
    assert_eq!(delay.as_secs(), 30, "the next slot is still free");
}

#[test]
fn a_call_whose_slot_is_lost_with_the_clock_goes_on_soon() {
    let mut session = paced(2);
    drop(sent(Call::new(album()).start(&mut session, later(50_000))));
    let pauses: Vec<_> =
        (0..6).map(|_| waits(Call::new(album()).start(&mut session, later(50_000)))).collect();
    for (delay, pause) in pauses {
        // An hour back while they wait.
        let now = later(50_000 - 3_600) + delay;
        match pause.resume(&mut session, now) {
            Step::Send(..) => {}
            Step::Wait(delay, pause) => {
                assert!(delay <= WINDOW, "{delay:?}");
                drop(sent(pause.resume(&mut session, now + delay)));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn calls_whose_slots_are_lost_with_the_clock_stand_in_line_again() {
    let mut session = paced(2);
    drop(sent(Call::new(album()).start(&mut session, later(50_000))));
    let pauses: Vec<_> =
        (0..6).map(|_| waits(Call::new(album()).start(&mut session, later(50_000))).1).collect();
    // An hour back, and all wake at once.
    let mut steps = pauses.into_iter().map(|pause| pause.resume(&mut session, later(46_400)));
    drop(sent(steps.next().expect("six")));
    let delays: Vec<_> = steps.map(|step| waits(step).0.as_millis()).collect();
    assert_eq!(delays, [15_500, 31_000, 46_500, 62_000, 77_500]);
}

#[test]
fn who_may_not_wait_for_the_line_of_another_clock_does_not_wait_for_ever() {
    let mut session = paced(2).with_retry(RetryPolicy::new().longest_wait(Duration::from_secs(5)));
    drop(sent(Call::new(album()).start(&mut session, later(50_000))));
    done(Call::new(album()).start(&mut session, later(50_000))).expect_err("15.5 s are too long");
    drop(sent(Call::new(album()).start(&mut session, later(46_400))));
}

#[test]
fn a_stored_line_goes_on_in_the_next_process() {
    let mut throttle = pace(31);
    assert_eq!(throttle.reserve("/a", later(0)), None);
    let text = serde_json::to_string(&throttle).expect("plain data");
    let mut read: Throttle = serde_json::from_str(&text).expect("the same");
    assert_eq!(
        read.wait("/b", later(0)).map(|wait| wait.why),
        Some(Why::Pacing),
        "the pace is of all routes"
    );
    read.close_route("/a", Duration::from_secs(5), later(0));
    let wait = read.reserve("/a", later(0)).expect("closed");
    assert_eq!((wait.delay, wait.why), (Duration::from_secs(5), Why::Closed));
    assert_eq!(read.reserve("/b", later(0)).map(|wait| wait.delay.as_secs()), Some(6), "behind it");
    assert_eq!(read.unpaced().wait("/b", later(0)), None);
}
