//! Checks of inputs other than operation parameters: logins, tokens, links, filters, pictures and request targets.
//!
//! The fuzz target `request` includes this file by path; `requests.rs` describes the input format. The first word of an
//! input for this file is `login`, `token`, `link`, `fields`, `jpeg` or `target`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Method, Request, Response};
use serde_json::{Map, Value, json};
use spotify_proto::api::{CoverImage, Field, Fields, GetDevices};
use spotify_proto::{
    AlbumId, App, Call, CategoryId, DecodeError, Endpoint, Login, Operation, Origin, PlaylistId, RedirectUri,
    Scope, Scopes, Session, SpotifyUri, Step, Target, TokenExchange, TokenStep, TrackId, UserId,
};

use super::requests::{self, are_plain, below, decode};

/// Checks an input of the given form; returns whether `form` is known.
pub fn check(form: &str, origin: &Origin, lines: &[(&str, &str)]) -> bool {
    let line = |name: &str| lines.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| *value);
    match form {
        "login" => login(origin, &line),
        "token" => token(origin, line("token")),
        "link" => link(origin, line("text")),
        "fields" => fields(origin, lines),
        "jpeg" => jpeg(origin, line("bytes").as_bytes()),
        "target" => target(origin, lines),
        _ => return false,
    }
    true
}

/// Checks a login from the consent page to the token request, with arbitrary values for everything that an application
/// can choose.
fn login<'a>(origin: &Origin, line: &impl Fn(&str) -> &'a str) {
    let Ok(redirect) = line("redirect").parse::<RedirectUri>() else { return };
    let (id, secret, code) = (line("id"), line("secret"), line("code"));
    let app = if secret.is_empty() { App::public(id) } else { App::confidential(id, secret) };
    let scopes: Scopes = line("scopes").split(' ').filter(|it| !it.is_empty()).map(Scope::from).collect();
    let mut entropy = [7; 32];
    entropy.iter_mut().zip(line("entropy").bytes()).for_each(|(to, from)| *to = from);
    let login =
        Login::new(&app, redirect.clone(), scopes.clone(), &entropy).show_dialog(!line("dialog").is_empty());

    let url = login.url(origin);
    let query = url.strip_prefix(&format!("{origin}/authorize?")).expect("expected the consent page");
    let asked = pairs(query, |value| decode(value, ":"));
    let find = |name: &str| asked.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!(find("client_id"), Some(id));
    assert_eq!(find("redirect_uri"), Some(redirect.as_str()));
    assert_eq!(find("scope"), (!scopes.is_empty()).then(|| scopes.to_string()).as_deref());
    assert_eq!(find("code_challenge").is_some(), secret.is_empty());
    let state = find("state").expect("expected a state");

    // A callback with a wrong state is an error.
    let forged = line("returned");
    assert!(login.callback(forged).is_err() || forged.contains(state), "accepts {forged}");
    let stored = serde_json::to_string(&login).expect("plain data");
    let login: Login = serde_json::from_str(&stored).expect("expected a stored login");
    let returned = format!("code={}&state={state}", encode(code));
    match login.callback(&returned) {
        Ok(code_taken) => {
            let mut app = app.with_origins(Origin::api(), origin.clone());
            let mut session = Session::from_code(code_taken);
            let (request, exchange) = token_request(&mut app, &mut session, UNIX_EPOCH)
                .expect("a session with a code should begin with a token request");
            assert_eq!(below(request.uri(), origin), "/api/token");
            are_plain(request.headers());
            let body = std::str::from_utf8(request.body()).expect("form bodies should be ASCII");
            let form = pairs(body, |value| decode(&value.replace('+', "%20"), "*"));
            let find =
                |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
            assert_eq!(find("grant_type"), Some("authorization_code"));
            assert_eq!((find("code"), find("redirect_uri")), (Some(code), Some(redirect.as_str())));
            assert_eq!(find("client_id"), secret.is_empty().then_some(id));
            assert_eq!(request.headers().contains_key("authorization"), !secret.is_empty());
            let shown = format!("{app:?} {session:?} {request:?} {exchange:?}");
            if !secret.is_empty() {
                let app = App::confidential(id, other_secret(secret));
                let mut app = app.with_origins(Origin::api(), origin.clone());
                let mut session =
                    Session::from_code(login.callback(&returned).expect("expected the same code"));
                let (request, exchange) = token_request(&mut app, &mut session, UNIX_EPOCH)
                    .expect("a session with a code should begin with a token request");
                let other = format!("{app:?} {session:?} {request:?} {exchange:?}");
                assert_eq!(shown, other, "the `Debug` output depends on the client secret");
            }
        }
        Err(error) => assert!(code.is_empty(), "{error} of {returned}"),
    }
}

/// Returns a secret of the same length that differs in every character. Replacing the secret with it must not change
/// the `Debug` output. A plain search for the secret would give false positives if the client id or the redirect URI
/// contains the same text.
fn other_secret(secret: &str) -> String {
    secret.chars().map(|it| if it == 'x' { 'y' } else { 'x' }).collect()
}

/// Checks that an arbitrary string that is used as a token is sent only in the `authorization` header field, if at all.
fn token(origin: &Origin, token: &str) {
    let mut app = App::without_credentials().with_origins(origin.clone(), Origin::accounts());
    let mut session = Session::from_access_token(token);
    if let Step::Send(request, _) = Call::new(GetDevices::new()).start(&mut app, &mut session, UNIX_EPOCH) {
        let value = &request.headers()["authorization"];
        assert!(value.is_sensitive() && value.as_bytes() == format!("Bearer {token}").as_bytes());
        assert!(!value.as_bytes().iter().any(|byte| byte.is_ascii_control() && *byte != b'\t'), "{value:?}");
        assert!(below(request.uri(), origin).starts_with("/v1/"));
    }
    // Refresh tokens must be sent to the server unchanged.
    let mut app = App::public("id").with_origins(Origin::api(), origin.clone());
    let mut session = Session::from_refresh_token("first");
    let (_, exchange) = token_request(&mut app, &mut session, UNIX_EPOCH)
        .expect("a session without an access token should begin with a token request");
    let answer =
        json!({"access_token": "a", "token_type": "Bearer", "expires_in": 60, "refresh_token": token});
    let received = exchange.receive(Ok::<_, ()>(Response::new(answer.to_string())));
    let step = received.apply(&mut app, &mut session, UNIX_EPOCH);
    let Ok(TokenStep::Save(tokens, _)) = step else { return };
    let Some(refresh) = tokens.refresh_token().map(|it| it.expose().to_owned()) else { return };
    let late = UNIX_EPOCH + Duration::from_secs(3600);
    let mut session = Session::from_tokens(tokens);
    if let Some((request, _)) = token_request(&mut app, &mut session, late) {
        let body = std::str::from_utf8(request.body()).expect("form bodies should be ASCII");
        let form = pairs(body, |value| decode(&value.replace('+', "%20"), "*"));
        assert!(form.contains(&("refresh_token".to_owned(), refresh)), "{body}");
    }
}

/// Returns the token request at the beginning of a call.
fn token_request(
    app: &mut App,
    session: &mut Session,
    now: SystemTime,
) -> Option<(Request<Vec<u8>>, TokenExchange)> {
    match Call::new(GetDevices::new()).start(app, session, now) {
        Step::Authorize(TokenStep::Send(request, exchange), _) => Some((request, exchange)),
        _ => None,
    }
}

/// Checks a string as an id and a URI of each kind: an accepted string names one resource, and requests contain it
/// unchanged.
fn link(origin: &Origin, text: &str) {
    fn again<T: std::str::FromStr + ToString + PartialEq + std::fmt::Debug>(text: &str) -> Option<T> {
        let read = text.parse::<T>().ok()?;
        let again = read.to_string().parse::<T>().ok();
        assert_eq!(again.as_ref(), Some(&read), "{text:?} does not round-trip");
        Some(read)
    }
    let free =
        [again::<UserId>(text).map(|it| it.to_string()), again::<CategoryId>(text).map(|it| it.to_string())];
    let fixed = [
        again::<AlbumId>(text).map(|it| it.to_string()),
        again::<TrackId>(text).map(|it| it.to_string()),
        again::<PlaylistId>(text).map(|it| it.to_string()),
    ];
    for id in fixed.into_iter().flatten() {
        assert!(id.len() == 22 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
    }
    if let Some(user) = again::<UserId>(text) {
        let uri = SpotifyUri::from(&user);
        assert_eq!(uri.id().as_deref(), Some(user.as_str()), "{uri}");
        assert_eq!(again::<SpotifyUri>(&uri.to_string()), Some(uri.clone()));
    }
    if let Some(uri) = again::<SpotifyUri>(text) {
        let parameters = Map::from_iter([("uris".to_owned(), json!([uri]))]);
        assert!(
            requests::check("save-library-items", parameters, origin),
            "{uri} is not accepted as a parameter"
        );
    }
    for (id, name, read) in
        [("get-users-profile", "user_id", &free[0]), ("get-a-category", "category_id", &free[1])]
    {
        if let Some(read) = read {
            let parameters = Map::from_iter([(name.to_owned(), Value::from(read.as_str()))]);
            assert!(requests::check(id, parameters, origin), "{read:?} is not accepted as a parameter");
        }
    }
}

/// Checks a field filter with one field per line: `in` nests it in the previous field, `not` excludes it.
fn fields(origin: &Origin, lines: &[(&str, &str)]) {
    let mut all: Vec<Field> = Vec::new();
    for (word, name) in lines {
        let field = if *word == "not" { Field::not(*name) } else { Field::new(*name) };
        match all.pop() {
            Some(outer) if *word == "in" => all.push(outer.with([field])),
            last => all.extend(last.into_iter().chain([field])),
        }
    }
    if let Ok(fields) = Fields::of(all) {
        let parameters = Map::from_iter([("fields".to_owned(), Value::from(fields.to_string()))]);
        assert!(requests::check("get-playlist", parameters, origin), "{fields} is not accepted as a filter");
    }
}

/// Checks arbitrary bytes as a cover picture.
fn jpeg(origin: &Origin, bytes: &[u8]) {
    let cover = CoverImage::from_jpeg(bytes).expect("fuzz inputs should be below the limit");
    assert_eq!(cover.as_str().len(), bytes.len().div_ceil(3) * 4);
    assert_eq!(CoverImage::from_base64(cover.as_str()), Ok(cover.clone()));
    let parameters = Map::from_iter([("image".to_owned(), Value::from(cover.as_str()))]);
    assert!(
        requests::check("upload-custom-playlist-cover", parameters, origin),
        "the cover is not accepted as a parameter"
    );
}

/// A custom operation with arbitrary strings in its path and query.
struct Own(Vec<(String, String)>);

const ROUTE: &str = "/v1/a/{first}/b/{second}";

impl Own {
    fn segment(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| *known == name).map_or("x", |(_, value)| value)
    }
}

impl Endpoint for Own {
    type Output = ();

    const OPERATION: Operation = Operation::new("own", Method::GET, ROUTE);

    fn target(&self, target: &mut Target) {
        target.path(ROUTE, &[self.segment("first"), self.segment("second")]);
        for (_, value) in &self.0 {
            target.query("q & a", value);
        }
    }

    fn decode(&self, _: spotify_proto::ResponseRef<'_>) -> Result<(), DecodeError> {
        Ok(())
    }
}

fn target(origin: &Origin, lines: &[(&str, &str)]) {
    let own = Own(lines.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect());
    let target = below(own.request(origin).uri(), origin);
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let segments: Vec<String> = path.split('/').map(|it| decode(it, "")).collect();
    assert_eq!(segments, ["", "v1", "a", own.segment("first"), "b", own.segment("second")], "{path}");
    let values: Vec<(String, String)> = pairs(query, |value| decode(value, ":"));
    let given: Vec<_> = lines.iter().map(|(_, value)| ("q & a".to_owned(), (*value).to_owned())).collect();
    assert_eq!(values, given);
}

/// Returns the name-value pairs in a query or a form body.
fn pairs(text: &str, decode_value: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|it| !it.is_empty());
    pairs
        .map(|pair| pair.split_once('=').expect("expected a name and a value"))
        .map(|(name, value)| (decode(name, ""), decode_value(value)))
        .collect()
}

/// Percent-encodes every byte.
fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
