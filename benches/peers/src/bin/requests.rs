//! The requests alone: `cargo run --release --manifest-path benches/peers/Cargo.toml --bin requests`.

use spotify_proto_peers::{requests, verdict};

fn main() {
    let buildings = requests::measure();
    requests::print(&buildings);
    verdict::print(&verdict::requests(&buildings));
}
