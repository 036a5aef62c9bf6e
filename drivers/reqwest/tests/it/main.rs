//! Tests of the driver with the fake Spotify over loopback sockets.

mod cancellation;
mod examples;
mod login;
mod tokens;
mod transport;
mod users;

use spotify_proto::{AlbumId, App, Call, RetryPolicy, api::GetAlbum, model::Album};
use spotify_proto_reqwest::Client;
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, ids};
use spotify_proto_testing::loopback::Loopback;

fn start(fake: Fake) -> Loopback {
    Loopback::start(fake).expect("a free port")
}

/// Returns a confidential application that uses the fake as its server.
fn app(server: &Loopback) -> App {
    App::confidential(CLIENT_ID, CLIENT_SECRET).with_origins(server.origin(), server.origin())
}

fn client(server: &Loopback) -> Client {
    Client::new(app(server)).expect("TLS")
}

fn album() -> GetAlbum {
    GetAlbum::new(ids::ALBUM.parse::<AlbumId>().expect("an id"))
}

/// Returns a call that is not retried.
fn album_once() -> Call<Album> {
    Call::new(album()).retry(RetryPolicy::new().max_attempts(1))
}

/// Returns the number of requests whose target begins with `prefix`.
fn count(server: &Loopback, prefix: &str) -> usize {
    server.requests().iter().filter(|(_, seen)| seen.target.starts_with(prefix)).count()
}
