//! Tests of the fake through [`Fake::respond`].

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER};
use http::{Method, Request, Response, StatusCode};
use serde_json::Value;

use super::*;

pub(super) const NOW: SystemTime = UNIX_EPOCH;

/// A fake and an access token, with shortcuts for sending requests.
pub(super) struct Client {
    pub(super) fake: Fake,
    token: String,
}

impl Client {
    pub(super) fn app() -> Self {
        let mut fake = Fake::new();
        let token = fake.accounts.issue(Caller::App, NOW);
        Self { fake, token }
    }

    pub(super) fn user() -> Self {
        Self::with_scopes(Scope::ALL)
    }

    pub(super) fn with_scopes(scopes: &[Scope]) -> Self {
        let mut fake = Fake::new();
        let token = fake.user_token(scopes, NOW);
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

    pub(super) fn send(&mut self, method: Method, target: &str, body: &[u8]) -> Response<Vec<u8>> {
        let request = self.request(method, target, body);
        self.fake.respond(&request, NOW).expect("the response should not be lost")
    }

    pub(super) fn get(&mut self, target: &str) -> Response<Vec<u8>> {
        self.send(Method::GET, target, b"")
    }

    /// Returns the JSON of a 200 response.
    pub(super) fn json(&mut self, target: &str) -> Value {
        let response = self.get(target);
        assert_eq!(response.status(), StatusCode::OK, "{target}");
        value(&response)
    }
}

pub(super) fn value(response: &Response<Vec<u8>>) -> Value {
    serde_json::from_slice(response.body()).expect("JSON")
}

pub(super) fn header<'a>(response: &'a Response<Vec<u8>>, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().expect("ASCII"))
}

pub(super) fn message(response: &Response<Vec<u8>>) -> String {
    value(response)["error"]["message"].as_str().unwrap_or_default().to_owned()
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

/// Reads all pages of a list. Returns the items and the number of pages.
pub(super) fn walk(client: &mut Client, first: &str) -> (Vec<Value>, usize) {
    let (mut items, mut pages, mut target) = (Vec::new(), 0, first.to_owned());
    loop {
        let mut page = client.json(&target);
        pages += 1;
        assert!(pages < 100, "a list of fewer than 100 pages");
        items.append(page["items"].as_array_mut().expect("items"));
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
fn an_application_can_get_a_token_and_read_an_album() {
    let mut client = Client::app();
    let request = token_request("grant_type=client_credentials", Some(&credentials()));
    let response = client.fake.respond(&request, NOW).expect("the response should not be lost");
    assert_eq!(header(&response, "content-type"), Some("application/json"));
    let token = value(&response);
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
fn the_albums_of_an_artist_span_three_pages() {
    let mut client = Client::app();
    let (albums, pages) = walk(&mut client, &format!("/v1/artists/{}/albums?limit=10", ids::ARTIST));
    assert_eq!((pages, albums.len()), (3, 29));
    let mut ids: Vec<_> = albums.iter().map(|album| album["id"].as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), albums.len());
}

#[test]
fn a_request_with_a_current_entity_tag_gets_a_304_until_the_data_changes() {
    let mut client = Client::app();
    let target = format!("/v1/albums/{}", ids::ALBUM);
    let tag = client.get(&target).headers()[ETAG].clone();
    for known in [tag.to_str().expect("ASCII"), "*", &format!("\"x\", W/{}", tag.to_str().expect("ASCII"))] {
        let mut request = client.request(Method::GET, &target, b"");
        request.headers_mut().insert(IF_NONE_MATCH, known.parse().expect("a header"));
        let response = client.fake.respond(&request, NOW).expect("the response should not be lost");
        assert_eq!((response.status(), response.body().len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(header(&response, "cache-control"), Some("public, max-age=0"));
    }
    assert_eq!(client.fake.stats().not_modified, 3);
    client.fake.rename_album(ids::ALBUM, "Letters to the Ebb");
    let mut request = client.request(Method::GET, &target, b"");
    request.headers_mut().insert(IF_NONE_MATCH, tag);
    let response = client.fake.respond(&request, NOW).expect("the response should not be lost");
    assert_eq!(response.status(), StatusCode::OK);
}

#[test]
fn each_fault_is_applied_once_in_order() {
    let mut client = Client::app();
    client.fake.script([
        InjectedFault::rate_limited(7).into(),
        InjectedFault::Status(StatusCode::BAD_GATEWAY).at("/api/token"),
        InjectedFault::BadGatewayHtml.into(),
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
fn ids_are_validated_before_the_lookup() {
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
fn the_limit_for_the_albums_of_an_artist_is_at_most_ten() {
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
    let expired = client.fake.respond(&request, later).expect("the response should not be lost");
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

#[test]
fn errors_of_the_accounts_service_have_descriptions() {
    let mut fake = Fake::new();
    let (good, bad) = (credentials(), format!("{CLIENT_ID}:wrong"));
    for (form, basic, body) in [
        ("grant_type=client_credentials", None, r#"{"error":"invalid_client"}"#),
        (
            "grant_type=client_credentials",
            Some("nobody:x"),
            r#"{"error":"invalid_client","error_description":"Invalid client"}"#,
        ),
        (
            "grant_type=client_credentials",
            Some(bad.as_str()),
            r#"{"error":"invalid_client","error_description":"Invalid client secret"}"#,
        ),
        (
            "",
            Some(good.as_str()),
            r#"{"error":"unsupported_grant_type","error_description":"grant_type parameter is missing"}"#,
        ),
        (
            "grant_type=client_credentials+",
            Some(good.as_str()),
            r#"{"error":"unsupported_grant_type","error_description":"grant_type client_credentials  is not supported"}"#,
        ),
    ] {
        let mut request = token_request(form, basic);
        request.headers_mut().insert(CONTENT_LENGTH, form.len().into());
        let response = fake.respond(&request, NOW).expect("the response should not be lost");
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert_eq!(String::from_utf8_lossy(response.body()), body);
    }
    let mut json = token_request(r#"{"grant_type":"client_credentials"}"#, Some(&good));
    json.headers_mut().insert(CONTENT_TYPE, "application/json".parse().expect("a header"));
    let response = fake.respond(&json, NOW).expect("the response should not be lost");
    assert!(String::from_utf8_lossy(response.body()).contains("grant_type parameter is missing"));
    assert_eq!(fake.tokens_issued(), 0);
}

#[test]
fn missing_authorization_is_reported_with_spotifys_messages() {
    let mut client = Client::app();
    let target = format!("/v1/albums/{}", ids::ALBUM);
    for (authorization, status, challenge) in [
        (None, StatusCode::UNAUTHORIZED, Some("missing_token")),
        (Some("Bearer BQnonsense"), StatusCode::UNAUTHORIZED, Some("Invalid access token")),
        (Some("Token x"), StatusCode::BAD_REQUEST, None),
    ] {
        let mut request = client.request(Method::GET, &target, b"");
        request.headers_mut().remove(AUTHORIZATION);
        if let Some(authorization) = authorization {
            request.headers_mut().insert(AUTHORIZATION, authorization.parse().expect("a header"));
        }
        let response = client.fake.respond(&request, NOW).expect("the response should not be lost");
        assert_eq!(response.status(), status);
        match challenge {
            Some(challenge) => {
                assert!(header(&response, "www-authenticate").is_some_and(|it| it.contains(challenge)));
                assert_eq!(header(&response, "content-type"), Some("application/json"));
            }
            None => assert_eq!(message(&response), "Only valid bearer authentication supported"),
        }
    }
    assert_eq!(message(&client.get("/v1/me")), "Valid user authentication required");
    let mut client = Client::with_scopes(&[Scope::UserLibraryModify]);
    assert_eq!(message(&client.get("/v1/me/tracks")), "Insufficient client scope");
}

#[test]
fn requests_are_routed_by_method_and_path() {
    let mut client = Client::user();
    for (method, target, status) in [
        (Method::GET, "/v1/nothing/here", StatusCode::NOT_FOUND),
        (Method::GET, "/", StatusCode::NOT_FOUND),
        (Method::POST, "/v1/search", StatusCode::METHOD_NOT_ALLOWED),
        (Method::GET, "/v1/albums?ids=x", StatusCode::FORBIDDEN),
        (Method::PUT, "/v1/me/tracks?ids=x", StatusCode::FORBIDDEN),
        (Method::GET, "/authorize?client_id=x", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(client.send(method, target, b"").status(), status, "{target}");
    }
    let mut request = client.request(Method::POST, "/v1/me/player/next", b"");
    request.headers_mut().remove(CONTENT_LENGTH);
    let response = client.fake.respond(&request, NOW).expect("the response should not be lost");
    assert_eq!(response.status(), StatusCode::LENGTH_REQUIRED);
    assert!(header(&response, "content-type").is_some_and(|it| it.starts_with("text/html")));
}

#[test]
fn a_request_takes_effect_if_its_response_is_lost_but_not_if_the_request_is_lost() {
    let mut client = Client::user();
    let before = client.fake.saved_tracks().count();
    let id = client.fake.catalogue.tracks[1].id.clone();
    let request = client.request(Method::PUT, &format!("/v1/me/library?uris=spotify:track:{id}"), b"");
    client.fake.script([InjectedFault::LostBefore, InjectedFault::LostAfter]);
    assert_eq!(client.fake.respond(&request, NOW).map(|it| it.status()), Err(Lost));
    assert_eq!(client.fake.saved_tracks().count(), before);
    assert_eq!(client.fake.respond(&request, NOW).map(|it| it.status()), Err(Lost));
    assert_eq!(client.fake.saved_tracks().count(), before + 1);
    assert!(client.fake.requests().iter().all(|seen| seen.status.is_none()));
}

#[test]
fn a_token_that_expired_early_remains_invalid() {
    let mut client = Client::user();
    client.fake.script([InjectedFault::ExpiredToken]);
    for _ in 0..2 {
        let response = client.get("/v1/me");
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert!(header(&response, "www-authenticate").is_some_and(|it| it.contains("expired")));
    }
    client.token = client.fake.user_token(&[], NOW);
    assert_eq!(client.get("/v1/me").status(), StatusCode::OK);
}

#[test]
fn debug_output_contains_no_secrets() {
    let mut client = Client::user();
    client.get(&format!("/v1/me?access_token={}", client.token.clone()));
    client.fake.script([InjectedFault::Raw(Response::new(client.token.clone().into_bytes()))]);
    let shown = format!("{:?} {:?}", client.fake, client.fake.requests());
    assert!(!shown.contains(&client.token) && !shown.contains(CLIENT_SECRET));
    let bytes = format!("{:?}", client.token.as_bytes());
    assert!(!shown.contains(bytes.trim_matches(['[', ']'])));
}

#[test]
fn the_same_requests_get_the_same_responses() {
    let run = || {
        let mut client = Client::user();
        let targets = ["/v1/me", "/v1/me/playlists", "/v1/me/player", "/v1/search?q=a&type=track"];
        targets.map(|target| format!("{:?}", client.get(target)))
    };
    assert_eq!(run(), run());
}

#[test]
fn all_ids_are_valid_and_distinct() {
    let fake = Fake::new();
    let catalogue = &fake.catalogue;
    let mut all: Vec<&str> = catalogue.artists.iter().map(|it| it.id.as_str()).collect();
    all.extend(catalogue.albums.iter().map(|it| it.id.as_str()));
    all.extend(catalogue.tracks.iter().map(|it| it.id.as_str()));
    all.extend(catalogue.shows.iter().map(|it| it.id.as_str()));
    all.extend(catalogue.episodes.iter().map(|it| it.id.as_str()));
    all.extend(catalogue.audiobooks.iter().map(|it| it.id.as_str()));
    all.extend(catalogue.chapters.iter().map(|it| it.id.as_str()));
    all.extend(fake.playlists.0.iter().map(|it| it.id.as_str()));
    all.push(ids::UNKNOWN);
    let count = all.len();
    assert!(all.iter().all(|id| api_request::base62(id).is_ok()));
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn random_requests_never_panic() {
    const PARTS: &[&str] = &[
        "v1",
        "albums",
        "artists",
        "tracks",
        "me",
        "player",
        "playlists",
        "items",
        "library",
        "images",
        "search",
        "top",
        "%",
        "%ff",
        "..",
        "",
        "é",
        ids::ALBUM,
        ids::PLAYLIST,
        ids::PRIVATE_PLAYLIST,
        ids::SHOW,
        "contains",
        "recently-played",
        "queue",
        "play",
        "seek",
        "volume",
        "following",
        "api",
        "token",
        "shows",
        "episodes",
    ];
    const QUERY: &[&str] = &[
        "",
        "limit=0",
        "limit=18446744073709551616",
        "offset=18446744073709551615",
        "offset=-1",
        "market=XX",
        "uris=",
        "uris=spotify:track:",
        "uris=,,,",
        "q=%22",
        "q=:",
        "type=artist",
        "type=album,,track",
        "after=9223372036854775807",
        "before=-9223372036854775808",
        "after=0",
        "fields=((((a.b.c",
        "fields=!,!)",
        "&&==&",
        "%zz=%",
        "position=18446744073709551615",
        "position_ms=18446744073709551615",
        "volume_percent=101",
        "state=track",
        "device_id=x",
        "include_groups=single,x",
        "additional_types=episode",
        "limit=10",
        "offset=3",
    ];
    const BODIES: &[&str] = &[
        "",
        "{}",
        "[]",
        "null",
        "\"",
        "{\"uris\":[1]}",
        "{\"uris\":[]}",
        "{\"range_start\":0,\"insert_before\":0}",
        "{\"range_start\":18446744073709551615,\"range_length\":18446744073709551615,\"insert_before\":1}",
        "{\"range_start\":2,\"range_length\":1,\"insert_before\":1}",
        "{\"items\":[{}]}",
        "{\"offset\":{\"position\":-1}}",
        "{\"position\":1e99,\"uris\":[]}",
        "{\"device_ids\":[1]}",
        "grant_type=client_credentials",
        "\u{0}\u{ff}",
        "{\"snapshot_id\":\"AAAA\",\"items\":[{\"uri\":\"\"}]}",
        "{\"position_ms\":18446744073709551615,\"uris\":[\"a\"]}",
    ];
    let mut chance = data::pseudo_random("random requests", 0);
    let mut any = |list: &[&'static str]| {
        let n = chance.next().map_or(0, usize::from);
        data::pick(list, n)
    };
    let times = [
        NOW,
        NOW - Duration::from_secs(1),
        NOW + Duration::from_secs(u64::MAX / 4),
        NOW + Duration::from_secs(9),
    ];
    let mut client = Client::user();
    for round in 0..4000_usize {
        // Reset the fake regularly, so that there are objects to change.
        if round % 500 == 0 {
            client = Client::user();
            client.fake.extended(round % 1000 == 0);
        }
        let method = any(&["GET", "PUT", "POST", "DELETE", "HEAD", "BREW"]);
        let depth = round % 6;
        let path: String =
            (0..depth).map(|at| format!("/{}", if at == 0 { "v1" } else { any(PARTS) })).collect();
        let target = format!("/{}?{}&{}", path.trim_start_matches('/'), any(QUERY), any(QUERY));
        let Ok(mut request) =
            Request::builder().method(method).uri(target).body(any(BODIES).as_bytes().to_vec())
        else {
            continue;
        };
        let authorization = match round % 7 {
            0 => None,
            1 => Some("Bearer".to_owned()),
            _ => Some(format!("Bearer {}", client.token)),
        };
        if let Some(value) = authorization {
            request.headers_mut().insert(AUTHORIZATION, value.parse().expect("a header"));
        }
        request.headers_mut().insert(CONTENT_LENGTH, 0.into());
        request
            .headers_mut()
            .insert(IF_NONE_MATCH, any(&["", "\"", "W/", ",,", "\"MC-x\""]).parse().expect("a header"));
        let now = times.get(round % 4).copied().unwrap_or(NOW);
        assert!(client.fake.respond(&request, now).is_ok());
        client.fake.user_token(Scope::ALL, now);
    }
    assert!(client.fake.requests().len() > 300);
}
