//! The main job without a runtime: the executor of `futures` on the main thread, sockets and timers of `async-io`,
//! and `hyper`'s HTTP/1 on a connection for each request.
//!
//! It plays against the fake behind a loopback socket that it opens itself; `SPOTIFY_ORIGIN` names another one.
//! Spotify itself wants TLS: wrap the stream, with `futures-rustls` for one.
//!
//! `cargo run --example futures --features fake`

#[path = "shared/job.rs"]
mod job;
#[path = "shared/loopback.rs"]
mod loopback;
#[path = "shared/world.rs"]
mod world;

use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::SystemTime;

use async_io::{Async, Timer};
use futures_executor::block_on;
use futures_util::future::join;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use job::{Driver, Failure};
use smol_hyper::rt::FuturesIo;
use spotify_proto::http::header::HOST;
use spotify_proto::http::{Request, Response, Uri};
use spotify_proto::{BODY_MAX, Call, Reply, Session, Step, Tokens};
use world::World;

/// What a program keeps of Spotify: a session.
struct Spotify {
    session: Mutex<Session>,
}

// driver begins
impl Spotify {
    async fn call<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        let (session, now) = (|| self.session.lock().expect("no call panics"), SystemTime::now);
        let mut step = call.into().start(&mut session(), now());
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    exchange.receive(http(request).await?, &mut session(), now())
                }
                Step::Wait(delay, pause) => {
                    Timer::after(delay).await;
                    pause.resume(&mut session(), now())
                }
                Step::Save(tokens, pause) => {
                    self.store(&tokens).await?;
                    pause.resume(&mut session(), now())
                }
                Step::Done(result) => return Ok(result?),
            }
        }
    }
}

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
    let answer = async move {
        let (head, body) = sender.send_request(request).await?.into_parts();
        let body = Limited::new(body, BODY_MAX).collect().await?.to_bytes();
        Ok(Response::from_parts(head, body.into()))
    };
    // The connection moves the bytes; it ends when its sender is gone.
    let (answer, _) = join(answer, connection).await;
    answer
}
// driver ends

impl Spotify {
    fn new(session: Session) -> Self {
        Self { session: Mutex::new(session) }
    }

    /// The token of an application is fetched anew at each start; a user's would be written to a file here.
    #[allow(clippy::unnecessary_wraps, clippy::unused_async, reason = "writing a file waits and can fail")]
    async fn store(&self, _: &Tokens) -> Result<(), Failure> {
        Ok(())
    }
}

impl Driver for Spotify {
    async fn call<T>(&mut self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        Self::call(self, call).await
    }
}

fn run() -> Result<(), Failure> {
    let world = World::open(Some("wrap the stream, with `futures-rustls` for one"))?;
    block_on(job::run(&mut Spotify::new(world.session), &world.catalogue))
}

fn main() -> ExitCode {
    job::end("futures", run())
}
