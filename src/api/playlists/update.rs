//! Replacing or reordering the items of a playlist, which the reference documents as one operation.

use http::Method;
use serde::{Deserialize, Serialize};

use super::MODIFY;
use crate::endpoint::{Body, Check, Endpoint, JsonBody, max_items, setters};
use crate::error::{DecodeError, RequestError};
use crate::model::Snapshot;
use crate::response::{FromResponse, ResponseRef};
use crate::types::id::PlaylistId;
use crate::types::operation::Operation;
use crate::types::origin::{Route, Target};
use crate::types::text::Text;
use crate::types::uri::SpotifyUri;

/// A move of consecutive items to another position in the same playlist.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[must_use = "this value does nothing until it is sent as part of a request"]
#[non_exhaustive]
pub struct Reorder {
    /// Zero-based position of the first item to move.
    pub range_start: u32,
    /// Zero-based position of the item before which the items are inserted. To move items to the end, use the number of
    /// items in the playlist.
    pub insert_before: u32,
    /// Number of items to move, set by [`range_length`](method@Self::range_length).
    pub range_length: Option<u32>,
    /// Version of the playlist, set by [`snapshot_id`](method@Self::snapshot_id).
    pub snapshot_id: Option<Text>,
}

impl Reorder {
    /// Moves the item at `range_start` before the item at `insert_before`. Both positions are zero-based.
    pub fn new(range_start: u32, insert_before: u32) -> Self {
        Self { range_start, insert_before, range_length: None, snapshot_id: None }
    }

    setters! {
        /// Sets the number of items to move; the default is 1.
        range_length: u32,
        /// Sets the version of the playlist to which the change applies; the default is the current version.
        ///
        /// The server merges the change with any changes made after that version.
        snapshot_id: Text,
    }
}

/// A change to the items of a playlist.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum PlaylistChange {
    /// Replaces all items with these items, in order; an empty list clears the playlist.
    Replace(Vec<SpotifyUri>),
    /// Moves items within the playlist.
    Reorder(Reorder),
}

impl PlaylistChange {
    fn body(&self) -> Body {
        let body = JsonBody::new();
        match self {
            Self::Replace(uris) => body.field("uris", uris),
            Self::Reorder(it) => body
                .field("range_start", &it.range_start)
                .field("insert_before", &it.insert_before)
                .option("range_length", it.range_length.as_ref())
                .option("snapshot_id", it.snapshot_id.as_ref()),
        }
        .finish()
    }
}

/// Parameters, with their names on the wire.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Flat {
    playlist_id: PlaylistId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uris: Option<Vec<SpotifyUri>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    range_start: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    insert_before: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    range_length: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    snapshot_id: Option<Text>,
}

impl Flat {
    fn new(playlist_id: PlaylistId, change: PlaylistChange) -> Self {
        let mut flat = Self {
            playlist_id,
            uris: None,
            range_start: None,
            insert_before: None,
            range_length: None,
            snapshot_id: None,
        };
        match change {
            PlaylistChange::Replace(uris) => flat.uris = Some(uris),
            PlaylistChange::Reorder(it) => {
                flat.range_start = Some(it.range_start);
                flat.insert_before = Some(it.insert_before);
                flat.range_length = it.range_length;
                flat.snapshot_id = it.snapshot_id;
            }
        }
        flat
    }

    fn change(self) -> Result<PlaylistChange, &'static str> {
        let Self { uris, range_start, insert_before, range_length, snapshot_id, .. } = self;
        match (uris, range_start, insert_before) {
            (Some(uris), None, None) if range_length.is_none() && snapshot_id.is_none() => {
                Ok(PlaylistChange::Replace(uris))
            }
            (None, Some(range_start), Some(insert_before)) => {
                Ok(PlaylistChange::Reorder(Reorder { range_start, insert_before, range_length, snapshot_id }))
            }
            (None, None, None) => Err("missing field `uris`, or `range_start` and `insert_before`"),
            (None, Some(_), None) => Err("missing field `insert_before`"),
            (None, None, Some(_)) => Err("missing field `range_start`"),
            _ => Err(
                "expected `uris` to replace the items, or `range_start` and `insert_before` to reorder them",
            ),
        }
    }
}

macro_rules! update {
    ($($(#[$doc:meta])* $name:ident $id:literal $route:literal $(.$rule:ident())?;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
        #[serde(try_from = "Flat", into = "Flat")]
        #[must_use = "an endpoint does nothing until its request is sent"]
        #[non_exhaustive]
        pub struct $name {
            /// Path parameter `playlist_id`.
            pub playlist_id: PlaylistId,
            /// Change to make.
            pub change: PlaylistChange,
        }

        impl $name {
            setters! { RULES [uris at_most(100)] }

            /// Documented maximum number of URIs per request.
            pub const MAX_URIS: usize = max_items(Self::RULES);

            /// Replaces all items with up to 100 new items, in order; an empty list clears the playlist.
            pub fn replace(playlist_id: impl Into<PlaylistId>, uris: impl Into<Vec<SpotifyUri>>) -> Self {
                Self { playlist_id: playlist_id.into(), change: PlaylistChange::Replace(uris.into()) }
            }

            /// Moves items within the playlist.
            pub fn reorder(playlist_id: impl Into<PlaylistId>, reorder: Reorder) -> Self {
                Self { playlist_id: playlist_id.into(), change: PlaylistChange::Reorder(reorder) }
            }
        }

        impl Endpoint for $name {
            type Output = Snapshot;

            const OPERATION: Operation =
                Operation::new($id, Method::PUT, $route)
                    .any(MODIFY)
                    .not_idempotent()$(.$rule())?;

            fn target(&self, target: &mut Target) {
                target.route(const { &Route::new($route) }, [self.playlist_id.as_str()]);
            }

            fn body(&self) -> Body {
                self.change.body()
            }

            fn check(&self) -> Result<(), RequestError> {
                let check = Check::new($id, Self::RULES);
                check.parameter("playlist_id", &self.playlist_id)?;
                match &self.change {
                    // According to the reference, an empty list clears the playlist.
                    PlaylistChange::Replace(uris) if uris.is_empty() => Ok(()),
                    PlaylistChange::Replace(uris) => check.parameter("uris", uris),
                    PlaylistChange::Reorder(it) => check.option("snapshot_id", it.snapshot_id.as_ref()),
                }
            }

            fn decode(&self, response: ResponseRef<'_>) -> Result<Snapshot, DecodeError> {
                FromResponse::from_response(response)
            }
        }

        impl TryFrom<Flat> for $name {
            type Error = &'static str;

            fn try_from(flat: Flat) -> Result<Self, &'static str> {
                Ok(Self { playlist_id: flat.playlist_id.clone(), change: flat.change()? })
            }
        }

        impl From<$name> for Flat {
            fn from(update: $name) -> Self {
                Self::new(update.playlist_id, update.change)
            }
        }
    )+};
}

update! {
    /// Replaces or reorders the items of a playlist.
    ///
    /// The output identifies the new version of the playlist. Repeating a move would move different items, so neither
    /// kind of change is sent again after a lost response. Fails with 400 if the positions are out of bounds, and with
    /// 403 if the user is not allowed to change the playlist.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/reorder-or-replace-playlists-items).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public.
    /// * Quota mode: any.
    /// * Limits: 1 to 100 new URIs per request; an empty list clears the playlist.
    UpdatePlaylistItems "reorder-or-replace-playlists-items" "/v1/playlists/{playlist_id}/items";

    /// Replaces or reorders the items of a playlist.
    ///
    /// The output identifies the new version of the playlist. Repeating a move would move different items, so neither
    /// kind of change is sent again after a lost response. Fails with 400 if the positions are out of bounds, and with
    /// 403 if the user is not allowed to change the playlist.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/reorder-or-replace-playlists-tracks).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public.
    /// * Quota mode: extended.
    /// * Limits: 1 to 100 new URIs per request; an empty list clears the playlist.
    #[deprecated(note = "not available in development mode; use `UpdatePlaylistItems`")]
    UpdatePlaylistTracks "reorder-or-replace-playlists-tracks" "/v1/playlists/{playlist_id}/tracks".extended_quota();
}
