//! Values of public types with secrets in each string, header and address.

use std::convert::Infallible;
use std::fmt::Debug;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue, Method, Request, Response};
use spotify_proto::cache::{Decision, Entry, Key, Policy, Sending, StoreAction, decide};
use spotify_proto::driver::{AsyncDriver, Driver, LocalDriver};
use spotify_proto::{
    App, AuthorizationCode, Call, Endpoint, Error, Login, Session, Step, TokenStep, Tokens, from_json,
};
use spotify_proto_testing::fake::{Fake, InjectedFault};
use spotify_proto_testing::recording::{Recorder, Replay};

use crate::auth::secrets::{ACCESS_TOKEN, CLIENT_SECRET, CODE, PLANTED, REFRESH_TOKEN, VERIFIER};

use crate::support::{World, album, later};

pub fn printed(value: &impl Debug) -> Vec<String> {
    vec![format!("{value:?}"), format!("{value:#?}")]
}

pub fn app() -> App {
    App::confidential("client", CLIENT_SECRET)
}

pub fn tokens() -> Tokens {
    Tokens::from_access_token(ACCESS_TOKEN, Some(later(3_600))).with_refresh_token(REFRESH_TOKEN)
}

pub fn session() -> Session {
    Session::from_tokens(tokens())
}

pub fn login() -> Login {
    let stored = format!(
        r#"{{"client_id": "client", "redirect_uri": "http://127.0.0.1:8888/callback", "scopes": "user-read-email",
            "state": "{REFRESH_TOKEN}", "verifier": "{VERIFIER}"}}"#
    );
    serde_json::from_str(&stored).expect("expected a stored login")
}

pub fn consent() -> AuthorizationCode {
    login().callback(&format!("code={CODE}&state={REFRESH_TOKEN}")).expect("expected a valid callback")
}

/// Returns a request with a secret in its URI and in each header that may contain one.
pub fn request() -> Request<Vec<u8>> {
    let mut request = Request::new(ACCESS_TOKEN.as_bytes().to_vec());
    let uri = format!(
        "https://{CLIENT_SECRET}:x@api.spotify.com/v1/{CLIENT_SECRET}?access_token={ACCESS_TOKEN}&code={CODE}"
    );
    *request.uri_mut() = uri.parse().expect("expected a URI");
    for name in
        ["authorization", "cookie", "x-api-key", "if-none-match", "accept-language", "user-agent", "referer"]
    {
        request.headers_mut().insert(name, HeaderValue::from_static(ACCESS_TOKEN));
    }
    request
}

/// Returns a storable response with a secret in each header that may contain one.
pub fn stored() -> Response<Vec<u8>> {
    let mut headers = HeaderMap::new();
    for name in
        ["set-cookie", "location", "content-location", "x-request-id", "server", "www-authenticate", "link"]
    {
        headers.insert(name, HeaderValue::from_static(REFRESH_TOKEN));
    }
    headers.insert("etag", HeaderValue::from_str(&format!("\"{ACCESS_TOKEN}\"")).expect("expected a header"));
    headers
        .insert("cache-control", HeaderValue::from_static("private, max-age=60, stale-while-revalidate=60"));
    headers.insert("vary", HeaderValue::from_static("cookie, x-api-key"));
    let mut response = Response::new(format!("{{\"name\": \"{REFRESH_TOKEN}\"}}").into_bytes());
    *response.headers_mut() = headers;
    response
}

pub fn policy() -> Policy {
    Policy::storable(&request(), &stored(), later(0), later(1)).expect("expected a storable response")
}

pub fn sending() -> Sending {
    match decide([&policy()], &request(), later(4_000)) {
        Decision::Send(sending) => sending,
        other => panic!("expected a request, got {other:?}"),
    }
}

pub fn key() -> Key {
    Key::new(&album(), "user")
}

pub fn entry() -> Entry {
    match reply().store {
        StoreAction::Put(entry) => entry,
        other => panic!("expected an entry, got {other:?}"),
    }
}

pub fn reply() -> spotify_proto::Reply<spotify_proto::model::Album> {
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

pub fn states() -> Vec<String> {
    let (mut all, now) = (Vec::new(), later(0));
    let mut world = World::new(app(), Session::from_refresh_token(REFRESH_TOKEN));
    all.extend(printed(&world.session.state(now)));
    let Step::Authorize(step, _) = world.start(album(), now) else { panic!("expected a token step") };
    all.extend(printed(&world.session.state(now)));
    let body = format!("{{\"error\": \"invalid_grant\", \"error_description\": \"{REFRESH_TOKEN}\"}}");
    let response = Response::builder().status(400).body(body).expect("expected a response");
    assert!(world.authorize(step, &response, now).is_err());
    all.extend(printed(&world.session.state(now)));
    assert!(matches!(world.session.state(now), spotify_proto::SessionState::Ended(_)));
    all
}

pub type Four = (Vec<String>, Vec<String>, Vec<String>, Vec<String>);

/// Returns the `Debug` output of a call's steps, exchanges, received responses and waiting calls.
pub fn steps() -> Four {
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
                        // The body contains no secret, because the `Debug` output of a step shows the result of the
                        // call.
                        *response.body_mut() = b"{\"name\": \"Night Ferry\"}".to_vec();
                    }
                    *response.status_mut() = status.try_into().expect("expected a status");
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

/// Returns the `Debug` output of token steps, exchanges, received responses and saves.
pub fn token_steps() -> Four {
    let (mut all, now) = (Four::default(), later(0));
    let grant = format!(
        r#"{{"access_token": "{ACCESS_TOKEN}", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "{REFRESH_TOKEN}"}}"#
    );
    for (status, body) in [(200, grant.as_str()), (400, REFRESH_TOKEN), (503, CLIENT_SECRET)] {
        for session in [Session::from_code(consent()), Session::from_refresh_token(REFRESH_TOKEN)] {
            let mut world = World::new(app(), session);
            let Step::Authorize(step, _) = world.start(album(), now) else { panic!("expected a token step") };
            let mut next = Some(step);
            while let Some(step) = next.take() {
                all.0.extend(printed(&step));
                next = match step {
                    TokenStep::Send(_, exchange) => {
                        all.1.extend(printed(&exchange));
                        let response = Response::builder().status(status).header("set-cookie", ACCESS_TOKEN);
                        let received = exchange
                            .receive(Ok::<_, Infallible>(response.body(body).expect("expected a response")));
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

/// Returns every kind of error that a server can cause.
pub fn errors() -> Vec<Error> {
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
                    response.header("retry-after", *secret).body(body.clone()).expect("expected a response");
                all.extend(album().parse(&response).err());
            }
            all.extend(from_json::<u32>(format!("\"{body}\"").as_bytes()).err().map(Error::Decode));
        }
    }
    all
}

/// Returns the errors of a parser for inputs that contain a secret.
pub fn refused<T: std::str::FromStr<Err: Debug>>() -> Vec<String> {
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

pub type Local =
    LocalDriver<fn(Request<Vec<u8>>, Duration) -> Result<Response<Vec<u8>>, Infallible>, Infallible>;

pub fn local() -> Local {
    fn send(_: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, Infallible> {
        Ok(stored())
    }
    LocalDriver::new(app(), session(), send, |_| (), || UNIX_EPOCH)
}

/// An async driver whose futures are never polled.
pub struct Nothing(pub Local);

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

pub fn fake() -> Fake {
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
        assert!(fake.respond(&request.body(Vec::new()).expect("expected a request"), now).is_ok());
    }
    fake.script(faults());
    fake
}

pub fn faults() -> Vec<InjectedFault> {
    vec![
        InjectedFault::rate_limited_with(Some("1")),
        InjectedFault::ExpiredToken,
        InjectedFault::PlainText,
        InjectedFault::Raw(stored()),
    ]
}

pub fn recorder() -> Recorder {
    let mut recorder = Recorder::new().allow_key("note").scrub_also(ACCESS_TOKEN);
    recorder.add_secrets(&app(), &session());
    recorder.record(&request(), &stored());
    let body = format!(r#"{{"{CLIENT_SECRET}": 1, "{ACCESS_TOKEN}": "{CODE}", "note": "{REFRESH_TOKEN}"}}"#);
    recorder.record(&request(), &Response::new(body));
    recorder
}

pub fn replay() -> Replay {
    Replay::new([("1.http", "GET https://api.spotify.com/v1/me\n\n###\nHTTP/1.1 200 OK\n\n{}\n")])
        .expect("expected a recording")
}
