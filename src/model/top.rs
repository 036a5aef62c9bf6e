//! The user's favourites, when the type is not known beforehand.

use serde::de::MapAccess;
use serde::{Deserialize, Deserializer, Serialize};

use super::album::SimplifiedAlbum;
use super::artist::{Artist, SimplifiedArtist};
use super::common::{ExternalIds, ExternalUrls, Followers, Image, Markets, ObjectType, Restrictions};
use super::track::{LinkedTrack, Track};
use crate::id::{ArtistId, Kind, TrackId};
use crate::lenient::{Read, model};
use crate::link::{Href, Uri};
use crate::text::Text;

/// One of the user's favourites.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum TopItem {
    /// An artist.
    Artist(Box<Artist>),
    /// A track.
    Track(Box<Track>),
}

model! {
    /// Every field of [`Artist`] and [`Track`], because the `type` that decides may come last.
    #[allow(unreachable_pub, reason = "declared like all models, but private")]
    Item {
        /// Of tracks.
        album: Option<SimplifiedAlbum>,
        /// Of tracks.
        artists: Vec<SimplifiedArtist>,
        /// Of tracks.
        available_markets: Option<Markets>,
        /// Of tracks.
        disc_number: Option<u32>,
        /// Of tracks.
        duration_ms: Option<u64>,
        /// Of tracks.
        explicit: Option<bool>,
        /// Of tracks.
        external_ids: Option<ExternalIds>,
        /// Of both.
        external_urls: Option<ExternalUrls>,
        /// Of artists.
        followers: Option<Followers>,
        /// Of artists.
        genres: Option<Vec<Text>>,
        /// Of both.
        href: Option<Href>,
        /// Of both.
        id: Option<Text>,
        /// Of artists.
        images: Vec<Image>,
        /// Of tracks.
        is_local: Option<bool>,
        /// Of tracks.
        is_playable: Option<bool>,
        /// Of tracks.
        linked_from: Option<Box<LinkedTrack>>,
        /// Of both.
        name: Text,
        /// Of both.
        popularity: Option<u32>,
        /// Of tracks.
        preview_url: Option<String>,
        /// Of tracks.
        restrictions: Option<Restrictions>,
        /// Of tracks.
        track_number: Option<u32>,
        /// Of both.
        r#type: Option<ObjectType> = "type",
        /// Of both.
        uri: Option<Uri>,
    }
}

impl Item {
    /// By the type, else by the URI, else by what only tracks have.
    fn is_track(&self) -> bool {
        match (&self.r#type, self.uri.as_ref().and_then(Uri::kind)) {
            (Some(ObjectType::Track), _) => true,
            (Some(ObjectType::Artist), _) => false,
            (_, Some(kind)) => kind == Kind::Track,
            _ => self.album.is_some() || self.duration_ms.is_some(),
        }
    }

    fn into_artist(self) -> Artist {
        Artist {
            external_urls: self.external_urls,
            followers: self.followers,
            genres: self.genres,
            href: self.href,
            id: self.id.as_deref().and_then(ArtistId::from_text),
            images: self.images,
            name: self.name,
            popularity: self.popularity,
            r#type: self.r#type,
            uri: self.uri,
        }
    }

    fn into_track(self) -> Track {
        Track {
            album: self.album,
            artists: self.artists,
            available_markets: self.available_markets,
            disc_number: self.disc_number,
            duration_ms: self.duration_ms,
            explicit: self.explicit,
            external_ids: self.external_ids,
            external_urls: self.external_urls,
            href: self.href,
            id: self.id.as_deref().and_then(TrackId::from_text),
            is_playable: self.is_playable,
            linked_from: self.linked_from,
            restrictions: self.restrictions,
            name: self.name,
            popularity: self.popularity,
            preview_url: self.preview_url,
            track_number: self.track_number,
            r#type: self.r#type,
            uri: self.uri,
            is_local: self.is_local,
        }
    }
}

impl Read for TopItem {
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Ok(Item::from_map(map)?.map(|item| {
            if item.is_track() {
                Self::Track(Box::new(item.into_track()))
            } else {
                Self::Artist(Box::new(item.into_artist()))
            }
        }))
    }
}

impl<'de> Deserialize<'de> for TopItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::lenient::object(deserializer, "TopItem")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_decides_wherever_it_stands() {
        for (json, is_track) in [
            (r#"{"name":"a","type":"track"}"#, true),
            (r#"{"type":"artist","name":"a"}"#, false),
            (r#"{"name":"a","uri":"spotify:track:x"}"#, true),
            (r#"{"name":"a","duration_ms":1}"#, true),
            (r#"{"name":"a","genres":[]}"#, false),
        ] {
            let item: TopItem = serde_json::from_str(json).expect(json);
            assert_eq!(matches!(item, TopItem::Track(_)), is_track, "{json}");
        }
    }
}
