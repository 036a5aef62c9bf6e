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
        /// Type.
        album_type: Option<AlbumType>,
        /// Artists.
        artists: Vec<SimplifiedArtist>,
        /// Markets in which it is available; absent if the request has a market. Deprecated.
        available_markets: Option<Markets>,
        /// Copyright notices.
        copyrights: Vec<Copyright>,
        /// Identifiers in other systems, such as UPC and ISRC.
        external_ids: Option<ExternalIds>,
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// Always empty. Deprecated.
        genres: Option<Vec<Text>>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Spotify ID.
        id: Option<AlbumId>,
        /// Cover images, widest first.
        images: Vec<Image>,
        /// True if it can be played in the market of the request; undocumented.
        is_playable: Option<bool>,
        /// Record label. Deprecated; absent for applications in development mode.
        label: Option<Text>,
        /// Name; empty if it was taken down.
        name: Text,
        /// Popularity from 0 to 100. Deprecated; absent for applications in development mode.
        popularity: Option<u32>,
        /// Release date, with the precision that is known.
        release_date: Option<Date>,
        /// Precision of the release date, as the server names it.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Reason why it cannot be played; absent if it can.
        restrictions: Option<Restrictions>,
        /// Number of tracks.
        total_tracks: Option<u32>,
        /// Its first tracks, up to 50; [`GetAlbumTracks`](crate::api::GetAlbumTracks) has the rest.
        tracks: Option<Page<SimplifiedTrack>>,
        /// Always `album`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
    }
    /// An album in the user's library.
    SavedAlbum {
        /// Time at which it was saved.
        added_at: Option<Timestamp>,
        /// The album.
        album: Option<Box<Album>>,
    }

    /// Several albums.
    Albums {
        /// Albums in the order of the requested ids; `None` for an unknown id.
        albums: Vec<Option<Album>>,
    }

    /// New albums that Spotify features. Deprecated.
    NewReleases {
        /// The albums.
        albums: Page<SimplifiedAlbum>,
    }
}
