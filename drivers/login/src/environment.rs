//! The application, from environment variables.

use std::env;
use std::ffi::OsString;

use spotify_proto::{App, Origin, OriginError};

const CLIENT_ID: &str = "SPOTIFY_CLIENT_ID";
const CLIENT_SECRET: &str = "SPOTIFY_CLIENT_SECRET";
const ORIGIN: &str = "SPOTIFY_ORIGIN";

/// Reads the application from the environment variables `SPOTIFY_CLIENT_ID` and `SPOTIFY_CLIENT_SECRET`.
///
/// Without a secret, or with an empty one, the application is [public](App::public) and logs users in with PKCE.
/// `SPOTIFY_ORIGIN` replaces Spotify's servers by another one, for tests and proxies: both the Web API and the accounts
/// service. Credentials are sent to it, so it must be an `https` origin, or one on a loopback address.
///
/// # Errors
///
/// [`EnvironmentError`] if the client id is missing, or a variable has a value that cannot be used.
pub fn app_from_env() -> Result<App, EnvironmentError> {
    app_from(env::var_os)
}

fn app_from(variable: impl Fn(&'static str) -> Option<OsString>) -> Result<App, EnvironmentError> {
    let read = |name| match variable(name).filter(|value| !value.is_empty()) {
        Some(value) => value.into_string().map(Some).map_err(|_| EnvironmentError::NotUnicode(name)),
        None => Ok(None),
    };
    let id = read(CLIENT_ID)?.ok_or(EnvironmentError::Missing(CLIENT_ID))?;
    let app = match read(CLIENT_SECRET)? {
        Some(secret) => App::confidential(id, secret),
        None => App::public(id),
    };
    let Some(origin) = read(ORIGIN)? else { return Ok(app) };
    let origin: Origin = origin.parse().map_err(EnvironmentError::Origin)?;
    Ok(app.with_origins(origin.clone(), origin))
}

/// Error of reading the application from the environment.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvironmentError {
    /// The variable is not set, or empty.
    #[error("expected the environment variable {0}, got none")]
    Missing(&'static str),
    /// The variable is not valid Unicode.
    #[error("the environment variable {0} is not valid Unicode")]
    NotUnicode(&'static str),
    /// `SPOTIFY_ORIGIN` is not an origin.
    #[error("could not read the environment variable SPOTIFY_ORIGIN")]
    Origin(#[source] OriginError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(variables: &[(&str, &str)]) -> Result<App, EnvironmentError> {
        app_from(|name| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).into()))
    }

    #[test]
    fn an_application_without_a_secret_is_public() {
        assert!(!app(&[(CLIENT_ID, "id")]).expect("an application").is_confidential());
        assert!(!app(&[(CLIENT_ID, "id"), (CLIENT_SECRET, "")]).expect("an application").is_confidential());
        assert!(app(&[(CLIENT_ID, "id"), (CLIENT_SECRET, "x")]).expect("an application").is_confidential());
        assert_eq!(app(&[(CLIENT_ID, "")]).expect_err("no id"), EnvironmentError::Missing(CLIENT_ID));
    }

    #[test]
    fn credentials_do_not_go_to_another_machine_in_clear_text() {
        let origin = |text| app(&[(CLIENT_ID, "id"), (ORIGIN, text)]).map(|app| app.accounts().to_string());
        for text in
            ["https://proxy.example", "http://127.0.0.1:8080", "http://[::1]:80", "http://127.0.0.1/x"]
        {
            assert_eq!(origin(text).as_deref(), Ok(text));
        }
        for text in ["http://proxy.example", "http://127.0.0.1.example", "proxy"] {
            assert!(matches!(origin(text), Err(EnvironmentError::Origin(_))), "{text}");
        }
    }
}
