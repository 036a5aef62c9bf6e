//! Layers point down: what each file may use, as a table.

use std::collections::BTreeMap;

use crate::docs::source::{paths, sources, without_tests};

/// Data and its spelling: layer 0 but for the models.
const L0: &[&str] = &[
    "bounded",
    "encode",
    "id",
    "json",
    "language",
    "lenient",
    "link",
    "market",
    "open",
    "origin",
    "reference",
    "secret",
    "text",
    "time",
    "version",
];

/// Who may use whom beside layer 0; a module may always use itself. `auth/*` is every file of `auth`.
const TABLE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("endpoint", &["model", "response", "error", "auth/scope"]),
    ("response", &["endpoint", "error", "auth/scope"]),
    ("error", &["endpoint", "response", "auth/scope", "limit"]),
    ("api", &["endpoint", "response", "error", "model", "auth/scope"]),
    ("auth", &["auth/*"]),
    ("auth/scope", &["auth/scope/requirement"]),
    ("auth/scope/requirement", &["auth/scope"]),
    ("auth/pkce", &[]),
    ("auth/redirect", &[]),
    ("auth/grant", &["error", "endpoint", "auth/redirect", "auth/scope"]),
    ("auth/login", &["app", "error", "auth/grant", "auth/pkce", "auth/redirect", "auth/scope"]),
    ("auth/tokens", &["error", "endpoint", "auth/grant", "auth/scope"]),
    ("auth/token_machine", &["error", "limit", "auth/grant", "auth/tokens"]),
    ("cache", &["error", "endpoint", "response"]),
    ("limit", &["error", "endpoint"]),
    ("app", &["limit", "auth/grant"]),
    ("session", &["app", "auth/grant", "auth/token_machine", "auth/tokens", "error"]),
    ("call", &["endpoint", "response", "session", "app", "cache", "limit", "error", "auth/token_machine"]),
    ("pager", &["endpoint", "error", "model"]),
    (
        "driver",
        &["pager", "call", "session", "app", "cache", "limit", "endpoint", "error", "model", "auth/tokens"],
    ),
    ("fake", &["*"]),
    ("recording", &["*"]),
    ("guide", &[]),
    ("lib", &["*"]),
];

/// The module that a file of `src` is: its folder for all but `auth`, whose files have rows of their own.
fn module(file: &str) -> String {
    let path = file.trim_end_matches(".rs");
    match path.split_once('/') {
        Some((top, rest)) if top != "auth" => {
            debug_assert!(!rest.is_empty());
            top.to_owned()
        }
        _ => path.to_owned(),
    }
}

/// What a file uses against the table: one text a fault.
///
/// `names` tells the module that a name of the crate's root comes from.
fn faults(file: &str, text: &str, names: &BTreeMap<String, String>) -> Vec<String> {
    let own = module(file);
    let row = TABLE.iter().find(|(name, _)| *name == own).map(|(_, may)| *may);
    let may: &[&str] = match row {
        Some(may) => may,
        None if L0.contains(&&*own) => &[],
        None => return vec![format!("{file}: not in the table of layers")],
    };
    let is_allowed = |target: &str| {
        target == own
            || L0.contains(&target)
            || may.contains(&target)
            || may.contains(&"*")
            || (may.contains(&"auth/*") && target.starts_with("auth/"))
    };
    let mut here: Vec<String> = match file {
        "lib.rs" => Vec::new(),
        _ => file.trim_end_matches(".rs").split('/').map(str::to_owned).collect(),
    };
    let depth = here.len();
    let mut found = Vec::new();
    for named in paths(without_tests(text)) {
        here.truncate(depth);
        here.extend(named.inside.iter().cloned());
        let Some(path) = absolute(&here, &named.path) else { continue };
        let Some(target) = target(&path, names) else { continue };
        if !is_allowed(&target) {
            found.push(format!("{file}:{}: {own} uses {target}", named.line));
        }
    }
    found
}

/// The path from the crate's root; `None` for paths of other crates and of the file itself.
fn absolute(here: &[String], path: &[String]) -> Option<Vec<String>> {
    let mut from = match path.first()?.as_str() {
        "crate" => return Some(path[1..].to_vec()),
        "self" => here.to_vec(),
        "super" => here[..here.len().checked_sub(1)?].to_vec(),
        _ => return None,
    };
    for part in &path[1..] {
        if part == "super" {
            from.pop()?;
        } else {
            from.push(part.clone());
        }
    }
    Some(from)
}

/// The module that a path from the root leads to.
fn target(path: &[String], names: &BTreeMap<String, String>) -> Option<String> {
    let first = path.first()?;
    if first == "auth" {
        let file = path.get(1).map(|second| format!("auth/{second}"));
        let is_file = |file: &String| TABLE.iter().any(|(name, _)| name == file);
        return Some(file.filter(is_file).unwrap_or_else(|| "auth".to_owned()));
    }
    let is_module = L0.contains(&&**first) || TABLE.iter().any(|(name, _)| name == first);
    if is_module { Some(first.clone()) } else { names.get(first).cloned() }
}

/// The names that `lib.rs` lifts to the root, with the modules they come from.
fn root_names(lib: &str) -> BTreeMap<String, String> {
    let lifted = paths(lib).into_iter().filter(|it| it.path.len() > 1);
    let known: BTreeMap<String, String> = BTreeMap::new();
    lifted
        .filter_map(|it| {
            let from = if it.path[0] == "crate" { &it.path[1..] } else { &it.path[..] };
            Some((it.path.last()?.clone(), target(from, &known)?))
        })
        .collect()
}

#[test]
fn layers_point_down() {
    let sources = sources();
    let lib = sources.iter().find(|(file, _)| file == "lib.rs").expect("the crate's root");
    let names = root_names(&lib.1);
    assert_eq!(names.get("Endpoint").map(String::as_str), Some("endpoint"), "names of the root are known");
    let found: Vec<_> = sources.iter().flat_map(|(file, text)| faults(file, text, &names)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_planted_violation_is_found() {
    let names =
        root_names("mod session;\npub use session::Session;\npub use endpoint::{Endpoint, Operation};");
    let count = |file: &str, text: &str| faults(file, text, &names).len();
    for (file, text) in [
        ("time.rs", "use crate::simulation::histories::Album;"),
        ("model/album.rs", "use crate::api::GetAlbum;"),
        ("model/album.rs", "fn f() { super::super::session::Session::new(); }"),
        ("model/album.rs", "use crate::{id::AlbumId, session};"),
        ("api/albums.rs", "use crate::auth::grant::Grant;"),
        ("api/albums.rs", "use crate::cache;"),
        ("api/albums.rs", "fn f(_: crate::Session) {}"),
        ("auth/login.rs", "use crate::auth::tokens::Tokens;"),
        ("auth/grant.rs", "use crate::auth::{pkce::Verifier, scope::Scope};"),
        ("auth/grant.rs", "use crate::auth::login::Login;"),
        ("auth/tokens.rs", "use crate::limit::RateLimiter;"),
        ("auth/token_machine.rs", "use crate::app::App;"),
        ("cache/entry.rs", "use crate::limit::RateLimiter;"),
        ("limit/retry.rs", "fn f() { crate::cache::f(); }"),
        ("limit/queue.rs", "use crate::app::App;"),
        ("limit.rs", "use crate::session::Session;"),
        ("app.rs", "use crate::session::Session;"),
        ("app.rs", "use crate::auth::tokens::Tokens;"),
        ("language.rs", "use crate::app::App;"),
        ("session/token_step.rs", "use crate::limit::RateLimiter;"),
        ("session/token_step.rs", "use crate::call::Call;"),
        ("session.rs", "use crate::simulation::histories::Album;"),
        ("session.rs", "use crate::call::Call;"),
        ("call.rs", "use crate::api::GetAlbum;"),
        ("call.rs", "use crate::auth::grant::Grant;"),
        ("call/machine.rs", "use crate::driver::Driver;"),
        ("pager.rs", "use crate::call::Call;"),
        ("driver/pages.rs", "use crate::auth::token_machine::Lease;"),
        ("call.rs", "mod tests { use super::super::fake; }"),
        ("response.rs", "use crate::fake::Fake;"),
        ("brand_new.rs", ""),
    ] {
        assert_eq!(count(file, text), 1, "{file}: {text}");
    }
    for (file, text) in [
        ("time.rs", "use crate::wire::lenient::Read; // use crate::session::Session;"),
        ("time.rs", "/// crate::session::Session\nfn f() { \"crate::session\"; }"),
        ("model/album.rs", "use super::artist::Artist; use crate::types::text::Text;"),
        ("api/albums.rs", "use crate::types::scope::Scope; use crate::Endpoint;"),
        ("auth/login.rs", "use super::scope::Scope;"),
        ("auth.rs", "use self::grant::Grant;"),
        (
            "time.rs",
            "fn f() {}\n\n#[cfg(test)]\nmod tests {\n    use crate::simulation::histories::Album;\n}",
        ),
        ("session.rs", "use crate::auth::grant::Grant; mod tests { use super::*; }"),
        ("error/limit.rs", "use crate::limit::Delay;"),
        ("driver.rs", "use crate::{App, Pager}; use crate::call::Call;"),
        ("fake/users.rs", "use crate::{api, call, model};"),
    ] {
        assert_eq!(count(file, text), 0, "{file}: {text}");
    }
}
