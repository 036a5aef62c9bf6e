//! Shows.

#![allow(deprecated, reason = "the operations that development mode lost are offered all the same")]

use crate::auth::scope::Scope;
use crate::bounded::List;
use crate::endpoint::{Paged, batches, endpoint, offset_pages};
use crate::id::ShowId;
use crate::market::Market;
use crate::model::{Page, SavedShow, Show, Shows, SimplifiedEpisode};

endpoint! {
    /// A show with its first episodes; an application's own token needs a market.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-show).
    /// Scopes: none; `user-read-playback-position` unlock more.
    "get-a-show" GET "/v1/shows/{id}" => Show, optional(&[Scope::UserReadPlaybackPosition]);
    GetShow { id: ShowId } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

endpoint! {
    /// Several shows at once; unavailable ones leave an empty slot.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-shows).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; use `GetShow` for each")]
    "get-multiple-shows" GET "/v1/shows" => Shows, extended_quota();
    GetShows {  } & { ids: List<ShowId> } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

batches!(GetShows(ShowId) 50);

endpoint! {
    /// The episodes of a show.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-shows-episodes).
    /// Scopes: none; `user-read-playback-position` unlock more.
    "get-a-shows-episodes" GET "/v1/shows/{id}/episodes" => Page<SimplifiedEpisode>, optional(&[Scope::UserReadPlaybackPosition]);
    GetShowEpisodes { id: ShowId } ? {
        /// Content as it is available in this country.
        market: Market,
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    }
}

impl GetShowEpisodes {
    /// The items after the first ones, which came with the show; `None` when those were all.
    pub fn after(show: &Show) -> Option<Self> {
        Self::new(show.id.as_ref()?).next(show.episodes.as_ref()?)
    }
}

endpoint! {
    /// The shows in the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-shows).
    /// Scopes: `user-library-read`.
    "get-users-saved-shows" GET "/v1/me/shows" => Page<SavedShow>, all(&[Scope::UserLibraryRead]);
    GetSavedShows {  } ? {
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    }
}

offset_pages!(GetShowEpisodes, GetSavedShows);

endpoint! {
    /// Saves shows to the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-shows-user).
    /// Scopes: `user-library-modify`.
    #[deprecated(note = "gone for applications in development mode; use `SaveLibraryItems`")]
    "save-shows-user" PUT "/v1/me/shows" => (), all(&[Scope::UserLibraryModify]), extended_quota();
    SaveShows {  } & { ids: List<ShowId> }
}

endpoint! {
    /// Removes shows from the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-shows-user).
    /// Scopes: `user-library-modify`.
    #[deprecated(note = "gone for applications in development mode; use `RemoveLibraryItems`")]
    "remove-shows-user" DELETE "/v1/me/shows" => (), all(&[Scope::UserLibraryModify]), extended_quota();
    RemoveShows {  } & { ids: List<ShowId> } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

endpoint! {
    /// Whether shows are in the user's library, in the order of the ids.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-shows).
    /// Scopes: `user-library-read`.
    #[deprecated(note = "gone for applications in development mode; use `CheckLibraryContains`")]
    "check-users-saved-shows" GET "/v1/me/shows/contains" => Vec<bool>, all(&[Scope::UserLibraryRead]), extended_quota();
    CheckSavedShows {  } & { ids: List<ShowId> }
}

batches!(SaveShows(ShowId) 50, RemoveShows(ShowId) 50, CheckSavedShows(ShowId) 50);
