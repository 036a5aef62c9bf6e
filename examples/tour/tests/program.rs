//! The program as a user runs it.

use example_job::checks::Output;

#[test]
fn the_job_is_done_and_every_exchange_is_shown() {
    let output = Output::of(env!("CARGO_BIN_EXE_tour"), []);
    assert_eq!(output.after_job(), [""; 0]);
    for line in
        [" → POST https://accounts.spotify.com/api/token", " ← 304 Not Modified", " ← 429 Too Many Requests"]
    {
        assert!(output.out.contains(line), "{line}: {}", output.out);
    }
}
