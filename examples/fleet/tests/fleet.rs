//! The fleet example as a user runs it: with Redis if it is installed, and its error messages.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may run.
const LIMIT: Duration = Duration::from_secs(30);

/// Waits until a program has ended and returns its exit code. A program that does not end in time is killed.
fn end(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    while start.elapsed() < LIMIT {
        if let Some(status) = child.try_wait().expect("the process is a child") {
            return status.code();
        }
        thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("the process is a child");
    child.wait().expect("the process is a child");
    None
}

/// The output of a run.
#[derive(Debug)]
struct Output {
    out: String,
    err: String,
    code: Option<i32>,
}

impl Output {
    /// The error message of a run that could not start: one line.
    fn error(&self) -> &str {
        assert_eq!((self.code, self.out.as_str()), (Some(1), ""), "{self:?}");
        let line = self.err.strip_suffix('\n').expect("a line ends");
        assert!(
            line.starts_with("fleet: ") && !line.contains('\n') && !line.contains("panicked"),
            "{self:?}"
        );
        line
    }
}

fn fleet(command: &mut Command) -> Output {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the example starts");
    // The output fits into the pipes, so it can be read after the end.
    let code = end(&mut child).expect("the fleet ends in time");
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("UTF-8");
    child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("UTF-8");
    Output { out, err, code: Some(code) }
}

/// The example, without `REDIS_URL` in its environment.
fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fleet"));
    command.env_remove("REDIS_URL");
    command
}

#[test]
fn a_killed_worker_loses_no_job_and_all_share_one_token_and_one_rate_limiter() {
    let is_installed = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !is_installed {
        eprintln!("skipped: there is no redis-server on this machine");
        return;
    }
    let output = fleet(command().arg("100"));
    assert_eq!((output.code, output.err.as_str()), (Some(0), ""), "{}", output.out);
    let lines: Vec<&str> = output.out.lines().map(str::trim).collect();
    for check in [
        "holds   every job has one result: 0 of 100 lost, 0 failed",
        "holds   the claimed jobs of w4, which was killed, were requeued: 1 claimed, ",
        "holds   one token for all: 1 requested",
        "holds   one 429 blocks all: 0 requests sent in ",
    ] {
        assert_eq!(lines.iter().filter(|line| line.starts_with(check)).count(), 1, "{check}\n{}", output.out);
    }
    assert!(!output.out.contains("FAILED"), "{}", output.out);
    for workers in [1, 2, 4] {
        assert!(lines.iter().any(|line| line.starts_with(&format!("{workers} worker"))), "{}", output.out);
    }
}

#[test]
fn without_redis_the_error_says_how_to_get_it() {
    let output = fleet(command().env("PATH", ""));
    let line = output.error();
    assert!(line.contains("install") && line.contains("REDIS_URL"), "{line}");
}

#[test]
fn a_redis_that_does_not_respond_is_reported_without_its_password() {
    // No server listens on port 1.
    let output = fleet(command().env("REDIS_URL", "redis://:s3cret@127.0.0.1:1"));
    let line = output.error();
    assert!(line.contains("REDIS_URL") && !line.contains("s3cret"), "{line}");
    let output = fleet(command().env("REDIS_URL", "not an address"));
    assert!(output.error().contains("REDIS_URL"));
}

#[test]
fn an_invalid_number_of_jobs_is_an_error() {
    for number in ["many", "-1", "0", "99"] {
        let output = fleet(command().arg(number));
        assert!(output.error().contains(&format!("`{number}`")), "{output:?}");
    }
}
