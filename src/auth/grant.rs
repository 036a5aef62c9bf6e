//! Grants, and the token requests that present them (RFC 6749).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Method, Request};

use super::redirect::RedirectUri;
use crate::types::origin::Origin;
use crate::types::secret::Secret;
use crate::wire::percent;

/// The client id of an application, and its secret if the application is confidential (RFC 6749 §2.2, §2.3).
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) id: Box<str>,
    pub(crate) secret: Option<Secret>,
}

/// An authorization code: the result of a user's consent, valid for one token request (RFC 6749 §4.1.2).
///
/// The value includes the redirect URI and the PKCE verifier, which the token request must contain.
#[derive(Clone)]
#[must_use = "an authorization code begins a session: `Session::from_code`"]
pub struct AuthorizationCode {
    code: Secret,
    redirect_uri: RedirectUri,
    verifier: Option<Secret>,
}

impl AuthorizationCode {
    pub(crate) fn new(code: &str, redirect_uri: RedirectUri, verifier: Option<Secret>) -> Self {
        Self { code: Secret::from(code), redirect_uri, verifier }
    }
}

impl AuthorizationCode {
    /// Returns the code and the verifier.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        std::iter::once(&self.code).chain(&self.verifier)
    }
}

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthorizationCode(..)")
    }
}

/// The grant that a token request presents to the accounts service.
#[derive(Clone, Debug)]
pub(crate) enum Grant {
    /// An authorization code.
    AuthorizationCode(AuthorizationCode),
    /// The client credentials of the application.
    ClientCredentials,
    /// A refresh token.
    RefreshToken(Secret),
}

impl Grant {
    /// Builds the token request, which contains a form and, if the application has a secret, uses Basic authentication.
    pub(crate) fn request(&self, client: &Client, accounts: &Origin) -> Request<Vec<u8>> {
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
        if client.secret.is_none() {
            pairs.push(("client_id", &client.id));
        }
        let mut request = Request::new(percent::form(&pairs).into_bytes());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = accounts.uri("/api/token");
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
        if let Some(secret) = &client.secret {
            request.headers_mut().insert(AUTHORIZATION, basic(&client.id, secret));
        }
        request
    }
}

/// Returns the value of `Authorization: Basic` for the id and the secret of the application (RFC 6749 §2.3.1).
fn basic(id: &str, secret: &Secret) -> HeaderValue {
    let encoded = STANDARD.encode(format!("{id}:{}", secret.expose()));
    sensitive(&format!("Basic {encoded}")).expect("base64 is visible ASCII")
}

/// Returns a header value that is marked as sensitive, which keeps it out of logs; `None` if the text is not a valid
/// header value.
pub(super) fn sensitive(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}
