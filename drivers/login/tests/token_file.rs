//! The token file is complete, private, and locked across processes.

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
    let tokens = file.load().expect("the file should be readable")?;
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
    let mode = |path: &Path| fs::metadata(path).expect("the file should exist").permissions().mode() & 0o777;
    let file = TokenFile::new(&path);
    file.save(&Tokens::from_refresh_token("AQx")).expect("the file should be writable");
    assert_eq!((mode(&path), mode(&folder.path().join("state"))), (0o600, 0o700));

    // A save resets the permissions of a file that other users can read.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("permissions");
    file.save(&Tokens::from_refresh_token("AQy")).expect("the file should be writable");
    assert_eq!(mode(&path), 0o600);
    let lock = file.lock(Duration::ZERO).expect("the lock should be free");
    assert_eq!(mode(&folder.path().join("state/tokens.json.lock")), 0o600);
    drop(lock);
}

#[test]
fn a_reader_gets_either_the_old_or_the_new_tokens() {
    let folder = folder();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let (short, long) = ("AQ".to_owned(), "AQ".repeat(10_000));
    file.save(&Tokens::from_refresh_token(short.as_str())).expect("the file should be writable");
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for token in [&long, &short].into_iter().cycle().take(60) {
                file.save(&Tokens::from_refresh_token(token.as_str())).expect("the file should be writable");
            }
        });
        while !writer.is_finished() {
            let token = refresh_token(&file).expect("stored tokens");
            assert!(token == short || token == long, "{} bytes", token.len());
        }
    });
    assert_eq!(names(folder.path()), ["tokens.json"], "no temporary files");
}

#[test]
fn a_failed_save_leaves_no_temporary_file_behind() {
    let folder = folder();
    // The target is a non-empty folder, which a file cannot replace.
    let path = folder.path().join("tokens.json");
    fs::create_dir_all(path.join("x")).expect("a folder");
    let error = TokenFile::new(&path).save(&Tokens::from_refresh_token("AQsecret")).expect_err("a folder");
    assert!(matches!(error, TokenFileError::Write { .. }), "{error:?}");
    assert!(!format!("{error:?} {error}").contains("AQsecret"));
    assert_eq!(names(folder.path()), ["tokens.json"]);
}

#[cfg(unix)]
#[test]
fn a_save_does_not_replace_a_symbolic_link() {
    let folder = folder();
    let (real, link) = (folder.path().join("real.json"), folder.path().join("tokens.json"));
    fs::write(&real, "").expect("a file");
    std::os::unix::fs::symlink(&real, &link).expect("a link");
    TokenFile::new(&link).save(&Tokens::from_refresh_token("AQx")).expect("the file should be writable");
    assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
    assert_eq!(refresh_token(&TokenFile::new(&real)).as_deref(), Some("AQx"));
}

#[test]
fn files_written_by_other_clients_and_editors_can_be_read() {
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
fn the_error_for_a_file_without_tokens_does_not_quote_the_file() {
    let folder = folder();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let padded = format!("{{\"refresh_token\": \"AQsecret\"}}{}", " ".repeat(70_000));
    for text in ["AQsecret", "{\"refresh_token\": \"AQsecret", "[]", "{}", &padded] {
        fs::write(file.path(), text).expect("a file");
        let error = file.load().expect_err("a file without tokens");
        assert!(matches!(error, TokenFileError::Malformed { .. }), "{error:?}");
        assert!(!format!("{error:?} {error}").contains("AQsecret"));
        assert_eq!(fs::read_to_string(file.path()).expect("a file"), text, "the file is unchanged");
    }
}

#[test]
fn no_tokens_are_loaded_after_the_file_is_removed() {
    let folder = folder();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    file.save(&Tokens::from_refresh_token("AQx")).expect("the file should be writable");
    file.remove().expect("the file should be removable");
    file.remove().expect("removing a missing file should succeed");
    assert_eq!(refresh_token(&file), None);
}

#[test]
fn an_application_name_must_be_a_plain_file_name() {
    for name in ["", ".", "..", "a/b", "a\\b", "c:x", ".hidden"] {
        assert!(matches!(TokenFile::in_state_folder(name), Err(TokenFileError::NoStateFolder)), "{name}");
    }
    // Even with a valid name, there is a state folder only if its environment variables are set.
    if let Ok(file) = TokenFile::in_state_folder("my-app") {
        assert!(file.path().is_absolute() && file.path().ends_with("my-app/tokens.json"));
    }
}

#[test]
fn only_one_holder_has_the_lock_at_a_time() {
    let folder = folder();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let lock = file.lock(Duration::ZERO).expect("the lock should be free");
    let error = file.lock(Duration::from_millis(50)).expect_err("the lock is held");
    assert!(matches!(error, TokenFileError::Locked { .. }), "{error:?}");
    let waiting = file.clone();
    let waiter = thread::spawn(move || waiting.lock(Duration::from_secs(20)).map(drop));
    thread::sleep(Duration::from_millis(50));
    drop(lock);
    waiter.join().expect("the thread should not panic").expect("the lock should be free");
}

/// The process that [`a_process_killed_while_saving_leaves_complete_tokens`] kills. Does nothing in a normal test run.
#[test]
fn process_that_writes_the_file() {
    let Some(path) = std::env::var_os("TEST_WRITE_TO") else { return };
    let (file, tokens) = (TokenFile::new(path), Tokens::from_refresh_token("AQ".repeat(10_000)));
    println!("writing");
    loop {
        file.save(&tokens).expect("the file should be writable");
    }
}

#[test]
fn a_process_killed_while_saving_leaves_complete_tokens() {
    let folder = folder();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    for round in 0..10 {
        file.save(&Tokens::from_refresh_token("AQ")).expect("the file should be writable");
        let mut child = child("process_that_writes_the_file", "TEST_WRITE_TO", &file, "writing");
        thread::sleep(Duration::from_millis(3 * round));
        child.kill().expect("the process should be running");
        child.wait().expect("the process should have ended");
        let token = refresh_token(&file).expect("tokens");
        assert!([2, 20_000].contains(&token.len()), "{} bytes", token.len());
    }
}

/// Runs a test of this binary in a separate process and waits until it prints a line that ends with `ready`.
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

/// The process that [`a_killed_process_releases_the_lock`] kills. Does nothing in a normal test run.
#[test]
fn process_that_holds_the_lock() {
    let Some(path) = std::env::var_os("TEST_LOCK_OF") else { return };
    let _lock = TokenFile::new(path).lock(Duration::ZERO).expect("the lock should be free");
    println!("locked");
    thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_killed_process_releases_the_lock() {
    let folder = folder();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let mut child = child("process_that_holds_the_lock", "TEST_LOCK_OF", &file, "locked");
    assert!(file.lock(Duration::ZERO).is_err(), "another process holds the lock");
    child.kill().expect("the process should be running");
    child.wait().expect("the process should have ended");
    file.lock(Duration::from_secs(5)).map(drop).expect("the lock should be free");
}
