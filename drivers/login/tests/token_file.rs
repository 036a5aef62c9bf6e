//! The token file: whole, private, and locked between processes.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use spotify_proto::Tokens;
use spotify_proto_login::{TokenFile, TokenFileError};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn refresh_token(file: &TokenFile) -> Option<String> {
    let tokens = file.load().expect("the file is read")?;
    tokens.refresh_token().map(|token| token.expose().to_owned())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect()
}

#[cfg(unix)]
#[test]
fn only_the_current_user_can_read_the_file_and_its_folder() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = folder();
    let path = folder.path().join("state/tokens.json");
    let mode = |path: &Path| fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    let file = TokenFile::new(&path);
    file.save(&Tokens::from_refresh_token("AQx")).expect("saved");
    assert_eq!((mode(&path), mode(&folder.path().join("state"))), (0o600, 0o700));

    // A file that others can read does not stay one.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("permissions");
    file.save(&Tokens::from_refresh_token("AQy")).expect("saved");
    assert_eq!(mode(&path), 0o600);
    let lock = file.lock(Duration::ZERO).expect("the lock is free");
    assert_eq!(mode(&folder.path().join("state/tokens.json.lock")), 0o600);
    drop(lock);
}

#[test]
fn a_reader_gets_the_old_tokens_or_the_new_ones() {
    let folder = folder();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let (short, long) = ("AQ".to_owned(), "AQ".repeat(10_000));
    file.save(&Tokens::from_refresh_token(short.as_str())).expect("saved");
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for token in [&long, &short].into_iter().cycle().take(60) {
                file.save(&Tokens::from_refresh_token(token.as_str())).expect("saved");
            }
        });
        while !writer.is_finished() {
            let token = refresh_token(&file).expect("there are always tokens");
            assert!(token == short || token == long, "{} bytes", token.len());
        }
    });
    assert_eq!(names(folder.path()), ["tokens.json"], "no temporary file is left");
}

#[test]
fn a_save_that_fails_leaves_nothing_behind() {
    let folder = folder();
    // The target is a folder that is not empty, which no file can replace.
    let path = folder.path().join("tokens.json");
    fs::create_dir_all(path.join("x")).expect("a folder");
    let error = TokenFile::new(&path).save(&Tokens::from_refresh_token("AQsecret")).expect_err("a folder");
    assert!(matches!(error, TokenFileError::Write { .. }), "{error:?}");
    assert!(!format!("{error:?} {error}").contains("AQsecret"));
    assert_eq!(names(folder.path()), ["tokens.json"]);
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_stays_one() {
    let folder = folder();
    let (real, link) = (folder.path().join("real.json"), folder.path().join("tokens.json"));
    fs::write(&real, "").expect("a file");
    std::os::unix::fs::symlink(&real, &link).expect("a link");
    TokenFile::new(&link).save(&Tokens::from_refresh_token("AQx")).expect("saved");
    assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
    assert_eq!(refresh_token(&TokenFile::new(&real)).as_deref(), Some("AQx"));
}

#[test]
fn files_of_other_clients_and_editors_are_read() {
    let folder = folder();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    assert_eq!(refresh_token(&file), None, "no file");
    for (text, token) in [
        ("", None),
        (" \n", None),
        ("\u{feff}", None),
        ("\u{feff}{\"refresh_token\": \"AQx\"}\r\n", Some("AQx")),
        (
            r#"{"access_token":"B","expires_at":1790000000,"refresh_token":"AQx","scope":"streaming"}"#,
            Some("AQx"),
        ),
    ] {
        fs::write(file.path(), text).expect("a file");
        assert_eq!(refresh_token(&file).as_deref(), token, "{text}");
    }
}

#[test]
fn a_file_with_something_else_is_an_error_that_does_not_quote_it() {
    let folder = folder();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let padded = format!("{{\"refresh_token\": \"AQsecret\"}}{}", " ".repeat(70_000));
    for text in ["AQsecret", "{\"refresh_token\": \"AQsecret", "[]", "{}", &padded] {
        fs::write(file.path(), text).expect("a file");
        let error = file.load().expect_err("not tokens");
        assert!(matches!(error, TokenFileError::Malformed { .. }), "{error:?}");
        assert!(!format!("{error:?} {error}").contains("AQsecret"));
        assert_eq!(fs::read_to_string(file.path()).expect("a file"), text, "it stays as it is");
    }
}

#[test]
fn a_removed_file_has_no_tokens() {
    let folder = folder();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    file.save(&Tokens::from_refresh_token("AQx")).expect("saved");
    file.remove().expect("removed");
    file.remove().expect("removing it again is not an error");
    assert_eq!(refresh_token(&file), None);
}

#[test]
fn a_name_that_is_not_a_plain_file_name_has_no_folder() {
    for name in ["", ".", "..", "a/b", "a\\b", "c:x", ".hidden"] {
        assert!(matches!(TokenFile::in_state_folder(name), Err(TokenFileError::NoStateFolder)), "{name}");
    }
    // Without HOME and its like there is no folder either, so that the environment decides about the rest.
    if let Ok(file) = TokenFile::in_state_folder("my-app") {
        assert!(file.path().is_absolute() && file.path().ends_with("my-app/tokens.json"));
    }
}

#[test]
fn only_one_holder_has_the_lock() {
    let folder = folder();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let lock = file.lock(Duration::ZERO).expect("the lock is free");
    let error = file.lock(Duration::from_millis(50)).expect_err("it is held");
    assert!(matches!(error, TokenFileError::Locked { .. }), "{error:?}");
    let waiting = file.clone();
    let waiter = thread::spawn(move || waiting.lock(Duration::from_secs(20)).map(drop));
    thread::sleep(Duration::from_millis(50));
    drop(lock);
    waiter.join().expect("no panic").expect("the lock is free again");
}

/// The process that [`a_process_that_dies_while_it_saves_leaves_whole_tokens`] kills. On its own it does nothing.
#[test]
fn writer_of_the_file() {
    let Some(path) = std::env::var_os("TEST_WRITE_TO") else { return };
    let (file, tokens) = (TokenFile::new(path), Tokens::from_refresh_token("AQ".repeat(10_000)));
    println!("writing");
    loop {
        file.save(&tokens).expect("saved");
    }
}

#[test]
fn a_process_that_dies_while_it_saves_leaves_whole_tokens() {
    let folder = folder();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    for round in 0..10 {
        file.save(&Tokens::from_refresh_token("AQ")).expect("saved");
        let mut child = child("writer_of_the_file", "TEST_WRITE_TO", &file, "writing");
        thread::sleep(Duration::from_millis(3 * round));
        child.kill().expect("killed");
        child.wait().expect("the process ends");
        let token = refresh_token(&file).expect("tokens");
        assert!([2, 20_000].contains(&token.len()), "{} bytes", token.len());
    }
}

/// Starts a test of this program as a process of its own, and waits until it has printed a line that ends with `ready`.
fn child(test: &str, variable: &str, file: &TokenFile, ready: &str) -> Child {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture"])
        .env(variable, file.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    assert!(lines.any(|line| line.expect("text").ends_with(ready)));
    child
}

/// The process that [`a_process_that_dies_releases_the_lock`] kills. On its own it does nothing.
#[test]
fn holder_of_the_lock() {
    let Some(path) = std::env::var_os("TEST_LOCK_OF") else { return };
    let _lock = TokenFile::new(path).lock(Duration::ZERO).expect("the lock is free");
    println!("locked");
    thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_process_that_dies_releases_the_lock() {
    let folder = folder();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let mut child = child("holder_of_the_lock", "TEST_LOCK_OF", &file, "locked");
    assert!(file.lock(Duration::ZERO).is_err(), "another process holds it");
    child.kill().expect("killed");
    child.wait().expect("the process ends");
    file.lock(Duration::from_secs(5)).map(drop).expect("the lock is free");
}
