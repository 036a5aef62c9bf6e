//! Sizes that no lint measures: lines of a file, crates below the library.
//!
//! Clocks, I/O, locks and threads are forbidden by the lists in `clippy.toml`, `unsafe` by a lint of the compiler.

use std::process::Command;

use crate::support::project::{project, sources};

/// Longest file of `src`, in lines above its unit tests.
const LINES_MAX: usize = 600;

/// Largest size of `src`, in lines that are neither empty nor comments; unit tests count.
const TOTAL_MAX: usize = 17_500;

/// Greatest number of crates that a user compiles beside this one.
const CRATES_MAX: usize = 25;

#[test]
fn the_files_of_the_library_are_short() {
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

/// The calendars of optional features are not counted: a program that enables one has it already.
#[test]
fn a_user_compiles_few_crates() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--offline", "-e", "normal", "--prefix", "none", "--manifest-path"]);
    let output = cargo.arg(project("Cargo.toml")).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let mut crates: Vec<&str> = text.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    crates.sort_unstable();
    crates.dedup();
    assert!(crates.iter().any(|name| name.starts_with("serde_json ")), "{crates:?}");
    let others = crates.len() - 1;
    assert!(others < CRATES_MAX, "{others} crates: {crates:#?}");
}
