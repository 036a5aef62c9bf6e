//! The step API: everything that a driver has to do, without the provided drivers.
//!
//! It calls the fake in this process and prints each step. Read it to write a driver for something unusual, such as a
//! single-threaded event loop; otherwise implement `driver::Driver` or `driver::AsyncDriver`.
//!
//! `cargo run -p steps`

use std::error::Error;
use std::thread;
use std::time::SystemTime;

use spotify_proto::api::GetAlbum;
use spotify_proto::{AlbumId, App, Call, Session, Step, TokenStep, Tokens};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, InjectedFault, ids};

struct Program {
    fake: Fake,
    app: App,
    session: Session,
    saved: Option<Tokens>,
}

// driver begins
impl Program {
    /// Follows the steps of one call.
    fn call<T: std::fmt::Debug>(&mut self, call: impl Into<Call<T>>) -> Result<T, Box<dyn Error>> {
        let mut step = call.into().start(&mut self.app, &mut self.session, SystemTime::now());
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    let info = exchange.info();
                    println!(
                        "send {} (attempt {}) {}",
                        info.operation.id,
                        info.attempt,
                        request.uri().path()
                    );
                    // The result is passed on as it is: only the call knows whether a lost response may be retried.
                    let result = self.fake.respond(&request, SystemTime::now());
                    // Decoding needs no state. Where the state is shared, take the lock after this line.
                    let received = exchange.receive(result, SystemTime::now());
                    received.apply(&mut self.app, &mut self.session, SystemTime::now())?
                }
                Step::Authorize(step, waiting) => {
                    println!("authorize");
                    // In an async program: in a task of its own, so that dropping this call does not drop the tokens.
                    // A failure is not the end of the call; it decides itself whether to wait or to give up.
                    if let Err(error) = self.authorize(step) {
                        println!("  failed: {error}");
                    }
                    waiting.resume(&mut self.app, &mut self.session, SystemTime::now())
                }
                Step::Wait(delay, waiting) => {
                    println!("wait {:?}: {}", delay.duration, delay.reason);
                    thread::sleep(delay.duration);
                    waiting.resume(&mut self.app, &mut self.session, SystemTime::now())
                }
                Step::Done(result) => return Ok(result?.value),
            }
        }
    }

    /// Requests tokens and saves them.
    fn authorize(&mut self, mut step: TokenStep) -> Result<(), Box<dyn Error>> {
        loop {
            step = match step {
                TokenStep::Send(request, exchange) => {
                    println!("  send a token request to {}", request.uri().path());
                    let received = exchange.receive(self.fake.respond(&request, SystemTime::now()));
                    received.apply(&mut self.app, &mut self.session, SystemTime::now())?
                }
                TokenStep::Save(tokens, saving) => {
                    println!("  save the tokens");
                    self.saved = Some(tokens); // where they survive a crash, before `saved` is called
                    saving.saved(&mut self.app, &mut self.session, SystemTime::now())
                }
                TokenStep::Done(result) => return Ok(result?),
            }
        }
    }

    /// Saves new tokens before the program ends: they exist nowhere else.
    fn shut_down(&mut self) {
        if self.session.has_unsaved_tokens() {
            self.saved = self.session.tokens().cloned();
        }
        println!("tokens are saved: {}", self.saved.is_some());
    }
}
// driver ends

fn main() -> Result<(), Box<dyn Error>> {
    let mut fake = Fake::new();
    fake.script([InjectedFault::rate_limited(1).at("/v1/albums"), InjectedFault::LostAfter.at("/v1/albums")]);
    let app = App::confidential(CLIENT_ID, CLIENT_SECRET);
    let mut program = Program { fake, app, session: Session::client_credentials(), saved: None };
    let album = program.call(GetAlbum::new(ids::ALBUM.parse::<AlbumId>()?))?;
    println!("{}, {} tracks", album.name, album.total_tracks.unwrap_or(0));
    program.shut_down();
    Ok(())
}
