//! Categories, recommendations, genres and markets.

use super::common::{Image, Markets};
use super::page::Page;
use super::track::Track;
use crate::types::id::CategoryId;
use crate::types::text::Text;
use crate::types::uri::Href;
use crate::wire::lenient::model;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// Type of a recommendation seed.
    SeedType {
        /// An artist.
        Artist = "artist",
        /// A track.
        Track = "track",
        /// A genre.
        Genre = "genre",
    }
}

model! {
    /// A playlist category. Deprecated.
    ///
    /// Response to [`GetCategory`](crate::api::GetCategory).
    ///
    /// Reference:
    /// [Get Single Browse Category](https://developer.spotify.com/documentation/web-api/reference/get-a-category).
    Category {
        /// Web API URL of the category.
        href: Option<Href>,
        /// Icon of the category in one or more sizes, often without width and height.
        icons: Vec<Image>,
        /// ID of the category, such as `party`.
        id: Option<CategoryId>,
        /// Name of the category in the language of the request; empty if the response has none.
        name: Text,
    }

    /// Playlist categories: the response to [`GetCategories`](crate::api::GetCategories). Deprecated.
    ///
    /// Reference:
    /// [Get Several Browse Categories](https://developer.spotify.com/documentation/web-api/reference/get-categories).
    Categories {
        /// Page of the categories.
        categories: Page<Category>,
    }

    /// Recommended tracks: the response to [`GetRecommendations`](crate::api::GetRecommendations). Deprecated.
    ///
    /// Reference:
    /// [Get Recommendations](https://developer.spotify.com/documentation/web-api/reference/get-recommendations).
    Recommendations {
        /// Seeds of the request, each with the sizes of its track pool.
        seeds: Vec<RecommendationSeed>,
        /// Recommended tracks; empty if no track matches the request.
        tracks: Vec<Track>,
    }

    /// Seed of recommendations, with the sizes of its track pool.
    ///
    /// Reference:
    /// [Get Recommendations](https://developer.spotify.com/documentation/web-api/reference/get-recommendations).
    RecommendationSeed {
        /// Number of tracks in the pool after applying the minimum and maximum values of attributes.
        after_filtering_size: Option<u32> = "afterFilteringSize" | "after_filtering_size",
        /// Number of tracks in the pool after replacing tracks with recordings that are available in the market.
        after_relinking_size: Option<u32> = "afterRelinkingSize" | "after_relinking_size",
        /// Web API URL of the artist or track; `None` for genres.
        href: Option<Href>,
        /// ID of the artist or track, or the genre, as in the request.
        id: Option<Text>,
        /// Number of tracks in the pool before filtering.
        initial_pool_size: Option<u32> = "initialPoolSize" | "initial_pool_size",
        /// Type of the seed.
        r#type: Option<SeedType> = "type",
    }

    /// Genre seeds for recommendations: the response to
    /// [`GetRecommendationGenres`](crate::api::GetRecommendationGenres). Deprecated.
    ///
    /// Reference:
    /// [Get Available Genre Seeds](https://developer.spotify.com/documentation/web-api/reference/get-recommendation-genres).
    Genres {
        /// Genres that can be used as seeds, such as `acoustic`.
        genres: Vec<Text>,
    }

    /// Countries in which Spotify is available: the response to
    /// [`GetAvailableMarkets`](crate::api::GetAvailableMarkets). Deprecated.
    ///
    /// Reference:
    /// [Get Available Markets](https://developer.spotify.com/documentation/web-api/reference/get-available-markets).
    MarketList {
        /// Countries in which Spotify is available.
        markets: Markets,
    }
}
