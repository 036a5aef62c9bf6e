//! The main job over `hyper`, with the pooling client of `hyper-util` and `tokio`.
//!
//! It plays against the fake behind a loopback socket that it opens itself. With `SPOTIFY_CLIENT_ID` and
//! `SPOTIFY_CLIENT_SECRET` set it talks to Spotify; for that put the connector of `hyper-rustls` in the client.
//!
//! `cargo run --example hyper --features fake`

#[path = "shared/job.rs"]
mod job;
#[path = "shared/loopback.rs"]
mod loopback;
#[path = "shared/world.rs"]
mod world;

use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper_util::client::legacy::{self, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use job::{Driver, Failure};
use spotify_proto::http::{Request, Response};
use spotify_proto::{BODY_MAX, Call, Reply, Session, Step, Tokens};
use tokio::time::timeout;
use world::World;

type Client = legacy::Client<HttpConnector, Full<Bytes>>;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a program keeps of Spotify: an HTTP stack and a session.
struct Spotify {
    client: Client,
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
                    let response = timeout(PATIENCE, http(&self.client, request)).await??;
                    exchange.receive(response, &mut session(), now())
                }
                Step::Wait(delay, pause) => {
                    tokio::time::sleep(delay).await;
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

async fn http(client: &Client, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
    let (head, body) = client.request(request.map(Full::from)).await?.into_parts();
    let body = Limited::new(body, BODY_MAX).collect().await?.to_bytes();
    Ok(Response::from_parts(head, body.into()))
}
// driver ends

impl Spotify {
    fn new(session: Session) -> Self {
        let client = legacy::Client::builder(TokioExecutor::new()).build_http();
        Self { client, session: Mutex::new(session) }
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

async fn run() -> Result<(), Failure> {
    let world = World::open(Some("put the connector of `hyper-rustls` in the client"))?;
    job::run(&mut Spotify::new(world.session), &world.catalogue).await
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = runtime.map_err(Failure::from).and_then(|runtime| {
        // A task has to be `Send`, and is: no lock lives over an `.await`.
        let task = runtime.spawn(run());
        runtime.block_on(task)?
    });
    job::end("hyper", result)
}
