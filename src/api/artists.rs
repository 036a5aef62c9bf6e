//! Artists.

use super::string_enum::IncludeGroup;
use crate::endpoint::{batches, endpoint, offset_pages};
use crate::model::{Artist, Artists, Page, SimplifiedAlbum, Tracks};
use crate::types::id::ArtistId;
use crate::types::market::Market;
use crate::types::query::{CommaList, CommaSet};

endpoint! {
    /// Gets the name, images and links of an artist.
    ///
    /// Genres, popularity and the number of followers are absent for applications in development mode. Fails with 404
    /// if no artist has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artist).
    /// * Scopes: none.
    /// * Quota mode: any.
    "get-an-artist" GET "/v1/artists/{id}" => Artist;
    GetArtist { id: ArtistId }
}

endpoint! {
    /// Gets several artists.
    ///
    /// The response has a slot for each id, in the order of the ids. The slot is empty if no artist has the id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-artists).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids in a request; [`batches`](Self::batches) splits a longer list.
    #[deprecated(note = "not available in development mode; use `GetArtist`")]
    "get-multiple-artists" GET "/v1/artists" => Artists, extended_quota();
    GetArtists {} & { ids: CommaList<ArtistId> where at_most(50) }
}

endpoint! {
    /// Gets a page of the albums of an artist, and of those on which the artist appears.
    ///
    /// [`include_groups`](method@Self::include_groups) selects some of them. The server has named a next page after
    /// the last album; [`next`](crate::Paged::next) therefore ends the list at an empty page. Fails with 404 if no
    /// artist has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-albums).
    /// * Scopes: none.
    /// * Quota mode: any.
    /// * Limits: pages of 1 to 50 items, default 20; in development mode 1 to 10 items, default 5.
    "get-an-artists-albums" GET "/v1/artists/{id}/albums" => Page<SimplifiedAlbum>;
    GetArtistAlbums { id: ArtistId } ? {
        /// Sets the groups of albums to list; the default is all groups.
        include_groups: CommaSet<IncludeGroup>,
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value. An
        /// application's token has no default; according to the reference, nothing is available without a market.
        market: Market,
        /// Sets the largest number of items on a page.
        ///
        /// The default is 20. In development mode the maximum is 10, the default is 5, and a larger value fails with
        /// 400 `Invalid limit`.
        limit: u32 where range(1..=50),
        /// Sets the position of the first item, from 0; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Gets the tracks of an artist that are played most in a market.
    ///
    /// Fails with 404 if no artist has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-top-tracks).
    /// * Scopes: none.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode, without a replacement")]
    "get-an-artists-top-tracks" GET "/v1/artists/{id}/top-tracks" => Tracks, extended_quota();
    GetArtistTopTracks { id: ArtistId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value. An
        /// application's token has no default, so the market has to be set.
        market: Market,
    }
}

endpoint! {
    /// Gets the artists that resemble an artist, by the listening history of Spotify's users.
    ///
    /// The list is empty if Spotify does not know any. Fails with 404 if no artist has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-related-artists).
    /// * Scopes: none.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode, without a replacement")]
    "get-an-artists-related-artists" GET "/v1/artists/{id}/related-artists" => Artists, extended_quota();
    GetRelatedArtists { id: ArtistId }
}

offset_pages!(GetArtistAlbums: crate::model::SimplifiedAlbum);
batches!(GetArtists ids: ArtistId, MAX_IDS);
