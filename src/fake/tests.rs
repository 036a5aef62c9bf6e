//! The fake through its front door.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER};
use http::{Method, Request, Response, StatusCode};
use serde_json::Value;

use super::*;

const NOW: SystemTime = UNIX_EPOCH;

/// A fake, a token, and short ways to ask.
struct Client {
    fake: Fake,
    token: String,
}

impl Client {
    fn app() -> Self {
        let mut fake = Fake::new();
        let token = fake.accounts.issue(Who::App, NOW);
        Self { fake, token }
    }

    fn user() -> Self {
        let mut fake = Fake::new();
        let token = fake.user_token(Scope::ALL, NOW);
        Self { fake, token }
    }

    fn request(&self, method: Method, target: &str, body: &[u8]) -> Request<Vec<u8>> {
        Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:8080{target}"))
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(CONTENT_LENGTH, body.len())
            .body(body.to_vec())
            .expect("a valid request")
    }

    fn send(&mut self, method: Method, target: &str, body: &[u8]) -> Response<Vec<u8>> {
        let request = self.request(method, target, body);
        self.fake.respond(&request, NOW).expect("nothing is scripted")
    }

    fn get(&mut self, target: &str) -> Response<Vec<u8>> {
        self.send(Method::GET, target, b"")
    }

    /// The JSON of a 200.
    fn json(&mut self, target: &str) -> Value {
        let response = self.get(target);
        assert_eq!(response.status(), StatusCode::OK, "{target}");
        json(&response)
    }
}

fn json(response: &Response<Vec<u8>>) -> Value {
    serde_json::from_slice(response.body()).expect("JSON")
}

fn header<'a>(response: &'a Response<Vec<u8>>, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().expect("ASCII"))
}

fn message(response: &Response<Vec<u8>>) -> String {
    json(response)["error"]["message"].as_str().unwrap_or_default().to_owned()
}

fn token_request(form: &str, basic: Option<&str>) -> Request<Vec<u8>> {
    let mut request = Request::post("https://accounts.spotify.com/api/token")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(basic) = basic {
        use base64::Engine as _;
        let encoded = base64::engine::general_purpose::STANDARD.encode(basic);
        request = request.header(AUTHORIZATION, format!("Basic {encoded}"));
    }
    request.body(form.as_bytes().to_vec()).expect("a valid request")
}

fn credentials() -> String {
    format!("{CLIENT_ID}:{CLIENT_SECRET}")
}

/// Follows a list to its end.
fn walk(client: &mut Client, first: &str) -> (Vec<Value>, usize) {
    let (mut items, mut pages, mut target) = (Vec::new(), 0, first.to_owned());
    loop {
        let mut page = client.json(&target);
        pages += 1;
        assert!(pages < 100, "the list ends");
        items.extend(page["items"].as_array_mut().expect("items").drain(..));
        match page["next"].as_str() {
            Some(next) => {
                target = next.strip_prefix("https://api.spotify.com").expect("absolute").to_owned();
            }
            None => {
                assert_eq!(page["total"], items.len());
                return (items, pages);
            }
        }
    }
}

#[test]
fn an_application_gets_a_token_and_reads_an_album() {
    let mut client = Client::app();
    let request = token_request("grant_type=client_credentials", Some(&credentials()));
    let response = client.fake.respond(&request, NOW).expect("nothing is scripted");
    assert_eq!(header(&response, "content-type"), Some("application/json"));
    let token = json(&response);
    assert_eq!(
        (&token["token_type"], &token["expires_in"], &token["scope"]),
        (&"Bearer".into(), &3600.into(), &"".into())
    );
    client.token = token["access_token"].as_str().expect("a token").to_owned();
    assert!(client.token.starts_with("BQ") && client.token.len() == 82);
    let album = client.json(&format!("/v1/albums/{}", ids::ALBUM));
    assert_eq!(album["name"], "Letters to the Tide");
    assert_eq!(album["tracks"]["total"], 11);
}

#[test]
fn an_artists_albums_come_in_three_pages() {
    let mut client = Client::app();
    let (albums, pages) = walk(&mut client, &format!("/v1/artists/{}/albums?limit=10", ids::ARTIST));
    assert_eq!(pages, 3);
    let mut ids: Vec<_> = albums.iter().map(|album| album["id"].as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), albums.len());
}

#[test]
fn a_known_tag_is_answered_without_a_body_until_the_data_change() {
    let mut client = Client::app();
    let target = format!("/v1/albums/{}", ids::ALBUM);
    let tag = client.get(&target).headers()[ETAG].clone();
    for known in [tag.to_str().expect("ASCII"), "*", &format!("\"x\", W/{}", tag.to_str().expect("ASCII"))] {
        let mut request = client.request(Method::GET, &target, b"");
        request.headers_mut().insert(IF_NONE_MATCH, known.parse().expect("a header"));
        let response = client.fake.respond(&request, NOW).expect("nothing is scripted");
        assert_eq!((response.status(), response.body().len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(header(&response, "cache-control"), Some("public, max-age=0"));
    }
    assert_eq!(client.fake.stats().not_modified, 3);
    client.fake.rename_album(ids::ALBUM, "Letters to the Ebb");
    let mut request = client.request(Method::GET, &target, b"");
    request.headers_mut().insert(IF_NONE_MATCH, tag);
    let response = client.fake.respond(&request, NOW).expect("nothing is scripted");
    assert_eq!(response.status(), StatusCode::OK);
}

#[test]
fn faults_come_once_and_in_order() {
    let mut client = Client::app();
    client.fake.script([
        Fault::rate_limited(7).into(),
        Fault::Status(StatusCode::BAD_GATEWAY).at("/api/token"),
        Fault::BadGatewayHtml.into(),
    ]);
    let target = format!("/v1/albums/{}", ids::ALBUM);
    let limited = client.get(&target);
    assert_eq!(limited.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(limited.headers()[RETRY_AFTER], "7");
    assert_eq!(message(&limited), "API rate limit exceeded");
    assert_eq!((header(&limited, "content-type"), header(&limited, "cache-control")), (None, None));
    assert_eq!(client.get(&target).status(), StatusCode::BAD_GATEWAY);
    assert_eq!(client.get(&target).status(), StatusCode::OK);
    assert_eq!(client.fake.scripted(), 1);
}

#[test]
fn ids_are_checked_before_they_are_looked_up() {
    let mut client = Client::app();
    for (id, status, text) in [
        ("short", StatusCode::BAD_REQUEST, "Invalid base62 id"),
        ("2Lw5mHsTq0bXv8RzKd4Nc-", StatusCode::BAD_REQUEST, "Invalid base62 id"),
        (ids::UNKNOWN, StatusCode::NOT_FOUND, "Resource not found"),
    ] {
        let response = client.get(&format!("/v1/albums/{id}"));
        assert_eq!((response.status(), message(&response).as_str()), (status, text));
    }
}

#[test]
fn a_limit_above_ten_is_refused_for_an_artists_albums() {
    let mut client = Client::app();
    let target = format!("/v1/artists/{}/albums?limit=11", ids::ARTIST);
    assert_eq!(message(&client.get(&target)), "Invalid limit");
    client.fake.extended(true);
    assert_eq!(client.get(&target).status(), StatusCode::OK);
}

#[test]
fn tokens_expire_and_can_be_revoked() {
    let mut client = Client::app();
    let target = format!("/v1/tracks/{}", ids::TRACK);
    let request = client.request(Method::GET, &target, b"");
    let later = NOW + Duration::from_secs(3600);
    let expired = client.fake.respond(&request, later).expect("nothing is scripted");
    assert_eq!(expired.status(), StatusCode::UNAUTHORIZED);
    assert!(header(&expired, "www-authenticate").is_some_and(|it| it.contains("The access token expired")));
    assert_eq!(message(&expired), "Missing/invalid/expired access token");
    assert_eq!(client.get(&target).status(), StatusCode::OK);
    client.fake.revoke_access_tokens();
    assert!(
        header(&client.get(&target), "www-authenticate")
            .is_some_and(|it| it.contains("Invalid access token"))
    );
}
