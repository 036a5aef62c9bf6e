//! Tracks and episodes in one place: playlists, the queue and the player mix them.

use serde::de::MapAccess;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::common::{ExternalUrls, ObjectType};
use super::episode::Episode;
use super::track::Track;
use crate::id::{EpisodeId, Kind};
use crate::lenient::{Key, Keys, Model as _, Read, Skip, model};
use crate::link::{Href, Uri};
use crate::text::Text;

/// What can be played: a track, an episode, a local file.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Playable {
    /// A track.
    Track(Box<Track>),
    /// An episode of a show.
    Episode(Box<Episode>),
    /// A file on the user's disk, with what its tags say; it has no id.
    Local(Box<Track>),
    /// Something that this version does not know.
    Unknown(Box<UnknownItem>),
}

model! {
    /// Something to play that is neither track nor episode.
    UnknownItem {
        /// What it is.
        r#type: Option<ObjectType> = "type",
        /// Its id.
        id: Option<Text>,
        /// Its name.
        name: Text,
        /// Its URI.
        uri: Option<Uri>,
        /// Its address in the API.
        href: Option<Href>,
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
    }
}

impl Playable {
    /// The track, a local file's too.
    #[must_use]
    pub fn as_track(&self) -> Option<&Track> {
        match self {
            Self::Track(track) | Self::Local(track) => Some(track),
            Self::Episode(_) | Self::Unknown(_) => None,
        }
    }

    /// The episode.
    #[must_use]
    pub fn as_episode(&self) -> Option<&Episode> {
        match self {
            Self::Episode(episode) => Some(episode),
            _ => None,
        }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Track(track) | Self::Local(track) => &track.name,
            Self::Episode(episode) => &episode.name,
            Self::Unknown(item) => &item.name,
        }
    }

    /// The URI.
    #[must_use]
    pub fn uri(&self) -> Option<&Uri> {
        match self {
            Self::Track(track) | Self::Local(track) => track.uri.as_ref(),
            Self::Episode(episode) => episode.uri.as_ref(),
            Self::Unknown(item) => item.uri.as_ref(),
        }
    }

    /// Length in milliseconds.
    #[must_use]
    pub fn duration_ms(&self) -> Option<u64> {
        match self {
            Self::Track(track) | Self::Local(track) => track.duration_ms,
            Self::Episode(episode) => episode.duration_ms,
            Self::Unknown(_) => None,
        }
    }
}

impl Read for Playable {
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        let mut item = Item::default();
        Ok(item.fill(map)?.then(|| item.into_playable()))
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
        crate::lenient::object(deserializer, "Playable")
    }
}

/// What may be a track or an episode until all is read, because the `type` that decides may come last.
#[derive(Default)]
struct Item {
    /// What tracks have, episodes too or not.
    track: Box<Track>,
    /// What only episodes have.
    episode: Option<Box<Episode>>,
}

impl Item {
    /// Reads an object; tells whether it was one of this kind.
    fn fill<'de, A: MapAccess<'de>>(&mut self, mut map: A) -> Result<bool, A::Error> {
        let (mut of_tracks, mut of_episodes) = (Keys::new(Track::KEYS), Keys::new(Episode::KEYS));
        let (mut is_empty, mut is_known) = (true, false);
        while let Some(Key(key)) = map.next_key()? {
            is_empty = false;
            if let Some(field) = of_tracks.find(&key) {
                self.track.read_field(field, &mut map)?;
            } else if let Some(field) = of_episodes.find(&key) {
                self.episode.get_or_insert_default().read_field(field, &mut map)?;
            } else {
                map.next_value::<Skip>()?;
                continue;
            }
            is_known = true;
        }
        Ok(is_empty || is_known)
    }

    /// What it is: by its type, else by its URI, else by the fields that it has.
    fn kind(&self) -> Option<Kind> {
        let track = &self.track;
        match &track.r#type {
            Some(ObjectType::Track) => return Some(Kind::Track),
            Some(ObjectType::Episode) => return Some(Kind::Episode),
            _ => {}
        }
        if self.is_local_file() {
            return Some(Kind::Track);
        }
        match track.uri.as_ref().and_then(Uri::kind) {
            Some(kind @ (Kind::Track | Kind::Episode)) => Some(kind),
            Some(_) => None,
            None if self.episode.as_ref().is_some_and(|episode| is_told(episode)) => Some(Kind::Episode),
            None if track.album.is_some() || !track.artists.is_empty() || track.track_number.is_some() => {
                Some(Kind::Track)
            }
            None => None,
        }
    }

    fn is_local_file(&self) -> bool {
        let track = &self.track;
        track.is_local == Some(true) || track.uri.as_ref().is_some_and(|uri| uri.local_file().is_some())
    }

    fn into_playable(mut self) -> Playable {
        match self.kind() {
            Some(Kind::Track) => {
                let older = self.episode.take().and_then(|episode| episode.restrictions);
                self.track.restrictions = self.track.restrictions.take().or(older);
                let is_local = self.is_local_file();
                if is_local { Playable::Local(self.track) } else { Playable::Track(self.track) }
            }
            Some(Kind::Episode) => Playable::Episode(self.into_episode()),
            _ => Playable::Unknown(Box::new((*self.track).into())),
        }
    }

    fn into_episode(self) -> Box<Episode> {
        let (track, mut episode) = (*self.track, self.episode.unwrap_or_default());
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
}

/// Whether it says something that only episodes say.
fn is_told(episode: &Episode) -> bool {
    episode.show.is_some()
        || episode.resume_point.is_some()
        || episode.audio_preview_url.is_some()
        || episode.description.is_some()
}

impl From<Track> for UnknownItem {
    fn from(item: Track) -> Self {
        Self {
            r#type: item.r#type,
            id: item.id.map(|id| Text::from(id.as_str())),
            name: item.name,
            uri: item.uri,
            href: item.href,
            external_urls: item.external_urls,
        }
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
    fn the_type_may_come_last_and_in_capitals() {
        let episode = read(r#"{"name": "e", "duration_ms": 5, "album": {}, "type": "Episode"}"#);
        assert_eq!(episode.as_episode().map(|episode| episode.name.as_str()), Some("e"));
        let track = read(r#"{"name": "t", "show": {}, "duration_ms": 5.0, "type": "TRACK"}"#);
        assert_eq!(track.as_track().and_then(|track| track.duration_ms), Some(5));
    }

    #[test]
    fn without_a_type_the_uri_decides_and_without_a_uri_the_fields() {
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
    fn a_file_on_disk_is_local() {
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
    fn something_new_is_kept_as_unknown() {
        let json = r#"{"type": "hologram", "id": "1", "uri": "spotify:hologram:1", "name": "h", "depth": 3}"#;
        let playable = read(json);
        assert!(matches!(playable, Playable::Unknown(_)));
        assert_eq!((playable.name(), playable.duration_ms()), ("h", None));
        assert_eq!(playable.uri().map(ToString::to_string).as_deref(), Some("spotify:hologram:1"));
        assert!(serde_json::to_string(&playable).expect("JSON").contains(r#""type":"hologram""#));
    }

    /// What playlists hold when episodes were not asked for.
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
}
