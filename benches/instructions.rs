//! Reads the inputs of `tests/bounds/readers.rs` once each, for `benches/instructions.sh`, which counts the instructions.
//!
//! Prints a line for each case: reader, input, length of the shorter and of the longer input, memory factor. With an
//! argument, only the readers whose names contain it.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it prints, and reads its arguments"
)]
#![allow(clippy::indexing_slicing, reason = "a bench may panic")]
#![allow(clippy::ptr_arg, reason = "readers take the inputs of the table as they are")]

#[path = "../tests/bounds/readers.rs"]
#[allow(dead_code, unreachable_pub, reason = "the test uses more of it")]
mod readers;

use std::any::Any;
use std::env;
use std::hint::black_box;

use readers::{GROWTH, cases, cost, factor};

fn main() {
    let wanted = env::args().skip(1).find(|argument| argument != "--bench").unwrap_or_default();
    for case in cases().into_iter().filter(|case| case.reader.contains(&wanted)) {
        // The first reading of a kind initialises what the program has only once.
        drop((case.prepare(case.len).read)());
        let costs = [case.len, GROWTH * case.len].map(|len| {
            let prepared = case.prepare(len);
            cost(prepared.bytes, || measured_reading(&*prepared.read))
        });
        let [less, more] = costs.map(|cost| cost.bytes);
        println!("{}\t{}\t{less}\t{more}\t{:.2}", case.reader, case.input, factor(&costs, case.constant));
    }
}

/// The function whose instructions are counted, by its name.
#[inline(never)]
fn measured_reading(read: &dyn Fn() -> Box<dyn Any>) -> Box<dyn Any> {
    black_box(read())
}
