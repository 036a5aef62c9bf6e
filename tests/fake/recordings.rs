//! Real responses and real flows through a recorder and a replay: they mean the same, without what was replaced.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use http::{Method, Request, Response, StatusCode};
use serde_json::Value;
use spotify_proto::api::{GetAlbum, GetArtistAlbums, GetCurrentUserProfile, GetTrack, OPERATIONS};
use spotify_proto::cache::{Entry, Key, StoreAction};
use spotify_proto::{
    AlbumId, App, ArtistId, Cached, Call, Login, Origin, Paged, Reply, Scope, Scopes, Session, Step,
    TokenStep, TrackId,
};
use spotify_proto_testing::fake::{Fake, InjectedFault, PUBLIC_CLIENT_ID, ids};
use spotify_proto_testing::recording::{Recorder, Replay};

use crate::responses::fixtures::{Recording, borrow, corpus, own, say};
use crate::responses::parse_properties;
use crate::support::World;
use spotify_proto_testing::loopback::Loopback;

/// A request of the operation that a recording answers; no recording has kept its own.
fn request(it: &Recording) -> Request<Vec<u8>> {
    let operation = OPERATIONS.iter().find(|operation| operation.id == it.operation).expect("an operation");
    let path: Vec<&str> =
        operation.route.split('/').map(|part| if part.starts_with('{') { "some-id" } else { part }).collect();
    let mut request = Request::new(Vec::new());
    *request.method_mut() = operation.method.clone();
    *request.uri_mut() = format!("https://api.spotify.com{}", path.join("/")).parse().expect("a URI");
    request
}

/// What differs between an answer and the same after recording.
#[derive(Default)]
struct Compared {
    answers: usize,
    errors: usize,
    leaves: usize,
    /// Compared values by key, with how often.
    keys: BTreeMap<String, usize>,
    /// Dates that were replaced, and are not dates any more.
    dates: usize,
    faults: Vec<String>,
}

impl Compared {
    fn compare(&mut self, before: &Value, after: &Value, key: &str, name: &str) {
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => {
                for (key, value) in before {
                    match after.get(key) {
                        Some(after) => self.compare(value, after, key, name),
                        // A map of a model has all keys, also those that are not known.
                        None if after.keys().any(|key| key.contains("redacted")) => {
                            *self.keys.entry("a key".to_owned()).or_default() += 1;
                        }
                        // Dates of two old forms: an object, and one of a local file.
                        None if key == "release_date" => self.dates += 1,
                        None => self.faults.push(format!("{name}: lost {key}")),
                    }
                }
            }
            (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
                before.iter().zip(after).for_each(|(before, after)| self.compare(before, after, key, name));
            }
            (Value::String(_), Value::String(text)) if before != after => {
                self.leaves += 1;
                let is_placeholder = text.contains("redacted") || text == "ZZ";
                if is_placeholder {
                    *self.keys.entry(key.to_owned()).or_default() += 1;
                } else {
                    self.faults.push(format!("{name}: {key}: {before} became {after}"));
                }
            }
            _ if before == after => self.leaves += 1,
            _ => self.faults.push(format!("{name}: {key}: {before:.100} became {after:.100}")),
        }
    }
}

/// Records answers, replays them, and reads them before and after.
fn record_and_replay(recordings: &[Recording], found: &mut Compared) {
    let mut recorder = Recorder::new();
    recordings.iter().for_each(|it| recorder.record(&request(it), &it.response));
    let files = recorder.files();
    let mut replay = Replay::new(files.iter().map(|file| (&file.name, &file.bytes))).expect("recordings");
    for it in recordings {
        let answer = replay.respond(&request(it)).unwrap_or_else(|error| panic!("{}: {error}", it.name));
        assert_eq!(answer.status(), it.response.status(), "{}", it.name);
        let before = parse_properties::parse(&it.operation, &it.borrowed()).expect("an operation");
        let after = parse_properties::parse(&it.operation, &borrow(&answer)).expect("an operation");
        match (before, after) {
            (Ok(before), Ok(after)) => {
                found.answers += 1;
                let json =
                    |text: String| serde_json::from_str::<Value>(&text).expect("what we write is JSON");
                found.compare(&json(before.to_json()), &json(after.to_json()), "", &it.name);
            }
            (Err(before), Err(after)) => {
                found.errors += 1;
                let (before, after) =
                    (parse_properties::error_text(&before), parse_properties::error_text(&after));
                found.compare(&before.into(), &after.into(), "error", &it.name);
            }
            (before, _) => found.faults.push(format!("{}: was read: {}", it.name, before.is_ok())),
        }
    }
    replay.finish().expect("every recording was asked for");
}

fn by_folder(recordings: Vec<Recording>) -> Vec<Vec<Recording>> {
    let mut folders: BTreeMap<String, Vec<Recording>> = BTreeMap::new();
    for it in recordings {
        let folder = it.name.split('/').next().expect("a folder").to_owned();
        folders.entry(folder).or_default().push(it);
    }
    folders.into_values().collect()
}

#[test]
fn recorded_responses_mean_the_same_but_for_what_was_replaced() {
    let mut found = Compared::default();
    by_folder(own()).iter().for_each(|it| record_and_replay(it, &mut found));
    assert!(found.answers >= 30 && found.errors >= 20, "{} and {}", found.answers, found.errors);
    let mut least = 0;
    if let Some(recordings) = corpus() {
        least = 100_000;
        by_folder(recordings).iter().for_each(|it| record_and_replay(it, &mut found));
        assert!(found.answers > 550 && found.errors > 60, "{} and {}", found.answers, found.errors);
    }
    let count: usize = found.keys.values().sum();
    say(&format!(
        "recorded and replayed: {} responses, {} errors, {} values, {count} of them replaced: {:?}",
        found.answers, found.errors, found.leaves, found.keys
    ));
    assert!(found.faults.is_empty(), "\n{}", found.faults.join("\n"));
    assert!(found.leaves > least, "{} values", found.leaves);
    assert!(found.dates <= 5, "{} dates", found.dates);
    // Users and playlists are hidden; the catalogue is not.
    for hidden in ["display_name", "id", "uri", "href", "name", "description", "snapshot_id", "country"] {
        assert!(found.keys.contains_key(hidden), "no {hidden} was replaced");
    }
    for kept in ["release_date", "genres", "added_at", "label", "album_type", "album_group"] {
        assert!(!found.keys.contains_key(kept), "{kept} was replaced");
    }
}

// ── a job over a socket, and again ────────────────────────────────────────────────────────────────────────────

const CALLBACK: &str = "http://127.0.0.1:8888/callback";

/// A program: its application and session, its clock, how it sends, and what it tells.
struct Program<S> {
    world: World,
    now: SystemTime,
    send: S,
    said: Vec<String>,
}

impl<S: FnMut(&Request<Vec<u8>>) -> Response<Vec<u8>>> Program<S> {
    fn call<T>(&mut self, call: impl Into<Call<T>>) -> Option<Reply<T>> {
        let mut step = self.world.start(call, self.now);
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    let response = self.send(&request);
                    self.world.receive(exchange, response, self.now)
                }
                Step::Authorize(step, waiting) => {
                    self.authorize(step);
                    self.world.resume(waiting, self.now)
                }
                Step::Wait(delay, waiting) => {
                    self.said.push(format!("wait {} s", delay.duration.as_secs()));
                    self.now += delay.duration;
                    self.world.resume(waiting, self.now)
                }
                Step::Done(Ok(reply)) => return Some(reply),
                Step::Done(Err(error)) => {
                    self.said.push(format!("error: {error}"));
                    return None;
                }
            }
        }
    }

    fn authorize(&mut self, mut step: TokenStep) {
        loop {
            step = match step {
                TokenStep::Send(request, exchange) => {
                    let response = self.send(&request);
                    self.world.receive_token(exchange, response, self.now)
                }
                TokenStep::Save(tokens, saving) => {
                    self.said.push(format!("save, refresh token: {}", tokens.refresh_token().is_some()));
                    self.world.saved(saving, self.now)
                }
                TokenStep::Done(result) => return result.expect("a token"),
            }
        }
    }

    fn send(&mut self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let response = (self.send)(request);
        self.said.push(format!("{} {}", request.method(), response.status()));
        response
    }

    /// Calls with a store; the stored response of this test is never fresh.
    fn cached<T>(&mut self, call: Call<T>, key: &Key, entry: Option<Entry>) -> Option<Reply<T>> {
        match call.cached(key, entry, self.now) {
            Cached::Fresh(reply) => Some(reply),
            Cached::Call(call) => self.call(call),
        }
    }

    /// A profile after a login, a page loop, a 304 or a stored answer, a limit, an expired token, an error.
    fn job(mut self) -> Vec<String> {
        let user = self.call(GetCurrentUserProfile::new()).expect("a profile").value;
        self.said.push(format!("a user with an id: {}", user.id.is_some()));
        let album = GetAlbum::new(ids::ALBUM.parse::<AlbumId>().expect("an id"));
        let key = Key::new(&album, "user");
        let first = self.cached(Call::new(album.clone()), &key, None).expect("an album");
        self.said.push(first.value.name.to_string());
        let StoreAction::Put(entry) = first.store else { panic!("the album is to be stored") };
        self.now += Duration::from_secs(86_400);
        let again = self.cached(Call::new(album.clone()), &key, Some(entry)).expect("an album");
        self.said.push(format!("{:?} {}", again.source, again.value.name));
        let mut cursor =
            Some(GetArtistAlbums::new(ids::ARTIST.parse::<ArtistId>().expect("an id")).limit(10));
        while let Some(endpoint) = cursor {
            let page = self.call(endpoint.clone()).expect("a page").value;
            cursor = endpoint.next(&page);
            self.said.extend(page.into_iter().map(|album| album.name.to_string()));
        }
        let track = GetTrack::new(ids::TRACK.parse::<TrackId>().expect("an id"));
        let track = self.call(track).expect("a track").value;
        self.said.push(track.name.to_string());
        let unknown = self.call(GetAlbum::new(ids::UNKNOWN.parse::<AlbumId>().expect("an id")));
        assert!(unknown.is_none(), "an unknown album");
        let tokens = self.world.session.tokens().and_then(|tokens| tokens.refresh_token());
        self.said.push(format!("still logged in: {}", tokens.is_some()));
        self.said
    }
}

fn login(app: &App, entropy: u8) -> Login {
    let redirect = CALLBACK.parse().expect("a redirect URI");
    Login::new(app, redirect, Scopes::from([Scope::UserReadPrivate]), &[entropy; 32])
}

#[test]
fn a_job_over_a_socket_is_the_same_when_it_is_replayed() {
    let now = SystemTime::now();
    let mut fake = Fake::new();
    fake.rotating(true);
    fake.script([
        InjectedFault::ExpiredToken.at("/v1/artists"),
        InjectedFault::rate_limited(2).at("/v1/tracks"),
    ]);
    let server = Loopback::start(fake).expect("a free port");
    let agent =
        ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().new_agent();
    let send = |request: &Request<Vec<u8>>| {
        let (head, mut body) = agent.run(request.clone()).expect("the fake answers").into_parts();
        Response::from_parts(head, body.read_to_vec().expect("a body"))
    };

    // The consent is the browser's: the program does not send it.
    let app = App::public(PUBLIC_CLIENT_ID);
    let consent = login(&app, 1);
    let mut page = Request::new(Vec::new());
    *page.uri_mut() = consent.url(&server.origin()).parse().expect("a URI");
    let returned = send(&page).headers()["location"].to_str().expect("text").to_owned();
    let code = consent.callback(&returned).expect("a code");

    let mut recorder = Recorder::new();
    let app = app.with_origins(server.origin(), server.origin()).with_jitter(1);
    let world = World::new(app, Session::from_code(code));
    let record = |request: &Request<Vec<u8>>| {
        let response = send(request);
        recorder.record(request, &response);
        response
    };
    let first = Program { world, now, send: record, said: Vec::new() }.job();
    let files = recorder.files();
    let texts: Vec<_> = files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect();
    assert!(
        first.contains(&"wait 2 s".to_owned()) && first.contains(&"GET 401 Unauthorized".to_owned()),
        "{first:?}"
    );
    for secret in [PUBLIC_CLIENT_ID, returned.split(['=', '&']).nth(1).expect("a code"), "BQ", "AQ"] {
        assert!(!texts.iter().any(|text| text.contains(secret)), "{secret}");
    }
    let refresh = texts.iter().find(|text| text.contains("grant_type=refresh_token")).expect("a refresh");
    assert!(refresh.contains("refresh_token=redacted-"), "{refresh}");
    assert!(refresh.contains("\"refresh_token\": \"redacted-"), "{refresh}");

    // Another application, another user, another state, another origin.
    let mut replay = Replay::new(files.iter().map(|file| (&file.name, &file.bytes))).expect("recordings");
    let app = App::public("another-app");
    let consent = login(&app, 2);
    let state = consent.url(&Origin::accounts());
    let state = state.split("state=").nth(1).and_then(|rest| rest.split('&').next()).expect("a state");
    let code = consent.callback(&format!("code=another&state={state}")).expect("a code");
    let send = |request: &Request<Vec<u8>>| replay.respond(request).expect("the same requests");
    let world = World::new(app.with_jitter(1), Session::from_code(code));
    let second = Program { world, now, send, said: Vec::new() }.job();
    replay.finish().expect("every recording was asked for");
    assert_eq!(first, second);
    say(&format!("recorded over a socket and replayed: {} exchanges, {} lines", files.len(), first.len()));
    assert!(files.len() > 8, "{} exchanges", files.len());
}

/// The errors of a replay are for people: nothing secret is in them, whatever the program sent.
#[test]
fn a_replay_shows_no_secret() {
    use crate::auth::secrets::{PLANTED, assert_error_hidden};
    let file = ("1.http", "GET https://api.spotify.com/v1/me\n\n###\nHTTP/1.1 200 OK\n\n{}\n");
    let mut replay = Replay::new([file]).expect("a recording");
    for secret in PLANTED {
        for (uri, body) in [
            (format!("/v1/me?code={secret}"), String::new()),
            (format!("/v1/{secret}"), format!("{{\"x\": \"{secret}\"}}")),
            ("/api/token".to_owned(), format!("refresh_token={secret}&code_verifier={secret}&x={secret}")),
        ] {
            let request = Request::builder().method(Method::POST).uri(uri).body(body).expect("a request");
            assert_error_hidden(&replay.respond(&request).expect_err("nothing of that was recorded"));
        }
        let broken = format!("GET /v1/me?access_token={secret}\n{secret}\n\n");
        assert_error_hidden(&Replay::new([("1.http", broken)]).expect_err("no exchange"));
    }
    assert_eq!(replay.respond(&Request::get("/v1/me").body("").unwrap()).unwrap().status(), StatusCode::OK);
}
