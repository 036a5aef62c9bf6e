//! Pages of lists.

use crate::types::text::Text;
use crate::wire::lenient::model;

model! {
    /// A page of an offset-paginated list.
    ///
    /// A slot is `None` if the server sends `null` or an item of the wrong type. Iterating over the page skips empty
    /// slots. [`Pager`](crate::Pager) reads a list page by page.
    ///
    /// Reference: [Get Album Tracks](https://developer.spotify.com/documentation/web-api/reference/get-an-albums-tracks).
    Page<T> {
        /// Web API URL of this page, as sent by the server.
        href: Option<String>,
        /// Items of the page in order, including empty slots.
        items: Vec<Option<T>>,
        /// Maximum number of items per page, as requested or by default.
        limit: Option<u32>,
        /// URL of the next page; `None` at the end of the list. [`Paged::next`](crate::Paged::next) returns the
        /// endpoint of that page.
        next: Option<String>,
        /// Zero-based position of the first slot in the list.
        offset: Option<u32>,
        /// URL of the previous page; `None` for the first page.
        previous: Option<String>,
        /// Number of slots in the list, including empty slots. The total can be wrong, so do not use it to terminate a
        /// loop.
        total: Option<u32>,
    }

    /// A page of a cursor-paginated list: followed artists or recently played tracks.
    ///
    /// A slot is `None` if the server sends `null` or an item of the wrong type. Iterating over the page skips empty
    /// slots. [`Pager`](crate::Pager) reads a list page by page.
    ///
    /// Reference: [Get Followed Artists](https://developer.spotify.com/documentation/web-api/reference/get-followed).
    CursorPage<T> {
        /// Web API URL of this page, as sent by the server.
        href: Option<String>,
        /// Items of the page in order, including empty slots.
        items: Vec<Option<T>>,
        /// Maximum number of items per page, as requested or by default.
        limit: Option<u32>,
        /// URL of the next page; `None` at the end of the list. [`Paged::next`](crate::Paged::next) returns the
        /// endpoint of that page.
        next: Option<String>,
        /// Cursors of the adjacent pages; `None` if the list is empty or at its end.
        cursors: Option<Cursors>,
        /// Number of items in the list; `None` for recently played tracks.
        total: Option<u32>,
    }

    /// Cursors of the pages before and after a page.
    ///
    /// A cursor is an artist id, or a time in milliseconds since the Unix epoch.
    ///
    /// Reference: [Get Followed Artists](https://developer.spotify.com/documentation/web-api/reference/get-followed).
    Cursors {
        /// Cursor of the next page; `None` at the end of the list.
        after: Option<Text>,
        /// Cursor of the previous page; `None` if there is no previous page.
        before: Option<Text>,
    }
}

impl<T> Page<T> {
    /// Returns the position of the page in the list, as stated by the server.
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
    /// Returns the position of the page in the list, as stated by the server.
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

/// Returns a number from the query of a URL. The URL itself is never requested.
fn number_in_query(url: &str, name: &str) -> Option<u32> {
    let (_, query) = url.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name)?.1.parse().ok()
}

macro_rules! items {
    ($($page:ident),+) => {$(
        impl<T> $page<T> {
            /// Returns an iterator over the items, skipping empty slots.
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

/// Builds a page that contains the complete list.
impl<T> FromIterator<T> for Page<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let items: Vec<_> = items.into_iter().map(Some).collect();
        let len = u32::try_from(items.len()).ok();
        Self { items, limit: len, offset: Some(0), total: len, ..Self::default() }
    }
}

/// Builds a page that contains the complete list.
impl<T> FromIterator<T> for CursorPage<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let items: Vec<_> = items.into_iter().map(Some).collect();
        let len = u32::try_from(items.len()).ok();
        Self { items, limit: len, total: len, ..Self::default() }
    }
}

/// Position of a page in its list, as stated by the server.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct PageInfo {
    /// Zero-based position of the first slot in the list; `None` for cursor-paginated lists.
    pub offset: Option<u32>,
    /// Maximum number of items per page.
    pub limit: Option<u32>,
    /// Number of slots in the list, including empty slots. The total can be wrong.
    pub total: Option<u32>,
    /// Number of slots on the page, including empty slots.
    pub len: usize,
    /// True if the page links to a next page.
    pub has_next: bool,
    /// Offset in the URL of the next page; `None` if the URL has no offset.
    pub next_offset: Option<u32>,
    /// True if the page has no offset, no limit, no total and no next page, for example because of a `fields` filter.
    pub is_bare: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Artist, PlayHistory};

    #[test]
    fn an_empty_slot_counts_as_a_slot_but_is_not_iterated() {
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
    fn a_total_is_read_from_any_notation_of_a_number() {
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
    fn an_object_without_values_survives_a_round_trip() {
        let page: CursorPage<Artist> =
            serde_json::from_str(r#"{"cursors": {"after": null}}"#).expect("a page");
        assert_eq!(page.cursors, Some(Cursors::default()));
        let json = serde_json::to_string(&page).expect("JSON");
        assert_eq!(serde_json::from_str::<CursorPage<Artist>>(&json).expect("a page"), page);
    }

    #[test]
    fn an_object_of_another_kind_is_not_a_page() {
        assert!(serde_json::from_str::<Page<Artist>>(r#"{"error": {"status": 404}}"#).is_err());
        assert!(serde_json::from_str::<Page<Artist>>("[]").is_err());
    }
}
