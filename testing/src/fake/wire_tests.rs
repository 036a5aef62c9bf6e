//! Tests of the fake with requests from real clients and observed behaviour of the service.

use http::header::WWW_AUTHENTICATE;
use http::{Method, Request, StatusCode};
use serde_json::json;

use super::tests::{Client, NOW, header, message, value};
use super::{Fake, InjectedFault, Scripted, ids};

fn tracks() -> String {
    format!("/v1/playlists/{}/items", ids::PRIVATE_PLAYLIST)
}

#[test]
fn a_trailing_slash_in_a_path_has_no_effect() {
    let mut client = Client::user();
    for path in ["/v1/me", "/v1/me/tracks", "/v1/search"] {
        let query = if path == "/v1/search" { "?q=a&type=track" } else { "" };
        let with_slash = client.get(&format!("{path}/{query}"));
        assert_eq!(with_slash.body(), client.get(&format!("{path}{query}")).body(), "{path}");
        assert_eq!(with_slash.status(), StatusCode::OK, "{path}");
    }
    assert_eq!(client.get("/v1/me//").status(), StatusCode::NOT_FOUND);
}

#[test]
fn items_can_be_added_to_a_playlist_as_a_plain_list_of_uris() {
    let mut client = Client::user();
    let uri = format!("spotify:track:{}", ids::TRACK);
    let added = client.send(Method::POST, &tracks(), json!([uri, uri]).to_string().as_bytes());
    assert_eq!(added.status(), StatusCode::CREATED);
    let items: Vec<_> = client.fake.playlist_items(ids::PRIVATE_PLAYLIST).flatten().collect();
    assert_eq!(items.get(3..), Some(&[uri.clone(), uri][..]));
    // The details of a playlist must be sent as an object.
    let path = format!("/v1/playlists/{}", ids::PRIVATE_PLAYLIST);
    assert_eq!(message(&client.send(Method::PUT, &path, b"[]")), "Malformed json");
}

#[test]
fn a_preflight_request_needs_no_token_and_consumes_no_fault() {
    let mut fake = Fake::new();
    fake.script([InjectedFault::Status(StatusCode::BAD_GATEWAY)]);
    let request = Request::options("http://127.0.0.1/v1/me/player/play")
        .header("origin", "http://127.0.0.1:3000")
        .header("access-control-request-method", "PUT")
        .body(Vec::new())
        .expect("a valid request");
    let response = fake.respond(&request, NOW).expect("the response should not be lost");
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(header(&response, "access-control-allow-origin"), Some("*"));
    assert!(header(&response, "access-control-allow-methods").is_some_and(|methods| methods.contains("PUT")));
    assert!(
        header(&response, "access-control-allow-headers")
            .is_some_and(|names| names.contains("Authorization"))
    );
    assert_eq!(fake.scripted(), 1);
}

#[test]
fn artists_can_be_saved_to_the_library() {
    let mut client = Client::user();
    let artist = client.fake.catalogue.artists.last().map(|artist| artist.id.clone()).expect("an artist");
    let path = format!("/v1/me/library?uris=spotify:artist:{artist}");
    for (method, follows) in [(Method::PUT, true), (Method::DELETE, false)] {
        assert_eq!(client.send(method, &path, b"").status(), StatusCode::OK);
        let contains = format!("/v1/me/library/contains?uris=spotify:artist:{artist}");
        assert_eq!(client.json(&contains), json!([follows]));
    }
    assert_eq!(client.get("/v1/me/library").status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[test]
fn playlists_in_lists_have_items_and_tracks_in_both_quota_modes() {
    let mut client = Client::user();
    for is_extended in [false, true] {
        client.fake.extended(is_extended);
        let lists = client.json("/v1/me/playlists");
        for name in ["items", "tracks"] {
            assert_eq!(lists["items"][0][name]["total"], 117, "{name}");
        }
    }
}

#[test]
fn a_local_file_has_a_popularity_only_in_extended_quota_mode() {
    let mut client = Client::user();
    let path = format!("/v1/playlists/{}/items?limit=5", ids::PLAYLIST);
    assert_eq!(client.json(&path)["items"][4]["item"].get("popularity"), None);
    client.fake.extended(true);
    assert_eq!(client.json(&path)["items"][4]["item"]["popularity"], 0);
}

#[test]
fn a_boolean_of_the_wrong_type_is_accepted_and_ignored() {
    let mut client = Client::user();
    let path = format!("/v1/playlists/{}", ids::PLAYLIST);
    let changed = client.send(Method::PUT, &path, br#"{"name": "Shore", "public": "yees"}"#);
    assert_eq!(changed.status(), StatusCode::OK);
    let playlist = client.json(&path);
    assert_eq!((&playlist["name"], &playlist["public"]), (&json!("Shore"), &json!(true)));
}

#[test]
fn playlists_stay_public_if_public_false_is_ignored() {
    let mut client = Client::user();
    client.fake.playlists_stay_public(true);
    let created = client.send(Method::POST, "/v1/me/playlists", br#"{"name": "Ferry", "public": false}"#);
    assert_eq!((created.status(), &value(&created)["public"]), (StatusCode::CREATED, &json!(true)));
    let path = format!("/v1/playlists/{}", ids::PLAYLIST);
    assert_eq!(client.send(Method::PUT, &path, br#"{"public": false}"#).status(), StatusCode::OK);
    assert_eq!(client.json(&path)["public"], true);
    client.fake.playlists_stay_public(false);
    client.send(Method::PUT, &path, br#"{"public": false}"#);
    assert_eq!(client.json(&path)["public"], false);
}

#[test]
fn a_token_stays_valid_after_an_unrelated_401() {
    for (fault, text) in [
        (InjectedFault::SpuriousUnauthorized, "Access token missing"),
        (InjectedFault::PermissionsMissing, "Permissions missing"),
    ] {
        let mut client = Client::user();
        client.fake.script([fault.at("/v1/me/player")]);
        assert_eq!(client.get("/v1/me").status(), StatusCode::OK);
        let refused = client.get("/v1/me/player");
        assert_eq!((refused.status(), message(&refused).as_str()), (StatusCode::UNAUTHORIZED, text));
        assert!(refused.headers().get(WWW_AUTHENTICATE).is_none());
        assert_eq!(client.get("/v1/me/player").status(), StatusCode::OK);
    }
}

#[test]
fn a_series_of_429_responses_ends_after_the_given_number() {
    let mut client = Client::user();
    client.fake.script([InjectedFault::rate_limited_with(None).times(3)]);
    assert_eq!(client.fake.scripted(), 3);
    for _ in 0..3 {
        let limited = client.get("/v1/me");
        assert_eq!(
            (limited.status(), header(&limited, "retry-after")),
            (StatusCode::TOO_MANY_REQUESTS, None)
        );
    }
    assert_eq!(client.get("/v1/me").status(), StatusCode::OK);
}

#[test]
fn an_error_message_of_the_api_can_be_scripted() {
    let mut client = Client::user();
    client.fake.script([InjectedFault::error(StatusCode::BAD_REQUEST, "invalid id").at("/v1/me/player")]);
    let refused = client.get("/v1/me/player");
    assert_eq!((refused.status(), message(&refused).as_str()), (StatusCode::BAD_REQUEST, "invalid id"));
}

#[test]
fn prefixes_that_match_no_path_are_detected() {
    for prefix in
        ["", "/", "/v1/", "/v1/me", "/v1/me/", "/v1/albums/anything", "/v1/me/player/dev", "/api/token"]
    {
        Fake::new().script([InjectedFault::LostBefore.at(prefix)]);
    }
    for prefix in
        ["v1", "/v2", "/v1/albms", "/v1/me/players", "/v1/albums/x/tracks/y", "/api/tokens", "/v1/me//"]
    {
        let scripted: Scripted = InjectedFault::LostBefore.at(prefix);
        assert!(scripted.problem().is_some(), "{prefix}");
    }
}

#[test]
#[should_panic(expected = "no path of the fake begins with \"/v1/albms\"")]
fn a_fault_for_a_nonexistent_path_is_refused() {
    Fake::new().script([InjectedFault::LostBefore.at("/v1/albms")]);
}

#[test]
#[should_panic(expected = "the catalogue has no album \"none\"")]
fn an_unknown_album_cannot_be_renamed() {
    Fake::new().rename_album("none", "Other");
}

#[test]
#[should_panic(expected = "there is no playlist \"none\"")]
fn the_items_of_an_unknown_playlist_cannot_be_read() {
    drop(Fake::new().playlist_items("none"));
}

#[test]
#[should_panic(expected = "plain http is only allowed on 127.0.0.1")]
fn a_redirect_uri_that_spotify_refuses_cannot_be_registered() {
    Fake::new().register("http://app.example/callback");
}
