//! What must hold in every history, by records of what went over the wire and of nothing else.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use super::server::News;

/// How long a token request keeps others from being sent.
const LEASE: Duration = Duration::from_secs(30);

/// Sends of one call: four tries, and one more after a 401.
const SENDS_MAX: u32 = 5;

/// Token requests of one call.
const GRANTS_MAX: u32 = 3;

/// A span of the wall clock; it is over for good once the clock was seen outside.
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
}

/// The access token that the session was told last.
#[derive(Clone, Debug)]
struct InForce {
    access: String,
    renew_at: SystemTime,
    is_refused: bool,
}

/// The records of one call.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub is_write: bool,
    sends: u32,
    grants: u32,
    /// The server may have acted, and acting twice would do harm.
    may_have_acted: bool,
    /// The token that this call got and was not yet told to be safe.
    unsafe_token: Option<String>,
}

impl Record {
    pub fn new(is_write: bool) -> Self {
        Self { is_write, ..Self::default() }
    }
}

#[derive(Default)]
pub struct Watch {
    lease: Option<(u32, Span)>,
    pub token_requests: u32,
    closed_all: Vec<Span>,
    closed_routes: [Vec<Span>; 2],
    closed_accounts: Vec<Span>,
    in_force: Option<InForce>,
    renewals: HashMap<String, SystemTime>,
    /// Refresh tokens that were written to the store at any time.
    pub saved: HashSet<String>,
    /// Refresh tokens that this process has read.
    pub heard: HashSet<String>,
    /// The application's credentials as they are sent.
    pub basic: Option<String>,
}

impl Watch {
    pub fn resumed(&mut self, access: Option<&str>) {
        self.lease = None;
        self.closed_all.clear();
        self.closed_routes = Default::default();
        self.closed_accounts.clear();
        self.heard.clear();
        self.in_force = access.map(|access| InForce {
            access: access.to_owned(),
            renew_at: self.renewals[access],
            is_refused: false,
        });
    }

    /// Takes the end of an access token that the session was built with.
    pub fn knows(&mut self, access: &str, life: Duration, issued_at: SystemTime) {
        self.renewals.insert(access.to_owned(), issued_at + renewal(life));
    }

    /// The clock has moved: what it is outside of is over.
    pub fn clock(&mut self, now: SystemTime) {
        self.lease = self.lease.filter(|(_, span)| span.holds(now));
        let [reads, writes] = &mut self.closed_routes;
        for closed in [&mut self.closed_all, &mut self.closed_accounts, reads, writes] {
            closed.retain(|span| span.holds(now));
        }
    }

    /// A token request was handed out; gives its number.
    pub fn token_request(
        &mut self,
        record: &mut Record,
        refresh: Option<&str>,
        now: SystemTime,
    ) -> Result<u32, String> {
        if self.lease.is_some_and(|(_, span)| span.holds(now)) {
            return Err("(1) a second token request while the lease of the first has not run out".into());
        }
        if self.closed_accounts.iter().any(|span| span.holds(now)) {
            return Err(
                "(2) a token request before the Retry-After of the accounts service has passed".into()
            );
        }
        if let Some(refresh) = refresh.filter(|refresh| !self.saved.contains(*refresh)) {
            return Err(format!("(3) {refresh} was sent before it was saved"));
        }
        if let Some(token) = self.in_force.as_ref().filter(|it| !it.is_refused && now < it.renew_at) {
            return Err(format!("(5) a token request though {} is in force and good", token.access));
        }
        record.grants += 1;
        if record.grants > GRANTS_MAX {
            return Err(format!("(7) {} token requests of one call", record.grants));
        }
        self.token_requests += 1;
        self.lease = Some((self.token_requests, Span::new(LEASE, now)));
        Ok(self.token_requests)
    }

    /// A request to the API was handed out.
    pub fn api_request(&self, record: &mut Record, access: &str, now: SystemTime) -> Result<(), String> {
        let closed = self.closed_all.iter().chain(&self.closed_routes[usize::from(record.is_write)]);
        if closed.into_iter().any(|span| span.holds(now)) {
            return Err("(2) a request was sent while the throttle was closed".into());
        }
        if record.unsafe_token.as_deref() == Some(access) {
            return Err("(4) the call that got a token used it before it was saved".into());
        }
        if record.may_have_acted {
            return Err("(6) a request that is not idempotent was sent again after its loss or a 5xx".into());
        }
        record.sends += 1;
        if record.sends > SENDS_MAX {
            return Err(format!("(7) {} sends of one call", record.sends));
        }
        Ok(())
    }

    /// The answer to a token request is about to be read by its call, or its loss (`None`).
    pub fn token_news(&mut self, record: &mut Record, number: u32, news: Option<&News>, now: SystemTime) {
        self.lease = self.lease.filter(|(current, _)| *current != number);
        match news {
            Some(News::Token { access, refresh, life }) => {
                self.knows(access, *life, now);
                self.in_force = Some(InForce {
                    access: access.clone(),
                    renew_at: self.renewals[access],
                    is_refused: false,
                });
                self.heard.extend(refresh.clone());
                self.closed_accounts.clear();
                record.unsafe_token = Some(access.clone());
            }
            Some(News::Limited { wait, .. }) => self.closed_accounts.push(Span::new(*wait, now)),
            _ => {}
        }
    }

    /// The same for an API request.
    pub fn api_news(&mut self, record: &mut Record, access: &str, news: Option<&News>, now: SystemTime) {
        match news {
            None | Some(News::Outage) => record.may_have_acted |= record.is_write,
            Some(News::Refused) => {
                if let Some(token) = self.in_force.as_mut().filter(|token| token.access == access) {
                    token.is_refused = true;
                }
            }
            Some(News::Limited { wait, is_quota }) => {
                let route = &mut self.closed_routes[usize::from(record.is_write)];
                let closed = if *is_quota { route } else { &mut self.closed_all };
                closed.push(Span::new(*wait, now));
            }
            _ => {}
        }
    }

    /// A call was handed tokens to save, or has something else to do.
    pub fn stepped(record: &Record, is_save: bool) -> Result<(), String> {
        match &record.unsafe_token {
            Some(token) if !is_save => Err(format!("(4) {token} was not handed out to be saved at once")),
            _ => Ok(()),
        }
    }

    pub fn resumes_after_save(record: &mut Record) {
        record.unsafe_token = None;
    }
}

/// A minute before the end, or halfway.
fn renewal(life: Duration) -> Duration {
    life.saturating_sub(Duration::from_secs(60)).max(life / 2)
}
