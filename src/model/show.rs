//! Shows (podcasts).

use super::common::{Copyright, ExternalUrls, Image, Markets, MediaType, ObjectType};
use super::episode::SimplifiedEpisode;
use super::page::Page;
use super::simplified_show::SimplifiedShow;
use crate::types::id::ShowId;
use crate::types::text::Text;
use crate::types::time::Timestamp;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// A show (podcast) with the first page of its episodes.
    ///
    /// Response to [`GetShow`](crate::api::GetShow).
    ///
    /// Reference: [Get Show](https://developer.spotify.com/documentation/web-api/reference/get-a-show).
    Show {
        /// Countries in which the show is available. Deprecated; `None` in development mode.
        available_markets: Option<Markets>,
        /// Copyright notices; usually empty.
        copyrights: Vec<Copyright>,
        /// Description of the show as plain text, without HTML tags.
        description: Option<String>,
        /// Description of the show, which may contain HTML tags.
        html_description: Option<String>,
        /// True if the show has explicit content; also false if this is unknown.
        explicit: Option<bool>,
        /// Public URLs of the show, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Web API URL of the show.
        href: Option<Href>,
        /// Spotify ID of the show.
        id: Option<ShowId>,
        /// Cover images, widest first; empty if the response has none.
        images: Vec<Image>,
        /// True if all episodes are hosted outside Spotify's servers; `None` if this is unknown.
        is_externally_hosted: Option<bool>,
        /// Languages as ISO 639 codes; empty if the response has none.
        languages: Vec<Text>,
        /// Media type of the episodes, such as audio or video.
        media_type: Option<MediaType>,
        /// Name of the show; empty if the response has none.
        name: Text,
        /// Publisher of the show. Deprecated; `None` in development mode.
        publisher: Option<Text>,
        /// Type of the object: always `show`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the show.
        uri: Option<SpotifyUri>,
        /// Number of episodes in the show.
        total_episodes: Option<u32>,
        /// First page of the episodes (at most 50), newest first; [`GetShowEpisodes`](crate::api::GetShowEpisodes)
        /// reads the remaining episodes.
        episodes: Option<Page<SimplifiedEpisode>>,
    }

    /// A show in the user's library.
    ///
    /// Reference:
    /// [Get User's Saved Shows](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-shows).
    SavedShow {
        /// Time at which the user saved the show, in UTC.
        added_at: Option<Timestamp>,
        /// Show; `None` if the response has none.
        show: Option<Box<SimplifiedShow>>,
    }

    /// Several shows: the response to [`GetShows`](crate::api::GetShows).
    ///
    /// Reference:
    /// [Get Several Shows](https://developer.spotify.com/documentation/web-api/reference/get-multiple-shows).
    Shows {
        /// One slot per requested id, in the same order; `None` if no show has the id.
        shows: Vec<Option<SimplifiedShow>>,
    }
}
