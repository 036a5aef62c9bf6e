//! Tests of the compiled program.

use std::fs;
use std::process::Command;

#[test]
fn the_error_contains_the_path_of_a_folder_that_cannot_be_created() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "not a folder").expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_cached")).arg(&file).output().expect("a built program");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let line = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(line.starts_with("cached: ") && line.contains(&*file.to_string_lossy()), "{line}");
    assert_eq!(line.lines().count(), 1, "{line}");
}

#[test]
fn responses_are_stored_and_revalidated() {
    let output = Command::new(env!("CARGO_BIN_EXE_cached")).output().expect("a built program");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("304"), "{text}");
}
