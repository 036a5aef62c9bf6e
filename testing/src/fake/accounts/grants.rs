//! `/api/token` (RFC 6749 §4 to §6, RFC 7636 §4.5 and §4.6). [`Accounts::token`] calls one function for each grant
//! type.

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac_sha256::Hash;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Request, StatusCode};
use serde_json::json;

use super::{
    Accounts, CLIENT_ID, CLIENT_SECRET, CODE_LIFE, Grant, PUBLIC_CLIENT_ID, Parameters, Refresh, opaque,
};
use crate::fake::REFRESH_TOKEN_LIFE;
use crate::fake::api_request::Caller;
use crate::fake::api_response::{ApiResponse, Caching};
use crate::time;

/// The client that requests a token.
struct Client {
    id: &'static str,
    /// `true` if the client has authenticated with its secret.
    is_proven: bool,
}

impl Accounts {
    /// Returns the response to a token request.
    pub(super) fn token(
        &mut self,
        request: &Request<Vec<u8>>,
        now: SystemTime,
    ) -> Result<ApiResponse, ApiResponse> {
        let form = form(request);
        if let Some(name) = form.repeated() {
            return Err(refusal("invalid_request", Some(&format!("duplicate parameter: {name}"))));
        }
        let grant_type = form.get("grant_type");
        let grant_type = grant_type
            .ok_or_else(|| refusal("unsupported_grant_type", Some("grant_type parameter is missing")))?;
        match grant_type {
            "authorization_code" => self.authorization_code(client(request.headers(), &form)?, &form, now),
            "refresh_token" => self.refresh_token(client(request.headers(), &form)?, &form, now),
            "client_credentials" => self.client_credentials(client(request.headers(), &form)?, now),
            other => {
                Err(refusal("unsupported_grant_type", Some(&format!("grant_type {other} is not supported"))))
            }
        }
    }

    /// Issues a token for the application itself.
    fn client_credentials(&mut self, client: Client, now: SystemTime) -> Result<ApiResponse, ApiResponse> {
        if !client.is_proven {
            return Err(refusal("invalid_client", None));
        }
        let token = self.issue(Caller::App, now);
        Ok(self.granted(&token, "", None))
    }

    /// Issues tokens for a user who has just consented.
    fn authorization_code(
        &mut self,
        client: Client,
        form: &Parameters,
        now: SystemTime,
    ) -> Result<ApiResponse, ApiResponse> {
        let sent = supplied(form, "code")?;
        let redirect_uri = supplied(form, "redirect_uri")?;
        let invalid = |description: &str| refusal("invalid_grant", Some(description));
        let own = self.codes.iter_mut().find(|code| code.code == sent && code.grant.client_id == client.id);
        let code = own.filter(|code| !code.is_used).ok_or_else(|| invalid("Invalid authorization code"))?;
        if time::after(code.grant.consented, CODE_LIFE) <= now {
            return Err(invalid("Authorization code expired"));
        }
        if code.redirect_uri != redirect_uri {
            return Err(invalid("Invalid redirect URI"));
        }
        match (&code.challenge, form.get("code_verifier")) {
            (Some(challenge), Some(verifier)) if is_proof(verifier, challenge) => {}
            (Some(_), Some(_)) => return Err(invalid("code_verifier was incorrect")),
            (Some(_), None) => {
                return Err(refusal("invalid_request", Some("code_verifier must be supplied")));
            }
            (None, _) if client.is_proven => {}
            (None, _) => return Err(refusal("invalid_client", None)),
        }
        code.is_used = true;
        let grant = code.grant.clone();
        let refresh_token = self.log_in(grant.clone());
        Ok(self.granted_to_user(grant, Some(&refresh_token), now))
    }

    /// Issues a new access token for a refresh token.
    fn refresh_token(
        &mut self,
        client: Client,
        form: &Parameters,
        now: SystemTime,
    ) -> Result<ApiResponse, ApiResponse> {
        let sent = supplied(form, "refresh_token")?;
        let invalid = |description: &str| refusal("invalid_grant", Some(description));
        let is_rotating = self.is_rotating;
        let refresh = self.refresh_tokens.iter_mut().find(|refresh| refresh.token == sent);
        let refresh = refresh.filter(|refresh| refresh.grant.client_id == client.id);
        let refresh = refresh.ok_or_else(|| invalid("Invalid refresh token"))?;
        if !client.is_proven && !refresh.grant.is_pkce {
            return Err(refusal("invalid_client", None));
        }
        let family = refresh.family;
        if refresh.is_revoked {
            if self.detects_reuse {
                let descendants = self.refresh_tokens.iter_mut().filter(|it| it.family == family);
                descendants.for_each(|it| it.is_revoked = true);
            }
            return Err(invalid("Refresh token revoked"));
        }
        if time::after(refresh.grant.consented, REFRESH_TOKEN_LIFE) <= now {
            return Err(invalid("Refresh token expired"));
        }
        refresh.is_revoked = is_rotating;
        let grant = refresh.grant.clone();
        let next = is_rotating.then(|| self.new_refresh_token(grant.clone(), family));
        Ok(self.granted_to_user(grant, next.as_deref(), now))
    }

    fn log_in(&mut self, grant: Grant) -> String {
        let family = self.refresh_tokens.len();
        self.new_refresh_token(grant, family)
    }

    fn new_refresh_token(&mut self, grant: Grant, family: usize) -> String {
        let token = opaque("AQ", "refresh token", self.refresh_tokens.len(), 129);
        self.refresh_tokens.push(Refresh { token: token.clone(), grant, is_revoked: false, family });
        token
    }

    /// Issues a refresh token as if the user had just logged in and granted these scopes.
    pub(in crate::fake) fn user_refresh_token(&mut self, scopes: Vec<String>, now: SystemTime) -> String {
        let scopes = scopes.into();
        self.log_in(Grant { client_id: CLIENT_ID.to_owned(), scopes, consented: now, is_pkce: false })
    }

    fn granted_to_user(&mut self, grant: Grant, refresh_token: Option<&str>, now: SystemTime) -> ApiResponse {
        let scope = grant.scopes.join(" ");
        let token = self.issue(Caller::User(grant.scopes), now);
        self.granted(&token, &scope, refresh_token)
    }

    /// Returns a 200 token response.
    fn granted(&self, access_token: &str, scope: &str, refresh_token: Option<&str>) -> ApiResponse {
        let mut body = json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": self.life.as_secs(),
            "scope": scope,
        });
        if let (Some(fields), Some(token)) = (body.as_object_mut(), refresh_token) {
            fields.insert("refresh_token".to_owned(), token.into());
        }
        ApiResponse::text(StatusCode::OK, Caching::Silent, body.to_string())
            .header(CONTENT_TYPE, "application/json")
    }
}

/// Returns the form in a token request. The form is empty if the content type is not that of a form.
fn form(request: &Request<Vec<u8>>) -> Parameters {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let is_form = media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded");
    Parameters::read(&if is_form { String::from_utf8_lossy(request.body()) } else { "".into() })
}

/// Returns a required parameter, or an error response if it is missing.
fn supplied<'a>(form: &'a Parameters, name: &str) -> Result<&'a str, ApiResponse> {
    form.get(name).ok_or_else(|| refusal("invalid_request", Some(&format!("{name} must be supplied"))))
}

/// Identifies the client by its id and secret (in a `Basic` header or in the form), or by its id alone.
fn client(headers: &HeaderMap, form: &Parameters) -> Result<Client, ApiResponse> {
    let (id, secret) = match headers.get(AUTHORIZATION) {
        Some(header) => {
            let (id, secret) = header.to_str().ok().and_then(basic).unwrap_or_default();
            (id, Some(secret))
        }
        None => match form.get("client_id") {
            Some(id) => (id.to_owned(), form.get("client_secret").map(str::to_owned)),
            None => return Err(refusal("invalid_client", None)),
        },
    };
    match (id.as_str(), secret.as_deref()) {
        (CLIENT_ID, Some(CLIENT_SECRET)) => Ok(Client { id: CLIENT_ID, is_proven: true }),
        (CLIENT_ID, None) => Ok(Client { id: CLIENT_ID, is_proven: false }),
        (PUBLIC_CLIENT_ID, None) => Ok(Client { id: PUBLIC_CLIENT_ID, is_proven: false }),
        (CLIENT_ID | PUBLIC_CLIENT_ID, _) => Err(refusal("invalid_client", Some("Invalid client secret"))),
        _ => Err(refusal("invalid_client", Some("Invalid client"))),
    }
}

fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    Some((id.to_owned(), secret.to_owned()))
}

/// Returns whether a verifier is valid (RFC 7636 §4.1) and matches the `S256` challenge (§4.6).
fn is_proof(verifier: &str, challenge: &str) -> bool {
    let is_verifier = (43..=128).contains(&verifier.len())
        && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    is_verifier && URL_SAFE_NO_PAD.encode(Hash::hash(verifier.as_bytes())) == challenge
}

/// Returns a 400 response of the accounts service.
fn refusal(code: &str, description: Option<&str>) -> ApiResponse {
    let body = match description {
        Some(description) => json!({"error": code, "error_description": description}),
        None => json!({"error": code}),
    };
    ApiResponse::text(StatusCode::BAD_REQUEST, Caching::Silent, body.to_string())
        .header(CONTENT_TYPE, "application/json")
}
