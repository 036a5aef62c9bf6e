//! Search.

use super::string_enum::{IncludeExternal, ItemType};
use crate::endpoint::{OffsetPaged, Paged, Remaining, Span, endpoint, next_offset, span_after};
use crate::model::{PageInfo, Progress, SearchResults};
use crate::types::market::Market;
use crate::types::query::{CommaSet, QueryText};

endpoint! {
    /// Searches for albums, artists, playlists, tracks, shows, episodes and audiobooks.
    ///
    /// The query `q` may contain field filters: `artist:`, `album:`, `track:`, `year:1990-1999`, `genre:`, `isrc:`,
    /// `upc:`, `tag:new` (albums of the past two weeks) and `tag:hipster` (the least popular albums).
    ///
    /// The response has a page for each requested type. An empty page means that there are no results of that type at
    /// this offset. In development mode, the slots of playlists owned by Spotify are empty. If neither the request nor
    /// the token has a market, the slots of all shows and episodes are empty. [`next`](Paged::next) returns an endpoint
    /// as long as any page has more results, up to [`MAX_RESULTS`](Self::MAX_RESULTS).
    ///
    /// The reference does not document a maximum length of the query. The server has been observed to reject long
    /// queries with 400 or 404 `Not found`; the observed limit varies between 100 and 250 characters.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/search).
    /// * Scopes: none.
    /// * Quota mode: any.
    /// * Limits: 1 to 250 characters in `q`; 1 to 50 results of each type per page, default 20; in development mode, 1
    ///   to 10 results, default 5; an offset of 0 to 1,000 results.
    "search" GET "/v1/search" => SearchResults;
    Search {} & { q: QueryText where chars(250), r#type: CommaSet<ItemType> = "type" } ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// For a user's token, the default is the country of the account, which also takes precedence over this value.
        /// An application's token has no default; according to the reference, no content is available unless a market
        /// is set.
        market: Market,
        /// Sets the maximum number of results of each type per page.
        ///
        /// The default is 20. In development mode, the default is 5 and the maximum is 10; a larger value fails with
        /// 400 `Invalid limit`.
        limit: u32 where range(1..=50),
        /// Sets the zero-based position of the first result.
        offset: u32 where range(0..=1000, default 0),
        /// Marks externally hosted content as playable. By default, such content is marked as not playable.
        include_external: IncludeExternal,
    }
}

impl Search {
    /// Maximum number of results of each type.
    pub const MAX_RESULTS: u32 = 1000;
}

/// Evaluates an expression for the page of each type in the response.
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

/// The item is the whole response, because the response has one list per type.
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
    /// Returns the endpoint of the page at an offset. The limit is reduced if the page would exceed
    /// [`MAX_RESULTS`](Self::MAX_RESULTS).
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
    /// Returns the progress of the search, measured by the type with the most results (at most 1,000).
    #[must_use]
    pub fn progress(&self) -> Progress {
        let pages = each_page!(self, page => {
            Some(page.progress().capped(Search::MAX_RESULTS))
        });
        Progress::together(pages.into_iter().flatten())
    }
}
