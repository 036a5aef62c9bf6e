//! Search.

use super::words::{IncludeExternal, ItemType};
use crate::bounded::{QueryText, Set};
use crate::endpoint::{Offset, Paged, endpoint, next_offset, rest_offsets};
use crate::market::Market;
use crate::model::{Progress, SearchResults};

endpoint! {
    /// Finds albums, artists, playlists, tracks, shows, episodes and audiobooks by a text.
    ///
    /// The text may name fields: `artist:`, `album:`, `track:`, `year:1990-1999`, `genre:`, `isrc:`, `upc:`,
    /// `tag:new`, `tag:hipster`. The answer has a page for each type. [`next`](Paged::next) goes on while any of
    /// them has more, up to the 1,000 results that Spotify shows.
    ///
    /// The text has 1 to 250 characters. The reference gives no maximum; servers answer 400 or 404 `Not found` to
    /// texts above a length between 100 and 250 characters that varies, and none is known to take more than 250.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/search).
    /// Scopes: none.
    "search" GET "/v1/search" => SearchResults;
    Search {} & { q: QueryText where chars(250), r#type: Set<ItemType> = "type" } ? {
        /// Content as it is available in this country.
        market: Market,
        /// Sets the largest number of results of each type.
        ///
        /// In development mode the maximum is 10 and the default is 5; more is a 400 `Invalid limit` there.
        limit: u32 where range(1..=50),
        /// Sets the position of the first result, from 0.
        offset: u32 where range(0..=1000, default 0),
        /// Show content as playable that is hosted elsewhere.
        include_external: IncludeExternal,
    }
}

impl Search {
    /// The last result that Spotify shows.
    pub const MAX_RESULTS: u32 = 1000;

    /// Offset and limit, if all of the page lies within what Spotify shows.
    fn page_at(&self, offset: u32, limit: Option<u32>) -> Option<Self> {
        let end = offset.saturating_add(limit.or(self.limit).unwrap_or(1));
        let page = self.clone().offset(offset);
        (end <= Self::MAX_RESULTS).then_some(page)
    }
}

/// Runs an expression for the page of each type that was found.
macro_rules! each_page {
    ($results:ident, $page:ident => $run:expr) => {
        [
            $results.tracks.as_ref().and_then(|$page| $run),
            $results.artists.as_ref().and_then(|$page| $run),
            $results.albums.as_ref().and_then(|$page| $run),
            $results.playlists.as_ref().and_then(|$page| $run),
            $results.shows.as_ref().and_then(|$page| $run),
            $results.episodes.as_ref().and_then(|$page| $run),
            $results.audiobooks.as_ref().and_then(|$page| $run),
        ]
    };
}

impl Paged for Search {
    fn next(&self, results: &SearchResults) -> Option<Self> {
        let next = each_page!(results, page => next_offset(page, self.offset).map(|at| (at, page.limit)));
        let (offset, limit) = next.into_iter().flatten().min()?;
        self.page_at(offset, limit)
    }
}

impl Offset for Search {
    fn rest(&self, results: &SearchResults) -> impl Iterator<Item = Self> {
        let pages = each_page!(results, page => {
            let offsets = rest_offsets(page, self.offset, None);
            Some(offsets.take_while(|(offset, _)| *offset < Self::MAX_RESULTS).collect::<Vec<_>>())
        });
        let longest = pages.into_iter().flatten().max_by_key(Vec::len).unwrap_or_default();
        longest.into_iter().map_while(|(offset, limit)| Some(self.page_at(offset, Some(limit))?.limit(limit)))
    }
}

impl SearchResults {
    /// How far a search is read: as far as the type that has the most results, up to the 1,000 that Spotify shows.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let pages = each_page!(self, page => {
            Some(page.progress().capped(Search::MAX_RESULTS, page.limit.unwrap_or(1)))
        });
        Progress::together(pages.into_iter().flatten())
    }
}
