//! Parses histories of one stored response from a text format, and checks the invariants of every step.
//!
//! The fuzz target `cache` includes this file by path. A history consists of blocks that are separated by empty lines.
//! A block begins with a line that contains a word and times in seconds, followed by lines of the form `header: value`.
//!
//! ```text
//! 200 0 1
//! cache-control: max-age=60
//! etag: "1"
//!
//! ask 30
//! cache-control: max-stale=5
//!
//! 304 61 62
//! age: 3
//! ```
//!
//! A number is the status of a response, which is requested at the first time and received at the second time; `304` is
//! the response to a request with the conditions of the stored response. `get` is the request for the next response.
//! `ask` is a request that the cache may serve from the stored response. Missing and invalid parts are replaced by
//! defaults.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use spotify_proto::api::GetAlbum;
use spotify_proto::cache::{self, Decision, Entry, Key, Policy, Received, Sending, StoreAction};
use spotify_proto::{AlbumId, App, Cached, Call, RetryPolicy, Session, Source, Step};

use super::model::{Remembered, Tenths, directives, has, number, tenths};

/// Runs a history twice: with policies, for arbitrary header fields, and with calls.
pub fn check_bytes(bytes: &[u8]) {
    let mut heads = Heads::default();
    let mut calls = Calls::default();
    let text = String::from_utf8_lossy(bytes);
    for block in text.split("\n\n").take(BLOCKS_MAX) {
        let block = Block::read(block);
        match block.word {
            "ask" => {
                heads.ask(&block);
                calls.ask(&block);
            }
            "get" => heads.request = get(&block.headers),
            _ => {
                heads.respond(&block);
                calls.respond(&block);
            }
        }
    }
}

/// Maximum number of blocks to process.
const BLOCKS_MAX: usize = 32;

/// A block of a history, with defaults for missing parts.
struct Block<'a> {
    word: &'a str,
    first: SystemTime,
    second: SystemTime,
    headers: HeaderMap,
}

impl<'a> Block<'a> {
    fn read(text: &'a str) -> Self {
        let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
        let mut words = line.split(' ');
        let word = words.next().unwrap_or_default();
        let first = at(words.next().and_then(|it| it.parse().ok()).unwrap_or(0));
        let second = words.next().and_then(|it| it.parse().ok()).map_or(first, at);
        let mut headers = HeaderMap::new();
        for (name, value) in rest.lines().filter_map(|line| line.split_once(':')) {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.trim().parse::<HeaderValue>()) {
                headers.append(name, value);
            }
        }
        Self { word, first, second, headers }
    }

    /// Returns the status in the word; 200 if the word is not a status.
    fn status(&self) -> StatusCode {
        self.word.parse().unwrap_or(StatusCode::OK)
    }

    fn response(&self) -> Response<()> {
        let mut response = Response::new(());
        *response.status_mut() = self.status();
        *response.headers_mut() = self.headers.clone();
        response
    }
}

/// Returns the time `seconds` after Sun, 06 Nov 1994 08:49:37 GMT.
fn at(seconds: i32) -> SystemTime {
    let base = UNIX_EPOCH + Duration::from_secs(784_111_777);
    let distance = Duration::from_secs(seconds.unsigned_abs().into());
    if seconds < 0 { base - distance } else { base + distance }
}

fn get(headers: &HeaderMap) -> Request<()> {
    let mut request = Request::get("https://a.example/x").body(()).expect("valid parts");
    *request.headers_mut() = headers.clone();
    request
}

/// A stored policy, which is checked with requests with arbitrary header fields.
struct Heads {
    request: Request<()>,
    stored: Option<(Policy, Remembered, Request<()>)>,
}

impl Default for Heads {
    fn default() -> Self {
        Self { request: get(&HeaderMap::new()), stored: None }
    }
}

impl Heads {
    fn respond(&mut self, block: &Block<'_>) {
        let (status, first, second) = (block.status(), block.first, block.second);
        let policy = self.stored.as_ref().map(|(policy, ..)| policy);
        if status == StatusCode::NOT_MODIFIED {
            self.validate(block);
            return;
        }
        let Some(sending) = sending(policy, &self.request, first) else { return };
        let (outdated, policy) = match sending.receive(policy, &self.request, &block.response(), second) {
            Received::Response { outdated, policy } => (outdated, policy),
            Received::Stale { index: 0 } => {
                assert!(
                    matches!(status.as_u16(), 500 | 502..=504),
                    "a stale response is served instead of status {status}"
                );
                let (_, known, _) = self.stored.as_ref().expect("expected a stored response");
                let asked = directives(self.request.headers());
                let grace =
                    number(&known.directives(), "stale-if-error").max(number(&asked, "stale-if-error"));
                assert!(
                    known.may_serve(&asked, second, grace),
                    "served instead of an error: {known:?} {asked:?}"
                );
                return;
            }
            other => panic!("expected a new or a stale response after {status}, got {other:?}"),
        };
        assert!(outdated.is_empty() || outdated == [0], "{outdated:?}");
        assert!(
            policy.is_none() || !outdated.is_empty() || !self.is_of_request(),
            "the previous policy for the same request is not removed"
        );
        let Some(policy) = policy else {
            self.stored.take_if(|_| !outdated.is_empty());
            return;
        };
        let known = Remembered::new(&block.headers, first, second);
        let told = known.directives();
        assert!(
            !has(&told, "no-store") || has(&told, "must-understand"),
            "a response with no-store is stored: {told:?}"
        );
        assert!(
            !has(&directives(self.request.headers()), "no-store"),
            "stored despite no-store in the request"
        );
        survives(&policy);
        self.stored = Some((policy, known, self.request.clone()));
    }

    fn is_of_request(&self) -> bool {
        self.stored.as_ref().is_some_and(|(policy, ..)| policy.matches(&self.request))
    }

    /// Handles a 304 response to a request with the conditions of the cache; ignores the response if the request has no
    /// conditions.
    fn validate(&mut self, block: &Block<'_>) {
        let Some((policy, known, request)) = self.stored.take() else { return };
        let sending = sending(Some(&policy), &self.request, block.first);
        let sending = sending.filter(|sending| !sending.conditional_headers().is_empty());
        let Some(sending) = sending else {
            self.stored = Some((policy, known, request));
            return;
        };
        self.stored = match sending.receive([&policy], &self.request, &block.response(), block.second) {
            Received::Validated { index: 0, policy, is_storable } => {
                survives(&policy);
                let known = known.confirmed(&block.headers, block.first, block.second);
                is_storable.then(|| (policy, known, self.request.clone()))
            }
            Received::Mismatch(sending) => {
                assert!(
                    sending.conditional_headers().is_empty(),
                    "the request after a mismatch has conditions"
                );
                Some((policy, known, request))
            }
            other => panic!("expected a validation or a mismatch after a 304, got {other:?}"),
        };
    }

    fn ask(&self, block: &Block<'_>) {
        let Some((policy, known, request)) = &self.stored else { return };
        let (asking, now) = (get(&block.headers), block.first);
        let (asked, told) = (directives(&block.headers), known.directives());

        let decision = cache::decide([policy], &asking, now);
        match &decision {
            Decision::Serve { index: 0 } => {
                assert!(
                    known.may_serve(&asked, now, None),
                    "served a response that is not fresh: {known:?} {asked:?}"
                );
            }
            Decision::NotModified { index: 0 } => {
                assert!(
                    known.may_serve(&asked, now, None),
                    "served a response that is not fresh: {known:?} {asked:?}"
                );
                assert!(has_condition(&asking), "a 304 for a request without a condition");
            }
            Decision::ServeWhileRevalidating { index: 0, sending } => {
                let grace = number(&told, "stale-while-revalidate");
                assert!(
                    known.may_serve(&asked, now, grace),
                    "served during revalidation: {known:?} {asked:?}"
                );
                are_conditions(sending.conditional_headers(), known);
            }
            Decision::Send(sending) => {
                assert!(!has(&asked, "only-if-cached"), "sent despite only-if-cached: {asked:?}");
                are_conditions(sending.conditional_headers(), known);
            }
            Decision::GatewayTimeout => {
                assert!(has(&asked, "only-if-cached"), "504 without only-if-cached: {asked:?}")
            }
            other => panic!("expected a decision about one stored response, got {other:?}"),
        }
        is_variant_only(policy, request, &asking, &decision);
        is_fresh_in_time(policy.is_fresh(now), policy.freshness_lifetime(), known, now);
        on_error(policy, known, &asking, now);
        of_other_requests(policy, &asking, now);
        let age =
            policy.response_head(now).headers["age"].to_str().ok().and_then(|it| it.parse::<u64>().ok());
        assert!(age.is_some_and(|it| it <= 1 << 31), "invalid age: {age:?}");
    }
}

/// Returns the state of the request that has to be sent; `None` if the decision does not send a request.
fn sending(policy: Option<&Policy>, request: &Request<()>, now: SystemTime) -> Option<Sending> {
    match cache::decide(policy, request, now) {
        Decision::Send(sending) | Decision::ServeWhileRevalidating { sending, .. } => Some(sending),
        Decision::Serve { .. } | Decision::NotModified { .. } | Decision::GatewayTimeout => None,
    }
}

fn has_condition(request: &Request<()>) -> bool {
    ["if-none-match", "if-modified-since"].iter().any(|name| request.headers().contains_key(*name))
}

/// Checks that a stored value survives a JSON round trip.
fn survives<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq>(stored: &T) {
    let json = serde_json::to_string(stored).expect("plain data");
    let again = serde_json::from_str::<T>(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert!(&again == stored, "changed by serialization: {json}");
}

/// Checks that the conditions contain only validators of the stored response, and neither `*` nor a list (RFC 9110
/// §13.1.2).
fn are_conditions(headers: &HeaderMap, known: &Remembered) {
    for (name, value) in headers {
        let source = match name.as_str() {
            "if-none-match" => "etag",
            "if-modified-since" => "last-modified",
            other => panic!("{other} is not a condition"),
        };
        assert!(
            known.headers.get_all(source).iter().any(|it| it == value),
            "{name}: {value:?} is not a stored validator"
        );
        let bytes = value.as_bytes();
        assert!(!bytes.iter().any(u8::is_ascii_control), "{name}: {value:?} has control characters");
        let quotes = bytes.iter().filter(|byte| **byte == b'"').count();
        let is_one = quotes == 2 && bytes.ends_with(b"\"") || quotes == 0 && !bytes.contains(&b',');
        assert!(source != "etag" || is_one && bytes != b"*", "{value:?} is not a single validator");
    }
}

/// Checks that a response is served only if the fields in `Vary` are equal in both requests (§4.1).
fn is_variant_only(policy: &Policy, request: &Request<()>, asking: &Request<()>, decision: &Decision) {
    let is_served = !matches!(decision, Decision::Send(_) | Decision::GatewayTimeout);
    assert!(!is_served || policy.matches(asking), "served to a request that does not match");
    let head = policy.response_head(UNIX_EPOCH);
    for name in head.headers.get_all("vary").iter().flat_map(|it| it.as_bytes().split(|byte| *byte == b',')) {
        let Ok(name) = HeaderName::from_bytes(name.trim_ascii()) else { continue };
        let is_same = name != "*" && characters(request, &name) == characters(asking, &name);
        assert!(is_same || !policy.matches(asking), "matches despite `Vary: {name}`");
    }
}

/// Returns the sorted letters and digits of a field's values, which are independent of normalization. Characters of a
/// weight of 1 are excluded.
fn characters(request: &Request<()>, name: &HeaderName) -> Vec<u8> {
    let lines = request.headers().get_all(name).iter().flat_map(|it| it.as_bytes().to_ascii_lowercase());
    let mut characters: Vec<u8> = lines.filter(u8::is_ascii_alphanumeric).collect();
    if name == "accept-language" {
        characters.retain(|byte| !b"q01".contains(byte));
    }
    characters.sort_unstable();
    characters
}

/// Checks that a fresh response may be served to a request without directives, and that the lifetime is at most the
/// model's.
fn is_fresh_in_time(is_fresh: bool, life: Duration, known: &Remembered, now: SystemTime) {
    assert!(!is_fresh || known.may_serve(&[], now, None), "fresh: {known:?}");
    let life = Tenths::try_from(life.as_millis() / 100).unwrap_or(Tenths::MAX);
    assert!(life <= known.life(), "a lifetime of {life}, expected at most {}: {known:?}", known.life());
}

fn on_error(policy: &Policy, known: &Remembered, asking: &Request<()>, now: SystemTime) {
    let Some(sending) = sending(Some(policy), asking, now) else { return };
    let asked = directives(asking.headers());
    let grace = number(&known.directives(), "stale-if-error").max(number(&asked, "stale-if-error"));
    for status in [503, 404] {
        let mut response = Response::new(());
        *response.status_mut() = status.try_into().expect("expected a status");
        if matches!(sending.receive([policy], asking, &response, now), Received::Stale { .. }) {
            assert!(status != 404, "a stale response is served instead of a 404");
            assert!(known.may_serve(&asked, now, grace), "served instead of an error: {known:?} {asked:?}");
        }
    }
    for seconds in [0, 30] {
        let grace = grace.max((seconds > 0).then_some(10 * Tenths::from(seconds)));
        if sending.lost([policy], asking, Duration::from_secs(seconds), now).is_some() {
            assert!(
                known.may_serve(&asked, now, grace),
                "served after a lost connection: {known:?} {asked:?}"
            );
        }
    }
}

/// Checks that the stored response is never used for requests with a different method or URI.
fn of_other_requests(policy: &Policy, asking: &Request<()>, now: SystemTime) {
    for (method, uri) in
        [(Method::POST, "https://a.example/x"), (Method::HEAD, "https://a.example/x")].into_iter().chain(
            ["https://a.example/y", "https://a.example/x?a", "http://a.example/x", "https://b.example/x"]
                .map(|uri| (Method::GET, uri)),
        )
    {
        let mut other = asking.clone();
        (*other.method_mut(), *other.uri_mut()) = (method, uri.parse().expect("expected a URI"));
        match cache::decide([policy], &other, now) {
            Decision::GatewayTimeout => {}
            Decision::Send(sending) => {
                assert!(
                    sending.conditional_headers().is_empty(),
                    "{} {uri} is sent with conditions",
                    other.method()
                );
                let lost = sending.lost([policy], &other, Duration::MAX, now);
                assert_eq!(lost, None, "{} {uri} is served after a lost connection", other.method());
            }
            decision => panic!("expected to send {} {uri}, got {decision:?}", other.method()),
        }
    }
}

/// The same history with calls, which request one album without additional header fields.
#[derive(Default)]
struct Calls {
    entry: Option<(Entry, Remembered)>,
}

fn album(last: char) -> GetAlbum {
    GetAlbum::new(format!("Album0000000000000000{last}").parse::<AlbumId>().expect("expected an id"))
}

fn state() -> (App, Session) {
    let app = App::without_credentials().with_retry_policy(RetryPolicy::never());
    (app, Session::from_access_token("token"))
}

const BODY: &[u8] = br#"{"name":"Night Ferry"}"#;

impl Calls {
    fn respond(&mut self, block: &Block<'_>) {
        let ((mut app, mut session), key) = (state(), Key::new(&album('1'), "alice"));
        let had = self.entry.take();
        let entry = had.as_ref().map(|(entry, _)| entry.clone());
        let Cached::Call(call) = Call::new(album('1')).cached(&key, entry, block.first) else {
            self.entry = had;
            return;
        };
        let Step::Send(request, exchange) = call.start(&mut app, &mut session, block.first) else {
            self.entry = had;
            return;
        };
        let is_conditional = request.headers().contains_key("if-none-match")
            || request.headers().contains_key("if-modified-since");
        let response = block.response().map(|()| BODY.to_vec());
        let received = exchange.receive(Ok::<_, ()>(response), block.second);
        let Ok(Step::Done(Ok(reply))) = received.apply(&mut app, &mut session, block.second) else {
            self.entry = had;
            return;
        };
        let known = match (reply.source, &had) {
            (Source::Server, _) => {
                assert!(block.status().is_success(), "{} is a success", block.status());
                Remembered::new(&block.headers, block.first, block.second)
            }
            (Source::Revalidated, Some((_, known))) => {
                assert!(is_conditional, "revalidated without a condition");
                known.confirmed(&block.headers, block.first, block.second)
            }
            (Source::Stale, Some((_, known))) => {
                let grace = number(&known.directives(), "stale-if-error");
                assert!(known.may_serve(&[], block.second, grace), "served instead of an error: {known:?}");
                known.clone()
            }
            (source, _) => panic!("unexpected source of a reply: {source:?}"),
        };
        self.entry = match reply.store {
            StoreAction::Put(entry) => {
                survives(&entry);
                Some((entry, known))
            }
            StoreAction::Keep => had,
            StoreAction::Remove => None,
        };
    }

    fn ask(&self, block: &Block<'_>) {
        let Some((entry, known)) = &self.entry else { return };
        let ((mut app, mut session), now) = (state(), block.first);
        let key = Key::new(&album('1'), "alice");
        is_fresh_in_time(entry.is_fresh(now), entry.policy().freshness_lifetime(), known, now);
        match Call::new(album('1')).cached(&key, Some(entry.clone()), now) {
            Cached::Fresh(reply) => {
                assert_eq!(reply.source, Source::Fresh);
                assert!(known.may_serve(&[], now, None), "served: {known:?}");
            }
            Cached::Call(call) => {
                let step = call.start(&mut app, &mut session, now);
                let Step::Send(request, _) = step else { panic!("{step:?}") };
                let mut headers = request.headers().clone();
                assert!(headers.remove("authorization").is_some_and(|it| it.is_sensitive()));
                are_conditions(&headers, known);
            }
        }
        for (endpoint, partition) in [(album('2'), "alice"), (album('1'), "bob"), (album('1'), "")] {
            let key = Key::new(&endpoint, partition);
            let Cached::Call(call) = Call::new(endpoint.clone()).cached(&key, Some(entry.clone()), now)
            else {
                panic!("the entry of another key is used for {key}")
            };
            let step = call.start(&mut app, &mut session, now);
            let Step::Send(request, _) = step else { panic!("{step:?}") };
            assert_eq!(request.headers().len(), 1, "the request for {key} has the conditions of another key");
        }
        assert!(
            tenths(now) >= tenths(known.received) || !entry.is_fresh(now),
            "fresh before it was received"
        );
    }
}
