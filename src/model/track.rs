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
    /// A track as an album's list shows it: without album and without external ids.
    SimplifiedTrack {
        /// Artists who performed it.
        artists: Vec<SimplifiedArtist>,
        /// Markets in which it is available; absent if the request has a market. Deprecated.
        available_markets: Option<Markets>,
        /// Disc number, usually from 1.
        disc_number: Option<u32>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if its lyrics are explicit.
        explicit: Option<bool>,
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Spotify ID; absent for local files.
        id: Option<TrackId>,
        /// True if it is a local file of the user.
        is_local: Option<bool>,
        /// True if it can be played in the market of the request; absent if the request has no market.
        is_playable: Option<bool>,
        /// Requested track, if another one was served in its place. Deprecated.
        linked_from: Option<Box<LinkedTrack>>,
        /// Name.
        name: Text,
        /// Address of a preview of 30 seconds. Deprecated; usually absent.
        preview_url: Option<String>,
        /// Reason why it cannot be played; absent if it can.
        restrictions: Option<Restrictions>,
        /// Position on the disc, from 1.
        track_number: Option<u32>,
        /// Always `track`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
    }

    /// A track.
    Track {
        /// The album it is on.
        album: Option<SimplifiedAlbum>,
        /// Artists who performed it.
        artists: Vec<SimplifiedArtist>,
        /// Markets in which it is available; absent if the request has a market. Deprecated.
        available_markets: Option<Markets>,
        /// Disc number, usually from 1.
        disc_number: Option<u32>,
        /// Duration in milliseconds.
        duration_ms: Option<u64>,
        /// True if its lyrics are explicit.
        explicit: Option<bool>,
        /// Identifiers in other systems, such as UPC and ISRC.
        external_ids: Option<ExternalIds>,
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Spotify ID; absent for local files.
        id: Option<TrackId>,
        /// True if it is a local file of the user.
        is_local: Option<bool>,
        /// True if it can be played in the market of the request; absent if the request has no market.
        is_playable: Option<bool>,
        /// Requested track, if another one was served in its place. Deprecated.
        linked_from: Option<Box<LinkedTrack>>,
        /// Name.
        name: Text,
        /// Popularity from 0 to 100. Deprecated; absent for applications in development mode.
        popularity: Option<u32>,
        /// Address of a preview of 30 seconds. Deprecated; usually absent.
        preview_url: Option<String>,
        /// Reason why it cannot be played; absent if it can.
        restrictions: Option<Restrictions>,
        /// Position on the disc, from 1.
        track_number: Option<u32>,
        /// Always `track`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
    }

    /// The track that was asked for, where another one that can be played was served.
    LinkedTrack {
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// Address in the Web API.
        href: Option<Href>,
        /// Its id: the one to save or remove by.
        id: Option<TrackId>,
        /// Always `track`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
    }
    /// A track in the user's library.
    SavedTrack {
        /// Time at which it was saved.
        added_at: Option<Timestamp>,
        /// The track.
        track: Option<Box<Track>>,
    }

    /// Several tracks.
    Tracks {
        /// The tracks, in the order in which they were asked for; `None` for an id without one.
        tracks: Vec<Option<Track>>,
    }
}
