//! Tracks.

use super::artist::SimplifiedArtist;
use super::common::{ExternalIds, ExternalUrls, Markets, ObjectType, Restrictions};
use super::simplified_album::SimplifiedAlbum;
use crate::types::id::TrackId;
use crate::types::text::Text;
use crate::types::time::Timestamp;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;

model! {
    /// A track as contained in an album, without the album and the external ids.
    ///
    /// Response to [`GetAlbumTracks`](crate::api::GetAlbumTracks), and part of [`Album`](super::Album).
    ///
    /// Reference:
    /// [Get Album Tracks](https://developer.spotify.com/documentation/web-api/reference/get-an-albums-tracks).
    SimplifiedTrack {
        /// Artists who performed the track; empty if the response has none.
        artists: Vec<SimplifiedArtist>,
        /// Countries in which the track is available. Deprecated; `None` in development mode, and usually if the
        /// request has a market.
        available_markets: Option<Markets>,
        /// Number of the disc that contains the track, starting at 1.
        disc_number: Option<u32>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if the lyrics are explicit; also false if this is unknown.
        explicit: Option<bool>,
        /// Public URLs of the track, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Web API URL of the track; `None` for local files.
        href: Option<Href>,
        /// Spotify ID of the track; `None` for local files.
        id: Option<TrackId>,
        /// True if the track is a local file of the user.
        is_local: Option<bool>,
        /// True if the track can be played in the market of the request; `None` if the request has no market.
        is_playable: Option<bool>,
        /// Requested track, if the server replaced it with another recording that is available in the market.
        /// Deprecated; `None` in development mode.
        linked_from: Option<Box<LinkedTrack>>,
        /// Name of the track; empty if the response has none.
        name: Text,
        /// URL of a 30-second MP3 preview. Deprecated; usually `None`.
        preview_url: Option<String>,
        /// Reason why the track cannot be played; `None` if the track can be played, or if the server gives no reason.
        restrictions: Option<Restrictions>,
        /// Position of the track on its disc, starting at 1.
        track_number: Option<u32>,
        /// Type of the object: always `track`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the track; `spotify:local:…` for local files.
        uri: Option<SpotifyUri>,
    }

    /// A track with its album and artists, or a local file of the user.
    ///
    /// Response to [`GetTrack`](crate::api::GetTrack), and part of playlists, search results and playback states.
    ///
    /// Reference: [Get Track](https://developer.spotify.com/documentation/web-api/reference/get-track).
    Track {
        /// Album that contains the track.
        album: Option<SimplifiedAlbum>,
        /// Artists who performed the track; empty if the response has none.
        artists: Vec<SimplifiedArtist>,
        /// Countries in which the track is available. Deprecated; `None` in development mode, and usually if the
        /// request has a market.
        available_markets: Option<Markets>,
        /// Number of the disc that contains the track, starting at 1.
        disc_number: Option<u32>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if the lyrics are explicit; also false if this is unknown.
        explicit: Option<bool>,
        /// Identifiers of the track in other systems, such as its ISRC.
        external_ids: Option<ExternalIds>,
        /// Public URLs of the track, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Web API URL of the track; `None` for local files.
        href: Option<Href>,
        /// Spotify ID of the track; `None` for local files.
        id: Option<TrackId>,
        /// True if the track is a local file of the user.
        is_local: Option<bool>,
        /// True if the track can be played in the market of the request; `None` if the request has no market.
        is_playable: Option<bool>,
        /// Requested track, if the server replaced it with another recording that is available in the market.
        /// Deprecated; `None` in development mode.
        linked_from: Option<Box<LinkedTrack>>,
        /// Name of the track; empty if the response has none.
        name: Text,
        /// Popularity from 0 to 100, based mostly on the number of plays and how recent they are. Deprecated; `None` in
        /// development mode.
        popularity: Option<u32>,
        /// URL of a 30-second MP3 preview. Deprecated; usually `None`.
        preview_url: Option<String>,
        /// Reason why the track cannot be played; `None` if the track can be played, or if the server gives no reason.
        restrictions: Option<Restrictions>,
        /// Position of the track on its disc, starting at 1.
        track_number: Option<u32>,
        /// Type of the object: always `track`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the track; `spotify:local:…` for local files.
        uri: Option<SpotifyUri>,
    }

    /// The requested track, if the server sent another recording instead.
    ///
    /// To save or remove the track, use the id of the requested track, not the id of the recording.
    ///
    /// Reference: [Track Relinking](https://developer.spotify.com/documentation/web-api/concepts/track-relinking).
    LinkedTrack {
        /// Public URLs of the requested track, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Web API URL of the requested track.
        href: Option<Href>,
        /// Spotify ID of the requested track, for requests that save or remove the track; `None` in some responses.
        id: Option<TrackId>,
        /// Type of the object: always `track`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the requested track.
        uri: Option<SpotifyUri>,
    }
    /// A track in the user's library.
    ///
    /// Reference:
    /// [Get User's Saved Tracks](https://developer.spotify.com/documentation/web-api/reference/get-users-saved-tracks).
    SavedTrack {
        /// Time at which the user saved the track, in UTC.
        added_at: Option<Timestamp>,
        /// Track; `None` if the response has none.
        track: Option<Box<Track>>,
    }

    /// Several tracks: the response to [`GetTracks`](crate::api::GetTracks) and
    /// [`GetArtistTopTracks`](crate::api::GetArtistTopTracks).
    ///
    /// Reference:
    /// [Get Several Tracks](https://developer.spotify.com/documentation/web-api/reference/get-several-tracks).
    Tracks {
        /// Tracks in the order of the requested ids, with `None` for ids that no track has; or the top tracks of an
        /// artist.
        tracks: Vec<Option<Track>>,
    }
}
