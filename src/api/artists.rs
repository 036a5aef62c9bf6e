//! Artists.

#![allow(deprecated, reason = "the operations that development mode lost are offered all the same")]

use crate::bounded::{List, Set, words};
use crate::endpoint::{batches, endpoint, offset_pages};
use crate::id::ArtistId;
use crate::market::Market;
use crate::model::{Artist, Artists, Page, SimplifiedAlbum, Tracks};

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
    /// Several artists at once; unknown ids leave an empty slot.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-artists).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; use `GetArtist` for each")]
    "get-multiple-artists" GET "/v1/artists" => Artists, extended_quota();
    GetArtists {  } & { ids: List<ArtistId> }
}

batches!(GetArtists(ArtistId) 50);

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

endpoint! {
    /// The most played tracks of an artist in a country.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-top-tracks).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; there is no replacement")]
    "get-an-artists-top-tracks" GET "/v1/artists/{id}/top-tracks" => Tracks, extended_quota();
    GetArtistTopTracks { id: ArtistId } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

endpoint! {
    /// Artists that resemble an artist.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-related-artists).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; there is no replacement")]
    "get-an-artists-related-artists" GET "/v1/artists/{id}/related-artists" => Artists, extended_quota();
    GetRelatedArtists { id: ArtistId }
}
