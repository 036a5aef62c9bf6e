//! Errors, grouped by the action that a caller can take.
//!
//! Errors of the transport belong to the caller and are not among them.

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

/// Error of a call.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Spotify rejected the request: show the message, or change the request.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// A token or a grant was rejected: log in again, or correct the credentials.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The call's deadline leaves no time for another step.
    #[error("deadline passed before the call completed")]
    Deadline,
    /// A 2xx response that could not be decoded. Please report it with the response body.
    #[error("could not decode the response")]
    Decode(#[source] DecodeError),
    /// A step was applied to another [`App`](crate::App) or [`Session`](crate::Session) than the one that its call or
    /// token request began with. Nothing was changed.
    #[error("step belongs to another application or session")]
    ForeignState,
    /// Spotify responded with a 429, and the retry policy does not allow a delay of that length: retry later.
    #[error(transparent)]
    RateLimited(#[from] RateLimited),
    /// The request violates a rule of the reference and was not sent: change the parameter that the error names.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The user has not granted a scope that the operation needs: log in again with the missing scopes.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// The application's own limits delay the request for longer than the call may wait: retry later.
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

    /// Returns whether the same call may succeed later without a change, because the server failed or there were too
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

    /// Returns the delay before another attempt, from `now`: the value of `Retry-After`, or the remaining time of the
    /// application's own limit. For every status, the value of the server is at least a second and at most a day.
    ///
    /// `None` if neither the server nor the application specified a delay; use your own backoff for
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

/// An error response of the Web API: status, message and reason, from a body in any format.
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

    /// Adds the reason for which the playback state is absent.
    pub(crate) fn with_playback(mut self, absent: Option<PlaybackStateAbsent>) -> Self {
        self.playback = absent;
        self
    }

    /// Marks a rejected repetition of a command that an earlier attempt has executed.
    pub(crate) fn with_effect(mut self) -> Self {
        self.took_effect = true;
        self
    }

    /// Returns the reason for which the playback state is absent, if the response to a correct request means that.
    ///
    /// Some accounts get 400 `invalid id` while a local file plays and 404 `non existing id` when nothing is active.
    /// `None` for any other error.
    #[must_use]
    pub fn playback_state_absent(&self) -> Option<PlaybackStateAbsent> {
        self.playback
    }

    /// Returns whether the error rejects the repetition of a player command that has taken effect already: the player
    /// is already paused or playing.
    ///
    /// A call that sends such a command again after a 5xx gets a 403 (`Restriction violated`) if the first attempt was
    /// executed.
    #[must_use]
    pub fn has_taken_effect(&self) -> bool {
        self.took_effect
    }

    /// Returns the HTTP status; a status in the body is ignored.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the message of the server, or a bounded excerpt of a body in another form; may be empty.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the machine-readable reason; player and quota errors have one.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        self.reason.as_ref()
    }

    /// Returns the cause of a 403 as far as the response shows it; `None` for any other status.
    #[must_use]
    pub fn forbidden(&self) -> Option<ForbiddenReason> {
        self.forbidden
    }

    /// Returns the `Retry-After` header; an outage may have one (RFC 9110 §10.2.3).
    #[must_use]
    pub fn retry_after(&self) -> Option<RetryAfter> {
        self.retry_after
    }

    /// Returns whether the same request may succeed later without a change: 408, 500, 502, 503, 504, 520 to 529, and
    /// player commands that were sent too quickly.
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
        /// Nothing plays on the local device.
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
        /// Too many commands.
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
        /// The quota of the developer account is exhausted; delays of hours are usual.
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
    /// In July 2026 subscribers got this response too, and the next request succeeded. If the user is known to have
    /// a subscription, retry once.
    Premium,
    /// The owner of the application has no Premium subscription.
    OwnerPremium,
    /// The user is not on the allow-list of an application in development mode.
    NotAllowListed,
    /// The operation is unavailable to applications in development mode.
    OperationRemoved,
    /// Another cause, such as a playlist of another user.
    Unknown,
}

/// A token or a grant was rejected, or no token is available.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The API rejected the access token (401), and a new one did not help or was not requested.
    #[error("spotify rejected the access token{}{description}", if description.is_empty() { "" } else { ": " })]
    TokenRejected {
        /// `invalid_token`, `missing_token`, … from the `WWW-Authenticate` header (RFC 6750 §3).
        code: Option<AuthCode>,
        /// Returns the server's message; may be empty.
        description: Text,
    },
    /// The accounts service refused to issue a token (RFC 6749 §5.2): the user has to log in again, or the
    /// application's credentials have to be corrected.
    #[error("accounts service rejected the grant: {} {code}{}{description}", status.as_u16(), if description.is_empty() { "" } else { ": " })]
    GrantRejected {
        /// The HTTP status.
        status: StatusCode,
        /// The error code; `invalid_grant` means that the user has to log in again.
        code: AuthCode,
        /// Returns the server's message; may be empty.
        description: Text,
    },
    /// The accounts service, or a proxy in front of it, sent neither a token nor an error of RFC 6749.
    #[error("unexpected response of the accounts service: {}{}{excerpt}", status.as_u16(), if excerpt.is_empty() { "" } else { ": " })]
    UnexpectedResponse {
        /// The HTTP status.
        status: StatusCode,
        /// A bounded excerpt of the body, never of a token; may be empty.
        excerpt: Text,
    },
    /// The operation acts for a user, but the session uses client credentials. Nothing was sent.
    #[error("operation {operation} needs the session of a user")]
    UserRequired {
        /// Id of the operation in the reference.
        operation: &'static str,
    },
    /// The session has no valid token, and either no refresh token or no client id to request one with.
    #[error("no valid token and no credentials to get one")]
    NoCredentials,
    /// Several token requests failed without a response.
    #[error("no token after several attempts{}{reason}", if reason.is_empty() { "" } else { ": " })]
    AttemptsExhausted {
        /// The driver's description of the last failure; may be empty.
        reason: Text,
    },
    /// New tokens could not be saved, and no further token request is sent before they are.
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

    /// Returns whether the same call may succeed later without a change.
    ///
    /// False for a rejected grant: the user has to log in again, or the credentials have to be corrected. True for a
    /// 401 without a statement that the token is expired or invalid, which the server also sends for valid tokens.
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

/// Cause of a 401 of the Web API.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unauthorized {
    /// The access token is expired or invalid.
    Token,
    /// A scope is missing.
    Scope,
    /// The operation needs a user's token.
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
    /// An error code of OAuth 2 (RFC 6749 §5.2, RFC 6750 §3.1) or of Spotify.
    AuthCode {
        /// The request lacks a parameter or repeats one.
        InvalidRequest = "invalid_request",
        /// The client's credentials are wrong.
        InvalidClient = "invalid_client",
        /// The code or refresh token is wrong, expired or revoked: log in again.
        InvalidGrant = "invalid_grant",
        /// The client may not use this grant.
        UnauthorizedClient = "unauthorized_client",
        /// The grant type is unknown.
        UnsupportedGrantType = "unsupported_grant_type",
        /// A scope is unknown.
        InvalidScope = "invalid_scope",
        /// The access token is wrong or expired.
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
    /// Returns whether the code is one of RFC 6749 §5.2, with which the accounts service rejects a grant.
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

/// A 2xx response that could not be decoded.
#[derive(Clone, Debug)]
pub struct DecodeError {
    what: Text,
    line: usize,
    column: usize,
}

impl DecodeError {
    /// Creates an error for the `decode` of a caller's own endpoint.
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

    /// Returns the line of the body, from 1; 0 if the error has no position.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Returns the column of the line, from 1; 0 if the error has no position.
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

/// Longest excerpt of a server's text in an error, in characters.
const EXCERPT_MAX: usize = 200;

/// Longest run of token characters in an excerpt: ids have 22, client secrets 32, access tokens more than 80.
const RUN_MAX: usize = 29;

/// Longest run that includes separators, which tokens may contain and addresses do.
const SEPARATED_MAX: usize = 40;

/// Returns a bounded excerpt of a server's text: one line, without control characters and possible tokens.
pub(crate) fn excerpt(text: &str) -> Text {
    excerpt_without(text, &SecretMatcher::default())
}

/// Returns an [`excerpt`] that does not show the secrets in any spelling.
pub(crate) fn excerpt_without(text: &str, secrets: &SecretMatcher) -> Text {
    let text = &*secrets.redact(text);
    let is_token =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '+' | '/' | '=');
    let mut rest = text.trim();
    // Most texts are returned unchanged.
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
    fn an_excerpt_is_short_and_keeps_no_token() {
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
