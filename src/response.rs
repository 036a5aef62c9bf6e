//! Decoding of responses: models from JSON, and errors in all forms.

use std::fmt;

use http::header::HeaderMap;
use http::{Response, StatusCode};
use serde::Deserialize;

use crate::error::{
    ApiError, AuthCode, AuthError, DecodeError, Envelope, Error, ForbiddenReason, RateLimited, Reason,
    ScopeError, Unauthorized, bearer_challenge, excerpt_without, playback_state_absent, retry_after,
    unauthorized,
};
use crate::types::operation::{Operation, QuotaMode};
use crate::types::secret::SecretMatcher;
use crate::types::text::Text;
use crate::wire::lenient::{Document, LenientDeserialize, read_text};

/// Maximum length of a response body, in bytes. The largest known response, an audio analysis, is less than a tenth of
/// this length.
///
/// A decoded body takes at most 8 bytes of memory per byte of the body, plus 1 MiB. A body that requires more memory,
/// such as a list of a million empty objects, is a [`DecodeError`]. The memory limit does not apply to custom types,
/// which [`from_json`] reads.
pub const MAX_BODY_LEN: usize = 32 * 1024 * 1024;

/// Deserializes any serde type from a JSON body, for custom endpoints.
///
/// # Errors
///
/// Returns [`DecodeError`] if the body is longer than [`MAX_BODY_LEN`], is not valid UTF-8 or JSON, is nested deeper
/// than 128 levels, or does not match the type.
pub fn from_json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    serde_json::from_str(checked(body)?).map_err(|error| DecodeError::from_json(&error))
}

/// Checks the length and the encoding of the whole body, which is cheaper than checking each string.
fn checked(body: &[u8]) -> Result<&str, DecodeError> {
    if body.len() > MAX_BODY_LEN {
        return Err(DecodeError::new("the body is longer than the maximum of 32 MiB"));
    }
    let text = std::str::from_utf8(body).map_err(|_| DecodeError::new("the body is not valid UTF-8"))?;
    Ok(text.trim_start_matches('\u{feff}'))
}

/// A borrowed response: status, header fields and body.
///
/// [`Endpoint::decode`](crate::Endpoint::decode) receives responses with a 2xx status only.
///
/// ```
/// use spotify_proto::{http, ResponseRef};
///
/// let response = http::Response::new("[true]");
/// assert_eq!(ResponseRef::from(&response).body(), b"[true]");
/// ```
#[derive(Clone, Copy)]
pub struct ResponseRef<'a> {
    status: StatusCode,
    headers: &'a HeaderMap,
    body: &'a [u8],
}

impl<'a> ResponseRef<'a> {
    /// Creates a response from its parts.
    #[must_use]
    pub fn new(status: StatusCode, headers: &'a HeaderMap, body: &'a [u8]) -> Self {
        Self { status, headers, body }
    }

    /// Returns the status code.
    #[must_use]
    pub fn status(self) -> StatusCode {
        self.status
    }

    /// Returns the header fields.
    #[must_use]
    pub fn headers(self) -> &'a HeaderMap {
        self.headers
    }

    /// Returns the body, after transfer and content codings were removed.
    #[must_use]
    pub fn body(self) -> &'a [u8] {
        self.body
    }
}

impl<'a, B: AsRef<[u8]>> From<&'a Response<B>> for ResponseRef<'a> {
    fn from(response: &'a Response<B>) -> Self {
        Self::new(response.status(), response.headers(), response.body().as_ref())
    }
}

/// Omits header values and the body, which may contain personal data.
impl fmt::Debug for ResponseRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseRef")
            .field("status", &self.status)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// A result that can be decoded from a successful response without knowledge of the request.
///
/// The results of all operations implement this trait, so that a custom [`Endpoint`](crate::Endpoint) can have a model
/// as its output. The trait is sealed; read your own types with [`from_json`].
pub trait FromResponse: Sized + sealed::Sealed {
    /// Decodes the body of a 2xx response with the tolerant rules of the models.
    ///
    /// # Errors
    ///
    /// Returns [`DecodeError`] if the body does not match the type, or for any of the reasons that [`from_json`] lists.
    fn from_response(response: ResponseRef<'_>) -> Result<Self, DecodeError>;
}

pub(crate) mod sealed {
    pub trait Sealed {}

    impl Sealed for () {}
    impl Sealed for Vec<bool> {}
    impl<T: crate::wire::lenient::Document> Sealed for T {}
    impl<T: crate::wire::lenient::Document> Sealed for Vec<T> {}
    impl<T: crate::wire::lenient::Document> Sealed for Option<T> {}
}

/// Accepts any body: since 2024, the success responses of some commands contain a few bytes that are not JSON.
impl FromResponse for () {
    fn from_response(_: ResponseRef<'_>) -> Result<Self, DecodeError> {
        Ok(())
    }
}

impl<T: Document> FromResponse for T {
    fn from_response(response: ResponseRef<'_>) -> Result<Self, DecodeError> {
        let empty = if response.status == StatusCode::NO_CONTENT { T::without_content() } else { None };
        empty.map_or_else(|| described(response.body), Ok)
    }
}

impl<T: Document> FromResponse for Vec<T> {
    fn from_response(response: ResponseRef<'_>) -> Result<Self, DecodeError> {
        described(response.body)
    }
}

/// Reads one flag per item of the request.
impl FromResponse for Vec<bool> {
    fn from_response(response: ResponseRef<'_>) -> Result<Self, DecodeError> {
        contains(response, None)
    }
}

/// Reads one flag per item of a request, in the order of the request.
///
/// `expected` is the number of items of the request, if it is known.
///
/// # Errors
///
/// Returns [`DecodeError`] if the body is not a list, if an entry is not a flag, or if the number of flags differs from
/// `expected`, because the flags could then not be assigned to the items.
pub(crate) fn contains(response: ResponseRef<'_>, expected: Option<usize>) -> Result<Vec<bool>, DecodeError> {
    let entries: Vec<Option<bool>> = described(response.body)?;
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

/// Reads a body that must contain a value.
fn described<T: LenientDeserialize>(body: &[u8]) -> Result<T, DecodeError> {
    let text = checked(body)?;
    // An empty object is valid inside a document, but not as the whole document.
    let value = read_text(text).map_err(|error| DecodeError::from_json(&error))?;
    let value = value.filter(|_| !is_empty_object(text));
    value.ok_or_else(|| DecodeError::new("the body does not match the response type of the operation"))
}

/// Returns whether a string is `{}`, with or without white space.
fn is_empty_object(text: &str) -> bool {
    let inner = trim(text).strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    inner.is_some_and(|inner| trim(inner).is_empty())
}

/// Removes the white space of JSON (RFC 8259 §2) from both ends.
fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

/// Decodes a state that may be absent: the result is `None` for a 204, for a 202 while a device wakes up, and for a
/// body without a value.
impl<T: Document> FromResponse for Option<T> {
    fn from_response(response: ResponseRef<'_>) -> Result<Self, DecodeError> {
        if response.status == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        let text = checked(response.body)?;
        let is_absent = matches!(trim(text), "" | "null") || is_empty_object(text);
        if is_absent { Ok(None) } else { described(response.body).map(Some) }
    }
}

/// Returns an error if the status of the response is not 2xx.
pub(crate) fn success(operation: &Operation, response: ResponseRef<'_>) -> Result<(), Error> {
    if response.status.is_success() { Ok(()) } else { Err(Error::from_response(operation, response)) }
}

impl Error {
    /// Parses an error response of the Web API with any status, header fields and body.
    ///
    /// [`Endpoint::parse`](crate::Endpoint::parse) does this for every status other than 2xx. Tests can use this
    /// function to build errors:
    ///
    /// ```
    /// use spotify_proto::{Endpoint, Error, api::GetAlbum, http::Response};
    ///
    /// let response = Response::builder().status(404).body(r#"{"error":{"status":404,"message":"Not found"}}"#)?;
    /// let error = Error::from_response(&GetAlbum::OPERATION, (&response).into());
    /// assert_eq!(error.to_string(), "spotify responded with 404: Not found");
    /// # Ok::<(), spotify_proto::http::Error>(())
    /// ```
    #[must_use]
    pub fn from_response(operation: &Operation, response: ResponseRef<'_>) -> Self {
        error(operation, response, &SecretMatcher::default())
    }
}

/// Parses an error response of the Web API. The error contains none of the secrets.
pub(crate) fn error(operation: &Operation, response: ResponseRef<'_>, secrets: &SecretMatcher) -> Error {
    let ResponseRef { status, headers, body } = response;
    let said = Envelope::read(body, secrets);
    match status {
        StatusCode::UNAUTHORIZED => unauthorized_error(operation, headers, said.message, secrets),
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

fn unauthorized_error(
    operation: &Operation,
    headers: &HeaderMap,
    message: Text,
    secrets: &SecretMatcher,
) -> Error {
    let challenge = bearer_challenge(headers);
    let code = challenge.code.map(|code| AuthCode::from(&*excerpt_without(&code, secrets)));
    let description = challenge.description.map_or(message, |text| excerpt_without(&text, secrets));
    match unauthorized(code.as_ref(), &description) {
        Unauthorized::Scope => scope_error(operation, StatusCode::UNAUTHORIZED, description),
        Unauthorized::User => AuthError::UserRequired { operation: operation.id }.into(),
        Unauthorized::Token | Unauthorized::Unknown => AuthError::TokenRejected { code, description }.into(),
    }
}

/// Returns an error that lists all scopes of the operation. A session that knows the granted scopes shortens the list.
fn scope_error(operation: &Operation, status: StatusCode, message: Text) -> Error {
    ScopeError::new(operation.id, operation.required_scopes(), status, message).into()
}

fn is_scope_missing(headers: &HeaderMap, said: &Envelope) -> bool {
    let code = bearer_challenge(headers).code.map(|code| AuthCode::from(&*code));
    unauthorized(code.as_ref(), &said.message) == Unauthorized::Scope
}

/// Returns the reason for a 403, based on messages that users have reported over the years.
fn classify(operation: &Operation, said: &Envelope) -> ForbiddenReason {
    const ALLOW_LIST: &[&str] = &["not approved for app", "not registered", "may not be registered"];
    let message = said.message.to_ascii_lowercase();
    if message.contains("premium subscription required for the owner") {
        ForbiddenReason::OwnerPremium
    } else if said.reason == Some(Reason::PremiumRequired) || message.contains("premium required") {
        ForbiddenReason::Premium
    } else if ALLOW_LIST.iter().any(|text| message.contains(text)) {
        ForbiddenReason::NotAllowListed
    } else if operation.quota_mode == QuotaMode::Extended && message == "forbidden" {
        ForbiddenReason::OperationRemoved
    } else {
        ForbiddenReason::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_white_space_of_json_may_surround_an_absent_value() {
        let is_absent = |body: &str| {
            let response = Response::new(body);
            let read = Option::<crate::model::PlaybackState>::from_response(ResponseRef::from(&response));
            read.is_ok_and(|value| value.is_none())
        };
        for body in ["", " \r\n", "null", "\tnull\n", " { } "] {
            assert!(is_absent(body), "{body:?}");
        }
        for body in ["\u{c}null", "null\u{c}", "{\u{c}}", "\u{a0}"] {
            assert!(!is_absent(body), "{body:?}");
        }
    }

    #[test]
    fn contains_reads_one_flag_per_item_or_fails() {
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
            assert_eq!(
                contains(ResponseRef::from(&Response::new(body)), expected).ok(),
                flags,
                "{body}, {expected:?}"
            );
        }
        let error =
            contains(ResponseRef::from(&Response::new("[true,null,1]")), None).expect_err("an entry is null");
        assert_eq!(error.to_string(), "expected true or false, got another value at index 1");
        let error =
            contains(ResponseRef::from(&Response::new("[true]")), Some(2)).expect_err("a flag is missing");
        assert_eq!(error.to_string(), "expected 2 flags, got 1");
    }
}
