//! What the fake answers: status, body, and how it may be cached.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, IF_NONE_MATCH,
    RETRY_AFTER, VARY, WWW_AUTHENTICATE,
};
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use crate::time;

/// How an answer may be cached, by family of operations, as recorded since 2024.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Caching {
    /// Says nothing: errors of the gateway, refused tokens, limits, the accounts service.
    Silent,
    /// Music, playlists, search: revalidated each time, the same for everybody.
    Public,
    /// Shows and episodes: fresh for a minute.
    Minute,
    /// The user's library and whom the user follows: revalidated each time, for one user.
    Library,
    /// The user's playlists: revalidated each time, public in word, but different for each user.
    PublicByUser,
    /// New releases, categories and featured playlists: fresh for ten minutes, for one user.
    Browse,
    /// Not tagged, so of no use to keep: the player, the user's profile and tastes, writes, errors of the API.
    Never,
}

impl Caching {
    /// `Cache-Control`, whether there is an entity tag, and `Vary`.
    const fn headers(self) -> (Option<&'static str>, bool, Option<&'static str>) {
        match self {
            Self::Silent => (None, false, None),
            Self::Public => (Some("public, max-age=0"), true, None),
            Self::Minute => (Some("public, max-age=60"), true, None),
            Self::Library => (Some("private, max-age=0"), true, Some("Authorization")),
            Self::PublicByUser => (Some("public, max-age=0"), true, Some("Authorization")),
            Self::Browse => (Some("private, max-age=600"), false, Some("Authorization")),
            Self::Never => (Some("private, max-age=0"), false, None),
        }
    }
}

/// An answer before it becomes a response.
#[derive(Clone, Debug)]
pub(super) struct ApiResponse {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Vec<u8>,
    caching: Caching,
}

impl ApiResponse {
    /// An answer without body.
    pub(super) const fn empty(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), caching: Caching::Never }
    }

    /// 200 with a JSON body.
    pub(super) fn ok(caching: Caching, body: &Value) -> Self {
        Self::json(StatusCode::OK, caching, body)
    }

    /// A JSON body.
    pub(super) fn json(status: StatusCode, caching: Caching, body: &Value) -> Self {
        Self::text(status, caching, body.to_string()).header(CONTENT_TYPE, "application/json; charset=utf-8")
    }

    /// A text without a content type.
    pub(super) fn text(status: StatusCode, caching: Caching, body: impl Into<String>) -> Self {
        Self { caching, body: body.into().into_bytes(), ..Self::empty(status) }
    }

    /// A page of the proxies in front of the API.
    pub(super) fn html(status: StatusCode) -> Self {
        let reason = status.canonical_reason().unwrap_or_default();
        let body = format!(
            "<html><head>\n<title>{} {reason}</title>\n</head><body><h1>Error: {reason}</h1></body></html>\n",
            status.as_u16()
        );
        Self::text(status, Caching::Silent, body).header(CONTENT_TYPE, "text/html; charset=UTF-8")
    }

    /// The API's error object.
    pub(super) fn error(status: StatusCode, message: &str) -> Self {
        let error = json!({"error": {"status": status.as_u16(), "message": message}});
        Self::json(status, Caching::Never, &error)
    }

    /// The API's error object with a reason, as the player and the quota write it.
    pub(super) fn error_with_reason(status: StatusCode, message: &str, reason: &str) -> Self {
        let error = json!({"error": {"status": status.as_u16(), "message": message, "reason": reason}});
        Self::json(status, Caching::Never, &error)
    }

    /// 400 with a message.
    pub(super) fn bad_request(message: &str) -> Self {
        Self::error(StatusCode::BAD_REQUEST, message)
    }

    /// 404 for an id that names nothing.
    pub(super) fn not_found() -> Self {
        Self::error(StatusCode::NOT_FOUND, "Resource not found")
    }

    /// The response to the preflight request of a browser, with the headers that have been recorded.
    pub(super) fn preflight() -> Self {
        const HEADERS: &str = "Accept, App-Platform, Authorization, Content-Type, Origin, Retry-After, \
            Spotify-App-Version, X-Cloud-Trace-Context, client-token, content-access-token";
        Self { caching: Caching::Silent, ..Self::empty(StatusCode::NO_CONTENT) }
            .header(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS)
            .header(ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS, PUT, DELETE, PATCH")
            .header(ACCESS_CONTROL_MAX_AGE, "604800")
    }

    /// The JSON of a 200; `None` for any other response.
    pub(super) fn success_json(&self) -> Option<Value> {
        if self.status == StatusCode::OK { serde_json::from_slice(&self.body).ok() } else { None }
    }

    /// The same response with another JSON body.
    pub(super) fn with_json(&self, body: &Value) -> Self {
        Self { body: body.to_string().into_bytes(), ..self.clone() }
    }

    /// 403 as the gateway writes it, spaces included.
    pub(super) fn forbidden() -> Self {
        const BODY: &str = r#"{"error": {"status": 403, "message": "Forbidden" } }"#;
        Self::text(StatusCode::FORBIDDEN, Caching::Never, BODY)
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
    }

    /// 401: one message for every case since mid-2026, the detail in the header.
    pub(super) fn unauthorized(code: &str, detail: &str) -> Self {
        let message = "Missing/invalid/expired access token";
        let body = json!({"error": {"status": 401, "message": message}});
        let challenge = format!("Bearer realm=\"spotify\", error=\"{code}\", error_description=\"{detail}\"");
        Self::text(StatusCode::UNAUTHORIZED, Caching::Silent, body.to_string())
            .header(CONTENT_TYPE, "application/json")
            .header(WWW_AUTHENTICATE, &challenge)
    }

    /// 429 of the short window: JSON without a content type.
    pub(super) fn rate_limited(retry_after: Option<&str>) -> Self {
        let body = json!({"error": {"status": 429, "message": "API rate limit exceeded"}});
        let answer = Self::text(StatusCode::TOO_MANY_REQUESTS, Caching::Silent, body.to_string())
            .header(HeaderName::from_static("access-control-expose-headers"), "Retry-After");
        answer.retry_after(retry_after)
    }

    /// 429 in plain text, without a content type.
    pub(super) fn rate_limited_text(retry_after: Option<&str>) -> Self {
        Self::text(StatusCode::TOO_MANY_REQUESTS, Caching::Silent, "Too many requests")
            .retry_after(retry_after)
    }

    /// The API's error object without a content type.
    pub(super) fn unlabelled(status: StatusCode, message: &str) -> Self {
        let error = json!({"error": {"status": status.as_u16(), "message": message}});
        Self::text(status, Caching::Never, error.to_string())
    }

    /// 429 of the daily quota.
    pub(super) fn quota_exceeded(retry_after: Option<&str>) -> Self {
        let status = StatusCode::TOO_MANY_REQUESTS;
        let answer = Self::error_with_reason(status, "Too many requests", "QUOTA_EXCEEDED");
        Self { caching: Caching::Silent, ..answer }.retry_after(retry_after)
    }

    fn retry_after(self, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.header(RETRY_AFTER, value),
            None => self,
        }
    }

    /// Adds a header; a value that no header can hold is dropped.
    pub(super) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// The response to a request with these headers; a tag that the client knows makes it a 304.
    pub(super) fn into_response(self, request: &HeaderMap, now: SystemTime) -> Sent {
        let (cache_control, is_tagged, vary) = self.caching.headers();
        let tag = (is_tagged && self.status == StatusCode::OK).then(|| entity_tag(&self.body));
        let is_known = tag.as_deref().is_some_and(|tag| knows(request, tag));

        let mut response = Response::new(Vec::new());
        let headers = response.headers_mut();
        headers.insert(DATE, date(now));
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        for (name, value) in [(CACHE_CONTROL, cache_control), (VARY, vary)] {
            if let Some(value) = value {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        if let Some(tag) = tag.and_then(|tag| HeaderValue::try_from(tag).ok()) {
            headers.insert(ETAG, tag);
        }
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Sent { response, saved: self.body.len() };
        }
        headers.extend(self.headers);
        *response.status_mut() = self.status;
        *response.body_mut() = self.body;
        Sent::from(response)
    }
}

/// A response, and what it did not have to carry.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) response: Response<Vec<u8>>,
    /// Bytes of the body that a 304 stands for.
    pub(super) saved: usize,
}

impl From<Response<Vec<u8>>> for Sent {
    fn from(response: Response<Vec<u8>>) -> Self {
        Self { response, saved: 0 }
    }
}

/// A strong tag in the shape of the real ones: `"MC-` and base64 of a quoted digest.
fn entity_tag(body: &[u8]) -> String {
    let digest = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, body).hash(&mut hasher);
        hasher.finish()
    };
    let hex = format!("\"{:016x}{:016x}\"", digest(0), digest(1));
    format!("\"MC-{}\"", STANDARD.encode(hex))
}

/// Whether `If-None-Match` names the tag: weak comparison, lists, `*` (RFC 9110 §13.1.2).
fn knows(request: &HeaderMap, tag: &str) -> bool {
    let lines = request.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut known = lines.flat_map(|line| line.split(',')).map(str::trim);
    known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// The `Date` header; times that no HTTP date can say become the nearest that one can.
fn date(now: SystemTime) -> HeaderValue {
    let now = time::after(now.max(UNIX_EPOCH), Duration::ZERO);
    HeaderValue::try_from(httpdate::fmt_http_date(now)).expect("an HTTP date is ASCII")
}
