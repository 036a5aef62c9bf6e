//! Changes to playlists that require several requests in sequence.

use serde::{Deserialize, Serialize};

use super::{AddPlaylistItems, AddPlaylistTracks, RemovePlaylistItems, RemovePlaylistTracks};
use crate::endpoint::{Body, Endpoint, Measured, Size, max_items};
use crate::error::{DecodeError, RequestError};
use crate::model::Snapshot;
use crate::response::ResponseRef;
use crate::types::operation::Operation;
use crate::types::origin::Target;
use crate::types::uri::SpotifyUri;

/// A change to a playlist, split into batches that are sent one after the other.
///
/// The value is the endpoint of the current batch. Given the response to this batch, [`next`](Self::next) returns the
/// next batch. A batch that removes items applies to the playlist version in the previous response.
///
/// ```
/// use spotify_proto::{Endpoint, PlaylistId, SpotifyUri, api::AddPlaylistItems, http::Response};
///
/// let playlist: PlaylistId = "3cEYpjA9oz9GiPac4AsH4n".parse()?;
/// let uris: Vec<SpotifyUri> = vec!["spotify:track:6rqhFgbbKwnb9MLmUQDhG6".parse()?; 250];
/// let mut cursor = AddPlaylistItems::new(playlist, uris).batches();
/// let mut sent = 0;
/// while let Some(batch) = cursor {
///     let response = Response::new(r#"{"snapshot_id": "AbC"}"#); // to batch.request(..)
///     let snapshot = batch.parse(&response)?;
///     cursor = batch.next(&snapshot);
///     sent += 1;
/// }
/// assert_eq!(sent, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
#[must_use = "an endpoint does nothing until its request is sent"]
pub struct Batches<E> {
    now: E,
    rest: Vec<SpotifyUri>,
}

impl<E> Batches<E> {
    /// Returns the endpoint of the current batch.
    #[must_use]
    pub fn current(&self) -> &E {
        &self.now
    }

    /// Returns the URIs of the remaining batches, in order.
    #[must_use]
    pub fn remaining(&self) -> &[SpotifyUri] {
        &self.rest
    }
}

impl<E: Chained> Batches<E> {
    fn new(mut change: E) -> Option<Self> {
        let uris = std::mem::take(change.uris());
        Self::of(change, uris)
    }

    /// Splits the first batch off the URIs; returns `None` if there are no URIs.
    fn of(mut now: E, mut uris: Vec<SpotifyUri>) -> Option<Self> {
        let rest = uris.split_off(uris.len().min(E::MAX));
        let is_empty = uris.is_empty();
        *now.uris() = uris;
        (!is_empty).then_some(Self { now, rest })
    }

    /// Returns the next batch, or `None` if this is the last batch.
    ///
    /// `response` is the response to this batch.
    #[must_use]
    pub fn next(self, response: &Snapshot) -> Option<Self> {
        Self::of(self.now.after(response), self.rest)
    }
}

impl<E: Chained> Endpoint for Batches<E> {
    type Output = Snapshot;

    const OPERATION: Operation = E::OPERATION;

    fn target(&self, target: &mut Target) {
        self.now.target(target);
    }

    fn body(&self) -> Body {
        self.now.body()
    }

    fn check(&self) -> Result<(), RequestError> {
        self.now.check()
    }

    fn decode(&self, response: ResponseRef<'_>) -> Result<Snapshot, DecodeError> {
        self.now.decode(response)
    }
}

/// A change that can be split into batches.
pub trait Chained: Endpoint<Output = Snapshot> + Sized {
    /// Documented maximum number of URIs per request.
    const MAX: usize;

    /// Returns the URIs that the change adds or removes.
    fn uris(&mut self) -> &mut Vec<SpotifyUri>;

    /// Returns the change for the next batch. The caller replaces its URIs.
    fn after(self, response: &Snapshot) -> Self;
}

macro_rules! chained {
    ($($name:ident.$list:ident $(.$inner:tt)?, $how:literal, $self:ident, $response:ident => $after:expr;)+) => {$(
        impl Chained for $name {
            const MAX: usize = max_items(Self::RULES);

            fn uris(&mut self) -> &mut Vec<SpotifyUri> {
                &mut self.$list $(.$inner)?
            }

            fn after($self, $response: &Snapshot) -> Self {
                $after
            }
        }

        impl $name {
            /// Documented maximum number of URIs per request.
            pub const MAX_URIS: usize = <Self as Chained>::MAX;

            /// Splits any number of URIs into batches, in order; returns `None` if there are no URIs.
            ///
            #[doc = $how]
            #[must_use]
            pub fn batches(self) -> Option<Batches<Self>> {
                Batches::new(self)
            }
        }
    )+};
}

chained! {
    AddPlaylistItems.uris, "If `position` is set, each batch is inserted after the previous batch.", self, _response => self.moved();
    AddPlaylistTracks.uris, "If `position` is set, each batch is inserted after the previous batch.", self, _response => self.moved();
    RemovePlaylistItems.items.0, "Each batch applies to the playlist version that the previous batch created.", self, response =>
        self.of_version(response);
    RemovePlaylistTracks.tracks.0, "Each batch applies to the playlist version that the previous batch created.", self, response =>
        self.of_version(response);
}

macro_rules! moved {
    ($($name:ident),+) => {$(
        impl $name {
            /// Moves the position past the items that this batch adds.
            fn moved(mut self) -> Self {
                let len = u32::try_from(self.uris.len()).unwrap_or(u32::MAX);
                self.position = self.position.map(|position| position.saturating_add(len));
                self
            }
        }
    )+};
}
moved!(AddPlaylistItems, AddPlaylistTracks);

macro_rules! of_version {
    ($($name:ident),+) => {$(
        impl $name {
            /// Sets the playlist version to the version in a response, or unsets it if the response has no version.
            fn of_version(mut self, response: &Snapshot) -> Self {
                let version = &response.snapshot_id;
                self.snapshot_id = (!version.is_empty()).then(|| version.clone());
                self
            }
        }
    )+};
}
of_version!(RemovePlaylistItems, RemovePlaylistTracks);

/// URIs of items to remove, serialized as `[{"uri": "spotify:track:…"}]`.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "Vec<Item>", into = "Vec<Item>")]
pub struct UriItems(Vec<SpotifyUri>);

impl UriItems {
    /// Returns the URIs.
    #[must_use]
    pub fn as_slice(&self) -> &[SpotifyUri] {
        &self.0
    }
}

impl Measured for UriItems {
    fn size(&self) -> Size {
        Size::of_items(&self.0)
    }
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Item {
    uri: SpotifyUri,
}

impl From<Vec<Item>> for UriItems {
    fn from(items: Vec<Item>) -> Self {
        items.into_iter().map(|item| item.uri).collect()
    }
}

impl From<UriItems> for Vec<Item> {
    fn from(items: UriItems) -> Self {
        items.0.into_iter().map(|uri| Item { uri }).collect()
    }
}

impl From<Vec<SpotifyUri>> for UriItems {
    fn from(uris: Vec<SpotifyUri>) -> Self {
        Self(uris)
    }
}

impl<const N: usize> From<[SpotifyUri; N]> for UriItems {
    fn from(uris: [SpotifyUri; N]) -> Self {
        Self(uris.into())
    }
}

impl FromIterator<SpotifyUri> for UriItems {
    fn from_iter<I: IntoIterator<Item = SpotifyUri>>(uris: I) -> Self {
        Self(uris.into_iter().collect())
    }
}
