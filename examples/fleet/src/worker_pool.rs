//! The worker processes. Dropping the pool kills them.

use std::env;
use std::io::Read as _;
use std::process::{Child, ChildStdin, Command, Stdio};

use spotify_proto::Origin;

use crate::redis_server::RedisServer;
use crate::worker::Report;
use crate::{Failure, variables};

pub(crate) struct WorkerPool<'a> {
    redis: &'a RedisServer,
    api: Origin,
    prefix: String,
    workers: Vec<WorkerProcess>,
}

struct WorkerProcess {
    name: String,
    process: Child,
    /// Standard input of the worker. The worker ends when this pipe is closed.
    _alive: Option<ChildStdin>,
}

impl<'a> WorkerPool<'a> {
    pub(crate) fn new(redis: &'a RedisServer, api: Origin, prefix: &str) -> Self {
        Self { redis, api, prefix: prefix.to_owned(), workers: Vec::new() }
    }

    /// Starts a worker, which is this program with the environment variables of a worker.
    pub(crate) fn spawn(&mut self, name: &str) -> Result<(), Failure> {
        let mut command = Command::new(env::current_exe()?);
        command
            .env(variables::WORKER, name)
            .env(variables::REDIS, self.redis.url())
            .env(variables::PREFIX, &self.prefix)
            .env(variables::API, self.api.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if self.redis.is_own() {
            command.env(variables::OWNS_REDIS, "1");
        }
        let mut process = command.spawn()?;
        // `Child::wait` would close standard input, which would end the worker.
        let alive = process.stdin.take();
        self.workers.push(WorkerProcess { name: name.to_owned(), process, _alive: alive });
        Ok(())
    }

    /// Kills a worker with SIGKILL, to simulate the failure of its machine.
    pub(crate) fn kill(&mut self, name: &str) -> Result<(), Failure> {
        let at = self.workers.iter().position(|worker| worker.name == name).ok_or("unknown worker")?;
        let mut worker = self.workers.remove(at);
        worker.process.kill()?;
        worker.process.wait()?;
        Ok(())
    }

    /// Returns the message of a worker that has ended with an error, if any.
    pub(crate) fn check(&mut self) -> Result<(), Failure> {
        for worker in &mut self.workers {
            if worker.process.try_wait()?.is_some_and(|status| !status.success()) {
                return Err(worker.message().into());
            }
        }
        Ok(())
    }

    /// Waits until all workers have ended, and reads their reports.
    pub(crate) fn reports(mut self) -> Result<Vec<Report>, Failure> {
        let mut reports = Vec::new();
        for worker in &mut self.workers {
            if !worker.process.wait()?.success() {
                return Err(worker.message().into());
            }
            let mut line = String::new();
            worker.process.stdout.take().ok_or("expected a pipe")?.read_to_string(&mut line)?;
            reports.push(serde_json::from_str(&line)?);
        }
        Ok(reports)
    }
}

impl WorkerProcess {
    /// Returns the error message of a worker that failed.
    fn message(&mut self) -> String {
        let mut text = String::new();
        if let Some(mut pipe) = self.process.stderr.take() {
            let _ = pipe.read_to_string(&mut text);
        }
        let line = text.lines().next().unwrap_or("ended without a message");
        format!("worker {}: {}", self.name, line.trim_start_matches("fleet: "))
    }
}

impl Drop for WorkerPool<'_> {
    fn drop(&mut self) {
        for worker in &mut self.workers {
            let _ = worker.process.kill();
            let _ = worker.process.wait();
        }
    }
}
