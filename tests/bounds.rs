//! Bounds of all readers: the memory of a value and the work grow linearly with the length of the input.
//!
//! Work is measured in allocated bytes, which needs no clock. This misses work without allocations, such as comparisons;
//! `benches/instructions.sh` counts the instructions of the same readers.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the tests print and read files"
)]
#![allow(clippy::indexing_slicing, reason = "a test that panics has failed")]
#![allow(clippy::ptr_arg, reason = "the table passes references to owned inputs")]

#[path = "bounds/readers.rs"]
#[allow(unreachable_pub, reason = "a bench includes the file and uses what is `pub`")]
mod readers;

use std::any::{Any, type_name};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use http::{Response, StatusCode};
use readers::bodies::{Place, places};
use readers::responses::token;
use readers::{Cost, EXPONENT_MAX, FACTOR_MAX, GROWTH, RESPONSE_CONSTANT, cases, cost, exponent, factor};
use serde::Serialize;
use serde_json::{Value, json};
use spotify_proto::api::OPERATIONS;
use spotify_proto::model::{Page, PlaylistItem};
use spotify_proto::{Endpoint, FromResponse, with_endpoint};
use spotify_proto_testing::recording;

/// Lengths in bytes of a short and a long body, from which the exponent of the growth is calculated.
const LENGTHS: [usize; 2] = [16 * 1024, 256 * 1024];

/// Function that decodes a body. The value is retained until its memory has been counted.
type Read = fn(&str) -> Box<dyn Any>;

/// Greatest exponent and factor of a reader, each with its input.
#[derive(Default)]
struct Worst {
    inputs: usize,
    exponent: (f64, String),
    factor: (f64, String),
}

impl Worst {
    fn add(&mut self, what: &str, costs: &[Cost; 2], constant: usize) {
        let (exponent, factor) =
            (exponent(costs.map(|cost| (cost.bytes, cost.work()))), factor(costs, constant));
        self.inputs += 1;
        if exponent > self.exponent.0 {
            self.exponent = (exponent, what.to_owned());
        }
        if factor > self.factor.0 {
            self.factor = (factor, what.to_owned());
        }
    }

    fn add_body(&mut self, read: Read, what: &str, body: impl Fn(usize) -> String) {
        let costs = LENGTHS.map(|len| {
            let body = body(len);
            cost(body.len(), || read(&body))
        });
        self.add(what, &costs, RESPONSE_CONSTANT);
    }
}

/// Prints the results of all readers and returns those that exceed the bounds.
fn report(readers: &BTreeMap<String, Worst>) -> Vec<String> {
    let mut text = format!("{:64} {:>6} {:>8} {:>6}\n", "reader", "inputs", "exponent", "factor");
    let mut failed = Vec::new();
    for (name, worst) in readers {
        let Worst { inputs, exponent, factor } = worst;
        let _ = writeln!(text, "{name:64} {inputs:>6} {:>8.2} {:>6.2}", exponent.0, factor.0);
        if exponent.0 > EXPONENT_MAX {
            failed.push(format!("{name}: exponent {:.2} by {}", exponent.0, exponent.1));
        }
        if factor.0 > FACTOR_MAX {
            failed.push(format!("{name}: factor {:.2} by {}", factor.0, factor.1));
        }
    }
    println!("{text}");
    failed
}

/// The reader of one operation.
struct Reader {
    /// Name of the decoded type.
    name: &'static str,
    read: Read,
    /// Decodes a body and encodes the value again.
    written: fn(&Value) -> Value,
}

fn read<E: Endpoint<Output: FromResponse + 'static>>(body: &str) -> Box<dyn Any> {
    Box::new(E::Output::from_response((&Response::new(body)).into()))
}

fn written<E: Endpoint<Output: FromResponse + Serialize>>(body: &Value) -> Value {
    let value = E::Output::from_response((&Response::new(body.to_string())).into());
    value.ok().and_then(|value| serde_json::to_value(value).ok()).unwrap_or_default()
}

fn reader(operation: &str) -> Reader {
    with_endpoint!(
        operation,
        E => Reader { name: type_name::<<E as Endpoint>::Output>(), read: read::<E>, written: written::<E> },
        else panic!("{operation} has an endpoint"),
    )
}

/// Returns bodies with every top-level list and object of the results, as lists and as pages.
fn skeletons() -> [Value; 3] {
    let mut lists = json!({
        "actions": {"disallows": {"pausing": true}}, "audio_features": [{"id": "x"}], "authors": [{"name": "x"}],
        "bars": [{"start": 1}], "beats": [{"start": 1}], "context": {"uri": "x"}, "device": {"name": "x"},
        "devices": [{"name": "x"}], "external_ids": {"isrc": "x"}, "external_urls": {"spotify": "x"},
        "genres": ["x"], "images": [{"url": "x"}], "languages": ["x"], "markets": ["SE"],
        "available_markets": ["SE"], "meta": {"platform": "x"}, "name": "x", "queue": [{"type": "track"}],
        "item": {"type": "x", "name": "x", "other": [1]}, "sections": [{"start": 1}], "seeds": [{"id": "x"}],
        "segments": [{"pitches": [1], "timbre": [1]}], "snapshot_id": "x", "tatums": [{"start": 1}],
    });
    let mut pages = json!({"items": [{"name": "x", "added_at": "x"}]});
    for (key, element) in [
        ("albums", json!({"name": "x", "artists": [], "tracks": {"items": [{}]}})),
        ("artists", json!({"name": "x", "genres": ["x"]})),
        ("audiobooks", json!({"name": "x", "chapters": {"items": [{}]}})),
        ("categories", json!({"name": "x", "icons": [{}]})),
        ("chapters", json!({"name": "x", "audiobook": {"authors": [{}]}})),
        ("episodes", json!({"name": "x", "show": {"name": "x"}})),
        ("playlists", json!({"name": "x", "owner": {"id": "x"}})),
        ("shows", json!({"name": "x", "copyrights": [{}]})),
        ("tracks", json!({"name": "x", "album": {}, "artists": []})),
    ] {
        pages[key] = json!({"items": [element.clone()]});
        lists[key] = json!([element]);
    }
    [lists, pages, json!([{}])]
}

/// Returns the recorded successful responses of an operation, the longest first.
fn recorded(operation: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(operation);
    let files = fs::read_dir(folder).into_iter().flatten().map(|file| file.expect("an entry").path());
    let mut bodies: Vec<Vec<u8>> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "http"))
        .map(|path| recording::parse_response(&fs::read(path).expect("a file")).expect("a recording"))
        .filter(|response| response.status().is_success())
        .map(Response::into_body)
        .collect();
    bodies.sort_by_key(|body| std::cmp::Reverse(body.len()));
    bodies.iter().filter_map(|body| serde_json::from_slice(body).ok()).collect()
}

/// Returns the last two names of a path, which usually identify a field of a model.
fn end_of(path: &str) -> String {
    let names: Vec<&str> = path.split('.').collect();
    names[names.len().saturating_sub(2)..].join(".")
}

/// Returns the name of a type without the modules of the models and of `std`.
fn short_name(name: &str) -> String {
    name.replace("spotify_proto::model::", "").replace("alloc::vec::", "").replace("core::option::", "")
}

#[test]
fn reading_any_body_takes_memory_and_work_in_proportion_to_its_length() {
    let mut readers: BTreeMap<String, Worst> = BTreeMap::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for operation in OPERATIONS {
        let reader = reader(operation.id);
        let worst = readers.entry(short_name(reader.name)).or_default();
        for body in recorded(operation.id).into_iter().take(2).chain(skeletons()) {
            let written = (reader.written)(&body);
            for place in places(&body) {
                let top = top(&place);
                let is_read = top.is_empty() || written.get(top).is_some() || written.is_array();
                // Nested models have the same reader at every position.
                let is_new = seen.insert(format!("{} {top}", reader.name)) | seen.insert(end_of(&place.path));
                for filler in place.fillers().iter().filter(|_| is_read && is_new) {
                    let what = format!("{filler} in {} of {}", place.path, operation.id);
                    worst.add_body(reader.read, &what, |len| place.body(filler, len));
                }
            }
        }
    }
    let failed = report(&readers);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_reader_allocates_in_proportion_to_the_length_of_its_input() {
    let mut readers: BTreeMap<String, Worst> = BTreeMap::new();
    for case in cases() {
        let costs = [case.len, GROWTH * case.len].map(|len| {
            let prepared = case.prepare(len);
            cost(prepared.bytes, || (prepared.read)())
        });
        let worst = readers.entry(case.reader.to_owned()).or_default();
        worst.add(case.input, &costs, case.constant);
    }
    let failed = report(&readers);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn two_megabytes_of_nulls_do_not_become_a_large_value() {
    let slots = "null,".repeat(2 * 1024 * 1024 / 5);
    for body in [format!("{{\"items\":[{slots}null]}}"), format!("[{slots}null]"), slots] {
        for operation in OPERATIONS {
            let read = reader(operation.id).read;
            let info = allocation_counter::measure(|| drop(read(&body)));
            let factor = factor(&[cost(body.len(), || read(&body))], RESPONSE_CONSTANT);
            assert!(factor <= FACTOR_MAX, "{}: {factor:.2}", operation.id);
            // A growing list exists twice for a moment, unless the allocator extends it in place.
            let peak = info.bytes_max / u64::try_from(body.len()).expect("a length");
            assert!(peak < 12, "{}: peak of {peak} times the length", operation.id);
        }
        let info = allocation_counter::measure(|| drop(token(StatusCode::OK, &body)));
        let peak = info.bytes_max / u64::try_from(body.len()).expect("a length");
        assert!(peak < 3, "token response: peak of {peak} times the length");
    }
}

#[test]
fn a_page_of_24_megabytes_of_nulls_is_rejected_before_it_takes_twelve_times_its_length() {
    let body = format!(r#"{{"items":[{}null]}}"#, "null,".repeat(24 * 1024 * 1024 / 5));
    let mut result = None;
    let info = allocation_counter::measure(|| {
        result = Page::<PlaylistItem>::from_response((&Response::new(&body)).into()).err();
    });
    let error = result.expect("an error for a page with too many elements");
    assert!(error.to_string().contains("expected a value of at most 8 bytes in memory"), "{error}");
    assert!(info.bytes_max < 12 * u64::try_from(body.len()).expect("a length"), "{info:?}");
}

/// Returns the first name of a path.
fn top(place: &Place) -> &str {
    place.path.get(1..).and_then(|path| path.split(['.', '[']).next()).unwrap_or_default()
}
