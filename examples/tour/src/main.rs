//! The shared job against the fake in memory, with every request and delay printed. There is no network and no account,
//! and a virtual clock makes delays pass at once.
//!
//! `cargo run -p tour`

use std::cell::{Cell, RefCell};
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use example_job::{Catalogue, Client, Failure};
use spotify_proto::driver::{Collected, Driver, Error, Event};
use spotify_proto::http::{Request, Response};
use spotify_proto::{App, Call, Paged, Reply, Session, Tokens};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, InjectedFault, ids};

/// A driver that prints what it does.
struct Tour {
    spotify: RefCell<Fake>,
    state: RefCell<(App, Session)>,
    now: Cell<SystemTime>,
}

impl Driver for Tour {
    type Error = Failure;

    fn send(&self, request: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, Failure> {
        println!(" → {} {}", request.method(), request.uri());
        for name in ["if-none-match", "content-type"] {
            if let Some(value) = request.headers().get(name) {
                println!("     {name}: {}", value.to_str()?);
            }
        }
        self.advance(Duration::from_millis(80));
        let response = self.spotify.borrow_mut().respond(&request, self.now())?;
        println!(" ← {}, {} bytes", response.status(), response.body().len());
        for name in ["etag", "cache-control", "retry-after"] {
            if let Some(value) = response.headers().get(name) {
                println!("     {name}: {}", value.to_str()?);
            }
        }
        Ok(response)
    }

    fn sleep(&self, duration: Duration) {
        self.advance(duration);
    }

    fn now(&self) -> SystemTime {
        self.now.get()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let (app, session) = &mut *self.state.borrow_mut();
        step(app, session)
    }

    fn save(&self, tokens: &Tokens) -> Result<(), Failure> {
        let expires_at = tokens.expires_at().ok_or("a token without an expiry")?;
        let life = expires_at.duration_since(self.now()).unwrap_or_default();
        println!("   a token for {} s; the tokens of a user would be saved now", life.as_secs());
        Ok(())
    }

    fn observe(&self, event: Event) {
        if let Event::Wait(_, delay) = event {
            println!("   … {:.1} s pass ({})", delay.duration.as_secs_f32(), delay.reason);
        }
    }
}

impl Tour {
    fn advance(&self, duration: Duration) {
        self.now.set(self.now.get() + duration);
    }
}

impl Client for Tour {
    async fn reply<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        Driver::reply(self, call).map_err(Error::into_boxed)
    }

    async fn collect<E: Paged + Clone>(&self, endpoint: E) -> Result<Collected<E::Item>, Failure> {
        Driver::collect(self, endpoint).map_err(Error::into_boxed)
    }
}

fn main() -> ExitCode {
    let mut spotify = Fake::new();
    spotify.script([InjectedFault::rate_limited(5).at("/v1/tracks")]);
    let app = App::confidential(CLIENT_ID, CLIENT_SECRET).with_jitter(1);
    let tour = Tour {
        spotify: RefCell::new(spotify),
        state: RefCell::new((app, Session::client_credentials())),
        now: Cell::new(UNIX_EPOCH + Duration::from_secs(1_790_000_000)),
    };
    let catalogue =
        Catalogue { album: ids::ALBUM, artist: ids::ARTIST, track: ids::TRACK, unknown_album: ids::UNKNOWN };
    example_job::end("tour", example_job::run_blocking(&tour, &catalogue))
}
