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
    /// What recommendations were asked to resemble.
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
    /// A category of playlists. Deprecated.
    Category {
        /// Address in the Web API.
        href: Option<Href>,
        /// Icons in several sizes.
        icons: Vec<Image>,
        /// Its id, such as `party`.
        id: Option<CategoryId>,
        /// Its name, in the language that was asked for.
        name: Text,
    }

    /// The categories of playlists. Deprecated.
    Categories {
        /// The categories.
        categories: Page<Category>,
    }

    /// Tracks that resemble the given ones. Deprecated.
    Recommendations {
        /// What was asked for, and how much was found by it.
        seeds: Vec<RecommendationSeed>,
        /// The tracks.
        tracks: Vec<Track>,
    }

    /// What recommendations resemble, and how much was found by it.
    RecommendationSeed {
        /// How many tracks were left after the filters.
        after_filtering_size: Option<u32> = "afterFilteringSize" | "after_filtering_size",
        /// How many tracks were left after they were replaced by those of the market.
        after_relinking_size: Option<u32> = "afterRelinkingSize" | "after_relinking_size",
        /// The seed's address in the API; absent for genres.
        href: Option<Href>,
        /// The id of the artist or track, or the genre.
        id: Option<Text>,
        /// How many tracks there were at first.
        initial_pool_size: Option<u32> = "initialPoolSize" | "initial_pool_size",
        /// Type.
        r#type: Option<SeedType> = "type",
    }

    /// The genres that recommendations take as seeds. Deprecated.
    Genres {
        /// The genres, such as `acoustic`.
        genres: Vec<Text>,
    }

    /// The countries where Spotify is available. Deprecated.
    MarketList {
        /// The countries.
        markets: Markets,
    }
}
