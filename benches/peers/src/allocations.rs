//! What a piece of work takes from the allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The system's allocator, counting.
///
/// Plain loads and stores: they cost next to nothing, which an atomic addition does not, and are exact as long as
/// one thread works. All that is counted here is.
struct Counting;

static COUNT: AtomicUsize = AtomicUsize::new(0);
static LIVE: AtomicUsize = AtomicUsize::new(0);

fn add(counter: &AtomicUsize, number: usize) {
    counter.store(counter.load(Relaxed).wrapping_add(number), Relaxed);
}

// SAFETY: every call is passed on to the system's allocator as it is.
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

/// What a piece of work took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    /// Allocations, the growing ones included.
    pub count: usize,
    /// Bytes that were still held at the end.
    pub retained: usize,
}

/// Counts what the work takes until it says that it holds its result.
pub fn count(work: impl FnOnce(&mut dyn FnMut())) -> Taken {
    let (count, live) = (COUNT.load(Relaxed), LIVE.load(Relaxed));
    let mut taken = Taken::default();
    work(&mut || {
        taken.count = COUNT.load(Relaxed) - count;
        taken.retained = LIVE.load(Relaxed).saturating_sub(live);
    });
    taken
}
