//! Pages of lists.

use crate::lenient::model;
use crate::text::Text;

model! {
    /// A part of a list, by offset.
    ///
    /// Slots that the server leaves empty are `None`; iterating a page yields the items that are there.
    Page<T> {
        /// The address of this page, as the server wrote it.
        href: Option<String>,
        /// The items, in order, with the server's empty slots.
        items: Vec<Option<T>>,
        /// The greatest number of items that this page could have.
        limit: Option<u32>,
        /// The address of the next page: `None` at the end. Ask [`Paged::next`](crate::Paged::next) for its endpoint.
        next: Option<String>,
        /// The place of the first item in the list, from 0.
        offset: Option<u32>,
        /// The address of the page before.
        previous: Option<String>,
        /// How many items the list has, empty slots included; not to be relied on to stop.
        total: Option<u32>,
    }

    /// A part of a list, by cursor.
    ///
    /// Slots that the server leaves empty are `None`; iterating a page yields the items that are there.
    CursorPage<T> {
        /// The address of this page, as the server wrote it.
        href: Option<String>,
        /// The items, in order, with the server's empty slots.
        items: Vec<Option<T>>,
        /// The greatest number of items that this page could have.
        limit: Option<u32>,
        /// The address of the next page: `None` at the end. Ask [`Paged::next`](crate::Paged::next) for its endpoint.
        next: Option<String>,
        /// The places around this page; absent when the list is empty.
        cursors: Option<Cursors>,
        /// How many items the list has; often absent.
        total: Option<u32>,
    }

    /// The places around a page of a cursor list.
    Cursors {
        /// Where the next page begins: an id or a time in Unix milliseconds, as text.
        after: Option<Text>,
        /// Where the page before ends, likewise.
        before: Option<Text>,
    }
}

impl<T> Placed for Page<T> {
    fn place(&self) -> Place {
        Place {
            offset: self.offset,
            limit: self.limit,
            total: self.total,
            len: self.items.len(),
            has_next: self.next.is_some(),
        }
    }
}

macro_rules! items {
    ($($page:ident),+) => {$(
        impl<T> $page<T> {
            /// The items that are there.
            pub fn iter(&self) -> std::iter::Flatten<std::slice::Iter<'_, Option<T>>> {
                self.items.iter().flatten()
            }
        }

        impl<'a, T> IntoIterator for &'a $page<T> {
            type Item = &'a T;
            type IntoIter = std::iter::Flatten<std::slice::Iter<'a, Option<T>>>;

            fn into_iter(self) -> Self::IntoIter {
                self.iter()
            }
        }

        impl<T> IntoIterator for $page<T> {
            type Item = T;
            type IntoIter = std::iter::Flatten<std::vec::IntoIter<Option<T>>>;

            fn into_iter(self) -> Self::IntoIter {
                self.items.into_iter().flatten()
            }
        }
    )+};
}
items!(Page, CursorPage);

/// Where a page lies in its list, as the server says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) offset: Option<u32>,
    pub(crate) limit: Option<u32>,
    pub(crate) total: Option<u32>,
    /// Slots, empty ones included.
    pub(crate) len: usize,
    pub(crate) has_next: bool,
}

/// A page of an offset list.
pub(crate) trait Placed {
    fn place(&self) -> Place;
}
