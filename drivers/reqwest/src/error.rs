//! The error of this crate.

use spotify_proto::driver;
use spotify_proto::{AuthCode, AuthError};
use spotify_proto_login::{EnvironmentError, LoginError, TokenFileError};

use crate::store::StoreError;

/// Error of a call, a login, or the environment.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Spotify rejected the request, or one of the application's limits did.
    #[error(transparent)]
    Spotify(#[from] spotify_proto::Error),
    /// No response was received, and the request may not be sent again.
    #[error("could not send the request or receive the response")]
    Transport(#[from] TransportError),
    /// Stored tokens could not be loaded. No token request was sent.
    #[error("could not load the stored tokens")]
    LoadTokens(#[source] StoreError),
    /// New tokens could not be stored, and no request was sent with them. The session keeps them, and later calls store
    /// them first.
    #[error("could not store the new tokens")]
    SaveTokens(#[source] StoreError),
    /// The user could not be logged in.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The environment does not name an application.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// The token file has no place.
    #[error(transparent)]
    TokenFile(#[from] TokenFileError),
    /// Another error, such as that of a task that the runtime has ended.
    #[error(transparent)]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// The error of the call, if it is one.
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
            // The enum may grow.
            error => Self::Other(error.into_boxed()),
        }
    }
}

/// Error of the transport.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The HTTP stack failed: no connection, no response in time, a connection that broke.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// The body is longer than [`MAX_BODY_LEN`](spotify_proto::MAX_BODY_LEN).
    #[error("expected a body of at most {} bytes, got more", spotify_proto::MAX_BODY_LEN)]
    BodyTooLong,
}
