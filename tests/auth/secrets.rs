//! Tests that formatted values show no secrets.
//!
//! The tests format values in which secrets were planted. The tests of sessions, steps and tokens also use
//! [`assert_hidden`] with these secrets.

use std::convert::Infallible;
use std::fmt::{Debug, Display};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response};
use spotify_proto::api::GetAlbum;
use spotify_proto::api::OPERATIONS;
use spotify_proto::{
    AlbumId, App, AuthCode, Call, Date, Error, Login, Market, Origin, QueryText, Reason, Secret, Session,
    SpotifyUri, Step, Timestamp, TokenStep, Tokens, UserId, from_json,
};
use spotify_proto_testing::recording;

use crate::responses::parse_properties::{self, error_text};
use crate::support::World;
use crate::support::project::project;

/// An access token with the length and character set of a real token.
pub const ACCESS_TOKEN: &str =
    "BQDkPLanted0Access-Token_x7Yh3Lq9Rw2Ts5Vb8Nm4Kj6Gf1Dz0Xc9Vb8Nm7QwErTy6UiOp5AsDf4GhJk3Lz2Xc1Vb0Nm";
pub const REFRESH_TOKEN: &str = "AQCplanted0Refresh_Token-9mK2nB7vC4xZ1lK8jH5gF2dS6aP3oI0uY7tR4eW1qM8nB5vC2xZ9lK6jH3gF0dS4aP7oI1uY\
     8tR5eW2qM9nB6vC3xZ0lK7jH4gF1dS5aP8";
pub const CODE: &str =
    "AQDplanted0Code_zXcVbNm1QwErTy2UiOp3AsDf4GhJk5Lz6XcVb7Nm8Qw9ErTy0UiOpAsDfGhJkLzXcVbNmQwErTyUiOpAs";
/// Client secrets consist of 32 hexadecimal digits, PKCE verifiers of 43 to 128 characters.
pub const CLIENT_SECRET: &str = "5ec2e700c0ffee11d00dfeed5ec2e7aa";
pub const VERIFIER: &str = "plantedVerifier-0123456789.abcdefghijklmnopqrstuvw~xyz";

/// All planted secrets.
pub const PLANTED: &[&str] = &[ACCESS_TOKEN, REFRESH_TOKEN, CODE, CLIENT_SECRET, VERIFIER];

/// Length in bytes of the shortest part of a secret that counts as shown.
const PART: usize = 16;

/// Returns the first planted secret of which a string contains a part, as plain text, as base64 or as a list of bytes.
pub fn shown(text: &str) -> Option<&'static str> {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD;
    PLANTED.iter().copied().find(|secret| {
        let is_part =
            |part: &[u8]| text.contains(std::str::from_utf8(part).expect("secrets should be ASCII"));
        // `Debug` prints a `Vec<u8>` as `[66, 81, …`.
        let bytes = format!("{:?}", &secret.as_bytes()[..PART]);
        let encoded = [0, 1, 2].map(|shift| base64.encode(&secret[shift..]));
        secret.as_bytes().windows(PART).any(is_part)
            || text.contains(bytes.trim_matches(['[', ']']))
            || encoded.iter().any(|it| text.contains(&it[..PART]))
    })
}

/// Panics if the compact or pretty `Debug` output of a value shows one of the [`PLANTED`] secrets.
#[track_caller]
pub fn assert_hidden(value: &impl Debug) {
    let compact = format!("{value:?}");
    let pretty = format!("{value:#?}").split_whitespace().collect::<Vec<_>>().join(" ");
    for text in [compact, pretty] {
        assert_eq!(shown(&text), None, "in {text}");
    }
}

/// Panics if the `Display` or `Debug` output of an error or of one of its sources shows one of the [`PLANTED`] secrets.
#[track_caller]
pub fn assert_error_hidden(error: &(dyn std::error::Error + 'static)) {
    let mut next = Some(error);
    while let Some(error) = next {
        assert_text_hidden(&error);
        assert_hidden(&error);
        next = error.source();
    }
}

/// Panics if a string shows one of the [`PLANTED`] secrets.
#[track_caller]
pub fn assert_text_hidden(text: &impl Display) {
    let text = text.to_string();
    assert_eq!(shown(&text), None, "in {text}");
}

#[test]
fn a_shown_secret_is_detected() {
    #[derive(Debug)]
    #[allow(dead_code, reason = "only its `Debug` is used")]
    struct Careless(&'static str, Vec<u8>);

    for secret in PLANTED {
        for careless in [
            format!("{:?}", Careless(secret, Vec::new())),
            format!("{:?}", Careless("", format!("refresh_token={secret}").into_bytes())),
            secret[3..].to_owned(),
            secret[..PART].to_owned(),
            {
                use base64::Engine as _;
                base64::engine::general_purpose::STANDARD.encode(format!("client:{secret}"))
            },
        ] {
            assert_eq!(shown(&careless), Some(*secret), "{careless}");
        }
    }
    assert_eq!(shown("Bearer …, Secret(..), 4aawyAB9vmqN3uQ7FjRGTy"), None);
    let careless =
        std::panic::catch_unwind(|| assert_hidden(&Careless("", ACCESS_TOKEN.as_bytes().to_vec())));
    assert!(careless.is_err(), "a pretty-printed list of bytes should be detected");
}

#[test]
fn the_debug_output_of_a_secret_does_not_show_the_secret() {
    for secret in PLANTED {
        assert_hidden(&Secret::from(*secret));
        assert_hidden(&Some(vec![Secret::from((*secret).to_owned())]));
        assert_eq!(Secret::from(*secret).expose(), *secret);
    }
}

/// Returns responses that contain a token in each place from which error messages are taken.
fn echoes(token: &str) -> Vec<Response<Vec<u8>>> {
    let bodies = [
        token.to_owned(),
        format!("Invalid token {token}, sorry"),
        format!("<html><title>Bad token {token}</title></html>"),
        format!(r#"{{"error": {{"status": 400, "message": "Invalid access token: {token}"}}}}"#),
        format!(r#"{{"error": {{"status": 400, "message": "x", "reason": "{token}"}}}}"#),
        format!(r#"{{"error": "{token}", "error_description": "Bearer {token}"}}"#),
        format!(r#"{{"error": "invalid_grant", "error_description": "\"{token}\" is revoked"}}"#),
        format!(r#"{{"error": {{"type": "x", "description": "access_token={token}&x=1"}}}}"#),
        format!(r#"{{"access_token": "{token}", "token_type": "Bearer"}}"#),
        format!(r#"{{"access_token": "{token}"#),
        format!(r#"["{token}"]"#),
        format!("\u{feff}\"{token}\""),
    ];
    let headers = [
        format!("Bearer realm=\"spotify\", error=\"invalid_token\", error_description=\"{token} expired\""),
        format!("Bearer realm=\"spotify\", error=\"{token}\""),
        format!("Bearer error=\"{token}"),
    ];
    let mut responses: Vec<_> = bodies.into_iter().map(|body| Response::new(body.into_bytes())).collect();
    for header in headers {
        let mut response = Response::new(br#"{"error": {"status": 401, "message": "no"}}"#.to_vec());
        let value = HeaderValue::from_str(&header).expect("expected a header");
        response.headers_mut().insert(WWW_AUTHENTICATE, value.clone());
        response.headers_mut().insert(RETRY_AFTER, value);
        responses.push(response);
    }
    responses
}

fn tokens() -> impl Iterator<Item = &'static str> {
    PLANTED.iter().copied()
}

#[test]
fn the_error_for_a_response_that_contains_a_token_does_not_show_the_token() {
    let mut count = 0;
    // The same function parses the errors of all operations, so a few operations suffice.
    for operation in OPERATIONS.iter().take(4) {
        for mut response in tokens().flat_map(echoes) {
            for status in [400, 401, 403, 404, 429, 500, 503, 302] {
                *response.status_mut() = status.try_into().expect("expected a status");
                let response = crate::responses::fixtures::borrow(&response);
                let error = parse_properties::parse(operation.id, &response)
                    .expect("the operation should be known")
                    .err();
                let error = error.unwrap_or_else(|| panic!("expected an error for status {status}"));
                assert_error_hidden(&error);
                assert_text_hidden(&error_text(&error));
                count += 1;
            }
        }
    }
    assert!(count > 900, "{count} errors");
}

#[test]
fn the_error_for_an_invalid_body_does_not_show_a_token() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "never read")]
    struct Strict {
        number: u32,
    }

    for token in tokens() {
        for body in [
            format!(r#"{{"number": "{token}"}}"#),
            format!(r#"{{"{token}": 1}}"#),
            token.to_owned(),
            format!(r#""{token}""#),
        ] {
            let error = from_json::<Strict>(body.as_bytes())
                .expect_err("bodies without a number should be decode errors");
            assert_error_hidden(&error);
            assert_error_hidden(&Error::Decode(error));
        }
        for operation in OPERATIONS {
            let body = format!(r#"{{"access_token": "{token}", "expires_in": "{token}""#);
            let response = Response::new(body.as_bytes());
            if let Err(error) =
                parse_properties::parse(operation.id, &response).expect("the operation should be known")
            {
                assert_error_hidden(&error);
            }
        }
    }
}

/// A caller may accidentally paste a secret into the wrong field.
#[test]
fn parse_errors_do_not_show_the_input() {
    fn refused<T: std::str::FromStr<Err: std::error::Error + 'static>>(text: &str) {
        if let Err(error) = text.parse::<T>() {
            assert_error_hidden(&error);
        }
    }
    for secret in PLANTED {
        for text in [
            (*secret).to_owned(),
            format!("spotify:album:{secret}"),
            format!("https://open.spotify.com/album/{secret}?x"),
            format!("https://user:{secret}@example.org/"),
            format!("https://example.org/?access_token={secret}"),
            format!("spotify:user:{secret}:what"),
        ] {
            refused::<AlbumId>(&text);
            refused::<SpotifyUri>(&text);
            refused::<Origin>(&text);
            refused::<Market>(&text);
            refused::<Timestamp>(&text);
            refused::<Date>(&text);
            if let Err(error) = UserId::try_from(&*text.repeat(20)) {
                assert_error_hidden(&error);
            }
            assert_error_hidden(&QueryText::new(text.repeat(300)).expect_err("the text should be too long"));
            assert_error_hidden(
                &recording::parse_response(text.as_bytes())
                    .expect_err("the text should not be accepted as a message"),
            );
        }
    }
    assert!(ACCESS_TOKEN.parse::<AlbumId>().is_err() && ACCESS_TOKEN.parse::<Origin>().is_err());
}

/// Returns successful and failed token responses that contain tokens.
fn grants() -> Vec<(u16, String)> {
    let token = format!(
        r#"{{"access_token": "{ACCESS_TOKEN}", "token_type": "Bearer", "expires_in": 3600, "scope": "user-read-email",
            "refresh_token": "{REFRESH_TOKEN}"}}"#
    );
    let cut = token[..token.len() - 20].to_owned();
    let strange = token.replace("access_token", "token");
    let refusal =
        format!(r#"{{"error": "invalid_grant", "error_description": "{REFRESH_TOKEN} is revoked"}}"#);
    let echo = format!(r#"{{"error": "{REFRESH_TOKEN}"}}"#);
    let header = token.replace(ACCESS_TOKEN, &format!("{ACCESS_TOKEN}\\n"));
    let page = format!("<title>{REFRESH_TOKEN}</title>");
    vec![
        (200, token),
        (200, cut),
        (200, strange),
        (200, header),
        (200, ACCESS_TOKEN.to_owned()),
        (400, refusal),
        (400, echo),
        (429, format!("slow down, {REFRESH_TOKEN}")),
        (503, page),
    ]
}

/// Drives a token step to completion and checks every value on the way; returns the number of steps.
fn follow_token(mut step: TokenStep, world: &mut World, grant: &(u16, String), now: SystemTime) -> u32 {
    for steps in 1..10 {
        assert_hidden(&step);
        assert_hidden(&*world);
        step = match step {
            TokenStep::Send(request, exchange) => {
                assert_hidden(request.headers());
                assert_hidden(&exchange);
                let mut response = Response::new(grant.1.clone());
                *response.status_mut() = grant.0.try_into().expect("expected a status");
                let received = exchange.receive(Ok::<_, Infallible>(response));
                assert_hidden(&received);
                match received.apply(&mut world.app, &mut world.session, now) {
                    Ok(step) => step,
                    Err(never) => match never {},
                }
            }
            TokenStep::Save(tokens, saving) => {
                assert_hidden(&tokens);
                assert_hidden(&saving);
                world.saved(saving, now)
            }
            TokenStep::Done(result) => {
                if let Err(error) = &result {
                    assert_error_hidden(error);
                }
                return steps;
            }
        };
    }
    panic!("the token step does not end");
}

/// Drives a call to completion and checks every value on the way; returns the number of steps.
fn follow(mut world: World, grant: &(u16, String), status: u16) -> u32 {
    let mut now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let call = Call::new(GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("expected an id")));
    assert_hidden(&call);
    let (mut step, mut token_steps) = (world.start(call, now), 0);
    for steps in 1..100 {
        assert_hidden(&world);
        assert_hidden(&world.session.state(now));
        // The request is an `http::Request`, whose `Debug` output shows the body but hides sensitive headers.
        match &step {
            Step::Send(request, exchange) => {
                assert_hidden(exchange);
                assert_hidden(request.headers());
            }
            Step::Authorize(_, waiting) | Step::Wait(_, waiting) => assert_hidden(waiting),
            Step::Done(result) => {
                assert_hidden(result);
                if let Err(error) = result {
                    assert_error_hidden(error);
                }
            }
        }
        assert_hidden(&step);
        step = match step {
            Step::Send(_, exchange) => {
                let body = if status == 200 { "{}".to_owned() } else { format!("no {REFRESH_TOKEN}") };
                let mut response = Response::new(body);
                *response.status_mut() = status.try_into().expect("expected a status");
                let received = exchange.receive(Ok::<_, Infallible>(response), now);
                assert_hidden(&received);
                match received.apply(&mut world.app, &mut world.session, now) {
                    Ok(step) => step,
                    Err(never) => match never {},
                }
            }
            Step::Authorize(step, waiting) => {
                token_steps += follow_token(step, &mut world, grant, now);
                world.resume(waiting, now)
            }
            Step::Wait(delay, waiting) => {
                now += delay.duration;
                world.resume(waiting, now)
            }
            Step::Done(_) => return steps + token_steps,
        };
    }
    panic!("the call does not end");
}

#[test]
fn a_call_shows_no_secret_at_any_step() {
    let stored = format!(
        r#"{{"version": 1, "access_token": "{ACCESS_TOKEN}", "refresh_token": "{REFRESH_TOKEN}",
            "issued_at": {{"secs_since_epoch": 1, "nanos_since_epoch": 0}},
            "expires_at": {{"secs_since_epoch": 2, "nanos_since_epoch": 0}}}}"#
    );
    let tokens: Tokens = serde_json::from_str(&stored).expect("stored tokens");
    assert_hidden(&tokens);
    assert_hidden(&App::confidential("client", CLIENT_SECRET));
    let mut steps = 0;
    for grant in &grants() {
        for status in [200, 401, 403, 429, 503] {
            let confidential = || App::confidential("client", CLIENT_SECRET);
            for (app, session) in [
                (confidential(), Session::client_credentials()),
                (confidential(), Session::from_tokens(tokens.clone())),
                (App::public("client"), Session::from_tokens(tokens.clone())),
                (App::public("client"), Session::from_refresh_token(REFRESH_TOKEN)),
                (App::without_credentials(), Session::from_access_token(ACCESS_TOKEN)),
            ] {
                steps += follow(World::new(app, session), grant, status);
            }
        }
    }
    assert!(steps > 400, "only {steps} steps");
    let refused = stored.replace("\"version\": 1", "\"version\": 3");
    assert_error_hidden(
        &serde_json::from_str::<Tokens>(&refused).expect_err("a later version should be refused"),
    );
}

#[test]
fn a_login_shows_no_secret() {
    let state = REFRESH_TOKEN;
    let stored = format!(
        r#"{{"client_id": "client", "redirect_uri": "http://127.0.0.1:8888/callback", "scopes": "user-read-email",
            "state": "{state}", "verifier": "{VERIFIER}"}}"#
    );
    let login: Login = serde_json::from_str(&stored).expect("expected a stored login");
    assert_hidden(&login);
    for query in [
        format!("code={CODE}&state={CODE}"),
        format!("code={CODE}&code={CODE}&state={state}"),
        format!("code={CODE}"),
        format!("state={state}"),
        format!("error={CODE}&state={state}"),
        format!("error=access_denied&code={CODE}&state={state}"),
        format!("http://127.0.0.1:8888/{CODE}?state={state}"),
        format!("{CODE}=1&code=%FF{CODE}&state={state}"),
    ] {
        assert_error_hidden(&login.callback(&query).expect_err("the callback should be refused"));
    }
    let code = login.callback(&format!("code={CODE}&state={state}")).expect("expected a valid callback");
    assert_hidden(&code);
    let mut steps = 0;
    for grant in &grants() {
        for app in [App::public("client"), App::confidential("client", CLIENT_SECRET)] {
            steps += follow(World::new(app, Session::from_code(code.clone())), grant, 200);
        }
    }
    assert!(steps > 40, "only {steps} steps");
}

/// These types can contain any string by design. Tokens are removed by the code that reads responses, which the tests
/// above check.
#[test]
fn open_string_types_show_any_string() {
    assert_eq!(Reason::from(ACCESS_TOKEN).as_str(), ACCESS_TOKEN);
    assert_eq!(AuthCode::from(ACCESS_TOKEN).as_str(), ACCESS_TOKEN);
}

/// Returns the names of tests in backticks in a text, in the form `file::test` or `module::tests::test`.
fn named_tests(text: &str) -> Vec<(String, String)> {
    let words = text.split('`').skip(1).step_by(2).filter_map(|word| word.rsplit_once("::"));
    let is_name = |text: &str| {
        text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == ':')
    };
    let tests = words.filter(|(file, test)| is_name(file) && is_name(test) && test.contains('_'));
    tests.map(|(file, test)| (file.to_owned(), test.to_owned())).collect()
}

#[test]
fn every_test_in_the_security_policy_exists() {
    let policy = std::fs::read_to_string(project("SECURITY.md")).expect("SECURITY.md should be readable");
    let named = named_tests(&policy);
    assert!(named.len() >= 20, "{named:?}");
    for (module, test) in named {
        let path = match module.strip_suffix("::tests") {
            Some(module) => format!("src/{}.rs", module.replace("::", "/")),
            None => format!("tests/{}.rs", module.replace("::", "/")),
        };
        let text = std::fs::read_to_string(project(&path)).unwrap_or_default();
        assert!(
            text.contains(&format!("#[test]\nfn {test}()")) || text.contains(&format!("    fn {test}()")),
            "{module}::{test}"
        );
    }
    let found = named_tests("`a::b_c`, `Secret::expose` and `x::tests::d_e`, `f`");
    assert_eq!(
        found,
        [("a", "b_c"), ("x::tests", "d_e")].map(|(file, test)| (file.to_owned(), test.to_owned()))
    );
}
