//! The fleet example as its users run it: with Redis where it is installed, and what it says where it is not.

use std::io::Read as _;
use std::process::{Command, Stdio};

use crate::programs::{end, example};

/// What one run said.
#[derive(Debug)]
struct Said {
    out: String,
    err: String,
    code: Option<i32>,
}

impl Said {
    /// The one line of a run that could not begin.
    fn refusal(&self) -> &str {
        assert_eq!((self.code, self.out.as_str()), (Some(1), ""), "{self:?}");
        let line = self.err.strip_suffix('\n').expect("a line ends");
        assert!(
            line.starts_with("fleet: ") && !line.contains('\n') && !line.contains("panicked"),
            "{self:?}"
        );
        line
    }
}

fn fleet(command: &mut Command) -> Said {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the example starts");
    // What it says fits into the pipes, so they may be read when it has ended.
    let code = end(&mut child).expect("the fleet ends in time");
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("UTF-8");
    child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("UTF-8");
    Said { out, err, code: Some(code) }
}

/// The example, with nothing of Redis in its environment.
fn command() -> Command {
    let mut command = Command::new(example("fleet"));
    command.env_remove("REDIS_URL");
    command
}

#[test]
fn a_killed_worker_loses_no_job_and_all_share_one_token_and_one_limit() {
    let is_there = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !is_there {
        crate::fixtures::say("skipped: there is no redis-server on this machine");
        return;
    }
    let said = fleet(command().arg("100"));
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{}", said.out);
    let lines: Vec<&str> = said.out.lines().map(str::trim).collect();
    for claim in [
        "holds   every job is done, and counted once: 0 of 100 lost, 0 failed",
        "holds   what w4 had in hand when it was killed came back: 1 job, ",
        "holds   one token for all: Spotify was asked for 1",
        "holds   one 429 held for all: ",
    ] {
        assert_eq!(lines.iter().filter(|line| line.starts_with(claim)).count(), 1, "{claim}\n{}", said.out);
    }
    assert!(!said.out.contains("FAILED"), "{}", said.out);
    for workers in [1, 2, 4] {
        assert!(lines.iter().any(|line| line.starts_with(&format!("{workers} worker"))), "{}", said.out);
    }
}

#[test]
fn without_redis_one_line_tells_the_way_on() {
    let said = fleet(command().env("PATH", ""));
    let line = said.refusal();
    assert!(line.contains("install") && line.contains("REDIS_URL"), "{line}");
}

#[test]
fn a_redis_that_does_not_answer_is_named_without_its_password() {
    // Port 1 is nobody's.
    let said = fleet(command().env("REDIS_URL", "redis://:s3cret@127.0.0.1:1"));
    let line = said.refusal();
    assert!(line.contains("REDIS_URL") && !line.contains("s3cret"), "{line}");
    let said = fleet(command().env("REDIS_URL", "not an address"));
    assert!(said.refusal().contains("REDIS_URL"));
}

#[test]
fn a_wrong_number_of_jobs_is_refused() {
    for number in ["many", "-1", "0", "99"] {
        let said = fleet(command().arg(number));
        assert!(said.refusal().contains(&format!("`{number}`")), "{said:?}");
    }
}
