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
        /// Address of a preview of 30 seconds. Deprecated; often absent.
        audio_preview_url: Option<String>,
        /// Description as plain text.
        description: Option<String>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if it has explicit content; false also if that is unknown.
        explicit: Option<bool>,
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Description, with HTML tags.
        html_description: Option<String>,
        /// Spotify ID.
        id: Option<EpisodeId>,
        /// Cover images, widest first.
        images: Vec<Image>,
        /// True if it is hosted outside of Spotify.
        is_externally_hosted: Option<bool>,
        /// True if it can be played in the market of the request.
        is_playable: Option<bool>,
        /// Language as an ISO 639 code. Deprecated: use `languages`.
        language: Option<Text>,
        /// Languages as ISO 639-1 codes.
        languages: Vec<Text>,
        /// Name.
        name: Text,
        /// Release date, with the precision that is known.
        release_date: Option<Date>,
        /// Precision of the release date, as the server names it.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Reason why it cannot be played; absent if it can.
        restrictions: Option<Restrictions> = "restrictions" | "restriction",
        /// Position at which the user stopped; needs the scope `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// Always `episode`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
    }

    /// An episode of a show.
    Episode {
        /// Address of a preview of 30 seconds. Deprecated; often absent.
        audio_preview_url: Option<String>,
        /// Where it is available; not documented, only in playlists.
        available_markets: Option<Markets>,
        /// Description as plain text.
        description: Option<String>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if it has explicit content; false also if that is unknown.
        explicit: Option<bool>,
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Description, with HTML tags.
        html_description: Option<String>,
        /// Spotify ID.
        id: Option<EpisodeId>,
        /// Cover images, widest first.
        images: Vec<Image>,
        /// True if it is hosted outside of Spotify.
        is_externally_hosted: Option<bool>,
        /// True if it can be played in the market of the request.
        is_playable: Option<bool>,
        /// Language as an ISO 639 code. Deprecated: use `languages`.
        language: Option<Text>,
        /// Languages as ISO 639-1 codes.
        languages: Vec<Text>,
        /// Name.
        name: Text,
        /// Release date, with the precision that is known.
        release_date: Option<Date>,
        /// Precision of the release date, as the server names it.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Reason why it cannot be played; absent if it can.
        restrictions: Option<Restrictions> = "restrictions" | "restriction",
        /// Position at which the user stopped; needs the scope `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// The show it belongs to.
        show: Option<Box<SimplifiedShow>>,
        /// Always `episode`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
    }

    /// Position at which the user stopped in an episode or a chapter.
    ResumePoint {
        /// True if the user has heard it to the end.
        fully_played: Option<bool>,
        /// The position in milliseconds; negative in some answers that say `fully_played`.
        resume_position_ms: Option<i64>,
    }

    /// An episode in the user's library.
    SavedEpisode {
        /// Time at which it was saved.
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
