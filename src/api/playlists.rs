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
    /// Gets a playlist with its first items, at most 100.
    ///
    /// [`GetPlaylistItems`] gets the remaining items. In development mode the items are absent unless the user owns
    /// the playlist or collaborates on it.
    ///
    /// Fails with 404 if no playlist has this id, and in development mode also for a playlist that Spotify owns.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlist).
    /// * Scopes: none.
    /// * Quota mode: any.
    "get-playlist" GET "/v1/playlists/{playlist_id}" => Playlist;
    GetPlaylist { playlist_id: PlaylistId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value. An
        /// application's token has no default; according to the reference, nothing is available without a market.
        market: Market,
        /// Sets the fields to return; the default is all fields.
        ///
        /// [`parse_as`](crate::Endpoint::parse_as) reads them into a type of your own. The names are relative to the
        /// playlist, and those of [`GetPlaylistItems`] are relative to a page, so
        /// [`next_after`](GetPlaylistItems::next_after) drops them.
        fields: Fields,
    } ! {
        /// Sets the types of items that the application supports; the default is tracks and episodes.
        ///
        /// The parameter is always sent: without it, the server returns episodes as malformed tracks or as null.
        additional_types: CommaSet<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// Changes the name, description and visibility of a playlist that the user owns.
    ///
    /// Details that are not set do not change. Fails with 403 if another user owns the playlist. The response is
    /// empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/change-playlist-details).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public.
    /// * Quota mode: any.
    "change-playlist-details" PUT "/v1/playlists/{playlist_id}" => (), any(MODIFY);
    ChangePlaylistDetails { playlist_id: PlaylistId } +? {
        /// Sets the name; it stays the same if this is not set.
        name: String,
        /// Sets whether the owner's profile shows the playlist; this does not change if it is not set.
        ///
        /// It does not restrict access: a playlist that is not public can be read by every user who has its link. The
        /// server has accepted `false` and left playlists public.
        public: bool,
        /// Sets whether other users may change the playlist; this does not change if it is not set.
        ///
        /// `true` requires a playlist that is not public.
        collaborative: bool,
        /// Sets the description; it stays the same if this is not set.
        description: String,
    }
}

endpoint! {
    /// Gets a page of the items of a playlist.
    ///
    /// An item is absent from its slot if it is no longer available. A page is empty if `offset` is at or after the
    /// end of the list.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlists-tracks).
    /// * Scopes: `playlist-read-private`.
    /// * Quota mode: extended.
    /// * Limits: pages of 1 to 50 items, default 20.
    #[deprecated(note = "not available in development mode; use `GetPlaylistItems`")]
    "get-playlists-tracks" GET "/v1/playlists/{playlist_id}/tracks" => Page<PlaylistItem>, all(READ),
        extended_quota();
    GetPlaylistTracks { playlist_id: PlaylistId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value. An
        /// application's token has no default; according to the reference, nothing is available without a market.
        market: Market,
        /// Sets the fields to return; the default is all fields.
        ///
        /// [`Fields::of`] adds `next`, `offset`, `limit` and `total`, without which the next page is not known. A filter
        /// from a text has to name them.
        fields: Fields,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0; the default is 0.
        offset: u32,
    } ! {
        /// Sets the types of items that the application supports; the default is tracks and episodes.
        ///
        /// The parameter is always sent: without it, the server returns episodes as malformed tracks or as null.
        additional_types: CommaSet<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// Adds tracks and episodes to a playlist, in their order.
    ///
    /// The output names the new version of the playlist. The request is not idempotent, so it is not repeated after
    /// a lost response unless the retry policy allows that. Fails with 403 if the user may not change the playlist.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/add-tracks-to-playlist).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public.
    /// * Quota mode: extended.
    /// * Limits: 1 to 100 URIs in a request; [`batches`](Self::batches) splits a longer list.
    #[deprecated(note = "not available in development mode; use `AddPlaylistItems`")]
    "add-tracks-to-playlist" POST "/v1/playlists/{playlist_id}/tracks" => Snapshot, any(MODIFY), extended_quota();
    AddPlaylistTracks { playlist_id: PlaylistId } + { uris: Vec<SpotifyUri> where at_most(100) } +? {
        /// Sets the position of the first added item, from 0; the default is the end of the playlist.
        position: u32,
    }
}

endpoint! {
    /// Removes tracks and episodes from a playlist, at every position where they occur.
    ///
    /// The output names the new version of the playlist. Fails with 403 if the user may not change the playlist.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-tracks-playlist).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public.
    /// * Quota mode: extended.
    /// * Limits: 1 to 100 URIs in a request; [`batches`](Self::batches) splits a longer list.
    #[deprecated(note = "not available in development mode; use `RemovePlaylistItems`")]
    "remove-tracks-playlist" DELETE "/v1/playlists/{playlist_id}/tracks" => Snapshot, any(MODIFY),
        extended_quota();
    RemovePlaylistTracks { playlist_id: PlaylistId } + { tracks: UriItems where at_most(100) } +? {
        /// Sets the version of the playlist to change, with which later changes are merged; the default is the current one.
        snapshot_id: Text,
    }
}

endpoint! {
    /// Gets a page of the items of a playlist that the user owns or collaborates on.
    ///
    /// Fails with 403 for any other playlist. An item is absent from its slot if it is no longer available. A page is
    /// empty if `offset` is at or after the end of the list.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlists-items).
    /// * Scopes: `playlist-read-private`.
    /// * Quota mode: any.
    /// * Limits: pages of 1 to 50 items, default 20.
    "get-playlists-items" GET "/v1/playlists/{playlist_id}/items" => Page<PlaylistItem>, all(READ);
    GetPlaylistItems { playlist_id: PlaylistId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value. An
        /// application's token has no default; according to the reference, nothing is available without a market.
        market: Market,
        /// Sets the fields to return; the default is all fields.
        ///
        /// [`Fields::of`] adds `next`, `offset`, `limit` and `total`, without which the next page is not known. A filter
        /// from a text has to name them.
        fields: Fields,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0; the default is 0.
        offset: u32,
    } ! {
        /// Sets the types of items that the application supports; the default is tracks and episodes.
        ///
        /// The parameter is always sent: without it, the server returns episodes as malformed tracks or as null.
        additional_types: CommaSet<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// Adds tracks and episodes to a playlist, in their order.
    ///
    /// The output names the new version of the playlist. The request is not idempotent, so it is not repeated after
    /// a lost response unless the retry policy allows that. Fails with 403 if the user may not change the playlist.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/add-items-to-playlist).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public.
    /// * Quota mode: any.
    /// * Limits: 1 to 100 URIs in a request; [`batches`](Self::batches) splits a longer list.
    "add-items-to-playlist" POST "/v1/playlists/{playlist_id}/items" => Snapshot, any(MODIFY);
    AddPlaylistItems { playlist_id: PlaylistId } + { uris: Vec<SpotifyUri> where at_most(100) } +? {
        /// Sets the position of the first added item, from 0; the default is the end of the playlist.
        position: u32,
    }
}

endpoint! {
    /// Removes tracks and episodes from a playlist, at every position where they occur.
    ///
    /// The output names the new version of the playlist. Fails with 403 if the user may not change the playlist.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-items-playlist).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public.
    /// * Quota mode: any.
    /// * Limits: 1 to 100 URIs in a request; [`batches`](Self::batches) splits a longer list.
    "remove-items-playlist" DELETE "/v1/playlists/{playlist_id}/items" => Snapshot, any(MODIFY);
    RemovePlaylistItems { playlist_id: PlaylistId } + { items: UriItems where at_most(100) } +? {
        /// Sets the version of the playlist to change, with which later changes are merged; the default is the current one.
        snapshot_id: Text,
    }
}

endpoint! {
    /// Gets a page of the playlists that the user owns or follows.
    ///
    /// An empty list means that there are none. In development mode the slot of a playlist that Spotify owns is
    /// empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-list-of-current-users-playlists).
    /// * Scopes: `playlist-read-private`; `playlist-read-collaborative` adds collaborative playlists.
    /// * Quota mode: any.
    /// * Limits: pages of 1 to 50 items, default 20; offsets of 0 to 100,000 items.
    "get-a-list-of-current-users-playlists" GET "/v1/me/playlists" => Page<SimplifiedPlaylist>, all(READ);
    GetCurrentUserPlaylists {} ? {
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32 where range(0..=100_000, default 0),
    }
}

endpoint! {
    /// Creates an empty playlist that the user owns.
    ///
    /// The name need not be unique. A user can have about 11,000 playlists. The request is not idempotent, so it is
    /// not repeated after a lost response unless the retry policy allows that.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/create-playlist).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public;
    ///   a collaborative playlist needs both.
    /// * Quota mode: any.
    "create-playlist" POST "/v1/me/playlists" => Playlist, any(MODIFY);
    CreatePlaylist {} + { name: String } +? {
        /// Sets whether the owner's profile shows the playlist; the default is `true`.
        ///
        /// It does not restrict access: a playlist that is not public can be read by every user who has its link. The
        /// server has accepted `false` and created public playlists.
        public: bool,
        /// Sets whether other users may change the playlist; the default is `false`.
        ///
        /// `true` requires [`public`](method@Self::public) to be set to `false`.
        collaborative: bool,
        /// Sets the description; by default, the playlist has none.
        description: String,
    }
}

endpoint! {
    /// Gets a page of the playlists that a user owns or follows.
    ///
    /// An empty list means that there are none. Playlists of another user are listed only if that user's profile
    /// shows them.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-list-users-playlists).
    /// * Scopes: none; optional `playlist-read-private` and `playlist-read-collaborative`, which add playlists.
    /// * Quota mode: extended.
    /// * Limits: pages of 1 to 50 items, default 20; offsets of 0 to 100,000 items.
    #[deprecated(note = "not available in development mode; use `GetCurrentUserPlaylists`")]
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
    /// Creates an empty playlist for the user, whose id is required.
    ///
    /// A user can have about 11,000 playlists. The request is not idempotent, so it is not repeated after a lost
    /// response unless the retry policy allows that. Fails with 403 if the id is that of another user.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/create-playlist-for-user).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public;
    ///   a collaborative playlist needs both.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode; use `CreatePlaylist`")]
    "create-playlist-for-user" POST "/v1/users/{user_id}/playlists" => Playlist, any(MODIFY), extended_quota();
    CreatePlaylistForUser { user_id: UserId } + { name: String } +? {
        /// Sets whether the owner's profile shows the playlist; the default is `true`.
        ///
        /// It does not restrict access: a playlist that is not public can be read by every user who has its link. The
        /// server has accepted `false` and created public playlists.
        public: bool,
        /// Sets whether other users may change the playlist; the default is `false`.
        ///
        /// `true` requires [`public`](method@Self::public) to be set to `false`.
        collaborative: bool,
        /// Sets the description; by default, the playlist has none.
        description: String,
    }
}

endpoint! {
    /// Gets a page of the playlists that Spotify features, with a greeting.
    ///
    /// A page is empty if `offset` is at or after the end of the list.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-featured-playlists).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: pages of 1 to 50 items, default 20.
    #[deprecated(note = "not available in development mode, without a replacement")]
    "get-featured-playlists" GET "/v1/browse/featured-playlists" => FeaturedPlaylists, extended_quota();
    GetFeaturedPlaylists {} ? {
        /// Sets the language of the texts: an ISO 639-1 code and an ISO 3166-1 alpha-2 code, as in `sv_SE`.
        ///
        /// The default is American English, which is also used if the language is not available.
        locale: QueryText,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Gets a page of the playlists of a category.
    ///
    /// A page is empty if `offset` is at or after the end of the list. Fails with 404 if no category has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-categories-playlists).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: pages of 1 to 50 items, default 20.
    #[deprecated(note = "not available in development mode, without a replacement")]
    "get-a-categories-playlists" GET "/v1/browse/categories/{category_id}/playlists" => FeaturedPlaylists,
        extended_quota();
    GetCategoryPlaylists { category_id: CategoryId } ? {
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Gets the cover of a playlist in up to three sizes.
    ///
    /// The list is empty if the playlist has no cover. The addresses of the images expire within a day. Fails with
    /// 404 if no playlist has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlist-cover).
    /// * Scopes: none.
    /// * Quota mode: any.
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
