//! The tokens of a session, in the formats that the accounts service sends and that programs store.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use http::header::{HeaderMap, HeaderValue};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::grant::sensitive;
use crate::error::{AuthError, DecodeError, Envelope, Error, RateLimited, retry_after};
use crate::types::operation::Operation;
use crate::types::scope::Scopes;
use crate::types::secret::{Secret, SecretMatcher};
use crate::types::time;
use crate::types::time::unix::{self, UnixTime};
use crate::wire::lenient::model;

/// An access token, its expiry and, for a user, the refresh token.
///
/// A session returns tokens ([`Session::tokens`](crate::Session::tokens), or the step that saves them). Tokens can also
/// be deserialized from a store, or created from a bare refresh token, from a response of the accounts service, or from
/// individual values.
///
/// `Tokens` is plain serde data, which a program can store between runs. **The stored form contains the tokens in clear
/// text**; `Debug` omits them. Instants are stored as Unix timestamps. In self-describing formats such as JSON,
/// responses of the accounts service and the cache files of other clients can be deserialized as well:
///
/// ```
/// use spotify_proto::Tokens;
///
/// for json in [
///     r#"{"refresh_token": "AQx"}"#,
///     r#"{"access_token": "BQx", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "AQx"}"#,
///     r#"{"access_token": "BQx", "expires_at": 1790000000, "refresh_token": "AQx", "scope": "streaming"}"#,
/// ] {
///     let tokens: Tokens = serde_json::from_str(json)?;
///     assert_eq!(tokens.refresh_token().map(|token| token.expose()), Some("AQx"));
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Tokens {
    access_token: Option<Secret>,
    issued_at: Option<SystemTime>,
    expires_at: Option<SystemTime>,
    scopes: Option<Scopes>,
    refresh_token: Option<Secret>,
    /// The authorization to which the tokens belong, identified by the Unix timestamp of its login in milliseconds; 0
    /// if unknown.
    chain: u64,
    /// Number of earlier token responses for that authorization.
    generation: u64,
}

impl Tokens {
    /// Creates tokens from only a refresh token. The first call requests an access token.
    #[must_use]
    pub fn from_refresh_token(refresh_token: impl Into<Secret>) -> Self {
        Self { refresh_token: Some(refresh_token.into()), ..Self::empty() }
    }

    /// Creates tokens from an access token and its expiry; `None` if the expiry is unknown.
    #[must_use]
    pub fn from_access_token(access_token: impl Into<Secret>, expires_at: Option<SystemTime>) -> Self {
        Self { access_token: Some(access_token.into()), expires_at, ..Self::empty() }
    }

    /// Parses the body of a token response from the accounts service (RFC 6749 §5.1) that was received at `now`.
    ///
    /// # Errors
    ///
    /// Returns [`DecodeError`] if the body contains no usable access token. The error never quotes the body.
    pub fn from_response(body: &[u8], now: SystemTime) -> Result<Self, DecodeError> {
        let unusable = || DecodeError::new("expected a token response with an access token");
        Self::read(body, None, now).ok_or_else(unusable)
    }

    /// Sets the refresh token.
    #[must_use]
    pub fn with_refresh_token(mut self, refresh_token: impl Into<Secret>) -> Self {
        self.refresh_token = Some(refresh_token.into());
        self
    }

    /// Sets the granted scopes.
    #[must_use]
    pub fn with_scopes(mut self, scopes: Scopes) -> Self {
        self.scopes = Some(scopes);
        self
    }

    const fn empty() -> Self {
        Self {
            access_token: None,
            issued_at: None,
            expires_at: None,
            scopes: None,
            refresh_token: None,
            chain: 0,
            generation: 0,
        }
    }

    /// Returns the access token, which is a bearer token; `None` if only a refresh token is known.
    #[must_use]
    pub fn access_token(&self) -> Option<&Secret> {
        self.access_token.as_ref()
    }

    /// Returns the instant at which the access token expires; `None` if the instant is unknown.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }

    /// Returns the granted scopes that the server listed last; `None` if the server has not listed any.
    #[must_use]
    pub fn scopes(&self) -> Option<&Scopes> {
        self.scopes.as_ref()
    }

    /// Returns the scopes that an operation requires but that were not granted, including all alternatives if any one
    /// of them would be sufficient.
    ///
    /// The result is empty if no scope is missing, or if the granted scopes are unknown.
    #[must_use]
    pub fn missing_for(&self, operation: &Operation) -> Scopes {
        self.scopes.as_ref().map(|granted| operation.scopes.missing_from(granted)).unwrap_or_default()
    }

    /// Returns the refresh token; `None` for tokens of an application without a user.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.refresh_token.as_ref()
    }

    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.access_token.iter().chain(&self.refresh_token)
    }

    /// Returns the `Authorization` header with the access token; `None` if there is no valid token.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        bearer(self.access_token.as_ref()?)
    }

    /// Returns the instant at which to request the next access token: a minute before the expiry, or at half of the
    /// lifetime if the lifetime is less than two minutes.
    ///
    /// Returns `None` if the expiry is unknown, in which case the token is used until the server rejects it.
    pub(crate) fn renew_at(&self) -> Option<SystemTime> {
        let expires_at = self.expires_at?;
        let issued_at = self.issued_at.unwrap_or_else(|| {
            let life = time::until(expires_at, SystemTime::UNIX_EPOCH).min(USUAL_LIFE);
            expires_at.checked_sub(life).unwrap_or(SystemTime::UNIX_EPOCH)
        });
        let life = time::until(expires_at, issued_at);
        Some(time::after(issued_at, life.saturating_sub(RENEWAL_MARGIN).max(life / 2)))
    }

    /// Returns whether the access token has not expired. If `now` is before the token was issued, the clock is wrong,
    /// and the token is used until the server rejects it.
    pub(crate) fn is_alive(&self, now: SystemTime) -> bool {
        self.expires_at.is_none_or(|at| now < at)
    }

    /// Returns whether the access token is known to have been issued less than this time ago.
    pub(crate) fn is_younger_than(&self, age: Duration, now: SystemTime) -> bool {
        self.issued_at.is_some_and(|at| time::until(now, at) < age)
    }

    /// Returns whether both are the same tokens.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let text = |secret: &Option<Secret>| secret.as_ref().map(|it| it.expose().to_owned());
        text(&self.access_token) == text(&other.access_token)
            && text(&self.refresh_token) == text(&other.refresh_token)
    }

    /// Returns whether these tokens replace the others because they were issued later in the same authorization, or by
    /// a later login.
    ///
    /// Within an authorization, tokens are compared by the order of issue, not by the clocks of the machines. A store
    /// that several processes share should keep the tokens that replace all others.
    #[must_use]
    pub fn replaces(&self, others: &Self) -> bool {
        let order = |it: &Self| (it.chain, it.generation, it.issued_at);
        !self.is_same(others) && order(self) >= order(others)
    }

    /// Marks the tokens as the first tokens of a login at this instant.
    pub(crate) fn begin_chain(&mut self, now: SystemTime) {
        self.chain = unix::millis(now);
        self.generation = 1;
    }

    /// Parses a token response that follows `old`. Fields of `old` that the response does not contain are retained.
    pub(crate) fn read(body: &[u8], old: Option<&Self>, now: SystemTime) -> Option<Self> {
        if body.len() > MAX_TOKEN_BODY_LEN {
            return None;
        }
        let response: TokenResponse = serde_json::from_slice(body).ok()?;
        let some = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Secret::from);
        let access_token = some(response.access_token)?;
        bearer(&access_token)?;
        let life = response.expires_in.filter(|seconds| *seconds > 0);
        let life = life.map_or(USUAL_LIFE, |seconds| Duration::from_secs(seconds.into()));
        let scopes = response.scope.map(|scope| Scopes::from(&*scope));
        Some(Self {
            access_token: Some(access_token),
            issued_at: Some(now),
            expires_at: Some(time::after(now, life)),
            scopes: scopes.or_else(|| old.and_then(|old| old.scopes.clone())),
            refresh_token: some(response.refresh_token)
                .or_else(|| old.and_then(|old| old.refresh_token.clone())),
            chain: old.map_or(0, |old| old.chain),
            generation: old.map_or(0, |old| old.generation.saturating_add(1)),
        })
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("has_access_token", &self.access_token.is_some())
            .field("expires_at", &self.expires_at)
            .field("scopes", &self.scopes)
            .field("has_refresh_token", &self.refresh_token.is_some())
            .finish_non_exhaustive()
    }
}

/// Time before the expiry at which a token is renewed.
const RENEWAL_MARGIN: Duration = Duration::from_secs(60);

/// Lifetime of an access token if the response does not specify one.
const USUAL_LIFE: Duration = Duration::from_secs(3600);

/// Maximum length of a token response, in bytes. Real token responses have less than 2 KB.
const MAX_TOKEN_BODY_LEN: usize = 64 * 1024;

/// Returns the `Authorization` header with a token; `None` if the token contains a character that is not allowed.
///
/// A header value may contain spaces and tabs, but a token must not (RFC 6750 §2.1).
fn bearer(token: &Secret) -> Option<HeaderValue> {
    let is_token = token.expose().bytes().all(|byte| byte.is_ascii_graphic());
    sensitive(&format!("Bearer {}", token.expose())).filter(|_| is_token)
}

model! {
    /// The body of a token response.
    #[allow(unreachable_pub, reason = "models are public, but this model is not reachable")]
    TokenResponse {
        /// The new access token.
        access_token: Option<String>,
        /// Lifetime of the access token in seconds.
        expires_in: Option<u32>,
        /// A new refresh token, which most responses do not contain.
        refresh_token: Option<String>,
        /// The granted scopes.
        scope: Option<String>,
    }
}

/// Parses an unsuccessful response of the token endpoint, whether or not it is an error as defined by RFC 6749 §5.2.
///
/// Only a registered error code with the status that the RFC specifies counts as a rejection of the grant; an HTML page
/// or an error object from a proxy does not. The error contains none of the secrets.
pub(crate) fn read_rejection(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    secrets: &SecretMatcher,
) -> Error {
    let said = Envelope::read(body, secrets);
    let has_verdict = matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED);
    match said.code {
        _ if status == StatusCode::TOO_MANY_REQUESTS => {
            RateLimited::from_response(said.message, said.reason, retry_after(headers)).into()
        }
        Some(code) if has_verdict && code.is_grant_error() => {
            let description = if said.message == code.as_str() { "".into() } else { said.message };
            AuthError::GrantRejected { status, code, description }.into()
        }
        _ => AuthError::UnexpectedResponse { status, excerpt: said.message }.into(),
    }
}

/// Version of the stored form. Version 1 had a different format for instants, and contained neither a chain nor a
/// generation.
const VERSION: u8 = 2;

impl Serialize for Tokens {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Stored {
            version: Some(VERSION),
            access_token: self.access_token.as_ref().map(|token| token.expose().to_owned()),
            issued_at: self.issued_at.map(UnixTime),
            expires_at: self.expires_at.map(UnixTime),
            scope: self.scopes.clone(),
            refresh_token: self.refresh_token.as_ref().map(|token| token.expose().to_owned()),
            chain: self.chain,
            generation: self.generation,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tokens {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;

        let stored = Stored::deserialize(deserializer)?;
        let version = stored.version.unwrap_or(VERSION);
        if !(1..=VERSION).contains(&version) {
            return Err(D::Error::custom(format_args!(
                "expected version {VERSION} or earlier, got {version}"
            )));
        }
        let some = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Secret::from);
        let tokens = Self {
            access_token: some(stored.access_token),
            issued_at: stored.issued_at.map(|UnixTime(at)| at),
            expires_at: stored.expires_at.map(|UnixTime(at)| at),
            scopes: stored.scope,
            refresh_token: some(stored.refresh_token),
            chain: stored.chain,
            generation: stored.generation,
        };
        if tokens.access_token.is_none() && tokens.refresh_token.is_none() {
            return Err(D::Error::custom("expected an access token or a refresh token"));
        }
        Ok(tokens)
    }
}

#[derive(Deserialize, Serialize)]
struct Stored {
    #[serde(default)]
    version: Option<u8>,
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    issued_at: Option<UnixTime>,
    #[serde(default)]
    expires_at: Option<UnixTime>,
    #[serde(default)]
    scope: Option<Scopes>,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    chain: u64,
    #[serde(default)]
    generation: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    fn read(json: &str) -> Tokens {
        serde_json::from_str(json).expect(json)
    }

    #[test]
    fn stored_forms_of_other_clients_are_read() {
        let bare = read(r#"{"refresh_token": "AQx"}"#);
        assert!(bare.access_token().is_none() && bare.header().is_none());
        let response =
            read(r#"{"access_token":"BQx","token_type":"Bearer","expires_in":3600,"scope":"streaming"}"#);
        assert!(response.is_alive(UNIX_EPOCH) && response.renew_at().is_none());
        let at = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
        let cache =
            read(r#"{"access_token":"BQx","expires_in":3600,"expires_at":1790000000,"refresh_token":"AQx"}"#);
        assert_eq!(cache.expires_at(), Some(at));
        assert_eq!(cache.renew_at(), Some(at - Duration::from_secs(60)));
        for json in ["{}", r#"{"access_token": ""}"#, r#"{"version": 3, "access_token": "x"}"#, "[]", "null"]
        {
            assert!(serde_json::from_str::<Tokens>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn the_stored_form_of_the_first_version_is_read() {
        let time = |seconds: u64| format!(r#"{{"secs_since_epoch":{seconds},"nanos_since_epoch":0}}"#);
        let tokens = read(&format!(
            r#"{{"version":1,"access_token":"BQx","issued_at":{},"expires_at":{},"refresh_token":"AQx"}}"#,
            time(1_790_000_000),
            time(1_790_003_600)
        ));
        assert_eq!(tokens.expires_at(), Some(UNIX_EPOCH + Duration::from_secs(1_790_003_600)));
        let json = serde_json::to_string(&tokens).expect("plain data");
        assert!(json.contains(r#""expires_at":1790003600000"#), "{json}");
        assert!(read(&json).is_same(&tokens));
    }

    #[test]
    fn within_an_authorization_tokens_that_were_issued_later_replace_earlier_tokens() {
        let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
        let body = |token: &str| format!(r#"{{"access_token":"{token}","refresh_token":"r{token}"}}"#);
        let first =
            Tokens::read(body("a").as_bytes(), None, now + Duration::from_secs(1_000_000)).expect("tokens");
        let second = Tokens::read(body("b").as_bytes(), Some(&first), now).expect("tokens");
        assert!(second.replaces(&first), "the first clock was ahead");
        assert!(!first.replaces(&second) && !first.replaces(&first));
        let mut login = Tokens::read(body("c").as_bytes(), None, now).expect("tokens");
        login.begin_chain(now);
        assert!(login.replaces(&second) && !second.replaces(&login));
    }

    #[test]
    fn only_registered_codes_reject_a_grant() {
        let read = |status: u16, body: &str| {
            let status = StatusCode::from_u16(status).expect("a status");
            read_rejection(status, &HeaderMap::new(), body.as_bytes(), &SecretMatcher::default())
        };
        for (status, body, is_final) in [
            (400, r#"{"error":"invalid_grant"}"#, true),
            (401, r#"{"error":"invalid_client"}"#, true),
            (400, r#"{"error":"server_error"}"#, false),
            (403, r#"{"error":"Forbidden"}"#, false),
            (403, r#"{"error":"invalid_grant"}"#, false),
            (404, "", false),
            (408, r#"{"error":"invalid_request"}"#, false),
            (413, "<html>", false),
            (400, r#"{"error":{"status":400,"message":"bad"}}"#, false),
            (503, r#"{"error":"invalid_grant"}"#, false),
        ] {
            let error = read(status, body);
            assert_eq!(error.is_transient(), !is_final, "{status} {body}: {error:?}");
        }
        assert!(matches!(read(429, ""), Error::RateLimited(_)));
    }
}
