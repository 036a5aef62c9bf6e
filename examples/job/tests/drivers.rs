//! The driver examples as programs: the same job with each, and errors that are one line.

use std::ffi::OsStr;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use spotify_proto_testing::fake::Fake;
use spotify_proto_testing::loopback::Loopback;

/// Returns the program of an example, built if it is not there yet.
fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    let profile = test.ancestors().nth(2).expect("target/<profile>/deps/drivers-<hash>");
    let program = profile.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let package = if name == "tour" { name.to_owned() } else { format!("example-{name}") };
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).args([
        "build",
        "--quiet",
        "--offline",
        "--package",
        &package,
    ]);
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    assert!(cargo.status().expect("cargo starts").success(), "the example builds");
    program
}

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
    let mut program = Command::new(program(name));
    for name in ["SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "SPOTIFY_ORIGIN"] {
        program.env_remove(name);
    }
    // A backtrace that is asked for must not appear in an error.
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

// ── What goes wrong ───────────────────────────────────────────────────────────────────────────────────────────

/// An address on which no server listens.
fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

#[test]
fn without_a_network_a_driver_says_so() {
    for name in STACKS {
        let said = run(name, &[], [("SPOTIFY_ORIGIN", closed_port().as_str())]);
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
        // `ureq` has TLS, and finds no server.
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
