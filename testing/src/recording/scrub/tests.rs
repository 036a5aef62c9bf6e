use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Request, Response};

use super::super::{Recorder, parse_exchange};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// As long as a real one, with the characters of real ones.
const TOKEN: &str =
    "BQDkPLanted0Access-Token_x7Yh3Lq9Rw2Ts5Vb8Nm4Kj6Gf1Dz0Xc9Vb8Nm7QwErTy6UiOp5AsDf4GhJk3Lz2Xc1Vb0Nm";
const SECRET: &str = "5ec2e700c0ffee11d00dfeed5ec2e7aa";
const VERIFIER: &str = "plantedVerifier-0123456789.abcdefghijklmnopqrstuvw~xyz";
const EMAIL: &str = "anna.svensson+x@mail.example.org";
const ADDRESS: &str = "203.0.113.77";
const ADDRESS_6: &str = "2001:db8:85a3::8a2e:370:7334";

/// Secrets that show by their form alone.
const BY_FORM: &[&str] = &[TOKEN, SECRET, VERIFIER, EMAIL, ADDRESS, ADDRESS_6];

/// Short ones show by the names above them.
const SHORT: &str = "hunter2x";

type Asked = Request<Vec<u8>>;
type Answered = Response<Vec<u8>>;

fn get(uri: &str) -> Request<Vec<u8>> {
    Request::get(uri).body(Vec::new()).expect("a request")
}

fn post(media: &str, body: &str) -> Request<Vec<u8>> {
    let request = Request::post("https://api.spotify.com/v1/me/player").header(CONTENT_TYPE, media);
    request.body(body.as_bytes().to_vec()).expect("a request")
}

fn answer(media: &str, body: &str) -> Response<Vec<u8>> {
    let response = Response::builder().header(CONTENT_TYPE, media);
    response.body(body.as_bytes().to_vec()).expect("a response")
}

fn nothing() -> Response<Vec<u8>> {
    Response::new(Vec::new())
}

/// The files of a conversation, with a check that each can be read.
fn files(exchanges: &[(Asked, Answered)]) -> Vec<String> {
    let mut recorder = Recorder::new();
    exchanges.iter().for_each(|(request, response)| recorder.record(request, response));
    let texts = recorder.files().into_iter().map(|file| {
        parse_exchange(&file.bytes).unwrap_or_else(|error| panic!("{}: {error}", file.name));
        file.name + "\n" + &String::from_utf8(file.bytes).expect("UTF-8")
    });
    texts.collect()
}

fn one(request: Request<Vec<u8>>, response: Response<Vec<u8>>) -> String {
    files(&[(request, response)]).remove(0)
}

/// Every way in which a text stands in an exchange.
fn positions(text: &str) -> Vec<(&'static str, Asked, Answered)> {
    let me = "https://api.spotify.com/v1/me";
    let escaped = crate::encoding::form(&[("x", text)]);
    let escaped = escaped.trim_start_matches("x=");
    let quoted = serde_json::to_string(text).expect("JSON");
    let nested = serde_json::to_string(&format!("{{\"x\":{quoted}}}")).expect("JSON");
    let with = |name: &str, value: String| {
        let mut request = get(me);
        let name: http::HeaderName = name.parse().expect("a name");
        request.headers_mut().insert(name, value.parse().expect("a value"));
        request
    };
    let headed = |name: &str, value: String| {
        Response::builder().header(name, value).body(Vec::new()).expect("a response")
    };
    let mut found = vec![
        ("a path", get(&format!("https://api.spotify.com/v1/x/{escaped}/y")), nothing()),
        ("a query", get(&format!("{me}?x={escaped}&y=1")), nothing()),
        ("a query's name", get(&format!("{me}?{escaped}=1")), nothing()),
        ("a query twice", get(&format!("{me}?x=http%3A%2F%2Fa%2F%3Fy%3D{escaped}")), nothing()),
        ("a form", post(FORM, &format!("a=b&x={escaped}")), nothing()),
        ("a form's name", post(FORM, &format!("{escaped}=1")), nothing()),
        ("a text", post("text/plain", &format!("so {text}, and {text}.")), nothing()),
        ("a page", get(me), answer("text/html", &format!("<a href=\"/x?y={escaped}\">{text}</a>"))),
        ("broken JSON", get(me), answer(JSON, &format!("{{\"x\": {quoted}, \"y\": "))),
        ("JSON alone", get(me), answer(JSON, &quoted)),
        ("a key", get(me), answer(JSON, &format!("{{{quoted}: 1}}"))),
        ("deep JSON", get(me), answer(JSON, &format!("{{\"a\": [[{{\"b\": [{quoted}]}}]]}}"))),
        ("twice a key", get(me), answer(JSON, &format!("{{\"a\": {quoted}, \"a\": {quoted}}}"))),
        ("JSON in JSON", get(me), answer(JSON, &format!("{{\"a\": {nested}}}"))),
        ("too deep JSON", get(me), answer(JSON, &format!("{}{quoted}{}", "[".repeat(200), "]".repeat(200)))),
        ("a byte order mark", get(me), answer(JSON, &format!("\u{feff}{{\"x\": {quoted}}}"))),
        ("a sentence", get(me), answer(JSON, &format!("{{\"message\": \"no \\\"{text}\\\" here\"}}"))),
    ];
    for name in
        ["authorization", "cookie", "x-api-key", "accept", "if-none-match", "user-agent", "x-forwarded-for"]
    {
        found.push(("a header", with(name, text.to_owned()), nothing()));
        found.push(("a header's part", with(name, format!("Bearer {text}; \"{text}\"")), nothing()));
    }
    for name in ["set-cookie", "location", "etag", "www-authenticate", "server", "x-request-id", "vary"] {
        found.push(("an answer's header", get(me), headed(name, text.to_owned())));
        found.push((
            "an answer's header",
            get(me),
            headed(name, format!("a=\"{text}\"; b=https://c/?d={text}")),
        ));
    }
    found
}

#[test]
fn secrets_that_show_by_their_form_are_found_at_every_position() {
    let mut count = 0;
    for secret in BY_FORM {
        for (position, request, response) in positions(secret) {
            count += 1;
            let text = one(request, response);
            let part = &secret[..secret.len().min(12)];
            assert!(!text.contains(part), "{position}: {secret} in\n{text}");
            let escaped = crate::encoding::form(&[("", secret)]);
            assert!(!text.contains(&escaped[1..]), "{position}: {secret} in\n{text}");
        }
    }
    assert!(count > 200, "{count} positions");
}

#[test]
fn short_secrets_are_found_under_every_telling_name() {
    for name in [
        "access_token",
        "refresh_token",
        "code",
        "code_verifier",
        "code_challenge",
        "client_secret",
        "client_id",
        "state",
        "id_token",
        "Access-Token",
        "accessToken",
        "password",
        "x_api_key",
        "session",
        "email",
        "display_name",
        "account_id",
        "birthdate",
        "device_id",
        "user_id",
    ] {
        let me = "https://api.spotify.com/v1/me";
        for (position, request, response) in [
            ("a query", get(&format!("{me}?{name}={SHORT}&limit=1")), nothing()),
            ("a form", post(FORM, &format!("a=b&{name}={SHORT}")), nothing()),
            ("JSON", post(JSON, &format!("{{\"{name}\": \"{SHORT}\"}}")), nothing()),
            ("deep JSON", get(me), answer(JSON, &format!("[{{\"a\": {{\"{name}\": [\"{SHORT}\"]}}}}]"))),
            (
                "inner JSON",
                get(me),
                answer(JSON, &format!("{{\"{name}\": {{\"a\": {{\"b\": \"{SHORT}\"}}}}}}")),
            ),
            ("an address", get(me), answer(JSON, &format!("{{\"x\": \"http://a/?{name}={SHORT}&b=c\"}}"))),
            (
                "an address escaped",
                get(&format!("{me}?u=http%3A%2F%2Fa%2F%3F{name}%3D{SHORT}%26b")),
                nothing(),
            ),
            (
                "elsewhere",
                get(&format!("{me}?{name}={SHORT}")),
                answer(JSON, &format!("{{\"name\": \"a {SHORT}\"}}")),
            ),
        ] {
            // What is not a token is looked for elsewhere only where it stands for itself.
            if position == "elsewhere" && ["birthdate", "device_id"].contains(&name) {
                continue;
            }
            let text = one(request, response);
            assert!(!text.contains(SHORT), "{position} of {name}:\n{text}");
        }
    }
}

#[test]
fn short_secrets_are_found_in_headers() {
    for name in
        ["authorization", "cookie", "set-cookie", "x-api-key", "proxy-authorization", "x-forwarded-for"]
    {
        for value in [SHORT.to_owned(), format!("Bearer {SHORT}"), format!("a={SHORT}; b=c")] {
            let mut request = get("https://somebody:hunter2x@api.spotify.com/v1/me");
            request.headers_mut().insert(name, value.parse().expect("a value"));
            let response = Response::builder().header(name, &value).body(Vec::new()).expect("a response");
            let text = one(request, response);
            assert!(!text.contains(SHORT), "{name}: {value}:\n{text}");
        }
    }
}

#[test]
fn a_flow_still_hangs_together() {
    let token = |access: &str, refresh: &str| {
        let body = format!(
            "{{\"access_token\": \"{access}\", \"refresh_token\": \"{refresh}\", \"expires_in\": 3600}}"
        );
        answer(JSON, &body)
    };
    let ask = |form: &str| {
        let basic = "Basic Y2xpZW50LTE6c2VjcmV0LTE="; // client-1:secret-1
        let request = Request::post("https://accounts.spotify.com/api/token").header(AUTHORIZATION, basic);
        request.header(CONTENT_TYPE, FORM).body(form.as_bytes().to_vec()).expect("a request")
    };
    let me = Request::get("https://api.spotify.com/v1/me").header(AUTHORIZATION, "Bearer access-2");
    let texts = files(&[
        (ask("grant_type=authorization_code&code=c0de&code_verifier=v"), token("access-1", "refresh-1")),
        (ask("grant_type=refresh_token&refresh_token=refresh-1&x=secret-1"), token("access-2", "refresh-2")),
        (me.body(Vec::new()).expect("a request"), answer("text/plain", "access-1 for client-1?")),
    ]);
    assert!(texts[0].contains("code=scrubbed-code-1&code_verifier=scrubbed-verifier-1"), "{}", texts[0]);
    assert!(texts[0].contains("\"refresh_token\": \"scrubbed-refresh-token-1\""), "{}", texts[0]);
    assert!(texts[0].contains("\"expires_in\": 3600"), "{}", texts[0]);
    assert!(
        texts[1].contains("refresh_token=scrubbed-refresh-token-1&x=scrubbed-client-secret-1"),
        "{}",
        texts[1]
    );
    assert!(texts[1].contains("\"refresh_token\": \"scrubbed-refresh-token-2\""), "{}", texts[1]);
    assert!(texts[2].contains("Bearer scrubbed-access-token-2"), "{}", texts[2]);
    assert!(texts[2].contains("scrubbed-access-token-1 for scrubbed-client-id-1?"), "{}", texts[2]);
}

#[test]
fn what_is_learned_later_is_replaced_earlier() {
    let message =
        "{\"error\": {\"message\": \"no token hunter2x for anna7\"}, \"by\": [\"anna7\", \"annaanna7\"]}";
    let me = "{\"id\": \"anna7s\", \"display_name\": \"Anna\", \"access_token\": \"hunter2x\"}";
    let name = "{\"name\": \"Anna's list, by anna7s\", \"q\": \"Annabel\"}";
    let texts = files(&[
        (get("https://api.spotify.com/v1/x"), answer(JSON, &message.replace("anna7", "anna7s"))),
        (get("https://api.spotify.com/v1/x"), answer(JSON, name)),
        (get("https://api.spotify.com/v1/me"), answer(JSON, me)),
    ]);
    assert!(texts[0].contains("no token scrubbed-access-token-1 for scrubbed-user-1"), "{}", texts[0]);
    assert!(texts[0].contains("\"scrubbed-user-1\",\n    \"annaanna7s\""), "{}", texts[0]);
    assert!(texts[1].contains("\"name\": \"scrubbed-name-1's list, by scrubbed-user-1\""), "{}", texts[1]);
    assert!(texts[1].contains("\"q\": \"Annabel\""), "{}", texts[1]);
}

#[test]
fn users_are_replaced_wherever_they_stand() {
    let playlist = r#"{"name": "Quiet", "id": "4aawyAB9vmqN3uQ7FjRGTy", "snapshot_id": "MTIsNjQ4YWY2ZTQzYjQ5M2E1NzFlMDY2NjQ4NWI5NjU5ZGE1YTc4",
        "owner": {"id": "anna", "display_name": "A. S.", "href": "https://api.spotify.com/v1/users/anna",
            "external_urls": {"spotify": "https://open.spotify.com/user/anna"}, "uri": "spotify:user:anna"},
        "tracks": {"items": [{"added_by": {"id": "bo", "type": "User", "uri": "spotify:user:bo"}},
            {"added_by": {"id": ""}}, {"added_by": {"id": "spotify", "uri": "spotify:user:spotify"}},
            {"track": {"id": "anna", "type": "track", "name": "x", "images": [{"url": "https://a/b"}]}}]},
        "sharing": {"type": "user", "id": "cy", "images": [{"url": "https://i.scdn.co/image/face"}]}}"#;
    let text = one(get("https://api.spotify.com/v1/users/anna/playlists"), answer(JSON, playlist));
    for hidden in ["\"bo\"", ":anna", ":bo", "A. S.", "cy", "face", "users/anna", "user/anna"] {
        assert!(!text.contains(hidden), "{hidden} in\n{text}");
    }
    for kept in [
        "GET https://api.spotify.com/v1/users/scrubbed-user-1/playlists",
        "\"id\": \"4aawyAB9vmqN3uQ7FjRGTy\"",
        "MTIsNjQ4YWY2ZTQzYjQ5M2E1NzFlMDY2NjQ4NWI5NjU5ZGE1YTc4",
        "\"uri\": \"spotify:user:scrubbed-user-1\"",
        "\"uri\": \"spotify:user:spotify\"",
        "\"id\": \"anna\",\n          \"type\": \"track\"",
        "https://a/b",
    ] {
        assert!(text.contains(kept), "{kept} not in\n{text}");
    }
    let follows =
        "https://api.spotify.com/v1/playlists/4aawyAB9vmqN3uQ7FjRGTy/followers/contains?ids=anna%2Cbo";
    assert!(one(get(follows), nothing()).contains("ids=scrubbed-user-1%2Cscrubbed-user-2"));
    let mut follow = post(JSON, "{\"ids\": [\"anna\", 5]}");
    *follow.uri_mut() = "https://api.spotify.com/v1/me/following?type=user".parse().expect("a URI");
    let text = one(follow, nothing());
    assert!(text.contains("\"scrubbed-user-1\",\n    \"scrubbed-user-2\""), "{text}");
}

#[test]
fn what_is_no_secret_stays_as_it_is() {
    let uri = "https://api.spotify.com/v1/me/player/shuffle?state=true&device_id=abc";
    assert!(one(get(uri), nothing()).contains("shuffle?state=true&device_id=scrubbed-device-1 HTTP/1.1"));
    for kept in [
        r#""error": "invalid_grant""#,
        r#""code": 404"#,
        r#""token_type": "Bearer""#,
        r#""preview_url": "https://p.scdn.co/mp3-preview/8a7f4a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f""#,
        r#""url": "https://i.scdn.co/image/ab67616d0000b2731dacfd31cc873d132958af98""#,
        r#""tempo": 118.211"#,
        r#""number": 85.0"#,
        r#""release_date": "1998-05-12""#,
        r#""uri": "spotify:local:Abba::Dad:233""#,
        r#""next": "https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy/tracks?offset=2&limit=2""#,
    ] {
        let text = one(get("https://api.spotify.com/v1/x"), answer(JSON, &format!("{{{kept}}}")));
        assert!(text.contains(kept), "{kept}:\n{text}");
    }
    let kept = "GET https://api.spotify.com/v1/albums/a%2Fb?market=SE&limit=5 HTTP/1.1";
    assert!(one(get("https://api.spotify.com/v1/albums/a%2Fb?market=SE&limit=5"), nothing()).contains(kept));
}

#[test]
fn what_cannot_be_looked_into_is_left_out() {
    let packed = Response::builder().header("content-encoding", "gzip").body(vec![0x1f, 0x8b, 8, 0]);
    let text = one(get("https://api.spotify.com/v1/me"), packed.expect("a response"));
    assert!(text.ends_with("HTTP/1.1 200 OK\n\nscrubbed-body-1\n"), "{text}");
    let text = one(post("image/jpeg", "/9j/4AAQ"), nothing());
    assert!(text.contains("scrubbed-body-1") && !text.contains("9j"), "{text}");
}

#[test]
fn a_text_of_the_users_own_is_found_everywhere() {
    let mut recorder = Recorder::new().scrub_also("Büro 7").scrub_also("");
    let request = get("https://api.spotify.com/v1/search?q=my+B%C3%BCro+7s");
    recorder.record(&request, &answer(JSON, "{\"name\": \"B\\u00fcro 7\", \"snapshot_id\": \"xBüro 7\"}"));
    let file = recorder.files().remove(0);
    let text = String::from_utf8(file.bytes).expect("UTF-8");
    assert!(text.contains("search?q=my%20scrubbed-text-1s"), "{text}");
    assert!(text.contains("\"scrubbed-text-1\"") && text.contains("\"xscrubbed-text-1\""), "{text}");
}

#[test]
fn recordings_that_are_recorded_again_stay_the_same() {
    let me =
        answer(JSON, r#"{"id": "anna", "email": "a@b.org", "display_name": "Anna", "ip": "203.0.113.7"}"#);
    let mut request = post(FORM, "code=abc&client_id=d&refresh_token=e");
    *request.uri_mut() = "https://api.spotify.com/v1/me?state=xyz".parse().expect("a URI");
    let first = one(request, me);
    let read = parse_exchange(first.split_once('\n').expect("a name").1.as_bytes()).expect("an exchange");
    assert_eq!(one(read.request, read.response), first);
}

#[test]
fn a_recorder_shows_nothing() {
    let mut recorder = Recorder::new().scrub_also(SHORT);
    recorder.record(&get(&format!("https://api.spotify.com/?x={TOKEN}")), &nothing());
    assert_eq!(format!("{recorder:?}"), "Recorder { exchanges: 1, .. }");
}
