//! The main job against the fake, in memory: no network, no account, no waiting, with a clock of its own.
//!
//! `cargo run --example tour --features fake`

#[path = "shared/job.rs"]
mod job;

use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use job::{Catalogue, Driver, Failure};
use spotify_proto::fake::{CLIENT_ID, CLIENT_SECRET, Fake, Fault, ids};
use spotify_proto::http::{Request, Response};
use spotify_proto::{App, Call, Reply, Session, Step};

/// A driver that shows every step.
struct Tour {
    spotify: Fake,
    session: Session,
    now: SystemTime,
}

impl Driver for Tour {
    async fn call<T>(&mut self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        let mut step = call.into().start(&mut self.session, self.now);
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    let response = self.send(&request)?;
                    exchange.receive(response, &mut self.session, self.now)
                }
                Step::Wait(delay, pause) => {
                    println!("   … {} s pass", delay.as_secs());
                    self.now += delay;
                    pause.resume(&mut self.session, self.now)
                }
                Step::Save(tokens, pause) => {
                    let life = tokens.expires_at().duration_since(self.now).unwrap_or_default();
                    println!("   a token for {} s; a session of a user would be saved now", life.as_secs());
                    pause.resume(&mut self.session, self.now)
                }
                Step::Done(result) => return Ok(result?),
            }
        }
    }
}

impl Tour {
    fn send(&mut self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
        println!(" → {} {}", request.method(), request.uri());
        for name in ["if-none-match", "content-type"] {
            if let Some(value) = request.headers().get(name) {
                println!("     {name}: {}", value.to_str()?);
            }
        }
        self.now += Duration::from_millis(80);
        let response = self.spotify.respond(request, self.now)?;
        println!(" ← {}, {} bytes", response.status(), response.body().len());
        for name in ["etag", "cache-control", "retry-after"] {
            if let Some(value) = response.headers().get(name) {
                println!("     {name}: {}", value.to_str()?);
            }
        }
        Ok(response)
    }
}

fn main() -> ExitCode {
    let mut spotify = Fake::new();
    spotify.script([Fault::rate_limited(5).at("/v1/tracks")]);
    let app = App::confidential(CLIENT_ID, CLIENT_SECRET);
    let session = Session::client_credentials(app).with_jitter(1);
    let mut tour = Tour { spotify, session, now: UNIX_EPOCH + Duration::from_secs(1_790_000_000) };
    let catalogue =
        Catalogue { album: ids::ALBUM, artist: ids::ARTIST, track: ids::TRACK, unknown_album: ids::UNKNOWN };
    job::end("tour", job::run_blocking(&mut tour, &catalogue))
}
