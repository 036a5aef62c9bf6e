//! Reads the application from environment variables.

use std::env;
use std::ffi::OsString;

use spotify_proto::{App, Origin, OriginError};

const CLIENT_ID: &str = "SPOTIFY_CLIENT_ID";
const CLIENT_SECRET: &str = "SPOTIFY_CLIENT_SECRET";
const ORIGIN: &str = "SPOTIFY_ORIGIN";

/// Returns the application whose credentials are in the environment variables `SPOTIFY_CLIENT_ID` and
/// `SPOTIFY_CLIENT_SECRET`.
///
/// If the secret is missing or empty, the application is [public](App::public) and uses PKCE logins. `SPOTIFY_ORIGIN`
/// replaces the servers of both the Web API and the accounts service, for tests and proxies. Because credentials are
/// sent to this origin, it must use `https` or a loopback address.
///
/// # Errors
///
/// Returns an [`EnvironmentError`] if the client id is missing or a variable has an invalid value.
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

/// Error of [`app_from_env`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvironmentError {
    /// The variable is missing or empty.
    #[error("the environment variable {0} is missing or empty")]
    Missing(&'static str),
    /// The variable is not valid Unicode.
    #[error("the environment variable {0} is not valid Unicode")]
    NotUnicode(&'static str),
    /// `SPOTIFY_ORIGIN` is not a valid origin.
    #[error("could not parse the environment variable SPOTIFY_ORIGIN")]
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
    fn credentials_are_not_sent_to_another_machine_in_plaintext() {
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
