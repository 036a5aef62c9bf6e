//! Tests of the compiled program, with the fake and with failing servers.

use std::net::TcpListener;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use spotify_proto_testing::fake::Fake;
use spotify_proto_testing::loopback::Loopback;

fn run<const N: usize>(environment: [(&str, &str); N]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_futures"));
    for name in ["SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "SPOTIFY_ORIGIN"] {
        program.env_remove(name);
    }
    // An error is printed as a single line even if a backtrace is requested.
    program.env("RUST_BACKTRACE", "1").envs(environment).output().expect("a built example")
}

/// Runs the program, which must fail, and returns the line on standard error.
fn error<const N: usize>(environment: [(&str, &str); N]) -> String {
    let output = run(environment);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    let line = text.strip_suffix('\n').expect("a complete line");
    assert!(line.starts_with("futures: ") && !line.contains('\n') && line.len() < 300, "{text}");
    line.to_owned()
}

#[test]
fn the_example_reads_an_album_all_pages_of_a_list_and_a_track_after_a_429() {
    let start = Instant::now();
    let output = run([]);
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let (server, results) = text.split_once('\n').expect("several lines");
    assert!(server.starts_with("server: the fake Spotify at http://127.0.0.1:"), "{server}");
    assert_eq!(
        results,
        "album: Letters to the Tide, 11 tracks\n\
         albums of an artist, read page by page: 29, Complete\n\
         track: Low Water, 121 s\n\
         unknown album: spotify responded with 404: Resource not found\n"
    );
    assert!(start.elapsed() >= Duration::from_secs(1), "the program should wait for the delay of the 429");
}

#[test]
fn a_refused_connection_is_reported_in_one_line() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let line = error([("SPOTIFY_ORIGIN", &*origin)]);
    assert!(line.contains("refused"), "{line}");
}

#[test]
fn a_wrong_client_id_is_reported_without_the_secret() {
    let server = Loopback::start(Fake::new()).expect("a free port");
    let origin = server.origin();
    let line = error([
        ("SPOTIFY_CLIENT_ID", "unknown"),
        ("SPOTIFY_CLIENT_SECRET", "wrong-secret"),
        ("SPOTIFY_ORIGIN", origin.as_str()),
    ]);
    assert!(line.contains("invalid_client") && !line.contains("wrong-secret"), "{line}");
}

#[test]
fn an_invalid_origin_is_reported() {
    let line = error([("SPOTIFY_ORIGIN", "127.0.0.1:80/x y")]);
    assert!(line.contains("SPOTIFY_ORIGIN"), "{line}");
}

#[test]
fn the_error_for_https_explains_how_to_add_tls() {
    let line = error([("SPOTIFY_ORIGIN", "https://127.0.0.1:1")]);
    assert!(line.contains("rustls"), "{line}");
}
