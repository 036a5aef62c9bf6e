//! Tracks, their features and recommendations.

mod recommendations;
mod save;

pub use recommendations::{Attribute, GetRecommendations, Seed, SeedCount, Seeds};
pub use save::{SaveTracks, TimestampedId, TracksToSave};

use crate::endpoint::{batches, endpoint, offset_pages};
use crate::model::{AudioAnalysis, AudioFeatures, AudioFeaturesList, Page, SavedTrack, Track, Tracks};
use crate::response::contains;
use crate::types::id::TrackId;
use crate::types::market::Market;
use crate::types::query::CommaList;
use crate::types::scope::Scope;

const READ: &[Scope] = &[Scope::UserLibraryRead];
const MODIFY: &[Scope] = &[Scope::UserLibraryModify];

endpoint! {
    /// A track.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-track).
    /// Scopes: none.
    "get-track" GET "/v1/tracks/{id}" => Track;
    GetTrack { id: TrackId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
    }
}

endpoint! {
    /// Several tracks.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-several-tracks).
    /// Scopes: none. An id without a track leaves its slot empty.
    #[deprecated(note = "gone for applications in development mode; use `GetTrack`")]
    "get-several-tracks" GET "/v1/tracks" => Tracks, extended_quota();
    GetTracks {} & { ids: CommaList<TrackId> where at_most(50) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
    }
}

endpoint! {
    /// The tracks that the user saved.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-tracks).
    /// Scopes: `user-library-read`.
    "get-users-saved-tracks" GET "/v1/me/tracks" => Page<SavedTrack>, all(READ);
    GetSavedTracks {} ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    }
}

endpoint! {
    /// Removes tracks from the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-tracks-user).
    /// Scopes: `user-library-modify`. The response is empty.
    #[deprecated(note = "gone for applications in development mode; use `RemoveLibraryItems`")]
    "remove-tracks-user" DELETE "/v1/me/tracks" => (), all(MODIFY), extended_quota();
    RemoveSavedTracks {} & { ids: CommaList<TrackId> where at_most(50) }
}

endpoint! {
    /// Whether tracks are in the user's library, in the order of the ids.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-tracks).
    /// Scopes: `user-library-read`.
    #[deprecated(note = "gone for applications in development mode; use `CheckLibraryItems`")]
    "check-users-saved-tracks" GET "/v1/me/tracks/contains" => Vec<bool>, all(READ), extended_quota();
    => |it, response| contains(response, Some(it.ids.as_slice().len()));
    CheckSavedTracks {} & { ids: CommaList<TrackId> where at_most(50) }
}

endpoint! {
    /// How several tracks sound.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-several-audio-features).
    /// Scopes: none. An id without features leaves its slot empty.
    #[deprecated(note = "gone for applications in development mode, without a replacement")]
    "get-several-audio-features" GET "/v1/audio-features" => AudioFeaturesList, extended_quota();
    GetSeveralAudioFeatures {} & { ids: CommaList<TrackId> where at_most(100) }
}

endpoint! {
    /// How a track sounds.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-audio-features).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode, without a replacement")]
    "get-audio-features" GET "/v1/audio-features/{id}" => AudioFeatures, extended_quota();
    GetAudioFeatures { id: TrackId }
}

endpoint! {
    /// The structure of a track: rhythm, pitch and timbre over time.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode, without a replacement")]
    "get-audio-analysis" GET "/v1/audio-analysis/{id}" => AudioAnalysis, extended_quota();
    GetAudioAnalysis { id: TrackId }
}

offset_pages!(GetSavedTracks: crate::model::SavedTrack);
batches! {
    GetTracks ids: TrackId, MAX_IDS;
    RemoveSavedTracks ids: TrackId, MAX_IDS;
    CheckSavedTracks ids: TrackId, MAX_IDS;
    GetSeveralAudioFeatures ids: TrackId, MAX_IDS;
}
