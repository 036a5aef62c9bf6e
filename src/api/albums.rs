//! Albums.

use crate::endpoint::{embedded_pages, endpoint, offset_pages};
use crate::id::AlbumId;
use crate::market::Market;
use crate::model::{Album, Page, SimplifiedTrack};

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
embedded_pages!(GetAlbumTracks 50, Album.tracks, "album");
