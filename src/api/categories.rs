//! Categories of playlists.

use crate::endpoint::{endpoint, offset_pages};
use crate::model::{Categories, Category};
use crate::types::id::CategoryId;
use crate::types::query::QueryText;

endpoint! {
    /// Gets a page of the categories to which Spotify assigns playlists.
    ///
    /// A page is empty if `offset` is at or after the end of the list.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-categories).
    /// * Scopes: none.
    /// * Quota mode: extended.
    /// * Limits: pages of 1 to 50 items, default 20.
    #[deprecated(note = "not available in development mode, without a replacement")]
    "get-categories" GET "/v1/browse/categories" => Categories, extended_quota();
    GetCategories {} ? {
        /// Sets the language of the names: an ISO 639-1 code and an ISO 3166-1 alpha-2 code, as in `sv_SE`.
        ///
        /// The default is American English, which is also used if the language is not available.
        locale: QueryText,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0; the default is 0.
        offset: u32,
    }
}

endpoint! {
    /// Gets the name and the icons of a category of playlists.
    ///
    /// Fails with 404 if no category has this id.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-category).
    /// * Scopes: none.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode, without a replacement")]
    "get-a-category" GET "/v1/browse/categories/{category_id}" => Category, extended_quota();
    GetCategory { category_id: CategoryId } ? {
        /// Sets the language of the name: an ISO 639-1 code and an ISO 3166-1 alpha-2 code, as in `sv_SE`.
        ///
        /// The default is American English, which is also used if the language is not available.
        locale: QueryText,
    }
}

offset_pages!(GetCategories.categories: crate::model::Category);
