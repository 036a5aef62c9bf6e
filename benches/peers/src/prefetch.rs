//! Measures reading a hundred pages of a list sequentially and concurrently, with a latency of 100 ms.
//!
//! The network is a loopback socket, and the server is the library's fake. Its lists are short, so each page holds one
//! item.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use spotify_proto::api::GetPlaylistItems;
use spotify_proto::{
    App, Call, Endpoint, OffsetPaged, Origin, Paged, PlaylistId, Scope, Session, Step, model,
};
use spotify_proto_testing::fake::{Fake, ids};
use tokio::net::TcpListener;
use tokio::{runtime, time};

/// Latency of each response.
const LATENCY: Duration = Duration::from_millis(100);

const PAGES: usize = 100;

/// Numbers of pages in flight at the same time; 1 is a sequential loop.
pub const WIDTHS: [usize; 3] = [1, 8, 32];

/// Returns the time of reading all pages for each of [`WIDTHS`].
pub fn measure() -> [Duration; 3] {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut fake = Fake::new();
        let token = fake.user_token(&[Scope::PlaylistReadPrivate], SystemTime::now());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback socket");
        let origin: Origin = format!("http://{}", listener.local_addr().expect("a bound socket"))
            .parse()
            .expect("a loopback origin");
        tokio::spawn(serve(listener, Arc::new(Mutex::new(fake))));
        let app = App::without_credentials().with_origins(origin.clone(), origin);
        let state = Mutex::new((app, Session::from_access_token(token)));
        let spotify = Spotify { client: reqwest::Client::new(), state };
        let mut times = [Duration::ZERO; 3];
        for (time, width) in times.iter_mut().zip(WIDTHS) {
            let start = Instant::now();
            let pages =
                if width == 1 { one_by_one(&spotify).await } else { side_by_side(&spotify, width).await };
            *time = start.elapsed();
            assert_eq!(pages, PAGES, "every page holds one item");
        }
        times
    })
}

/// Prints the times.
pub fn print(times: &[Duration]) {
    println!("\n{PAGES} pages over a loopback socket, each response delayed by {} ms", LATENCY.as_millis());
    println!("  {:>10} {:>10} {:>10}", "in flight", "seconds", "speedup");
    for (width, time) in WIDTHS.iter().zip(times) {
        let faster = times[0].as_secs_f64() / time.as_secs_f64();
        println!("  {width:>10} {:>10.2} {faster:>10.1}", time.as_secs_f64());
    }
}

fn first() -> GetPlaylistItems {
    let playlist: PlaylistId = ids::PLAYLIST.parse().expect("an id");
    GetPlaylistItems::new(playlist).limit(1)
}

async fn one_by_one(spotify: &Spotify) -> usize {
    let (mut cursor, mut pages) = (Some(first()), 0);
    while let Some(endpoint) = cursor {
        let page = spotify.call(endpoint.clone()).await;
        pages += page.items.len();
        cursor = endpoint.next(&page).filter(|_| pages < PAGES);
    }
    pages
}

async fn side_by_side(spotify: &Spotify, width: usize) -> usize {
    let first = first();
    let page = spotify.call(first.clone()).await;
    let rest = stream::iter(first.remaining(&page).take(PAGES - 1))
        .map(|endpoint| async move { spotify.call(endpoint).await });
    let rest: Vec<model::Page<_>> = rest.buffered(width).collect().await;
    page.items.len() + rest.iter().map(|page| page.items.len()).sum::<usize>()
}

struct Spotify {
    client: reqwest::Client,
    state: Mutex<(App, Session)>,
}

impl Spotify {
    async fn call<E: Endpoint>(&self, endpoint: E) -> E::Output {
        let now = SystemTime::now;
        let mut step = self.with(|app, session| Call::new(endpoint).start(app, session, now()));
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    let received = exchange.receive(self.http(request).await, now());
                    let step = self.with(|app, session| received.apply(app, session, now()));
                    step.expect("a response over the loopback")
                }
                Step::Wait(delay, waiting) => {
                    time::sleep(delay.duration).await;
                    self.with(|app, session| waiting.resume(app, session, now()))
                }
                Step::Authorize(..) => unreachable!("a session with only an access token cannot refresh it"),
                Step::Done(result) => return result.expect("a successful response").value,
            }
        }
    }

    fn with<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let (app, session) = &mut *self.state.lock().expect("no call panics");
        step(app, session)
    }

    async fn http(&self, request: Request<Vec<u8>>) -> reqwest::Result<Response<Bytes>> {
        let response = self.client.execute(request.try_into()?).await?;
        let (head, body) = Response::from(response).into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Response::from_parts(head, body))
    }
}

async fn serve(listener: TcpListener, fake: Arc<Mutex<Fake>>) {
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        let fake = Arc::clone(&fake);
        let service = service_fn(move |request| respond(request, Arc::clone(&fake)));
        tokio::spawn(
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
        );
    }
}

async fn respond(
    request: Request<Incoming>,
    fake: Arc<Mutex<Fake>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.expect("the client sends its body").to_bytes().to_vec();
    let request = Request::from_parts(head, body);
    let response = fake
        .lock()
        .expect("no request handler panics")
        .respond(&request, SystemTime::now())
        .expect("the fake has no scripted failures");
    time::sleep(LATENCY).await;
    Ok(response.map(|body| Full::new(body.into())))
}
