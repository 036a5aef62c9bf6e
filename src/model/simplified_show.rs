//! Shows without their episodes.

use super::common::{Copyright, ExternalUrls, Image, Markets, MediaType, ObjectType};
use crate::types::id::ShowId;
use crate::types::text::Text;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// A show without its episodes, as contained in episodes and search results.
    ///
    /// Reference:
    /// [Get Several Shows](https://developer.spotify.com/documentation/web-api/reference/get-multiple-shows).
    SimplifiedShow {
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
    }
}
