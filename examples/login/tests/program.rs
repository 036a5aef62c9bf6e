//! Tests of the compiled program.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

/// Runs the program, which must fail, and returns the line on standard error.
fn error<const N: usize>(arguments: &[&str], environment: [(&str, &str); N]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_login"));
    program.env_remove("SPOTIFY_CLIENT_ID").env_remove("SPOTIFY_ORIGIN").env("RUST_BACKTRACE", "1");
    let output = program.args(arguments).envs(environment).output().expect("a built program");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    let line = text.strip_suffix('\n').expect("a complete line");
    assert!(!line.contains('\n') && !line.contains("panicked") && line.len() < 300, "{line}");
    line.to_owned()
}

#[test]
fn the_second_run_uses_the_tokens_of_the_first_run() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_login"));
    let output = program.env_remove("SPOTIFY_CLIENT_ID").output().expect("a built program");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let (first, second) = text.split_once("== The second run").expect("two runs");
    assert!(first.contains("The simulated user has consented: 200 OK"), "{text}");
    assert_eq!(first.matches("Tokens stored in ").count(), 2, "expected one login and one renewal: {text}");
    assert!(second.contains("Already logged in") && !second.contains("Tokens stored in "), "{text}");
    assert_eq!(text.matches("63 saved tracks").count(), 2, "{text}");
}

#[test]
fn the_error_names_a_port_that_is_in_use() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port().to_string();
    let line = error(&[&port], []);
    assert!(line.starts_with("login: ") && line.contains(&port), "{line}");
    assert!(line.contains("in use") && line.contains("another port"), "{line}");
    assert_eq!(error(&["none"], []), "login: usage: login [PORT]");
}

#[test]
fn the_error_names_a_damaged_token_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let tokens = folder.path().join("spotify-proto-login");
    fs::create_dir(&tokens).expect("a folder");
    fs::write(tokens.join("tokens.json"), "{").expect("a file");
    let state = folder.path().to_string_lossy();
    let line = error(&[], [("SPOTIFY_CLIENT_ID", "client"), ("XDG_STATE_HOME", &state)]);
    assert!(line.contains("tokens.json"), "{line}");
}
