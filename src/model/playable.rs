//! Items of playlists, queues and playback states: tracks, episodes and local files.

use std::collections::BTreeMap;

use serde::de::MapAccess;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::common::ObjectType;
use super::episode::Episode;
use super::simplified_show::SimplifiedShow;
use super::track::Track;
use super::unknown::{Json, UnknownItem, add_field};
use crate::types::id::{EpisodeId, ShowId};
use crate::types::resource_kind::ResourceKind;
use crate::types::text::Text;
use crate::types::uri::{Href, SpotifyUri, WebUrl};
use crate::wire::lenient::{
    FieldIndex, FieldName, Ignored, LenientDeserialize, LenientSeed, Model, ReadContext,
};

/// An item that can be played: a track, an episode or a local file.
///
/// The type is determined by the field `type` or, if `type` is absent or unknown, by the URI, the URLs and the other
/// fields.
///
/// Reference: [Get Playlist Items](https://developer.spotify.com/documentation/web-api/reference/get-playlists-items).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Playable {
    /// A track.
    Track(Box<Track>),
    /// An episode of a show.
    Episode(Box<Episode>),
    /// A local file of the user, which has names from its metadata but no id.
    Local(Box<Track>),
    /// An item whose type is unknown or cannot be determined from its fields.
    Unknown(Box<UnknownItem>),
}

impl Playable {
    /// Returns the track or the local file; `None` for other items.
    #[must_use]
    pub fn as_track(&self) -> Option<&Track> {
        match self {
            Self::Track(track) | Self::Local(track) => Some(track),
            Self::Episode(_) | Self::Unknown(_) => None,
        }
    }

    /// Returns the episode; `None` for other items.
    #[must_use]
    pub fn as_episode(&self) -> Option<&Episode> {
        match self {
            Self::Episode(episode) => Some(episode),
            _ => None,
        }
    }

    /// Returns the name; empty if the response has none.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Track(track) | Self::Local(track) => &track.name,
            Self::Episode(episode) => &episode.name,
            Self::Unknown(item) => &item.name,
        }
    }

    /// Returns the Spotify URI; `None` if the response has none.
    #[must_use]
    pub fn uri(&self) -> Option<&SpotifyUri> {
        match self {
            Self::Track(track) | Self::Local(track) => track.uri.as_ref(),
            Self::Episode(episode) => episode.uri.as_ref(),
            Self::Unknown(item) => item.uri.as_ref(),
        }
    }

    /// Returns the duration in milliseconds; `None` if the response has none.
    #[must_use]
    pub fn duration_ms(&self) -> Option<u64> {
        match self {
            Self::Track(track) | Self::Local(track) => track.duration_ms,
            Self::Episode(episode) => episode.duration_ms,
            Self::Unknown(item) => item.duration_ms,
        }
    }
}

/// Converts to `Local` if the track is a local file, and to `Track` otherwise.
impl From<Track> for Playable {
    fn from(track: Track) -> Self {
        let track = Box::new(track);
        if is_local_file(&track) { Self::Local(track) } else { Self::Track(track) }
    }
}

impl From<Episode> for Playable {
    fn from(episode: Episode) -> Self {
        Self::Episode(Box::new(episode))
    }
}

impl LenientDeserialize for Playable {
    fn from_map<'de, A: MapAccess<'de>>(
        map: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        context.allocate(size_of::<Track>())?;
        let mut item = Item::default();
        Ok(item.fill(map, context)?.then(|| item.into_playable()))
    }
}

impl Serialize for Playable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Track(track) | Self::Local(track) => track.serialize(serializer),
            Self::Episode(episode) => episode.serialize(serializer),
            Self::Unknown(item) => item.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Playable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::lenient::object(deserializer, "Playable")
    }
}

/// Fields of an item whose kind is determined after the last field, because `type` may be the last field.
#[derive(Default)]
pub(super) struct Item {
    /// Fields of tracks, some of which episodes also have.
    track: Box<Track>,
    /// Fields that only episodes have.
    episode: Option<Box<Episode>>,
    /// Keys of tracks that were found, one bit per index.
    track_keys: u64,
    /// Keys of episodes that were found, one bit per index.
    episode_keys: u64,
    /// Value of the undocumented field `track`.
    is_track: Option<bool>,
    /// Value of the undocumented field `episode`.
    is_episode: Option<bool>,
    /// All other fields that were read before a known `type`.
    other: BTreeMap<Text, String>,
}

impl Item {
    /// Reads an object; returns whether the object is empty or has a field of a track or an episode.
    pub(super) fn fill<'de, A: MapAccess<'de>>(
        &mut self,
        mut map: A,
        context: &ReadContext<'de>,
    ) -> Result<bool, A::Error> {
        let (mut of_tracks, mut of_episodes) = (FieldIndex::new(Track::KEYS), FieldIndex::new(Episode::KEYS));
        let (mut is_empty, mut is_known) = (true, false);
        while let Some(FieldName(key)) = map.next_key()? {
            is_empty = false;
            if let Some(field) = of_tracks.find(&key) {
                self.track_keys |= bit(of_tracks.place());
                self.track.read_field(field, &mut map, context)?;
            } else if let Some(field) = of_episodes.find(&key) {
                self.episode_keys |= bit(of_episodes.place());
                self.episode(context)?.read_field(field, &mut map, context)?;
            } else {
                self.read_other(&key, &mut map, context)?;
                continue;
            }
            is_known = true;
        }
        Ok(is_empty || is_known)
    }

    fn episode<E: serde::de::Error>(&mut self, context: &ReadContext<'_>) -> Result<&mut Episode, E> {
        if self.episode.is_none() {
            context.allocate(size_of::<Episode>())?;
        }
        Ok(self.episode.get_or_insert_default())
    }

    /// Reads a field that is documented neither for tracks nor for episodes.
    fn read_other<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        map: &mut A,
        context: &ReadContext<'de>,
    ) -> Result<(), A::Error> {
        match key {
            "track" => self.is_track = map.next_value_seed(LenientSeed::new(context))?,
            "episode" => self.is_episode = map.next_value_seed(LenientSeed::new(context))?,
            _ if matches!(self.track.r#type, Some(ObjectType::Track | ObjectType::Episode)) => {
                map.next_value::<Ignored>()?;
            }
            _ => {
                if let Some(Json(value)) = map.next_value_seed(LenientSeed::new(context))? {
                    context.allocate_entry::<Text, String, _>(self.other.len())?;
                    add_field(&mut self.other, key, &value);
                }
            }
        }
        Ok(())
    }

    /// Returns the kind, derived from the type or otherwise from the URI, a URL or the other fields; `None` if the kind
    /// is unknown.
    fn kind(&self) -> Option<ResourceKind> {
        let track = &self.track;
        match &track.r#type {
            Some(ObjectType::Track) => return Some(ResourceKind::Track),
            Some(ObjectType::Episode) => return Some(ResourceKind::Episode),
            _ => {}
        }
        if is_local_file(track) {
            return Some(ResourceKind::Track);
        }
        let web = track.external_urls.as_ref().and_then(|urls| urls.spotify.as_ref());
        match track.uri.as_ref().and_then(SpotifyUri::kind) {
            Some(kind @ (ResourceKind::Track | ResourceKind::Episode)) => return Some(kind),
            Some(_) => return None,
            None => {}
        }
        let addressed = [track.href.as_ref().and_then(Href::kind), web.and_then(WebUrl::kind)];
        let addressed = addressed
            .into_iter()
            .flatten()
            .find(|kind| matches!(kind, ResourceKind::Track | ResourceKind::Episode));
        addressed.or_else(|| self.kind_by_fields())
    }

    fn kind_by_fields(&self) -> Option<ResourceKind> {
        let track = &self.track;
        if self.episode.as_ref().is_some_and(|it| has_deciding_value(it)) {
            return Some(ResourceKind::Episode);
        }
        if track.album.is_some() || !track.artists.is_empty() || track.track_number.is_some() {
            return Some(ResourceKind::Track);
        }
        if track.r#type.is_some() {
            return None;
        }
        match (self.is_track, self.is_episode) {
            (_, Some(true)) => return Some(ResourceKind::Episode),
            (Some(true), _) => return Some(ResourceKind::Track),
            _ => {}
        }
        // Values take precedence over keys with absent values.
        let has_values =
            (has_track_value(track), self.episode.as_ref().is_some_and(|it| has_episode_value(it)));
        let has_keys = (
            has_own_key::<Track, Episode>(self.track_keys),
            has_own_key::<Episode, Track>(self.episode_keys),
        );
        [has_values, has_keys].into_iter().find_map(|evidence| match evidence {
            (true, false) => Some(ResourceKind::Track),
            (false, true) => Some(ResourceKind::Episode),
            _ => None,
        })
    }

    fn into_playable(mut self) -> Playable {
        match self.kind() {
            Some(ResourceKind::Track) => {
                let older = self.episode.take().and_then(|episode| episode.restrictions);
                self.track.restrictions = self.track.restrictions.take().or(older);
                if is_local_file(&self.track) {
                    Playable::Local(self.track)
                } else {
                    Playable::Track(self.track)
                }
            }
            Some(ResourceKind::Episode) => Playable::Episode(self.into_episode()),
            _ => Playable::Unknown(Box::new(self.into_unknown())),
        }
    }

    fn into_episode(self) -> Box<Episode> {
        let (track, mut episode) = (*self.track, self.episode.unwrap_or_default());
        // An episode sent as a track has its show in `album` and the publisher in `artists`.
        let publisher = track.artists.into_iter().next().map(|artist| artist.name);
        let mut show =
            SimplifiedShow { publisher: publisher.filter(|name| !name.is_empty()), ..Default::default() };
        if let Some(album) = track.album {
            if episode.images.is_empty() {
                episode.images.clone_from(&album.images);
            }
            show.available_markets = album.available_markets;
            show.external_urls = album.external_urls;
            show.href = album.href;
            show.id = album.id.and_then(|id| ShowId::from_text(id.as_str()));
            show.images = album.images;
            show.name = album.name;
            show.r#type = album.r#type;
            show.uri = album.uri;
        }
        if episode.show.is_none() && show != SimplifiedShow::default() {
            episode.show = Some(Box::new(show));
        }
        episode.audio_preview_url = episode.audio_preview_url.take().or(track.preview_url);
        episode.available_markets = track.available_markets;
        episode.duration_ms = track.duration_ms;
        episode.explicit = track.explicit;
        episode.external_urls = track.external_urls;
        episode.href = track.href;
        episode.id = track.id.and_then(|id| EpisodeId::from_text(id.as_str()));
        episode.is_playable = track.is_playable;
        episode.name = track.name;
        episode.restrictions = track.restrictions.or(episode.restrictions.take());
        episode.r#type = track.r#type;
        episode.uri = track.uri;
        episode
    }

    /// Converts the fields to an unknown item. Fields that only tracks or only episodes have are converted to JSON
    /// text.
    pub(super) fn into_unknown(self) -> UnknownItem {
        let (mut track, mut episode) = (self.track, self.episode.unwrap_or_default());
        let mut item = UnknownItem { other: self.other, ..UnknownItem::default() };
        item.available_markets = track.available_markets.take();
        item.duration_ms = track.duration_ms.take();
        item.explicit = track.explicit.take();
        item.external_urls = track.external_urls.take();
        item.href = track.href.take();
        item.id = track.id.take().map(|id| Text::from(id.as_str()));
        item.is_playable = track.is_playable.take();
        item.name = std::mem::take(&mut track.name);
        item.restrictions = track.restrictions.take().or(episode.restrictions.take());
        item.r#type = track.r#type.take();
        item.uri = track.uri.take();
        for fields in [serde_json::to_value(track), serde_json::to_value(episode)] {
            let Ok(serde_json::Value::Object(fields)) = fields else { continue };
            fields
                .iter()
                .filter(|(key, _)| *key != "name")
                .for_each(|(key, value)| add_field(&mut item.other, key, value));
        }
        for (key, flag) in [("track", self.is_track), ("episode", self.is_episode)] {
            add_field(&mut item.other, key, &flag.into());
        }
        item
    }
}

fn is_local_file(track: &Track) -> bool {
    track.is_local == Some(true) || track.uri.as_ref().is_some_and(|uri| uri.local_file().is_some())
}

/// Returns the bit for an index. Every model has fewer than 64 keys.
fn bit(place: usize) -> u64 {
    1_u64.checked_shl(u32::try_from(place).unwrap_or(u32::MAX)).unwrap_or_default()
}

/// Returns whether one of the keys belongs to `T` but not to `U`.
fn has_own_key<T: Model, U: Model>(found: u64) -> bool {
    let is_own = |key: &str| key != "restriction" && !U::KEYS.iter().any(|(other, _)| *other == key);
    (1..).zip(T::KEYS).any(|(place, (key, _))| found & bit(place) != 0 && is_own(key))
}

/// Returns whether any field that only tracks have is present.
fn has_track_value(track: &Track) -> bool {
    track.album.is_some()
        || !track.artists.is_empty()
        || track.disc_number.is_some()
        || track.external_ids.is_some()
        || track.is_local.is_some()
        || track.linked_from.is_some()
        || track.popularity.is_some()
        || track.preview_url.is_some()
        || track.track_number.is_some()
}

/// Returns whether any field that only episodes have is present.
fn has_episode_value(episode: &Episode) -> bool {
    has_deciding_value(episode)
        || episode.html_description.is_some()
        || !episode.images.is_empty()
        || episode.is_externally_hosted.is_some()
        || episode.language.is_some()
        || !episode.languages.is_empty()
        || episode.release_date.is_some()
        || episode.release_date_precision.is_some()
}

/// Returns whether any field is present that identifies an episode even if fields of a track are present.
fn has_deciding_value(episode: &Episode) -> bool {
    episode.show.is_some()
        || episode.resume_point.is_some()
        || episode.audio_preview_url.is_some()
        || episode.description.is_some()
}

impl LenientDeserialize for UnknownItem {
    fn from_map<'de, A: MapAccess<'de>>(
        map: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        let mut item = Item::default();
        Ok(item.fill(map, context)?.then(|| item.into_unknown()))
    }
}

impl<'de> Deserialize<'de> for UnknownItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::lenient::object(deserializer, "UnknownItem")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Playable {
        let playable: Playable = serde_json::from_str(json).expect(json);
        let again = serde_json::to_string(&playable).expect("JSON");
        assert_eq!(serde_json::from_str::<Playable>(&again).expect("JSON"), playable, "{again}");
        playable
    }

    #[test]
    fn the_type_may_be_the_last_key_and_capitalized() {
        let episode = read(r#"{"name": "e", "duration_ms": 5, "album": {}, "type": "Episode"}"#);
        assert_eq!(episode.as_episode().map(|episode| episode.name.as_str()), Some("e"));
        let track = read(r#"{"name": "t", "show": {}, "duration_ms": 5.0, "type": "TRACK"}"#);
        assert_eq!(track.as_track().and_then(|track| track.duration_ms), Some(5));
    }

    #[test]
    fn the_uri_or_the_other_fields_determine_the_kind_if_the_type_is_absent() {
        for (json, is_track) in [
            (r#"{"uri": "spotify:track:6rqhFgbbKwnb9MLmUQDhG6", "description": "d"}"#, true),
            (r#"{"uri": "spotify:episode:6rqhFgbbKwnb9MLmUQDhG6", "album": {}}"#, false),
            (r#"{"type": null, "album": {"name": "a"}}"#, true),
            (r#"{"artists": [{"name": "a"}]}"#, true),
            (r#"{"show": {"name": "s"}, "artists": [{"name": "a"}]}"#, false),
            (r#"{"type": 7, "audio_preview_url": "https://p.scdn.co/x"}"#, false),
        ] {
            let playable = read(json);
            assert_eq!(playable.as_track().is_some(), is_track, "{json}");
            assert_eq!(playable.as_episode().is_some(), !is_track, "{json}");
        }
    }

    #[test]
    fn a_file_of_the_user_is_a_local_file() {
        for json in [
            r#"{"type": "track", "id": null, "uri": "spotify:local:a:b:c:233", "name": "c"}"#,
            r#"{"uri": "spotify:local:a:b:c:233", "name": "c"}"#,
            r#"{"is_local": true, "name": "c"}"#,
        ] {
            let playable = read(json);
            assert!(matches!(playable, Playable::Local(_)), "{json}");
            assert_eq!(playable.as_track().map(|track| track.name.as_str()), Some("c"));
        }
    }

    #[test]
    fn an_item_of_a_new_type_is_unknown() {
        let json = r#"{"type": "hologram", "id": "1", "uri": "spotify:hologram:1", "name": "h", "depth": 3}"#;
        let playable = read(json);
        assert!(matches!(playable, Playable::Unknown(_)));
        assert_eq!((playable.name(), playable.duration_ms()), ("h", None));
        assert_eq!(playable.uri().map(ToString::to_string).as_deref(), Some("spotify:hologram:1"));
        assert!(serde_json::to_string(&playable).expect("JSON").contains(r#""type":"hologram""#));
    }

    /// Without `additional_types`, playlists contain episodes in this form.
    #[test]
    fn an_episode_in_the_form_of_a_track_is_an_episode() {
        let json = r#"{
            "album": {"album_type": null, "name": "s", "type": "show", "release_date": null},
            "artists": [{"name": "p", "type": "REALPODCASTNOTMUSIC123"}],
            "disc_number": 0, "duration_ms": 1763000, "episode": true, "track": true, "is_local": false,
            "external_ids": {"spotify": "3SqVmXE1QTaxRhmtbX2RgH"}, "id": "3SqVmXE1QTaxRhmtbX2RgH",
            "name": "e", "popularity": 0, "type": "episode", "uri": "spotify:episode:3SqVmXE1QTaxRhmtbX2RgH"
        }"#;
        let playable = read(json);
        let episode = playable.as_episode().expect("an episode");
        assert_eq!((episode.name.as_str(), episode.duration_ms), ("e", Some(1_763_000)));
    }

    #[test]
    fn an_episode_sent_as_a_track_retains_its_show_publisher_images_and_preview() {
        let json = r#"{
            "type": "episode", "name": "e", "preview_url": "https://p.scdn.co/mp3-preview/1",
            "artists": [{"name": "Paper Radio", "type": "artist", "id": null}],
            "album": {
                "type": "show", "name": "s", "id": "5CfCWKI5pZ28U0uOzXkDHe", "uri": "spotify:show:5CfCWKI5pZ28U0uOzXkDHe",
                "href": "https://api.spotify.com/v1/shows/5CfCWKI5pZ28U0uOzXkDHe", "available_markets": ["SE"],
                "external_urls": {"spotify": "https://open.spotify.com/show/5CfCWKI5pZ28U0uOzXkDHe"},
                "images": [{"url": "https://i.scdn.co/image/1", "width": 640, "height": 640}]
            }
        }"#;
        let playable = read(json);
        let episode = playable.as_episode().expect("an episode");
        let show = episode.show.as_ref().expect("a show");
        assert_eq!((show.name.as_str(), show.publisher.as_deref()), ("s", Some("Paper Radio")));
        assert_eq!(show.id.as_ref().map(ShowId::as_str), Some("5CfCWKI5pZ28U0uOzXkDHe"));
        assert_eq!(show.uri.as_ref().and_then(SpotifyUri::kind), Some(ResourceKind::Show));
        assert_eq!(show.r#type, Some(ObjectType::Show));
        assert!(show.href.is_some() && show.external_urls.is_some() && show.available_markets.is_some());
        assert_eq!((episode.images.len(), show.images.len()), (1, 1));
        assert_eq!(episode.audio_preview_url.as_deref(), Some("https://p.scdn.co/mp3-preview/1"));
        // The fields of an episode take precedence.
        let json = r#"{"type": "episode", "show": {"name": "own"}, "album": {"name": "other"}, "audio_preview_url": "a",
            "preview_url": "b", "artists": [{"name": "p"}]}"#;
        let playable = read(json);
        let episode = playable.as_episode().expect("an episode");
        assert_eq!(episode.show.as_ref().map(|show| show.name.as_str()), Some("own"));
        assert_eq!(episode.audio_preview_url.as_deref(), Some("a"));
    }

    #[test]
    fn the_remaining_fields_determine_the_kind_of_a_filtered_item() {
        for (json, is_track) in [
            (r#"{"name": "t", "disc_number": 1}"#, true),
            (r#"{"name": "t", "popularity": 5, "duration_ms": 7}"#, true),
            (r#"{"name": "t", "external_ids": {"isrc": "1"}}"#, true),
            (r#"{"name": "t", "preview_url": "https://p.scdn.co/1"}"#, true),
            (r#"{"name": "t", "preview_url": null}"#, true),
            (r#"{"name": "t", "is_local": false}"#, true),
            (r#"{"name": "t", "artists": []}"#, true),
            (r#"{"name": "t", "track": true, "episode": false}"#, true),
            (r#"{"name": "t", "href": "https://api.spotify.com/v1/tracks/6rqhFgbbKwnb9MLmUQDhG6"}"#, true),
            (
                r#"{"external_urls": {"spotify": "https://open.spotify.com/track/6rqhFgbbKwnb9MLmUQDhG6"}}"#,
                true,
            ),
            (r#"{"name": "e", "languages": ["sv"]}"#, false),
            (r#"{"name": "e", "release_date": "2024-01-02"}"#, false),
            (r#"{"name": "e", "images": [{"url": "x"}]}"#, false),
            (r#"{"name": "e", "html_description": "x", "preview_url": null}"#, false),
            (r#"{"name": "e", "resume_point": null}"#, false),
            (r#"{"name": "e", "track": true, "episode": true}"#, false),
            (r#"{"name": "e", "href": "https://api.spotify.com/v1/episodes/6rqhFgbbKwnb9MLmUQDhG6"}"#, false),
        ] {
            let playable = read(json);
            assert_eq!(playable.as_track().is_some(), is_track, "{json}");
            assert_eq!(playable.as_episode().is_some(), !is_track, "{json}");
        }
    }

    #[test]
    fn an_item_of_unknown_kind_retains_all_its_fields() {
        for json in [
            r#"{"name":"x","duration_ms":5,"explicit":true,"id":"6rqhFgbbKwnb9MLmUQDhG6","is_playable":false}"#,
            r#"{"name":"x","available_markets":["SE"],"restrictions":{"reason":"market"}}"#,
            r#"{"name":"x","popularity":5,"languages":["sv"]}"#,
            r#"{"name":"x","type":"hologram","depth":[1.5,{"a":null,"b":-2}],"images":[{"url":"u"}],"episode":false}"#,
            r#"{"name":"x","uri":"spotify:album:6rqhFgbbKwnb9MLmUQDhG6","artists":[{"name":"a"}],"show":{"name":"s"},"other":1}"#,
        ] {
            let playable = read(json);
            let Playable::Unknown(item) = &playable else { panic!("{json}: {playable:?}") };
            let written = serde_json::to_value(item).expect("JSON");
            let sent: serde_json::Value = serde_json::from_str(json).expect("JSON");
            for (key, value) in sent.as_object().expect("an object") {
                // Nested models also serialize empty lists.
                let is_model = matches!(key.as_str(), "show" | "artists");
                assert!(
                    written.get(key).is_some_and(|kept| is_model || kept == value),
                    "{key} of {json}: {written}"
                );
            }
            assert_eq!(serde_json::from_value::<UnknownItem>(written).expect("an item"), **item, "{json}");
        }
        let read = read(r#"{"name": "x", "duration_ms": 5, "depth": "3"}"#);
        let Playable::Unknown(item) = &read else { panic!("{read:?}") };
        assert_eq!((read.name(), read.duration_ms()), ("x", Some(5)));
        assert_eq!(item.other.get("depth").map(String::as_str), Some(r#""3""#));
    }
}
