//! The accounts service: tokens for those who prove who they are.
//!
//! One function a grant; [`Accounts::grant`] chooses.

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, Method, Request, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::answer::{Answer, Caching};
use super::ask::{Who, pairs};
use super::{CLIENT_ID, CLIENT_SECRET};
use crate::time;

/// How long tokens live unless a test says otherwise.
const LIFE: Duration = Duration::from_secs(3600);

/// The state of the accounts service.
#[derive(Clone)]
pub(super) struct Accounts {
    life: Duration,
    issued: Vec<Access>,
}

/// An access token and what it is good for.
#[derive(Clone)]
struct Access {
    token: String,
    who: Who,
    expires: SystemTime,
    is_revoked: bool,
}

/// Why a token was not accepted.
pub(super) enum Rejected {
    Expired,
    Unknown,
}

impl Default for Accounts {
    fn default() -> Self {
        Self { life: LIFE, issued: Vec::new() }
    }
}

impl Accounts {
    /// How long tokens live that are issued from now on.
    pub(super) fn set_life(&mut self, life: Duration) {
        self.life = life;
    }

    /// How many access tokens were issued.
    pub(super) fn issued(&self) -> usize {
        self.issued.len()
    }

    /// Every token so far stops to be valid.
    pub(super) fn revoke_all(&mut self) {
        self.issued.iter_mut().for_each(|access| access.is_revoked = true);
    }

    /// This token has expired.
    pub(super) fn expire(&mut self, token: &str, now: SystemTime) {
        for access in self.issued.iter_mut().filter(|access| access.token == token) {
            access.expires = access.expires.min(now);
        }
    }

    /// The text without tokens and secrets.
    pub(super) fn redact(&self, text: &str) -> String {
        let text = text.replace(CLIENT_SECRET, "…");
        self.issued.iter().fold(text, |text, access| text.replace(&access.token, "…"))
    }

    /// A new token.
    pub(super) fn issue(&mut self, who: Who, now: SystemTime) -> String {
        let token = token(self.issued.len());
        let expires = time::after(now, self.life);
        self.issued.push(Access { token: token.clone(), who, expires, is_revoked: false });
        token
    }

    /// Who sent the token.
    pub(super) fn who(&self, token: &str, now: SystemTime) -> Result<Who, Rejected> {
        let access = self.issued.iter().find(|access| access.token == token).ok_or(Rejected::Unknown)?;
        match access {
            Access { is_revoked: true, .. } => Err(Rejected::Unknown),
            Access { expires, .. } if *expires <= now => Err(Rejected::Expired),
            Access { who, .. } => Ok(who.clone()),
        }
    }

    /// Answers a request to the accounts service.
    pub(super) fn respond(&mut self, request: &Request<Vec<u8>>, now: SystemTime) -> Answer {
        match (request.uri().path(), request.method()) {
            ("/api/token", &Method::POST) => self.grant(request, now).unwrap_or_else(|refusal| refusal),
            ("/api/token", _) => Answer::empty(StatusCode::METHOD_NOT_ALLOWED).header(ALLOW, "POST"),
            ("/authorize", &Method::GET) => login_page(request.uri().query().unwrap_or_default()),
            _ => Answer::html(StatusCode::NOT_FOUND),
        }
    }

    fn grant(&mut self, request: &Request<Vec<u8>>, now: SystemTime) -> Result<Answer, Answer> {
        let form = Form::read(request);
        match form.get("grant_type") {
            None => Err(refusal("unsupported_grant_type", Some("grant_type parameter is missing"))),
            Some("client_credentials") => self.client_credentials(request.headers(), &form, now),
            Some(other) => {
                Err(refusal("unsupported_grant_type", Some(&format!("grant_type {other} is not supported"))))
            }
        }
    }

    /// A token for the application itself.
    fn client_credentials(
        &mut self,
        headers: &HeaderMap,
        form: &Form,
        now: SystemTime,
    ) -> Result<Answer, Answer> {
        authenticate(headers, form)?;
        let token = self.issue(Who::App, now);
        Ok(granted(&json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self.life.as_secs(),
            "scope": "",
        })))
    }
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accounts").field("life", &self.life).field("issued", &self.issued.len()).finish()
    }
}

/// The form of a token request; another content type is no form.
struct Form(Vec<(String, String)>);

impl Form {
    fn read(request: &Request<Vec<u8>>) -> Self {
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let is_form = media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        Self(if is_form { pairs(&String::from_utf8_lossy(request.body())) } else { Vec::new() })
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Checks id and secret: `Basic`, or in the form.
fn authenticate(headers: &HeaderMap, form: &Form) -> Result<(), Answer> {
    let credentials = match headers.get(AUTHORIZATION) {
        Some(header) => header.to_str().ok().and_then(basic).unwrap_or_default(),
        None => match (form.get("client_id"), form.get("client_secret")) {
            (Some(id), Some(secret)) => (id.to_owned(), secret.to_owned()),
            _ => return Err(refusal("invalid_client", None)),
        },
    };
    match (credentials.0.as_str(), credentials.1.as_str()) {
        (CLIENT_ID, CLIENT_SECRET) => Ok(()),
        (CLIENT_ID, _) => Err(refusal("invalid_client", Some("Invalid client secret"))),
        _ => Err(refusal("invalid_client", Some("Invalid client"))),
    }
}

fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    Some((id.to_owned(), secret.to_owned()))
}

/// The first hop of a login: to the login page, whatever is asked; validation comes after the login.
fn login_page(query: &str) -> Answer {
    let here = format!("https://accounts.spotify.com/authorize?{query}");
    let target = format!("/en/login?continue={}", utf8_percent_encode(&here, NON_ALPHANUMERIC));
    Answer::empty(StatusCode::SEE_OTHER).header(LOCATION, &target)
}

/// 200 as the accounts service writes it.
fn granted(body: &serde_json::Value) -> Answer {
    Answer::text(StatusCode::OK, Caching::Silent, body.to_string()).header(CONTENT_TYPE, "application/json")
}

/// 400 as the accounts service writes it.
fn refusal(code: &str, description: Option<&str>) -> Answer {
    let body = match description {
        Some(description) => json!({"error": code, "error_description": description}),
        None => json!({"error": code}),
    };
    Answer::text(StatusCode::BAD_REQUEST, Caching::Silent, body.to_string())
        .header(CONTENT_TYPE, "application/json")
}

/// The n-th access token: realistic in shape, the same in every run.
fn token(n: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let text = super::catalogue::chaos("access token", n).take(80);
    let letters = text.map(|number| *ALPHABET.get(usize::from(number) % 64).unwrap_or(&b'A'));
    std::iter::once(b'B').chain(std::iter::once(b'Q')).chain(letters).map(char::from).collect()
}
