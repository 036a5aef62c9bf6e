//! The worker processes, killed and waited for when they are dropped.

use std::env;
use std::io::Read as _;
use std::process::{Child, ChildStdin, Command, Stdio};

use spotify_proto::Origin;

use crate::redis_server::RedisServer;
use crate::worker::Report;
use crate::{Failure, names};

pub(crate) struct Crew<'a> {
    redis: &'a RedisServer,
    api: Origin,
    prefix: String,
    workers: Vec<Hand>,
}

struct Hand {
    name: String,
    process: Child,
    /// Held open for as long as the worker may live: it ends when this does.
    _alive: Option<ChildStdin>,
}

impl<'a> Crew<'a> {
    pub(crate) fn new(redis: &'a RedisServer, api: Origin, prefix: &str) -> Self {
        Self { redis, api, prefix: prefix.to_owned(), workers: Vec::new() }
    }

    /// Starts one more worker: this program, told by its environment what it is.
    pub(crate) fn hire(&mut self, name: &str) -> Result<(), Failure> {
        let mut command = Command::new(env::current_exe()?);
        command
            .env(names::WORKER, name)
            .env(names::REDIS, self.redis.url())
            .env(names::PREFIX, &self.prefix)
            .env(names::API, self.api.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if self.redis.is_own() {
            command.env(names::OWNS_REDIS, "1");
        }
        let mut process = command.spawn()?;
        // `Child::wait` would close it, and the worker would end.
        let alive = process.stdin.take();
        self.workers.push(Hand { name: name.to_owned(), process, _alive: alive });
        Ok(())
    }

    /// Kills a worker as a machine that goes down would: without a word (SIGKILL).
    pub(crate) fn kill(&mut self, name: &str) -> Result<(), Failure> {
        let at = self.workers.iter().position(|hand| hand.name == name).ok_or("no such worker")?;
        let mut hand = self.workers.remove(at);
        hand.process.kill()?;
        hand.process.wait()?;
        Ok(())
    }

    /// Fails where a worker has ended with an error, with what it said.
    pub(crate) fn check(&mut self) -> Result<(), Failure> {
        for hand in &mut self.workers {
            if hand.process.try_wait()?.is_some_and(|status| !status.success()) {
                return Err(hand.said().into());
            }
        }
        Ok(())
    }

    /// Waits for every worker's end and reads its report.
    pub(crate) fn reports(mut self) -> Result<Vec<Report>, Failure> {
        let mut reports = Vec::new();
        for hand in &mut self.workers {
            if !hand.process.wait()?.success() {
                return Err(hand.said().into());
            }
            let mut line = String::new();
            hand.process.stdout.take().ok_or("no pipe")?.read_to_string(&mut line)?;
            reports.push(serde_json::from_str(&line)?);
        }
        Ok(reports)
    }
}

impl Hand {
    /// The last words of a worker that failed.
    fn said(&mut self) -> String {
        let mut text = String::new();
        if let Some(mut pipe) = self.process.stderr.take() {
            let _ = pipe.read_to_string(&mut text);
        }
        let line = text.lines().next().unwrap_or("it ended without a word");
        format!("worker {}: {}", self.name, line.trim_start_matches("fleet: "))
    }
}

impl Drop for Crew<'_> {
    fn drop(&mut self) {
        for hand in &mut self.workers {
            let _ = hand.process.kill();
            let _ = hand.process.wait();
        }
    }
}
