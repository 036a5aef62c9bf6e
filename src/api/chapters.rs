//! Chapters of audiobooks.

use crate::endpoint::{batches, endpoint};
use crate::model::{Chapter, Chapters};
use crate::types::id::ChapterId;
use crate::types::market::Market;
use crate::types::query::CommaList;

endpoint! {
    /// Gets a chapter and the audiobook to which it belongs.
    ///
    /// Audiobooks are available only in the US, the UK, Canada, Ireland, New Zealand and Australia. Fails with 404 if
    /// no chapter has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-chapter).
    /// * Scopes: none.
    /// * Quota mode: any.
    "get-a-chapter" GET "/v1/chapters/{id}" => Chapter;
    GetChapter { id: ChapterId } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
    }
}

endpoint! {
    /// Gets several chapters of audiobooks.
    ///
    /// The response has one slot per id, in the same order. A slot is empty if no chapter has that id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-several-chapters).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`batches`](Self::batches) splits longer lists.
    #[deprecated(note = "not available in development mode; use `GetChapter`")]
    "get-several-chapters" GET "/v1/chapters" => Chapters, extended_quota();
    GetChapters {} & { ids: CommaList<ChapterId> where at_most(50) } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
    }
}

batches!(GetChapters ids: ChapterId, MAX_IDS);
