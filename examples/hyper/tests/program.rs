//! The program as a user runs it.

use example_job::checks::{self, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_hyper");

#[test]
fn the_job_is_done() {
    assert_eq!(Output::of(PROGRAM, []).after_job(), [""; 0]);
}

#[test]
fn a_refused_connection_is_named() {
    checks::names_a_refused_connection(PROGRAM, "hyper");
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
