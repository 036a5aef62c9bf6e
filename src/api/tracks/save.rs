//! Saving tracks: with the time at which each is to count as saved, or without.

use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};

use super::MODIFY;
use crate::api::doubts;
use crate::endpoint::{Body, Endpoint, JsonBody, Operation};
use crate::error::DecodeError;
use crate::id::TrackId;
use crate::origin::Target;
use crate::response;
use crate::time::Timestamp;

/// Saves tracks in the user's library.
///
/// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-tracks-user).
/// Scopes: `user-library-modify`. The answer is empty.
#[deprecated(note = "gone for applications in development mode; use `SaveLibraryItems`")]
#[derive(Clone, Debug, Eq, Hash, PartialEq, Deserialize, Serialize)]
#[serde(transparent)]
#[must_use = "an endpoint does nothing until its request is sent"]
pub struct SaveTracks(Saved);

/// With times the server ignores plain ids, so it is one or the other.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Deserialize, Serialize)]
enum Saved {
    #[serde(rename = "ids")]
    Ids(Vec<TrackId>),
    #[serde(rename = "timestamped_ids")]
    Timestamped(Vec<TimestampedId>),
}

/// A track and when it is to count as saved.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TimestampedId {
    id: TrackId,
    added_at: Timestamp,
}

impl TimestampedId {
    /// The track, saved at this time.
    #[must_use]
    pub fn new(id: impl Into<TrackId>, added_at: Timestamp) -> Self {
        Self { id: id.into(), added_at }
    }
}

impl SaveTracks {
    /// The documented greatest number of tracks in a call.
    pub const MAX_IDS: usize = 50;

    /// Saves these tracks now.
    pub fn new(ids: impl Into<Vec<TrackId>>) -> Self {
        Self(Saved::Ids(ids.into()))
    }

    /// Saves tracks each at its time; the library is ordered by it, to the minute.
    pub fn timestamped(ids: impl Into<Vec<TimestampedId>>) -> Self {
        Self(Saved::Timestamped(ids.into()))
    }

    /// The calls for any number of tracks, in their order.
    pub fn batches(ids: impl IntoIterator<Item = TrackId>) -> impl Iterator<Item = Self> {
        let mut ids = ids.into_iter();
        std::iter::from_fn(move || {
            let batch: Vec<_> = ids.by_ref().take(Self::MAX_IDS).collect();
            (!batch.is_empty()).then(|| Self::new(batch))
        })
    }
}

impl Endpoint for SaveTracks {
    type Output = ();

    const OPERATION: Operation = Operation::new("save-tracks-user", Method::PUT, "/v1/me/tracks")
        .all(MODIFY)
        .extended_quota()
        .invalidates(doubts::TRACKS);

    fn target(&self, target: &mut Target) {
        target.path(Self::OPERATION.route, &[]);
    }

    fn body(&self) -> Body {
        match &self.0 {
            Saved::Ids(ids) => JsonBody::new().field("ids", ids).finish(),
            Saved::Timestamped(ids) => JsonBody::new().field("timestamped_ids", ids).finish(),
        }
    }

    fn decode(status: StatusCode, body: &[u8]) -> Result<(), DecodeError> {
        response::decode(status, body)
    }
}
