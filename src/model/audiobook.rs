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
    /// An audiobook with its first chapters.
    Audiobook {
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
        /// Its first chapters, up to 50; [`GetAudiobookChapters`](crate::api::GetAudiobookChapters) has the rest.
        chapters: Option<Page<SimplifiedChapter>>,
    }

    /// Several audiobooks.
    Audiobooks {
        /// The audiobooks, in the order in which they were asked for; `None` for an id without one.
        audiobooks: Vec<Option<Audiobook>>,
    }
}

/// An audiobook in the user's library.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SavedAudiobook {
    /// When it was saved; absent where the server lists the audiobooks themselves.
    pub added_at: Option<Timestamp>,
    /// The audiobook, usually without its chapters.
    pub audiobook: Option<Box<Audiobook>>,
}

/// `{"added_at", "audiobook"}` like all that is saved, or the audiobook itself, as Spotify's description has it.
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

/// In the form that it was read from.
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

/// The entries of a saved audiobook: keeps those of the envelope, hands on those of an audiobook.
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
    fn a_saved_audiobook_comes_in_two_forms() {
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
