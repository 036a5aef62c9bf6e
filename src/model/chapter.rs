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
        /// A preview of 30 seconds. Deprecated; often absent.
        audio_preview_url: Option<String>,
        /// Where it is available. Deprecated; gone for applications in development mode.
        available_markets: Option<Markets>,
        /// Its place in the audiobook, from 0.
        chapter_number: Option<u32>,
        /// What it is about, as plain text; often empty.
        description: Option<String>,
        /// What it is about, with HTML; often empty.
        html_description: Option<String>,
        /// Length in milliseconds.
        duration_ms: Option<u64>,
        /// Whether it has explicit content; `false` where that is unknown too.
        explicit: Option<bool>,
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// Its address in the API.
        href: Option<Href>,
        /// Its id.
        id: Option<ChapterId>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Whether it can be played in the market that applies.
        is_playable: Option<bool>,
        /// Its languages, as ISO 639-1 codes.
        languages: Vec<Text>,
        /// Its name.
        name: Text,
        /// When it was released, as precisely as it is known.
        release_date: Option<Date>,
        /// How precise the date is said to be.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Where the user stopped; only with the scope `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// `episode` by the description, `chapter` in most answers.
        r#type: Option<ObjectType> = "type",
        /// Its URI.
        uri: Option<SpotifyUri>,
        /// Why it cannot be played.
        restrictions: Option<Restrictions> = "restrictions" | "restriction",
    }

    /// A chapter of an audiobook.
    Chapter {
        /// A preview of 30 seconds. Deprecated; often absent.
        audio_preview_url: Option<String>,
        /// Where it is available. Deprecated; gone for applications in development mode.
        available_markets: Option<Markets>,
        /// Its place in the audiobook, from 0.
        chapter_number: Option<u32>,
        /// What it is about, as plain text; often empty.
        description: Option<String>,
        /// What it is about, with HTML; often empty.
        html_description: Option<String>,
        /// Length in milliseconds.
        duration_ms: Option<u64>,
        /// Whether it has explicit content; `false` where that is unknown too.
        explicit: Option<bool>,
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// Its address in the API.
        href: Option<Href>,
        /// Its id.
        id: Option<ChapterId>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Whether it can be played in the market that applies.
        is_playable: Option<bool>,
        /// Its languages, as ISO 639-1 codes.
        languages: Vec<Text>,
        /// Its name.
        name: Text,
        /// When it was released, as precisely as it is known.
        release_date: Option<Date>,
        /// How precise the date is said to be.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Where the user stopped; only with the scope `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// `episode` by the description, `chapter` in most answers.
        r#type: Option<ObjectType> = "type",
        /// Its URI.
        uri: Option<SpotifyUri>,
        /// Why it cannot be played.
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
