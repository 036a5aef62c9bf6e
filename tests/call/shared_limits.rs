//! One pace and one rate limit for all sessions of an application, in virtual time.

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
    Call::new(GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("an id")))
}

fn limited(retry_after: &str) -> Result<Response<&'static str>, ()> {
    Ok(Response::builder().status(429).header("retry-after", retry_after).body("").expect("valid parts"))
}

/// A policy that waits as long as a test lasts.
fn patient() -> RetryPolicy {
    let long = Duration::from_secs(100_000);
    RetryPolicy::new().max_delay(long).max_total_delay(long)
}

fn paced(pace: u32) -> App {
    let pace = NonZeroU32::new(pace).expect("not zero");
    App::without_credentials()
        .with_rate_limiter(RateLimiter::default().with_pace(pace))
        .with_retry_policy(patient())
        .with_jitter(1)
}

/// The events of a test, in the order of their time in nanoseconds.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Event {
    Resume(usize),
    Leave(usize),
    Arrive,
}

/// Calls of many sessions of one application.
struct Simulation {
    app: App,
    sessions: Vec<Session>,
    now: Duration,
    events: BinaryHeap<Reverse<(Duration, Event)>>,
    waiting: BTreeMap<usize, Waiting<Album>>,
    exchanges: Vec<Exchange<Album>>,
    next: usize,
    /// When requests were sent.
    sent: Vec<Duration>,
    /// Ends of waits for something else than the pace.
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

    /// The response to the request of this call, which was the `nth` to be sent.
    fn receive(&mut self, nth: usize, response: Result<Response<&'static str>, ()>) {
        let (exchange, now) = (self.exchanges.remove(nth), self.clock());
        let number = 1_000_000 + self.next;
        self.next += 1;
        let session = nth % self.sessions.len();
        let received = exchange.receive(response, now);
        let step = received.apply(&mut self.app, &mut self.sessions[session], now).expect("a response");
        self.take(number, step);
    }

    /// Handles the next event up to that time; `None` if there is none.
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

    /// The most requests in any span of this length.
    fn most_in(&self, span: Duration) -> usize {
        let sent = &self.sent;
        (0..sent.len())
            .map(|i| sent[i..].iter().take_while(|at| **at < sent[i] + span).count())
            .max()
            .unwrap_or(0)
    }
}

/// Two calls arrive in a second, and each caller leaves after ten.
fn goodput(has_deadlines: bool) -> usize {
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
    assert!(most <= 31, "(12) {most} requests in 30 seconds where the pace is 31");
    println!("{} requests of 600 with deadlines: {has_deadlines}, {} refused", it.sent.len(), it.refused);
    it.sent.len()
}

#[test]
fn callers_that_leave_take_no_slots() {
    for has_deadlines in [false, true] {
        let sent = goodput(has_deadlines);
        assert!(
            sent >= 540,
            "(19) {sent} requests where 600 fit into the pace, with deadlines: {has_deadlines}"
        );
    }
}

#[test]
fn a_queue_of_which_most_calls_are_dropped_moves_up() {
    let mut it = Simulation::new(paced(31), 200);
    let calls: Vec<_> = (0..200).map(|_| it.start(get())).collect();
    it.run(Duration::from_secs(5));
    let before = it.sent.len();
    // Three of four, and the first calls in the queue among them.
    let dropped =
        calls.iter().filter(|number| *number % 4 != 3).filter_map(|number| it.waiting.remove(number));
    let dropped = dropped.count();
    let left = it.waiting.len();
    it.run(Duration::from_secs(1000));
    let last = *it.sent.last().expect("requests");
    println!("{before} requests, {dropped} dropped, {left} left; the last one was sent at {last:?}");
    assert_eq!(it.sent.len(), before + left);
    let most = Duration::from_secs(5) + Duration::from_secs(left as u64) * 10 / 9;
    assert!(last <= most, "(19) {left} calls took until {last:?}");
    let gap = it.sent.windows(2).map(|pair| pair[1] - pair[0]).max().expect("requests");
    assert!(gap <= Duration::from_millis(1100), "(19) no request for {gap:?} while calls were in the queue");
}

#[test]
fn the_next_call_takes_the_slot_of_a_dropped_one() {
    let mut it = Simulation::new(paced(31), 3);
    it.start(get());
    let (second, third) = (it.start(get()), it.start(get()));
    it.run(Duration::from_millis(990));
    drop(it.waiting.remove(&second).expect("it waits"));
    it.run(Duration::from_secs(10));
    assert!(it.waiting.is_empty(), "call {third} was not sent");
    assert!(it.sent[1] <= Duration::from_millis(1100), "(13) sent at {:?}, the slot was at 1 s", it.sent[1]);
}

#[test]
fn two_hundred_sessions_share_one_pace() {
    let mut it = Simulation::new(paced(90), 200);
    (0..200).for_each(|_| _ = it.start(get()));
    it.run(Duration::from_secs(1000));
    assert_eq!(it.sent.len(), 200);
    let most = it.most_in(Duration::from_secs(30));
    assert!(most <= 90, "(12) {most} requests in 30 seconds where the pace is 90");
    let together = it.most_in(Duration::from_millis(100));
    assert!(together <= 4, "(12) {together} requests in 100 ms");
    let last = *it.sent.last().expect("requests");
    println!("200 requests until {last:?}, at most {most} in 30 s and {together} in 100 ms");
    assert!(last < Duration::from_millis(200 * 345 * 11 / 10), "(19) the last one was sent at {last:?}");
}

#[test]
fn calls_do_not_resume_together_after_a_429() {
    // A quota blocks only the route and does not slow down, so the random part of the delay is all that spreads.
    for (retry_after, is_slowed) in [("40", false), ("5", true), ("1", true)] {
        let mut it =
            Simulation::new(App::without_credentials().with_retry_policy(patient()).with_jitter(7), 50);
        (0..50).for_each(|_| _ = it.start(get()));
        it.now = Duration::from_millis(100);
        it.receive(0, limited(retry_after));
        (0..49).for_each(|_| _ = it.start(get()));
        let block = Duration::from_secs(retry_after.parse().expect("a number"));
        let (first, last) = (*it.ends.iter().min().expect("50"), *it.ends.iter().max().expect("50"));
        let spread = (block / 10).max(Duration::from_millis(250));
        assert_eq!(it.ends.len(), 50);
        assert!(first >= it.now + block, "(5) a call resumes at {first:?}");
        assert!(last - first >= spread / 2, "(20) 50 calls resume within {:?}", last - first);
        it.sent.clear();
        it.run(Duration::from_secs(1000));
        let together = it.most_in(Duration::from_millis(50));
        println!(
            "Retry-After {retry_after}: waits end within {:?}, {together} requests in 50 ms",
            last - first
        );
        assert_eq!(it.sent.len(), 50);
        assert!(together < 10, "(20) {together} requests in the same 50 ms after a 429");
        assert!(
            !is_slowed || together <= 2,
            "(20) {together} requests in the same 50 ms despite the slowdown"
        );
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
    assert!(most <= 6, "(21) {most} requests in a second where 100 in 30 seconds were too many");
    assert!(it.sent.len() >= 10);
}

/// An application that was refused at this time after 100 requests.
fn refused(now: SystemTime) -> App {
    let mut app = App::without_credentials().with_retry_policy(patient());
    let mut session = Session::from_access_token("token");
    let sends = (0..100).map(|_| get().start(&mut app, &mut session, now));
    let steps: Vec<_> = sends.collect();
    let Some(Step::Send(_, exchange)) = steps.into_iter().next() else { panic!("expected a request") };
    let _ = exchange.receive(limited("1"), now).apply(&mut app, &mut session, now);
    app
}

/// How long the second of two requests at that time has to wait.
fn second_delay(limiter: &RateLimiter, now: SystemTime) -> Duration {
    let mut limiter = limiter.clone();
    let _ = limiter.reserve("/v1/search", now);
    limiter.delay("/v1/search", now).map(|delay| delay.duration).unwrap_or_default()
}

#[test]
fn a_merge_keeps_a_slowdown_and_ends_none_early() {
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
                "(17) {after:?} after a merge with a clock {offset:?} off, {before:?} before"
            );
            let later = now + Duration::from_secs(900);
            let left = second_delay(&merged, later);
            // The other machine's clock shows that time when its own slowdown has just begun.
            let has_begun = is_ahead && offset == Duration::from_secs(600);
            assert!(
                left.is_zero() || has_begun,
                "(17) {left:?} after a quarter of an hour, clock {offset:?} off"
            );
        }
    }
}
