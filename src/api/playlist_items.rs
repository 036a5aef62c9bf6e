//! Changing the items of playlists, and their covers.

#![allow(deprecated, reason = "the operations that development mode lost are offered all the same")]

use std::collections::VecDeque;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize};

use super::playlists::MODIFY;
use crate::auth::scope::Scope;
use crate::endpoint::{Body, Endpoint, Operation, endpoint};
use crate::error::DecodeError;
use crate::id::PlaylistId;
use crate::link::Uri;
use crate::model::{Image, Snapshot};
use crate::origin::Target;
use crate::response;
use crate::text::Text;

/// Items that one request adds, replaces or removes at most.
const ITEMS_MAX: usize = 100;

/// Adding items, under its new and its old path.
macro_rules! add {
    ($($(#[$doc:meta])* $id:literal $route:literal $(, $rule:ident())?; $name:ident;)+) => {$(
        endpoint! {
            $(#[$doc])*
            ///
            #[doc = concat!("[Reference](https://developer.spotify.com/documentation/web-api/reference/", $id, ").")]
            /// Scopes: `playlist-modify-public` or `playlist-modify-private`.
            $id POST $route => Snapshot, any(MODIFY) $(, $rule())?;
            $name { playlist_id: PlaylistId } json { uris: Vec<Uri> } ? {
                /// Where to put the first of them, from 0; at the end unless set.
                position: u32,
            }
        }

        impl $name {
            /// The greatest number of items that the reference documents for one request.
            pub const MAX: usize = ITEMS_MAX;

            /// As many calls as all items need, each within the documented maximum; send them one after another.
            pub fn batches(
                playlist_id: impl Into<PlaylistId>,
                uris: impl IntoIterator<Item = Uri>,
            ) -> impl Iterator<Item = Self> {
                let (playlist_id, mut uris) = (playlist_id.into(), uris.into_iter());
                std::iter::from_fn(move || {
                    let uris: Vec<Uri> = uris.by_ref().take(Self::MAX).collect();
                    (!uris.is_empty()).then(|| Self::new(&playlist_id, uris))
                })
            }
        }
    )+};
}

add! {
    /// Adds tracks or episodes to a playlist, up to 100; each call adds them again.
    "add-items-to-playlist" "/v1/playlists/{playlist_id}/items"; AddPlaylistItems;
    /// Adds tracks or episodes to a playlist by its old path, up to 100; each call adds them again.
    #[deprecated(note = "gone for applications in development mode; use `AddPlaylistItems`")]
    "add-tracks-to-playlist" "/v1/playlists/{playlist_id}/tracks", extended_quota(); AddPlaylistTracks;
}

/// What `PUT` does to the items of a playlist: one or the other.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Update {
    Replace(Vec<Uri>),
    Reorder { range_start: u32, insert_before: u32, range_length: Option<u32>, snapshot_id: Option<Text> },
}

/// The same as its documented parameters.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct UpdateParts {
    #[serde(skip_serializing_if = "Option::is_none")]
    playlist_id: Option<PlaylistId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uris: Option<Vec<Uri>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range_start: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    insert_before: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot_id: Option<Text>,
}

impl UpdateParts {
    fn of(update: &Update, playlist_id: Option<PlaylistId>) -> Self {
        let parts = Self { playlist_id, ..Self::default() };
        match update.clone() {
            Update::Replace(uris) => Self { uris: Some(uris), ..parts },
            Update::Reorder { range_start, insert_before, range_length, snapshot_id } => Self {
                range_start: Some(range_start),
                insert_before: Some(insert_before),
                range_length,
                snapshot_id,
                ..parts
            },
        }
    }

    fn read(self) -> Result<(PlaylistId, Update), &'static str> {
        let playlist_id = self.playlist_id.ok_or("missing field `playlist_id`")?;
        let has_range = self.range_length.is_some() || self.snapshot_id.is_some();
        let update = match (self.uris, self.range_start, self.insert_before) {
            (Some(uris), None, None) if !has_range => Update::Replace(uris),
            (Some(_), ..) => return Err("expected `uris` or `range_start` and `insert_before`, found both"),
            (None, Some(range_start), Some(insert_before)) => Update::Reorder {
                range_start,
                insert_before,
                range_length: self.range_length,
                snapshot_id: self.snapshot_id,
            },
            (None, None, None) if !has_range => {
                return Err("missing field `uris`, or `range_start` and `insert_before`");
            }
            (None, None, _) => return Err("missing field `range_start`"),
            (None, Some(_), None) => return Err("missing field `insert_before`"),
        };
        Ok((playlist_id, update))
    }
}

/// Replacing and reordering items, under its new and its old path.
macro_rules! update {
    ($($(#[$doc:meta])* $id:literal $route:literal $(, $rule:ident())?; $name:ident;)+) => {$(
        $(#[$doc])*
        ///
        /// Replacing ([`replace`](Self::replace)) and reordering ([`reorder`](Self::reorder)) exclude each other.
        ///
        #[doc = concat!("[Reference](https://developer.spotify.com/documentation/web-api/reference/", $id, ").")]
        /// Scopes: `playlist-modify-public` or `playlist-modify-private`.
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        #[must_use = "an endpoint does nothing until its request is sent"]
        pub struct $name {
            playlist_id: PlaylistId,
            update: Update,
        }

        impl $name {
            /// The greatest number of items that the reference documents for one request.
            pub const MAX: usize = ITEMS_MAX;

            /// Replaces all items by these, up to 100; by none to clear the playlist.
            pub fn replace(playlist_id: impl Into<PlaylistId>, uris: impl IntoIterator<Item = Uri>) -> Self {
                let update = Update::Replace(uris.into_iter().collect());
                Self { playlist_id: playlist_id.into(), update }
            }

            /// Moves the item at one place in front of the item at another, both from 0.
            pub fn reorder(playlist_id: impl Into<PlaylistId>, range_start: u32, insert_before: u32) -> Self {
                let update =
                    Update::Reorder { range_start, insert_before, range_length: None, snapshot_id: None };
                Self { playlist_id: playlist_id.into(), update }
            }

            /// How many items to move together; 1 unless set. Without effect on replacing.
            pub fn range_length(mut self, length: u32) -> Self {
                if let Update::Reorder { range_length, .. } = &mut self.update {
                    *range_length = Some(length);
                }
                self
            }

            /// The version of the playlist that the places are meant in. Without effect on replacing.
            pub fn snapshot_id(mut self, snapshot: impl Into<Text>) -> Self {
                if let Update::Reorder { snapshot_id, .. } = &mut self.update {
                    *snapshot_id = Some(snapshot.into());
                }
                self
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                UpdateParts::of(&self.update, Some(self.playlist_id.clone())).serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let parts = UpdateParts::deserialize(deserializer)?;
                let (playlist_id, update) = parts.read().map_err(serde::de::Error::custom)?;
                Ok(Self { playlist_id, update })
            }
        }

        impl Endpoint for $name {
            type Output = Snapshot;

            const OPERATION: Operation =
                Operation::new($id, http::Method::PUT, $route).any(MODIFY).not_idempotent()$(.$rule())?;

            fn target(&self, target: &mut Target) {
                target.path($route, &[&self.playlist_id]);
            }

            fn body(&self) -> Body {
                Body::json(&UpdateParts::of(&self.update, None))
            }

            fn decode(status: http::StatusCode, body: &[u8]) -> Result<Self::Output, DecodeError> {
                response::decode(status, body)
            }
        }
    )+};
}

update! {
    /// Replaces or reorders the items of a playlist.
    "reorder-or-replace-playlists-items" "/v1/playlists/{playlist_id}/items"; UpdatePlaylistItems;
    /// Replaces or reorders the items of a playlist by its old path.
    #[deprecated(note = "gone for applications in development mode; use `UpdatePlaylistItems`")]
    "reorder-or-replace-playlists-tracks" "/v1/playlists/{playlist_id}/tracks", extended_quota();
    UpdatePlaylistTracks;
}

/// URIs as the server wants them for removal: each in an object.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct UriItems(Vec<UriItem>);

#[derive(Clone, Debug, Eq, Hash, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct UriItem {
    uri: Uri,
}

impl FromIterator<Uri> for UriItems {
    fn from_iter<I: IntoIterator<Item = Uri>>(uris: I) -> Self {
        Self(uris.into_iter().map(|uri| UriItem { uri }).collect())
    }
}

impl From<Vec<Uri>> for UriItems {
    fn from(uris: Vec<Uri>) -> Self {
        uris.into_iter().collect()
    }
}

impl<const N: usize> From<[Uri; N]> for UriItems {
    fn from(uris: [Uri; N]) -> Self {
        uris.into_iter().collect()
    }
}

/// Removing items, under its new and its old path, where the list has its old name.
macro_rules! remove {
    ($($(#[$doc:meta])* $id:literal $route:literal $(, $rule:ident())?; $name:ident $items:ident $removal:ident;)+) => {$(
        endpoint! {
            $(#[$doc])*
            ///
            #[doc = concat!("[Reference](https://developer.spotify.com/documentation/web-api/reference/", $id, ").")]
            /// Scopes: `playlist-modify-public` or `playlist-modify-private`.
            $id DELETE $route => Snapshot, any(MODIFY) $(, $rule())?;
            $name { playlist_id: PlaylistId } json { $items: UriItems } ? {
                /// The version of the playlist that is meant.
                snapshot_id: Text,
            }
        }

        impl $name {
            /// The greatest number of items that the reference documents for one request.
            pub const MAX: usize = ITEMS_MAX;

            /// The removal of any number of items: calls in a row, each on the version that the one before left.
            pub fn all(playlist_id: impl Into<PlaylistId>, uris: impl IntoIterator<Item = Uri>) -> $removal {
                $removal { playlist_id: playlist_id.into(), uris: uris.into_iter().collect() }
            }
        }

        #[doc = concat!("A removal in several calls, from [`", stringify!($name), "::all`].")]
        #[derive(Clone, Debug)]
        #[must_use = "a removal does nothing until its calls are made"]
        pub struct $removal {
            playlist_id: PlaylistId,
            uris: VecDeque<Uri>,
        }

        impl $removal {
            /// The next call and what is left after it; `None` when all are removed.
            ///
            /// Give the answer to the call before; none at first, or the version to begin with.
            pub fn next(mut self, version: Option<&Snapshot>) -> Option<($name, Self)> {
                let rest = self.uris.split_off(self.uris.len().min($name::MAX));
                let uris = std::mem::replace(&mut self.uris, rest);
                let snapshot = version.map(|version| version.snapshot_id.clone()).filter(|id| !id.is_empty());
                let items: UriItems = uris.into_iter().collect();
                (!items.0.is_empty()).then(|| {
                    let call = $name::new(&self.playlist_id, items);
                    (snapshot.into_iter().fold(call, |call, snapshot| call.snapshot_id(snapshot)), self)
                })
            }
        }
    )+};
}

remove! {
    /// Removes items from a playlist wherever they stand in it, up to 100.
    "remove-items-playlist" "/v1/playlists/{playlist_id}/items"; RemovePlaylistItems items PlaylistRemoval;
    /// Removes items from a playlist by its old path, wherever they stand in it, up to 100.
    #[deprecated(note = "gone for applications in development mode; use `RemovePlaylistItems`")]
    "remove-tracks-playlist" "/v1/playlists/{playlist_id}/tracks", extended_quota();
    RemovePlaylistTracks tracks PlaylistTracksRemoval;
}

endpoint! {
    /// The cover of a playlist in several sizes; the addresses expire within a day.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlist-cover).
    /// Scopes: none.
    "get-playlist-cover" GET "/v1/playlists/{playlist_id}/images" => Vec<Image>;
    GetPlaylistCover { playlist_id: PlaylistId }
}

/// Sets the cover of a playlist.
///
/// [Reference](https://developer.spotify.com/documentation/web-api/reference/upload-custom-playlist-cover).
/// Scopes: `ugc-image-upload`, and `playlist-modify-public` or `playlist-modify-private`. It has a rate limit of its
/// own.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[must_use = "an endpoint does nothing until its request is sent"]
pub struct UploadPlaylistCover {
    playlist_id: PlaylistId,
    image: Cover,
}

impl UploadPlaylistCover {
    /// The upload of a picture.
    pub fn new(playlist_id: impl Into<PlaylistId>, image: Cover) -> Self {
        Self { playlist_id: playlist_id.into(), image }
    }
}

impl Endpoint for UploadPlaylistCover {
    type Output = ();

    const OPERATION: Operation = Operation::new(
        "upload-custom-playlist-cover",
        http::Method::PUT,
        "/v1/playlists/{playlist_id}/images",
    )
    .all_and_any(&[Scope::UgcImageUpload], MODIFY)
    .own_limit();

    fn target(&self, target: &mut Target) {
        target.path(Self::OPERATION.route, &[&self.playlist_id]);
    }

    fn body(&self) -> Body {
        Body::Jpeg(self.image.0.as_bytes().to_vec())
    }

    fn decode(status: http::StatusCode, body: &[u8]) -> Result<(), DecodeError> {
        response::decode(status, body)
    }
}

/// A JPEG picture as base64 text of at most 256 KB: about 192 KB before it is encoded.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Cover(Box<str>);

/// Why a picture cannot be a cover.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CoverError {
    /// It is no JPEG.
    #[error("expected a JPEG picture, which begins with the bytes FF D8 FF")]
    NotJpeg,
    /// It is no base64.
    #[error("expected base64 without prefix, spaces and line breaks")]
    NotBase64,
    /// It is too large.
    #[error("{0} bytes as base64, more than the {max} that the server takes", max = Cover::MAX)]
    TooLarge(usize),
}

impl Cover {
    /// The greatest length, in bytes of base64.
    pub const MAX: usize = 256 * 1024;

    /// A picture as its file has it.
    ///
    /// # Errors
    ///
    /// [`CoverError`] when it is no JPEG, or too large.
    pub fn from_jpeg(picture: &[u8]) -> Result<Self, CoverError> {
        if !picture.starts_with(&[0xff, 0xd8, 0xff]) {
            return Err(CoverError::NotJpeg);
        }
        Self::checked(STANDARD.encode(picture))
    }

    /// A picture that is encoded already.
    ///
    /// # Errors
    ///
    /// [`CoverError`] when it is no base64 (a `data:` prefix or a line break is none), no JPEG, or too large.
    pub fn from_base64(text: impl Into<String>) -> Result<Self, CoverError> {
        let text = text.into();
        let picture = STANDARD.decode(&text).map_err(|_| CoverError::NotBase64)?;
        if picture.starts_with(&[0xff, 0xd8, 0xff]) { Self::checked(text) } else { Err(CoverError::NotJpeg) }
    }

    fn checked(text: String) -> Result<Self, CoverError> {
        if text.len() <= Self::MAX { Ok(Self(text.into())) } else { Err(CoverError::TooLarge(text.len())) }
    }
}

impl<'de> Deserialize<'de> for Cover {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_base64(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
