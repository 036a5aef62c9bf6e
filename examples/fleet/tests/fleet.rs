//! Tests of the compiled fleet example, with Redis if it is installed, and of its error messages.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Time limit for a run of the program.
const LIMIT: Duration = Duration::from_secs(30);

/// Waits until a program ends and returns its exit code. Kills the program after the time limit.
fn end(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    while start.elapsed() < LIMIT {
        if let Some(status) = child.try_wait().expect("a child process") {
            return status.code();
        }
        thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("a child process");
    child.wait().expect("a child process");
    None
}

/// Exit code and output of a run.
#[derive(Debug)]
struct Output {
    out: String,
    err: String,
    code: Option<i32>,
}

impl Output {
    /// Returns the line with the error message of a failed run.
    fn error(&self) -> &str {
        assert_eq!((self.code, self.out.as_str()), (Some(1), ""), "{self:?}");
        let line = self.err.strip_suffix('\n').expect("a complete line");
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
        .expect("a built example");
    // The output fits into the buffers of the pipes, so it can be read after the process has ended.
    let code = end(&mut child).expect("the program should end within the time limit");
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("UTF-8");
    child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("UTF-8");
    Output { out, err, code: Some(code) }
}

/// Returns a command for the example, without `REDIS_URL` in its environment.
fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fleet"));
    command.env_remove("REDIS_URL");
    command
}

#[test]
fn no_job_is_lost_when_a_worker_is_killed_and_all_workers_share_one_token_and_rate_limiter() {
    let is_installed = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !is_installed {
        eprintln!("skipped: redis-server is not installed");
        return;
    }
    let output = fleet(command().arg("100"));
    assert_eq!((output.code, output.err.as_str()), (Some(0), ""), "{}", output.out);
    let lines: Vec<&str> = output.out.lines().map(str::trim).collect();
    for check in [
        "holds   every job has one result: 0 of 100 lost, 0 failed",
        "holds   the claimed jobs of the killed worker w4 were requeued: 1 claimed, ",
        "holds   all workers share one token: 1 requested",
        "holds   a 429 blocks all workers: 0 requests sent during ",
    ] {
        assert_eq!(lines.iter().filter(|line| line.starts_with(check)).count(), 1, "{check}\n{}", output.out);
    }
    assert!(!output.out.contains("FAILED"), "{}", output.out);
    for workers in [1, 2, 4] {
        assert!(lines.iter().any(|line| line.starts_with(&format!("{workers} worker"))), "{}", output.out);
    }
}

#[test]
fn the_error_without_redis_explains_how_to_install_it() {
    let output = fleet(command().env("PATH", ""));
    let line = output.error();
    assert!(line.contains("install") && line.contains("REDIS_URL"), "{line}");
}

#[test]
fn an_unreachable_redis_server_is_reported_without_its_password() {
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
