//! What the library never does: read a clock, open a socket, lock, print, panic on purpose.

use std::process::Command;

use crate::docs::source::{code, is_ident, paths, project, sources};

/// Longest file of `src`, in lines above its unit tests.
const LINES_MAX: usize = 600;

/// Greatest number of crates that a user compiles beside this one.
const CRATES_MAX: usize = 25;

/// Parts of the standard library that are somebody else's job, by the path that names them.
const PATHS: &[&[&str]] = &[
    &["std", "fs"],
    &["std", "net"],
    &["std", "env"],
    &["std", "thread"],
    &["std", "process"],
    &["std", "io"],
];

/// Words of code, as whole identifiers.
const WORDS: &[&str] = &[
    "Mutex",
    "RwLock",
    "Condvar",
    "OnceLock",
    "OnceCell",
    "LazyLock",
    "LazyCell",
    "thread_local",
    "println",
    "eprintln",
    "print",
    "eprint",
    "dbg",
    "todo",
    "unimplemented",
    "async",
    "await",
    "rand",
    "getrandom",
    "unwrap",
];

/// What a file does that the library must not do: one text a fault.
fn faults(file: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let mut found = Vec::new();
    for named in paths(text) {
        let path: Vec<&str> = named.path.iter().map(String::as_str).collect();
        let mut fault = |what: String| found.push(format!("{file}:{}: {what}", named.line));
        if path.contains(&"now") {
            fault(path.join("::"));
        }
        if PATHS.iter().any(|forbidden| path.starts_with(forbidden)) {
            fault(path.join("::"));
        }
    }
    for (index, line) in code.lines().enumerate() {
        let mut fault = |what: &str| found.push(format!("{file}:{}: {what}", index + 1));
        let words: Vec<&str> = line.split(|c| !is_ident(c)).filter(|word| !word.is_empty()).collect();
        for word in &words {
            // The async driver is a trait that the program implements: nothing is awaited that the program did not provide.
            let is_allowed = file.starts_with("driver/") && ["async", "await"].contains(word);
            if is_allowed {
                continue;
            }
            if WORDS.contains(word) || (word.starts_with("Atomic") && word.len() > "Atomic".len()) {
                fault(word);
            }
        }
        if words.contains(&"unsafe") {
            fault("unsafe");
        }
        if words.windows(2).any(|pair| pair == ["static", "mut"]) {
            fault("static mut");
        }
        if line.replace(' ', "").contains("#[ignore") {
            fault("#[ignore]");
        }
    }
    let lines = text.lines().take_while(|line| *line != "#[cfg(test)]").count();
    if lines >= LINES_MAX {
        found.push(format!("{file}: {lines} lines"));
    }
    found
}

#[test]
fn the_library_is_pure() {
    let found: Vec<_> = sources().iter().flat_map(|(file, text)| faults(file, text)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_planted_impurity_is_found() {
    for text in [
        "fn f() { SystemTime::now(); }",
        "let clock = std::time::Instant::now;",
        "use std::fs;",
        "use std::{fmt, net::TcpStream};",
        "fn f() { std::env::var(); }",
        "use std::thread::sleep;",
        "fn f() { ::std::process::exit(1) }",
        "use std::sync::Mutex;",
        "struct S(std::sync::RwLock<u8>);",
        "fn f() { println!(); }",
        "fn f() { eprintln!(); }",
        "fn f() { dbg!(); }",
        "unsafe fn f() {}",
        "async fn f() {}",
        "static mut X: u8 = 0;",
        "static X: OnceLock<u8> = OnceLock::new;",
        "thread_local! {}",
        "static N: AtomicU64;",
        "use rand::Rng;",
        "fn f() { todo!() }",
        "fn f() { unimplemented!() }",
        "#[ignore = \"slow\"]",
        "fn f() { x.unwrap(); }",
    ] {
        assert!(!faults("planted.rs", text).is_empty(), "{text}");
    }
    for text in [
        "/// Never `SystemTime::now()`, `unsafe` or `println!`.",
        "fn f(now: SystemTime) { let x = \"unsafe\"; x.unwrap_or_default(); }",
        "use std::time::SystemTime; // use std::fs;",
        "fn until(at: SystemTime, now: SystemTime) {}",
        "#![forbid(unsafe_code)]",
    ] {
        assert_eq!(faults("clean.rs", text), [""; 0], "{text}");
    }
    assert_eq!(faults("long.rs", &"\n".repeat(LINES_MAX)).len(), 1);
    assert_eq!(faults("fitting.rs", &"\n".repeat(LINES_MAX - 1)).len(), 0);
}

/// Calendars are not counted: who asks for one has it already.
#[test]
fn a_user_compiles_few_crates() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "tree",
        "--offline",
        "-e",
        "normal",
        "--prefix",
        "none",
        "--features",
        "fake",
        "--manifest-path",
    ]);
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
