//! Parser for the text form of faults, which is used to configure tests and servers.

use std::collections::HashSet;
use std::str::FromStr;

use http::StatusCode;

use super::injected_fault::{InjectedFault, Scripted};

/// Error returned when a [`Scripted`] fault cannot be parsed from text.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct ParseFaultError(String);

/// The parameters of a fault that have not been consumed yet.
struct Parameters<'a>(Vec<(&'a str, &'a str)>);

impl FromStr for Scripted {
    type Err = ParseFaultError;

    fn from_str(text: &str) -> Result<Self, ParseFaultError> {
        let (name, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let mut parameters = Parameters::read(rest)?;
        let at = parameters.take("at").unwrap_or_default();
        let times = match parameters.take("times") {
            None => 1,
            Some(times) => {
                times.parse().map_err(|_| error(format!("expected a number of requests, got {times:?}")))?
            }
        };
        let scripted = fault(name, &mut parameters)?.at(at).times(times);
        if let Some((key, _)) = parameters.0.first() {
            return Err(error(format!("{name} has no parameter {key}")));
        }
        scripted.problem().map_or(Ok(scripted), |problem| Err(error(problem)))
    }
}

fn fault(name: &str, parameters: &mut Parameters<'_>) -> Result<InjectedFault, ParseFaultError> {
    Ok(match name {
        "rate-limited" => InjectedFault::rate_limited_with(parameters.take("retry-after")),
        "quota-exceeded" => InjectedFault::quota_exceeded_with(parameters.take("retry-after")),
        "rate-limited-text" => {
            InjectedFault::RateLimitedText { retry_after: parameters.take("retry-after").map(str::to_owned) }
        }
        "status" => InjectedFault::Status(parameters.status(name)?),
        "unlabelled" => InjectedFault::Unlabelled(parameters.status(name)?),
        "empty" => InjectedFault::Empty(parameters.status(name)?),
        "error" => {
            let status = parameters.status(name)?;
            let message = parameters.take("message").ok_or_else(|| error("error needs message=TEXT"))?;
            InjectedFault::error(status, message)
        }
        "bad-gateway-html" => InjectedFault::BadGatewayHtml,
        "gateway-timeout-text" => InjectedFault::GatewayTimeoutText,
        "user-not-registered" => InjectedFault::PlainText,
        "spurious-unauthorized" => InjectedFault::SpuriousUnauthorized,
        "permissions-missing" => InjectedFault::PermissionsMissing,
        "expired-token" => InjectedFault::ExpiredToken,
        "empty-page" => InjectedFault::EmptyPage,
        "zero-page" => InjectedFault::ZeroPage,
        "next-omitted" => InjectedFault::NextOmitted,
        "playlist-items-omitted" => InjectedFault::PlaylistItemsOmitted,
        "lost-before" => InjectedFault::LostBefore,
        "lost-after" => InjectedFault::LostAfter,
        _ => return Err(error(format!("unknown fault {name:?}"))),
    })
}

fn error(text: impl Into<String>) -> ParseFaultError {
    ParseFaultError(text.into())
}

impl<'a> Parameters<'a> {
    fn read(mut text: &'a str) -> Result<Self, ParseFaultError> {
        let (mut parameters, mut keys) = (Vec::new(), HashSet::new());
        loop {
            text = text.trim_start();
            if text.is_empty() {
                return Ok(Self(parameters));
            }
            let end = if text.starts_with("message=") { None } else { text.find(' ') };
            let (word, rest) = text.split_at(end.unwrap_or(text.len()));
            let pair =
                word.split_once('=').ok_or_else(|| error(format!("expected KEY=VALUE, got {word:?}")))?;
            if !keys.insert(pair.0) {
                return Err(error(format!("duplicate parameter {}", pair.0)));
            }
            parameters.push(pair);
            text = rest;
        }
    }

    fn take(&mut self, key: &str) -> Option<&'a str> {
        let at = self.0.iter().position(|(name, _)| *name == key)?;
        Some(self.0.remove(at).1)
    }

    fn status(&mut self, name: &str) -> Result<StatusCode, ParseFaultError> {
        let text = self.take("status").ok_or_else(|| error(format!("{name} needs status=CODE")))?;
        text.parse().map_err(|_| error(format!("expected a status code, got {text:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_fault_is_parsed() {
        for (text, fault) in [
            ("rate-limited", "RateLimited(None)"),
            ("rate-limited retry-after=3", "RateLimited(Some(\"3\"))"),
            ("quota-exceeded retry-after=48925", "QuotaExceeded(Some(\"48925\"))"),
            ("rate-limited-text retry-after=0", "RateLimitedText(Some(\"0\"))"),
            ("status status=500", "Status(500 Internal Server Error)"),
            ("unlabelled status=503", "Unlabelled(503 Service Unavailable)"),
            ("empty status=403", "Empty(403 Forbidden)"),
            ("error status=400 message=invalid id = 7", "Error(400 Bad Request, \"invalid id = 7\")"),
            ("bad-gateway-html", "BadGatewayHtml"),
            ("gateway-timeout-text", "GatewayTimeoutText"),
            ("user-not-registered", "PlainText"),
            ("spurious-unauthorized", "SpuriousUnauthorized"),
            ("permissions-missing", "PermissionsMissing"),
            ("expired-token", "ExpiredToken"),
            ("empty-page", "EmptyPage"),
            ("zero-page", "ZeroPage"),
            ("next-omitted", "NextOmitted"),
            ("playlist-items-omitted", "PlaylistItemsOmitted"),
            ("lost-before", "LostBefore"),
            ("lost-after", "LostAfter"),
        ] {
            let scripted: Scripted = text.parse().expect(text);
            assert!(format!("{scripted:?}").contains(&format!("fault: {fault} ")), "{text}: {scripted:?}");
        }
    }

    #[test]
    fn an_invalid_text_is_rejected_with_a_reason() {
        for (text, why) in [
            ("", "unknown fault \"\""),
            ("status", "status needs status=CODE"),
            ("status status=9", "expected a status code, got \"9\""),
            ("error status=400", "error needs message=TEXT"),
            ("empty-page status=400", "empty-page has no parameter status"),
            ("empty-page now", "expected KEY=VALUE, got \"now\""),
            ("empty-page at=/v1 at=/v1", "duplicate parameter at"),
            ("empty-page at=/v1/albms", "no path of the fake begins with \"/v1/albms\""),
            ("empty-page times=0", "expected a number of requests, got 0"),
            ("empty-page times=many", "expected a number of requests, got \"many\""),
        ] {
            assert_eq!(text.parse::<Scripted>().expect_err(text).to_string(), why);
        }
    }
}
