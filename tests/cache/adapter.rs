//! The cache of an HTTP client over the policies of this crate, as a client would write it.

use std::collections::HashMap;
use std::time::SystemTime;

use http::request::Parts as Request;
use http::response::Parts as Head;
use http::{Response, StatusCode, Uri};
use spotify_proto::cache::{self, Decision, Policy, Validation};

use crate::cache::table::{answer, at, get};

type Answer = Response<Vec<u8>>;

// adapter begins
#[derive(Default)]
struct Cache(HashMap<Uri, Vec<(Policy, Vec<u8>)>>);

impl Cache {
    /// What to do, and the answer to serve where one is to be served.
    fn lookup(&self, request: &Request, now: SystemTime) -> (Decision, Option<Answer>) {
        let stored = self.0.get(&request.uri).map_or(&[][..], Vec::as_slice);
        let policies = || stored.iter().map(|(policy, _)| policy);
        let Some(place) = cache::select_variant(policies(), request) else {
            let all = cache::revalidate_all(policies(), request);
            return (all.map_or(Decision::Fetch, Decision::Revalidate), None);
        };
        let (policy, body) = &stored[place];
        let answer = || Response::from_parts(policy.response_head(now), body.clone());
        match policy.decide(request, now) {
            it @ (Decision::Serve | Decision::ServeWhileRevalidating(_)) => (it, Some(answer())),
            other => (other, None),
        }
    }

    fn store(&mut self, request: &Request, answer: &Answer, sent: SystemTime, now: SystemTime) {
        let (head, body) = answer.clone().into_parts();
        if let Some(policy) = Policy::storable(request, &head, sent, now) {
            let stored = self.0.entry(request.uri.clone()).or_default();
            stored.retain(|(old, _)| !old.matches(request));
            stored.push((policy, body));
        }
    }

    fn on_304(&mut self, asked: &Request, head: &Head, sent: SystemTime, now: SystemTime) -> Option<Answer> {
        let stored = self.0.get_mut(&asked.uri)?;
        for place in 0..stored.len() {
            let (policy, is_kept) = match stored[place].0.not_modified(asked, head, sent, now) {
                Validation::Update(policy) => (policy, true),
                Validation::ServeOnce(policy) => (policy, false),
                Validation::Mismatch => continue,
            };
            let (_, body) = stored.remove(place);
            let answer = Response::from_parts(policy.response_head(now), body.clone());
            stored.extend(is_kept.then_some((policy, body)));
            return Some(answer);
        }
        None
    }

    fn on_error(&self, request: &Request, error: Option<StatusCode>, now: SystemTime) -> Option<Answer> {
        let stored = self.0.get(&request.uri)?;
        let (policy, body) = stored.iter().find(|(policy, _)| policy.on_error(request, error, now))?;
        Some(Response::from_parts(policy.response_head(now), body.clone()))
    }

    fn invalidate(&mut self, request: &Request, head: &Head) {
        cache::invalidated_uris(request, head).iter().for_each(|uri| drop(self.0.remove(uri)));
    }
}
// adapter ends

fn full(text: &str, body: &str) -> Answer {
    Response::from_parts(answer(text), body.into())
}

fn filled(text: &str) -> Cache {
    let mut cache = Cache::default();
    cache.store(&get(""), &full(text, "body"), at(0), at(0));
    cache
}

/// The request as it is sent to ask.
#[track_caller]
fn asking(cache: &Cache, headers: &str, seconds: i64) -> Request {
    let mut request = get(headers);
    let (Decision::Revalidate(conditions), None) = cache.lookup(&request, at(seconds)) else {
        panic!("not to be asked about")
    };
    request.headers.extend(conditions);
    request
}

fn served(cache: &Cache, headers: &str, seconds: i64) -> Option<Answer> {
    cache.lookup(&get(headers), at(seconds)).1
}

#[test]
fn the_adapter_is_short() {
    let text = include_str!("adapter.rs");
    let mut marks = text.lines().enumerate().filter(|(_, line)| line.starts_with("// adapter "));
    let (from, _) = marks.next().expect("a beginning");
    let (to, _) = marks.next().expect("an end");
    assert!(to - from - 1 < 60, "{} lines", to - from - 1);
}

#[test]
fn a_fresh_answer_comes_with_its_age() {
    let answer = served(&filled("200|cache-control: max-age=60|age: 5"), "", 10).expect("fresh");
    assert_eq!(answer.headers()["age"], "15");
    assert_eq!(answer.body(), b"body");
}

#[test]
fn a_stale_answer_is_asked_about_and_renewed() {
    let mut cache = filled("200|cache-control: max-age=60|etag: \"1\"");
    let asked = asking(&cache, "", 60);
    assert_eq!(asked.headers["if-none-match"], "\"1\"");
    let confirmed = cache.on_304(&asked, &answer("304|x: new"), at(60), at(61)).expect("it holds");
    assert_eq!(confirmed.headers()["x"], "new");
    assert_eq!(confirmed.body(), b"body");
    assert!(cache.on_304(&asked, &answer("304|etag: \"2\""), at(60), at(61)).is_none(), "of another");
    let once = cache.on_304(&asked, &answer("304|cache-control: no-store"), at(60), at(61));
    assert!(once.is_some());
    assert_eq!(cache.lookup(&get(""), at(62)).0, Decision::Fetch);
}

#[test]
fn a_stale_answer_is_served_meanwhile_and_for_an_error() {
    let allowed = "stale-while-revalidate=9, stale-if-error=99";
    let cache = filled(&format!("200|cache-control: max-age=60, {allowed}|etag: \"1\""));
    let (Decision::ServeWhileRevalidating(conditions), Some(_)) = cache.lookup(&get(""), at(61)) else {
        panic!("meanwhile")
    };
    assert_eq!(conditions["if-none-match"], "\"1\"");
    assert!(cache.on_error(&get(""), None, at(159)).is_some());
    assert!(cache.on_error(&get(""), None, at(160)).is_none());
}

#[test]
fn variants_live_side_by_side() {
    let mut cache = Cache::default();
    for lang in ["en", "de"] {
        let answer = format!("200|cache-control: max-age=60|vary: accept-language|etag: \"{lang}\"");
        cache.store(&get(&format!("accept-language: {lang}")), &full(&answer, lang), at(0), at(0));
    }
    for lang in ["en", "de"] {
        let found = served(&cache, &format!("accept-language: {lang}"), 1).expect("fresh");
        assert_eq!(found.body(), lang.as_bytes());
    }
    let asked = asking(&cache, "accept-language: fr", 1);
    assert_eq!(asked.headers["if-none-match"], "\"en\", \"de\"");
    let chosen = cache.on_304(&asked, &answer("304|etag: \"de\""), at(1), at(1)).expect("one of them");
    assert_eq!(chosen.body(), b"de");
}

#[test]
fn a_write_takes_the_answer_out() {
    let mut cache = filled("200|cache-control: max-age=60");
    let mut write = get("");
    write.method = http::Method::PUT;
    cache.invalidate(&write, &answer("404"));
    assert!(served(&cache, "", 1).is_some());
    cache.invalidate(&write, &answer("204"));
    assert!(served(&cache, "", 1).is_none());
}
