//! Header fields of responses that do not concern the cache: those of errors and short links.

use std::time::UNIX_EPOCH;

use http::header::{HeaderName, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use spotify_proto::api::GetAlbum;
use spotify_proto::{Endpoint, Error, RetryAfter, ShortLink};

use super::{Case, Fixed, case, joined, repeated};

/// Returns a response with one header field on the given number of lines.
pub fn response(status: u16, name: &HeaderName, lines: impl IntoIterator<Item = String>) -> Response<()> {
    let mut response = Response::new(());
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    for line in lines {
        let value = HeaderValue::from_bytes(line.as_bytes()).expect("a value");
        response.headers_mut().append(name, value);
    }
    response
}

/// Returns lines of about 16 bytes each, of about `len` bytes in total.
pub fn lines(len: usize, line: impl Fn(usize) -> String) -> Vec<String> {
    (0..len / 16).map(line).collect()
}

fn error(response: &Response<()>) -> Error {
    let response = response.clone().map(|()| "{}");
    Error::from_response(&GetAlbum::OPERATION, (&response).into())
}

/// Parts of hostile challenges.
const CHALLENGES: &[&str] = &[
    "Bearer ",
    "a=",
    "\"",
    "\\",
    ",",
    "a",
    "= ",
    "(",
    "(\"",
    "Bearer a=\"",
    "a b, ",
    "\"\\",
    "a/b ",
    "Bearer error=x,",
];

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for part in CHALLENGES {
        let value = |len| response(401, &WWW_AUTHENTICATE, [format!("Bearer {}", repeated(len, part))]);
        cases.push(case("WWW-Authenticate", format!("repeated {part:?}").leak(), value, error));
    }
    cases.extend([
        case(
            "WWW-Authenticate",
            "many lines",
            |len| {
                response(401, &WWW_AUTHENTICATE, lines(len, |number| format!("Bearer realm=\"{number:x}\"")))
            },
            error,
        ),
        case("Retry-After", "a long number", |len| response(429, &RETRY_AFTER, ["9".repeat(len)]), error),
        case(
            "Retry-After",
            "blanks",
            |len| response(429, &RETRY_AFTER, [format!("1{}1", " ".repeat(len))]),
            error,
        ),
        case(
            "Retry-After",
            "many lines that are neither numbers nor dates",
            |len| response(429, &RETRY_AFTER, lines(len, |number| format!("Sun, 06 Nov {number}"))),
            error,
        ),
        case(
            "RetryAfter::parse",
            "a long date",
            |len| repeated(len, "Sun, 06 Nov 1994 08:49:37 GMT "),
            |text| RetryAfter::parse(text).map(|it| it.delay(UNIX_EPOCH)),
        ),
    ]);
    for (name, location) in
        [("a long path", "/x"), ("a URL with many slashes", "https://open.spotify.com/"), ("a query", "?x=1")]
    {
        let input = move |len| {
            let link: ShortLink = "https://spotify.link/abc".parse().expect("a short link");
            (response(307, &LOCATION, [repeated(len, location)]), Fixed(link))
        };
        cases.push(case("Location of a short link", name, input, |(response, link)| {
            link.0.location(response)
        }));
    }
    cases.push(case(
        "Location of a short link",
        "many lines",
        |len| {
            let link: ShortLink = "https://spotify.link/abc".parse().expect("a short link");
            (
                response(307, &LOCATION, lines(len, |number| joined(16, "", |_| format!("/{number}")))),
                Fixed(link),
            )
        },
        |(response, link)| link.0.location(response),
    ));
    cases
}
