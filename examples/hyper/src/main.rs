//! The shared job over `hyper` and `tokio`.
//!
//! It talks to the fake behind a loopback socket; `SPOTIFY_ORIGIN` names another server. For Spotify itself, put the
//! connector of `hyper-rustls` into the client.
//!
//! `cargo run -p example-hyper`

use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use example_job::{Client, Failure};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper_util::client::legacy::{self, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use spotify_proto::driver::{AsyncDriver, Collected, Error};
use spotify_proto::http::{Request, Response};
use spotify_proto::{App, Call, MAX_BODY_LEN, Paged, Reply, Session, TokenStep};

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
        let (app, session) = &mut *self.state.lock().expect("no step panics");
        step(app, session)
    }

    fn detach(&self, step: TokenStep) {
        let spotify = self.clone();
        tokio::spawn(async move { spotify.authorize(step).await });
    }

    fn describe(&self, error: &Failure) -> String {
        example_job::describe(error.as_ref())
    }
}
// driver ends

impl Client for Spotify {
    async fn reply<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        AsyncDriver::reply(self, call).await.map_err(Error::into_boxed)
    }

    async fn collect<E: Paged + Clone>(&self, endpoint: E) -> Result<Collected<E::Item>, Failure> {
        AsyncDriver::collect(self, endpoint).await.map_err(Error::into_boxed)
    }
}

async fn run() -> Result<(), Failure> {
    let target = example_job::Target::open(Some("put the connector of `hyper-rustls` into the client"))?;
    let client = legacy::Client::builder(TokioExecutor::new()).build_http();
    let spotify = Spotify { client, state: Arc::new(Mutex::new((target.app, target.session))) };
    example_job::run(&spotify, &target.catalogue).await
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = runtime.map_err(Failure::from).and_then(|runtime| {
        // A spawned task has to be `Send`: no lock is held across an `.await`.
        let task = runtime.spawn(run());
        runtime.block_on(task)?
    });
    example_job::end("hyper", result)
}
