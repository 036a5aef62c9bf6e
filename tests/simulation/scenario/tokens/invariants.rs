//! The invariants of every history, checked against records of the requests and responses.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, SystemTime};

use spotify_proto::{Error, Tokens, WaitReason};

use super::server::News;

/// Age at which a token request or a save no longer prevents the next token request.
const MAX_AGE: Duration = Duration::from_secs(120);

/// Maximum number of requests of one call, excluding requests with a 429 response: four attempts, and one request after
/// a 401.
const SENDS_MAX: u32 = 5;

/// Maximum number of token steps of one call.
const TOKEN_STEPS_MAX: u32 = 8;

/// Maximum delay of a call if no token request is in flight.
const PROMPT: Duration = Duration::from_millis(15);

/// The longest backoff of the library.
const MAX_BACKOFF: Duration = Duration::from_secs(20);

/// A time span on a clock.
#[derive(Clone, Copy, Debug)]
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

    /// Returns the remaining time if the clock may have been set back by at most the length of the span.
    fn left(&self, now: SystemTime) -> Duration {
        let length = self.until.duration_since(self.from).unwrap_or_default();
        let is_inside = now < self.until && self.from.duration_since(now).unwrap_or_default() <= length;
        if is_inside {
            self.until.duration_since(now).unwrap_or_default().min(length)
        } else {
            Duration::ZERO
        }
    }
}

/// The current access token of the session.
#[derive(Clone, Debug)]
struct InForce {
    access: String,
    renew_at: SystemTime,
    issued_at: Option<SystemTime>,
    is_refused: bool,
}

/// A token request or a save that is in progress.
#[derive(Clone, Debug)]
struct Holder {
    since: SystemTime,
    /// Number of token responses that the session had accepted when the step began.
    epoch: u32,
    /// `true` if a newer token request or a newer save has begun, or if the session was loaded again.
    is_overtaken: bool,
}

impl Holder {
    fn age(&self, now: SystemTime) -> Duration {
        now.duration_since(self.since).unwrap_or_default()
    }

    fn is_active(&self, now: SystemTime) -> bool {
        !self.is_overtaken && self.age(now) < MAX_AGE
    }
}

/// The record of one call.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub is_write: bool,
    sends: u32,
    limited: u32,
    spurious: u32,
    token_steps: u32,
    /// `true` if the server may have executed a request of the call and a second execution would have an additional
    /// effect.
    may_have_acted: bool,
}

impl Record {
    pub fn new(is_write: bool) -> Self {
        Self { is_write, ..Self::default() }
    }
}

#[derive(Default)]
pub struct Invariants {
    requests: BTreeMap<u32, Holder>,
    saves: BTreeMap<u32, Holder>,
    next: u32,
    epoch: u32,
    pub token_requests: u32,
    pub overtaken: u32,
    blocked_all: Vec<Span>,
    blocked_routes: [Vec<Span>; 2],
    /// Blocks from `Retry-After` headers of the accounts service, and the longest possible backoffs after failures.
    blocked_accounts: Vec<Span>,
    backoffs: Vec<Span>,
    failures: u32,
    was_limited: bool,
    /// Number of save steps that were returned for the current tokens.
    save_attempts: u32,
    last_save: Option<SystemTime>,
    is_terminal: bool,
    in_force: Option<InForce>,
    /// The renewal time of each access token, and the time of issue if the session has received the token.
    renewals: HashMap<String, (SystemTime, Option<SystemTime>)>,
    /// Refresh tokens that have been written to the store at any time.
    pub saved: HashSet<String>,
    /// Refresh tokens that this process has received.
    pub received: HashSet<String>,
    /// The application's credentials in their encoded form.
    pub basic: Option<String>,
}

impl Invariants {
    /// Records the start of a process with an access token.
    pub fn started(&mut self, access: Option<&str>) {
        let fresh = Self {
            next: self.next,
            token_requests: self.token_requests,
            overtaken: self.overtaken,
            renewals: std::mem::take(&mut self.renewals),
            saved: std::mem::take(&mut self.saved),
            basic: self.basic.take(),
            ..Self::default()
        };
        *self = fresh;
        self.use_token(access);
    }

    /// Records that the session was dropped and loaded again with an access token. Token requests of the previous
    /// session value are still in flight.
    pub fn reloaded(&mut self, access: Option<&str>) {
        let (requests, blocks) = (std::mem::take(&mut self.requests), std::mem::take(&mut self.blocked_all));
        let (routes, received) =
            (std::mem::take(&mut self.blocked_routes), std::mem::take(&mut self.received));
        self.started(access);
        (self.requests, self.blocked_all, self.blocked_routes, self.received) =
            (requests, blocks, routes, received);
        self.requests.values_mut().for_each(|it| it.is_overtaken = true);
    }

    fn use_token(&mut self, access: Option<&str>) {
        self.in_force = access.map(|access| InForce {
            access: access.to_owned(),
            renew_at: self.renewals[access].0,
            issued_at: self.renewals[access].1,
            is_refused: false,
        });
    }

    /// Records the expiry of an access token.
    pub fn knows(&mut self, access: &str, life: Duration, issued_at: SystemTime, is_known: bool) {
        let issued = is_known.then_some(issued_at);
        self.renewals.insert(access.to_owned(), (issued_at + renewal(life), issued));
    }

    /// Removes the spans that do not contain the new time of the clock.
    pub fn clock(&mut self, now: SystemTime) {
        let [reads, writes] = &mut self.blocked_routes;
        for blocked in [&mut self.blocked_all, &mut self.blocked_accounts, reads, writes] {
            blocked.retain(|span| span.holds(now));
        }
    }

    /// Checks and records a token step of a call.
    pub fn token_step(record: &mut Record) -> Result<(), String> {
        record.token_steps += 1;
        match record.token_steps > TOKEN_STEPS_MAX {
            true => Err(format!("{} token steps of one call", record.token_steps)),
            false => Ok(()),
        }
    }

    /// Checks and records a token request; returns its number.
    pub fn token_request(&mut self, refresh: Option<&str>, now: SystemTime) -> Result<u32, String> {
        if let Some((number, holder)) = self.requests.iter().find(|(_, it)| it.is_active(now)) {
            let age = holder.age(now);
            return Err(format!(
                "a second token request while number {number} has been in flight for {age:?}"
            ));
        }
        if self.saves.values().any(|it| it.is_active(now)) {
            return Err("a token request while tokens are being saved".into());
        }
        if self.blocked_accounts.iter().any(|span| span.holds(now)) {
            return Err("a token request before the Retry-After of the accounts service has passed".into());
        }
        if let Some(refresh) = refresh.filter(|refresh| !self.saved.contains(*refresh)) {
            return Err(format!("{refresh} was sent before it was saved"));
        }
        if let Some(token) = self.in_force.as_ref().filter(|it| !it.is_refused && now < it.renew_at) {
            return Err(format!("a token request while the token {} is valid", token.access));
        }
        self.overtaken += u32::from(self.requests.values().any(|it| !it.is_overtaken));
        self.requests.values_mut().for_each(|it| it.is_overtaken = true);
        self.token_requests += 1;
        self.next += 1;
        self.requests.insert(self.next, Holder { since: now, epoch: self.epoch, is_overtaken: false });
        Ok(self.next)
    }

    /// Records a save step; returns the number of the save.
    pub fn save(&mut self, now: SystemTime) -> u32 {
        self.saves.values_mut().for_each(|it| it.is_overtaken = true);
        self.save_attempts += 1;
        self.last_save = Some(now);
        self.next += 1;
        self.saves.insert(self.next, Holder { since: now, epoch: self.epoch, is_overtaken: false });
        self.next
    }

    /// Records that a token step has ended with a response or a transport error, or was dropped.
    pub fn ended(&mut self, number: u32) {
        self.requests.remove(&number);
        self.saves.remove(&number);
    }

    /// Records a successful save that was reported to the session.
    pub fn is_saved(&mut self) {
        self.save_attempts = 0;
        self.saves.values_mut().for_each(|it| it.is_overtaken = true);
    }

    /// Checks and records a request to the API.
    pub fn api_request(&self, record: &mut Record, access: &str, now: SystemTime) -> Result<(), String> {
        let blocked = self.blocked_all.iter().chain(&self.blocked_routes[usize::from(record.is_write)]);
        if blocked.into_iter().any(|span| span.holds(now)) {
            return Err("a request was sent while the rate limiter was blocked".into());
        }
        if self.in_force.as_ref().is_none_or(|it| it.access != access) {
            return Err(format!("a request with {access}, which is not the current token"));
        }
        if record.may_have_acted {
            return Err("a request that is not idempotent was sent again after a loss or a 5xx".into());
        }
        record.sends += 1;
        if record.sends > SENDS_MAX + record.limited + record.spurious {
            return Err(format!(
                "{} requests of one call with {} 429 responses",
                record.sends, record.limited
            ));
        }
        Ok(())
    }

    /// Checks a delay of a call.
    pub fn wait(&self, delay: Duration, reason: WaitReason, now: SystemTime) -> Result<(), String> {
        if delay.is_zero() {
            return Err("a delay of zero, which would make the driver loop".into());
        }
        if reason != WaitReason::Token {
            return Ok(());
        }
        let holders = self.requests.values().chain(self.saves.values()).filter(|it| it.is_active(now));
        if let Some(age) = holders.map(|it| it.age(now)).max() {
            let most = Duration::from_millis(10) + age / 10;
            return match delay <= most {
                true => Ok(()),
                false => Err(format!("a delay of {delay:?} for a token request of age {age:?}")),
            };
        }
        let backoff = self.backoffs.iter().map(|span| span.left(now)).max().unwrap_or_default();
        let save = match (self.save_attempts, self.last_save) {
            (2.., Some(at)) => {
                Span::new(Duration::from_secs(1 << (self.save_attempts - 2).min(6)), at).left(now)
            }
            _ => Duration::ZERO,
        };
        match delay <= PROMPT.max(backoff).max(save) {
            true => Ok(()),
            false => Err(format!("a delay of {delay:?} for a token step that no longer exists")),
        }
    }

    /// Checks the error of a call.
    pub fn failed(&self, record: &Record, error: &Error) -> Result<(), String> {
        match error {
            Error::Throttled(throttled) if throttled.reason() == WaitReason::Token => {
                Err("waiting for a token was reported as a limit of the application".into())
            }
            Error::RateLimited(_) if record.limited == 0 && !self.was_limited => {
                Err("a rate limit was reported without a 429 response".into())
            }
            Error::ForeignState => Err("the original session was rejected as foreign".into()),
            _ => Ok(()),
        }
    }

    /// Records the response to a token request; `None` if the response was lost. Returns whether the session must
    /// accept the response.
    ///
    /// `is_presented` is `true` if the request contains the session's refresh token. `is_from_earlier_session` is
    /// `true` if the request belongs to a previous session value.
    pub fn token_news(
        &mut self,
        number: u32,
        news: Option<&News>,
        is_presented: bool,
        is_from_earlier_session: bool,
        now: SystemTime,
    ) -> bool {
        let Some(holder) = self.requests.remove(&number) else { return false };
        let is_outdated = holder.epoch != self.epoch && !is_from_earlier_session;
        let is_refused = self.in_force.as_ref().is_some_and(|it| it.is_refused);
        let is_rotated = matches!(news, Some(News::Token { refresh: Some(_), .. }));
        let is_needed = is_refused || self.is_terminal || is_rotated;
        let is_accepted = !is_outdated || (is_presented && is_needed);
        let mut requested = Duration::ZERO;
        match news {
            Some(News::Token { access, refresh, life }) => {
                self.knows(access, *life, now, true);
                if is_accepted {
                    self.use_token(Some(access));
                    self.epoch += 1;
                    self.blocked_accounts.clear();
                    self.backoffs.clear();
                    (self.failures, self.save_attempts, self.is_terminal) = (0, 0, false);
                    self.received.extend(refresh.clone());
                }
                return is_accepted;
            }
            Some(News::InvalidGrant) if !is_outdated && !holder.is_overtaken => self.is_terminal = true,
            Some(News::Limited { wait, .. }) => {
                requested = *wait;
                self.was_limited = true;
                if !is_outdated {
                    self.blocked_accounts.push(Span::new(*wait, now));
                }
            }
            _ => {}
        }
        let backoff = Duration::from_millis(500) * (1 << self.failures.min(16));
        self.failures += 1;
        self.backoffs.push(Span::new(requested + backoff.min(MAX_BACKOFF), now));
        false
    }

    /// Checks that the step after an accepted token response saves the tokens.
    pub fn accepted(access: &str, save: Option<&Tokens>) -> Result<(), String> {
        match save.and_then(Tokens::access_token) {
            Some(token) if token.expose() == access => Ok(()),
            _ => Err(format!("expected a save of {access} immediately after its response")),
        }
    }

    /// Records the response to an API request; `None` if the response was lost.
    pub fn api_news(&mut self, record: &mut Record, access: &str, news: Option<&News>, now: SystemTime) {
        match news {
            None | Some(News::Outage) => record.may_have_acted |= record.is_write,
            Some(News::Spurious) if record.spurious == 0 => record.spurious = 1,
            Some(news @ (News::Refused | News::Spurious)) => {
                if let Some(token) = self.in_force.as_mut().filter(|token| token.access == access) {
                    // For a new token, a 401 that does not report an invalid token is ignored.
                    let age = token.issued_at.map(|at| now.duration_since(at).unwrap_or_default());
                    let is_young = age.is_some_and(|age| age < Duration::from_secs(30));
                    token.is_refused |= *news == News::Refused || !is_young;
                }
            }
            Some(News::Limited { wait, is_quota }) => {
                record.limited += 1;
                let route = &mut self.blocked_routes[usize::from(record.is_write)];
                let blocked = if *is_quota { route } else { &mut self.blocked_all };
                blocked.push(Span::new(*wait, now));
            }
            _ => {}
        }
    }
}

/// Returns the age at which a token is renewed: a minute before the expiry or half of the lifetime, whichever is later.
fn renewal(life: Duration) -> Duration {
    life.saturating_sub(Duration::from_secs(60)).max(life / 2)
}
