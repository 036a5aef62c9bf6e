//! Results of searches.

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
    /// Results of a search, with a page for each requested type: the response to [`Search`](crate::api::Search).
    ///
    /// The page of a type that was not requested is `None`. A page without items means that nothing was found.
    ///
    /// Reference: [Search for Item](https://developer.spotify.com/documentation/web-api/reference/search).
    SearchResults {
        /// Page of the tracks that were found.
        tracks: Option<Page<Track>>,
        /// Page of the artists that were found.
        artists: Option<Page<Artist>>,
        /// Page of the albums that were found.
        albums: Option<Page<SimplifiedAlbum>>,
        /// Page of the playlists that were found. In development mode the slots of playlists that Spotify owns are
        /// empty.
        playlists: Option<Page<SimplifiedPlaylist>>,
        /// Page of the shows that were found. Without a market all slots are empty.
        shows: Option<Page<SimplifiedShow>>,
        /// Page of the episodes that were found. Without a market all slots are empty.
        episodes: Option<Page<SimplifiedEpisode>>,
        /// Page of the audiobooks that were found.
        audiobooks: Option<Page<SimplifiedAudiobook>>,
    }
}
