//! What the documentation says is true.

use std::fs;

use spotify_proto::api::OPERATIONS;

use crate::source::{project, sources};

/// Stands in the README above the code block that is the driver of an example.
const DRIVER: &str = "<!-- driver: examples/ureq.rs -->";

/// Around the driver in the example.
const BEGINS: &str = "// driver begins";
const ENDS: &str = "// driver ends";

fn readme() -> String {
    fs::read_to_string(project("README.md")).expect("a README")
}

/// The code block that follows the driver's mark in a README.
fn driver_of_readme(readme: &str) -> Option<&str> {
    let (_, after) = readme.split_once(DRIVER)?;
    let (_, block) = after.trim_start().strip_prefix("```")?.split_once('\n')?;
    Some(block.split_once("```")?.0.trim_end())
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
fn the_driver_of_the_readme_is_the_driver_of_the_example() {
    let (readme, example) = (readme(), fs::read_to_string(project("examples/ureq.rs")).expect("an example"));
    // A README that is a title only makes no claims yet.
    if readme.lines().count() < 3 && !example.contains(BEGINS) {
        crate::fixtures::say("skipped: the README has no driver yet");
        return;
    }
    let shown = driver_of_readme(&readme).expect("the README shows the driver below its mark");
    let run = driver_of_example(&example).expect("the example has a driver between its marks");
    assert_eq!(shown, run);
    assert!(shown.contains("Step::Done"), "a driver handles every step");
}

#[test]
fn a_driver_that_differs_is_found() {
    let readme = format!("# x\n\n{DRIVER}\n```rust\nloop {{\n    a();\n}}\n```\nmore\n```\nb\n```\n");
    let example = format!("fn f() {{\n    {BEGINS}\n    loop {{\n        a();\n    }}\n    {ENDS}\n}}\n");
    assert_eq!(driver_of_readme(&readme), Some("loop {\n    a();\n}"));
    assert_eq!(driver_of_example(&example).as_deref(), driver_of_readme(&readme));
    assert_ne!(driver_of_example(&example.replace("a()", "b()")).as_deref(), driver_of_readme(&readme));
    assert_eq!(driver_of_readme("```\na\n```"), None);
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
