//! The input of an operation: decoded path parameters, query, body, and the caller.

use std::sync::Arc;
use std::time::SystemTime;

use http::header::{ACCEPT_LANGUAGE, HeaderMap};
use http::{Request, StatusCode};
use serde_json::Value;

use super::api_response::ApiResponse;
use super::page::{Address, Window};
pub(super) use crate::encoding::pairs;

/// The caller, identified by the access token of the request.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    /// The application itself, without a user.
    App,
    /// A user of the application, with the scopes that the user granted.
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

    /// Returns the value of the first path parameter.
    pub(super) fn param(&self) -> &str {
        self.params.first().map_or("", String::as_str)
    }

    /// Returns the value of the first path parameter, or a refusal if it does not have the form of a base-62 id.
    pub(super) fn id(&self) -> Result<&str, ApiResponse> {
        base62(self.param())
    }

    /// Returns a query parameter, or `None` if it is missing or empty.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let (_, value) = self.query.iter().find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// Returns the elements of a comma-separated query parameter, or `None` if it is missing or empty.
    pub(super) fn list(&self, name: &str) -> Option<Vec<&str>> {
        self.query(name).map(|value| value.split(',').filter(|part| !part.is_empty()).collect())
    }

    /// Returns the elements of a comma-separated query parameter, or `None` if it is missing.
    pub(super) fn list_or_empty(&self, name: &str) -> Option<Vec<&str>> {
        let is_there = self.query.iter().any(|(key, _)| key == name);
        is_there.then(|| self.list(name).unwrap_or_default())
    }

    pub(super) fn header(&self, name: http::header::HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns whether a market applies, which is the `market` parameter or the country of the user.
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

    /// Refuses the request if its token has none of these scopes.
    pub(super) fn need_any(&self, scopes: &[&str]) -> Result<(), ApiResponse> {
        if scopes.iter().any(|scope| self.has_scope(scope)) {
            return Ok(());
        }
        Err(ApiResponse::error(StatusCode::FORBIDDEN, "Insufficient client scope"))
    }

    /// Returns the `limit` parameter.
    pub(super) fn limit(&self, default: usize, max: usize) -> Result<usize, ApiResponse> {
        match self.query("limit") {
            None => Ok(default),
            Some(text) => {
                let limit = text.parse().ok().filter(|limit| (1..=max).contains(limit));
                limit.ok_or_else(|| ApiResponse::bad_request("Invalid limit"))
            }
        }
    }

    /// Returns the `offset` and `limit` parameters.
    pub(super) fn window(&self, default: usize, max: usize) -> Result<Window, ApiResponse> {
        let limit = self.limit(default, max)?;
        let offset = match self.query("offset") {
            None => 0,
            Some(text) => text.parse().map_err(|_| ApiResponse::bad_request("Invalid offset"))?,
        };
        Ok(Window { offset, limit })
    }

    /// Returns the address of the requested list. The addresses of its pages repeat these parameters and the language.
    pub(super) fn address(&self, path: impl Into<String>, repeated: &[&str]) -> Address {
        let given =
            repeated.iter().filter_map(|name| Some(((*name).to_owned(), self.query(name)?.to_owned())));
        let locale = self.header(ACCEPT_LANGUAGE).map(|locale| ("locale".to_owned(), locale.to_owned()));
        Address::new(path, given.chain(locale).collect())
    }

    /// Parses the body as a JSON object. An empty body is treated as an empty object.
    pub(super) fn json(&self) -> Result<Value, ApiResponse> {
        let value = self.json_or_list()?;
        if value.is_object() { Ok(value) } else { Err(ApiResponse::bad_request("Malformed json")) }
    }

    /// Parses the body as a JSON object or list. An empty body is treated as an empty object.
    pub(super) fn json_or_list(&self) -> Result<Value, ApiResponse> {
        if self.body.is_empty() {
            return Ok(Value::Object(serde_json::Map::new()));
        }
        let value: Option<Value> = serde_json::from_slice(self.body).ok();
        let value = value.filter(|value| value.is_object() || value.is_array());
        value.ok_or_else(|| ApiResponse::bad_request("Malformed json"))
    }
}

/// Returns the id, or a refusal if it does not have the form of a base-62 id.
pub(super) fn base62(id: &str) -> Result<&str, ApiResponse> {
    let is_id = id.len() == 22 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_id { Ok(id) } else { Err(ApiResponse::bad_request("Invalid base62 id")) }
}

/// Returns a member of an object, or `null` if the member is missing.
pub(super) fn member<'v>(value: &'v Value, name: &str) -> &'v Value {
    value.get(name).unwrap_or(&Value::Null)
}
