//! Episodes of shows.

use crate::endpoint::{batches, endpoint, offset_pages};
use crate::model::{Episode, Episodes, Page, SavedEpisode};
use crate::response::contains;
use crate::types::id::EpisodeId;
use crate::types::market::Market;
use crate::types::query::CommaList;
use crate::types::scope::Scope;

const POSITION: &[Scope] = &[Scope::UserReadPlaybackPosition];
const READ: &[Scope] = &[Scope::UserLibraryRead];
const MODIFY: &[Scope] = &[Scope::UserLibraryModify];

endpoint! {
    /// An episode of a show.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-episode).
    /// Scopes: none; `user-read-playback-position` unlocks `resume_point`.
    "get-an-episode" GET "/v1/episodes/{id}" => Episode, optional(POSITION);
    GetEpisode { id: EpisodeId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code; with an application's token nothing is available without it.
        market: Market,
    }
}

endpoint! {
    /// Several episodes of shows.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-episodes).
    /// Scopes: none; `user-read-playback-position` unlocks `resume_point`.
    /// An id without an episode leaves its slot empty.
    #[deprecated(note = "gone for applications in development mode; use `GetEpisode`")]
    "get-multiple-episodes" GET "/v1/episodes" => Episodes, optional(POSITION), extended_quota();
    GetEpisodes {} & { ids: CommaList<EpisodeId> where at_most(50) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code; with an application's token nothing is available without it.
        market: Market,
    }
}

endpoint! {
    /// The episodes that the user saved.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-episodes).
    /// Scopes: `user-library-read`; `user-read-playback-position` unlocks `resume_point`.
    "get-users-saved-episodes" GET "/v1/me/episodes" => Page<SavedEpisode>, all(READ), optional(POSITION);
    GetSavedEpisodes {} ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    }
}

endpoint! {
    /// Saves episodes in the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-episodes-user).
    /// Scopes: `user-library-modify`. The response is empty.
    #[deprecated(note = "gone for applications in development mode; use `SaveLibraryItems`")]
    "save-episodes-user" PUT "/v1/me/episodes" => (), all(MODIFY), extended_quota();
    SaveEpisodes {} & { ids: CommaList<EpisodeId> where at_most(50) }
}

endpoint! {
    /// Removes episodes from the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-episodes-user).
    /// Scopes: `user-library-modify`. The response is empty.
    #[deprecated(note = "gone for applications in development mode; use `RemoveLibraryItems`")]
    "remove-episodes-user" DELETE "/v1/me/episodes" => (), all(MODIFY), extended_quota();
    RemoveSavedEpisodes {} & { ids: CommaList<EpisodeId> where at_most(50) }
}

endpoint! {
    /// Whether episodes are in the user's library, in the order of the ids.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-episodes).
    /// Scopes: `user-library-read`.
    #[deprecated(note = "gone for applications in development mode; use `CheckLibraryItems`")]
    "check-users-saved-episodes" GET "/v1/me/episodes/contains" => Vec<bool>, all(READ), extended_quota();
    => |it, response| contains(response, Some(it.ids.as_slice().len()));
    CheckSavedEpisodes {} & { ids: CommaList<EpisodeId> where at_most(50) }
}

offset_pages!(GetSavedEpisodes: crate::model::SavedEpisode);
batches! {
    GetEpisodes ids: EpisodeId, MAX_IDS;
    SaveEpisodes ids: EpisodeId, MAX_IDS;
    RemoveSavedEpisodes ids: EpisodeId, MAX_IDS;
    CheckSavedEpisodes ids: EpisodeId, MAX_IDS;
}
