//! Short links such as `https://spotify.link/…`, which the share buttons of the apps produce.

use std::fmt;
use std::str::FromStr;

use http::header::LOCATION;
use http::{Method, Request, Response, StatusCode};

use super::LINK_MAX;
use crate::types::id::IdError;
use crate::types::reference::{self, Host};

/// A short link to a resource, which only its server can resolve.
///
/// Parsing an id or a URI from a short link is an [`IdError`]. To resolve the link, send its
/// [`request`](Self::request) without following redirects, and read the [`location`](Self::location) in the response:
///
/// ```
/// use spotify_proto::{ShortLink, TrackId, http};
///
/// let text = "https://spotify.link/hRkBrwub9xb";
/// assert!(text.parse::<TrackId>().is_err_and(|error| error.is_short_link()));
///
/// let link: ShortLink = text.parse()?;
/// let request = link.request();
/// assert_eq!((request.method(), request.uri().to_string()), (&http::Method::HEAD, text.to_owned()));
///
/// // The HTTP client sends the request, and does not follow the redirect:
/// let page = "https://open.spotify.com/track/6rqhFgbbKwnb9MLmUQDhG6?si=0";
/// let response = http::Response::builder().status(307).header("location", page).body(())?;
/// let track: TrackId = link.location(&response)?.parse()?;
/// assert_eq!(track, "6rqhFgbbKwnb9MLmUQDhG6");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct ShortLink(http::Uri);

impl ShortLink {
    /// Returns a request for the headers of the link: HEAD over HTTPS, without authorization and without a body.
    ///
    /// The HTTP client must not follow redirects.
    #[must_use]
    pub fn request(&self) -> Request<Vec<u8>> {
        let mut request = Request::new(Vec::new());
        *request.method_mut() = Method::HEAD;
        *request.uri_mut() = self.0.clone();
        request
    }

    /// Returns the URI or the link in the response to the [`request`](Self::request): a string that can be parsed into
    /// an id or a [`SpotifyUri`](crate::SpotifyUri).
    ///
    /// A short link may lead to another short link, which can be parsed as a [`ShortLink`]. Limit the number of such
    /// steps, because a server can make the chain endless.
    ///
    /// # Errors
    ///
    /// Returns [`ShortLinkError`] if the response is not a redirect, or if it does not lead to Spotify.
    pub fn location<B>(&self, response: &Response<B>) -> Result<String, ShortLinkError> {
        let status = response.status();
        if !status.is_redirection() {
            return Err(ShortLinkError::NotRedirected(status));
        }
        let location = response.headers().get(LOCATION).ok_or(ShortLinkError::NoLocation)?;
        let location =
            std::str::from_utf8(location.as_bytes()).map_err(|_| ShortLinkError::NoLocation)?.trim();
        if location.is_empty() || location.len() > LINK_MAX {
            return Err(ShortLinkError::NoLocation);
        }
        if reference::strip_scheme(location).is_some() {
            return Ok(location.to_owned());
        }
        // RFC 9110 §10.2.2: the location may be relative to the request.
        let absolute = match location.strip_prefix("//") {
            Some(rest) => format!("https://{rest}"),
            None if location.starts_with(['/', '?']) => {
                let host = self.0.host().unwrap_or_default();
                let path = if location.starts_with('?') { self.0.path() } else { "" };
                format!("https://{host}{path}{location}")
            }
            None => location.to_owned(),
        };
        match absolute.contains("://").then(|| reference::split(&absolute)).flatten() {
            Some((Host::Page | Host::Short(_), _)) => Ok(absolute),
            _ => Err(ShortLinkError::ForeignHost),
        }
    }
}

impl FromStr for ShortLink {
    type Err = IdError;

    /// Parses a link to spotify.link or spotify.app.link, with or without a scheme.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let fault = |found| IdError::new("a short link like https://spotify.link/…", found);
        let text = text.trim();
        let Some((Host::Short(host), target)) = reference::split(text) else {
            return Err(fault("a string of a different form"));
        };
        let target = target.split('#').next().unwrap_or_default();
        if target.split('?').next().is_none_or(|path| path.trim_matches('/').is_empty()) {
            return Err(fault("a link without a path"));
        }
        if target.len() > LINK_MAX {
            return Err(fault("a link of more than 8,192 bytes"));
        }
        let link = format!("https://{host}{target}");
        link.parse().map(Self).map_err(|_| fault("a link with characters that a URL cannot contain"))
    }
}

impl TryFrom<&str> for ShortLink {
    type Error = IdError;

    fn try_from(text: &str) -> Result<Self, IdError> {
        text.parse()
    }
}

impl TryFrom<String> for ShortLink {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl fmt::Display for ShortLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for ShortLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ShortLink({self})")
    }
}

/// Error for a response that does not resolve a short link.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ShortLinkError {
    /// The response is not a redirect: the link does not exist, or the HTTP client has followed the redirect.
    #[error("expected a redirect, got status {0}")]
    NotRedirected(StatusCode),
    /// The redirect has no valid `Location`.
    #[error("the redirect has no valid `Location`")]
    NoLocation,
    /// The redirect leads to a host that does not belong to Spotify.
    #[error("the redirect leads to a foreign host")]
    ForeignHost,
}
