//! A driver without an async runtime, and a program that uses the driver. The driver uses the executor of `futures` on
//! the main thread, the sockets and timers of `async-io`, and the HTTP/1 implementation of `hyper` with one connection
//! per request.
//!
//! The program calls Spotify if `SPOTIFY_CLIENT_ID` and `SPOTIFY_CLIENT_SECRET` are set, and otherwise the fake Spotify
//! on a loopback port. Calls to Spotify require TLS, for example with `futures-rustls`. Set `SPOTIFY_ORIGIN` to use a
//! different server.
//!
//! `cargo run -p example-futures`

use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use std::{env, iter};

use async_io::{Async, Timer};
use futures_executor::{LocalPool, LocalSpawner};
use futures_util::future::{Either, join, select};
use futures_util::task::LocalSpawnExt as _;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use smol_hyper::rt::FuturesIo;
use spotify_proto::api::{GetAlbum, GetArtistAlbums, GetTrack};
use spotify_proto::driver::{AsyncDriver, Error};
use spotify_proto::http::header::HOST;
use spotify_proto::http::{Request, Response, Uri};
use spotify_proto::{AlbumId, App, ArtistId, MAX_BODY_LEN, Origin, Session, TokenStep, TrackId};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, InjectedFault, ids};
use spotify_proto_testing::loopback::Loopback;

type Failure = Box<dyn std::error::Error + Send + Sync>;

// driver begins
#[derive(Clone)]
struct Spotify {
    spawner: LocalSpawner,
    state: Arc<Mutex<(App, Session)>>,
}

impl AsyncDriver for Spotify {
    type Error = Failure;

    async fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, Failure> {
        match select(Box::pin(http(request)), Timer::after(timeout)).await {
            Either::Left((response, _)) => response,
            Either::Right(_) => Err("the server did not respond in time".into()),
        }
    }

    async fn sleep(&self, duration: Duration) {
        Timer::after(duration).await;
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
        // If the executor has shut down, the step is dropped, which releases the session for the next call.
        let _ = self.spawner.spawn_local(async move {
            let _ = spotify.authorize(step).await;
        });
    }

    fn describe(&self, error: &Failure) -> String {
        describe(error)
    }
}
// driver ends

/// Sends a request over a new connection.
async fn http(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
    let (mut head, body) = request.into_parts();
    let host = head.uri.authority().ok_or("expected an address with a host")?.to_string();
    let stream = Async::<TcpStream>::connect(host.parse::<SocketAddr>()?).await?;
    // If there is no proxy, the request line contains only the path and the query, and a header field contains the
    // host.
    let path = head.uri.path_and_query().cloned().ok_or("expected an address with a path")?;
    head.uri = Uri::from(path);
    head.headers.insert(HOST, host.parse()?);
    let request = Request::from_parts(head, Full::<Bytes>::from(body));

    let (mut sender, connection) = http1::handshake(FuturesIo::new(stream)).await?;
    let response = async move {
        let (head, body) = sender.send_request(request).await?.into_parts();
        let body = Limited::new(body, MAX_BODY_LEN).collect().await?.to_bytes();
        Ok(Response::from_parts(head, body.into()))
    };
    // `connection` performs the I/O, and ends when `sender` is dropped.
    let (response, _) = join(response, connection).await;
    response
}

/// Ids of an album, an artist and a track on Spotify. The ids on the fake are in the module `ids`.
const SPOTIFY_IDS: [&str; 3] = ["4aawyAB9vmqN3uQ7FjRGTy", "0TnOYISbd1XYRBk9myaseg", "11dFghVXANMlKmJXsNCbNl"];

async fn run(spawner: LocalSpawner) -> Result<(), Failure> {
    let (app, _server) = connect()?;
    let is_spotify = app.api() == &Origin::api();
    let [album, artist, track] = if is_spotify { SPOTIFY_IDS } else { [ids::ALBUM, ids::ARTIST, ids::TRACK] };
    if app.api().as_str().starts_with("https:") {
        return Err("TLS is not supported: wrap the stream, for example with `futures-rustls`".into());
    }
    let spotify = Spotify { spawner, state: Arc::new(Mutex::new((app, Session::client_credentials()))) };

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

fn main() -> ExitCode {
    let mut pool = LocalPool::new();
    let Err(error) = pool.run_until(run(pool.spawner())) else { return ExitCode::SUCCESS };
    eprintln!("futures: {}", describe(&error));
    ExitCode::FAILURE
}
