//! Tracks and episodes in one place: playlists, the queue and the player mix them.

use serde::de::MapAccess;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::album::SimplifiedAlbum;
use super::artist::SimplifiedArtist;
use super::common::{
    ExternalIds, ExternalUrls, Image, Markets, ObjectType, ReleaseDatePrecision, Restrictions,
};
use super::episode::{Episode, ResumePoint};
use super::show::SimplifiedShow;
use super::track::{LinkedTrack, Track};
use crate::id::{EpisodeId, Kind, TrackId};
use crate::lenient::{Read, model};
use crate::link::{Href, Uri};
use crate::text::Text;
use crate::time::Date;

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

    /// Every field of [`Track`] and [`Episode`], because the `type` that decides may come last.
    #[allow(unreachable_pub, reason = "declared like all models, but private")]
    Item {
        /// Of tracks.
        album: Option<SimplifiedAlbum>,
        /// Of tracks.
        artists: Vec<SimplifiedArtist>,
        /// Of episodes.
        audio_preview_url: Option<String>,
        /// Of both.
        available_markets: Option<Markets>,
        /// Of episodes.
        description: Option<String>,
        /// Of tracks.
        disc_number: Option<u32>,
        /// Of both.
        duration_ms: Option<u64>,
        /// Of both.
        explicit: Option<bool>,
        /// Of tracks.
        external_ids: Option<ExternalIds>,
        /// Of both.
        external_urls: Option<ExternalUrls>,
        /// Of both.
        href: Option<Href>,
        /// Of episodes.
        html_description: Option<String>,
        /// Of both.
        id: Option<Text>,
        /// Of episodes.
        images: Vec<Image>,
        /// Of episodes.
        is_externally_hosted: Option<bool>,
        /// Of tracks.
        is_local: Option<bool>,
        /// Of both.
        is_playable: Option<bool>,
        /// Of episodes.
        language: Option<Text>,
        /// Of episodes.
        languages: Vec<Text>,
        /// Of tracks.
        linked_from: Option<Box<LinkedTrack>>,
        /// Of both.
        name: Text,
        /// Of tracks.
        popularity: Option<u32>,
        /// Of tracks.
        preview_url: Option<String>,
        /// Of episodes.
        release_date: Option<Date>,
        /// Of episodes.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Of both.
        restrictions: Option<Restrictions> = "restrictions" | "restriction",
        /// Of episodes.
        resume_point: Option<ResumePoint>,
        /// Of episodes.
        show: Option<Box<SimplifiedShow>>,
        /// Of tracks.
        track_number: Option<u32>,
        /// Of both.
        r#type: Option<ObjectType> = "type",
        /// Of both.
        uri: Option<Uri>,
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
        Ok(Item::from_map(map)?.map(Self::from))
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

impl Item {
    /// What it is: by its type, else by its URI, else by the fields that it has.
    fn kind(&self) -> Option<Kind> {
        match &self.r#type {
            Some(ObjectType::Track) => return Some(Kind::Track),
            Some(ObjectType::Episode) => return Some(Kind::Episode),
            _ => {}
        }
        if self.is_local_file() {
            return Some(Kind::Track);
        }
        match self.uri.as_ref().and_then(Uri::kind) {
            Some(kind @ (Kind::Track | Kind::Episode)) => Some(kind),
            Some(_) => None,
            None if self.show.is_some()
                || self.resume_point.is_some()
                || self.audio_preview_url.is_some()
                || self.description.is_some() =>
            {
                Some(Kind::Episode)
            }
            None if self.album.is_some() || !self.artists.is_empty() || self.track_number.is_some() => {
                Some(Kind::Track)
            }
            None => None,
        }
    }

    fn is_local_file(&self) -> bool {
        self.is_local == Some(true) || self.uri.as_ref().is_some_and(|uri| uri.local_file().is_some())
    }
}

impl From<Item> for Playable {
    fn from(item: Item) -> Self {
        match item.kind() {
            Some(Kind::Track) if item.is_local_file() => Self::Local(Box::new(item.into())),
            Some(Kind::Track) => Self::Track(Box::new(item.into())),
            Some(Kind::Episode) => Self::Episode(Box::new(item.into())),
            _ => Self::Unknown(Box::new(item.into())),
        }
    }
}

impl From<Item> for Track {
    fn from(item: Item) -> Self {
        Self {
            album: item.album,
            artists: item.artists,
            available_markets: item.available_markets,
            disc_number: item.disc_number,
            duration_ms: item.duration_ms,
            explicit: item.explicit,
            external_ids: item.external_ids,
            external_urls: item.external_urls,
            href: item.href,
            id: item.id.and_then(|id| TrackId::from_text(&id)),
            is_playable: item.is_playable,
            linked_from: item.linked_from,
            restrictions: item.restrictions,
            name: item.name,
            popularity: item.popularity,
            preview_url: item.preview_url,
            track_number: item.track_number,
            r#type: item.r#type,
            uri: item.uri,
            is_local: item.is_local,
        }
    }
}

impl From<Item> for Episode {
    fn from(item: Item) -> Self {
        Self {
            audio_preview_url: item.audio_preview_url,
            available_markets: item.available_markets,
            description: item.description,
            html_description: item.html_description,
            duration_ms: item.duration_ms,
            explicit: item.explicit,
            external_urls: item.external_urls,
            href: item.href,
            id: item.id.and_then(|id| EpisodeId::from_text(&id)),
            images: item.images,
            is_externally_hosted: item.is_externally_hosted,
            is_playable: item.is_playable,
            language: item.language,
            languages: item.languages,
            name: item.name,
            release_date: item.release_date,
            release_date_precision: item.release_date_precision,
            resume_point: item.resume_point,
            r#type: item.r#type,
            uri: item.uri,
            restrictions: item.restrictions,
            show: item.show,
        }
    }
}

impl From<Item> for UnknownItem {
    fn from(item: Item) -> Self {
        Self {
            r#type: item.r#type,
            id: item.id,
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
