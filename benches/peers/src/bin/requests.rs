//! Measures only the requests: `cargo run --release --manifest-path benches/peers/Cargo.toml --bin requests`.

use spotify_proto_peers::{report, requests};

fn main() {
    let buildings = requests::measure();
    requests::print(&buildings);
    report::print(&report::requests(&buildings));
}
