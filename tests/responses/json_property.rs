//! Tests that models accept the same JSON as `serde_json`.

use http::Response;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop};
use proptest::sample::{Index, select};
use proptest::{prop_oneof, proptest};
use serde_json::Value;
use spotify_proto::api::OPERATIONS;
use spotify_proto::{DecodeError, Endpoint, FromResponse, with_endpoint};

/// Keys of many models, and a key that is not part of any model.
const KEYS: &[&str] = &[
    "actions",
    "added_at",
    "album",
    "albums",
    "artists",
    "available_markets",
    "chapters",
    "disallows",
    "duration_ms",
    "error",
    "external_ids",
    "external_urls",
    "followers",
    "genres",
    "id",
    "images",
    "item",
    "items",
    "markets",
    "name",
    "pitches",
    "release_date",
    "restrictions",
    "segments",
    "tracks",
    "type",
    "unknown",
    "uri",
];

/// Fixed values, some of which are not valid JSON.
const SCALARS: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1.5",
    "4.9E7",
    "18446744073709551616",
    "1e400",
    "01",
    "1.",
    "nul",
    "\"\"",
    "\"SE\"",
    "\"track\"",
    "\"2024-01-02\"",
    "\"spotify:track:6rqhFgbbKwnb9MLmUQDhG6\"",
    "\"\\u00e9\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\"",
    "\"\\x\"",
    "\"\u{1}\"",
    "\"ü\"",
    "[\"AD\",\"AE\"]",
    "[ \"AD\" , \"AE\" ]",
    "[\"AD\",\"ae\"]",
    "[\"AD\",1e400]",
    "[\"AD\" \"AE\"]",
    "{}",
    "[]",
];

/// Generates nested lists with depths around the parser's limit.
fn nest() -> impl Strategy<Value = String> {
    (110_usize..=130).prop_map(|depth| "[".repeat(depth) + &"]".repeat(depth))
}

fn value() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![60 => select(SCALARS).prop_map(str::to_owned), 1 => nest()];
    scalar.prop_recursive(5, 24, 4, |value| {
        let entry = (select(KEYS), value.clone()).prop_map(|(key, value)| format!("\"{key}\":{value}"));
        let joined = |parts: Vec<String>, blank: bool| parts.join(if blank { " , " } else { "," });
        prop_oneof![
            1 => (prop::collection::vec(value, 0..4), any::<bool>())
                .prop_map(move |(values, blank)| format!("[{}]", joined(values, blank))),
            3 => (prop::collection::vec(entry, 0..5), any::<bool>())
                .prop_map(move |(entries, blank)| format!("{{{}}}", joined(entries, blank))),
        ]
    })
}

/// Generates a string that may be valid JSON; sometimes one character is removed or replaced.
fn text() -> impl Strategy<Value = String> {
    let change = prop_oneof![
        Just(None),
        (any::<Index>(), select(vec!["", "\"", "{", "]", ",", "\\", "x"])).prop_map(Some)
    ];
    (value(), change).prop_map(|(text, change)| match change {
        None => text,
        Some((index, new)) => {
            let mut chars: Vec<String> = text.chars().map(String::from).collect();
            let place = index.index(chars.len());
            chars[place] = new.to_owned();
            chars.concat()
        }
    })
}

/// Decodes a string as the response of an operation, and discards the value.
fn decode(operation: &str, text: &str) -> Result<(), DecodeError> {
    with_endpoint!(
        operation,
        E => <E as Endpoint>::Output::from_response((&Response::new(text)).into()).map(drop),
        else panic!("unknown operation {operation}"),
    )
}

/// Returns whether the operation rejects empty bodies and bodies that are not JSON.
fn has_result(operation: &str) -> bool {
    decode(operation, "nul").is_err() && decode(operation, "").is_err()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn models_accept_a_string_as_json_if_and_only_if_serde_json_does(text in text()) {
        let value = serde_json::from_str::<Value>(&text);
        // Strings with these characters may be invalid, and only models repair such strings.
        let may_be_repaired = text.contains("\\u") || text.chars().any(|c| c < ' ');
        for operation in OPERATIONS.iter().filter(|operation| has_result(operation.id)) {
            // An error without a line number is a type error in valid JSON.
            let is_accepted = decode(operation.id, &text).map_or_else(|error| error.line() == 0, |()| true);
            if value.is_ok() || !may_be_repaired {
                assert_eq!(is_accepted, value.is_ok(), "{}: {text}", operation.id);
            }
        }
    }
}
