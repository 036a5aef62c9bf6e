//! The source of the library as a tree of files, without comments and literals, and the paths it names.

use std::fs;
use std::path::{Path, PathBuf};

/// A path of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every file of a folder and its subfolders, with its path relative to the folder, sorted.
pub fn files(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{name}/"), found);
            } else {
                found.push(name);
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, "", &mut found);
    found.sort();
    found
}

/// The files of `src` with their texts.
pub fn sources() -> Vec<(String, String)> {
    let src = project("src");
    let read = |name: String| {
        let text = fs::read_to_string(src.join(&name)).expect("a source file is UTF-8");
        (name, text)
    };
    let all: Vec<_> = files(&src).into_iter().filter(|name| name.ends_with(".rs")).map(read).collect();
    assert!(all.len() > 20, "only {} source files in {}", all.len(), src.display());
    all
}

/// The code of a file: comments and the contents of literals are blank, lines stay where they are.
pub fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or('\0');
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    let blank = |out: &mut String, from: usize, to: usize| {
        out.extend(chars[from..to.min(chars.len())].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
    };
    while i < chars.len() {
        let start = i;
        let is_word = i > 0 && is_ident(at(i - 1));
        match at(i) {
            '/' if at(i + 1) == '/' => {
                while i < chars.len() && at(i) != '\n' {
                    i += 1;
                }
            }
            '/' if at(i + 1) == '*' => {
                let mut depth = 0;
                while i < chars.len() {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        _ => i += 1,
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
            'r' if !is_word && raw_hashes(&chars, i + 1).is_some() => i = raw_end(&chars, i + 1),
            'b' if !is_word && at(i + 1) == 'r' && raw_hashes(&chars, i + 2).is_some() => {
                i = raw_end(&chars, i + 2);
            }
            '"' => {
                i += 1;
                while i < chars.len() && at(i) != '"' {
                    i += if at(i) == '\\' { 2 } else { 1 };
                }
                i += 1;
            }
            // A character, not a lifetime.
            '\'' if at(i + 1) == '\\' => {
                i += 3;
                while i < chars.len() && at(i) != '\'' {
                    i += 1;
                }
                i += 1;
            }
            '\'' if at(i + 2) == '\'' => i += 3,
            c => {
                out.push(c);
                i += 1;
                continue;
            }
        }
        blank(&mut out, start, i);
    }
    out
}

fn raw_hashes(chars: &[char], from: usize) -> Option<usize> {
    let hashes = chars[from.min(chars.len())..].iter().take_while(|c| **c == '#').count();
    (chars.get(from + hashes) == Some(&'"')).then_some(hashes)
}

fn raw_end(chars: &[char], from: usize) -> usize {
    let hashes = raw_hashes(chars, from).unwrap_or(0);
    let mut i = from + hashes + 1;
    while i < chars.len() {
        if chars[i] == '"' && chars[i + 1..].iter().take_while(|c| **c == '#').count() >= hashes {
            return i + 1 + hashes;
        }
        i += 1;
    }
    i
}

pub fn is_ident(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A path that code names, and the line it stands on.
#[derive(Debug)]
pub struct Named {
    pub line: usize,
    pub path: Vec<String>,
    /// Modules that the file opens around the path: `super` counts from there.
    pub inside: Vec<String>,
}

/// Every path of two or more parts in the code of a file; `use` trees are taken apart.
pub fn paths(text: &str) -> Vec<Named> {
    let tokens = tokens(&code(text));
    let mut found = Vec::new();
    let mut braces: Vec<Option<String>> = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let word = |i: usize| tokens.get(i).map_or("", |(_, token)| token.as_str());
        match word(i) {
            "mod" if word(i + 2) == "{" => {
                braces.push(Some(word(i + 1).to_owned()));
                i += 3;
            }
            "{" => {
                braces.push(None);
                i += 1;
            }
            "}" => {
                braces.pop();
                i += 1;
            }
            // `pub(in crate::auth)` says who may see, it uses nothing.
            "in" if i > 0 && word(i - 1) == "(" => {
                while i < tokens.len() && word(i) != ")" {
                    i += 1;
                }
            }
            "use" => {
                let inside: Vec<String> = braces.iter().flatten().cloned().collect();
                let mut leaves = Vec::new();
                i = tree(&tokens, i + 1, &[], &mut leaves);
                found.extend(leaves.into_iter().map(|(line, path)| Named {
                    line,
                    path,
                    inside: inside.clone(),
                }));
            }
            token if token.starts_with(is_ident) && word(i + 1) == "::" => {
                let inside = braces.iter().flatten().cloned().collect();
                let line = tokens[i].0;
                let mut path = vec![token.to_owned()];
                while word(i + 1) == "::" && word(i + 2).starts_with(is_ident) {
                    path.push(word(i + 2).to_owned());
                    i += 2;
                }
                i += 1;
                found.push(Named { line, path, inside });
            }
            _ => i += 1,
        }
    }
    found
}

/// Reads one `use` tree from a token on; returns the token after it.
fn tree(
    tokens: &[(usize, String)],
    mut i: usize,
    prefix: &[String],
    leaves: &mut Vec<(usize, Vec<String>)>,
) -> usize {
    let mut path = prefix.to_vec();
    let start = tokens.get(i).map_or(0, |(line, _)| *line);
    while let Some((_, token)) = tokens.get(i) {
        match token.as_str() {
            "::" => i += 1,
            "{" => {
                i += 1;
                while tokens.get(i).is_some_and(|(_, token)| token != "}") {
                    i = tree(tokens, i, &path, leaves);
                    if tokens.get(i).is_some_and(|(_, token)| token == ",") {
                        i += 1;
                    }
                }
                return i + 1;
            }
            "as" => i += 2,
            word if word.starts_with(is_ident) || word == "*" => {
                path.push(word.to_owned());
                i += 1;
            }
            _ => break,
        }
    }
    leaves.push((start, path));
    i
}

/// Identifiers, `::` and single punctuation, with their lines; `r#x` is `x`, `$crate` is `crate`.
fn tokens(code: &str) -> Vec<(usize, String)> {
    let chars: Vec<char> = code.chars().collect();
    let (mut i, mut line, mut found) = (0, 1, Vec::new());
    while i < chars.len() {
        let c = chars[i];
        if is_ident(c) {
            let end = (i..chars.len()).find(|end| !is_ident(chars[*end])).unwrap_or(chars.len());
            let word: String = chars[i..end].iter().collect();
            if word == "r" && chars.get(end) == Some(&'#') {
                i = end + 1;
                continue;
            }
            found.push((line, word));
            i = end;
            continue;
        }
        if c == ':' && chars.get(i + 1) == Some(&':') {
            found.push((line, "::".to_owned()));
            i += 2;
            continue;
        }
        if c == '\n' {
            line += 1;
        } else if !c.is_whitespace() && c != '$' {
            found.push((line, c.to_string()));
        }
        i += 1;
    }
    found
}

#[test]
fn comments_and_literals_are_not_code() {
    let text = "a // b\n/* c /* d */ e */ f \"g \\\" h\" r#\"i \" j\"# 'k' '\\n' l::<'m>() b\"n\" // o";
    let words: Vec<_> = tokens(&code(text)).into_iter().filter(|(_, t)| t.starts_with(is_ident)).collect();
    let words: Vec<_> = words.iter().map(|(line, word)| (*line, word.as_str())).collect();
    assert_eq!(words, [(1, "a"), (2, "f"), (2, "l"), (2, "m"), (2, "b")]);
}

/// The text above a file's unit tests, which may use anything.
pub fn without_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod ").next().unwrap_or(text)
}

#[test]
fn use_trees_are_taken_apart() {
    let text =
        "use crate::{a, b::{self, C as D}, e::*};\nmod tests { use super::*; fn f() { $crate::g::h(); } }";
    let named: Vec<_> =
        paths(text).into_iter().map(|it| (it.line, it.path.join("::"), it.inside.join("::"))).collect();
    let named: Vec<_> = named.iter().map(|(line, path, inside)| (*line, &**path, &**inside)).collect();
    let expected = [
        (1, "crate::a", ""),
        (1, "crate::b::self", ""),
        (1, "crate::b::C", ""),
        (1, "crate::e::*", ""),
        (2, "super::*", "tests"),
        (2, "crate::g::h", "tests"),
    ];
    assert_eq!(named, expected);
}
