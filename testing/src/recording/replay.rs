//! Exchanges that were recorded answer the same requests again.

mod request;

use std::fmt;

use http::{Request, Response};

use super::RecordingError;
use super::exchange::{Recorded, parse_exchange};
use request::{Bindings, Compared};

/// Answers requests with what was recorded, and nothing else.
///
/// It is made of the files that a [`Recorder`](super::Recorder) gave, or of your own in the same form
/// ([`parse_exchange`](super::parse_exchange)). A test of an application is three lines; `call` stands for the driver
/// of the application, with the function that sends as its parameter:
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
/// #             Step::Authorize(..) => unreachable!("an access token from elsewhere is not renewed"),
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
/// # What has to be the same
///
/// The method, the path, the pairs of the query in any order, and the body: JSON by value, forms as pairs in any order,
/// all else byte by byte. Headers, scheme and host are not compared. A placeholder of the recording matches any value,
/// such as the client id of a test or a new verifier, but in a whole replay the same one: two placeholders are two
/// values, and a placeholder that a response has given the program is sent as it is.
///
/// # In which order
///
/// In the order of the files' names, so that a program that asks too often or too early is found. After
/// [`any_order`](Self::any_order), in any: the same request gets its recordings one after the other.
#[derive(Clone)]
pub struct Replay {
    entries: Vec<Entry>,
    bindings: Bindings,
    is_any_order: bool,
}

/// A recording and what has become of it.
#[derive(Clone)]
struct Entry {
    name: String,
    request: Compared,
    response: Response<Vec<u8>>,
    is_used: bool,
}

/// Files that cannot be replayed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// A file is no exchange; its line is told, from 1.
    #[error("{name}, {error}")]
    Broken {
        /// The file.
        name: String,
        /// What is wrong, and where.
        error: RecordingError,
    },
    /// There is no file whose name ends in `.http`: the folder is another, or nothing was recorded.
    #[error("there are no recordings: expected files whose names end in .http")]
    Empty,
    /// Two files have the same name, so that there is no order between them.
    #[error("{0} is there twice")]
    Twice(String),
}

/// A request that was not recorded, and what was recorded; `Debug` is the same text, for tests that fail.
///
/// The request is shown as a [`Recorder`](super::Recorder) would write it, and the recordings as their files have them.
#[derive(Clone, Eq, PartialEq)]
pub struct Unexpected {
    asked: String,
    expected: Option<String>,
    nearest: Vec<String>,
}

/// Recordings that nobody asked for; `Debug` is the same text, for tests that fail.
#[derive(Clone, Eq, PartialEq)]
pub struct Unused(Vec<String>);

impl Replay {
    /// Reads recordings: names and what the files hold, in any order.
    ///
    /// Files whose names do not end in `.http` are left out: a folder may have a README.
    ///
    /// # Errors
    ///
    /// [`ReplayError`], when a file is no exchange, when two have the same name, or when there is none.
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

    /// Lets requests come in any order, as those of calls that run at once do.
    #[must_use]
    pub fn any_order(mut self) -> Self {
        self.is_any_order = true;
        self
    }

    /// Answers a request with its recording.
    ///
    /// # Errors
    ///
    /// [`Unexpected`], when there is no recording of it, when all of them are used up, or when it is not the next one.
    /// Nothing has changed then.
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

    /// Whether every recording was asked for.
    ///
    /// # Errors
    ///
    /// [`Unused`] names those that were not.
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

/// How many recordings an error shows.
const NEAREST_MAX: usize = 3;

impl Entry {
    fn line(&self) -> String {
        format!("{} ({})", self.name, self.request.line())
    }

    /// The recording, and in what it differs from the request.
    fn difference(&self, sent: &Compared, bindings: &mut Bindings) -> String {
        let used = if self.is_used { ", answered already" } else { "" };
        let body = match self.request.differs_in_body(sent, bindings) {
            true => format!(", with the body {}", self.request.body_line()),
            false => String::new(),
        };
        format!("{}{used}{body}", self.line())
    }
}

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no recording answers {}", self.asked)?;
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
        write!(f, "nobody asked for {} of the recordings:", self.0.len())?;
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
#[allow(clippy::indexing_slicing, reason = "a test may panic")]
mod tests;
