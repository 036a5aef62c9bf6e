//! Audiobooks without their chapters.

use super::common::{Copyright, ExternalUrls, Image, Markets, MediaType, ObjectType};
use crate::types::id::AudiobookId;
use crate::types::text::Text;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// An audiobook without its chapters, as contained in chapters and search results.
    ///
    /// Reference: [Get a Chapter](https://developer.spotify.com/documentation/web-api/reference/get-a-chapter).
    SimplifiedAudiobook {
        /// Authors; empty if the response has none.
        authors: Vec<Author>,
        /// Countries in which the audiobook is available. Deprecated; `None` in development mode.
        available_markets: Option<Markets>,
        /// Copyright notices; often empty.
        copyrights: Vec<Copyright>,
        /// Description of the audiobook as plain text, without HTML tags.
        description: Option<String>,
        /// Description of the audiobook, which may contain HTML tags.
        html_description: Option<String>,
        /// Edition, such as `Unabridged`.
        edition: Option<Text>,
        /// True if the audiobook has explicit content; also false if this is unknown.
        explicit: Option<bool>,
        /// Public URLs of the audiobook, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Web API URL of the audiobook.
        href: Option<Href>,
        /// Spotify ID of the audiobook.
        id: Option<AudiobookId>,
        /// Cover images, widest first; empty if the response has none.
        images: Vec<Image>,
        /// Languages as ISO 639 codes or as English names; empty if the response has none.
        languages: Vec<Text>,
        /// Media type of the chapters, usually audio.
        media_type: Option<MediaType>,
        /// Name of the audiobook; empty if the response has none.
        name: Text,
        /// Narrators; empty if the response has none.
        narrators: Vec<Narrator>,
        /// Publisher of the audiobook. Deprecated; `None` in development mode.
        publisher: Option<Text>,
        /// Type of the object: always `audiobook`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the audiobook; in most responses, `spotify:show:…` with the same id.
        uri: Option<SpotifyUri>,
        /// Number of chapters in the audiobook.
        total_chapters: Option<u32>,
    }

    /// Author of an audiobook.
    ///
    /// Reference: [Get an Audiobook](https://developer.spotify.com/documentation/web-api/reference/get-an-audiobook).
    Author {
        /// Full name of the author; empty if the response has none.
        name: Text,
    }

    /// Narrator of an audiobook.
    ///
    /// Reference: [Get an Audiobook](https://developer.spotify.com/documentation/web-api/reference/get-an-audiobook).
    Narrator {
        /// Full name of the narrator; empty if the response has none.
        name: Text,
    }
}
