//! Users: profiles, followed artists and users, and top items.

mod follow;
mod top;

pub use follow::{
    CheckFollowing, FollowArtistsOrUsers, FollowedType, Followees, GetFollowedArtists, UnfollowArtistsOrUsers,
};
pub use top::{GetTopArtists, GetTopItems, GetTopTracks, TopItems};

use crate::endpoint::endpoint;
use crate::model::{PrivateUser, PublicUser};
use crate::response::contains;
use crate::types::id::{PlaylistId, UserId};
use crate::types::query::CommaList;
use crate::types::scope::Scope;

const PROFILE: &[Scope] = &[Scope::UserReadPrivate, Scope::UserReadEmail];
const MODIFY: &[Scope] = &[Scope::PlaylistModifyPublic, Scope::PlaylistModifyPrivate];

endpoint! {
    /// Gets the profile of the user who granted the token.
    ///
    /// `user-read-private` adds the country, the product and the explicit content settings. `user-read-email` adds the
    /// email address. In development mode, these fields may be absent even if the scopes are granted.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-current-users-profile).
    /// * Scopes: none; optional `user-read-private` and `user-read-email`.
    /// * Quota mode: any.
    "get-current-users-profile" GET "/v1/me" => PrivateUser, optional(PROFILE);
    GetCurrentUserProfile {}
}

endpoint! {
    /// Gets the public profile of any user.
    ///
    /// Fails with 404 if no user has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-profile).
    /// * Scopes: none.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode; use `GetCurrentUserProfile` for the current user")]
    "get-users-profile" GET "/v1/users/{user_id}" => PublicUser, extended_quota();
    GetUserProfile { user_id: UserId }
}

endpoint! {
    /// Follows a playlist.
    ///
    /// The response body is empty. Fails with 404 if no playlist has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/follow-playlist).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the user follows the
    ///   playlist publicly.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode; use `SaveLibraryItems`")]
    "follow-playlist" PUT "/v1/playlists/{playlist_id}/followers" => (), any(MODIFY), extended_quota();
    FollowPlaylist { playlist_id: PlaylistId } +? {
        /// Sets whether the user's profile shows the playlist; the default is `true`.
        public: bool,
    }
}

endpoint! {
    /// Unfollows a playlist. This deletes a playlist that the user owns.
    ///
    /// The response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/unfollow-playlist).
    /// * Scopes: `playlist-modify-public` or `playlist-modify-private`, depending on whether the user follows the
    ///   playlist publicly.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode; use `RemoveLibraryItems`")]
    "unfollow-playlist" DELETE "/v1/playlists/{playlist_id}/followers" => (), any(MODIFY), extended_quota();
    UnfollowPlaylist { playlist_id: PlaylistId }
}

endpoint! {
    /// Checks whether the user follows a playlist.
    ///
    /// The response is a list with one value.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/check-if-user-follows-playlist).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 id in `ids`.
    #[deprecated(note = "not available in development mode; use `CheckLibraryItems`")]
    "check-if-user-follows-playlist" GET "/v1/playlists/{playlist_id}/followers/contains" => Vec<bool>,
        extended_quota();
    => |it, response| contains(response, it.ids.as_ref().map(|ids| ids.as_slice().len()));
    CheckFollowsPlaylist { playlist_id: PlaylistId } ? {
        /// Sets the id of the user, as a list with one element. Deprecated; the default is the user of the access
        /// token.
        ids: CommaList<UserId> where at_most(1),
    }
}
