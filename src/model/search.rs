//! What a search finds.

use super::artist::Artist;
use super::episode::SimplifiedEpisode;
use super::page::Page;
use super::playlist::SimplifiedPlaylist;
use super::simplified_album::SimplifiedAlbum;
use super::simplified_audiobook::SimplifiedAudiobook;
use super::simplified_show::SimplifiedShow;
use super::track::Track;
use crate::wire::lenient::model;

model! {
    /// What a search found: a page for each type that was asked for.
    SearchResults {
        /// Tracks.
        tracks: Option<Page<Track>>,
        /// Artists.
        artists: Option<Page<Artist>>,
        /// Albums.
        albums: Option<Page<SimplifiedAlbum>>,
        /// Playlists; the slots of those that Spotify owns are empty.
        playlists: Option<Page<SimplifiedPlaylist>>,
        /// Shows.
        shows: Option<Page<SimplifiedShow>>,
        /// Episodes; without a market all slots are empty.
        episodes: Option<Page<SimplifiedEpisode>>,
        /// Audiobooks.
        audiobooks: Option<Page<SimplifiedAudiobook>>,
    }
}
