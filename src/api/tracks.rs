//! Tracks, their audio features, and recommendations.

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
    /// Gets a track with its album and artists.
    ///
    /// With a market, the server may respond with another recording of the track that is available there;
    /// `linked_from` then names the requested one, except in development mode. Fails with 404 if no track has this
    /// id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-track).
    /// * Scopes: none.
    /// * Quota mode: any.
    "get-track" GET "/v1/tracks/{id}" => Track;
    GetTrack { id: TrackId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value. An
        /// application's token has no default; according to the reference, nothing is available without a market.
        market: Market,
    }
}

endpoint! {
    /// Gets several tracks, each with its album and artists.
    ///
    /// The response has a slot for each id, in the order of the ids. The slot is empty if no track has the id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-several-tracks).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids in a request; [`batches`](Self::batches) splits a longer list.
    #[deprecated(note = "not available in development mode; use `GetTrack`")]
    "get-several-tracks" GET "/v1/tracks" => Tracks, extended_quota();
    GetTracks {} & { ids: CommaList<TrackId> where at_most(50) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value. An
        /// application's token has no default; according to the reference, nothing is available without a market.
        market: Market,
    }
}

endpoint! {
    /// Gets a page of the tracks in the user's library.
    ///
    /// An empty list means that the user has not saved any tracks.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-tracks).
    /// * Scopes: `user-library-read`.
    /// * Quota mode: any.
    /// * Limits: pages of 1 to 50 items, default 20.
    "get-users-saved-tracks" GET "/v1/me/tracks" => Page<SavedTrack>, all(READ);
    GetSavedTracks {} ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value.
        market: Market,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Removes tracks from the user's library.
    ///
    /// The response is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-tracks-user).
    /// * Scopes: `user-library-modify`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids in a request; [`batches`](Self::batches) splits a longer list.
    #[deprecated(note = "not available in development mode; use `RemoveLibraryItems`")]
    "remove-tracks-user" DELETE "/v1/me/tracks" => (), all(MODIFY), extended_quota();
    RemoveSavedTracks {} & { ids: CommaList<TrackId> where at_most(50) }
}

endpoint! {
    /// Checks whether tracks are in the user's library.
    ///
    /// The response has one value for each id, in the order of the ids. Any other number of values is a
    /// [`DecodeError`](crate::DecodeError).
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-tracks).
    /// * Scopes: `user-library-read`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids in a request; [`batches`](Self::batches) splits a longer list.
    #[deprecated(note = "not available in development mode; use `CheckLibraryItems`")]
    "check-users-saved-tracks" GET "/v1/me/tracks/contains" => Vec<bool>, all(READ), extended_quota();
    => |it, response| contains(response, Some(it.ids.as_slice().len()));
    CheckSavedTracks {} & { ids: CommaList<TrackId> where at_most(50) }
}

endpoint! {
    /// Gets the audio features of several tracks: tempo, key, loudness and more.
    ///
    /// The response has a slot for each id, in the order of the ids. The slot is empty if the track has no audio
    /// features.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-several-audio-features).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 100 ids in a request; [`batches`](Self::batches) splits a longer list.
    #[deprecated(note = "not available in development mode, without a replacement")]
    "get-several-audio-features" GET "/v1/audio-features" => AudioFeaturesList, extended_quota();
    GetSeveralAudioFeatures {} & { ids: CommaList<TrackId> where at_most(100) }
}

endpoint! {
    /// Gets the audio features of a track: tempo, key, loudness and more.
    ///
    /// Fails with 404 if no track has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-audio-features).
    /// * Scopes: none.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode, without a replacement")]
    "get-audio-features" GET "/v1/audio-features/{id}" => AudioFeatures, extended_quota();
    GetAudioFeatures { id: TrackId }
}

endpoint! {
    /// Gets the structure of a track: rhythm, pitch and timbre over time.
    ///
    /// Fails with 404 if no track has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis).
    /// * Scopes: none.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode, without a replacement")]
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
