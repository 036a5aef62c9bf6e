//! Worker processes that share an application token, a rate limiter and stored responses in Redis. No job is lost when
//! a worker is killed.
//!
//! The workers call the fake Spotify on a loopback socket. The example also starts a Redis server, which must be
//! installed (on Debian: `apt-get install redis-server`); set `REDIS_URL` to use a running server instead. The argument
//! is the number of jobs.
//!
//! `cargo run -p fleet [-- JOBS]`

mod cache;
mod checks;
mod queue;
mod rate_limiter;
mod redis_server;
mod run;
mod store;
mod token;
mod worker;
mod worker_pool;

use std::process::ExitCode;

use checks::Checks;
use redis_server::RedisServer;
use run::Plan;

pub(crate) type Failure = Box<dyn std::error::Error>;

/// The environment variables of a worker process.
pub(crate) mod variables {
    pub(crate) const WORKER: &str = "FLEET_WORKER";
    pub(crate) const REDIS: &str = "FLEET_REDIS";
    pub(crate) const PREFIX: &str = "FLEET_PREFIX";
    pub(crate) const API: &str = "FLEET_API";
    /// Set if the parent has started the Redis server, which must end when the parent ends.
    pub(crate) const OWNS_REDIS: &str = "FLEET_OWNS_REDIS";
}

/// Number of workers in the run with failures.
const WORKERS: usize = 4;

const JOBS: u32 = 2000;

const JOBS_MIN: u32 = 100;

fn parent() -> Result<ExitCode, Failure> {
    let jobs = match std::env::args().nth(1) {
        Some(text) => text.parse().ok().filter(|jobs| *jobs >= JOBS_MIN).ok_or_else(|| {
            format!(
                "expected at least {JOBS_MIN} jobs, so that some remain when the failures occur, got `{text}`"
            )
        })?,
        None => JOBS,
    };
    let redis = RedisServer::start()?;
    println!("Redis server: {}", redis.description());

    println!("\n== {WORKERS} workers, {jobs} jobs; one worker is killed and one response is a 429");
    let result = run::run(&redis, &Plan { workers: WORKERS, jobs, has_failures: true })?;
    let checks = Checks::of(&result);
    println!("{result}\n\n{checks}");

    println!("\n== Speed by number of workers, {jobs} jobs each, without failures");
    for workers in [1, 2, 4] {
        let result = run::run(&redis, &Plan { workers, jobs, has_failures: false })?;
        println!("{}", result.speed());
    }
    Ok(if checks.hold() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn main() -> ExitCode {
    let is_worker = std::env::var_os(variables::WORKER).is_some();
    let result = if is_worker { worker::run().map(|()| ExitCode::SUCCESS) } else { parent() };
    result.unwrap_or_else(|error| {
        eprintln!("fleet: {}", redis_server::explain(error.as_ref()));
        ExitCode::FAILURE
    })
}
