//! Errors, grouped by the action that a caller can take.
//!
//! Transport errors are not included: the caller's HTTP client reports them.

mod challenge;
mod envelope;
mod limit;
mod player;
mod request;
mod scope;

use std::fmt::{self, Display};
use std::time::{Duration, SystemTime};

use http::StatusCode;

use crate::types::secret::SecretMatcher;
use crate::types::text::Text;
use crate::types::time::RetryAfter;
use crate::wire::open_enum::open_enum;

pub(crate) use challenge::bearer as bearer_challenge;
pub(crate) use envelope::{Envelope, retry_after};
pub(crate) use limit::clamped;
pub use limit::{RateLimited, Throttled};
pub use player::PlaybackStateAbsent;
pub(crate) use player::{command_took_effect, playback_state_absent};
pub use request::{ParameterRule, RequestError, RequestRule};
pub use scope::ScopeError;

/// An error that a call returns.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Spotify rejected the request. Show the message, or change the request.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// A token or a grant was rejected. Log in again, or correct the credentials.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The deadline of the call leaves no time for another step.
    #[error("deadline passed before the call completed")]
    Deadline,
    /// A 2xx response that could not be decoded. Please report it with the response body.
    #[error("could not decode the response")]
    Decode(#[source] DecodeError),
    /// A step was applied to a different [`App`](crate::App) or [`Session`](crate::Session) than the one with which its
    /// call or token request began. Nothing was changed.
    #[error("step belongs to a different application or session")]
    ForeignState,
    /// Spotify responded with a 429, and the retry policy does not allow a delay of that length. Retry later.
    #[error(transparent)]
    RateLimited(#[from] RateLimited),
    /// The request violates a rule of the reference and was not sent. Change the parameter that the error names.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The user has not granted a scope that the operation requires. Log in again with the missing scopes.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// The application's own limits delay the request for longer than the call may wait. Retry later.
    #[error(transparent)]
    Throttled(#[from] Throttled),
}

impl Error {
    /// Returns the HTTP status if a response caused the error.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api(error) => Some(error.status),
            Self::Auth(error) => error.status(),
            Self::RateLimited(_) => Some(StatusCode::TOO_MANY_REQUESTS),
            Self::Scope(error) => Some(error.status()),
            Self::Deadline | Self::Decode(_) | Self::ForeignState | Self::Request(_) | Self::Throttled(_) => {
                None
            }
        }
    }

    /// Returns whether the same call may succeed later without changes, because the server failed or there were too
    /// many requests.
    ///
    /// The call has already been retried as often as its policy allows. An error that requires a change first, such as
    /// a login, a scope or a later deadline, is not transient.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Api(error) => error.is_transient(),
            Self::Auth(error) => error.is_transient(),
            Self::RateLimited(_) | Self::Throttled(_) => true,
            Self::Deadline | Self::Decode(_) | Self::ForeignState | Self::Request(_) | Self::Scope(_) => {
                false
            }
        }
    }

    /// Returns the delay from `now` before another attempt: the value of `Retry-After`, or the remaining time of the
    /// application's own limit. For every status, the value of `Retry-After` is clamped to at least a second and at
    /// most a day.
    ///
    /// Returns `None` if neither the server nor the application specified a delay; use your own backoff for
    /// [transient](Self::is_transient) errors.
    #[must_use]
    pub fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        match self {
            Self::Api(error) => error.retry_after.map(|said| clamped(said, now)),
            Self::RateLimited(limit) => limit.delay(now),
            Self::Throttled(throttled) => Some(throttled.delay().duration),
            Self::Auth(_)
            | Self::Deadline
            | Self::Decode(_)
            | Self::ForeignState
            | Self::Request(_)
            | Self::Scope(_) => None,
        }
    }
}

/// An error response of the Web API, with the status, the message and the reason from a body in any format.
#[derive(Clone, Debug, thiserror::Error)]
#[error("spotify responded with {}{}{message}", status.as_u16(), if message.is_empty() { "" } else { ": " })]
pub struct ApiError {
    status: StatusCode,
    message: Text,
    reason: Option<Reason>,
    forbidden: Option<ForbiddenReason>,
    playback: Option<PlaybackStateAbsent>,
    took_effect: bool,
    retry_after: Option<RetryAfter>,
}

impl ApiError {
    pub(crate) fn new(
        status: StatusCode,
        message: Text,
        reason: Option<Reason>,
        forbidden: Option<ForbiddenReason>,
    ) -> Self {
        Self { status, message, reason, forbidden, playback: None, took_effect: false, retry_after: None }
    }

    /// Adds the value of `Retry-After`.
    pub(crate) fn with_retry_after(mut self, said: Option<RetryAfter>) -> Self {
        self.retry_after = said;
        self
    }

    /// Adds the reason that the playback state is absent.
    pub(crate) fn with_playback(mut self, absent: Option<PlaybackStateAbsent>) -> Self {
        self.playback = absent;
        self
    }

    /// Marks the error as the rejection of a repeated command that took effect in an earlier attempt.
    pub(crate) fn with_effect(mut self) -> Self {
        self.took_effect = true;
        self
    }

    /// Returns the reason that the playback state is absent, if the request was correct and the error means that it is.
    ///
    /// For some accounts, the server responds with 400 `invalid id` while a local file plays and with 404 `non existing
    /// id` when no device is active. Returns `None` for any other error.
    #[must_use]
    pub fn playback_state_absent(&self) -> Option<PlaybackStateAbsent> {
        self.playback
    }

    /// Returns whether the error rejects a repeated player command that has already taken effect: the player is already
    /// paused or playing.
    ///
    /// If a call sends such a command again after a 5xx although the first attempt took effect, the server responds
    /// with 403 (`Restriction violated`).
    #[must_use]
    pub fn has_taken_effect(&self) -> bool {
        self.took_effect
    }

    /// Returns the HTTP status. A status in the body is ignored.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the message of the server, or a bounded excerpt of a body that contains no message. It may be empty.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the machine-readable reason, which player and quota errors have.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        self.reason.as_ref()
    }

    /// Returns the cause of a 403 as far as the response indicates it; `None` for any other status.
    #[must_use]
    pub fn forbidden(&self) -> Option<ForbiddenReason> {
        self.forbidden
    }

    /// Returns the `Retry-After` header, which the response to a request during an outage may contain (RFC 9110
    /// §10.2.3).
    #[must_use]
    pub fn retry_after(&self) -> Option<RetryAfter> {
        self.retry_after
    }

    /// Returns whether the same request may succeed later without changes. This is the case for 408, 500, 502, 503,
    /// 504, 520 to 529, and for player commands that were sent too quickly.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        is_outage(self.status) || self.reason == Some(Reason::RateLimited)
    }
}

/// Returns whether a status means that the server or a proxy failed, so that the request may succeed later.
pub(crate) fn is_outage(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504 | 520..=529)
}

open_enum! {
    /// The machine-readable reason of a player or quota error.
    Reason {
        /// The context has no previous track.
        NoPrevTrack = "NO_PREV_TRACK",
        /// The context has no next track.
        NoNextTrack = "NO_NEXT_TRACK",
        /// The requested track does not exist.
        NoSpecificTrack = "NO_SPECIFIC_TRACK",
        /// Playback is already paused.
        AlreadyPaused = "ALREADY_PAUSED",
        /// Playback is not paused.
        NotPaused = "NOT_PAUSED",
        /// Nothing is playing on the local device.
        NotPlayingLocally = "NOT_PLAYING_LOCALLY",
        /// No track is playing.
        NotPlayingTrack = "NOT_PLAYING_TRACK",
        /// No context is playing.
        NotPlayingContext = "NOT_PLAYING_CONTEXT",
        /// The context has no end.
        EndlessContext = "ENDLESS_CONTEXT",
        /// The context does not allow the command.
        ContextDisallow = "CONTEXT_DISALLOW",
        /// The track is already playing.
        AlreadyPlaying = "ALREADY_PLAYING",
        /// Too many commands were sent.
        RateLimited = "RATE_LIMITED",
        /// The context cannot be controlled remotely.
        RemoteControlDisallow = "REMOTE_CONTROL_DISALLOW",
        /// The device cannot be controlled remotely.
        DeviceNotControllable = "DEVICE_NOT_CONTROLLABLE",
        /// The device's volume cannot be controlled remotely.
        VolumeControlDisallow = "VOLUME_CONTROL_DISALLOW",
        /// No device is active.
        NoActiveDevice = "NO_ACTIVE_DEVICE",
        /// The user has no Premium subscription.
        PremiumRequired = "PREMIUM_REQUIRED",
        /// The quota of the developer account is exhausted. Delays of several hours are common.
        QuotaExceeded = "QUOTA_EXCEEDED",
        /// The server did not specify a reason.
        Unknown = "UNKNOWN",
    }
}

/// Cause of a 403. A missing scope is a separate error: [`ScopeError`].
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ForbiddenReason {
    /// The user has no Premium subscription.
    ///
    /// In July 2026, subscribers also received this response, and their next request succeeded. If the user is known to
    /// have a subscription, retry once.
    Premium,
    /// The owner of the application has no Premium subscription.
    OwnerPremium,
    /// The application is in development mode, and the user is not on its allowlist.
    NotAllowListed,
    /// The operation is unavailable to applications in development mode.
    OperationRemoved,
    /// Another cause, such as a change to another user's playlist.
    Unknown,
}

/// A token or a grant was rejected, or no token is available.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The API rejected the access token (401), and a new token was rejected as well or was not requested.
    #[error("spotify rejected the access token{}{description}", if description.is_empty() { "" } else { ": " })]
    TokenRejected {
        /// `invalid_token`, `missing_token`, … from the `WWW-Authenticate` header (RFC 6750 §3).
        code: Option<AuthCode>,
        /// The server's message; may be empty.
        description: Text,
    },
    /// The accounts service refused to issue a token (RFC 6749 §5.2). The user has to log in again, or the
    /// application's credentials have to be corrected.
    #[error("accounts service rejected the grant: {} {code}{}{description}", status.as_u16(), if description.is_empty() { "" } else { ": " })]
    GrantRejected {
        /// The HTTP status.
        status: StatusCode,
        /// The error code; `invalid_grant` means that the user has to log in again.
        code: AuthCode,
        /// The server's message; may be empty.
        description: Text,
    },
    /// The accounts service, or a proxy in front of it, sent neither a token nor an error according to RFC 6749.
    #[error("unexpected response from the accounts service: {}{}{excerpt}", status.as_u16(), if excerpt.is_empty() { "" } else { ": " })]
    UnexpectedResponse {
        /// The HTTP status.
        status: StatusCode,
        /// A bounded excerpt of the body, which never contains a token; may be empty.
        excerpt: Text,
    },
    /// The operation acts on behalf of a user, but the session uses client credentials. Nothing was sent.
    #[error("operation {operation} requires the session of a user")]
    UserRequired {
        /// Id of the operation in the reference.
        operation: &'static str,
    },
    /// The session has no valid token, and lacks the refresh token or the client id that are needed to request a new
    /// token.
    #[error("no valid token and no credentials to request a token")]
    NoCredentials,
    /// Several token requests failed without a response.
    #[error("no token after several attempts{}{reason}", if reason.is_empty() { "" } else { ": " })]
    AttemptsExhausted {
        /// The driver's description of the last failure; may be empty.
        reason: Text,
    },
    /// New tokens could not be saved, and no further token request is sent until they are saved.
    #[error("new tokens have not been saved")]
    NotSaved,
}

impl AuthError {
    /// Returns the HTTP status if a response caused the error.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::TokenRejected { .. } => Some(StatusCode::UNAUTHORIZED),
            Self::GrantRejected { status, .. } | Self::UnexpectedResponse { status, .. } => Some(*status),
            Self::UserRequired { .. }
            | Self::NoCredentials
            | Self::AttemptsExhausted { .. }
            | Self::NotSaved => None,
        }
    }

    /// Returns whether the same call may succeed later without changes.
    ///
    /// Returns `false` for a rejected grant, because the user has to log in again or the credentials have to be
    /// corrected. Returns `true` for a 401 that does not state that the token is expired or invalid, because the server
    /// also sends such responses for valid tokens.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::TokenRejected { code, description } => {
                unauthorized(code.as_ref(), description) == Unauthorized::Unknown
            }
            Self::UnexpectedResponse { .. } | Self::AttemptsExhausted { .. } | Self::NotSaved => true,
            Self::GrantRejected { .. } | Self::UserRequired { .. } | Self::NoCredentials => false,
        }
    }
}

/// Cause of a 401 from the Web API.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unauthorized {
    /// The access token is expired or invalid.
    Token,
    /// A scope is missing.
    Scope,
    /// The operation requires a user's token.
    User,
    /// The response does not specify a cause; such responses have been observed for valid tokens.
    Unknown,
}

/// Classifies a 401 by the code of its challenge and by its message.
pub(crate) fn unauthorized(code: Option<&AuthCode>, message: &str) -> Unauthorized {
    let message = message.to_ascii_lowercase();
    let says = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
    if code == Some(&AuthCode::InsufficientScope)
        || says(&["permissions missing", "insufficient client scope", "insufficient_scope"])
    {
        Unauthorized::Scope
    } else if says(&["valid user authentication required"]) {
        Unauthorized::User
    } else if code == Some(&AuthCode::InvalidToken)
        || says(&["expired", "invalid access token", "invalid token", "bad or expired", "invalid bearer"])
    {
        Unauthorized::Token
    } else {
        Unauthorized::Unknown
    }
}

open_enum! {
    /// An error code defined by OAuth 2 (RFC 6749 §5.2, RFC 6750 §3.1) or by Spotify.
    AuthCode {
        /// The request lacks a parameter or repeats a parameter.
        InvalidRequest = "invalid_request",
        /// The client's credentials are wrong.
        InvalidClient = "invalid_client",
        /// The code or refresh token is wrong, expired or revoked. The user has to log in again.
        InvalidGrant = "invalid_grant",
        /// The client is not allowed to use this grant type.
        UnauthorizedClient = "unauthorized_client",
        /// The grant type is unknown.
        UnsupportedGrantType = "unsupported_grant_type",
        /// A scope is unknown.
        InvalidScope = "invalid_scope",
        /// The access token is invalid or expired.
        InvalidToken = "invalid_token",
        /// The request had no access token.
        MissingToken = "missing_token",
        /// The access token lacks a scope.
        InsufficientScope = "insufficient_scope",
        /// The server failed.
        ServerError = "server_error",
    }
}

impl AuthCode {
    /// Returns whether the accounts service uses the code to reject a grant (RFC 6749 §5.2).
    pub(crate) fn is_grant_error(&self) -> bool {
        matches!(
            self,
            Self::InvalidRequest
                | Self::InvalidClient
                | Self::InvalidGrant
                | Self::UnauthorizedClient
                | Self::UnsupportedGrantType
                | Self::InvalidScope
        )
    }
}

/// Error for a 2xx response that could not be decoded.
#[derive(Clone, Debug)]
pub struct DecodeError {
    what: Text,
    line: usize,
    column: usize,
}

impl DecodeError {
    /// Creates an error, for the `decode` method of a custom endpoint.
    #[must_use]
    pub fn new(what: &str) -> Self {
        Self { what: excerpt(what), line: 0, column: 0 }
    }

    /// Removes the secrets from the message.
    pub(crate) fn without(self, secrets: &SecretMatcher) -> Self {
        Self { what: excerpt_without(&self.what, secrets), ..self }
    }

    pub(crate) fn from_json(error: &serde_json::Error) -> Self {
        Self { what: excerpt(&error.to_string()), line: error.line(), column: error.column() }
    }

    /// Returns the line of the body, starting at 1; 0 if the error has no position.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Returns the column of the line, starting at 1; 0 if the error has no position.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }
}

impl Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for DecodeError {}

/// Maximum length of an excerpt of a server's text in an error, in characters.
const EXCERPT_MAX: usize = 200;

/// Maximum length of a run of token characters in an excerpt. Ids have 22 characters, client secrets 32, and access
/// tokens more than 80.
const RUN_MAX: usize = 29;

/// Maximum length of a run that includes separators, which URLs contain and tokens can contain.
const SEPARATED_MAX: usize = 40;

/// Returns a bounded, single-line excerpt of a server's text, without control characters and possible tokens.
pub(crate) fn excerpt(text: &str) -> Text {
    excerpt_without(text, &SecretMatcher::default())
}

/// Returns an [`excerpt`] that does not contain the secrets in any encoding.
pub(crate) fn excerpt_without(text: &str, secrets: &SecretMatcher) -> Text {
    let text = &*secrets.redact(text);
    let is_token =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '+' | '/' | '=');
    let mut rest = text.trim();
    // Most strings are returned unchanged.
    let is_short_line = rest.len() <= EXCERPT_MAX && rest.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_short_line && (rest.len() <= RUN_MAX || !rest.split(|c| !is_token(c)).any(may_be_token)) {
        return Text::from(rest);
    }
    let mut out = String::new();
    while !rest.is_empty() && out.chars().count() < EXCERPT_MAX {
        let run = rest.find(|c| !is_token(c)).unwrap_or(rest.len());
        let (token, after) = rest.split_at(run);
        out.push_str(if may_be_token(token) { "…" } else { token });
        let mut chars = after.chars();
        out.extend(chars.next().map(|c| if c.is_control() { ' ' } else { c }));
        rest = chars.as_str();
    }
    if out.chars().count() > EXCERPT_MAX || !rest.is_empty() {
        out = out.chars().take(EXCERPT_MAX - 1).chain(['…']).collect();
    }
    Text::from(out)
}

fn may_be_token(run: &str) -> bool {
    run.len() > RUN_MAX
        && (run.len() > SEPARATED_MAX || run.split(['/', '.']).any(|part| part.len() > RUN_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_contains_no_token() {
        let token = "BQ".repeat(60);
        let shown = excerpt(&format!("bad\r\ntoken \"{token}\" {}", "x ".repeat(500)));
        assert!(shown.starts_with("bad  token \"…\" x x"), "{shown}");
        assert!(shown.chars().count() <= EXCERPT_MAX);
        assert_eq!(excerpt(&"x".repeat(1_000_000)), "…");
        assert_eq!(excerpt("  "), "");
        assert_eq!(excerpt("secret d0b1f6e2c3a84957b6a1908f7e6d5c4b!"), "secret …!");
        let advice = "Please check your settings on https://developer.spotify.com/dashboard.";
        assert_eq!(excerpt(advice), advice);
    }

    #[test]
    fn errors_implement_error_send_and_sync() {
        fn check<T: std::error::Error + Send + Sync + 'static>() {}
        check::<Error>();
        check::<ApiError>();
        check::<AuthError>();
        check::<DecodeError>();
        check::<RateLimited>();
        check::<RequestError>();
    }
}
