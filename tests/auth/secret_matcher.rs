//! Tests of the search for secrets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use spotify_proto::SecretMatcher;

const TOKEN: &str = "BQDk-Pl4nted_Access.Token~x7Yh3Lq9Rw2Ts5Vb8Nm4Kj6Gf1Dz0";

fn matcher() -> SecretMatcher {
    matcher_of(&[TOKEN, "5ec2e700c0ffee11d00dfeed5ec2e7aa", "hunter2x7"])
}

fn matcher_of(secrets: &[impl AsRef<str>]) -> SecretMatcher {
    let mut matcher = SecretMatcher::default();
    secrets.iter().for_each(|secret| matcher.insert(secret.as_ref()));
    matcher
}

#[test]
fn a_secret_is_found_in_every_encoding() {
    let matcher = matcher();
    let percent: String = TOKEN.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let json: String = TOKEN.bytes().map(|byte| format!("\\u{byte:04X}")).collect();
    let html: String = TOKEN.bytes().map(|byte| format!("&#{byte};")).collect();
    let hex: String = TOKEN.bytes().map(|byte| format!("&#x{byte:x};")).collect();
    let split = |separator: &str| TOKEN.chars().map(|c| format!("{c}{separator}")).collect::<String>();
    let base64 = |before: &str| STANDARD_NO_PAD.encode(format!("{before}{TOKEN}!"));
    for text in [
        TOKEN.to_owned(),
        TOKEN.to_lowercase(),
        percent.clone(),
        percent.replace('%', "%25"),
        percent.replace('%', "%2525"),
        json.clone(),
        json.replace('\\', "\\\\\\"),
        html,
        hex,
        base64(""),
        base64("a"),
        base64("id"),
        base64("abc").replace('+', "-").replace('/', "_"),
        split(":"),
        split(", "),
        split("…"),
        split("\n"),
        split("\\n"),
        split("\\\\r\\\\n"),
        split("&nbsp;"),
        split("\u{200b}"),
    ] {
        let shown = matcher.redact(&text);
        assert!(shown.chars().filter(char::is_ascii_alphanumeric).count() < 12, "{text}: {shown}");
    }
    assert_eq!(matcher.redact("no hunter2x7!"), "no …!");
    assert_eq!(matcher.redact("5ec2e700c0ffee11, d00dfeed5ec2e7aa & x"), "… & x");
}

/// Redacts the letters and digits of a text by comparing each run with each secret.
fn redact_by_comparing(secrets: &[String], text: &str) -> String {
    let mut is_secret = vec![false; text.len()];
    for secret in secrets {
        let len = secret.len().min(12);
        if len < 8 {
            continue;
        }
        for part in secret.as_bytes().windows(len) {
            for (at, _) in text.as_bytes().windows(len).enumerate().filter(|(_, run)| *run == part) {
                is_secret[at..at + len].fill(true);
            }
        }
    }
    let runs = is_secret.chunk_by(|a, b| a == b).scan(0, |at, run| {
        *at += run.len();
        Some(if run[0] { "…" } else { &text[*at - run.len()..*at] })
    });
    runs.collect()
}

/// Secrets, and a text of parts of secrets and other letters.
fn secrets_and_text() -> impl Strategy<Value = (Vec<String>, String)> {
    let secret = prop_oneof!["[ab]{0,13}", "[ab]{0,13}[az09]{0,30}"];
    let parts = vec((any::<Index>(), 0..20_usize, 0..20_usize, "[ab]{0,3}"), 0..6);
    (vec(secret, 1..4), parts).prop_map(|(secrets, parts)| {
        let part = |(index, at, len, other): (Index, usize, usize, String)| {
            let secret: String = index.get(&secrets).chars().skip(at).take(len).collect();
            secret + &other
        };
        let text = parts.into_iter().map(part).collect();
        (secrets, text)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn the_search_equals_a_comparison_with_each_secret((secrets, text) in secrets_and_text()) {
        prop_assert_eq!(matcher_of(&secrets).redact(&text), redact_by_comparing(&secrets, &text));
    }
}

#[test]
fn texts_without_a_secret_are_unchanged() {
    let matcher = matcher();
    for text in ["", "hunter2", "100 % of \\u00e4 & b; BQDk", "&#65", "%4", "%25", "\\", "é%", "\\u12"] {
        assert_eq!(matcher.redact(text), text);
    }
    assert_eq!(SecretMatcher::default().redact(TOKEN), TOKEN);
    assert_eq!(matcher_of(&["secret"]).redact("client secret"), "client secret");
}
