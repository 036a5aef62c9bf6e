//! Pages of lists.

use crate::types::text::Text;
use crate::wire::lenient::model;

model! {
    /// A part of a list, by offset.
    ///
    /// Slots that the server leaves empty are `None`; iterating a page yields the items that are there.
    Page<T> {
        /// Address of this page, as the server wrote it.
        href: Option<String>,
        /// The items, in order, with the server's empty slots.
        items: Vec<Option<T>>,
        /// Largest number of items that the page could have.
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
        /// Address of this page, as the server wrote it.
        href: Option<String>,
        /// The items, in order, with the server's empty slots.
        items: Vec<Option<T>>,
        /// Largest number of items that the page could have.
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

impl<T> Page<T> {
    /// Where the page lies in its list, as the server says.
    #[must_use]
    pub fn info(&self) -> PageInfo {
        PageInfo {
            offset: self.offset,
            limit: self.limit,
            total: self.total,
            len: self.items.len(),
            has_next: self.next.is_some(),
            next_offset: self.next.as_deref().and_then(|next| number_in_query(next, "offset")),
            is_bare: self.offset.or(self.limit).or(self.total).is_none() && self.next.is_none(),
        }
    }
}

impl<T> CursorPage<T> {
    /// Where the page lies in its list, as the server says.
    #[must_use]
    pub fn info(&self) -> PageInfo {
        PageInfo {
            limit: self.limit,
            total: self.total,
            len: self.items.len(),
            has_next: self.next.is_some(),
            ..PageInfo::default()
        }
    }
}

/// A number in the query of a URL. The URL itself is never requested.
fn number_in_query(url: &str, name: &str) -> Option<u32> {
    let (_, query) = url.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name)?.1.parse().ok()
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

/// Builds the only page of a list.
impl<T> FromIterator<T> for Page<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let items: Vec<_> = items.into_iter().map(Some).collect();
        let len = u32::try_from(items.len()).ok();
        Self { items, limit: len, offset: Some(0), total: len, ..Self::default() }
    }
}

/// Builds the only page of a list.
impl<T> FromIterator<T> for CursorPage<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let items: Vec<_> = items.into_iter().map(Some).collect();
        let len = u32::try_from(items.len()).ok();
        Self { items, limit: len, total: len, ..Self::default() }
    }
}

/// Where a page lies in its list, as the server says.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct PageInfo {
    /// The place of the first item in the list, from 0; `None` for cursor lists.
    pub offset: Option<u32>,
    /// The greatest number of items that the page could have.
    pub limit: Option<u32>,
    /// How many items the list has, empty slots included.
    pub total: Option<u32>,
    /// How many slots the page has, empty ones included.
    pub len: usize,
    /// Whether the server names a next page.
    pub has_next: bool,
    /// The offset in the URL of the next page.
    pub next_offset: Option<u32>,
    /// Whether the page has none of the fields that say where it lies, as a `fields` filter makes it.
    pub is_bare: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Artist, PlayHistory};

    #[test]
    fn an_empty_slot_is_kept_and_passed_over() {
        let json = r#"{"items": [null, {"name": "a"}, 7, {"name": "b"}], "next": null}"#;
        let page: Page<Artist> = serde_json::from_str(json).expect("a page");
        assert_eq!(page.items.len(), 4);
        let names: Vec<_> = page.iter().map(|artist| artist.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!((&page).into_iter().count(), 2);
        assert_eq!(page.info().len, 4);
        assert_eq!(page.into_iter().count(), 2);
    }

    #[test]
    fn a_total_is_a_number_however_it_is_written() {
        for (json, total) in [
            ("42", Some(42)),
            ("42.0", Some(42)),
            ("4.9E7", Some(49_000_000)),
            (r#""44272""#, Some(44_272)),
            ("null", None),
            ("-1", None),
            ("1e300", None),
            (r#""many""#, None),
            (r#"{"a": [1]}"#, None),
        ] {
            let page: Page<Artist> = serde_json::from_str(&format!(r#"{{"total": {json}}}"#)).expect(json);
            assert_eq!(page.total, total, "{json}");
        }
    }

    #[test]
    fn cursors_may_be_null() {
        let json = r#"{"items": [null], "cursors": null, "next": null}"#;
        let page: CursorPage<PlayHistory> = serde_json::from_str(json).expect("a page");
        assert_eq!(page.cursors, None);
        assert_eq!(page.iter().count(), 0);
    }

    #[test]
    fn an_object_without_values_is_read_back() {
        let page: CursorPage<Artist> =
            serde_json::from_str(r#"{"cursors": {"after": null}}"#).expect("a page");
        assert_eq!(page.cursors, Some(Cursors::default()));
        let json = serde_json::to_string(&page).expect("JSON");
        assert_eq!(serde_json::from_str::<CursorPage<Artist>>(&json).expect("a page"), page);
    }

    #[test]
    fn an_object_of_another_kind_is_no_page() {
        assert!(serde_json::from_str::<Page<Artist>>(r#"{"error": {"status": 404}}"#).is_err());
        assert!(serde_json::from_str::<Page<Artist>>("[]").is_err());
    }
}
