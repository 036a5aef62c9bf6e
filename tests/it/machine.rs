//! The table of the call machine in its guide, against the machine: the edges that calls really take, no more, no less.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Request, Response};
use spotify_proto::api::{AddToQueue, GetAlbum, GetPlaybackState};
use spotify_proto::cache::{Entry, Key, Store};
use spotify_proto::{AlbumId, App, Call, Exchange, Pause, Reply, RetryPolicy, Session, Step};

use crate::scenario::{Chooser, Seeded};
use crate::source::project;

/// From a state, by an event, to a state.
type Edges = BTreeMap<(String, String), BTreeSet<String>>;

/// What is drawn as a state.
fn name<T>(step: &Step<T>) -> &'static str {
    match step {
        Step::Send(request, _) if is_token(request) => "Send (token)",
        Step::Send(..) => "Send",
        Step::Wait(..) => "Wait",
        Step::Save(..) => "Save",
        Step::Done(Ok(_)) => "Done (Ok)",
        Step::Done(Err(_)) => "Done (Err)",
    }
}

fn is_token(request: &Request<Vec<u8>>) -> bool {
    request.uri().path() == "/api/token"
}

struct Walk<'a> {
    chooser: Seeded,
    session: Session,
    now: SystemTime,
    /// Whether a 304 is an answer to what was asked.
    is_conditional: bool,
    edges: &'a mut Edges,
}

impl Walk<'_> {
    fn takes<T>(&mut self, from: &str, event: &str, step: &Step<T>) {
        self.edges.entry((from.to_owned(), event.to_owned())).or_default().insert(name(step).to_owned());
    }

    /// Follows a call to its end.
    fn walk<T>(&mut self, call: Call<T>) -> Option<Reply<T>> {
        let mut step = call.start(&mut self.session, self.now);
        self.takes("Call", "start", &step);
        loop {
            let from = name(&step);
            step = match step {
                Step::Send(request, exchange) => {
                    self.is_conditional = request.headers().contains_key("if-none-match");
                    self.answer(from, is_token(&request), exchange)?
                }
                Step::Wait(delay, pause) => {
                    let part = self.chooser.one_of(&[0, 2, 2, 2]);
                    self.now += delay * part / 2;
                    self.resume(from, pause)
                }
                Step::Save(_, pause) => self.resume(from, pause),
                Step::Done(result) => return result.ok(),
            };
        }
    }

    fn resume<T>(&mut self, from: &str, pause: Pause<T>) -> Step<T> {
        self.passes();
        let step = pause.resume(&mut self.session, self.now);
        self.takes(from, "resume", &step);
        step
    }

    /// `None` where the loss of the answer ends the call.
    fn answer<T>(&mut self, from: &str, is_token: bool, exchange: Exchange<T>) -> Option<Step<T>> {
        self.passes();
        if self.chooser.once_in(8) {
            let step = exchange.lost(&mut self.session, self.now);
            match &step {
                Some(step) => self.takes(from, "lost", step),
                None => drop(
                    self.edges
                        .entry((from.to_owned(), "lost".to_owned()))
                        .or_default()
                        .insert("the transport's error".to_owned()),
                ),
            }
            return step;
        }
        let (event, response) = if is_token { self.token_answer() } else { self.api_answer() };
        let step = exchange.receive(response, &mut self.session, self.now);
        self.takes(from, event, &step);
        Some(step)
    }

    fn passes(&mut self) {
        self.now += Duration::from_millis(self.chooser.one_of(&[0, 0, 40, 40, 3000, 40_000]));
    }

    fn token_answer(&mut self) -> (&'static str, Response<&'static str>) {
        match self.chooser.below(8) {
            0 => ("429", answer(429, self.retry_after(), "")),
            1 => ("5xx", answer(503, &[], "")),
            2 => ("4xx", answer(400, &[], r#"{"error":"invalid_grant"}"#)),
            3 => ("2xx that cannot be read", answer(200, &[], "<html>")),
            _ => ("2xx", answer(200, &[], r#"{"access_token":"BQ","expires_in":3600,"refresh_token":"AQ"}"#)),
        }
    }

    fn api_answer(&mut self) -> (&'static str, Response<&'static str>) {
        const CACHED: &[(&str, &str)] =
            &[("etag", "\"1\""), ("cache-control", "max-age=60, stale-if-error=900")];
        match self.chooser.below(12) {
            0 => ("429", answer(429, self.retry_after(), "")),
            1 => ("5xx", answer(502, &[], "<html>")),
            2 => ("4xx", answer(404, &[], "")),
            3 => ("401", answer(401, &[("www-authenticate", "Bearer error=\"invalid_token\"")], "")),
            4 => ("2xx that cannot be read", answer(200, &[], "<html>")),
            5 => ("202", answer(202, &[], "")),
            6 if self.is_conditional => ("304", answer(304, &[("etag", "\"1\"")], "")),
            7 if self.is_conditional => ("304 about another entry", answer(304, &[("etag", "\"2\"")], "")),
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

/// One session in which several calls follow each other.
fn history(seed: u64, edges: &mut Edges) {
    let mut chooser = Seeded(seed);
    let app = App::confidential("id", "secret");
    let session = match chooser.below(4) {
        0 => Session::fixed("BQfixed"),
        1 | 2 => Session::resume(app, stored()),
        _ => Session::client_credentials(app),
    };
    let policy = if chooser.once_in(5) { RetryPolicy::never() } else { RetryPolicy::new() };
    let mut walk = Walk {
        session: session.with_retry(policy).with_jitter(seed),
        now: UNIX_EPOCH + Duration::from_secs(1_790_000_000),
        is_conditional: false,
        chooser,
        edges,
    };
    let get = GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("an id"));
    let key = Key::new(&get, "user");
    let mut entry: Option<Entry> = None;
    for _ in 0..6 {
        let deadline = walk.chooser.one_of(&[0, 5, 10_000, 10_000, 10_000]);
        let deadline = walk.now + Duration::from_secs(deadline);
        match walk.chooser.below(5) {
            0 => drop(
                walk.walk(
                    Call::new(AddToQueue::new(
                        "spotify:track:11dFghVXANMlKmJXsNCbNl".parse::<spotify_proto::Uri>().expect("a URI"),
                    ))
                    .deadline(deadline),
                ),
            ),
            1 => drop(walk.walk(Call::new(GetPlaybackState::new()).deadline(deadline))),
            _ => {
                let call = Call::new(&get).cached(&key, entry.clone()).deadline(deadline);
                match walk.walk(call).map(|reply| reply.store) {
                    Some(Store::Put(new)) => entry = Some(new),
                    Some(Store::Remove) => entry = None,
                    Some(Store::Keep) | None => {}
                }
            }
        }
    }
}

/// Tokens that are to be renewed.
fn stored() -> spotify_proto::Tokens {
    let at = |seconds: u64| format!(r#"{{"secs_since_epoch":{seconds},"nanos_since_epoch":0}}"#);
    let (issued, expires) = (at(1_789_990_000), at(1_789_993_600));
    let text = format!(
        r#"{{"version":1,"access_token":"BQold","refresh_token":"AQold","issued_at":{issued},"expires_at":{expires}}}"#
    );
    serde_json::from_str(&text).expect("tokens as they are stored")
}

/// The table as the guide has it: `| from | event | to, or to |`.
fn drawn() -> Edges {
    let text = fs::read_to_string(project("src/guide/call_machine.md")).expect("the guide");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.map(|row| row.trim_end_matches('|').replace('`', ""));
    cells
        .map(|row| {
            let mut row = row.split('|').map(|cell| cell.trim().to_owned());
            let mut next = || row.next().expect("three cells");
            ((next(), next()), next().split(" or ").map(str::to_owned).collect())
        })
        .collect()
}

/// The edges as rows of the guide.
fn table(edges: &Edges) -> String {
    let row = |((from, event), to): (&(String, String), &BTreeSet<String>)| {
        let to: Vec<_> = to.iter().map(|to| format!("`{to}`")).collect();
        format!("| `{from}` | {event} | {} |", to.join(" or "))
    };
    edges.iter().map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_guide_draws_the_call_machine_as_it_is() {
    let mut taken = Edges::new();
    for seed in 0..4000 {
        history(seed, &mut taken);
    }
    assert!(taken == drawn(), "src/guide/call_machine.md should have these rows:\n{}", table(&taken));
}
