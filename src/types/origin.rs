//! Origins and targets of requests. No other module builds URIs.

mod authority;
mod error;
mod known;

pub(crate) use authority::{Authority, AuthorityError, Host};
pub use error::TargetError;
pub(crate) use known::{Displayed, Route, Value};

use std::fmt::{self, Display, Write as _};
use std::str::FromStr;

use http::uri::{Parts, PathAndQuery, Scheme, Uri};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::percent;

/// A server: scheme, host and port, with an optional path prefix for proxies.
///
/// Tokens are sent to the configured origins only. An origin is therefore accepted only in a spelling that all URL
/// parsers interpret in the same way:
///
/// * `https`, or `http` on a loopback address (`127.0.0.0/8`, `[::1]`, `localhost`);
/// * a host name of lower-case ASCII letters, digits, `-` and `_` (internationalized names are not accepted, not even
///   in punycode, `xn--…`), an IPv4 address of four decimal numbers, or an IPv6 address in brackets;
/// * an optional port from 1 to 65,535;
/// * an optional path of unreserved characters (RFC 3986 §2.3) without dot segments and with at most one trailing
///   slash;
/// * at most 2,048 bytes, without a user name, a query or a fragment.
///
/// ```
/// # use spotify_proto::Origin;
/// let local: Origin = "http://127.0.0.1:8080".parse()?;
/// assert_eq!(local.as_str(), "http://127.0.0.1:8080");
/// assert!("127.0.0.1:8080".parse::<Origin>().is_err());
/// # Ok::<(), spotify_proto::OriginError>(())
/// ```
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct Origin {
    text: Box<str>,
    /// Parsed once; each request clones the value, which is cheap.
    scheme: Scheme,
    authority: http::uri::Authority,
}

/// Reason that a string is not a valid [`Origin`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OriginError {
    /// The string is longer than 2,048 bytes.
    #[error("expected an origin of at most {ORIGIN_MAX} bytes")]
    TooLong,
    /// The string does not begin with `https://` or `http://` in lower case.
    #[error("expected an origin like https://api.spotify.com")]
    Scheme,
    /// The scheme is `http`, but the host is not a loopback address.
    #[error("plain http is only allowed for loopback addresses; use https")]
    PlainHttp,
    /// The origin contains a user name.
    #[error("an origin cannot contain a user name")]
    User,
    /// The host is not in the canonical form of the URL Standard.
    #[error(
        "expected a host name in lower case, an IPv4 address of four numbers, or an IPv6 address in brackets"
    )]
    Host,
    /// The port is not a number from 1 to 65,535 without leading zeros.
    #[error("expected a port from 1 to 65535")]
    Port,
    /// The path contains an empty segment, a dot segment, or a character that is not unreserved (RFC 3986 §2.3).
    #[error("expected a path of letters, digits, `-`, `.`, `_` and `~`, without dot segments")]
    Path,
    /// The origin contains a query or a fragment.
    #[error("an origin cannot contain a query or a fragment")]
    Query,
}

impl Origin {
    /// Returns the origin of the Web API, `https://api.spotify.com`.
    #[must_use]
    pub fn api() -> Self {
        Self::spotify("api.spotify.com")
    }

    /// Returns the origin of the accounts service, `https://accounts.spotify.com`.
    #[must_use]
    pub fn accounts() -> Self {
        Self::spotify("accounts.spotify.com")
    }

    fn spotify(host: &'static str) -> Self {
        Self {
            text: format!("https://{host}").into(),
            scheme: Scheme::HTTPS,
            authority: http::uri::Authority::from_static(host),
        }
    }

    /// Returns the origin as a string, without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the path prefix, usually empty.
    fn prefix(&self) -> &str {
        let start = self.scheme.as_str().len() + "://".len() + self.authority.as_str().len();
        self.text.get(start..).unwrap_or_default()
    }

    /// Returns the URI of a path and query below this origin.
    pub(crate) fn uri(&self, target: &str) -> Uri {
        self.with([self.prefix(), target].concat())
    }

    /// Returns the URI with this path and query; the path begins with the prefix of the origin.
    ///
    /// The scheme and the host are not parsed again, so nothing in the path can change them.
    fn with(&self, mut path: String) -> Uri {
        if path.is_empty() {
            path.push('/');
        }
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(
            PathAndQuery::try_from(path)
                .expect("a slash and percent-encoded parts of bounded length form a valid path"),
        );
        Uri::from_parts(parts).expect("scheme, host and path form a URI")
    }
}

/// Maximum length of an origin, in bytes.
const ORIGIN_MAX: usize = 2048;

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        if text.len() > ORIGIN_MAX {
            return Err(OriginError::TooLong);
        }
        let (scheme, rest) = match text.split_once("://") {
            Some(("https", rest)) => (Scheme::HTTPS, rest),
            Some(("http", rest)) => (Scheme::HTTP, rest),
            _ => return Err(OriginError::Scheme),
        };
        if rest.contains(['?', '#']) {
            return Err(OriginError::Query);
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (authority, path) = rest.find('/').and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
        let host = check_host(authority)?;
        if scheme == Scheme::HTTP && !host.is_loopback() {
            return Err(OriginError::PlainHttp);
        }
        if !path.split('/').skip(1).all(is_segment) {
            return Err(OriginError::Path);
        }
        let authority = authority.parse().map_err(|_| OriginError::Host)?;
        Ok(Self { text: format!("{scheme}://{rest}").into(), scheme, authority })
    }
}

/// Checks the host and the port. Labels with a punycode prefix are rejected: validating them requires the tables of UTS
/// 46, and parsers disagree about them.
fn check_host(authority: &str) -> Result<Host<'_>, OriginError> {
    let host = Authority::parse(authority)?.host;
    match host {
        Host::Name(name) if name.split('.').any(|label| label.starts_with("xn--")) => Err(OriginError::Host),
        host => Ok(host),
    }
}

/// Returns whether a string is a path segment of unreserved characters and not a dot segment.
fn is_segment(text: &str) -> bool {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    !matches!(text, "" | "." | "..") && text.bytes().all(is_unreserved)
}

impl From<AuthorityError> for OriginError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::User => Self::User,
            AuthorityError::Host => Self::Host,
            AuthorityError::Port => Self::Port,
        }
    }
}

impl Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Origin").field(&self.text).finish()
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::lenient::text(deserializer, str::parse)
    }
}

/// The path and query of a request under construction, in which all values are percent-encoded.
///
/// An endpoint writes its path and query into a target. Path values are strings; query values can be of any type that
/// implements `Display`. Each value remains a single path segment or a single query value, even if it contains special
/// characters.
///
/// A part that cannot be represented is left out, and the target stores the first such [`error`](Self::error): a value
/// that makes the target longer than 60,000 bytes, a placeholder without a value, an empty segment, `.` or `..`. A
/// [`Call`](crate::Call) does not send a request with such an error, and
/// [`Endpoint::try_request`](crate::Endpoint::try_request) returns it. No operation of this crate accepts a value that
/// could cause such an error.
#[derive(Clone, Debug)]
pub struct Target {
    /// The target, preceded by the path of its origin if it was created for one.
    text: String,
    /// Index in `text` at which the target begins.
    start: usize,
    has_query: bool,
    error: Option<TargetError>,
}

/// Maximum length of a target, in bytes, which is slightly below the limit of `http::Uri`.
const TARGET_MAX: usize = 60_000;

impl Target {
    pub(crate) fn new() -> Self {
        Self { text: String::with_capacity(96), start: 0, has_query: false, error: None }
    }

    /// Creates a target that is written directly after the path of its origin.
    pub(crate) fn below(origin: &Origin) -> Self {
        let mut target = Self::new();
        target.text.push_str(origin.prefix());
        target.start = target.text.len();
        target
    }

    /// Returns the URI of this target below the origin that it was created for.
    pub(crate) fn into_uri(self, origin: &Origin) -> Uri {
        origin.with(self.text)
    }

    /// Fills the `{placeholders}` of a route with the values, in order.
    ///
    /// A placeholder without a value is left empty, and a value without a placeholder is dropped. Both are recorded as
    /// an [`error`](Self::error), as is a value that is empty, `.` or `..`. A missing leading slash is added.
    pub fn path(&mut self, route: &str, values: &[&str]) {
        let (mut values, mut rest, before) = (values.iter(), route, self.text.len());
        if self.as_str().is_empty() && !route.starts_with('/') {
            self.text.push('/');
        }
        while let Some((fixed, name, after)) = split_at_placeholder(rest) {
            percent::fixed(fixed, &mut self.text);
            let value = values.next();
            self.inspect(name, value);
            percent::segment(value.unwrap_or(&""), &mut self.text);
            rest = after;
        }
        if values.next().is_some() {
            self.fail(|| TargetError::Unplaced { route: excerpt(route) });
        }
        percent::fixed(rest, &mut self.text);
        self.bound(before, route);
    }

    /// Adds a query parameter. A list is a single value with commas.
    pub fn query(&mut self, name: &'static str, value: impl Display) {
        self.parameter(name, |text| {
            percent::fixed(name, text);
            text.push('=');
            write!(percent::Query(text), "{value}").expect("writing to a String succeeds");
        });
    }

    /// Adds a parameter to the query, unless the parameter would make the target too long.
    fn parameter(&mut self, name: &str, write: impl FnOnce(&mut String)) {
        let before = self.text.len();
        self.text.push(if self.has_query { '&' } else { '?' });
        write(&mut self.text);
        self.has_query |= self.bound(before, name);
    }

    /// Truncates to `before` if the target is too long, and returns whether the addition was kept.
    fn bound(&mut self, before: usize, part: &str) -> bool {
        let fits = self.text.len() - self.start <= TARGET_MAX;
        if !fits {
            self.text.truncate(before);
            self.fail(|| TargetError::TooLong { part: excerpt(part), max: TARGET_MAX });
        }
        fits
    }

    /// Records an error if the value of a placeholder is not a valid path segment.
    fn inspect(&mut self, name: &str, value: Option<&&str>) {
        match value.copied() {
            None => self.fail(|| TargetError::Missing { placeholder: excerpt(name) }),
            Some("") => self.fail(|| TargetError::Empty { placeholder: excerpt(name) }),
            Some(value @ ("." | "..")) => {
                self.fail(|| TargetError::DotSegment { placeholder: excerpt(name), value: value.into() });
            }
            Some(_) => {}
        }
    }

    /// Records the error unless an earlier error was recorded.
    fn fail(&mut self, error: impl FnOnce() -> TargetError) {
        self.error.get_or_insert_with(error);
    }

    /// Returns the error for the first part that could not be represented.
    ///
    /// ```
    /// # use spotify_proto::{Endpoint, Operation, Origin, Target, DecodeError, RequestRule, ResponseRef, http};
    /// /// The followers of a user with an arbitrary name.
    /// struct GetFollowers(String);
    ///
    /// impl Endpoint for GetFollowers {
    ///     type Output = ();
    ///     const OPERATION: Operation =
    ///         Operation::new("get-followers", http::Method::GET, "/v1/users/{name}/followers");
    ///     fn target(&self, target: &mut Target) {
    ///         target.path("/v1/users/{name}/followers", &[&self.0]);
    ///     }
    ///     # fn decode(&self, _: ResponseRef<'_>) -> Result<(), DecodeError> { Ok(()) }
    /// }
    ///
    /// // A URI parser resolves this path to `/v1/followers`.
    /// let error = GetFollowers("..".into()).try_request(&Origin::api()).expect_err("not a path segment");
    /// assert_eq!((error.parameter(), error.rule()), ("name", RequestRule::DotSegment));
    /// assert!(GetFollowers("anna".into()).try_request(&Origin::api()).is_ok());
    /// ```
    #[must_use]
    pub fn error(&self) -> Option<&TargetError> {
        self.error.as_ref()
    }

    /// Returns the path and query written so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.get(self.start..).unwrap_or_default()
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

/// Splits a route at its first placeholder: the part before it, the name, and the part after it.
fn split_at_placeholder(route: &str) -> Option<(&str, &str, &str)> {
    // A search for a byte takes longer to start than to compare the few bytes of a route.
    let start = route.bytes().position(|byte| byte == b'{')?;
    let len = route.get(start..)?.bytes().position(|byte| byte == b'}')?;
    Some((route.get(..start)?, route.get(start + 1..start + len)?, route.get(start + len + 1..)?))
}

/// Returns the start of a string from the caller, for use in an error.
fn excerpt(text: &str) -> Box<str> {
    text.chars().take(EXCERPT_MAX).collect()
}

/// Maximum length of an excerpt, in characters.
const EXCERPT_MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_origins_are_accepted() {
        for text in [
            "https://api.spotify.com",
            "http://127.0.0.1:80/",
            "https://proxy.example/spotify/",
            "http://[::1]:9",
        ] {
            let origin: Origin = text.parse().expect(text);
            assert_eq!(origin.as_str(), text.trim_end_matches('/'));
        }
        use OriginError::{Host, Path, PlainHttp, Port, Query, Scheme, TooLong, User};
        for (text, error) in [
            ("", Scheme),
            ("api.spotify.com", Scheme),
            ("ftp://x", Scheme),
            ("HTTPS://h", Scheme),
            ("https:/h", Scheme),
            (" https://h", Scheme),
            ("/v1", Scheme),
            ("https://", Host),
            ("https://h ", Host),
            ("https://API.spotify.com", Host),
            ("http://api.spotify.com", PlainHttp),
            ("http://128.0.0.1", PlainHttp),
            ("https://u@h", User),
            ("https://h:1:2", Port),
            ("https://h?x", Query),
            ("https://h#x", Query),
            ("https://h/ x", Path),
            ("https://h//", Path),
        ] {
            assert_eq!(text.parse::<Origin>(), Err(error), "{text}");
        }
        assert_eq!(format!("https://h/{}", "x".repeat(ORIGIN_MAX)).parse::<Origin>(), Err(TooLong));
    }

    #[test]
    fn values_remain_in_their_segment_or_parameter() {
        let mut target = Target::new();
        target.path("/v1/users/{user_id}/playlists", &["a/../../me?x=1#"]);
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
        target.path("/v1/a b/{x}é", &["y"]);
        target.query("a b&", "1");
        target.query("long", "x".repeat(60_000));
        target.query("c", 2);
        assert_eq!(target.as_str(), "/v1/a%20b/y%C3%A9?a%20b%26=1&c=2");
        assert_eq!(target.into_uri(&Origin::api()).host(), Some("api.spotify.com"));
    }

    #[test]
    fn a_target_stays_below_its_origin() {
        for (route, path) in [
            ("", "/"),
            (".example/v1", "/.example/v1"),
            ("@h", "/%40h"),
            ("{x}", "/%2Fv"),
            ("//h", "//h"),
            ("/v1", "/v1"),
        ] {
            for origin in ["https://api.spotify.com", "http://127.0.0.1:80", "https://h/base"] {
                let origin: Origin = origin.parse().expect(origin);
                let mut target = Target::below(&origin);
                target.path(route, &["/v"]);
                let text = target.as_str().to_owned();
                assert_eq!(text, path);
                let uri = target.into_uri(&origin);
                assert_eq!(uri.to_string(), format!("{origin}{path}"));
                assert_eq!(uri, origin.uri(&text));
                assert_eq!(uri, format!("{origin}{path}").parse::<Uri>().expect(path));
            }
        }
    }

    #[test]
    fn an_endpoint_may_leave_its_target_empty() {
        let (api, proxy) = (Origin::api(), "https://h/base".parse().expect("an origin"));
        assert_eq!(Target::below(&api).into_uri(&api), "https://api.spotify.com/");
        assert_eq!(Target::below(&proxy).into_uri(&proxy), "https://h/base");
        let mut target = Target::below(&api);
        target.query("a", 1);
        assert_eq!(target.into_uri(&api), "https://api.spotify.com/?a=1");
    }

    #[test]
    fn the_first_part_that_cannot_be_written_is_an_error() {
        let error = |route: &str, values: &[&str]| {
            let mut target = Target::new();
            target.path(route, values);
            target.error().map(ToString::to_string)
        };
        let long = "x".repeat(60_001);
        for (values, expected) in [
            (&["a", "b"][..], None),
            (&["...", "a.b"], None),
            (&["a"], Some("the value of `second` is missing")),
            (&[], Some("the value of `first` is missing")),
            (&["", "b"], Some("`first` is empty")),
            (&["a", "."], Some("`second` is `.`, which is not a path segment")),
            (&["..", ""], Some("`first` is `..`, which is not a path segment")),
            (&["a", "b", "c"], Some("a value without a placeholder in `/v1/{first}/{second}`")),
            (&["a", &long], Some("`/v1/{first}/{second}` makes the target longer than 60000 bytes")),
        ] {
            assert_eq!(error("/v1/{first}/{second}", values).as_deref(), expected, "{}", values.len());
        }
        let mut target = Target::new();
        target.path("/v1", &[]);
        target.query("short", "x");
        assert_eq!(target.error(), None);
        target.query("long", &long);
        target.query("longer", &long);
        let expected = TargetError::TooLong { part: "long".into(), max: TARGET_MAX };
        assert_eq!((target.error(), target.as_str()), (Some(&expected), "/v1?short=x"));
    }
}
