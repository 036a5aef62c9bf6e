//! From one page to the next, and from a list of any length to calls of a length that the server takes.

use crate::model::{CursorPage, Page};
use crate::types::text::Text;
use crate::wire::percent;

/// Makes offset endpoints pageable; `Name.field` where the page is a field of the answer.
macro_rules! offset_pages {
    ($($name:ident $(.$field:ident)?: $item:ty),+ $(,)?) => {$(
        impl crate::endpoint::Paged for $name {
            type Item = $item;

            fn page_info(&self, page: &Self::Output) -> crate::model::PageInfo {
                (*page) $(.$field)? .info()
            }

            fn items(page: Self::Output) -> Vec<$item> {
                page $(.$field)? .into_iter().collect()
            }

            fn skip(&self, page: &Self::Output) -> Option<Self> {
                let skipped = crate::endpoint::skipped_offset(&(*page) $(.$field)?, self.offset);
                skipped.map(|offset| self.clone().offset(offset))
            }

            fn next(&self, page: &Self::Output) -> Option<Self> {
                let next = crate::endpoint::next_offset(&(*page) $(.$field)?, self.offset);
                next.map(|offset| self.clone().offset(offset))
            }
        }

        impl crate::endpoint::OffsetPaged for $name {
            fn page_at(&self, offset: u32, limit: u32) -> Self {
                self.clone().offset(offset).limit(limit)
            }

            fn remaining(&self, page: &Self::Output) -> crate::endpoint::Remaining<Self> {
                let span = crate::endpoint::span_after(&(*page) $(.$field)?, self.offset);
                crate::endpoint::Remaining::of(self.clone(), span)
            }
        }
    )+};
}
pub(crate) use offset_pages;

/// Continues the first page inside another object: `Name: GetObject.id => Object.page with (shared options)`.
macro_rules! embedded_pages {
    ($name:ident: $read:ident.$id:ident => $object:ident.$page:ident with ($option:ident $(, $more:ident)*), $of:literal) => {
        impl $name {
            /// Documented maximum of `limit`.
            pub const MAX_LIMIT: u32 = crate::endpoint::max_limit(Self::RULES);

            #[doc = concat!("Returns the page after the first one, which is inside the ", $of, ".")]
            ///
            #[doc = concat!("`read` is the request that the ", $of, " is the response to. Options that both requests")]
            #[doc = concat!("have are kept: `", stringify!($option), "`", $(", `", stringify!($more), "`",)* ".")]
            ///
            #[doc = concat!("If the ", $of, " has only the total of the list, this is the first page. `None` at the end of")]
            #[doc = concat!("the list, or if the ", $of, " does not have it.")]
            #[must_use]
            pub fn next_after(read: &$read, object: &crate::model::$object) -> Option<Self> {
                use crate::endpoint::OffsetPaged as _;
                let offset = crate::endpoint::first_offset_after(object.$page.as_ref()?)?;
                Some(Self::continuing(read).page_at(offset, Self::MAX_LIMIT))
            }

            /// Returns all pages after the one inside the object, to be fetched concurrently.
            ///
            /// Options are kept as by [`next_after`](Self::next_after).
            pub fn remaining_after(
                read: &$read,
                object: &crate::model::$object,
            ) -> crate::endpoint::Remaining<Self> {
                let span = object.$page.as_ref().and_then(|page| {
                    let start = crate::endpoint::first_offset_after(page)?;
                    Some(crate::endpoint::Span {
                        start,
                        end: page.total.unwrap_or(0),
                        limit: Self::MAX_LIMIT,
                    })
                });
                crate::endpoint::Remaining::of(Self::continuing(read), span)
            }

            /// The first page, with the options that both operations have.
            fn continuing(read: &$read) -> Self {
                let mut list = Self::new(read.$id.clone());
                list.$option = Clone::clone(&read.$option);
                $(list.$more = Clone::clone(&read.$more);)*
                list
            }
        }
    };
}
pub(crate) use embedded_pages;

/// Splits a list of any length into calls of the documented greatest length.
macro_rules! batches {
    ($($name:ident $list:ident: $item:ident, $max_name:ident);+ $(;)?) => {$(
        impl $name {
            #[doc = concat!("Documented maximum of `", stringify!($list), "` in a request.")]
            pub const $max_name: usize = crate::endpoint::max_items(Self::RULES);

            #[doc = concat!("The calls for any number of `", stringify!($list), "`, in their order.")]
            pub fn batches($list: impl IntoIterator<Item = $item>) -> impl Iterator<Item = Self> {
                crate::types::query::chunks($list, Self::$max_name).map(Self::new)
            }
        }
    )+};
}
pub(crate) use batches;

/// The offset of the next page, by the server's own offset and limit, never by the number of items kept.
///
/// A server that echoes a limit it did not respect names an earlier offset in the URL of the next page.
pub(crate) fn next_offset<T>(page: &Page<T>, requested: Option<u32>) -> Option<u32> {
    let info = page.info();
    let requested = requested.unwrap_or(0);
    let len = u32::try_from(info.len).unwrap_or(u32::MAX);
    let step = info.limit.filter(|limit| *limit > 0).unwrap_or(len);
    let begin = info.offset.unwrap_or(requested);
    let next = begin.saturating_add(step);
    let named = info.next_offset.filter(|named| (begin.saturating_add(len)..next).contains(named));
    let next = named.unwrap_or(next);
    (info.has_next && len > 0 && next > requested).then_some(next)
}

/// The offset after a page without items in the middle of a list.
pub(crate) fn skipped_offset<T>(page: &Page<T>, requested: Option<u32>) -> Option<u32> {
    let info = page.info();
    let requested = requested.unwrap_or(0);
    let next = info.offset.unwrap_or(requested).checked_add(info.limit.filter(|limit| *limit > 0)?)?;
    (info.has_next && next > requested).then_some(next)
}

/// The offset of the first page to read after the one inside an object: 0 if the object has only the total.
pub(crate) fn first_offset_after<T>(page: &Page<T>) -> Option<u32> {
    let place = page.info();
    let has_only_total =
        place.len == 0 && place.offset.unwrap_or(0) == 0 && place.total.is_some_and(|it| it > 0);
    if has_only_total { Some(0) } else { next_offset(page, None) }
}

/// The cursor of the next page: from `cursors`, else from the query of `next`, which itself is never followed.
pub(crate) fn next_cursor<T>(page: &CursorPage<T>, name: &str) -> Option<Text> {
    let next = page.next.as_deref().filter(|_| !page.items.is_empty())?;
    let cursors = page.cursors.as_ref();
    let named = cursors.and_then(|it| if name == "before" { it.before.clone() } else { it.after.clone() });
    named.or_else(|| {
        let (_, query) = next.split_once('?')?;
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(key, _)| *key == name)?;
        percent::decode(value).map(|value| Text::from(&*value))
    })
}
