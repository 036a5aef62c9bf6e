//! The login of a user, from the consent page to the authorization code (RFC 6749 §4.1).

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::auth::grant::AuthorizationCode;
use crate::auth::pkce;
use crate::auth::redirect::RedirectUri;
use crate::error::{AuthCode, excerpt_without};
use crate::types::origin::Origin;
use crate::types::scope::Scopes;
use crate::types::secret::{KnownSecrets, Secret, clear_text, optional_clear_text};
use crate::types::text::Text;
use crate::wire::percent;

/// A login that waits for the user's consent.
///
/// A login contains the state, the verifier, the redirect URI and the scopes. It is plain serde data, because the
/// program may restart between the consent and the callback. **The stored form contains secrets in clear text.**
///
/// ```
/// use spotify_proto::{App, CallbackError, Login, Origin, Scope, Scopes};
///
/// let app = App::public("client-id");
/// let entropy = [7; 32]; // from the operating system's source of randomness, anew for each login
/// let login = Login::new(&app, "http://127.0.0.1:8888/callback".parse()?, Scopes::from([Scope::UserLibraryRead]), &entropy);
///
/// let url = login.url(&Origin::accounts());
/// assert!(url.starts_with("https://accounts.spotify.com/authorize?response_type=code&client_id=client-id&"));
///
/// // The user's browser returns with the result:
/// let refused = login.callback("http://127.0.0.1:8888/callback?error=access_denied&state=forged");
/// assert_eq!(refused.unwrap_err(), CallbackError::WrongState);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Deserialize, Serialize)]
#[must_use = "a login continues with its URL and its callback"]
pub struct Login {
    client_id: Box<str>,
    redirect_uri: RedirectUri,
    scopes: Scopes,
    #[serde(with = "clear_text")]
    state: Secret,
    /// The PKCE verifier; `None` for a confidential application.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "optional_clear_text")]
    verifier: Option<Secret>,
    #[serde(default)]
    show_dialog: bool,
}

impl Login {
    /// Creates a login, which uses PKCE if the application has no secret.
    ///
    /// The application must have a client id: an [`App::without_credentials`] cannot log users in. `entropy` must be 32
    /// random bytes from the operating system, and must not be reused.
    pub fn new(app: &App, redirect_uri: RedirectUri, scopes: Scopes, entropy: &[u8; 32]) -> Self {
        Self {
            client_id: app.client_id().unwrap_or_default().into(),
            redirect_uri,
            scopes,
            state: pkce::state(entropy),
            verifier: (!app.is_confidential()).then(|| pkce::verifier(entropy)),
            show_dialog: false,
        }
    }

    /// Sets whether the consent page is shown even if the user has consented before. The default is `false`.
    pub fn show_dialog(mut self, is_forced: bool) -> Self {
        self.show_dialog = is_forced;
        self
    }

    /// Returns the `state` parameter, which the callback contains as well. It can be used as the key of the pending
    /// login.
    #[must_use]
    pub fn state(&self) -> &Secret {
        &self.state
    }

    /// Returns the URL to open in the user's browser.
    #[must_use]
    pub fn url(&self, accounts: &Origin) -> String {
        let scopes = self.scopes.to_string();
        let challenge = self.verifier.as_ref().map(pkce::challenge);
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", &*self.client_id),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("state", self.state.expose()),
        ];
        if !scopes.is_empty() {
            parameters.push(("scope", &scopes));
        }
        if self.show_dialog {
            parameters.push(("show_dialog", "true"));
        }
        if let Some(challenge) = &challenge {
            parameters.extend([("code_challenge_method", "S256"), ("code_challenge", challenge)]);
        }
        let mut url = format!("{accounts}/authorize");
        for (index, (name, value)) in parameters.into_iter().enumerate() {
            url.push_str(if index == 0 { "?" } else { "&" });
            url.push_str(name);
            url.push('=');
            write!(percent::Query(&mut url), "{value}").expect("writing to a String succeeds");
        }
        url
    }

    /// Parses the URL to which the browser was redirected. `returned` can be the full URL with or without its scheme,
    /// the path and query, or only the query.
    ///
    /// White space, quotes and angle brackets around a pasted URL are ignored. The redirect URI and the state must
    /// match this login.
    ///
    /// # Errors
    ///
    /// Returns a [`CallbackError`] if the callback does not contain the consent to this login. If the state is wrong,
    /// no other parameter is used.
    pub fn callback(&self, returned: &str) -> Result<AuthorizationCode, CallbackError> {
        let parameters = Parameters::read(self.query_of(pasted(returned))?)?;
        let state = parameters.state.ok_or(CallbackError::NoState)?;
        if !is_same(state.as_bytes(), self.state.expose().as_bytes()) {
            return Err(CallbackError::WrongState);
        }
        if let Some(error) = parameters.error {
            return Err(match &*error {
                "access_denied" => CallbackError::Denied,
                code => {
                    let mut secrets = KnownSecrets::default();
                    secrets.extend(std::iter::once(&self.state).chain(&self.verifier));
                    CallbackError::Refused(AuthCode::from(&*excerpt_without(code, &secrets.matcher())))
                }
            });
        }
        let code = parameters.code.filter(|code| !code.is_empty()).ok_or(CallbackError::NoCode)?;
        Ok(AuthorizationCode::new(&code, self.redirect_uri.clone(), self.verifier.clone()))
    }

    /// Returns the query of a callback, whose other parts must match the redirect URI.
    fn query_of<'a>(&self, returned: &'a str) -> Result<&'a str, CallbackError> {
        let returned = returned.split('#').next().unwrap_or(returned);
        let (place, query) = match returned.split_once('?') {
            Some((place, query)) => (place, query),
            None if returned.contains("://") || returned.starts_with('/') => (returned, ""),
            None => ("", returned),
        };
        let own = self.redirect_uri.as_str().split('?').next().unwrap_or_default();
        let is_own = place.is_empty() || same_place(place, own);
        if is_own { Ok(query) } else { Err(CallbackError::ForeignRedirect) }
    }
}

/// Strips white space, quotes and angle brackets around a pasted URL.
fn pasted(text: &str) -> &str {
    // RFC 3986 appendix C: these characters can delimit a URL, because they cannot be part of a URL.
    let is_delimiter =
        |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '“' | '”' | '„' | '«' | '»' | '`');
    let mut text = text.trim_matches(is_delimiter);
    // An apostrophe can be part of the query, so apostrophes are only removed in pairs.
    for (open, close) in [('\'', '\''), ('‘', '’')] {
        let inner = text.strip_prefix(open).and_then(|text| text.strip_suffix(close));
        text = inner.map_or(text, |inner| inner.trim_matches(is_delimiter));
    }
    text
}

/// Returns whether a URL without its query matches the redirect URI: the whole URI, the URI without its scheme, or only
/// the path.
///
/// The port of a loopback address may differ, and so may the letter case of scheme and host, which browsers write in
/// lower case (RFC 3986 §6.2.2.1).
fn same_place(place: &str, own: &str) -> bool {
    let path_of = |uri: &str| -> String {
        let after_scheme = uri.split_once("://").map_or(uri, |(_, rest)| rest);
        after_scheme.find('/').and_then(|at| after_scheme.get(at..)).unwrap_or("/").to_owned()
    };
    if place.starts_with('/') {
        return path_of(own) == place;
    }
    let without_port = |uri: &str| -> Option<String> {
        let (scheme, rest) = uri.split_once("://")?;
        let (host, _) = rest.split_once('/').unwrap_or((rest, ""));
        let end = host
            .rfind(':')
            .filter(|at| host.get(at + 1..).is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit())));
        let is_loopback = scheme.eq_ignore_ascii_case("http");
        let host = end.filter(|_| is_loopback).and_then(|at| host.get(..at)).unwrap_or(host);
        Some(format!("{scheme}://{host}"))
    };
    let whole = match own.split_once("://") {
        Some((scheme, _)) if !place.contains("://") => Cow::Owned(format!("{scheme}://{place}")),
        _ => Cow::Borrowed(place),
    };
    match (without_port(&whole), without_port(own)) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(&b) && path_of(&whole) == path_of(own),
        _ => place == own,
    }
}

/// Compares two secrets in constant time.
fn is_same(left: &[u8], right: &[u8]) -> bool {
    let difference = left.iter().zip(right).fold(0, |sum, (left, right)| sum | (left ^ right));
    left.len() == right.len() && difference == 0
}

/// The parameters of a callback, each of which occurs at most once.
#[derive(Default)]
struct Parameters<'a> {
    code: Option<Cow<'a, str>>,
    state: Option<Cow<'a, str>>,
    error: Option<Cow<'a, str>>,
}

impl<'a> Parameters<'a> {
    fn read(query: &'a str) -> Result<Self, CallbackError> {
        let mut read = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            // Names are decoded before they are compared, so that `%63ode` counts as a second `code`.
            let name = percent::decode(name).ok_or(CallbackError::Malformed)?;
            let slot = match &*name {
                "code" => &mut read.code,
                "state" => &mut read.state,
                "error" => &mut read.error,
                _ => continue,
            };
            let value = percent::decode(value).ok_or(CallbackError::Malformed)?;
            if slot.replace(value).is_some() {
                return Err(CallbackError::Duplicate((*name).into()));
            }
        }
        Ok(read)
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .field("scopes", &self.scopes)
            .field("has_verifier", &self.verifier.is_some())
            .finish_non_exhaustive()
    }
}

/// Reason that a callback does not contain the consent to the login.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// The URL is not the redirect URI of this login.
    #[error("the callback is for a different redirect URI")]
    ForeignRedirect,
    /// A parameter is repeated.
    #[error("the callback contains `{0}` more than once")]
    Duplicate(Text),
    /// A parameter is not UTF-8.
    #[error("the callback is malformed")]
    Malformed,
    /// The callback has no state.
    #[error("the callback has no `state`")]
    NoState,
    /// The state belongs to a different login or is forged.
    #[error("the `state` of the callback does not match this login")]
    WrongState,
    /// The user has denied access.
    #[error("the user denied access")]
    Denied,
    /// The accounts service has rejected the login.
    #[error("the accounts service rejected the login: {0}")]
    Refused(AuthCode),
    /// The callback has neither a code nor an error.
    #[error("the callback has no `code`")]
    NoCode,
}
