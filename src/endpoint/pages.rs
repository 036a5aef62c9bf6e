//! From one page to the next, and from a list of any length to calls of a length that the server takes.

use crate::encode;
use crate::model::{CursorPage, Placed};
use crate::text::Text;

/// Makes offset endpoints pageable; `Name.field` where the page is a field of the answer.
macro_rules! offset_pages {
    ($($name:ident $(.$field:ident)?),+ $(,)?) => {$(
        impl crate::endpoint::Paged for $name {
            fn next(&self, page: &Self::Output) -> Option<Self> {
                let next = crate::endpoint::next_offset(&(*page) $(.$field)?, self.offset);
                next.map(|offset| self.clone().offset(offset))
            }
        }

        impl crate::endpoint::Offset for $name {
            fn rest(&self, page: &Self::Output) -> impl Iterator<Item = Self> {
                crate::endpoint::rest_offsets(&(*page) $(.$field)?, self.offset, None)
                    .map(|(offset, limit)| self.clone().offset(offset).limit(limit))
            }
        }
    )+};
}
pub(crate) use offset_pages;

/// Lets an endpoint go on where the first page inside another object ends: `Name { parameter } in Object.page`.
macro_rules! embedded_pages {
    ($name:ident $max:literal, $object:ident.$page:ident $(, $of:literal)?) => {
        impl $name {
            /// The greatest documented `limit`.
            pub const MAX_LIMIT: u32 = $max;

            #[doc = concat!("The page after the first one, which is inside the ", $($of,)? ".")]
            ///
            /// `None` when there are no more, or the object has neither page nor id.
            #[must_use]
            pub fn after(object: &crate::model::$object) -> Option<Self> {
                let offset = crate::endpoint::next_offset(object.$page.as_ref()?, None)?;
                Some(Self::new(object.id.clone()?).offset(offset).limit(Self::MAX_LIMIT))
            }

            #[doc = concat!("All pages after the first one, which is inside the ", $($of,)? ", to be read side by side.")]
            pub fn all_after(object: &crate::model::$object) -> impl Iterator<Item = Self> {
                let pages = object.id.as_ref().zip(object.$page.as_ref()).map(|(id, page)| {
                    crate::endpoint::rest_offsets(page, None, Some(Self::MAX_LIMIT))
                        .map(move |(offset, limit)| Self::new(id.clone()).offset(offset).limit(limit))
                });
                pages.into_iter().flatten()
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
                crate::bounded::chunks($list, Self::$max_name).map(Self::new)
            }
        }
    )+};
}
pub(crate) use batches;

/// The offset of the next page, by the server's own offset and limit, never by the number of items kept.
pub(crate) fn next_offset(page: &impl Placed, requested: Option<u32>) -> Option<u32> {
    let place = page.place();
    let requested = requested.unwrap_or(0);
    let len = u32::try_from(place.len).unwrap_or(u32::MAX);
    let step = place.limit.filter(|limit| *limit > 0).unwrap_or(len);
    let next = place.offset.unwrap_or(requested).saturating_add(step);
    (place.has_next && len > 0 && next > requested).then_some(next)
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
        encode::decode(value).map(|value| Text::from(&*value))
    })
}

/// Offset and limit of every page after this one, up to the total.
pub(crate) fn rest_offsets<P: Placed>(
    page: &P,
    requested: Option<u32>,
    limit: Option<u32>,
) -> impl Iterator<Item = (u32, u32)> + use<P> {
    let place = page.place();
    let first = next_offset(page, requested);
    let len = u32::try_from(place.len).unwrap_or(u32::MAX).max(1);
    let limit = limit.or(place.limit).filter(|limit| *limit > 0).unwrap_or(len);
    let total = place.total.unwrap_or(0);
    std::iter::successors(first, move |offset| offset.checked_add(limit))
        .take_while(move |offset| *offset < total)
        .map(move |offset| (offset, limit))
}
