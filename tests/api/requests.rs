//! Parses values of any operation from a text format, and checks the invariants of their requests.
//!
//! The fuzz target `request` includes this file by path. The first line of an input contains the operation's id and,
//! optionally, an origin (default: Spotify's). Each of the other lines contains a parameter, as JSON or as plain text:
//!
//! ```text
//! get-playlists-items https://proxy.example/base
//! playlist_id: spotify:playlist:Playlist00000000000001
//! limit: 50
//! additional_types: ["track"]
//! ```
//!
//! Missing required parameters are set to an ordinary value. `inputs.rs` checks all other inputs.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::time::UNIX_EPOCH;

use http::{HeaderMap, Method, Request, Uri};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use spotify_proto::api::OPERATIONS;
use spotify_proto::cache::Key;
use spotify_proto::{App, Call, Endpoint, Operation, Origin, Session, Step, with_endpoint};

use super::inputs;

/// Checks bytes as a value of an operation or as an input for `inputs.rs`.
pub fn check_bytes(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (head, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let (id, origin) = head.split_once(' ').unwrap_or((head, ""));
    let origin = origin.parse().unwrap_or_else(|_| Origin::api());
    let lines: Vec<(&str, &str)> =
        rest.split('\n').filter_map(|line| line.split_once(": ")).take(LINES_MAX).collect();
    if inputs::check(id, &origin, &lines) {
        return;
    }
    let json = lines.iter().map(|(name, value)| ((*name).to_owned(), read(value))).collect();
    let is_known = OPERATIONS.iter().any(|operation| operation.id == id);
    let sum = id.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    check(if is_known { id } else { OPERATIONS[sum % OPERATIONS.len()].id }, json, &origin);
}

/// Maximum number of lines to read, which exceeds the number of parameters of any operation.
const LINES_MAX: usize = 64;

fn read(value: &str) -> Value {
    serde_json::from_str(value).unwrap_or_else(|_| Value::from(value))
}

/// Checks the request of an operation; returns whether its parameters are valid.
pub fn check(id: &str, mut json: Map<String, Value>, origin: &Origin) -> bool {
    // Each iteration may add a missing parameter; an operation has at most three required parameters.
    for _ in 0..4 {
        let parameters = Value::Object(json.clone());
        let made = with_endpoint!(id, E => make::<E>(parameters, origin), else Err("unknown".to_owned()));
        match made {
            Ok(made) => {
                made.check(origin);
                return true;
            }
            Err(error) => {
                let Some(name) = error.strip_prefix("missing field `").and_then(|it| it.split('`').next())
                else {
                    return false;
                };
                json.insert(name.to_owned(), usual(id, name));
            }
        }
    }
    false
}

/// Returns an ordinary value for a required parameter.
fn usual(id: &str, name: &str) -> Value {
    const URI: &str = "spotify:track:Track00000000000000001";
    match name {
        "q" => json!("night ferry"),
        "name" => json!("Paper Lanterns"),
        "uri" => json!(URI),
        "uris" => json!([URI]),
        "items" | "tracks" => json!([{ "uri": URI }]),
        "ids" | "seed_artists" => json!(["Some000000000000000001"]),
        "device_ids" => json!(["device"]),
        "image" => json!("/9j/"),
        "position_ms" | "volume_percent" => json!(7),
        "state" if id.starts_with("toggle") => json!(true),
        "state" => json!("off"),
        "type" if id == "search" => json!(["track"]),
        "type" if id.contains("top") => json!("tracks"),
        "type" => json!("artist"),
        _ => json!("Some000000000000000001"),
    }
}

/// The requests that are built from a value of any operation.
struct Made {
    operation: Operation,
    /// The serialized value.
    json: Map<String, Value>,
    request: Request<Vec<u8>>,
    /// The request built from the value after a JSON round trip, or the reason for which the round trip failed.
    again: Result<Request<Vec<u8>>, String>,
    /// The request that a call sends.
    sent: Request<Vec<u8>>,
    key: Option<Key>,
}

fn make<E>(json: Value, origin: &Origin) -> Result<Made, String>
where
    E: Endpoint + Clone + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let endpoint: E = serde_json::from_value(json).map_err(|error| error.to_string())?;
    let written =
        serde_json::to_string(&endpoint).map_err(|error| format!("cannot be serialized: {error}"))?;
    let again = match serde_json::from_str::<E>(&written) {
        Ok(again) if again == endpoint => Ok(again.request(origin)),
        Ok(again) => Err(format!("{endpoint:?} is read as {again:?}")),
        Err(error) => Err(error.to_string()),
    };
    let mut app = App::without_credentials().with_origins(origin.clone(), Origin::accounts());
    let mut session = Session::from_access_token("token");
    // Inputs are arbitrary, so the limits from the reference are not checked; they have separate tests.
    let call = Call::new(endpoint.clone()).unchecked();
    let key = call.key(&app, "app");
    let Step::Send(sent, _) = call.start(&mut app, &mut session, UNIX_EPOCH) else {
        panic!("expected a request, as the session has a token")
    };
    Ok(Made {
        operation: E::OPERATION,
        json: serde_json::from_str(&written).map_err(|error| format!("not an object: {error}"))?,
        request: endpoint.request(origin),
        again,
        sent,
        key,
    })
}

impl Made {
    fn check(&self, origin: &Origin) {
        let Self { operation, json, request, .. } = self;
        assert_eq!(request.method(), operation.method);
        let target = below(request.uri(), origin);
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));

        let in_path = self.path(path);
        let in_query = self.query(query);
        let in_body = self.body();
        let sent: Vec<&String> = in_path.iter().chain(&in_query).chain(&in_body).collect();
        let names: BTreeSet<&String> = sent.iter().copied().collect();
        assert_eq!(sent.len(), names.len(), "sent twice: {sent:?}");
        let unsent: Vec<_> = json.keys().filter(|name| !names.contains(name)).collect();
        assert!(unsent.is_empty(), "{unsent:?} not sent: {target}");

        let again = self.again.as_ref().unwrap_or_else(|error| panic!("{}: {error}: {json:?}", operation.id));
        assert_eq!(shown(again), shown(request), "the JSON round trip changes the request");
        self.call(&target);
    }

    /// Checks that the path matches the route, with one segment for each parameter, and returns the parameters' names.
    fn path(&self, path: &str) -> Vec<String> {
        let route = self.operation.route;
        let (fixed, segments): (Vec<&str>, Vec<&str>) =
            (route.split('/').collect(), path.split('/').collect());
        assert_eq!(fixed.len(), segments.len(), "{path} does not match {route}");
        let mut names = Vec::new();
        for (fixed, segment) in fixed.into_iter().zip(segments) {
            let Some(name) = fixed.strip_prefix('{').and_then(|it| it.strip_suffix('}')) else {
                assert_eq!(fixed, segment, "{path} does not match {route}");
                continue;
            };
            let (name, value) = match name {
                _ if self.json.contains_key(name) => (name, &self.json[name]),
                _ => panic!("{name} of {route} is not a parameter: {:?}", self.json),
            };
            assert!(!matches!(segment, "" | "." | ".."), "{path} leaves its route");
            assert_eq!(decode(segment, ""), text(value), "wrong value of {name} in {path}");
            names.push(name.to_owned());
        }
        names
    }

    /// Checks the values in the query and returns the parameters' names.
    fn query(&self, query: &str) -> Vec<String> {
        let pairs = query.split('&').filter(|it| !it.is_empty());
        let mut names = Vec::new();
        for (name, value) in pairs.map(|pair| pair.split_once('=').expect("expected a name and a value")) {
            let (name, value) = (decode(name, ""), decode(value, ":"));
            match self.json.get(&name) {
                Some(Value::Number(number)) if number.is_f64() => {
                    assert_eq!(value.parse().ok(), number.as_f64(), "{name}");
                }
                Some(expected) => assert_eq!(value, text(expected), "{name}"),
                // The library sends this value by default, because the reference's default exists for old clients only.
                None => assert_eq!((&*name, &*value), ("additional_types", "track,episode")),
            }
            names.push(name);
        }
        names
    }

    /// Checks the values in the body and returns the parameters' names.
    fn body(&self) -> Vec<String> {
        let (headers, body) = (self.request.headers(), self.request.body());
        are_plain(headers);
        let field = |name: &str| headers.get(name).map(|it| it.to_str().expect("ASCII"));
        let is_command = matches!(self.operation.method, Method::PUT | Method::POST) && body.is_empty();
        assert_eq!(field("content-length"), is_command.then_some("0"));
        let fields = ["content-length", "content-type"].map(|name| usize::from(headers.contains_key(name)));
        assert_eq!(headers.len(), fields.into_iter().sum::<usize>(), "{headers:?}");
        match field("content-type") {
            Some("application/json") => {
                let sent: Map<String, Value> = serde_json::from_slice(body).expect("expected a JSON object");
                assert!(!sent.is_empty(), "an empty JSON object as a body");
                for (name, value) in &sent {
                    assert_eq!(Some(value), self.json.get(name), "wrong value of {name} in the body");
                }
                sent.into_iter().map(|(name, _)| name).collect()
            }
            Some("image/jpeg") => {
                assert_eq!(Some(&**body), self.json["image"].as_str().map(str::as_bytes));
                vec!["image".to_owned()]
            }
            None => {
                assert!(body.is_empty(), "a body without a content type");
                Vec::new()
            }
            Some(other) => panic!("unexpected content type {other}"),
        }
    }

    /// Checks that a call sends the same request, with the token in the `authorization` header field only.
    fn call(&self, target: &str) {
        let key = (self.operation.method == Method::GET).then(|| format!("app {target}"));
        assert_eq!(self.key.as_ref().map(Key::as_str), key.as_deref());
        let mut headers = self.sent.headers().clone();
        let token = headers.remove("authorization").expect("expected a token");
        assert!(token == "Bearer token" && token.is_sensitive(), "{token:?}");
        let (sent, made) = (&self.sent, &self.request);
        assert_eq!(
            (sent.method(), sent.uri(), &headers, sent.body()),
            (made.method(), made.uri(), made.headers(), made.body())
        );
    }
}

/// Returns all parts of a request as text.
fn shown(request: &Request<Vec<u8>>) -> String {
    format!("{request:?}")
}

/// Returns a parameter in the form for a path or a query, before percent-encoding.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Returns the path and query of a URI, relative to its origin.
pub fn below(uri: &Uri, origin: &Origin) -> String {
    let base: Uri = origin.as_str().parse().expect("origins should be valid URIs");
    assert_eq!(
        (uri.scheme(), uri.authority()),
        (base.scheme(), base.authority()),
        "expected a URI under {origin}, got {uri}"
    );
    let target = uri.path_and_query().expect("expected a target").as_str();
    let target =
        target.strip_prefix(base.path().trim_end_matches('/')).expect("expected the path of the origin");
    assert!(target.starts_with('/'), "expected a URI under {origin}, got {uri}");
    // The string parses to the same URI, so none of its characters ends the URI early.
    assert_eq!(uri.to_string().parse::<Uri>().expect("expected a URI"), *uri);
    target.to_owned()
}

/// Decodes percent-encoding (RFC 3986 §2.1); only unreserved characters and those of `more` may be unencoded.
pub fn decode(text: &str, more: &str) -> String {
    let (mut decoded, mut bytes) = (Vec::new(), text.bytes());
    while let Some(byte) = bytes.next() {
        let is_bare =
            byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || more.as_bytes().contains(&byte);
        assert!(is_bare || byte == b'%', "{:?} is not percent-encoded in {text}", char::from(byte));
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit =
            || bytes.next().and_then(|it| char::from(it).to_digit(16)).expect("expected two digits");
        decoded.push(u8::try_from(16 * digit() + digit()).expect("expected a byte"));
    }
    String::from_utf8(decoded).expect("UTF-8")
}

/// Checks that header values consist of printable ASCII, which cannot start a new field.
pub fn are_plain(headers: &HeaderMap) {
    for (name, value) in headers {
        let is_plain = value.as_bytes().iter().all(|byte| (0x20..0x7f).contains(byte));
        assert!(is_plain, "{name}: {value:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error for a missing parameter contains its name, so `check` can fill in the parameters of every operation.
    #[test]
    fn every_operation_can_be_built_from_ordinary_values() {
        let origin = Origin::api();
        let unmade: Vec<&str> =
            OPERATIONS.iter().map(|it| it.id).filter(|id| !check(id, Map::new(), &origin)).collect();
        assert_eq!(unmade, [""; 0]);
    }

    #[test]
    #[should_panic(expected = "is not percent-encoded in")]
    fn an_unencoded_slash_in_a_segment_is_detected() {
        decode("a/b", "");
    }

    #[test]
    #[should_panic(expected = "expected a URI under")]
    fn a_wrong_origin_is_detected() {
        below(&"https://api.spotify.com.example/v1".parse().expect("expected a URI"), &Origin::api());
    }
}
