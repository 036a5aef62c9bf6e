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
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Its id; absent for artists of local files.
        id: Option<ArtistId>,
        /// Name.
        name: Text,
        /// Always `artist`.
        r#type: Option<ObjectType> = "type",
        /// Its URI; absent for artists of local files.
        uri: Option<SpotifyUri>,
    }

    /// An artist.
    Artist {
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// How many follow it. Deprecated; gone for applications in development mode.
        followers: Option<Followers>,
        /// Its genres. Deprecated; often empty.
        genres: Option<Vec<Text>>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Spotify ID.
        id: Option<ArtistId>,
        /// Pictures, widest first.
        images: Vec<Image>,
        /// Name.
        name: Text,
        /// Popularity from 0 to 100. Deprecated; absent for applications in development mode.
        popularity: Option<u32>,
        /// Always `artist`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
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
