//! Errors of this crate.

use spotify_proto::driver;
use spotify_proto::{AuthCode, AuthError};
use spotify_proto_login::{EnvironmentError, LoginError, TokenFileError};

use crate::store::StoreError;

/// Error of a call, a login, or the environment.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Spotify returned an error, or a limit of the application prevented the request.
    #[error(transparent)]
    Spotify(#[from] spotify_proto::Error),
    /// The request was not sent or its response not received, and the retry policy permits no further attempt.
    #[error("could not send the request or receive the response")]
    Transport(#[from] TransportError),
    /// Stored tokens could not be loaded. No token request was sent.
    #[error("could not load the stored tokens")]
    LoadTokens(#[source] StoreError),
    /// New tokens could not be stored, and no request was sent with them. The session retains them, and later calls
    /// store them first.
    #[error("could not store the new tokens")]
    SaveTokens(#[source] StoreError),
    /// The user could not be logged in.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The application could not be read from the environment.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// The path of the token file could not be determined.
    #[error(transparent)]
    TokenFile(#[from] TokenFileError),
    /// Another error, such as that of a task that the runtime has aborted.
    #[error(transparent)]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Returns the library's error if this is [`Error::Spotify`].
    #[must_use]
    pub fn as_spotify(&self) -> Option<&spotify_proto::Error> {
        match self {
            Self::Spotify(error) => Some(error),
            _ => None,
        }
    }

    /// Returns whether the user has to log in again, because the refresh token has expired or was revoked.
    #[must_use]
    pub fn needs_login(&self) -> bool {
        let error = self.as_spotify();
        matches!(
            error,
            Some(spotify_proto::Error::Auth(AuthError::GrantRejected { code: AuthCode::InvalidGrant, .. }))
        )
    }
}

impl From<driver::Error<Self>> for Error {
    fn from(error: driver::Error<Self>) -> Self {
        match error {
            driver::Error::Spotify(error) => Self::Spotify(error),
            driver::Error::Transport(error) | driver::Error::Load(error) | driver::Error::Save(error) => {
                error
            }
            // The enum is non-exhaustive.
            error => Self::Other(error.into_boxed()),
        }
    }
}

/// Error of the transport.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The HTTP stack failed, for example because of a failed connection or a timeout.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// The body is longer than [`MAX_BODY_LEN`](spotify_proto::MAX_BODY_LEN).
    #[error("expected a body of at most {} bytes, got more", spotify_proto::MAX_BODY_LEN)]
    BodyTooLong,
}
