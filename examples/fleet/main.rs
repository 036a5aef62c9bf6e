//! Several worker processes that share one application token, one throttle and one response cache in Redis, and
//! lose no job when one of them is killed.
//!
//! It plays against the fake behind a loopback socket that it opens itself. It starts Redis by itself too (Debian:
//! `apt-get install redis-server`); set `REDIS_URL` to use one that runs already. The number is that of the jobs.
//!
//! `cargo run --example fleet --features fake [-- JOBS]`

mod cache;
mod crew;
#[path = "../shared/loopback.rs"]
mod loopback;
mod proof;
mod queue;
mod redis_server;
mod run;
mod store;
mod throttle;
mod token;
mod worker;

use std::process::ExitCode;

use proof::Proof;
use redis_server::RedisServer;
use run::Plan;

pub(crate) type Failure = Box<dyn std::error::Error>;

/// What a worker process is told in its environment.
pub(crate) mod names {
    pub(crate) const WORKER: &str = "FLEET_WORKER";
    pub(crate) const REDIS: &str = "FLEET_REDIS";
    pub(crate) const PREFIX: &str = "FLEET_PREFIX";
    pub(crate) const API: &str = "FLEET_API";
    /// Set where Redis was started by the parent, and ends with it.
    pub(crate) const OWNS_REDIS: &str = "FLEET_OWNS_REDIS";
}

/// Workers of the run that is to prove something.
const WORKERS: usize = 4;

const JOBS: u32 = 2000;

const JOBS_MIN: u32 = 100;

fn parent() -> Result<ExitCode, Failure> {
    let jobs = match std::env::args().nth(1) {
        Some(text) => text.parse().ok().filter(|jobs| *jobs >= JOBS_MIN).ok_or_else(|| {
            format!(
                "`{text}` is not a number of jobs: at least {JOBS_MIN}, for trouble to come in the middle"
            )
        })?,
        None => JOBS,
    };
    let redis = RedisServer::start()?;
    println!("With the Redis {}", redis.whereabouts());

    println!("\n== {WORKERS} workers, {jobs} jobs; one worker is killed, and Spotify says 429 once");
    let ran = run::run(&redis, &Plan { workers: WORKERS, jobs, is_troubled: true })?;
    let proof = Proof::of(&ran);
    println!("{ran}\n\n{proof}");

    println!("\n== What more workers bring: {jobs} jobs each time, nothing goes wrong");
    for workers in [1, 2, 4] {
        let ran = run::run(&redis, &Plan { workers, jobs, is_troubled: false })?;
        println!("{}", ran.speed());
    }
    Ok(if proof.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn main() -> ExitCode {
    let is_worker = std::env::var_os(names::WORKER).is_some();
    let result = if is_worker { worker::run().map(|()| ExitCode::SUCCESS) } else { parent() };
    result.unwrap_or_else(|error| {
        eprintln!("fleet: {}", redis_server::explain(error.as_ref()));
        ExitCode::FAILURE
    })
}
