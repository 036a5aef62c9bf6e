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
    /// An album with the first page of its tracks.
    ///
    /// Response to [`GetAlbum`](crate::api::GetAlbum).
    ///
    /// Reference: [Get Album](https://developer.spotify.com/documentation/web-api/reference/get-an-album).
    Album {
        /// Type of the album.
        album_type: Option<AlbumType>,
        /// Artists of the album.
        artists: Vec<SimplifiedArtist>,
        /// Countries in which at least one track is available. Deprecated; `None` in development mode, and usually if
        /// the request has a market.
        available_markets: Option<Markets>,
        /// Copyright notices; empty if the response has none.
        copyrights: Vec<Copyright>,
        /// Identifiers of the album in other systems, such as its UPC.
        external_ids: Option<ExternalIds>,
        /// Public URLs of the album, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Genres of the album. Deprecated: always empty.
        genres: Option<Vec<Text>>,
        /// Web API URL of the album.
        href: Option<Href>,
        /// Spotify ID of the album.
        id: Option<AlbumId>,
        /// Cover images, widest first.
        images: Vec<Image>,
        /// True if the album can be played in the market of the request. Undocumented; `None` if the request has no
        /// market.
        is_playable: Option<bool>,
        /// Record label. Deprecated; `None` in development mode.
        label: Option<Text>,
        /// Name of the album; empty if the album was taken down.
        name: Text,
        /// Popularity from 0 to 100. Deprecated; `None` in development mode.
        popularity: Option<u32>,
        /// Release date of the album, with a precision of a day, a month or a year; the year `0000` if the date is
        /// unknown.
        release_date: Option<Date>,
        /// Precision of the release date, as stated by the server. [`Date::precision`](crate::Date::precision) is
        /// derived from the date itself.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Reason why the album cannot be played; `None` if the album can be played, or if the server gives no reason.
        restrictions: Option<Restrictions>,
        /// Number of tracks on the album.
        total_tracks: Option<u32>,
        /// First page of the tracks (at most 50); [`GetAlbumTracks`](crate::api::GetAlbumTracks) reads the remaining
        /// tracks.
        tracks: Option<Page<SimplifiedTrack>>,
        /// Type of the object: always `album`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the album.
        uri: Option<SpotifyUri>,
    }
    /// An album in the user's library.
    ///
    /// Reference:
    /// [Get User's Saved Albums](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-albums).
    SavedAlbum {
        /// Time at which the user saved the album, in UTC.
        added_at: Option<Timestamp>,
        /// Album with the first page of its tracks; `None` if the response has none.
        album: Option<Box<Album>>,
    }

    /// Several albums: the response to [`GetAlbums`](crate::api::GetAlbums).
    ///
    /// Reference:
    /// [Get Several Albums](https://developer.spotify.com/documentation/web-api/reference/get-multiple-albums).
    Albums {
        /// One slot per requested id, in the same order; `None` if no album has the id.
        albums: Vec<Option<Album>>,
    }

    /// New releases: the response to [`GetNewReleases`](crate::api::GetNewReleases). Deprecated.
    ///
    /// Reference: [Get New Releases](https://developer.spotify.com/documentation/web-api/reference/get-new-releases).
    NewReleases {
        /// Page of the new releases that Spotify features.
        albums: Page<SimplifiedAlbum>,
    }
}
