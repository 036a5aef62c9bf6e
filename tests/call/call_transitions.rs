//! Checks that the transition table in the guide to the call machine contains exactly the transitions of calls.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::Response;
use spotify_proto::api::{AddToQueue, GetAlbum, GetPlaybackState};
use spotify_proto::cache::{Entry, Key, StoreAction};
use spotify_proto::{
    AlbumId, App, Cached, Call, Exchange, Reply, RetryPolicy, Session, Step, TokenStep, Waiting,
};

use crate::simulation::scenario::{DecisionSource, Seeded};
use crate::support::World;
use crate::support::project::project;

/// The target states for each pair of a state and an event.
type Edges = BTreeMap<(String, String), BTreeSet<String>>;

/// Returns the name of a call's state in the table.
fn name<T>(step: &Step<T>) -> &'static str {
    match step {
        Step::Send(..) => "Send",
        Step::Authorize(..) => "Authorize",
        Step::Wait(..) => "Wait",
        Step::Done(Ok(_)) => "Done (Ok)",
        Step::Done(Err(_)) => "Done (Err)",
    }
}

/// Returns the name of a token step's state in the table.
fn token_name(step: &TokenStep) -> &'static str {
    match step {
        TokenStep::Send(..) => "Token Send",
        TokenStep::Save(..) => "Token Save",
        TokenStep::Done(Ok(())) => "Token Done (Ok)",
        TokenStep::Done(Err(_)) => "Token Done (Err)",
    }
}

const LOST: &str = "the transport's error";

struct Walk<'a> {
    chooser: Seeded,
    world: World,
    now: SystemTime,
    /// `true` if the last request had conditions, so that a 304 is a valid response.
    is_conditional: bool,
    edges: &'a mut Edges,
}

impl Walk<'_> {
    fn record(&mut self, from: &str, event: &str, to: &str) {
        self.edges.entry((from.to_owned(), event.to_owned())).or_default().insert(to.to_owned());
    }

    /// Drives a call to completion.
    fn walk<T>(&mut self, call: Call<T>) -> Option<Reply<T>> {
        let mut step = self.world.start(call, self.now);
        self.record("Call", "start", name(&step));
        loop {
            let from = name(&step);
            step = match step {
                Step::Send(request, exchange) => {
                    self.is_conditional = request.headers().contains_key("if-none-match");
                    self.respond(from, exchange)?
                }
                Step::Authorize(step, waiting) => {
                    if !self.chooser.once_in(6) {
                        self.authorize(step);
                    }
                    self.resume(from, waiting)
                }
                Step::Wait(delay, waiting) => {
                    let part = self.chooser.one_of(&[0, 2, 2, 2]);
                    self.now += delay.duration * part / 2;
                    self.resume(from, waiting)
                }
                Step::Done(result) => return result.ok(),
            };
        }
    }

    fn authorize(&mut self, mut step: TokenStep) {
        loop {
            let from = token_name(&step);
            self.advance_clock();
            let event;
            (event, step) = match step {
                TokenStep::Send(_, exchange) if self.chooser.once_in(8) => {
                    self.world.lose_token(exchange, self.now);
                    self.record(from, "lost", LOST);
                    return;
                }
                TokenStep::Send(_, exchange) => {
                    let (event, response) = self.token_response();
                    (event, self.world.receive_token(exchange, response, self.now))
                }
                // If a save fails, the step is dropped.
                TokenStep::Save(..) if self.chooser.once_in(8) => return,
                TokenStep::Save(_, saving) => ("saved", self.world.saved(saving, self.now)),
                TokenStep::Done(_) => return,
            };
            self.record(from, event, token_name(&step));
        }
    }

    fn resume<T>(&mut self, from: &str, waiting: Waiting<T>) -> Step<T> {
        self.advance_clock();
        let step = self.world.resume(waiting, self.now);
        self.record(from, "resume", name(&step));
        step
    }

    /// Returns the step after a response or a transport error; `None` if the transport error ends the call.
    fn respond<T>(&mut self, from: &str, exchange: Exchange<T>) -> Option<Step<T>> {
        self.advance_clock();
        if self.chooser.once_in(8) {
            let step = self.world.lose(exchange, self.now);
            self.record(from, "lost", step.as_ref().map_or(LOST, name));
            return step;
        }
        let (event, response) = self.api_response();
        let step = self.world.receive(exchange, response, self.now);
        self.record(from, event, name(&step));
        Some(step)
    }

    fn advance_clock(&mut self) {
        self.now += Duration::from_millis(self.chooser.one_of(&[0, 0, 40, 40, 3000, 40_000]));
    }

    fn token_response(&mut self) -> (&'static str, Response<&'static str>) {
        match self.chooser.below(8) {
            0 => ("429", answer(429, self.retry_after(), "")),
            1 => ("5xx", answer(503, &[], "")),
            2 => ("rejection", answer(400, &[], r#"{"error":"invalid_grant"}"#)),
            4 => ("other 4xx", answer(403, &[], r#"{"error":"Forbidden"}"#)),
            3 => ("2xx that cannot be decoded", answer(200, &[], "<html>")),
            _ => ("2xx", answer(200, &[], r#"{"access_token":"BQ","expires_in":3600,"refresh_token":"AQ"}"#)),
        }
    }

    fn api_response(&mut self) -> (&'static str, Response<&'static str>) {
        const CACHED: &[(&str, &str)] =
            &[("etag", "\"1\""), ("cache-control", "max-age=60, stale-if-error=900")];
        match self.chooser.below(14) {
            0 => ("429", answer(429, self.retry_after(), "")),
            1 => ("5xx", answer(502, &[], "<html>")),
            2 => ("4xx", answer(404, &[], "")),
            3 => (
                "401, token expired or invalid",
                answer(401, &[("www-authenticate", "Bearer error=\"invalid_token\"")], ""),
            ),
            8 => (
                "401, other",
                answer(401, &[], r#"{"error":{"status":401,"message":"Access token missing"}}"#),
            ),
            9 => (
                "401, scope missing",
                answer(401, &[], r#"{"error":{"status":401,"message":"Permissions missing"}}"#),
            ),
            4 => ("2xx that cannot be decoded", answer(200, &[], "<html>")),
            5 => ("202", answer(202, &[], "")),
            6 if self.is_conditional => ("304", answer(304, &[("etag", "\"1\"")], "")),
            7 if self.is_conditional => ("304 for a different entry", answer(304, &[("etag", "\"2\"")], "")),
            _ => ("2xx", answer(200, CACHED, r#"{"name":"Night Ferry","is_playing":true}"#)),
        }
    }

    fn retry_after(&mut self) -> &'static [(&'static str, &'static str)] {
        const SHORT: &[(&str, &str)] = &[("retry-after", "2")];
        const LONG: &[(&str, &str)] = &[("retry-after", "48925")];
        if self.chooser.once_in(3) { LONG } else { SHORT }
    }
}

fn answer(status: u16, headers: &[(&str, &str)], body: &'static str) -> Response<&'static str> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body).expect("valid parts")
}

/// Runs six consecutive calls in one session.
fn history(seed: u64, edges: &mut Edges) {
    let mut chooser = Seeded(seed);
    let session = match chooser.below(4) {
        0 => Session::from_access_token("BQgiven"),
        1 | 2 => Session::from_tokens(stored()),
        _ => Session::client_credentials(),
    };
    let policy = if chooser.once_in(5) { RetryPolicy::never() } else { RetryPolicy::new() };
    let mut walk = Walk {
        world: World::new(App::confidential("id", "secret"), session)
            .with_retry_policy(policy)
            .with_jitter(seed),
        now: UNIX_EPOCH + Duration::from_secs(1_790_000_000),
        is_conditional: false,
        chooser,
        edges,
    };
    let get = GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("expected an id"));
    let key = Key::new(&get, "user");
    let mut entry: Option<Entry> = None;
    for _ in 0..6 {
        let deadline = walk.chooser.one_of(&[0, 5, 10_000, 10_000, 10_000]);
        let deadline = walk.now + Duration::from_secs(deadline);
        match walk.chooser.below(5) {
            0 => drop(
                walk.walk(
                    Call::new(AddToQueue::new(
                        "spotify:track:11dFghVXANMlKmJXsNCbNl"
                            .parse::<spotify_proto::SpotifyUri>()
                            .expect("expected a URI"),
                    ))
                    .deadline(deadline),
                ),
            ),
            1 => drop(walk.walk(Call::new(GetPlaybackState::new()).deadline(deadline))),
            _ => {
                let call = Call::new(get.clone()).deadline(deadline);
                let Cached::Call(call) = call.cached(&key, entry.clone(), walk.now) else { continue };
                match walk.walk(call).map(|reply| reply.store) {
                    Some(StoreAction::Put(new)) => entry = Some(new),
                    Some(StoreAction::Remove) => entry = None,
                    Some(StoreAction::Keep) | None => {}
                }
            }
        }
    }
}

/// Returns expired tokens with a refresh token.
fn stored() -> spotify_proto::Tokens {
    let at = |seconds: u64| format!(r#"{{"secs_since_epoch":{seconds},"nanos_since_epoch":0}}"#);
    let (issued, expires) = (at(1_789_990_000), at(1_789_993_600));
    let text = format!(
        r#"{{"version":1,"access_token":"BQold","refresh_token":"AQold","issued_at":{issued},"expires_at":{expires}}}"#
    );
    serde_json::from_str(&text).expect("stored tokens should be valid")
}

/// Returns the transitions in the guide's table, whose rows have the form `| from | event | to or to |`.
fn documented() -> Edges {
    let text =
        fs::read_to_string(project("src/guide/call_machine.md")).expect("the guide should be readable");
    let (_, table) = text.split_once("# Transitions").expect("expected a section with the table");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.map(|row| row.trim_end_matches('|').replace('`', ""));
    cells
        .map(|row| {
            let mut row = row.split('|').map(|cell| cell.trim().to_owned());
            let mut next = || row.next().expect("expected three cells");
            ((next(), next()), next().split(" or ").map(str::to_owned).collect())
        })
        .collect()
}

/// Formats the transitions as rows of the guide's table.
fn table(edges: &Edges) -> String {
    let row = |((from, event), to): (&(String, String), &BTreeSet<String>)| {
        let to: Vec<_> = to.iter().map(|to| format!("`{to}`")).collect();
        format!("| `{from}` | {event} | {} |", to.join(" or "))
    };
    edges.iter().map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_table_in_the_guide_contains_exactly_the_transitions_of_the_call_machine() {
    let mut taken = Edges::new();
    for seed in 0..4000 {
        history(seed, &mut taken);
    }
    assert!(taken == documented(), "src/guide/call_machine.md should have these rows:\n{}", table(&taken));
}
