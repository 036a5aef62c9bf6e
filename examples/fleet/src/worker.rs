//! A worker process, which claims jobs, calls Spotify and stores results until every job has a result.

use std::cell::RefCell;
use std::io::Read as _;
use std::time::{Duration, SystemTime};
use std::{env, io, process, thread};

use redis::Pipeline;
use serde::{Deserialize, Serialize};
use spotify_proto::cache::{Entry, Key, StoreAction};
use spotify_proto::driver::{self, Driver, Event};
use spotify_proto::http::{Request, Response};
use spotify_proto::{App, Endpoint, MAX_BODY_LEN, Origin, Session, Source, Tokens, WaitReason};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET};

use crate::queue::{self, Claimed, Query};
use crate::rate_limiter::Shared;
use crate::store::Store;
use crate::{Failure, cache, token, variables};

/// Statistics of a worker, which the worker prints when it ends.
#[derive(Default, Deserialize, Serialize)]
pub(crate) struct Report {
    pub(crate) jobs: u64,
    pub(crate) round_trips: u64,
    /// Number of jobs that used a fresh stored response, without a request.
    pub(crate) fresh: u64,
    pub(crate) waits: u64,
    pub(crate) waited: Duration,
    /// Number of adopted tokens, which other workers have requested.
    pub(crate) adopted: u64,
}

/// A driver with an HTTP client, a Redis connection, the application and its session.
struct Worker {
    name: String,
    agent: ureq::Agent,
    state: RefCell<(App, Session)>,
    redis: RefCell<Redis>,
    report: RefCell<Report>,
    /// First Redis error in a method that cannot return an error.
    error: RefCell<Option<Failure>>,
}

struct Redis {
    store: Store,
    shared: Shared,
    /// Commands that are sent together with the result of the job.
    commands: Pipeline,
}

/// Runs a worker until all jobs are done, and prints the report as one line of JSON.
pub(crate) fn run() -> Result<(), Failure> {
    let (url, prefix) = (env::var(variables::REDIS)?, env::var(variables::PREFIX)?);
    let (name, origin) = (env::var(variables::WORKER)?, env::var(variables::API)?.parse::<Origin>()?);
    let mut store = Store::open(&url, &prefix)?;
    watch_parent(url.clone());
    // Required before the first claim: the claimed jobs of a worker without a heartbeat are requeued.
    queue::send_heartbeat(&mut store, &name)?;
    spawn_heartbeat(Store::open(&url, &prefix)?, name.clone());
    store.round_trips = 0;
    let app = App::confidential(CLIENT_ID, CLIENT_SECRET)
        .with_origins(origin.clone(), origin)
        .with_jitter(process::id().into());
    let worker = Worker {
        name,
        agent: agent(),
        state: RefCell::new((app, Session::client_credentials())),
        redis: RefCell::new(Redis { store, shared: Shared::default(), commands: redis::pipe() }),
        report: RefCell::default(),
        error: RefCell::default(),
    };
    loop {
        let claimed = queue::claim(&mut worker.redis.borrow_mut().store, &worker.name)?;
        match claimed {
            Some(claimed) => worker.work(&claimed)?,
            None if queue::is_done(&mut worker.redis.borrow_mut().store)? => break,
            None => {}
        }
    }
    let round_trips = worker.redis.borrow().store.round_trips;
    println!("{}", serde_json::to_string(&Report { round_trips, ..worker.report.take() })?);
    Ok(())
}

/// Starts a thread with its own connection that sends heartbeats, so that a waiting worker does not count as dead, and
/// requeues the claimed jobs of dead workers.
fn spawn_heartbeat(mut store: Store, worker: String) {
    thread::spawn(move || {
        loop {
            if queue::send_heartbeat(&mut store, &worker).and_then(|()| queue::requeue(&mut store)).is_err() {
                // The main thread reports the same error.
                return;
            }
            thread::sleep(queue::HEARTBEAT_INTERVAL);
        }
    });
}

/// Ends this process when the parent ends, because standard input is closed at that time.
fn watch_parent(url: String) {
    thread::spawn(move || {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        if env::var_os(variables::OWNS_REDIS).is_some() {
            let stop = |store: &mut Store| store.query::<()>(redis::cmd("SHUTDOWN").arg("NOSAVE"));
            let _ = Store::open(&url, "").and_then(|mut store| stop(&mut store));
        }
        process::exit(1);
    });
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false) // the library reads responses of every status
        .max_redirects(0) // the API never redirects, and a token must not be sent elsewhere
        .max_redirects_will_error(false)
        .build()
        .new_agent()
}

/// Time limit for a response, shorter than the lease of a token request.
const TIMEOUT: Duration = Duration::from_secs(5);

impl Driver for Worker {
    type Error = Failure;

    fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, Failure> {
        let request =
            self.agent.configure_request(request).timeout_global(Some(timeout.min(TIMEOUT))).build();
        let (head, body) = self.agent.run(request)?.into_parts();
        let body = body.into_with_config().limit(MAX_BODY_LEN as u64).read_to_vec()?;
        Ok(Response::from_parts(head, body))
    }

    /// Waits, and then merges the shared rate limiter, which may have changed during the delay.
    fn sleep(&self, duration: Duration) {
        thread::sleep(duration);
        self.report.borrow_mut().waits += 1;
        self.report.borrow_mut().waited += duration;
        let Redis { store, shared, .. } = &mut *self.redis.borrow_mut();
        if let Some(text) = self.note(shared.load(store).map_err(Failure::from)) {
            self.state(|app, _| shared.merge(app, text));
        }
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let (app, session) = &mut *self.state.borrow_mut();
        step(app, session)
    }

    /// Returns tokens that another worker has stored, or acquires the lease for a token request.
    fn load_tokens(&self) -> Result<Option<Tokens>, Failure> {
        let current = self.state(|_, session| session.tokens().cloned());
        let tokens = token::load(&mut self.redis.borrow_mut().store, &self.name, current.as_ref())?;
        self.report.borrow_mut().adopted += u64::from(tokens.is_some());
        Ok(tokens)
    }

    fn save(&self, tokens: &Tokens) -> Result<(), Failure> {
        token::save(&mut self.redis.borrow_mut().store, &self.name, tokens)
    }

    fn partition(&self) -> Option<String> {
        Some("app".to_owned())
    }

    /// Reads the stored response and the shared rate limiter in one round trip.
    fn load_response(&self, key: &Key) -> Option<Entry> {
        let Redis { store, shared, .. } = &mut *self.redis.borrow_mut();
        let mut commands = redis::pipe();
        Shared::get(&mut commands, store);
        cache::get(&mut commands, store, key);
        let (limiter, entry) = self.note(store.query_all(&commands).map_err(Failure::from))?;
        self.state(|app, _| shared.merge(app, limiter));
        cache::parse(entry)
    }

    /// Adds a command to the commands that are sent with the result of the job.
    fn store_response(&self, key: &Key, action: StoreAction) {
        let Redis { store, commands, .. } = &mut *self.redis.borrow_mut();
        self.note(cache::apply(commands, store, key, &action));
    }

    /// Publishes a block before the worker waits for it.
    fn observe(&self, event: Event) {
        if let Event::Wait(_, delay) = event {
            let is_block = matches!(
                delay.reason,
                WaitReason::RateLimit | WaitReason::Quota | WaitReason::OperationLimit
            );
            if is_block {
                self.note(self.publish());
            }
        }
    }
}

impl Worker {
    fn work(&self, claimed: &Claimed) -> Result<(), Failure> {
        match &claimed.job.query {
            Query::Album(endpoint) => self.read(endpoint, claimed, |album| album.name.to_string()),
            Query::Track(endpoint) => self.read(endpoint, claimed, |track| track.name.to_string()),
            Query::Show(endpoint) => self.read(endpoint, claimed, |show| show.name.to_string()),
            Query::ArtistAlbums(endpoint) => {
                self.read(endpoint, claimed, |page| format!("{} albums", page.total.unwrap_or_default()))
            }
        }
    }

    /// Executes a job. Including the claim, this takes three round trips to Redis.
    fn read<E: Endpoint + Clone>(
        &self,
        endpoint: &E,
        claimed: &Claimed,
        summary: impl Fn(E::Output) -> String,
    ) -> Result<(), Failure> {
        self.redis.borrow_mut().commands = redis::pipe();
        let reply = self.reply(endpoint.clone());
        self.error.borrow_mut().take().map_or(Ok(()), Err)?;
        let text = match reply {
            Ok(reply) => {
                self.report.borrow_mut().fresh += u64::from(reply.source == Source::Fresh);
                summary(reply.value)
            }
            // An error response from Spotify also counts as a result.
            Err(driver::Error::Spotify(error)) => {
                self.publish()?;
                format!("failed: {error}")
            }
            Err(
                driver::Error::Transport(error) | driver::Error::Load(error) | driver::Error::Save(error),
            ) => {
                return Err(error);
            }
            Err(_) => return Err("unknown error".into()),
        };
        let Redis { store, commands, .. } = &mut *self.redis.borrow_mut();
        queue::finish(commands.atomic(), store, &self.name, claimed, &format!("{}: {text}", self.name));
        store.query_all::<()>(commands)?;
        self.report.borrow_mut().jobs += 1;
        Ok(())
    }

    /// Merges the application's rate limiter and the shared rate limiter into each other.
    fn publish(&self) -> Result<(), Failure> {
        let Redis { store, shared, .. } = &mut *self.redis.borrow_mut();
        let own = self.state(|app, _| app.rate_limiter().clone());
        let merged = shared.publish(&own, store)?;
        self.state(|app, _| *app.rate_limiter_mut() = merged);
        Ok(())
    }

    /// Returns the value, or `None` if there is an error. The first error is retained.
    fn note<T>(&self, result: Result<T, Failure>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.error.borrow_mut().get_or_insert(error);
                None
            }
        }
    }
}
