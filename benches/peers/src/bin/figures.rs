//! Prints all figures with their goals and draws the chart. See the documentation of the library of this package.

use std::path::Path;

use spotify_proto_peers::decode::Row;
use spotify_proto_peers::report::Measured;
use spotify_proto_peers::{bodies, call_overhead, chart, decode, prefetch, recorded, report, requests};

fn main() {
    // The shortest measurements come first, because the heap is fragmented later.
    let buildings = requests::measure();
    requests::print(&buildings);
    let (call, taken) = call_overhead::measure();
    let (recorded, missing) = bodies::recorded();
    let mut rows = Vec::new();
    for body in bodies::generated().into_iter().chain(recorded) {
        let row = Row::of(body);
        decode::print(&row);
        rows.push(row);
    }
    for name in missing {
        println!("\n{name}: not available, skipped");
    }
    let prefetch = prefetch::measure();
    prefetch::print(&prefetch);
    let measured = Measured {
        rows: &rows,
        buildings: &buildings,
        call: &call,
        call_allocations: taken.count,
        prefetch: &prefetch,
    };
    let mut figures = report::figures(&measured);
    if let Some(errors) = recorded::errors() {
        let minified = recorded::measure(true);
        recorded::print("minified", &minified);
        recorded::print("as recorded", &recorded::measure(false));
        figures.extend(recorded::figures(&minified, &errors));
    }
    report::print(&figures);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/figures.svg");
    svg::save(&path, &chart::draw(&rows)).expect("the chart can be written");
    println!("\nChart: {}", path.display());
}
