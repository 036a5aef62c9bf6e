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
    /// A track in the list of an album, without album and external ids.
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
        /// Number of the disc on which the track is, from 1.
        disc_number: Option<u32>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if the lyrics are explicit; false also if that is unknown.
        explicit: Option<bool>,
        /// Public web pages of the track, by site.
        external_urls: Option<ExternalUrls>,
        /// Address of the track in the Web API; `None` for local files.
        href: Option<Href>,
        /// Spotify ID of the track; `None` for local files.
        id: Option<TrackId>,
        /// True if the track is a local file of the user.
        is_local: Option<bool>,
        /// True if the track can be played in the market of the request; `None` if the request has no market.
        is_playable: Option<bool>,
        /// Track that was requested, if the server replaced it by another recording that is available in the market.
        /// Deprecated; `None` in development mode.
        linked_from: Option<Box<LinkedTrack>>,
        /// Name of the track; empty if the response has none.
        name: Text,
        /// Address of an MP3 preview of 30 seconds. Deprecated; usually `None`.
        preview_url: Option<String>,
        /// Reason why the track cannot be played; `None` if it can, or if the server gives no reason.
        restrictions: Option<Restrictions>,
        /// Position of the track on its disc, from 1.
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
        /// Album on which the track is.
        album: Option<SimplifiedAlbum>,
        /// Artists who performed the track; empty if the response has none.
        artists: Vec<SimplifiedArtist>,
        /// Countries in which the track is available. Deprecated; `None` in development mode, and usually if the
        /// request has a market.
        available_markets: Option<Markets>,
        /// Number of the disc on which the track is, from 1.
        disc_number: Option<u32>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if the lyrics are explicit; false also if that is unknown.
        explicit: Option<bool>,
        /// Identifiers of the track in other systems, such as its ISRC.
        external_ids: Option<ExternalIds>,
        /// Public web pages of the track, by site.
        external_urls: Option<ExternalUrls>,
        /// Address of the track in the Web API; `None` for local files.
        href: Option<Href>,
        /// Spotify ID of the track; `None` for local files.
        id: Option<TrackId>,
        /// True if the track is a local file of the user.
        is_local: Option<bool>,
        /// True if the track can be played in the market of the request; `None` if the request has no market.
        is_playable: Option<bool>,
        /// Track that was requested, if the server replaced it by another recording that is available in the market.
        /// Deprecated; `None` in development mode.
        linked_from: Option<Box<LinkedTrack>>,
        /// Name of the track; empty if the response has none.
        name: Text,
        /// Popularity from 0 to 100, based mostly on the number of plays and how recent they are. Deprecated; `None` in
        /// development mode.
        popularity: Option<u32>,
        /// Address of an MP3 preview of 30 seconds. Deprecated; usually `None`.
        preview_url: Option<String>,
        /// Reason why the track cannot be played; `None` if it can, or if the server gives no reason.
        restrictions: Option<Restrictions>,
        /// Position of the track on its disc, from 1.
        track_number: Option<u32>,
        /// Type of the object: always `track`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the track; `spotify:local:…` for local files.
        uri: Option<SpotifyUri>,
    }

    /// The requested track, in place of which the server sent another recording.
    ///
    /// Requests that save or remove a track use the id of this one, not that of the recording.
    ///
    /// Reference: [Track Relinking](https://developer.spotify.com/documentation/web-api/concepts/track-relinking).
    LinkedTrack {
        /// Public web pages of the requested track, by site.
        external_urls: Option<ExternalUrls>,
        /// Address of the requested track in the Web API.
        href: Option<Href>,
        /// Spotify ID of the requested track, by which it is saved or removed; `None` in some responses.
        id: Option<TrackId>,
        /// Type of the object: always `track`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the requested track.
        uri: Option<SpotifyUri>,
    }
    /// A track in the library of the user.
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
        /// Tracks in the order of the requested ids, `None` for an id that no track has; or the top tracks of an
        /// artist.
        tracks: Vec<Option<Track>>,
    }
}
