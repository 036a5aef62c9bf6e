//! From a response to a result: the error envelope in all its shapes, and the one door to JSON.

use http::header::HeaderMap;
use http::{Response, StatusCode};
use serde::Deserialize;

use crate::endpoint::{Availability, Operation};
use crate::error::{
    ApiError, AuthCode, AuthError, DecodeError, Envelope, Error, Forbidden, RateLimited, Reason,
    bearer_challenge, excerpt, retry_after,
};
use crate::json;
use crate::lenient::{Document, Read, Reader, Skip};

/// Longest body that is read: the largest known answer, an audio analysis, has well under a tenth of it.
pub const BODY_MAX: usize = 32 * 1024 * 1024;

/// Reads any serde type from a JSON body; the one door to JSON, for endpoints of your own too.
///
/// # Errors
///
/// [`DecodeError`] when the body is larger than [`BODY_MAX`], no UTF-8, no JSON, nested deeper than 128 levels,
/// or not what the type describes.
pub fn from_json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    serde_json::from_str(checked(body)?).map_err(|error| DecodeError::from_json(&error))
}

/// One check of length and encoding for the whole body is cheaper than one for each string.
fn checked(body: &[u8]) -> Result<&str, DecodeError> {
    if body.len() > BODY_MAX {
        return Err(DecodeError::new("the body is larger than any answer of the API"));
    }
    let text = std::str::from_utf8(body).map_err(|_| DecodeError::new("the body is no UTF-8"))?;
    Ok(text.trim_start_matches('\u{feff}'))
}

/// Reads a body by the rules of the tolerant readers; `None` where the value says nothing.
fn read<T: Read>(body: &[u8]) -> Result<Option<T>, DecodeError> {
    let text = checked(body)?;
    json::read(Reader::<T>::new(), text).map_err(|_| fault(text))
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
    fn from_body(_: StatusCode, body: &[u8]) -> Result<Self, DecodeError> {
        described(body)
    }
}

impl<T: Document> Answer for Vec<T> {
    fn from_body(_: StatusCode, body: &[u8]) -> Result<Self, DecodeError> {
        described(body)
    }
}

/// Yes or no in the order of the question; what cannot be read is a no, because a dropped one would shift the rest.
impl Answer for Vec<bool> {
    fn from_body(_: StatusCode, body: &[u8]) -> Result<Self, DecodeError> {
        let answers: Vec<Option<bool>> = described(body)?;
        Ok(answers.into_iter().map(Option::unwrap_or_default).collect())
    }
}

fn described<T: Read>(body: &[u8]) -> Result<T, DecodeError> {
    // Inside an answer an empty object says nothing; as the answer itself it is none.
    let value = read(body)?.filter(|_| !matches!(body.trim_ascii(), b"{}"));
    value.ok_or_else(|| DecodeError::new("the body has another shape than the operation's answer"))
}

/// States that may not exist: 204, or 202 while a device wakes up, is `None`.
impl<T: Document> Answer for Option<T> {
    fn from_body(status: StatusCode, body: &[u8]) -> Result<Self, DecodeError> {
        let says_nothing =
            status == StatusCode::NO_CONTENT || matches!(body.trim_ascii(), b"" | b"{}" | b"null");
        if says_nothing { Ok(None) } else { described(body).map(Some) }
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

/// Reads an error answer of the Web API: total over status, headers and bytes.
pub(crate) fn error(operation: &Operation, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
    let said = Envelope::read(body);
    match status {
        StatusCode::UNAUTHORIZED => {
            let challenge = bearer_challenge(headers);
            let code = challenge.code.map(|code| AuthCode::from(&*excerpt(&code)));
            let description = challenge.description.map_or(said.message, |text| excerpt(&text));
            AuthError::TokenRefused { code, description }.into()
        }
        StatusCode::TOO_MANY_REQUESTS => {
            RateLimited::answered(said.message, said.reason, retry_after(headers)).into()
        }
        _ => {
            let forbidden = (status == StatusCode::FORBIDDEN).then(|| classify(operation, headers, &said));
            ApiError::new(status, said.message, said.reason, forbidden)
                .with_retry_after(retry_after(headers))
                .into()
        }
    }
}

/// Why a 403 was answered. The texts are the ones that users have reported over the years.
fn classify(operation: &Operation, headers: &HeaderMap, said: &Envelope) -> Forbidden {
    const ALLOW_LIST: &[&str] = &["not approved for app", "not registered", "may not be registered"];
    let message = said.message.to_ascii_lowercase();
    let challenge = bearer_challenge(headers);
    if message.contains("insufficient client scope")
        || challenge.code.is_some_and(|code| code == AuthCode::InsufficientScope.as_str())
    {
        Forbidden::Scope
    } else if message.contains("premium subscription required for the owner") {
        Forbidden::OwnerPremium
    } else if said.reason == Some(Reason::PremiumRequired) || message.contains("premium required") {
        Forbidden::Premium
    } else if ALLOW_LIST.iter().any(|text| message.contains(text)) {
        Forbidden::NotAllowListed
    } else if operation.availability == Availability::ExtendedQuota && message == "forbidden" {
        Forbidden::OperationRemoved
    } else {
        Forbidden::Unknown
    }
}
