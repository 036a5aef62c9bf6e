//! Tests that recorded and replayed responses, and a complete job, are equal to the originals except for replaced
//! values.

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

/// Returns a request for the operation of a fixture, because fixtures do not contain requests.
fn request(it: &Recording) -> Request<Vec<u8>> {
    let operation =
        OPERATIONS.iter().find(|operation| operation.id == it.operation).expect("expected an operation");
    let path: Vec<&str> =
        operation.route.split('/').map(|part| if part.starts_with('{') { "some-id" } else { part }).collect();
    let mut request = Request::new(Vec::new());
    *request.method_mut() = operation.method.clone();
    *request.uri_mut() =
        format!("https://api.spotify.com{}", path.join("/")).parse().expect("expected a URI");
    request
}

/// The differences between the decoded responses before and after recording.
#[derive(Default)]
struct Compared {
    responses: usize,
    errors: usize,
    leaves: usize,
    /// Number of replaced values by key.
    keys: BTreeMap<String, usize>,
    /// Number of dates that were replaced by a value that is not a date.
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
                        // Models with a map retain unknown keys, whose names are replaced in recordings.
                        None if after.keys().any(|key| key.contains("redacted")) => {
                            *self.keys.entry("a key".to_owned()).or_default() += 1;
                        }
                        // Dates in two old formats: an object, and the date of a local file.
                        None if key == "release_date" => self.dates += 1,
                        None => self.faults.push(format!("{name}: {key} is missing")),
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

/// Records responses, replays them, and compares the decoded values before and after.
fn record_and_replay(recordings: &[Recording], found: &mut Compared) {
    let mut recorder = Recorder::new();
    recordings.iter().for_each(|it| recorder.record(&request(it), &it.response));
    let files = recorder.files();
    let mut replay = Replay::new(files.iter().map(|file| (&file.name, &file.bytes))).expect("recordings");
    for it in recordings {
        let replayed = replay.respond(&request(it)).unwrap_or_else(|error| panic!("{}: {error}", it.name));
        assert_eq!(replayed.status(), it.response.status(), "{}", it.name);
        let before = parse_properties::parse(&it.operation, &it.borrowed()).expect("expected an operation");
        let after =
            parse_properties::parse(&it.operation, &borrow(&replayed)).expect("expected an operation");
        match (before, after) {
            (Ok(before), Ok(after)) => {
                found.responses += 1;
                let json = |text: String| {
                    serde_json::from_str::<Value>(&text).expect("encoded values should be JSON")
                };
                found.compare(&json(before.to_json()), &json(after.to_json()), "", &it.name);
            }
            (Err(before), Err(after)) => {
                found.errors += 1;
                let (before, after) =
                    (parse_properties::error_text(&before), parse_properties::error_text(&after));
                found.compare(&before.into(), &after.into(), "error", &it.name);
            }
            (before, after) => {
                found.faults.push(format!(
                    "{}: decoded before recording: {}, decoded after: {}",
                    it.name,
                    before.is_ok(),
                    after.is_ok()
                ));
            }
        }
    }
    replay.finish().expect("expected a request for every recording");
}

fn by_folder(recordings: Vec<Recording>) -> Vec<Vec<Recording>> {
    let mut folders: BTreeMap<String, Vec<Recording>> = BTreeMap::new();
    for it in recordings {
        let folder = it.name.split('/').next().expect("expected a folder").to_owned();
        folders.entry(folder).or_default().push(it);
    }
    folders.into_values().collect()
}

#[test]
fn replayed_responses_decode_to_the_same_values_except_for_replaced_values() {
    let mut found = Compared::default();
    by_folder(own()).iter().for_each(|it| record_and_replay(it, &mut found));
    assert!(
        found.responses >= 30 && found.errors >= 20,
        "{} responses and {} errors",
        found.responses,
        found.errors
    );
    let mut least = 0;
    if let Some(recordings) = corpus() {
        least = 100_000;
        by_folder(recordings).iter().for_each(|it| record_and_replay(it, &mut found));
        assert!(
            found.responses > 550 && found.errors > 60,
            "{} responses and {} errors",
            found.responses,
            found.errors
        );
    }
    let count: usize = found.keys.values().sum();
    say(&format!(
        "recorded and replayed: {} responses, {} errors, {} values, {count} of them replaced: {:?}",
        found.responses, found.errors, found.leaves, found.keys
    ));
    assert!(found.faults.is_empty(), "\n{}", found.faults.join("\n"));
    assert!(found.leaves > least, "{} values", found.leaves);
    assert!(found.dates <= 5, "{} dates", found.dates);
    // Data of users and playlists is replaced, but catalogue data is not.
    for hidden in ["display_name", "id", "uri", "href", "name", "description", "snapshot_id", "country"] {
        assert!(found.keys.contains_key(hidden), "{hidden} was never replaced");
    }
    for retained in ["release_date", "genres", "added_at", "label", "album_type", "album_group"] {
        assert!(!found.keys.contains_key(retained), "{retained} was replaced");
    }
}

// ── a job over a socket, and its replay ─────────────────────────────────────────────────────────────────

const CALLBACK: &str = "http://127.0.0.1:8888/callback";

/// A program: the application and session, the clock, the transport, and the log.
struct Program<S> {
    world: World,
    now: SystemTime,
    send: S,
    log: Vec<String>,
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
                    self.log.push(format!("wait {} s", delay.duration.as_secs()));
                    self.now += delay.duration;
                    self.world.resume(waiting, self.now)
                }
                Step::Done(Ok(reply)) => return Some(reply),
                Step::Done(Err(error)) => {
                    self.log.push(format!("error: {error}"));
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
                    self.log.push(format!("save, refresh token: {}", tokens.refresh_token().is_some()));
                    self.world.saved(saving, self.now)
                }
                TokenStep::Done(result) => return result.expect("expected a token"),
            }
        }
    }

    fn send(&mut self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let response = (self.send)(request);
        self.log.push(format!("{} {}", request.method(), response.status()));
        response
    }

    /// Makes a call with an optional stored response.
    fn cached<T>(&mut self, call: Call<T>, key: &Key, entry: Option<Entry>) -> Option<Reply<T>> {
        match call.cached(key, entry, self.now) {
            Cached::Fresh(reply) => Some(reply),
            Cached::Call(call) => self.call(call),
        }
    }

    /// Runs the job and returns the log. The job consists of a profile after a login, a stale stored response, a list
    /// whose token expires, a rate limit, and an error.
    fn job(mut self) -> Vec<String> {
        let user = self.call(GetCurrentUserProfile::new()).expect("expected a profile").value;
        self.log.push(format!("a user with an id: {}", user.id.is_some()));
        let album = GetAlbum::new(ids::ALBUM.parse::<AlbumId>().expect("expected an id"));
        let key = Key::new(&album, "user");
        let first = self.cached(Call::new(album.clone()), &key, None).expect("expected an album");
        self.log.push(first.value.name.to_string());
        let StoreAction::Put(entry) = first.store else { panic!("expected an entry for the album") };
        self.now += Duration::from_secs(86_400);
        let again = self.cached(Call::new(album.clone()), &key, Some(entry)).expect("expected an album");
        self.log.push(format!("{:?} {}", again.source, again.value.name));
        let mut cursor =
            Some(GetArtistAlbums::new(ids::ARTIST.parse::<ArtistId>().expect("expected an id")).limit(10));
        while let Some(endpoint) = cursor {
            let page = self.call(endpoint.clone()).expect("expected a page").value;
            cursor = endpoint.next(&page);
            self.log.extend(page.into_iter().map(|album| album.name.to_string()));
        }
        let track = GetTrack::new(ids::TRACK.parse::<TrackId>().expect("expected an id"));
        let track = self.call(track).expect("expected a track").value;
        self.log.push(track.name.to_string());
        let unknown = self.call(GetAlbum::new(ids::UNKNOWN.parse::<AlbumId>().expect("expected an id")));
        assert!(unknown.is_none(), "an unknown album should be an error");
        let tokens = self.world.session.tokens().and_then(|tokens| tokens.refresh_token());
        self.log.push(format!("still logged in: {}", tokens.is_some()));
        self.log
    }
}

fn login(app: &App, entropy: u8) -> Login {
    let redirect = CALLBACK.parse().expect("expected a redirect URI");
    Login::new(app, redirect, Scopes::from([Scope::UserReadPrivate]), &[entropy; 32])
}

#[test]
fn a_replayed_job_has_the_same_log_as_the_original_job() {
    let now = SystemTime::now();
    let mut fake = Fake::new();
    fake.rotating(true);
    fake.script([
        InjectedFault::ExpiredToken.at("/v1/artists"),
        InjectedFault::rate_limited(2).at("/v1/tracks"),
    ]);
    let server = Loopback::start(fake).expect("expected a free port");
    let agent =
        ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().new_agent();
    let send = |request: &Request<Vec<u8>>| {
        let (head, mut body) =
            agent.run(request.clone()).expect("expected a response of the fake").into_parts();
        Response::from_parts(head, body.read_to_vec().expect("expected a body"))
    };

    // The consent page is opened in the browser, so this request is not recorded.
    let app = App::public(PUBLIC_CLIENT_ID);
    let consent = login(&app, 1);
    let mut page = Request::new(Vec::new());
    *page.uri_mut() = consent.url(&server.origin()).parse().expect("expected a URI");
    let returned = send(&page).headers()["location"].to_str().expect("text").to_owned();
    let code = consent.callback(&returned).expect("expected a code");

    let mut recorder = Recorder::new();
    let app = app.with_origins(server.origin(), server.origin()).with_jitter(1);
    let world = World::new(app, Session::from_code(code));
    let record = |request: &Request<Vec<u8>>| {
        let response = send(request);
        recorder.record(request, &response);
        response
    };
    let first = Program { world, now, send: record, log: Vec::new() }.job();
    let files = recorder.files();
    let texts: Vec<_> = files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect();
    assert!(
        first.contains(&"wait 2 s".to_owned()) && first.contains(&"GET 401 Unauthorized".to_owned()),
        "{first:?}"
    );
    for secret in [PUBLIC_CLIENT_ID, returned.split(['=', '&']).nth(1).expect("expected a code"), "BQ", "AQ"]
    {
        assert!(!texts.iter().any(|text| text.contains(secret)), "{secret}");
    }
    let refresh =
        texts.iter().find(|text| text.contains("grant_type=refresh_token")).expect("expected a refresh");
    assert!(refresh.contains("refresh_token=redacted-"), "{refresh}");
    assert!(refresh.contains("\"refresh_token\": \"redacted-"), "{refresh}");

    // The application, the user, the `state` and the origin differ from the recorded exchanges.
    let mut replay = Replay::new(files.iter().map(|file| (&file.name, &file.bytes))).expect("recordings");
    let app = App::public("another-app");
    let consent = login(&app, 2);
    let state = consent.url(&Origin::accounts());
    let state =
        state.split("state=").nth(1).and_then(|rest| rest.split('&').next()).expect("expected a state");
    let code = consent.callback(&format!("code=another&state={state}")).expect("expected a code");
    let send =
        |request: &Request<Vec<u8>>| replay.respond(request).expect("expected a recording of the request");
    let world = World::new(app.with_jitter(1), Session::from_code(code));
    let second = Program { world, now, send, log: Vec::new() }.job();
    replay.finish().expect("expected a request for every recording");
    assert_eq!(first, second);
    say(&format!("recorded over a socket and replayed: {} exchanges, {} lines", files.len(), first.len()));
    assert!(files.len() > 8, "{} exchanges", files.len());
}

/// Neither secrets of the request nor of the recording occur in the error messages.
#[test]
fn the_errors_of_a_replay_contain_no_secrets() {
    use crate::auth::secrets::{PLANTED, assert_error_hidden};
    let file = ("1.http", "GET https://api.spotify.com/v1/me\n\n###\nHTTP/1.1 200 OK\n\n{}\n");
    let mut replay = Replay::new([file]).expect("expected a recording");
    for secret in PLANTED {
        for (uri, body) in [
            (format!("/v1/me?code={secret}"), String::new()),
            (format!("/v1/{secret}"), format!("{{\"x\": \"{secret}\"}}")),
            ("/api/token".to_owned(), format!("refresh_token={secret}&code_verifier={secret}&x={secret}")),
        ] {
            let request =
                Request::builder().method(Method::POST).uri(uri).body(body).expect("expected a request");
            assert_error_hidden(
                &replay.respond(&request).expect_err("the request was not recorded and should be an error"),
            );
        }
        let broken = format!("GET /v1/me?access_token={secret}\n{secret}\n\n");
        assert_error_hidden(
            &Replay::new([("1.http", broken)]).expect_err("a file without an exchange should be an error"),
        );
    }
    assert_eq!(replay.respond(&Request::get("/v1/me").body("").unwrap()).unwrap().status(), StatusCode::OK);
}
