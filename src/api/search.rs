//! Search.

use super::string_enum::{IncludeExternal, ItemType};
use crate::endpoint::{OffsetPaged, Paged, Remaining, Span, endpoint, next_offset, span_after};
use crate::model::{PageInfo, Progress, SearchResults};
use crate::types::market::Market;
use crate::types::query::{CommaSet, QueryText};

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
    Search {} & { q: QueryText where chars(250), r#type: CommaSet<ItemType> = "type" } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
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
    /// Number of results that Spotify shows of each type.
    pub const MAX_RESULTS: u32 = 1000;
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

/// A page holds a list for each type, so it stays together.
impl Paged for Search {
    type Item = SearchResults;

    fn page_info(&self, results: &SearchResults) -> PageInfo {
        let pages = each_page!(results, page => Some(page.info()));
        let longest = pages.into_iter().flatten().max_by_key(|info| (info.has_next, info.total));
        let mut info = longest.unwrap_or_default();
        info.total = info.total.map(|total| total.min(Self::MAX_RESULTS));
        info
    }

    fn items(results: SearchResults) -> Vec<SearchResults> {
        vec![results]
    }

    fn next(&self, results: &SearchResults) -> Option<Self> {
        let next = each_page!(results, page => next_offset(page, self.offset).map(|at| (at, page.limit)));
        let (offset, limit) = next.into_iter().flatten().min()?;
        let step = offset.saturating_sub(self.offset.unwrap_or(0));
        let limit = limit.or(self.limit).unwrap_or(step);
        let is_last = offset.saturating_add(limit) > Self::MAX_RESULTS;
        let next = if is_last { self.page_at(offset, limit) } else { self.clone().offset(offset) };
        (offset < Self::MAX_RESULTS).then_some(next)
    }
}

impl OffsetPaged for Search {
    /// The last page ends with the last result that Spotify shows, so its limit may be smaller.
    fn page_at(&self, offset: u32, limit: u32) -> Self {
        let limit = limit.min(Self::MAX_RESULTS.saturating_sub(offset).max(1));
        self.clone().offset(offset).limit(limit)
    }

    fn remaining(&self, results: &SearchResults) -> Remaining<Self> {
        let spans = each_page!(results, page => span_after(page, self.offset));
        let joined = spans.into_iter().flatten().reduce(|one, other| Span {
            start: one.start.min(other.start),
            end: one.end.max(other.end),
            limit: one.limit.min(other.limit),
        });
        let shown = joined.map(|span| Span { end: span.end.min(Self::MAX_RESULTS), ..span });
        Remaining::of(self.clone(), shown)
    }
}

impl SearchResults {
    /// How far a search is read: as far as the type that has the most results, up to the 1,000 that Spotify shows.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let pages = each_page!(self, page => {
            Some(page.progress().capped(Search::MAX_RESULTS))
        });
        Progress::together(pages.into_iter().flatten())
    }
}
