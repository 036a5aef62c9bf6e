//! Files that contain one exchange: the request, a line `###`, and the response.

use std::fmt;

use http::{HeaderMap, Request, Response, StatusCode};

use super::{
    BYTE_ORDER_MARK, Expected, HEAD_LEN, Lines, RecordingError, parse_request_line, parse_response, push,
    push_headers, read_request,
};

/// A request and its response.
#[derive(Clone)]
#[non_exhaustive]
pub struct Recorded {
    /// The request.
    pub request: Request<Vec<u8>>,
    /// The response.
    pub response: Response<Vec<u8>>,
}

/// Omits the target, headers and bodies because they may contain secrets.
impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("request_len", &self.request.body().len())
            .field("status", &self.response.status())
            .field("response_len", &self.response.body().len())
            .finish_non_exhaustive()
    }
}

/// Separator between the request and the response. In `.http` files, it ends a request.
const SEPARATOR: &str = "###";

/// Parses a request and its response from the format that [`write_exchange`] writes. Accepts the variations that manual
/// edits introduce.
///
/// The request has the syntax of `.http` files: comment lines (`# …`, `// …`) and a title (`### …`) may precede it, and
/// its version may be missing. The response, in a format that [`parse_response`] accepts, follows a line that begins
/// with `###`. The line break before the blank line that precedes the separator and the line break at the end of the
/// file are not part of a body.
///
/// # Errors
///
/// Returns a [`RecordingError`] with the number of the line that could not be parsed. It is also an error if the
/// response is missing or if the file contains a second exchange.
pub fn parse_exchange(bytes: &[u8]) -> Result<Recorded, RecordingError> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let separator = separators(bytes).find(|it| it.precedes(|line| line.starts_with(b"HTTP/")));
    let sent = separator.as_ref().map_or(bytes, |it| it.before);
    let mut lines = Lines::new(sent);
    skip_comments(&mut lines);
    let mut request = read_request(&mut lines)?;
    no_second(request.body(), lines.number)?;
    let Some(separator) = separator else {
        return Err(RecordingError { line: line_count(bytes) + 1, expected: Expected::Response });
    };
    *request.body_mut() = without_line_end(without_line_end(request.body())).to_vec();
    no_second(separator.after, separator.number)?;
    let mut response = parse_response(separator.after)
        .map_err(|error| RecordingError { line: separator.number + error.line, ..error })?;
    *response.body_mut() = without_line_end(response.body()).to_vec();
    Ok(Recorded { request, response })
}

/// Writes a request and its response in the format that [`parse_exchange`] parses.
///
/// Secrets are written unchanged; use a [`Recorder`](super::Recorder) for files that you store. `Host` and
/// `Content-Length` are omitted, because the target contains the host and the length would be wrong after an edit. A
/// body in which a line `###` precedes a start line cannot be parsed again.
#[must_use]
pub fn write_exchange<Q: AsRef<[u8]>, A: AsRef<[u8]>>(
    request: &Request<Q>,
    response: &Response<A>,
) -> Vec<u8> {
    let (sent, received) = (request.body().as_ref(), response.body().as_ref());
    let mut out = Vec::with_capacity(2 * HEAD_LEN + sent.len() + received.len());
    push(&mut out, [request.method().as_str(), " ", &request.uri().to_string(), " HTTP/1.1\n"]);
    push_lines(&mut out, request.headers());
    if !sent.is_empty() {
        out.extend_from_slice(sent);
        push(&mut out, ["\n\n"]);
    }
    push(&mut out, [SEPARATOR, "\n", &status_line(response.status()), "\n"]);
    push_lines(&mut out, response.headers());
    if !received.is_empty() {
        out.extend_from_slice(received);
        push(&mut out, ["\n"]);
    }
    out
}

fn status_line(status: StatusCode) -> String {
    let line = format!("HTTP/1.1 {} {}", status.as_str(), status.canonical_reason().unwrap_or_default());
    line.trim_end().to_owned()
}

/// Writes headers and the blank line, with line feeds as line endings.
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
    /// Number of the line, from 1.
    number: usize,
}

impl Separator<'_> {
    /// Returns whether the next non-empty line satisfies `is`.
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

/// Returns an error if `bytes` contains a separator that precedes a request. `lines` is the number of lines before
/// `bytes` in the file.
fn no_second(bytes: &[u8], lines: usize) -> Result<(), RecordingError> {
    match separators(bytes).find(|it| it.precedes(is_request_line)) {
        Some(second) => Err(RecordingError { line: lines + second.number, expected: Expected::OneExchange }),
        None => Ok(()),
    }
}

fn is_request_line(line: &[u8]) -> bool {
    !line.starts_with(b"HTTP/") && parse_request_line(line).is_some()
}

/// Skips the comments above a request.
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

    fn error(text: &str) -> String {
        parse_exchange(text.as_bytes()).expect_err(text).to_string()
    }

    #[test]
    fn a_written_exchange_is_parsed_unchanged() {
        for (sent, received) in
            [("", ""), ("{}", "{\n}"), ("a\n", "b\n"), ("a\r\n", "\n"), ("\n\n", "x\n\n"), ("### a", "###")]
        {
            let request = Request::put("https://api.spotify.com/v1/me/player?x=1")
                .header("content-type", "application/json")
                .header("host", "api.spotify.com");
            let request = request.body(sent.as_bytes().to_vec()).expect("a request");
            let response =
                Response::builder().status(299).header("etag", "\"x\"").header("content-length", 7);
            let response = response.body(received.as_bytes().to_vec()).expect("a response");
            let read = parse_exchange(&write_exchange(&request, &response)).expect("a written exchange");
            assert_eq!((read.request.method(), read.request.uri()), (request.method(), request.uri()));
            assert_eq!(read.request.headers().len(), 1);
            assert_eq!((read.response.status().as_u16(), read.response.headers().len()), (299, 1));
            assert_eq!(String::from_utf8_lossy(read.request.body()), sent);
            assert_eq!(String::from_utf8_lossy(read.response.body()), received);
        }
    }

    #[test]
    fn handwritten_files_are_parsed() {
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
    fn errors_contain_the_line_number_in_the_file() {
        let (request, response) = ("GET http://a/b HTTP/1.1\nx: y\n\n", "###\nHTTP/1.1 200 OK\nx: y\n\n{}\n");
        assert!(error("").starts_with("line 1: expected a request line"), "{}", error(""));
        assert!(error("### x\nGET\n").starts_with("line 2: expected a request line"));
        assert!(
            error(&format!("GET http://a/b\nx\n\n{response}")).starts_with("line 2: expected a header line")
        );
        assert!(error(request).starts_with("line 4: expected a response after the request"));
        assert!(error(&format!("{request}###\n")).starts_with("line 5: expected a response"));
        assert!(error(&format!("{request}###\nHTTP/1.1\n\n")).starts_with("line 5: expected a status line"));
        assert!(
            error(&format!("{request}###\nHTTP/1.1 200 OK\n{{}}\n")).starts_with("line 6: expected a header")
        );
        let two = format!("{request}{response}### Another\n{request}{response}");
        assert_eq!(error(&two), "line 9: expected one exchange per file, got a second exchange");
        assert!(
            error(&format!("{request}### Another\n{request}{response}")).starts_with("line 4: "),
            "{two}"
        );
    }
}
