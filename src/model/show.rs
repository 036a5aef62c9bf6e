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
        /// Where it is available. Deprecated; gone for applications in development mode.
        available_markets: Option<Markets>,
        /// Copyright notices; usually none.
        copyrights: Vec<Copyright>,
        /// What it is about, as plain text.
        description: Option<String>,
        /// What it is about, with HTML.
        html_description: Option<String>,
        /// Whether it has explicit content; `false` where that is unknown too.
        explicit: Option<bool>,
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// Its address in the API.
        href: Option<Href>,
        /// Its id.
        id: Option<ShowId>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Whether all its episodes are hosted outside of Spotify.
        is_externally_hosted: Option<bool>,
        /// Its languages, as ISO 639 codes.
        languages: Vec<Text>,
        /// What it is made of.
        media_type: Option<MediaType>,
        /// Its name.
        name: Text,
        /// Who publishes it. Deprecated; gone for applications in development mode.
        publisher: Option<Text>,
        /// Always `show`.
        r#type: Option<ObjectType> = "type",
        /// Its URI.
        uri: Option<SpotifyUri>,
        /// How many episodes it has.
        total_episodes: Option<u32>,
        /// Its newest episodes, up to 50; [`GetShowEpisodes`](crate::api::GetShowEpisodes) has the rest.
        episodes: Option<Page<SimplifiedEpisode>>,
    }

    /// A show in the user's library.
    SavedShow {
        /// When it was saved.
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
