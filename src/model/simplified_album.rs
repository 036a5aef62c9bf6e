//! Albums without their tracks.

use super::artist::SimplifiedArtist;
use super::common::{ExternalUrls, Image, Markets, ObjectType, ReleaseDatePrecision, Restrictions};
use crate::types::id::AlbumId;
use crate::types::text::Text;
use crate::types::time::Date;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// Type of an album.
    AlbumType {
        /// A full-length album.
        Album = "album",
        /// A single.
        Single = "single",
        /// A compilation of tracks from other releases.
        Compilation = "compilation",
        /// An EP (extended play). Undocumented, but sent by the server.
        Ep = "ep",
    }

    /// Relation of an album to the artist in whose discography it is listed.
    AlbumGroup {
        /// A full-length album of the artist.
        Album = "album",
        /// A single of the artist.
        Single = "single",
        /// A compilation that includes the artist.
        Compilation = "compilation",
        /// An album of other artists to which the artist contributed.
        AppearsOn = "appears_on",
    }
}

model! {
    /// An album without its tracks, as contained in tracks, search results and discographies.
    ///
    /// Reference:
    /// [Get Artist's Albums](https://developer.spotify.com/documentation/web-api/reference/get-an-artists-albums).
    SimplifiedAlbum {
        /// Relation of the album to the artist; present only in the response to
        /// [`GetArtistAlbums`](crate::api::GetArtistAlbums). Deprecated; `None` in development mode.
        album_group: Option<AlbumGroup>,
        /// Type of the album; `None` for albums of local files.
        album_type: Option<AlbumType>,
        /// Artists of the album; empty for albums of local files.
        artists: Vec<SimplifiedArtist>,
        /// Countries in which at least one track is available. Deprecated; `None` in development mode, and usually if
        /// the request has a market.
        available_markets: Option<Markets>,
        /// Public URLs of the album, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Web API URL of the album; `None` for albums of local files.
        href: Option<Href>,
        /// Spotify ID of the album; `None` for albums of local files.
        id: Option<AlbumId>,
        /// Cover images, widest first; empty for albums of local files.
        images: Vec<Image>,
        /// True if the album can be played in the market of the request. Undocumented; `None` if the request has no
        /// market.
        is_playable: Option<bool>,
        /// Name of the album; empty if the album was taken down.
        name: Text,
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
        /// Type of the object: always `album`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the album; `None` for albums of local files.
        uri: Option<SpotifyUri>,
    }
}
