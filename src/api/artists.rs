//! Artists.

use super::string_enum::IncludeGroup;
use crate::endpoint::{batches, endpoint, offset_pages};
use crate::model::{Artist, Artists, Page, SimplifiedAlbum, Tracks};
use crate::types::id::ArtistId;
use crate::types::market::Market;
use crate::types::query::{CommaList, CommaSet};

endpoint! {
    /// An artist.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artist).
    /// Scopes: none.
    "get-an-artist" GET "/v1/artists/{id}" => Artist;
    GetArtist { id: ArtistId }
}

endpoint! {
    /// Several artists.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-artists).
    /// Scopes: none. An id without an artist leaves its slot empty.
    #[deprecated(note = "gone for applications in development mode; use `GetArtist`")]
    "get-multiple-artists" GET "/v1/artists" => Artists, extended_quota();
    GetArtists {} & { ids: CommaList<ArtistId> where at_most(50) }
}

endpoint! {
    /// The albums of an artist, in any part.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-albums).
    /// Scopes: none.
    "get-an-artists-albums" GET "/v1/artists/{id}/albums" => Page<SimplifiedAlbum>;
    GetArtistAlbums { id: ArtistId } ? {
        /// Only albums on which the artist has one of these parts; all unless set.
        include_groups: CommaSet<IncludeGroup>,
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
        /// Sets the largest number of items on a page.
        ///
        /// In development mode the maximum is 10 and the default is 5; more is a 400 `Invalid limit` there.
        limit: u32 where range(1..=50),
        /// Sets the position of the first item, from 0.
        offset: u32,
    }
}

endpoint! {
    /// The tracks of an artist that are played most in a country.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-top-tracks).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode, without a replacement")]
    "get-an-artists-top-tracks" GET "/v1/artists/{id}/top-tracks" => Tracks, extended_quota();
    GetArtistTopTracks { id: ArtistId } ? {
        /// The country; needed with an application's token.
        market: Market,
    }
}

endpoint! {
    /// Artists that are like an artist, by what people listen to.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-related-artists).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode, without a replacement")]
    "get-an-artists-related-artists" GET "/v1/artists/{id}/related-artists" => Artists, extended_quota();
    GetRelatedArtists { id: ArtistId }
}

offset_pages!(GetArtistAlbums: crate::model::SimplifiedAlbum);
batches!(GetArtists ids: ArtistId, MAX_IDS);
