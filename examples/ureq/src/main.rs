//! A driver for `ureq`, a blocking HTTP client, and a program that uses the driver.
//!
//! The program calls Spotify if `SPOTIFY_CLIENT_ID` and `SPOTIFY_CLIENT_SECRET` are set, and otherwise the fake Spotify
//! on a loopback port. Set `SPOTIFY_ORIGIN` to use a different server.
//!
//! `cargo run -p example-ureq`

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};
use std::{env, iter, thread};

use spotify_proto::api::{GetAlbum, GetArtistAlbums, GetTrack};
use spotify_proto::driver::{Driver, LocalDriver};
use spotify_proto::http::{Request, Response};
use spotify_proto::{AlbumId, App, ArtistId, MAX_BODY_LEN, Origin, Session, TrackId};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, InjectedFault, ids};
use spotify_proto_testing::loopback::Loopback;

type Failure = Box<dyn Error + Send + Sync>;

/// Ids of an album, an artist and a track on Spotify. The ids on the fake are in the module `ids`.
const SPOTIFY_IDS: [&str; 3] = ["4aawyAB9vmqN3uQ7FjRGTy", "0TnOYISbd1XYRBk9myaseg", "11dFghVXANMlKmJXsNCbNl"];

fn run() -> Result<(), Failure> {
    let (app, _server) = connect()?;
    let is_spotify = app.api() == &Origin::api();
    let [album, artist, track] = if is_spotify { SPOTIFY_IDS } else { [ids::ALBUM, ids::ARTIST, ids::TRACK] };

    // driver begins
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false) // the library reads responses of every status
        .max_redirects(0) // the API never redirects, and a token must not be sent elsewhere
        .max_redirects_will_error(false)
        .allow_non_standard_methods(true) // DELETE with a body, for playlist items
        .build()
        .new_agent();
    let send = |request: Request<Vec<u8>>, timeout: Duration| -> Result<Response<Vec<u8>>, ureq::Error> {
        let request = agent.configure_request(request).timeout_global(Some(timeout)).build();
        let (head, mut body) = agent.run(request)?.into_parts();
        Ok(Response::from_parts(head, body.with_config().limit(MAX_BODY_LEN as u64).read_to_vec()?))
    };
    let spotify = LocalDriver::new(app, Session::client_credentials(), send, thread::sleep, SystemTime::now);
    // driver ends

    let album = spotify.call(GetAlbum::new(album.parse::<AlbumId>()?))?;
    println!("album: {}, {} tracks", album.name, album.total_tracks.unwrap_or(0));
    let albums = spotify.collect(GetArtistAlbums::new(artist.parse::<ArtistId>()?).limit(10))?;
    println!("albums of an artist, read page by page: {}, {:?}", albums.items.len(), albums.completeness);
    // The fake first responds with a 429. The driver waits for the delay in the `Retry-After` header of this response.
    let track = spotify.call(GetTrack::new(track.parse::<TrackId>()?))?;
    println!("track: {}, {} s", track.name, track.duration_ms.unwrap_or(0) / 1000);
    let unknown = spotify.call(GetAlbum::new(ids::UNKNOWN.parse::<AlbumId>()?));
    println!("unknown album: {}", unknown.err().ok_or("expected an error")?);
    Ok(())
}

/// Returns the application, and the running fake unless a different server is configured.
fn connect() -> Result<(App, Option<Loopback>), Failure> {
    let credentials = env::var("SPOTIFY_CLIENT_ID").ok().zip(env::var("SPOTIFY_CLIENT_SECRET").ok());
    let is_fake = credentials.is_none();
    let (id, secret) = credentials.unwrap_or((CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned()));
    let app = App::confidential(id, secret);
    if let Ok(origin) = env::var("SPOTIFY_ORIGIN") {
        let origin: Origin = origin.parse().map_err(|error| format!("SPOTIFY_ORIGIN: {error}"))?;
        return Ok((app.with_origins(origin.clone(), origin), None));
    }
    if !is_fake {
        return Ok((app, None));
    }
    let mut fake = Fake::new();
    fake.script([InjectedFault::rate_limited(1).at("/v1/tracks")]);
    let server = Loopback::start(fake)?;
    println!(
        "server: the fake Spotify at {} (set SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET to use Spotify)",
        server.origin()
    );
    Ok((app.with_origins(server.origin(), server.origin()), Some(server)))
}

fn main() -> ExitCode {
    let Err(error) = run() else { return ExitCode::SUCCESS };
    let causes = iter::successors(error.source(), |&cause| cause.source()).map(|cause| format!(": {cause}"));
    eprintln!("ureq: {error}{}", causes.collect::<String>());
    ExitCode::FAILURE
}
