//! A server for the fake on a loopback socket.
//!
//! The server starts one thread per connection, so any number of connections may be open. It implements the part of
//! HTTP/1.1 that clients of the fake need, which is persistent connections and bodies with a `Content-Length`.

use std::error::Error as StdError;
use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::SystemTime;

use spotify_proto::{Origin, http};

use crate::fake::{Fake, RecordedRequest, Scripted, Stats};

/// A server for a [`Fake`] that listens on 127.0.0.1. Dropping the `Loopback` stops the server.
#[derive(Debug)]
pub struct Loopback {
    origin: Origin,
    listener: TcpListener,
    served: Arc<Mutex<Served>>,
    open: Arc<Mutex<Connections>>,
    worker: Option<JoinHandle<()>>,
}

#[derive(Debug)]
/// The fake, and the arrival time of each request.
struct Served {
    fake: Fake,
    arrivals: Vec<SystemTime>,
}

/// The connections accepted so far; `None` after the server has been stopped.
type Connections = Option<Vec<TcpStream>>;

impl Loopback {
    /// Starts the server on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// Returns an error if the operating system cannot provide a port.
    pub fn start(fake: Fake) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let origin = format!("http://{}", listener.local_addr()?).parse()?;
        let served = Arc::new(Mutex::new(Served { fake, arrivals: Vec::new() }));
        let open = Arc::new(Mutex::new(Some(Vec::new())));
        let worker = thread::spawn({
            let (listener, served, open) = (listener.try_clone()?, Arc::clone(&served), Arc::clone(&open));
            move || serve(&listener, &served, &open)
        });
        Ok(Self { origin, listener, served, open, worker: Some(worker) })
    }

    /// Returns the origin of the server, such as `http://127.0.0.1:49152`.
    pub fn origin(&self) -> Origin {
        self.origin.clone()
    }

    /// Returns statistics of the responses so far.
    pub fn stats(&self) -> Stats {
        self.served().fake.stats()
    }

    /// Returns the requests so far, each with its arrival time.
    pub fn requests(&self) -> Vec<(SystemTime, RecordedRequest)> {
        let served = self.served();
        served.arrivals.iter().copied().zip(served.fake.requests().iter().cloned()).collect()
    }

    /// Injects a fault into the next matching request.
    pub fn script(&self, fault: impl Into<Scripted>) {
        self.served().fake.script([fault]);
    }

    fn served(&self) -> MutexGuard<'_, Served> {
        self.served.lock().expect("the fake should not panic")
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        let open = self.open.lock().expect("no connection should panic").take();
        for connection in open.into_iter().flatten() {
            let _ = connection.shutdown(Shutdown::Both);
        }
        // Another connection wakes the accepting thread, which then ends.
        let last = self.listener.local_addr().and_then(TcpStream::connect);
        if let (Ok(_), Some(worker)) = (last, self.worker.take()) {
            let _ = worker.join();
        }
    }
}

fn serve(listener: &TcpListener, served: &Arc<Mutex<Served>>, open: &Mutex<Connections>) {
    for stream in listener.incoming().flatten() {
        let mut open = open.lock().expect("no connection should panic");
        let Some(open) = open.as_mut() else { return };
        open.extend(stream.try_clone());
        let served = Arc::clone(served);
        // If a client disconnects or sends an invalid request, only its own connection is closed.
        thread::spawn(move || handle(&stream, &served));
    }
}

/// Responds to requests until the client disconnects or a fault drops a response.
fn handle(mut stream: &TcpStream, served: &Mutex<Served>) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader)? {
        let result = {
            let (mut served, now) = (served.lock().expect("the fake should not panic"), SystemTime::now());
            served.arrivals.push(now);
            served.fake.respond(&request, now)
        };
        // A fault dropped the response, so close the connection without a response.
        let Ok(response) = result else { break };
        // Use a single write: a second write would wait for the delayed acknowledgement of the first write.
        stream.write_all(&write(&response))?;
    }
    stream.shutdown(Shutdown::Both)
}

/// Reads the next request. Returns `None` if the client has disconnected.
fn read(reader: &mut impl BufRead) -> io::Result<Option<http::Request<Vec<u8>>>> {
    let invalid = |error: http::Error| io::Error::new(io::ErrorKind::InvalidData, error);
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_ascii_whitespace().map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut request = http::Request::builder().method(method.as_str()).uri(target);
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        request = request.header(name, value.trim());
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    request.body(body).map(Some).map_err(invalid)
}

fn write(response: &http::Response<Vec<u8>>) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {}\r\n", response.status()).into_bytes();
    for (name, value) in response.headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    if response.status() != http::StatusCode::NOT_MODIFIED
        && response.status() != http::StatusCode::NO_CONTENT
    {
        bytes.extend(format!("content-length: {}\r\n", response.body().len()).into_bytes());
    }
    bytes.extend(b"\r\n");
    bytes.extend(response.body());
    bytes
}
