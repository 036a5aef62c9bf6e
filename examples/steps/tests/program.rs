//! Test of the compiled program.

use std::process::Command;

#[test]
fn every_kind_of_step_is_printed_and_the_tokens_are_saved() {
    let output = Command::new(env!("CARGO_BIN_EXE_steps")).output().expect("a built program");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    for line in
        ["authorize", "  save the tokens", "send get-an-album", "wait ", "Letters to the Tide, 11 tracks"]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.ends_with("tokens saved: true\n"), "{text}");
}
