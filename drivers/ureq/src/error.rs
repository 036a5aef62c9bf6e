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
    Transport(#[source] ureq::Error),
    /// Stored tokens could not be loaded. No token request was sent.
    #[error("could not load the stored tokens")]
    LoadTokens(#[source] StoreError),
    /// New tokens could not be stored. The session keeps them, and the next call stores them first.
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
    /// Another error of the driver.
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
            // The enum may grow.
            error => Self::Other(error.into_boxed()),
        }
    }
}
