//! Playlists.

#![allow(deprecated, reason = "the operations that development mode lost are offered all the same")]

use super::fields::Fields;
use crate::auth::scope::Scope;
use crate::bounded::{QueryText, Set, words};
use crate::endpoint::{Paged, endpoint, offset_pages};
use crate::id::{CategoryId, PlaylistId, UserId};
use crate::market::Market;
use crate::model::{FeaturedPlaylists, Page, Playlist, PlaylistItem, SimplifiedPlaylist};

words! {
    /// What a list may hold; without `episode` the server sends episodes as malformed tracks.
    AdditionalType {
        /// Tracks.
        Track = "track",
        /// Episodes.
        Episode = "episode",
    }
}

impl AdditionalType {
    /// What is asked for unless the caller asks for something else.
    pub(crate) const BOTH: &str = "track,episode";
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
        fields: Fields,
        /// Which kinds of items are read; both unless set.
        additional_types: Set<AdditionalType> | AdditionalType::BOTH,
    }
}

endpoint! {
    /// Changes a playlist's name, description and who sees it.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/change-playlist-details).
    /// Scopes: `playlist-modify-public` or `playlist-modify-private`.
    "change-playlist-details" PUT "/v1/playlists/{playlist_id}" => (), any(MODIFY);
    ChangePlaylistDetails { playlist_id: PlaylistId } json {} ? {
        /// The new name.
        name: String,
        /// Whether it shows on the owner's profile; it is no access control.
        public: bool,
        /// Whether others may change it; only where it is not public.
        collaborative: bool,
        /// The new description.
        description: String,
    }
}

/// What changing a public or a private playlist needs.
pub(super) const MODIFY: &[Scope] = &[Scope::PlaylistModifyPublic, Scope::PlaylistModifyPrivate];

/// The items of a playlist, under their new and their old path.
macro_rules! get_items {
    ($($(#[$doc:meta])* $id:literal $route:literal $(, $rule:ident())?; $name:ident;)+) => {$(
        endpoint! {
            $(#[$doc])*
            ///
            #[doc = concat!("[Reference](https://developer.spotify.com/documentation/web-api/reference/", $id, ").")]
            /// Scopes: `playlist-read-private`.
            $id GET $route => Page<PlaylistItem>, all(&[Scope::PlaylistReadPrivate]) $(, $rule())?;
            $name { playlist_id: PlaylistId } ? {
                /// Content as it is available in this country.
                market: Market,
                /// Only these fields; read the answer with [`parse_as`](crate::Endpoint::parse_as).
                fields: Fields,
                /// How many items, 1 to 50; 20 unless set.
                limit: u32,
                /// The first item, from 0.
                offset: u32,
                /// Which kinds of items are read; both unless set.
                additional_types: Set<AdditionalType> | AdditionalType::BOTH,
            }
        }
        offset_pages!($name);

        impl $name {
            /// The items after the first ones, which came with the playlist; `None` when those were all.
            pub fn after(playlist: &Playlist) -> Option<Self> {
                Self::new(playlist.id.as_ref()?).next(playlist.items.as_ref()?)
            }
        }
    )+};
}

get_items! {
    /// The items of a playlist, by their old path.
    #[deprecated(note = "gone for applications in development mode; use `GetPlaylistItems`")]
    "get-playlists-tracks" "/v1/playlists/{playlist_id}/tracks", extended_quota(); GetPlaylistTracks;
    /// The items of a playlist that the user owns or collaborates on.
    "get-playlists-items" "/v1/playlists/{playlist_id}/items"; GetPlaylistItems;
}

endpoint! {
    /// The playlists that the user owns or follows.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-list-of-current-users-playlists).
    /// Scopes: `playlist-read-private`; `playlist-read-collaborative` for collaborative ones.
    "get-a-list-of-current-users-playlists" GET "/v1/me/playlists" => Page<SimplifiedPlaylist>,
        all(&[Scope::PlaylistReadPrivate]);
    GetCurrentUserPlaylists {} ? {
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0 to 100,000.
        offset: u32,
    }
}

/// Creating a playlist, under its new and its old path.
macro_rules! create {
    ($($(#[$doc:meta])* $id:literal $route:literal $(, $rule:ident())?; $name:ident $path:tt;)+) => {$(
        endpoint! {
            $(#[$doc])*
            ///
            #[doc = concat!("[Reference](https://developer.spotify.com/documentation/web-api/reference/", $id, ").")]
            /// Scopes: `playlist-modify-public` or `playlist-modify-private`.
            $id POST $route => Playlist, any(MODIFY) $(, $rule())?;
            $name $path json { name: String } ? {
                /// Whether it shows on the owner's profile; true unless set. It is no access control.
                public: bool,
                /// Whether others may change it; only where `public` is false.
                collaborative: bool,
                /// What it is about.
                description: String,
            }
        }
    )+};
}

create! {
    /// Creates a playlist for the user; each call another one.
    "create-playlist" "/v1/me/playlists"; CreatePlaylist {};
    /// Creates a playlist for the user, who is named; each call another one.
    #[deprecated(note = "gone for applications in development mode; use `CreatePlaylist`")]
    "create-playlist-for-user" "/v1/users/{user_id}/playlists", extended_quota();
    CreatePlaylistForUser { user_id: UserId };
}

endpoint! {
    /// The playlists of a user, as far as they are public.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-list-users-playlists).
    /// Scopes: none; `playlist-read-private` and `playlist-read-collaborative` unlock more.
    #[deprecated(note = "gone for applications in development mode; use `GetCurrentUserPlaylists` for the user of the token")]
    "get-list-users-playlists" GET "/v1/users/{user_id}/playlists" => Page<SimplifiedPlaylist>,
        optional(&[Scope::PlaylistReadPrivate, Scope::PlaylistReadCollaborative]), extended_quota();
    GetUserPlaylists { user_id: UserId } ? {
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0 to 100,000.
        offset: u32,
    }
}

endpoint! {
    /// Follows a playlist.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/follow-playlist).
    /// Scopes: `playlist-modify-public` or `playlist-modify-private`.
    #[deprecated(note = "gone for applications in development mode; use `SaveLibraryItems`")]
    "follow-playlist" PUT "/v1/playlists/{playlist_id}/followers" => (), any(MODIFY), extended_quota();
    FollowPlaylist { playlist_id: PlaylistId } json {} ? {
        /// Whether it shows on the user's profile; true unless set.
        public: bool,
    }
}

endpoint! {
    /// Unfollows a playlist; of a user's own it is as good as deleted.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/unfollow-playlist).
    /// Scopes: `playlist-modify-public` or `playlist-modify-private`.
    #[deprecated(note = "gone for applications in development mode; use `RemoveLibraryItems`")]
    "unfollow-playlist" DELETE "/v1/playlists/{playlist_id}/followers" => (), any(MODIFY), extended_quota();
    UnfollowPlaylist { playlist_id: PlaylistId }
}

endpoint! {
    /// Whether the user follows a playlist: a list of one.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-if-user-follows-playlist).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; use `CheckLibraryContains`")]
    "check-if-user-follows-playlist" GET "/v1/playlists/{playlist_id}/followers/contains" => Vec<bool>,
        extended_quota();
    CheckFollowsPlaylist { playlist_id: PlaylistId } ? {
        /// The user; the one of the token unless set.
        ids: UserId,
    }
}

endpoint! {
    /// Playlists that Spotify's editors chose.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-featured-playlists).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; there is no replacement")]
    "get-featured-playlists" GET "/v1/browse/featured-playlists" => FeaturedPlaylists, extended_quota();
    GetFeaturedPlaylists {} ? {
        /// The language of names, such as `sv_SE`.
        locale: QueryText,
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    }
}

endpoint! {
    /// The playlists of a category.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-categories-playlists).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; there is no replacement")]
    "get-a-categories-playlists" GET "/v1/browse/categories/{category_id}/playlists" => FeaturedPlaylists,
        extended_quota();
    GetCategoryPlaylists { category_id: CategoryId } ? {
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    }
}
offset_pages!(
    GetCurrentUserPlaylists,
    GetUserPlaylists,
    GetFeaturedPlaylists.playlists,
    GetCategoryPlaylists.playlists
);
