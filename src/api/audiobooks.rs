//! Audiobooks.

#![allow(deprecated, reason = "the operations that development mode lost are offered all the same")]

use crate::auth::scope::Scope;
use crate::bounded::List;
use crate::endpoint::{Paged, batches, endpoint, offset_pages};
use crate::id::AudiobookId;
use crate::market::Market;
use crate::model::{Audiobook, Audiobooks, Page, SavedAudiobook, SimplifiedChapter};

endpoint! {
    /// An audiobook with its first chapters; offered in a few countries only.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-an-audiobook).
    /// Scopes: none.
    "get-an-audiobook" GET "/v1/audiobooks/{id}" => Audiobook;
    GetAudiobook { id: AudiobookId } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

endpoint! {
    /// Several audiobooks at once; unavailable ones leave an empty slot.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-multiple-audiobooks).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; use `GetAudiobook` for each")]
    "get-multiple-audiobooks" GET "/v1/audiobooks" => Audiobooks, extended_quota();
    GetAudiobooks {  } & { ids: List<AudiobookId> } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

batches!(GetAudiobooks(AudiobookId) 50);

endpoint! {
    /// The chapters of an audiobook.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-audiobook-chapters).
    /// Scopes: none.
    "get-audiobook-chapters" GET "/v1/audiobooks/{id}/chapters" => Page<SimplifiedChapter>;
    GetAudiobookChapters { id: AudiobookId } ? {
        /// Content as it is available in this country.
        market: Market,
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    }
}

impl GetAudiobookChapters {
    /// The items after the first ones, which came with the audiobook; `None` when those were all.
    pub fn after(audiobook: &Audiobook) -> Option<Self> {
        Self::new(audiobook.id.as_ref()?).next(audiobook.chapters.as_ref()?)
    }
}

endpoint! {
    /// The audiobooks in the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-audiobooks).
    /// Scopes: `user-library-read`.
    "get-users-saved-audiobooks" GET "/v1/me/audiobooks" => Page<SavedAudiobook>, all(&[Scope::UserLibraryRead]);
    GetSavedAudiobooks {  } ? {
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    }
}

offset_pages!(GetAudiobookChapters, GetSavedAudiobooks);

endpoint! {
    /// Saves audiobooks to the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/save-audiobooks-user).
    /// Scopes: `user-library-modify`.
    #[deprecated(note = "gone for applications in development mode; use `SaveLibraryItems`")]
    "save-audiobooks-user" PUT "/v1/me/audiobooks" => (), all(&[Scope::UserLibraryModify]), extended_quota();
    SaveAudiobooks {  } & { ids: List<AudiobookId> }
}

endpoint! {
    /// Removes audiobooks from the user's library.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/remove-audiobooks-user).
    /// Scopes: `user-library-modify`.
    #[deprecated(note = "gone for applications in development mode; use `RemoveLibraryItems`")]
    "remove-audiobooks-user" DELETE "/v1/me/audiobooks" => (), all(&[Scope::UserLibraryModify]), extended_quota();
    RemoveAudiobooks {  } & { ids: List<AudiobookId> }
}

endpoint! {
    /// Whether audiobooks are in the user's library, in the order of the ids.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-audiobooks).
    /// Scopes: `user-library-read`.
    #[deprecated(note = "gone for applications in development mode; use `CheckLibraryContains`")]
    "check-users-saved-audiobooks" GET "/v1/me/audiobooks/contains" => Vec<bool>, all(&[Scope::UserLibraryRead]), extended_quota();
    CheckSavedAudiobooks {  } & { ids: List<AudiobookId> }
}

batches!(SaveAudiobooks(AudiobookId) 50, RemoveAudiobooks(AudiobookId) 50, CheckSavedAudiobooks(AudiobookId) 50);
