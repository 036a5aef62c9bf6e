//! The main job over `reqwest` and `tokio`, and then all pages of a list side by side, with a progress bar.
//!
//! It plays against the fake behind a loopback socket that it opens itself. With `SPOTIFY_CLIENT_ID` and
//! `SPOTIFY_CLIENT_SECRET` set it talks to Spotify; for that give `reqwest` its feature `rustls`.
//!
//! `cargo run --example reqwest --features fake`

#[path = "shared/job.rs"]
mod job;
#[path = "shared/loopback.rs"]
mod loopback;
#[path = "shared/world.rs"]
mod world;

use std::pin::pin;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use http_body_util::{BodyExt as _, Limited};
use indicatif::ProgressBar;
use job::{Driver, Failure};
use spotify_proto::api::GetArtistAlbums;
use spotify_proto::http::{Request, Response};
use spotify_proto::{ArtistId, BODY_MAX, Call, OffsetPaged as _, Reply, Session, Step, Text, Tokens};
use world::World;

/// What a program keeps of Spotify: an HTTP stack and a session.
struct Spotify {
    client: reqwest::Client,
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
                    exchange.receive(http(&self.client, request).await?, &mut session(), now())
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

async fn http(client: &reqwest::Client, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
    let (head, body) = Response::from(client.execute(request.try_into()?).await?).into_parts();
    let body = Limited::new(body, BODY_MAX).collect().await?.to_bytes();
    Ok(Response::from_parts(head, body.into()))
}
// driver ends

impl Spotify {
    fn new(session: Session) -> Result<Self, Failure> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none()) // the API never redirects, and a token goes nowhere else
            .timeout(Duration::from_secs(60))
            .build()?;
        Ok(Self { client, session: Mutex::new(session) })
    }

    /// The token of an application is fetched anew at each start; a user's would be written to a file here.
    #[allow(clippy::unnecessary_wraps, clippy::unused_async, reason = "writing a file waits and can fail")]
    async fn store(&self, _: &Tokens) -> Result<(), Failure> {
        Ok(())
    }

    /// An artist's albums: the first page tells how many there are, the others come eight at a time, in order.
    async fn albums(&self, artist: ArtistId, bar: &ProgressBar) -> Result<Vec<Text>, Failure> {
        let endpoint = GetArtistAlbums::new(artist).limit(2);
        let first = self.call(&endpoint).await?.value;
        let rest: Vec<_> = endpoint.remaining(&first).collect();
        let rest = stream::iter(rest).map(|endpoint| self.call(endpoint)).buffered(8);
        let mut pages = pin!(stream::iter([Ok(first)]).chain(rest.map_ok(|reply| reply.value)));
        let mut names = Vec::new();
        while let Some(page) = pages.try_next().await? {
            let progress = page.progress();
            bar.set_length(progress.total.unwrap_or(progress.done).into());
            bar.set_position(progress.done.into());
            names.extend(page.into_iter().map(|album| album.name));
        }
        Ok(names)
    }
}

impl Driver for Spotify {
    async fn call<T>(&mut self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        Self::call(self, call).await
    }
}

async fn run() -> Result<(), Failure> {
    let world = World::open(Some("give `reqwest` its feature `rustls`"))?;
    let mut spotify = Spotify::new(world.session)?;
    job::run(&mut spotify, &world.catalogue).await?;

    println!("\n== The artist's albums again, pages side by side");
    // It is drawn on a terminal only.
    let bar = ProgressBar::new(0);
    let names = spotify.albums(world.catalogue.artist.parse()?, &bar).await?;
    if Some(bar.position()) != bar.length() {
        return Err("the bar is not at its end".into());
    }
    bar.finish_and_clear();
    let few: Vec<&str> = names.iter().map(Text::as_str).take(3).collect();
    println!("{} albums: {}, …", names.len(), few.join(", "));
    Ok(())
}

fn main() -> ExitCode {
    // One thread is enough: eight calls in flight wait for each other nowhere.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(run()));
    job::end("reqwest", result)
}
