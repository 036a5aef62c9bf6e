//! Counts the allocations of a function and the bytes that its result retains.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The system allocator with counters.
///
/// The counters use plain loads and stores, which are much faster than atomic additions. They are exact because all
/// measured code runs on one thread.
struct Counting;

static COUNT: AtomicUsize = AtomicUsize::new(0);
static LIVE: AtomicUsize = AtomicUsize::new(0);

fn add(counter: &AtomicUsize, number: usize) {
    counter.store(counter.load(Relaxed).wrapping_add(number), Relaxed);
}

// SAFETY: every call is forwarded unchanged to the system allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(&COUNT, 1);
        add(&LIVE, layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        add(&COUNT, 1);
        add(&LIVE, layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        add(&COUNT, 1);
        add(&LIVE, size.wrapping_sub(layout.size()));
        unsafe { System.realloc(old, layout, size) }
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        add(&LIVE, layout.size().wrapping_neg());
        unsafe { System.dealloc(old, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations of a measured function.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    /// Number of allocations, including reallocations.
    pub count: usize,
    /// Bytes that were still allocated while the function held its result.
    pub retained: usize,
}

/// Counts the allocations of `work` until it calls its argument, which it must do while it holds its result.
pub fn count(work: impl FnOnce(&mut dyn FnMut())) -> Taken {
    let (count, live) = (COUNT.load(Relaxed), LIVE.load(Relaxed));
    let mut taken = Taken::default();
    work(&mut || {
        taken.count = COUNT.load(Relaxed) - count;
        taken.retained = LIVE.load(Relaxed).saturating_sub(live);
    });
    taken
}
