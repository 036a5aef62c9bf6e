//! The fuzzer's inputs, replayed.

use std::fs;

use spotify_proto::api::OPERATIONS;

use crate::answers::check_bytes;
use crate::source::{files, project};

#[test]
fn the_inputs_of_the_fuzzer_hold() {
    if !project("fuzz").exists() {
        // A published package has no packages inside.
        crate::fixtures::say("skipped: there is no fuzz crate");
        return;
    }
    let folder = project("fuzz/corpus/response");
    let inputs = files(&folder);
    assert!(inputs.len() >= 20, "{} inputs in {}", inputs.len(), folder.display());
    for name in inputs {
        let bytes = fs::read(folder.join(&name)).expect("an input");
        assert!(bytes.len() <= 16 * 1024, "{name} is not small");
        if let Err(panic) = std::panic::catch_unwind(|| check_bytes(&bytes)) {
            let text = panic.downcast_ref::<String>().map_or("a panic", String::as_str);
            panic!("{name}: {text}");
        }
    }
}

#[test]
fn any_bytes_are_an_input() {
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

/// The checks are not blind: an input of every kind of outcome is told apart.
#[test]
fn inputs_name_operation_status_and_headers() {
    let first = OPERATIONS[0].id;
    for status in [200, 204, 400, 401, 403, 429, 500] {
        check_bytes(format!("{first} {status}\nretry-after: 5\n\n{{\"name\": \"x\"}}").as_bytes());
    }
}
