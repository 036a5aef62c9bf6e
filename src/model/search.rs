//! Search results.

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
    /// Search results, with a page for each requested type: the response to [`Search`](crate::api::Search).
    ///
    /// The page of a type that was not requested is `None`. An empty page means that nothing was found.
    ///
    /// Reference: [Search for Item](https://developer.spotify.com/documentation/web-api/reference/search).
    SearchResults {
        /// Page of matching tracks.
        tracks: Option<Page<Track>>,
        /// Page of matching artists.
        artists: Option<Page<Artist>>,
        /// Page of matching albums.
        albums: Option<Page<SimplifiedAlbum>>,
        /// Page of matching playlists. In development mode, the slots of playlists owned by Spotify are empty.
        playlists: Option<Page<SimplifiedPlaylist>>,
        /// Page of matching shows. All slots are empty if neither the request nor the token has a market.
        shows: Option<Page<SimplifiedShow>>,
        /// Page of matching episodes. All slots are empty if neither the request nor the token has a market.
        episodes: Option<Page<SimplifiedEpisode>>,
        /// Page of matching audiobooks.
        audiobooks: Option<Page<SimplifiedAudiobook>>,
    }
}
