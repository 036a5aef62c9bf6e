//! What the tests of the driver examples check: the job's output, and errors that are one line.
#![allow(clippy::missing_panics_doc, reason = "a check that fails panics")]

use std::net::TcpListener;
use std::process::{Command, Stdio};

use spotify_proto_testing::fake::Fake;
use spotify_proto_testing::loopback::Loopback;

/// Lines that the job prints, without empty lines.
const JOB: &[&str] = &[
    "== An album, and the token for it",
    "Letters to the Tide (2021-03-19), 11 tracks",
    "stored with the ETag \"MC-IjdiOTFjYzZlZTgxNzI4ODZmY2MyN2NlNmNkNzQ0M2M4Ig==\"",
    "== An artist's albums, page by page",
    "29 albums: Letters to the Tide, “Winter” – Garden, Borrowed Almanac, …",
    "the list is complete",
    "== The album again: has it changed?",
    "Letters to the Tide: not changed: 304 without a body",
    "== A track, despite a rate limit",
    "Low Water, 121 s",
    "== Two errors",
    "an id that is too short: expected the album id of 22 letters and digits, a spotify:album:… URI or an \
     open.spotify.com/album/… URL, found 21 characters",
    "an unknown id: spotify responded with 404: Resource not found",
];

/// The output of a run.
#[derive(Debug)]
#[non_exhaustive]
pub struct Output {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// Exit code; `None` if a signal ended the program.
    pub code: Option<i32>,
}

impl Output {
    /// Runs a program with these variables, and without those that name a real application.
    #[must_use]
    pub fn of<const N: usize>(program: &str, environment: [(&str, &str); N]) -> Self {
        let mut command = Command::new(program);
        for name in ["SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "SPOTIFY_ORIGIN"] {
            command.env_remove(name);
        }
        // A backtrace that is asked for must not appear in an error.
        command.env("RUST_BACKTRACE", "1").envs(environment).stdin(Stdio::null());
        let output = command.output().expect("the program starts");
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Self { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
    }

    /// Returns the one line on standard error of a run that failed.
    #[must_use]
    pub fn error(&self) -> &str {
        assert_eq!(self.code, Some(1), "{self:?}");
        let line = self.err.strip_suffix('\n').expect("a line ends");
        assert!(!line.contains('\n') && !line.contains("panicked") && line.len() < 300, "{self:?}");
        line
    }

    /// Checks that the run did the job, and returns its lines after the job.
    #[must_use]
    pub fn after_job(&self) -> Vec<&str> {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{self:?}");
        let own = |line: &&str| !line.is_empty() && !line.starts_with("With ") && !line.starts_with(' ');
        let lines: Vec<&str> = self.out.lines().filter(own).collect();
        let (job, after) = lines.split_at_checked(JOB.len()).unwrap_or((&lines, &[]));
        assert_eq!(job, JOB);
        after.to_vec()
    }
}

/// Checks that the program names the refused connection.
pub fn names_a_refused_connection(program: &str, name: &str) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let output = Output::of(program, [("SPOTIFY_ORIGIN", &address)]);
    let line = output.error();
    assert!(line.starts_with(&format!("{name}: ")) && line.contains("refused"), "{line}");
}

/// Checks that the program names a client that the accounts service does not know, without its secret.
pub fn names_a_wrong_client(program: &str) {
    let server = Loopback::start(Fake::new()).expect("a free port");
    let origin = server.origin();
    let environment = [
        ("SPOTIFY_CLIENT_ID", "unknown"),
        ("SPOTIFY_CLIENT_SECRET", "wrong-secret"),
        ("SPOTIFY_ORIGIN", origin.as_str()),
    ];
    let output = Output::of(program, environment);
    let line = output.error();
    assert!(line.contains("invalid_client") && !line.contains("wrong-secret"), "{line}");
}

/// Checks that the program names `SPOTIFY_ORIGIN` if it is not an origin.
pub fn names_a_wrong_origin(program: &str) {
    let output = Output::of(program, [("SPOTIFY_ORIGIN", "127.0.0.1:80/x y")]);
    assert!(output.error().contains("SPOTIFY_ORIGIN"), "{output:?}");
}

/// Checks what the program says about an origin that needs TLS.
pub fn names_tls(program: &str, expected: &str) {
    let output = Output::of(program, [("SPOTIFY_ORIGIN", "https://127.0.0.1:1")]);
    assert!(output.error().contains(expected), "{output:?}");
}
