//! What can go wrong, on demand.

use std::fmt;

use http::header::CONTENT_TYPE;
use http::{Response, StatusCode};

use super::api_response::{ApiResponse, Caching};

/// One thing that goes wrong with one request.
///
/// Faults wait in a queue; each is used up by the first request that it matches ([`Fake::script`]).
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

    /// The same for requests whose path begins with `prefix` only, such as `/v1/` or `/api/token`.
    #[must_use]
    pub fn at(self, prefix: impl Into<String>) -> Scripted {
        Scripted { prefix: prefix.into(), fault: self }
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
            Self::ExpiredToken | Self::LostBefore | Self::LostAfter | Self::Raw(_) => None,
        }
    }
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
            Self::ExpiredToken => f.write_str("ExpiredToken"),
            Self::LostBefore => f.write_str("LostBefore"),
            Self::LostAfter => f.write_str("LostAfter"),
            // A raw answer may carry tokens.
            Self::Raw(response) => write!(f, "Raw({}, ..)", response.status()),
        }
    }
}

/// A fault and the paths it is for; a plain [`InjectedFault`] is for every path.
#[derive(Clone, Debug)]
pub struct Scripted {
    prefix: String,
    fault: InjectedFault,
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
        self.0.len()
    }

    /// Takes the first fault that is for this path.
    pub(super) fn take(&mut self, path: &str) -> Option<InjectedFault> {
        let at = self.0.iter().position(|scripted| path.starts_with(&scripted.prefix))?;
        Some(self.0.remove(at).fault)
    }
}
