//! What an error answer says, whatever its shape: total over headers and bytes.

use http::header::{HeaderMap, RETRY_AFTER};

use super::{AuthCode, Reason, excerpt_without};
use crate::types::secret::SecretMatcher;
use crate::types::text::Text;
use crate::types::time::RetryAfter;

/// Longest error body that is parsed; of a longer one the excerpt is enough.
const ERROR_BODY_MAX: usize = 64 * 1024;

/// The `Retry-After` header: the first that can be read, should there be several.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<RetryAfter> {
    headers.get_all(RETRY_AFTER).iter().find_map(|value| RetryAfter::parse(value.to_str().ok()?))
}

/// What an error body says, whatever its shape.
#[derive(Debug, Default)]
pub(crate) struct Envelope {
    pub(crate) message: Text,
    pub(crate) reason: Option<Reason>,
    /// The OAuth code, where `error` is a string.
    pub(crate) code: Option<AuthCode>,
}

impl Envelope {
    /// Reads `{"error": {status, message, reason}}`, `{"error": "code", "error_description"}`, text, HTML, nothing.
    ///
    /// The texts show none of the secrets.
    pub(crate) fn read(body: &[u8], secrets: &SecretMatcher) -> Self {
        let excerpt = |text: &str| excerpt_without(text, secrets);
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let json = (body.len() <= ERROR_BODY_MAX).then(|| serde_json::from_slice(body).ok()).flatten();
        if let Some(serde_json::Value::Object(object)) = json {
            let error = object.get("error");
            let inner = error.and_then(serde_json::Value::as_object);
            let text = |key: &str| {
                let value = inner.and_then(|inner| inner.get(key)).or_else(|| object.get(key));
                value.and_then(serde_json::Value::as_str)
            };
            let code = error.and_then(serde_json::Value::as_str);
            let message = ["message", "error_description", "description"].into_iter().find_map(text).or(code);
            return Self {
                message: message.map(excerpt).unwrap_or_default(),
                reason: text("reason").map(|reason| Reason::from(&*excerpt(reason))),
                code: code.map(|code| AuthCode::from(&*excerpt(code))),
            };
        }
        let start = body.get(..ERROR_BODY_MAX.min(body.len())).unwrap_or_default();
        let text = String::from_utf8_lossy(start);
        let message =
            if text.trim_start().starts_with('<') { excerpt(html_title(&text)) } else { excerpt(&text) };
        Self { message, ..Self::default() }
    }
}

/// The title of a page, for those who only see the error.
fn html_title(page: &str) -> &str {
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title>").map(|at| at + "<title>".len()).and_then(|from| {
        let len = lower.get(from..)?.find('<')?;
        page.get(from..from + len)
    });
    title.unwrap_or("an HTML page")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_says_what_it_can() {
        for (body, message, reason, code) in [
            (r#"{"error":{"status":404,"message":"Resource not found"}}"#, "Resource not found", None, None),
            (
                r#"{ "error" : {"message":"no", "reason":"NO_ACTIVE_DEVICE"}}"#,
                "no",
                Some("NO_ACTIVE_DEVICE"),
                None,
            ),
            (
                r#"{"error":"invalid_grant","error_description":"Refresh token revoked"}"#,
                "Refresh token revoked",
                None,
                Some("invalid_grant"),
            ),
            (r#"{"error":"invalid_client"}"#, "invalid_client", None, Some("invalid_client")),
            (r#"{"error":{"type":"not_found","description":"gone"}}"#, "gone", None, None),
            ("Too many requests", "Too many requests", None, None),
            ("<html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway", None, None),
            ("<!DOCTYPE html><p>", "an HTML page", None, None),
            ("<title>", "an HTML page", None, None),
            ("[1,2]", "[1,2]", None, None),
            ("\u{feff}{\"error\":{\"message\":\"marked\"}}", "marked", None, None),
            ("", "", None, None),
        ] {
            let said = Envelope::read(body.as_bytes(), &SecretMatcher::default());
            assert_eq!(said.message, message, "{body}");
            assert_eq!(said.reason.as_ref().map(Reason::as_str), reason, "{body}");
            assert_eq!(said.code.as_ref().map(AuthCode::as_str), code, "{body}");
        }
        assert_eq!(Envelope::read(&[0xff, 0xfe], &SecretMatcher::default()).message, "\u{fffd}\u{fffd}");
    }
}
