//! Faults that can be injected in tests.

use std::fmt;

use http::header::CONTENT_TYPE;
use http::{Response, StatusCode};

use super::api_response::{ApiResponse, Caching};
use super::route;

/// A fault that affects one request.
///
/// Faults are queued with [`Fake::script`], and each fault is consumed by the first matching request. The four list
/// faults ([`EmptyPage`](Self::EmptyPage), [`ZeroPage`](Self::ZeroPage), [`NextOmitted`](Self::NextOmitted) and
/// [`PlaylistItemsOmitted`](Self::PlaylistItemsOmitted)) remain queued until they apply to a response, as do later
/// faults for the same path. [`Scripted`] parses a fault from text.
///
/// [`Fake::script`]: super::Fake::script
#[derive(Clone)]
#[non_exhaustive]
pub enum InjectedFault {
    /// 429 for the rolling 30-second rate limit, as JSON without a content type ([rate limits]).
    ///
    /// [rate limits]: https://developer.spotify.com/documentation/web-api/concepts/rate-limits
    RateLimited {
        /// Value of the `Retry-After` header: seconds, a date, or any other text; `None` omits it.
        retry_after: Option<String>,
    },
    /// 429 for an exceeded developer quota, with `"reason": "QUOTA_EXCEEDED"` ([quota modes]).
    ///
    /// [quota modes]: https://developer.spotify.com/documentation/web-api/concepts/quota-modes
    QuotaExceeded {
        /// Value of the `Retry-After` header; `None` omits it.
        retry_after: Option<String>,
    },
    /// 429 in plain text without a content type, as older applications receive it.
    RateLimitedText {
        /// Value of the `Retry-After` header; `None` omits it.
        retry_after: Option<String>,
    },
    /// The given status with the API's error object.
    Status(StatusCode),
    /// The given status with the API's error object and no content type, as recorded for 503.
    Unlabelled(StatusCode),
    /// The given status without a body.
    Empty(StatusCode),
    /// 502 with the HTML page of the proxy in front of the API.
    BadGatewayHtml,
    /// 504 with the plain text of the proxy in front of the API when its request has timed out.
    GatewayTimeoutText,
    /// 403 in plain text without a content type, for a user who is not registered with the application.
    PlainText,
    /// 401 with `Access token missing` although the token is valid. The next request with the same token succeeds. This
    /// has been observed on `/me/player` and `/me/player/devices` at track changes.
    SpuriousUnauthorized,
    /// 401 with `Permissions missing`, for a valid token that lacks a scope. The player sends this response.
    PermissionsMissing,
    /// The given status and message in the API's error object.
    Error {
        /// Status of the response.
        status: StatusCode,
        /// Text of the `error.message` field.
        message: String,
    },
    /// An empty page with a `next` address, in the middle of a list.
    EmptyPage,
    /// An empty page with `limit: 0`, `total: 0` and no `next`.
    ZeroPage,
    /// A page without a `next` address although the list continues.
    NextOmitted,
    /// A playlist whose `items` and `tracks` are only `{href, total}`, without the first page.
    PlaylistItemsOmitted,
    /// 401 for an access token, which remains invalid. Requests without a token are not affected.
    ExpiredToken,
    /// The request is lost before it reaches the server.
    LostBefore,
    /// The server executes the request, but the response is lost.
    LostAfter,
    /// The given response, regardless of the request.
    Raw(Response<Vec<u8>>),
}

impl InjectedFault {
    /// Returns a 429 for the rolling 30-second rate limit, with a `Retry-After` in seconds.
    #[must_use]
    pub fn rate_limited(seconds: u64) -> Self {
        Self::RateLimited { retry_after: Some(seconds.to_string()) }
    }

    /// Returns a 429 for the rolling 30-second rate limit, with the given text as `Retry-After`; `None` omits the
    /// header.
    #[must_use]
    pub fn rate_limited_with(retry_after: Option<&str>) -> Self {
        Self::RateLimited { retry_after: retry_after.map(str::to_owned) }
    }

    /// Returns a 429 for an exceeded quota, with a `Retry-After` in seconds.
    #[must_use]
    pub fn quota_exceeded(seconds: u64) -> Self {
        Self::QuotaExceeded { retry_after: Some(seconds.to_string()) }
    }

    /// Returns a 429 for an exceeded quota, with the given text as `Retry-After`; `None` omits the header.
    #[must_use]
    pub fn quota_exceeded_with(retry_after: Option<&str>) -> Self {
        Self::QuotaExceeded { retry_after: retry_after.map(str::to_owned) }
    }

    /// Returns an error response with the given status and message in the API's error object, such as 502 with `Error
    /// while loading resource`.
    #[must_use]
    pub fn error(status: StatusCode, message: impl Into<String>) -> Self {
        Self::Error { status, message: message.into() }
    }

    /// Restricts the fault to requests whose path begins with `prefix`, such as `/v1/` or `/api/token`.
    #[must_use]
    pub fn at(self, prefix: impl Into<String>) -> Scripted {
        Scripted { prefix: prefix.into(), times: 1, fault: self }
    }

    /// Repeats the fault for `times` requests, for example to produce a series of 429 responses.
    #[must_use]
    pub fn times(self, times: usize) -> Scripted {
        self.at("").times(times)
    }

    /// Returns the response that this fault sends, or `None` if the fault affects the request or the response in
    /// another way.
    pub(super) fn response(&self) -> Option<ApiResponse> {
        const NOT_LISTED: &str =
            "Check settings on developer.spotify.com/dashboard, the user may not be registered.";
        match self {
            Self::RateLimited { retry_after } => Some(ApiResponse::rate_limited(retry_after.as_deref())),
            Self::QuotaExceeded { retry_after } => Some(ApiResponse::quota_exceeded(retry_after.as_deref())),
            Self::RateLimitedText { retry_after } => {
                Some(ApiResponse::rate_limited_text(retry_after.as_deref()))
            }
            Self::Status(status) => Some(ApiResponse::error(*status, reason(*status))),
            Self::Unlabelled(status) => Some(ApiResponse::unlabelled(*status, reason(*status))),
            Self::Empty(status) => Some(ApiResponse::text(*status, Caching::Silent, "")),
            Self::BadGatewayHtml => Some(ApiResponse::html(StatusCode::BAD_GATEWAY)),
            Self::GatewayTimeoutText => Some(
                ApiResponse::text(StatusCode::GATEWAY_TIMEOUT, Caching::Silent, "upstream request timeout")
                    .header(CONTENT_TYPE, "text/plain"),
            ),
            Self::PlainText => Some(ApiResponse::text(StatusCode::FORBIDDEN, Caching::Never, NOT_LISTED)),
            Self::SpuriousUnauthorized => Some(unauthorized("Access token missing")),
            Self::PermissionsMissing => Some(unauthorized("Permissions missing")),
            Self::Error { status, message } => Some(ApiResponse::error(*status, message)),
            Self::EmptyPage | Self::ZeroPage | Self::NextOmitted | Self::PlaylistItemsOmitted => None,
            Self::ExpiredToken | Self::LostBefore | Self::LostAfter | Self::Raw(_) => None,
        }
    }
}

/// Returns a 401 with the given message and no challenge.
fn unauthorized(message: &str) -> ApiResponse {
    ApiResponse::error(StatusCode::UNAUTHORIZED, message)
}

/// Returns the API's default message for a status.
fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Something went wrong")
}

impl fmt::Debug for InjectedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RateLimited { retry_after } => write!(f, "RateLimited({retry_after:?})"),
            Self::QuotaExceeded { retry_after } => write!(f, "QuotaExceeded({retry_after:?})"),
            Self::RateLimitedText { retry_after } => write!(f, "RateLimitedText({retry_after:?})"),
            Self::Status(status) => write!(f, "Status({status})"),
            Self::Unlabelled(status) => write!(f, "Unlabelled({status})"),
            Self::Empty(status) => write!(f, "Empty({status})"),
            Self::BadGatewayHtml => f.write_str("BadGatewayHtml"),
            Self::GatewayTimeoutText => f.write_str("GatewayTimeoutText"),
            Self::PlainText => f.write_str("PlainText"),
            Self::SpuriousUnauthorized => f.write_str("SpuriousUnauthorized"),
            Self::PermissionsMissing => f.write_str("PermissionsMissing"),
            Self::Error { status, message } => write!(f, "Error({status}, {message:?})"),
            Self::EmptyPage => f.write_str("EmptyPage"),
            Self::ZeroPage => f.write_str("ZeroPage"),
            Self::NextOmitted => f.write_str("NextOmitted"),
            Self::PlaylistItemsOmitted => f.write_str("PlaylistItemsOmitted"),
            Self::ExpiredToken => f.write_str("ExpiredToken"),
            Self::LostBefore => f.write_str("LostBefore"),
            Self::LostAfter => f.write_str("LostAfter"),
            // A raw response may contain tokens.
            Self::Raw(response) => write!(f, "Raw({}, ..)", response.status()),
        }
    }
}

/// A fault that applies to a number of requests whose paths have a certain prefix. A plain [`InjectedFault`] applies to
/// one request with any path.
///
/// The text form consists of the name of a fault and its parameters:
///
/// | text | fault |
/// |---|---|
/// | `rate-limited [retry-after=TEXT]` | [`InjectedFault::RateLimited`] |
/// | `quota-exceeded [retry-after=TEXT]` | [`InjectedFault::QuotaExceeded`] |
/// | `rate-limited-text [retry-after=TEXT]` | [`InjectedFault::RateLimitedText`] |
/// | `status status=CODE`, `unlabelled status=CODE`, `empty status=CODE` | [`InjectedFault::Status`], [`InjectedFault::Unlabelled`], [`InjectedFault::Empty`] |
/// | `error status=CODE message=TEXT` | [`InjectedFault::Error`]; the message extends to the end of the text |
/// | `bad-gateway-html`, `gateway-timeout-text`, `user-not-registered` | [`InjectedFault::BadGatewayHtml`], [`InjectedFault::GatewayTimeoutText`], [`InjectedFault::PlainText`] |
/// | `spurious-unauthorized`, `permissions-missing`, `expired-token` | [`InjectedFault::SpuriousUnauthorized`], [`InjectedFault::PermissionsMissing`], [`InjectedFault::ExpiredToken`] |
/// | `empty-page`, `zero-page`, `next-omitted`, `playlist-items-omitted` | the four list faults |
/// | `lost-before`, `lost-after` | [`InjectedFault::LostBefore`], [`InjectedFault::LostAfter`] |
///
/// All faults accept `at=PREFIX` ([`InjectedFault::at`]) and `times=NUMBER` ([`InjectedFault::times`]).
///
/// ```
/// use spotify_proto_testing::fake::{Fake, Scripted};
///
/// let mut spotify = Fake::new();
/// spotify.script(["rate-limited retry-after=3 times=4 at=/v1/me".parse::<Scripted>()?]);
/// assert_eq!(spotify.scripted(), 4);
/// let error = "rate-limitd".parse::<Scripted>().expect_err("a typo");
/// assert_eq!(error.to_string(), "unknown fault \"rate-limitd\"");
/// # Ok::<(), spotify_proto_testing::fake::ParseFaultError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scripted {
    prefix: String,
    times: usize,
    fault: InjectedFault,
}

impl Scripted {
    /// Repeats the fault for `times` requests.
    #[must_use]
    pub const fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Returns the reason why no request can match this fault, or `None` if a request can match it.
    pub(super) fn problem(&self) -> Option<String> {
        if self.times == 0 {
            return Some("expected a number of requests, got 0".to_owned());
        }
        let is_path = self.prefix.is_empty() || route::begins_a_path(&self.prefix);
        (!is_path).then(|| format!("no path of the fake begins with {:?}", self.prefix))
    }
}

impl From<InjectedFault> for Scripted {
    fn from(fault: InjectedFault) -> Self {
        fault.at("")
    }
}

/// The pending faults, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Script(Vec<Scripted>);

impl Script {
    pub(super) fn push(&mut self, fault: Scripted) {
        self.0.push(fault);
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|scripted| scripted.times).sum()
    }

    /// Returns the first pending fault for this path.
    pub(super) fn first(&self, path: &str) -> Option<&InjectedFault> {
        self.0.iter().find(|scripted| path.starts_with(&scripted.prefix)).map(|scripted| &scripted.fault)
    }

    /// Consumes the first pending fault for this path.
    pub(super) fn take(&mut self, path: &str) -> Option<InjectedFault> {
        let at = self.0.iter().position(|scripted| path.starts_with(&scripted.prefix))?;
        let scripted = self.0.get_mut(at)?;
        scripted.times = scripted.times.saturating_sub(1);
        if scripted.times > 0 { Some(scripted.fault.clone()) } else { Some(self.0.remove(at).fault) }
    }
}
