//! Audiobooks, which are available only in a few countries.

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
    /// Gets an audiobook, including its first 50 chapters.
    ///
    /// [`GetAudiobookChapters`] gets the remaining chapters. Audiobooks are available only in the US, the UK, Canada,
    /// Ireland, New Zealand and Australia. Fails with 404 if the audiobook does not exist or is not available in the
    /// market.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-audiobook).
    /// * Scopes: none.
    /// * Quota mode: any.
    "get-an-audiobook" GET "/v1/audiobooks/{id}" => Audiobook;
    GetAudiobook { id: AudiobookId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
    }
}

endpoint! {
    /// Gets several audiobooks.
    ///
    /// The response has one slot per id, in the same order. A slot is empty if the audiobook does not exist or is not
    /// available in the market.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-audiobooks).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `GetAudiobook`")]
    "get-multiple-audiobooks" GET "/v1/audiobooks" => Audiobooks, extended_quota();
    GetAudiobooks {} & { ids: CommaList<AudiobookId> where at_most(50) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
    }
}

endpoint! {
    /// Gets a page of an audiobook's chapters, in order.
    ///
    /// The page is empty if `offset` is at or past the end of the list. Fails with 404 if the audiobook does not exist
    /// or is not available in the market.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-audiobook-chapters).
    /// * Scopes: none.
    /// * Quota mode: any.
    /// * Limits: 1 to 50 items per page, default 20.
    "get-audiobook-chapters" GET "/v1/audiobooks/{id}/chapters" => Page<SimplifiedChapter>;
    GetAudiobookChapters { id: AudiobookId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Gets a page of the audiobooks in the user's library.
    ///
    /// An empty list means that the user has not saved any audiobooks.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-audiobooks).
    /// * Scopes: `user-library-read`.
    /// * Quota mode: any.
    /// * Limits: 1 to 50 items per page, default 20.
    "get-users-saved-audiobooks" GET "/v1/me/audiobooks" => Page<SavedAudiobook>, all(READ);
    GetSavedAudiobooks {} ? {
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Saves audiobooks to the user's library.
    ///
    /// The response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/save-audiobooks-user).
    /// * Scopes: `user-library-modify`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `SaveLibraryItems`")]
    "save-audiobooks-user" PUT "/v1/me/audiobooks" => (), all(MODIFY), extended_quota();
    SaveAudiobooks {} & { ids: CommaList<AudiobookId> where at_most(50) }
}

endpoint! {
    /// Removes audiobooks from the user's library.
    ///
    /// The response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-audiobooks-user).
    /// * Scopes: `user-library-modify`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `RemoveLibraryItems`")]
    "remove-audiobooks-user" DELETE "/v1/me/audiobooks" => (), all(MODIFY), extended_quota();
    RemoveSavedAudiobooks {} & { ids: CommaList<AudiobookId> where at_most(50) }
}

endpoint! {
    /// Checks whether audiobooks are in the user's library.
    ///
    /// The response has one value per id, in the same order. Any other number of values is a
    /// [`DecodeError`](crate::DecodeError).
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-audiobooks).
    /// * Scopes: `user-library-read`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `CheckLibraryItems`")]
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
