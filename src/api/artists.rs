//! Artists.

use super::words::IncludeGroup;
use crate::bounded::Set;
use crate::endpoint::{endpoint, offset_pages};
use crate::id::ArtistId;
use crate::market::Market;
use crate::model::{Artist, Page, SimplifiedAlbum};

endpoint! {
    /// An artist.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artist).
    /// Scopes: none.
    "get-an-artist" GET "/v1/artists/{id}" => Artist;
    GetArtist { id: ArtistId }
}

endpoint! {
    /// The albums of an artist, in any part.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-albums).
    /// Scopes: none.
    "get-an-artists-albums" GET "/v1/artists/{id}/albums" => Page<SimplifiedAlbum>;
    GetArtistAlbums { id: ArtistId } ? {
        /// Only albums on which the artist has one of these parts; all unless set.
        include_groups: Set<IncludeGroup>,
        /// Content as it is available in this country.
        market: Market,
        /// How many items, 1 to 10 (to 50 in extended quota mode); 5 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    }
}
offset_pages!(GetArtistAlbums);
