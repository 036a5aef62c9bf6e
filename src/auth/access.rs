//! One access token for many calls: who fetches it, who waits, and which one is in force.
//!
//! The election is a lease with a ticket. A call that is dropped in the middle of a token request lets its lease
//! run out; an answer that comes after that cannot end a newer election. Tokens have generations, so that a 401
//! for an old token does not throw a new one away.

use std::time::{Duration, SystemTime};

use http::header::{HeaderMap, HeaderValue};
use http::{Request, StatusCode};

use super::grant::{App, Code, Grant, Tokens, bearer, read_tokens};
use crate::error::{AuthError, Error};
use crate::origin::Origin;
use crate::secret::Secret;
use crate::time::Span;

/// The state of a session's authorization.
#[derive(Debug)]
pub(crate) struct Access {
    source: Source,
    tokens: Option<Tokens>,
    /// The `Authorization` header of the token in force, made once.
    header: Option<HeaderValue>,
    /// Counts the tokens; the one in force has this number.
    generation: u64,
    /// Whether the server refused the token in force.
    is_refused: bool,
    lease: Option<Lease>,
    last_ticket: u64,
    /// Whether the tokens in force are not known to be safe yet; a call was asked to save them at the span's start.
    unsaved: Option<Span>,
    /// After a transient failure: nobody asks in this span.
    pause: Option<Span>,
    /// Transient failures since the last token.
    failures: u32,
    /// Why no token will come any more.
    end: Option<AuthError>,
}

/// Where tokens come from.
#[derive(Debug)]
enum Source {
    ClientCredentials(App),
    /// A user's consent; after the first token its refresh token takes over.
    Code(App, Code),
    RefreshToken(App),
    Fixed,
}

/// One call's right to fetch the next token.
#[derive(Clone, Copy, Debug)]
struct Lease {
    ticket: Ticket,
    span: Span,
}

/// The number of an election, and the generation that it is to replace.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Ticket {
    number: u64,
    generation: u64,
}

/// What a call gets when it asks for a token.
#[derive(Debug)]
pub(crate) enum Pass {
    /// This header, of the token with this generation.
    Use(HeaderValue, u64),
    /// Fetch the next token with this request.
    Fetch(Request<Vec<u8>>, Ticket),
    /// Save these first; they have this generation.
    Save(Tokens, u64),
    /// Another call fetches it, or the server needs a moment.
    Wait(Duration),
    /// There will be none.
    Refuse(AuthError),
}

/// How long an elected call may take.
const LEASE: Duration = Duration::from_secs(30);

/// How long the others wait before they look again.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

impl Access {
    pub(crate) fn client_credentials(app: App) -> Self {
        Self::new(Source::ClientCredentials(app), None, None)
    }

    pub(crate) fn login(app: App, code: Code) -> Self {
        Self::new(Source::Code(app, code), None, None)
    }

    pub(crate) fn resume(app: App, tokens: Tokens) -> Self {
        let header = bearer(tokens.access_token());
        Self::new(Source::RefreshToken(app), Some(tokens), header)
    }

    pub(crate) fn fixed(token: &Secret) -> Self {
        Self::new(Source::Fixed, None, bearer(token))
    }

    fn new(source: Source, tokens: Option<Tokens>, header: Option<HeaderValue>) -> Self {
        Self {
            source,
            tokens,
            header,
            generation: 0,
            is_refused: false,
            lease: None,
            unsaved: None,
            last_ticket: 0,
            pause: None,
            failures: 0,
            end: None,
        }
    }

    pub(crate) fn tokens(&self) -> Option<&Tokens> {
        self.tokens.as_ref()
    }

    /// Asks for a token: the one in force, the right to fetch the next, or patience.
    pub(crate) fn ask(&mut self, accounts: &Origin, now: SystemTime) -> Pass {
        if let Some(tokens) = self.save_again(now) {
            return Pass::Save(tokens, self.generation);
        }
        if matches!(self.source, Source::Fixed) {
            return if self.is_refused { Pass::Refuse(AuthError::NoToken) } else { self.use_token() };
        }
        let can_be_sent = !self.is_refused && self.header.is_some();
        let usable = self.tokens.as_ref().filter(|tokens| can_be_sent && tokens.is_alive(now));
        if usable.is_some_and(|tokens| now < tokens.renew_at()) {
            return self.use_token();
        }
        let has_usable = usable.is_some();
        let pause = self.pause.and_then(|span| span.left(now));
        let is_led = self.lease.is_some_and(|lease| lease.span.left(now).is_some());
        // A refresh token is not used before it is safe: a crash would lose the one that replaces it.
        let may_elect = !is_led && pause.is_none() && self.unsaved.is_none() && self.end.is_none();
        if may_elect {
            return match self.elect(accounts, now) {
                Pass::Refuse(_) if has_usable => self.use_token(),
                pass => pass,
            };
        }
        if has_usable {
            return self.use_token();
        }
        match &self.end {
            Some(end) => Pass::Refuse(end.clone()),
            // The answer to a request on its way may come before the end of the pause.
            None if is_led => Pass::Wait(LOOK_AGAIN),
            None => Pass::Wait(pause.unwrap_or(LOOK_AGAIN)),
        }
    }

    /// The tokens in force, when the call that was to save them has been dropped.
    fn save_again(&mut self, now: SystemTime) -> Option<Tokens> {
        let span = self.unsaved.as_mut()?;
        if span.left(now).is_some() {
            return None;
        }
        *span = Span::new(LEASE, now);
        self.tokens.clone()
    }

    /// Takes the news that the tokens of that generation are safe.
    ///
    /// Older ones may have overwritten newer ones just now: then those in force are to be saved again, at once.
    pub(crate) fn saved(&mut self, generation: u64, now: SystemTime) {
        let is_in_force = generation == self.generation;
        self.unsaved = (!is_in_force).then(|| Span::new(Duration::ZERO, now));
    }

    fn use_token(&self) -> Pass {
        match &self.header {
            Some(header) => Pass::Use(header.clone(), self.generation),
            None => Pass::Refuse(AuthError::NoToken),
        }
    }

    fn elect(&mut self, accounts: &Origin, now: SystemTime) -> Pass {
        let request = match &self.source {
            Source::ClientCredentials(app) => Grant::ClientCredentials.request(app, accounts),
            Source::Code(app, code) => Grant::AuthorizationCode(code.clone()).request(app, accounts),
            Source::RefreshToken(app) => match self.tokens.as_ref().and_then(Tokens::refresh_token) {
                Some(token) => Grant::RefreshToken(token.clone()).request(app, accounts),
                None => return Pass::Refuse(AuthError::NoToken),
            },
            Source::Fixed => return Pass::Refuse(AuthError::NoToken),
        };
        self.last_ticket += 1;
        let ticket = Ticket { number: self.last_ticket, generation: self.generation };
        self.lease = Some(Lease { ticket, span: Span::new(LEASE, now) });
        Pass::Fetch(request, ticket)
    }

    /// Takes the answer to a token request.
    ///
    /// A success counts even when the lease has run out meanwhile: a refresh token that was rotated is the only one
    /// left. A failure ends the election only of its own ticket, and a refusal of what has been replaced since says
    /// nothing about what is in force.
    pub(crate) fn answered(
        &mut self,
        ticket: Ticket,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        now: SystemTime,
    ) -> Result<(Tokens, u64), Error> {
        let is_current = self.release(ticket);
        match read_tokens(status, headers, body, self.tokens.as_ref(), now) {
            Ok(tokens) => {
                self.put_in_force(tokens.clone());
                self.unsaved = Some(Span::new(LEASE, now));
                Ok((tokens, self.generation))
            }
            Err(error) => {
                // Only a refusal is the last word; the page of a proxy says nothing about the grant.
                let is_last = is_current && !self.is_outdated(ticket) && !error.is_transient();
                match &error {
                    Error::Auth(end @ AuthError::GrantRefused { .. }) if is_last => {
                        self.end = Some(end.clone())
                    }
                    _ => {}
                }
                Err(error)
            }
        }
    }

    /// Takes tokens that another session got and stored; tells whether they were news.
    ///
    /// Older ones say nothing, and those in force may have been refused since they were stored.
    pub(crate) fn adopt(&mut self, tokens: Tokens) -> bool {
        let is_news = self.tokens.as_ref().is_none_or(|own| tokens.follow(own));
        let is_taken = is_news && !matches!(self.source, Source::Fixed);
        if is_taken {
            self.put_in_force(tokens);
            self.unsaved = None;
        }
        is_taken
    }

    fn put_in_force(&mut self, tokens: Tokens) {
        if let Source::Code(app, _) = &self.source {
            self.source = Source::RefreshToken(app.clone());
        }
        self.header = bearer(tokens.access_token());
        self.tokens = Some(tokens);
        self.generation += 1;
        self.is_refused = false;
        self.pause = None;
        self.failures = 0;
        self.end = None;
    }

    /// Counts one more failure since the last token.
    pub(crate) fn count_failure(&mut self) -> u32 {
        self.failures = self.failures.saturating_add(1);
        self.failures
    }

    /// Whether tokens have come since that election.
    pub(crate) fn is_outdated(&self, ticket: Ticket) -> bool {
        ticket.generation != self.generation
    }

    /// Ends the lease of a token request that failed for the moment; nobody asks again before `delay` has passed, and
    /// before an earlier, longer delay has.
    pub(crate) fn pause(&mut self, ticket: Ticket, delay: Duration, now: SystemTime) {
        self.release(ticket);
        let running = self.pause.filter(|span| span.left(now).is_some());
        self.pause = running.max(Some(Span::new(delay, now)));
    }

    /// Ends the lease of that election, if it is the current one; tells whether it was.
    pub(crate) fn release(&mut self, ticket: Ticket) -> bool {
        let is_current = self.lease.is_some_and(|lease| lease.ticket == ticket);
        if is_current {
            self.lease = None;
        }
        is_current
    }

    /// Takes a 401 for the token of that generation; one for an older token says nothing about the one in force.
    pub(crate) fn refused(&mut self, generation: u64) {
        if generation == self.generation {
            self.is_refused = true;
        }
    }
}
