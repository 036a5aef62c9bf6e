//! The main job over `ureq`: a real, blocking HTTP stack.
//!
//! With `SPOTIFY_CLIENT_ID` and `SPOTIFY_CLIENT_SECRET` set it talks to Spotify; else to the fake behind a
//! loopback socket that it opens itself.
//!
//! `cargo run --example ureq --features fake`

#[path = "shared/job.rs"]
mod job;
#[path = "shared/loopback.rs"]
mod loopback;
#[path = "shared/world.rs"]
mod world;

use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;
use std::time::SystemTime;

use job::{Driver, Failure};
use spotify_proto::http::{Request, Response};
use spotify_proto::{BODY_MAX, Call, Reply, Session, Step, Tokens};
use world::World;

/// What a program keeps of Spotify: an HTTP stack and a session.
struct Spotify {
    agent: ureq::Agent,
    session: Mutex<Session>,
}

// driver begins
impl Spotify {
    fn call<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        let (session, now) = (|| self.session.lock().expect("no call panics"), SystemTime::now);
        let mut step = call.into().start(&mut session(), now());
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    exchange.receive(http(&self.agent, request)?, &mut session(), now())
                }
                Step::Wait(delay, pause) => {
                    thread::sleep(delay);
                    pause.resume(&mut session(), now())
                }
                Step::Save(tokens, pause) => {
                    self.store(&tokens)?;
                    pause.resume(&mut session(), now())
                }
                Step::Done(result) => return Ok(result?),
            }
        }
    }
}

fn http(agent: &ureq::Agent, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, ureq::Error> {
    let (head, body) = agent.run(request)?.into_parts();
    let body = body.into_with_config().limit(BODY_MAX as u64).read_to_vec()?;
    Ok(Response::from_parts(head, body))
}
// driver ends

impl Spotify {
    fn new(session: Session) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false) // an answer is an answer: the library reads them all
            .max_redirects(0) // the API never redirects, and a token goes nowhere else
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true) // DELETE with a body, for playlist items
            .build()
            .new_agent();
        Self { agent, session: Mutex::new(session) }
    }

    /// The token of an application is fetched anew at each start; a user's would be written to a file here.
    #[allow(clippy::unnecessary_wraps, reason = "writing a file can fail")]
    fn store(&self, _: &Tokens) -> Result<(), Failure> {
        Ok(())
    }
}

impl Driver for Spotify {
    async fn call<T>(&mut self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        Self::call(self, call)
    }
}

fn run() -> Result<(), Failure> {
    let world = World::open(None)?;
    job::run_blocking(&mut Spotify::new(world.session), &world.catalogue)
}

fn main() -> ExitCode {
    job::end("ureq", run())
}
