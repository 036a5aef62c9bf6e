//! Failures of the network and of the servers, in the forms that have been observed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Response, StatusCode};
use spotify_proto_testing::fake::InjectedFault;

use super::DecisionSource;

/// The kind of failure of a request.
#[derive(Clone, Debug)]
pub enum NetworkFault {
    None,
    LostBefore,
    LostAfter,
    /// A proxy delivers the request twice, and returns the first or the second response.
    Twice {
        is_second: bool,
    },
    Limited {
        fault: InjectedFault,
        after: After,
        /// A second `Retry-After` header.
        more: Option<&'static str>,
        is_quota: bool,
    },
    /// A 5xx response, which is sent either after the server has executed the request or without any effect.
    Outage {
        fault: InjectedFault,
        has_acted: bool,
    },
    /// The access token has expired.
    Expired,
    /// The user is not on the application's allow-list.
    NotListed,
    /// The page of a captive portal with status 200.
    Portal,
}

/// The value of a `Retry-After` header.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum After {
    Nothing,
    Seconds(u64),
    At(SystemTime),
}

impl After {
    /// Returns the time during which no request may be sent: at least one second and at most one day.
    pub fn wait(self, now: SystemTime) -> Duration {
        let requested = match self {
            Self::Nothing => Duration::ZERO,
            Self::Seconds(seconds) => Duration::from_secs(seconds),
            Self::At(at) => at.duration_since(now).unwrap_or_default(),
        };
        requested.clamp(Duration::from_secs(1), Duration::from_secs(86_400))
    }
}

/// Returns a random failure of a request to the API.
pub fn of_api(
    decisions: &mut impl DecisionSource,
    is_write: bool,
    has_own_limit: bool,
    real: SystemTime,
) -> NetworkFault {
    match decisions.below(24) {
        0..=2 => NetworkFault::LostBefore,
        3..=5 => NetworkFault::LostAfter,
        6..=7 => NetworkFault::Twice { is_second: decisions.below(2) == 0 },
        8..=12 => limited(decisions, !has_own_limit, real),
        13..=18 => outage(decisions),
        19..=20 => NetworkFault::Expired,
        21 => NetworkFault::NotListed,
        // Writes ignore the body of a successful response.
        22 if !is_write => NetworkFault::Portal,
        _ => NetworkFault::None,
    }
}

/// Returns a random failure of a token request. With token rotation, a lost response ends the login, so lost responses
/// are less frequent.
pub fn of_accounts(decisions: &mut impl DecisionSource, real: SystemTime) -> NetworkFault {
    match decisions.below(24) {
        0..=3 => NetworkFault::LostBefore,
        4 => NetworkFault::LostAfter,
        5 => NetworkFault::Twice { is_second: decisions.below(2) == 0 },
        6..=8 => limited(decisions, false, real),
        9..=14 => {
            let outage = outage(decisions);
            match outage {
                NetworkFault::Outage { fault, .. } => {
                    NetworkFault::Outage { fault, has_acted: decisions.once_in(12) }
                }
                other => other,
            }
        }
        15 => NetworkFault::Portal,
        _ => NetworkFault::None,
    }
}

fn outage(decisions: &mut impl DecisionSource) -> NetworkFault {
    let statuses =
        [500, 502, 503, 504].map(|status| StatusCode::from_u16(status).expect("expected a status"));
    let status = decisions.one_of(&statuses);
    let fault = match decisions.below(6) {
        0 => InjectedFault::Status(status),
        1 => InjectedFault::Unlabelled(status),
        2 => InjectedFault::Empty(status),
        3 => InjectedFault::BadGatewayHtml,
        4 => InjectedFault::GatewayTimeoutText,
        _ => InjectedFault::Raw(page(status)),
    };
    NetworkFault::Outage { fault, has_acted: decisions.below(2) == 0 }
}

/// Returns the error page of a proxy.
fn page(status: StatusCode) -> Response<Vec<u8>> {
    let reason = status.canonical_reason().unwrap_or_default();
    let body =
        format!("<html>\r\n<head><title>{status}</title></head><body><center>{reason}</center></body>");
    let response = Response::builder().status(status).header("content-type", "text/html");
    response.body(body.into_bytes()).expect("valid parts")
}

/// Observed forms of one or two `Retry-After` headers, with their values. The common forms are last.
const FORMS: &[(Option<&str>, Option<&str>, After)] = &[
    (Some("80000"), None, After::Seconds(80_000)),
    (Some("99999999999999999999999"), None, After::Seconds(u64::MAX)),
    (Some("-7"), None, After::Nothing),
    (Some("soon"), None, After::Nothing),
    (Some(""), None, After::Nothing),
    (Some("1.5"), None, After::Nothing),
    (Some("Sun, 06 Nov 1994 08:49:37 GMT"), None, After::At(UNIX_EPOCH)),
    (Some("3"), Some("9"), After::Seconds(3)),
    (Some("nonsense"), Some("4"), After::Seconds(4)),
    (Some(" 4 "), None, After::Seconds(4)),
    (Some("59"), None, After::Seconds(59)),
    (Some("31"), None, After::Seconds(31)),
    (Some("30"), None, After::Seconds(30)),
    (Some("0"), None, After::Seconds(0)),
    (None, None, After::Nothing),
    (Some("29"), None, After::Seconds(29)),
    (Some("11"), None, After::Seconds(11)),
    (Some("5"), None, After::Seconds(5)),
    (Some("3"), None, After::Seconds(3)),
    (Some("2"), None, After::Seconds(2)),
    (Some("1"), None, After::Seconds(1)),
];

/// The last second of the year 9999, as an HTTP date and as an instant.
const LAST: (&str, u64) = ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799);

fn limited(decisions: &mut impl DecisionSource, can_be_quota: bool, real: SystemTime) -> NetworkFault {
    let (text, more, after) = match decisions.below(12) {
        0 if decisions.once_in(6) => {
            (Some(LAST.0.to_owned()), None, After::At(UNIX_EPOCH + Duration::from_secs(LAST.1)))
        }
        0 | 1 => {
            let at = real + Duration::from_secs(decisions.below(40));
            let seconds = at.duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
            (Some(http_date(seconds)), None, After::At(UNIX_EPOCH + Duration::from_secs(seconds)))
        }
        _ => {
            let (text, more, after) = decisions.one_of(FORMS);
            (text.map(str::to_owned), more, after)
        }
    };
    let is_quota = can_be_quota && decisions.once_in(5);
    let fault = match (is_quota, decisions.below(4)) {
        (true, _) => InjectedFault::quota_exceeded_with(text.as_deref()),
        (false, 0) => InjectedFault::RateLimitedText { retry_after: text },
        (false, 1) => InjectedFault::Raw(bare(text.as_deref())),
        (false, _) => InjectedFault::rate_limited_with(text.as_deref()),
    };
    NetworkFault::Limited { fault, after, more, is_quota }
}

/// Returns a 429 response of the edge servers, which has no body.
fn bare(retry_after: Option<&str>) -> Response<Vec<u8>> {
    let mut response = Response::builder().status(StatusCode::TOO_MANY_REQUESTS);
    if let Some(value) = retry_after {
        response = response.header("retry-after", value);
    }
    response.body(Vec::new()).expect("valid parts")
}

/// Formats an instant since 1970 as an HTTP date (RFC 9110 §5.6.7).
fn http_date(seconds: u64) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let (days, time) = (seconds / 86_400, seconds % 86_400);
    let is_leap = |year: u64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let (mut year, mut day) = (1970, days);
    while day >= 365 + u64::from(is_leap(year)) {
        day -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while day >= lengths[month] {
        day -= lengths[month];
        month += 1;
    }
    format!(
        "{}, {:02} {} {year} {:02}:{:02}:{:02} GMT",
        DAYS[usize::try_from(days % 7).expect("expected a weekday")],
        day + 1,
        MONTHS[month],
        time / 3600,
        time / 60 % 60,
        time % 60
    )
}
