//! Conditional requests: what to keep of an answer, and when to ask again (a private cache, RFC 9111).
//!
//! Entries go in and come out as values, so any store will do. The partition of a [`Key`] is not optional: answers
//! depend on who asks, though Spotify marks many of them `public`.

use std::fmt::{self, Display};
use std::time::{Duration, SystemTime};

use http::header::{AGE, CACHE_CONTROL, ETAG, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};

use crate::endpoint::Endpoint;
use crate::origin::Target;

/// The name of an entry in a store: the partition, and path and query of the request.
///
/// ```
/// # use spotify_proto::{api::GetTrack, cache::Key, TrackId};
/// let track: TrackId = "6rqhFgbbKwnb9MLmUQDhG6".parse()?;
/// let key = Key::new(&GetTrack::new(track), "app");
/// assert_eq!(key.as_str(), "app /v1/tracks/6rqhFgbbKwnb9MLmUQDhG6");
/// # Ok::<(), spotify_proto::IdError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Key(Box<str>);

impl Key {
    /// The key of an endpoint's answer to one partition: a user's id, or a name for the application itself.
    #[must_use]
    pub fn new<E: Endpoint>(endpoint: &E, partition: impl Display) -> Self {
        let mut target = Target::new();
        endpoint.target(&mut target);
        Self(format!("{partition} {}", target.as_str()).into())
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A stored answer: its body, and what is needed to ask whether it still holds.
///
/// Plain data with a version; an entry of another version does not deserialise and is best treated as absent.
#[derive(Clone, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Entry {
    version: Version,
    /// Path and query of the request that it answers.
    target: Box<str>,
    body: Box<str>,
    etag: Option<Box<str>>,
    /// When the answer was as old as its `Age` said.
    received: SystemTime,
    fresh_for: Duration,
}

impl Entry {
    /// Whether it may be used without asking, at `now`. Never before it was received: then the clock is wrong.
    #[must_use]
    pub fn is_fresh(&self, now: SystemTime) -> bool {
        now.duration_since(self.received).is_ok_and(|age| age < self.fresh_for)
    }

    /// The validator that the server gave.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }

    /// About how many bytes it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.body.len() + self.target.len() + self.etag.as_deref().map_or(0, str::len) + size_of::<Self>()
    }

    /// The stored body.
    pub(crate) fn body(&self) -> &[u8] {
        self.body.as_bytes()
    }

    /// Whether it answers that path and query.
    pub(crate) fn answers(&self, target: &str) -> bool {
        &*self.target == target
    }

    /// The `If-None-Match` header that asks whether it still holds.
    pub(crate) fn condition(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(self.etag()?).ok()
    }

    /// What to keep of an answer; `None` where it may not or need not be kept.
    pub(crate) fn of(answer: &Answer<'_>, target: &str, now: SystemTime) -> Option<Self> {
        let directives = Directives::read(answer.headers);
        if answer.method != Method::GET || answer.status != StatusCode::OK || directives.no_store {
            return None;
        }
        let etag = text(answer.headers, ETAG).map(Into::into);
        let fresh_for = directives.fresh_for(answer.headers);
        if etag.is_none() && fresh_for.is_zero() {
            return None;
        }
        let body = std::str::from_utf8(answer.body).ok()?.into();
        Some(Self { version: Version, target: target.into(), body, etag, received: now, fresh_for })
    }

    /// The entry after a 304, which renews its life and may renew its validator (RFC 9111 §4.3.4).
    pub(crate) fn renewed(mut self, headers: &HeaderMap, now: SystemTime) -> Self {
        if let Some(etag) = text(headers, ETAG) {
            self.etag = Some(etag.into());
        }
        self.fresh_for = Directives::read(headers).fresh_for(headers);
        self.received = now;
        self
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("target", &self.target)
            .field("etag", &self.etag)
            .field("fresh_for", &self.fresh_for)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// An answer that may be kept.
pub(crate) struct Answer<'a> {
    pub(crate) method: &'a Method,
    pub(crate) status: StatusCode,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// What to do with the stored entry now. Match it whole: a store that ignores one arm serves what is wrong.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_enums, reason = "callers match it whole")]
pub enum Store {
    /// Leave it as it is.
    Keep,
    /// Put this in its place.
    Put(Entry),
    /// Take it out.
    Remove,
}

/// The parts of `Cache-Control` that a private cache acts on.
#[derive(Debug, Default)]
struct Directives {
    no_store: bool,
    no_cache: bool,
    max_age: Option<Duration>,
}

impl Directives {
    fn read(headers: &HeaderMap) -> Self {
        let mut read = Self::default();
        let values = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
        for directive in values.flat_map(|value| value.split(',')) {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            match name.trim().to_ascii_lowercase().as_str() {
                "no-store" => read.no_store = true,
                "no-cache" => read.no_cache = true,
                "max-age" => {
                    let seconds = value.trim().trim_matches('"').parse().unwrap_or(0);
                    // Of two the shorter: never fresh for longer than the server allows.
                    let max_age = Duration::from_secs(seconds);
                    read.max_age = Some(read.max_age.map_or(max_age, |known| known.min(max_age)));
                }
                _ => {}
            }
        }
        read
    }

    /// How much of its life is left on receipt: `max-age` less `Age` (RFC 9111 §4.2).
    fn fresh_for(&self, headers: &HeaderMap) -> Duration {
        let age = text(headers, AGE).and_then(|age| age.split(',').next()?.trim().parse().ok()).unwrap_or(0);
        let life = self.max_age.filter(|_| !self.no_cache && !self.no_store).unwrap_or_default();
        life.saturating_sub(Duration::from_secs(age))
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// The form in which entries are stored; another one is refused rather than misread.
#[derive(Clone, Copy, Debug)]
struct Version;

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(1)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            1 => Ok(Self),
            other => Err(serde::de::Error::custom(format_args!("an entry of version {other}, known is 1"))),
        }
    }
}
