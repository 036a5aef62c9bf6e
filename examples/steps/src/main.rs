//! A program that uses the step API directly, without the driver traits.
//!
//! The program calls the fake Spotify in this process and prints each step. The step API is for unusual drivers, such
//! as a single-threaded event loop; otherwise, implement `driver::Driver` or `driver::AsyncDriver`.
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
    /// Executes the steps of one call.
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
                    // Pass errors to the call as well: it determines whether a request without a response may be
                    // retried.
                    let result = self.fake.respond(&request, SystemTime::now());
                    // Decoding does not need the state. If the state is shared, acquire the lock after this line.
                    let received = exchange.receive(result, SystemTime::now());
                    received.apply(&mut self.app, &mut self.session, SystemTime::now())?
                }
                Step::Authorize(step, waiting) => {
                    println!("authorize");
                    // An async program should execute the token step in a separate task, so that dropping the call does
                    // not lose the tokens. Continue the call even after a failure: the call then waits or returns an
                    // error.
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
                    self.saved = Some(tokens); // a real program stores them durably before it calls `saved`
                    saving.saved(&mut self.app, &mut self.session, SystemTime::now())
                }
                TokenStep::Done(result) => return Ok(result?),
            }
        }
    }

    /// Saves unsaved tokens before the program ends.
    fn shut_down(&mut self) {
        if self.session.has_unsaved_tokens() {
            self.saved = self.session.tokens().cloned();
        }
        println!("tokens saved: {}", self.saved.is_some());
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
