//! A driver for `hyper` and `tokio`, and a program that uses the driver.
//!
//! The program calls Spotify if `SPOTIFY_CLIENT_ID` and `SPOTIFY_CLIENT_SECRET` are set, and otherwise the fake Spotify
//! on a loopback port. Calls to Spotify require the connector of `hyper-rustls`. Set `SPOTIFY_ORIGIN` to use a
//! different server.
//!
//! `cargo run -p example-hyper`

use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use std::{env, iter};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper_util::client::legacy::{self, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use spotify_proto::api::{GetAlbum, GetArtistAlbums, GetTrack};
use spotify_proto::driver::{AsyncDriver, Error};
use spotify_proto::http::{Request, Response};
use spotify_proto::{AlbumId, App, ArtistId, MAX_BODY_LEN, Origin, Session, TokenStep, TrackId};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, InjectedFault, ids};
use spotify_proto_testing::loopback::Loopback;

type Failure = Box<dyn std::error::Error + Send + Sync>;

// driver begins
#[derive(Clone)]
struct Spotify {
    client: legacy::Client<HttpConnector, Full<Bytes>>,
    state: Arc<Mutex<(App, Session)>>,
}

impl AsyncDriver for Spotify {
    type Error = Failure;

    async fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, Failure> {
        let response = async {
            let (head, body) = self.client.request(request.map(Full::from)).await?.into_parts();
            let body = Limited::new(body, MAX_BODY_LEN).collect().await?.to_bytes();
            Ok(Response::from_parts(head, body.into()))
        };
        tokio::time::timeout(timeout, response).await?
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let (app, session) = &mut *self.state.lock().expect("no step should panic");
        step(app, session)
    }

    fn detach(&self, step: TokenStep) {
        let spotify = self.clone();
        tokio::spawn(async move { spotify.authorize(step).await });
    }

    fn describe(&self, error: &Failure) -> String {
        describe(error)
    }
}
// driver ends

/// Ids of an album, an artist and a track on Spotify. The ids on the fake are in the module `ids`.
const SPOTIFY_IDS: [&str; 3] = ["4aawyAB9vmqN3uQ7FjRGTy", "0TnOYISbd1XYRBk9myaseg", "11dFghVXANMlKmJXsNCbNl"];

async fn run() -> Result<(), Failure> {
    let (app, _server) = connect()?;
    let is_spotify = app.api() == &Origin::api();
    let [album, artist, track] = if is_spotify { SPOTIFY_IDS } else { [ids::ALBUM, ids::ARTIST, ids::TRACK] };
    if app.api().as_str().starts_with("https:") {
        return Err("TLS is not supported: build the client with the connector of `hyper-rustls`".into());
    }
    let client = legacy::Client::builder(TokioExecutor::new()).build_http();
    let spotify = Spotify { client, state: Arc::new(Mutex::new((app, Session::client_credentials()))) };

    let album = spotify.call(GetAlbum::new(album.parse::<AlbumId>()?)).await.map_err(Error::into_boxed)?;
    println!("album: {}, {} tracks", album.name, album.total_tracks.unwrap_or(0));
    let albums = GetArtistAlbums::new(artist.parse::<ArtistId>()?).limit(10);
    let albums = spotify.collect(albums).await.map_err(Error::into_boxed)?;
    println!("albums of an artist, read page by page: {}, {:?}", albums.items.len(), albums.completeness);
    // The fake first responds with a 429. The driver waits for the delay in the `Retry-After` header of this response.
    let track = spotify.call(GetTrack::new(track.parse::<TrackId>()?)).await.map_err(Error::into_boxed)?;
    println!("track: {}, {} s", track.name, track.duration_ms.unwrap_or(0) / 1000);
    let unknown = spotify.call(GetAlbum::new(ids::UNKNOWN.parse::<AlbumId>()?)).await;
    println!("unknown album: {}", unknown.err().map(Error::into_boxed).ok_or("expected an error")?);
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

/// Returns the messages of an error and its causes.
fn describe(error: &Failure) -> String {
    let causes = iter::successors(error.source(), |&cause| cause.source()).map(|cause| format!(": {cause}"));
    format!("{error}{}", causes.collect::<String>())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // Spawning requires the future to be `Send`, which ensures that no lock is held across an `.await`.
    let result = tokio::spawn(run()).await.unwrap_or_else(|panic| Err(panic.into()));
    let Err(error) = result else { return ExitCode::SUCCESS };
    eprintln!("hyper: {}", describe(&error));
    ExitCode::FAILURE
}
