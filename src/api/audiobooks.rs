//! Audiobooks; they are offered in few countries.

use crate::endpoint::{batches, embedded_pages, endpoint, offset_pages};
use crate::model::{Audiobook, Audiobooks, Page, SavedAudiobook, SimplifiedChapter};
use crate::response::contains;
use crate::types::id::AudiobookId;
use crate::types::market::Market;
use crate::types::query::CommaList;
use crate::types::scope::Scope;

const READ: &[Scope] = &[Scope::UserLibraryRead];
const MODIFY: &[Scope] = &[Scope::UserLibraryModify];

endpoint! {
    /// An audiobook with its first chapters.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-audiobook).
    /// Scopes: none.
    "get-an-audiobook" GET "/v1/audiobooks/{id}" => Audiobook;
    GetAudiobook { id: AudiobookId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
    }
}

endpoint! {
    /// Several audiobooks.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-audiobooks).
    /// Scopes: none. An audiobook that is not available leaves its slot empty.
    #[deprecated(note = "gone for applications in development mode; use `GetAudiobook`")]
    "get-multiple-audiobooks" GET "/v1/audiobooks" => Audiobooks, extended_quota();
    GetAudiobooks {} & { ids: CommaList<AudiobookId> where at_most(50) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
    }
}

endpoint! {
    /// The chapters of an audiobook.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-audiobook-chapters).
    /// Scopes: none.
    "get-audiobook-chapters" GET "/v1/audiobooks/{id}/chapters" => Page<SimplifiedChapter>;
    GetAudiobookChapters { id: AudiobookId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    }
}

endpoint! {
    /// The audiobooks that the user saved.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-audiobooks).
    /// Scopes: `user-library-read`.
    "get-users-saved-audiobooks" GET "/v1/me/audiobooks" => Page<SavedAudiobook>, all(READ);
    GetSavedAudiobooks {} ? {
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    }
}

endpoint! {
    /// Saves audiobooks in the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-audiobooks-user).
    /// Scopes: `user-library-modify`. The response is empty.
    #[deprecated(note = "gone for applications in development mode; use `SaveLibraryItems`")]
    "save-audiobooks-user" PUT "/v1/me/audiobooks" => (), all(MODIFY), extended_quota();
    SaveAudiobooks {} & { ids: CommaList<AudiobookId> where at_most(50) }
}

endpoint! {
    /// Removes audiobooks from the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-audiobooks-user).
    /// Scopes: `user-library-modify`. The response is empty.
    #[deprecated(note = "gone for applications in development mode; use `RemoveLibraryItems`")]
    "remove-audiobooks-user" DELETE "/v1/me/audiobooks" => (), all(MODIFY), extended_quota();
    RemoveSavedAudiobooks {} & { ids: CommaList<AudiobookId> where at_most(50) }
}

endpoint! {
    /// Whether audiobooks are in the user's library, in the order of the ids.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-audiobooks).
    /// Scopes: `user-library-read`.
    #[deprecated(note = "gone for applications in development mode; use `CheckLibraryItems`")]
    "check-users-saved-audiobooks" GET "/v1/me/audiobooks/contains" => Vec<bool>, all(READ), extended_quota();
    => |it, response| contains(response, Some(it.ids.as_slice().len()));
    CheckSavedAudiobooks {} & { ids: CommaList<AudiobookId> where at_most(50) }
}

offset_pages!(
    GetAudiobookChapters: crate::model::SimplifiedChapter,
    GetSavedAudiobooks: crate::model::SavedAudiobook,
);
embedded_pages!(GetAudiobookChapters: GetAudiobook.id => Audiobook.chapters with (market), "audiobook");
batches! {
    GetAudiobooks ids: AudiobookId, MAX_IDS;
    SaveAudiobooks ids: AudiobookId, MAX_IDS;
    RemoveSavedAudiobooks ids: AudiobookId, MAX_IDS;
    CheckSavedAudiobooks ids: AudiobookId, MAX_IDS;
}
