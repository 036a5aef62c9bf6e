//! Measures only the prefetch: `cargo run --release --manifest-path benches/peers/Cargo.toml --bin prefetch`.

use spotify_proto_peers::prefetch;

fn main() {
    prefetch::print(&prefetch::measure());
}
