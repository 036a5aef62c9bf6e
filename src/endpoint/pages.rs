//! Endpoints of subsequent pages of a list, and batches of lists that are too long for one request.

use crate::model::{CursorPage, Page};
use crate::types::text::Text;
use crate::wire::percent;

/// Implements the paging traits for endpoints with offsets. In `Name.field`, `field` is the field of the response that
/// contains the page.
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

/// Declares the continuation of a first page that is contained in another object:
/// `Name: GetObject.id => Object.page with (shared options), "object"`.
macro_rules! embedded_pages {
    ($name:ident: $read:ident.$id:ident => $object:ident.$page:ident with ($option:ident $(, $more:ident)*), $of:literal) => {
        impl $name {
            /// Documented maximum of `limit`.
            pub const MAX_LIMIT: u32 = crate::endpoint::max_limit(Self::RULES);

            #[doc = concat!("Returns the endpoint of the page after the first page, which is contained in the ", $of, ".")]
            ///
            #[doc = concat!("`read` is the endpoint whose response contains the ", $of, ". The following options are copied")]
            #[doc = concat!("from `read`: `", stringify!($option), "`", $(", `", stringify!($more), "`",)* ".")]
            ///
            #[doc = concat!("Returns the endpoint of the first page if the ", $of, " contains only the total of the list, and `None`")]
            #[doc = concat!("at the end of the list or if the ", $of, " does not contain the list.")]
            #[must_use]
            pub fn next_after(read: &$read, object: &crate::model::$object) -> Option<Self> {
                use crate::endpoint::OffsetPaged as _;
                let offset = crate::endpoint::first_offset_after(object.$page.as_ref()?)?;
                Some(Self::continuing(read).page_at(offset, Self::MAX_LIMIT))
            }

            #[doc = concat!("Returns the endpoints of all pages after the first page in the ", $of, ", which can be fetched concurrently.")]
            ///
            /// The same options are copied as by [`next_after`](Self::next_after). The iterator is empty at the end of
            /// the list.
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

            /// Returns the endpoint of the first page, with the options that both operations share.
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

/// Declares a method that splits a list of any length into requests of at most the documented maximum length.
macro_rules! batches {
    ($($name:ident $list:ident: $item:ident, $max_name:ident);+ $(;)?) => {$(
        impl $name {
            #[doc = concat!("Documented maximum number of `", stringify!($list), "` per request.")]
            pub const $max_name: usize = crate::endpoint::max_items(Self::RULES);

            #[doc = concat!("Splits a list of any length into endpoints for at most [`", stringify!($max_name), "`](Self::", stringify!($max_name), ")")]
            #[doc = concat!("`", stringify!($list), "` each, in order. The iterator is empty if the list is empty.")]
            pub fn batches($list: impl IntoIterator<Item = $item>) -> impl Iterator<Item = Self> {
                crate::types::query::chunks($list, Self::$max_name).map(Self::new)
            }
        }
    )+};
}
pub(crate) use batches;

/// Returns the offset of the next page, computed from the offset and the limit in the response rather than from the
/// number of items.
///
/// If the server did not apply the limit that it states, the URL of the next page has a smaller offset, which takes
/// precedence.
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

/// Returns the offset of the page after an empty page in the middle of a list.
pub(crate) fn skipped_offset<T>(page: &Page<T>, requested: Option<u32>) -> Option<u32> {
    let info = page.info();
    let requested = requested.unwrap_or(0);
    let next = info.offset.unwrap_or(requested).checked_add(info.limit.filter(|limit| *limit > 0)?)?;
    (info.has_next && next > requested).then_some(next)
}

/// Returns the offset of the page after the page contained in an object; 0 if the object contains only the total.
pub(crate) fn first_offset_after<T>(page: &Page<T>) -> Option<u32> {
    let place = page.info();
    let has_only_total =
        place.len == 0 && place.offset.unwrap_or(0) == 0 && place.total.is_some_and(|it| it > 0);
    if has_only_total { Some(0) } else { next_offset(page, None) }
}

/// Returns the cursor of the next page from `cursors` or, if absent, from the query of the URL in `next`. The URL
/// itself is never requested.
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
