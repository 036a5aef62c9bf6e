//! Test of the compiled program.

use std::process::Command;

/// The lines that the program prints in addition to requests, responses and delays.
const RESULTS: &[&str] = &[
    "== An album, and a token for the request",
    "Letters to the Tide (2021-03-19), 11 tracks",
    "== An artist's albums, page by page",
    "29 albums: Letters to the Tide, “Winter” – Garden, Borrowed Almanac, …",
    "the list is complete",
    "== The album again, revalidated",
    "Letters to the Tide: unchanged, a 304 without a body",
    "== A track, despite a rate limit",
    "Low Water, 121 s",
    "== Two errors",
    "an id that is too short: expected the album id of 22 letters and digits, a spotify:album:… URI or an \
     open.spotify.com/album/… URL, found 21 characters",
    "an unknown id: spotify responded with 404: Resource not found",
];

#[test]
fn the_results_and_every_exchange_are_printed() {
    let output = Command::new(env!("CARGO_BIN_EXE_tour")).output().expect("a built program");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let results: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with(' ')).collect();
    assert_eq!(results, RESULTS);
    for line in [
        " → POST https://accounts.spotify.com/api/token",
        "   a token, valid for 3600 s",
        " ← 304 Not Modified",
        " ← 429 Too Many Requests",
        "   … wait 5.",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
}
