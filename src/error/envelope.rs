//! Parsing of error bodies in any format, which cannot fail.

use http::header::{HeaderMap, RETRY_AFTER};
use serde::de::MapAccess;

use super::{AuthCode, Reason, excerpt_without};
use crate::types::secret::SecretMatcher;
use crate::types::text::Text;
use crate::types::time::RetryAfter;
use crate::wire::lenient::{
    FieldName, Ignored, LenientDeserialize, LenientSeed, ReadContext, Replace, read_text,
};

/// Maximum length of an error body that is parsed, in bytes. Longer bodies are only excerpted.
const ERROR_BODY_MAX: usize = 64 * 1024;

/// Returns the first valid `Retry-After` header.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<RetryAfter> {
    headers.get_all(RETRY_AFTER).iter().find_map(|value| RetryAfter::parse(value.to_str().ok()?))
}

/// The contents of an error body in any format.
#[derive(Debug, Default)]
pub(crate) struct Envelope {
    pub(crate) message: Text,
    pub(crate) reason: Option<Reason>,
    /// The OAuth code, if `error` is a string.
    pub(crate) code: Option<AuthCode>,
}

impl Envelope {
    /// Parses a body of the form `{"error": {status, message, reason}}` or `{"error": "code", "error_description"}`,
    /// plain text, HTML, or an empty body.
    ///
    /// The strings in the result contain none of the secrets.
    pub(crate) fn read(body: &[u8], secrets: &SecretMatcher) -> Self {
        let excerpt = |text: &str| excerpt_without(text, secrets);
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let json = std::str::from_utf8(body).ok().filter(|text| text.len() <= ERROR_BODY_MAX);
        // Only an object can contain the fields of an error, so HTML pages and plain text are not parsed as JSON.
        let json = json.filter(|text| text.trim_ascii_start().starts_with('{'));
        if let Some(said) = json.and_then(|text| read_text::<Said>(text).ok().flatten()) {
            return Self {
                message: said.message.map(|text| excerpt(&text)).unwrap_or_default(),
                reason: said.reason.map(|text| Reason::from(&*excerpt(&text))),
                code: said.code.map(|text| AuthCode::from(&*excerpt(&text))),
            };
        }
        let start = body.get(..ERROR_BODY_MAX.min(body.len())).unwrap_or_default();
        let text = String::from_utf8_lossy(start);
        let message =
            if text.trim_start().starts_with('<') { excerpt(html_title(&text)) } else { excerpt(&text) };
        Self { message, ..Self::default() }
    }
}

/// The complete strings of an error object. They are `String`s because a [`Text`] is slower to move.
struct Said {
    message: Option<String>,
    reason: Option<String>,
    code: Option<String>,
}

impl LenientDeserialize for Said {
    fn from_map<'de, A: MapAccess<'de>>(
        mut map: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        let (mut error, mut texts) = (None, Texts::default());
        while let Some(FieldName(key)) = map.next_key()? {
            if key == "error" {
                error = map.next_value_seed(LenientSeed::new(context))?;
            } else {
                texts.read(&key, &mut map, context)?;
            }
        }
        let (inner, code) = match error {
            Some(ErrorField::Object(inner)) => (inner, None),
            Some(ErrorField::Code(code)) => (Texts::default(), Some(code)),
            None => Default::default(),
        };
        let message = match (inner.message, texts.message) {
            (Some(_), Some(outer)) if texts.rank < inner.rank => Some(outer),
            (inner, outer) => inner.or(outer),
        };
        Ok(Some(Self {
            message: message.or_else(|| code.clone()),
            reason: inner.reason.or(texts.reason),
            code,
        }))
    }
}

/// The value of `error`.
enum ErrorField {
    Code(String),
    Object(Texts),
}

impl LenientDeserialize for ErrorField {
    fn from_text(text: &str) -> Option<Self> {
        Some(Self::Code(text.into()))
    }

    fn from_map<'de, A: MapAccess<'de>>(
        mut map: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        let mut texts = Texts::default();
        while let Some(FieldName(key)) = map.next_key()? {
            texts.read(&key, &mut map, context)?;
        }
        Ok(Some(Self::Object(texts)))
    }
}

/// The strings of an object that describes an error.
#[derive(Default)]
struct Texts {
    message: Option<String>,
    /// Index of the key of the message in [`MESSAGE_KEYS`].
    rank: usize,
    reason: Option<String>,
}

/// Keys of the message, in order of precedence.
const MESSAGE_KEYS: [&str; 3] = ["message", "error_description", "description"];

impl Texts {
    /// Reads the value of a key, or skips it.
    fn read<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        map: &mut A,
        context: &ReadContext<'de>,
    ) -> Result<(), A::Error> {
        let rank = MESSAGE_KEYS.iter().position(|it| *it == key);
        match rank.filter(|rank| self.message.is_none() || *rank <= self.rank) {
            Some(rank) => {
                if let Some(text) = map.next_value_seed(LenientSeed::new(context))? {
                    (self.message, self.rank) = (Some(text), rank);
                }
            }
            None if key == "reason" => map.next_value_seed(Replace(&mut self.reason, context))?,
            None => {
                map.next_value::<Ignored>()?;
            }
        }
        Ok(())
    }
}

/// Returns the title of an HTML page, which is the best description of the error.
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
    fn every_form_of_an_error_body_is_read() {
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
        for (body, message) in [
            (r#"{"error":{"description":"c","message":"a"},"message":"outer"}"#, "a"),
            (r#"{"message":"outer","error":{"error_description":"b"}}"#, "outer"),
            (r#"{"error":{"error_description":"b","description":"c"},"description":"outer"}"#, "b"),
            (r#"{"error":{"description":"c","message":null},"message":"outer"}"#, "outer"),
            (r#"{"error":{"description":"c"},"description":"outer","message":7}"#, "c"),
        ] {
            assert_eq!(Envelope::read(body.as_bytes(), &SecretMatcher::default()).message, message, "{body}");
        }
        assert_eq!(Envelope::read(&[0xff, 0xfe], &SecretMatcher::default()).message, "\u{fffd}\u{fffd}");
    }
}
