//! Playlists.

use super::fields::Fields;
use super::words::PlayableType;
use crate::auth::scope::Scope;
use crate::bounded::Set;
use crate::endpoint::{embedded_pages, endpoint, offset_pages};
use crate::id::PlaylistId;
use crate::market::Market;
use crate::model::{Page, Playlist, PlaylistItem};

endpoint! {
    /// A playlist with its first items.
    ///
    /// In development mode the items are there only if the user owns the playlist or takes part in it.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlist).
    /// Scopes: none.
    "get-playlist" GET "/v1/playlists/{playlist_id}" => Playlist;
    GetPlaylist { playlist_id: PlaylistId } ? {
        /// Content as it is available in this country.
        market: Market,
        /// Only these fields; read the answer with [`parse_as`](crate::Endpoint::parse_as), or look at the fields
        /// that were asked for.
        fields: Fields,
    } ! {
        /// The kinds of items that are understood: both unless set.
        additional_types: Set<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// The items of a playlist.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlists-items).
    /// Scopes: `playlist-read-private`.
    "get-playlists-items" GET "/v1/playlists/{playlist_id}/items" => Page<PlaylistItem>,
        all(&[Scope::PlaylistReadPrivate]);
    GetPlaylistItems { playlist_id: PlaylistId } ? {
        /// Content as it is available in this country.
        market: Market,
        /// Only these fields. Ask for `next`, `limit`, `offset` and `total` too if more pages are to follow.
        fields: Fields,
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    } ! {
        /// The kinds of items that are understood: both unless set.
        additional_types: Set<PlayableType> = "track,episode",
    }
}
offset_pages!(GetPlaylistItems);
embedded_pages!(GetPlaylistItems 50, Playlist.items, "playlist");
