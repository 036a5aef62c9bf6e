//! `/authorize`: the authorization request and the user's consent (RFC 6749 §4.1.1 and §4.1.2, RFC 7636 §4.3).
//!
//! Spotify first redirects the browser to the login page and only then checks the request. In the fake, the user is
//! always logged in, so the response is immediate.

use std::fmt::Write as _;
use std::time::SystemTime;

use http::header::LOCATION;
use http::{Request, StatusCode};

use super::html;
use super::{Accounts, ApiResponse, CLIENT_ID, Code, Grant, PUBLIC_CLIENT_ID, Parameters, opaque};
use crate::encoding;
use spotify_proto::Scope;

/// The user's reaction to a request for consent.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Consent {
    /// The user grants access. The response is a redirect with an authorization code.
    #[default]
    Grant,
    /// The user denies access. The response is a redirect with `error=access_denied`.
    Deny,
    /// The response is a page with two buttons, for manual tests in a browser.
    ///
    /// Once the user has granted access, the page is shown again only if the request has `show_dialog` or additional
    /// scopes.
    Page,
}

/// A valid request for consent.
struct ConsentRequest {
    client_id: String,
    redirect_uri: String,
    state: Option<String>,
    scopes: Vec<String>,
    challenge: Option<String>,
    show_dialog: bool,
}

impl Accounts {
    /// Returns the response to an authorization request, to which the application has redirected the browser.
    pub(super) fn authorize(&mut self, query: &str, now: SystemTime) -> Result<ApiResponse, ApiResponse> {
        let parameters = Parameters::read(query);
        let asked = self.asked(&parameters)?;
        match self.consent {
            Consent::Grant => Ok(self.accepted(asked, now)),
            Consent::Deny => Ok(asked.denied()),
            Consent::Page if self.has_accepted(&asked) => Ok(self.accepted(asked, now)),
            Consent::Page => Ok(html::consent(&asked.client_id, &asked.scopes, &parameters)),
        }
    }

    /// Returns the response to the submitted form of the consent page.
    pub(super) fn decided(
        &mut self,
        request: &Request<Vec<u8>>,
        now: SystemTime,
    ) -> Result<ApiResponse, ApiResponse> {
        let parameters = Parameters::read(&String::from_utf8_lossy(request.body()));
        let asked = self.asked(&parameters)?;
        match parameters.get("decision") {
            Some("accept") => Ok(self.accepted(asked, now)),
            _ => Ok(asked.denied()),
        }
    }

    /// Parses and validates a request. An invalid client or redirect URI is reported to the user; every other error is
    /// reported to the application (RFC 6749 §4.1.2.1).
    fn asked(&self, parameters: &Parameters) -> Result<ConsentRequest, ApiResponse> {
        let client_id = parameters
            .get("client_id")
            .ok_or_else(|| html::refusal("Missing required parameter: client_id"))?;
        if ![CLIENT_ID, PUBLIC_CLIENT_ID].contains(&client_id) {
            return Err(html::refusal("INVALID_CLIENT: Invalid client"));
        }
        let redirect_uri = parameters.get("redirect_uri").filter(|uri| self.is_registered(uri));
        let redirect_uri =
            redirect_uri.ok_or_else(|| html::refusal("INVALID_CLIENT: Invalid redirect URI"))?;
        if let Some(name @ ("client_id" | "redirect_uri")) = parameters.repeated() {
            return Err(html::refusal(&format!("INVALID_REQUEST: Duplicate parameter: {name}")));
        }
        let scope = parameters.get("scope").unwrap_or_default();
        let mut asked = ConsentRequest {
            client_id: client_id.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            state: parameters.get("state").map(str::to_owned),
            scopes: Vec::new(),
            challenge: None,
            show_dialog: parameters.get("show_dialog") == Some("true"),
        };
        for scope in scope.split_ascii_whitespace() {
            if !asked.scopes.iter().any(|it| it == scope) {
                asked.scopes.push(scope.to_owned());
            }
        }
        if parameters.repeated().is_some() {
            return Err(asked.refused("invalid_request"));
        }
        match parameters.get("response_type") {
            Some("code") => {}
            Some(_) => return Err(asked.refused("unsupported_response_type")),
            None => return Err(asked.refused("invalid_request")),
        }
        let is_known = |scope: &String| Scope::ALL.iter().any(|known| known.as_str() == scope);
        if !asked.scopes.iter().all(is_known) {
            return Err(asked.refused("invalid_scope"));
        }
        asked.challenge = match (parameters.get("code_challenge_method"), parameters.get("code_challenge")) {
            (Some("S256"), Some(challenge)) if is_challenge(challenge) => Some(challenge.to_owned()),
            (None, None) if client_id != PUBLIC_CLIENT_ID => None,
            // The public application must send a challenge because it has no secret.
            _ => return Err(asked.refused("invalid_request")),
        };
        Ok(asked)
    }

    /// Returns whether a redirect URI is registered, either literally or as a loopback URI without a port.
    fn is_registered(&self, redirect_uri: &str) -> bool {
        let without_port = loopback_without_port(redirect_uri);
        self.redirect_uris.iter().any(|own| own == redirect_uri || Some(own) == without_port.as_ref())
    }

    /// Returns whether the user has already granted all requested scopes. If so, no consent page is shown.
    fn has_accepted(&self, asked: &ConsentRequest) -> bool {
        !asked.show_dialog
            && self.codes.iter().map(|code| &code.grant).any(|grant| {
                grant.client_id == asked.client_id && asked.scopes.iter().all(|it| grant.scopes.contains(it))
            })
    }

    /// Returns the redirect to the application with a new authorization code.
    fn accepted(&mut self, asked: ConsentRequest, now: SystemTime) -> ApiResponse {
        let code = opaque("AQ", "code", self.codes.len(), 180);
        let response = asked.back("code", &code);
        let mut scopes = asked.scopes;
        if let Some(only) = &self.granted_only {
            scopes.retain(|scope| only.contains(scope));
        }
        let is_pkce = asked.challenge.is_some();
        self.codes.push(Code {
            code,
            grant: Grant { client_id: asked.client_id, scopes: scopes.into(), consented: now, is_pkce },
            redirect_uri: asked.redirect_uri,
            challenge: asked.challenge,
            is_used: false,
        });
        response
    }
}

impl ConsentRequest {
    fn denied(&self) -> ApiResponse {
        self.refused("access_denied")
    }

    fn refused(&self, error: &str) -> ApiResponse {
        self.back("error", error)
    }

    /// Returns the redirect to the application with the given parameter and the state.
    fn back(&self, name: &str, value: &str) -> ApiResponse {
        let mut target = self.redirect_uri.clone();
        let state = self.state.as_deref().map(|state| ("state", state));
        for (name, value) in std::iter::once((name, value)).chain(state) {
            target.push(if target.contains('?') { '&' } else { '?' });
            write!(target, "{name}=").expect("writing to a `String` should not fail");
            encoding::query(value, &mut target);
        }
        ApiResponse::empty(StatusCode::SEE_OTHER).header(LOCATION, &target)
    }
}

/// Removes the port from a loopback URI. Returns `None` if the URI is not a loopback URI or has no port.
fn loopback_without_port(uri: &str) -> Option<String> {
    let hosts = ["http://127.0.0.1", "http://[::1]"];
    let (host, rest) =
        hosts.iter().find_map(|host| Some((*host, uri.strip_prefix(host)?.strip_prefix(':')?)))?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (port, path) = rest.split_at_checked(end)?;
    let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
    (is_port && (path.is_empty() || path.starts_with(['/', '?']))).then(|| format!("{host}{path}"))
}

/// Returns whether a text has the form of a SHA-256 digest in base64url without padding, which is 43 characters long.
fn is_challenge(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
