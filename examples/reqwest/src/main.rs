//! The shared job over `reqwest` and `tokio`, and then all pages of a list with several requests in flight.
//!
//! It talks to the fake behind a loopback socket. With `SPOTIFY_CLIENT_ID` and `SPOTIFY_CLIENT_SECRET` set it talks to
//! Spotify; for that give `reqwest` its feature `rustls`.
//!
//! `cargo run -p example-reqwest`

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use example_job::{Client, Failure};
use http_body_util::{BodyExt as _, Limited};
use indicatif::ProgressBar;
use spotify_proto::api::GetArtistAlbums;
use spotify_proto::driver::{AsyncDriver, Collected, Error};
use spotify_proto::http::{Request, Response};
use spotify_proto::{
    App, ArtistId, Call, Completeness, MAX_BODY_LEN, Paged, Reply, Session, Text, TokenStep,
};

// driver begins
#[derive(Clone)]
struct Spotify {
    client: reqwest::Client,
    state: Arc<Mutex<(App, Session)>>,
}

impl AsyncDriver for Spotify {
    type Error = Failure;

    async fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, Failure> {
        let mut request = reqwest::Request::try_from(request)?;
        *request.timeout_mut() = Some(timeout);
        let (head, body) = Response::from(self.client.execute(request).await?).into_parts();
        let body = Limited::new(body, MAX_BODY_LEN).collect().await?.to_bytes();
        Ok(Response::from_parts(head, body.into()))
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

impl Spotify {
    fn new(app: App, session: Session) -> Result<Self, Failure> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none()) // the API never redirects, and a token must not be sent elsewhere
            .build()?;
        Ok(Self { client, state: Arc::new(Mutex::new((app, session))) })
    }

    /// Reads an artist's albums with up to eight requests in flight, in order.
    async fn albums(&self, artist: ArtistId, bar: &ProgressBar) -> Result<Vec<Text>, Failure> {
        let bound = NonZeroUsize::new(8).ok_or("not zero")?;
        let mut pages = self.prefetch(GetArtistAlbums::new(artist).limit(2), bound);
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let albums = page.map_err(Error::into_boxed)?;
            bar.inc(albums.len() as u64);
            names.extend(albums.into_iter().map(|album| album.name));
        }
        match pages.completeness() {
            Completeness::Complete => Ok(names),
            Completeness::Incomplete { reason, .. } => {
                Err(format!("the list is incomplete: {reason:?}").into())
            }
        }
    }
}

impl Client for Spotify {
    async fn reply<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        AsyncDriver::reply(self, call).await.map_err(Error::into_boxed)
    }

    async fn collect<E: Paged + Clone>(&self, endpoint: E) -> Result<Collected<E::Item>, Failure> {
        AsyncDriver::collect(self, endpoint).await.map_err(Error::into_boxed)
    }
}

async fn run() -> Result<(), Failure> {
    let target = example_job::Target::open(Some("give `reqwest` its feature `rustls`"))?;
    let spotify = Spotify::new(target.app, target.session)?;
    example_job::run(&spotify, &target.catalogue).await?;

    println!("\n== The artist's albums again, pages concurrently");
    // The bar is drawn on a terminal only.
    let bar = ProgressBar::no_length();
    let names = spotify.albums(target.catalogue.artist.parse()?, &bar).await?;
    bar.finish_and_clear();
    let few: Vec<&str> = names.iter().map(Text::as_str).take(3).collect();
    println!("{} albums: {}, …", names.len(), few.join(", "));
    Ok(())
}

fn main() -> ExitCode {
    // One thread is enough: calls in flight do not wait for each other.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(run()));
    example_job::end("reqwest", result)
}
