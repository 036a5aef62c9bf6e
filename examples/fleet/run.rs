//! One run: jobs in, workers out, trouble in the middle where it is planned, and what was seen of it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{process, thread};

use redis::RedisResult;
use spotify_proto::fake::{Fake, Fault, Seen, Stats};
use spotify_proto::http::StatusCode;

use crate::Failure;
use crate::crew::Crew;
use crate::loopback::Loopback;
use crate::queue;
use crate::redis_server::RedisServer;
use crate::store::Store;
use crate::worker::Report;

pub(crate) struct Plan {
    pub(crate) workers: usize,
    pub(crate) jobs: u32,
    /// Whether a worker is killed and a 429 comes.
    pub(crate) is_troubled: bool,
}

/// What was seen of a run.
pub(crate) struct Ran {
    pub(crate) workers: usize,
    pub(crate) jobs: u32,
    pub(crate) took: Duration,
    /// By the job's number.
    pub(crate) results: BTreeMap<u32, String>,
    /// Jobs that came back from a dead hand.
    pub(crate) returned: u32,
    pub(crate) killed: Option<Killed>,
    /// When the workers' throttle was closed for all to see.
    pub(crate) closed_at: Option<SystemTime>,
    /// What the server has seen, and when.
    pub(crate) requests: Vec<(SystemTime, Seen)>,
    pub(crate) stats: Stats,
    /// Of the workers that came to their end.
    pub(crate) reports: Vec<Report>,
}

/// The worker that was killed.
pub(crate) struct Killed {
    pub(crate) name: String,
    /// The jobs in its hand at that moment.
    pub(crate) in_hand: u32,
}

/// For how long the 429 closes the API.
pub(crate) const CLOSED: u64 = 1;

/// How often the parent looks.
const LOOK: Duration = Duration::from_millis(10);

/// For how long nothing may happen while jobs are left, before they count as lost.
const STALL: Duration = Duration::from_secs(4);

/// How long the trouble is waited for: a 429 that is shared, a job in the victim's hand.
const TROUBLE: Duration = Duration::from_millis(700);

pub(crate) fn run(redis: &RedisServer, plan: &Plan) -> Result<Ran, Failure> {
    let server = Loopback::start(Fake::new()).map_err(|error| -> Failure { error })?;
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
    let prefix = format!("fleet:{}:{nanos}:", process::id());
    let mut store = Store::open(redis.url(), &prefix)?;
    let ran = run_in(&mut store, &server, redis, plan, &prefix);
    // Also after a failure: a Redis of the user's is left as it was.
    let cleared = store.clear();
    let ran = ran?;
    cleared?;
    Ok(ran)
}

fn run_in(
    store: &mut Store,
    server: &Loopback,
    redis: &RedisServer,
    plan: &Plan,
    prefix: &str,
) -> Result<Ran, Failure> {
    queue::fill(store, plan.jobs)?;
    let mut crew = Crew::new(redis, server.origin(), prefix);
    let start = Instant::now();
    for number in 1..=plan.workers {
        crew.hire(&format!("w{number}"))?;
    }
    let mut killed = None;
    if plan.is_troubled {
        watch(store, &mut crew, plan.jobs / 3)?;
        killed = Some(trouble(store, &mut crew, server, plan)?);
    }
    watch(store, &mut crew, plan.jobs)?;
    let took = start.elapsed();
    let results = results(store)?;
    // Workers that miss a job would wait for it for ever.
    let reports = if results.len() == plan.jobs as usize { crew.reports()? } else { Vec::new() };
    let mut look = redis::pipe();
    look.get(store.key("returned")).lindex(store.key("closed_at"), 0);
    let (returned, closed_at): (Option<u32>, Option<u64>) = store.ask_all(&look)?;
    Ok(Ran {
        workers: plan.workers,
        jobs: plan.jobs,
        took,
        results,
        returned: returned.unwrap_or(0),
        killed,
        closed_at: closed_at.map(|micros| UNIX_EPOCH + Duration::from_micros(micros)),
        requests: server.requests(),
        stats: server.stats(),
        reports,
    })
}

fn results(store: &mut Store) -> RedisResult<BTreeMap<u32, String>> {
    store.ask(redis::cmd("HGETALL").arg(store.key("results")))
}

/// Waits until that many jobs are done, or nothing happens any more.
fn watch(store: &mut Store, crew: &mut Crew<'_>, count: u32) -> Result<(), Failure> {
    let (mut last, mut since) = (0, Instant::now());
    loop {
        let done: u32 = store.ask(redis::cmd("HLEN").arg(store.key("results")))?;
        if done >= count || since.elapsed() > STALL {
            return Ok(());
        }
        if done != last {
            (last, since) = (done, Instant::now());
        }
        crew.check()?;
        thread::sleep(LOOK);
    }
}

/// Spotify says 429; while everybody waits, each with a job in hand, one worker is killed and a new one comes.
fn trouble(
    store: &mut Store,
    crew: &mut Crew<'_>,
    server: &Loopback,
    plan: &Plan,
) -> Result<Killed, Failure> {
    server.script(Fault::rate_limited(CLOSED).at("/v1/"));
    let name = format!("w{}", plan.workers);
    let start = Instant::now();
    let mut look = redis::pipe();
    look.exists(store.key("closed_at")).llen(store.key(&format!("hand:{name}")));
    loop {
        let (is_closed, in_hand): (bool, u32) = store.ask_all(&look)?;
        if (is_closed && in_hand > 0) || start.elapsed() > TROUBLE {
            break;
        }
        thread::sleep(LOOK);
    }
    // Those that were between two jobs come to a closed door meanwhile.
    thread::sleep(LOOK * 10);
    crew.kill(&name)?;
    let in_hand = store.ask(redis::cmd("LLEN").arg(store.key(&format!("hand:{name}"))))?;
    crew.hire(&format!("w{}", plan.workers + 1))?;
    Ok(Killed { name, in_hand })
}

impl Ran {
    /// Requests to the Web API, without those for tokens.
    pub(crate) fn api_requests(&self) -> impl Iterator<Item = &(SystemTime, Seen)> {
        self.requests.iter().filter(|(_, seen)| seen.target.starts_with("/v1/"))
    }

    pub(crate) fn token_requests(&self) -> usize {
        self.requests.len() - self.api_requests().count()
    }

    fn jobs_per_second(&self) -> f64 {
        self.results.len() as f64 / self.took.as_secs_f64()
    }

    fn sum(&self, field: impl Fn(&Report) -> u64) -> u64 {
        self.reports.iter().map(field).sum()
    }

    fn round_trips_per_job(&self) -> f64 {
        self.sum(|report| report.round_trips) as f64 / self.sum(|report| report.jobs).max(1) as f64
    }

    /// One line on speed and cost.
    pub(crate) fn speed(&self) -> String {
        format!(
            "{} worker{}: {:5.0} jobs/s; {:.2} round trips to Redis a job; {} requests to Spotify, {} of them 304",
            self.workers,
            if self.workers == 1 { " " } else { "s" },
            self.jobs_per_second(),
            self.round_trips_per_job(),
            self.api_requests().count(),
            self.stats.not_modified,
        )
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut done_by: BTreeMap<&str, u32> = BTreeMap::new();
        for result in self.results.values() {
            *done_by.entry(result.split(':').next().unwrap_or_default()).or_default() += 1;
        }
        let shares: Vec<String> = done_by.iter().map(|(name, count)| format!("{name} {count}")).collect();
        let full = self.api_requests().filter(|(_, seen)| seen.status == Some(StatusCode::OK)).count();
        let (api, not_modified) = (self.api_requests().count(), self.stats.not_modified);
        let waited: Duration = self.reports.iter().map(|report| report.waited).sum();
        let (count, seconds) = (self.results.len(), self.took.as_secs_f64());
        writeln!(
            f,
            "  jobs done            {count} in {seconds:.1} s, {:.0} a second",
            self.jobs_per_second()
        )?;
        writeln!(f, "  by each worker       {}", shares.join(", "))?;
        writeln!(f, "  requests to the API  {api}: {full} full answers, {not_modified} answered by 304")?;
        writeln!(f, "  not even asked       {}: fresh in the shared cache", self.sum(|report| report.fresh))?;
        let adopted = self.sum(|report| report.adopted);
        writeln!(
            f,
            "  token requests       {}; {adopted} workers took the token from Redis",
            self.token_requests()
        )?;
        let waits = self.sum(|report| report.waits);
        writeln!(f, "  waits                {waits}, {:.1} s together", waited.as_secs_f64())?;
        write!(f, "  Redis                {:.2} round trips a job", self.round_trips_per_job())
    }
}
