//! Readers of stored state: entries, policies, tokens, logins, and the state of a rate limiter.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use spotify_proto::cache::{Entry, Policy};
use spotify_proto::{App, Login, RateLimiter, Scopes, Secret, Session, Tokens};

use super::cache::{at, fresh, get};
use super::{Case, Fields, case, joined, repeated};

fn read<T: DeserializeOwned>(text: &String) -> Option<T> {
    serde_json::from_str(text).ok()
}

/// Returns a stored policy with the given header fields.
fn policy(headers: Value) -> Value {
    let policy = Policy::storable(&get(&[]), &fresh(&[]), at(0), at(0)).expect("a storable response");
    let mut policy = serde_json::to_value(policy).expect("plain data");
    policy["headers"] = headers;
    policy
}

fn entry(key: &str, body: &str) -> String {
    json!({"version": 3, "key": key, "policy": policy(json!([["etag", "1"]])), "body": body}).to_string()
}

/// Returns a stored policy with many header fields of about 16 bytes each.
fn headers(len: usize, field: impl Fn(usize) -> Value) -> Fields {
    let count = len / 16;
    Fields { text: policy((0..count).map(field).collect()).to_string(), count }
}

fn read_policy(fields: &Fields) -> Option<Policy> {
    read(&fields.text)
}

fn different(number: usize) -> Value {
    json!([format!("x-{number:05}"), "1"])
}

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("stored Policy", "many names", |len| headers(len, different), read_policy),
        case(
            "stored Policy",
            "one name many times",
            |len| headers(len, |_| json!(["x", "123456"])),
            read_policy,
        ),
        case(
            "stored Policy",
            "a long value",
            |len| policy(json!([["x", "a".repeat(len)]])).to_string(),
            read::<Policy>,
        ),
        case(
            "stored Policy",
            "a value that is not ASCII",
            |len| policy(json!([["x", "é".repeat(len / 2)]])).to_string(),
            read::<Policy>,
        ),
        case(
            "stored Policy",
            "not a policy",
            |len| format!("[{}]", joined(len, ",", |_| "[]".to_owned())),
            read::<Policy>,
        ),
        case("stored Entry", "a long body", |len| entry("u /x", &repeated(len, "{#a#:1}")), read::<Entry>),
        case(
            "stored Entry",
            "a body of escapes",
            |len| entry("u /x", &repeated(len / 2, "\"\\")),
            read::<Entry>,
        ),
        case("stored Entry", "a long key", |len| entry(&repeated(len, "u /x "), "{}"), read::<Entry>),
    ];
    cases.extend(tokens());
    cases.extend(limits());
    cases
}

fn tokens() -> Vec<Case> {
    let scopes = |len| {
        json!({"refresh_token": "r", "scope": joined(len, " ", |number| format!("s{number:x}"))}).to_string()
    };
    let long = |len| json!({"refresh_token": "r".repeat(len), "access_token": "a"}).to_string();
    let members = |len| {
        format!("{{\"refresh_token\":\"r\",{}}}", joined(len, ",", |number| format!("\"k{number:x}\":[]")))
    };
    let login = |field: &str, value: String| {
        let mut login =
            json!({"client_id": "c", "redirect_uri": "https://app.example/", "scopes": "", "state": "s"});
        login[field] = value.into();
        login.to_string()
    };
    vec![
        case("stored Tokens", "different scopes", scopes, read::<Tokens>),
        case("stored Tokens", "a long token", long, read::<Tokens>),
        case("stored Tokens", "unknown members", members, read::<Tokens>),
        case("Session::from_tokens", "different scopes", scopes, |text| {
            read::<Tokens>(text).map(Session::from_tokens)
        }),
        case("Session::secrets", "a long token", long, |text| {
            let session = read::<Tokens>(text).map(Session::from_tokens).expect("tokens");
            session.secrets(&App::public("client"))
        }),
        case(
            "stored Login",
            "different scopes",
            move |len| login("scopes", joined(len, " ", |number| format!("s{number:x}"))),
            read::<Login>,
        ),
        case("stored Login", "a long state", move |len| login("state", "s".repeat(len)), read::<Login>),
        case(
            "stored Scopes",
            "different scopes",
            |len| json!(joined(len, " ", |number| format!("s{number:x}"))).to_string(),
            read::<Scopes>,
        ),
        case("Secret", "a long text", |len| "s".repeat(len), |text| Secret::from(text.as_str())),
    ]
}

fn limits() -> Vec<Case> {
    let block = || json!({"until": 1000, "from": 0});
    let limiter = |field: &str, value: Value| json!({field: value}).to_string();
    vec![
        case(
            "stored RateLimiter",
            "many blocks",
            move |len| limiter("all", (0..len / 24).map(|_| block()).collect()),
            read::<RateLimiter>,
        ),
        case(
            "stored RateLimiter",
            "many routes",
            move |len| {
                let routes = (0..len / 24).map(|number| (format!("/v1/{number}"), json!([])));
                limiter("routes", Value::Object(routes.collect()))
            },
            read::<RateLimiter>,
        ),
        case(
            "stored RateLimiter",
            "many refusals",
            move |len| {
                let routes = (0..len / 16).map(|number| (format!("/v1/{number}"), json!(1)));
                limiter("refusals", Value::Object(routes.collect()))
            },
            read::<RateLimiter>,
        ),
    ]
}
