//! The name of an entry: who asks, and for what.

use std::fmt::{self, Display};

use crate::endpoint::Endpoint;
use crate::origin::Target;

/// The name of an entry in a store: the partition, and path and query of the request.
///
/// The partition is whoever the answer is for: a user's id, or a name for the application itself. Spotify marks
/// many answers `public` that depend on who asks (RFC 9111 §4.1 knows only what `Vary` says), so it is not optional.
/// The market of an answer is that of the request's `market`, which is part of the query, or the country of the
/// user, which the partition stands for: an application that asks on nobody's behalf without a market should put
/// what else tells its answers apart into the partition.
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

    /// Path and query of the request; they hold no space, whatever the partition holds.
    pub(crate) fn target(&self) -> &str {
        self.0.rsplit_once(' ').map_or("", |(_, target)| target)
    }
}

impl Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
