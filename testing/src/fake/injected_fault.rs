//! What can go wrong, on demand.

use std::fmt;

use http::header::CONTENT_TYPE;
use http::{Response, StatusCode};

use super::api_response::{ApiResponse, Caching};
use super::route;

/// One thing that goes wrong with one request.
///
/// Faults wait in a queue; each is used up by the first request that it matches ([`Fake::script`]). The four faults of
/// lists wait for a response that they can change, and later faults for the same path wait with them. [`Scripted`] parses
/// a fault from text.
///
/// [`Fake::script`]: super::Fake::script
#[derive(Clone)]
#[non_exhaustive]
pub enum InjectedFault {
    /// 429 of the rolling 30-second window: JSON, no content type ([rate limits]).
    ///
    /// [rate limits]: https://developer.spotify.com/documentation/web-api/concepts/rate-limits
    RateLimited {
        /// The `Retry-After` header: seconds, a date, anything; `None` leaves it out.
        retry_after: Option<String>,
    },
    /// 429 of the developer's quota: `"reason": "QUOTA_EXCEEDED"` ([quota modes]).
    ///
    /// [quota modes]: https://developer.spotify.com/documentation/web-api/concepts/quota-modes
    QuotaExceeded {
        /// The `Retry-After` header; `None` leaves it out.
        retry_after: Option<String>,
    },
    /// 429 in plain text, without a content type, as older applications have got it.
    RateLimitedText {
        /// The `Retry-After` header; `None` leaves it out.
        retry_after: Option<String>,
    },
    /// This status with the API's error object.
    Status(StatusCode),
    /// This status with the API's error object and no content type, as 503 has been recorded.
    Unlabelled(StatusCode),
    /// This status and nothing else.
    Empty(StatusCode),
    /// 502 with a page of the proxy in front.
    BadGatewayHtml,
    /// 504 with the text of the proxy in front, which gave up waiting.
    GatewayTimeoutText,
    /// 403 in plain text, without a content type: the user is not on the application's list.
    PlainText,
    /// 401 with `Access token missing` although the token is valid. The next request with the same token succeeds: seen
    /// on `/me/player` and `/me/player/devices` at track changes.
    SpuriousUnauthorized,
    /// 401 with `Permissions missing`: a scope is missing, and the token is valid. The player responds like this.
    PermissionsMissing,
    /// This status with the API's error object and this message.
    Error {
        /// The status.
        status: StatusCode,
        /// The `error.message`.
        message: String,
    },
    /// A page in the middle of a list is empty and has a `next`.
    EmptyPage,
    /// A page of a list is empty, with `limit: 0`, `total: 0` and no `next`.
    ZeroPage,
    /// A page of a list has no `next` although the list continues.
    NextOmitted,
    /// `items` and `tracks` of a playlist are only `{href, total}`, without its first page.
    PlaylistItemsOmitted,
    /// The request's access token expires now: 401, and the token stays dead. A request without one goes on.
    ExpiredToken,
    /// The request never reaches the server.
    LostBefore,
    /// The server acts, and its answer is lost.
    LostAfter,
    /// This answer, whatever the request.
    Raw(Response<Vec<u8>>),
}

impl InjectedFault {
    /// 429 of the short window, with seconds to wait.
    #[must_use]
    pub fn rate_limited(seconds: u64) -> Self {
        Self::RateLimited { retry_after: Some(seconds.to_string()) }
    }

    /// 429 of the short window, with this text as `Retry-After`, or without the header.
    #[must_use]
    pub fn rate_limited_with(retry_after: Option<&str>) -> Self {
        Self::RateLimited { retry_after: retry_after.map(str::to_owned) }
    }

    /// 429 of the quota, with seconds to wait.
    #[must_use]
    pub fn quota_exceeded(seconds: u64) -> Self {
        Self::QuotaExceeded { retry_after: Some(seconds.to_string()) }
    }

    /// 429 of the quota, with this text as `Retry-After`, or without the header.
    #[must_use]
    pub fn quota_exceeded_with(retry_after: Option<&str>) -> Self {
        Self::QuotaExceeded { retry_after: retry_after.map(str::to_owned) }
    }

    /// This status with the API's error object and this message, such as 502 with `Error while loading resource`.
    #[must_use]
    pub fn error(status: StatusCode, message: impl Into<String>) -> Self {
        Self::Error { status, message: message.into() }
    }

    /// The same for requests whose path begins with `prefix` only, such as `/v1/` or `/api/token`.
    #[must_use]
    pub fn at(self, prefix: impl Into<String>) -> Scripted {
        Scripted { prefix: prefix.into(), times: 1, fault: self }
    }

    /// The same fault for `times` requests, such as a series of 429.
    #[must_use]
    pub fn times(self, times: usize) -> Scripted {
        self.at("").times(times)
    }

    /// The answer of a fault that has one of its own.
    pub(super) fn answer(&self) -> Option<ApiResponse> {
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

/// 401 with a message of its own and without a challenge.
fn unauthorized(message: &str) -> ApiResponse {
    ApiResponse::error(StatusCode::UNAUTHORIZED, message)
}

/// What the API says where it has nothing to say.
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
            // A raw answer may carry tokens.
            Self::Raw(response) => write!(f, "Raw({}, ..)", response.status()),
        }
    }
}

/// A fault, the paths it is for, and the number of requests; a plain [`InjectedFault`] is for one request of any path.
///
/// Parsed from text, it is the name of a fault with parameters:
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
/// | `empty-page`, `zero-page`, `next-omitted`, `playlist-items-omitted` | the faults of lists |
/// | `lost-before`, `lost-after` | [`InjectedFault::LostBefore`], [`InjectedFault::LostAfter`] |
///
/// All of them take `at=PREFIX` ([`InjectedFault::at`]) and `times=NUMBER` ([`InjectedFault::times`]).
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
    /// The same fault for `times` requests.
    #[must_use]
    pub const fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// What makes this fault one that no request can match.
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

/// The faults still to come, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Script(Vec<Scripted>);

impl Script {
    pub(super) fn push(&mut self, fault: Scripted) {
        self.0.push(fault);
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|scripted| scripted.times).sum()
    }

    /// The first fault that is for this path.
    pub(super) fn first(&self, path: &str) -> Option<&InjectedFault> {
        self.0.iter().find(|scripted| path.starts_with(&scripted.prefix)).map(|scripted| &scripted.fault)
    }

    /// Uses up the first fault that is for this path.
    pub(super) fn take(&mut self, path: &str) -> Option<InjectedFault> {
        let at = self.0.iter().position(|scripted| path.starts_with(&scripted.prefix))?;
        let scripted = self.0.get_mut(at)?;
        scripted.times = scripted.times.saturating_sub(1);
        if scripted.times > 0 { Some(scripted.fault.clone()) } else { Some(self.0.remove(at).fault) }
    }
}
