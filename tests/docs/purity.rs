//! Limits that no lint checks: lines per file, lines in total, and number of dependencies.
//!
//! The lists in `clippy.toml` forbid clocks, I/O, locks and threads; a compiler lint forbids `unsafe`.

use std::process::Command;

use crate::support::project::{project, sources};

/// Limit for a file of `src`, in lines above its unit tests.
const LINES_MAX: usize = 600;

/// Limit for all of `src`, in lines that are neither empty nor comments; unit tests count.
const TOTAL_MAX: usize = 17_500;

/// Limit for the number of other crates that a user of the library compiles.
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

/// Date crates of optional features are not counted, because a program that enables one already depends on the crate.
#[test]
fn a_user_compiles_fewer_than_25_other_crates() {
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
