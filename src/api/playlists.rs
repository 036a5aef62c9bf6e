//! Playlists, their items and their covers.

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
    /// Gets a playlist, including its first 100 items.
    ///
    /// [`GetPlaylistItems`] gets the remaining items. In development mode, the items are absent unless the user owns
    /// the playlist or collaborates on it.
    ///
    /// Fails with 404 if no playlist has this id. In development mode, this also applies to playlists owned by Spotify.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlist).
    /// * Scopes: none.
    /// * Quota mode: any.
    "get-playlist" GET "/v1/playlists/{playlist_id}" => Playlist;
    GetPlaylist { playlist_id: PlaylistId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
        /// Sets the fields to return; the default is all fields.
        ///
        /// [`parse_as`](crate::Endpoint::parse_as) decodes the response into your own type. These fields are relative
        /// to the playlist, whereas the fields of [`GetPlaylistItems`] are relative to a page, so
        /// [`next_after`](GetPlaylistItems::next_after) does not copy the filter.
        fields: Fields,
    } ! {
        /// Sets the types of items that the application supports; the default is tracks and episodes.
        ///
        /// The parameter is always sent, because the server otherwise returns episodes as malformed tracks or as
        /// `null`.
        additional_types: CommaSet<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// Changes the name, description and visibility of a playlist that the user owns.
    ///
    /// Details that are not set are left unchanged. Fails with 403 if another user owns the playlist. The response body
    /// is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/change-playlist-details).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public.
    /// * Quota mode: any.
    "change-playlist-details" PUT "/v1/playlists/{playlist_id}" => (), any(MODIFY);
    ChangePlaylistDetails { playlist_id: PlaylistId } +? {
        /// Sets the name. By default, the name is unchanged.
        name: String,
        /// Sets whether the owner's profile shows the playlist. By default, this is unchanged.
        ///
        /// `false` does not restrict access: any user who has the link can read a playlist that is not public. The
        /// server has been observed to accept `false` but leave the playlist public.
        public: bool,
        /// Sets whether other users may change the playlist. By default, this is unchanged.
        ///
        /// `true` requires that the playlist is not public.
        collaborative: bool,
        /// Sets the description. By default, the description is unchanged.
        description: String,
    }
}

endpoint! {
    /// Gets a page of the items of a playlist.
    ///
    /// The slots of items that are no longer available are empty. The page is empty if `offset` is at or past the end
    /// of the list.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlists-tracks).
    /// * Scopes: `playlist-read-private`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 items per page, default 20.
    #[deprecated(note = "not available in development mode; use `GetPlaylistItems`")]
    "get-playlists-tracks" GET "/v1/playlists/{playlist_id}/tracks" => Page<PlaylistItem>, all(READ),
        extended_quota();
    GetPlaylistTracks { playlist_id: PlaylistId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
        /// Sets the fields to return; the default is all fields.
        ///
        /// [`Fields::of`] adds `next`, `offset`, `limit` and `total`, which are needed to compute the next page. A
        /// filter converted from text must include these fields.
        fields: Fields,
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    } ! {
        /// Sets the types of items that the application supports; the default is tracks and episodes.
        ///
        /// The parameter is always sent, because the server otherwise returns episodes as malformed tracks or as
        /// `null`.
        additional_types: CommaSet<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// Adds tracks and episodes to a playlist, in the given order.
    ///
    /// The output identifies the new version of the playlist. The request is not idempotent, so it is not sent again
    /// after a lost response unless the retry policy allows it. Fails with 403 if the user is not allowed to change the
    /// playlist.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/add-tracks-to-playlist).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public.
    /// * Quota mode: extended.
    /// * Limits: 1 to 100 URIs per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `AddPlaylistItems`")]
    "add-tracks-to-playlist" POST "/v1/playlists/{playlist_id}/tracks" => Snapshot, any(MODIFY), extended_quota();
    AddPlaylistTracks { playlist_id: PlaylistId } + { uris: Vec<SpotifyUri> where at_most(100) } +? {
        /// Sets the zero-based position of the first added item; the default is the end of the playlist.
        position: u32,
    }
}

endpoint! {
    /// Removes all occurrences of tracks and episodes from a playlist.
    ///
    /// The output identifies the new version of the playlist. Fails with 403 if the user is not allowed to change the
    /// playlist.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-tracks-playlist).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public.
    /// * Quota mode: extended.
    /// * Limits: 1 to 100 URIs per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `RemovePlaylistItems`")]
    "remove-tracks-playlist" DELETE "/v1/playlists/{playlist_id}/tracks" => Snapshot, any(MODIFY),
        extended_quota();
    RemovePlaylistTracks { playlist_id: PlaylistId } + { tracks: UriItems where at_most(100) } +? {
        /// Sets the version of the playlist to which the change applies; the default is the current version.
        ///
        /// The server merges the change with any changes made after that version.
        snapshot_id: Text,
    }
}

endpoint! {
    /// Gets a page of the items of a playlist that the user owns or collaborates on.
    ///
    /// Fails with 403 for any other playlist. The slots of items that are no longer available are empty. The page is
    /// empty if `offset` is at or past the end of the list.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-playlists-items).
    /// * Scopes: `playlist-read-private`.
    /// * Quota mode: any.
    /// * Limits: 1 to 50 items per page, default 20.
    "get-playlists-items" GET "/v1/playlists/{playlist_id}/items" => Page<PlaylistItem>, all(READ);
    GetPlaylistItems { playlist_id: PlaylistId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
        /// Sets the fields to return; the default is all fields.
        ///
        /// [`Fields::of`] adds `next`, `offset`, `limit` and `total`, which are needed to compute the next page. A
        /// filter converted from text must include these fields.
        fields: Fields,
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    } ! {
        /// Sets the types of items that the application supports; the default is tracks and episodes.
        ///
        /// The parameter is always sent, because the server otherwise returns episodes as malformed tracks or as
        /// `null`.
        additional_types: CommaSet<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// Adds tracks and episodes to a playlist, in the given order.
    ///
    /// The output identifies the new version of the playlist. The request is not idempotent, so it is not sent again
    /// after a lost response unless the retry policy allows it. Fails with 403 if the user is not allowed to change the
    /// playlist.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/add-items-to-playlist).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public.
    /// * Quota mode: any.
    /// * Limits: 1 to 100 URIs per request; [`batches`](Self::batches) splits longer lists.
    "add-items-to-playlist" POST "/v1/playlists/{playlist_id}/items" => Snapshot, any(MODIFY);
    AddPlaylistItems { playlist_id: PlaylistId } + { uris: Vec<SpotifyUri> where at_most(100) } +? {
        /// Sets the zero-based position of the first added item; the default is the end of the playlist.
        position: u32,
    }
}

endpoint! {
    /// Removes all occurrences of tracks and episodes from a playlist.
    ///
    /// The output identifies the new version of the playlist. Fails with 403 if the user is not allowed to change the
    /// playlist.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-items-playlist).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public.
    /// * Quota mode: any.
    /// * Limits: 1 to 100 URIs per request; [`batches`](Self::batches) splits longer lists.
    "remove-items-playlist" DELETE "/v1/playlists/{playlist_id}/items" => Snapshot, any(MODIFY);
    RemovePlaylistItems { playlist_id: PlaylistId } + { items: UriItems where at_most(100) } +? {
        /// Sets the version of the playlist to which the change applies; the default is the current version.
        ///
        /// The server merges the change with any changes made after that version.
        snapshot_id: Text,
    }
}

endpoint! {
    /// Gets a page of the playlists that the user owns or follows.
    ///
    /// An empty list means that there are no such playlists. In development mode, the slots of playlists owned by
    /// Spotify are empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-list-of-current-users-playlists).
    /// * Scopes: `playlist-read-private`; `playlist-read-collaborative` adds collaborative playlists.
    /// * Quota mode: any.
    /// * Limits: 1 to 50 items per page, default 20; an offset of 0 to 100,000 items.
    "get-a-list-of-current-users-playlists" GET "/v1/me/playlists" => Page<SimplifiedPlaylist>, all(READ);
    GetCurrentUserPlaylists {} ? {
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item.
        offset: u32 where range(0..=100_000, default 0),
    }
}

endpoint! {
    /// Creates an empty playlist owned by the user.
    ///
    /// The name need not be unique. A user can have up to about 11,000 playlists. The request is not idempotent, so it
    /// is not sent again after a lost response unless the retry policy allows it.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/create-playlist).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public; a
    ///   collaborative playlist requires both.
    /// * Quota mode: any.
    "create-playlist" POST "/v1/me/playlists" => Playlist, any(MODIFY);
    CreatePlaylist {} + { name: String } +? {
        /// Sets whether the owner's profile shows the playlist; the default is `true`.
        ///
        /// `false` does not restrict access: any user who has the link can read a playlist that is not public. The
        /// server has been observed to accept `false` but create a public playlist.
        public: bool,
        /// Sets whether other users may change the playlist; the default is `false`.
        ///
        /// `true` requires [`public`](method@Self::public) to be set to `false`.
        collaborative: bool,
        /// Sets the description. By default, the playlist has no description.
        description: String,
    }
}

endpoint! {
    /// Gets a page of the playlists that a user owns or follows.
    ///
    /// An empty list means that there are no such playlists. Playlists of another user are listed only if that user's
    /// profile shows them.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-list-users-playlists).
    /// * Scopes: none; optional `playlist-read-private` and `playlist-read-collaborative`, which add playlists.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 items per page, default 20; an offset of 0 to 100,000 items.
    #[deprecated(note = "not available in development mode; use `GetCurrentUserPlaylists`")]
    "get-list-users-playlists" GET "/v1/users/{user_id}/playlists" => Page<SimplifiedPlaylist>,
        optional(READ_ALL), extended_quota();
    GetUserPlaylists { user_id: UserId } ? {
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item.
        offset: u32 where range(0..=100_000, default 0),
    }
}

endpoint! {
    /// Creates an empty playlist for the current user, whose id must be specified.
    ///
    /// A user can have up to about 11,000 playlists. The request is not idempotent, so it is not sent again after a
    /// lost response unless the retry policy allows it. Fails with 403 if the id belongs to another user.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/create-playlist-for-user).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the playlist is public; a
    ///   collaborative playlist requires both.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode; use `CreatePlaylist`")]
    "create-playlist-for-user" POST "/v1/users/{user_id}/playlists" => Playlist, any(MODIFY), extended_quota();
    CreatePlaylistForUser { user_id: UserId } + { name: String } +? {
        /// Sets whether the owner's profile shows the playlist; the default is `true`.
        ///
        /// `false` does not restrict access: any user who has the link can read a playlist that is not public. The
        /// server has been observed to accept `false` but create a public playlist.
        public: bool,
        /// Sets whether other users may change the playlist; the default is `false`.
        ///
        /// `true` requires [`public`](method@Self::public) to be set to `false`.
        collaborative: bool,
        /// Sets the description. By default, the playlist has no description.
        description: String,
    }
}

endpoint! {
    /// Gets a greeting and a page of the playlists that Spotify features.
    ///
    /// The page is empty if `offset` is at or past the end of the list.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-featured-playlists).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 items per page, default 20.
    #[deprecated(note = "not available in development mode; there is no replacement")]
    "get-featured-playlists" GET "/v1/browse/featured-playlists" => FeaturedPlaylists, extended_quota();
    GetFeaturedPlaylists {} ? {
        /// Sets the language of the texts, as an ISO 639-1 language code and an ISO 3166-1 alpha-2 country code:
        /// `sv_SE`.
        ///
        /// The default is American English, which is also the fallback if the language is not available.
        locale: QueryText,
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Gets a page of the playlists in a category.
    ///
    /// The page is empty if `offset` is at or past the end of the list. Fails with 404 if no category has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-categories-playlists).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 items per page, default 20.
    #[deprecated(note = "not available in development mode; there is no replacement")]
    "get-a-categories-playlists" GET "/v1/browse/categories/{category_id}/playlists" => FeaturedPlaylists,
        extended_quota();
    GetCategoryPlaylists { category_id: CategoryId } ? {
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Gets the cover of a playlist in up to three sizes.
    ///
    /// The list is empty if the playlist has no cover. The image URLs expire within a day. Fails with 404 if no
    /// playlist has this id.
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
