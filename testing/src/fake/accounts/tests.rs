//! Tests of the accounts service through [`Fake::respond`].

use http::header::{CONTENT_TYPE, LOCATION};
use http::{Response, StatusCode};
use serde_json::Value;

use super::*;
use crate::fake::{Fake, REFRESH_TOKEN_LIFE};

/// The verifier from RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK: &str = "http%3A%2F%2F127.0.0.1%3A8888%2Fcallback";

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn get(fake: &mut Fake, query: &str) -> Response<Vec<u8>> {
    let request = Request::get(format!("/authorize?{query}")).body(Vec::new()).expect("a valid request");
    fake.respond(&request, at(0)).expect("the response should not be lost")
}

/// Requests consent with a challenge and with the given changes to the parameters. An empty value removes a parameter.
fn consent_with(fake: &mut Fake, changes: &[(&str, &str)]) -> Response<Vec<u8>> {
    let mut pairs = vec![
        ("client_id", PUBLIC_CLIENT_ID),
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("state", "s%20t"),
        ("scope", "user-library-read+user-top-read"),
        ("code_challenge_method", "S256"),
        ("code_challenge", CHALLENGE),
    ];
    for (name, value) in changes {
        pairs.retain(|(own, _)| own != name);
        pairs.extend((!value.is_empty()).then_some((*name, *value)));
    }
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    get(fake, &query.join("&"))
}

fn location(response: &Response<Vec<u8>>) -> &str {
    assert_eq!(response.status(), StatusCode::SEE_OTHER, "{}", text(response));
    response.headers()[LOCATION].to_str().expect("ASCII")
}

fn text(response: &Response<Vec<u8>>) -> &str {
    std::str::from_utf8(response.body()).expect("UTF-8")
}

/// Returns the authorization code in a redirect.
fn code(response: &Response<Vec<u8>>) -> String {
    let (_, after) = location(response).split_once("code=").expect("a code");
    after.split('&').next().unwrap_or_default().to_owned()
}

fn post(fake: &mut Fake, form: &str, secret: Option<&str>, now: SystemTime) -> (StatusCode, Value) {
    use base64::Engine as _;
    let mut request =
        Request::post("/api/token").header(CONTENT_TYPE, "application/x-www-form-urlencoded; charset=utf-8");
    if let Some(secret) = secret {
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{CLIENT_ID}:{secret}"));
        request = request.header("authorization", format!("Basic {basic}"));
    }
    let request = request.body(form.as_bytes().to_vec()).expect("a valid request");
    let response = fake.respond(&request, now).expect("the response should not be lost");
    (response.status(), serde_json::from_slice(response.body()).expect("JSON"))
}

/// Returns the error code and the description of a refusal.
#[track_caller]
fn refused((status, body): &(StatusCode, Value)) -> (&str, &str) {
    assert_eq!(*status, StatusCode::BAD_REQUEST, "{body}");
    (body["error"].as_str().expect("a code"), body["error_description"].as_str().unwrap_or_default())
}

#[track_caller]
fn granted((status, body): (StatusCode, Value)) -> Value {
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

fn exchange(code: &str) -> String {
    format!(
        "grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}&client_id={PUBLIC_CLIENT_ID}\
         &code_verifier={VERIFIER}"
    )
}

fn refresh(token: &str) -> String {
    format!("grant_type=refresh_token&refresh_token={token}&client_id={PUBLIC_CLIENT_ID}")
}

/// Returns a fake whose user logged in at time 0, and the refresh token.
fn logged_in() -> (Fake, String) {
    let mut fake = Fake::new();
    let code = code(&consent_with(&mut fake, &[]));
    let body = granted(post(&mut fake, &exchange(&code), None, at(0)));
    let token = body["refresh_token"].as_str().expect("a refresh token").to_owned();
    (fake, token)
}

#[test]
fn a_consent_redirects_with_the_code_and_the_state() {
    let mut fake = Fake::new();
    let response = consent_with(&mut fake, &[]);
    let location = location(&response);
    assert!(location.starts_with("http://127.0.0.1:8888/callback?code=AQ"), "{location}");
    assert!(location.ends_with("&state=s%20t"), "{location}");
    let body = granted(post(&mut fake, &exchange(&code(&response)), None, at(599)));
    assert_eq!(body["scope"], "user-library-read user-top-read");
    assert_eq!((&body["token_type"], &body["expires_in"]), (&"Bearer".into(), &3600.into()));
}

#[test]
fn a_refusal_redirects_with_the_error_and_the_state() {
    let mut fake = Fake::new();
    fake.consent(Consent::Deny);
    let response = consent_with(&mut fake, &[]);
    assert_eq!(location(&response), "http://127.0.0.1:8888/callback?error=access_denied&state=s%20t");
}

#[test]
fn an_invalid_client_or_redirect_uri_never_causes_a_redirect() {
    let mut fake = Fake::new();
    for (changes, message) in [
        (("client_id", ""), "Missing required parameter: client_id"),
        (("client_id", "nobody"), "INVALID_CLIENT: Invalid client"),
        (("redirect_uri", ""), "INVALID_CLIENT: Invalid redirect URI"),
        (("redirect_uri", "https://evil.example/callback"), "INVALID_CLIENT: Invalid redirect URI"),
        (("redirect_uri", "https://app.example/callback/"), "INVALID_CLIENT: Invalid redirect URI"),
        (("redirect_uri", "https://app.example:1/callback"), "INVALID_CLIENT: Invalid redirect URI"),
        (("redirect_uri", "http://127.0.0.1:0/callback"), "INVALID_CLIENT: Invalid redirect URI"),
        (("redirect_uri", "http://127.0.0.1:8888evil/callback"), "INVALID_CLIENT: Invalid redirect URI"),
        (("redirect_uri", "http://127.0.0.1:8888@evil/callback"), "INVALID_CLIENT: Invalid redirect URI"),
        (("x&client_id", "twice"), "INVALID_REQUEST: Duplicate parameter: client_id"),
    ] {
        let response = consent_with(&mut fake, &[changes]);
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{changes:?}");
        assert!(!response.headers().contains_key(LOCATION), "{changes:?}");
        assert!(text(&response).contains(message), "{changes:?}: {}", text(&response));
    }
}

#[test]
fn every_other_error_causes_the_redirect_that_the_rfc_requires() {
    let mut fake = Fake::new();
    for (change, error) in [
        (("response_type", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("scope", "user-library-read%20nonsense"), "invalid_scope"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "too-short"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("x&scope", "streaming"), "invalid_request"),
    ] {
        let response = consent_with(&mut fake, &[change]);
        let expected = format!("http://127.0.0.1:8888/callback?error={error}&state=s%20t");
        assert_eq!(location(&response), expected, "{change:?}");
    }
}

#[test]
fn a_registered_redirect_uri_keeps_its_query() {
    let mut fake = Fake::new();
    fake.register("https://mine.example/back?from=spotify");
    let back = ("redirect_uri", "https%3A%2F%2Fmine.example%2Fback%3Ffrom%3Dspotify");
    let response = consent_with(&mut fake, &[back, ("state", "")]);
    assert!(location(&response).starts_with("https://mine.example/back?from=spotify&code=AQ"));
    assert!(
        !location(&response).contains("state"),
        "the redirect for a request without a state should have no state"
    );
    let other = ("redirect_uri", "http%3A%2F%2F%5B%3A%3A1%5D%3A65535%2Fcallback");
    assert!(location(&consent_with(&mut fake, &[other])).starts_with("http://[::1]:65535/callback?code="));
}

#[test]
fn the_buttons_of_the_consent_page_grant_and_deny_access() {
    let mut fake = Fake::new();
    fake.consent(Consent::Page);
    let response = consent_with(&mut fake, &[("state", "%22%3E%3Cscript%3E")]);
    assert_eq!(response.status(), StatusCode::OK);
    assert!(text(&response).contains("value=\"&quot;&gt;&lt;script&gt;\""), "{}", text(&response));
    assert!(!text(&response).contains("<script>"));
    let decide = |fake: &mut Fake, decision: &str| {
        let form = format!(
            "client_id={CLIENT_ID}&response_type=code&redirect_uri={CALLBACK}&state=s&decision={decision}"
        );
        let request = Request::post("/authorize").body(form.into_bytes()).expect("a valid request");
        fake.respond(&request, at(0)).expect("the response should not be lost")
    };
    assert!(location(&decide(&mut fake, "deny")).ends_with("?error=access_denied&state=s"));
    assert!(location(&decide(&mut fake, "accept")).contains("?code=AQ"));

    let again = format!("client_id={CLIENT_ID}&response_type=code&redirect_uri={CALLBACK}");
    assert!(
        location(&get(&mut fake, &again)).contains("?code=AQ"),
        "a user who has granted access should not see the page again"
    );
    assert_eq!(get(&mut fake, &format!("{again}&show_dialog=true")).status(), StatusCode::OK);
    assert_eq!(get(&mut fake, &format!("{again}&scope=streaming")).status(), StatusCode::OK);
}

#[test]
fn a_code_can_be_used_only_once() {
    let mut fake = Fake::new();
    let code = code(&consent_with(&mut fake, &[]));
    granted(post(&mut fake, &exchange(&code), None, at(0)));
    let again = post(&mut fake, &exchange(&code), None, at(0));
    assert_eq!(refused(&again), ("invalid_grant", "Invalid authorization code"));
}

#[test]
fn a_code_expires_after_ten_minutes() {
    let mut fake = Fake::new();
    let code = code(&consent_with(&mut fake, &[]));
    let late = post(&mut fake, &exchange(&code), None, at(600));
    assert_eq!(refused(&late), ("invalid_grant", "Authorization code expired"));
}

#[test]
fn a_code_is_bound_to_its_client_redirect_uri_and_verifier() {
    let mut fake = Fake::new();
    let code = code(&consent_with(&mut fake, &[]));
    let form = exchange(&code);
    let other_verifier = VERIFIER.replace('d', "e");
    for (form, secret, expected) in [
        (form.replace(PUBLIC_CLIENT_ID, CLIENT_ID), None, ("invalid_grant", "Invalid authorization code")),
        (form.clone(), Some(CLIENT_SECRET), ("invalid_grant", "Invalid authorization code")),
        (form.replace("8888", "8889"), None, ("invalid_grant", "Invalid redirect URI")),
        (form.replace(VERIFIER, &other_verifier), None, ("invalid_grant", "code_verifier was incorrect")),
        (form.replace(VERIFIER, CHALLENGE), None, ("invalid_grant", "code_verifier was incorrect")),
        (form.replace(VERIFIER, ""), None, ("invalid_request", "code_verifier must be supplied")),
        (form.replace(&code, "AQnever"), None, ("invalid_grant", "Invalid authorization code")),
        (form.replace(&code, ""), None, ("invalid_request", "code must be supplied")),
        (form.replace("redirect_uri", "x"), None, ("invalid_request", "redirect_uri must be supplied")),
    ] {
        assert_eq!(refused(&post(&mut fake, &form, secret, at(0))), expected, "{form}");
    }
    granted(post(&mut fake, &form, None, at(0)));
}

#[test]
fn a_confidential_application_authenticates_with_its_secret() {
    let mut fake = Fake::new();
    let no_challenge = [("client_id", CLIENT_ID), ("code_challenge", ""), ("code_challenge_method", "")];
    let code = code(&consent_with(&mut fake, &no_challenge));
    let form = format!("grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}");
    let bare = post(&mut fake, &format!("{form}&client_id={CLIENT_ID}"), None, at(0));
    assert_eq!(refused(&bare), ("invalid_client", ""));
    let body = granted(post(&mut fake, &form, Some(CLIENT_SECRET), at(0)));
    let form = format!(
        "grant_type=refresh_token&refresh_token={}",
        body["refresh_token"].as_str().expect("a token")
    );
    let bare = post(&mut fake, &format!("{form}&client_id={CLIENT_ID}"), None, at(0));
    assert_eq!(refused(&bare), ("invalid_client", ""));
    granted(post(&mut fake, &form, Some(CLIENT_SECRET), at(0)));
}

/// The error responses of RFC 6749 §5.2, with Spotify's messages.
#[test]
fn invalid_token_requests_are_refused_with_spotifys_messages() {
    let mut fake = Fake::new();
    let other = format!("grant_type=client_credentials&client_id={PUBLIC_CLIENT_ID}");
    for (form, secret, expected) in [
        ("", None, ("unsupported_grant_type", "grant_type parameter is missing")),
        (
            "grant_type=client_credentials+",
            Some(CLIENT_SECRET),
            ("unsupported_grant_type", "grant_type client_credentials  is not supported"),
        ),
        ("grant_type=password", None, ("unsupported_grant_type", "grant_type password is not supported")),
        ("grant_type=client_credentials", None, ("invalid_client", "")),
        (&other, None, ("invalid_client", "")),
        (&format!("{other}&client_secret=x"), None, ("invalid_client", "Invalid client secret")),
        ("grant_type=client_credentials&client_id=x", None, ("invalid_client", "Invalid client")),
        ("grant_type=client_credentials", Some("x"), ("invalid_client", "Invalid client secret")),
        (
            "grant_type=refresh_token",
            Some(CLIENT_SECRET),
            ("invalid_request", "refresh_token must be supplied"),
        ),
        (
            "grant_type=refresh_token&refresh_token=AQnever",
            Some(CLIENT_SECRET),
            ("invalid_grant", "Invalid refresh token"),
        ),
        (
            "grant_type=client_credentials&grant_type=client_credentials",
            Some(CLIENT_SECRET),
            ("invalid_request", "duplicate parameter: grant_type"),
        ),
    ] {
        let form = if form.is_empty() { "x=1" } else { form };
        assert_eq!(refused(&post(&mut fake, form, secret, at(0))), expected, "{form}");
    }
}

#[test]
fn a_refresh_keeps_the_refresh_token_unless_rotation_is_on() {
    let (mut fake, first) = logged_in();
    let body = granted(post(&mut fake, &refresh(&first), None, at(1)));
    assert_eq!(body["scope"], "user-library-read user-top-read");
    assert_eq!(body.get("refresh_token"), None);

    fake.rotating(true);
    let body = granted(post(&mut fake, &refresh(&first), None, at(2)));
    let second = body["refresh_token"].as_str().expect("a new refresh token").to_owned();
    assert_ne!(first, second);
    let again = post(&mut fake, &refresh(&first), None, at(3));
    assert_eq!(refused(&again), ("invalid_grant", "Refresh token revoked"));
    granted(post(&mut fake, &refresh(&second), None, at(3)));
}

#[test]
fn reusing_a_rotated_refresh_token_revokes_only_the_tokens_of_its_login() {
    for detects in [false, true] {
        let (mut fake, first) = logged_in();
        fake.rotating(true);
        fake.reuse_detection(detects);
        let other_code = code(&consent_with(&mut fake, &[]));
        let other = granted(post(&mut fake, &exchange(&other_code), None, at(0)));
        let token = |body: Value| body["refresh_token"].as_str().expect("a refresh token").to_owned();
        let second = token(granted(post(&mut fake, &refresh(&first), None, at(1))));
        let third = token(granted(post(&mut fake, &refresh(&second), None, at(2))));
        let reused = post(&mut fake, &refresh(&first), None, at(3));
        assert_eq!(refused(&reused), ("invalid_grant", "Refresh token revoked"));
        let newest = post(&mut fake, &refresh(&third), None, at(4));
        assert_eq!(newest.0.is_success(), !detects, "{newest:?}");
        granted(post(&mut fake, &refresh(&token(other)), None, at(5)));
    }
}

#[test]
fn a_refresh_token_always_expires_six_months_after_the_consent() {
    let (mut fake, mut token) = logged_in();
    fake.rotating(true);
    let end = at(0) + REFRESH_TOKEN_LIFE;
    let body = granted(post(&mut fake, &refresh(&token), None, end - Duration::from_secs(1)));
    body["refresh_token"].as_str().expect("a new refresh token").clone_into(&mut token);
    let late = post(&mut fake, &refresh(&token), None, end);
    assert_eq!(refused(&late), ("invalid_grant", "Refresh token expired"));
}

#[test]
fn refresh_tokens_are_bound_to_their_client_and_can_be_revoked() {
    let (mut fake, token) = logged_in();
    let foreign = format!("grant_type=refresh_token&refresh_token={token}");
    let foreign = post(&mut fake, &foreign, Some(CLIENT_SECRET), at(0));
    assert_eq!(refused(&foreign), ("invalid_grant", "Invalid refresh token"));
    fake.revoke_refresh_tokens();
    let revoked = post(&mut fake, &refresh(&token), None, at(0));
    assert_eq!(refused(&revoked), ("invalid_grant", "Refresh token revoked"));
}

#[test]
fn the_user_may_grant_fewer_scopes_than_requested() {
    let mut fake = Fake::new();
    fake.grant_only(&[Scope::UserTopRead, Scope::Streaming]);
    let code = code(&consent_with(&mut fake, &[]));
    let body = granted(post(&mut fake, &exchange(&code), None, at(0)));
    assert_eq!(body["scope"], "user-top-read");
    let token = body["refresh_token"].as_str().expect("a refresh token").to_owned();
    assert_eq!(granted(post(&mut fake, &refresh(&token), None, at(0)))["scope"], "user-top-read");
}

#[test]
fn recorded_targets_contain_no_codes_tokens_or_states() {
    let (mut fake, token) = logged_in();
    let code = code(&consent_with(&mut fake, &[]));
    get(&mut fake, &format!("a={code}&state=secret&b={token}"));
    let shown = format!("{fake:?}");
    for secret in [code.as_str(), &token, "s%20t", "secret&", CLIENT_SECRET] {
        assert!(!shown.contains(secret), "{secret}");
    }
    assert_eq!(fake.requests().last().map(|seen| seen.target.as_str()), Some("/authorize?a=…&state=…&b=…"));
}
