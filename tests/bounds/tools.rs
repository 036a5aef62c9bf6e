//! The readers of `spotify-proto-testing`: recordings, fixtures, and scripts of the fake.

use std::time::UNIX_EPOCH;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, VARY, WWW_AUTHENTICATE};
use http::{HeaderValue, Request, Response};
use serde_json::Value;
use spotify_proto::api::{GetArtist, GetPlaylistItems, GetTrack};
use spotify_proto::{App, Endpoint, FromResponse, Session};
use spotify_proto_testing::fake::{Fake, Scripted};
use spotify_proto_testing::fixture;
use spotify_proto_testing::recording::{self, File, Recorder, Redaction, Replay};
use spotify_proto_testing::unread_fields::{self, UnreadFields};

use super::fields::{lines, response};
use super::{Case, Fields, RESPONSE_CONSTANT, case, joined, repeated};

pub fn cases() -> Vec<Case> {
    let mut cases = recorder();
    cases.extend(replay());
    cases.extend(messages());
    cases.extend(fixtures());
    cases.extend(fake());
    cases
}

type Exchange = (Request<String>, Response<String>);

/// Returns a request for an album and a response with this body.
fn exchange_with(body: String) -> Exchange {
    (request("https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy", String::new()), Response::new(body))
}

/// Returns a PUT request with a JSON body.
fn request(uri: &str, body: String) -> Request<String> {
    Request::put(uri).header(CONTENT_TYPE, "application/json").body(body).expect("a request")
}

/// Records an exchange and returns the files and the redactions of the recorder.
fn files(exchange: &Exchange) -> (Vec<File>, Vec<Redaction>) {
    let mut recorder = Recorder::new().allow_key("kept").scrub_also("zzz");
    let session = Session::from_refresh_token("AQDa1b2c3d4e5f6g7h8i9j0k");
    recorder.add_secrets(&App::public("client"), &session);
    recorder.record(&exchange.0, &exchange.1);
    (recorder.files(), recorder.redactions())
}

/// Returns the element of a list at an index.
type Element = fn(usize) -> String;

/// Response bodies: the name, the key of a list, and the elements of the list. If the key is empty, the elements form one
/// text.
const ELEMENTS: &[(&str, &str, Element)] = &[
    ("e-mail addresses", "kept", |number| format!("\"a{number}@b.example\"")),
    ("one text of e-mail addresses", "", |number| format!("a{number}@b.example ")),
    ("one text of user paths", "", |number| format!("/users/x{number}")),
    ("one text of hex runs", "", |number| format!("{number:032x} ")),
    ("user paths", "href", |number| format!("\"https://api.spotify.com/v1/users/x{number}\"")),
    ("hex runs", "kept", |number| format!("\"{number:032x}\"")),
    ("different texts", "description", |number| format!("\"t{number}\"")),
    ("secrets", "access_token", |number| format!("\"BQ{number:06}abcdef\"")),
    ("pieces of a secret", "kept", |_| "\"AQDa1b2c3d4e\"".to_owned()),
    ("URIs", "uri", |number| format!("\"spotify:user:{number}\"")),
    ("URLs with queries", "href", |number| format!("\"https://api.spotify.com/v1/me?a{number}=1&limit=2\"")),
    ("markets", "available_markets", |_| "\"SE\"".to_owned()),
    ("numbers", "id", |number| format!("{}", number + 1000)),
    ("objects with many types", "items", |_| "{\"type\":\"track\",\"type\":\"user\"}".to_owned()),
];

fn recorder() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, key, element) in ELEMENTS {
        let body = move |len| match *key {
            "" => format!("{{\"kept\":\"{}\"}}", joined(len, "", element)),
            key => format!("{{\"{key}\":[{}]}}", joined(len, ",", element)),
        };
        cases.push(case("Recorder", name, move |len| exchange_with(body(len)), files));
    }
    let keys =
        |len| exchange_with(format!("{{{}}}", joined(len, ",", |number| format!("\"k{number:x}\":\"v\""))));
    let text = |len| exchange_with(repeated(len, "no JSON "));
    let query = |len| {
        let uri = format!(
            "https://api.spotify.com/v1/me/tracks?{}",
            joined(len, "&", |number| format!("k{number}=v"))
        );
        (request(&uri, String::new()), Response::new(String::new()))
    };
    let path = |len| {
        let uri =
            format!("https://api.spotify.com/v1/{}", joined(len, "/", |number| format!("users/{number}")));
        (request(&uri, String::new()), Response::new(String::new()))
    };
    let form = |len| {
        let mut exchange = exchange_with(String::new());
        *exchange.0.body_mut() = joined(len, "&", |number| format!("refresh_token=r{number:010}"));
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        exchange.0.headers_mut().insert(CONTENT_TYPE, form);
        exchange
    };
    let authorization = |len| {
        let mut exchange = exchange_with("{\"kept\":\"x\"}".to_owned());
        for line in lines(len, |number| format!("Bearer B{number:08}")) {
            exchange.0.headers_mut().append(AUTHORIZATION, line.parse().expect("a value"));
        }
        exchange
    };
    let fields = |name: &'static HeaderName, line: fn(usize) -> String| {
        move |len: usize| {
            let long = repeated(len / 2, "Bearer error=x, ");
            let all = std::iter::once(long).chain(lines(len / 2, line));
            let mut exchange = exchange_with("{}".to_owned());
            *exchange.1.headers_mut() = response(200, name, all).headers().clone();
            exchange
        }
    };
    cases.extend([
        case("Recorder", "different keys", keys, files),
        case("Recorder", "a text instead of JSON", text, files),
        case("Recorder", "a query of many pairs", query, files).of_len(6 * 1024),
        case("Recorder", "a path of many users", path, files).of_len(6 * 1024),
        case("Recorder", "a form of many secrets", form, files),
        case("Recorder", "many credentials", authorization, files),
        case(
            "Recorder",
            "many challenges",
            fields(&WWW_AUTHENTICATE, |_| "Bearer realm=x".to_owned()),
            files,
        ),
        case("Recorder", "many lines of Vary", fields(&VARY, |_| "accept, origin".to_owned()), files),
        case(
            "Recorder",
            "many exchanges",
            |len| repeated(len, "[\"text\"]"),
            |text| {
                let mut recorder = Recorder::new();
                for body in text.split_inclusive(']') {
                    let (request, response) = exchange_with(body.to_owned());
                    recorder.record(&request, &response);
                }
                (recorder.files().len(), recorder.redactions())
            },
        ),
    ]);
    cases
}

/// Returns cases about recorded requests that are replayed with other values.
fn replay() -> Vec<Case> {
    let replayed = |(recorded, sent): &(String, Request<String>)| {
        let mut replay = Replay::new([("1.http", recorded.as_bytes())]).expect("an exchange");
        let result = replay.respond(sent).is_ok();
        (replay, result)
    };
    let exchange = |recorded: &str, sent: String| {
        let file = format!(
            "PUT https://api.spotify.com/v1/me/player\ncontent-type: application/json\n\n{recorded}\n\n###\nHTTP/1.1 204\n\n"
        );
        (file, request("https://api.spotify.com/v1/me/player", sent))
    };
    let list = |len, element: fn(usize) -> String| format!("[{}]", joined(len, ",", element));
    let object = |len, member: fn(usize) -> String| format!("{{{}}}", joined(len, ",", member));
    vec![
        case(
            "Replay",
            "a list of placeholders",
            move |len| {
                exchange(
                    &list(len, |it| format!("\"redacted-{it:06}\"")),
                    list(len, |it| format!("\"v{it:014}\"")),
                )
            },
            replayed,
        ),
        case(
            "Replay",
            "the same placeholder with one value",
            move |len| {
                exchange(
                    &list(len, |_| "\"redacted-1\"".to_owned()),
                    list(len, |_| "\"a value...\"".to_owned()),
                )
            },
            replayed,
        ),
        case(
            "Replay",
            "a text of placeholders",
            move |len| {
                let text = format!("\"{}\"", joined(len, ",", |it| format!("redacted-{it:06}")));
                exchange(&text, format!("\"{}\"", joined(len, ",", |it| format!("v{it:014}"))))
            },
            replayed,
        ),
        case(
            "Replay",
            "names that are placeholders",
            move |len| {
                exchange(
                    &object(len, |it| format!("\"redacted-{it:06}\":1")),
                    object(len, |it| format!("\"v{it:014}\":1")),
                )
            },
            replayed,
        ),
        case(
            "Replay",
            "names in another order",
            move |len| {
                exchange(
                    &object(len, |it| format!("\"k{it:06}\":1")),
                    object(len, |it| format!("\"k{:06}\":1", it ^ 1)),
                )
            },
            replayed,
        ),
        case(
            "Replay",
            "equal names",
            move |len| {
                exchange(
                    &object(len, |_| "\"redacted-1\":\"redacted-2\"".to_owned()),
                    object(len, |_| "\"0123456789\":\"0123456789\"".to_owned()),
                )
            },
            replayed,
        ),
        case(
            "Replay",
            "a list of numbers",
            move |len| exchange(&list(len, |_| "0".to_owned()), list(len, |_| "0".to_owned())),
            replayed,
        ),
        case("Replay", "open lists", move |len| exchange(&"[".repeat(len), "[".repeat(len)), replayed),
        case("Replay, any order", "many files", many_files, |files| {
            let files = files.iter().map(|(name, text)| (name, text.as_bytes()));
            let mut replay = Replay::new(files).expect("exchanges").any_order();
            let unknown = request("https://api.spotify.com/v1/me?x=none", String::new());
            let result = replay.respond(&unknown).is_err();
            (replay, result)
        }),
    ]
}

/// Returns the names and contents of minimal recordings.
fn many_files(len: usize) -> Vec<(String, String)> {
    let file = |number: usize| {
        let name = format!("{number:06}.http");
        (name, format!("GET https://api.spotify.com/v1/me?x={number}\n\n###\nHTTP/1.1 204\n\n"))
    };
    (0..len / 64).map(file).collect()
}

/// Returns cases about HTTP messages in files.
fn messages() -> Vec<Case> {
    let read = |text: &String| recording::parse_exchange(text.as_bytes());
    let one = |text: &String| recording::parse_response(text.as_bytes());
    let headers = |len, line: fn(usize) -> String| {
        let lines = joined(len, "\n", line);
        let count = lines.lines().count();
        Fields { text: format!("HTTP/1.1 200 OK\n{lines}\n\n"), count }
    };
    let with_fields = |fields: &Fields| recording::parse_response(fields.text.as_bytes());
    vec![
        case("parse_exchange", "separators", |len| repeated(len, "###\n"), read),
        case(
            "parse_exchange",
            "separators and blank lines",
            |len| format!("GET http://a/b\n\n{}", repeated(len, "###\n\n\n")),
            read,
        ),
        case(
            "parse_exchange",
            "blank lines",
            |len| format!("GET http://a/b\n\n###\n{}", "\n".repeat(len)),
            read,
        ),
        case(
            "parse_exchange",
            "separators in a body",
            |len| {
                format!(
                    "GET http://a/b\n\n{}\n###\nHTTP/1.1 200 OK\n\n{}",
                    repeated(len / 2, "###\nx\n"),
                    repeated(len / 2, "###\nx\n")
                )
            },
            read,
        ),
        case("parse_exchange", "comments", |len| repeated(len, "# x\n"), read),
        case("parse_response", "interim responses", |len| repeated(len, "HTTP/1.1 100\n\n"), one),
        case("parse_response", "responses of proxies", |len| repeated(len, "HTTP/1.1 200\n\n"), one),
        case(
            "parse_response",
            "folded lines",
            |len| format!("HTTP/1.1 200 OK\nx: y\n{}\n", repeated(len, " z\n")),
            one,
        ),
        case(
            "parse_response",
            "many names",
            move |len| headers(len, |number| format!("x-{number}: y")),
            with_fields,
        ),
        case(
            "parse_response",
            "one name on many lines",
            move |len| headers(len, |_| "x: y".to_owned()),
            with_fields,
        ),
        case(
            "parse_response",
            "carriage returns",
            |len| format!("HTTP/1.1 200 OK\nx: {}", "\r".repeat(len)),
            one,
        ),
    ]
}

fn members(len: usize) -> String {
    format!("{{{}}}", joined(len, ",", |number| format!("\"k{number:x}\":0")))
}

/// Finds unread fields in a response of an operation.
fn unread<E: Endpoint<Output: FromResponse + serde::Serialize>>(text: &String) -> UnreadFields {
    let body: Value = serde_json::from_str(text).expect("JSON");
    unread_fields::find(&body, E::OPERATION.route, |body| {
        let value = E::Output::from_response((&Response::new(body.to_string())).into()).ok()?;
        serde_json::to_value(value).ok()
    })
}

fn fixtures() -> Vec<Case> {
    vec![
        case(
            "fixture::parse",
            "a long list",
            |len| format!("{{\"name\":\"x\",\"genres\":[{}]}}", joined(len, ",", |it| format!("\"g{it}\""))),
            |text| fixture::parse::<GetArtist>(text),
        ),
        case(
            "fixture::parse",
            "many items",
            |len| {
                format!(
                    "{{\"items\":[{}]}}",
                    joined(len, ",", |_| "{\"item\":{\"type\":\"track\",\"name\":\"x\"}}".to_owned())
                )
            },
            |text| fixture::parse::<GetPlaylistItems>(text),
        )
        .with_constant(RESPONSE_CONSTANT),
        case(
            "fixture::parse",
            "invalid JSON",
            |len| "[".repeat(len),
            |text| fixture::parse::<GetTrack>(text),
        ),
        case("unread_fields::find", "unread fields", members, unread::<GetTrack>).of_len(1024),
        case(
            "unread_fields::find",
            "fields of a map",
            |len| {
                format!(
                    "{{\"name\":\"x\",\"external_ids\":{{{}}}}}",
                    joined(len, ",", |it| format!("\"k{it:x}\":\"v\""))
                )
            },
            unread::<GetTrack>,
        )
        .of_len(1024),
        case(
            "unread_fields::find",
            "types",
            |len| {
                format!(
                    "{{\"items\":[{}]}}",
                    joined(len, ",", |it| format!("{{\"type\":\"t{it}\",\"x\":1}}"))
                )
            },
            unread::<GetPlaylistItems>,
        )
        .of_len(1024),
        case(
            "unread_fields::find",
            "a long list",
            |len| {
                format!(
                    "{{\"name\":\"x\",\"available_markets\":[{}]}}",
                    joined(len, ",", |it| format!("{it}"))
                )
            },
            unread::<GetTrack>,
        )
        .of_len(1024),
    ]
}

fn fake() -> Vec<Case> {
    let scripted = |text: &String| text.parse::<Scripted>();
    let responded = |request: &Request<String>| {
        let (mut fake, request) = (Fake::new(), request.clone().map(String::into_bytes));
        fake.respond(&request, UNIX_EPOCH)
    };
    vec![
        case(
            "script of the fake",
            "different parameters",
            |len| format!("rate-limited {}", joined(len, " ", |number| format!("k{number}=v"))),
            scripted,
        ),
        case("script of the fake", "blanks", |len| format!("rate-limited {}", " ".repeat(len)), scripted),
        case(
            "script of the fake",
            "a long message",
            |len| format!("error status=500 message={}", repeated(len, "a=b ")),
            scripted,
        ),
        case(
            "Fake::respond",
            "a long form",
            |len| {
                let body = joined(len, "&", |number| format!("k{number}=v"));
                Request::post("https://accounts.spotify.com/api/token")
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(body)
                    .expect("a request")
            },
            responded,
        )
        .with_constant(1024 * 1024),
        case(
            "Fake::respond",
            "a long query",
            |len| {
                let query = joined(len / 2, "&", |number| format!("k{number}=v"));
                Request::get(format!("https://accounts.spotify.com/authorize?{query}"))
                    .body(String::new())
                    .expect("a request")
            },
            responded,
        )
        .with_constant(1024 * 1024),
    ]
}
