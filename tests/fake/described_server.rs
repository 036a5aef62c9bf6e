//! Tests with Prism, a server that validates requests against the official OpenAPI description and generates responses
//! from the description.
//!
//! `.ci/foreign` starts Prism and sets `PRISM_ADDRESS` to its address. If the variable is not set, the tests print that
//! they are skipped, and pass.

#![allow(deprecated, reason = "operations that are not available in development mode are tested too")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::{Duration, SystemTime};

use http::{HeaderValue, Request, Response, Uri};
use serde_json::{Map, Value, json};
use spotify_proto::driver::Driver;
use spotify_proto::{App, Call, MAX_BODY_LEN, RetryPolicy, Session, with_endpoint};

use crate::api::request_goldens;
use crate::responses::fixtures::borrow;
use crate::responses::json_diff::Findings;
use crate::responses::parse_properties::{self, error_text};

/// Number of decoded responses per operation.
const SEEDS: u32 = 20;

/// Reported violations that are not errors in the requests: the operation, a part of the message, and the reason.
const VIOLATIONS: &[(&str, &str, &str)] = &[
    (
        "save-tracks-user",
        "required property 'uris'",
        "the server requires `ids`; the description requires `uris` but does not define it",
    ),
    ("get-recommendations", "required property 'seed_artists'", "required only if the others are not set"),
    ("get-recommendations", "required property 'seed_genres'", "required only if the others are not set"),
    ("get-recommendations", "required property 'seed_tracks'", "required only if the others are not set"),
    ("get-recommendations", "target_duration_ms must be integer", "the value in the row is a fraction"),
    ("get-recommendations", "target_key must be integer", "the value in the row is a fraction"),
    ("get-recommendations", "target_mode must be integer", "the value in the row is a fraction"),
    ("get-recommendations", "target_popularity must be integer", "the value in the row is a fraction"),
    ("get-recommendations", "target_time_signature must be integer", "the value in the row is a fraction"),
];

/// Operations without a generated response, because no request satisfies the description (see `VIOLATIONS`).
const UNREAD: &[&str] = &["save-tracks-user"];

/// Keys of integers that are counts, sizes or times. The description specifies no minimum, so Prism also generates
/// negative values.
const NOT_NEGATIVE: &[&str] = &[
    "afterFilteringSize",
    "afterRelinkingSize",
    "analysis_channels",
    "analysis_sample_rate",
    "chapter_number",
    "disc_number",
    "duration_ms",
    "height",
    "initialPoolSize",
    "limit",
    "num_samples",
    "offset",
    "popularity",
    "progress_ms",
    "timestamp",
    "total",
    "total_chapters",
    "total_episodes",
    "total_tracks",
    "track_number",
    "width",
];

/// Replaces implausible values in a generated response, without adding or removing values. Counts become non-negative,
/// release dates become dates (the description allows any string), and times lose a zero fractional part.
fn make_plausible(key: &str, value: &mut Value) {
    match value {
        Value::Object(members) => members.iter_mut().for_each(|(key, value)| make_plausible(key, value)),
        Value::Array(values) => values.iter_mut().for_each(|value| make_plausible(key, value)),
        Value::Number(number) if NOT_NEGATIVE.contains(&key) => {
            if let Some(size) = number.as_i64().map(i64::unsigned_abs) {
                *value = size.into();
            }
        }
        Value::String(text) => match key {
            "release_date" => "2021-03-19".clone_into(text),
            "added_at" | "played_at" => *text = text.replace(".0Z", "Z"),
            _ => {}
        },
        _ => {}
    }
}

/// A `ureq` driver that sends the requests to Prism, whose paths do not begin with `/v1`.
struct Prism {
    agent: ureq::Agent,
    address: String,
    state: RefCell<(App, Session)>,
    /// The seed for the generated response; `None` for the example in the description.
    seed: RefCell<Option<u32>>,
    /// The last response.
    last: RefCell<Response<Vec<u8>>>,
}

impl Driver for Prism {
    type Error = ureq::Error;

    fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, ureq::Error> {
        let (mut head, body) = request.into_parts();
        let target = head.uri.path_and_query().expect("expected a target").as_str();
        let target = target.strip_prefix("/v1").expect("expected a path of the Web API");
        let flag_count = flag_count(target);
        head.uri = format!("{}{target}", self.address).parse::<Uri>().expect("expected an address");
        let preferences = match *self.seed.borrow() {
            Some(seed) => format!("dynamic=true, seed={seed}"),
            None => "dynamic=false".to_owned(),
        };
        head.headers.insert("prefer", HeaderValue::try_from(preferences).expect("ASCII"));
        let request = self.agent.configure_request(Request::from_parts(head, body));
        let (head, mut body) = self.agent.run(request.timeout_global(Some(timeout)).build())?.into_parts();
        let mut body = body.with_config().limit(MAX_BODY_LEN as u64).read_to_vec()?;
        // The description does not specify that the response contains one flag per requested id.
        if let Ok(mut flags) = serde_json::from_slice::<Vec<bool>>(&body) {
            flags.resize(flag_count, true);
            body = json!(flags).to_string().into_bytes();
        }
        let response = Response::from_parts(head, body);
        *self.last.borrow_mut() = response.clone();
        Ok(response)
    }

    fn sleep(&self, duration: Duration) {
        thread::sleep(duration);
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let (app, session) = &mut *self.state.borrow_mut();
        step(app, session)
    }
}

/// Returns the number of ids or URIs in the query of a request target.
fn flag_count(target: &str) -> usize {
    let (_, query) = target.split_once('?').unwrap_or_default();
    let lists = query.split('&').filter_map(|it| it.strip_prefix("ids=").or(it.strip_prefix("uris=")));
    lists.map(|list| list.split("%2C").flat_map(|part| part.split(',')).count()).sum()
}

impl Prism {
    /// Returns a driver for the server. If `PRISM_ADDRESS` is not set, prints a message and returns `None`.
    fn find() -> Option<Self> {
        let Ok(address) = std::env::var("PRISM_ADDRESS") else {
            println!("skipped: PRISM_ADDRESS is not set; `.ci/foreign` starts Prism and sets the variable");
            return None;
        };
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .build()
            .new_agent();
        let app = App::without_credentials().with_retry_policy(RetryPolicy::never());
        Some(Self {
            agent,
            address,
            state: RefCell::new((app, Session::from_access_token("token"))),
            seed: RefCell::new(None),
            last: RefCell::new(Response::new(Vec::new())),
        })
    }

    /// Calls an operation and stores the response in `last`. Returns `None` if the row belongs to a different endpoint
    /// for the same operation, which sends the same requests.
    fn call(&self, id: &str, parameters: &Value) -> Option<Result<(), String>> {
        with_endpoint!(id, E => {
            let endpoint: E = serde_json::from_value(parameters.clone()).ok()?;
            Some(self.reply(Call::new(endpoint)).map(drop).map_err(|error| error.to_string()))
        }, else panic!("unknown operation {id}"))
    }

    /// Returns the violations that Prism reported for the last request; violations in Prism's own response are
    /// excluded.
    fn violations(&self) -> Vec<String> {
        let last = self.last.borrow();
        let header = last.headers().get("sl-violations").map(|it| it.to_str().expect("ASCII").to_owned());
        let in_header: Value = header.map_or(Value::Null, |text| serde_json::from_str(&text).expect("JSON"));
        let body: Value = serde_json::from_slice(last.body()).unwrap_or_default();
        let is_problem =
            last.headers().get("content-type").is_some_and(|it| it == "application/problem+json");
        let in_body = if is_problem && body["validation"].is_array() {
            body["validation"].clone()
        } else {
            Value::Null
        };
        let listed =
            [in_header, in_body].into_iter().flat_map(|list| list.as_array().cloned().unwrap_or_default());
        let of_request = listed.filter(|it| it["location"][0] != "response");
        let mut found: Vec<String> =
            of_request.map(|it| it["message"].as_str().unwrap_or("?").to_owned()).collect();
        if is_problem && found.is_empty() {
            found.push(body["title"].as_str().unwrap_or("a problem without a title").to_owned());
        }
        found
    }
}

/// Returns the parameters of every request: the golden rows, a row with all kinds of seeds, and one row per operation
/// with the parameters of all its rows. Each operation therefore has a minimal and a full request.
fn requests() -> Vec<(&'static str, Value)> {
    let all_seeds = json!({
        "seed_artists": ["Artist0000000000000001"], "seed_genres": ["party"],
        "seed_tracks": ["Track00000000000000001"],
    });
    let rows = request_goldens::rows().into_iter().map(|row| (row.id, row.json));
    let mut requests: Vec<_> = [("get-recommendations", all_seeds)].into_iter().chain(rows).collect();
    let mut full: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for (id, parameters) in &requests {
        full.entry(id).or_default().extend(parameters.as_object().expect("expected an object").clone());
    }
    for (id, parameters) in full {
        let parameters = Value::Object(parameters);
        if !requests.contains(&(id, parameters.clone())) {
            requests.push((id, parameters));
        }
    }
    requests
}

/// Retains the items of one kind in a list of top items. The description allows mixed lists, but the server sends only
/// one kind per list.
fn with_one_kind(body: &mut Value) {
    if let Some(items) = body["items"].as_array_mut() {
        let kind = items.first().map(|first| first["type"].clone());
        items.retain(|item| Some(&item["type"]) == kind.as_ref());
    }
}

#[test]
fn every_request_conforms_to_the_description() {
    let Some(prism) = Prism::find() else { return };
    let (mut unexpected, mut used) = (Vec::new(), BTreeSet::new());
    let (mut requests_sent, mut violating, mut operations) = (0, 0, BTreeSet::new());
    for (id, parameters) in requests() {
        if prism.call(id, &parameters).is_none() {
            continue;
        }
        operations.insert(id);
        requests_sent += 1;
        let violations = prism.violations();
        violating += usize::from(!violations.is_empty());
        for violation in violations {
            let is_known =
                |(operation, text, _): &(&str, &str, &str)| *operation == id && violation.contains(text);
            match VIOLATIONS.iter().position(is_known) {
                Some(at) => drop(used.insert(at)),
                None => unexpected.push(format!("{id}: {violation} ({parameters})")),
            }
        }
    }
    println!(
        "prism: {requests_sent} requests of {} operations, {violating} with violations, {} unexpected violations",
        operations.len(),
        unexpected.len()
    );
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
    assert_eq!(used.len(), VIOLATIONS.len(), "a known violation no longer occurs");
    assert_eq!(operations.len(), 96);
}

#[test]
fn generated_responses_are_decoded_without_loss_of_documented_values() {
    let Some(prism) = Prism::find() else { return };
    // The first row of each operation.
    let rows: BTreeMap<&str, Value> = requests().into_iter().rev().collect();
    let (mut read, mut findings) = (0, Findings::default());
    for (id, parameters) in rows.iter().filter(|(id, _)| !UNREAD.contains(id)) {
        for seed in 1..=SEEDS {
            *prism.seed.borrow_mut() = Some(seed);
            let example = format!("seed {seed}");
            if let Err(error) = prism.call(id, parameters).expect("expected the endpoint of the operation") {
                findings.fault(&format!("{id}:"), &format!("{error} ({example})"));
                continue;
            }
            read += 1;
            compare(id, prism.last.borrow().clone(), &example, &mut findings);
        }
    }
    println!(
        "prism: {read} generated responses of {} operations, {} values compared, {} paths with losses",
        rows.len() - UNREAD.len(),
        findings.compared,
        findings.faults.len()
    );
    assert!(findings.faults.is_empty(), "{}", findings.report());
}

/// Compares a response with the decoded value.
fn compare(id: &str, mut response: Response<Vec<u8>>, example: &str, findings: &mut Findings) {
    let Ok(mut body) = serde_json::from_slice(response.body()) else {
        // The response to a command is empty.
        assert!(response.body().is_empty(), "{id}: {:?}", response.body());
        return;
    };
    make_plausible("", &mut body);
    if id == "get-users-top-artists-and-tracks" {
        with_one_kind(&mut body);
    }
    *response.body_mut() = body.to_string().into_bytes();
    match parse_properties::parse(id, &borrow(&response)).expect("the operation should be known") {
        Ok(decoded) if decoded.shown() == "()" => {}
        Ok(decoded) => {
            let written: Value =
                serde_json::from_str(&decoded.to_json()).expect("encoded values should be JSON");
            findings.compare(id, &body, &written, example);
        }
        Err(error) => findings.fault(&format!("{id}:"), &format!("{} ({example})", error_text(&error))),
    }
}
