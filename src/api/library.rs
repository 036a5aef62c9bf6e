//! The user's library: all items that can be saved or followed, by URI.
//!
//! The URIs are sent only in the query. If they are sent in a JSON body, as the migration guide shows, the server
//! responds with 400 `Missing required field: uris`.

use crate::endpoint::{batches, endpoint};
use crate::response::contains;
use crate::types::query::CommaList;
use crate::types::scope::Scope;
use crate::types::uri::SpotifyUri;

const READ: &[Scope] = &[Scope::UserLibraryRead, Scope::UserFollowRead, Scope::PlaylistReadPrivate];
const MODIFY: &[Scope] = &[Scope::UserLibraryModify, Scope::UserFollowModify, Scope::PlaylistModifyPublic];

endpoint! {
    /// Saves tracks, albums, episodes, shows and audiobooks, and follows artists, users and playlists.
    ///
    /// The response body is empty. The reference does not list artists for this operation, but the server has been
    /// observed to accept artist URIs. Fails with 400 for kinds of URIs that the server does not accept.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/save-library-items).
    /// * Scopes: `user-library-modify`, `user-follow-modify` or `playlist-modify-public`, depending on the kind of URI.
    /// * Quota mode: any.
    /// * Limits: 1 to 40 URIs per request; [`batches`](Self::batches) splits longer lists.
    "save-library-items" PUT "/v1/me/library" => (), any(MODIFY);
    SaveLibraryItems {} & { uris: CommaList<SpotifyUri> where at_most(40) }
}

endpoint! {
    /// Removes tracks, albums, episodes, shows and audiobooks, and unfollows artists, users and playlists.
    ///
    /// The response body is empty. The reference does not list artists for this operation. Fails with 400 for kinds of
    /// URIs that the server does not accept.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-library-items).
    /// * Scopes: `user-library-modify`, `user-follow-modify` or `playlist-modify-public`, depending on the kind of URI.
    /// * Quota mode: any.
    /// * Limits: 1 to 40 URIs per request; [`batches`](Self::batches) splits longer lists.
    "remove-library-items" DELETE "/v1/me/library" => (), any(MODIFY);
    RemoveLibraryItems {} & { uris: CommaList<SpotifyUri> where at_most(40) }
}

endpoint! {
    /// Checks whether the user has saved or follows items of any kind.
    ///
    /// The items can be tracks, albums, episodes, shows, audiobooks, artists, users and playlists. The response has one
    /// value per URI, in the same order. Any other number of values is a [`DecodeError`](crate::DecodeError).
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/check-library-contains).
    /// * Scopes: `user-library-read`, `user-follow-read` or `playlist-read-private`, depending on the kind of URI.
    /// * Quota mode: any.
    /// * Limits: 1 to 40 URIs per request; [`batches`](Self::batches) splits longer lists.
    "check-library-contains" GET "/v1/me/library/contains" => Vec<bool>, any(READ);
    => |it, response| contains(response, Some(it.uris.as_slice().len()));
    CheckLibraryItems {} & { uris: CommaList<SpotifyUri> where at_most(40) }
}

batches! {
    SaveLibraryItems uris: SpotifyUri, MAX_URIS;
    RemoveLibraryItems uris: SpotifyUri, MAX_URIS;
    CheckLibraryItems uris: SpotifyUri, MAX_URIS;
}
