//! The driver over loopback sockets, against the fake Spotify.

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

/// The confidential application, with the fake as its servers.
fn app(server: &Loopback) -> App {
    App::confidential(CLIENT_ID, CLIENT_SECRET).with_origins(server.origin(), server.origin())
}

fn client(server: &Loopback) -> Client {
    Client::new(app(server)).expect("TLS")
}

fn album() -> GetAlbum {
    GetAlbum::new(ids::ALBUM.parse::<AlbumId>().expect("an id"))
}

/// A call that is sent once.
fn album_once() -> Call<Album> {
    Call::new(album()).retry(RetryPolicy::new().max_attempts(1))
}

/// The number of requests whose target begins with this text.
fn count(server: &Loopback, prefix: &str) -> usize {
    server.requests().iter().filter(|(_, seen)| seen.target.starts_with(prefix)).count()
}
