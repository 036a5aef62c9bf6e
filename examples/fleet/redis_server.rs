//! Redis for the time of the example: started on a free port of 127.0.0.1, stopped when it is dropped.

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
    /// The process, where it is the example's own.
    own: Option<Own>,
}

struct Own {
    process: Child,
    /// Where it would write, if it wrote.
    _folder: TempDir,
}

const MISSING: &str = "there is no redis-server on this machine: install it (Debian and Ubuntu: apt-get install \
                       redis-server, macOS: brew install redis), or set REDIS_URL to use one that runs already";

/// How long it may take until it answers.
const START: Duration = Duration::from_secs(5);

/// How often another port is tried: the one that was free a moment ago may be taken.
const PORTS: u32 = 3;

impl RedisServer {
    /// The one that `REDIS_URL` names, else one of its own.
    pub(crate) fn start() -> Result<Self, Failure> {
        if let Ok(url) = env::var("REDIS_URL") {
            // Without the address: there may be a password in it.
            let said = |error| {
                format!(
                    "the Redis that REDIS_URL names does not answer: {error}; start it, or unset REDIS_URL"
                )
            };
            Store::open(&url, "").and_then(|mut store| ping(&mut store)).map_err(said)?;
            return Ok(Self { url, own: None });
        }
        let mut last = String::new();
        for _ in 0..PORTS {
            match Self::start_own()? {
                Ok(server) => return Ok(server),
                Err(why) => last = why,
            }
        }
        Err(format!("redis-server does not start: {last}; set REDIS_URL to use one that runs already").into())
    }

    /// Starts one; the inner error tells why another port may be better.
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
                _ => format!("redis-server does not start: {error}"),
            })?;
        let url = format!("redis://127.0.0.1:{port}");
        // From here on the process is stopped whatever happens.
        let mut server = Self { url, own: Some(Own { process, _folder: folder }) };
        let start = Instant::now();
        loop {
            if Store::open(&server.url, "").and_then(|mut store| ping(&mut store)).is_ok() {
                return Ok(Ok(server));
            }
            if let Some(status) = server.ended()? {
                return Ok(Err(format!("it ended with {status} on port {port}")));
            }
            if start.elapsed() > START {
                return Ok(Err(format!("it does not answer on port {port}")));
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

    /// Where it is, without what may be secret in the address.
    pub(crate) fn whereabouts(&self) -> String {
        if self.is_own() {
            format!("started for this at {}", self.url)
        } else {
            "named by REDIS_URL".to_owned()
        }
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
    store.ask(&redis::cmd("PING"))
}

/// An error on one line; one of Redis with a way on.
pub(crate) fn explain(error: &(dyn std::error::Error + 'static)) -> String {
    let line = error.to_string().replace('\n', " ");
    if error.is::<RedisError>() {
        format!(
            "Redis does not answer any more ({line}): start again, or set REDIS_URL to use one of your own"
        )
    } else {
        line
    }
}
