//! Tests of the operation tables in the documentation of `api`, and of the properties that the documentation of each
//! operation lists.

#![allow(deprecated, reason = "operations that are not available in development mode are documented too")]

use std::any::type_name;
use std::fs;

use spotify_proto::api::OPERATIONS;
use spotify_proto::{
    Endpoint, Operation, ParameterRule, QuotaMode, RequestRule, Scope, ScopeRequirement, with_endpoint,
};

use crate::support::project::{project, sources_of};

/// Groups of operations in the reference, in the order of the `api` documentation.
const GROUPS: [&str; 15] = [
    "Albums",
    "Artists",
    "Audiobooks",
    "Categories",
    "Chapters",
    "Episodes",
    "Genres",
    "Library",
    "Markets",
    "Player",
    "Playlists",
    "Search",
    "Shows",
    "Tracks",
    "Users",
];

/// A row of a table, without links.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Row {
    group: String,
    name: String,
    scopes: String,
    quota_mode: String,
    output: String,
}

impl Row {
    /// Returns the expected row of an operation.
    fn of(operation: &Operation) -> Self {
        let (path, output) = with_endpoint!(
            operation.id,
            E => (type_name::<E>(), type_name::<<E as Endpoint>::Output>()),
            else panic!("{} has no endpoint", operation.id)
        );
        let module = path.split("::").nth(2).expect("expected the module of an operation");
        let group = GROUPS.iter().find(|group| group.to_lowercase() == module).expect("expected a group");
        Self {
            group: (*group).to_owned(),
            name: without_paths(path),
            scopes: scopes(&operation.scopes),
            quota_mode: quota_mode(operation).to_owned(),
            output: without_paths(output),
        }
    }
}

/// Removes the module paths from a type name: `Option<Album>` for `core::option::Option<a::b::Album>`.
fn without_paths(name: &str) -> String {
    let is_boundary = |c: char| !(c.is_alphanumeric() || c == '_' || c == ':');
    name.split_inclusive(is_boundary).map(|part| part.rsplit("::").next().unwrap_or_default()).collect()
}

fn quota_mode(operation: &Operation) -> &'static str {
    if operation.quota_mode == QuotaMode::Extended { "extended" } else { "any" }
}

/// Returns a scope requirement in the form used in the documentation.
fn scopes(requirement: &ScopeRequirement) -> String {
    let all = listed(requirement.all, "and");
    let any = listed(requirement.any, "or");
    let required = match (all.is_empty(), any.is_empty()) {
        (true, true) => "none".to_owned(),
        (false, true) => all,
        (true, false) => any,
        (false, false) => format!("{all}, and {any}"),
    };
    let optional = listed(requirement.optional, "and");
    if optional.is_empty() { required } else { format!("{required}; optional {optional}") }
}

fn listed(scopes: &[Scope], conjunction: &str) -> String {
    let names: Vec<String> = scopes.iter().map(|scope| format!("`{}`", scope.as_str())).collect();
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {conjunction} {last}", others.join(", ")),
    }
}

/// Returns the rows of all tables in a module's documentation, in order.
fn rows(module: &str) -> Vec<Row> {
    let mut group = String::new();
    let mut rows = Vec::new();
    for line in module.lines().filter_map(|line| line.strip_prefix("//! ")) {
        if let Some(heading) = line.strip_prefix("## ") {
            group = heading.to_owned();
        }
        let cells: Vec<String> = line.trim_matches('|').split(" | ").map(without_link).collect();
        if let [name, scopes, quota_mode, output] = cells.as_slice() {
            if name.starts_with('`') {
                let plain = |cell: &str| cell.trim_matches('`').to_owned();
                rows.push(Row {
                    group: group.clone(),
                    name: plain(name),
                    scopes: scopes.clone(),
                    quota_mode: quota_mode.clone(),
                    output: plain(output),
                });
            }
        }
    }
    rows
}

/// Returns the link text of a cell, or the cell itself if it is not a link.
fn without_link(cell: &str) -> String {
    let cell = cell.trim();
    let text = cell.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(cell, |(text, _)| text);
    text.to_owned()
}

fn api() -> String {
    fs::read_to_string(project("src/api.rs")).expect("expected the module of the operations")
}

#[test]
fn every_operation_has_exactly_one_row_in_the_table_of_its_group() {
    let mut expected: Vec<Row> = OPERATIONS.iter().map(Row::of).collect();
    let mut listed = rows(&api());
    expected.sort();
    listed.sort();
    for (listed, expected) in listed.iter().zip(&expected) {
        assert_eq!(listed, expected);
    }
    assert_eq!(listed.len(), expected.len());
}

#[test]
fn the_groups_are_sorted_and_current_operations_come_first() {
    let rows = rows(&api());
    let mut groups: Vec<&str> = rows.iter().map(|row| row.group.as_str()).collect();
    groups.dedup();
    assert_eq!(groups, GROUPS);
    assert!(rows.is_sorted_by_key(|row| (row.group.as_str(), row.quota_mode != "any")));
}

#[test]
fn a_wrong_scope_and_a_duplicate_operation_in_a_table_are_detected() {
    let row = "//! | [`GetQueue`] | `a` and `b` | any | [`Queue`](crate::model::Queue) |\n";
    let head =
        "//! ## Player\n//!\n//! | Operation | Scopes | Quota mode | Output |\n//! |---|---|---|---|\n";
    let listed = rows(&format!("{head}{row}{row}//! | [`GetDevices`] | none | extended | `()` |\n"));
    let names: Vec<&str> = listed.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["GetQueue", "GetQueue", "GetDevices"]);
    let queue =
        OPERATIONS.iter().find(|it| it.id == "get-queue").map(Row::of).expect("expected the operation");
    assert_eq!(listed[0], Row { scopes: "`a` and `b`".to_owned(), ..queue.clone() });
    assert_ne!(listed[0], queue);
    assert_eq!(without_paths("core::option::Option<a::b::Page<a::C>>"), "Option<Page<C>>");
}

/// Returns the documentation comments in a file, each joined into one line.
fn comments(text: &str) -> Vec<String> {
    let mut comments = vec![String::new()];
    for line in text.lines().map(str::trim) {
        match (line.strip_prefix("///"), comments.last_mut()) {
            (Some(text), Some(comment)) => {
                comment.push_str(text.trim());
                comment.push(' ');
            }
            _ => comments.push(String::new()),
        }
    }
    comments.retain(|comment| !comment.is_empty());
    comments
}

/// Returns the required statements that are missing from the documentation of an operation.
fn missing_facts(comment: &str, operation: &Operation, rules: &[ParameterRule]) -> Vec<String> {
    let mut expected = vec![
        format!("* Scopes: {}", scopes(&operation.scopes)),
        format!("* Quota mode: {}.", quota_mode(operation)),
    ];
    let limits = comment.split_once("* Limits: ").map_or("", |(_, limits)| limits).replace(',', "");
    expected.retain(|fact| !comment.contains(fact.as_str()));
    for ParameterRule { parameter, rule, .. } in rules {
        let (min, max) = match rule {
            RequestRule::Range { min, max } => (*min, *max),
            RequestRule::TooMany { max } | RequestRule::TooLong { max } => (1, *max),
            other => panic!("{parameter}: {other:?}"),
        };
        let range = if min == max { format!("{max} ") } else { format!("{min} to {max} ") };
        if !limits.contains(&range) {
            expected.push(format!("* Limits: {range}for {parameter}"));
        }
    }
    expected
}

fn rules_of(operation: &Operation) -> &'static [ParameterRule] {
    with_endpoint!(operation.id, E => E::RULES, else panic!("{} has no endpoint", operation.id))
}

#[test]
fn the_documentation_of_every_operation_lists_scopes_quota_mode_and_limits() {
    let comments: Vec<String> = sources_of("src/api").iter().flat_map(|(_, text)| comments(text)).collect();
    for operation in OPERATIONS {
        let link = format!("web-api/reference/{})", operation.id);
        let of_operation: Vec<&String> = comments.iter().filter(|comment| comment.contains(&link)).collect();
        assert!(!of_operation.is_empty(), "{} is not documented", operation.id);
        for comment in of_operation {
            let missing = missing_facts(comment, operation, rules_of(operation));
            assert!(missing.is_empty(), "{}: {missing:#?} missing in: {comment}", operation.id);
        }
    }
}

#[test]
fn documentation_with_a_wrong_limit_is_detected() {
    let search = OPERATIONS.iter().find(|it| it.id == "search").expect("expected the operation");
    let comment = |limits: &str| format!("* Scopes: none. * Quota mode: any. * Limits: {limits}.");
    let missing = |comment: &str| missing_facts(comment, search, rules_of(search)).len();
    let right = "1 to 250 characters, 1 to 50 results of each type, offsets of 0 to 1,000 results";
    assert_eq!(missing(&comment(right)), 0);
    assert_eq!(missing(&comment(&right.replace("50 results", "5 results"))), 1);
    assert_eq!(missing(&comment(right).replace("any", "extended")), 1);
    assert_eq!(missing("* Scopes: `streaming`."), 5);
}
