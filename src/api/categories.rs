//! Categories of playlists.

use crate::endpoint::{endpoint, offset_pages};
use crate::model::{Categories, Category};
use crate::types::id::CategoryId;
use crate::types::query::QueryText;

endpoint! {
    /// The categories in which Spotify sorts playlists.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-categories).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode, without a replacement")]
    "get-categories" GET "/v1/browse/categories" => Categories, extended_quota();
    GetCategories {} ? {
        /// The language of names, like `sv_SE`; American English unless set.
        locale: QueryText,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    }
}

endpoint! {
    /// A category in which Spotify sorts playlists.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-category).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode, without a replacement")]
    "get-a-category" GET "/v1/browse/categories/{category_id}" => Category, extended_quota();
    GetCategory { category_id: CategoryId } ? {
        /// The language of the name, like `sv_SE`; American English unless set.
        locale: QueryText,
    }
}

offset_pages!(GetCategories.categories: crate::model::Category);
