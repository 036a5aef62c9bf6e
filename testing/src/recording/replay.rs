//! Replay of recorded exchanges in tests.

mod request;

use std::fmt;

use http::{Request, Response};

use super::RecordingError;
use super::exchange::{Recorded, parse_exchange};
use request::{Bindings, Compared};

/// Responds to requests from recorded exchanges. A request that was not recorded is an error.
///
/// The exchanges come from the files of a [`Recorder`](super::Recorder), or from your own files in the same format
/// ([`parse_exchange`](super::parse_exchange)). A test of an application takes three lines. In this example, `call` is
/// the driver of the application, and its second parameter is the function that sends a request:
///
/// ```
/// use spotify_proto::api::GetAlbum;
/// use spotify_proto_testing::recording::Replay;
/// # use spotify_proto::{http, AlbumId, App, Call, Reply, Session, Step};
/// # use std::time::{Duration, SystemTime, UNIX_EPOCH};
/// # type Sent = http::Request<Vec<u8>>;
/// # fn call<T, E: std::error::Error + 'static>(
/// #     call: impl Into<Call<T>>,
/// #     mut send: impl FnMut(&Sent) -> Result<http::Response<Vec<u8>>, E>,
/// # ) -> Result<Reply<T>, Box<dyn std::error::Error>> {
/// #     let (mut app, mut session) = (App::without_credentials(), Session::from_access_token("token"));
/// #     let mut now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
/// #     let mut step = call.into().start(&mut app, &mut session, now);
/// #     loop {
/// #         step = match step {
/// #             Step::Send(request, exchange) => {
/// #                 exchange.receive(send(&request), now).apply(&mut app, &mut session, now)?
/// #             }
/// #             Step::Wait(delay, waiting) => {
/// #                 now += delay.duration;
/// #                 waiting.resume(&mut app, &mut session, now)
/// #             }
/// #             Step::Authorize(..) => unreachable!("an external access token cannot be renewed"),
/// #             Step::Done(result) => return Ok(result?),
/// #         }
/// #     }
/// # }
/// # let get = GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>()?);
/// # let files = [("001-get-v1-albums-id.http", "GET https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy\n\n\
/// #     ###\nHTTP/1.1 200 OK\n\n{\"name\": \"Night Ferry\"}\n")];
///
/// let mut replay = Replay::new(files)?; // names and bytes, from a folder or from `include_bytes!`
/// assert_eq!(call(get, |request| replay.respond(request))?.value.name, "Night Ferry");
/// replay.finish()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Matching
///
/// A request matches a recording if both have the same method, the same path, the same query pairs in any order, and
/// the same body. JSON bodies are compared by value, forms are compared as pairs in any order, and all other bodies are
/// compared byte by byte. Headers, scheme and host are not compared. A placeholder in the recording matches any value,
/// such as the client id of a test or a new verifier. It matches the same value throughout a replay, and different
/// placeholders match different values. A placeholder that the program has received in a response matches only itself.
///
/// # Order
///
/// Requests must arrive in the order of the file names, so that a request that is sent too often or too early is an
/// error. With [`any_order`](Self::any_order), requests may arrive in any order, and the recordings of a repeated
/// request are used in the order of the file names.
#[derive(Clone)]
pub struct Replay {
    entries: Vec<Entry>,
    bindings: Bindings,
    is_any_order: bool,
}

/// A recording, and whether it has been used.
#[derive(Clone)]
struct Entry {
    name: String,
    request: Compared,
    response: Response<Vec<u8>>,
    is_used: bool,
}

/// Error of [`Replay::new`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// A file does not contain a valid exchange.
    #[error("{name}, {error}")]
    Broken {
        /// Name of the file.
        name: String,
        /// The line that could not be parsed.
        error: RecordingError,
    },
    /// No file name ends in `.http`, for example because the folder is wrong or nothing was recorded.
    #[error("expected files whose names end in .http, got none")]
    Empty,
    /// Two files have the same name, so their order is undefined.
    #[error("duplicate file name {0}")]
    Twice(String),
}

/// Error for a request that matches no recording. Contains the most similar recordings.
///
/// `Display` and `Debug` print the same text because failing tests print the `Debug` output. The request is redacted in
/// the same way as by a [`Recorder`](super::Recorder). The recordings are shown unchanged.
#[derive(Clone, Eq, PartialEq)]
pub struct Unexpected {
    asked: String,
    expected: Option<String>,
    nearest: Vec<String>,
}

/// Error for recordings that were not used. `Display` and `Debug` print the same text.
#[derive(Clone, Eq, PartialEq)]
pub struct Unused(Vec<String>);

impl Replay {
    /// Parses recordings from pairs of file names and contents, in any order.
    ///
    /// Files whose names do not end in `.http`, such as a README, are ignored.
    ///
    /// # Errors
    ///
    /// Returns a [`ReplayError`] if a file does not contain a valid exchange, if two files have the same name, or if no
    /// file name ends in `.http`.
    pub fn new<N: AsRef<str>, B: AsRef<[u8]>>(
        files: impl IntoIterator<Item = (N, B)>,
    ) -> Result<Self, ReplayError> {
        let mut entries = Vec::new();
        for (name, bytes) in files {
            let name = name.as_ref().to_owned();
            if !name.ends_with(".http") {
                continue;
            }
            match parse_exchange(bytes.as_ref()) {
                Ok(Recorded { request, response }) => {
                    let request = Compared::recorded(&request);
                    entries.push(Entry { name, request, response, is_used: false });
                }
                Err(error) => return Err(ReplayError::Broken { name, error }),
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        let twice = entries.windows(2).find_map(|pair| match pair {
            [first, second] if first.name == second.name => Some(first.name.clone()),
            _ => None,
        });
        match twice {
            Some(name) => Err(ReplayError::Twice(name)),
            None if entries.is_empty() => Err(ReplayError::Empty),
            None => Ok(Self { entries, bindings: Bindings::default(), is_any_order: false }),
        }
    }

    /// Accepts requests in any order, for example for concurrent calls.
    #[must_use]
    pub fn any_order(mut self) -> Self {
        self.is_any_order = true;
        self
    }

    /// Returns the recorded response to a request.
    ///
    /// # Errors
    ///
    /// Returns [`Unexpected`] if no recording matches the request, if all matching recordings have been used, or if the
    /// next recording in order is for a different request. In these cases, the replay remains unchanged.
    pub fn respond<B: AsRef<[u8]>>(&mut self, request: &Request<B>) -> Result<Response<Vec<u8>>, Unexpected> {
        let sent = Compared::sent(request);
        let bindings = &mut self.bindings;
        let mut open = self.entries.iter_mut().filter(|entry| !entry.is_used);
        let found = if self.is_any_order {
            open.find(|entry| entry.request.admits(&sent, bindings))
        } else {
            open.next().filter(|entry| entry.request.admits(&sent, bindings))
        };
        match found {
            Some(entry) => {
                entry.is_used = true;
                Ok(entry.response.clone())
            }
            None => Err(self.unexpected(&sent)),
        }
    }

    /// Checks that every recording has been used.
    ///
    /// # Errors
    ///
    /// Returns [`Unused`] with the recordings that were not used.
    pub fn finish(&self) -> Result<(), Unused> {
        let left = self.entries.iter().filter(|entry| !entry.is_used).map(Entry::line);
        let left: Vec<String> = left.collect();
        if left.is_empty() { Ok(()) } else { Err(Unused(left)) }
    }

    fn unexpected(&mut self, sent: &Compared) -> Unexpected {
        let open = self.entries.iter().find(|entry| !entry.is_used);
        let expected = open.filter(|_| !self.is_any_order).map(Entry::line);
        let mut nearest: Vec<(usize, &Entry)> =
            self.entries.iter().map(|entry| (entry.request.likeness(sent), entry)).collect();
        nearest.retain(|(likeness, _)| *likeness > 0);
        nearest.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
        let bindings = &mut self.bindings;
        let nearest = nearest.iter().take(NEAREST_MAX).map(|(_, entry)| entry.difference(sent, bindings));
        Unexpected { asked: sent.line(), expected, nearest: nearest.collect() }
    }
}

/// Maximum number of recordings listed in an error.
const NEAREST_MAX: usize = 3;

impl Entry {
    fn line(&self) -> String {
        format!("{} ({})", self.name, self.request.line())
    }

    /// Returns a description of the recording. Includes the body if only the body differs from that of the request.
    fn difference(&self, sent: &Compared, bindings: &mut Bindings) -> String {
        let used = if self.is_used { ", already used" } else { "" };
        let body = match self.request.differs_in_body(sent, bindings) {
            true => format!(", with the body {}", self.request.body_line()),
            false => String::new(),
        };
        format!("{}{used}{body}", self.line())
    }
}

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no recording matches {}", self.asked)?;
        if let Some(expected) = &self.expected {
            write!(f, "\n  expected next: {expected}")?;
        }
        for nearest in &self.nearest {
            write!(f, "\n  recorded: {nearest}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Unused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} recordings were not used:", self.0.len())?;
        self.0.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

impl fmt::Debug for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Unused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Unexpected {}
impl std::error::Error for Unused {}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.entries.iter().filter(|entry| !entry.is_used).count();
        f.debug_struct("Replay")
            .field("recordings", &self.entries.len())
            .field("left", &left)
            .field("is_any_order", &self.is_any_order)
            .finish()
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests;
