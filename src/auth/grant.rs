//! Token requests and token answers (RFC 6749), as values.

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Method, Request, StatusCode};
use serde::{Deserialize, Serialize};

use super::redirect::RedirectUri;
use super::scope::Scopes;
use crate::encode;
use crate::endpoint::Operation;
use crate::error::{AuthError, Envelope, Error, RateLimited, retry_after};
use crate::lenient::model;
use crate::origin::Origin;
use crate::secret::{Secret, clear_text, optional_clear_text};
use crate::time;
use crate::version::Version;

/// An application as the [dashboard](https://developer.spotify.com/dashboard) knows it.
#[derive(Clone, Debug)]
pub struct App {
    id: Box<str>,
    secret: Option<Secret>,
}

impl App {
    /// An application that can keep a secret: one that runs on a server.
    #[must_use]
    pub fn confidential(id: impl Into<Box<str>>, secret: impl Into<Secret>) -> Self {
        Self { id: id.into(), secret: Some(secret.into()) }
    }

    /// An application in its users' hands: without a secret, it logs them in with PKCE.
    #[must_use]
    pub fn public(id: impl Into<Box<str>>) -> Self {
        Self { id: id.into(), secret: None }
    }

    /// The client id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether the application has a secret.
    #[must_use]
    pub const fn is_confidential(&self) -> bool {
        self.secret.is_some()
    }
}

/// What a user's consent gives: a code for one token request, with what proves that it is ours.
#[derive(Clone)]
#[must_use = "a code is to be given to `Session::login`"]
pub struct Code {
    pub(super) code: Secret,
    pub(super) redirect_uri: RedirectUri,
    pub(super) verifier: Option<Secret>,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

/// What is shown to the accounts service in exchange for a token.
#[derive(Clone, Debug)]
pub(crate) enum Grant {
    /// The code of a user's consent.
    AuthorizationCode(Code),
    /// The application itself.
    ClientCredentials,
    /// A refresh token.
    RefreshToken(Secret),
}

impl Grant {
    /// The token request: a form, with Basic authentication where the application has a secret.
    pub(crate) fn request(&self, app: &App, accounts: &Origin) -> Request<Vec<u8>> {
        let mut pairs = match self {
            Self::AuthorizationCode(code) => {
                let mut pairs = vec![
                    ("grant_type", "authorization_code"),
                    ("code", code.code.expose()),
                    ("redirect_uri", code.redirect_uri.as_str()),
                ];
                pairs.extend(code.verifier.as_ref().map(|verifier| ("code_verifier", verifier.expose())));
                pairs
            }
            Self::ClientCredentials => vec![("grant_type", "client_credentials")],
            Self::RefreshToken(token) => {
                vec![("grant_type", "refresh_token"), ("refresh_token", token.expose())]
            }
        };
        if app.secret.is_none() {
            pairs.push(("client_id", &app.id));
        }
        let mut request = Request::new(encode::form(&pairs).into_bytes());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = accounts.uri("/api/token");
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
        if let Some(secret) = &app.secret {
            request.headers_mut().insert(AUTHORIZATION, basic(&app.id, secret));
        }
        request
    }
}

/// `Authorization: Basic` of the application's id and secret (RFC 6749 §2.3.1).
fn basic(id: &str, secret: &Secret) -> HeaderValue {
    let encoded = STANDARD.encode(format!("{id}:{}", secret.expose()));
    sensitive(&format!("Basic {encoded}")).expect("base64 is visible ASCII")
}

/// A header value that HTTP stacks keep out of their logs; `None` for what cannot stand in a header.
fn sensitive(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// What a session lives on: an access token, its end, and where there is one the refresh token.
///
/// It is plain serde data on purpose, to be stored between runs: **the stored form holds the tokens in clear
/// text**. `Debug` does not.
#[derive(Clone, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Tokens {
    version: Version<VERSION>,
    #[serde(with = "clear_text")]
    access_token: Secret,
    issued_at: SystemTime,
    expires_at: SystemTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<Scopes>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "optional_clear_text")]
    refresh_token: Option<Secret>,
}

impl Tokens {
    /// The access token: a bearer token, to be kept secret.
    #[must_use]
    pub fn access_token(&self) -> &Secret {
        &self.access_token
    }

    /// When the access token ends.
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        self.expires_at
    }

    /// The granted scopes as the server listed them last; `None` when it never did.
    #[must_use]
    pub fn scopes(&self) -> Option<&Scopes> {
        self.scope.as_ref()
    }

    /// The scopes that an operation needs and that were not granted; where one of several is enough, all of them.
    ///
    /// Empty when nothing is missing, or when the granted scopes are not known.
    #[must_use]
    pub fn missing_for(&self, operation: &Operation) -> Scopes {
        self.scope.as_ref().map(|granted| operation.scopes.missing_from(granted)).unwrap_or_default()
    }

    /// The refresh token; applications on their own have none.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.refresh_token.as_ref()
    }

    /// When to get the next one: a minute before the end, or halfway for tokens that live shorter than two.
    pub(crate) fn renew_at(&self) -> SystemTime {
        let life = time::until(self.expires_at, self.issued_at);
        time::after(self.issued_at, life.saturating_sub(RENEWAL_MARGIN).max(life / 2))
    }

    /// Whether these are others than those, and not issued before them.
    pub(crate) fn follow(&self, those: &Self) -> bool {
        let is_same = self.access_token.expose() == those.access_token.expose();
        !is_same && self.issued_at >= those.issued_at
    }

    /// Whether the access token still lives. Before its issue the clock is wrong, and the server the judge.
    pub(crate) fn is_alive(&self, now: SystemTime) -> bool {
        now < self.expires_at
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("expires_at", &self.expires_at)
            .field("scope", &self.scope)
            .field("has_refresh_token", &self.refresh_token.is_some())
            .finish_non_exhaustive()
    }
}

/// How long before its end a token is renewed.
const RENEWAL_MARGIN: Duration = Duration::from_secs(60);

/// The `Authorization` header of a token; `None` when the token cannot stand in one.
///
/// A header may hold blanks and tabs, a token may not (RFC 6750 §2.1).
pub(crate) fn bearer(token: &Secret) -> Option<HeaderValue> {
    let is_token = token.expose().bytes().all(|byte| byte.is_ascii_graphic());
    sensitive(&format!("Bearer {}", token.expose())).filter(|_| is_token)
}

/// The form in which tokens are stored.
const VERSION: u8 = 1;

model! {
    /// The body of a token answer.
    #[allow(unreachable_pub, reason = "models are public, this one is not reachable")]
    TokenAnswer {
        /// The new access token.
        access_token: Option<String>,
        /// Its life in seconds.
        expires_in: Option<u32>,
        /// A new refresh token; most answers have none.
        refresh_token: Option<String>,
        /// The granted scopes.
        scope: Option<String>,
    }
}

/// How long a token lives when the answer does not say, or says that it never lived: what all others say.
const USUAL_LIFE: Duration = Duration::from_secs(3600);

/// Reads a token answer.
///
/// A new refresh token replaces the old one; where none comes, the old one stays. The same holds for scopes.
pub(crate) fn read_tokens(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    old: Option<&Tokens>,
    now: SystemTime,
) -> Result<Tokens, Error> {
    if !status.is_success() {
        return Err(refusal(status, headers, body));
    }
    // No excerpt here: this body holds tokens.
    let unreadable = || AuthError::Unavailable { status, excerpt: "not a token".into() };
    let answer: TokenAnswer = serde_json::from_slice(body).map_err(|_| unreadable())?;
    let access_token =
        answer.access_token.filter(|token| !token.is_empty()).map(Secret::from).ok_or_else(unreadable)?;
    bearer(&access_token).ok_or_else(unreadable)?;
    let life = answer
        .expires_in
        .filter(|seconds| *seconds > 0)
        .map_or(USUAL_LIFE, |seconds| Duration::from_secs(seconds.into()));
    let old_scope = || old.and_then(|old| old.scope.clone());
    let old_refresh_token = || old.and_then(|old| old.refresh_token.clone());
    Ok(Tokens {
        version: Version,
        access_token,
        issued_at: now,
        expires_at: time::after(now, life),
        scope: answer.scope.map(|scope| Scopes::from(&*scope)).or_else(old_scope),
        refresh_token: answer
            .refresh_token
            .filter(|token| !token.is_empty())
            .map(Secret::from)
            .or_else(old_refresh_token),
    })
}

/// Reads a refusal: RFC 6749's object, or whatever stands in its place.
fn refusal(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
    let said = Envelope::read(body);
    match said.code {
        _ if status == StatusCode::TOO_MANY_REQUESTS => {
            RateLimited::answered(said.message, said.reason, retry_after(headers)).into()
        }
        Some(code) if status.is_client_error() => {
            let description = if said.message == code.as_str() { "".into() } else { said.message };
            AuthError::GrantRefused { status, code, description }.into()
        }
        _ => AuthError::Unavailable { status, excerpt: said.message }.into(),
    }
}
