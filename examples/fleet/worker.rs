//! A worker process: takes jobs, asks Spotify, writes results, until every job has one.

use std::io::Read as _;
use std::time::{Duration, SystemTime};
use std::{env, io, process, thread};

use serde::{Deserialize, Serialize};
use spotify_proto::cache::Key;
use spotify_proto::fake::{CLIENT_ID, CLIENT_SECRET};
use spotify_proto::http::{Request, Response};
use spotify_proto::{App, BODY_MAX, Call, Endpoint, Error, Origin, Reply, Session, Source, Step};

use crate::queue::{self, Ask, Taken};
use crate::store::Store;
use crate::throttle::Shared;
use crate::token::{self, Turn};
use crate::{Failure, cache, names};

/// What a worker has done, as it tells the parent at its end.
#[derive(Default, Deserialize, Serialize)]
pub(crate) struct Report {
    pub(crate) jobs: u64,
    pub(crate) round_trips: u64,
    /// Jobs that a fresh entry answered, without a request.
    pub(crate) fresh: u64,
    pub(crate) waits: u64,
    pub(crate) waited: Duration,
    /// Tokens that another worker had asked for.
    pub(crate) adopted: u64,
}

struct Worker {
    name: String,
    store: Store,
    agent: ureq::Agent,
    session: Session,
    throttle: Shared,
    report: Report,
}

/// Runs as a worker to the end, and prints the report as one line of JSON.
pub(crate) fn run() -> Result<(), Failure> {
    let (url, prefix) = (env::var(names::REDIS)?, env::var(names::PREFIX)?);
    let (name, origin) = (env::var(names::WORKER)?, env::var(names::API)?.parse::<Origin>()?);
    let mut store = Store::open(&url, &prefix)?;
    watch_parent(url.clone());
    // The hand is looked after from before the first job on.
    queue::beat(&mut store, &name)?;
    pulse(Store::open(&url, &prefix)?, name.clone());
    store.round_trips = 0;
    let app = App::confidential(CLIENT_ID, CLIENT_SECRET);
    let session = Session::client_credentials(app)
        .with_origins(origin.clone(), origin)
        .with_jitter(process::id().into());
    let (agent, throttle, report) = (agent(), Shared::default(), Report::default());
    let mut worker = Worker { name, store, agent, session, throttle, report };
    loop {
        match queue::take(&mut worker.store, &worker.name)? {
            Some(taken) => worker.work(&taken)?,
            None if queue::is_done(&mut worker.store)? => break,
            None => {}
        }
    }
    worker.report.round_trips = worker.store.round_trips;
    println!("{}", serde_json::to_string(&worker.report)?);
    Ok(())
}

/// Beats in a thread and over a connection of its own, so that a long wait is not taken for a death; and puts back
/// what is in dead hands.
fn pulse(mut store: Store, worker: String) {
    thread::spawn(move || {
        loop {
            if queue::beat(&mut store, &worker).and_then(|()| queue::reap(&mut store)).is_err() {
                // The worker itself will find out, and say so.
                return;
            }
            thread::sleep(queue::BEAT);
        }
    });
}

/// Ends with the parent, however that ends: then nobody holds the other side of the standard input any more.
fn watch_parent(url: String) {
    thread::spawn(move || {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        if env::var_os(names::OWNS_REDIS).is_some() {
            let stop = |store: &mut Store| store.ask::<()>(redis::cmd("SHUTDOWN").arg("NOSAVE"));
            let _ = Store::open(&url, "").and_then(|mut store| stop(&mut store));
        }
        process::exit(1);
    });
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false) // an answer is an answer: the library reads them all
        .max_redirects(0) // the API never redirects, and a token goes nowhere else
        .max_redirects_will_error(false)
        .timeout_global(Some(Duration::from_secs(5))) // less than the lease of a token request
        .build()
        .new_agent()
}

impl Worker {
    fn work(&mut self, taken: &Taken) -> Result<(), Failure> {
        match &taken.job.ask {
            Ask::Album(endpoint) => self.read(endpoint, taken, |album| album.name.to_string()),
            Ask::Track(endpoint) => self.read(endpoint, taken, |track| track.name.to_string()),
            Ask::Show(endpoint) => self.read(endpoint, taken, |show| show.name.to_string()),
            Ask::ArtistAlbums(endpoint) => {
                self.read(endpoint, taken, |page| format!("{} albums", page.total.unwrap_or_default()))
            }
        }
    }

    /// Does one job: three round trips, of which this has two and taking it the first.
    fn read<E: Endpoint>(
        &mut self,
        endpoint: &E,
        taken: &Taken,
        say: impl Fn(E::Output) -> String,
    ) -> Result<(), Failure> {
        let key = Key::new(endpoint, "app");
        let mut look = redis::pipe();
        look.get(self.store.key("throttle"));
        cache::get(&mut look, &self.store, &key);
        let (throttle, entry) = self.store.ask_all(&look)?;
        self.throttle.look(&mut self.session, throttle);

        let reply = self.call(Call::new(endpoint).cached(&key, cache::read(entry)))?;

        let mut commands = redis::pipe();
        commands.atomic();
        let said = match reply {
            Ok(reply) => {
                cache::keep(&mut commands, &self.store, &key, &reply.store)?;
                self.report.fresh += u64::from(reply.source == Source::Fresh);
                say(reply.value)
            }
            // What Spotify refuses is a result too.
            Err(error) => format!("failed: {error}"),
        };
        let result = format!("{}: {said}", self.name);
        queue::finish(&mut commands, &self.store, &self.name, taken, &result);
        self.store.ask_all::<()>(&commands)?;
        self.report.jobs += 1;
        Ok(())
    }

    /// The driver of the README, with the store at each step that others have to know of.
    fn call<T>(&mut self, call: Call<T>) -> Result<Result<Reply<T>, Error>, Failure> {
        let now = SystemTime::now;
        let mut step = call.start(&mut self.session, now());
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    let is_for_token = token::is_for_token(&request);
                    if is_for_token && self.is_token_there()? {
                        exchange.lost(&mut self.session, now()).ok_or("too many token requests")?
                    } else {
                        let step = match http(&self.agent, request) {
                            Ok(response) => exchange.receive(response, &mut self.session, now()),
                            Err(error) => exchange.lost(&mut self.session, now()).ok_or(error)?,
                        };
                        self.throttle.publish(&mut self.session, &mut self.store)?;
                        if is_for_token && !matches!(step, Step::Save(..)) {
                            token::give_back(&mut self.store, &self.name)?;
                        }
                        step
                    }
                }
                Step::Wait(delay, pause) => {
                    self.report.waits += 1;
                    self.report.waited += delay;
                    thread::sleep(delay);
                    self.throttle.look_again(&mut self.session, &mut self.store)?;
                    pause.resume(&mut self.session, now())
                }
                Step::Save(tokens, pause) => {
                    token::keep(&mut self.store, &self.name, &tokens)?;
                    pause.resume(&mut self.session, now())
                }
                Step::Done(result) => return Ok(result),
            }
        }
    }

    /// Whether another worker has got a token; if not, this one holds the lease and has to ask.
    fn is_token_there(&mut self) -> Result<bool, Failure> {
        let turn = token::turn(&mut self.store, &self.name, &mut self.session)?;
        let is_there = matches!(turn, Turn::Theirs);
        self.report.adopted += u64::from(is_there);
        Ok(is_there)
    }
}

fn http(agent: &ureq::Agent, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, ureq::Error> {
    let (head, body) = agent.run(request)?.into_parts();
    let body = body.into_with_config().limit(BODY_MAX as u64).read_to_vec()?;
    Ok(Response::from_parts(head, body))
}
