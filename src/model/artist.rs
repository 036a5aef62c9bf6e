//! Artists.

use super::common::{ExternalUrls, Followers, Image, ObjectType};
use super::page::CursorPage;
use crate::types::id::ArtistId;
use crate::types::text::Text;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// An artist as contained in albums and tracks, without images.
    ///
    /// Reference: [Get Artist](https://developer.spotify.com/documentation/web-api/reference/get-an-artist).
    SimplifiedArtist {
        /// Public URLs of the artist, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Web API URL of the artist; `None` for artists of local files.
        href: Option<Href>,
        /// Spotify ID of the artist; `None` for artists of local files.
        id: Option<ArtistId>,
        /// Name of the artist; empty if the response has none.
        name: Text,
        /// Type of the object: always `artist`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the artist; `None` for artists of local files.
        uri: Option<SpotifyUri>,
    }

    /// An artist with images.
    ///
    /// Response to [`GetArtist`](crate::api::GetArtist).
    ///
    /// Reference: [Get Artist](https://developer.spotify.com/documentation/web-api/reference/get-an-artist).
    Artist {
        /// Public URLs of the artist, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Number of followers. Deprecated; `None` in development mode.
        followers: Option<Followers>,
        /// Genres of the artist; empty if Spotify has not classified the artist. Deprecated; `None` in development
        /// mode.
        genres: Option<Vec<Text>>,
        /// Web API URL of the artist.
        href: Option<Href>,
        /// Spotify ID of the artist.
        id: Option<ArtistId>,
        /// Images, widest first; empty if there are none.
        images: Vec<Image>,
        /// Name of the artist; empty if the response has none.
        name: Text,
        /// Popularity from 0 to 100, calculated from the popularity of all tracks by the artist. Deprecated; `None` in
        /// development mode.
        popularity: Option<u32>,
        /// Type of the object: always `artist`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the artist.
        uri: Option<SpotifyUri>,
    }
    /// Several artists: the response to [`GetArtists`](crate::api::GetArtists) and
    /// [`GetRelatedArtists`](crate::api::GetRelatedArtists).
    ///
    /// Reference:
    /// [Get Several Artists](https://developer.spotify.com/documentation/web-api/reference/get-multiple-artists).
    Artists {
        /// Artists in the order of the requested ids, with `None` for ids that no artist has; or the related artists.
        artists: Vec<Option<Artist>>,
    }

    /// Followed artists: the response to [`GetFollowedArtists`](crate::api::GetFollowedArtists).
    ///
    /// Reference: [Get Followed Artists](https://developer.spotify.com/documentation/web-api/reference/get-followed).
    FollowedArtists {
        /// Page of the artists that the user follows.
        artists: CursorPage<Artist>,
    }
}
