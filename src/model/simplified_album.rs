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
    /// The kind of an album.
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

    /// How an artist takes part in an album of a discography.
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
        /// How the artist takes part; only in an artist's discography. Deprecated.
        album_group: Option<AlbumGroup>,
        /// Its kind.
        album_type: Option<AlbumType>,
        /// Who made it.
        artists: Vec<SimplifiedArtist>,
        /// Where it is available; only when no market applies. Deprecated.
        available_markets: Option<Markets>,
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// Its address in the API.
        href: Option<Href>,
        /// Its id; absent for albums of local files.
        id: Option<AlbumId>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Whether it can be played in the market that applies; not documented.
        is_playable: Option<bool>,
        /// Its name; empty where it was taken down.
        name: Text,
        /// When it was released, as precisely as it is known.
        release_date: Option<Date>,
        /// How precise the date is said to be.
        release_date_precision: Option<ReleaseDatePrecision>,
        /// Why it cannot be played.
        restrictions: Option<Restrictions>,
        /// How many tracks it has.
        total_tracks: Option<u32>,
        /// Always `album`.
        r#type: Option<ObjectType> = "type",
        /// Its URI; absent for albums of local files.
        uri: Option<SpotifyUri>,
    }
}
