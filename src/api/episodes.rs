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
    /// Gets an episode and the show to which it belongs.
    ///
    /// Fails with 404 if no episode has this id, or if neither the request nor the token has a market.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-episode).
    /// * Scopes: none; optional `user-read-playback-position`, which adds `resume_point`.
    /// * Quota mode: any.
    "get-an-episode" GET "/v1/episodes/{id}" => Episode, optional(POSITION);
    GetEpisode { id: EpisodeId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default, and no content is available unless a market is set.
        market: Market,
    }
}

endpoint! {
    /// Gets several episodes of shows.
    ///
    /// The response has one slot per id, in the same order. A slot is empty if no episode has that id. All slots are
    /// empty if neither the request nor the token has a market.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-episodes).
    /// * Scopes: none; optional `user-read-playback-position`, which adds `resume_point`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `GetEpisode`")]
    "get-multiple-episodes" GET "/v1/episodes" => Episodes, optional(POSITION), extended_quota();
    GetEpisodes {} & { ids: CommaList<EpisodeId> where at_most(50) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default, and no content is available unless a market is set.
        market: Market,
    }
}

endpoint! {
    /// Gets a page of the episodes in the user's library.
    ///
    /// An empty list means that the user has not saved any episodes. The server has been observed to ignore `offset`
    /// and return the first page again; [`Pager`](crate::Pager) then reports an incomplete list.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-episodes).
    /// * Scopes: `user-library-read`; optional `user-read-playback-position`, which adds `resume_point`.
    /// * Quota mode: any.
    /// * Limits: 1 to 50 items per page, default 20.
    "get-users-saved-episodes" GET "/v1/me/episodes" => Page<SavedEpisode>, all(READ), optional(POSITION);
    GetSavedEpisodes {} ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value.
        market: Market,
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Saves episodes to the user's library.
    ///
    /// The response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/save-episodes-user).
    /// * Scopes: `user-library-modify`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `SaveLibraryItems`")]
    "save-episodes-user" PUT "/v1/me/episodes" => (), all(MODIFY), extended_quota();
    SaveEpisodes {} & { ids: CommaList<EpisodeId> where at_most(50) }
}

endpoint! {
    /// Removes episodes from the user's library.
    ///
    /// The response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-episodes-user).
    /// * Scopes: `user-library-modify`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `RemoveLibraryItems`")]
    "remove-episodes-user" DELETE "/v1/me/episodes" => (), all(MODIFY), extended_quota();
    RemoveSavedEpisodes {} & { ids: CommaList<EpisodeId> where at_most(50) }
}

endpoint! {
    /// Checks whether episodes are in the user's library.
    ///
    /// The response has one value per id, in the same order. Any other number of values is a
    /// [`DecodeError`](crate::DecodeError).
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-episodes).
    /// * Scopes: `user-library-read`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `CheckLibraryItems`")]
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
