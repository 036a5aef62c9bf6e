//! Playlists, their items and covers.

mod batches;
mod cover;
mod update;

pub use batches::{Batches, UriItems};
pub use cover::{CoverError, CoverImage, UploadPlaylistCover};
pub use update::{PlaylistChange, Reorder, UpdatePlaylistItems, UpdatePlaylistTracks};

use super::fields::Fields;
use super::string_enum::PlayableType;
use crate::endpoint::{embedded_pages, endpoint, offset_pages};
use crate::model::{FeaturedPlaylists, Image, Page, Playlist, PlaylistItem, SimplifiedPlaylist, Snapshot};
use crate::types::id::{CategoryId, PlaylistId, UserId};
use crate::types::market::Market;
use crate::types::query::{CommaSet, QueryText};
use crate::types::scope::Scope;
use crate::types::text::Text;
use crate::types::uri::SpotifyUri;

const READ: &[Scope] = &[Scope::PlaylistReadPrivate];
const READ_ALL: &[Scope] = &[Scope::PlaylistReadPrivate, Scope::PlaylistReadCollaborative];
const MODIFY: &[Scope] = &[Scope::PlaylistModifyPublic, Scope::PlaylistModifyPrivate];

endpoint! {
    /// A playlist with its first items.
    ///
    /// In development mode the items are there only if the user owns the playlist or takes part in it.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlist).
    /// Scopes: none.
    "get-playlist" GET "/v1/playlists/{playlist_id}" => Playlist;
    GetPlaylist { playlist_id: PlaylistId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
        /// Sets the fields to send; [`parse_as`](crate::Endpoint::parse_as) reads them into a type of your own.
        ///
        /// Names are relative to the playlist, those of [`GetPlaylistItems`] to a page, so
        /// [`next_after`](GetPlaylistItems::next_after) does not keep them.
        fields: Fields,
    } ! {
        /// Sets the types of items that the program understands; the default is both.
        additional_types: CommaSet<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// Changes name, description and visibility of a playlist.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/change-playlist-details).
    /// Scopes: `playlist-modify-public` or `playlist-modify-private`, as the playlist is. The response is empty.
    "change-playlist-details" PUT "/v1/playlists/{playlist_id}" => (), any(MODIFY);
    ChangePlaylistDetails { playlist_id: PlaylistId } +? {
        /// The new name.
        name: String,
        /// Whether the owner's profile shows it; this is no access control.
        public: bool,
        /// Sets whether other users may change it; only for a playlist that is not public.
        collaborative: bool,
        /// The new description.
        description: String,
    }
}

endpoint! {
    /// The items of a playlist.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlists-tracks).
    /// Scopes: `playlist-read-private`.
    #[deprecated(note = "gone for applications in development mode; use `GetPlaylistItems`")]
    "get-playlists-tracks" GET "/v1/playlists/{playlist_id}/tracks" => Page<PlaylistItem>, all(READ),
        extended_quota();
    GetPlaylistTracks { playlist_id: PlaylistId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
        /// Only these fields. Ask for `next`, `limit`, `offset` and `total` too if more pages are to follow.
        fields: Fields,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    } ! {
        /// Sets the types of items that the program understands; the default is both.
        additional_types: CommaSet<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// Adds items to a playlist.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/add-tracks-to-playlist).
    /// Scopes: `playlist-modify-public` or `playlist-modify-private`, as the playlist is.
    #[deprecated(note = "gone for applications in development mode; use `AddPlaylistItems`")]
    "add-tracks-to-playlist" POST "/v1/playlists/{playlist_id}/tracks" => Snapshot, any(MODIFY), extended_quota();
    AddPlaylistTracks { playlist_id: PlaylistId } + { uris: Vec<SpotifyUri> where at_most(100) } +? {
        /// Sets the position of the first item, from 0; the default is the end.
        position: u32,
    }
}

endpoint! {
    /// Removes items from a playlist, wherever they are in it.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-tracks-playlist).
    /// Scopes: `playlist-modify-public` or `playlist-modify-private`, as the playlist is.
    #[deprecated(note = "gone for applications in development mode; use `RemovePlaylistItems`")]
    "remove-tracks-playlist" DELETE "/v1/playlists/{playlist_id}/tracks" => Snapshot, any(MODIFY),
        extended_quota();
    RemovePlaylistTracks { playlist_id: PlaylistId } + { tracks: UriItems where at_most(100) } +? {
        /// Sets the version of the playlist to change; later changes are merged.
        snapshot_id: Text,
    }
}

endpoint! {
    /// The items of a playlist that the user owns or takes part in.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlists-items).
    /// Scopes: `playlist-read-private`.
    "get-playlists-items" GET "/v1/playlists/{playlist_id}/items" => Page<PlaylistItem>, all(READ);
    GetPlaylistItems { playlist_id: PlaylistId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
        /// Only these fields. Ask for `next`, `limit`, `offset` and `total` too if more pages are to follow.
        fields: Fields,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    } ! {
        /// Sets the types of items that the program understands; the default is both.
        additional_types: CommaSet<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// Adds items to a playlist, up to 100; [`batches`](Self::batches) adds more.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/add-items-to-playlist).
    /// Scopes: `playlist-modify-public` or `playlist-modify-private`, as the playlist is.
    "add-items-to-playlist" POST "/v1/playlists/{playlist_id}/items" => Snapshot, any(MODIFY);
    AddPlaylistItems { playlist_id: PlaylistId } + { uris: Vec<SpotifyUri> where at_most(100) } +? {
        /// Sets the position of the first item, from 0; the default is the end.
        position: u32,
    }
}

endpoint! {
    /// Removes items from a playlist, wherever they are in it, up to 100; [`batches`](Self::batches) removes more.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-items-playlist).
    /// Scopes: `playlist-modify-public` or `playlist-modify-private`, as the playlist is.
    "remove-items-playlist" DELETE "/v1/playlists/{playlist_id}/items" => Snapshot, any(MODIFY);
    RemovePlaylistItems { playlist_id: PlaylistId } + { items: UriItems where at_most(100) } +? {
        /// Sets the version of the playlist to change; later changes are merged.
        snapshot_id: Text,
    }
}

endpoint! {
    /// The playlists that the user owns or follows.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-list-of-current-users-playlists).
    /// Scopes: `playlist-read-private`; `playlist-read-collaborative` unlocks collaborative playlists.
    "get-a-list-of-current-users-playlists" GET "/v1/me/playlists" => Page<SimplifiedPlaylist>, all(READ);
    GetCurrentUserPlaylists {} ? {
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32 where range(0..=100_000, default 0),
    }
}

endpoint! {
    /// Makes an empty playlist for the user.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/create-playlist).
    /// Scopes: `playlist-modify-public` or, for one that is not public, `playlist-modify-private`.
    "create-playlist" POST "/v1/me/playlists" => Playlist, any(MODIFY);
    CreatePlaylist {} + { name: String } +? {
        /// Sets whether the owner's profile shows it; the default is true. This is not access control.
        public: bool,
        /// Sets whether other users may change it; only for a playlist that is not public.
        collaborative: bool,
        /// Sets the description.
        description: String,
    }
}

endpoint! {
    /// The playlists that a user owns or follows.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-list-users-playlists).
    /// Scopes: none; `playlist-read-private` and `playlist-read-collaborative` unlock more of the answer.
    #[deprecated(note = "gone for applications in development mode; use `GetCurrentUserPlaylists`")]
    "get-list-users-playlists" GET "/v1/users/{user_id}/playlists" => Page<SimplifiedPlaylist>,
        optional(READ_ALL), extended_quota();
    GetUserPlaylists { user_id: UserId } ? {
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32 where range(0..=100_000, default 0),
    }
}

endpoint! {
    /// Makes an empty playlist for the user, who must be named.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/create-playlist-for-user).
    /// Scopes: `playlist-modify-public` or, for one that is not public, `playlist-modify-private`.
    #[deprecated(note = "gone for applications in development mode; use `CreatePlaylist`")]
    "create-playlist-for-user" POST "/v1/users/{user_id}/playlists" => Playlist, any(MODIFY), extended_quota();
    CreatePlaylistForUser { user_id: UserId } + { name: String } +? {
        /// Sets whether the owner's profile shows it; the default is true. This is not access control.
        public: bool,
        /// Sets whether other users may change it; only for a playlist that is not public.
        collaborative: bool,
        /// Sets the description.
        description: String,
    }
}

endpoint! {
    /// Playlists that Spotify features.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-featured-playlists).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode, without a replacement")]
    "get-featured-playlists" GET "/v1/browse/featured-playlists" => FeaturedPlaylists, extended_quota();
    GetFeaturedPlaylists {} ? {
        /// The language, like `sv_SE`; American English unless set.
        locale: QueryText,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    }
}

endpoint! {
    /// The playlists of a category.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-categories-playlists).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode, without a replacement")]
    "get-a-categories-playlists" GET "/v1/browse/categories/{category_id}/playlists" => FeaturedPlaylists,
        extended_quota();
    GetCategoryPlaylists { category_id: CategoryId } ? {
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    }
}

endpoint! {
    /// The cover of a playlist in up to three sizes.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlist-cover).
    /// Scopes: none.
    "get-playlist-cover" GET "/v1/playlists/{playlist_id}/images" => Vec<Image>;
    GetPlaylistCover { playlist_id: PlaylistId }
}

offset_pages!(
    GetPlaylistTracks: crate::model::PlaylistItem,
    GetPlaylistItems: crate::model::PlaylistItem,
    GetCurrentUserPlaylists: crate::model::SimplifiedPlaylist,
    GetUserPlaylists: crate::model::SimplifiedPlaylist,
    GetFeaturedPlaylists.playlists: crate::model::SimplifiedPlaylist,
    GetCategoryPlaylists.playlists: crate::model::SimplifiedPlaylist,
);
embedded_pages!(
    GetPlaylistItems: GetPlaylist.playlist_id => Playlist.items with (market, additional_types), "playlist"
);
embedded_pages!(
    GetPlaylistTracks: GetPlaylist.playlist_id => Playlist.items with (market, additional_types), "playlist"
);
