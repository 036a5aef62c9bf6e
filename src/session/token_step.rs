//! Token work: requesting an access token and saving the response, apart from the calls that need the token.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Request, Response, StatusCode};

use super::Session;
use crate::app::{App, Identity};
use crate::auth::token_machine::Lease;
use crate::auth::tokens::Tokens;
use crate::error::Error;
use crate::types::text::Text;

/// The next step of a session's token work.
///
/// It comes out of a call that needs a token, and is a value of its own: any task may finish it. A task that outlives
/// the call is best, because a response that is not read may hold the only valid refresh token. Dropping any part ends
/// the work at once; the next call begins anew.
///
/// ```text
///   Send ──receive, apply──▶ Save ──saved──▶ Done(Ok)
///    │                        ▲
///    └── error ──▶ Done(Err)  └─ also the first step, if earlier tokens are not saved yet
/// ```
#[must_use = "the session waits for its tokens until the step is followed"]
#[allow(clippy::exhaustive_enums, reason = "a driver has to handle every step")]
#[allow(clippy::large_enum_variant, reason = "it moves once for each network round trip")]
pub enum TokenStep {
    /// Send the request to the accounts service, then call [`TokenExchange::receive`].
    Send(Request<Vec<u8>>, TokenExchange),
    /// Store the tokens where they survive a crash, then call [`Saving::saved`].
    ///
    /// No refresh token is used before it is saved. If saving fails, drop the step: the tokens are handed out again
    /// later.
    Save(Tokens, Saving),
    /// The work is finished, or has failed; calls that wait learn of it by themselves.
    Done(Result<(), Error>),
}

impl TokenStep {
    pub(crate) fn send(request: Request<Vec<u8>>, lease: Lease, owner: Owner) -> Self {
        Self::Send(request, TokenExchange { lease, owner })
    }

    pub(crate) fn save(tokens: Tokens, lease: Lease, owner: Owner) -> Self {
        Self::Save(tokens, Saving { lease, owner })
    }

    fn save_or_done(save: Option<(Tokens, Lease)>, owner: Owner) -> Self {
        match save {
            Some((tokens, lease)) => Self::save(tokens, lease, owner),
            None => Self::Done(Ok(())),
        }
    }
}

/// The application and the session that a step belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    app: Identity,
    session: Identity,
}

impl Owner {
    pub(crate) fn new(app: &App, session: &Session) -> Self {
        Self { app: app.identity().clone(), session: session.identity().clone() }
    }

    pub(crate) fn is(&self, app: &App, session: &Session) -> bool {
        self.app.is(app.identity()) && self.session.is(session.identity())
    }
}

/// A token request in flight. Dropping it lets the next call send another one at once.
#[must_use = "the response, or the transport's error, belongs here"]
pub struct TokenExchange {
    lease: Lease,
    owner: Owner,
}

impl TokenExchange {
    /// Timeout of the transport for a token request: 60 seconds. After twice that time another token request
    /// may be sent beside this one.
    pub const TIMEOUT: Duration = Duration::from_secs(60);

    /// Takes what the transport returned, a response or its error, to be applied to the session.
    pub fn receive<B: AsRef<[u8]>, E>(self, result: Result<Response<B>, E>) -> ReceivedToken<E> {
        let result = result.map(|response| {
            let (head, body) = response.into_parts();
            (head.status, head.headers, body.as_ref().to_vec())
        });
        ReceivedToken { exchange: self, result, reason: Text::default() }
    }
}

/// The outcome of a token request, not applied to its session yet.
#[must_use = "the outcome counts only when it is applied"]
pub struct ReceivedToken<E> {
    exchange: TokenExchange,
    result: Result<(StatusCode, HeaderMap, Vec<u8>), E>,
    reason: Text,
}

impl<E> ReceivedToken<E> {
    /// Adds a description of the transport's error, for the calls that fail because of it: see
    /// [`AuthError::AttemptsExhausted`](crate::AuthError::AttemptsExhausted). It is shortened, and never shows tokens.
    pub fn with_reason(mut self, reason: &str) -> Self {
        self.reason = self.exchange.lease.excerpt(reason);
        self
    }

    /// Applies the outcome and returns the next step.
    ///
    /// # Errors
    ///
    /// The transport's error, if that is what was received. The session has noted that its token request failed.
    pub fn apply(self, app: &mut App, session: &mut Session, now: SystemTime) -> Result<TokenStep, E> {
        let TokenExchange { mut lease, mut owner } = self.exchange;
        if !owner.is(app, session) {
            // A session that was evicted and loaded again must not lose a rotated refresh token.
            if !owner.app.is(app.identity()) || !session.machine().take_over(&mut lease) {
                return Ok(TokenStep::Done(Err(Error::ForeignState)));
            }
            owner = Owner::new(app, session);
        }
        let jitter = app.jitter(now);
        match self.result {
            Ok((status, headers, body)) => {
                Ok(match session.machine().received(lease, status, &headers, &body, jitter, now) {
                    Ok(save) => TokenStep::save_or_done(save, owner),
                    Err(error) => TokenStep::Done(Err(error)),
                })
            }
            Err(error) => {
                session.machine().lost(lease, self.reason, jitter, now);
                Err(error)
            }
        }
    }
}

/// Tokens that are being saved. Dropping it means that they are not saved: they are handed out again.
#[must_use = "call `saved` when the tokens are stored"]
pub struct Saving {
    lease: Lease,
    owner: Owner,
}

impl Saving {
    /// Records that the tokens are saved and returns the next step: newer tokens to save, or the end.
    pub fn saved(self, app: &mut App, session: &mut Session, now: SystemTime) -> TokenStep {
        if !self.owner.is(app, session) {
            return TokenStep::Done(Err(Error::ForeignState));
        }
        let save = session.machine().saved(self.lease, now);
        TokenStep::save_or_done(save, self.owner)
    }
}

/// Without headers and body of the request: they hold credentials.
impl fmt::Debug for TokenStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(request, exchange) => f
                .debug_tuple("Send")
                .field(&format_args!("{} {}", request.method(), request.uri()))
                .field(exchange)
                .finish(),
            Self::Save(tokens, saving) => f.debug_tuple("Save").field(tokens).field(saving).finish(),
            Self::Done(result) => f.debug_tuple("Done").field(result).finish(),
        }
    }
}

impl fmt::Debug for TokenExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenExchange(..)")
    }
}

impl fmt::Debug for Saving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Saving(..)")
    }
}

/// Without the body of the response: it holds tokens.
impl<E> fmt::Debug for ReceivedToken<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.result.as_ref().map(|(status, ..)| *status).ok();
        f.debug_struct("ReceivedToken").field("status", &status).finish_non_exhaustive()
    }
}
