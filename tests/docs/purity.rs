//! Tests of limits that are not checked by lints: lines per file, total lines, and number of dependencies.
//!
//! Clocks, I/O, locks and threads are forbidden by the lists in `clippy.toml`, and `unsafe` by a compiler lint.

use std::process::Command;

use crate::support::project::{project, sources};

/// Maximum number of lines of a file in `src`, without its unit tests.
const LINES_MAX: usize = 600;

/// Maximum number of lines in `src`, including unit tests but not empty lines and comments.
const TOTAL_MAX: usize = 17_500;

/// Maximum number of dependencies that a user of the library compiles.
const CRATES_MAX: usize = 25;

#[test]
fn the_library_stays_within_its_size_limits() {
    let sources = sources();
    for (file, text) in &sources {
        let lines = text.lines().take_while(|line| *line != "#[cfg(test)]").count();
        assert!(lines < LINES_MAX, "{file}: {lines} lines");
    }
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
    let total: usize = sources.iter().map(|(_, text)| text.lines().filter(is_code).count()).sum();
    println!("{total} lines of code");
    assert!(total < TOTAL_MAX, "{total} lines");
}

#[test]
fn no_test_is_ignored() {
    for (file, text) in sources() {
        assert!(!text.contains("#[ignore"), "{file}");
    }
}

/// The date crates of optional features are not counted, because a program that enables such a feature already depends
/// on the crate.
#[test]
fn a_user_compiles_fewer_than_25_dependencies() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--offline", "-e", "normal", "--prefix", "none", "--manifest-path"]);
    let output = cargo.arg(project("Cargo.toml")).output().expect("cargo should run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("cargo should print UTF-8");
    let mut crates: Vec<&str> = text.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    crates.sort_unstable();
    crates.dedup();
    assert!(crates.iter().any(|name| name.starts_with("serde_json ")), "{crates:?}");
    let others = crates.len() - 1;
    assert!(others < CRATES_MAX, "{others} crates: {crates:#?}");
}
