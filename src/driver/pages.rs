//! Lists that a driver reads, as iterators for blocking programs and their async counterparts.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::Poll;

use super::{AsyncDriver, Driver, Error};
use crate::endpoint::{Endpoint, OffsetPaged, Paged};
use crate::pager::{Completeness, Pager};
use crate::types::origin::Target;

/// A page, or the error that prevented reading it.
pub(super) type PageResult<E, F> = Result<<E as Endpoint>::Output, Error<F>>;

/// A complete list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Collected<T> {
    /// The items, without empty slots.
    pub items: Vec<T>,
    /// Completeness of the list: complete if all items were read.
    pub completeness: Completeness,
}

/// A list that is read page by page; see [`Driver::pages`].
#[must_use = "an iterator does nothing unless it is consumed"]
pub struct Pages<'a, D: ?Sized, E> {
    driver: &'a D,
    pager: Pager<E>,
}

impl<'a, D: ?Sized, E: Paged> Pages<'a, D, E> {
    pub(super) fn new(driver: &'a D, endpoint: E) -> Self {
        Self { driver, pager: Pager::new(endpoint) }
    }

    /// Returns whether all items of the list were read.
    pub fn completeness(&self) -> Completeness {
        self.pager.completeness()
    }
}

impl<D: Driver + ?Sized, E: Paged + Clone> Iterator for Pages<'_, D, E> {
    type Item = Result<Vec<E::Item>, Error<D::Error>>;

    fn next(&mut self) -> Option<Self::Item> {
        let endpoint = self.pager.request()?.clone();
        Some(self.driver.call(endpoint).map(|page| self.pager.receive(page)))
    }
}

/// A list that is read item by item; see [`Driver::items`].
#[must_use = "an iterator does nothing unless it is consumed"]
pub struct Items<'a, D: ?Sized, E: Paged> {
    pages: Option<Pages<'a, D, E>>,
    items: std::vec::IntoIter<E::Item>,
}

impl<'a, D: ?Sized, E: Paged> Items<'a, D, E> {
    pub(super) fn new(pages: Pages<'a, D, E>) -> Self {
        Self { pages: Some(pages), items: Vec::new().into_iter() }
    }

    /// Returns whether all items of the list were read; `None` after an error.
    pub fn completeness(&self) -> Option<Completeness> {
        self.pages.as_ref().map(Pages::completeness)
    }
}

impl<D: Driver + ?Sized, E: Paged + Clone> Iterator for Items<'_, D, E> {
    type Item = Result<E::Item, Error<D::Error>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.items.next() {
                return Some(Ok(item));
            }
            match self.pages.as_mut()?.next()? {
                Ok(items) => self.items = items.into_iter(),
                Err(error) => {
                    self.pages = None;
                    return Some(Err(error));
                }
            }
        }
    }
}

/// A list that is read page by page; see [`AsyncDriver::pages`].
#[must_use = "a list is read only when its pages are requested"]
pub struct AsyncPages<'a, D: ?Sized, E> {
    driver: &'a D,
    pager: Pager<E>,
}

impl<'a, D: ?Sized, E: Paged> AsyncPages<'a, D, E> {
    pub(super) fn new(driver: &'a D, endpoint: E) -> Self {
        Self { driver, pager: Pager::new(endpoint) }
    }

    /// Returns whether all items of the list were read.
    pub fn completeness(&self) -> Completeness {
        self.pager.completeness()
    }
}

impl<D: AsyncDriver + ?Sized, E: Paged + Clone> AsyncPages<'_, D, E> {
    /// Returns the items of the next page; `None` at the end.
    ///
    /// After an error, the next call requests the same page again. If the future is dropped, the page is
    /// requested again.
    pub async fn next(&mut self) -> Option<Result<Vec<E::Item>, Error<D::Error>>> {
        let endpoint = self.pager.request()?.clone();
        Some(self.driver.call(endpoint).await.map(|page| self.pager.receive(page)))
    }
}

/// A list that is read with several requests in flight; see [`AsyncDriver::prefetch`].
#[must_use = "a list is read only when its pages are requested"]
pub struct Prefetch<'a, D: ?Sized, E: Endpoint, F: Future> {
    driver: &'a D,
    fetch: fn(&'a D, E) -> F,
    bound: usize,
    pager: Pager<E>,
    /// Endpoints whose pages have not been requested yet.
    planned: VecDeque<E>,
    in_flight: VecDeque<InFlight<E, F>>,
}

struct InFlight<E, F: Future> {
    endpoint: E,
    future: Pin<Box<F>>,
    output: Option<F::Output>,
}

impl<'a, D: ?Sized, E: OffsetPaged + Clone, F: Future<Output = PageResult<E, X>>, X> Prefetch<'a, D, E, F> {
    pub(super) fn new(driver: &'a D, endpoint: E, bound: NonZeroUsize, fetch: fn(&'a D, E) -> F) -> Self {
        Self {
            driver,
            fetch,
            bound: bound.get(),
            pager: Pager::new(endpoint),
            planned: VecDeque::new(),
            in_flight: VecDeque::new(),
        }
    }

    /// Returns whether all items of the list were read.
    pub fn completeness(&self) -> Completeness {
        self.pager.completeness()
    }

    /// Returns the items of the next page; `None` at the end.
    ///
    /// After an error, the next call requests the same page again. If the future is dropped, requests in flight are
    /// kept, and the next call continues them.
    pub async fn next(&mut self) -> Option<Result<Vec<E::Item>, Error<X>>> {
        let next = self.pager.request()?.clone();
        // The list may continue at a different position than planned, for example if the server used a different limit
        // or sent an empty page.
        let front = self.in_flight.front().map(|it| &it.endpoint).or(self.planned.front());
        if front.is_none_or(|front| !is_same_page(front, &next)) {
            (self.planned, self.in_flight) = (VecDeque::from([next.clone()]), VecDeque::new());
        }
        self.fill();
        let result = poll_fn(|context| {
            for it in self.in_flight.iter_mut().filter(|it| it.output.is_none()) {
                if let Poll::Ready(output) = it.future.as_mut().poll(context) {
                    it.output = Some(output);
                }
            }
            match self.in_flight.front_mut().map(|front| front.output.take()) {
                Some(None) => Poll::Pending,
                output => Poll::Ready(output.flatten()),
            }
        });
        let result = result.await?;
        self.in_flight.pop_front();
        Some(result.map(|page| {
            let is_first = self.in_flight.is_empty() && self.planned.is_empty();
            if is_first {
                self.planned = next.remaining(&page).collect();
            }
            self.pager.receive(page)
        }))
    }

    /// Starts new requests until the number of requests in flight reaches the bound.
    fn fill(&mut self) {
        while self.in_flight.len() < self.bound {
            let Some(endpoint) = self.planned.pop_front() else { return };
            let future = Box::pin((self.fetch)(self.driver, endpoint.clone()));
            self.in_flight.push_back(InFlight { endpoint, future, output: None });
        }
    }
}

/// Returns whether both endpoints request the same page.
fn is_same_page<E: Endpoint>(one: &E, other: &E) -> bool {
    let place = |endpoint: &E| {
        let mut target = Target::new();
        endpoint.target(&mut target);
        let parts = target.as_str().split(['?', '&']).filter(|part| !part.starts_with("limit="));
        parts.map(str::to_owned).collect::<Vec<_>>()
    };
    place(one) == place(other)
}

impl<D: ?Sized, E: fmt::Debug> fmt::Debug for Pages<'_, D, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("pager", &self.pager).finish_non_exhaustive()
    }
}

impl<D: ?Sized, E: fmt::Debug + Paged> fmt::Debug for Items<'_, D, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}

impl<D: ?Sized, E: fmt::Debug> fmt::Debug for AsyncPages<'_, D, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncPages").field("pager", &self.pager).finish_non_exhaustive()
    }
}

impl<D: ?Sized, E: fmt::Debug + Endpoint, F: Future> fmt::Debug for Prefetch<'_, D, E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prefetch")
            .field("pager", &self.pager)
            .field("in_flight", &self.in_flight.len())
            .finish_non_exhaustive()
    }
}
