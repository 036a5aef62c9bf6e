//! Tests that no error of a session shows a secret that the server echoes in one of the supported encodings.

use std::convert::Infallible;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::Response;
use spotify_proto::{App, AuthorizationCode, Error, Login, Session, Step, TokenStep, Tokens};

use crate::auth::secrets::{ACCESS_TOKEN, CLIENT_SECRET, CODE, REFRESH_TOKEN, VERIFIER};
use crate::support::{World, album, later};

/// Number of consecutive letters and digits of a secret that count as shown.
const PART: usize = 12;

type Form = (&'static str, fn(&str) -> String);

fn each(secret: &str, form: impl Fn(char) -> String) -> String {
    secret.chars().map(form).collect()
}

/// Splits a secret into pieces of seven bytes with a separator between them.
fn pieces(secret: &str, separator: &str) -> String {
    secret
        .as_bytes()
        .chunks(7)
        .map(|piece| String::from_utf8_lossy(piece).into_owned())
        .collect::<Vec<_>>()
        .join(separator)
}

/// The encodings and spellings that are recognized according to `SECURITY.md`.
const FORMS: &[Form] = &[
    ("plain", str::to_owned),
    ("lower case", str::to_lowercase),
    ("upper case", str::to_uppercase),
    ("in quotes", |secret| format!("'{secret}'")),
    ("percent-encoded", |secret| each(secret, |c| format!("%{:02X}", u32::from(c)))),
    ("percent-encoded twice", |secret| each(secret, |c| format!("%25{:02x}", u32::from(c)))),
    ("percent-encoded in part", |secret| {
        each(secret, |c| match c.is_ascii_digit() {
            true => format!("%{:02X}", u32::from(c)),
            false => c.to_string(),
        })
    }),
    ("JSON escapes", |secret| each(secret, |c| format!("\\u{:04x}", u32::from(c)))),
    ("JSON escapes twice", |secret| each(secret, |c| format!("\\\\u{:04X}", u32::from(c)))),
    ("HTML", |secret| each(secret, |c| format!("&#{};", u32::from(c)))),
    ("HTML, hexadecimal", |secret| each(secret, |c| format!("&#x{:X};", u32::from(c)))),
    ("base64", |secret| STANDARD.encode(secret)),
    ("base64 after one byte", |secret| STANDARD.encode(format!("x{secret}"))),
    ("base64 after a name", |secret| STANDARD.encode(format!("client:{secret}"))),
    ("URL-safe base64", |secret| URL_SAFE_NO_PAD.encode(format!("{secret}?"))),
    ("base64 in pieces", |secret| pieces(&STANDARD.encode(secret), "\n")),
    ("colons", |secret| pieces(secret, ":")),
    ("commas", |secret| pieces(secret, ",")),
    ("commas and blanks", |secret| pieces(secret, ", ")),
    ("blanks", |secret| pieces(secret, " ")),
    ("lines", |secret| pieces(secret, "\r\n")),
    ("an ellipsis", |secret| pieces(secret, "…")),
    ("dots", |secret| pieces(secret, "...")),
    ("quotes", |secret| pieces(secret, "\" + \"")),
    ("dashes", |secret| pieces(secret, " - ")),
    ("slashes", |secret| pieces(secret, "/")),
    ("brackets", |secret| pieces(secret, "][")),
    ("letter by letter", |secret| each(secret, |c| format!("{c} "))),
    ("letter by letter with commas", |secret| each(secret, |c| format!("'{c}',"))),
    ("a zero width space", |secret| pieces(secret, "\u{200b}")),
    ("a part from the middle", |secret| secret[8..28].to_owned()),
    ("without its start", |secret| secret[3..].to_owned()),
    ("without its end", |secret| format!("{}…", &secret[..secret.len() - 5])),
    ("start and end", |secret| format!("{}…{}", &secret[..14], &secret[secret.len() - 14..])),
];

/// Returns response bodies that contain a string.
fn bodies(text: &str) -> Vec<String> {
    let quoted = serde_json::to_string(text).expect("JSON");
    vec![
        format!("sorry, {text} is not valid"),
        format!("<title>no {text}</title>"),
        format!(r#"{{"error": {{"status": 400, "message": {quoted}}}}}"#),
        format!(r#"{{"error": {{"status": 400, "message": "x", "reason": {quoted}}}}}"#),
        format!(r#"{{"error": {quoted}, "error_description": {quoted}}}"#),
        format!(r#"{{"error": "invalid_grant", "error_description": {quoted}}}"#),
        format!("{{\"error\": {quoted}"),
    ]
}

fn reduced(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// Returns the first `Display` or `Debug` text of an error or its sources that shows a part of the secret.
fn shown(error: &Error, secret: &str) -> Option<String> {
    let mut texts = vec![format!("{error:?}")];
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        texts.push(error.to_string());
        next = error.source();
    }
    let mut needles = vec![reduced(secret)];
    needles.extend(
        (0..3).map(|skip| reduced(&STANDARD.encode(&secret[skip..])[..(secret.len() - skip) / 3 * 4])),
    );
    let parts = needles.iter().flat_map(|needle| needle.as_bytes().windows(PART));
    let parts: Vec<&str> = parts.map(|part| std::str::from_utf8(part).expect("ASCII")).collect();
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    texts.iter().find_map(|text| {
        let haystacks = [reduced(text), reduced(&decoded(text)), reduced(&decoded(&decoded(text)))];
        parts.iter().find(|part| haystacks.iter().any(|text| text.contains(**part)))?;
        Some(text.clone())
    })
}

/// Returns the error of a call that receives this response in a session with the planted tokens.
fn call(status: u16, body: &str, challenge: Option<&str>, now: SystemTime) -> Option<Error> {
    let tokens = Tokens::from_access_token(ACCESS_TOKEN, None).with_refresh_token(REFRESH_TOKEN);
    let mut world = World::new(App::confidential("client", CLIENT_SECRET), Session::from_tokens(tokens));
    let mut step = world.start(album(), now);
    for _ in 0..20 {
        step = match step {
            Step::Send(_, exchange) => {
                let mut response = Response::new(body.to_owned());
                *response.status_mut() = status.try_into().expect("expected a status");
                if let Some(value) = challenge.and_then(|text| text.parse().ok()) {
                    response.headers_mut().insert("www-authenticate", value);
                }
                world.receive(exchange, response, now)
            }
            Step::Wait(_, waiting) => world.resume(waiting, now),
            Step::Authorize(..) => return None,
            Step::Done(result) => return result.err(),
        };
    }
    None
}

/// Returns the error of a token request that receives this response.
fn request_token(mut world: World, status: u16, body: &str, now: SystemTime) -> Option<Error> {
    let Step::Authorize(step, _) = world.start(album(), now) else { panic!("expected a token step") };
    let TokenStep::Send(_, exchange) = step else { panic!("expected a token request") };
    let mut response = Response::new(body.to_owned());
    *response.status_mut() = status.try_into().expect("expected a status");
    let received = exchange.receive(Ok::<_, Infallible>(response));
    match received.apply(&mut world.app, &mut world.session, now) {
        Ok(TokenStep::Done(result)) => result.err(),
        Ok(_) => None,
        Err(never) => match never {},
    }
}

fn code() -> AuthorizationCode {
    let stored = format!(
        r#"{{"client_id": "client", "redirect_uri": "http://127.0.0.1:8888/callback", "scopes": "user-read-email",
            "state": "state-of-the-test", "verifier": "{VERIFIER}"}}"#
    );
    let login: Login = serde_json::from_str(&stored).expect("expected a stored login");
    login.callback(&format!("code={CODE}&state=state-of-the-test")).expect("expected a valid callback")
}

#[test]
fn errors_of_a_call_show_no_secret_of_the_session() {
    let (mut count, now) = (0, later(0));
    for (name, form) in FORMS {
        for secret in [ACCESS_TOKEN, REFRESH_TOKEN, CLIENT_SECRET] {
            let text = form(secret);
            for body in bodies(&text) {
                for status in [400, 401, 403, 404, 429] {
                    let Some(error) = call(status, &body, None, now) else { continue };
                    assert_eq!(shown(&error, secret), None, "{name}, {status}: {body}");
                    count += 1;
                }
            }
            let challenge = format!("Bearer error=\"x\", error_description=\"{text}\"");
            if let Some(error) = call(401, "", Some(&challenge), now) {
                assert_eq!(shown(&error, secret), None, "{name}: {challenge}");
            }
        }
    }
    assert!(count > 2_000, "{count} errors");
}

#[test]
fn errors_of_a_token_request_show_no_secret_of_the_request() {
    let (mut count, now) = (0, later(0));
    for (name, form) in FORMS {
        for secret in [REFRESH_TOKEN, CLIENT_SECRET, CODE, VERIFIER] {
            for body in bodies(&form(secret)) {
                for status in [200, 400, 401, 429, 503] {
                    let app = App::confidential("client", CLIENT_SECRET);
                    let session = match secret {
                        CODE | VERIFIER => Session::from_code(code()),
                        _ => Session::from_refresh_token(REFRESH_TOKEN),
                    };
                    let Some(error) = request_token(World::new(app, session), status, &body, now) else {
                        continue;
                    };
                    assert_eq!(shown(&error, secret), None, "{name}, {status}: {body}");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 2_000, "{count} errors");
}

#[test]
fn transport_errors_show_no_secret_of_the_request() {
    let now = later(0);
    for (name, form) in FORMS {
        let mut world = World::new(
            App::confidential("client", CLIENT_SECRET),
            Session::from_refresh_token(REFRESH_TOKEN),
        );
        for _ in 0..3 {
            let step = world.start(album(), now);
            let Step::Authorize(TokenStep::Send(_, exchange), _) = step else { break };
            let received = exchange.receive(Err::<Response<Vec<u8>>, _>(crate::support::Lost));
            let received = received.with_reason(&form(REFRESH_TOKEN));
            assert!(received.apply(&mut world.app, &mut world.session, now).is_err());
        }
        let text = format!("{:?}", world.session);
        let (_, reason) = text.split_once("reason: \"").expect("expected the reason for the last failure");
        let reason = reason.split('}').next().unwrap_or_default().into();
        let error: Error = spotify_proto::AuthError::AttemptsExhausted { reason }.into();
        assert_eq!(shown(&error, REFRESH_TOKEN), None, "{name}: {text}");
    }
}

#[test]
fn error_messages_without_secrets_are_unchanged() {
    for message in ["Player command failed: Premium required", "no such album: 4aawyAB9vmqN3uQ7FjRGTy"] {
        let body = format!(r#"{{"error": {{"status": 400, "message": "{message}"}}}}"#);
        let Some(Error::Api(error)) = call(400, &body, None, later(0)) else {
            panic!("expected an API error")
        };
        assert_eq!(error.message(), message);
    }
}
