//! What a user lets an application do.

use crate::open::open_enum;

open_enum! {
    /// A permission that a user grants ([scopes](https://developer.spotify.com/documentation/web-api/concepts/scopes)).
    Scope {
        /// Upload images to the user's playlists.
        UgcImageUpload = "ugc-image-upload",
        /// Read what plays, and where.
        UserReadPlaybackState = "user-read-playback-state",
        /// Control playback.
        UserModifyPlaybackState = "user-modify-playback-state",
        /// Read what is currently playing.
        UserReadCurrentlyPlaying = "user-read-currently-playing",
        /// Remote control by the mobile SDKs.
        AppRemoteControl = "app-remote-control",
        /// Play audio in the Web Playback SDK; Premium only.
        Streaming = "streaming",
        /// Read private playlists.
        PlaylistReadPrivate = "playlist-read-private",
        /// Read collaborative playlists.
        PlaylistReadCollaborative = "playlist-read-collaborative",
        /// Change private playlists.
        PlaylistModifyPrivate = "playlist-modify-private",
        /// Change public playlists.
        PlaylistModifyPublic = "playlist-modify-public",
        /// Follow and unfollow.
        UserFollowModify = "user-follow-modify",
        /// Read who is followed.
        UserFollowRead = "user-follow-read",
        /// Read how far an episode was played.
        UserReadPlaybackPosition = "user-read-playback-position",
        /// Read top artists and tracks.
        UserTopRead = "user-top-read",
        /// Read recently played tracks.
        UserReadRecentlyPlayed = "user-read-recently-played",
        /// Change the library.
        UserLibraryModify = "user-library-modify",
        /// Read the library.
        UserLibraryRead = "user-library-read",
        /// Read the e-mail address.
        UserReadEmail = "user-read-email",
        /// Read the subscription details.
        UserReadPrivate = "user-read-private",
        /// Link accounts to a partner service (Open Access partners).
        UserSoaLink = "user-soa-link",
        /// Unlink accounts from a partner service (Open Access partners).
        UserSoaUnlink = "user-soa-unlink",
        /// Manage entitlements of linked users (Open Access partners).
        SoaManageEntitlements = "soa-manage-entitlements",
        /// Change partner information (Open Access partners).
        SoaManagePartner = "soa-manage-partner",
        /// Create new partners (Open Access partners).
        SoaCreatePartner = "soa-create-partner",
    }
}
