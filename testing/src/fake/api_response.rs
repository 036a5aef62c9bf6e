//! Responses of the fake, with status, caching headers and body.

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

/// Caching headers of a group of operations, as recorded since 2024.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Caching {
    /// No caching headers, as on gateway errors, refused tokens, rate limits, and responses of the accounts service.
    Silent,
    /// Music, playlists and search: always revalidated, the same for all users.
    Public,
    /// Shows and episodes: fresh for one minute.
    Minute,
    /// The user's library and followed artists: always revalidated, private to one user.
    Library,
    /// The user's playlists: always revalidated, marked as public although they differ between users.
    PublicByUser,
    /// New releases, categories and featured playlists: fresh for ten minutes, private to one user.
    Browse,
    /// The player, the user's profile and top items, writes, and API errors: not cacheable, without entity tags.
    Never,
}

impl Caching {
    /// Returns the value of `Cache-Control`, whether the response has an entity tag, and the value of `Vary`.
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

/// A response to which the entity tag and the date have not been added yet.
#[derive(Clone, Debug)]
pub(super) struct ApiResponse {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Vec<u8>,
    caching: Caching,
}

impl ApiResponse {
    /// Creates a response without a body.
    pub(super) const fn empty(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), caching: Caching::Never }
    }

    /// Creates a 200 response with a JSON body.
    pub(super) fn ok(caching: Caching, body: &Value) -> Self {
        Self::json(StatusCode::OK, caching, body)
    }

    /// Creates a response with a JSON body.
    pub(super) fn json(status: StatusCode, caching: Caching, body: &Value) -> Self {
        Self::text(status, caching, body.to_string()).header(CONTENT_TYPE, "application/json; charset=utf-8")
    }

    /// Creates a response with a text body and no content type.
    pub(super) fn text(status: StatusCode, caching: Caching, body: impl Into<String>) -> Self {
        Self { caching, body: body.into().into_bytes(), ..Self::empty(status) }
    }

    /// Creates an HTML error page like those of the proxies in front of the API.
    pub(super) fn html(status: StatusCode) -> Self {
        let reason = status.canonical_reason().unwrap_or_default();
        let body = format!(
            "<html><head>\n<title>{} {reason}</title>\n</head><body><h1>Error: {reason}</h1></body></html>\n",
            status.as_u16()
        );
        Self::text(status, Caching::Silent, body).header(CONTENT_TYPE, "text/html; charset=UTF-8")
    }

    /// Creates a response with the API's error object.
    pub(super) fn error(status: StatusCode, message: &str) -> Self {
        let error = json!({"error": {"status": status.as_u16(), "message": message}});
        Self::json(status, Caching::Never, &error)
    }

    /// Creates a response with the API's error object and a reason, as used for player errors and exceeded quotas.
    pub(super) fn error_with_reason(status: StatusCode, message: &str, reason: &str) -> Self {
        let error = json!({"error": {"status": status.as_u16(), "message": message, "reason": reason}});
        Self::json(status, Caching::Never, &error)
    }

    /// Creates a 400 response with a message.
    pub(super) fn bad_request(message: &str) -> Self {
        Self::error(StatusCode::BAD_REQUEST, message)
    }

    /// Creates the 404 response for an unknown id.
    pub(super) fn not_found() -> Self {
        Self::error(StatusCode::NOT_FOUND, "Resource not found")
    }

    /// Creates the response to a preflight request from a browser, with the recorded headers.
    pub(super) fn preflight() -> Self {
        const HEADERS: &str = "Accept, App-Platform, Authorization, Content-Type, Origin, Retry-After, \
            Spotify-App-Version, X-Cloud-Trace-Context, client-token, content-access-token";
        Self { caching: Caching::Silent, ..Self::empty(StatusCode::NO_CONTENT) }
            .header(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS)
            .header(ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS, PUT, DELETE, PATCH")
            .header(ACCESS_CONTROL_MAX_AGE, "604800")
    }

    /// Returns the JSON body of a 200 response, or `None` for any other response.
    pub(super) fn success_json(&self) -> Option<Value> {
        if self.status == StatusCode::OK { serde_json::from_slice(&self.body).ok() } else { None }
    }

    /// Returns the same response with the given JSON body.
    pub(super) fn with_json(&self, body: &Value) -> Self {
        Self { body: body.to_string().into_bytes(), ..self.clone() }
    }

    /// Creates the gateway's 403 response, including its irregular spaces.
    pub(super) fn forbidden() -> Self {
        const BODY: &str = r#"{"error": {"status": 403, "message": "Forbidden" } }"#;
        Self::text(StatusCode::FORBIDDEN, Caching::Never, BODY)
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
    }

    /// Creates a 401 response. Since mid-2026, the message has always been the same, and the details are in the header.
    pub(super) fn unauthorized(code: &str, detail: &str) -> Self {
        let message = "Missing/invalid/expired access token";
        let body = json!({"error": {"status": 401, "message": message}});
        let challenge = format!("Bearer realm=\"spotify\", error=\"{code}\", error_description=\"{detail}\"");
        Self::text(StatusCode::UNAUTHORIZED, Caching::Silent, body.to_string())
            .header(CONTENT_TYPE, "application/json")
            .header(WWW_AUTHENTICATE, &challenge)
    }

    /// Creates the 429 response for the rolling 30-second rate limit, which is JSON without a content type.
    pub(super) fn rate_limited(retry_after: Option<&str>) -> Self {
        let body = json!({"error": {"status": 429, "message": "API rate limit exceeded"}});
        let response = Self::text(StatusCode::TOO_MANY_REQUESTS, Caching::Silent, body.to_string())
            .header(HeaderName::from_static("access-control-expose-headers"), "Retry-After");
        response.retry_after(retry_after)
    }

    /// Creates a plain-text 429 response without a content type.
    pub(super) fn rate_limited_text(retry_after: Option<&str>) -> Self {
        Self::text(StatusCode::TOO_MANY_REQUESTS, Caching::Silent, "Too many requests")
            .retry_after(retry_after)
    }

    /// Creates a response with the API's error object and no content type.
    pub(super) fn unlabelled(status: StatusCode, message: &str) -> Self {
        let error = json!({"error": {"status": status.as_u16(), "message": message}});
        Self::text(status, Caching::Never, error.to_string())
    }

    /// Creates the 429 response for an exceeded daily quota.
    pub(super) fn quota_exceeded(retry_after: Option<&str>) -> Self {
        let status = StatusCode::TOO_MANY_REQUESTS;
        let response = Self::error_with_reason(status, "Too many requests", "QUOTA_EXCEEDED");
        Self { caching: Caching::Silent, ..response }.retry_after(retry_after)
    }

    fn retry_after(self, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.header(RETRY_AFTER, value),
            None => self,
        }
    }

    /// Adds a header unless its value is invalid.
    pub(super) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Returns the final response to a request with these headers, which is a 304 if the client already has the current
    /// entity tag.
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

/// A final response, and the number of body bytes saved by a 304.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) response: Response<Vec<u8>>,
    /// Size of the body that was not sent because the response is a 304, in bytes.
    pub(super) saved: usize,
}

impl From<Response<Vec<u8>>> for Sent {
    fn from(response: Response<Vec<u8>>) -> Self {
        Self { response, saved: 0 }
    }
}

/// Returns a strong entity tag in Spotify's format, which is `"MC-` followed by a digest in base64.
fn entity_tag(body: &[u8]) -> String {
    let digest = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, body).hash(&mut hasher);
        hasher.finish()
    };
    let hex = format!("\"{:016x}{:016x}\"", digest(0), digest(1));
    format!("\"MC-{}\"", STANDARD.encode(hex))
}

/// Returns whether `If-None-Match` matches the tag. Supports weak comparison, lists and `*` (RFC 9110 §13.1.2).
fn knows(request: &HeaderMap, tag: &str) -> bool {
    let lines = request.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut known = lines.flat_map(|line| line.split(',')).map(str::trim);
    known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// Returns the value of the `Date` header. Uses the nearest representable time if `now` is out of range.
fn date(now: SystemTime) -> HeaderValue {
    let now = time::after(now.max(UNIX_EPOCH), Duration::ZERO);
    HeaderValue::try_from(httpdate::fmt_http_date(now)).expect("an HTTP date should be ASCII")
}
