//! The accounts service, which handles the user's consent and issues tokens to authenticated clients.

mod consent;
mod grants;
mod html;
#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests;

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::ALLOW;
use http::{Method, Request, StatusCode};

use super::api_request::{Caller, pairs};
use super::api_response::ApiResponse;
use super::{CLIENT_ID, CLIENT_SECRET, PUBLIC_CLIENT_ID};
use crate::time;
use spotify_proto::Scope;

pub use consent::Consent;

/// Default lifetime of access tokens.
const LIFE: Duration = Duration::from_secs(3600);

/// Lifetime of an authorization code, as recommended by RFC 6749 §4.1.2. Spotify does not document the lifetime of its
/// codes.
const CODE_LIFE: Duration = Duration::from_secs(600);

/// Redirect URIs that are registered initially.
const REDIRECT_URIS: [&str; 4] = [
    "http://127.0.0.1/callback",
    "http://[::1]/callback",
    "https://app.example/callback",
    "spotify-proto-example:/callback",
];

/// The state of the accounts service.
#[derive(Clone)]
pub(super) struct Accounts {
    /// Lifetime of access tokens issued from now on.
    pub(super) life: Duration,
    /// The user's reaction to requests for consent.
    pub(super) consent: Consent,
    /// `true` if a refresh returns a new refresh token and revokes the old refresh token.
    pub(super) is_rotating: bool,
    /// `true` if reusing a refresh token revokes all refresh tokens of the same login.
    pub(super) detects_reuse: bool,
    /// The only scopes that the user grants; `None` grants all requested scopes.
    granted_only: Option<Vec<String>>,
    redirect_uris: Vec<String>,
    issued: Vec<Access>,
    codes: Vec<Code>,
    refresh_tokens: Vec<Refresh>,
}

/// An access token with its owner and its expiry time.
#[derive(Clone)]
struct Access {
    token: String,
    who: Caller,
    expires: SystemTime,
    is_revoked: bool,
}

/// A grant that the user has consented to.
#[derive(Clone)]
struct Grant {
    client_id: String,
    scopes: Arc<[String]>,
    consented: SystemTime,
    /// `true` if the client authenticates with a PKCE verifier instead of a secret.
    is_pkce: bool,
}

/// An authorization code.
#[derive(Clone)]
struct Code {
    code: String,
    grant: Grant,
    redirect_uri: String,
    challenge: Option<String>,
    is_used: bool,
}

/// A refresh token and its grant.
#[derive(Clone)]
struct Refresh {
    token: String,
    grant: Grant,
    is_revoked: bool,
    /// Number of the login from which the token originates.
    family: usize,
}

/// Reason for refusing an access token.
pub(super) enum Rejected {
    Expired,
    Unknown,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            life: LIFE,
            consent: Consent::Grant,
            is_rotating: false,
            detects_reuse: false,
            granted_only: None,
            redirect_uris: REDIRECT_URIS.map(str::to_owned).into(),
            issued: Vec::new(),
            codes: Vec::new(),
            refresh_tokens: Vec::new(),
        }
    }
}

impl Accounts {
    /// Returns the number of access tokens issued so far.
    pub(super) fn issued(&self) -> usize {
        self.issued.len()
    }

    /// Revokes every access token issued so far.
    pub(super) fn revoke_all(&mut self) {
        self.issued.iter_mut().for_each(|access| access.is_revoked = true);
    }

    /// Revokes every refresh token issued so far.
    pub(super) fn revoke_refresh_tokens(&mut self) {
        self.refresh_tokens.iter_mut().for_each(|refresh| refresh.is_revoked = true);
    }

    /// Limits the granted scopes to the given scopes.
    pub(super) fn grant_only(&mut self, scopes: &[Scope]) {
        self.granted_only = Some(scopes.iter().map(|scope| scope.as_str().to_owned()).collect());
    }

    /// Registers an additional redirect URI.
    pub(super) fn register(&mut self, redirect_uri: String) {
        self.redirect_uris.push(redirect_uri);
    }

    /// Makes an access token expire now.
    pub(super) fn expire(&mut self, token: &str, now: SystemTime) {
        for access in self.issued.iter_mut().filter(|access| access.token == token) {
            access.expires = access.expires.min(now);
        }
    }

    /// Returns the request target with codes, tokens, secrets and the values of [`SECRET_PARAMETERS`] replaced by `…`.
    pub(super) fn redact(&self, target: &str) -> String {
        let target = match target.split_once('?') {
            Some((path, query)) => {
                let hide = |pair: &str| {
                    let name = pair.split('=').next().unwrap_or_default();
                    if SECRET_PARAMETERS.contains(&name) { format!("{name}=…") } else { pair.to_owned() }
                };
                let query: Vec<String> = query.split('&').map(hide).collect();
                format!("{path}?{}", query.join("&"))
            }
            None => target.to_owned(),
        };
        let tokens = self.issued.iter().map(|access| &access.token);
        let codes = self.codes.iter().map(|code| &code.code);
        let refresh_tokens = self.refresh_tokens.iter().map(|refresh| &refresh.token);
        // Most targets are too short to contain a token, and checking the length is cheaper than searching.
        let secrets = tokens.chain(codes).chain(refresh_tokens).filter(|secret| secret.len() <= target.len());
        secrets.fold(target.replace(CLIENT_SECRET, "…"), |text, secret| text.replace(secret, "…"))
    }

    /// Issues a new access token.
    pub(super) fn issue(&mut self, who: Caller, now: SystemTime) -> String {
        let token = opaque("BQ", "access token", self.issued.len(), 80);
        let expires = time::after(now, self.life);
        self.issued.push(Access { token: token.clone(), who, expires, is_revoked: false });
        token
    }

    /// Returns the caller to whom an access token was issued.
    pub(super) fn who(&self, token: &str, now: SystemTime) -> Result<Caller, Rejected> {
        let access = self.issued.iter().find(|access| access.token == token).ok_or(Rejected::Unknown)?;
        match access {
            Access { is_revoked: true, .. } => Err(Rejected::Unknown),
            Access { expires, .. } if *expires <= now => Err(Rejected::Expired),
            Access { who, .. } => Ok(who.clone()),
        }
    }

    /// Returns the response to a request to the accounts service.
    pub(super) fn respond(&mut self, request: &Request<Vec<u8>>, now: SystemTime) -> ApiResponse {
        let result = match (request.uri().path(), request.method()) {
            ("/api/token", &Method::POST) => self.token(request, now),
            ("/api/token", _) => {
                Err(ApiResponse::empty(StatusCode::METHOD_NOT_ALLOWED).header(ALLOW, "POST"))
            }
            ("/authorize", &Method::GET) => self.authorize(request.uri().query().unwrap_or_default(), now),
            ("/authorize", &Method::POST) => self.decided(request, now),
            ("/authorize", _) => {
                Err(ApiResponse::empty(StatusCode::METHOD_NOT_ALLOWED).header(ALLOW, "GET, POST"))
            }
            _ => Err(ApiResponse::html(StatusCode::NOT_FOUND)),
        };
        result.unwrap_or_else(|refusal| refusal)
    }
}

/// Query parameters whose values are redacted.
const SECRET_PARAMETERS: &[&str] =
    &["access_token", "client_secret", "code", "code_verifier", "refresh_token", "state", "token"];

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accounts")
            .field("life", &self.life)
            .field("consent", &self.consent)
            .field("is_rotating", &self.is_rotating)
            .field("issued", &self.issued.len())
            .field("codes", &self.codes.len())
            .field("refresh_tokens", &self.refresh_tokens.len())
            .finish_non_exhaustive()
    }
}

/// The parameters in a query or a form.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn read(text: &str) -> Self {
        Self(pairs(text))
    }

    /// Returns the value of a parameter, or `None` if it is missing or empty (RFC 6749 §3.1).
    fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// Returns the name of the first repeated parameter. Repeated parameters are an error (RFC 6749 §3.1).
    fn repeated(&self) -> Option<&str> {
        let mut names = HashSet::new();
        self.0.iter().map(|(name, _)| name.as_str()).find(|name| !names.insert(*name))
    }
}

/// Returns the `n`-th code or token, which looks realistic and is the same in every run.
fn opaque(prefix: &str, family: &str, n: usize, length: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let letters = super::data::pseudo_random(family, n).take(length);
    let letters = letters.map(|number| *ALPHABET.get(usize::from(number) % 64).unwrap_or(&b'A'));
    prefix.chars().chain(letters.map(char::from)).collect()
}
