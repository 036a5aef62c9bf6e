//! Tests that the fake conforms to the OAuth 2 standard, with the crate `oauth2` as an independent client.

use std::cell::RefCell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::LOCATION;
use http::{Request, Response, StatusCode};
use oauth2::basic::{
    BasicClient, BasicErrorResponse, BasicErrorResponseType, BasicRequestTokenError, BasicTokenResponse,
    BasicTokenType,
};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, Scope, TokenResponse, TokenUrl,
};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Consent, Fake, Lost, PUBLIC_CLIENT_ID};

use spotify_proto_testing::loopback::Loopback;

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;
type Failure = BasicRequestTokenError<Lost>;

/// The fake and a clock, as the server for an `oauth2` client.
struct Spotify {
    fake: RefCell<Fake>,
    now: SystemTime,
}

impl Spotify {
    fn new() -> Self {
        Self { fake: RefCell::new(Fake::new()), now: UNIX_EPOCH + Duration::from_secs(1_790_000_000) }
    }

    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Lost> {
        self.fake.borrow_mut().respond(&request, self.now)
    }

    /// Opens the consent page and returns the query parameters of the redirect.
    fn browse(&self, url: &oauth2::url::Url) -> Vec<(String, String)> {
        let request = Request::get(url.as_str()).body(Vec::new()).expect("expected a URL");
        let response = self.send(request).expect("the fake should respond without a scripted failure");
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        let location = response.headers()[LOCATION].to_str().expect("ASCII");
        let location = oauth2::url::Url::parse(location).expect("expected a URL");
        assert_eq!(location.path(), "/callback");
        location.query_pairs().into_owned().collect()
    }

    /// Performs the first steps of a login, up to the authorization code.
    fn code(&self, client: &Client, challenge: Option<PkceCodeChallenge>) -> AuthorizationCode {
        let mut consent = client
            .authorize_url(CsrfToken::new_random)
            .add_scope(Scope::new("user-library-read".to_owned()))
            .add_scope(Scope::new("user-top-read".to_owned()));
        if let Some(challenge) = challenge {
            consent = consent.set_pkce_challenge(challenge);
        }
        let (url, state) = consent.url();
        let returned = self.browse(&url);
        let value = |name: &str| returned.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        assert_eq!(value("state").as_deref(), Some(state.secret().as_str()));
        AuthorizationCode::new(value("code").expect("expected a code"))
    }
}

fn client(id: &str, secret: Option<&str>) -> Client {
    let url = |path: &str| format!("https://accounts.spotify.com{path}");
    let mut client = BasicClient::new(ClientId::new(id.to_owned()));
    if let Some(secret) = secret {
        client = client.set_client_secret(ClientSecret::new(secret.to_owned()));
    }
    client
        .set_auth_uri(AuthUrl::new(url("/authorize")).expect("expected a URL"))
        .set_token_uri(TokenUrl::new(url("/api/token")).expect("expected a URL"))
        .set_redirect_uri(
            RedirectUrl::new("http://127.0.0.1:40123/callback".to_owned()).expect("expected a URL"),
        )
}

#[track_caller]
fn granted(response: Result<BasicTokenResponse, Failure>) -> BasicTokenResponse {
    let response = response.unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(*response.token_type(), BasicTokenType::Bearer);
    assert_eq!(response.expires_in(), Some(Duration::from_secs(3600)));
    response
}

#[track_caller]
fn refused(response: Result<BasicTokenResponse, Failure>) -> BasicErrorResponse {
    match response {
        Err(Failure::ServerResponse(error)) => error,
        other => panic!("expected an error response, got {other:?}"),
    }
}

fn scopes(response: &BasicTokenResponse) -> Vec<&str> {
    response.scopes().expect("scopes").iter().map(|scope| scope.as_str()).collect()
}

#[test]
fn another_client_logs_in_with_pkce() {
    let (spotify, client) = (Spotify::new(), client(PUBLIC_CLIENT_ID, None));
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let code = spotify.code(&client, Some(challenge));
    let exchange = |verifier: PkceCodeVerifier| {
        client.exchange_code(code.clone()).set_pkce_verifier(verifier).request(&|it| spotify.send(it))
    };
    let wrong = PkceCodeChallenge::new_random_sha256().1;
    assert_eq!(*refused(exchange(wrong)).error(), BasicErrorResponseType::InvalidGrant);
    let response = granted(exchange(PkceCodeVerifier::new(verifier.secret().clone())));
    assert_eq!(scopes(&response), ["user-library-read", "user-top-read"]);
    assert!(response.refresh_token().is_some());
    let again = refused(exchange(verifier));
    assert_eq!(again.error_description().map(String::as_str), Some("Invalid authorization code"));
}

#[test]
fn another_client_logs_in_with_a_secret() {
    let (spotify, client) = (Spotify::new(), client(CLIENT_ID, Some(CLIENT_SECRET)));
    let code = spotify.code(&client, None);
    let response = granted(client.exchange_code(code).request(&|it| spotify.send(it)));
    let request = Request::get("https://api.spotify.com/v1/me/tracks")
        .header("authorization", format!("Bearer {}", response.access_token().secret()))
        .body(Vec::new())
        .expect("expected a request");
    assert_eq!(
        spotify.send(request).expect("the fake should respond without a scripted failure").status(),
        StatusCode::OK
    );
}

#[test]
fn another_client_gets_a_token_with_client_credentials() {
    let spotify = Spotify::new();
    let good = client(CLIENT_ID, Some(CLIENT_SECRET));
    let response = granted(good.exchange_client_credentials().request(&|it| spotify.send(it)));
    assert!(response.refresh_token().is_none());
    let bad = client(CLIENT_ID, Some("wrong"));
    let error = refused(bad.exchange_client_credentials().request(&|it| spotify.send(it)));
    assert_eq!(*error.error(), BasicErrorResponseType::InvalidClient);
    assert_eq!(error.error_description().map(String::as_str), Some("Invalid client secret"));
}

#[test]
fn another_client_refreshes_with_and_without_rotation() {
    let (spotify, client) = (Spotify::new(), client(PUBLIC_CLIENT_ID, None));
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let code = spotify.code(&client, Some(challenge));
    let exchange = client.exchange_code(code).set_pkce_verifier(verifier);
    let response = granted(exchange.request(&|it| spotify.send(it)));
    let mut token = response.refresh_token().expect("expected a refresh token").clone();
    let refresh = |token: &RefreshToken| client.exchange_refresh_token(token).request(&|it| spotify.send(it));

    let response = granted(refresh(&token));
    assert!(response.refresh_token().is_none());
    assert_eq!(scopes(&response), ["user-library-read", "user-top-read"]);

    spotify.fake.borrow_mut().rotating(true);
    for _ in 0..3 {
        let response = granted(refresh(&token));
        let old = std::mem::replace(
            &mut token,
            response.refresh_token().expect("expected a new refresh token").clone(),
        );
        let error = refused(refresh(&old));
        assert_eq!(*error.error(), BasicErrorResponseType::InvalidGrant);
        assert_eq!(error.error_description().map(String::as_str), Some("Refresh token revoked"));
    }
}

#[test]
fn another_client_reports_a_denial_as_an_error() {
    let (spotify, client) = (Spotify::new(), client(CLIENT_ID, Some(CLIENT_SECRET)));
    spotify.fake.borrow_mut().consent(Consent::Deny);
    let (url, state) = client.authorize_url(CsrfToken::new_random).url();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(spotify.browse(&url), [pair("error", "access_denied"), pair("state", state.secret())]);
}

/// The client connects to the fake over a socket, as from a different process.
#[test]
fn another_client_logs_in_over_a_socket() {
    let mut fake = Fake::new();
    fake.rotating(true);
    let server = Loopback::start(fake).expect("expected a free port");
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .build()
        .into();
    let send = |request: Request<Vec<u8>>| -> Result<Response<Vec<u8>>, ureq::Error> {
        let (mut head, body) = request.into_parts();
        let target = head.uri.path_and_query().map_or("/", |it| it.as_str());
        head.uri = format!("{}{target}", server.origin()).parse().expect("expected a valid URI");
        let (head, mut body) = agent.run(Request::from_parts(head, body))?.into_parts();
        Ok(Response::from_parts(head, body.read_to_vec()?))
    };
    let client = client(PUBLIC_CLIENT_ID, None);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state) = client.authorize_url(CsrfToken::new_random).set_pkce_challenge(challenge).url();
    let page = send(Request::get(url.as_str()).body(Vec::new()).expect("expected a URL"))
        .expect("the fake should be listening");
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
    let location = page.headers()[LOCATION].to_str().expect("ASCII");
    let returned: Vec<(String, String)> =
        oauth2::url::Url::parse(location).expect("expected a URL").query_pairs().into_owned().collect();
    let value = |name: &str| returned.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    assert_eq!(value("state").as_deref(), Some(state.secret().as_str()));

    let code = AuthorizationCode::new(value("code").expect("expected a code"));
    let first = client.exchange_code(code).set_pkce_verifier(verifier).request(&send).expect("tokens");
    let old = first.refresh_token().expect("expected a refresh token").clone();
    let second = client.exchange_refresh_token(&old).request(&send).expect("tokens");
    assert_ne!(second.refresh_token().expect("expected a rotated refresh token").secret(), old.secret());
    assert!(
        client.exchange_refresh_token(&old).request(&send).is_err(),
        "the rotation revokes the old token"
    );
}
