//! Chapters of audiobooks.

use super::common::{ExternalUrls, Image, Markets, ObjectType, ReleaseDatePrecision, Restrictions};
use super::episode::ResumePoint;
use super::simplified_audiobook::SimplifiedAudiobook;
use crate::types::id::ChapterId;
use crate::types::text::Text;
use crate::types::time::Date;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// A chapter without its audiobook, as contained in audiobooks.
    ///
    /// Reference:
    /// [Get Audiobook Chapters](https://developer.spotify.com/documentation/web-api/reference/get-audiobook-chapters).
    SimplifiedChapter {
        /// URL of a 30-second MP3 preview. Deprecated; often `None`.
        audio_preview_url: Option<String>,
        /// Countries in which the chapter is available. Deprecated; `None` in development mode.
        available_markets: Option<Markets>,
        /// Zero-based position of the chapter in the audiobook.
        chapter_number: Option<u32>,
        /// Description of the chapter as plain text, without HTML tags; often empty.
        description: Option<String>,
        /// Description of the chapter, which may contain HTML tags; often empty.
        html_description: Option<String>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if the chapter has explicit content; also false if this is unknown.
        explicit: Option<bool>,
        /// Public URLs of the chapter, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Web API URL of the chapter.
        href: Option<Href>,
        /// Spotify ID of the chapter.
        id: Option<ChapterId>,
        /// Cover images, widest first; empty if the response has none.
        images: Vec<Image>,
        /// True if the chapter can be played in the market of the request; `None` if the request has no market.
        is_playable: Option<bool>,
        /// Languages as ISO 639-1 codes; empty if the response has none.
        languages: Vec<Text>,
        /// Name of the chapter; empty if the response has none.
        name: Text,
        /// Release date of the chapter, with a precision of a day, a month or a year.
        release_date: Option<Date>,
        /// Precision of the release date, as stated by the server. [`Date::precision`](crate::Date::precision) is
        /// derived from the date itself.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Position at which the user stopped; `None` unless the access token belongs to a user and has the scope
        /// `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// Type of the object: `episode` in the reference, `chapter` in most responses.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the chapter; in most responses, `spotify:episode:…` with the same id.
        uri: Option<SpotifyUri>,
        /// Reason why the chapter cannot be played; `None` if the chapter can be played, or if the server gives no
        /// reason.
        restrictions: Option<Restrictions> = "restrictions" | "restriction",
    }

    /// A chapter with its audiobook.
    ///
    /// Response to [`GetChapter`](crate::api::GetChapter). Audiobooks are available only in the US, the UK, Canada,
    /// Ireland, New Zealand and Australia.
    ///
    /// Reference: [Get a Chapter](https://developer.spotify.com/documentation/web-api/reference/get-a-chapter).
    Chapter {
        /// URL of a 30-second MP3 preview. Deprecated; often `None`.
        audio_preview_url: Option<String>,
        /// Countries in which the chapter is available. Deprecated; `None` in development mode.
        available_markets: Option<Markets>,
        /// Zero-based position of the chapter in the audiobook.
        chapter_number: Option<u32>,
        /// Description of the chapter as plain text, without HTML tags; often empty.
        description: Option<String>,
        /// Description of the chapter, which may contain HTML tags; often empty.
        html_description: Option<String>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if the chapter has explicit content; also false if this is unknown.
        explicit: Option<bool>,
        /// Public URLs of the chapter, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Web API URL of the chapter.
        href: Option<Href>,
        /// Spotify ID of the chapter.
        id: Option<ChapterId>,
        /// Cover images, widest first; empty if the response has none.
        images: Vec<Image>,
        /// True if the chapter can be played in the market of the request; `None` if the request has no market.
        is_playable: Option<bool>,
        /// Languages as ISO 639-1 codes; empty if the response has none.
        languages: Vec<Text>,
        /// Name of the chapter; empty if the response has none.
        name: Text,
        /// Release date of the chapter, with a precision of a day, a month or a year.
        release_date: Option<Date>,
        /// Precision of the release date, as stated by the server. [`Date::precision`](crate::Date::precision) is
        /// derived from the date itself.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Position at which the user stopped; `None` unless the access token belongs to a user and has the scope
        /// `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// Type of the object: `episode` in the reference, `chapter` in most responses.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the chapter; in most responses, `spotify:episode:…` with the same id.
        uri: Option<SpotifyUri>,
        /// Reason why the chapter cannot be played; `None` if the chapter can be played, or if the server gives no
        /// reason.
        restrictions: Option<Restrictions> = "restrictions" | "restriction",
        /// Audiobook to which the chapter belongs.
        audiobook: Option<Box<SimplifiedAudiobook>>,
    }

    /// Several chapters: the response to [`GetChapters`](crate::api::GetChapters).
    ///
    /// Reference:
    /// [Get Several Chapters](https://developer.spotify.com/documentation/web-api/reference/get-several-chapters).
    Chapters {
        /// One slot per requested id, in the same order; `None` if no chapter with the id is available in the market.
        chapters: Vec<Option<Chapter>>,
    }
}
