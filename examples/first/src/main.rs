//! The first program in the guide, which prints an album of the fake Spotify.
//!
//! `cargo run -p first`

// driver begins
use std::cell::RefCell;
use std::error::Error;
use std::thread;
use std::time::{Duration, SystemTime};

use spotify_proto::api::GetAlbum;
use spotify_proto::driver::{Driver, LocalDriver};
use spotify_proto::http::{Request, Response};
use spotify_proto::{AlbumId, App, Session};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, Lost, ids};

fn main() -> Result<(), Box<dyn Error>> {
    let fake = RefCell::new(Fake::new());
    let send = |request: Request<Vec<u8>>, _: Duration| -> Result<Response<Vec<u8>>, Lost> {
        fake.borrow_mut().respond(&request, SystemTime::now())
    };
    let app = App::confidential(CLIENT_ID, CLIENT_SECRET);
    let spotify = LocalDriver::new(app, Session::client_credentials(), send, thread::sleep, SystemTime::now);
    let album = spotify.call(GetAlbum::new(ids::ALBUM.parse::<AlbumId>()?))?;
    println!("{}, {} tracks", album.name, album.total_tracks.unwrap_or(0));
    Ok(())
}
// driver ends
