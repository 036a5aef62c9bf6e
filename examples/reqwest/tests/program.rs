//! The program as a user runs it.

use example_job::checks::{self, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_reqwest");

#[test]
fn the_job_is_done_and_concurrent_pages_are_the_pages_one_by_one() {
    let output = Output::of(PROGRAM, []);
    let after = output.after_job();
    assert_eq!(after.len(), 2, "{after:?}");
    assert!(after[0].contains(" again, pages "), "{after:?}");
    assert_eq!(output.out.matches(after[1]).count(), 2, "{output:?}");
}

#[test]
fn a_refused_connection_is_named() {
    checks::names_a_refused_connection(PROGRAM, "reqwest");
}

#[test]
fn a_wrong_client_is_named() {
    checks::names_a_wrong_client(PROGRAM);
}

#[test]
fn a_wrong_origin_is_named() {
    checks::names_a_wrong_origin(PROGRAM);
}

#[test]
fn an_origin_that_needs_tls_is_named() {
    checks::names_tls(PROGRAM, "rustls");
}
