//! The fake behind a real socket, on loopback only, stopped when it is dropped.

use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::SystemTime;

use spotify_proto::fake::{Fake, Stats};
use spotify_proto::{Origin, http};

pub(crate) struct Loopback {
    origin: Origin,
    server: Arc<tiny_http::Server>,
    fake: Arc<Mutex<Fake>>,
    worker: Option<JoinHandle<()>>,
}

impl Loopback {
    /// Opens a free port on 127.0.0.1.
    pub(crate) fn start(fake: Fake) -> Result<Self, Box<dyn std::error::Error>> {
        let server = Arc::new(tiny_http::Server::http("127.0.0.1:0").map_err(|error| error.to_string())?);
        let address = server.server_addr().to_ip().ok_or("no IP address")?;
        let origin = format!("http://{address}").parse()?;
        let fake = Arc::new(Mutex::new(fake));
        let worker = thread::spawn({
            let (server, fake) = (Arc::clone(&server), Arc::clone(&fake));
            move || serve(&server, &fake)
        });
        Ok(Self { origin, server, fake, worker: Some(worker) })
    }

    /// Where it listens.
    pub(crate) fn origin(&self) -> Origin {
        self.origin.clone()
    }

    /// What it answered so far.
    #[allow(dead_code, reason = "not every user of this file counts")]
    pub(crate) fn stats(&self) -> Stats {
        self.fake.lock().expect("the fake does not panic").stats()
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

fn serve(server: &tiny_http::Server, fake: &Mutex<Fake>) {
    for mut asked in server.incoming_requests() {
        let Some(request) = read(&mut asked) else { continue };
        let answer = fake.lock().expect("the fake does not panic").respond(&request, SystemTime::now());
        match answer {
            Ok(response) => {
                let _ = asked.respond(write(response));
            }
            // A lost answer: the connection ends without one.
            Err(_) => drop(asked.into_writer()),
        }
    }
}

fn read(asked: &mut tiny_http::Request) -> Option<http::Request<Vec<u8>>> {
    let mut request = http::Request::builder().method(asked.method().as_str()).uri(asked.url());
    for header in asked.headers() {
        request = request.header(header.field.as_str().as_str(), header.value.as_str());
    }
    let mut body = Vec::new();
    asked.as_reader().read_to_end(&mut body).ok()?;
    request.body(body).ok()
}

fn write(response: http::Response<Vec<u8>>) -> tiny_http::Response<std::io::Cursor<Vec<u8>>> {
    let (parts, body) = response.into_parts();
    let mut answer = tiny_http::Response::from_data(body).with_status_code(parts.status.as_u16());
    for (name, value) in &parts.headers {
        if let Ok(header) = tiny_http::Header::from_bytes(name.as_str(), value.as_bytes()) {
            answer.add_header(header);
        }
    }
    answer
}
