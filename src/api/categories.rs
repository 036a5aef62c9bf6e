//! Playlist categories.

use crate::endpoint::{endpoint, offset_pages};
use crate::model::{Categories, Category};
use crate::types::id::CategoryId;
use crate::types::query::QueryText;

endpoint! {
    /// Gets a page of Spotify's playlist categories.
    ///
    /// The page is empty if `offset` is at or past the end of the list.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-categories).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 items per page, default 20.
    #[deprecated(note = "not available in development mode; there is no replacement")]
    "get-categories" GET "/v1/browse/categories" => Categories, extended_quota();
    GetCategories {} ? {
        /// Sets the language of the names, as an ISO 639-1 language code and an ISO 3166-1 alpha-2 country code:
        /// `sv_SE`.
        ///
        /// The default is American English, which is also the fallback if the language is not available.
        locale: QueryText,
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the zero-based position of the first item; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Gets the name and icons of a playlist category.
    ///
    /// Fails with 404 if no category has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-category).
    /// * Scopes: none.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode; there is no replacement")]
    "get-a-category" GET "/v1/browse/categories/{category_id}" => Category, extended_quota();
    GetCategory { category_id: CategoryId } ? {
        /// Sets the language of the name, as an ISO 639-1 language code and an ISO 3166-1 alpha-2 country code:
        /// `sv_SE`.
        ///
        /// The default is American English, which is also the fallback if the language is not available.
        locale: QueryText,
    }
}

offset_pages!(GetCategories.categories: crate::model::Category);
