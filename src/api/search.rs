//! Search.

use crate::bounded::{QueryText, Set, words};
use crate::endpoint::{Paged, endpoint, next_offset};
use crate::market::Market;
use crate::model::{Page, Placed, SearchResults};

words! {
    /// What to search for.
    ItemType {
        /// Albums.
        Album = "album",
        /// Artists.
        Artist = "artist",
        /// Playlists.
        Playlist = "playlist",
        /// Tracks.
        Track = "track",
        /// Shows.
        Show = "show",
        /// Episodes.
        Episode = "episode",
        /// Audiobooks.
        Audiobook = "audiobook",
    }

    /// Content from elsewhere that a client can play.
    IncludeExternal {
        /// Audio.
        Audio = "audio",
    }
}

endpoint! {
    /// Searches the catalogue: one page for each type that is asked for.
    ///
    /// Filters such as `artist:`, `year:1990-1999`, `isrc:` stand in the text.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/search).
    /// Scopes: none.
    "search" GET "/v1/search" => SearchResults;
    Search {} & { q: QueryText, types: Set<ItemType> = "type" } ? {
        /// Content as it is available in this country.
        market: Market,
        /// How many items of each type, 1 to 10; 5 unless set (50 and 20 in extended quota mode).
        limit: u32,
        /// The first item of each type, from 0; with the limit at most 1,000.
        offset: u32,
        /// Content from elsewhere that the client can play.
        include_external: IncludeExternal,
    }
}

/// How far the server searches.
const LAST_OFFSET: u32 = 1000;

impl Paged for Search {
    /// The next page of every type, as long as one of them has more; at most 1,000 items.
    fn next(&self, results: &SearchResults) -> Option<Self> {
        let offset = [
            next(results.tracks.as_ref(), self.offset),
            next(results.artists.as_ref(), self.offset),
            next(results.albums.as_ref(), self.offset),
            next(results.playlists.as_ref(), self.offset),
            next(results.shows.as_ref(), self.offset),
            next(results.episodes.as_ref(), self.offset),
            next(results.audiobooks.as_ref(), self.offset),
        ];
        let offset = offset.into_iter().flatten().min()?;
        (offset < LAST_OFFSET).then(|| self.clone().offset(offset))
    }
}

fn next<T>(page: Option<&Page<T>>, requested: Option<u32>) -> Option<u32> {
    page.and_then(|page| next_offset(page.place(), requested))
}
