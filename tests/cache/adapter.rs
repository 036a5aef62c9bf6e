//! A cache for an HTTP client, built on the crate's policies in the way an application would build one.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

use http::{Request, Response, Uri};
use spotify_proto::cache::{self, Decision, Policy, Received, Sending};

use crate::cache::table::{answer, at, get};

// adapter begins
/// A cache in front of a transport: the stored responses by URI, the transport, and the permitted staleness if the
/// connection is lost, which the transport reports as `None`.
struct Cache<T>(HashMap<Uri, Vec<(Policy, Vec<u8>)>>, T, Duration);

impl<T: Transport> Cache<T> {
    fn fetch(&mut self, request: &Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
        let (now, stored) = (self.1.now(), self.0.entry(request.uri().clone()).or_default());
        match cache::decide(stored.iter().map(|(policy, _)| policy), request, now) {
            Decision::Serve { index } => Some(response(&stored[index], now)),
            Decision::NotModified { index } => {
                Some(Response::from_parts(stored[index].0.not_modified_head(now), Vec::new()))
            }
            Decision::ServeWhileRevalidating { index, sending } => {
                let response = response(&stored[index], now);
                self.send(request, &sending); // or in a background task
                Some(response)
            }
            Decision::Send(sending) => self.send(request, &sending),
            Decision::GatewayTimeout => Response::builder().status(504).body(Vec::new()).ok(),
        }
    }

    fn send(&mut self, request: &Request<Vec<u8>>, sending: &Sending) -> Option<Response<Vec<u8>>> {
        let mut sent = request.clone();
        sent.headers_mut().extend(sending.conditional_headers().clone());
        let (received, now) = (self.1.send(&sent), self.1.now());
        let invalidated = received.iter().flat_map(|received| cache::invalidated_uris(request, received));
        invalidated.for_each(|uri| drop(self.0.remove(&uri)));
        let stored = self.0.entry(request.uri().clone()).or_default();
        let policies = stored.iter().map(|(policy, _)| policy);
        let Some(received) = received else {
            return sending.lost(policies, request, self.2, now).map(|index| response(&stored[index], now));
        };
        match sending.receive(policies, request, &received, now) {
            Received::Response { outdated, policy } => {
                outdated.into_iter().for_each(|index| drop(stored.remove(index)));
                stored.extend(policy.map(|policy| (policy, received.body().clone())));
                Some(received)
            }
            Received::Validated { index, policy, is_storable } => {
                let updated = (policy, stored.remove(index).1);
                stored.extend(is_storable.then(|| updated.clone()));
                Some(response(&updated, now))
            }
            Received::Stale { index } => Some(response(&stored[index], now)),
            Received::Mismatch(sending) => self.send(request, &sending),
        }
    }
}

fn response((policy, body): &(Policy, Vec<u8>), now: SystemTime) -> Response<Vec<u8>> {
    Response::from_parts(policy.response_head(now), body.clone())
}
// adapter ends

trait Transport {
    fn send(&self, request: &Request<Vec<u8>>) -> Option<Response<Vec<u8>>>;
    fn now(&self) -> SystemTime;
}

/// A transport that returns prepared responses and records the requests.
#[derive(Default)]
struct Script {
    responses: RefCell<VecDeque<Option<Response<Vec<u8>>>>>,
    requests: RefCell<Vec<Request<Vec<u8>>>>,
    second: Cell<i64>,
}

impl Transport for Script {
    fn send(&self, request: &Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
        self.requests.borrow_mut().push(request.clone());
        self.responses.borrow_mut().pop_front().expect("expected a prepared response")
    }

    fn now(&self) -> SystemTime {
        at(self.second.get())
    }
}

/// Returns a client whose server sends these responses in order, with the bodies `1`, `2`, and so on. The text `lost`
/// represents a lost connection.
fn client(responses: &[&str]) -> Cache<Script> {
    let numbered = responses.iter().zip(1..).map(|(text, number): (_, u32)| {
        (*text != "lost").then(|| answer(text).map(|()| number.to_string().into_bytes()))
    });
    let transport = Script { responses: RefCell::new(numbered.collect()), ..Script::default() };
    Cache(HashMap::new(), transport, Duration::ZERO)
}

impl Cache<Script> {
    /// Fetches a response at this second; returns the status and body.
    #[track_caller]
    fn get(&mut self, headers: &str, second: i64) -> Option<(u16, String)> {
        self.1.second.set(second);
        let response = self.fetch(&get(headers).map(|()| Vec::new()))?;
        Some((response.status().as_u16(), String::from_utf8(response.into_body()).expect("UTF-8")))
    }

    /// Returns a header field of the last request.
    fn sent(&self, name: &str) -> Option<String> {
        let requests = self.1.requests.borrow();
        let value = requests.last()?.headers().get(name)?;
        Some(value.to_str().expect("ASCII").to_owned())
    }

    fn count(&self) -> usize {
        self.1.requests.borrow().len()
    }
}

fn ok(body: &str) -> Option<(u16, String)> {
    Some((200, body.to_owned()))
}

#[test]
fn the_adapter_has_fewer_than_50_lines_of_code() {
    let text = include_str!("adapter.rs");
    let mut marks = text.lines().enumerate().filter(|(_, line)| line.starts_with("// adapter "));
    let (from, _) = marks.next().expect("expected the start marker");
    let (to, _) = marks.next().expect("expected the end marker");
    let lines: Vec<_> = text.lines().take(to).skip(from + 1).map(str::trim).collect();
    let code = lines.iter().filter(|line| !line.is_empty() && !line.starts_with("//")).count();
    crate::responses::fixtures::say(&format!("the adapter of an HTTP client has {code} lines of code"));
    assert!(code < 50, "{code} lines");
}

#[test]
fn a_fresh_response_is_served_with_an_age_header() {
    let mut client = client(&["200|cache-control: max-age=60|age: 5"]);
    assert_eq!(client.get("", 0), ok("1"));
    assert_eq!(client.get("", 54), ok("1"));
    let response = client.fetch(&get("").map(|()| Vec::new())).expect("expected a stored response");
    assert_eq!(response.headers()["age"], "59");
    assert_eq!(client.count(), 1);
}

#[test]
fn a_stale_response_is_revalidated_and_updated() {
    let mut client = client(&[
        "200|cache-control: max-age=60|etag: \"1\"",
        "304|x: new",
        "304|etag: \"2\"",
        "200|cache-control: max-age=60|etag: \"2\"",
        "304|cache-control: no-store",
        "200",
    ]);
    assert_eq!(client.get("", 0), ok("1"));
    assert_eq!(client.get("", 60), ok("1"));
    assert_eq!(client.sent("if-none-match").as_deref(), Some("\"1\""));
    assert_eq!(
        client.fetch(&get("").map(|()| Vec::new())).expect("expected a stored response").headers()["x"],
        "new"
    );
    assert_eq!(
        client.get("", 120),
        ok("4"),
        "a 304 for a different response should be followed by a request without conditions"
    );
    assert_eq!((client.count(), client.sent("if-none-match")), (4, None));
    assert_eq!(client.get("", 180), ok("4"), "the stored response should be served for the last time");
    assert_eq!(client.get("", 181), ok("6"), "the response should have been removed");
    assert_eq!(client.sent("if-none-match"), None);
}

#[test]
fn a_stale_response_is_served_during_revalidation_and_instead_of_an_error() {
    let allowed = "stale-while-revalidate=9, stale-if-error=99";
    let first = format!("200|cache-control: max-age=60, {allowed}|etag: \"1\"");
    let mut client = client(&[&first, "503", "lost", "503", "503", "lost"]);
    assert_eq!(client.get("", 0), ok("1"));
    assert_eq!(client.get("", 61), ok("1"), "a stale response should be served during revalidation");
    assert_eq!(client.count(), 2, "the response should be revalidated in the background");
    assert_eq!(client.get("", 159), ok("1"), "a stale response should be served if the connection is lost");
    assert_eq!(client.get("", 159), ok("1"), "a stale response should be served instead of an error");
    assert_eq!(client.get("", 160).map(|it| it.0), Some(503));
    assert_eq!(client.get("", 160), None);
}

#[test]
fn a_stale_response_is_served_after_a_lost_connection_only_if_the_client_allows_it() {
    for (control, max_stale, second, expected) in [
        ("max-age=60", 0, 61, None),
        ("max-age=60", 30, 90, ok("1")),
        ("max-age=60", 30, 91, None),
        ("max-age=60, must-revalidate", 30, 61, None),
        ("no-cache", 30, 1, None),
    ] {
        let mut client = client(&[&format!("200|cache-control: {control}|etag: \"1\""), "lost"]);
        client.2 = Duration::from_secs(max_stale);
        assert_eq!(client.get("", 0), ok("1"));
        assert_eq!(client.get("", second), expected, "{control}, {max_stale}");
        assert_eq!(client.count(), 2);
    }
}

#[test]
fn the_cache_evaluates_the_callers_conditions() {
    let mut client =
        client(&["200|cache-control: max-age=60|etag: \"1\"|vary: x|x: 1", "304|etag: \"1\"", "304"]);
    assert_eq!(client.get("", 0), ok("1"));
    let response = client
        .fetch(&get("if-none-match: \"0\", \"1\"").map(|()| Vec::new()))
        .expect("expected a stored response");
    assert_eq!((response.status().as_u16(), response.body().len()), (304, 0));
    assert_eq!(
        (&response.headers()["etag"], &response.headers()["vary"]),
        (&"\"1\"".parse().unwrap(), &"x".parse().unwrap())
    );
    assert!(
        !response.headers().contains_key("x"),
        "a 304 should contain only the fields of RFC 9110 §15.4.5"
    );
    assert_eq!(client.get("if-none-match: \"0\"", 1), ok("1"));
    assert_eq!(client.count(), 1);
    // If the stored response is stale, the server evaluates the caller's conditions and its 304 is returned to the
    // caller.
    assert_eq!(client.get("if-none-match: \"1\"", 60).map(|it| it.0), Some(304));
    assert_eq!(client.sent("if-none-match").as_deref(), Some("\"1\""));
    assert_eq!(client.get("if-modified-since: Sun, 06 Nov 1994 08:49:37 GMT", 60).map(|it| it.0), Some(304));
    assert_eq!(
        client.sent("if-none-match"),
        None,
        "conditions of the cache and the caller should not be mixed"
    );
}

#[test]
fn an_only_if_cached_request_is_never_sent() {
    let mut client = client(&["200|cache-control: max-age=60|vary: accept|etag: \"1\""]);
    assert_eq!(
        client.get("cache-control: only-if-cached", 0).map(|it| it.0),
        Some(504),
        "nothing should be stored"
    );
    assert_eq!(client.get("accept: a", 0), ok("1"));
    assert_eq!(client.get("accept: a|cache-control: only-if-cached", 1), ok("1"));
    let other = client.get("accept: b|cache-control: only-if-cached", 1);
    assert_eq!(other.map(|it| it.0), Some(504), "only another variant is stored");
    assert_eq!(
        client.get("accept: a|cache-control: only-if-cached", 60).map(|it| it.0),
        Some(504),
        "the stored response is stale"
    );
    assert_eq!(client.count(), 1);
}

#[test]
fn variants_of_a_response_are_stored_together() {
    let variant = |tag: &str| format!("200|cache-control: max-age=60|vary: accept-language|etag: {tag}");
    let (en, de, nl) = (variant("\"en\""), variant("\"de\""), variant("W/\"en\""));
    let mut client = client(&[&en, &de, &nl, "304|etag: \"de\"", "304|etag: \"de\""]);
    for (language, body) in [("en", "1"), ("de", "2"), ("nl", "3"), ("en", "1"), ("de", "2"), ("nl", "3")] {
        assert_eq!(client.get(&format!("accept-language: {language}"), 1), ok(body), "{language}");
    }
    assert_eq!(client.count(), 3);
    assert_eq!(client.get("accept-language: fr", 1), ok("2"));
    assert_eq!(
        client.sent("if-none-match").as_deref(),
        Some("\"en\", \"de\""),
        "equal tags should be sent once"
    );
    assert_eq!(
        client.get("accept-language: fr", 1),
        ok("2"),
        "the validated response should be stored for this request"
    );
    assert_eq!(client.count(), 4);
    assert_eq!(
        client.get("accept-language: de", 1),
        ok("2"),
        "the response should no longer be stored for its original request"
    );
    assert_eq!(client.count(), 5);
}

#[test]
fn a_response_that_must_not_be_stored_removes_the_stored_response() {
    let mut client =
        client(&["200|cache-control: max-age=60|etag: \"1\"", "200|cache-control: no-store", "200"]);
    assert_eq!(client.get("", 0), ok("1"));
    assert_eq!(client.get("", 60), ok("2"));
    assert_eq!(client.get("", 61), ok("3"));
    assert_eq!(client.sent("if-none-match"), None, "nothing should be stored");
}

#[test]
fn a_successful_write_removes_the_stored_response() {
    let mut client = client(&["200|cache-control: max-age=60", "404", "204", "200"]);
    assert_eq!(client.get("", 0), ok("1"));
    let mut write = get("").map(|()| Vec::new());
    *write.method_mut() = http::Method::PUT;
    assert_eq!(client.fetch(&write).map(|it| it.status().as_u16()), Some(404));
    assert_eq!(client.get("", 1), ok("1"));
    assert_eq!(client.fetch(&write).map(|it| it.status().as_u16()), Some(204));
    assert_eq!(client.get("", 1), ok("4"));
}
