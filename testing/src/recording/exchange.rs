//! One exchange in one file: the request, a line `###`, the answer.

use std::fmt;

use http::{HeaderMap, Request, Response, StatusCode};

use super::{
    BYTE_ORDER_MARK, Expected, HEAD_LEN, Lines, RecordingError, parse_request_line, parse_response, push,
    push_headers, read_request,
};

/// A request and what was answered.
#[derive(Clone)]
#[non_exhaustive]
pub struct Recorded {
    /// What was asked.
    pub request: Request<Vec<u8>>,
    /// What was answered.
    pub response: Response<Vec<u8>>,
}

/// Without target, headers and bodies: an exchange need not have gone through a [`Recorder`](super::Recorder).
impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("request_len", &self.request.body().len())
            .field("status", &self.response.status())
            .field("response_len", &self.response.body().len())
            .finish_non_exhaustive()
    }
}

/// Between the request and the answer; `.http` files end a request with it.
const SEPARATOR: &str = "###";

/// Reads a request and its answer, as [`write_exchange`] writes them and people edit them.
///
/// The request is as in the `.http` files of editors: lines of comments (`# …`, `// …`) and a title (`### …`) may
/// stand above it, and its version may be missing. The answer comes after a line that begins with `###`, as
/// [`parse_response`] reads it. The line break before the separator's empty line, and the one at the file's end,
/// belong to no body.
///
/// # Errors
///
/// [`RecordingError`] names the line that is not what it should be: also where there is no answer, or a second
/// exchange.
pub fn parse_exchange(bytes: &[u8]) -> Result<Recorded, RecordingError> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let separator = separators(bytes).find(|it| it.precedes(|line| line.starts_with(b"HTTP/")));
    let asked = separator.as_ref().map_or(bytes, |it| it.before);
    let mut lines = Lines::new(asked);
    skip_comments(&mut lines);
    let mut request = read_request(&mut lines)?;
    no_second(request.body(), lines.number)?;
    let Some(separator) = separator else {
        return Err(RecordingError { line: line_count(bytes) + 1, expected: Expected::Answer });
    };
    *request.body_mut() = without_line_end(without_line_end(request.body())).to_vec();
    no_second(separator.after, separator.number)?;
    let mut response = parse_response(separator.after)
        .map_err(|error| RecordingError { line: separator.number + error.line, ..error })?;
    *response.body_mut() = without_line_end(response.body()).to_vec();
    Ok(Recorded { request, response })
}

/// Writes a request and its answer in the form that [`parse_exchange`] reads.
///
/// Secrets are written as they are; what is to be kept goes through a [`Recorder`](super::Recorder). `Host` and
/// `Content-Length` are left out: the one is in the target, the other would go stale with the first edit. A body
/// that holds a line `###` in front of a start line does not come back.
#[must_use]
pub fn write_exchange<Q: AsRef<[u8]>, A: AsRef<[u8]>>(
    request: &Request<Q>,
    response: &Response<A>,
) -> Vec<u8> {
    let (asked, answered) = (request.body().as_ref(), response.body().as_ref());
    let mut out = Vec::with_capacity(2 * HEAD_LEN + asked.len() + answered.len());
    push(&mut out, [request.method().as_str(), " ", &request.uri().to_string(), " HTTP/1.1\n"]);
    push_lines(&mut out, request.headers());
    if !asked.is_empty() {
        out.extend_from_slice(asked);
        push(&mut out, ["\n\n"]);
    }
    push(&mut out, [SEPARATOR, "\n", &status_line(response.status()), "\n"]);
    push_lines(&mut out, response.headers());
    if !answered.is_empty() {
        out.extend_from_slice(answered);
        push(&mut out, ["\n"]);
    }
    out
}

fn status_line(status: StatusCode) -> String {
    let line = format!("HTTP/1.1 {} {}", status.as_str(), status.canonical_reason().unwrap_or_default());
    line.trim_end().to_owned()
}

/// Headers and the blank line, with the line ends of text files.
fn push_lines(out: &mut Vec<u8>, headers: &HeaderMap) {
    let mut headers = headers.clone();
    for name in [http::header::HOST, http::header::CONTENT_LENGTH, http::header::TRANSFER_ENCODING] {
        headers.remove(name);
    }
    let mut lines = Vec::new();
    push_headers(&mut lines, &headers);
    out.extend(lines.into_iter().filter(|byte| *byte != b'\r'));
    out.push(b'\n');
}

/// A line that begins with `###`.
struct Separator<'a> {
    before: &'a [u8],
    after: &'a [u8],
    /// From 1.
    number: usize,
}

impl Separator<'_> {
    /// Whether the next line that is not blank is of this kind.
    fn precedes(&self, is: impl Fn(&[u8]) -> bool) -> bool {
        Lines { rest: self.after, number: 0 }.first().is_some_and(is)
    }
}

fn separators(bytes: &[u8]) -> impl Iterator<Item = Separator<'_>> {
    let mut at = 0;
    bytes.split_inclusive(|byte| *byte == b'\n').enumerate().filter_map(move |(index, line)| {
        let (start, end) = (at, at + line.len());
        at = end;
        let (before, after) = (bytes.get(..start)?, bytes.get(end..)?);
        line.starts_with(SEPARATOR.as_bytes()).then_some(Separator { before, after, number: index + 1 })
    })
}

/// Refuses a separator in front of a request, in what begins after so many lines.
fn no_second(bytes: &[u8], lines: usize) -> Result<(), RecordingError> {
    match separators(bytes).find(|it| it.precedes(is_request_line)) {
        Some(second) => Err(RecordingError { line: lines + second.number, expected: Expected::OneExchange }),
        None => Ok(()),
    }
}

fn is_request_line(line: &[u8]) -> bool {
    !line.starts_with(b"HTTP/") && parse_request_line(line).is_some()
}

/// Passes the comments above a request.
fn skip_comments(lines: &mut Lines<'_>) {
    loop {
        let (rest, number) = (lines.rest, lines.number);
        match lines.first() {
            Some(line) if line.starts_with(b"#") || line.starts_with(b"//") => {}
            _ => {
                (lines.rest, lines.number) = (rest, number);
                return;
            }
        }
    }
}

fn line_count(bytes: &[u8]) -> usize {
    bytes.split_inclusive(|byte| *byte == b'\n').count()
}

fn without_line_end(bytes: &[u8]) -> &[u8] {
    let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    if line.len() < bytes.len() { line.strip_suffix(b"\r").unwrap_or(line) } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        parse_exchange(text.as_bytes()).expect_err(text).to_string()
    }

    #[test]
    fn an_exchange_is_read_as_it_was_written() {
        for (asked, answered) in
            [("", ""), ("{}", "{\n}"), ("a\n", "b\n"), ("a\r\n", "\n"), ("\n\n", "x\n\n"), ("### a", "###")]
        {
            let request = Request::put("https://api.spotify.com/v1/me/player?x=1")
                .header("content-type", "application/json")
                .header("host", "api.spotify.com");
            let request = request.body(asked.as_bytes().to_vec()).expect("a request");
            let response =
                Response::builder().status(299).header("etag", "\"x\"").header("content-length", 7);
            let response = response.body(answered.as_bytes().to_vec()).expect("a response");
            let read = parse_exchange(&write_exchange(&request, &response)).expect("what was written");
            assert_eq!((read.request.method(), read.request.uri()), (request.method(), request.uri()));
            assert_eq!(read.request.headers().len(), 1);
            assert_eq!((read.response.status().as_u16(), read.response.headers().len()), (299, 1));
            assert_eq!(String::from_utf8_lossy(read.request.body()), asked);
            assert_eq!(String::from_utf8_lossy(read.response.body()), answered);
        }
    }

    #[test]
    fn files_are_read_as_people_write_them() {
        let text = "\u{feff}### My album\r\n# a comment\r\n// another\r\n\r\nGET https://api.spotify.com/v1/me\r\n\
                    accept: x\r\n\r\n### \r\n\r\nHTTP/2 204\r\n\r\n";
        let read = parse_exchange(text.as_bytes()).expect("an exchange");
        assert_eq!((read.request.uri().path(), read.request.headers().len()), ("/v1/me", 1));
        assert_eq!((read.response.status().as_u16(), read.response.body().len()), (204, 0));
        let quoted = "GET http://a/b\n\n###\nHTTP/1.1 200 OK\n\n# Title\n### Part\ntext\n";
        assert_eq!(
            parse_exchange(quoted.as_bytes()).expect("text").response.body(),
            b"# Title\n### Part\ntext"
        );
    }

    #[test]
    fn a_fault_is_named_with_its_line_in_the_file() {
        let (request, answer) = ("GET http://a/b HTTP/1.1\nx: y\n\n", "###\nHTTP/1.1 200 OK\nx: y\n\n{}\n");
        assert!(fault("").starts_with("line 1: expected a request line"), "{}", fault(""));
        assert!(fault("### x\nGET\n").starts_with("line 2: expected a request line"));
        assert!(
            fault(&format!("GET http://a/b\nx\n\n{answer}")).starts_with("line 2: expected a header line")
        );
        assert!(fault(request).starts_with("line 4: expected an answer after the request"));
        assert!(fault(&format!("{request}###\n")).starts_with("line 5: expected an answer"));
        assert!(fault(&format!("{request}###\nHTTP/1.1\n\n")).starts_with("line 5: expected a status line"));
        assert!(
            fault(&format!("{request}###\nHTTP/1.1 200 OK\n{{}}\n")).starts_with("line 6: expected a header")
        );
        let two = format!("{request}{answer}### Another\n{request}{answer}");
        assert_eq!(fault(&two), "line 9: expected one exchange a file, but here a second one begins");
        assert!(fault(&format!("{request}### Another\n{request}{answer}")).starts_with("line 4: "), "{two}");
    }
}
