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
    /// Gets an album, including its first 50 tracks.
    ///
    /// [`GetAlbumTracks`] gets the remaining tracks. Fails with 404 if no album has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-album).
    /// * Scopes: none.
    /// * Quota mode: any.
    "get-an-album" GET "/v1/albums/{id}" => Album;
    GetAlbum { id: AlbumId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
    }
}

endpoint! {
    /// Gets several albums, each including its first 50 tracks.
    ///
    /// The response has one slot per id, in the same order. A slot is empty if no album has that id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-albums).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 20 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `GetAlbum`")]
    "get-multiple-albums" GET "/v1/albums" => Albums, extended_quota();
    GetAlbums {} & { ids: CommaList<AlbumId> where at_most(20) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
    }
}

endpoint! {
    /// Gets a page of an album's tracks, in album order.
    ///
    /// The page is empty if `offset` is at or past the end of the list. Fails with 404 if no album has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-albums-tracks).
    /// * Scopes: none.
    /// * Quota mode: any.
    /// * Limits: 1 to 50 items per page, default 20.
    "get-an-albums-tracks" GET "/v1/albums/{id}/tracks" => Page<SimplifiedTrack>;
    GetAlbumTracks { id: AlbumId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Gets a page of the albums in the user's library.
    ///
    /// An empty list means that the user has not saved any albums.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-albums).
    /// * Scopes: `user-library-read`.
    /// * Quota mode: any.
    /// * Limits: 1 to 50 items per page, default 20.
    "get-users-saved-albums" GET "/v1/me/albums" => Page<SavedAlbum>, all(READ);
    GetSavedAlbums {} ? {
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value.
        market: Market,
    }
}

endpoint! {
    /// Saves albums to the user's library.
    ///
    /// The response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/save-albums-user).
    /// * Scopes: `user-library-modify`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 20 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `SaveLibraryItems`")]
    "save-albums-user" PUT "/v1/me/albums" => (), all(MODIFY), extended_quota();
    SaveAlbums {} & { ids: CommaList<AlbumId> where at_most(20) }
}

endpoint! {
    /// Removes albums from the user's library.
    ///
    /// The response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-albums-user).
    /// * Scopes: `user-library-modify`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 20 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `RemoveLibraryItems`")]
    "remove-albums-user" DELETE "/v1/me/albums" => (), all(MODIFY), extended_quota();
    RemoveSavedAlbums {} & { ids: CommaList<AlbumId> where at_most(20) }
}

endpoint! {
    /// Checks whether albums are in the user's library.
    ///
    /// The response has one value per id, in the same order. Any other number of values is a
    /// [`DecodeError`](crate::DecodeError).
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-albums).
    /// * Scopes: `user-library-read`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 20 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `CheckLibraryItems`")]
    "check-users-saved-albums" GET "/v1/me/albums/contains" => Vec<bool>, all(READ), extended_quota();
    => |it, response| contains(response, Some(it.ids.as_slice().len()));
    CheckSavedAlbums {} & { ids: CommaList<AlbumId> where at_most(20) }
}

endpoint! {
    /// Gets a page of the new releases that Spotify features.
    ///
    /// The page is empty if `offset` is at or past the end of the list.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-new-releases).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 items per page, default 20.
    #[deprecated(note = "not available in development mode; there is no replacement")]
    "get-new-releases" GET "/v1/browse/new-releases" => NewReleases, extended_quota();
    GetNewReleases {} ? {
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
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
