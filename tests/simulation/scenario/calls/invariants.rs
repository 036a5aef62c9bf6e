//! The invariants of calls and of an application's limits, checked against records of the requests and responses.

use std::time::{Duration, SystemTime};

use spotify_proto::{Delay, Operation, WaitReason};

use super::server::News;

/// The length of the rolling rate limit window. A longer delay blocks only one route.
pub const WINDOW: Duration = Duration::from_secs(30);

/// Maximum number of token steps of one call.
const TOKEN_STEPS_MAX: u32 = 8;

/// Maximum number of delays of one call, and maximum total delay in the default policy, which all applications use.
const DELAYS_MAX: u32 = 1000;
const LONGEST_TOTAL: Duration = Duration::from_secs(300);

/// A time span on a clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub from: SystemTime,
    until: SystemTime,
}

impl Span {
    pub fn new(length: Duration, now: SystemTime) -> Self {
        Self { from: now, until: now + length }
    }

    pub fn holds(&self, now: SystemTime) -> bool {
        self.from <= now && now < self.until
    }

    /// Returns the remaining time if the clock may have been set back by at most the length of the span.
    pub fn left(&self, now: SystemTime) -> Duration {
        let length = self.until.duration_since(self.from).unwrap_or_default();
        let is_inside = now < self.until && self.from.duration_since(now).unwrap_or_default() <= length;
        if is_inside {
            self.until.duration_since(now).unwrap_or_default().min(length)
        } else {
            Duration::ZERO
        }
    }
}

/// The block of one route or of all routes after a 429.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blocked {
    route: Option<&'static str>,
    span: Span,
    /// `true` if the block may have ended because the clock was outside the span, or if the block was set by a
    /// different clock.
    is_uncertain: bool,
}

impl Blocked {
    fn new(route: Option<&'static str>, wait: Duration, now: SystemTime) -> Self {
        Self { route, span: Span::new(wait, now), is_uncertain: false }
    }

    fn applies_to(&self, route: &str) -> bool {
        self.route.is_none_or(|blocked| blocked == route)
    }
}

/// The limits of one call, and the record of its requests and delays.
#[derive(Debug)]
pub struct Record {
    pub operation: &'static Operation,
    pub deadline: Option<SystemTime>,
    sends_max: u32,
    longest_delay: Duration,
    sends: u32,
    limited: u32,
    token_steps: u32,
    delays: u32,
    waited: Duration,
    /// Number of times that the server executed requests of the call.
    pub acts: u32,
    /// `true` if the server may have executed a request of the call and a second execution would have an additional
    /// effect.
    may_have_acted: bool,
    /// `true` if the last API response was a 429.
    was_limited: bool,
}

impl Record {
    pub fn new(
        operation: &'static Operation,
        attempts: u32,
        longest_delay: Duration,
        is_cached: bool,
    ) -> Self {
        Self {
            operation,
            deadline: None,
            // There may be one additional request after a 401 with a new token, one after a 401 that may be temporary,
            // and one after a 304 for a different entry.
            sends_max: attempts.max(1) + 2 + u32::from(is_cached),
            longest_delay,
            sends: 0,
            limited: 0,
            token_steps: 0,
            delays: 0,
            waited: Duration::ZERO,
            acts: 0,
            may_have_acted: false,
            was_limited: false,
        }
    }

    /// Checks and records a delay of the call.
    pub fn wait(&mut self, delay: Delay, now: SystemTime) -> Result<(), String> {
        let Delay { duration, reason, .. } = delay;
        if duration.is_zero() {
            return Err("a delay of zero, which would make the driver loop".into());
        }
        let end = now + duration.saturating_sub(Duration::from_millis(1));
        if self.deadline.is_some_and(|at| end >= at) {
            return Err("a delay until after the deadline".into());
        }
        let was_limited = std::mem::take(&mut self.was_limited);
        if reason == WaitReason::Token {
            return Ok(());
        }
        if was_limited && duration < Duration::from_secs(1) {
            return Err(format!("a delay of {duration:?} after a 429"));
        }
        self.delays += u32::from(reason != WaitReason::Pacing);
        self.waited = self.waited.saturating_add(duration);
        if duration > self.longest_delay {
            return Err(format!("a delay of {duration:?}, expected at most {:?}", self.longest_delay));
        }
        if self.delays > DELAYS_MAX {
            return Err(format!("{} delays of one call", self.delays));
        }
        if self.waited > LONGEST_TOTAL + Duration::from_millis(1) {
            return Err(format!("{:?} as the sum of the delays of one call", self.waited));
        }
        Ok(())
    }

    /// Checks and records a token step of the call.
    pub fn token_step(&mut self, now: SystemTime) -> Result<(), String> {
        self.check_deadline(now)?;
        self.token_steps += 1;
        match self.token_steps > TOKEN_STEPS_MAX {
            true => Err(format!("{} token steps of one call", self.token_steps)),
            false => Ok(()),
        }
    }

    fn check_deadline(&self, now: SystemTime) -> Result<(), String> {
        match self.deadline.is_some_and(|at| now >= at) {
            true => Err("a request after the deadline".into()),
            false => Ok(()),
        }
    }

    /// Checks how often a finished call took effect.
    pub fn done(&self, is_success: bool) -> Result<(), String> {
        let is_write = self.operation.method != http::Method::GET;
        if is_write && is_success && self.acts == 0 {
            return Err("a call succeeded without an effect on the server".into());
        }
        if self.acts > self.sends {
            return Err("more effects than requests".into());
        }
        if !self.operation.idempotent && self.acts > 1 {
            return Err(format!("{} effects of a call that is not idempotent", self.acts));
        }
        Ok(())
    }

    pub fn is_doubtful(&self) -> bool {
        self.may_have_acted
    }

    pub fn has_been_limited(&self) -> bool {
        self.limited > 0
    }
}

/// The records of one application value, which all of its sessions share.
#[derive(Debug, Default)]
pub struct Limits {
    blocked: Vec<Blocked>,
    /// Maximum number of requests to the API in any window, if the application has a pace.
    pace: Option<usize>,
    /// Times of the requests in the last window.
    sent: Vec<SystemTime>,
}

impl Limits {
    pub fn new(pace: Option<u32>) -> Self {
        Self {
            pace: pace.map(|pace| usize::try_from(pace).expect("the number should fit the type")),
            ..Self::default()
        }
    }

    /// Records the time before or after a clock is changed. A span that does not contain the time may have ended.
    pub fn clock(&mut self, now: SystemTime) {
        for blocked in &mut self.blocked {
            blocked.is_uncertain |= !blocked.span.holds(now);
        }
    }

    /// Restarts the pace after the clock was set back.
    pub fn restart_pace(&mut self) {
        self.sent.clear();
    }

    pub fn blocked(&self) -> Vec<Blocked> {
        self.blocked.clone()
    }

    /// Merges the blocks of another application value. Blocks that were set by a different clock are uncertain.
    pub fn merge(&mut self, others: &[Blocked], has_same_clock: bool) {
        for other in others {
            let other = Blocked { is_uncertain: other.is_uncertain || !has_same_clock, ..*other };
            if !self.blocked.contains(&other) {
                self.blocked.push(other);
            }
        }
    }

    /// Returns whether a request to the route may be blocked.
    pub fn may_be_blocked(&self, route: &str, now: SystemTime) -> bool {
        self.blocked.iter().any(|it| it.applies_to(route) && !it.span.left(now).is_zero())
    }

    /// Checks and records a request to the API.
    pub fn api_request(&mut self, record: &mut Record, now: SystemTime) -> Result<(), String> {
        record.check_deadline(now)?;
        let route = record.operation.route;
        if self.blocked.iter().any(|it| it.applies_to(route) && !it.is_uncertain && it.span.holds(now)) {
            return Err("a request was sent while the rate limiter was blocked".into());
        }
        if record.may_have_acted {
            return Err("a request that is not idempotent was sent again after a loss or a 5xx".into());
        }
        record.sends += 1;
        if record.sends > record.sends_max + record.limited {
            return Err(format!(
                "{} requests of one call with {} 429 responses",
                record.sends, record.limited
            ));
        }
        record.was_limited = false;
        self.sent.retain(|at| *at + WINDOW > now);
        self.sent.push(now);
        match self.pace.filter(|pace| self.sent.len() > *pace) {
            Some(pace) => Err(format!("{} requests in 30 seconds, expected at most {pace}", self.sent.len())),
            None => Ok(()),
        }
    }

    /// Records the response to an API request; `None` if the response was lost.
    pub fn api_news(&mut self, record: &mut Record, news: Option<&News>, now: SystemTime) {
        match news {
            None | Some(News::Outage) => record.may_have_acted |= !record.operation.idempotent,
            Some(News::Limited { after, is_quota }) => {
                record.was_limited = true;
                record.limited += 1;
                let wait = after.wait(now);
                let is_of_route = *is_quota || wait > WINDOW || record.operation.has_separate_rate_limit;
                let route = is_of_route.then_some(record.operation.route);
                self.blocked.retain(|it| !it.span.left(now).is_zero() || it.span.from > now);
                self.blocked.push(Blocked::new(route, wait, now));
            }
            _ => {}
        }
    }
}
