//! A connection from the browser that carries one request and one page.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::page::Page;

/// Maximum size of a request head, in bytes. The head of a callback request is smaller than 2 KB.
const MAX_HEAD_LEN: usize = 16 * 1024;

/// Time limits for reading a request and for writing the page.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
const WRITE_TIMEOUT: Duration = Duration::from_secs(2);

/// A non-blocking connection. Browsers open connections in advance and leave them idle.
pub(super) struct Connection {
    stream: TcpStream,
    begin: Instant,
    head: Vec<u8>,
}

/// The state of a connection.
pub(super) enum Progress {
    /// The request is still incomplete.
    Pending,
    /// The connection is closed, or the request exceeded the time limit.
    Closed,
    /// A complete request: the target of a GET request, or `None` for any other request.
    Request(Option<String>),
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        Ok(Self { stream, begin: Instant::now(), head: Vec::new() })
    }

    /// Reads the bytes that are available.
    pub(super) fn read(&mut self) -> Progress {
        let mut buffer = [0; 1024];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return Progress::Closed,
                Ok(count) => self.head.extend(buffer.iter().take(count)),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let is_late = self.begin.elapsed() >= READ_TIMEOUT;
                    return if is_late { Progress::Closed } else { Progress::Pending };
                }
                Err(_) => return Progress::Closed,
            }
            if self.head.windows(4).any(|window| window == b"\r\n\r\n") {
                return Progress::Request(target(&self.head));
            }
            if self.head.len() > MAX_HEAD_LEN {
                return Progress::Request(None);
            }
        }
    }

    /// Sends a page and closes the connection. Ignores errors, because the browser may have closed the connection
    /// already.
    pub(super) fn respond(&mut self, page: &Page) {
        let send = || {
            self.stream.set_nonblocking(false)?;
            self.stream.set_write_timeout(Some(WRITE_TIMEOUT))?;
            (&self.stream).write_all(page.response().as_bytes())?;
            self.stream.shutdown(Shutdown::Write)
        };
        let _ = send();
    }
}

/// Returns the target of a GET request in origin form (RFC 9112 §3.2.1).
fn target(head: &[u8]) -> Option<String> {
    let line = head.split(|byte| *byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let is_read = method == "GET" && version.starts_with("HTTP/1.") && words.next().is_none();
    (is_read && target.starts_with('/')).then(|| target.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_get_requests_in_origin_form_have_a_target() {
        let of = |line: &str| target(format!("{line}\r\nHost: 127.0.0.1\r\n\r\n").as_bytes());
        assert_eq!(of("GET /callback?code=x HTTP/1.1").as_deref(), Some("/callback?code=x"));
        for line in [
            "POST /callback HTTP/1.1",
            "HEAD /callback HTTP/1.1",
            "GET http://127.0.0.1/callback HTTP/1.1",
            "GET /callback",
            "GET /call back HTTP/1.1",
            "GET /callback HTTP/2",
            "",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
        assert_eq!(target(b"GET /\xff HTTP/1.1\r\n\r\n"), None);
    }
}
