//! Tests that random histories of calls in many sessions, with failures, satisfy the invariants.

use std::collections::BTreeSet;
use std::time::{Instant, UNIX_EPOCH};

use http::{Response, StatusCode};
use serde_json::Value;
use spotify_proto::api::GetTrack;
use spotify_proto::{Endpoint, Error, Origin, TrackId};
use spotify_proto_testing::fake::{Fake, ids};

use crate::responses::fixtures;
use crate::simulation::scenario::calls::network_faults::{NetworkFault, of_api};
use crate::simulation::scenario::calls::{Tally, run};
use crate::simulation::scenario::{Bytes, Failure, Seeded, some_bytes};

/// Number of threads.
const THREADS: u64 = 2;

/// Prints the seed if a history panics.
struct PrintSeed(u64);

impl Drop for PrintSeed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", replay_line(self.0));
        }
    }
}

fn replay_line(seed: u64) -> String {
    format!("SIMULATION_SEED={seed} cargo test --all-features --test it seeds::replay -- --nocapture")
}

/// The extent of the simulation, as a number of seeds or a number of calls.
#[derive(Clone, Copy)]
struct Amount {
    seeds: u64,
    calls: u64,
}

impl Amount {
    /// Returns the extent from `SIMULATION_SEEDS` or `SIMULATION_CALLS`. The default is 60 seeds in a debug build and
    /// 10,000 in a release build.
    fn requested() -> Self {
        let variable = |name: &str| std::env::var(name).ok().and_then(|count| count.parse().ok());
        match (variable("SIMULATION_SEEDS"), variable("SIMULATION_CALLS")) {
            (None, Some(calls)) => Self { seeds: u64::MAX, calls },
            (seeds, _) => {
                let seeds = seeds.unwrap_or(if cfg!(debug_assertions) { 60 } else { 10_000 });
                Self { seeds, calls: u64::MAX }
            }
        }
    }
}

/// Simulates the seeds of one thread; returns the number of seeds, the event counts, and the first failing seed, if
/// any.
fn simulate(first: u64, amount: Amount) -> (u64, Tally, Option<u64>) {
    let (mut all, mut count) = (Tally::default(), 0);
    for seed in (first..amount.seeds).step_by(THREADS as usize) {
        if all.calls >= amount.calls / THREADS {
            break;
        }
        let print_seed = PrintSeed(seed);
        match run(&mut Seeded(seed), false) {
            Ok(one) => all += one,
            Err(_) => return (count, all, Some(seed)),
        }
        drop(print_seed);
        count += 1;
    }
    (count, all, None)
}

#[test]
fn every_history_satisfies_the_invariants() {
    let (amount, begin) = (Amount::requested(), Instant::now());
    let parts: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..THREADS).map(|first| scope.spawn(move || simulate(first, amount))).collect();
        threads.into_iter().map(|thread| thread.join().expect("the thread should not panic")).collect()
    });
    let (mut all, mut seeds) = (Tally::default(), 0);
    for (count, tally, _) in &parts {
        seeds += count;
        all += *tally;
    }
    if let Some(seed) = parts.iter().filter_map(|(_, _, failed)| *failed).min() {
        let failure = print_history(seed).expect("the same seed should fail again");
        panic!("failed after {seeds} seeds without a failure: {}", failure.message);
    }
    println!(
        "{} calls and {} steps with {seeds} seeds in {:?}: {all:?}",
        all.calls,
        all.steps,
        begin.elapsed()
    );
    // Every kind of event must occur.
    let share = |part: u64, of: u64| part as f64 / of as f64;
    assert!(all.calls > seeds * 50 && all.sends > all.calls * 9 / 10, "{all:?}");
    assert!((0.5..0.95).contains(&share(all.successes, all.calls)), "{all:?}");
    assert!(all.compared > seeds * 3 && all.faulty_lists > seeds && all.not_modified > seeds, "{all:?}");
    assert!(all.doubtful > seeds && all.limits > seeds * 2 && all.dropped > seeds, "{all:?}");
    assert!(all.clock_jumps > seeds / 2 && all.losses > seeds, "{all:?}");
    assert!(
        all.dropped_token_steps > seeds / 2 && all.detached > seeds / 10 && all.failed_saves > seeds / 10,
        "{all:?}"
    );
    assert!(all.merges > seeds && all.adopted > seeds / 10 && all.paced > seeds, "{all:?}");
    assert!(all.logins_lost > 0 && all.logins_lost < seeds, "{all:?}");
}

#[test]
fn any_byte_string_drives_a_valid_history() {
    for bytes in
        [&b""[..], b"\x00", b"a history of a few bytes, and then nothing rare", &[7; 4000], &[0; 4000]]
    {
        let tally = run(&mut Bytes(bytes), false)
            .map_err(|failure| failure.message)
            .expect("the invariants should hold");
        assert!(tally.successes > 0, "{tally:?}");
    }
}

/// The fuzz target executes small histories, so that it can execute many of them. Every kind of event must still occur.
#[test]
fn every_kind_of_event_occurs_in_small_histories() {
    let (seeds, mut all) = (1000, Tally::default());
    for seed in 0..seeds {
        let tally = run(&mut Bytes(&some_bytes(seed)), false);
        all += tally.unwrap_or_else(|failure| panic!("bytes of seed {seed}: {}", failure.message));
    }
    println!("{seeds} small histories: {all:?}");
    assert!(!format!("{all:?}").contains(": 0"), "{all:?}");
    assert!(all.calls < seeds * 25 && all.steps < seeds * 100, "{all:?}");
}

/// Returns the form of a failure: whether the status is 429, and the kind of body.
fn shape(response: &Response<Vec<u8>>) -> (bool, &'static str) {
    let body = String::from_utf8_lossy(response.body());
    let kind = match serde_json::from_str::<Value>(&body) {
        Ok(error) if error["error"]["reason"].is_string() => "an error with a reason",
        Ok(_) => "an error",
        Err(_) if body.is_empty() => "an empty body",
        Err(_) if body.starts_with('<') => "a web page",
        Err(_) => "a text",
    };
    (response.status() == StatusCode::TOO_MANY_REQUESTS, kind)
}

/// Each simulated or recorded failure is decoded as an error of the right class, with a message that does not contain
/// HTML.
#[test]
fn every_form_of_a_recorded_failure_is_simulated() {
    let get = GetTrack::new(ids::TRACK.parse::<TrackId>().expect("expected an id"));
    let is_read = |response: &Response<Vec<u8>>| {
        let says = |message: &str| message.is_empty() == response.body().is_empty() && !message.contains('<');
        match (response.status().as_u16(), get.parse(response)) {
            (429, Err(Error::RateLimited(limit))) => says(limit.message()),
            (500..=599, Err(Error::Api(error))) => {
                error.status() == response.status() && says(error.message())
            }
            _ => false,
        }
    };
    let (mut fake, mut decisions, mut shapes) = (Fake::new(), Seeded(0), BTreeSet::new());
    for _ in 0..2000 {
        let fault = of_api(&mut decisions, false, false, UNIX_EPOCH);
        let (NetworkFault::Limited { fault, .. } | NetworkFault::Outage { fault, .. }) = fault else {
            continue;
        };
        let text = format!("{fault:?}");
        fake.script([fault]);
        let response = fake.respond(&get.request(&Origin::api()), UNIX_EPOCH).expect("expected a response");
        assert!(is_read(&response), "{text}: {:?}", get.parse(&response));
        shapes.insert(shape(&response));
    }
    let recordings = fixtures::own().into_iter().chain(fixtures::corpus().unwrap_or_default());
    let is_failure = |it: &fixtures::Recording| matches!(it.response.status().as_u16(), 429 | 500..=599);
    let failures: Vec<_> = recordings.filter(is_failure).collect();
    assert!(failures.len() > 5, "only {} recordings", failures.len());
    println!("{} recorded failures, simulated forms: {shapes:?}", failures.len());
    for it in failures {
        assert!(is_read(&it.response), "{}: {:?}", it.name, get.parse(&it.response));
        let shape = shape(&it.response);
        assert!(shapes.contains(&shape), "{}: the form {shape:?} is not simulated", it.name);
    }
}

/// Prints the history of the seed in `SIMULATION_SEED`, if the variable is set.
#[test]
fn replay() {
    if let Ok(seed) = std::env::var("SIMULATION_SEED") {
        print_history(seed.parse().expect("expected a number"));
    }
}

fn print_history(seed: u64) -> Option<Failure> {
    let _print_seed = PrintSeed(seed);
    match run(&mut Seeded(seed), true) {
        Ok(tally) => {
            println!("seed {seed}: {tally:?}");
            None
        }
        Err(failure) => {
            println!("{}\n{}", failure.transcript.join("\n"), failure.message);
            println!("{}", replay_line(seed));
            Some(failure)
        }
    }
}
