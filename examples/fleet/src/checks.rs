//! Checks of the results of the run with failures.

use std::fmt;
use std::time::Duration;

use spotify_proto::http::StatusCode;

use crate::run::{BLOCKED, RunResult};

/// The checks, each with its result and figures.
pub(crate) struct Checks(Vec<Check>);

struct Check {
    holds: bool,
    text: String,
}

impl Checks {
    pub(crate) fn of(run: &RunResult) -> Self {
        Self(vec![
            every_job_is_done(run),
            claimed_jobs_were_requeued(run),
            one_token(run),
            one_block_for_all(run),
        ])
    }

    pub(crate) fn hold(&self) -> bool {
        self.0.iter().all(|check| check.holds)
    }
}

fn every_job_is_done(run: &RunResult) -> Check {
    let missing = (0..run.jobs).filter(|id| !run.results.contains_key(id)).count();
    let failed = run.results.values().filter(|result| result.contains(": failed: ")).count();
    Check {
        holds: missing == 0 && failed == 0 && run.results.len() == run.jobs as usize,
        text: format!("every job has one result: {missing} of {} lost, {failed} failed", run.jobs),
    }
}

fn claimed_jobs_were_requeued(run: &RunResult) -> Check {
    let Some(killed) = &run.killed else {
        return Check { holds: false, text: "no worker was killed".to_owned() };
    };
    Check {
        holds: killed.claimed > 0 && run.requeued >= killed.claimed,
        text: format!(
            "the claimed jobs of the killed worker {} were requeued: {} claimed, {} requeued",
            killed.name, killed.claimed, run.requeued
        ),
    }
}

fn one_token(run: &RunResult) -> Check {
    let count = run.token_requests();
    Check { holds: count == 1, text: format!("all workers share one token: {count} requested") }
}

/// Checks that no request was sent during the shared block.
///
/// A worker reads the shared state before each request, so each of the other workers has at most one request in flight
/// when the block is stored. Every further request was sent despite the block.
fn one_block_for_all(run: &RunResult) -> Check {
    let limited: Vec<_> =
        run.api_requests().filter(|(_, seen)| seen.status == Some(StatusCode::TOO_MANY_REQUESTS)).collect();
    let ([(limited_at, _)], Some(blocked_at)) = (limited.as_slice(), run.blocked_at) else {
        let text = format!("a 429 blocks all workers: {} received, none shared", limited.len());
        return Check { holds: false, text };
    };
    let ends_at = *limited_at + Duration::from_secs(BLOCKED);
    let arrived = run.api_requests().filter(|(at, _)| (blocked_at..ends_at).contains(at)).count();
    let in_flight = arrived.min(run.workers - 1);
    let sent = arrived - in_flight;
    let blocked_for = ends_at.duration_since(blocked_at).unwrap_or_default().as_millis();
    Check {
        holds: sent == 0 && blocked_for > 0,
        text: format!(
            "a 429 blocks all workers: {sent} requests sent during the {blocked_for} ms of the shared block ({in_flight} more \
             were in flight when it was stored)"
        ),
    }
}

impl fmt::Display for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.0.iter().map(|check| {
            let mark = if check.holds { "holds " } else { "FAILED" };
            format!("  {mark}  {}", check.text)
        });
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}
