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
        /// Who performed it.
        artists: Vec<SimplifiedArtist>,
        /// Where it is available; only when no market applies. Deprecated.
        available_markets: Option<Markets>,
        /// The disc, usually from 1.
        disc_number: Option<u32>,
        /// Length in milliseconds.
        duration_ms: Option<u64>,
        /// Whether its lyrics are explicit.
        explicit: Option<bool>,
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// Its address in the API.
        href: Option<Href>,
        /// Its id; absent for local files.
        id: Option<TrackId>,
        /// Whether it is a file on the user's disk.
        is_local: Option<bool>,
        /// Whether it can be played in the market that applies; only when one does.
        is_playable: Option<bool>,
        /// The track that was asked for, when another one was served in its place. Deprecated.
        linked_from: Option<Box<LinkedTrack>>,
        /// Its name.
        name: Text,
        /// A preview of 30 seconds. Deprecated; usually absent.
        preview_url: Option<String>,
        /// Why it cannot be played.
        restrictions: Option<Restrictions>,
        /// The place on its disc, from 1.
        track_number: Option<u32>,
        /// Always `track`.
        r#type: Option<ObjectType> = "type",
        /// Its URI.
        uri: Option<SpotifyUri>,
    }

    /// A track.
    Track {
        /// The album it is on.
        album: Option<SimplifiedAlbum>,
        /// Who performed it.
        artists: Vec<SimplifiedArtist>,
        /// Where it is available; only when no market applies. Deprecated.
        available_markets: Option<Markets>,
        /// The disc, usually from 1.
        disc_number: Option<u32>,
        /// Length in milliseconds.
        duration_ms: Option<u64>,
        /// Whether its lyrics are explicit.
        explicit: Option<bool>,
        /// What others call it.
        external_ids: Option<ExternalIds>,
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// Its address in the API.
        href: Option<Href>,
        /// Its id; absent for local files.
        id: Option<TrackId>,
        /// Whether it is a file on the user's disk.
        is_local: Option<bool>,
        /// Whether it can be played in the market that applies; only when one does.
        is_playable: Option<bool>,
        /// The track that was asked for, when another one was served in its place. Deprecated.
        linked_from: Option<Box<LinkedTrack>>,
        /// Its name.
        name: Text,
        /// From 0 to 100. Deprecated; gone for applications in development mode.
        popularity: Option<u32>,
        /// A preview of 30 seconds. Deprecated; usually absent.
        preview_url: Option<String>,
        /// Why it cannot be played.
        restrictions: Option<Restrictions>,
        /// The place on its disc, from 1.
        track_number: Option<u32>,
        /// Always `track`.
        r#type: Option<ObjectType> = "type",
        /// Its URI.
        uri: Option<SpotifyUri>,
    }

    /// The track that was asked for, where another one that can be played was served.
    LinkedTrack {
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// Its address in the API.
        href: Option<Href>,
        /// Its id: the one to save or remove by.
        id: Option<TrackId>,
        /// Always `track`.
        r#type: Option<ObjectType> = "type",
        /// Its URI.
        uri: Option<SpotifyUri>,
    }
    /// A track in the user's library.
    SavedTrack {
        /// When it was saved.
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
