//! A request as the operations read it: decoded path parameters, query, body, and who asks.

use std::sync::Arc;
use std::time::SystemTime;

use http::header::{ACCEPT_LANGUAGE, HeaderMap};
use http::{Request, StatusCode};
use serde_json::Value;

use super::api_response::ApiResponse;
use super::page::{Address, Window};
pub(super) use crate::encoding::pairs;

/// Caller asks, by the token that was sent.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    /// The application itself.
    App,
    /// A user of it, with these scopes.
    User(Arc<[String]>),
}

/// A request to the API, after routing and authorization.
#[derive(Clone, Debug)]
pub(super) struct ApiRequest<'a> {
    pub(super) who: Caller,
    pub(super) now: SystemTime,
    pub(super) body: &'a [u8],
    headers: &'a HeaderMap,
    params: Vec<String>,
    query: Vec<(String, String)>,
}

impl<'a> ApiRequest<'a> {
    pub(super) fn new(
        request: &'a Request<Vec<u8>>,
        params: Vec<String>,
        who: Caller,
        now: SystemTime,
    ) -> Self {
        let query = pairs(request.uri().query().unwrap_or_default());
        Self { who, now, body: request.body(), headers: request.headers(), params, query }
    }

    /// The first placeholder of the path.
    pub(super) fn param(&self) -> &str {
        self.params.first().map_or("", String::as_str)
    }

    /// The first placeholder, when it has the form of a base-62 id.
    pub(super) fn id(&self) -> Result<&str, ApiResponse> {
        base62(self.param())
    }

    /// A query parameter that is there and not empty.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let (_, value) = self.query.iter().find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// A query parameter that is a comma list.
    pub(super) fn list(&self, name: &str) -> Option<Vec<&str>> {
        self.query(name).map(|value| value.split(',').filter(|part| !part.is_empty()).collect())
    }

    /// A query parameter that is a comma list, and may be an empty one.
    pub(super) fn list_or_empty(&self, name: &str) -> Option<Vec<&str>> {
        let is_there = self.query.iter().any(|(key, _)| key == name);
        is_there.then(|| self.list(name).unwrap_or_default())
    }

    pub(super) fn header(&self, name: http::header::HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether a market applies: the user's country, or the parameter.
    pub(super) fn has_market(&self) -> Result<bool, ApiResponse> {
        match self.query("market") {
            Some("from_token") => Ok(matches!(self.who, Caller::User(_))),
            Some(code) if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => Ok(true),
            Some(_) => Err(ApiResponse::bad_request("Invalid market code")),
            None => Ok(matches!(self.who, Caller::User(_))),
        }
    }

    pub(super) fn has_scope(&self, scope: &str) -> bool {
        matches!(&self.who, Caller::User(scopes) if scopes.iter().any(|granted| granted == scope))
    }

    /// Refuses without one of these scopes.
    pub(super) fn need_any(&self, scopes: &[&str]) -> Result<(), ApiResponse> {
        if scopes.iter().any(|scope| self.has_scope(scope)) {
            return Ok(());
        }
        Err(ApiResponse::error(StatusCode::FORBIDDEN, "Insufficient client scope"))
    }

    /// `limit` alone.
    pub(super) fn limit(&self, default: usize, max: usize) -> Result<usize, ApiResponse> {
        match self.query("limit") {
            None => Ok(default),
            Some(text) => {
                let limit = text.parse().ok().filter(|limit| (1..=max).contains(limit));
                limit.ok_or_else(|| ApiResponse::bad_request("Invalid limit"))
            }
        }
    }

    /// `offset` and `limit`.
    pub(super) fn window(&self, default: usize, max: usize) -> Result<Window, ApiResponse> {
        let limit = self.limit(default, max)?;
        let offset = match self.query("offset") {
            None => 0,
            Some(text) => text.parse().map_err(|_| ApiResponse::bad_request("Invalid offset"))?,
        };
        Ok(Window { offset, limit })
    }

    /// The address of the list that is asked for; pages repeat these parameters, and the language.
    pub(super) fn address(&self, path: impl Into<String>, repeated: &[&str]) -> Address {
        let given =
            repeated.iter().filter_map(|name| Some(((*name).to_owned(), self.query(name)?.to_owned())));
        let locale = self.header(ACCEPT_LANGUAGE).map(|locale| ("locale".to_owned(), locale.to_owned()));
        Address::new(path, given.chain(locale).collect())
    }

    /// The body as a JSON object; an empty body is an empty object.
    pub(super) fn json(&self) -> Result<Value, ApiResponse> {
        let value = self.json_or_list()?;
        if value.is_object() { Ok(value) } else { Err(ApiResponse::bad_request("Malformed json")) }
    }

    /// The body as a JSON object or list; an empty body is an empty object.
    pub(super) fn json_or_list(&self) -> Result<Value, ApiResponse> {
        if self.body.is_empty() {
            return Ok(Value::Object(serde_json::Map::new()));
        }
        let value: Option<Value> = serde_json::from_slice(self.body).ok();
        let value = value.filter(|value| value.is_object() || value.is_array());
        value.ok_or_else(|| ApiResponse::bad_request("Malformed json"))
    }
}

/// The id, or the refusal of what cannot be one.
pub(super) fn base62(id: &str) -> Result<&str, ApiResponse> {
    let is_id = id.len() == 22 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_id { Ok(id) } else { Err(ApiResponse::bad_request("Invalid base62 id")) }
}

/// A member of an object; null where there is none.
pub(super) fn member<'v>(value: &'v Value, name: &str) -> &'v Value {
    value.get(name).unwrap_or(&Value::Null)
}
