//! Genres.

#![allow(deprecated, reason = "the operations that development mode lost are offered all the same")]

use crate::endpoint::endpoint;
use crate::model::Genres;

endpoint! {
    /// The genres that recommendations take as seeds.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-recommendation-genres).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; there is no replacement")]
    "get-recommendation-genres" GET "/v1/recommendations/available-genre-seeds" => Genres, extended_quota();
    GetRecommendationGenres {  }
}
