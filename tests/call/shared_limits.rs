//! Tests of the pace and the rate limiter that all sessions of an application share, in virtual time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::num::NonZeroU32;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::Response;
use spotify_proto::api::GetAlbum;
use spotify_proto::{
    AlbumId, App, Call, Delay, Exchange, RateLimiter, RetryPolicy, Session, Step, WaitReason, Waiting,
    model::Album,
};

fn at(millis: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000) + Duration::from_millis(millis)
}

fn get() -> Call<Album> {
    Call::new(GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("expected an id")))
}

fn limited(retry_after: &str) -> Result<Response<&'static str>, ()> {
    Ok(Response::builder().status(429).header("retry-after", retry_after).body("").expect("valid parts"))
}

/// Returns a policy with limits that exceed the duration of a test.
fn patient() -> RetryPolicy {
    let long = Duration::from_secs(100_000);
    RetryPolicy::new().max_delay(long).max_total_delay(long)
}

fn paced(pace: u32) -> App {
    let pace = NonZeroU32::new(pace).expect("expected a pace above zero");
    App::without_credentials()
        .with_rate_limiter(RateLimiter::default().with_pace(pace))
        .with_retry_policy(patient())
        .with_jitter(1)
}

/// An event of the simulation.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Event {
    Resume(usize),
    Leave(usize),
    Arrive,
}

/// A simulation of calls in many sessions of one application.
struct Simulation {
    app: App,
    sessions: Vec<Session>,
    now: Duration,
    events: BinaryHeap<Reverse<(Duration, Event)>>,
    waiting: BTreeMap<usize, Waiting<Album>>,
    exchanges: Vec<Exchange<Album>>,
    next: usize,
    /// Times of the requests.
    sent: Vec<Duration>,
    /// End times of delays for reasons other than the pace.
    ends: Vec<Duration>,
    refused: u32,
}

impl Simulation {
    fn new(app: App, sessions: usize) -> Self {
        Self {
            app,
            sessions: (0..sessions).map(|_| Session::from_access_token("token")).collect(),
            now: Duration::ZERO,
            events: BinaryHeap::new(),
            waiting: BTreeMap::new(),
            exchanges: Vec::new(),
            next: 0,
            sent: Vec::new(),
            ends: Vec::new(),
            refused: 0,
        }
    }

    fn clock(&self) -> SystemTime {
        at(0) + self.now
    }

    fn start(&mut self, call: Call<Album>) -> usize {
        let (number, now) = (self.next, self.clock());
        self.next += 1;
        let session = number % self.sessions.len();
        let step = call.start(&mut self.app, &mut self.sessions[session], now);
        self.take(number, step);
        number
    }

    fn take(&mut self, number: usize, step: Step<Album>) {
        match step {
            Step::Send(_, exchange) => {
                self.sent.push(self.now);
                self.exchanges.push(exchange);
            }
            Step::Wait(Delay { duration, reason, .. }, waiting) => {
                if reason != WaitReason::Pacing {
                    self.ends.push(self.now + duration);
                }
                self.waiting.insert(number, waiting);
                self.events.push(Reverse((self.now + duration, Event::Resume(number))));
            }
            Step::Done(Err(_)) => self.refused += 1,
            step => panic!("{step:?}"),
        }
    }

    /// Delivers a response to the `nth` pending exchange.
    fn receive(&mut self, nth: usize, response: Result<Response<&'static str>, ()>) {
        let (exchange, now) = (self.exchanges.remove(nth), self.clock());
        let number = 1_000_000 + self.next;
        self.next += 1;
        let session = nth % self.sessions.len();
        let received = exchange.receive(response, now);
        let step =
            received.apply(&mut self.app, &mut self.sessions[session], now).expect("expected a response");
        self.take(number, step);
    }

    /// Handles and returns the next event that is due at `until` or before; `None` if there is no such event.
    fn next(&mut self, until: Duration) -> Option<Event> {
        let Reverse((due, event)) = self.events.peek().copied().filter(|it| it.0.0 <= until)?;
        self.events.pop();
        self.now = due;
        if let Event::Resume(number) = event {
            if let Some(waiting) = self.waiting.remove(&number) {
                let now = self.clock();
                let session = (number % 1_000_000) % self.sessions.len();
                let step = waiting.resume(&mut self.app, &mut self.sessions[session], now);
                self.take(number, step);
            }
        }
        Some(event)
    }

    fn run(&mut self, until: Duration) {
        while self.next(until).is_some() {}
        self.now = until;
    }

    /// Returns the maximum number of requests in any time span of this length.
    fn most_in(&self, span: Duration) -> usize {
        let sent = &self.sent;
        (0..sent.len())
            .map(|i| sent[i..].iter().take_while(|at| **at < sent[i] + span).count())
            .max()
            .unwrap_or(0)
    }
}

/// Returns the number of requests in 600 s if a call starts every half second and is dropped if it has not been sent
/// after 10 s.
fn requests_in_600_s(has_deadlines: bool) -> usize {
    let (mut it, end) = (Simulation::new(paced(31), 200), Duration::from_secs(600));
    it.events.push(Reverse((Duration::ZERO, Event::Arrive)));
    while let Some(event) = it.next(end) {
        match event {
            Event::Arrive => {
                let patience = Duration::from_secs(10);
                let call = if has_deadlines { get().deadline(it.clock() + patience) } else { get() };
                let number = it.start(call);
                it.events.push(Reverse((it.now + patience, Event::Leave(number))));
                it.events.push(Reverse((it.now + Duration::from_millis(500), Event::Arrive)));
            }
            Event::Leave(number) => drop(it.waiting.remove(&number)),
            Event::Resume(_) => {}
        }
    }
    let most = it.most_in(Duration::from_secs(30));
    assert!(most <= 31, "{most} requests in 30 seconds at a pace of 31");
    println!(
        "{} of 600 requests sent, with deadlines: {has_deadlines}, {} refused",
        it.sent.len(),
        it.refused
    );
    it.sent.len()
}

#[test]
fn dropped_calls_do_not_use_slots() {
    for has_deadlines in [false, true] {
        let sent = requests_in_600_s(has_deadlines);
        assert!(sent >= 540, "{sent} of 600 possible requests sent, with deadlines: {has_deadlines}");
    }
}

#[test]
fn a_queue_moves_up_if_most_of_its_calls_are_dropped() {
    let mut it = Simulation::new(paced(31), 200);
    let calls: Vec<_> = (0..200).map(|_| it.start(get())).collect();
    it.run(Duration::from_secs(5));
    let before = it.sent.len();
    // Three out of four calls are dropped, including the first calls in the queue.
    let dropped =
        calls.iter().filter(|number| *number % 4 != 3).filter_map(|number| it.waiting.remove(number));
    let dropped = dropped.count();
    let left = it.waiting.len();
    it.run(Duration::from_secs(1000));
    let last = *it.sent.last().expect("requests");
    println!("{before} requests, {dropped} dropped, {left} left; last request at {last:?}");
    assert_eq!(it.sent.len(), before + left);
    let most = Duration::from_secs(5) + Duration::from_secs(left as u64) * 10 / 9;
    assert!(last <= most, "the last of {left} calls was sent at {last:?}");
    let gap = it.sent.windows(2).map(|pair| pair[1] - pair[0]).max().expect("requests");
    assert!(gap <= Duration::from_millis(1100), "no request for {gap:?} while calls were in the queue");
}

#[test]
fn the_slot_of_a_dropped_call_is_used_by_the_next_call() {
    let mut it = Simulation::new(paced(31), 3);
    it.start(get());
    let (second, third) = (it.start(get()), it.start(get()));
    it.run(Duration::from_millis(990));
    drop(it.waiting.remove(&second).expect("expected a waiting call"));
    it.run(Duration::from_secs(10));
    assert!(it.waiting.is_empty(), "call {third} was not sent");
    assert!(it.sent[1] <= Duration::from_millis(1100), "expected a request at 1 s, got {:?}", it.sent[1]);
}

#[test]
fn two_hundred_sessions_share_the_same_pace() {
    let mut it = Simulation::new(paced(90), 200);
    (0..200).for_each(|_| _ = it.start(get()));
    it.run(Duration::from_secs(1000));
    assert_eq!(it.sent.len(), 200);
    let most = it.most_in(Duration::from_secs(30));
    assert!(most <= 90, "{most} requests in 30 seconds at a pace of 90");
    let together = it.most_in(Duration::from_millis(100));
    assert!(together <= 4, "{together} requests within 100 ms");
    let last = *it.sent.last().expect("requests");
    println!("200 requests by {last:?}, at most {most} within 30 s and {together} within 100 ms");
    assert!(last < Duration::from_millis(200 * 345 * 11 / 10), "the last request was sent at {last:?}");
}

#[test]
fn calls_resume_at_different_times_after_a_429() {
    // An exceeded quota blocks the route but does not cause a slowdown, so calls are spread only by the random part of
    // the delay.
    for (retry_after, is_slowed) in [("40", false), ("5", true), ("1", true)] {
        let mut it =
            Simulation::new(App::without_credentials().with_retry_policy(patient()).with_jitter(7), 50);
        (0..50).for_each(|_| _ = it.start(get()));
        it.now = Duration::from_millis(100);
        it.receive(0, limited(retry_after));
        (0..49).for_each(|_| _ = it.start(get()));
        let block = Duration::from_secs(retry_after.parse().expect("expected a number"));
        let (first, last) =
            (*it.ends.iter().min().expect("50 delays"), *it.ends.iter().max().expect("50 delays"));
        let spread = (block / 10).max(Duration::from_millis(250));
        assert_eq!(it.ends.len(), 50);
        assert!(first >= it.now + block, "a call resumes too early, at {first:?}");
        assert!(last - first >= spread / 2, "50 calls resume within {:?}", last - first);
        it.sent.clear();
        it.run(Duration::from_secs(1000));
        let together = it.most_in(Duration::from_millis(50));
        println!(
            "Retry-After {retry_after}: delays end within {:?}, {together} requests in 50 ms",
            last - first
        );
        assert_eq!(it.sent.len(), 50);
        assert!(together < 10, "{together} requests within 50 ms after a 429");
        assert!(!is_slowed || together <= 2, "{together} requests within 50 ms despite the slowdown");
    }
}

#[test]
fn a_429_slows_down_all_sessions() {
    let mut it = Simulation::new(App::without_credentials().with_retry_policy(patient()).with_jitter(7), 100);
    (0..100).for_each(|_| _ = it.start(get()));
    it.receive(0, limited("1"));
    it.run(Duration::from_secs(2));
    it.sent.clear();
    (0..10).for_each(|_| _ = it.start(get()));
    it.run(Duration::from_secs(20));
    let gaps: Vec<_> = it.sent.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let most = it.most_in(Duration::from_secs(1));
    println!("10 calls after a 429: gaps {gaps:?}");
    assert!(
        most <= 6,
        "{most} requests within a second after the server rejected 100 requests in 30 seconds"
    );
    assert!(it.sent.len() >= 10);
}

/// Returns an application that received a 429 at this time, after 100 requests.
fn refused(now: SystemTime) -> App {
    let mut app = App::without_credentials().with_retry_policy(patient());
    let mut session = Session::from_access_token("token");
    let sends = (0..100).map(|_| get().start(&mut app, &mut session, now));
    let steps: Vec<_> = sends.collect();
    let Some(Step::Send(_, exchange)) = steps.into_iter().next() else { panic!("expected a request") };
    let _ = exchange.receive(limited("1"), now).apply(&mut app, &mut session, now);
    app
}

/// Returns the delay of the second of two requests at `now`.
fn second_delay(limiter: &RateLimiter, now: SystemTime) -> Duration {
    let mut limiter = limiter.clone();
    let _ = limiter.reserve("/v1/search", now);
    limiter.delay("/v1/search", now).map(|delay| delay.duration).unwrap_or_default()
}

#[test]
fn a_merge_neither_shortens_nor_extends_a_slowdown() {
    let now = at(0) + Duration::from_secs(10);
    let own = refused(at(0)).rate_limiter().clone();
    let before = second_delay(&own, now);
    assert!(before >= Duration::from_millis(290), "{before:?}");
    for offset in [60, 600, 86_400, 94_608_000] {
        for is_ahead in [false, true] {
            let offset = Duration::from_secs(offset);
            let foreign =
                refused(if is_ahead { at(0) + offset } else { at(0) - offset }).rate_limiter().clone();
            let merged = own.clone().merge(foreign.clone());
            assert_eq!(merged, foreign.merge(own.clone()));
            assert_eq!(merged.clone().merge(own.clone()), merged);
            let after = second_delay(&merged, now);
            assert!(
                after >= before,
                "expected {before:?} after a merge with a clock that is {offset:?} off, got {after:?}"
            );
            let later = now + Duration::from_secs(900);
            let left = second_delay(&merged, later);
            // According to the other machine's clock, its own slowdown began at this time.
            let has_begun = is_ahead && offset == Duration::from_secs(600);
            assert!(
                left.is_zero() || has_begun,
                "the slowdown is still {left:?} after 15 minutes with a clock that is {offset:?} off"
            );
        }
    }
}
