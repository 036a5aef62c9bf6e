//! Genres.

use crate::endpoint::endpoint;
use crate::model::Genres;

endpoint! {
    /// Gets the genres that [`GetRecommendations`](super::GetRecommendations) accepts as seeds.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-recommendation-genres).
    /// * Scopes: none.
    /// * Quota mode: extended.
    #[deprecated(note = "not available in development mode; there is no replacement")]
    "get-recommendation-genres" GET "/v1/recommendations/available-genre-seeds" => Genres, extended_quota();
    GetRecommendationGenres {}
}
