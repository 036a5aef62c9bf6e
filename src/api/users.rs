//! Users: profiles, tastes, and whom they follow.

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
    /// The profile of the user who granted the token.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-current-users-profile).
    /// Scopes: none; `user-read-private` and `user-read-email` unlock more of the answer.
    "get-current-users-profile" GET "/v1/me" => PrivateUser, optional(PROFILE);
    GetCurrentUserProfile {}
}

endpoint! {
    /// The public profile of any user.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-profile).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; use `GetCurrentUserProfile` for the user's own")]
    "get-users-profile" GET "/v1/users/{user_id}" => PublicUser, extended_quota();
    GetUserProfile { user_id: UserId }
}

endpoint! {
    /// Follows a playlist.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/follow-playlist).
    /// Scopes: `playlist-modify-public` or, to follow it in private, `playlist-modify-private`. The response is empty.
    #[deprecated(note = "gone for applications in development mode; use `SaveLibraryItems`")]
    "follow-playlist" PUT "/v1/playlists/{playlist_id}/followers" => (), any(MODIFY), extended_quota();
    FollowPlaylist { playlist_id: PlaylistId } +? {
        /// Whether the user's profile shows it; it does unless set.
        public: bool,
    }
}

endpoint! {
    /// Unfollows a playlist; for its owner that is how it is deleted.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/unfollow-playlist).
    /// Scopes: `playlist-modify-public` or `playlist-modify-private`, as it is followed. The response is empty.
    #[deprecated(note = "gone for applications in development mode; use `RemoveLibraryItems`")]
    "unfollow-playlist" DELETE "/v1/playlists/{playlist_id}/followers" => (), any(MODIFY), extended_quota();
    UnfollowPlaylist { playlist_id: PlaylistId }
}

endpoint! {
    /// Whether the user follows a playlist, as a list of one.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-if-user-follows-playlist).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; use `CheckLibraryItems`")]
    "check-if-user-follows-playlist" GET "/v1/playlists/{playlist_id}/followers/contains" => Vec<bool>,
        extended_quota();
    => |it, response| contains(response, it.ids.as_ref().map(|ids| ids.as_slice().len()));
    CheckFollowsPlaylist { playlist_id: PlaylistId } ? {
        /// Sets the user's own id, in a list of one; it is no longer needed.
        ids: CommaList<UserId> where at_most(1),
    }
}
