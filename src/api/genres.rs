//! Genres.

use crate::endpoint::endpoint;
use crate::model::Genres;

endpoint! {
    /// The genres that recommendations take as seeds.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-recommendation-genres).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode, without a replacement")]
    "get-recommendation-genres" GET "/v1/recommendations/available-genre-seeds" => Genres, extended_quota();
    GetRecommendationGenres {}
}
