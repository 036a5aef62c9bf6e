//! Progress of reading a list.

use super::page::{Page, PageInfo};

/// Progress of reading a list up to the end of a page, measured in slots.
///
/// The server's totals are sometimes wrong. Nevertheless, `done` never exceeds `total`, and both are equal at the end
/// of the list.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// Number of slots from the start of the list to the end of the page, computed from the offset and the limit in the
    /// response. Empty and omitted slots are included, so the number of items can be smaller.
    pub done: u32,
    /// Number of slots in the list; `None` if the server does not state a total, or if the list has already exceeded
    /// the stated total.
    pub total: Option<u32>,
}

impl Progress {
    /// Returns the fraction of the list that has been read, from 0 to 1; 1 for an empty list, and `None` if the total
    /// is unknown.
    #[must_use]
    pub fn fraction(self) -> Option<f64> {
        let total = self.total?;
        let part = f64::from(self.done.min(total)) / f64::from(total.max(1));
        Some(if total == 0 { 1.0 } else { part })
    }

    /// Returns the progress at the end of a page.
    fn at(place: PageInfo) -> Self {
        let len = u32::try_from(place.len).unwrap_or(u32::MAX);
        let offset = place.offset.unwrap_or(0);
        // A page without slots does not prove that the slots before the page exist.
        let reached = if len == 0 { 0 } else { offset.saturating_add(len) };
        let total = place.total.filter(|total| *total >= reached);
        // The list ends if there is no next page or if the position would not advance, as in `Paged::next`.
        if !place.has_next || len == 0 {
            let all = total.unwrap_or(reached);
            return Self { done: all, total: Some(all) };
        }
        let next = offset.saturating_add(place.limit.unwrap_or(0)).max(reached);
        Self { done: total.map_or(next, |total| next.min(total)), total }
    }

    /// Returns the progress of several lists that are read at the same offsets, which is that of the longest list.
    pub(crate) fn together(lists: impl IntoIterator<Item = Self>) -> Self {
        let join = |one: Self, other: Self| Self {
            done: one.done.max(other.done),
            total: one.total.zip(other.total).map(|(one, other)| one.max(other)),
        };
        lists.into_iter().reduce(join).unwrap_or(Self { done: 0, total: Some(0) })
    }

    /// Returns the progress of the list if it is limited to `most` slots.
    pub(crate) fn capped(self, most: u32) -> Self {
        let Self { done, total } = Self { total: self.total.map(|total| total.min(most)), ..self };
        if done < most {
            return Self { done, total };
        }
        Self { done: most, total: Some(most) }
    }
}

impl<T> Page<T> {
    /// Returns the progress of reading the list up to the end of this page.
    ///
    /// A page without an offset counts as the first page. A `fields` filter can omit the offset.
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

    /// Returns `done` and `total` of a page with the given number of slots.
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
    fn progress_ends_at_the_start_of_the_next_page() {
        assert_eq!(progress(20, r#""offset": 0, "limit": 20, "total": 45, "next": "x""#), (20, Some(45)));
        assert_eq!(progress(20, r#""offset": 20, "limit": 20, "total": 45, "next": "x""#), (40, Some(45)));
        assert_eq!(progress(5, r#""offset": 40, "limit": 20, "total": 45, "next": null"#), (45, Some(45)));
    }

    #[test]
    fn omitted_items_count_as_read() {
        assert_eq!(progress(13, r#""offset": 20, "limit": 20, "total": 45, "next": "x""#), (40, Some(45)));
        assert_eq!(progress(2, r#""offset": 40, "limit": 20, "total": 45, "next": null"#), (45, Some(45)));
    }

    #[test]
    fn a_total_that_the_server_does_not_state_is_none_until_the_end() {
        assert_eq!(progress(20, r#""offset": 20, "limit": 20, "next": "x""#), (40, None));
        assert_eq!(progress(20, r#""offset": 20, "limit": 20, "total": -1, "next": "x""#), (40, None));
        assert_eq!(progress(7, r#""offset": 40, "limit": 20"#), (47, Some(47)));
    }

    #[test]
    fn a_total_that_the_list_has_exceeded_is_none() {
        assert_eq!(progress(20, r#""offset": 20, "limit": 20, "total": 25, "next": "x""#), (40, None));
        assert_eq!(progress(20, r#""offset": 0, "limit": 20, "total": 0, "next": "x""#), (20, None));
        assert_eq!(progress(3, r#""offset": 40, "limit": 20, "total": 41, "next": null"#), (43, Some(43)));
    }

    #[test]
    fn a_list_that_ends_before_its_total_is_complete() {
        assert_eq!(
            progress(20, r#""offset": 20, "limit": 20, "total": 900, "next": null"#),
            (900, Some(900))
        );
        assert_eq!(progress(0, r#""offset": 20, "limit": 20, "total": 900, "next": "x""#), (900, Some(900)));
        assert_eq!(progress(0, r#""offset": 1000, "limit": 20, "total": 45, "next": null"#), (45, Some(45)));
    }

    #[test]
    fn an_empty_list_is_complete() {
        assert_eq!(progress(0, r#""offset": 0, "limit": 20, "total": 0, "next": null"#), (0, Some(0)));
        assert_eq!(Progress { done: 0, total: Some(0) }.fraction(), Some(1.0));
        assert_eq!(Progress::default().fraction(), None);
    }

    #[test]
    fn extreme_numbers_do_not_overflow() {
        let most = u32::MAX;
        let rest = format!(r#""offset": {most}, "limit": {most}, "total": {most}, "next": "x""#);
        assert_eq!(progress(2, &rest), (most, Some(most)));
        assert_eq!(progress(2, r#""offset": 6, "limit": 0, "total": 9, "next": "x""#), (8, Some(9)));
        assert_eq!(progress(2, r#""limit": 4, "total": 9, "next": "x""#), (4, Some(9)));
    }

    #[test]
    fn lists_read_together_have_the_progress_of_the_longest_list() {
        let of = |done, total| Progress { done, total };
        let lists = [of(5, Some(5)), of(20, Some(400)), of(20, Some(60))];
        assert_eq!(Progress::together(lists), of(20, Some(400)));
        assert_eq!(Progress::together([of(5, Some(5)), of(20, None)]), of(20, None));
        assert_eq!(Progress::together([]), of(0, Some(0)));
    }

    #[test]
    fn a_limited_list_ends_at_its_limit() {
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
