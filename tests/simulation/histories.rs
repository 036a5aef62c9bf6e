//! Tests that random histories of the token state machine satisfy the invariants.

use std::time::{Duration, Instant};

use crate::simulation::scenario::tokens::{Summary, burst, run};
use crate::simulation::scenario::{Bytes, Seeded, some_bytes};

/// Prints the seed if a history panics.
struct PrintSeed(u64);

impl Drop for PrintSeed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", replay_line(self.0));
        }
    }
}

impl Summary {
    fn add(&mut self, one: &Self) {
        self.steps += one.steps;
        self.token_requests += one.token_requests;
        self.crashes += one.crashes;
        self.losses += one.losses;
        self.revocations += one.revocations;
        self.dropped_token_steps += one.dropped_token_steps;
        self.dropped_with_call += one.dropped_with_call;
        self.survived_calls += one.survived_calls;
        self.overtaken += one.overtaken;
        self.taken_over += one.taken_over;
    }
}

fn replay_line(seed: u64) -> String {
    format!("SCENARIO_SEED={seed} cargo test --all-features --test it histories::replay -- --nocapture")
}

#[test]
fn every_history_satisfies_the_invariants() {
    // The variable SCENARIO_HISTORIES sets the number of histories, for example 1000000 for a long search.
    let count = std::env::var("SCENARIO_HISTORIES").ok().and_then(|count| count.parse().ok());
    let count = count.unwrap_or(if cfg!(debug_assertions) { 500 } else { 10_000 });
    let begin = Instant::now();
    let mut all = Summary::default();
    for seed in 0..u64::from(count) {
        let print_seed = PrintSeed(seed);
        match run(&mut Seeded(seed), false) {
            Ok(one) => all.add(&one),
            Err(failure) => {
                print_history(seed);
                panic!("{}", failure.message);
            }
        }
        drop(print_seed);
    }
    println!("{count} histories executed in {:?}: {all:?}", begin.elapsed());
    // Every kind of event must occur.
    assert!(all.dropped_token_steps > count && all.dropped_with_call > count / 10, "{all:?}");
    assert!(all.survived_calls > count / 10 && all.overtaken > count / 100 && all.taken_over > 0, "{all:?}");
    assert!(all.token_requests > count && all.crashes > count && all.losses > count / 100, "{all:?}");
    assert!(all.losses < count / 5, "too many logins are lost: {all:?}");
}

#[test]
fn a_thousand_concurrent_calls_send_one_token_request() {
    let (begin, seeds) = (Instant::now(), if cfg!(debug_assertions) { 3 } else { 30 });
    for seed in 0..seeds {
        match burst(&mut Seeded(seed), 1000) {
            Ok(requests) => assert_eq!(requests, 1, "token requests of a burst, seed {seed}"),
            Err(failure) => panic!("seed {seed}: {}", failure.message),
        }
    }
    println!("{seeds} bursts executed in {:?}", begin.elapsed());
    assert!(begin.elapsed() < Duration::from_secs(60), "the bursts took too long");
}

#[test]
fn any_byte_string_drives_a_valid_history() {
    for bytes in [&b""[..], b"\x00", b"a history of a few bytes, and then nothing rare", &[7; 4000]] {
        run(&mut Bytes(bytes), false).expect("the invariants should hold");
    }
}

/// A fuzzer executes small histories, so that it can execute many of them. Every kind of event must still occur.
#[test]
fn every_kind_of_event_occurs_in_small_histories() {
    let (count, mut all) = (3000, Summary::default());
    for seed in 0..count {
        match run(&mut Bytes(&some_bytes(seed)), false) {
            Ok(one) => all.add(&one),
            Err(failure) => panic!("bytes of seed {seed}: {}", failure.message),
        }
    }
    println!("{count} small histories: {all:?}");
    assert!(!format!("{all:?}").contains(": 0"), "{all:?}");
}

/// Prints the history of the seed in `SCENARIO_SEED`, if the variable is set.
#[test]
fn replay() {
    if let Ok(seed) = std::env::var("SCENARIO_SEED") {
        print_history(seed.parse().expect("expected a number"));
    }
}

fn print_history(seed: u64) {
    let _print_seed = PrintSeed(seed);
    match run(&mut Seeded(seed), true) {
        Ok(summary) => println!("seed {seed}: {summary:?}"),
        Err(failure) => {
            println!("{}\n{}", failure.transcript.join("\n"), failure.message);
            println!("{}", replay_line(seed));
        }
    }
}
