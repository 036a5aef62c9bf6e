//! Audiobooks as chapters and searches show them.

use super::common::{Copyright, ExternalUrls, Image, Markets, MediaType, ObjectType};
use crate::types::id::AudiobookId;
use crate::types::text::Text;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// An audiobook as chapters, searches and lists show it: without its chapters.
    SimplifiedAudiobook {
        /// Authors.
        authors: Vec<Author>,
        /// Markets in which it is available. Deprecated; absent for applications in development mode.
        available_markets: Option<Markets>,
        /// Copyright notices; often empty.
        copyrights: Vec<Copyright>,
        /// Description as plain text.
        description: Option<String>,
        /// Description, with HTML tags.
        html_description: Option<String>,
        /// Edition, such as `Unabridged`.
        edition: Option<Text>,
        /// True if it has explicit content; false also if that is unknown.
        explicit: Option<bool>,
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Spotify ID.
        id: Option<AudiobookId>,
        /// Cover images, widest first.
        images: Vec<Image>,
        /// Languages as ISO 639 codes or as English names.
        languages: Vec<Text>,
        /// Type of the media, such as `audio`.
        media_type: Option<MediaType>,
        /// Name.
        name: Text,
        /// Narrators.
        narrators: Vec<Narrator>,
        /// Publisher. Deprecated; absent for applications in development mode.
        publisher: Option<Text>,
        /// Always `audiobook`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI; of the kind show in most responses.
        uri: Option<SpotifyUri>,
        /// Number of chapters.
        total_chapters: Option<u32>,
    }

    /// Author of an audiobook.
    Author {
        /// The author's name.
        name: Text,
    }

    /// Narrator of an audiobook.
    Narrator {
        /// The narrator's name.
        name: Text,
    }
}
