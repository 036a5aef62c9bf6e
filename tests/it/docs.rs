//! What the documentation says is true.

use std::fs;

use spotify_proto::api::OPERATIONS;

use crate::source::{project, sources};

/// Stands in the README above a code block that is a part of an example, with the path of that.
const DRIVER: &str = "<!-- driver: ";
const DRIVER_ENDS: &str = " -->";

/// Around the driver in the example.
const BEGINS: &str = "// driver begins";
const ENDS: &str = "// driver ends";

fn readme() -> String {
    fs::read_to_string(project("README.md")).expect("a README")
}

/// The code blocks that follow a mark in a README, each with the path of its example.
fn drivers_of_readme(readme: &str) -> Vec<(&str, &str)> {
    let block = |part| -> Option<(&str, &str)> {
        let (path, after): (&str, &str) = str::split_once(part, DRIVER_ENDS)?;
        let (_, block) = after.trim_start().strip_prefix("```")?.split_once('\n')?;
        Some((path, block.split_once("```")?.0.trim_end()))
    };
    let parts = readme.split(DRIVER).skip(1);
    parts.map(|part| block(part).expect("a code block below its mark")).collect()
}

/// The lines between the driver's marks in an example, as far to the left as they go.
fn driver_of_example(example: &str) -> Option<String> {
    let (_, after) = example.split_once(BEGINS)?;
    let (lines, _) = after.split_once('\n')?.1.split_once(ENDS)?;
    let lines: Vec<&str> = lines.trim_end().lines().collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let least = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min()?;
    Some(lines.iter().map(|line| line.get(least..).unwrap_or("")).collect::<Vec<_>>().join("\n"))
}

/// The code blocks of a markdown text: the words after the opening fence, and the line.
fn fences(text: &str) -> Vec<(usize, String)> {
    let mut is_open = false;
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start().trim_start_matches("//!").trim_start_matches("///").trim_start();
        if let Some(words) = line.strip_prefix("```") {
            is_open = !is_open;
            if is_open {
                found.push((index + 1, words.trim().to_owned()));
            }
        }
    }
    found
}

/// Numbers that stand before a word: `96 operations`.
fn numbers_before(text: &str, word: &str) -> Vec<usize> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    words.windows(2).filter(|pair| pair[1] == word).filter_map(|pair| pair[0].parse().ok()).collect()
}

#[test]
fn the_readme_is_the_documentation_of_the_crate() {
    let sources = sources();
    let lib = &sources.iter().find(|(file, _)| file == "lib.rs").expect("the crate's root").1;
    assert!(lib.starts_with("#![doc = include_str!(\"../README.md\")]\n"), "lib.rs begins with the README");
    assert!(readme().starts_with("# spotify-proto\n"), "the README begins with the name");
}

#[test]
fn the_drivers_of_the_readme_are_those_of_the_examples() {
    let readme = readme();
    let shown = drivers_of_readme(&readme);
    let paths: Vec<_> = shown.iter().map(|(path, _)| *path).collect();
    assert_eq!(paths, ["examples/first.rs", "examples/ureq.rs", "examples/shared/job.rs"]);
    for (path, shown) in &shown {
        let example = fs::read_to_string(project(path)).expect("an example");
        let run = driver_of_example(&example).expect("the example has a driver between its marks");
        assert_eq!(*shown, run, "{path}");
    }
    for (path, shown) in &shown[..2] {
        assert!(shown.contains("Step::Done"), "{path}: a driver handles every step");
    }
}

#[test]
fn the_first_program_is_short() {
    let readme = readme();
    let (_, first) = drivers_of_readme(&readme)[0];
    assert!(first.lines().count() <= 30, "{} lines", first.lines().count());
    let features = "spotify-proto = { path = \"../spotify-proto\", features = [\"fake\"] }";
    assert!(readme.contains(features), "what the program depends on");
}

#[test]
fn a_driver_that_differs_is_found() {
    let readme =
        format!("# x\n\n{DRIVER}a.rs{DRIVER_ENDS}\n```rust\nloop {{\n    a();\n}}\n```\nmore\n```\nb\n```\n");
    let example = format!("fn f() {{\n    {BEGINS}\n    loop {{\n        a();\n    }}\n    {ENDS}\n}}\n");
    assert_eq!(drivers_of_readme(&readme), [("a.rs", "loop {\n    a();\n}")]);
    let of_readme = drivers_of_readme(&readme)[0].1;
    assert_eq!(driver_of_example(&example).as_deref(), Some(of_readme));
    assert_ne!(driver_of_example(&example.replace("a()", "b()")).as_deref(), Some(of_readme));
    assert!(drivers_of_readme("```\na\n```").is_empty());
    assert_eq!(driver_of_example("fn f() {}"), None);
}

#[test]
fn every_example_runs() {
    let mut texts = sources();
    texts.push(("README.md".to_owned(), readme()));
    let mut count = 0;
    for (file, text) in texts {
        for (line, words) in fences(&text) {
            count += 1;
            let is_left_out =
                words.split([',', ' ']).any(|it| ["no_run", "ignore", "compile_fail"].contains(&it));
            assert!(!is_left_out, "{file}:{line}: an example that does not run");
        }
    }
    assert!(count > 5, "{count} examples found");
    assert_eq!(fences("/// ```no_run\n/// x\n/// ```\n//! ```text\n//! ```").len(), 2);
    assert_eq!(fences("```rust,ignore\n```"), [(1, "rust,ignore".to_owned())]);
}

#[test]
fn the_readme_counts_the_operations_right() {
    for number in numbers_before(&readme(), "operations") {
        assert_eq!(number, OPERATIONS.len(), "the README says {number} operations");
    }
    assert_eq!(numbers_before("all **96 operations**, 3 x", "operations"), [96]);
}
