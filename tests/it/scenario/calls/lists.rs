//! Lists while they are read, page by page or side by side: nothing twice, nothing missing, and an end.

use super::jobs::{Cursor, Got, Listed};
use super::liar::Lie;

/// No list of this world has more pages than this, however it changes while it is read.
const PAGES_MAX: usize = 60;

/// A list that is being read.
pub struct Walk {
    pub list: Listed,
    pub lie: Option<Lie>,
    /// What the server's counters said when it began.
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
        lie: Option<Lie>,
        limit: u32,
        is_prefetched: bool,
        versions: (u32, u32),
    ) -> Self {
        Self { list, lie, versions, limit, is_prefetched, parts: vec![None], pages: 0 }
    }

    pub fn first(&self) -> Cursor {
        self.list.first(self.limit)
    }

    /// Takes a page and gives those to read after it, each with its place.
    pub fn take(&mut self, part: usize, cursor: &Cursor, page: &Got) -> Result<Vec<(usize, Cursor)>, String> {
        self.parts[part] = Some(page.ids());
        self.pages += 1;
        // Side by side, the first page leads to all others; a list by cursor goes step by step.
        let after = match cursor.rest(page).filter(|_| self.is_prefetched) {
            Some(rest) if part == 0 => rest,
            Some(_) => Vec::new(),
            None => cursor.next(page).into_iter().collect(),
        };
        if self.pages + after.len() > PAGES_MAX {
            return Err(format!(
                "(8) a list of {PAGES_MAX} pages that does not end: {:?}",
                (self.list, self.lie)
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

    /// Compares what was read with what is there.
    pub fn check(&self, truth: &[String]) -> Result<(), String> {
        let read: Vec<_> = self.parts.iter().flatten().flatten().collect();
        if read.iter().copied().ne(truth) {
            let how = if self.is_prefetched { "side by side" } else { "one after another" };
            let what = (self.list, self.lie, self.limit);
            return Err(format!("(8) a list was read wrongly, {how}: {what:?}: {read:?}, not {truth:?}"));
        }
        // Every other slot may be empty, and an empty page may be the end.
        let limit = usize::try_from(self.limit).expect("a small number");
        let most = (truth.len() * 2).div_ceil(limit) + 2;
        if self.pages > most {
            return Err(format!("(8) {} pages where {most} are enough: {:?}", self.pages, self.list));
        }
        Ok(())
    }
}
