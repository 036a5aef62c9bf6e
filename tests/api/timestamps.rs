//! Tests of timestamps: parsing, formatting, equality and order.

use std::collections::HashSet;

use std::cmp::Ordering;

use spotify_proto::Timestamp;

#[test]
fn timestamps_are_formatted_as_they_were_parsed() {
    for text in [
        "1970-01-01T00:00:00Z",
        "2026-02-28T23:59:59Z",
        "1969-12-31T23:59:59.001Z",
        "2024-02-29T12:00:00.000Z",
    ] {
        assert_eq!(text.parse::<Timestamp>().map(|at| at.to_string()), Ok(text.to_owned()));
    }
}

#[test]
fn an_offset_is_subtracted() {
    let (east, utc): (Timestamp, Timestamp) =
        ("2020-01-01T01:30:00+02:00".parse().expect("valid"), "2019-12-31T23:30:00Z".parse().expect("valid"));
    assert_eq!(east, utc);
}

#[test]
fn timestamps_of_the_same_instant_are_equal_in_every_spelling() {
    let texts = [
        "2014-08-12T10:14:22Z",
        "2014-08-12T10:14:22.0Z",
        "2014-08-12T10:14:22.000999Z",
        "2014-08-12 12:14:22+0200",
        "2014-08-12T00:44:22-09:30",
    ];
    let set: HashSet<Timestamp> = texts.iter().map(|text| text.parse().expect(text)).collect();
    assert_eq!(set.len(), 1, "{set:?}");
    let [first, second]: [Timestamp; 2] =
        ["2014-08-12T10:14:22.000Z", "2014-08-12T10:14:22Z"].map(|text| text.parse().expect(text));
    assert_eq!((first, first.cmp(&second)), (second, Ordering::Equal));
    let later: Timestamp = "2014-08-12T10:14:22.001Z".parse().expect("expected a timestamp");
    assert!(first < later && second < later && first != later);
}

#[test]
fn a_timestamp_with_a_nonexistent_day_is_rejected() {
    for (text, exists) in [
        ("2023-02-28", true),
        ("2023-02-29", false),
        ("2024-02-29", true),
        ("2024-02-30", false),
        ("1900-02-29", false),
        ("2000-02-29", true),
        ("2023-04-31", false),
        ("2023-06-31", false),
        ("2023-09-31", false),
        ("2023-11-31", false),
        ("2023-12-31", true),
        ("2023-12-32", false),
        ("2023-00-10", false),
        ("2023-10-00", false),
        ("2023-13-01", false),
        ("0000-01-01", true),
        ("9999-12-31", true),
    ] {
        let timestamp = format!("{text}T23:59:59Z").parse::<Timestamp>();
        assert_eq!(timestamp.is_ok(), exists, "{text}");
        if let Ok(timestamp) = timestamp {
            assert_eq!(timestamp.to_string(), format!("{text}T23:59:59Z"));
        }
    }
}

#[test]
fn an_offset_of_a_day_or_more_is_rejected() {
    for (offset, is_valid) in [
        ("+00:00", true),
        ("+23:59", true),
        ("-23:59", true),
        ("+0530", true),
        ("+24:00", false),
        ("-99:00", false),
        ("+05:60", false),
        ("+05", false),
        ("+5:30", false),
        ("+0:530", false),
        ("+05:3", false),
        ("+", false),
    ] {
        let timestamp = format!("2023-06-01T00:00:00{offset}").parse::<Timestamp>();
        assert_eq!(timestamp.is_ok(), is_valid, "{offset}");
    }
    for text in ["0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z"] {
        assert!(text.parse::<Timestamp>().is_err(), "{text} is outside the years 0000 to 9999");
    }
}

#[test]
fn a_string_that_is_not_a_timestamp_is_an_error() {
    for text in [
        "",
        "2020",
        "2020-01-01",
        "2020-01-01T",
        "2020-13-01T00:00:00Z",
        "2020-01-01T24:00:00Z",
        "2020-01-01T00:00:00.Z",
        "2020-01-01T00:00:00+é",
    ] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
}
