//! Albums.

use super::artist::SimplifiedArtist;
use super::common::{
    Copyright, ExternalIds, ExternalUrls, Image, Markets, ObjectType, ReleaseDatePrecision, Restrictions,
};
use super::page::Page;
use super::simplified_album::{AlbumType, SimplifiedAlbum};
use super::track::SimplifiedTrack;
use crate::types::id::AlbumId;
use crate::types::text::Text;
use crate::types::time::{Date, Timestamp};
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// An album with its first tracks.
    Album {
        /// Its kind.
        album_type: Option<AlbumType>,
        /// Who made it.
        artists: Vec<SimplifiedArtist>,
        /// Where it is available; only when no market applies. Deprecated.
        available_markets: Option<Markets>,
        /// Copyright notices.
        copyrights: Vec<Copyright>,
        /// What others call it.
        external_ids: Option<ExternalIds>,
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// Always empty. Deprecated.
        genres: Option<Vec<Text>>,
        /// Its address in the API.
        href: Option<Href>,
        /// Its id.
        id: Option<AlbumId>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Whether it can be played in the market that applies; not documented.
        is_playable: Option<bool>,
        /// The label. Deprecated; gone for applications in development mode.
        label: Option<Text>,
        /// Its name; empty where it was taken down.
        name: Text,
        /// From 0 to 100. Deprecated; gone for applications in development mode.
        popularity: Option<u32>,
        /// When it was released, as precisely as it is known.
        release_date: Option<Date>,
        /// How precise the date is said to be.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Why it cannot be played.
        restrictions: Option<Restrictions>,
        /// How many tracks it has.
        total_tracks: Option<u32>,
        /// Its first tracks, up to 50; [`GetAlbumTracks`](crate::api::GetAlbumTracks) has the rest.
        tracks: Option<Page<SimplifiedTrack>>,
        /// Always `album`.
        r#type: Option<ObjectType> = "type",
        /// Its URI.
        uri: Option<SpotifyUri>,
    }
    /// An album in the user's library.
    SavedAlbum {
        /// When it was saved.
        added_at: Option<Timestamp>,
        /// The album.
        album: Option<Box<Album>>,
    }

    /// Several albums.
    Albums {
        /// The albums, in the order in which they were asked for; `None` for an id without one.
        albums: Vec<Option<Album>>,
    }

    /// New albums that Spotify features. Deprecated.
    NewReleases {
        /// The albums.
        albums: Page<SimplifiedAlbum>,
    }
}
