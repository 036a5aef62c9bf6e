//! How far a list is read.

use super::page::{Page, PageInfo};

/// How far a list is read when a page of it has come, in slots of the list.
///
/// Totals are what the server says, and it is known to be wrong. Whatever it says, `done` is never greater than
/// `total`, and both are the same when the list is at its end.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// The slots from the list's start to the end of this page: where the next page begins, by the server's own
    /// offset and limit. Empty slots and those that were left out count too; so the items that came may be fewer.
    pub done: u32,
    /// The slots of the whole list; `None` as long as that is not known: the server does not say, or the list has
    /// already more than it said.
    pub total: Option<u32>,
}

impl Progress {
    /// The part of the list that is read, from 0 to 1; an empty list is all read. `None` without a total.
    #[must_use]
    pub fn fraction(self) -> Option<f64> {
        let total = self.total?;
        let part = f64::from(self.done.min(total)) / f64::from(total.max(1));
        Some(if total == 0 { 1.0 } else { part })
    }

    /// How far a list is at the end of a page.
    fn at(place: PageInfo) -> Self {
        let len = u32::try_from(place.len).unwrap_or(u32::MAX);
        let offset = place.offset.unwrap_or(0);
        // A page without slots says nothing about the places before it.
        let reached = if len == 0 { 0 } else { offset.saturating_add(len) };
        let total = place.total.filter(|total| *total >= reached);
        // As `Paged::next` sees it: no next page, or one that would not advance.
        if !place.has_next || len == 0 {
            let all = total.unwrap_or(reached);
            return Self { done: all, total: Some(all) };
        }
        let next = offset.saturating_add(place.limit.unwrap_or(0)).max(reached);
        Self { done: total.map_or(next, |total| next.min(total)), total }
    }

    /// How far lists are that are read at the same offsets: as far as the one that goes on the longest.
    pub(crate) fn together(lists: impl IntoIterator<Item = Self>) -> Self {
        let join = |one: Self, other: Self| Self {
            done: one.done.max(other.done),
            total: one.total.zip(other.total).map(|(one, other)| one.max(other)),
        };
        lists.into_iter().reduce(join).unwrap_or(Self { done: 0, total: Some(0) })
    }

    /// The same for a list of which no more than `most` slots are shown.
    pub(crate) fn capped(self, most: u32) -> Self {
        let Self { done, total } = Self { total: self.total.map(|total| total.min(most)), ..self };
        if done < most {
            return Self { done, total };
        }
        Self { done: most, total: Some(most) }
    }
}

impl<T> Page<T> {
    /// How far the list is read with this page.
    ///
    /// A page that does not say its offset, because `fields` left it out, counts as the first.
    ///
    /// ```
    /// # use spotify_proto::model::{Page, SimplifiedAlbum};
    /// let json = r#"{"items": [{"name": "a"}, {"name": "b"}], "offset": 20, "limit": 2, "total": 88, "next": "…"}"#;
    /// let page: Page<SimplifiedAlbum> = spotify_proto::from_json(json.as_bytes())?;
    /// assert_eq!((page.progress().done, page.progress().total), (22, Some(88)));
    /// assert_eq!(page.progress().fraction(), Some(0.25));
    /// # Ok::<(), spotify_proto::DecodeError>(())
    /// ```
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress::at(self.info())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Artist;

    /// A page as JSON tells it, with as many slots.
    fn progress(slots: usize, rest: &str) -> (u32, Option<u32>) {
        let items = vec!["null"; slots].join(", ");
        let json = format!(r#"{{"items": [{items}], {rest}}}"#);
        let page: Page<Artist> = serde_json::from_str(&json).expect("a page");
        let progress = page.progress();
        if let Some(fraction) = progress.fraction() {
            assert!((0.0..=1.0).contains(&fraction), "{json}: {fraction}");
        }
        assert!(progress.total.is_none_or(|total| progress.done <= total), "{json}: {progress:?}");
        (progress.done, progress.total)
    }

    #[test]
    fn a_list_is_read_as_far_as_the_next_page_begins() {
        assert_eq!(progress(20, r#""offset": 0, "limit": 20, "total": 45, "next": "x""#), (20, Some(45)));
        assert_eq!(progress(20, r#""offset": 20, "limit": 20, "total": 45, "next": "x""#), (40, Some(45)));
        assert_eq!(progress(5, r#""offset": 40, "limit": 20, "total": 45, "next": null"#), (45, Some(45)));
    }

    #[test]
    fn items_that_were_left_out_count_as_read() {
        assert_eq!(progress(13, r#""offset": 20, "limit": 20, "total": 45, "next": "x""#), (40, Some(45)));
        assert_eq!(progress(2, r#""offset": 40, "limit": 20, "total": 45, "next": null"#), (45, Some(45)));
    }

    #[test]
    fn a_total_that_nobody_tells_is_none_until_the_end() {
        assert_eq!(progress(20, r#""offset": 20, "limit": 20, "next": "x""#), (40, None));
        assert_eq!(progress(20, r#""offset": 20, "limit": 20, "total": -1, "next": "x""#), (40, None));
        assert_eq!(progress(7, r#""offset": 40, "limit": 20"#), (47, Some(47)));
    }

    #[test]
    fn a_total_that_the_list_has_passed_is_none() {
        assert_eq!(progress(20, r#""offset": 20, "limit": 20, "total": 25, "next": "x""#), (40, None));
        assert_eq!(progress(20, r#""offset": 0, "limit": 20, "total": 0, "next": "x""#), (20, None));
        assert_eq!(progress(3, r#""offset": 40, "limit": 20, "total": 41, "next": null"#), (43, Some(43)));
    }

    #[test]
    fn a_list_that_ends_before_its_total_is_at_its_end() {
        assert_eq!(
            progress(20, r#""offset": 20, "limit": 20, "total": 900, "next": null"#),
            (900, Some(900))
        );
        assert_eq!(progress(0, r#""offset": 20, "limit": 20, "total": 900, "next": "x""#), (900, Some(900)));
        assert_eq!(progress(0, r#""offset": 1000, "limit": 20, "total": 45, "next": null"#), (45, Some(45)));
    }

    #[test]
    fn an_empty_list_is_all_read() {
        assert_eq!(progress(0, r#""offset": 0, "limit": 20, "total": 0, "next": null"#), (0, Some(0)));
        assert_eq!(Progress { done: 0, total: Some(0) }.fraction(), Some(1.0));
        assert_eq!(Progress::default().fraction(), None);
    }

    #[test]
    fn numbers_at_the_edge_do_not_wrap() {
        let most = u32::MAX;
        let rest = format!(r#""offset": {most}, "limit": {most}, "total": {most}, "next": "x""#);
        assert_eq!(progress(2, &rest), (most, Some(most)));
        assert_eq!(progress(2, r#""offset": 6, "limit": 0, "total": 9, "next": "x""#), (8, Some(9)));
        assert_eq!(progress(2, r#""limit": 4, "total": 9, "next": "x""#), (4, Some(9)));
    }

    #[test]
    fn lists_read_together_are_as_far_as_the_longest() {
        let of = |done, total| Progress { done, total };
        let lists = [of(5, Some(5)), of(20, Some(400)), of(20, Some(60))];
        assert_eq!(Progress::together(lists), of(20, Some(400)));
        assert_eq!(Progress::together([of(5, Some(5)), of(20, None)]), of(20, None));
        assert_eq!(Progress::together([]), of(0, Some(0)));
    }

    #[test]
    fn a_list_of_which_not_all_is_shown_ends_with_the_last_slot_that_is() {
        let capped = |done, total| Progress { done, total }.capped(1000);
        let of = |done, total| Progress { done, total };
        assert_eq!(capped(20, Some(60)), of(20, Some(60)));
        assert_eq!(capped(990, Some(12_000)), of(990, Some(1000)));
        assert_eq!(capped(1000, Some(12_000)), of(1000, Some(1000)));
        assert_eq!(capped(980, None), of(980, None));
        assert_eq!(capped(1010, None), of(1000, Some(1000)));
        assert_eq!(capped(u32::MAX, None), of(1000, Some(1000)));
    }
}
