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
    /// The genres, popularity and follower count are absent in development mode. Fails with 404 if no artist has this
    /// id.
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
    /// The response has one slot per id, in the same order. A slot is empty if no artist has that id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-artists).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `GetArtist`")]
    "get-multiple-artists" GET "/v1/artists" => Artists, extended_quota();
    GetArtists {} & { ids: CommaList<ArtistId> where at_most(50) }
}

endpoint! {
    /// Gets a page of an artist's albums, including albums on which the artist only appears.
    ///
    /// [`include_groups`](method@Self::include_groups) restricts the list to some groups of albums. The server has been
    /// observed to link to a next page after the last album, so [`next`](crate::Paged::next) ends the list at an empty
    /// page. Fails with 404 if no artist has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-albums).
    /// * Scopes: none.
    /// * Quota mode: any.
    /// * Limits: 1 to 50 items per page, default 20; in development mode, 1 to 10 items, default 5.
    "get-an-artists-albums" GET "/v1/artists/{id}/albums" => Page<SimplifiedAlbum>;
    GetArtistAlbums { id: ArtistId } ? {
        /// Sets the album groups to list; the default is all groups.
        include_groups: CommaSet<IncludeGroup>,
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
        /// Sets the maximum number of items per page.
        ///
        /// The default is 20. In development mode, the default is 5 and the maximum is 10; a larger value fails with
        /// 400 `Invalid limit`.
        limit: u32 where range(1..=50),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Gets an artist's most played tracks in a market.
    ///
    /// Fails with 404 if no artist has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-top-tracks).
    /// * Scopes: none.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode; there is no replacement")]
    "get-an-artists-top-tracks" GET "/v1/artists/{id}/top-tracks" => Tracks, extended_quota();
    GetArtistTopTracks { id: ArtistId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default, so the market must be set.
        market: Market,
    }
}

endpoint! {
    /// Gets artists that are similar to an artist, based on the listening history of Spotify users.
    ///
    /// The list is empty if there are no similar artists. Fails with 404 if no artist has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-related-artists).
    /// * Scopes: none.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode; there is no replacement")]
    "get-an-artists-related-artists" GET "/v1/artists/{id}/related-artists" => Artists, extended_quota();
    GetRelatedArtists { id: ArtistId }
}

offset_pages!(GetArtistAlbums: crate::model::SimplifiedAlbum);
batches!(GetArtists ids: ArtistId, MAX_IDS);
