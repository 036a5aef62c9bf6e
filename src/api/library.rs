//! The user's library: everything that can be saved or followed, by URI.
//!
//! The URIs go into the query and only there: a JSON body, as the migration guide shows it, is answered by
//! `Missing required field: uris`.

use crate::endpoint::{batches, endpoint};
use crate::response::contains;
use crate::types::query::CommaList;
use crate::types::scope::Scope;
use crate::types::uri::SpotifyUri;

const READ: &[Scope] = &[Scope::UserLibraryRead, Scope::UserFollowRead, Scope::PlaylistReadPrivate];
const MODIFY: &[Scope] = &[Scope::UserLibraryModify, Scope::UserFollowModify, Scope::PlaylistModifyPublic];

endpoint! {
    /// Saves tracks, albums, episodes, shows and audiobooks, follows users and playlists.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-library-items).
    /// Scopes: one of `user-library-modify`, `user-follow-modify`, `playlist-modify-public`, by the kind of URI.
    /// The response is empty.
    "save-library-items" PUT "/v1/me/library" => (), any(MODIFY);
    SaveLibraryItems {} & { uris: CommaList<SpotifyUri> where at_most(40) }
}

endpoint! {
    /// Removes tracks, albums, episodes, shows and audiobooks, unfollows users and playlists.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-library-items).
    /// Scopes: one of `user-library-modify`, `user-follow-modify`, `playlist-modify-public`, by the kind of URI.
    /// The response is empty.
    "remove-library-items" DELETE "/v1/me/library" => (), any(MODIFY);
    RemoveLibraryItems {} & { uris: CommaList<SpotifyUri> where at_most(40) }
}

endpoint! {
    /// Whether tracks, albums, episodes, shows, audiobooks, artists, users and playlists are saved or followed, in
    /// the order of the URIs.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-library-contains).
    /// Scopes: one of `user-library-read`, `user-follow-read`, `playlist-read-private`, by the kind of URI.
    "check-library-contains" GET "/v1/me/library/contains" => Vec<bool>, any(READ);
    => |it, response| contains(response, Some(it.uris.as_slice().len()));
    CheckLibraryItems {} & { uris: CommaList<SpotifyUri> where at_most(40) }
}

batches! {
    SaveLibraryItems uris: SpotifyUri, MAX_URIS;
    RemoveLibraryItems uris: SpotifyUri, MAX_URIS;
    CheckLibraryItems uris: SpotifyUri, MAX_URIS;
}
