//! The shared job over `ureq`: a blocking HTTP stack.
//!
//! With `SPOTIFY_CLIENT_ID` and `SPOTIFY_CLIENT_SECRET` set it talks to Spotify; otherwise to the fake behind a loopback
//! socket.
//!
//! `cargo run -p example-ureq`

use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, SystemTime};

use example_job::{Client, Failure};
use spotify_proto::driver::{Collected, Driver};
use spotify_proto::http::{Request, Response};
use spotify_proto::{App, Call, MAX_BODY_LEN, Paged, Reply, Session};

struct Spotify {
    agent: ureq::Agent,
    state: Mutex<(App, Session)>,
}

impl Driver for Spotify {
    type Error = ureq::Error;

    // driver begins
    fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, ureq::Error> {
        let request = self.agent.configure_request(request).timeout_global(Some(timeout)).build();
        let (head, mut body) = self.agent.run(request)?.into_parts();
        Ok(Response::from_parts(head, body.with_config().limit(MAX_BODY_LEN as u64).read_to_vec()?))
    }
    // driver ends

    fn sleep(&self, duration: Duration) {
        thread::sleep(duration);
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let (app, session) = &mut *self.state.lock().expect("no step panics");
        step(app, session)
    }
}

impl Spotify {
    fn new(app: App, session: Session) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false) // the library reads responses of every status
            .max_redirects(0) // the API never redirects, and a token must not be sent elsewhere
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true) // DELETE with a body, for playlist items
            .build()
            .new_agent();
        Self { agent, state: Mutex::new((app, session)) }
    }
}

impl Client for Spotify {
    async fn reply<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        Ok(Driver::reply(self, call)?)
    }

    async fn collect<E: Paged + Clone>(&self, endpoint: E) -> Result<Collected<E::Item>, Failure> {
        Ok(Driver::collect(self, endpoint)?)
    }
}

fn run() -> Result<(), Failure> {
    let target = example_job::Target::open(None)?;
    example_job::run_blocking(&Spotify::new(target.app, target.session), &target.catalogue)
}

fn main() -> ExitCode {
    example_job::end("ureq", run())
}
