//! Tests of logins, from the consent page to the first call, and of token renewals, against the fake in memory.

use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Request, Response, StatusCode};
use spotify_proto::api::GetSavedTracks;
use spotify_proto::{
    App, AuthCode, AuthError, Call, CallbackError, Endpoint, Error, Login, Origin, RedirectUri, Reply, Scope,
    Scopes, Session, Step, TokenStep, Tokens,
};
use spotify_proto_testing::fake::{
    CLIENT_ID, CLIENT_SECRET, Consent, Fake, InjectedFault, PUBLIC_CLIENT_ID, REFRESH_TOKEN_LIFE,
};

use crate::auth::secrets::{ACCESS_TOKEN, CODE, REFRESH_TOKEN, assert_error_hidden, assert_hidden};
use crate::responses::fixtures::say;
use crate::support::project::project;
use crate::support::{World, album, ended, requests_token, world};

const HOUR: Duration = Duration::from_secs(3600);
const CALLBACK: &str = "http://127.0.0.1:8888/callback";

/// Returns a fixed instant in September 2026.
fn start() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000)
}

/// A program: the application and session, the clock, and the stored tokens.
struct Program {
    fake: Fake,
    world: World,
    now: SystemTime,
    /// All saved tokens in their stored form.
    saved: Vec<String>,
}

impl Program {
    fn new(fake: Fake, app: App, session: Session) -> Self {
        Self { fake, world: World::new(app, session), now: start(), saved: Vec::new() }
    }

    /// Returns a program after the user's consent and before the first call.
    fn logged_in(mut fake: Fake) -> Self {
        let login = login(&public(), 1);
        let returned = consent(&mut fake, &login);
        let code = login.callback(&returned).expect("expected a code");
        Self::new(fake, public(), Session::from_code(code))
    }

    fn call<E: Endpoint>(&mut self, endpoint: E) -> Result<Reply<E::Output>, Error> {
        let mut step = self.world.start(Call::new(endpoint), self.now);
        loop {
            step = match step {
                Step::Send(request, exchange) => match self.fake.respond(&request, self.now) {
                    Ok(response) => self.world.receive(exchange, response, self.now),
                    Err(_) => self.world.lose(exchange, self.now).expect("the call should be retried"),
                },
                Step::Authorize(step, waiting) => {
                    self.authorize(step);
                    self.world.resume(waiting, self.now)
                }
                Step::Wait(delay, waiting) => {
                    self.now += delay.duration;
                    self.world.resume(waiting, self.now)
                }
                Step::Done(result) => return result,
            }
        }
    }

    /// Drives a token step to completion; the result is in the session.
    fn authorize(&mut self, mut step: TokenStep) {
        loop {
            step = match step {
                TokenStep::Send(request, exchange) => match self.fake.respond(&request, self.now) {
                    Ok(response) => self.world.receive_token(exchange, response, self.now),
                    Err(_) => return self.world.lose_token(exchange, self.now),
                },
                TokenStep::Save(tokens, saving) => {
                    assert_hidden(&tokens);
                    self.saved.push(serde_json::to_string(&tokens).expect("tokens should be storable"));
                    self.world.saved(saving, self.now)
                }
                TokenStep::Done(_) => return,
            }
        }
    }

    /// Fetches the user's saved tracks and returns the number of tracks.
    fn saved_tracks(&mut self) -> Result<usize, Error> {
        self.call(GetSavedTracks::new()).map(|reply| reply.value.into_iter().count())
    }

    /// Restarts the program with the last saved tokens.
    fn restart(&mut self) {
        let stored = self.saved.last().expect("stored tokens");
        self.world =
            World::new(public(), Session::from_tokens(serde_json::from_str(stored).expect("tokens")));
    }

    fn refresh_token(&self) -> String {
        let tokens = self.world.session.tokens().expect("tokens");
        tokens.refresh_token().expect("expected a refresh token").expose().to_owned()
    }

    fn token_requests(&self) -> usize {
        self.fake.requests().iter().filter(|seen| seen.target == "/api/token").count()
    }
}

fn public() -> App {
    App::public(PUBLIC_CLIENT_ID)
}

fn login(app: &App, entropy: u8) -> Login {
    let scopes = Scopes::from([Scope::UserLibraryRead, Scope::UserTopRead]);
    Login::new(app, CALLBACK.parse().expect("expected a redirect URI"), scopes, &[entropy; 32])
}

/// Opens the consent page like a browser, and returns the target of the redirect.
fn consent(fake: &mut Fake, login: &Login) -> String {
    let request = Request::get(login.url(&Origin::accounts())).body(Vec::new()).expect("expected a URL");
    let response =
        fake.respond(&request, start()).expect("the fake should respond without a scripted failure");
    assert_eq!(response.status(), StatusCode::SEE_OTHER, "{}", String::from_utf8_lossy(response.body()));
    response.headers()["location"].to_str().expect("ASCII").to_owned()
}

#[track_caller]
fn refused(error: Error) -> (StatusCode, AuthCode, String) {
    match error {
        Error::Auth(AuthError::GrantRejected { status, code, description }) => {
            (status, code, description.to_string())
        }
        other => panic!("expected a rejected grant, got {other:?}"),
    }
}

#[test]
fn a_pkce_login_leads_to_a_call() {
    let mut program = Program::logged_in(Fake::new());
    assert_eq!(program.saved_tracks().expect("saved tracks"), 20);
    let tokens = program.world.session.tokens().expect("tokens");
    assert_eq!(tokens.scopes(), Some(&Scopes::from("user-library-read user-top-read")));
    assert_eq!(tokens.expires_at(), Some(start() + HOUR));
    assert_eq!(program.saved.len(), 1, "the tokens should be saved once");
    let targets: Vec<_> = program.fake.requests().iter().map(|seen| seen.target.as_str()).collect();
    assert!(matches!(targets[..], [_, "/api/token", "/v1/me/tracks"]), "{targets:?}");
}

#[test]
fn a_login_with_a_client_secret_leads_to_a_call_and_a_renewal() {
    let app = || App::confidential(CLIENT_ID, CLIENT_SECRET);
    let (mut fake, login) = (Fake::new(), login(&app(), 1));
    assert!(!login.url(&Origin::accounts()).contains("code_challenge"));
    let code = login.callback(&consent(&mut fake, &login)).expect("expected a code");
    let mut program = Program::new(fake, app(), Session::from_code(code));
    program.saved_tracks().expect("saved tracks");
    let first = program.refresh_token();
    program.now += HOUR;
    program.saved_tracks().expect("saved tracks");
    assert_eq!((program.token_requests(), program.refresh_token()), (2, first));
}

#[test]
fn a_login_survives_a_restart_between_consent_and_callback() {
    let mut fake = Fake::new();
    let before = login(&public(), 1).show_dialog(true);
    let stored = serde_json::to_string(&before).expect("expected a login can be stored");
    let returned = consent(&mut fake, &before);
    let after: Login = serde_json::from_str(&stored).expect("expected a login");
    assert_eq!(after.url(&Origin::accounts()), before.url(&Origin::accounts()));
    let code = after.callback(&returned).expect("expected a code");
    Program::new(fake, public(), Session::from_code(code)).saved_tracks().expect("saved tracks");
    assert_eq!(login(&public(), 2).callback(&returned).unwrap_err(), CallbackError::WrongState);
}

#[test]
fn a_callback_is_accepted_in_every_supported_form() {
    let mut fake = Fake::new();
    let login = login(&public(), 1);
    let url = consent(&mut fake, &login);
    let query = url.split_once('?').expect("expected a query").1.to_owned();
    for returned in [
        url.clone(),
        format!("{url}#_=_"),
        format!("/callback?{query}"),
        format!("?{query}"),
        query.clone(),
        format!("utm=1&{query}&utm=2"),
        url.replace("8888", "50123"),
        url.replace("http:", "HTTP:"),
    ] {
        assert!(login.callback(&returned).is_ok(), "{returned}");
    }
}

#[test]
fn letter_case_in_the_scheme_and_host_of_a_callback_is_ignored() {
    let redirect: RedirectUri = "https://App.Example/Callback".parse().expect("expected a redirect URI");
    let login = Login::new(&public(), redirect, Scopes::new(), &[1; 32]);
    let query = format!("?code=x&state={}", state(&login));
    assert!(login.callback(&format!("https://app.example/Callback{query}")).is_ok());
    let other_path = login.callback(&format!("https://app.example/callback{query}"));
    assert_eq!(other_path.unwrap_err(), CallbackError::ForeignRedirect);
}

fn state(login: &Login) -> String {
    let url = login.url(&Origin::accounts());
    let (_, after) = url.split_once("state=").expect("expected a state");
    after.split('&').next().expect("expected a state").to_owned()
}

#[test]
fn each_mistake_in_a_callback_has_a_distinct_error() {
    let login = login(&public(), 1);
    let state = state(&login);
    let forged = format!("{}A", &state[..state.len() - 1]);
    let duplicate = |name: &str| CallbackError::Duplicate(name.into());
    for (query, error) in [
        (String::new(), CallbackError::NoState),
        (format!("code={CODE}"), CallbackError::NoState),
        (format!("code={CODE}&state"), CallbackError::WrongState),
        (format!("code={CODE}&state={forged}"), CallbackError::WrongState),
        (format!("code={CODE}&state={state}A"), CallbackError::WrongState),
        (format!("code={CODE}&state={}", &state[1..]), CallbackError::WrongState),
        (format!("error=access_denied&state={forged}"), CallbackError::WrongState),
        (format!("code={CODE}&state={state}&state={state}"), duplicate("state")),
        (format!("code={CODE}&state={state}&code={CODE}"), duplicate("code")),
        (format!("code={CODE}&state={state}&%63ode={CODE}"), duplicate("code")),
        (format!("error=a&state={state}&error=b"), duplicate("error")),
        (format!("state={state}"), CallbackError::NoCode),
        (format!("state={state}&code="), CallbackError::NoCode),
        (format!("state={state}&code=%FF"), CallbackError::Malformed),
        (format!("state={state}&error=access_denied"), CallbackError::Denied),
        (format!("state={state}&error=access_denied&code={CODE}"), CallbackError::Denied),
        (format!("state={state}&error=invalid_scope"), CallbackError::Refused(AuthCode::InvalidScope)),
        (format!("state={state}&error={CODE}"), CallbackError::Refused(AuthCode::from("…"))),
    ] {
        for place in ["", "?", "/callback?", "http://127.0.0.1:1/callback?"] {
            let found = login.callback(&format!("{place}{query}")).expect_err(&query);
            assert_eq!(found, error, "{place}{query}");
            assert_error_hidden(&found);
        }
    }
}

#[test]
fn a_callback_to_a_different_address_is_foreign() {
    let login = login(&public(), 1);
    let query = format!("code={CODE}&state={}", state(&login));
    for place in [
        "https://127.0.0.1:8888/callback",
        "http://127.0.0.1:8888/callback/",
        "http://127.0.0.1:8888/Callback",
        "http://127.0.0.1:8888/",
        "http://127.0.0.1:8888",
        "http://127.0.0.1.evil.example/callback",
        "http://evil.example/callback",
        "http://user@127.0.0.1:8888/callback",
        "http://[::1]:8888/callback",
        "com.example.app:/callback",
        "/other",
        "//evil.example/callback",
    ] {
        let found = login.callback(&format!("{place}?{query}")).expect_err(place);
        assert_eq!(found, CallbackError::ForeignRedirect, "{place}");
    }
}

#[test]
fn strings_that_are_not_callbacks_are_errors() {
    let login = login(&public(), 1);
    for text in
        ["", "?", "#", "/", "://", "a://b", "%", "&&&", "=&=", "?state=%", "\u{0}", "é=ü", "http://[::1"]
    {
        assert!(login.callback(text).is_err(), "{text}");
    }
    assert!(login.callback(&"a=b&".repeat(100_000)).is_err());
}

#[test]
fn denied_consent_has_a_distinct_error() {
    let mut fake = Fake::new();
    fake.consent(Consent::Deny);
    let login = login(&public(), 1);
    assert_eq!(login.callback(&consent(&mut fake, &login)).unwrap_err(), CallbackError::Denied);
}

#[test]
fn a_response_without_a_refresh_token_leaves_the_refresh_token_unchanged() {
    let mut program = Program::logged_in(Fake::new());
    program.saved_tracks().expect("saved tracks");
    let first = program.refresh_token();
    for _ in 0..3 {
        program.now += HOUR;
        program.saved_tracks().expect("saved tracks");
        assert_eq!(program.refresh_token(), first);
        program.restart();
    }
    assert_eq!(program.saved.len(), 4);
}

#[test]
fn ten_rotations_in_a_row_use_each_refresh_token_once() {
    let mut fake = Fake::new();
    fake.rotating(true);
    let mut program = Program::logged_in(fake);
    let mut seen = Vec::new();
    for round in 0..10 {
        assert_eq!(program.saved_tracks().expect("saved tracks"), 20);
        let token = program.refresh_token();
        assert!(!seen.contains(&token), "an old token was used in round {round}");
        seen.push(token);
        program.now += HOUR;
        if round % 2 == 1 {
            program.restart();
        }
    }
    assert_eq!(program.token_requests(), 10);
}

#[test]
fn the_user_has_to_log_in_again_six_months_after_the_consent() {
    let mut program = Program::logged_in(Fake::new());
    program.saved_tracks().expect("saved tracks");
    program.now = start() + REFRESH_TOKEN_LIFE - HOUR;
    program
        .saved_tracks()
        .expect("the refresh token should still be valid, as its lifetime starts at the consent");
    program.now = start() + REFRESH_TOKEN_LIFE + HOUR;
    let expected = (StatusCode::BAD_REQUEST, AuthCode::InvalidGrant, "Refresh token expired".to_owned());
    assert_eq!(refused(program.saved_tracks().unwrap_err()), expected);
    let sent = program.fake.requests().len();
    assert_eq!(refused(program.saved_tracks().unwrap_err()), expected);
    assert_eq!(program.fake.requests().len(), sent, "no further request should be sent");
}

#[test]
fn a_revoked_login_ends_when_its_access_token_expires() {
    let mut program = Program::logged_in(Fake::new());
    program.saved_tracks().expect("saved tracks");
    program.fake.revoke_refresh_tokens();
    program.saved_tracks().expect("the access token should still be valid");
    program.fake.revoke_access_tokens();
    let (_, code, description) = refused(program.saved_tracks().unwrap_err());
    assert_eq!((code, description.as_str()), (AuthCode::InvalidGrant, "Refresh token revoked"));
}

#[test]
fn an_outage_of_the_accounts_service_does_not_end_a_login() {
    let page = || {
        let html = "<html><body><h1>503 Service Unavailable</h1></body></html>";
        let response = Response::builder().status(503).header("content-type", "text/html");
        InjectedFault::Raw(response.body(html.as_bytes().to_vec()).expect("expected a response"))
    };
    let faults: [fn() -> InjectedFault; 5] = [
        || InjectedFault::Empty(StatusCode::SERVICE_UNAVAILABLE),
        || InjectedFault::BadGatewayHtml,
        || InjectedFault::rate_limited(3),
        || InjectedFault::LostBefore,
        || InjectedFault::LostAfter,
    ];
    for fault in faults {
        let mut program = Program::logged_in(Fake::new());
        program.saved_tracks().expect("saved tracks");
        let token = program.refresh_token();
        program.now += HOUR;
        program.fake.script([page().at("/api/token"), fault().at("/api/token")]);
        program.saved_tracks().unwrap_or_else(|error| panic!("{:?}: {error}", fault()));
        assert_eq!((program.fake.scripted(), program.refresh_token()), (0, token), "{:?}", fault());
    }
}

#[test]
fn a_long_outage_fails_the_call_but_does_not_end_the_login() {
    let mut program = Program::logged_in(Fake::new());
    program.saved_tracks().expect("saved tracks");
    program.now += HOUR;
    program
        .fake
        .script((0..3).map(|_| InjectedFault::Empty(StatusCode::SERVICE_UNAVAILABLE).at("/api/token")));
    let error = program.saved_tracks().unwrap_err();
    assert!(matches!(error, Error::Auth(AuthError::UnexpectedResponse { .. })), "{error:?}");
    program.saved_tracks().expect("the accounts service should be available again");
}

/// An error page from a proxy does not mean that the login was rejected.
#[test]
fn an_error_page_from_a_proxy_does_not_end_a_login() {
    for status in [403, 404, 408, 413] {
        let mut program = Program::logged_in(Fake::new());
        program.saved_tracks().expect("saved tracks");
        program.now += HOUR;
        program.fake.script([raw(status, "<html><h1>Blocked</h1></html>").at("/api/token")]);
        program.saved_tracks().unwrap_or_else(|error| panic!("after {status}: {error}"));
        assert_eq!(program.fake.scripted(), 0);
    }
}

/// A client cannot recover from this loss: the code is valid for one request, and the response with the tokens was
/// lost.
#[test]
fn a_code_whose_token_response_was_lost_is_rejected_as_an_invalid_grant() {
    let mut program = Program::logged_in(Fake::new());
    program.fake.script([InjectedFault::LostAfter.at("/api/token")]);
    let (_, code, description) = refused(program.saved_tracks().unwrap_err());
    assert_eq!((code, description.as_str()), (AuthCode::InvalidGrant, "Invalid authorization code"));
}

#[test]
fn scopes_that_were_not_granted_are_reported_as_missing() {
    let mut fake = Fake::new();
    fake.grant_only(&[Scope::UserTopRead]);
    let mut program = Program::logged_in(fake);
    let error = program.saved_tracks().unwrap_err();
    let Error::Scope(error) = error else { panic!("{error:?}") };
    assert_eq!(error.missing(), &Scopes::from([Scope::UserLibraryRead]));
    let missing = || program.world.session.tokens().expect("tokens").missing_for(&GetSavedTracks::OPERATION);
    assert_eq!(missing(), Scopes::from([Scope::UserLibraryRead]));
    program.now += HOUR;
    assert!(program.saved_tracks().is_err());
    let missing = program.world.session.tokens().expect("tokens").missing_for(&GetSavedTracks::OPERATION);
    assert_eq!(
        missing,
        Scopes::from([Scope::UserLibraryRead]),
        "the response to a refresh lists the granted scopes, too"
    );
}

fn raw(status: u16, body: &str) -> InjectedFault {
    InjectedFault::Raw(
        Response::builder().status(status).body(body.as_bytes().to_vec()).expect("expected a response"),
    )
}

/// Returns the tokens or the error of a session whose token request receives this response.
fn exchanged(status: u16, body: &[u8]) -> Result<Tokens, Error> {
    let mut world = world();
    let (request, exchange, _) = requests_token(world.start(album(), start()));
    assert_eq!(request.uri().path(), "/api/token");
    let response = Response::builder().status(status).body(body).expect("expected a response");
    match world.receive_token(exchange, response, start()) {
        TokenStep::Save(tokens, _) => Ok(tokens),
        step => Err(ended(step).expect_err("a response without tokens should be an error")),
    }
}

#[test]
fn an_invalid_lifetime_is_replaced_by_one_hour() {
    for life in ["-1", "-99999999999999999999", "99999999999999999999", "1e300", "null", "\"soon\"", "[]"] {
        let body = format!(r#"{{"access_token":"BQ","token_type":"Bearer","expires_in":{life}}}"#);
        let tokens = exchanged(200, body.as_bytes()).unwrap_or_else(|error| panic!("{life}: {error}"));
        assert_eq!(tokens.expires_at(), Some(start() + HOUR), "{life}");
    }
    let tokens = exchanged(200, br#"{"access_token":"BQ"}"#).expect("tokens");
    assert_eq!((tokens.expires_at(), tokens.scopes()), (Some(start() + HOUR), None));
    let tokens = exchanged(200, br#"{"access_token":"BQ","expires_in":4294967295}"#).expect("tokens");
    assert_eq!(tokens.expires_at(), Some(start() + Duration::from_secs(u64::from(u32::MAX))));
}

#[test]
fn a_token_that_is_not_a_valid_header_value_is_rejected() {
    for token in ["\\n", "\\r\\nx: y", "\\t", " ", "\\u0000", "\\u007f", "é", "\\ud83d\\ude00"] {
        let body = format!(r#"{{"access_token":"{ACCESS_TOKEN}{token}","expires_in":3600}}"#);
        let error = exchanged(200, body.as_bytes()).expect_err(token);
        assert!(matches!(error, Error::Auth(AuthError::UnexpectedResponse { .. })), "{token}: {error:?}");
        assert_error_hidden(&error);
    }
    for body in
        ["", "{}", "[]", "null", "\"BQ\"", r#"{"access_token":""}"#, r#"{"access_token":5}"#, "<html>"]
    {
        assert!(exchanged(200, body.as_bytes()).is_err(), "{body}");
    }
}

#[test]
fn error_responses_of_the_accounts_service_are_parsed_in_every_form() {
    for (body, code, description) in [
        (
            r#"{"error":"invalid_client","error_description":"Invalid client"}"#,
            "invalid_client",
            "Invalid client",
        ),
        (r#"{"error":"invalid_client"}"#, "invalid_client", ""),
        (r#"{"error":"invalid_grant","error_description":null}"#, "invalid_grant", ""),
        (
            r#"{"error":"unauthorized_client","error_description":"Not allowed"}"#,
            "unauthorized_client",
            "Not allowed",
        ),
    ] {
        let error = exchanged(400, body.as_bytes()).unwrap_err();
        assert_eq!(refused(error), (StatusCode::BAD_REQUEST, code.into(), description.to_owned()), "{body}");
    }
    let secret = format!(r#"{{"error":"invalid_grant","error_description":"no {REFRESH_TOKEN}"}}"#);
    assert_error_hidden(&exchanged(400, secret.as_bytes()).unwrap_err());
    for (status, body) in [
        (400, "<html><b>no</b></html>"),
        (400, ""),
        (502, "Bad gateway."),
        (503, ""),
        (500, "{}"),
        (400, r#"{"error":"brand_new"}"#),
    ] {
        let error = exchanged(status, body.as_bytes()).unwrap_err();
        assert!(
            matches!(error, Error::Auth(AuthError::UnexpectedResponse { .. })),
            "{status} {body}: {error:?}"
        );
    }
    assert!(matches!(exchanged(429, b"Too many requests").unwrap_err(), Error::RateLimited(_)));
}

#[test]
fn truncated_stored_tokens_and_other_versions_are_errors_without_secrets() {
    let body = format!(
        r#"{{"access_token":"{ACCESS_TOKEN}","refresh_token":"{REFRESH_TOKEN}","expires_in":3600,"scope":"a b"}}"#
    );
    let stored =
        serde_json::to_string(&exchanged(200, body.as_bytes()).expect("tokens")).expect("plain data");
    let read = |text: &str| serde_json::from_str::<Tokens>(text);
    let again = serde_json::to_string(&read(&stored).expect("tokens")).expect("plain data");
    assert_eq!(again, stored, "the stored form round-trips");
    assert!(stored.contains(r#""version":2"#), "{stored}");
    for version in ["0", "3", "255", "256", "-1", "\"1\"", "{}"] {
        let other = stored.replace(r#""version":2"#, &format!(r#""version":{version}"#));
        assert_error_hidden(&read(&other).expect_err(version));
    }
    let unversioned = read(&stored.replace("\"version\":2,", ""))
        .expect("tokens stored by another program should be accepted");
    assert_eq!(serde_json::to_string(&unversioned).expect("stored"), stored);
    for cut in 0..stored.len() {
        assert_error_hidden(&read(&stored[..cut]).expect_err("truncated tokens should be refused"));
    }
}

#[test]
fn recorded_token_responses_are_parsed() {
    let folder = project("../shared/fixtures");
    let Ok(manifest) = fs::read_to_string(folder.join("MANIFEST.tsv")) else {
        say("skipped: there is no corpus at ../shared/fixtures");
        return;
    };
    let mut rows = manifest.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let head = rows.next().expect("expected column names in the first line");
    let column = |name: &str| head.iter().position(|it| *it == name).expect("expected a column");
    let [path, operation, status] = ["path", "operationId", "status"].map(column);
    let mut count = 0;
    for row in rows.filter(|row| row[operation] == "oauth-token") {
        let (name, status) = (row[path], row[status].parse().expect("expected a status"));
        let body = fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        count += 1;
        match exchanged(status, &body) {
            Ok(tokens) => {
                assert_eq!(status, 200, "{name}");
                assert_eq!(tokens.expires_at(), Some(start() + HOUR), "{name}");
                let text = String::from_utf8_lossy(&body);
                assert_eq!(tokens.refresh_token().is_some(), text.contains("\"refresh_token\""), "{name}");
            }
            Err(error) => {
                assert_eq!(status, 400, "{name}: {error}");
                let (_, code, _) = refused(error);
                assert_eq!(code, AuthCode::InvalidClient, "{name}");
            }
        }
    }
    assert!(count >= 20, "only {count} recorded token responses");
}
