//! Artists.

use super::common::{ExternalUrls, Followers, Image, ObjectType};
use super::page::CursorPage;
use crate::types::id::ArtistId;
use crate::types::text::Text;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// An artist as albums and tracks name it.
    SimplifiedArtist {
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// Its address in the API.
        href: Option<Href>,
        /// Its id; absent for artists of local files.
        id: Option<ArtistId>,
        /// Its name.
        name: Text,
        /// Always `artist`.
        r#type: Option<ObjectType> = "type",
        /// Its URI; absent for artists of local files.
        uri: Option<SpotifyUri>,
    }

    /// An artist.
    Artist {
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// How many follow it. Deprecated; gone for applications in development mode.
        followers: Option<Followers>,
        /// Its genres. Deprecated; often empty.
        genres: Option<Vec<Text>>,
        /// Its address in the API.
        href: Option<Href>,
        /// Its id.
        id: Option<ArtistId>,
        /// Pictures, widest first.
        images: Vec<Image>,
        /// Its name.
        name: Text,
        /// From 0 to 100. Deprecated; gone for applications in development mode.
        popularity: Option<u32>,
        /// Always `artist`.
        r#type: Option<ObjectType> = "type",
        /// Its URI.
        uri: Option<SpotifyUri>,
    }
    /// Several artists.
    Artists {
        /// The artists, in the order in which they were asked for; `None` for an id without one.
        artists: Vec<Option<Artist>>,
    }

    /// The artists that the user follows.
    FollowedArtists {
        /// The artists.
        artists: CursorPage<Artist>,
    }
}
