//! Chapters of audiobooks.

use crate::endpoint::{batches, endpoint};
use crate::model::{Chapter, Chapters};
use crate::types::id::ChapterId;
use crate::types::market::Market;
use crate::types::query::CommaList;

endpoint! {
    /// A chapter of an audiobook.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-chapter).
    /// Scopes: none.
    "get-a-chapter" GET "/v1/chapters/{id}" => Chapter;
    GetChapter { id: ChapterId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
    }
}

endpoint! {
    /// Several chapters of audiobooks.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-several-chapters).
    /// Scopes: none. An id without a chapter leaves its slot empty.
    #[deprecated(note = "gone for applications in development mode; use `GetChapter`")]
    "get-several-chapters" GET "/v1/chapters" => Chapters, extended_quota();
    GetChapters {} & { ids: CommaList<ChapterId> where at_most(50) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
    }
}

batches!(GetChapters ids: ChapterId, MAX_IDS);
