//! Recordings: conversion between complete HTTP/1.1 messages and the types of the `http` crate.
//!
//! A recording has the format of the output of `curl -i`: a status line, headers, a blank line, and the body. Bodies
//! are neither chunked nor compressed. The parsers also accept the variations that tools and editors produce: bare line
//! feeds, a byte order mark, and preceding heads of proxies and interim responses. The writers follow RFC 9112.
//!
//! To test a program with several requests, use a [`Recorder`], which converts exchanges to files without secrets, and
//! a [`Replay`], which responds from these files.
//!
//! ```
//! use spotify_proto_testing::recording;
//!
//! let response = recording::parse_response(b"HTTP/2 429\nretry-after: 5\n\nToo many requests")?;
//! assert_eq!(response.status(), 429);
//! assert_eq!(response.headers()["Retry-After"], "5");
//! assert_eq!(response.body(), b"Too many requests");
//! assert_eq!(
//!     recording::write_response(&response),
//!     b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 5\r\ncontent-length: 17\r\n\r\nToo many requests",
//! );
//! # Ok::<(), recording::RecordingError>(())
//! ```

mod exchange;
mod recorder;
mod redact;
mod replay;

pub use exchange::{Recorded, parse_exchange, write_exchange};
pub use recorder::{File, Recorder, Redaction};
pub use replay::{Replay, ReplayError, Unexpected, Unused};

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, Version};

/// Parses a response. If `curl -i` printed several heads, parses the last response.
///
/// The heads of interim responses (`100 Continue`) and of a proxy tunnel (`200 Connection established`) are skipped.
/// The reason phrase is optional and ignored. The lines of a folded header are joined with a space, HTTP/2
/// pseudo-headers (`:status: 200`) are skipped, and everything after the blank line is the body.
///
/// # Errors
///
/// Returns a [`RecordingError`] with the number of the line that could not be parsed.
pub fn parse_response(bytes: &[u8]) -> Result<Response<Vec<u8>>, RecordingError> {
    let mut lines = Lines::new(bytes);
    loop {
        let line = lines.first().ok_or_else(|| lines.error(Expected::StatusLine))?;
        let start = StatusLine::parse(line).ok_or_else(|| lines.error(Expected::StatusLine))?;
        let headers = parse_headers(&mut lines)?;
        if start.precedes_another(&headers, lines.rest) {
            continue;
        }
        let mut response = Response::new(lines.rest.to_vec());
        *response.status_mut() = start.status;
        *response.version_mut() = start.version;
        *response.headers_mut() = headers;
        return Ok(response);
    }
}

/// Parses a request, with a target in any form of RFC 9112 §3.2.
///
/// The version defaults to HTTP/1.1 if it is missing, as in many `.http` files.
///
/// # Errors
///
/// Returns a [`RecordingError`] with the number of the line that could not be parsed.
pub fn parse_request(bytes: &[u8]) -> Result<Request<Vec<u8>>, RecordingError> {
    let mut lines = Lines::new(bytes);
    read_request(&mut lines)
}

fn read_request(lines: &mut Lines<'_>) -> Result<Request<Vec<u8>>, RecordingError> {
    let line = lines.first().ok_or_else(|| lines.error(Expected::RequestLine))?;
    let (method, uri, version) =
        parse_request_line(line).ok_or_else(|| lines.error(Expected::RequestLine))?;
    let headers = parse_headers(lines)?;
    let mut request = Request::new(lines.rest.to_vec());
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.version_mut() = version;
    *request.headers_mut() = headers;
    Ok(request)
}

/// Writes a response as an HTTP/1.1 message.
///
/// `Content-Length` is added if it is missing and the status allows a body. All other data is written unchanged,
/// including secrets.
#[must_use]
pub fn write_response<B: AsRef<[u8]>>(response: &Response<B>) -> Vec<u8> {
    let (status, body) = (response.status(), response.body().as_ref());
    let mut out = Vec::with_capacity(HEAD_LEN + body.len());
    push(
        &mut out,
        ["HTTP/1.1 ", status.as_str(), " ", status.canonical_reason().unwrap_or_default(), "\r\n"],
    );
    push_headers(&mut out, response.headers());
    let has_body =
        !status.is_informational() && status != StatusCode::NO_CONTENT && status != StatusCode::NOT_MODIFIED;
    if has_body {
        push_length(&mut out, response.headers(), body);
    }
    push_body(out, body)
}

/// Writes a request as an HTTP/1.1 message with an absolute URI in the request line.
///
/// `Host` is added if it is missing, and `Content-Length` is added if it is missing and there is a body. All other data
/// is written unchanged, including secrets.
#[must_use]
pub fn write_request<B: AsRef<[u8]>>(request: &Request<B>) -> Vec<u8> {
    let (uri, body) = (request.uri(), request.body().as_ref());
    let mut out = Vec::with_capacity(HEAD_LEN + body.len());
    push(&mut out, [request.method().as_str(), " ", &uri.to_string(), " HTTP/1.1\r\n"]);
    if let Some(host) = uri.authority().filter(|_| !request.headers().contains_key(HOST)) {
        let host = host.as_str().rsplit('@').next().unwrap_or_default();
        push(&mut out, ["host: ", host, "\r\n"]);
    }
    push_headers(&mut out, request.headers());
    if !body.is_empty() {
        push_length(&mut out, request.headers(), body);
    }
    push_body(out, body)
}

/// Error of the parsers in this module, with the line number and the expected content of the line.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("line {line}: expected {expected}")]
pub struct RecordingError {
    line: usize,
    expected: Expected,
}

impl RecordingError {
    /// Returns the number of the line that could not be parsed, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }
}

/// The expected content of a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
enum Expected {
    #[error("a status line like `HTTP/1.1 200 OK`")]
    StatusLine,
    #[error("a request line like `GET https://api.spotify.com/v1/me HTTP/1.1`")]
    RequestLine,
    #[error("a header line like `name: value`, or a blank line before the body")]
    Header,
    #[error("a header value without control characters")]
    Value,
    #[error("fewer headers")]
    FewerHeaders,
    #[error("a blank line after the headers")]
    BlankLine,
    #[error("a response after the request: a line `###`, then a status line like `HTTP/1.1 200 OK`")]
    Response,
    #[error("one exchange per file, got a second exchange")]
    OneExchange,
}

/// The lines of a head, with the number of the current line.
struct Lines<'a> {
    rest: &'a [u8],
    number: usize,
}

impl<'a> Lines<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes), number: 0 }
    }

    /// Returns the next line without its line ending, or `None` at the end of the input.
    fn next(&mut self) -> Option<&'a [u8]> {
        self.number += 1;
        if self.rest.is_empty() {
            return None;
        }
        let mut parts = self.rest.splitn(2, |byte| *byte == b'\n');
        let line = parts.next()?;
        self.rest = parts.next().unwrap_or_default();
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// Returns the next non-empty line. Empty lines before a start line are ignored (RFC 9112 §2.2).
    fn first(&mut self) -> Option<&'a [u8]> {
        loop {
            let line = self.next()?;
            if !line.is_empty() {
                return Some(line);
            }
        }
    }

    /// Returns an error for the line that was read last.
    fn error(&self, expected: Expected) -> RecordingError {
        RecordingError { line: self.number, expected }
    }
}

/// `HTTP/1.1 200 OK`.
struct StatusLine {
    version: Version,
    status: StatusCode,
    is_tunnel: bool,
}

impl StatusLine {
    fn parse(line: &[u8]) -> Option<Self> {
        let mut parts = line.splitn(3, |byte| *byte == b' ');
        let version = parse_version(parts.next()?)?;
        let status = StatusCode::from_bytes(parts.next()?).ok()?;
        let is_tunnel = parts
            .next()
            .is_some_and(|reason| reason.trim_ascii().eq_ignore_ascii_case(b"connection established"));
        Some(Self { version, status, is_tunnel })
    }

    /// Returns whether this is the head of an interim response or of a response that establishes a proxy tunnel.
    /// Another head follows such a head.
    ///
    /// Some proxies respond to CONNECT with `200 OK`. A head that describes no body and is followed by a status line is
    /// such a response.
    fn precedes_another(&self, headers: &HeaderMap, rest: &[u8]) -> bool {
        let describes_body = headers.contains_key(CONTENT_LENGTH) || headers.contains_key(CONTENT_TYPE);
        let may_precede = self.status.is_success() && (self.is_tunnel || !describes_body);
        self.status.is_informational()
            || may_precede && Lines { rest, number: 0 }.first().and_then(Self::parse).is_some()
    }
}

/// `GET https://api.spotify.com/v1/me HTTP/1.1`.
fn parse_request_line(line: &[u8]) -> Option<(Method, Uri, Version)> {
    let mut parts = line.split(|byte| *byte == b' ');
    let method = Method::from_bytes(parts.next()?).ok()?;
    let uri = Uri::try_from(parts.next()?).ok()?;
    let version = parts.next().map_or(Some(Version::HTTP_11), parse_version)?;
    parts.next().is_none().then_some((method, uri, version))
}

fn parse_version(text: &[u8]) -> Option<Version> {
    match text {
        b"HTTP/1.0" => Some(Version::HTTP_10),
        b"HTTP/1.1" => Some(Version::HTTP_11),
        b"HTTP/2" | b"HTTP/2.0" => Some(Version::HTTP_2),
        b"HTTP/3" | b"HTTP/3.0" => Some(Version::HTTP_3),
        _ => None,
    }
}

/// Parses headers up to and including the blank line.
fn parse_headers(lines: &mut Lines<'_>) -> Result<HeaderMap, RecordingError> {
    let mut headers = HeaderMap::new();
    let mut open: Option<(HeaderName, Vec<u8>)> = None;
    loop {
        let line = lines.next().ok_or_else(|| lines.error(Expected::BlankLine))?;
        if let (Some((_, value)), Some(b' ' | b'\t')) = (&mut open, line.first()) {
            // Handle obsolete line folding (RFC 9112 §5.2).
            value.push(b' ');
            value.extend_from_slice(line.trim_ascii());
            continue;
        }
        if let Some((name, value)) = open.take() {
            let value = HeaderValue::from_bytes(value.trim_ascii());
            let value = value.map_err(|_| lines.error(Expected::Value).one_line_up())?;
            headers.try_append(name, value).map_err(|_| lines.error(Expected::FewerHeaders).one_line_up())?;
        }
        if line.is_empty() {
            return Ok(headers);
        }
        if !line.starts_with(b":") {
            open = Some(parse_header(line).ok_or_else(|| lines.error(Expected::Header))?);
        }
    }
}

impl RecordingError {
    /// Moves the error to the previous line, because a header is parsed only after the next line has been read.
    fn one_line_up(self) -> Self {
        Self { line: self.line.saturating_sub(1), ..self }
    }
}

/// Parses `name: value`. The value may begin with a colon, as in a recorded response of the accounts service.
fn parse_header(line: &[u8]) -> Option<(HeaderName, Vec<u8>)> {
    let mut parts = line.splitn(2, |byte| *byte == b':');
    let name = HeaderName::from_bytes(parts.next()?.trim_ascii_end()).ok()?;
    Some((name, parts.next()?.to_vec()))
}

fn push<const N: usize>(out: &mut Vec<u8>, parts: [&str; N]) {
    for part in parts {
        out.extend_from_slice(part.as_bytes());
    }
}

fn push_headers(out: &mut Vec<u8>, headers: &HeaderMap) {
    for (name, value) in headers {
        push(out, [name.as_str(), ": "]);
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
}

/// Writes `Content-Length` unless the message already has a `Content-Length` or a transfer coding (RFC 9112 §6.2).
fn push_length(out: &mut Vec<u8>, headers: &HeaderMap, body: &[u8]) {
    if !headers.contains_key(CONTENT_LENGTH) && !headers.contains_key(TRANSFER_ENCODING) {
        push(out, ["content-length: ", &body.len().to_string(), "\r\n"]);
    }
}

fn push_body(mut out: Vec<u8>, body: &[u8]) -> Vec<u8> {
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(body);
    out
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Initial capacity for the head of a message, in bytes.
const HEAD_LEN: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    const RESPONSE: &[u8] =
        b"\xef\xbb\xbfHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 Connection established\r\n\
        Proxy-Agent: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\nVary: A\r\nVary: B\r\n\
        Cache-Control: : no-cache\r\nX-Long: one\r\n\t two\r\nX-Empty:\r\n\r\n{\"id\":\r\n1}\n";

    fn response(text: &str) -> Response<Vec<u8>> {
        parse_response(text.as_bytes()).expect(text)
    }

    fn error(text: &str) -> String {
        parse_response(text.as_bytes()).expect_err(text).to_string()
    }

    #[test]
    fn every_part_of_a_recording_is_parsed() {
        let response = parse_response(RESPONSE).expect("a recording");
        let header = |name| response.headers().get_all(name).iter().collect::<Vec<_>>();
        assert_eq!(response.status(), 200);
        assert_eq!(header("vary"), ["A", "B"]);
        assert_eq!(header("cache-control"), [": no-cache"]);
        assert_eq!(header("x-long"), ["one two"]);
        assert_eq!(header("x-empty"), [""]);
        assert_eq!(response.body(), b"{\"id\":\r\n1}\n");
    }

    #[test]
    fn all_forms_of_status_lines_are_parsed() {
        for (text, version) in [
            ("HTTP/1.0 404 Not Found\n\n", Version::HTTP_10),
            ("HTTP/1.1 404\r\n\r\n", Version::HTTP_11),
            ("\r\nHTTP/2 404 \r\n:status: 404\r\n\r\n", Version::HTTP_2),
            ("HTTP/3 404\n\n", Version::HTTP_3),
        ] {
            assert_eq!((response(text).status(), response(text).version()), (StatusCode::NOT_FOUND, version));
        }
    }

    #[test]
    fn the_head_of_a_proxy_tunnel_is_skipped() {
        assert_eq!(response("HTTP/1.1 200 OK\n\nHTTP/2 404\n\n").status(), 404);
        let quoted = "HTTP/1.1 200 OK\ncontent-type: text/plain\n\nHTTP/2 404\n\n";
        assert_eq!(response(quoted).body(), b"HTTP/2 404\n\n");
    }

    #[test]
    fn errors_contain_the_line_number() {
        assert_eq!(error(""), "line 1: expected a status line like `HTTP/1.1 200 OK`");
        assert_eq!(error("{}"), "line 1: expected a status line like `HTTP/1.1 200 OK`");
        assert_eq!(
            error("HTTP/1.1 100 Continue\n\n"),
            "line 3: expected a status line like `HTTP/1.1 200 OK`"
        );
        assert_eq!(
            error("HTTP/1.1 200 OK\na: b\n{}\n\n"),
            "line 3: expected a header line like `name: value`, or a blank line before the body"
        );
        assert_eq!(
            error("HTTP/1.1 200 OK\na: b\rc\n\n"),
            "line 2: expected a header value without control characters"
        );
        assert_eq!(error("HTTP/1.1 200 OK\na: b\n"), "line 3: expected a blank line after the headers");
    }

    #[test]
    fn too_many_headers_are_an_error() {
        let many: String = (0..40_000).map(|number| format!("x-{number}: y\n")).collect();
        assert!(error(&format!("HTTP/1.1 200 OK\n{many}\n")).ends_with("expected fewer headers"));
    }

    #[test]
    fn truncated_and_changed_bytes_never_panic() {
        for end in 0..RESPONSE.len() {
            let cut = RESPONSE.get(..end).expect("in range");
            let _ = parse_response(cut);
            let _ = parse_request(cut);
            for byte in [0, b'\n', b'\r', b':', b' ', 0xff] {
                let mut changed = RESPONSE.to_vec();
                *changed.get_mut(end).expect("in range") = byte;
                if let Ok(read) = parse_response(&changed) {
                    let written = write_response(&read);
                    let again = parse_response(&written).expect("the written message should parse");
                    assert_eq!(again.body(), read.body());
                    assert_eq!(again.status(), read.status());
                }
            }
        }
    }

    #[test]
    fn a_written_request_has_a_host_and_a_content_length() {
        let request = Request::put("https://api.spotify.com/v1/me/player?device_id=x").body(b"{}".to_vec());
        let request = request.expect("a request");
        let written = write_request(&request);
        assert_eq!(
            String::from_utf8_lossy(&written),
            "PUT https://api.spotify.com/v1/me/player?device_id=x HTTP/1.1\r\n\
             host: api.spotify.com\r\ncontent-length: 2\r\n\r\n{}"
        );
        let read = parse_request(&written).expect("the written message should parse");
        assert_eq!(
            (read.method(), read.uri(), read.body()),
            (request.method(), request.uri(), request.body())
        );
        assert_eq!(write_request(&read), written);
    }

    #[test]
    fn a_message_without_a_body_has_no_unnecessary_content_length() {
        let get = Request::get("https://api.spotify.com/v1/me").body(Vec::new()).expect("a request");
        let written = write_request(&get);
        assert!(written.ends_with(b"host: api.spotify.com\r\n\r\n"), "{}", String::from_utf8_lossy(&written));
        assert_eq!(write_response(&response("HTTP/2 204\n\n")), b"HTTP/1.1 204 No Content\r\n\r\n");
        assert_eq!(
            write_response(&response("HTTP/2 200\n\n")),
            b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
        );
    }
}
