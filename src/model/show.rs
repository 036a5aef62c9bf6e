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
    /// A show with its first episodes.
    Show {
        /// Markets in which it is available. Deprecated; absent for applications in development mode.
        available_markets: Option<Markets>,
        /// Copyright notices; usually empty.
        copyrights: Vec<Copyright>,
        /// Description as plain text.
        description: Option<String>,
        /// Description, with HTML tags.
        html_description: Option<String>,
        /// True if it has explicit content; false also if that is unknown.
        explicit: Option<bool>,
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Spotify ID.
        id: Option<ShowId>,
        /// Cover images, widest first.
        images: Vec<Image>,
        /// True if all episodes are hosted outside of Spotify.
        is_externally_hosted: Option<bool>,
        /// Languages as ISO 639 codes.
        languages: Vec<Text>,
        /// Type of the media, such as `audio`.
        media_type: Option<MediaType>,
        /// Name.
        name: Text,
        /// Publisher. Deprecated; absent for applications in development mode.
        publisher: Option<Text>,
        /// Always `show`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
        /// Number of episodes.
        total_episodes: Option<u32>,
        /// Its newest episodes, up to 50; [`GetShowEpisodes`](crate::api::GetShowEpisodes) has the rest.
        episodes: Option<Page<SimplifiedEpisode>>,
    }

    /// A show in the user's library.
    SavedShow {
        /// Time at which it was saved.
        added_at: Option<Timestamp>,
        /// The show.
        show: Option<Box<SimplifiedShow>>,
    }

    /// Several shows.
    Shows {
        /// The shows, in the order in which they were asked for; `None` for an id without one.
        shows: Vec<Option<SimplifiedShow>>,
    }
}
