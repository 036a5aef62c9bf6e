//! Albums.

#![allow(deprecated, reason = "the operations that development mode lost are offered all the same")]

use crate::auth::scope::Scope;
use crate::bounded::List;
use crate::endpoint::{Paged, batches, endpoint, offset_pages};
use crate::id::AlbumId;
use crate::market::Market;
use crate::model::{Album, Albums, NewReleases, Page, SavedAlbum, SimplifiedTrack};

endpoint! {
    /// An album with its first tracks.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-album).
    /// Scopes: none.
    "get-an-album" GET "/v1/albums/{id}" => Album;
    GetAlbum { id: AlbumId } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

endpoint! {
    /// Several albums at once; unknown ids leave an empty slot.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-albums).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; use `GetAlbum` for each")]
    "get-multiple-albums" GET "/v1/albums" => Albums, extended_quota();
    GetAlbums {  } & { ids: List<AlbumId> } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

batches!(GetAlbums(AlbumId) 20);

endpoint! {
    /// The tracks of an album.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-albums-tracks).
    /// Scopes: none.
    "get-an-albums-tracks" GET "/v1/albums/{id}/tracks" => Page<SimplifiedTrack>;
    GetAlbumTracks { id: AlbumId } ? {
        /// Content as it is available in this country.
        market: Market,
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    }
}

offset_pages!(GetAlbumTracks);

impl GetAlbumTracks {
    /// The items after the first ones, which came with the album; `None` when those were all.
    pub fn after(album: &Album) -> Option<Self> {
        Self::new(album.id.as_ref()?).next(album.tracks.as_ref()?)
    }
}

endpoint! {
    /// The albums in the user's library, last saved first.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-albums).
    /// Scopes: `user-library-read`.
    "get-users-saved-albums" GET "/v1/me/albums" => Page<SavedAlbum>, all(&[Scope::UserLibraryRead]);
    GetSavedAlbums {  } ? {
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
        /// Content as it is available in this country.
        market: Market,
    }
}

endpoint! {
    /// Saves albums to the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-albums-user).
    /// Scopes: `user-library-modify`.
    #[deprecated(note = "gone for applications in development mode; use `SaveLibraryItems`")]
    "save-albums-user" PUT "/v1/me/albums" => (), all(&[Scope::UserLibraryModify]), extended_quota();
    SaveAlbums {  } & { ids: List<AlbumId> }
}

endpoint! {
    /// Removes albums from the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-albums-user).
    /// Scopes: `user-library-modify`.
    #[deprecated(note = "gone for applications in development mode; use `RemoveLibraryItems`")]
    "remove-albums-user" DELETE "/v1/me/albums" => (), all(&[Scope::UserLibraryModify]), extended_quota();
    RemoveAlbums {  } & { ids: List<AlbumId> }
}

endpoint! {
    /// Whether albums are in the user's library, in the order of the ids.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-albums).
    /// Scopes: `user-library-read`.
    #[deprecated(note = "gone for applications in development mode; use `CheckLibraryContains`")]
    "check-users-saved-albums" GET "/v1/me/albums/contains" => Vec<bool>, all(&[Scope::UserLibraryRead]), extended_quota();
    CheckSavedAlbums {  } & { ids: List<AlbumId> }
}

batches!(SaveAlbums(AlbumId) 20, RemoveAlbums(AlbumId) 20, CheckSavedAlbums(AlbumId) 20);

endpoint! {
    /// Albums that were released lately.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-new-releases).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; there is no replacement")]
    "get-new-releases" GET "/v1/browse/new-releases" => NewReleases, extended_quota();
    GetNewReleases {  } ? {
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    }
}

offset_pages!(GetSavedAlbums, GetNewReleases.albums);
