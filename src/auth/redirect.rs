//! Where the user's browser returns to, checked by Spotify's rules.

use std::fmt;
use std::str::FromStr;

use http::Uri;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A redirect URI, as registered on the dashboard
/// ([rules](https://developer.spotify.com/documentation/web-api/concepts/redirect_uri)).
///
/// It is `https`, or `http` on a loopback address (`127.0.0.1`, `[::1]`) with any port, or of an application's own
/// scheme. It is compared as written, letter case and slash at the end included.
///
/// ```
/// # use spotify_proto::RedirectUri;
/// let uri: RedirectUri = "http://127.0.0.1:8888/callback".parse()?;
/// let refused = "http://localhost:8888/callback".parse::<RedirectUri>().unwrap_err();
/// assert_eq!(refused.to_string(), "`localhost` is not allowed, use 127.0.0.1 or [::1]");
/// # Ok::<(), spotify_proto::RedirectUriError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RedirectUri(Box<str>);

/// Why a redirect URI is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectUriError {
    /// It is no absolute URI.
    #[error("expected an absolute URI like http://127.0.0.1:8888/callback")]
    NotAUri,
    /// Its host is `localhost`.
    #[error("`localhost` is not allowed, use 127.0.0.1 or [::1]")]
    Localhost,
    /// It is `http` on a host that is no loopback address.
    #[error("plain http is only allowed on 127.0.0.1 and [::1], use https")]
    PlainHttp,
    /// It has a fragment (RFC 6749 §3.1.2).
    #[error("a redirect URI has no fragment")]
    Fragment,
    /// It is longer than 2,048 bytes.
    #[error("a redirect URI has at most 2,048 bytes")]
    TooLong,
}

/// Longest redirect URI that is taken.
const MAX: usize = 2048;

/// The loopback addresses that Spotify takes with plain http.
const LOOPBACK: [&str; 2] = ["127.0.0.1", "[::1]"];

impl RedirectUri {
    /// The text as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RedirectUri {
    type Err = RedirectUriError;

    fn from_str(text: &str) -> Result<Self, RedirectUriError> {
        if text.len() > MAX {
            return Err(RedirectUriError::TooLong);
        }
        if text.contains('#') {
            return Err(RedirectUriError::Fragment);
        }
        let (scheme, rest) = text.split_once(':').ok_or(RedirectUriError::NotAUri)?;
        match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => check_web(text, scheme.eq_ignore_ascii_case("http"))?,
            _ => check_own_scheme(scheme, rest)?,
        }
        Ok(Self(text.into()))
    }
}

fn check_web(text: &str, is_plain: bool) -> Result<(), RedirectUriError> {
    let uri: Uri = text.parse().map_err(|_| RedirectUriError::NotAUri)?;
    let authority = uri.authority().ok_or(RedirectUriError::NotAUri)?;
    let host = authority.host();
    if host.is_empty() || authority.as_str().contains('@') {
        return Err(RedirectUriError::NotAUri);
    }
    if host.trim_end_matches('.').eq_ignore_ascii_case("localhost") {
        return Err(RedirectUriError::Localhost);
    }
    if is_plain && !LOOPBACK.contains(&host) { Err(RedirectUriError::PlainHttp) } else { Ok(()) }
}

/// `my-app:/callback` or `my-app://callback` (RFC 3986 §3.1).
fn check_own_scheme(scheme: &str, rest: &str) -> Result<(), RedirectUriError> {
    let mut letters = scheme.chars();
    let is_scheme = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let is_rest = !rest.is_empty() && rest.chars().all(|c| c.is_ascii_graphic());
    // What a browser would run or read is no application's scheme.
    let is_special = ["javascript", "data", "file", "about"].iter().any(|it| scheme.eq_ignore_ascii_case(it));
    if is_scheme && is_rest && !is_special { Ok(()) } else { Err(RedirectUriError::NotAUri) }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for RedirectUri {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RedirectUri {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::lenient::text(deserializer, str::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spotifys_rules_hold() {
        use RedirectUriError::{Fragment, Localhost, NotAUri, PlainHttp, TooLong};
        for text in [
            "https://app.example/callback",
            "https://app.example",
            "http://127.0.0.1/",
            "http://127.0.0.1:8888/call-back?x=1",
            "http://[::1]:1/",
            "my-app:/callback",
            "com.example.app://login",
        ] {
            assert_eq!(text.parse::<RedirectUri>().map(|uri| uri.to_string()), Ok(text.to_owned()));
        }
        for (text, error) in [
            ("", NotAUri),
            ("/callback", NotAUri),
            ("https://", NotAUri),
            ("https://user@app.example/", NotAUri),
            ("1app:/x", NotAUri),
            ("app:", NotAUri),
            ("javascript:alert(1)", NotAUri),
            ("my-app:/call back", NotAUri),
            ("http://localhost:8888/", Localhost),
            ("https://LOCALHOST/", Localhost),
            ("https://localhost./", Localhost),
            ("http://app.example/", PlainHttp),
            ("http://127.0.0.1.example/", PlainHttp),
            ("http://127.0.0.2/", PlainHttp),
            ("https://app.example/#x", Fragment),
        ] {
            assert_eq!(text.parse::<RedirectUri>(), Err(error), "{text}");
        }
        assert_eq!(format!("https://a/{}", "x".repeat(MAX)).parse::<RedirectUri>(), Err(TooLong));
    }
}
