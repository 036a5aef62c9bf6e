//! Against `serde_json`, which has the last word about every text.

use super::*;
use proptest::prelude::*;
use serde_json::Value;
use std::marker::PhantomData;

/// The same value, or a fault in both.
fn agree(text: &str) {
    let own = read(PhantomData::<Value>, text);
    match (&own, serde_json::from_str::<Value>(text)) {
        (Ok(own), Ok(value)) => {
            assert_eq!(*own, value, "{text}");
            assert_eq!(own.to_string(), value.to_string(), "{text}, to the sign of a zero");
        }
        (Err(Fault), Err(_)) => {}
        (own, value) => panic!("{text}: {own:?}, serde_json: {value:?}"),
    }
}

#[test]
fn texts_are_read_as_serde_json_reads_them() {
    for text in [
        "",
        " ",
        "{}",
        "[]",
        "null",
        "nul",
        "nulll",
        "true",
        "false",
        "tru",
        "1 2",
        "{} x",
        "\u{feff}{}",
        r#"{"a": 1, "b": [null, true, false, {}], "c": "x"}"#,
        r#" { "a" : [ 1 , 2 ] } "#,
        "[1,]",
        "[,1]",
        "[1 2]",
        "[",
        "]",
        "[1",
        "[1}",
        "{",
        "}",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"{,"a":1}"#,
        r#"{"a":1]"#,
        r#"{"a" 1}"#,
        r#"{a:1}"#,
        r#"{1:1}"#,
        r#"{"a":1 "b":2}"#,
        r#"{"a":1,,"b":2}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"\u0061":1}"#,
        r#"{"a\"":1}"#,
        "[\n        \t        1\r\n]",
        "[\u{b}1]",
        "[\u{a0}1]",
    ] {
        agree(text);
    }
}

#[test]
fn strings_are_read_as_serde_json_reads_them() {
    for text in [
        r#""""#,
        r#"""#,
        r#""a"#,
        r#""a\""#,
        r#""ünï ☂ 𝄞""#,
        r#""\"\\\/\b\f\n\r\t""#,
        r#""\x""#,
        r#""\'""#,
        r#""\u00e9""#,
        r#""\u0000""#,
        r#""\u12""#,
        r#""\u12g4""#,
        r#""\u+123""#,
        r#""\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\ud83dx""#,
        r#""\ud83d\u0061""#,
        r#""\ud83d\ud83d""#,
        r#""\ude00""#,
        r#""\ud83d\n""#,
        r#""\U0061""#,
        "\"\t\"",
        "\"\u{1f}\"",
        "\"\u{7f}\"",
        "\"1234567\"",
        "\"12345678\"",
        "\"123456789\"",
        "\"1234567\\n\"",
        "\"12345678\\n9\"",
    ] {
        agree(text);
    }
    // Each end at each place of the eight bytes that are looked at at once, each byte before it.
    for (place, before) in (0..20).flat_map(|place| (' '..='\u{ff}').map(move |before| (place, before))) {
        for end in ["\"", "\\n\"", "\u{1f}\"", "\u{0}"] {
            agree(&format!("\"{}{end}", before.to_string().repeat(place)));
        }
    }
}

#[test]
fn numbers_are_read_as_serde_json_reads_them() {
    for text in [
        "0",
        "-0",
        "-0.0",
        "00",
        "01",
        "-01",
        "-",
        "+1",
        "1.",
        ".5",
        "1.e3",
        "1e",
        "1e+",
        "1E-",
        "1e5",
        "1.5E+3",
        "-2.5e-3",
        "9007199254740993",
        "123456789012345",
        "0.1",
        "0.123456789012345",
        "92.030920993190389",
        "64.708321257442331",
        "97.541038898074246",
        "0.1234567890123456",
        "1.000000000000001",
        "999999999999999999",
        "9999999999999999999",
        "18446744073709551615",
        "18446744073709551616",
        "-1",
        "-10.25",
        "-9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "1e308",
        "1e309",
        "-1e309",
        "1e-400",
        "2.2250738585072011e-308",
        "5e-324",
        "0.30000000000000004",
        "1e22",
        "1e23",
        "179769313486231580793e289",
        "0e99999",
        "0.0",
        "1_000",
        "0x10",
        "NaN",
        "Infinity",
        "1f",
        "1.5.5",
        "1e5e5",
        "100000000000000000000e-20",
    ] {
        agree(text);
    }
}

#[test]
fn nesting_ends_where_that_of_serde_json_ends() {
    for depth in 126..130 {
        agree(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
        agree(&format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth)));
    }
}

#[test]
fn a_list_of_country_codes_takes_a_short_way_and_any_other_list_the_usual_one() {
    for (text, codes) in [
        (r#"["AA"]"#, Some(vec!["AA"])),
        (r#"[ "SE" , "AD","ZZ"]"#, Some(vec!["AD", "SE", "ZZ"])),
        ("[]", None),
        (r#"["se"]"#, None),
        (r#"["SE",]"#, None),
        (r#"["SE","XKX"]"#, None),
        (r#"["SE",null]"#, None),
        (r#"["S\u0045"]"#, None),
        (r#"["SE""#, None),
        (r#"["SE""AD"]"#, None),
    ] {
        let mut parser = Parser { text, at: 0, depth: 0, last_codes: None };
        let read = parser.country_codes();
        assert_eq!(parser.at, if codes.is_some() { text.len() } else { 0 }, "{text}");
        let bits = codes.map(|codes| {
            let mut bits = [0; COUNTRY_WORDS];
            for code in codes {
                let (word, bit) = country_place(code.as_bytes().try_into().expect("two letters"));
                bits[word] |= bit;
            }
            bits.map(u64::to_le_bytes)
        });
        assert_eq!(read, bits, "{text}");
        parser.at = 0;
        assert_eq!(parser.country_codes(), bits, "{text}, for the second time");
    }
}

/// JSON, and what is nearly JSON.
fn nearly_json() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\n",
        "        ",
        "\"",
        "\"a\"",
        "\"a\":",
        "\"bc\": ",
        "{\"k\":",
        "1",
        "-",
        "0",
        ".5",
        "e3",
        "12345678901234567890",
        "0.0001",
        "null",
        "true",
        "false",
        "\"é\"",
        "\"\\n\"",
        "\"\\ud83d\\ude00\"",
        "\\u12",
        "x",
        "\u{1}",
    ];
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|it| it.to_string()),
        any::<u64>().prop_map(|it| it.to_string()),
        any::<i64>().prop_map(|it| it.to_string()),
        any::<f64>().prop_map(|it| format!("{it:?}")),
        (any::<u64>(), 1..16_u32).prop_map(|(it, places)| {
            let (unit, width) = (10_u64.pow(places), places as usize);
            format!("{}.{:0width$}", it / unit, it % unit)
        }),
        (any::<u32>(), 0..9_u32)
            .prop_map(|(it, places)| (f64::from(it) / 10_f64.powi(places as i32)).to_string()),
        any::<String>().prop_map(|it| serde_json::to_string(&it).expect("a string")),
    ];
    let json = leaf.prop_recursive(4, 32, 6, |inner| {
        let key = "[a-z\"\\\\é]{0,9}".prop_map(|key| serde_json::to_string(&key).expect("a string"));
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(|it| format!("[{}]", it.join(","))),
            proptest::collection::vec((key, inner), 0..6).prop_map(|it| {
                let members: Vec<_> = it.into_iter().map(|(key, value)| format!("{key}:{value}")).collect();
                format!("{{{}}}", members.join(", "))
            }),
        ]
    });
    let parts =
        proptest::collection::vec(proptest::sample::select(PARTS), 0..20).prop_map(|parts| parts.concat());
    let cut = (json.clone(), any::<proptest::sample::Index>(), proptest::sample::select(PARTS)).prop_map(
        |(json, at, part)| {
            let at = (0..=json.len()).filter(|at| json.is_char_boundary(*at)).collect::<Vec<_>>()
                [at.index(json.chars().count() + 1)];
            format!("{}{part}{}", &json[..at], &json[at..])
        },
    );
    prop_oneof![json, parts, cut]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_as_serde_json_reads_it(text in nearly_json()) {
        agree(&text);
    }
}
