//! Token steps: requesting an access token and saving the response, independently of the calls that need the token.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Request, Response, StatusCode};

use super::Session;
use crate::app::{App, Identity};
use crate::auth::token_machine::Lease;
use crate::auth::tokens::Tokens;
use crate::error::Error;
use crate::types::text::Text;

/// The next step to obtain or save the tokens of a session.
///
/// A call that needs a token returns a token step. Any task can complete the step, preferably a task that outlives the
/// call, because an unread response may contain the only valid refresh token. Dropping any part of the step ends it at
/// once, and the next call begins a new token step.
///
/// ```text
///   Send ──receive, apply──▶ Save ──saved──▶ Done(Ok)
///    │                        ▲
///    └── error ──▶ Done(Err)  └─ also the first step, if earlier tokens have not been saved
/// ```
#[must_use = "the session has no new tokens until the step is completed"]
#[allow(clippy::exhaustive_enums, reason = "a driver has to handle every step")]
#[allow(clippy::large_enum_variant, reason = "the value is moved once per network round trip")]
pub enum TokenStep {
    /// Send the request to the accounts service, and then call [`TokenExchange::receive`].
    Send(Request<Vec<u8>>, TokenExchange),
    /// Store the tokens persistently, and then call [`Saving::saved`].
    ///
    /// A refresh token is not used before it is saved. If saving fails, drop the step: a later step saves the tokens
    /// again.
    Save(Tokens, Saving),
    /// The token step is complete or has failed. Waiting calls detect this when they poll.
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

/// The application and the session to which a step belongs.
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

/// A token request in flight. If it is dropped, the next call can send another token request at once.
#[must_use = "pass the response or the transport's error to `receive`"]
pub struct TokenExchange {
    lease: Lease,
    owner: Owner,
}

impl TokenExchange {
    /// Transport timeout for a token request, 60 seconds. After twice this time, another token request may be sent
    /// concurrently.
    pub const TIMEOUT: Duration = Duration::from_secs(60);

    /// Receives the response or the error of the transport. The result has to be applied to the session.
    pub fn receive<B: AsRef<[u8]>, E>(self, result: Result<Response<B>, E>) -> ReceivedToken<E> {
        let result = result.map(|response| {
            let (head, body) = response.into_parts();
            (head.status, head.headers, body.as_ref().to_vec())
        });
        ReceivedToken { exchange: self, result, reason: Text::default() }
    }
}

/// The outcome of a token request, which has not yet been applied to its session.
#[must_use = "the outcome has no effect until it is applied"]
pub struct ReceivedToken<E> {
    exchange: TokenExchange,
    result: Result<(StatusCode, HeaderMap, Vec<u8>), E>,
    reason: Text,
}

impl<E> ReceivedToken<E> {
    /// Adds a description of the transport's error, for the calls that fail because of it: see
    /// [`AuthError::AttemptsExhausted`](crate::AuthError::AttemptsExhausted). The description is truncated, and tokens
    /// are removed from it.
    pub fn with_reason(mut self, reason: &str) -> Self {
        self.reason = self.exchange.lease.excerpt(reason);
        self
    }

    /// Applies the outcome and returns the next step.
    ///
    /// # Errors
    ///
    /// Returns the transport's error if no response was received. The session has recorded the failure.
    pub fn apply(self, app: &mut App, session: &mut Session, now: SystemTime) -> Result<TokenStep, E> {
        let TokenExchange { mut lease, mut owner } = self.exchange;
        if !owner.is(app, session) {
            // A session that was dropped and loaded again must not lose a rotated refresh token.
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

/// Tokens that are being saved. If the value is dropped, the tokens count as not saved, and a later step saves them
/// again.
#[must_use = "call `saved` when the tokens are stored"]
pub struct Saving {
    lease: Lease,
    owner: Owner,
}

impl Saving {
    /// Records that the tokens are saved, and returns the next step: newer tokens to save, or [`TokenStep::Done`].
    pub fn saved(self, app: &mut App, session: &mut Session, now: SystemTime) -> TokenStep {
        if !self.owner.is(app, session) {
            return TokenStep::Done(Err(Error::ForeignState));
        }
        let save = session.machine().saved(self.lease, now);
        TokenStep::save_or_done(save, self.owner)
    }
}

/// Omits the header fields and the body of the request, which contain credentials.
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

/// Omits the body of the response, which contains tokens.
impl<E> fmt::Debug for ReceivedToken<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.result.as_ref().map(|(status, ..)| *status).ok();
        f.debug_struct("ReceivedToken").field("status", &status).finish_non_exhaustive()
    }
}
