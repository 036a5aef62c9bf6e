//! Test of the compiled program.

use std::process::Command;

#[test]
fn the_first_program_prints_an_album() {
    let output = Command::new(env!("CARGO_BIN_EXE_first")).output().expect("a built program");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    assert_eq!(output.stdout, b"Letters to the Tide, 11 tracks\n");
}
