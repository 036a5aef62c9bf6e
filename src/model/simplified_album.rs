//! Albums as tracks, searches and discographies show them.

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
        /// A long-playing record.
        Album = "album",
        /// A single.
        Single = "single",
        /// A compilation.
        Compilation = "compilation",
        /// An extended play; not documented, but sent.
        Ep = "ep",
    }

    /// Role of an artist in an album of a discography.
    AlbumGroup {
        /// An album of the artist.
        Album = "album",
        /// A single of the artist.
        Single = "single",
        /// A compilation with the artist.
        Compilation = "compilation",
        /// An album of others on which the artist appears.
        AppearsOn = "appears_on",
    }
}

model! {
    /// An album as tracks, searches and discographies show it: without its tracks.
    SimplifiedAlbum {
        /// Role of the artist; only in an artist's discography. Deprecated.
        album_group: Option<AlbumGroup>,
        /// Type.
        album_type: Option<AlbumType>,
        /// Artists.
        artists: Vec<SimplifiedArtist>,
        /// Markets in which it is available; absent if the request has a market. Deprecated.
        available_markets: Option<Markets>,
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Spotify ID; absent for albums of local files.
        id: Option<AlbumId>,
        /// Cover images, widest first.
        images: Vec<Image>,
        /// True if it can be played in the market of the request; undocumented.
        is_playable: Option<bool>,
        /// Name; empty if it was taken down.
        name: Text,
        /// Release date, with the precision that is known.
        release_date: Option<Date>,
        /// Precision of the release date, as the server names it.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Reason why it cannot be played; absent if it can.
        restrictions: Option<Restrictions>,
        /// Number of tracks.
        total_tracks: Option<u32>,
        /// Always `album`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI; absent for albums of local files.
        uri: Option<SpotifyUri>,
    }
}
