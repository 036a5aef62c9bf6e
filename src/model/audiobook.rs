//! Audiobooks.

use super::chapter::SimplifiedChapter;
use super::common::{Copyright, ExternalUrls, Image, Markets, MediaType, ObjectType};
use super::page::Page;
use super::simplified_audiobook::{Author, Narrator};
use crate::types::id::AudiobookId;
use crate::types::text::Text;
use crate::types::time::Timestamp;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::{FieldName, LenientDeserialize, LenientSeed, ReadContext, model};
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

model! {
    /// An audiobook with the first page of its chapters.
    ///
    /// Response to [`GetAudiobook`](crate::api::GetAudiobook). Audiobooks are available only in the US, the UK, Canada,
    /// Ireland, New Zealand and Australia.
    ///
    /// Reference: [Get an Audiobook](https://developer.spotify.com/documentation/web-api/reference/get-an-audiobook).
    Audiobook {
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
        /// First page of the chapters (at most 50); [`GetAudiobookChapters`](crate::api::GetAudiobookChapters) reads
        /// the remaining chapters.
        chapters: Option<Page<SimplifiedChapter>>,
    }

    /// Several audiobooks: the response to [`GetAudiobooks`](crate::api::GetAudiobooks).
    ///
    /// Reference:
    /// [Get Several Audiobooks](https://developer.spotify.com/documentation/web-api/reference/get-multiple-audiobooks).
    Audiobooks {
        /// One slot per requested id, in the same order; `None` if no audiobook with the id is available in the market.
        audiobooks: Vec<Option<Audiobook>>,
    }
}

/// An audiobook in the user's library.
///
/// The server sends either an object with both fields or, as documented in the reference, only the audiobook. Both
/// forms are accepted.
///
/// Reference:
/// [Get User's Saved Audiobooks](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-audiobooks).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SavedAudiobook {
    /// Time at which the user saved the audiobook, in UTC; `None` if the response contains only the audiobook.
    pub added_at: Option<Timestamp>,
    /// Audiobook, usually without its chapters; `None` if the response has none.
    pub audiobook: Option<Box<Audiobook>>,
}

/// Reads either `{"added_at", "audiobook"}`, as for other saved items, or the audiobook itself, as documented in the
/// reference.
impl LenientDeserialize for SavedAudiobook {
    fn from_map<'de, A: MapAccess<'de>>(
        map: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        context.allocate(size_of::<Audiobook>())?;
        let mut saved = Self::default();
        let mut is_bare = false;
        let bare = Audiobook::from_map(
            Envelope { map, context, saved: &mut saved, is_bare: &mut is_bare },
            context,
        )?;
        let is_known = bare.is_some() || saved != Self::default();
        if is_bare && saved.audiobook.is_none() {
            saved.audiobook = bare.map(Box::new);
        }
        Ok(is_known.then_some(saved))
    }
}

/// Writes the audiobook itself if `added_at` is `None`, and otherwise an object with both fields.
impl Serialize for SavedAudiobook {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let (None, Some(audiobook)) = (&self.added_at, &self.audiobook) {
            return audiobook.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        if let Some(added_at) = &self.added_at {
            map.serialize_entry("added_at", added_at)?;
        }
        if let Some(audiobook) = &self.audiobook {
            map.serialize_entry("audiobook", audiobook)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for SavedAudiobook {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::lenient::object(deserializer, "SavedAudiobook")
    }
}

/// Entries of a saved audiobook. The entries of the envelope are stored in `saved`; all other entries are passed on to
/// the audiobook.
struct Envelope<'a, 'de, A> {
    map: A,
    context: &'a ReadContext<'de>,
    saved: &'a mut SavedAudiobook,
    is_bare: &'a mut bool,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Envelope<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(FieldName(key)) = self.map.next_key()? {
            match &*key {
                "added_at" => {
                    self.saved.added_at = self.map.next_value_seed(LenientSeed::new(self.context))?
                }
                "audiobook" => {
                    self.saved.audiobook = self.map.next_value_seed(LenientSeed::new(self.context))?
                }
                _ => {
                    *self.is_bare = true;
                    return seed.deserialize(key.into_deserializer()).map(Some);
                }
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_audiobook_is_read_from_either_form() {
        let bare = r#"{"name":"b","total_chapters":2}"#;
        let wrapped =
            r#"{"added_at": "2024-01-02T03:04:05Z", "audiobook": {"name": "b", "total_chapters": 2}}"#;
        for (json, is_dated) in [(bare, false), (wrapped, true)] {
            let saved: SavedAudiobook = serde_json::from_str(json).expect(json);
            assert_eq!(saved.added_at.is_some(), is_dated);
            let audiobook = saved.audiobook.as_ref().expect("an audiobook");
            assert_eq!((audiobook.name.as_str(), audiobook.total_chapters), ("b", Some(2)));
            let again = serde_json::to_string(&saved).expect("JSON");
            assert_eq!(again.contains("added_at"), is_dated, "{again}");
            assert_eq!(serde_json::from_str::<SavedAudiobook>(&again).expect("JSON"), saved);
        }
    }

    #[test]
    fn a_saved_audiobook_may_lack_either_part() {
        for json in ["{}", r#"{"added_at": null, "audiobook": null}"#, r#"{"audiobook": 7}"#] {
            let saved: SavedAudiobook = serde_json::from_str(json).expect(json);
            assert_eq!(saved, SavedAudiobook::default(), "{json}");
        }
        assert!(serde_json::from_str::<SavedAudiobook>(r#"{"error": 1}"#).is_err());
    }
}
