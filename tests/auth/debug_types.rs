//! Tests the `Debug` output of every public type with secrets in each string, header and address that the type accepts.
//!
//! The public types are the types that a public module defines or re-exports. A type that is missing from the tables
//! below fails a test.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fmt::Debug;

use http::Response;
use spotify_proto::api::GetCurrentUserPlaylists;
use spotify_proto::cache::{StoreAction, decide};
use spotify_proto::driver::{self, AsyncDriver, Driver};
use spotify_proto::{
    AlbumId, Body, Call, Error, Language, Market, Origin, Pager, QueryText, RedirectUri, ResponseRef, Scopes,
    Secret, ShortLink, Timestamp,
};
use spotify_proto_testing::loopback::Loopback;
use spotify_proto_testing::recording::{self, Replay};

use crate::auth::planted_values::{
    Nothing, app, consent, entry, errors, fake, faults, key, local, login, policy, printed, recorder,
    refused, replay, reply, request, sending, session, states, steps, stored, token_steps, tokens,
};
use crate::auth::secrets::{PLANTED, REFRESH_TOKEN, shown};

use crate::support::project::{code, project, sources, sources_of};
use crate::support::{album, later};

/// A public type and the `Debug` output of values with planted secrets.
type Planted = fn() -> Vec<String>;

fn all<T: Debug>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().flat_map(|value| printed(&value)).collect()
}

/// Types that contain a string, a header or an address from a caller or a server, directly or in a field.
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
    ("loopback::Loopback", || printed(&Loopback::start(fake()).expect("expected a free port"))),
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
        all(PLANTED.iter().map(|it| login().callback(&query(it)).expect_err("the request should be refused")))
    }),
    ("RedirectUriError", || refused::<RedirectUri>()),
    ("OriginError", || refused::<Origin>()),
    ("IdError", || refused::<AlbumId>()),
    ("LanguageError", || refused::<Language>()),
    ("MarketError", || refused::<Market>()),
    ("TimeError", || refused::<Timestamp>()),
    ("InvalidScopes", || refused::<Scopes>()),
    ("ShortLinkError", || {
        let link: ShortLink = "https://spotify.link/abc".parse().expect("expected a short link");
        let response = |it: &&str| {
            Response::builder().status(302).header("location", *it).body("").expect("expected a response")
        };
        let mut all = all(PLANTED.iter().map(|it| {
            link.location(&response(it)).expect_err("the text should not be accepted as an address")
        }));
        all.extend(refused::<ShortLink>());
        all
    }),
    ("QueryTooLong", || {
        all(PLANTED.iter().map(|it| QueryText::new(it.repeat(300)).expect_err("the text should be too long")))
    }),
    ("Body", || {
        all(PLANTED
            .iter()
            .flat_map(|it| [Body::Json(it.as_bytes().to_vec()), Body::Jpeg(it.as_bytes().to_vec())]))
    }),
    ("cache::Policy", || all([policy(), entry().policy().clone()])),
    ("cache::Entry", || printed(&entry())),
    ("cache::Decision", || {
        let policy = policy();
        all([0, 90, 4_000, 400_000].map(|after| decide([&policy], &request(), later(after))))
    }),
    ("cache::Sending", || printed(&sending())),
    ("cache::Received", || {
        let (policy, request) = (policy(), request());
        all([200, 304, 503].map(|status| {
            let mut response = stored();
            *response.status_mut() = http::StatusCode::from_u16(status).expect("expected a status");
            sending().receive([&policy], &request, &response, later(4_000))
        }))
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
        printed(&recording::parse_exchange(&bytes).expect("expected an exchange"))
    }),
    ("recording::RecordingError", || {
        all(PLANTED.iter().map(|it| {
            recording::parse_response(it.as_bytes())
                .expect_err("the text should not be accepted as a message")
        }))
    }),
    ("recording::Replay", || printed(&replay())),
    ("recording::ReplayError", || {
        all(PLANTED.iter().map(|it| {
            Replay::new([("1.http", format!("GET /{it}\n{it}\n\n"))])
                .expect_err("the text should not be accepted as an exchange")
        }))
    }),
    ("recording::Unexpected", || {
        all([replay().respond(&request()).expect_err("a request that was not recorded should be an error")])
    }),
    ("recording::Unused", || all([replay().finish().expect_err("an unused recording should be an error")])),
];

/// Types whose `Debug` output shows their content, grouped by reason.
const SHOWN: &[(&str, &[&str])] = &[
    (
        "texts and addresses of the caller, which logs should show",
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
    ("words of a server: code that reads one from a response removes secrets first", &["Reason", "AuthCode"]),
    (
        "numbers, times and constant words of this crate",
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

/// Modules with types whose `Debug` output shows the caller's parameters or public data from the server.
const SHOWN_MODULES: &[&str] = &["api::", "model::"];

// ── public types ─────────────────────────────────────────────────────────────────────────────────────────────

/// Public modules, each with the file that defines or re-exports its types. The guide contains no types.
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

/// Returns the names of the public types that a file defines or re-exports.
fn listed(text: &str) -> Vec<String> {
    let code = code(text);
    let is_type = |name: &str| name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
    let mut names = Vec::new();
    for statement in code.split("pub use ").skip(1) {
        let tree = statement.split(';').next().unwrap_or_default();
        assert!(!tree.contains('*'), "the names of a glob re-export are unknown: {tree}");
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

/// Returns the names and contents of the source files of the library and the testing crate.
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
fn every_public_type_is_in_one_of_the_tables() {
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
    assert!(missing.is_empty(), "missing from the tables: {missing:?}");
    let both: Vec<_> = planted.intersection(&shown).collect();
    assert!(both.is_empty(), "in both tables: {both:?}");
    let gone: Vec<_> = planted.union(&shown).filter(|name| !types.contains(**name)).collect();
    assert!(gone.is_empty(), "in a table, but not public: {gone:?}");
}

/// The lint `unreachable_pub` ensures that public items in other files are re-exported. This test ensures that no
/// public module is missing from [`MODULES`].
#[test]
fn every_public_module_is_examined() {
    let files: Vec<&str> = MODULES.iter().map(|(_, file)| *file).collect();
    for (file, text) in both_sources() {
        for module in code(&text).split("pub mod ").skip(1) {
            let name: String = module.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let folder = file.trim_end_matches(".rs").trim_start_matches("lib");
            let path = if folder.is_empty() { format!("{name}.rs") } else { format!("{folder}/{name}.rs") };
            let is_guide = path == "guide.rs" || folder == "guide";
            // The module `ids` of the fake contains only constants.
            let is_constants = path == "fake/ids.rs";
            assert!(is_guide || is_constants || files.contains(&&*path), "{path} is not examined");
        }
    }
    let manifest = std::fs::read_to_string(project("Cargo.toml")).expect("the manifest should be readable");
    assert!(manifest.contains("unreachable_pub = \"warn\""));
}

/// A type whose `Debug` output shows its content must not contain a value that may be secret.
#[test]
fn types_that_show_their_content_contain_no_secrets() {
    /// Types that contain a URI that is not secret: the caller's `spotify.link` address.
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
                    assert_eq!(word, None, "{file}: {name} shows its content: {definition}");
                }
            }
        }
    }
    assert!(count > 60, "only {count} definitions");
}

#[test]
fn no_public_type_shows_a_secret_in_its_debug_output() {
    let mut count = 0;
    for (name, planted) in TYPES {
        let texts = planted();
        assert!(!texts.is_empty(), "no values of {name}");
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
fn exported_type_names_are_extracted_from_source_code() {
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
