//! The programs in the README are short, identical to the examples, and work with the fake Spotify.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use spotify_proto::http::Response;
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, InjectedFault, PUBLIC_CLIENT_ID};

use crate::{count, start};
use spotify_proto_testing::loopback::Loopback;

/// Names of the programs and their maximum numbers of lines.
const PROGRAMS: [(&str, usize); 2] = [("hello_ureq", 8), ("saved_tracks_ureq", 12)];

/// Returns the source code of an example without its doc comments.
fn source(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{name}.rs"));
    let text = fs::read_to_string(path).expect("an example");
    let code: Vec<_> = text.lines().filter(|line| !line.starts_with("//!")).collect();
    code.join("\n").trim_start().to_owned() + "\n"
}

/// Returns a command that runs a compiled example, which is in a sibling folder of this test.
fn program(name: &str) -> Command {
    let test = std::env::current_exe().expect("this program");
    let path: PathBuf = test
        .parent()
        .and_then(Path::parent)
        .expect("the test should be in the target folder")
        .join("examples")
        .join(name);
    let mut program = Command::new(path);
    program.env_remove("SPOTIFY_CLIENT_SECRET").stdin(Stdio::null());
    program
}

fn origin(server: &Loopback) -> String {
    server.origin().to_string()
}

#[test]
fn the_readme_is_short_and_contains_the_examples() {
    let readme = include_str!("../../README.md");
    assert!(readme.lines().count() <= 30);
    let blocks: Vec<_> =
        readme.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks, PROGRAMS.map(|(name, _)| source(name)));
    for (name, lines) in PROGRAMS {
        assert!(source(name).lines().count() <= lines, "{name}");
    }
}

#[test]
fn the_first_program_prints_an_album() {
    let server = start(Fake::new());
    let album = Response::new(br#"{"name": "Global Warming", "total_tracks": 18}"#.to_vec());
    server.script(InjectedFault::Raw(album).at("/v1/albums/4aawyAB9vmqN3uQ7FjRGTy"));
    let output = program("hello_ureq")
        .env("SPOTIFY_CLIENT_ID", CLIENT_ID)
        .env("SPOTIFY_CLIENT_SECRET", CLIENT_SECRET)
        .env("SPOTIFY_ORIGIN", origin(&server))
        .output()
        .expect("the example should have been built");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Global Warming, 18 tracks\n", "{output:?}");
}

#[test]
fn the_second_program_logs_a_user_in_once() {
    let (server, state) = (start(Fake::new()), tempfile::tempdir().expect("a folder"));
    let run = |is_login: bool| {
        let mut child = program("saved_tracks_ureq")
            .env("SPOTIFY_CLIENT_ID", PUBLIC_CLIENT_ID)
            .env("SPOTIFY_ORIGIN", origin(&server))
            .env("XDG_STATE_HOME", state.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the example should have been built");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        if is_login {
            let url = lines.find(|line| line.contains("/authorize?")).expect("no address of a consent page");
            ureq::get(url.trim()).call().expect("the user should consent");
        }
        let mut out = String::new();
        child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("text");
        assert!(
            child.wait().expect("the process should have ended").success(),
            "{:?}",
            lines.collect::<Vec<_>>()
        );
        out
    };
    let first = run(true);
    assert_eq!(first.lines().count(), 63, "{first}");
    assert_eq!(run(false), first, "the second run should print the same list without a login");
    assert_eq!((count(&server, "/authorize"), count(&server, "/api/token")), (1, 1));
}
