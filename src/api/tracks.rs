//! Tracks.

#![allow(deprecated, reason = "the operations that development mode lost are offered all the same")]

use crate::auth::scope::Scope;
use crate::bounded::List;
use crate::endpoint::{batches, endpoint, offset_pages};
use crate::id::TrackId;
use crate::market::Market;
use crate::model::{AudioAnalysis, AudioFeatures, AudioFeaturesList, Page, SavedTrack, Track, Tracks};

use crate::time::Timestamp;

endpoint! {
    /// A track.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-track).
    /// Scopes: none.
    "get-track" GET "/v1/tracks/{id}" => Track;
    GetTrack { id: TrackId } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

endpoint! {
    /// Several tracks at once; unknown ids leave an empty slot.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-several-tracks).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; use `GetTrack` for each")]
    "get-several-tracks" GET "/v1/tracks" => Tracks, extended_quota();
    GetTracks {  } & { ids: List<TrackId> } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

batches!(GetTracks(TrackId) 50);

endpoint! {
    /// The tracks in the user's library, last saved first.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-tracks).
    /// Scopes: `user-library-read`.
    "get-users-saved-tracks" GET "/v1/me/tracks" => Page<SavedTrack>, all(&[Scope::UserLibraryRead]);
    GetSavedTracks {  } ? {
        /// Content as it is available in this country.
        market: Market,
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    }
}

offset_pages!(GetSavedTracks);

endpoint! {
    /// Removes tracks from the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-tracks-user).
    /// Scopes: `user-library-modify`.
    #[deprecated(note = "gone for applications in development mode; use `RemoveLibraryItems`")]
    "remove-tracks-user" DELETE "/v1/me/tracks" => (), all(&[Scope::UserLibraryModify]), extended_quota();
    RemoveTracks {  } & { ids: List<TrackId> }
}

endpoint! {
    /// Whether tracks are in the user's library, in the order of the ids.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-tracks).
    /// Scopes: `user-library-read`.
    #[deprecated(note = "gone for applications in development mode; use `CheckLibraryContains`")]
    "check-users-saved-tracks" GET "/v1/me/tracks/contains" => Vec<bool>, all(&[Scope::UserLibraryRead]), extended_quota();
    CheckSavedTracks {  } & { ids: List<TrackId> }
}

batches!(RemoveTracks(TrackId) 50, CheckSavedTracks(TrackId) 50);

/// A track and when the user saved it.
#[derive(Clone, Debug, Eq, Hash, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TimestampedId {
    /// The track.
    pub id: TrackId,
    /// When it was saved; the list is ordered by this.
    pub added_at: Timestamp,
}

impl TimestampedId {
    /// A track saved at that time.
    #[must_use]
    pub const fn new(id: TrackId, added_at: Timestamp) -> Self {
        Self { id, added_at }
    }
}

endpoint! {
    /// Saves tracks to the user's library.
    ///
    /// Up to 50 ids, in the body: a bare list is refused.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-tracks-user).
    /// Scopes: `user-library-modify`.
    #[deprecated(note = "gone for applications in development mode; use `SaveLibraryItems`")]
    "save-tracks-user" PUT "/v1/me/tracks" => (), all(&[Scope::UserLibraryModify]), extended_quota();
    SaveTracks {  } json { ids: Vec<TrackId> } ? {
        /// The same with times; where they are given the plain ids do not count.
        timestamped_ids: Vec<TimestampedId>,
    }
}

impl SaveTracks {
    /// The greatest number of items that the reference documents for one request.
    pub const MAX: usize = 50;

    /// As many calls as all items need, each within the documented maximum, in their order.
    pub fn batches(all: impl IntoIterator<Item = TrackId>) -> impl Iterator<Item = Self> {
        let mut all = all.into_iter();
        std::iter::from_fn(move || {
            let ids: Vec<TrackId> = all.by_ref().take(Self::MAX).collect();
            (!ids.is_empty()).then(|| Self::new(ids))
        })
    }
}

endpoint! {
    /// The audio features of several tracks at once; unknown ids leave an empty slot.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-several-audio-features).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; there is no replacement")]
    "get-several-audio-features" GET "/v1/audio-features" => AudioFeaturesList, extended_quota();
    GetSeveralAudioFeatures {  } & { ids: List<TrackId> }
}

batches!(GetSeveralAudioFeatures(TrackId) 100);

endpoint! {
    /// The audio features of a track.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-audio-features).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; there is no replacement")]
    "get-audio-features" GET "/v1/audio-features/{id}" => AudioFeatures, extended_quota();
    GetAudioFeatures { id: TrackId }
}

endpoint! {
    /// The audio analysis of a track.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; there is no replacement")]
    "get-audio-analysis" GET "/v1/audio-analysis/{id}" => AudioAnalysis, extended_quota();
    GetAudioAnalysis { id: TrackId }
}
