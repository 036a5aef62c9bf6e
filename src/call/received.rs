//! Decoded responses that have not yet been applied to the application and the session.

use std::fmt;
use std::time::SystemTime;

use http::{Response, StatusCode};

use super::machine::{Reaction, Verdict};
use super::{Call, Exchange, Reply, Source, Step};
use crate::app::App;
use crate::cache::{Entry, StoreAction};
use crate::error::{DecodeError, Error};
use crate::response;
use crate::session::{Credentials, Session};
use crate::types::operation::Operation;

/// The decoded outcome of a request, which has not yet been applied.
#[must_use = "the outcome has no effect until it is applied"]
pub struct Received<T, E> {
    call: Call<T>,
    generation: u64,
    at: SystemTime,
    outcome: Outcome<T, E>,
}

/// The decoded result of the transport.
enum Outcome<T, E> {
    /// A 2xx response.
    Success { status: StatusCode, value: Result<T, DecodeError>, store: StoreAction },
    /// A 304 that confirms the stored entry.
    Confirmed { value: T, store: StoreAction },
    /// A 304 that does not confirm the stored entry, or an entry that can no longer be decoded. A full response must be
    /// requested.
    Unconfirmed,
    /// Any other response, with the stored value that may be served instead.
    Failure { status: StatusCode, error: Error, stale: Option<T> },
    /// No response, with the stored value that may be served instead.
    Lost { error: E, stale: Option<T> },
}

impl<T, E> Received<T, E> {
    pub(super) fn new<B: AsRef<[u8]>>(
        exchange: Exchange<T>,
        result: Result<Response<B>, E>,
        at: SystemTime,
    ) -> Self {
        let Exchange { mut call, generation, credentials } = exchange;
        let outcome = match result {
            Ok(response) => read(&mut call, &response, &credentials, at),
            Err(error) => Outcome::Lost { error, stale: call.stale(at) },
        };
        Self { call, generation, at, outcome }
    }

    /// Returns the operation of the call.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.call.0.machine.operation
    }

    /// Applies the outcome to the application and the session, and returns the next step.
    ///
    /// A lost response counts as a failed attempt. If another attempt is safe and allowed, the next step is a delay.
    /// Otherwise, the result is the stored value if it may be served ([`Call::stale_if_lost`]).
    ///
    /// # Errors
    ///
    /// Returns the transport's error if no response was received and the request must not be sent again.
    pub fn apply(self, app: &mut App, session: &mut Session, now: SystemTime) -> Result<Step<T>, E> {
        let Self { mut call, generation, at, outcome } = self;
        if !call.0.machine.is_of(app, session) {
            return Ok(Step::Done(Err(Error::ForeignState)));
        }
        let verdict = match &outcome {
            Outcome::Success { status, .. } => Verdict::Success(*status),
            Outcome::Confirmed { .. } => Verdict::Success(StatusCode::NOT_MODIFIED),
            Outcome::Unconfirmed => Verdict::Unconfirmed,
            Outcome::Failure { status, error, .. } => Verdict::Failure(*status, error.clone(), at),
            Outcome::Lost { .. } => Verdict::Lost,
        };
        let error = match call.0.machine.react(verdict, generation, app, session, now) {
            Reaction::Continue(transition) => return Ok(call.step(transition, None, app, session)),
            Reaction::End(error) => error,
        };
        let result = match outcome {
            Outcome::Success { value: Err(error), .. } => Err(Error::Decode(error)),
            Outcome::Success { value: Ok(value), store, .. } => Ok(Reply::new(value, Source::Server, store)),
            Outcome::Confirmed { value, store } => Ok(Reply::new(value, Source::Revalidated, store)),
            Outcome::Failure { stale: Some(value), .. } | Outcome::Lost { stale: Some(value), .. } => {
                Ok(Reply::new(value, Source::Stale, StoreAction::Keep))
            }
            Outcome::Failure { error: received, .. } => Err(error.unwrap_or(received)),
            Outcome::Lost { error, .. } => return Err(error),
            Outcome::Unconfirmed => Err(error.unwrap_or(Error::Deadline)),
        };
        Ok(Step::Done(result))
    }
}

impl<T> Call<T> {
    /// Returns the stored value that may be served after a lost connection (RFC 9111 §4.2.4).
    fn stale(&self, at: SystemTime) -> Option<T> {
        let options = self.0.machine.options()?;
        let entry = options.entry.as_ref()?;
        let is_excuse = entry.excuses_loss(options.max_stale_if_lost, at);
        if is_excuse { self.0.endpoint.decode(entry.response()).ok() } else { None }
    }
}

/// Processes a response as far as this is possible without the application and the session.
fn read<T, E, B: AsRef<[u8]>>(
    call: &mut Call<T>,
    response: &Response<B>,
    credentials: &Credentials,
    at: SystemTime,
) -> Outcome<T, E> {
    let status = response.status();
    if status.is_success() {
        let value =
            call.0.endpoint.decode(response.into()).map_err(|error| error.without(&credentials.matcher()));
        let store = if value.is_ok() { call.0.machine.store(response, at) } else { StoreAction::Keep };
        return Outcome::Success { status, value, store };
    }
    if status == StatusCode::NOT_MODIFIED {
        // Only the 304 for a conditional request can confirm an entry.
        if let Some(entry) = call.0.machine.take_entry() {
            return confirm(call, entry, response, at);
        }
    }
    let (operation, secrets) = (call.0.machine.operation, credentials.matcher());
    let error = response::error(operation, response.into(), &secrets);
    // RFC 5861 §4: the entry is served instead of the error if the server has allowed it.
    let excuse = call.0.machine.entry().filter(|entry| entry.excuses(status, at));
    let stale = excuse.and_then(|entry| call.0.endpoint.decode(entry.response()).ok());
    Outcome::Failure { status, error, stale }
}

fn confirm<T, E, B>(
    call: &mut Call<T>,
    mut entry: Entry,
    response: &Response<B>,
    at: SystemTime,
) -> Outcome<T, E> {
    let is_storable = entry.confirm(response.headers(), call.0.machine.requested, at);
    let value = is_storable.and_then(|_| call.0.endpoint.decode(entry.response()).ok());
    match (is_storable, value) {
        (Some(true), Some(value)) => Outcome::Confirmed { value, store: StoreAction::Put(entry) },
        (Some(false), Some(value)) => Outcome::Confirmed { value, store: StoreAction::Remove },
        _ => {
            call.0.machine.options_mut().is_entry_bad = true;
            Outcome::Unconfirmed
        }
    }
}

impl<T, E> fmt::Debug for Received<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match &self.outcome {
            Outcome::Success { status, .. } => status.as_str(),
            Outcome::Confirmed { .. } | Outcome::Unconfirmed => "304",
            Outcome::Failure { status, .. } => status.as_str(),
            Outcome::Lost { .. } => "lost",
        };
        f.debug_struct("Received")
            .field("call", &self.call)
            .field("outcome", &outcome)
            .finish_non_exhaustive()
    }
}
