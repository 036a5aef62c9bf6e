//! Shows (podcasts).

use crate::endpoint::{batches, embedded_pages, endpoint, offset_pages};
use crate::model::{Page, SavedShow, Show, Shows, SimplifiedEpisode};
use crate::response::contains;
use crate::types::id::ShowId;
use crate::types::market::Market;
use crate::types::query::CommaList;
use crate::types::scope::Scope;

const POSITION: &[Scope] = &[Scope::UserReadPlaybackPosition];
const READ: &[Scope] = &[Scope::UserLibraryRead];
const MODIFY: &[Scope] = &[Scope::UserLibraryModify];

endpoint! {
    /// Gets a show, including its 50 newest episodes.
    ///
    /// [`GetShowEpisodes`] gets the remaining episodes. Fails with 404 if no show has this id, or if neither the
    /// request nor the token has a market.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-show).
    /// * Scopes: none; optional `user-read-playback-position`, which adds `resume_point`.
    /// * Quota mode: any.
    "get-a-show" GET "/v1/shows/{id}" => Show, optional(POSITION);
    GetShow { id: ShowId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default, and no content is available unless a market is set.
        market: Market,
    }
}

endpoint! {
    /// Gets several shows, without their episodes.
    ///
    /// The response has one slot per id, in the same order. A slot is empty if no show has that id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-shows).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `GetShow`")]
    "get-multiple-shows" GET "/v1/shows" => Shows, extended_quota();
    GetShows {} & { ids: CommaList<ShowId> where at_most(50) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default, and no content is available unless a market is set.
        market: Market,
    }
}

endpoint! {
    /// Gets a page of a show's episodes, newest first.
    ///
    /// The page is empty if `offset` is at or past the end of the list. The slots of unavailable episodes are empty.
    /// Fails with 404 if no show has this id, or if neither the request nor the token has a market.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-shows-episodes).
    /// * Scopes: none; optional `user-read-playback-position`, which adds `resume_point`.
    /// * Quota mode: any.
    /// * Limits: 1 to 50 items per page, default 20.
    "get-a-shows-episodes" GET "/v1/shows/{id}/episodes" => Page<SimplifiedEpisode>, optional(POSITION);
    GetShowEpisodes { id: ShowId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default, and no content is available unless a market is set.
        market: Market,
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Gets a page of the shows in the user's library.
    ///
    /// An empty list means that the user has not saved any shows.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-shows).
    /// * Scopes: `user-library-read`.
    /// * Quota mode: any.
    /// * Limits: 1 to 50 items per page, default 20.
    "get-users-saved-shows" GET "/v1/me/shows" => Page<SavedShow>, all(READ);
    GetSavedShows {} ? {
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Saves shows to the user's library.
    ///
    /// The response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/save-shows-user).
    /// * Scopes: `user-library-modify`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `SaveLibraryItems`")]
    "save-shows-user" PUT "/v1/me/shows" => (), all(MODIFY), extended_quota();
    SaveShows {} & { ids: CommaList<ShowId> where at_most(50) }
}

endpoint! {
    /// Removes shows from the user's library.
    ///
    /// The response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-shows-user).
    /// * Scopes: `user-library-modify`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `RemoveLibraryItems`")]
    "remove-shows-user" DELETE "/v1/me/shows" => (), all(MODIFY), extended_quota();
    RemoveSavedShows {} & { ids: CommaList<ShowId> where at_most(50) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value.
        market: Market,
    }
}

endpoint! {
    /// Checks whether shows are in the user's library.
    ///
    /// The response has one value per id, in the same order. Any other number of values is a
    /// [`DecodeError`](crate::DecodeError).
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-shows).
    /// * Scopes: `user-library-read`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `CheckLibraryItems`")]
    "check-users-saved-shows" GET "/v1/me/shows/contains" => Vec<bool>, all(READ), extended_quota();
    => |it, response| contains(response, Some(it.ids.as_slice().len()));
    CheckSavedShows {} & { ids: CommaList<ShowId> where at_most(50) }
}

offset_pages!(
    GetShowEpisodes: crate::model::SimplifiedEpisode,
    GetSavedShows: crate::model::SavedShow,
);
embedded_pages!(GetShowEpisodes: GetShow.id => Show.episodes with (market), "show");
batches! {
    GetShows ids: ShowId, MAX_IDS;
    SaveShows ids: ShowId, MAX_IDS;
    RemoveSavedShows ids: ShowId, MAX_IDS;
    CheckSavedShows ids: ShowId, MAX_IDS;
}
