//! Time and allocations of building requests.
//!
//! `cargo bench --bench request`

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "benches measure time and print"
)]

use divan::{AllocProfiler, Bencher, black_box};
use spotify_proto::api::{GetAlbum, GetAlbumTracks, ItemType, SaveLibraryItems, Search};
use spotify_proto::{AlbumId, CommaList, CommaSet, Endpoint, Origin, QueryText, SpotifyUri};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

fn id() -> AlbumId {
    "4aawyAB9vmqN3uQ7FjRGTy".parse().expect("an id")
}

fn bench(bencher: Bencher<'_, '_>, endpoint: impl Endpoint) {
    let origin = Origin::api();
    bencher.bench(|| black_box(&endpoint).request(black_box(&origin)));
}

/// Measures a lower bound: parsing a URI without escapes and building an empty request.
#[divan::bench(max_time = 0.5)]
fn floor(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        let uri = black_box("https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy");
        http::Request::get(uri).body(Vec::<u8>::new()).expect("a request")
    });
}

#[divan::bench(max_time = 0.5)]
fn a_path(bencher: Bencher<'_, '_>) {
    bench(bencher, GetAlbum::new(id()));
}

#[divan::bench(max_time = 0.5)]
fn a_path_and_a_query(bencher: Bencher<'_, '_>) {
    bench(bencher, GetAlbumTracks::new(id()).limit(50).offset(100));
}

#[divan::bench(max_time = 0.5)]
fn a_text_with_escapes(bencher: Bencher<'_, '_>) {
    let text = QueryText::new("artist:\"The Quiet Harbour\" year:1990-1999 früh").expect("short enough");
    let types = CommaSet::from([ItemType::Album, ItemType::Track]);
    bench(bencher, Search::new(text, types).limit(10));
}

#[divan::bench(max_time = 0.5)]
fn forty_uris(bencher: Bencher<'_, '_>) {
    let uris = CommaList::new((0..40).map(|_| SpotifyUri::from(id()))).expect("short enough");
    bench(bencher, SaveLibraryItems::new(uris));
}
