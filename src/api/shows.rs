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
    /// A show with its newest episodes.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-show).
    /// Scopes: none; `user-read-playback-position` unlocks `resume_point`.
    "get-a-show" GET "/v1/shows/{id}" => Show, optional(POSITION);
    GetShow { id: ShowId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code; with an application's token nothing is available without it.
        market: Market,
    }
}

endpoint! {
    /// Several shows, without their episodes.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-shows).
    /// Scopes: none. An id without a show leaves its slot empty.
    #[deprecated(note = "gone for applications in development mode; use `GetShow`")]
    "get-multiple-shows" GET "/v1/shows" => Shows, extended_quota();
    GetShows {} & { ids: CommaList<ShowId> where at_most(50) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code; with an application's token nothing is available without it.
        market: Market,
    }
}

endpoint! {
    /// The episodes of a show, newest first.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-shows-episodes).
    /// Scopes: none; `user-read-playback-position` unlocks `resume_point`.
    "get-a-shows-episodes" GET "/v1/shows/{id}/episodes" => Page<SimplifiedEpisode>, optional(POSITION);
    GetShowEpisodes { id: ShowId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code; with an application's token nothing is available without it.
        market: Market,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    }
}

endpoint! {
    /// The shows that the user saved.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-shows).
    /// Scopes: `user-library-read`.
    "get-users-saved-shows" GET "/v1/me/shows" => Page<SavedShow>, all(READ);
    GetSavedShows {} ? {
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    }
}

endpoint! {
    /// Saves shows in the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-shows-user).
    /// Scopes: `user-library-modify`. The response is empty.
    #[deprecated(note = "gone for applications in development mode; use `SaveLibraryItems`")]
    "save-shows-user" PUT "/v1/me/shows" => (), all(MODIFY), extended_quota();
    SaveShows {} & { ids: CommaList<ShowId> where at_most(50) }
}

endpoint! {
    /// Removes shows from the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-shows-user).
    /// Scopes: `user-library-modify`. The response is empty.
    #[deprecated(note = "gone for applications in development mode; use `RemoveLibraryItems`")]
    "remove-shows-user" DELETE "/v1/me/shows" => (), all(MODIFY), extended_quota();
    RemoveSavedShows {} & { ids: CommaList<ShowId> where at_most(50) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
    }
}

endpoint! {
    /// Whether shows are in the user's library, in the order of the ids.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-shows).
    /// Scopes: `user-library-read`.
    #[deprecated(note = "gone for applications in development mode; use `CheckLibraryItems`")]
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
