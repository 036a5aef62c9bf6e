//! What can go wrong, sorted by what a caller does about it.
//!
//! Transport errors are the caller's own and never pass through here.

mod envelope;
mod limit;
mod player;

use std::fmt::{self, Display};
use std::time::{Duration, SystemTime};

use http::StatusCode;

use crate::auth::scope::Scopes;
use crate::open::open_enum;
use crate::text::Text;
use crate::time::RetryAfter;

pub(crate) use envelope::{Envelope, retry_after};
pub(crate) use limit::CEILING;
pub use limit::{Bound, RateLimited, Wait, Why};

/// Why a call did not succeed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Spotify refused: show it, or change the request.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// A token or a grant was refused: log in again, or mend the credentials.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The call's deadline leaves no time for a further step: give up, or ask with a later one.
    #[error("the deadline passed before there was an answer")]
    Deadline,
    /// A success that could not be read: report it, with the recording.
    #[error("the answer could not be read")]
    Decode(#[source] DecodeError),
    /// Too many requests, and the wait is longer than the policy allows: come back later.
    #[error(transparent)]
    RateLimited(#[from] RateLimited),
}

impl Error {
    /// The HTTP status, where a response caused the error.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api(error) => Some(error.status),
            Self::Auth(error) => error.status(),
            Self::Deadline | Self::Decode(_) => None,
            Self::RateLimited(error) => error.status(),
        }
    }

    /// Whether the same call has a chance later, without anybody changing anything: the server was not well, or there
    /// were too many requests.
    ///
    /// A call has already tried as often as its policy allows. What has to be mended first is not transient: a login,
    /// a missing scope, a deadline that has passed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Api(error) => error.is_transient(),
            Self::Auth(error) => error.is_transient(),
            Self::RateLimited(_) => true,
            Self::Deadline | Self::Decode(_) => false,
        }
    }

    /// How long to leave the server alone, from `now`: by its `Retry-After`, or by the wait that was refused.
    ///
    /// `None` where nobody said; for what is [transient](Self::is_transient) a backoff of your own is right then.
    #[must_use]
    pub fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        match self {
            Self::Api(error) => error.retry_after.map(|said| said.delay(now)),
            Self::RateLimited(limit) => limit.wait(now),
            Self::Auth(_) | Self::Deadline | Self::Decode(_) => None,
        }
    }
}

/// An answer that says no: status, message and reason, whatever shape its body had.
#[derive(Clone, Debug, thiserror::Error)]
#[error("spotify answered {}{}{message}", status.as_u16(), if message.is_empty() { "" } else { ": " })]
pub struct ApiError {
    status: StatusCode,
    message: Text,
    reason: Option<Reason>,
    forbidden: Option<Forbidden>,
    missing_scopes: Scopes,
    retry_after: Option<RetryAfter>,
}

impl ApiError {
    pub(crate) fn new(
        status: StatusCode,
        message: Text,
        reason: Option<Reason>,
        forbidden: Option<Forbidden>,
    ) -> Self {
        Self { status, message, reason, forbidden, missing_scopes: Scopes::none(), retry_after: None }
    }

    /// With what `Retry-After` said.
    pub(crate) fn with_retry_after(mut self, said: Option<RetryAfter>) -> Self {
        self.retry_after = said;
        self
    }

    /// With what the user would have to grant.
    pub(crate) fn with_missing_scopes(mut self, scopes: Scopes) -> Self {
        self.missing_scopes = scopes;
        self
    }

    /// The HTTP status; a status inside the body is not believed.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What the server said: its message, or a bounded excerpt of a body in another form. May be empty.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The machine-readable reason; player and quota errors have one.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        self.reason.as_ref()
    }

    /// Why a 403 was answered, as far as it can be told; `None` for every other status.
    #[must_use]
    pub fn forbidden(&self) -> Option<Forbidden> {
        self.forbidden
    }

    /// The scopes that the user would have to grant, where a scope is missing and the session knows which were granted.
    ///
    /// Where one of several is enough, all of them. Empty where that is not known.
    #[must_use]
    pub fn missing_scopes(&self) -> &Scopes {
        &self.missing_scopes
    }

    /// The `Retry-After` header; an outage may have one (RFC 9110 §10.2.3).
    #[must_use]
    pub fn retry_after(&self) -> Option<RetryAfter> {
        self.retry_after
    }

    /// Whether the same request has a chance later, without anybody changing anything: 500, 502, 503, 504, and player
    /// commands that came too fast.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        is_outage(self.status) || self.reason == Some(Reason::RateLimited)
    }
}

/// Whether the server, or one before it, was not well.
pub(crate) fn is_outage(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

open_enum! {
    /// The machine-readable reason of a player or quota error.
    Reason {
        /// There is no previous track.
        NoPrevTrack = "NO_PREV_TRACK",
        /// There is no next track.
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
        /// The quota of the developer account is used up; waits of hours are usual.
        QuotaExceeded = "QUOTA_EXCEEDED",
        /// The server does not say.
        Unknown = "UNKNOWN",
    }
}

/// Why a request was forbidden.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Forbidden {
    /// The user did not grant a scope that the operation needs.
    Scope,
    /// The user has no Premium subscription.
    ///
    /// In July 2026 this was answered to subscribers too, and the next request succeeded. It is worth one more try by
    /// hand where the user is known to have one.
    Premium,
    /// The owner of the application has no Premium subscription.
    OwnerPremium,
    /// The user is not on the allow-list of an application in development mode.
    NotAllowListed,
    /// The operation is gone for applications in development mode.
    OperationRemoved,
    /// Something else, such as a playlist of somebody else.
    Unknown,
}

/// A refusal of a token or a grant.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The API refused the access token (401). A session has already tried a new one.
    #[error("spotify refused the access token{}{description}", if description.is_empty() { "" } else { ": " })]
    TokenRefused {
        /// `invalid_token`, `missing_token`, … from the `WWW-Authenticate` header (RFC 6750 §3).
        code: Option<AuthCode>,
        /// What the server said; may be empty.
        description: Text,
    },
    /// The accounts service refused to issue a token (RFC 6749 §5.2).
    #[error("the accounts service refused with {} {code}{}{description}", status.as_u16(), if description.is_empty() { "" } else { ": " })]
    GrantRefused {
        /// The HTTP status.
        status: StatusCode,
        /// The error code; `invalid_grant` means that the user has to log in again.
        code: AuthCode,
        /// What the server said; may be empty.
        description: Text,
    },
    /// The accounts service answered, but neither with a token nor with a refusal.
    #[error("the accounts service answered {}{}{excerpt}", status.as_u16(), if excerpt.is_empty() { "" } else { ": " })]
    Unavailable {
        /// The HTTP status.
        status: StatusCode,
        /// A bounded excerpt of the body, never of a token; may be empty.
        excerpt: Text,
    },
    /// The token is gone or refused and the session has no means to get another.
    #[error("the session has no valid token and no means to get one")]
    NoToken,
    /// The session did not get a token that works within its bound of attempts.
    #[error("no valid token after several attempts")]
    GaveUp,
}

impl AuthError {
    /// The HTTP status, where a response caused the error.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::TokenRefused { .. } => Some(StatusCode::UNAUTHORIZED),
            Self::GrantRefused { status, .. } | Self::Unavailable { status, .. } => Some(*status),
            Self::NoToken | Self::GaveUp => None,
        }
    }

    /// Whether a token may come later, without anybody changing anything.
    ///
    /// False for a refusal of a grant: the user has to log in again, or the credentials have to be mended.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unavailable { status, .. } => !status.is_client_error(),
            Self::GrantRefused { code, .. } => *code == AuthCode::ServerError,
            Self::GaveUp => true,
            Self::TokenRefused { .. } | Self::NoToken => false,
        }
    }
}

open_enum! {
    /// An error code of OAuth 2 (RFC 6749 §5.2, RFC 6750 §3.1) or of Spotify's own.
    AuthCode {
        /// The request lacks a parameter or repeats one.
        InvalidRequest = "invalid_request",
        /// The client's credentials are wrong.
        InvalidClient = "invalid_client",
        /// The code or refresh token is wrong, expired or revoked: log in again.
        InvalidGrant = "invalid_grant",
        /// The client may not use this grant.
        UnauthorizedClient = "unauthorized_client",
        /// The grant type is not known.
        UnsupportedGrantType = "unsupported_grant_type",
        /// A scope is not known.
        InvalidScope = "invalid_scope",
        /// The access token is wrong or expired.
        InvalidToken = "invalid_token",
        /// There was no access token.
        MissingToken = "missing_token",
        /// The access token lacks a scope.
        InsufficientScope = "insufficient_scope",
        /// The server failed.
        ServerError = "server_error",
    }
}

/// A success that could not be read.
#[derive(Clone, Debug)]
pub struct DecodeError {
    what: Text,
    line: usize,
    column: usize,
}

impl DecodeError {
    /// A reason of an own endpoint's `decode`.
    #[must_use]
    pub fn new(what: &str) -> Self {
        Self { what: excerpt(what), line: 0, column: 0 }
    }

    pub(crate) fn from_json(error: &serde_json::Error) -> Self {
        Self { what: excerpt(&error.to_string()), line: error.line(), column: error.column() }
    }

    /// The line of the body, from 1; 0 where there is no place to name.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column of that line, from 1; 0 where there is no place to name.
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

/// Longest excerpt of a foreign text in an error, in characters.
const EXCERPT_MAX: usize = 200;

/// Longest run of token characters in an excerpt: ids have 22, client secrets 32, access tokens more than 80.
const RUN_MAX: usize = 29;

/// Longest run with the separators that tokens may hold too, and addresses do.
const SEPARATED_MAX: usize = 40;

/// A bounded excerpt of a foreign text: one line, without control characters and without what may be a token.
pub(crate) fn excerpt(text: &str) -> Text {
    let is_token =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '+' | '/' | '=');
    let mut out = String::new();
    let mut rest = text.trim();
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
    run.len() > SEPARATED_MAX || run.split(['/', '.']).any(|part| part.len() > RUN_MAX)
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
    fn errors_are_errors_everywhere() {
        fn check<T: std::error::Error + Send + Sync + 'static>() {}
        check::<Error>();
        check::<ApiError>();
        check::<AuthError>();
        check::<DecodeError>();
        check::<RateLimited>();
    }
}
