//! Every operation's reader under one signature, and what must hold for any response at all.
//!
//! The fuzz target `response` includes this file by path, so it uses nothing but the library.

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

/// Longest text of an error with all its sources, in characters.
pub const ERROR_TEXT_MAX: usize = 1000;

/// What an operation answered, when it does not matter which operation it was.
pub trait Answer {
    /// The answer, written again.
    fn to_json(&self) -> String;

    /// Whether the operation reads what was written into an equal answer; else what it reads.
    fn reads_back(&self) -> Result<(), String>;

    /// The `Debug` text.
    fn shown(&self) -> String;
}

struct Answered<E: Endpoint>(E::Output);

impl<E: Endpoint> Answer for Answered<E>
where
    E::Output: Debug + FromResponse + PartialEq + Serialize,
{
    fn to_json(&self) -> String {
        serde_json::to_string(&self.0).expect("models are written into a string")
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

/// Where two texts begin to differ, with what stands around it.
fn difference(first: &str, then: &str) -> String {
    let same = first.bytes().zip(then.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let bytes = &text.as_bytes()[same.saturating_sub(60)..text.len().min(same + 60)];
        String::from_utf8_lossy(bytes).into_owned()
    };
    format!("first `{}`, then `{}`", around(first), around(then))
}

/// The operation without its parameters: reading needs none.
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

fn read<E: Endpoint + 'static>(response: &Response<&[u8]>) -> Result<Box<dyn Answer>, Error>
where
    E::Output: Debug + FromResponse + PartialEq + Serialize,
{
    let output = Reading::<E>::new().parse(response)?;
    Ok(Box::new(Answered::<E>(output)))
}

/// Reads a response as the answer of an operation; `None` where there is no such operation.
pub fn parse(id: &str, response: &Response<&[u8]>) -> Option<Result<Box<dyn Answer>, Error>> {
    with_endpoint!(id, E => Some(read::<E>(response)), else None)
}

/// The text of an error and of all its sources, as a reporter prints it.
pub fn error_text(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        write!(text, ": {error}").expect("strings take any text");
        source = error.source();
    }
    text
}

/// What must hold for every response: it reads as an answer or as an error of bounded length, and an answer that
/// is written reads back equal.
pub fn check(id: &str, response: &Response<&[u8]>) {
    match parse(id, response).expect("the operation exists") {
        Ok(answer) => {
            assert!(response.status().is_success(), "{id}: {} is a success", response.status());
            // Where no field could be read there is nothing to write, and an empty object is no answer.
            let says_something = answer.to_json() != "{}";
            if let (true, Err(difference)) = (says_something, answer.reads_back()) {
                panic!("{id} does not read back what it wrote: {difference}");
            }
        }
        Err(error) => is_bounded(id, &error),
    }
}

/// An error says something, and never as much as the server likes.
pub fn is_bounded(id: &str, error: &Error) {
    let text = error_text(error);
    let len = text.chars().count();
    assert!((1..ERROR_TEXT_MAX).contains(&len), "{id}: an error text of {len} characters: {text}");
    let debug = format!("{error:?}").chars().count();
    assert!(debug < 10 * ERROR_TEXT_MAX, "{id}: {debug} characters of debug text: {text}");
}

/// Makes bytes a response: a line `operation status`, lines `header: value`, an empty line, the body.
///
/// Whatever does not fit this form is bent to it, so that any bytes at all are a test.
pub fn with_response(bytes: &[u8], check: impl FnOnce(&str, &Response<&[u8]>)) {
    let (mut head, body) = split_once(bytes, b"\n\n");
    let (first, rest) = split_once(head, b"\n");
    head = rest;
    let (id, status) = split_once(first, b" ");
    let known = OPERATIONS.iter().find(|operation| operation.id.as_bytes() == id);
    let operation = known.unwrap_or(&OPERATIONS[sum(id) % OPERATIONS.len()]);
    let status = StatusCode::from_bytes(status)
        .or_else(|_| StatusCode::from_u16(100 + (sum(status) % 500) as u16))
        .expect("100 to 599 is a status");

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
