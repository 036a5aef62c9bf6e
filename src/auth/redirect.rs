//! Redirect URIs that conform to Spotify's rules.

use std::fmt;
use std::str::FromStr;

use http::Uri;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::types::origin::{Authority, AuthorityError, Host};

/// A redirect URI, as registered on the dashboard
/// ([rules](https://developer.spotify.com/documentation/web-api/concepts/redirect_uri)).
///
/// A redirect URI has one of the following forms. Comparisons are exact, including letter case and a trailing slash.
///
/// * `https` with a host and an optional port from 1 to 65,535;
/// * `http` with a loopback address (`127.0.0.1`, `[::1]`) and an optional port;
/// * a private-use scheme (RFC 8252 §7.1), which is a domain name of the application's author in reverse order, such as
///   `com.example.app:/callback`. A scheme without a dot could belong to any application, so only the schemes of
///   Spotify's examples are accepted: `comspotifytestsdk`, `spotify-ios-quick-start`, `spotify-sdk` and
///   `yourcustomprotocol`.
///
/// Schemes of browsers and operating systems, such as `javascript` and `intent`, are rejected.
///
/// ```
/// # use spotify_proto::RedirectUri;
/// let uri: RedirectUri = "http://127.0.0.1:8888/callback".parse()?;
/// let refused = "http://localhost:8888/callback".parse::<RedirectUri>().unwrap_err();
/// assert_eq!(refused.to_string(), "`localhost` is not allowed; use 127.0.0.1 or [::1]");
/// # Ok::<(), spotify_proto::RedirectUriError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RedirectUri(Box<str>);

/// Reason that a string is not a valid [`RedirectUri`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectUriError {
    /// The string is not an absolute URI.
    #[error("expected an absolute URI like http://127.0.0.1:8888/callback")]
    NotAUri,
    /// The host is `localhost`.
    #[error("`localhost` is not allowed; use 127.0.0.1 or [::1]")]
    Localhost,
    /// The scheme is `http`, but the host is not a loopback address.
    #[error("plain http is only allowed on 127.0.0.1 and [::1]; use https")]
    PlainHttp,
    /// The URI contains a fragment (RFC 6749 §3.1.2).
    #[error("a redirect URI cannot contain a fragment")]
    Fragment,
    /// The string is longer than 2,048 bytes.
    #[error("expected a redirect URI of at most 2048 bytes")]
    TooLong,
    /// The host is not a name, an IPv4 address of four decimal numbers or an IPv6 address in brackets.
    #[error("expected a host name or an IP address")]
    Host,
    /// The port is not a number from 1 to 65,535 without leading zeros.
    #[error("expected a port from 1 to 65535")]
    Port,
    /// The scheme belongs to browsers, to the operating system or to another protocol.
    #[error("the scheme is reserved; use https or a private scheme like com.example.app")]
    ReservedScheme,
    /// The scheme contains no dot (RFC 8252 §7.1).
    #[error("expected https or a scheme with a dot like com.example.app")]
    SchemeWithoutDot,
}

/// Maximum length of a redirect URI, in bytes.
const MAX: usize = 2048;

/// Loopback addresses that Spotify accepts with plain http.
const LOOPBACK: [&str; 2] = ["127.0.0.1", "[::1]"];

impl RedirectUri {
    /// Returns the URI as it was parsed.
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
    let authority = uri.authority().ok_or(RedirectUriError::NotAUri)?.as_str().to_ascii_lowercase();
    if authority.is_empty() || !text.bytes().all(is_uri_byte) {
        return Err(RedirectUriError::NotAUri);
    }
    let without_dot = authority.strip_suffix('.').unwrap_or(&authority);
    let host = Authority::parse(without_dot)?.host;
    if host == Host::Name("localhost") {
        return Err(RedirectUriError::Localhost);
    }
    if without_dot.len() < authority.len() {
        return Err(RedirectUriError::Host);
    }
    let is_loopback = LOOPBACK.iter().any(|address| {
        authority.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    });
    if is_plain && !is_loopback { Err(RedirectUriError::PlainHttp) } else { Ok(()) }
}

impl From<AuthorityError> for RedirectUriError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::User => Self::NotAUri,
            AuthorityError::Host => Self::Host,
            AuthorityError::Port => Self::Port,
        }
    }
}

/// Checks a URI like `com.example.app:/callback` (RFC 3986 §3.1, RFC 8252 §7.1).
fn check_own_scheme(scheme: &str, rest: &str) -> Result<(), RedirectUriError> {
    let mut letters = scheme.chars();
    let is_scheme = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    if !is_scheme || rest.is_empty() || !rest.bytes().all(is_uri_byte) {
        return Err(RedirectUriError::NotAUri);
    }
    let scheme = scheme.to_ascii_lowercase();
    let is_reserved =
        RESERVED.contains(&&*scheme) || RESERVED_FAMILIES.iter().any(|it| scheme.starts_with(it));
    match scheme.as_str() {
        _ if is_reserved => Err(RedirectUriError::ReservedScheme),
        scheme if scheme.contains('.') || SPOTIFYS_EXAMPLES.contains(&scheme) => Ok(()),
        _ => Err(RedirectUriError::SchemeWithoutDot),
    }
}

/// Returns whether a URI may contain the byte (RFC 3986 §2).
fn is_uri_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}

/// Schemes without a dot that the guides and samples of Spotify's SDKs use.
const SPOTIFYS_EXAMPLES: &[&str] =
    &["comspotifytestsdk", "spotify-ios-quick-start", "spotify-sdk", "yourcustomprotocol"];

/// Schemes that browsers, operating systems and other protocols use.
const RESERVED: &[&str] = &[
    "about",
    "acap",
    "acct",
    "admin",
    "aim",
    "android-app",
    "app",
    "apt",
    "bitcoin",
    "blob",
    "bolo",
    "brave",
    "cap",
    "chrome",
    "chrome-devtools",
    "chrome-error",
    "chrome-extension",
    "chrome-native",
    "chrome-search",
    "chrome-untrusted",
    "cid",
    "content",
    "data",
    "devtools",
    "dict",
    "dns",
    "edge",
    "facetime",
    "facetime-audio",
    "fax",
    "feed",
    "file",
    "filesystem",
    "firefox",
    "ftp",
    "ftps",
    "geo",
    "git",
    "googlechrome",
    "gopher",
    "h323",
    "help",
    "hcp",
    "imap",
    "intent",
    "ipfs",
    "ipns",
    "ipp",
    "ipps",
    "irc",
    "irc6",
    "ircs",
    "iris",
    "iris.beep",
    "iris.lwz",
    "iris.xpc",
    "iris.xpcs",
    "isostore",
    "itms",
    "itms-apps",
    "itms-appss",
    "itms-services",
    "itmss",
    "jar",
    "javascript",
    "ldap",
    "ldaps",
    "livescript",
    "local",
    "magnet",
    "mailto",
    "maps",
    "market",
    "message",
    "mhtml",
    "mid",
    "mms",
    "moz-extension",
    "moz-icon",
    "news",
    "nfs",
    "nntp",
    "opera",
    "pop",
    "prefs",
    "res",
    "resource",
    "rlogin",
    "rtmp",
    "rtsp",
    "safari",
    "safari-extension",
    "safari-web-extension",
    "search",
    "search-ms",
    "service",
    "sftp",
    "shell",
    "shortcuts",
    "shttp",
    "sip",
    "sips",
    "skype",
    "smb",
    "sms",
    "smsto",
    "snmp",
    "soap.beep",
    "soap.beeps",
    "spotify",
    "ssh",
    "steam",
    "svn",
    "tel",
    "telnet",
    "tftp",
    "tg",
    "tn3270",
    "urn",
    "vbscript",
    "view-source",
    "vivaldi",
    "vnc",
    "wais",
    "webcal",
    "wifi",
    "ws",
    "wss",
    "wyciwyg",
    "xmlrpc.beep",
    "xmlrpc.beeps",
    "xmpp",
    "z39.50",
    "z39.50r",
    "z39.50s",
    "zoommtg",
];

/// Prefixes of schemes that an operating system reserves.
const RESERVED_FAMILIES: &[&str] = &["ms-", "x-apple", "x-web-search"];

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
    fn redirect_uris_are_checked_against_spotifys_rules() {
        use RedirectUriError::{
            Fragment, Host, Localhost, NotAUri, PlainHttp, Port, ReservedScheme, SchemeWithoutDot, TooLong,
        };
        for text in [
            "https://app.example/callback",
            "https://app.example",
            "https://App.Example:65535/Call%20back?x=1",
            "https://xn--bcher-kva.example/",
            "http://127.0.0.1/",
            "http://127.0.0.1:8888/call-back?x=1",
            "http://[::1]:1/",
            "com.example.app://login",
            "com.example.app:/callback",
            "spotify-ios-quick-start://spotify-login-callback",
            "comspotifytestsdk://callback",
        ] {
            assert_eq!(text.parse::<RedirectUri>().map(|uri| uri.to_string()), Ok(text.to_owned()));
        }
        for (text, error) in [
            ("", NotAUri),
            ("/callback", NotAUri),
            ("https://", NotAUri),
            ("https://user@app.example/", NotAUri),
            ("https://app.example/{x}", NotAUri),
            ("https://app.example\\@evil.example/", NotAUri),
            ("https://app.example/å", NotAUri),
            ("1app:/x", NotAUri),
            ("com.example.app:", NotAUri),
            ("com.example.app:/call back", NotAUri),
            ("com.example.app:/a\\b", NotAUri),
            ("http://localhost:8888/", Localhost),
            ("https://LOCALHOST/", Localhost),
            ("https://localhost./", Localhost),
            ("http://app.example/", PlainHttp),
            ("http://127.0.0.1.example/", PlainHttp),
            ("http://127.0.0.2/", PlainHttp),
            ("http://[::2]/", PlainHttp),
            ("http://127.1/", Host),
            ("http://0x7f.1/", Host),
            ("http://2130706433/", Host),
            ("http://127.0.0.01/", Host),
            ("https://app.example./", Host),
            ("https://app..example/", Host),
            ("https://app%2eexample/", NotAUri),
            ("https://app.example:0/", Port),
            ("https://app.example:080/", Port),
            ("https://app.example:/", Port),
            ("http://127.0.0.1:65536/", Port),
            ("http://[::1]:99999/", Port),
            ("https://app.example/#x", Fragment),
            ("my-app:/callback", SchemeWithoutDot),
            ("app-of-mine://x", SchemeWithoutDot),
        ] {
            assert_eq!(text.parse::<RedirectUri>(), Err(error), "{text}");
        }
        for scheme in RESERVED.iter().chain(&["ms-settings", "x-apple-reminder", "JavaScript", "BLOB"]) {
            for rest in [":/callback", "://callback", ":callback"] {
                assert_eq!(
                    format!("{scheme}{rest}").parse::<RedirectUri>(),
                    Err(ReservedScheme),
                    "{scheme}{rest}"
                );
            }
        }
        assert_eq!(format!("https://a/{}", "x".repeat(MAX)).parse::<RedirectUri>(), Err(TooLong));
    }
}
