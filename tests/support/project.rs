//! Access to the files of the project.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the absolute path of a project file.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Returns the sorted paths of all files in a folder and its subfolders, relative to the folder.
pub fn files(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) {
        for entry in
            fs::read_dir(folder).expect("expected a folder").map(|entry| entry.expect("expected an entry"))
        {
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

/// Returns the names and contents of the files in `src`.
pub fn sources() -> Vec<(String, String)> {
    sources_of("src")
}

/// Returns the names and contents of all Rust files in a folder.
pub fn sources_of(folder: &str) -> Vec<(String, String)> {
    let src = project(folder);
    let read = |name: String| {
        let text = fs::read_to_string(src.join(&name)).expect("source files should be UTF-8");
        (name, text)
    };
    let all: Vec<_> = files(&src).into_iter().filter(|name| name.ends_with(".rs")).map(read).collect();
    assert!(all.len() > 20, "only {} source files in {}", all.len(), src.display());
    all
}

/// Returns the code of a file without comments and unit tests.
pub fn code(text: &str) -> String {
    // Unit tests are at the end of a file.
    let end = text.find("\nmod tests {").unwrap_or(text.len());
    let lines = text.get(..end).unwrap_or_default().lines();
    lines.map(|line| line.split("//").next().unwrap_or_default()).flat_map(|line| [line, "\n"]).collect()
}
