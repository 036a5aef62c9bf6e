//! Tracks.

use crate::auth::scope::Scope;
use crate::endpoint::{endpoint, offset_pages};
use crate::id::TrackId;
use crate::market::Market;
use crate::model::{Page, SavedTrack, Track};

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
