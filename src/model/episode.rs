//! Episodes of shows.

use super::common::{ExternalUrls, Image, Markets, ObjectType, ReleaseDatePrecision, Restrictions};
use super::simplified_show::SimplifiedShow;
use crate::types::id::EpisodeId;
use crate::types::text::Text;
use crate::types::time::{Date, Timestamp};
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// An episode as shows and searches list it: without its show.
    SimplifiedEpisode {
        /// A preview of 30 seconds. Deprecated; often absent.
        audio_preview_url: Option<String>,
        /// What it is about, as plain text.
        description: Option<String>,
        /// Length in milliseconds.
        duration_ms: Option<u64>,
        /// Whether it has explicit content; `false` where that is unknown too.
        explicit: Option<bool>,
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// Its address in the API.
        href: Option<Href>,
        /// What it is about, with HTML.
        html_description: Option<String>,
        /// Its id.
        id: Option<EpisodeId>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Whether it is hosted outside of Spotify.
        is_externally_hosted: Option<bool>,
        /// Whether it can be played in the market that applies.
        is_playable: Option<bool>,
        /// Its language, as an ISO 639 code. Deprecated: see `languages`.
        language: Option<Text>,
        /// Its languages, as ISO 639-1 codes.
        languages: Vec<Text>,
        /// Its name.
        name: Text,
        /// When it was released, as precisely as it is known.
        release_date: Option<Date>,
        /// How precise the date is said to be.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Why it cannot be played.
        restrictions: Option<Restrictions> = "restrictions" | "restriction",
        /// Where the user stopped; only with the scope `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// Always `episode`.
        r#type: Option<ObjectType> = "type",
        /// Its URI.
        uri: Option<SpotifyUri>,
    }

    /// An episode of a show.
    Episode {
        /// A preview of 30 seconds. Deprecated; often absent.
        audio_preview_url: Option<String>,
        /// Where it is available; not documented, only in playlists.
        available_markets: Option<Markets>,
        /// What it is about, as plain text.
        description: Option<String>,
        /// Length in milliseconds.
        duration_ms: Option<u64>,
        /// Whether it has explicit content; `false` where that is unknown too.
        explicit: Option<bool>,
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// Its address in the API.
        href: Option<Href>,
        /// What it is about, with HTML.
        html_description: Option<String>,
        /// Its id.
        id: Option<EpisodeId>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Whether it is hosted outside of Spotify.
        is_externally_hosted: Option<bool>,
        /// Whether it can be played in the market that applies.
        is_playable: Option<bool>,
        /// Its language, as an ISO 639 code. Deprecated: see `languages`.
        language: Option<Text>,
        /// Its languages, as ISO 639-1 codes.
        languages: Vec<Text>,
        /// Its name.
        name: Text,
        /// When it was released, as precisely as it is known.
        release_date: Option<Date>,
        /// How precise the date is said to be.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Why it cannot be played.
        restrictions: Option<Restrictions> = "restrictions" | "restriction",
        /// Where the user stopped; only with the scope `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// The show it belongs to.
        show: Option<Box<SimplifiedShow>>,
        /// Always `episode`.
        r#type: Option<ObjectType> = "type",
        /// Its URI.
        uri: Option<SpotifyUri>,
    }

    /// Where the user stopped in an episode or a chapter.
    ResumePoint {
        /// Whether the user has heard it to the end.
        fully_played: Option<bool>,
        /// The position in milliseconds; negative in some answers that say `fully_played`.
        resume_position_ms: Option<i64>,
    }

    /// An episode in the user's library.
    SavedEpisode {
        /// When it was saved.
        added_at: Option<Timestamp>,
        /// The episode.
        episode: Option<Box<Episode>>,
    }

    /// Several episodes.
    Episodes {
        /// The episodes, in the order in which they were asked for; `None` for an id without one.
        episodes: Vec<Option<Episode>>,
    }
}
