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
    /// If the track is not available in the market, the server may respond with another recording of the track.
    /// `linked_from` then identifies the requested track, except in development mode. Fails with 404 if no track has
    /// this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-track).
    /// * Scopes: none.
    /// * Quota mode: any.
    "get-track" GET "/v1/tracks/{id}" => Track;
    GetTrack { id: TrackId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
    }
}

endpoint! {
    /// Gets several tracks, each with its album and artists.
    ///
    /// The response has one slot per id, in the same order. A slot is empty if no track has that id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-several-tracks).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `GetTrack`")]
    "get-several-tracks" GET "/v1/tracks" => Tracks, extended_quota();
    GetTracks {} & { ids: CommaList<TrackId> where at_most(50) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
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
    /// * Limits: 1 to 50 items per page, default 20.
    "get-users-saved-tracks" GET "/v1/me/tracks" => Page<SavedTrack>, all(READ);
    GetSavedTracks {} ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value.
        market: Market,
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Removes tracks from the user's library.
    ///
    /// The response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-tracks-user).
    /// * Scopes: `user-library-modify`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `RemoveLibraryItems`")]
    "remove-tracks-user" DELETE "/v1/me/tracks" => (), all(MODIFY), extended_quota();
    RemoveSavedTracks {} & { ids: CommaList<TrackId> where at_most(50) }
}

endpoint! {
    /// Checks whether tracks are in the user's library.
    ///
    /// The response has one value per id, in the same order. Any other number of values is a
    /// [`DecodeError`](crate::DecodeError).
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-tracks).
    /// * Scopes: `user-library-read`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `CheckLibraryItems`")]
    "check-users-saved-tracks" GET "/v1/me/tracks/contains" => Vec<bool>, all(READ), extended_quota();
    => |it, response| contains(response, Some(it.ids.as_slice().len()));
    CheckSavedTracks {} & { ids: CommaList<TrackId> where at_most(50) }
}

endpoint! {
    /// Gets the audio features of several tracks: tempo, key, loudness and more.
    ///
    /// The response has one slot per id, in the same order. A slot is empty if the track has no audio features.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-several-audio-features).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 100 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; there is no replacement")]
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
    #[deprecated(note = "not available in development mode; there is no replacement")]
    "get-audio-features" GET "/v1/audio-features/{id}" => AudioFeatures, extended_quota();
    GetAudioFeatures { id: TrackId }
}

endpoint! {
    /// Gets the audio analysis of a track: rhythm, pitch and timbre over time.
    ///
    /// Fails with 404 if no track has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis).
    /// * Scopes: none.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode; there is no replacement")]
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
