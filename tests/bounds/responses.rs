//! Bodies of responses: models, errors, tokens.

use std::time::UNIX_EPOCH;

use http::{Response, StatusCode};
use serde_json::{Value, json};
use spotify_proto::api::GetAlbum;
use spotify_proto::{
    AlbumId, App, Call, Endpoint, Error, FromResponse, Session, Step, TokenStep, Tokens, from_json,
    with_endpoint,
};

use super::bodies::places;
use super::{Case, RESPONSE_CONSTANT, case, joined, repeated};

/// Operations, each with the path of a value and the long value that replaces it.
const BODIES: &[(&str, &str, &str)] = &[
    ("get-several-tracks", ".tracks", "[0]"),
    ("get-several-tracks", ".tracks", "[null]"),
    ("get-several-tracks", ".tracks", "[{}]"),
    ("get-track", ".available_markets", "[texts]"),
    ("get-track", ".external_ids", "{texts}"),
    ("get-track", ".name", "escapes"),
    ("get-track", ".name", "text"),
    ("get-playlists-items", ".items[].item", "{objects}"),
    ("get-playlists-items", ".items[].item", "{lists}"),
    ("get-information-about-the-users-current-playback", ".actions", "{flags}"),
    ("get-an-artist", ".genres", "[texts]"),
    ("get-users-profile", ".name", "{texts}"),
];

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = BODIES
        .iter()
        .map(|(operation, path, filler)| {
            let input: &'static str = format!("{filler} in {path} of {operation}").leak();
            case("response body", input, |len| body(path, filler, len), |body| decode(operation, body))
        })
        .collect();
    cases.extend([
        case(
            "response body",
            "invalid JSON: open lists",
            |len| "[".repeat(len),
            |body| decode("get-track", body),
        ),
        case(
            "from_json",
            "a list of empty objects",
            |len| list(len, "{}"),
            |body| from_json::<Vec<Value>>(body.as_bytes()).is_ok(),
        ),
    ]);
    let mut cases: Vec<Case> = cases.into_iter().map(|it| it.with_constant(RESPONSE_CONSTANT)).collect();
    cases.extend(errors().into_iter().map(|it| it.of_len(SHORT_LEN)));
    cases.extend(tokens());
    cases
}

fn list(len: usize, element: &str) -> String {
    format!("[{}]", joined(len, ",", |_| element.to_owned()))
}

fn body(path: &str, filler: &str, len: usize) -> String {
    let item = json!({"type": "x", "name": "x", "other": [1]});
    let body = json!({
        "actions": {"pausing": true}, "available_markets": ["SE"], "external_ids": {"isrc": "x"}, "genres": ["x"],
        "items": [{"item": item}], "name": "x", "tracks": [{"name": "x"}],
    });
    let place = places(&body).into_iter().find(|place| place.path == path).expect("a place of this path");
    place.body(filler, len)
}

fn decode(operation: &str, body: &str) -> Box<dyn std::any::Any> {
    fn decoded<E: Endpoint<Output: FromResponse + 'static>>(body: &str) -> Box<dyn std::any::Any> {
        Box::new(E::Output::from_response((&Response::new(body)).into()))
    }
    with_endpoint!(operation, E => decoded::<E>(body), else panic!("{operation} has an endpoint"))
}

fn album() -> GetAlbum {
    GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("an id"))
}

/// Reads an error response of the Web API.
fn error(body: &String) -> Error {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::FORBIDDEN;
    album().parse(&response).expect_err("a 403")
}

/// Texts that an error response may contain instead of JSON or inside it.
const ERROR_TEXTS: &[(&str, &str)] = &[
    ("words", "word "),
    ("blanks", " "),
    ("control characters", "\n\u{1}"),
    ("percent signs", "%25"),
    ("character references", "&#65;&"),
    ("long characters", "é"),
];

fn errors() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, text) in ERROR_TEXTS {
        cases.push(case(
            "error body",
            format!("plain text: {name}").leak(),
            |len| repeated(len, text),
            error,
        ));
        let page = |len| format!("<html><title>{}</title>", repeated(len, text));
        cases.push(case("error body", format!("title of an HTML page: {name}").leak(), page, error));
        let object = |len| json!({"error": {"status": 403, "message": repeated(len, text)}}).to_string();
        cases.push(case("error body", format!("message: {name}").leak(), object, error));
    }
    cases.extend(replaced(
        "error body",
        json!({"error": {"status": 403, "message": "m", "reason": "UNKNOWN"}}),
        error,
    ));
    cases.push(case(
        "error body",
        "many members",
        |len| format!("{{{}}}", joined(len, ",", |number| format!("\"k{number:x}\":[]"))),
        error,
    ));
    cases.push(case(
        "error body",
        "many messages",
        |len| format!("{{\"error\":{{{}}}}}", joined(len, ",", |_| "\"message\":\"x\"".to_owned())),
        error,
    ));
    cases
}

/// Returns a case for each value of a body and each long value that fits its place.
fn replaced<O: 'static>(
    reader: &'static str,
    body: Value,
    read: impl Fn(&String) -> O + Copy + 'static,
) -> impl Iterator<Item = Case> {
    places(&body).into_iter().flat_map(move |place| {
        let of_filler = |filler: String| {
            let (input, place) = (format!("{filler} in {}", place.path), place.clone());
            case(reader, input.leak(), move |len| place.body(&filler, len), read)
        };
        place.fillers().into_iter().map(of_filler).collect::<Vec<_>>()
    })
}

/// Reads a token response and returns the session that holds the tokens.
///
/// Responses of more than 64 KiB are rejected unread, so the longer input stays below that.
pub fn token(status: StatusCode, body: &str) -> Session {
    let (mut app, mut session) = (App::public("client"), Session::from_refresh_token("r0-of-a-usual-length"));
    let Step::Authorize(TokenStep::Send(_, exchange), _waiting) =
        Call::new(album()).start(&mut app, &mut session, UNIX_EPOCH)
    else {
        panic!("a session without an access token requests one")
    };
    let mut response = Response::new(body.to_owned());
    *response.status_mut() = status;
    let _ = exchange.receive(Ok::<_, ()>(response)).apply(&mut app, &mut session, UNIX_EPOCH);
    session
}

/// Length of the shorter error body or token response: less than an eighth of the greatest length that is parsed.
const SHORT_LEN: usize = 7 * 1024;

fn tokens() -> Vec<Case> {
    let read = |body: &String| token(StatusCode::OK, body);
    let rejected = |body: &String| token(StatusCode::BAD_REQUEST, body);
    let with = |name: &'static str, value: fn(usize) -> Value| {
        move |len| {
            let mut body = json!({"access_token": "a", "expires_in": 3600, "refresh_token": "r"});
            body[name] = value(len);
            body.to_string()
        }
    };
    let scopes: fn(usize) -> Value = |len| joined(len, " ", |number| format!("s{number:x}")).into();
    let same: fn(usize) -> Value = |len| repeated(len, "streaming ").into();
    let text: fn(usize) -> Value = |len| "x".repeat(len).into();
    let members = |len| {
        format!("{{\"access_token\":\"a\",{}}}", joined(len, ",", |number| format!("\"k{number:x}\":{{}}")))
    };
    let doubled =
        |len| format!("{{{}}}", joined(len, ",", |number| format!("\"access_token\":\"a{number:x}\"")));
    let slots = |len| list(len, "null");
    let cases = [
        case("token response", "different scopes", with("scope", scopes), read),
        case("token response", "equal scopes", with("scope", same), read),
        case("token response", "a long access token", with("access_token", text), read),
        case("token response", "a long refresh token", with("refresh_token", text), read),
        case("token response", "unknown members", members, read),
        case("token response", "one member many times", doubled, read),
        case("token response", "a list of nulls", slots, read),
        case(
            "token response",
            "a rejection with a long description",
            with("error_description", text),
            rejected,
        ),
    ];
    let body = json!({"access_token": "a", "expires_in": 3600, "scope": "streaming", "refresh_token": "r"});
    let cases = cases.into_iter().chain(replaced("token response", body, read));
    let mut cases: Vec<Case> = cases.map(|it| it.of_len(SHORT_LEN)).collect();
    cases.push(
        case("Tokens::from_response", "different scopes", with("scope", scopes), |body| {
            Tokens::from_response(body.as_bytes(), UNIX_EPOCH).ok()
        })
        .of_len(SHORT_LEN),
    );
    cases
}
