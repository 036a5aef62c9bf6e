//! Imports between the files of `src`: they point down, and they form no circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::project::{code, sources};

/// The folders and files at the root of `src`, from the bottom to the top. A file imports from its own one and from
/// those before it.
const ROOMS: &[&str] = &[
    "wire", "types", "error", "limit", "model", "response", "endpoint", "api", "auth", "cache", "app",
    "session", "call", "pager", "driver",
];

/// Files that may import anything: the root of the crate and its guide.
const ROOTS: [&str; 2] = ["lib", "guide"];

/// A module as the path of its file: `types/id`.
type Module = String;

/// Returns the imports of each module. Comments and unit tests are left out.
///
/// Paths are read up to a group, so `use crate::types::{id, text}` is an import of `types`; the project does not write
/// such groups.
fn imports(sources: &[(String, String)]) -> BTreeMap<Module, BTreeSet<Module>> {
    let modules: BTreeSet<Module> = sources.iter().map(|(file, _)| module(file)).collect();
    let is_code = |file: &str| !file.split('/').any(|part| part == "tests" || part == "tests.rs");
    let files = sources.iter().filter(|(file, _)| is_code(file));
    files.map(|(file, text)| (module(file), imports_of(&module(file), text, &modules))).collect()
}

fn module(file: &str) -> Module {
    file.trim_end_matches(".rs").to_owned()
}

fn imports_of(own: &str, text: &str, modules: &BTreeSet<Module>) -> BTreeSet<Module> {
    let code = code(text);
    // `$crate` in an exported macro is a path for its callers.
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$';
    let paths = code.split(|c| !is_part(c)).filter(|word| word.contains("::"));
    paths.filter_map(|path| target(own, path, modules)).filter(|target| target != own).collect()
}

/// Returns the module that a path leads to: the file of its longest prefix; `None` for paths of other crates.
fn target(own: &str, path: &str, modules: &BTreeSet<Module>) -> Option<Module> {
    let mut parts = path.split("::").peekable();
    let mut base: Vec<&str> = match parts.next()? {
        "crate" => Vec::new(),
        "self" => own.split('/').collect(),
        "super" => own.rsplit_once('/').map(|(parent, _)| parent.split('/').collect()).unwrap_or_default(),
        _ => return None,
    };
    while parts.next_if_eq(&"super").is_some() {
        base.pop();
    }
    for part in parts {
        let next = base.iter().copied().chain([part]).collect::<Vec<_>>().join("/");
        if !modules.contains(&next) {
            break;
        }
        base.push(part);
    }
    Some(if base.is_empty() { "lib".to_owned() } else { base.join("/") })
}

/// Returns the imports that point up, `from -> to`.
fn upward(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let room = |module: &str| module.split('/').next().unwrap_or_default().to_owned();
    let level = |module: &str| ROOMS.iter().position(|name| *name == room(module));
    let mut found = Vec::new();
    for (from, targets) in imports.iter().filter(|(from, _)| !ROOTS.contains(&&*room(from))) {
        let Some(own) = level(from) else {
            found.push(format!("{from} is not among the rooms"));
            continue;
        };
        let is_up = |to: &&Module| level(to).is_none_or(|level| level > own);
        found.extend(targets.iter().filter(is_up).map(|to| format!("{from} -> {to}")));
    }
    found
}

/// Returns the modules that import each other in a circle. A module and the modules inside it count as one: Rust's
/// privacy treats them as one, and a parent exports what its children define.
fn circles(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<Module> {
    let is_family = |one: &str, other: &str| {
        one.starts_with(&format!("{other}/")) || other.starts_with(&format!("{one}/"))
    };
    let mut left: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, targets) in imports {
        let targets = targets.iter().filter(|to| !is_family(from, to) && imports.contains_key(*to));
        left.insert(from, targets.map(String::as_str).collect());
    }
    // A module that imports nothing, or is imported by nothing, is not in a circle.
    loop {
        let imported: BTreeSet<&str> = left.values().flatten().copied().collect();
        let done: Vec<&str> = left
            .iter()
            .filter(|(from, targets)| targets.is_empty() || !imported.contains(*from))
            .map(|(from, _)| *from)
            .collect();
        if done.is_empty() {
            return left.keys().map(|&module| module.to_owned()).collect();
        }
        for module in done {
            left.remove(module);
            for targets in left.values_mut() {
                targets.remove(module);
            }
        }
    }
}

#[test]
fn imports_point_down_and_form_no_circle() {
    let imports = imports(&sources());
    assert!(imports.values().map(BTreeSet::len).sum::<usize>() > 200, "imports are found");
    assert_eq!(upward(&imports), [""; 0]);
    assert_eq!(circles(&imports), [""; 0]);
}

#[test]
fn an_import_that_points_up_and_a_circle_are_found() {
    let planted = |files: &[(&str, &str)]| {
        let files: Vec<_> =
            files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
        imports(&files)
    };
    let rooms = [("types.rs", ""), ("types/id.rs", ""), ("model.rs", ""), ("session.rs", "")];
    for (file, text) in [
        ("types/text.rs", "use crate::model::Album;"),
        ("types/text.rs", "fn f() { super::super::session::Session::new(); }"),
        ("types/text.rs", "use crate::Album;"),
        ("model/album.rs", "use crate::session::Session;"),
        ("brand_new.rs", ""),
    ] {
        let files: Vec<_> = rooms.into_iter().chain([(file, text)]).collect();
        assert_eq!(upward(&planted(&files)).len(), 1, "{file}: {text}");
    }
    for (file, text) in [
        ("model/album.rs", "use crate::types::id::AlbumId; // use crate::session::Session;"),
        (
            "model/album.rs",
            "/// `crate::session`\nuse super::Page;\n\nmod tests {\n    use crate::session::Session;",
        ),
        ("session/login.rs", "use crate::model::Album;\nuse std::fmt;"),
    ] {
        let files: Vec<_> = rooms.into_iter().chain([(file, text)]).collect();
        assert_eq!(upward(&planted(&files)), [""; 0], "{file}: {text}");
    }
    for circle in [
        vec![("model/a.rs", "use super::b::B;"), ("model/b.rs", "use super::a::A;")],
        vec![
            ("model/a.rs", "use super::b::B;"),
            ("model/b.rs", "use crate::model::c;"),
            ("model/c.rs", "use super::a;"),
        ],
    ] {
        let names: Vec<&str> = circle.iter().map(|(file, _)| file.trim_end_matches(".rs")).collect();
        let files: Vec<_> = rooms.into_iter().chain(circle.iter().copied()).collect();
        assert_eq!(circles(&planted(&files)), names);
    }
    let family = [("model/a.rs", "use super::Page;"), ("model/b.rs", "use super::a::A;")];
    let files: Vec<_> = rooms.into_iter().chain(family).collect();
    assert_eq!(circles(&planted(&files)), [""; 0], "a child imports from its parent");
}
