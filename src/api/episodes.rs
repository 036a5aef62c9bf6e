//! Episodes of shows.

#![allow(deprecated, reason = "the operations that development mode lost are offered all the same")]

use crate::auth::scope::Scope;
use crate::bounded::List;
use crate::endpoint::{batches, endpoint, offset_pages};
use crate::id::EpisodeId;
use crate::market::Market;
use crate::model::{Episode, Episodes, Page, SavedEpisode};

endpoint! {
    /// An episode of a show; an application's own token needs a market.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-episode).
    /// Scopes: none; `user-read-playback-position` unlock more.
    "get-an-episode" GET "/v1/episodes/{id}" => Episode, optional(&[Scope::UserReadPlaybackPosition]);
    GetEpisode { id: EpisodeId } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

endpoint! {
    /// Several episodes at once; unavailable ones leave an empty slot.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-episodes).
    /// Scopes: none; `user-read-playback-position` unlock more.
    #[deprecated(note = "gone for applications in development mode; use `GetEpisode` for each")]
    "get-multiple-episodes" GET "/v1/episodes" => Episodes, optional(&[Scope::UserReadPlaybackPosition]), extended_quota();
    GetEpisodes {  } & { ids: List<EpisodeId> } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

batches!(GetEpisodes(EpisodeId) 50);

endpoint! {
    /// The episodes in the user's library.
    ///
    /// With `user-read-playback-position` it also tells how far each was played.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-episodes).
    /// Scopes: `user-library-read`.
    "get-users-saved-episodes" GET "/v1/me/episodes" => Page<SavedEpisode>, all(&[Scope::UserLibraryRead]);
    GetSavedEpisodes {  } ? {
        /// Content as it is available in this country.
        market: Market,
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    }
}

offset_pages!(GetSavedEpisodes);

endpoint! {
    /// Saves episodes to the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-episodes-user).
    /// Scopes: `user-library-modify`.
    #[deprecated(note = "gone for applications in development mode; use `SaveLibraryItems`")]
    "save-episodes-user" PUT "/v1/me/episodes" => (), all(&[Scope::UserLibraryModify]), extended_quota();
    SaveEpisodes {  } & { ids: List<EpisodeId> }
}

endpoint! {
    /// Removes episodes from the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-episodes-user).
    /// Scopes: `user-library-modify`.
    #[deprecated(note = "gone for applications in development mode; use `RemoveLibraryItems`")]
    "remove-episodes-user" DELETE "/v1/me/episodes" => (), all(&[Scope::UserLibraryModify]), extended_quota();
    RemoveEpisodes {  } & { ids: List<EpisodeId> }
}

endpoint! {
    /// Whether episodes are in the user's library, in the order of the ids.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-episodes).
    /// Scopes: `user-library-read`.
    #[deprecated(note = "gone for applications in development mode; use `CheckLibraryContains`")]
    "check-users-saved-episodes" GET "/v1/me/episodes/contains" => Vec<bool>, all(&[Scope::UserLibraryRead]), extended_quota();
    CheckSavedEpisodes {  } & { ids: List<EpisodeId> }
}

batches!(SaveEpisodes(EpisodeId) 50, RemoveEpisodes(EpisodeId) 50, CheckSavedEpisodes(EpisodeId) 50);
