//! Replays the committed inputs of the fuzz targets.

use std::fs;

use spotify_proto::api::OPERATIONS;

use crate::api::requests;
use crate::cache::history;
use crate::responses::call_properties::{self, check_bytes};
use crate::simulation::fuzz_call;
use crate::support::project::{files, project};

/// Declares the fuzz targets, each with the check of an input and the minimum number of inputs. Each target becomes a
/// test that replays its inputs.
macro_rules! targets {
    ($($target:ident: $check:expr, $least:literal;)+) => {
        const TARGETS: &[&str] = &[$(stringify!($target)),+];

        mod the_invariants_hold_for_the_inputs_of {
            use super::*;

            $(#[test]
            fn $target() {
                replay(stringify!($target), $check, $least);
            })+
        }
    };
}

targets! {
    cache: history::check_bytes, 20;
    call: fuzz_call::check_bytes, 20;
    request: requests::check_bytes, 100;
    response: call_properties::check_bytes, 20;
}

/// Maximum number of inputs of a target. A minimised corpus has fewer inputs and is replayed faster.
const MOST: usize = 200;

fn replay(target: &str, check: fn(&[u8]), least: usize) {
    if !project("fuzz").exists() {
        // A published package does not contain the fuzz crate.
        crate::responses::fixtures::say("skipped: there is no fuzz crate");
        return;
    }
    let folder = project("fuzz/corpus").join(target);
    let inputs = files(&folder);
    assert!((least..=MOST).contains(&inputs.len()), "{} inputs in {}", inputs.len(), folder.display());
    for name in inputs {
        let bytes = fs::read(folder.join(&name)).expect("an input");
        assert!(bytes.len() <= 16 * 1024, "{name} is longer than 16 KiB");
        if let Err(panic) = std::panic::catch_unwind(|| check(&bytes)) {
            let text = panic.downcast_ref::<String>().map_or("a panic", String::as_str);
            panic!("{target}/{name}: {text}");
        }
    }
}

/// Each target has a folder of inputs, and each folder has a target.
#[test]
fn every_target_is_replayed() {
    if project("fuzz").exists() {
        let targets = files(&project("fuzz/fuzz_targets"));
        assert_eq!(targets, TARGETS.iter().map(|name| format!("{name}.rs")).collect::<Vec<_>>());
        let folders = fs::read_dir(project("fuzz/corpus")).expect("a folder");
        let mut folders: Vec<_> =
            folders.map(|it| it.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        folders.sort();
        assert_eq!(folders, TARGETS);
    }
}

#[test]
fn arbitrary_bytes_are_a_valid_input() {
    let shapes: [&[u8]; 8] = [
        b"",
        b"\n",
        b"\n\n",
        b" 999\n\n",
        b"search 099\n\n{}",
        b"search",
        b"x y\nz:\xff\n\n",
        b"search 200\n:\n\n1",
    ];
    for bytes in shapes {
        check_bytes(bytes);
    }
}

/// Checks one input for each kind of status that a response can have.
#[test]
fn an_input_specifies_operation_status_and_headers() {
    let first = OPERATIONS[0].id;
    for status in [200, 204, 400, 401, 403, 429, 500] {
        check_bytes(format!("{first} {status}\nretry-after: 5\n\n{{\"name\": \"x\"}}").as_bytes());
    }
}
