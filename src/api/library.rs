//! The library.

use crate::auth::scope::Scope;
use crate::bounded::List;
use crate::endpoint::endpoint;
use crate::link::Uri;

endpoint! {
    /// Saves items to the user's library, or follows them: up to 40 URIs.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-library-items).
    /// Scopes: `user-library-modify`, `user-follow-modify` or `playlist-modify-public`, by the kinds of the URIs.
    "save-library-items" PUT "/v1/me/library" => (), any(&[Scope::UserLibraryModify, Scope::UserFollowModify, Scope::PlaylistModifyPublic]);
    SaveLibraryItems {  } & { uris: List<Uri> }
}
