//! The drivers of the examples: the same loop in each, the same job done, and errors that are one line.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::ffi::OsStr;
use std::fs;
use std::future::poll_fn;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_executor::block_on;
use futures_util::future::join_all;
use spotify_proto::api::GetAlbum;
use spotify_proto::fake::{CLIENT_ID, CLIENT_SECRET, Fake, ids};
use spotify_proto::http::{Request, Response};
use spotify_proto::{AlbumId, App, Call, Reply, Session, Step};

use crate::loopback::Loopback;
use crate::programs::example;
use crate::source::{code, files, project};

type Failure = Box<dyn StdError + Send + Sync>;

/// The examples that do the shared job over a socket.
const STACKS: [&str; 4] = ["ureq", "reqwest", "hyper", "futures"];

/// What one run said.
#[derive(Debug)]
struct Said {
    out: String,
    err: String,
    code: Option<i32>,
}

impl Said {
    /// The one line on standard error of a run that failed.
    fn complaint(&self) -> &str {
        assert_eq!(self.code, Some(1), "{self:?}");
        let line = self.err.strip_suffix('\n').expect("a line ends");
        assert!(!line.contains('\n') && !line.contains("panicked") && line.len() < 300, "{self:?}");
        line
    }

    /// The lines of the shared job, without the address and without what a driver tells of its steps.
    fn job(&self) -> Vec<&str> {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{self:?}");
        let own = |line: &&str| !line.is_empty() && !line.starts_with("With ") && !line.starts_with(' ');
        self.out.lines().filter(own).take_while(|line| !line.contains(" again, pages ")).collect()
    }
}

fn run<const N: usize>(name: &str, arguments: &[&OsStr], environment: [(&str, &str); N]) -> Said {
    let mut program = Command::new(example(name));
    for name in ["SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "SPOTIFY_ORIGIN"] {
        program.env_remove(name);
    }
    // Whoever asks for backtraces gets none either.
    program.env("RUST_BACKTRACE", "1").envs(environment).args(arguments).stdin(Stdio::null());
    let output = program.output().expect("the example starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Said { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
}

// ── One job ───────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn every_driver_does_the_same_job() {
    let names = STACKS.into_iter().chain(["tour"]);
    let said: Vec<Said> = std::thread::scope(|scope| {
        let runs: Vec<_> = names.map(|name| scope.spawn(move || run(name, &[], []))).collect();
        runs.into_iter().map(|run| run.join().expect("the run is read")).collect()
    });
    let expected = said[0].job();
    assert_eq!(expected.iter().filter(|line| line.starts_with("== ")).count(), 5, "{expected:#?}");
    for other in &said[1..] {
        assert_eq!(other.job(), expected);
    }
    // The pages side by side are the pages one by one.
    let albums: Vec<_> = said[1].out.lines().filter(|line| line.contains(" albums: ")).collect();
    assert!(albums.len() == 2 && albums[0] == albums[1], "{albums:?}");
}

#[test]
fn the_first_program_prints_an_album() {
    let said = run("first", &[], []);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert_eq!(said.out, "Letters to the Tide, 11 tracks\n");
}

// ── The loop ──────────────────────────────────────────────────────────────────────────────────────────────────

/// The patterns of each `match` over steps.
fn arms(text: &str) -> Vec<Vec<String>> {
    let code = code(text);
    let mut found = Vec::new();
    for (at, start) in code.match_indices("match step {") {
        let (mut depth, mut arms, mut arm) = (0, Vec::new(), String::new());
        let rest = &code[at + start.len()..];
        for (index, c) in rest.char_indices() {
            match c {
                '(' | '{' | '[' => depth += 1,
                ')' | '}' | ']' => depth -= 1,
                _ => {}
            }
            match c {
                _ if depth < 0 => break,
                // The end of an arm.
                ',' | '}' if depth == 0 => arm.clear(),
                '=' if depth == 0 && rest[index..].starts_with("=>") => {
                    let name = arm.split('(').next().unwrap_or_default().trim();
                    arms.push(name.trim_start_matches("Step::").to_owned());
                }
                c => arm.push(c),
            }
        }
        found.push(arms);
    }
    found
}

#[test]
fn no_driver_has_a_wildcard_arm() {
    let folder = project("examples");
    let mut drivers = BTreeMap::new();
    for file in files(&folder).into_iter().filter(|file| file.ends_with(".rs")) {
        let text = fs::read_to_string(folder.join(&file)).expect("an example");
        drivers.extend(arms(&text).into_iter().map(|arms| (file.clone(), arms)));
    }
    for name in STACKS.into_iter().chain(["cached", "first", "login", "tour"]) {
        assert!(drivers.contains_key(&format!("{name}.rs")), "{name} has a driver");
    }
    for (file, arms) in drivers {
        assert_eq!(arms, ["Send", "Wait", "Save", "Done"], "{file}");
    }
}

#[test]
fn a_wildcard_arm_is_found() {
    let text =
        "match step { Step::Send(a, b) => { f(a, |_| 1) } Step::Done(it) => return it, _ => panic!(), }";
    assert_eq!(arms(text), [["Send", "Done", "_"]]);
    assert_eq!(arms("match step { Step::Wait(a, b) => x(), other => y(), }"), [["Wait", "other"]]);
    assert!(arms("match other { _ => 1 }").is_empty());
}

// ── The lock ──────────────────────────────────────────────────────────────────────────────────────────────────

/// A server that takes its time, and a session behind a plain mutex.
struct Spotify {
    fake: Mutex<Fake>,
    session: Mutex<Session>,
    /// How many requests are under way.
    in_flight: AtomicUsize,
    most_in_flight: AtomicUsize,
    /// Whether the session was locked while one was.
    was_locked: AtomicBool,
}

fn noon() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000)
}

impl Spotify {
    fn new() -> Self {
        let app = App::confidential(CLIENT_ID, CLIENT_SECRET);
        Self {
            fake: Mutex::new(Fake::new()),
            session: Mutex::new(Session::client_credentials(app)),
            in_flight: AtomicUsize::new(0),
            most_in_flight: AtomicUsize::new(0),
            was_locked: AtomicBool::new(false),
        }
    }

    /// Answers a few turns of the executor later.
    async fn http(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
        let count = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_in_flight.fetch_max(count, Ordering::SeqCst);
        for _ in 0..3 {
            self.turn().await;
        }
        self.in_flight.fetch_sub(1, Ordering::SeqCst);
        Ok(self.fake.lock().expect("the fake does not panic").respond(&request, noon())?)
    }

    /// Lets the others go on, and looks whether they can.
    async fn turn(&self) {
        let mut is_over = false;
        poll_fn(|context| {
            self.was_locked.fetch_or(self.session.try_lock().is_err(), Ordering::SeqCst);
            if std::mem::replace(&mut is_over, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    /// The driver of the README, with `.await`.
    async fn call<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        let (session, now) = (|| self.session.lock().expect("no call panics"), noon);
        let mut step = call.into().start(&mut session(), now());
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    exchange.receive(self.http(request).await?, &mut session(), now())
                }
                Step::Wait(_, pause) => {
                    self.turn().await;
                    pause.resume(&mut session(), now())
                }
                Step::Save(_, pause) => {
                    self.turn().await;
                    pause.resume(&mut session(), now())
                }
                Step::Done(result) => return Ok(result?),
            }
        }
    }

    /// A driver that is wrong: it takes the lock before it sends.
    #[allow(clippy::await_holding_lock, reason = "that is what has to be found")]
    async fn call_locked<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        let mut session = self.session.lock().expect("no call panics");
        let mut step = call.into().start(&mut session, noon());
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    exchange.receive(self.http(request).await?, &mut session, noon())
                }
                Step::Wait(_, pause) | Step::Save(_, pause) => pause.resume(&mut session, noon()),
                Step::Done(result) => return Ok(result?),
            }
        }
    }
}

fn album() -> GetAlbum {
    GetAlbum::new(ids::ALBUM.parse::<AlbumId>().expect("an id"))
}

/// Takes what may go to another thread, and nothing else.
fn sent<F: Future + Send>(future: F) -> F {
    future
}

#[test]
fn the_future_of_a_driver_is_send_and_holds_no_lock_over_an_await() {
    let spotify = Spotify::new();
    // On one thread a lock that is held over an await stops everything.
    let calls = (0..8).map(|_| sent(spotify.call(album())));
    let replies: Result<Vec<_>, _> = block_on(sent(join_all(calls))).into_iter().collect();
    let names: Vec<_> = replies.expect("albums").into_iter().map(|reply| reply.value.name).collect();
    assert_eq!(names, ["Letters to the Tide"; 8]);
    assert!(!spotify.was_locked.load(Ordering::SeqCst), "the session is free while requests are under way");
    assert_eq!(spotify.most_in_flight.load(Ordering::SeqCst), 8);
    let asked = spotify.fake.lock().expect("no panic").tokens_issued();
    assert_eq!(asked, 1, "one token for all");
}

#[test]
fn a_lock_that_is_held_over_an_await_is_found() {
    let spotify = Spotify::new();
    block_on(spotify.call_locked(album())).expect("one call alone goes through");
    assert!(spotify.was_locked.load(Ordering::SeqCst));
}

// ── What goes wrong ───────────────────────────────────────────────────────────────────────────────────────────

/// An address where nothing listens any more.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

#[test]
fn without_a_network_a_driver_says_so() {
    for name in STACKS {
        let said = run(name, &[], [("SPOTIFY_ORIGIN", nobody().as_str())]);
        let line = said.complaint();
        assert!(line.starts_with(&format!("{name}: ")) && line.contains("refused"), "{line}");
    }
}

#[test]
fn a_wrong_client_id_is_named() {
    let server = Loopback::start(Fake::new()).expect("a free port");
    let origin = server.origin();
    for name in STACKS {
        let wrong = [("SPOTIFY_CLIENT_ID", "nobody"), ("SPOTIFY_CLIENT_SECRET", "wrong-secret")];
        let said = run(name, &[], [wrong[0], wrong[1], ("SPOTIFY_ORIGIN", origin.as_str())]);
        let line = said.complaint();
        assert!(line.contains("invalid_client") && !line.contains("wrong-secret"), "{line}");
    }
}

#[test]
fn a_driver_without_tls_tells_how_to_get_it() {
    for name in STACKS {
        let said = run(name, &[], [("SPOTIFY_ORIGIN", "https://127.0.0.1:1")]);
        // The one that has it gets as far as to find nobody there.
        let told = if name == "ureq" { "refused" } else { "rustls" };
        assert!(said.complaint().contains(told), "{said:?}");
    }
}

#[test]
fn an_address_that_is_none_is_refused() {
    for name in STACKS {
        let said = run(name, &[], [("SPOTIFY_ORIGIN", "127.0.0.1:80/x y")]);
        assert!(said.complaint().contains("SPOTIFY_ORIGIN"), "{said:?}");
    }
}

#[test]
fn a_port_in_use_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port().to_string();
    let said = run("login", &[OsStr::new(&port)], []);
    let line = said.complaint();
    assert!(line.starts_with("login: ") && line.contains(&port), "{line}");
    assert!(line.contains("in use") && line.contains("another port"), "{line}");
    let said = run("login", &[OsStr::new("none")], []);
    assert_eq!(said.complaint(), "login: usage: login [PORT]");
}

#[test]
fn a_folder_that_cannot_be_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file: &Path = &folder.path().join("file");
    fs::write(file, "not a folder").expect("a file");
    let said = run("cached", &[file.as_os_str()], []);
    let line = said.complaint();
    assert!(line.starts_with("cached: ") && line.contains(&*file.to_string_lossy()), "{line}");
}

#[test]
fn stored_tokens_that_are_none_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let tokens = folder.path().join("spotify-proto-login");
    fs::create_dir(&tokens).expect("a folder");
    fs::write(tokens.join("tokens.json"), "{").expect("a file");
    let state = folder.path().to_string_lossy();
    let said = run("login", &[], [("SPOTIFY_CLIENT_ID", "nobody"), ("XDG_STATE_HOME", &state)]);
    assert!(said.complaint().contains("tokens.json"), "{said:?}");
}

// ── The server ────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_loopback_answers_on_as_many_connections_as_are_open() {
    let server = Loopback::start(Fake::new()).expect("a free port");
    let address = server.origin().as_str().trim_start_matches("http://").to_owned();
    let connections: Vec<TcpStream> = (0..32)
        .map(|_| {
            let stream = TcpStream::connect(&address).expect("a connection");
            stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
            stream
        })
        .collect();
    // Each stays open, and is asked twice.
    for mut stream in connections.iter().chain(&connections) {
        stream.write_all(b"GET /v1/albums/x HTTP/1.1\r\nhost: x\r\n\r\n").expect("a request");
        let mut start = [0; 12];
        stream.read_exact(&mut start).expect("an answer");
        assert_eq!(&start, b"HTTP/1.1 401");
        let mut rest = [0; 4096];
        assert!(stream.read(&mut rest).expect("the rest of it") > 0);
    }
    assert_eq!(server.stats().answers, 64);
    drop(server);
    for mut stream in &connections {
        assert_eq!(stream.read(&mut [0; 1]).expect("an end"), 0, "closed with the server");
    }
}
