//! `Debug` of every public type, with secrets planted wherever it takes a text, a header or an address.
//!
//! The types are those that the documentation lists: what public modules define or re-export. A type that is in none of
//! the tables below fails a test.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fmt::Debug;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue, Method, Request, Response};
use spotify_proto::api::GetCurrentUserPlaylists;
use spotify_proto::cache::{Entry, Key, Policy, StoreAction, Validation};
use spotify_proto::driver::{self, AsyncDriver, Driver, LocalDriver};
use spotify_proto::{
    AlbumId, App, AuthorizationCode, Body, Call, Endpoint, Error, Language, Login, Market, Origin, Pager,
    QueryText, RedirectUri, ResponseRef, Scopes, Secret, Session, ShortLink, Step, Timestamp, TokenStep,
    Tokens, from_json,
};
use spotify_proto_testing::fake::{Fake, InjectedFault};
use spotify_proto_testing::recording::{self, Recorder, Replay};

use crate::auth::secrets::{ACCESS_TOKEN, CLIENT_SECRET, CODE, PLANTED, REFRESH_TOKEN, VERIFIER, shown};
use spotify_proto_testing::loopback::Loopback;

use crate::support::project::{code, project, sources, sources_of};
use crate::support::{World, album, later};

/// Values of a public type with planted secrets, as `Debug` prints them.
type Planted = fn() -> Vec<String>;

fn printed(value: &impl Debug) -> Vec<String> {
    vec![format!("{value:?}"), format!("{value:#?}")]
}

fn all<T: Debug>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().flat_map(|value| printed(&value)).collect()
}

/// Types that take a text, a header or an address of others, or hold a value that does.
const TYPES: &[(&str, Planted)] = &[
    ("Secret", || all(PLANTED.iter().map(|secret| Secret::from(*secret)))),
    ("App", || printed(&app())),
    ("KnownSecrets", || printed(&session().secrets(&app()))),
    ("SecretMatcher", || printed(&session().secrets(&app()).matcher())),
    ("ResponseRef", || printed(&ResponseRef::from(&stored()))),
    ("fixture::FixtureError", || {
        all(PLANTED.iter().filter_map(|it| {
            let json = format!(r#"{{"name": "x", "{it}": "{it}", "y": "{it}"}}"#);
            spotify_proto_testing::fixture::parse::<spotify_proto::api::GetAlbum>(&json).err()
        }))
    }),
    ("unread_fields::UnreadFields", || {
        all(PLANTED.iter().map(|it| {
            let body = serde_json::json!({"name": "x", *it: it, "y": it});
            spotify_proto_testing::unread_fields::find(&body, "/v1/albums/{id}", |_| {
                Some(serde_json::Value::Null)
            })
        }))
    }),
    ("loopback::Loopback", || printed(&Loopback::start(fake()).expect("a free port"))),
    ("Session", || printed(&session())),
    ("SessionState", || states()),
    ("Tokens", || printed(&tokens())),
    ("Login", || printed(&login())),
    ("AuthorizationCode", || printed(&consent())),
    ("Call", || printed(&Call::new(album()))),
    ("Step", || steps().0),
    ("Exchange", || steps().1),
    ("Received", || steps().2),
    ("Waiting", || steps().3),
    ("TokenStep", || token_steps().0),
    ("TokenExchange", || token_steps().1),
    ("ReceivedToken", || token_steps().2),
    ("Saving", || token_steps().3),
    ("Cached", || printed(&Call::new(album()).cached(&key(), Some(entry()), later(0)))),
    ("Reply", || printed(&reply())),
    ("Pager", || printed(&Pager::new(GetCurrentUserPlaylists::new()))),
    ("Error", || all(errors())),
    ("ApiError", || {
        all(errors().into_iter().filter_map(|it| if let Error::Api(it) = it { Some(it) } else { None }))
    }),
    ("AuthError", || {
        all(errors().into_iter().filter_map(|it| if let Error::Auth(it) = it { Some(it) } else { None }))
    }),
    ("DecodeError", || {
        all(errors().into_iter().filter_map(|it| if let Error::Decode(it) = it { Some(it) } else { None }))
    }),
    ("RateLimited", || {
        all(errors()
            .into_iter()
            .filter_map(|it| if let Error::RateLimited(it) = it { Some(it) } else { None }))
    }),
    ("ScopeError", || {
        all(errors().into_iter().filter_map(|it| if let Error::Scope(it) = it { Some(it) } else { None }))
    }),
    ("RequestError", || {
        let rule = spotify_proto::RequestRule::Empty;
        all(PLANTED.iter().map(|it| spotify_proto::RequestError::new("x", it, it, rule)))
    }),
    ("CallbackError", || {
        let query = |it: &str| format!("error={it}&state={REFRESH_TOKEN}");
        all(PLANTED.iter().map(|it| login().callback(&query(it)).expect_err("a refusal")))
    }),
    ("RedirectUriError", || refused::<RedirectUri>()),
    ("OriginError", || refused::<Origin>()),
    ("IdError", || refused::<AlbumId>()),
    ("LanguageError", || refused::<Language>()),
    ("MarketError", || refused::<Market>()),
    ("TimeError", || refused::<Timestamp>()),
    ("InvalidScopes", || refused::<Scopes>()),
    ("ShortLinkError", || {
        let link: ShortLink = "https://spotify.link/abc".parse().expect("a short link");
        let response =
            |it: &&str| Response::builder().status(302).header("location", *it).body("").expect("a response");
        let mut all = all(PLANTED.iter().map(|it| link.location(&response(it)).expect_err("no address")));
        all.extend(refused::<ShortLink>());
        all
    }),
    ("QueryTooLong", || all(PLANTED.iter().map(|it| QueryText::new(it.repeat(300)).expect_err("too long")))),
    ("Body", || {
        all(PLANTED
            .iter()
            .flat_map(|it| [Body::Json(it.as_bytes().to_vec()), Body::Jpeg(it.as_bytes().to_vec())]))
    }),
    ("cache::Policy", || all([policy(), entry().policy().clone()])),
    ("cache::Entry", || printed(&entry())),
    ("cache::Decision", || {
        all([0, 30, 4_000, 400_000].map(|after| policy().decide(&request().into_parts().0, later(after))))
    }),
    ("cache::Validation", || {
        let mut response = stored();
        *response.status_mut() = http::StatusCode::NOT_MODIFIED;
        let (request, response) = (request().into_parts().0, response.into_parts().0);
        let confirmation = policy().not_modified(&request, &response, later(10), later(11));
        all([confirmation, Validation::Update(policy()), Validation::ServeOnce(policy())])
    }),
    ("cache::StoreAction", || printed(&StoreAction::Put(entry()))),
    ("driver::Error", || all(errors().into_iter().map(driver::Error::<Infallible>::Spotify))),
    ("driver::LocalDriver", || printed(&local())),
    ("driver::Pages", || printed(&local().pages(GetCurrentUserPlaylists::new()))),
    ("driver::Items", || printed(&local().items(GetCurrentUserPlaylists::new()))),
    ("driver::AsyncPages", || printed(&Nothing(local()).pages(GetCurrentUserPlaylists::new()))),
    ("driver::Prefetch", || {
        printed(&Nothing(local()).prefetch(GetCurrentUserPlaylists::new(), std::num::NonZeroUsize::MIN))
    }),
    ("fake::Fake", || printed(&fake())),
    ("fake::RecordedRequest", || all(fake().requests().to_vec())),
    ("fake::InjectedFault", || all(faults())),
    ("fake::Scripted", || all(faults().into_iter().map(|fault| fault.at("/v1/albums")))),
    ("recording::Recorder", || printed(&recorder())),
    ("recording::File", || all(recorder().files())),
    ("recording::Redaction", || all(recorder().redactions())),
    ("recording::Recorded", || {
        let bytes = recording::write_exchange(&request(), &stored());
        printed(&recording::parse_exchange(&bytes).expect("an exchange"))
    }),
    ("recording::RecordingError", || {
        all(PLANTED.iter().map(|it| recording::parse_response(it.as_bytes()).expect_err("no message")))
    }),
    ("recording::Replay", || printed(&replay())),
    ("recording::ReplayError", || {
        all(PLANTED
            .iter()
            .map(|it| Replay::new([("1.http", format!("GET /{it}\n{it}\n\n"))]).expect_err("no exchange")))
    }),
    ("recording::Unexpected", || all([replay().respond(&request()).expect_err("another request")])),
    ("recording::Unused", || all([replay().finish().expect_err("a recording is left")])),
];

/// Types that show what they hold, with the reason.
const SHOWN: &[(&str, &[&str])] = &[
    (
        "texts and addresses of the caller, to be found in logs",
        &[
            "fake::ParseFaultError",
            "AlbumId",
            "ArtistId",
            "AudiobookId",
            "CategoryId",
            "ChapterId",
            "EpisodeId",
            "PlaylistId",
            "ShowId",
            "TrackId",
            "UserId",
            "Href",
            "ImageUrl",
            "WebUrl",
            "SpotifyUri",
            "LocalFile",
            "ShortLink",
            "Text",
            "QueryText",
            "CommaList",
            "CommaSet",
            "Language",
            "Market",
            "Origin",
            "RedirectUri",
            "Target",
            "TargetError",
            "Date",
            "Timestamp",
            "RetryAfter",
            "Scope",
            "Scopes",
            "ScopeRequirement",
            "Remaining",
            "driver::Collected",
            "cache::Key",
        ],
    ),
    ("words of a server: whatever reads one from a response cuts secrets out first", &["Reason", "AuthCode"]),
    (
        "numbers, times and words of this crate",
        &[
            "AttemptOutcome",
            "QuotaMode",
            "Budget",
            "CallInfo",
            "Completeness",
            "DatePrecision",
            "Delay",
            "ExceededLimit",
            "ForbiddenReason",
            "IncompleteReason",
            "ResourceKind",
            "Operation",
            "ParameterRule",
            "PlaybackStateAbsent",
            "RateLimiter",
            "RequestRule",
            "RetryPolicy",
            "Source",
            "Throttled",
            "WaitReason",
            "driver::Event",
            "fake::Consent",
            "fake::Lost",
            "fake::Stats",
        ],
    ),
];

/// Modules whose types show what the caller asks for, and what the server describes.
const SHOWN_MODULES: &[&str] = &["api::", "model::"];

// ── the types of the documentation ────────────────────────────────────────────────────────────────────────────

/// Public modules, with the files that list their types. The guide has no types.
const MODULES: &[(&str, &str)] = &[
    ("", "lib.rs"),
    ("api::", "api.rs"),
    ("auth::", "auth.rs"),
    ("cache::", "cache.rs"),
    ("driver::", "driver.rs"),
    ("fake::", "fake.rs"),
    ("fixture::", "fixture.rs"),
    ("loopback::", "loopback.rs"),
    ("unread_fields::", "unread_fields.rs"),
    ("model::", "model.rs"),
    ("recording::", "recording.rs"),
];

/// Names of types that a file defines or re-exports for everyone.
fn listed(text: &str) -> Vec<String> {
    let code = code(text);
    let is_type = |name: &str| name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
    let mut names = Vec::new();
    for statement in code.split("pub use ").skip(1) {
        let tree = statement.split(';').next().unwrap_or_default();
        assert!(!tree.contains('*'), "a glob re-export hides its names: {tree}");
        let words = tree.split([',', '{', '}']).map(|part| part.rsplit("::").next().unwrap_or_default());
        let renamed = words.map(|word| word.rsplit(" as ").next().unwrap_or_default().trim());
        names.extend(renamed.filter(|name| is_type(name)).map(str::to_owned));
    }
    for keyword in ["pub struct ", "pub enum ", "pub union ", "pub type "] {
        for definition in code.split(keyword).skip(1) {
            let name: String = definition.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            names.extend(Some(name).filter(|name| is_type(name)));
        }
    }
    names
}

/// Returns the files of the library and of its testing kit.
fn both_sources() -> Vec<(String, String)> {
    let testing = sources_of("testing/src").into_iter().filter(|(file, _)| file != "lib.rs");
    sources().into_iter().chain(testing).collect()
}

fn public_types() -> BTreeSet<String> {
    let sources: BTreeMap<String, String> = both_sources().into_iter().collect();
    let is_trait = |name: &str| sources.values().any(|text| text.contains(&format!("pub trait {name}")));
    let types = MODULES.iter().flat_map(|(module, file)| {
        let names = listed(&sources[*file]);
        names.into_iter().filter(|name| !is_trait(name)).map(move |name| format!("{module}{name}"))
    });
    types.collect()
}

#[test]
fn every_public_type_is_in_a_table() {
    let types = public_types();
    assert!(types.len() > 300, "{} types", types.len());
    let planted: BTreeSet<&str> = TYPES.iter().map(|(name, _)| *name).collect();
    let shown: BTreeSet<&str> = SHOWN.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let is_known = |name: &str| {
        planted.contains(name)
            || shown.contains(name)
            || SHOWN_MODULES.iter().any(|module| name.starts_with(module))
    };
    let missing: Vec<_> = types.iter().filter(|name| !is_known(name)).collect();
    assert!(missing.is_empty(), "no secrets are planted in {missing:?}");
    let both: Vec<_> = planted.intersection(&shown).collect();
    assert!(both.is_empty(), "in two tables: {both:?}");
    let gone: Vec<_> = planted.union(&shown).filter(|name| !types.contains(**name)).collect();
    assert!(gone.is_empty(), "in a table, but not public: {gone:?}");
}

/// `unreachable_pub` makes sure that a public item of another file is re-exported; this, that no module is forgotten.
#[test]
fn every_public_module_is_examined() {
    let files: Vec<&str> = MODULES.iter().map(|(_, file)| *file).collect();
    for (file, text) in both_sources() {
        for module in code(&text).split("pub mod ").skip(1) {
            let name: String = module.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let folder = file.trim_end_matches(".rs").trim_start_matches("lib");
            let path = if folder.is_empty() { format!("{name}.rs") } else { format!("{folder}/{name}.rs") };
            let is_guide = path == "guide.rs" || folder == "guide";
            // The ids of the fake are constants.
            let is_constants = path == "fake/ids.rs";
            assert!(is_guide || is_constants || files.contains(&&*path), "{path} is not examined");
        }
    }
    let manifest = std::fs::read_to_string(project("Cargo.toml")).expect("a manifest");
    assert!(manifest.contains("unreachable_pub = \"warn\""));
}

/// A type that shows what it holds must not hold what may be secret.
#[test]
fn types_that_show_what_they_hold_hold_no_secrets() {
    /// Addresses of `spotify.link`, as the caller gave them.
    const ADDRESSES: &[&str] = &["ShortLink"];
    const WORDS: &[&str] = &["Secret", "HeaderMap", "HeaderValue", "Request<", "Response<", "http::Uri"];
    let sources: Vec<_> = both_sources().into_iter().map(|(file, text)| (file, code(&text))).collect();
    let mut count = 0;
    let in_modules = public_types();
    let in_modules =
        in_modules.iter().filter(|name| SHOWN_MODULES.iter().any(|module| name.starts_with(module)));
    let names =
        SHOWN.iter().flat_map(|(_, names)| names.iter().copied()).chain(in_modules.map(String::as_str));
    for name in names {
        let name = name.rsplit("::").next().unwrap_or(name);
        for (file, code) in &sources {
            for keyword in ["pub struct ", "pub enum "] {
                for after in code.split(&format!("{keyword}{name}")).skip(1) {
                    if after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
                        continue;
                    }
                    count += 1;
                    let tuple =
                        after.find(';').filter(|end| after.find('{').is_none_or(|brace| *end < brace));
                    let end = tuple.or_else(|| after.find("\n}")).unwrap_or(after.len());
                    let definition = &after[..end];
                    let is_address = |word: &str| ADDRESSES.contains(&name) && word == "http::Uri";
                    let word = WORDS.iter().find(|word| definition.contains(**word) && !is_address(word));
                    assert_eq!(word, None, "{file}: {name} shows what it holds: {definition}");
                }
            }
        }
    }
    assert!(count > 60, "{count} definitions found");
}

#[test]
fn no_public_type_shows_a_secret_in_debug() {
    let mut count = 0;
    for (name, planted) in TYPES {
        let texts = planted();
        assert!(!texts.is_empty(), "nothing is planted in {name}");
        for text in texts {
            count += 1;
            assert_eq!(shown(&text), None, "{name}: {text}");
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(shown(&words), None, "{name}: {words}");
        }
    }
    assert!(count > 300, "{count} texts");
}

#[test]
fn names_are_found_in_the_sources() {
    let text = "pub use a::{Bee, c::Dee as Eee};
pub(crate) use x::Eff;
pub struct Gee<T>(T);
pub enum Aitch { I }
\
                struct Jay;
/// pub struct Kay;
pub use f::{gee, MAX_LEN};
use l::Em;
pub trait En {}
";
    assert_eq!(listed(text), ["Bee", "Eee", "Gee", "Aitch"]);
}

// ── values with planted secrets ───────────────────────────────────────────────────────────────────────────────

fn app() -> App {
    App::confidential("client", CLIENT_SECRET)
}

fn tokens() -> Tokens {
    Tokens::from_access_token(ACCESS_TOKEN, Some(later(3_600))).with_refresh_token(REFRESH_TOKEN)
}

fn session() -> Session {
    Session::from_tokens(tokens())
}

fn login() -> Login {
    let stored = format!(
        r#"{{"client_id": "client", "redirect_uri": "http://127.0.0.1:8888/callback", "scopes": "user-read-email",
            "state": "{REFRESH_TOKEN}", "verifier": "{VERIFIER}"}}"#
    );
    serde_json::from_str(&stored).expect("a stored login")
}

fn consent() -> AuthorizationCode {
    login().callback(&format!("code={CODE}&state={REFRESH_TOKEN}")).expect("a consent")
}

/// A request with a secret in its URI and in every header that may have one.
fn request() -> Request<Vec<u8>> {
    let mut request = Request::new(ACCESS_TOKEN.as_bytes().to_vec());
    let uri = format!(
        "https://{CLIENT_SECRET}:x@api.spotify.com/v1/{CLIENT_SECRET}?access_token={ACCESS_TOKEN}&code={CODE}"
    );
    *request.uri_mut() = uri.parse().expect("a URI");
    for name in
        ["authorization", "cookie", "x-api-key", "if-none-match", "accept-language", "user-agent", "referer"]
    {
        request.headers_mut().insert(name, HeaderValue::from_static(ACCESS_TOKEN));
    }
    request
}

/// A response that may be stored, with a secret in every header that may have one.
fn stored() -> Response<Vec<u8>> {
    let mut headers = HeaderMap::new();
    for name in
        ["set-cookie", "location", "content-location", "x-request-id", "server", "www-authenticate", "link"]
    {
        headers.insert(name, HeaderValue::from_static(REFRESH_TOKEN));
    }
    headers.insert("etag", HeaderValue::from_str(&format!("\"{ACCESS_TOKEN}\"")).expect("a header"));
    headers
        .insert("cache-control", HeaderValue::from_static("private, max-age=60, stale-while-revalidate=60"));
    headers.insert("vary", HeaderValue::from_static("cookie, x-api-key"));
    let mut response = Response::new(format!("{{\"name\": \"{REFRESH_TOKEN}\"}}").into_bytes());
    *response.headers_mut() = headers;
    response
}

fn policy() -> Policy {
    let (request, response) = (request().into_parts().0, stored().into_parts().0);
    Policy::storable(&request, &response, later(0), later(1)).expect("a response that may be stored")
}

fn key() -> Key {
    Key::new(&album(), "user")
}

fn entry() -> Entry {
    match reply().store {
        StoreAction::Put(entry) => entry,
        other => panic!("expected an entry, got {other:?}"),
    }
}

fn reply() -> spotify_proto::Reply<spotify_proto::model::Album> {
    let mut world = World::new(app(), session());
    let step = world.cached(Call::new(album()), &key(), None, later(0));
    let Step::Send(_, exchange) = step else { panic!("expected a request") };
    let mut response = stored();
    *response.body_mut() = b"{\"name\": \"Night Ferry\"}".to_vec();
    let Step::Done(Ok(reply)) = world.receive(exchange, response, later(1)) else {
        panic!("expected an album")
    };
    reply
}

fn states() -> Vec<String> {
    let (mut all, now) = (Vec::new(), later(0));
    let mut world = World::new(app(), Session::from_refresh_token(REFRESH_TOKEN));
    all.extend(printed(&world.session.state(now)));
    let Step::Authorize(step, _) = world.start(album(), now) else { panic!("expected token work") };
    all.extend(printed(&world.session.state(now)));
    let body = format!("{{\"error\": \"invalid_grant\", \"error_description\": \"{REFRESH_TOKEN}\"}}");
    let response = Response::builder().status(400).body(body).expect("a response");
    assert!(world.authorize(step, &response, now).is_err());
    all.extend(printed(&world.session.state(now)));
    assert!(matches!(world.session.state(now), spotify_proto::SessionState::Ended(_)));
    all
}

type Four = (Vec<String>, Vec<String>, Vec<String>, Vec<String>);

/// Steps, exchanges, received responses and waiting calls of a call.
fn steps() -> Four {
    let (mut all, now) = (Four::default(), later(0));
    for (status, header) in [(200, ""), (401, ""), (429, "1"), (503, "1"), (400, "")] {
        let mut world = World::new(app(), session());
        let mut step = world.start(album(), now);
        for _ in 0..5 {
            all.0.extend(printed(&step));
            step = match step {
                Step::Send(_, exchange) => {
                    all.1.extend(printed(&exchange));
                    let mut response = stored();
                    if status == 200 {
                        // The album that a step shows is the result of the call.
                        *response.body_mut() = b"{\"name\": \"Night Ferry\"}".to_vec();
                    }
                    *response.status_mut() = status.try_into().expect("a status");
                    response.headers_mut().insert("retry-after", HeaderValue::from_static(header));
                    let received = exchange.receive(Ok::<_, Infallible>(response), now);
                    all.2.extend(printed(&received));
                    match received.apply(&mut world.app, &mut world.session, now) {
                        Ok(step) => step,
                        Err(never) => match never {},
                    }
                }
                Step::Wait(_, waiting) | Step::Authorize(_, waiting) => {
                    all.3.extend(printed(&waiting));
                    world.resume(waiting, now + Duration::from_secs(60))
                }
                Step::Done(_) => break,
            };
        }
    }
    all
}

/// Token steps, their exchanges, received responses and saves.
fn token_steps() -> Four {
    let (mut all, now) = (Four::default(), later(0));
    let grant = format!(
        r#"{{"access_token": "{ACCESS_TOKEN}", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "{REFRESH_TOKEN}"}}"#
    );
    for (status, body) in [(200, grant.as_str()), (400, REFRESH_TOKEN), (503, CLIENT_SECRET)] {
        for session in [Session::from_code(consent()), Session::from_refresh_token(REFRESH_TOKEN)] {
            let mut world = World::new(app(), session);
            let Step::Authorize(step, _) = world.start(album(), now) else { panic!("expected token work") };
            let mut next = Some(step);
            while let Some(step) = next.take() {
                all.0.extend(printed(&step));
                next = match step {
                    TokenStep::Send(_, exchange) => {
                        all.1.extend(printed(&exchange));
                        let response = Response::builder().status(status).header("set-cookie", ACCESS_TOKEN);
                        let received =
                            exchange.receive(Ok::<_, Infallible>(response.body(body).expect("a response")));
                        all.2.extend(printed(&received));
                        match received.apply(&mut world.app, &mut world.session, now) {
                            Ok(step) => Some(step),
                            Err(never) => match never {},
                        }
                    }
                    TokenStep::Save(_, saving) => {
                        all.3.extend(printed(&saving));
                        Some(world.saved(saving, now))
                    }
                    TokenStep::Done(_) => None,
                };
            }
        }
    }
    all
}

/// Errors of all kinds that a server can cause.
fn errors() -> Vec<Error> {
    let mut all = Vec::new();
    for secret in PLANTED {
        for body in [
            (*secret).to_owned(),
            format!(r#"{{"error": {{"status": 400, "message": "no {secret}", "reason": "{secret}"}}}}"#),
            format!(r#"{{"error": "{secret}", "error_description": "{secret}"}}"#),
            format!(r#"{{"error": {{"status": 403, "message": "Insufficient client scope {secret}"}}}}"#),
        ] {
            for status in [200, 400, 401, 403, 429, 500] {
                let response = Response::builder().status(status).header("www-authenticate", *secret);
                let response =
                    response.header("retry-after", *secret).body(body.clone()).expect("a response");
                all.extend(album().parse(&response).err());
            }
            all.extend(from_json::<u32>(format!("\"{body}\"").as_bytes()).err().map(Error::Decode));
        }
    }
    all
}

/// Errors of a parser for texts with a secret.
fn refused<T: std::str::FromStr<Err: Debug>>() -> Vec<String> {
    let texts = PLANTED.iter().flat_map(|it| {
        [
            (*it).to_owned(),
            format!("https://user:{it}@example.org/{it}?x={it}"),
            format!("spotify:album:{it}"),
            format!("https://spotify.link/{it}/{it}"),
            format!("{it}\"\\\u{7f}é"),
            format!("{it} {it}\u{0}"),
        ]
    });
    let errors: Vec<String> =
        texts.filter_map(|text| text.parse::<T>().err()).flat_map(|it| printed(&it)).collect();
    assert!(errors.len() >= 2 * PLANTED.len(), "{} errors", errors.len());
    errors
}

type Local = LocalDriver<fn(Request<Vec<u8>>, Duration) -> Result<Response<Vec<u8>>, Infallible>, Infallible>;

fn local() -> Local {
    fn send(_: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, Infallible> {
        Ok(stored())
    }
    LocalDriver::new(app(), session(), send, |_| (), || UNIX_EPOCH)
}

/// An async driver that is never polled.
struct Nothing(Local);

impl AsyncDriver for Nothing {
    type Error = Infallible;

    async fn send(&self, _: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, Infallible> {
        Ok(stored())
    }

    async fn sleep(&self, _: Duration) {}

    fn detach(&self, _: TokenStep) {}

    fn now(&self) -> SystemTime {
        UNIX_EPOCH
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        self.0.state(step)
    }
}

fn fake() -> Fake {
    let mut fake = Fake::new();
    let now = later(0);
    let token = fake.user_token(&[], now);
    for uri in [
        format!("https://api.spotify.com/v1/me?access_token={ACCESS_TOKEN}"),
        format!(
            "https://accounts.spotify.com/authorize?code={CODE}&state={REFRESH_TOKEN}&client_secret={CLIENT_SECRET}"
        ),
    ] {
        let request = Request::builder()
            .method(Method::GET)
            .uri(uri)
            .header("authorization", format!("Bearer {token}"));
        assert!(fake.respond(&request.body(Vec::new()).expect("a request"), now).is_ok());
    }
    fake.script(faults());
    fake
}

fn faults() -> Vec<InjectedFault> {
    vec![
        InjectedFault::rate_limited_with(Some("1")),
        InjectedFault::ExpiredToken,
        InjectedFault::PlainText,
        InjectedFault::Raw(stored()),
    ]
}

fn recorder() -> Recorder {
    let mut recorder = Recorder::new().allow_key("note").scrub_also(ACCESS_TOKEN);
    recorder.add_secrets(&app(), &session());
    recorder.record(&request(), &stored());
    let body = format!(r#"{{"{CLIENT_SECRET}": 1, "{ACCESS_TOKEN}": "{CODE}", "note": "{REFRESH_TOKEN}"}}"#);
    recorder.record(&request(), &Response::new(body));
    recorder
}

fn replay() -> Replay {
    Replay::new([("1.http", "GET https://api.spotify.com/v1/me\n\n###\nHTTP/1.1 200 OK\n\n{}\n")])
        .expect("a recording")
}
