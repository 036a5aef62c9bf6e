//! A Redis server for the example, on a free port of 127.0.0.1. Dropping the value stops the server.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use redis::RedisError;
use tempfile::TempDir;

use crate::Failure;
use crate::store::Store;

pub(crate) struct RedisServer {
    url: String,
    /// The process of the server; `None` if the example has not started it.
    own: Option<Own>,
}

struct Own {
    process: Child,
    /// Working directory of the process.
    _folder: TempDir,
}

const MISSING: &str = "redis-server is not installed: install it (Debian and Ubuntu: apt-get install \
                       redis-server, macOS: brew install redis), or set REDIS_URL to use a running server";

/// Time limit for the start of the server.
const START_TIMEOUT: Duration = Duration::from_secs(5);

/// Maximum number of start attempts. Each attempt uses a different port, because another process may take a free port
/// first.
const MAX_ATTEMPTS: u32 = 3;

impl RedisServer {
    /// Returns the server at `REDIS_URL` if the variable is set; otherwise, starts a server.
    pub(crate) fn start() -> Result<Self, Failure> {
        if let Ok(url) = env::var("REDIS_URL") {
            // The message omits the address, which may contain a password.
            let message = |error| {
                format!(
                    "the Redis server at REDIS_URL does not respond: {error}; start it, or unset REDIS_URL"
                )
            };
            Store::open(&url, "").and_then(|mut store| ping(&mut store)).map_err(message)?;
            return Ok(Self { url, own: None });
        }
        let mut reason = String::new();
        for _ in 0..MAX_ATTEMPTS {
            match Self::start_own()? {
                Ok(server) => return Ok(server),
                Err(error) => reason = error,
            }
        }
        Err(format!("could not start redis-server: {reason}; set REDIS_URL to use a running server").into())
    }

    /// Starts a server. An inner error means that an attempt with a different port may succeed.
    fn start_own() -> Result<Result<Self, String>, Failure> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = tempfile::tempdir()?;
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound => MISSING.to_owned(),
                _ => format!("could not start redis-server: {error}"),
            })?;
        let url = format!("redis://127.0.0.1:{port}");
        // From here on, dropping the value stops the process.
        let mut server = Self { url, own: Some(Own { process, _folder: folder }) };
        let start = Instant::now();
        loop {
            if Store::open(&server.url, "").and_then(|mut store| ping(&mut store)).is_ok() {
                return Ok(Ok(server));
            }
            if let Some(status) = server.ended()? {
                return Ok(Err(format!("the process ended with {status} on port {port}")));
            }
            if start.elapsed() > START_TIMEOUT {
                return Ok(Err(format!("no response on port {port}")));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn ended(&mut self) -> Result<Option<std::process::ExitStatus>, Failure> {
        match &mut self.own {
            Some(own) => Ok(own.process.try_wait()?),
            None => Ok(None),
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Returns a description of the address without a password.
    pub(crate) fn description(&self) -> String {
        if self.is_own() { format!("started at {}", self.url) } else { "the server at REDIS_URL".to_owned() }
    }

    pub(crate) fn is_own(&self) -> bool {
        self.own.is_some()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        if let Some(own) = &mut self.own {
            let _ = own.process.kill();
            let _ = own.process.wait();
        }
    }
}

fn ping(store: &mut Store) -> redis::RedisResult<()> {
    store.query(&redis::cmd("PING"))
}

/// Returns an error message as one line, with advice if the error comes from Redis.
pub(crate) fn explain(error: &(dyn std::error::Error + 'static)) -> String {
    let line = error.to_string().replace('\n', " ");
    if error.is::<RedisError>() {
        format!(
            "Redis no longer responds ({line}): restart the example, or set REDIS_URL to use another server"
        )
    } else {
        line
    }
}
