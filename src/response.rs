//! From a response to a result: the error envelope in all its shapes, and the one door to JSON.

use http::header::HeaderMap;
use http::{Response, StatusCode};
use serde::Deserialize;

use crate::endpoint::{Availability, Operation};
use crate::error::{
    ApiError, AuthCode, AuthError, DecodeError, Envelope, Error, ForbiddenReason, RateLimited, Reason,
    ScopeError, Unauthorized, bearer_challenge, excerpt, playback_state_absent, retry_after, unauthorized,
};
use crate::json;
use crate::lenient::{Document, Read, Reader, Skip, repaired};
use crate::text::Text;

/// Longest body that is read: the largest known answer, an audio analysis, has well under a tenth of it.
pub const MAX_BODY_LEN: usize = 32 * 1024 * 1024;

/// Reads any serde type from a JSON body; the one door to JSON, for endpoints of your own too.
///
/// # Errors
///
/// [`DecodeError`] when the body is larger than [`MAX_BODY_LEN`], no UTF-8, no JSON, nested deeper than 128 levels,
/// or not what the type describes.
pub fn from_json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    serde_json::from_str(checked(body)?).map_err(|error| DecodeError::from_json(&error))
}

/// One check of length and encoding for the whole body is cheaper than one for each string.
fn checked(body: &[u8]) -> Result<&str, DecodeError> {
    if body.len() > MAX_BODY_LEN {
        return Err(DecodeError::new("the body is larger than any answer of the API"));
    }
    let text = std::str::from_utf8(body).map_err(|_| DecodeError::new("the body is no UTF-8"))?;
    Ok(text.trim_start_matches('\u{feff}'))
}

/// Reads a text by the rules of the tolerant readers; `None` if the value is absent.
fn read<T: Read>(text: &str) -> Result<Option<T>, DecodeError> {
    json::read(Reader::<T>::new(), text).or_else(|_| {
        let again = repaired(text).and_then(|text| json::read(Reader::<T>::new(), &text).ok());
        again.ok_or_else(|| fault(text))
    })
}

/// What is wrong with a text that is no JSON, and where.
#[cold]
fn fault(text: &str) -> DecodeError {
    match serde_json::from_str::<Skip>(text) {
        Ok(_) => DecodeError::new("the body cannot be read"),
        Err(error) => DecodeError::from_json(&error),
    }
}

/// What the body of a success becomes.
pub(crate) trait Answer: Sized {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the body is not that.
    fn from_body(status: StatusCode, body: &[u8]) -> Result<Self, DecodeError>;
}

/// Write commands: any body counts, and since 2024 some succeed with a few bytes that are no JSON.
impl Answer for () {
    fn from_body(_: StatusCode, _: &[u8]) -> Result<Self, DecodeError> {
        Ok(())
    }
}

impl<T: Document> Answer for T {
    fn from_body(status: StatusCode, body: &[u8]) -> Result<Self, DecodeError> {
        let empty = if status == StatusCode::NO_CONTENT { T::without_content() } else { None };
        empty.map_or_else(|| described(body), Ok)
    }
}

impl<T: Document> Answer for Vec<T> {
    fn from_body(_: StatusCode, body: &[u8]) -> Result<Self, DecodeError> {
        described(body)
    }
}

/// Reads one flag for each item of the request.
impl Answer for Vec<bool> {
    fn from_body(_: StatusCode, body: &[u8]) -> Result<Self, DecodeError> {
        contains(body, None)
    }
}

/// Reads one flag for each item of a request, in the order of the request.
///
/// `expected` is the number of items of the request, if it is known.
///
/// # Errors
///
/// [`DecodeError`] if the body is not a list, if an entry is not a flag (a missing flag would shift or falsify the
/// others), or if the number of flags differs from `expected`.
pub(crate) fn contains(body: &[u8], expected: Option<usize>) -> Result<Vec<bool>, DecodeError> {
    let entries: Vec<Option<bool>> = described(body)?;
    let len = entries.len();
    let flags: Vec<bool> = entries.into_iter().map_while(|entry| entry).collect();
    if flags.len() < len {
        return Err(DecodeError::new(&format!(
            "expected true or false, got another value at index {}",
            flags.len()
        )));
    }
    match expected.filter(|expected| *expected != len) {
        Some(expected) => Err(DecodeError::new(&format!("expected {expected} flags, got {len}"))),
        None => Ok(flags),
    }
}

/// Reads a body that must hold a value.
fn described<T: Read>(body: &[u8]) -> Result<T, DecodeError> {
    let text = checked(body)?;
    // An empty object is a value inside a document, but not as the document itself.
    let value = read(text)?.filter(|_| !is_empty_object(text));
    value.ok_or_else(|| DecodeError::new("the body has another shape than the operation's answer"))
}

/// Returns whether a text is `{}`, with or without white space.
fn is_empty_object(text: &str) -> bool {
    let inner = text.trim_ascii().strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    inner.is_some_and(|inner| inner.trim_ascii().is_empty())
}

/// Reads a state that may not exist: `None` for 204, for 202 while a device wakes up, and for a body without a value.
impl<T: Document> Answer for Option<T> {
    fn from_body(status: StatusCode, body: &[u8]) -> Result<Self, DecodeError> {
        if status == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        let text = checked(body)?;
        let is_absent = matches!(text.trim_ascii(), "" | "null") || is_empty_object(text);
        if is_absent { Ok(None) } else { described(body).map(Some) }
    }
}

/// Reads the body of a success.
pub(crate) fn decode<T: Answer>(status: StatusCode, body: &[u8]) -> Result<T, DecodeError> {
    T::from_body(status, body)
}

/// Whether the response is a success; else its error.
pub(crate) fn success<B: AsRef<[u8]>>(operation: &Operation, response: &Response<B>) -> Result<(), Error> {
    if response.status().is_success() {
        return Ok(());
    }
    Err(error(operation, response.status(), response.headers(), response.body().as_ref()))
}

/// Reads an error response of the Web API: total over status, headers and bytes.
pub(crate) fn error(operation: &Operation, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
    let said = Envelope::read(body);
    match status {
        StatusCode::UNAUTHORIZED => {
            let challenge = bearer_challenge(headers);
            let code = challenge.code.map(|code| AuthCode::from(&*excerpt(&code)));
            let description = challenge.description.map_or(said.message, |text| excerpt(&text));
            match unauthorized(code.as_ref(), &description) {
                Unauthorized::Scope => scope_error(operation, status, description),
                Unauthorized::User => AuthError::UserRequired { operation: operation.id }.into(),
                Unauthorized::Token | Unauthorized::Unknown => {
                    AuthError::TokenRejected { code, description }.into()
                }
            }
        }
        StatusCode::TOO_MANY_REQUESTS => {
            RateLimited::from_response(said.message, said.reason, retry_after(headers)).into()
        }
        StatusCode::FORBIDDEN if is_scope_missing(headers, &said) => {
            scope_error(operation, status, said.message)
        }
        _ => {
            let forbidden = (status == StatusCode::FORBIDDEN).then(|| classify(operation, &said));
            let playback = playback_state_absent(operation.id, status, &said.message);
            ApiError::new(status, said.message, said.reason, forbidden)
                .with_playback(playback)
                .with_retry_after(retry_after(headers))
                .into()
        }
    }
}

/// An error that names all scopes of the operation; a session that knows what was granted names fewer.
fn scope_error(operation: &Operation, status: StatusCode, message: Text) -> Error {
    ScopeError::new(operation.id, operation.required_scopes(), status, message).into()
}

fn is_scope_missing(headers: &HeaderMap, said: &Envelope) -> bool {
    let code = bearer_challenge(headers).code.map(|code| AuthCode::from(&*code));
    unauthorized(code.as_ref(), &said.message) == Unauthorized::Scope
}

/// Why a request was forbidden. The texts are those that users have reported over the years.
fn classify(operation: &Operation, said: &Envelope) -> ForbiddenReason {
    const ALLOW_LIST: &[&str] = &["not approved for app", "not registered", "may not be registered"];
    let message = said.message.to_ascii_lowercase();
    if message.contains("premium subscription required for the owner") {
        ForbiddenReason::OwnerPremium
    } else if said.reason == Some(Reason::PremiumRequired) || message.contains("premium required") {
        ForbiddenReason::Premium
    } else if ALLOW_LIST.iter().any(|text| message.contains(text)) {
        ForbiddenReason::NotAllowListed
    } else if operation.availability == Availability::ExtendedQuota && message == "forbidden" {
        ForbiddenReason::OperationRemoved
    } else {
        ForbiddenReason::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contains_reads_one_flag_for_each_item_or_fails() {
        for (body, expected, flags) in [
            ("[true,false]", None, Some(vec![true, false])),
            ("[true,false]", Some(2), Some(vec![true, false])),
            (" [ ] ", Some(0), Some(vec![])),
            ("[\"true\"]", Some(1), Some(vec![true])),
            ("[true,false]", Some(3), None),
            ("[true,false]", Some(1), None),
            ("[true,null]", None, None),
            ("[1,false]", None, None),
            ("[{},false]", None, None),
            ("true", None, None),
            ("{}", None, None),
            ("", None, None),
        ] {
            assert_eq!(contains(body.as_bytes(), expected).ok(), flags, "{body}, {expected:?}");
        }
        let error = contains(b"[true,null,1]", None).expect_err("an entry is null");
        assert_eq!(error.to_string(), "expected true or false, got another value at index 1");
        let error = contains(b"[true]", Some(2)).expect_err("a flag is missing");
        assert_eq!(error.to_string(), "expected 2 flags, got 1");
    }
}
