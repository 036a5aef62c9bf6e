//! What must hold of the requests of a session, by records of what went over the wire and of nothing else.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use spotify_proto::Operation;

use super::server::News;

/// How long a token request keeps others from being sent.
const LEASE: Duration = Duration::from_secs(30);

/// Waits longer than the window of the rate limit say that only a route is closed.
pub const WINDOW: Duration = Duration::from_secs(30);

/// Token requests of one call.
const GRANTS_MAX: u32 = 3;

/// Waits of one call, and all of them together by the default policy, which no session here changes.
const WAITS_MAX: u32 = 1000;
const LONGEST_TOTAL: Duration = Duration::from_secs(300);

/// A span of the wall clock.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    from: SystemTime,
    until: SystemTime,
}

impl Span {
    fn new(length: Duration, now: SystemTime) -> Self {
        Self { from: now, until: now + length }
    }

    fn holds(&self, now: SystemTime) -> bool {
        self.from <= now && now < self.until
    }

    /// The same for a clock that was set back by no more than the span is long.
    fn may_hold(&self, now: SystemTime) -> bool {
        let length = self.until.duration_since(self.from).unwrap_or_default();
        now < self.until && self.from.duration_since(now).unwrap_or_default() <= length
    }
}

/// What a 429 has closed: one route or all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closure {
    route: Option<&'static str>,
    span: Span,
    /// The clock was seen outside, so it may be over for good.
    is_over: bool,
}

impl Closure {
    fn new(route: Option<&'static str>, wait: Duration, now: SystemTime) -> Self {
        Self { route, span: Span::new(wait, now), is_over: false }
    }

    fn holds(&self, now: SystemTime) -> bool {
        !self.is_over && self.span.holds(now)
    }
}

/// What one call may do, and what it has done.
#[derive(Debug)]
pub struct Record {
    pub operation: &'static Operation,
    pub deadline: Option<SystemTime>,
    sends_max: u32,
    longest_wait: Duration,
    sends: u32,
    grants: u32,
    waits: u32,
    waited: Duration,
    /// How many of its sends the server acted on.
    pub acts: u32,
    /// The server may have acted, and acting twice would do harm.
    may_have_acted: bool,
    /// The last thing it read of the API was a 429.
    was_limited: bool,
    /// Where requests keep a pace, it may hold a slot of a line that is over.
    pub has_old_slot: bool,
}

impl Record {
    pub fn new(operation: &'static Operation, tries: u32, longest_wait: Duration, is_cached: bool) -> Self {
        Self {
            operation,
            deadline: None,
            // A 401 may be answered by one more, and so may a 304 about something else.
            sends_max: tries.max(1) + 1 + u32::from(is_cached),
            longest_wait,
            sends: 0,
            grants: 0,
            waits: 0,
            waited: Duration::ZERO,
            acts: 0,
            may_have_acted: false,
            was_limited: false,
            has_old_slot: false,
        }
    }

    /// A step to wait was handed out.
    pub fn wait(&mut self, delay: Duration, now: SystemTime) -> Result<(), String> {
        self.waits += 1;
        self.waited = self.waited.saturating_add(delay);
        if delay.is_zero() {
            return Err("(9) a wait for nothing: its driver spins".into());
        }
        // What comes after it may be a short wait for another call's token.
        if std::mem::take(&mut self.was_limited) && delay < Duration::from_secs(1) {
            return Err(format!("(5) a wait of {delay:?} after a 429"));
        }
        if delay > self.longest_wait {
            return Err(format!("(5) a wait of {delay:?} where {:?} is the longest", self.longest_wait));
        }
        if self.waits > WAITS_MAX {
            return Err(format!("(4) {} waits of one call", self.waits));
        }
        if self.waited > LONGEST_TOTAL {
            return Err(format!("(4) waits of {:?} of one call in all", self.waited));
        }
        if self.deadline.is_some_and(|at| now + delay >= at) {
            return Err("(6) a wait until after the deadline".into());
        }
        Ok(())
    }

    fn sends(&self, now: SystemTime) -> Result<(), String> {
        if self.deadline.is_some_and(|at| now >= at) {
            return Err("(6) a request after the deadline".into());
        }
        Ok(())
    }

    /// The call is over; whether it reported success.
    pub fn done(&self, is_success: bool) -> Result<(), String> {
        let is_write = self.operation.method != http::Method::GET;
        if is_write && is_success && self.acts == 0 {
            return Err("(7) a success of which the server knows nothing".into());
        }
        if self.acts > self.sends {
            return Err("(7) more effects than sends".into());
        }
        if !self.operation.idempotent && self.acts > 1 {
            return Err(format!("(7) {} effects of a call that is not idempotent", self.acts));
        }
        Ok(())
    }

    pub fn is_doubtful(&self) -> bool {
        self.may_have_acted
    }
}

/// The records of one session.
#[derive(Debug, Default)]
pub struct Watch {
    lease: Option<(u32, Span)>,
    pub token_requests: u32,
    closed: Vec<Closure>,
    closed_accounts: Vec<Closure>,
    /// At most so many requests to the API in any window, where the session keeps a pace.
    pace: Option<usize>,
    /// When requests of its line went in the last window.
    went: Vec<SystemTime>,
    /// Refresh tokens that were written to the store at any time.
    pub saved: HashSet<String>,
    /// Refresh tokens that the session has read.
    pub heard: HashSet<String>,
}

impl Watch {
    pub fn new(pace: Option<u32>) -> Self {
        Self { pace: pace.map(|pace| usize::try_from(pace).expect("a few")), ..Self::default() }
    }

    /// The clock is about to be set back, or has been: what it is outside of may be over for good.
    pub fn clock(&mut self, now: SystemTime) {
        self.lease = self.lease.filter(|(_, span)| span.holds(now));
        for closure in self.closed.iter_mut().chain(&mut self.closed_accounts) {
            closure.is_over |= !closure.span.holds(now);
        }
    }

    /// A new line of paced requests begins, as the clock was set back.
    pub fn begins_line(&mut self) {
        self.went.clear();
    }

    /// What is closed, as far as the session knows.
    pub fn closed(&self) -> Vec<Closure> {
        self.closed.clone()
    }

    /// Takes what another session knows to be closed.
    ///
    /// A join knows no time and keeps what ends last. So where the clock was set back, a closure from the time before
    /// hides one in force that ends earlier: that one is not asked for any more.
    pub fn join(&mut self, theirs: &[Closure], now: SystemTime) {
        for closure in theirs {
            if !self.closed.contains(closure) {
                self.closed.push(*closure);
            }
        }
        let ahead: Vec<_> = self.closed.iter().filter(|it| it.span.from > now).copied().collect();
        for closure in &mut self.closed {
            let is_hidden = |it: &Closure| it.route == closure.route && it.span.until > closure.span.until;
            closure.is_over |= ahead.iter().any(is_hidden);
        }
    }

    /// Whether nothing may be sent to the route.
    fn is_closed(&self, route: &str, now: SystemTime) -> bool {
        let mut closed = self.closed.iter().filter(|it| it.route.is_none_or(|closed| closed == route));
        closed.any(|it| it.holds(now))
    }

    /// Whether there may be a reason not to send to the route.
    pub fn may_be_closed(&self, route: &str, now: SystemTime) -> bool {
        let mut closed = self.closed.iter().filter(|it| it.route.is_none_or(|closed| closed == route));
        closed.any(|it| it.span.may_hold(now)) || self.closed_accounts.iter().any(|it| it.span.may_hold(now))
    }

    /// A token request was handed out; gives its number.
    pub fn token_request(
        &mut self,
        record: &mut Record,
        refresh: Option<&str>,
        now: SystemTime,
    ) -> Result<u32, String> {
        record.sends(now)?;
        if self.lease.is_some_and(|(_, span)| span.holds(now)) {
            return Err("(2) a second token request while the lease of the first has not run out".into());
        }
        if self.closed_accounts.iter().any(|it| it.holds(now)) {
            return Err("(1) a token request while the accounts service is closed".into());
        }
        if refresh.is_some_and(|refresh| !self.saved.contains(refresh)) {
            return Err("(3) a refresh token was sent before it was saved".into());
        }
        record.grants += 1;
        if record.grants > GRANTS_MAX {
            return Err(format!("(4) {} token requests of one call", record.grants));
        }
        self.token_requests += 1;
        self.lease = Some((self.token_requests, Span::new(LEASE, now)));
        Ok(self.token_requests)
    }

    /// A request to the API was handed out.
    pub fn api_request(&mut self, record: &mut Record, now: SystemTime) -> Result<(), String> {
        record.sends(now)?;
        if self.is_closed(record.operation.route, now) {
            return Err("(1) a request was sent while the throttle was closed".into());
        }
        if record.may_have_acted {
            return Err("(7) a request that is not idempotent was sent again after its loss or a 5xx".into());
        }
        record.sends += 1;
        if record.sends > record.sends_max {
            return Err(format!("(4) {} sends of one call", record.sends));
        }
        record.was_limited = false;
        self.went.retain(|at| *at + WINDOW > now);
        if !std::mem::take(&mut record.has_old_slot) {
            self.went.push(now);
        }
        match self.pace.filter(|pace| self.went.len() > *pace) {
            Some(pace) => {
                Err(format!("(12) {} requests in 30 seconds where the pace is {pace}", self.went.len()))
            }
            None => Ok(()),
        }
    }

    /// The answer to a token request is about to be read by its call, or its loss (`None`).
    pub fn token_news(&mut self, number: u32, news: Option<&News>, now: SystemTime) {
        self.lease = self.lease.filter(|(current, _)| *current != number);
        match news {
            Some(News::Token(_, refresh)) => {
                self.heard.extend(refresh.clone());
                self.closed_accounts.clear();
            }
            Some(News::Limited { after, .. }) => {
                self.closed_accounts.push(Closure::new(None, after.wait(now), now));
            }
            _ => {}
        }
    }

    /// The same for an API request.
    pub fn api_news(&mut self, record: &mut Record, news: Option<&News>, now: SystemTime) {
        match news {
            None | Some(News::Outage) => record.may_have_acted |= !record.operation.idempotent,
            Some(News::Limited { after, is_quota }) => {
                record.was_limited = true;
                let wait = after.wait(now);
                let is_of_route = *is_quota || wait > WINDOW || record.operation.own_limit;
                let route = is_of_route.then_some(record.operation.route);
                // A new closure clears away what is over, of its own kind.
                self.closed.retain(|it| it.route.is_none() != route.is_none() || it.span.may_hold(now));
                self.closed.push(Closure::new(route, wait, now));
            }
            _ => {}
        }
    }
}
