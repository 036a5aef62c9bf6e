//! Lists that are read page by page or concurrently: no item twice, no item missing, and an end.

use super::faulty_pages::PageFault;
use super::workload::{Cursor, Got, Listed};

/// The most pages of a list, however it changes while it is read.
const PAGES_MAX: usize = 60;

/// A list that is being read.
pub struct Walk {
    pub list: Listed,
    pub fault: Option<PageFault>,
    /// The server's change counters when the reading began.
    pub versions: (u32, u32),
    limit: u32,
    is_prefetched: bool,
    /// The ids of each page, in the order of the list.
    parts: Vec<Option<Vec<String>>>,
    pages: usize,
}

impl Walk {
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

    /// Takes a page and returns the cursors of the pages to read after it, each with its index.
    pub fn take(&mut self, part: usize, cursor: &Cursor, page: &Got) -> Result<Vec<(usize, Cursor)>, String> {
        self.parts[part] = Some(page.ids());
        self.pages += 1;
        // With prefetching, the first page leads to all others; a list with cursors is read step by step.
        let after = match cursor.rest(page).filter(|_| self.is_prefetched) {
            Some(rest) if part == 0 => rest,
            Some(_) => Vec::new(),
            None => cursor.next(page).into_iter().collect(),
        };
        if self.pages + after.len() > PAGES_MAX {
            return Err(format!(
                "(8) a list of {PAGES_MAX} pages that does not end: {:?}",
                (self.list, self.fault)
            ));
        }
        let first = self.parts.len();
        self.parts.resize(first + after.len(), None);
        Ok(after.into_iter().enumerate().map(|(at, cursor)| (first + at, cursor)).collect())
    }

    /// Whether every page has been read.
    pub fn is_whole(&self) -> bool {
        self.parts.iter().all(Option::is_some)
    }

    /// Compares the items that were read with those of the server.
    pub fn check(&self, truth: &[String]) -> Result<(), String> {
        let read: Vec<_> = self.parts.iter().flatten().flatten().collect();
        if read.iter().copied().ne(truth) {
            let how = if self.is_prefetched { "concurrently" } else { "one after another" };
            let what = (self.list, self.fault, self.limit);
            return Err(format!("(8) a list was read wrongly, {how}: {what:?}: {read:?}, not {truth:?}"));
        }
        // Every second slot may be empty, and an empty page may be the end.
        let limit = usize::try_from(self.limit).expect("a small number");
        let most = (truth.len() * 2).div_ceil(limit) + 2;
        if self.pages > most {
            return Err(format!("(8) {} pages where {most} are enough: {:?}", self.pages, self.list));
        }
        Ok(())
    }
}
