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
    /// A chapter as audiobooks list it: without its audiobook.
    SimplifiedChapter {
        /// Address of a preview of 30 seconds. Deprecated; often absent.
        audio_preview_url: Option<String>,
        /// Markets in which it is available. Deprecated; absent for applications in development mode.
        available_markets: Option<Markets>,
        /// Position in the audiobook, from 0.
        chapter_number: Option<u32>,
        /// Description as plain text; often empty.
        description: Option<String>,
        /// Description with HTML tags; often empty.
        html_description: Option<String>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if it has explicit content; false also if that is unknown.
        explicit: Option<bool>,
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Spotify ID.
        id: Option<ChapterId>,
        /// Cover images, widest first.
        images: Vec<Image>,
        /// True if it can be played in the market of the request.
        is_playable: Option<bool>,
        /// Languages as ISO 639-1 codes.
        languages: Vec<Text>,
        /// Name.
        name: Text,
        /// Release date, with the precision that is known.
        release_date: Option<Date>,
        /// Precision of the release date, as the server names it.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Position at which the user stopped; needs the scope `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// `episode` in the reference, `chapter` in most responses.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
        /// Reason why it cannot be played; absent if it can.
        restrictions: Option<Restrictions> = "restrictions" | "restriction",
    }

    /// A chapter of an audiobook.
    Chapter {
        /// Address of a preview of 30 seconds. Deprecated; often absent.
        audio_preview_url: Option<String>,
        /// Markets in which it is available. Deprecated; absent for applications in development mode.
        available_markets: Option<Markets>,
        /// Position in the audiobook, from 0.
        chapter_number: Option<u32>,
        /// Description as plain text; often empty.
        description: Option<String>,
        /// Description with HTML tags; often empty.
        html_description: Option<String>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if it has explicit content; false also if that is unknown.
        explicit: Option<bool>,
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Spotify ID.
        id: Option<ChapterId>,
        /// Cover images, widest first.
        images: Vec<Image>,
        /// True if it can be played in the market of the request.
        is_playable: Option<bool>,
        /// Languages as ISO 639-1 codes.
        languages: Vec<Text>,
        /// Name.
        name: Text,
        /// Release date, with the precision that is known.
        release_date: Option<Date>,
        /// Precision of the release date, as the server names it.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Position at which the user stopped; needs the scope `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// `episode` in the reference, `chapter` in most responses.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
        /// Reason why it cannot be played; absent if it can.
        restrictions: Option<Restrictions> = "restrictions" | "restriction",
        /// The audiobook it belongs to.
        audiobook: Option<Box<SimplifiedAudiobook>>,
    }

    /// Several chapters.
    Chapters {
        /// The chapters, in the order in which they were asked for; `None` for an id without one.
        chapters: Vec<Option<Chapter>>,
    }
}
