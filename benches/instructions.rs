//! Reads each input of `tests/bounds/readers.rs` once, so that `benches/instructions.sh` can count the instructions.
//!
//! Prints one line for each case: reader, input, lengths of the shorter and the longer input, and memory factor. An
//! argument selects the readers whose names contain it.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the program reads its arguments and prints the results"
)]
#![allow(clippy::indexing_slicing, reason = "a bench that panics has failed")]
#![allow(clippy::ptr_arg, reason = "the table passes references to owned inputs")]

#[path = "../tests/bounds/readers.rs"]
#[allow(dead_code, unreachable_pub, reason = "the test uses the rest")]
mod readers;

use std::any::Any;
use std::env;
use std::hint::black_box;

use readers::{GROWTH, cases, cost, factor};

fn main() {
    let wanted = env::args().skip(1).find(|argument| argument != "--bench").unwrap_or_default();
    for case in cases().into_iter().filter(|case| case.reader.contains(&wanted)) {
        // The first read initialises lazy statics, which must not be counted.
        drop((case.prepare(case.len).read)());
        let costs = [case.len, GROWTH * case.len].map(|len| {
            let prepared = case.prepare(len);
            cost(prepared.bytes, || measured_reading(&*prepared.read))
        });
        let [less, more] = costs.map(|cost| cost.bytes);
        println!("{}\t{}\t{less}\t{more}\t{:.2}", case.reader, case.input, factor(&costs, case.constant));
    }
}

/// Reads an input. `benches/instructions.sh` selects this function by its name.
#[inline(never)]
fn measured_reading(read: &dyn Fn() -> Box<dyn Any>) -> Box<dyn Any> {
    black_box(read())
}
