//! A run of the workers, with or without failures, and its result.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{process, thread};

use redis::RedisResult;
use spotify_proto::http::StatusCode;
use spotify_proto_testing::fake::{Fake, InjectedFault, RecordedRequest, Stats};

use crate::Failure;
use crate::queue;
use crate::redis_server::RedisServer;
use crate::store::Store;
use crate::worker::Report;
use crate::worker_pool::WorkerPool;
use spotify_proto_testing::loopback::Loopback;

pub(crate) struct Plan {
    pub(crate) workers: usize,
    pub(crate) jobs: u32,
    /// `true` if a worker is killed and a response is a 429.
    pub(crate) has_failures: bool,
}

/// The result of a run.
pub(crate) struct RunResult {
    pub(crate) workers: usize,
    pub(crate) jobs: u32,
    pub(crate) took: Duration,
    /// Results by job number.
    pub(crate) results: BTreeMap<u32, String>,
    /// Number of claimed jobs of dead workers that were requeued.
    pub(crate) requeued: u32,
    pub(crate) killed: Option<Killed>,
    /// Time of the first block of the shared rate limiter.
    pub(crate) blocked_at: Option<SystemTime>,
    /// The requests and their arrival times.
    pub(crate) requests: Vec<(SystemTime, RecordedRequest)>,
    pub(crate) stats: Stats,
    /// Reports of the workers that were not killed.
    pub(crate) reports: Vec<Report>,
}

/// The worker that was killed.
pub(crate) struct Killed {
    pub(crate) name: String,
    /// Number of jobs that the worker had claimed when it was killed.
    pub(crate) claimed: u32,
}

/// `Retry-After` of the 429, in seconds.
pub(crate) const BLOCKED: u64 = 1;

/// Interval between two checks by the parent process.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Time without a finished job after which the remaining jobs count as lost.
const STALL_TIMEOUT: Duration = Duration::from_secs(4);

/// Maximum time to wait until the block is shared and the worker to be killed has claimed a job.
const FAILURE_TIMEOUT: Duration = Duration::from_millis(700);

pub(crate) fn run(redis: &RedisServer, plan: &Plan) -> Result<RunResult, Failure> {
    let server = Loopback::start(Fake::new()).map_err(|error| -> Failure { error })?;
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
    let prefix = format!("fleet:{}:{nanos}:", process::id());
    let mut store = Store::open(redis.url(), &prefix)?;
    let result = run_in(&mut store, &server, redis, plan, &prefix);
    // Clear the keys even after an error, because the server may belong to the user.
    let cleared = store.clear();
    let result = result?;
    cleared?;
    Ok(result)
}

fn run_in(
    store: &mut Store,
    server: &Loopback,
    redis: &RedisServer,
    plan: &Plan,
    prefix: &str,
) -> Result<RunResult, Failure> {
    queue::fill(store, plan.jobs)?;
    let mut pool = WorkerPool::new(redis, server.origin(), prefix);
    let start = Instant::now();
    for number in 1..=plan.workers {
        pool.spawn(&format!("w{number}"))?;
    }
    let mut killed = None;
    if plan.has_failures {
        // After the 429, the rate of each worker is limited to the rate in its last 30 seconds. The failures occur
        // late, so that the remaining jobs take only a few seconds.
        wait_for(store, &mut pool, plan.jobs / 6 * 5)?;
        killed = Some(cause_failures(store, &mut pool, server, plan)?);
    }
    wait_for(store, &mut pool, plan.jobs)?;
    let took = start.elapsed();
    let results = results(store)?;
    // If a job was lost, the workers do not exit.
    let reports = if results.len() == plan.jobs as usize { pool.reports()? } else { Vec::new() };
    let mut look = redis::pipe();
    look.get(store.key("requeued")).lindex(store.key("blocked_at"), 0);
    let (requeued, blocked_at): (Option<u32>, Option<u64>) = store.query_all(&look)?;
    Ok(RunResult {
        workers: plan.workers,
        jobs: plan.jobs,
        took,
        results,
        requeued: requeued.unwrap_or(0),
        killed,
        blocked_at: blocked_at.map(|micros| UNIX_EPOCH + Duration::from_micros(micros)),
        requests: server.requests(),
        stats: server.stats(),
        reports,
    })
}

fn results(store: &mut Store) -> RedisResult<BTreeMap<u32, String>> {
    store.query(redis::cmd("HGETALL").arg(store.key("results")))
}

/// Waits until `count` jobs are done, or until no job has been finished for [`STALL_TIMEOUT`].
fn wait_for(store: &mut Store, pool: &mut WorkerPool<'_>, count: u32) -> Result<(), Failure> {
    let (mut last, mut since) = (0, Instant::now());
    loop {
        let done: u32 = store.query(redis::cmd("HLEN").arg(store.key("results")))?;
        if done >= count || since.elapsed() > STALL_TIMEOUT {
            return Ok(());
        }
        if done != last {
            (last, since) = (done, Instant::now());
        }
        pool.check()?;
        thread::sleep(POLL_INTERVAL);
    }
}

/// Causes a 429. While the workers wait, each with a claimed job, kills one of them and starts another.
fn cause_failures(
    store: &mut Store,
    pool: &mut WorkerPool<'_>,
    server: &Loopback,
    plan: &Plan,
) -> Result<Killed, Failure> {
    server.script(InjectedFault::rate_limited(BLOCKED).at("/v1/"));
    let name = format!("w{}", plan.workers);
    let start = Instant::now();
    let mut look = redis::pipe();
    look.exists(store.key("blocked_at")).llen(store.key(&format!("claimed:{name}")));
    loop {
        let (is_blocked, claimed): (bool, u32) = store.query_all(&look)?;
        if (is_blocked && claimed > 0) || start.elapsed() > FAILURE_TIMEOUT {
            break;
        }
        thread::sleep(POLL_INTERVAL);
    }
    // Give workers that are between two jobs time to read the block.
    thread::sleep(POLL_INTERVAL * 10);
    pool.kill(&name)?;
    let claimed = store.query(redis::cmd("LLEN").arg(store.key(&format!("claimed:{name}"))))?;
    pool.spawn(&format!("w{}", plan.workers + 1))?;
    Ok(Killed { name, claimed })
}

impl RunResult {
    /// Returns the requests to the Web API, without token requests.
    pub(crate) fn api_requests(&self) -> impl Iterator<Item = &(SystemTime, RecordedRequest)> {
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

    /// Returns the speed and the cost as one line.
    pub(crate) fn speed(&self) -> String {
        format!(
            "{} worker{}: {:5.0} jobs/s; {:.2} round trips to Redis per job; {} requests to Spotify, {} of them with a 304 response",
            self.workers,
            if self.workers == 1 { " " } else { "s" },
            self.jobs_per_second(),
            self.round_trips_per_job(),
            self.api_requests().count(),
            self.stats.not_modified,
        )
    }
}

impl fmt::Display for RunResult {
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
            "  jobs done            {count} in {seconds:.1} s, {:.0} per second",
            self.jobs_per_second()
        )?;
        writeln!(f, "  by worker            {}", shares.join(", "))?;
        writeln!(f, "  requests to the API  {api}: {full} full responses, {not_modified} 304 responses")?;
        writeln!(
            f,
            "  without a request    {}, because the stored response was fresh",
            self.sum(|report| report.fresh)
        )?;
        let adopted = self.sum(|report| report.adopted);
        writeln!(
            f,
            "  token requests       {}; {adopted} workers read the token from Redis",
            self.token_requests()
        )?;
        let waits = self.sum(|report| report.waits);
        writeln!(f, "  delays               {waits}, {:.1} s in total", waited.as_secs_f64())?;
        write!(f, "  Redis                {:.2} round trips per job", self.round_trips_per_job())
    }
}
