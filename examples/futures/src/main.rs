//! The shared job without a runtime: the executor of `futures` on the main thread, sockets and timers of `async-io`,
//! and `hyper`'s HTTP/1 on a connection for each request.
//!
//! It talks to the fake behind a loopback socket; `SPOTIFY_ORIGIN` names another server. Spotify itself needs TLS:
//! wrap the stream, for example with `futures-rustls`.
//!
//! `cargo run -p example-futures`

use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_io::{Async, Timer};
use example_job::{Client, Failure};
use futures_executor::{LocalPool, LocalSpawner};
use futures_util::future::{Either, join, select};
use futures_util::task::LocalSpawnExt as _;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use smol_hyper::rt::FuturesIo;
use spotify_proto::driver::{AsyncDriver, Collected, Error};
use spotify_proto::http::header::HOST;
use spotify_proto::http::{Request, Response, Uri};
use spotify_proto::{App, Call, MAX_BODY_LEN, Paged, Reply, Session, TokenStep};

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
        let (app, session) = &mut *self.state.lock().expect("no step panics");
        step(app, session)
    }

    fn detach(&self, step: TokenStep) {
        let spotify = self.clone();
        // An executor that is shutting down drops the step, which frees the session for the next call.
        let _ = self.spawner.spawn_local(async move {
            let _ = spotify.authorize(step).await;
        });
    }

    fn describe(&self, error: &Failure) -> String {
        example_job::describe(error.as_ref())
    }
}
// driver ends

async fn http(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
    let (mut head, body) = request.into_parts();
    let host = head.uri.authority().ok_or("an address without a host")?.to_string();
    let stream = Async::<TcpStream>::connect(host.parse::<SocketAddr>()?).await?;
    // On a bare connection the request line has no host.
    let path = head.uri.path_and_query().cloned().ok_or("an address without a path")?;
    head.uri = Uri::from(path);
    head.headers.insert(HOST, host.parse()?);
    let request = Request::from_parts(head, Full::<Bytes>::from(body));

    let (mut sender, connection) = http1::handshake(FuturesIo::new(stream)).await?;
    let response = async move {
        let (head, body) = sender.send_request(request).await?.into_parts();
        let body = Limited::new(body, MAX_BODY_LEN).collect().await?.to_bytes();
        Ok(Response::from_parts(head, body.into()))
    };
    // The connection moves the bytes; it ends when its sender is dropped.
    let (response, _) = join(response, connection).await;
    response
}

impl Client for Spotify {
    async fn reply<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        AsyncDriver::reply(self, call).await.map_err(Error::into_boxed)
    }

    async fn collect<E: Paged + Clone>(&self, endpoint: E) -> Result<Collected<E::Item>, Failure> {
        AsyncDriver::collect(self, endpoint).await.map_err(Error::into_boxed)
    }
}

fn run() -> Result<(), Failure> {
    let target = example_job::Target::open(Some("wrap the stream, for example with `futures-rustls`"))?;
    let mut pool = LocalPool::new();
    let spotify =
        Spotify { spawner: pool.spawner(), state: Arc::new(Mutex::new((target.app, target.session))) };
    pool.run_until(example_job::run(&spotify, &target.catalogue))
}

fn main() -> ExitCode {
    example_job::end("futures", run())
}
