//! The user's library: everything that can be saved or followed, by URI.

use crate::auth::scope::Scope;
use crate::bounded::List;
use crate::endpoint::{batches, endpoint};
use crate::link::Uri;

/// Which one is needed depends on what is saved, followed or removed.
const MODIFY: &[Scope] = &[Scope::UserLibraryModify, Scope::UserFollowModify, Scope::PlaylistModifyPublic];

endpoint! {
    /// Saves tracks, albums, episodes, shows and audiobooks, follows users and playlists.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-library-items).
    /// Scopes: one of `user-library-modify`, `user-follow-modify`, `playlist-modify-public`, by what is saved.
    /// The answer is empty.
    "save-library-items" PUT "/v1/me/library" => (), any(MODIFY);
    SaveLibraryItems {} & { uris: List<Uri> }
}
batches!(SaveLibraryItems uris: Uri, MAX_URIS = 40);
