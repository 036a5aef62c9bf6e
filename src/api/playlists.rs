//! Playlists.

use crate::auth::scope::Scope;
use crate::bounded::{QueryText, Set, words};
use crate::endpoint::{endpoint, offset_pages};
use crate::id::PlaylistId;
use crate::market::Market;
use crate::model::{Page, Playlist, PlaylistItem};

words! {
    /// What a list may hold besides tracks; without `episode` the server sends episodes as malformed tracks.
    AdditionalType {
        /// Tracks.
        Track = "track",
        /// Episodes.
        Episode = "episode",
    }
}

endpoint! {
    /// A playlist with its first items, which are absent unless the user owns it or collaborates.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlist).
    /// Scopes: none.
    "get-playlist" GET "/v1/playlists/{playlist_id}" => Playlist;
    GetPlaylist { playlist_id: PlaylistId } ? {
        /// Content as it is available in this country.
        market: Market,
        /// Only these fields; read the answer with [`parse_as`](crate::Endpoint::parse_as).
        fields: QueryText,
        /// Which kinds of items are read.
        additional_types: Set<AdditionalType>,
    }
}

endpoint! {
    /// The items of a playlist that the user owns or collaborates on.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlists-items).
    /// Scopes: `playlist-read-private`.
    "get-playlists-items" GET "/v1/playlists/{playlist_id}/items" => Page<PlaylistItem>,
        all(&[Scope::PlaylistReadPrivate]);
    GetPlaylistItems { playlist_id: PlaylistId } ? {
        /// Content as it is available in this country.
        market: Market,
        /// Only these fields; read the answer with [`parse_as`](crate::Endpoint::parse_as).
        fields: QueryText,
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
        /// Which kinds of items are read.
        additional_types: Set<AdditionalType>,
    }
}
offset_pages!(GetPlaylistItems);
