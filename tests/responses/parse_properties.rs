//! Decodes responses of any operation, and checks properties that hold for every response.
//!
//! The fuzz target `response` includes this file by path, so it depends only on the library.

use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::marker::PhantomData;

use http::header::{HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;
use spotify_proto::api::OPERATIONS;
use spotify_proto::{
    DecodeError, Endpoint, Error, FromResponse, Operation, ResponseRef, Target, with_endpoint,
};

/// Upper bound for the length of an error message with all its sources, in characters.
pub const ERROR_TEXT_MAX: usize = 1000;

/// The decoded response of any operation.
pub trait Decoded {
    /// Encodes the value as JSON.
    fn to_json(&self) -> String;

    /// Decodes the encoded value. Returns a description of the difference if the result is not equal to the value.
    fn reads_back(&self) -> Result<(), String>;

    /// Returns the `Debug` output of the value.
    fn shown(&self) -> String;
}

struct DecodedAs<E: Endpoint>(E::Output);

impl<E: Endpoint> Decoded for DecodedAs<E>
where
    E::Output: Debug + FromResponse + PartialEq + Serialize,
{
    fn to_json(&self) -> String {
        serde_json::to_string(&self.0).expect("models should be serializable")
    }

    fn reads_back(&self) -> Result<(), String> {
        let json = self.to_json();
        match E::Output::from_response((&Response::new(&json)).into()) {
            Ok(again) if again == self.0 => Ok(()),
            Ok(again) => Err(difference(&self.shown(), &format!("{again:?}"))),
            Err(error) => Err(format!("{error}: {json:.200}")),
        }
    }

    fn shown(&self) -> String {
        format!("{:?}", self.0)
    }
}

/// Returns the parts of two strings around their first difference.
fn difference(first: &str, then: &str) -> String {
    let same = first.bytes().zip(then.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let bytes = &text.as_bytes()[same.saturating_sub(60)..text.len().min(same + 60)];
        String::from_utf8_lossy(bytes).into_owned()
    };
    format!("first `{}`, then `{}`", around(first), around(then))
}

/// An operation without parameters, which are not needed for decoding.
pub struct Reading<E>(PhantomData<E>);

impl<E> Reading<E> {
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<E: Endpoint<Output: FromResponse>> Endpoint for Reading<E> {
    type Output = E::Output;

    const OPERATION: Operation = E::OPERATION;

    fn target(&self, _: &mut Target) {}

    fn decode(&self, response: ResponseRef<'_>) -> Result<Self::Output, DecodeError> {
        E::Output::from_response(response)
    }
}

fn read<E: Endpoint + 'static>(response: &Response<&[u8]>) -> Result<Box<dyn Decoded>, Error>
where
    E::Output: Debug + FromResponse + PartialEq + Serialize,
{
    let output = Reading::<E>::new().parse(response)?;
    Ok(Box::new(DecodedAs::<E>(output)))
}

/// Decodes a response of an operation; returns `None` if the id is unknown.
pub fn parse(id: &str, response: &Response<&[u8]>) -> Option<Result<Box<dyn Decoded>, Error>> {
    with_endpoint!(id, E => Some(read::<E>(response)), else None)
}

/// Returns the messages of an error and of all its sources, in the form that an error reporter prints.
pub fn error_text(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        write!(text, ": {error}").expect("writing to a string should not fail");
        source = error.source();
    }
    text
}

/// Checks that a response is decoded or results in an error of bounded length, and that decoded values round-trip.
pub fn check(id: &str, response: &Response<&[u8]>) {
    match parse(id, response).expect("the operation should exist") {
        Ok(decoded) => {
            assert!(
                response.status().is_success(),
                "{id}: a response with the status {} is decoded",
                response.status()
            );
            // A value without any set fields is encoded as an empty object, which is not always a valid response.
            let has_fields = decoded.to_json() != "{}";
            if let (true, Err(difference)) = (has_fields, decoded.reads_back()) {
                panic!("{id}: the value does not round-trip: {difference}");
            }
        }
        Err(error) => is_bounded(id, &error),
    }
}

/// Checks that an error message is not empty and that its length is bounded.
pub fn is_bounded(id: &str, error: &Error) {
    let text = error_text(error);
    let len = text.chars().count();
    assert!((1..ERROR_TEXT_MAX).contains(&len), "{id}: error message of {len} characters: {text}");
    let debug = format!("{error:?}").chars().count();
    assert!(debug < 10 * ERROR_TEXT_MAX, "{id}: debug output of {debug} characters: {text}");
}

/// Parses bytes as a response: a line `operation status`, lines of the form `header: value`, an empty line, and the
/// body.
///
/// Invalid parts are mapped to valid parts, so that any byte string is a test case.
pub fn with_response(bytes: &[u8], check: impl FnOnce(&str, &Response<&[u8]>)) {
    let (mut head, body) = split_once(bytes, b"\n\n");
    let (first, rest) = split_once(head, b"\n");
    head = rest;
    let (id, status) = split_once(first, b" ");
    let known = OPERATIONS.iter().find(|operation| operation.id.as_bytes() == id);
    let operation = known.unwrap_or(&OPERATIONS[sum(id) % OPERATIONS.len()]);
    let status = StatusCode::from_bytes(status)
        .or_else(|_| StatusCode::from_u16(100 + (sum(status) % 500) as u16))
        .expect("expected a status from 100 to 599");

    let mut response = Response::new(body);
    *response.status_mut() = status;
    for line in head.split(|byte| *byte == b'\n') {
        let (name, value) = split_once(line, b":");
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value.trim_ascii()))
        {
            response.headers_mut().append(name, value);
        }
    }
    check(operation.id, &response);
}

fn split_once<'a>(bytes: &'a [u8], separator: &[u8]) -> (&'a [u8], &'a [u8]) {
    match bytes.windows(separator.len()).position(|window| window == separator) {
        Some(at) => (&bytes[..at], &bytes[at + separator.len()..]),
        None => (bytes, &[]),
    }
}

fn sum(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |sum: usize, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)))
}
