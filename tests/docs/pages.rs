//! Tests that the README, the guide and the documentation of items agree with the code.

use std::collections::BTreeSet;
use std::fs;

use spotify_proto::Scope;
use spotify_proto::api::OPERATIONS;

use crate::support::project::{files, project, sources};

/// Prefix of the marker above a code block that is copied from an example; the path of the example follows.
const DRIVER: &str = "<!-- driver: ";
const DRIVER_ENDS: &str = " -->";

/// The markers around the driver in an example.
const BEGINS: &str = "// driver begins";
const ENDS: &str = "// driver ends";

fn readme() -> String {
    fs::read_to_string(project("README.md")).expect("the README should be readable")
}

fn getting_started() -> String {
    fs::read_to_string(project("src/guide/getting_started.md")).expect("the guide should be readable")
}

/// Returns the code blocks below a marker in a page, each with the path of the example.
fn drivers_of_readme(readme: &str) -> Vec<(&str, &str)> {
    let block = |part| -> Option<(&str, &str)> {
        let (path, after): (&str, &str) = str::split_once(part, DRIVER_ENDS)?;
        let (_, block) = after.trim_start().strip_prefix("```")?.split_once('\n')?;
        Some((path, block.split_once("```")?.0.trim_end()))
    };
    let parts = readme.split(DRIVER).skip(1);
    parts.map(|part| block(part).expect("expected a code block below the marker")).collect()
}

/// Returns the lines between the markers in an example, without the common indentation.
fn driver_of_example(example: &str) -> Option<String> {
    let (_, after) = example.split_once(BEGINS)?;
    let (lines, _) = after.split_once('\n')?.1.split_once(ENDS)?;
    let lines: Vec<&str> = lines.trim_end().lines().collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let least = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min()?;
    Some(lines.iter().map(|line| line.get(least..).unwrap_or("")).collect::<Vec<_>>().join("\n"))
}

/// Returns the code blocks of a Markdown text, each as the line number and the info string of its opening fence.
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

/// Returns the numbers that precede a word, for example 96 for the word `operations` in `96 operations`.
fn numbers_before(text: &str, word: &str) -> Vec<usize> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    words.windows(2).filter(|pair| pair[1] == word).filter_map(|pair| pair[0].parse().ok()).collect()
}

#[test]
fn the_readme_is_the_crate_documentation() {
    let sources = sources();
    let lib = &sources.iter().find(|(file, _)| file == "lib.rs").expect("expected the crate's root").1;
    let include = "\n#![cfg_attr(not(doctest), doc = include_str!(\"../README.md\"))]\n";
    assert!(lib.contains(include), "lib.rs should include the README");
    assert!(readme().starts_with("# spotify-proto\n"), "the README should begin with the crate name");
}

#[test]
fn drivers_in_the_documentation_are_copies_of_the_examples() {
    let pages = [readme(), getting_started()];
    let shown: Vec<_> = pages.iter().flat_map(|page| drivers_of_readme(page)).collect();
    let paths: Vec<_> = shown.iter().map(|(path, _)| *path).collect();
    let expected = [
        "drivers/ureq/examples/saved_tracks_ureq.rs",
        "examples/first/src/main.rs",
        "examples/ureq/src/main.rs",
    ];
    assert_eq!(paths, expected);
    for (path, shown) in &shown {
        let example = fs::read_to_string(project(path)).expect("expected an example");
        // Lines that are hidden in the documentation.
        let shown = shown.lines().filter(|line| !line.starts_with("# ")).collect::<Vec<_>>().join("\n");
        let code = || example.lines().filter(|line| !line.starts_with("//!")).collect::<Vec<_>>().join("\n");
        let run = driver_of_example(&example).unwrap_or_else(|| code().trim().to_owned());
        assert_eq!(shown, run, "{path}");
    }
}

#[test]
fn the_first_program_has_at_most_36_lines() {
    let readme = getting_started();
    let (_, first) = drivers_of_readme(&readme)[0];
    assert!(first.lines().count() <= 36, "{} lines", first.lines().count());
    for dependency in [
        "spotify-proto = { path = \"../spotify-proto\" }",
        "spotify-proto-testing = { path = \"../spotify-proto/testing\" }",
    ] {
        assert!(readme.contains(dependency), "missing dependency {dependency}");
    }
}

#[test]
fn a_driver_that_differs_from_its_example_is_detected() {
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
fn every_code_example_is_compiled_and_run() {
    let mut texts = sources();
    texts.push(("README.md".to_owned(), readme()));
    for name in files(&project("src/guide")) {
        let text =
            fs::read_to_string(project("src/guide").join(&name)).expect("the guide should be readable");
        texts.push((name, text));
    }
    let mut count = 0;
    for (file, text) in texts {
        for (line, words) in fences(&text) {
            count += 1;
            // An example with `compile_fail` is accepted, because its test fails if the code compiles.
            let is_left_out = words.split([',', ' ']).any(|it| ["no_run", "ignore"].contains(&it));
            assert!(!is_left_out, "{file}:{line}: the example is not run as a test");
        }
    }
    assert!(count > 40, "only {count} examples");
    assert_eq!(fences("/// ```no_run\n/// x\n/// ```\n//! ```text\n//! ```").len(), 2);
    assert_eq!(fences("```rust,ignore\n```"), [(1, "rust,ignore".to_owned())]);
}

#[test]
fn the_readme_has_at_most_90_lines_and_valid_links() {
    let readme = readme();
    assert!(readme.lines().count() <= 90, "{} lines", readme.lines().count());
    let targets: Vec<&str> = readme.split("](").skip(1).filter_map(|part| part.split(')').next()).collect();
    assert!(targets.len() > 3, "{targets:?}");
    for target in targets.into_iter().filter(|target| target.ends_with(".md")) {
        assert!(project(target).is_file(), "{target} does not exist");
    }
}

#[test]
fn the_readme_states_the_number_of_operations() {
    for number in numbers_before(&readme(), "operations") {
        assert_eq!(number, OPERATIONS.len(), "wrong number of operations in the README: {number}");
    }
    assert_eq!(numbers_before("all **96 operations**, 3 x", "operations"), [96]);
}

/// Returns the operations in the last column of the table of calls.
fn named_operations(guide: &str) -> Vec<&str> {
    let (_, calls) = guide.split_once("\n# Calls\n").expect("expected a section with the table of calls");
    let table = calls.trim_start().lines().take_while(|line| line.starts_with('|'));
    let ours = table.filter_map(|row| row.rsplit('|').nth(1));
    let words = ours.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    words.filter(|word| word.starts_with(char::is_uppercase)).collect()
}

#[test]
fn all_operations_on_the_page_about_rspotify_exist() {
    let guide =
        fs::read_to_string(project("src/guide/from_rspotify.md")).expect("the guide should be readable");
    let api = fs::read_to_string(project("src/api.rs")).expect("the list of operations should be readable");
    let exists = |name: &str| api.split(|c: char| !c.is_alphanumeric()).any(|word| word == name);
    let named = named_operations(&guide);
    for name in &named {
        assert!(exists(name.split("::").next().unwrap_or_default()), "{name} does not exist");
    }
    assert!(named.len() > 70, "only {} operations", named.len());
    assert_eq!(
        named_operations("\n# Calls\n\n| a | b |\n|---|---|\n| `x` | `Y`, `Z::z` or 1 |\n\n`W`"),
        ["Y", "Z::z"]
    );
    assert!(!exists("GetAlbumCover"));
}

// ── Documentation of items ────────────────────────────────────────────────────────────────────────────────────

/// Returns the documentation comments of items, each with the line number and the code line below the comment.
fn comments(text: &str) -> Vec<(usize, String, &str)> {
    let mut found: Vec<(usize, String, &str)> = Vec::new();
    let mut is_open = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(doc) = line.strip_prefix("///") {
            if !is_open {
                found.push((index + 1, String::new(), ""));
            }
            is_open = true;
            if let Some((_, comment, _)) = found.last_mut() {
                comment.push_str(doc.strip_prefix(' ').unwrap_or(doc));
                comment.push('\n');
            }
        } else if !line.starts_with("#[") {
            if let (true, Some((_, _, item))) = (is_open, found.last_mut()) {
                *item = line;
            }
            is_open = false;
        }
    }
    found
}

fn texts<'a>(scopes: impl Iterator<Item = &'a Scope>) -> BTreeSet<String> {
    scopes.map(|scope| scope.as_str().to_owned()).collect()
}

/// Checks the scopes and the reference link in the documentation of an operation; returns the operation's id and the
/// result.
fn check_scopes(comment: &str) -> Option<(String, Result<(), String>)> {
    const REFERENCE: &str = "[Reference](https://developer.spotify.com/documentation/web-api/reference/";
    let (_, after) = comment.split_once(REFERENCE)?;
    let (id, after) = after.split_once(").").expect("the link should end with a full stop");
    let check = || {
        let operation = OPERATIONS.iter().find(|it| it.id == id).ok_or("unknown operation")?;
        let (_, stated) = after.split_once("Scopes: ").ok_or("missing scopes")?;
        let stated = stated.split(".\n").next().unwrap_or_default().split(". ").next().unwrap_or_default();
        // The part after a semicolon lists optional scopes and their effects.
        let (needs, unlocks) = stated.split_once("; ").unwrap_or((stated, ""));
        let names = |text: &str| -> BTreeSet<String> {
            let is_scope = |word: &&str| Scope::ALL.iter().any(|scope| scope.as_str() == *word);
            text.split('`').filter(is_scope).map(str::to_owned).collect()
        };
        let requirement = &operation.scopes;
        let required = names(needs) == texts(requirement.all.iter().chain(requirement.any));
        // Spotify's page about scopes lists one more optional scope than the reference.
        let optional = names(unlocks).is_superset(&texts(requirement.optional.iter()));
        let is_none = requirement.all.is_empty() && requirement.any.is_empty();
        if !required || !optional || (needs == "none") != is_none {
            return Err(format!("expected {requirement:?}, got: {stated}"));
        }
        Ok(())
    };
    Some((id.to_owned(), check()))
}

#[test]
fn every_operation_documents_the_scopes_and_links_to_the_reference() {
    let mut stated = BTreeSet::new();
    for (file, text) in sources() {
        for (line, comment, _) in comments(&text) {
            if let Some((id, result)) = check_scopes(&comment) {
                assert_eq!(result, Ok(()), "{file}:{line}: {id}");
                stated.insert(id);
            }
        }
    }
    let all: BTreeSet<String> = OPERATIONS.iter().map(|operation| operation.id.to_owned()).collect();
    assert_eq!(stated, all);
}

#[test]
fn a_comment_with_wrong_scopes_is_detected() {
    let comment = |scopes: &str| {
        let link = "[Reference](https://developer.spotify.com/documentation/web-api/reference/get-queue).";
        check_scopes(&format!("Gets the queue.\n\n{link}\nScopes: {scopes}.\n"))
            .expect("expected a comment")
            .1
    };
    assert_eq!(comment("`user-read-currently-playing` and `user-read-playback-state`"), Ok(()));
    for other in [
        "none",
        "`user-read-currently-playing`",
        "`user-read-currently-playing`; `user-read-playback-state` unlocks more",
    ] {
        assert!(comment(other).is_err(), "{other}");
    }
}

/// Returns the reason why the first sentence of an item's documentation cannot stand alone; `None` if it can.
fn dependent_start(comment: &str) -> Option<&'static str> {
    const POINTING: [&str; 12] = [
        "it ",
        "its ",
        "they ",
        "their ",
        "whether it ",
        "whether there ",
        "how long it ",
        "how many there ",
        "how old it ",
        "what it ",
        "where it ",
        "when it ",
    ];
    let first = comment.split("\n\n").next().unwrap_or_default().trim_end();
    let is_begun = first.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '`');
    if !is_begun || !first.ends_with(['.', ':', ';', '?']) {
        return Some("the first paragraph is not a sentence");
    }
    let small = first.to_lowercase();
    POINTING
        .iter()
        .any(|words| small.starts_with(words))
        .then_some("the first sentence refers to another text")
}

#[test]
fn the_first_sentence_of_each_documented_public_item_stands_alone() {
    let mut count = 0;
    for (file, text) in sources() {
        for (line, comment, item) in comments(&text) {
            let is_field = item.contains(": ") && !item.contains(['(', '{', '=']);
            if item.starts_with("pub ") && !is_field && !comment.starts_with('\n') {
                count += 1;
                assert_eq!(dependent_start(&comment), None, "{file}:{line}: {comment}");
            }
        }
    }
    assert!(count > 300, "only {count} items");
    assert_eq!(dependent_start("An album.\n\nwhat else"), None);
    for comment in ["an album.", "An album", "Whether it is fresh.", "Its name."] {
        assert!(dependent_start(comment).is_some(), "{comment}");
    }
}
