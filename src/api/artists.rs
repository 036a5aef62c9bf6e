//! Artists.

use crate::bounded::{Set, words};
use crate::endpoint::{endpoint, offset_pages};
use crate::id::ArtistId;
use crate::market::Market;
use crate::model::{Artist, Page, SimplifiedAlbum};

words! {
    /// Which albums of an artist to list.
    IncludeGroup {
        /// Albums.
        Album = "album",
        /// Singles.
        Single = "single",
        /// Albums of others on which the artist appears.
        AppearsOn = "appears_on",
        /// Compilations.
        Compilation = "compilation",
    }
}

endpoint! {
    /// An artist.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artist).
    /// Scopes: none.
    "get-an-artist" GET "/v1/artists/{id}" => Artist;
    GetArtist { id: ArtistId }
}

endpoint! {
    /// The albums of an artist.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-albums).
    /// Scopes: none.
    "get-an-artists-albums" GET "/v1/artists/{id}/albums" => Page<SimplifiedAlbum>;
    GetArtistAlbums { id: ArtistId } ? {
        /// Only these groups.
        include_groups: Set<IncludeGroup>,
        /// Content as it is available in this country.
        market: Market,
        /// How many items, 1 to 10; 5 unless set (50 and 20 in extended quota mode).
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    }
}
offset_pages!(GetArtistAlbums);
