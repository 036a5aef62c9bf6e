//! Measures only decoding: the recorded responses and three generated ones.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml --bin recorded`

use spotify_proto_peers::decode::{self, Row};
use spotify_proto_peers::{bodies, recorded, report};

fn main() {
    let rows: Vec<Row> = bodies::generated()
        .into_iter()
        .filter(|body| [bodies::PLAYLIST, bodies::PLAYLIST_MARKETS, bodies::ANALYSIS].contains(&&*body.name))
        .map(Row::of)
        .collect();
    rows.iter().for_each(decode::print);
    let mut figures = report::pages(&rows);
    if let Some(errors) = recorded::errors() {
        let minified = recorded::measure(true);
        recorded::print("minified", &minified);
        recorded::print("as recorded", &recorded::measure(false));
        figures.extend(recorded::figures(&minified, &errors));
    } else {
        println!("no recordings at ../shared/fixtures");
    }
    report::print(&figures);
}
