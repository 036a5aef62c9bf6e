//! Saving tracks, with either the current time or a given time for each track.

use http::Method;
use serde::{Deserialize, Serialize};

use super::MODIFY;
use crate::endpoint::{Body, Check, Endpoint, JsonBody, Measured, Size, setters};
use crate::error::{DecodeError, RequestError};
use crate::response::{FromResponse, ResponseRef};
use crate::types::id::TrackId;
use crate::types::operation::Operation;
use crate::types::origin::{Route, Target};
use crate::types::time::Timestamp;

/// Saves tracks to the user's library.
///
/// The response body is empty.
///
/// * [Reference](https://developer.spotify.com/documentation/web-api/reference/save-tracks-user).
/// * Scopes: `user-library-modify`.
/// * Quota mode: extended.
/// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
#[deprecated(note = "not available in development mode; use `SaveLibraryItems`")]
#[derive(Clone, Debug, Eq, Hash, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "Flat", into = "Flat")]
#[must_use = "an endpoint does nothing until its request is sent"]
#[non_exhaustive]
pub struct SaveTracks {
    /// Tracks to save.
    pub tracks: TracksToSave,
}

/// Tracks to save, either all with explicit times or all without.
///
/// The server ignores plain ids in a request that also contains ids with times.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum TracksToSave {
    /// Tracks that are saved with the current time; the list must not be empty.
    Ids(Vec<TrackId>),
    /// Tracks that are each saved with a given time; the list must not be empty.
    Timestamped(Vec<TimestampedId>),
}

/// A track to save with a given time.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TimestampedId {
    /// Track to save.
    pub id: TrackId,
    /// Time at which the track counts as saved.
    pub added_at: Timestamp,
}

impl TimestampedId {
    /// Creates the value from a track and its time.
    #[must_use]
    pub fn new(id: impl Into<TrackId>, added_at: Timestamp) -> Self {
        Self { id: id.into(), added_at }
    }
}

impl Measured for TimestampedId {
    fn size(&self) -> Size {
        self.id.size()
    }
}

impl SaveTracks {
    setters! { RULES [ids at_most(50), timestamped_ids at_most(50)] }

    /// Documented maximum number of tracks per request.
    pub const MAX_IDS: usize = crate::endpoint::max_items(Self::RULES);

    /// Saves tracks with the current time.
    pub fn new(ids: impl Into<Vec<TrackId>>) -> Self {
        Self { tracks: TracksToSave::Ids(ids.into()) }
    }

    /// Saves each track with a given time.
    ///
    /// The library is sorted by these times, with a precision of one minute.
    pub fn timestamped(ids: impl Into<Vec<TimestampedId>>) -> Self {
        Self { tracks: TracksToSave::Timestamped(ids.into()) }
    }

    /// Splits any number of tracks into requests, in order.
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

    const OPERATION: Operation =
        Operation::new("save-tracks-user", Method::PUT, "/v1/me/tracks").all(MODIFY).extended_quota();

    fn target(&self, target: &mut Target) {
        target.route(const { &Route::of(Self::OPERATION) }, []);
    }

    fn body(&self) -> Body {
        match &self.tracks {
            TracksToSave::Ids(ids) => JsonBody::new().field("ids", ids).finish(),
            TracksToSave::Timestamped(ids) => JsonBody::new().field("timestamped_ids", ids).finish(),
        }
    }

    fn check(&self) -> Result<(), RequestError> {
        let check = Check::new(Self::OPERATION.id, Self::RULES);
        match &self.tracks {
            TracksToSave::Ids(ids) => check.parameter("ids", ids),
            TracksToSave::Timestamped(ids) => check.parameter("timestamped_ids", ids),
        }
    }

    fn decode(&self, response: ResponseRef<'_>) -> Result<(), DecodeError> {
        FromResponse::from_response(response)
    }
}

/// Parameters, with their names on the wire.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Flat {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ids: Option<Vec<TrackId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timestamped_ids: Option<Vec<TimestampedId>>,
}

impl TryFrom<Flat> for SaveTracks {
    type Error = &'static str;

    fn try_from(flat: Flat) -> Result<Self, &'static str> {
        match (flat.ids, flat.timestamped_ids) {
            (Some(ids), None) => Ok(Self::new(ids)),
            (None, Some(ids)) => Ok(Self::timestamped(ids)),
            (Some(_), Some(_)) => Err("`ids` and `timestamped_ids` are mutually exclusive"),
            (None, None) => Err("missing field `ids` or `timestamped_ids`"),
        }
    }
}

impl From<SaveTracks> for Flat {
    fn from(save: SaveTracks) -> Self {
        match save.tracks {
            TracksToSave::Ids(ids) => Self { ids: Some(ids), timestamped_ids: None },
            TracksToSave::Timestamped(ids) => Self { ids: None, timestamped_ids: Some(ids) },
        }
    }
}
