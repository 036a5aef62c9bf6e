//! Chapters of audiobooks.

#![allow(deprecated, reason = "the operations that development mode lost are offered all the same")]

use crate::bounded::List;
use crate::endpoint::{batches, endpoint};
use crate::id::ChapterId;
use crate::market::Market;
use crate::model::{Chapter, Chapters};

endpoint! {
    /// A chapter of an audiobook; offered in a few countries only.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-chapter).
    /// Scopes: none.
    "get-a-chapter" GET "/v1/chapters/{id}" => Chapter;
    GetChapter { id: ChapterId } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

endpoint! {
    /// Several chapters at once; unavailable ones leave an empty slot.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-several-chapters).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; use `GetChapter` for each")]
    "get-several-chapters" GET "/v1/chapters" => Chapters, extended_quota();
    GetChapters {  } & { ids: List<ChapterId> } ? {
        /// Content as it is available in this country.
        market: Market,
    }
}

batches!(GetChapters(ChapterId) 50);
