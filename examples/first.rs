//! The README's first program, whole: an album from the fake.
//!
//! `cargo run --example first --features fake`

// driver begins
use spotify_proto::fake::{CLIENT_ID, CLIENT_SECRET, Fake, ids};
use spotify_proto::prelude::*;
use std::{error::Error as StdError, thread::sleep, time::SystemTime};

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

fn call<T>(server: &mut Fake, session: &mut Session, call: impl Into<Call<T>>) -> Result<T> {
    let now = SystemTime::now;
    let mut step = call.into().start(session, now());
    loop {
        step = match step {
            Step::Send(request, exchange) => {
                exchange.receive(server.respond(&request, now())?, session, now())
            }
            Step::Wait(delay, pause) => {
                sleep(delay);
                pause.resume(session, now())
            }
            Step::Save(_, pause) => pause.resume(session, now()),
            Step::Done(result) => return Ok(result?.value),
        }
    }
}

fn main() -> Result<()> {
    let mut session = Session::client_credentials(App::confidential(CLIENT_ID, CLIENT_SECRET));
    let album = call(&mut Fake::new(), &mut session, GetAlbum::new(ids::ALBUM.parse::<AlbumId>()?))?;
    println!("{}, {} tracks", album.name, album.total_tracks.unwrap_or(0));
    Ok(())
}
// driver ends
