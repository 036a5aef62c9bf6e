//! Reading of complete lists, page by page.

use crate::endpoint::{Endpoint, Paged};
use crate::model::PageInfo;
use crate::types::origin::Target;

/// A list that is read page by page.
///
/// [`request`](Self::request) returns the endpoint of the next page; [`receive`](Self::receive) takes the page and
/// returns its items. Servers may end lists early, send empty pages and repeat pages, so
/// [`completeness`](Self::completeness) reports at the end whether all items were read. A program that deletes local
/// items because they are missing from the list must check the completeness first.
///
/// ```
/// use spotify_proto::{Completeness, Endpoint, Pager, api::GetSavedTracks, http::Response};
///
/// let mut pager = Pager::new(GetSavedTracks::new().limit(2));
/// let pages = [
///     r#"{"items": [{"track": {"name": "a"}}, null], "offset": 0, "limit": 2, "total": 3, "next": "x"}"#,
///     r#"{"items": [{"track": {"name": "b"}}], "offset": 2, "limit": 2, "total": 3, "next": null}"#,
/// ];
/// let mut items = Vec::new();
/// for body in pages {
///     let endpoint = pager.request().expect("another page");
///     let page = endpoint.parse(&Response::new(body))?;
///     items.extend(pager.receive(page));
/// }
/// assert!(pager.request().is_none());
/// assert_eq!((items.len(), pager.completeness()), (2, Completeness::Complete));
/// # Ok::<(), spotify_proto::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a pager does nothing until its pages are requested"]
pub struct Pager<E> {
    next: Option<E>,
    /// Number of slots that were read, including empty slots.
    read: u64,
    /// Offset of the first item of the first page.
    begin: Option<u32>,
    /// The most recent total that is consistent with the pages read so far.
    total: Option<u32>,
    problem: Option<IncompleteReason>,
    empty_pages: u32,
    cycle: Cycle,
}

/// Completeness of a list: complete if all items were read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "callers match it exhaustively")]
#[must_use = "an incomplete list looks like a complete one"]
pub enum Completeness {
    /// All items were read, according to the totals and links of the server.
    Complete,
    /// Items are missing or may be missing.
    Incomplete {
        /// Number of slots that were read, including those that the server left empty.
        read: u64,
        /// Number of slots according to the server; `None` if the server did not specify a number.
        expected: Option<u64>,
        /// Reason that the list is incomplete.
        reason: IncompleteReason,
    },
}

/// Reason that a list is incomplete.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum IncompleteReason {
    /// The list was not read to its end.
    NotFinished,
    /// A page in the middle of the list had no items.
    EmptyPage,
    /// A page reported a total of zero after earlier pages had items.
    ZeroedPage,
    /// The server did not link to a next page although the total had not been reached.
    EndedEarly,
    /// The next page had already been read, or its position did not advance.
    RepeatedCursor,
    /// The position of a page in the list is unknown: a `fields` filter excluded `next`, `offset`, `limit` and `total`.
    Unknown,
}

/// Number of consecutive empty pages after which the pager stops.
const MAX_EMPTY_PAGES: u32 = 3;

impl<E: Paged> Pager<E> {
    /// Creates a pager that begins with the page of this endpoint.
    pub fn new(endpoint: E) -> Self {
        Self {
            next: Some(endpoint),
            read: 0,
            begin: None,
            total: None,
            problem: None,
            empty_pages: 0,
            cycle: Cycle::default(),
        }
    }

    /// Returns the endpoint of the next page; `None` at the end.
    #[must_use]
    pub fn request(&self) -> Option<&E> {
        self.next.as_ref()
    }

    /// Processes the page of the endpoint that [`request`](Self::request) returned, and returns its items.
    ///
    /// A page that was not requested is ignored.
    pub fn receive(&mut self, page: E::Output) -> Vec<E::Item> {
        let Some(endpoint) = self.next.take() else { return Vec::new() };
        let info = endpoint.page_info(&page);
        self.count(&info);
        self.next = self.after(&endpoint, &page, &info);
        if let Some(next) = &self.next {
            if self.cycle.is_closed_by(&target(next)) {
                self.blame(IncompleteReason::RepeatedCursor);
                self.next = None;
            }
        }
        E::items(page)
    }

    /// Returns the number of slots read so far, including those that the server left empty.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.read
    }

    /// Returns the number of slots from the start of the first page, according to the server; `None` if the server did
    /// not specify a number.
    #[must_use]
    pub fn expected(&self) -> Option<u64> {
        let begin = self.begin.unwrap_or(0);
        self.total.map(|total| u64::from(total.saturating_sub(begin)))
    }

    /// Returns whether all items were read, according to the totals and links of the server.
    pub fn completeness(&self) -> Completeness {
        let reason = if self.next.is_some() { Some(IncompleteReason::NotFinished) } else { self.problem };
        match reason {
            None => Completeness::Complete,
            Some(reason) => Completeness::Incomplete { read: self.read, expected: self.expected(), reason },
        }
    }

    /// Ends the list and returns whether all items were read.
    pub fn finish(self) -> Completeness {
        self.completeness()
    }

    fn count(&mut self, info: &PageInfo) {
        let begin = *self.begin.get_or_insert(info.offset.unwrap_or(0));
        let len = u32::try_from(info.len).unwrap_or(u32::MAX);
        self.read = self.read.saturating_add(len.into());
        self.empty_pages = if len == 0 { self.empty_pages + 1 } else { 0 };
        let reached = info.offset.unwrap_or(begin).saturating_add(len);
        match info.total {
            Some(0) if self.read > 0 && info.offset.is_some() => self.blame(IncompleteReason::ZeroedPage),
            // A total that is smaller than the number of slots read so far is wrong.
            Some(total) if total >= reached => self.total = Some(total),
            Some(_) | None => {}
        }
        if info.is_bare && len > 0 {
            self.blame(IncompleteReason::Unknown);
        }
    }

    fn after(&mut self, endpoint: &E, page: &E::Output, info: &PageInfo) -> Option<E> {
        if let Some(next) = endpoint.next(page) {
            return Some(next);
        }
        let len = u32::try_from(info.len).unwrap_or(u32::MAX);
        let offset = info.offset.unwrap_or(0);
        let is_before_end = self.total.is_none_or(|total| offset < total);
        if info.has_next && len == 0 && is_before_end {
            self.blame(IncompleteReason::EmptyPage);
            return endpoint.skip(page).filter(|_| self.empty_pages <= MAX_EMPTY_PAGES);
        }
        if info.has_next && len > 0 {
            self.blame(IncompleteReason::RepeatedCursor);
        }
        // Items that the server filtered out of the page count as read.
        let reached = offset.saturating_add(len.max(info.limit.unwrap_or(0)));
        let is_early = info.offset.is_some() && self.total.is_some_and(|total| reached < total);
        let is_counted = info.offset.is_none() && self.total.is_some_and(|total| self.read < total.into());
        if is_early || (is_counted && !info.is_bare && info.limit.is_some()) {
            self.blame(IncompleteReason::EndedEarly);
        }
        None
    }

    /// Records the reason unless an earlier reason was recorded.
    fn blame(&mut self, reason: IncompleteReason) {
        self.problem.get_or_insert(reason);
    }
}

fn target<E: Endpoint>(endpoint: &E) -> String {
    let mut target = Target::new();
    endpoint.target(&mut target);
    target.into_text()
}

/// Detects a repetition in a sequence of any length, storing only one element (Brent's algorithm).
#[derive(Clone, Debug, Default)]
struct Cycle {
    saved: String,
    steps: u64,
    limit: u64,
}

impl Cycle {
    fn is_closed_by(&mut self, text: &str) -> bool {
        if self.steps > 0 && self.saved == text {
            return true;
        }
        if self.steps == self.limit {
            self.saved = text.to_owned();
            self.limit = self.limit.max(1).saturating_mul(2);
            self.steps = 0;
        }
        self.steps += 1;
        false
    }
}
