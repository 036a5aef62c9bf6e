//! Errors of this crate.

use spotify_proto::driver;
use spotify_proto::{AuthCode, AuthError};
use spotify_proto_login::{EnvironmentError, LoginError, TokenFileError};

use crate::store::StoreError;

/// Error of a call, of a login, or of reading the application from the environment.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Error of the library, for example because of an error response from Spotify or an exceeded rate limit.
    #[error(transparent)]
    Spotify(#[from] spotify_proto::Error),
    /// The request could not be sent or the response could not be received, and the retry policy permits no further
    /// attempt.
    #[error("could not send the request or receive the response")]
    Transport(#[source] ureq::Error),
    /// Stored tokens could not be loaded. No token request was sent.
    #[error("could not load the stored tokens")]
    LoadTokens(#[source] StoreError),
    /// New tokens could not be stored. The session keeps the tokens, and the next call attempts to store them first.
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
    /// Another error of the driver.
    #[error(transparent)]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Returns the library's error if this error is [`Error::Spotify`].
    #[must_use]
    pub fn as_spotify(&self) -> Option<&spotify_proto::Error> {
        match self {
            Self::Spotify(error) => Some(error),
            _ => None,
        }
    }

    /// Returns whether the user has to log in again because the refresh token has expired or has been revoked.
    #[must_use]
    pub fn needs_login(&self) -> bool {
        let error = self.as_spotify();
        matches!(
            error,
            Some(spotify_proto::Error::Auth(AuthError::GrantRejected { code: AuthCode::InvalidGrant, .. }))
        )
    }
}

impl From<ureq::Error> for Error {
    fn from(error: ureq::Error) -> Self {
        Self::Transport(error)
    }
}

impl From<driver::Error<Self>> for Error {
    fn from(error: driver::Error<Self>) -> Self {
        match error {
            driver::Error::Spotify(error) => Self::Spotify(error),
            driver::Error::Transport(error) | driver::Error::Load(error) | driver::Error::Save(error) => {
                error
            }
            // `driver::Error` is non-exhaustive.
            error => Self::Other(error.into_boxed()),
        }
    }
}
