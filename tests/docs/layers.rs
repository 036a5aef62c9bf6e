//! Tests that imports between the files of `src` point to lower layers and do not form cycles.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::project::{code, sources};

/// The folders and files at the root of `src`, by layer, from the lowest to the highest layer. A file may import from
/// its own layer and from lower layers.
const LAYERS: &[&str] = &[
    "wire", "types", "error", "limit", "model", "response", "endpoint", "api", "auth", "cache", "app",
    "session", "call", "pager", "driver",
];

/// Files that may import anything: the crate root and the guide.
const ROOTS: [&str; 2] = ["lib", "guide"];

/// The path of a module's file, for example `types/id`.
type Module = String;

/// Returns the imports of each module. Comments and unit tests are skipped.
///
/// A path ends at a group, so `use crate::types::{id, text}` would count as an import of `types`; the project does not
/// use such groups.
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
    // A path with `$crate` in an exported macro is resolved for the macro's callers.
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$';
    let paths = code.split(|c| !is_part(c)).filter(|word| word.contains("::"));
    paths.filter_map(|path| target(own, path, modules)).filter(|target| target != own).collect()
}

/// Returns the module that a path refers to: the longest prefix that is a file. Returns `None` for paths in other
/// crates.
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

/// Returns the imports from higher layers, in the form `from -> to`.
fn upward(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let layer = |module: &str| module.split('/').next().unwrap_or_default().to_owned();
    let level = |module: &str| LAYERS.iter().position(|name| *name == layer(module));
    let mut found = Vec::new();
    for (from, targets) in imports.iter().filter(|(from, _)| !ROOTS.contains(&&*layer(from))) {
        let Some(own) = level(from) else {
            found.push(format!("{from} is not in a known layer"));
            continue;
        };
        let is_up = |to: &&Module| level(to).is_none_or(|level| level > own);
        found.extend(targets.iter().filter(is_up).map(|to| format!("{from} -> {to}")));
    }
    found
}

/// Returns the modules that are part of an import cycle. Imports between a module and its submodules are ignored,
/// because submodules can access private items of the parent, and a parent re-exports items of its submodules.
fn cycles(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<Module> {
    let is_family = |one: &str, other: &str| {
        one.starts_with(&format!("{other}/")) || other.starts_with(&format!("{one}/"))
    };
    let mut left: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, targets) in imports {
        let targets = targets.iter().filter(|to| !is_family(from, to) && imports.contains_key(*to));
        left.insert(from, targets.map(String::as_str).collect());
    }
    // A module without imports and a module that no other module imports are not in a cycle.
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
fn imports_point_to_lower_layers_and_do_not_form_a_cycle() {
    let imports = imports(&sources());
    assert!(imports.values().map(BTreeSet::len).sum::<usize>() > 200, "too few imports found");
    assert_eq!(upward(&imports), [""; 0]);
    assert_eq!(cycles(&imports), [""; 0]);
}

#[test]
fn an_import_from_a_higher_layer_and_a_cycle_are_detected() {
    let planted = |files: &[(&str, &str)]| {
        let files: Vec<_> =
            files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
        imports(&files)
    };
    let layers = [("types.rs", ""), ("types/id.rs", ""), ("model.rs", ""), ("session.rs", "")];
    for (file, text) in [
        ("types/text.rs", "use crate::model::Album;"),
        ("types/text.rs", "fn f() { super::super::session::Session::new(); }"),
        ("types/text.rs", "use crate::Album;"),
        ("model/album.rs", "use crate::session::Session;"),
        ("brand_new.rs", ""),
    ] {
        let files: Vec<_> = layers.into_iter().chain([(file, text)]).collect();
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
        let files: Vec<_> = layers.into_iter().chain([(file, text)]).collect();
        assert_eq!(upward(&planted(&files)), [""; 0], "{file}: {text}");
    }
    for cycle in [
        vec![("model/a.rs", "use super::b::B;"), ("model/b.rs", "use super::a::A;")],
        vec![
            ("model/a.rs", "use super::b::B;"),
            ("model/b.rs", "use crate::model::c;"),
            ("model/c.rs", "use super::a;"),
        ],
    ] {
        let names: Vec<&str> = cycle.iter().map(|(file, _)| file.trim_end_matches(".rs")).collect();
        let files: Vec<_> = layers.into_iter().chain(cycle.iter().copied()).collect();
        assert_eq!(cycles(&planted(&files)), names);
    }
    let family = [("model/a.rs", "use super::Page;"), ("model/b.rs", "use super::a::A;")];
    let files: Vec<_> = layers.into_iter().chain(family).collect();
    assert_eq!(cycles(&planted(&files)), [""; 0], "a child may import from its parent");
}
