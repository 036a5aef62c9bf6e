//! The library.

use crate::auth::scope::Scope;
use crate::bounded::List;
use crate::endpoint::{batches, endpoint};
use crate::link::Uri;

endpoint! {
    /// Saves items to the user's library, or follows them.
    ///
    /// Tracks, albums, episodes, shows, audiobooks, users and playlists; which scope is needed depends on them. Artists are
    /// not documented, though they can be asked for: where the server refuses them, it says so.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-library-items).
    /// Scopes: `user-library-modify` or `user-follow-modify` or `playlist-modify-public`.
    "save-library-items" PUT "/v1/me/library" => (), any(&[Scope::UserLibraryModify, Scope::UserFollowModify, Scope::PlaylistModifyPublic]);
    SaveLibraryItems {  } & { uris: List<Uri> }
}

endpoint! {
    /// Removes items from the user's library, or unfollows them.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-library-items).
    /// Scopes: `user-library-modify` or `user-follow-modify` or `playlist-modify-public`.
    "remove-library-items" DELETE "/v1/me/library" => (), any(&[Scope::UserLibraryModify, Scope::UserFollowModify, Scope::PlaylistModifyPublic]);
    RemoveLibraryItems {  } & { uris: List<Uri> }
}

endpoint! {
    /// Whether items are in the user's library, in the order of the URIs.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-library-contains).
    /// Scopes: `user-library-read` or `user-follow-read` or `playlist-read-private`.
    "check-library-contains" GET "/v1/me/library/contains" => Vec<bool>, any(&[Scope::UserLibraryRead, Scope::UserFollowRead, Scope::PlaylistReadPrivate]);
    CheckLibraryContains {  } & { uris: List<Uri> }
}

batches!(SaveLibraryItems(Uri) 40, RemoveLibraryItems(Uri) 40, CheckLibraryContains(Uri) 40);
