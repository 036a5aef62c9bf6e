//! Audiobooks as chapters and searches show them.

use super::common::{Copyright, ExternalUrls, Image, Markets, MediaType, ObjectType};
use crate::types::id::AudiobookId;
use crate::types::text::Text;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// An audiobook as chapters, searches and lists show it: without its chapters.
    SimplifiedAudiobook {
        /// Who wrote it.
        authors: Vec<Author>,
        /// Where it is available. Deprecated; gone for applications in development mode.
        available_markets: Option<Markets>,
        /// Copyright notices; often none.
        copyrights: Vec<Copyright>,
        /// What it is about, as plain text.
        description: Option<String>,
        /// What it is about, with HTML.
        html_description: Option<String>,
        /// The edition, such as `Unabridged`.
        edition: Option<Text>,
        /// Whether it has explicit content; `false` where that is unknown too.
        explicit: Option<bool>,
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// Its address in the API.
        href: Option<Href>,
        /// Its id.
        id: Option<AudiobookId>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Its languages, as ISO 639 codes or as English names.
        languages: Vec<Text>,
        /// What it is made of.
        media_type: Option<MediaType>,
        /// Its name.
        name: Text,
        /// Who reads it.
        narrators: Vec<Narrator>,
        /// Who publishes it. Deprecated; gone for applications in development mode.
        publisher: Option<Text>,
        /// Always `audiobook`.
        r#type: Option<ObjectType> = "type",
        /// Its URI; of kind show in most answers.
        uri: Option<SpotifyUri>,
        /// How many chapters it has.
        total_chapters: Option<u32>,
    }

    /// Who wrote an audiobook.
    Author {
        /// The author's name.
        name: Text,
    }

    /// Who reads an audiobook.
    Narrator {
        /// The narrator's name.
        name: Text,
    }
}
