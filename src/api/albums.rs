//! Albums.

use crate::endpoint::{batches, embedded_pages, endpoint, offset_pages};
use crate::model::{Album, Albums, NewReleases, Page, SavedAlbum, SimplifiedTrack};
use crate::response::contains;
use crate::types::id::AlbumId;
use crate::types::market::Market;
use crate::types::query::CommaList;
use crate::types::scope::Scope;

const READ: &[Scope] = &[Scope::UserLibraryRead];
const MODIFY: &[Scope] = &[Scope::UserLibraryModify];

endpoint! {
    /// An album with its first tracks.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-album).
    /// Scopes: none.
    "get-an-album" GET "/v1/albums/{id}" => Album;
    GetAlbum { id: AlbumId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
    }
}

endpoint! {
    /// Several albums with their first tracks.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-albums).
    /// Scopes: none. An id without an album leaves its slot empty.
    #[deprecated(note = "gone for applications in development mode; use `GetAlbum`")]
    "get-multiple-albums" GET "/v1/albums" => Albums, extended_quota();
    GetAlbums {} & { ids: CommaList<AlbumId> where at_most(20) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
    }
}

endpoint! {
    /// The tracks of an album.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-albums-tracks).
    /// Scopes: none.
    "get-an-albums-tracks" GET "/v1/albums/{id}/tracks" => Page<SimplifiedTrack>;
    GetAlbumTracks { id: AlbumId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    }
}

endpoint! {
    /// The albums that the user saved.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-albums).
    /// Scopes: `user-library-read`.
    "get-users-saved-albums" GET "/v1/me/albums" => Page<SavedAlbum>, all(READ);
    GetSavedAlbums {} ? {
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
    }
}

endpoint! {
    /// Saves albums in the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-albums-user).
    /// Scopes: `user-library-modify`. The response is empty.
    #[deprecated(note = "gone for applications in development mode; use `SaveLibraryItems`")]
    "save-albums-user" PUT "/v1/me/albums" => (), all(MODIFY), extended_quota();
    SaveAlbums {} & { ids: CommaList<AlbumId> where at_most(20) }
}

endpoint! {
    /// Removes albums from the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-albums-user).
    /// Scopes: `user-library-modify`. The response is empty.
    #[deprecated(note = "gone for applications in development mode; use `RemoveLibraryItems`")]
    "remove-albums-user" DELETE "/v1/me/albums" => (), all(MODIFY), extended_quota();
    RemoveSavedAlbums {} & { ids: CommaList<AlbumId> where at_most(20) }
}

endpoint! {
    /// Whether albums are in the user's library, in the order of the ids.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-albums).
    /// Scopes: `user-library-read`.
    #[deprecated(note = "gone for applications in development mode; use `CheckLibraryItems`")]
    "check-users-saved-albums" GET "/v1/me/albums/contains" => Vec<bool>, all(READ), extended_quota();
    => |it, response| contains(response, Some(it.ids.as_slice().len()));
    CheckSavedAlbums {} & { ids: CommaList<AlbumId> where at_most(20) }
}

endpoint! {
    /// Albums that Spotify features as new.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-new-releases).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode, without a replacement")]
    "get-new-releases" GET "/v1/browse/new-releases" => NewReleases, extended_quota();
    GetNewReleases {} ? {
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    }
}

offset_pages!(
    GetAlbumTracks: crate::model::SimplifiedTrack,
    GetSavedAlbums: crate::model::SavedAlbum,
    GetNewReleases.albums: crate::model::SimplifiedAlbum,
);
embedded_pages!(GetAlbumTracks: GetAlbum.id => Album.tracks with (market), "album");
batches! {
    GetAlbums ids: AlbumId, MAX_IDS;
    SaveAlbums ids: AlbumId, MAX_IDS;
    RemoveSavedAlbums ids: AlbumId, MAX_IDS;
    CheckSavedAlbums ids: AlbumId, MAX_IDS;
}
