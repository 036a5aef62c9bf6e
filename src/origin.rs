//! Where requests go: origins and targets. The only code that writes a URI.

use std::fmt::{self, Display, Write as _};
use std::str::FromStr;

use http::uri::{Scheme, Uri};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::encode;

/// A server: scheme, host and port, with an optional path prefix for proxies.
///
/// Tokens are sent to the configured origins and nowhere else.
///
/// ```
/// # use spotify_proto::Origin;
/// let local: Origin = "http://127.0.0.1:8080".parse()?;
/// assert_eq!(local.as_str(), "http://127.0.0.1:8080");
/// assert!("127.0.0.1:8080".parse::<Origin>().is_err());
/// # Ok::<(), spotify_proto::OriginError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Origin(Box<str>);

/// A text that is no origin.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected an origin like https://api.spotify.com, without user, query or fragment")]
#[non_exhaustive]
pub struct OriginError;

impl Origin {
    /// The Web API, `https://api.spotify.com`.
    #[must_use]
    pub fn api() -> Self {
        Self("https://api.spotify.com".into())
    }

    /// The accounts service, `https://accounts.spotify.com`.
    #[must_use]
    pub fn accounts() -> Self {
        Self("https://accounts.spotify.com".into())
    }

    /// The text, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URI of a path and query below this origin.
    pub(crate) fn uri(&self, target: &str) -> Uri {
        let mut text = String::with_capacity(self.0.len() + target.len());
        text.push_str(&self.0);
        text.push_str(target);
        valid_uri(text)
    }
}

/// A URI that this file has written.
fn valid_uri(text: String) -> Uri {
    Uri::from_maybe_shared(text.into_bytes())
        .expect("percent-encoded parts of bounded length form a valid URI")
}

/// Longest origin that is taken.
const ORIGIN_MAX: usize = 2048;

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let text = text.trim_end_matches('/');
        let uri: Uri = text.parse().map_err(|_| OriginError)?;
        let is_http = uri.scheme().is_some_and(|scheme| [Scheme::HTTP, Scheme::HTTPS].contains(scheme));
        let host_only =
            uri.authority().is_some_and(|host| !host.host().is_empty() && !host.as_str().contains('@'));
        let is_plain = uri.query().is_none() && !text.contains(['#', '?']) && text.len() <= ORIGIN_MAX;
        if is_http && host_only && is_plain { Ok(Self(text.into())) } else { Err(OriginError) }
    }
}

impl Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::lenient::text(deserializer, str::parse)
    }
}

/// The path and query of a request, under construction; it does all the escaping.
///
/// An endpoint writes itself into one. Values are anything with a `Display`; each stays one path segment or one
/// query value whatever it holds. A part that would make it longer than 60,000 bytes is left out: the operations of
/// this crate take no value that could.
#[derive(Clone, Debug)]
pub struct Target {
    /// Of an origin, where the target is written behind one, and of the target.
    text: String,
    start: usize,
    has_query: bool,
}

/// Longest target; a URI of the `http` crate holds a little more.
const TARGET_MAX: usize = 60_000;

impl Target {
    pub(crate) fn new() -> Self {
        Self { text: String::with_capacity(96), start: 0, has_query: false }
    }

    /// A target that is written right behind its origin.
    pub(crate) fn below(origin: &Origin) -> Self {
        let mut text = String::with_capacity(origin.0.len() + 96);
        text.push_str(&origin.0);
        Self { start: text.len(), text, has_query: false }
    }

    /// The URI of origin and target.
    pub(crate) fn into_uri(self) -> Uri {
        valid_uri(self.text)
    }

    /// Fills the `{placeholders}` of a route with the values, in their order.
    ///
    /// A placeholder without a value is left empty, a value without a placeholder is dropped.
    pub fn path(&mut self, route: &str, values: &[&dyn Display]) {
        let (mut values, mut rest, before) = (values.iter(), route, self.text.len());
        while let Some((fixed, (_, after))) =
            rest.split_once('{').and_then(|(fixed, tail)| Some((fixed, tail.split_once('}')?)))
        {
            encode::fixed(fixed, &mut self.text);
            if let Some(value) = values.next() {
                write!(encode::Segment(&mut self.text), "{value}").expect("writing to a String succeeds");
            }
            rest = after;
        }
        encode::fixed(rest, &mut self.text);
        self.bound(before);
    }

    /// Adds a query parameter; a list is one value with commas.
    pub fn query(&mut self, name: &'static str, value: impl Display) {
        let before = self.text.len();
        self.text.push(if self.has_query { '&' } else { '?' });
        encode::fixed(name, &mut self.text);
        self.text.push('=');
        write!(encode::Query(&mut self.text), "{value}").expect("writing to a String succeeds");
        self.has_query |= self.bound(before);
    }

    /// Takes back what has made it too long; whether it stays.
    fn bound(&mut self, before: usize) -> bool {
        let fits = self.text.len() - self.start <= TARGET_MAX;
        if !fits {
            self.text.truncate(before);
        }
        fits
    }

    /// The path and query as written so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.get(self.start..).unwrap_or_default()
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_and_host() {
        for text in [
            "https://api.spotify.com",
            "http://127.0.0.1:80/",
            "https://proxy.example/spotify/",
            "http://[::1]:9",
        ] {
            let origin: Origin = text.parse().expect(text);
            assert_eq!(origin.as_str(), text.trim_end_matches('/'));
        }
        for text in [
            "",
            "api.spotify.com",
            "ftp://x",
            "https://",
            "https://u@h",
            "https://h?x",
            "https://h#x",
            "https://h/ x",
            "/v1",
        ] {
            assert_eq!(text.parse::<Origin>(), Err(OriginError), "{text}");
        }
    }

    #[test]
    fn values_stay_where_they_belong() {
        let mut target = Target::new();
        target.path("/v1/users/{user_id}/playlists", &[&"a/../../me?x=1#"]);
        target.query("q", "a b&c=d");
        target.query("limit", 5);
        assert_eq!(
            target.as_str(),
            "/v1/users/a%2F..%2F..%2Fme%3Fx%3D1%23/playlists?q=a%20b%26c%3Dd&limit=5"
        );
    }

    #[test]
    fn no_target_is_too_long_or_malformed() {
        let mut target = Target::below(&Origin::api());
        target.path("/v1/a b/{x}é", &[&"y"]);
        target.query("a b&", "1");
        target.query("long", "x".repeat(60_000));
        target.query("c", 2);
        assert_eq!(target.as_str(), "/v1/a%20b/y%C3%A9?a%20b%26=1&c=2");
        assert_eq!(target.into_uri().host(), Some("api.spotify.com"));
    }
}
