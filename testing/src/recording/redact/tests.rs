use serde_json::{Value, json};

use super::super::{Recorder, parse_exchange};
use super::*;

const ID: &str = "4aawyAB9vmqN3uQ7FjRGTy";

/// Records a response and returns its redacted body.
fn recorded(uri: &str, body: &Value) -> Value {
    recorded_with(Recorder::new(), uri, body)
}

fn recorded_with(mut recorder: Recorder, uri: &str, body: &Value) -> Value {
    let request = Request::get(uri).body("").expect("a request");
    recorder.record(&request, &Response::new(body.to_string()));
    let file = recorder.files().remove(0);
    let exchange = parse_exchange(&file.bytes).expect("an exchange");
    serde_json::from_slice(exchange.response.body()).expect("JSON")
}

fn get(uri: &str) -> String {
    let mut recorder = Recorder::new();
    recorder.record(&Request::get(uri).body("").expect("a request"), &Response::new(""));
    let file = recorder.files().remove(0);
    parse_exchange(&file.bytes).expect("an exchange").request.uri().to_string()
}

#[test]
fn a_catalogue_object_is_retained() {
    let album = json!({
        "album_type": "single", "total_tracks": 1, "available_markets": ["SE", "DE"], "id": ID, "type": "album",
        "external_urls": {"spotify": format!("https://open.spotify.com/album/{ID}")},
        "href": format!("https://api.spotify.com/v1/albums/{ID}"), "uri": format!("spotify:album:{ID}"),
        "images": [{"url": "https://i.scdn.co/image/ab67616d00001e02ff9ca10b55ce82ae553c8228", "height": 300}],
        "name": "Night Ferry", "release_date": "1981-12-15", "release_date_precision": "day", "popularity": 0.5,
        "artists": [{"type": "artist", "name": "Anna", "id": ID, "uri": format!("spotify:artist:{ID}"), "genres": ["x"]}],
        "tracks": {
            "href": format!("https://api.spotify.com/v1/albums/{ID}/tracks?offset=0&limit=50"), "next": null,
            "items": [{"type": "track", "name": "One", "is_local": false, "external_ids": {"isrc": "SEAYE0601498"}}],
        },
        "copyrights": [{"text": "Ferry Lights", "type": "C"}], "label": "Harbour",
    });
    assert_eq!(recorded("https://api.spotify.com/v1/albums/x", &album), album);
}

#[test]
fn everything_outside_the_catalogue_is_replaced() {
    let playlist = json!({
        "type": "playlist", "id": ID, "name": "For Anna", "description": "d", "snapshot_id": "s", "public": true,
        "uri": format!("spotify:playlist:{ID}"), "href": format!("https://api.spotify.com/v1/playlists/{ID}?x=1"),
        "owner": {"type": "user", "id": "anna7", "uri": "spotify:user:anna7", "display_name": "Anna"},
        "tracks": {"total": 1, "items": [{
            "added_at": "2019-12-08T21:14:30Z", "added_by": {"id": "anna7"}, "note": "call me",
            "track": {"type": "track", "name": "One", "uri": format!("spotify:track:{ID}"), "email": "a@b.example"},
        }, {
            "is_local": true,
            "track": {
                "type": "track", "is_local": true, "name": "My song", "uri": "spotify:local:Me::My+song:161",
                "artists": [{"type": "artist", "name": "Me"}],
            },
        }]},
    });
    let id = "redacted00000000000001";
    let expected = json!({
        "type": "playlist", "id": id, "name": "redacted-2", "description": "redacted-3", "snapshot_id": "redacted-4",
        "public": true, "uri": format!("spotify:playlist:{id}"),
        "href": format!("https://api.spotify.com/v1/playlists/{id}?redacted-5=redacted-6"),
        "owner": {"type": "user", "id": "redacted-7", "uri": "spotify:user:redacted-7", "display_name": "redacted-8"},
        "tracks": {"total": 1, "items": [{
            "added_at": "2019-12-08T21:14:30Z", "added_by": {"id": "redacted-7"}, "redacted-10": "redacted-9",
            "track": {
                "type": "track", "name": "One", "uri": format!("spotify:track:{ID}"),
                "email": "redacted-11@redacted.invalid",
            },
        }, {
            "is_local": true,
            "track": {
                "type": "track", "is_local": true, "name": "redacted-12",
                "uri": "spotify:local:redacted-13::redacted-14:redacted-15",
                "artists": [{"type": "artist", "name": "redacted-13"}],
            },
        }]},
    });
    // `json!` sorts keys, so the placeholders are numbered in alphabetical order. Compare the output without the
    // numbers.
    let found = recorded("https://api.spotify.com/v1/playlists/x", &playlist).to_string();
    let shape = |text: &str| -> Vec<String> {
        let parts = text
            .split("redacted")
            .map(|part| part.trim_start_matches(|c: char| c == '-' || c.is_ascii_digit()));
        parts.map(str::to_owned).collect()
    };
    assert_eq!(shape(&found), shape(&expected.to_string()));
    assert!(!found.contains("nna") && !found.contains("My") && found.contains("\"name\":\"One\""), "{found}");
}

#[test]
fn a_profile_never_belongs_to_the_catalogue() {
    let artist = json!({"type": "artist", "name": "Anna", "id": ID, "uri": format!("spotify:artist:{ID}")});
    for uri in
        ["https://api.spotify.com/v1/me", "/v1/me/", "https://h.example/proxy/v1/users/x", "/v1/users/x/"]
    {
        let found = recorded(uri, &artist).to_string();
        assert!(!found.contains("Anna") && !found.contains(ID), "{uri}: {found}");
    }
    for wrapper in ["owner", "added_by", "device", "user", "nickname"] {
        let found = recorded("/v1/albums", &json!({wrapper: artist})).to_string();
        assert!(!found.contains("Anna") && !found.contains(ID), "{wrapper}: {found}");
    }
    assert_eq!(
        recorded("/v1/search", &json!({"artists": {"items": [artist]}}))["artists"]["items"][0],
        artist
    );
}

#[test]
fn categories_and_genres_are_retained_in_responses_to_their_operations() {
    let id = "0JQ5DAqbMKFQ00XGBls6ym";
    let category = json!({"href": format!("https://api.spotify.com/v1/browse/categories/{id}"), "id": id, "name": "Pop"});
    let list = json!({"categories": {"items": [category]}});
    assert_eq!(recorded("/v1/browse/categories?limit=1", &list), list);
    assert_eq!(recorded(&format!("/v1/browse/categories/{id}"), &category), category);
    assert!(!recorded("/v1/browse/categories/x/playlists", &list).to_string().contains("Pop"));
    assert!(!recorded("/v1/me/x", &list).to_string().contains("Pop"));
    let genres = json!({"genres": ["afrobeat"]});
    assert_eq!(recorded("/v1/recommendations/available-genre-seeds", &genres), genres);
    assert!(!recorded("/v1/me/x", &genres).to_string().contains("afro"));
}

#[test]
fn numbers_are_retained_under_numeric_keys() {
    let body =
        json!({"total": 4_670_123_456_u64, "energy": 0.25, "pin": 482_913, "x": 161, "id": 1_187_654_321});
    let found = recorded("/v1/x", &body);
    assert_eq!((&found["total"], &found["energy"]), (&body["total"], &body["energy"]));
    let text = found.to_string();
    assert!(!text.contains("482913") && !text.contains("1187654321") && text.contains(":161"), "{text}");
}

#[test]
fn known_segments_and_parameters_are_retained_in_targets() {
    for uri in [
        format!("https://api.spotify.com/v1/albums/{ID}/tracks?market=SE&limit=10&offset=20"),
        format!("https://api.spotify.com/v1/tracks?ids={ID},{ID}"),
        "http://127.0.0.1:8080/v1/me/top/artists?time_range=short_term".to_owned(),
        format!("https://api.spotify.com/v1/me/player/queue?uri=spotify%3Atrack:{ID}"),
    ] {
        assert_eq!(get(&uri), uri);
    }
    for (uri, expected) in [
        ("/v1/search?q=my+secret&type=album,track", "/v1/search?q=redacted-1&type=album,track"),
        ("/v1/users/anna7/playlists", "/v1/users/redacted-1/playlists"),
        ("/v1/users/me", "/v1/users/redacted-1"),
        ("/anna7/v1", "/redacted-1/v1"),
        ("/v1/me?anna7=1", "/v1/me?redacted-2=redacted-1"),
        ("/v1/me?limit=4670123456789", "/v1/me?limit=redacted-1"),
        ("https://u:pw@proxy.example/v1/me", "https://redacted-1.invalid/v1/me"),
    ] {
        assert_eq!(get(uri), expected, "{uri}");
    }
    let following = format!("/v1/me/following?type=user&ids={ID}");
    assert!(!get(&following).contains(ID));
}

#[test]
fn a_body_that_is_neither_json_nor_a_form_is_replaced_completely() {
    for (media, body, expected) in [
        ("text/html; charset=utf-8", "<p>Anna</p>", "redacted body 1: 11 bytes of text/html"),
        ("x/anna", "Anna", "redacted body 1: 4 bytes of another type"),
        ("application/json", "{\"a\": 1} {\"b\": 2}", "redacted body 1: 17 bytes of application/json"),
        ("application/json", "\"Anna\"", "redacted body 1: 6 bytes of application/json"),
        ("text/plain", "Too many requests", "Too many requests"),
    ] {
        let mut recorder = Recorder::new();
        let response = Response::builder().header("content-type", media).body(body).expect("a response");
        recorder.record(&Request::new(""), &response);
        let file = recorder.files().remove(0);
        let exchange = parse_exchange(&file.bytes).expect("an exchange");
        assert_eq!(String::from_utf8_lossy(exchange.response.body()), expected, "{body}");
    }
}

#[test]
fn headers_with_known_names_and_values_are_retained() {
    let mut headers = HeaderMap::new();
    let all = [
        ("cache-control", "private, max-age=60", Some("private, max-age=60")),
        ("cache-control", "private, anna=1", None),
        ("content-type", "Application/JSON; charset=utf-8", Some("application/json; charset=utf-8")),
        ("content-type", "multipart/form-data; boundary=anna", Some("multipart/form-data")),
        ("retry-after", "30", Some("30")),
        ("retry-after", "anna", None),
        ("date", "Tue, 15 Nov 1994 08:12:31 GMT", Some("Tue, 15 Nov 1994 08:12:31 GMT")),
        ("vary", "Authorization", Some("Authorization")),
        ("vary", "anna", None),
        ("etag", "W/\"anna\"", Some("\"redacted-1\"")),
        ("authorization", "Bearer anna", Some("Bearer redacted-2")),
        ("authorization", "Basic YTpi", Some("Basic redacted-3")),
        ("set-cookie", "anna", None),
        ("x-anna", "1", None),
    ];
    for (name, value, _) in all {
        headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let mut redactor = Redactor::default();
    let kept = redactor.headers(&headers);
    let expected: Vec<_> = all.iter().filter_map(|(name, _, kept)| kept.map(|kept| (*name, kept))).collect();
    let mut found: Vec<_> =
        kept.iter().map(|(name, value)| (name.as_str(), value.to_str().expect("text"))).collect();
    found.sort_by_key(|(name, _)| all.iter().position(|(other, ..)| other == name));
    assert_eq!(found, expected);
    let text = "Bearer realm=\"anna\", error=\"invalid_token\", error_description=\"no anna\"";
    let headers = [(header::WWW_AUTHENTICATE, HeaderValue::from_static(text))].into_iter().collect();
    let kept = Redactor::default().headers(&headers);
    let expected = "Bearer realm=\"spotify\", error=\"invalid_token\", error_description=\"redacted-1\"";
    assert_eq!(kept["www-authenticate"], expected);
}

#[test]
fn users_can_allow_keys_and_forbid_texts() {
    let body =
        json!({"product": "premium", "mood": {"today": ["fine"]}, "type": "album", "name": "Night Ferry"});
    let recorder = Recorder::new().allow_key("product").allow_key("mood");
    assert_eq!(recorded_with(recorder, "/v1/x", &body), body);
    let recorder = Recorder::new().allow_key("product").scrub_also("rem").scrub_also("ght").scrub_also("");
    let found = recorded_with(recorder, "/v1/x", &body);
    assert_eq!(found["type"], "album");
    assert!(!found.to_string().contains("premium") && !found.to_string().contains("Ferry"), "{found}");
}

#[test]
fn retained_texts_are_searched_for_values_under_the_keys_of_secrets() {
    let token = "BQDk-Planted_7Yh3Lq9Rw2Ts5Vb8";
    let mut recorder = Recorder::new().allow_key("note");
    let track = |name: &str| Response::new(json!({"type": "track", "name": name, "note": name}).to_string());
    let request = Request::get("/v1/tracks/x").body(String::new()).expect("a request");
    // The token occurs both before and after the exchange that identifies it as a secret.
    recorder.record(&request, &track(&format!("One {token}")));
    let refresh = Request::post("/api/token").header("content-type", FORM);
    let refresh = refresh.body(format!("refresh_token={token}")).expect("a request");
    recorder.record(&refresh, &Response::new(""));
    recorder.record(&request, &track(&token.replace("-", ", ")));
    recorder.record(&request, &track(&STANDARD.encode(format!("a:{token}"))));
    recorder.record(&request, &track("Night Ferry"));
    let text: String =
        recorder.files().iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect();
    assert!(!text.contains("Planted") && !text.contains("7Yh3") && text.contains("Night Ferry"), "{text}");
    assert_eq!(text.matches("\"name\": \"redacted-").count(), 3, "{text}");
}

#[test]
fn the_report_counts_replaced_values_by_key() {
    let mut recorder = Recorder::new();
    let body =
        json!({"items": [{"name": "a"}, {"name": "b"}], "anna@example.org": "c", "total": 2, "mood": "d"});
    recorder.record(&Request::get("/v1/x/y").body("").expect("a request"), &Response::new(body.to_string()));
    let found: Vec<_> = recorder.redactions().into_iter().map(|it| (it.key, it.count)).collect();
    let expected = [("another key", 1), ("mood", 1), ("name", 2), ("path", 2)];
    assert_eq!(found, expected.map(|(key, count)| (key.to_owned(), count)));
}
