//! Checks lists that are read sequentially or concurrently: no item is repeated or missing, and every list ends.

use super::faulty_pages::PageFault;
use super::workload::{Cursor, Got, Listed};

/// Maximum number of pages of a list, even if it changes while it is read.
const PAGES_MAX: usize = 60;

/// A list that is being read.
pub struct ListRead {
    pub list: Listed,
    pub fault: Option<PageFault>,
    /// The change counters of the server's lists before the first page.
    pub versions: (u32, u32),
    limit: u32,
    is_prefetched: bool,
    /// The ids on each page, in the order of the list.
    parts: Vec<Option<Vec<String>>>,
    pages: usize,
}

impl ListRead {
    pub fn new(
        list: Listed,
        fault: Option<PageFault>,
        limit: u32,
        is_prefetched: bool,
        versions: (u32, u32),
    ) -> Self {
        Self { list, fault, versions, limit, is_prefetched, parts: vec![None], pages: 0 }
    }

    pub fn first(&self) -> Cursor {
        self.list.first(self.limit)
    }

    /// Records a page, and returns the index and the cursor of each page to read next.
    pub fn take(&mut self, part: usize, cursor: &Cursor, page: &Got) -> Result<Vec<(usize, Cursor)>, String> {
        self.parts[part] = Some(page.ids());
        self.pages += 1;
        // With prefetching, the first page determines all other pages. Cursor-paginated lists are read sequentially.
        let after = match cursor.rest(page).filter(|_| self.is_prefetched) {
            Some(rest) if part == 0 => rest,
            Some(_) => Vec::new(),
            None => cursor.next(page).into_iter().collect(),
        };
        if self.pages + after.len() > PAGES_MAX {
            return Err(format!(
                "a list does not end after {PAGES_MAX} pages: {:?}",
                (self.list, self.fault)
            ));
        }
        let first = self.parts.len();
        self.parts.resize(first + after.len(), None);
        Ok(after.into_iter().enumerate().map(|(at, cursor)| (first + at, cursor)).collect())
    }

    /// Returns whether every page has been read.
    pub fn is_complete(&self) -> bool {
        self.parts.iter().all(Option::is_some)
    }

    /// Compares the received items with the server's list.
    pub fn check(&self, truth: &[String]) -> Result<(), String> {
        let read: Vec<_> = self.parts.iter().flatten().flatten().collect();
        if read.iter().copied().ne(truth) {
            let how = if self.is_prefetched { "concurrently" } else { "one after another" };
            let what = (self.list, self.fault, self.limit);
            return Err(format!("a list that was read {how}: {what:?}: expected {truth:?}, got {read:?}"));
        }
        // Every second element may be `null`, and there may be an additional empty page at the end.
        let limit = usize::try_from(self.limit).expect("the number should fit the type");
        let most = (truth.len() * 2).div_ceil(limit) + 2;
        if self.pages > most {
            return Err(format!("expected at most {most} pages, got {}: {:?}", self.pages, self.list));
        }
        Ok(())
    }
}
