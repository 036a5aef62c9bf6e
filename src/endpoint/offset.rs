//! Lists whose pages can be requested at any offset.

use std::iter::FusedIterator;

use super::Paged;
use crate::model::Page;

/// Upper bound (exclusive) of the offsets in [`Remaining`], even if the server states a larger total. The reference
/// does not document a larger offset for any list.
const MAX_OFFSET: u32 = 100_000;

/// An endpoint of a list that can be read at any offset, so that its pages can be fetched concurrently.
pub trait OffsetPaged: Paged {
    /// Returns the endpoint of the page at an offset, with the same options except for the offset and the limit.
    #[must_use]
    fn page_at(&self, offset: u32, limit: u32) -> Self;

    /// Returns the endpoints of all pages after this page, up to the total that is stated in the page.
    ///
    /// The iterator builds each endpoint on demand, with offsets below 100,000. To continue a longer list, use
    /// [`next`](Paged::next) with the last page. The iterator is empty if the page has no total.
    fn remaining(&self, page: &Self::Output) -> Remaining<Self>;
}

/// Iterator over the endpoints of the remaining pages of a list, in order.
///
/// Returned by [`OffsetPaged::remaining`].
#[derive(Clone, Debug)]
#[must_use = "iterators are lazy"]
pub struct Remaining<E> {
    endpoint: E,
    offset: u32,
    end: u32,
    limit: u32,
}

impl<E: OffsetPaged> Remaining<E> {
    /// Creates an iterator over the endpoints of pages of `limit` items, from offset `start` to `end` (exclusive).
    ///
    /// `endpoint` is the endpoint of any page of the list. Offsets are below 100,000; a `limit` of 0 is treated as 1.
    pub fn new(endpoint: E, start: u32, end: u32, limit: u32) -> Self {
        Self { endpoint, offset: start, end: end.min(MAX_OFFSET), limit: limit.max(1) }
    }

    /// Creates an iterator over the endpoints of a span. The iterator is empty if there is no span.
    pub(crate) fn of(endpoint: E, span: Option<Span>) -> Self {
        let Span { start, end, limit } = span.unwrap_or(Span { start: 0, end: 0, limit: 1 });
        Self::new(endpoint, start, end, limit)
    }
}

impl<E: OffsetPaged> Iterator for Remaining<E> {
    type Item = E;

    fn next(&mut self) -> Option<E> {
        if self.offset >= self.end {
            return None;
        }
        let page = self.endpoint.page_at(self.offset, self.limit);
        self.offset = self.offset.saturating_add(self.limit);
        Some(page)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let pages = self.end.saturating_sub(self.offset).div_ceil(self.limit);
        let pages = usize::try_from(pages).unwrap_or(usize::MAX);
        (pages, Some(pages))
    }
}

impl<E: OffsetPaged> ExactSizeIterator for Remaining<E> {}
impl<E: OffsetPaged> FusedIterator for Remaining<E> {}

/// Remaining part of a list: the offsets from `start` to `end` (exclusive), in steps of `limit`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) limit: u32,
}

/// Returns the part of a list after a page, or `None` at the end of the list.
pub(crate) fn span_after<T>(page: &Page<T>, requested: Option<u32>) -> Option<Span> {
    let place = page.info();
    let start = super::next_offset(page, requested)?;
    let len = u32::try_from(place.len).unwrap_or(u32::MAX).max(1);
    let limit = place.limit.filter(|limit| *limit > 0).unwrap_or(len);
    Some(Span { start, end: place.total.unwrap_or(0), limit })
}
