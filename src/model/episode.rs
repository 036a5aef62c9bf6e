//! Episodes of shows.

use super::common::{ExternalUrls, Image, Markets, ObjectType, ReleaseDatePrecision, Restrictions};
use super::simplified_show::SimplifiedShow;
use crate::types::id::EpisodeId;
use crate::types::text::Text;
use crate::types::time::{Date, Timestamp};
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// An episode without its show, as contained in shows and search results.
    ///
    /// Reference:
    /// [Get Show Episodes](https://developer.spotify.com/documentation/web-api/reference/get-a-shows-episodes).
    SimplifiedEpisode {
        /// URL of a 30-second MP3 preview. Deprecated; often `None`.
        audio_preview_url: Option<String>,
        /// Description of the episode as plain text, without HTML tags.
        description: Option<String>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if the episode has explicit content; also false if this is unknown.
        explicit: Option<bool>,
        /// Public URLs of the episode, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Web API URL of the episode.
        href: Option<Href>,
        /// Description of the episode, which may contain HTML tags.
        html_description: Option<String>,
        /// Spotify ID of the episode.
        id: Option<EpisodeId>,
        /// Cover images, widest first; empty if the response has none.
        images: Vec<Image>,
        /// True if the episode is hosted outside Spotify's servers.
        is_externally_hosted: Option<bool>,
        /// True if the episode can be played in the market of the request; `None` if the request has no market.
        is_playable: Option<bool>,
        /// Language as an ISO 639 code. Deprecated in favor of `languages`.
        language: Option<Text>,
        /// Languages as ISO 639-1 codes; empty if the response has none.
        languages: Vec<Text>,
        /// Name of the episode; empty if the response has none.
        name: Text,
        /// Release date of the episode, with a precision of a day, a month or a year.
        release_date: Option<Date>,
        /// Precision of the release date, as stated by the server. [`Date::precision`](crate::Date::precision) is
        /// derived from the date itself.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Reason why the episode cannot be played; `None` if the episode can be played, or if the server gives no
        /// reason.
        restrictions: Option<Restrictions> = "restrictions" | "restriction",
        /// Position at which the user stopped; `None` unless the access token belongs to a user and has the scope
        /// `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// Type of the object: always `episode`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the episode.
        uri: Option<SpotifyUri>,
    }

    /// An episode with its show.
    ///
    /// Response to [`GetEpisode`](crate::api::GetEpisode), and part of playlists and playback states.
    ///
    /// Reference: [Get Episode](https://developer.spotify.com/documentation/web-api/reference/get-an-episode).
    Episode {
        /// URL of a 30-second MP3 preview. Deprecated; often `None`.
        audio_preview_url: Option<String>,
        /// Countries in which the episode is available. Undocumented; present only in the items of some playlists.
        available_markets: Option<Markets>,
        /// Description of the episode as plain text, without HTML tags.
        description: Option<String>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if the episode has explicit content; also false if this is unknown.
        explicit: Option<bool>,
        /// Public URLs of the episode, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Web API URL of the episode.
        href: Option<Href>,
        /// Description of the episode, which may contain HTML tags.
        html_description: Option<String>,
        /// Spotify ID of the episode.
        id: Option<EpisodeId>,
        /// Cover images, widest first; empty if the response has none.
        images: Vec<Image>,
        /// True if the episode is hosted outside Spotify's servers.
        is_externally_hosted: Option<bool>,
        /// True if the episode can be played in the market of the request; `None` if the request has no market.
        is_playable: Option<bool>,
        /// Language as an ISO 639 code. Deprecated in favor of `languages`.
        language: Option<Text>,
        /// Languages as ISO 639-1 codes; empty if the response has none.
        languages: Vec<Text>,
        /// Name of the episode; empty if the response has none.
        name: Text,
        /// Release date of the episode, with a precision of a day, a month or a year.
        release_date: Option<Date>,
        /// Precision of the release date, as stated by the server. [`Date::precision`](crate::Date::precision) is
        /// derived from the date itself.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Reason why the episode cannot be played; `None` if the episode can be played, or if the server gives no
        /// reason.
        restrictions: Option<Restrictions> = "restrictions" | "restriction",
        /// Position at which the user stopped; `None` unless the access token belongs to a user and has the scope
        /// `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// Show to which the episode belongs.
        show: Option<Box<SimplifiedShow>>,
        /// Type of the object: always `episode`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the episode.
        uri: Option<SpotifyUri>,
    }

    /// Position at which the user stopped in an episode or a chapter.
    ///
    /// Reference: [Get Episode](https://developer.spotify.com/documentation/web-api/reference/get-an-episode).
    ResumePoint {
        /// True if the user has played the episode or chapter to the end.
        fully_played: Option<bool>,
        /// Position in milliseconds from the start; negative in some responses with `fully_played: true`.
        resume_position_ms: Option<i64>,
    }

    /// An episode in the user's library.
    ///
    /// Reference:
    /// [Get User's Saved Episodes](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-episodes).
    SavedEpisode {
        /// Time at which the user saved the episode, in UTC.
        added_at: Option<Timestamp>,
        /// Episode; `None` if the response has none.
        episode: Option<Box<Episode>>,
    }

    /// Several episodes: the response to [`GetEpisodes`](crate::api::GetEpisodes).
    ///
    /// Reference:
    /// [Get Several Episodes](https://developer.spotify.com/documentation/web-api/reference/get-multiple-episodes).
    Episodes {
        /// One slot per requested id, in the same order; `None` if no episode has the id.
        episodes: Vec<Option<Episode>>,
    }
}
