//! Exchanges that were recorded answer the same requests again.

use std::fmt;

use http::{Method, Request, Response};
use serde_json::Value;

use super::RecordingError;
use super::exchange::{Recorded, parse_exchange};
use super::scrub::{ANY, Scrubber, without_numbers};
use crate::encoding;

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
/// all else byte by byte. Headers, scheme and host are not compared. Where the recording has a placeholder the request
/// may have the same one or a secret of the same kind, as [`Recorder`](super::Recorder) finds them: a test's client id,
/// a verifier made up anew. A placeholder of another number is another secret, and not the same.
///
/// # In which order
///
/// In the order of the files' names, so that a program that asks too often or too early is found. After
/// [`any_order`](Self::any_order), in any: the same request gets its recordings one after the other.
#[derive(Clone)]
pub struct Replay {
    entries: Vec<Entry>,
    mask: Scrubber,
    is_any_order: bool,
}

/// A recording and what has become of it.
#[derive(Clone)]
struct Entry {
    name: String,
    asked: Asked,
    response: Response<Vec<u8>>,
    is_used: bool,
}

/// A request in the form in which requests are compared, without secrets.
#[derive(Clone, Eq, PartialEq)]
struct Asked {
    method: Method,
    path: String,
    /// The pairs of the query, sorted.
    query: String,
    body: String,
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

/// A request that no recording answers, and what was recorded; `Debug` is the same text, for tests that fail.
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
        let mut mask = Scrubber::mask(&[]);
        let mut entries = Vec::new();
        for (name, bytes) in files {
            let name = name.as_ref().to_owned();
            if !name.ends_with(".http") {
                continue;
            }
            match parse_exchange(bytes.as_ref()) {
                Ok(Recorded { request, response }) => {
                    let asked = Asked::new(&request, &mut mask);
                    entries.push(Entry { name, asked, response, is_used: false });
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
            None => Ok(Self { entries, mask, is_any_order: false }),
        }
    }

    /// Lets requests come in any order, as those of calls that run at once do.
    #[must_use]
    pub fn any_order(mut self) -> Self {
        self.is_any_order = true;
        self
    }

    /// Takes these texts of requests for secrets, as [`Recorder::scrub_also`](super::Recorder::scrub_also) did.
    #[must_use]
    pub fn scrub_also<T: Into<String>>(mut self, texts: impl IntoIterator<Item = T>) -> Self {
        let texts: Vec<String> = texts.into_iter().map(Into::into).collect();
        self.mask = Scrubber::mask(&texts);
        self
    }

    /// Answers a request with its recording.
    ///
    /// # Errors
    ///
    /// [`Unexpected`], when there is no recording of it, when all of them are used up, or when it is not the next one.
    /// Nothing has changed then.
    pub fn respond<B: AsRef<[u8]>>(&mut self, request: &Request<B>) -> Result<Response<Vec<u8>>, Unexpected> {
        let asked = Asked::new(request, &mut self.mask);
        let mut open = self.entries.iter_mut().filter(|entry| !entry.is_used);
        let found = if self.is_any_order {
            open.find(|entry| entry.asked.admits(&asked))
        } else {
            open.next().filter(|entry| entry.asked.admits(&asked))
        };
        match found {
            Some(entry) => {
                entry.is_used = true;
                Ok(entry.response.clone())
            }
            None => Err(self.unexpected(&asked)),
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

    fn unexpected(&self, asked: &Asked) -> Unexpected {
        let open = self.entries.iter().find(|entry| !entry.is_used);
        let mut nearest: Vec<(usize, &Entry)> =
            self.entries.iter().map(|entry| (entry.asked.likeness(asked), entry)).collect();
        nearest.retain(|(likeness, _)| *likeness > 0);
        nearest.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
        Unexpected {
            asked: asked.line(),
            expected: open.filter(|_| !self.is_any_order).map(Entry::line),
            nearest: nearest.iter().take(NEAREST_MAX).map(|(_, entry)| entry.difference(asked)).collect(),
        }
    }
}

/// How many recordings an error shows.
const NEAREST_MAX: usize = 3;

/// Longest part of a body that an error shows, in characters.
const BODY_SHOWN: usize = 200;

impl Entry {
    fn line(&self) -> String {
        format!("{} ({})", self.name, self.asked.line())
    }

    /// The recording, and in what it is not what was asked.
    fn difference(&self, asked: &Asked) -> String {
        let used = if self.is_used { ", answered already" } else { "" };
        let body = match self.asked.is_same_but_for_body(asked) && self.asked.body != asked.body {
            true => format!(", with the body {}", shown(&self.asked.body)),
            false => String::new(),
        };
        format!("{}{used}{body}", self.line())
    }
}

impl Asked {
    fn new<B: AsRef<[u8]>>(request: &Request<B>, mask: &mut Scrubber) -> Self {
        let mut owned = Request::new(request.body().as_ref().to_vec());
        *owned.method_mut() = request.method().clone();
        *owned.uri_mut() = request.uri().clone();
        *owned.headers_mut() = request.headers().clone();
        let masked = mask.request(&owned);
        let is_form = masked
            .headers()
            .get(http::header::CONTENT_TYPE)
            .is_some_and(|media| media.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
        let text = String::from_utf8_lossy(masked.body());
        let body = match serde_json::from_str::<Value>(&text) {
            _ if is_form => sorted(&text),
            // Keys in order, no blanks.
            Ok(json) => json.to_string(),
            Err(_) => text.into_owned(),
        };
        Self {
            method: masked.method().clone(),
            path: masked.uri().path().to_owned(),
            query: sorted(masked.uri().query().unwrap_or_default()),
            body,
        }
    }

    /// Whether this is what was asked: the same but for secrets that stand for any.
    fn admits(&self, asked: &Self) -> bool {
        let parts = |it: &Self| [&it.path, &it.query, &it.body].map(|part| without_numbers(part));
        self.method == asked.method
            && parts(self).iter().zip(&parts(asked)).all(|((recorded, numbers), (asked, others))| {
                let is_same = |(a, b): (&u32, &u32)| a == b || *a == ANY || *b == ANY;
                recorded == asked && numbers.len() == others.len() && numbers.iter().zip(others).all(is_same)
            })
    }

    fn is_same_but_for_body(&self, asked: &Self) -> bool {
        Self { body: String::new(), ..self.clone() }.admits(&Self { body: String::new(), ..asked.clone() })
    }

    /// How much of a request is the same: 0 is nothing to speak of.
    fn likeness(&self, asked: &Self) -> usize {
        let segments = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
        let (own, others) = (segments(&self.path), segments(&asked.path));
        let same = own.iter().zip(&others).filter(|(own, other)| own == other).count();
        let is_as_long = usize::from(own.len() == others.len());
        // The segment before the first slash and the version say nothing.
        let path = same.saturating_sub(2) * 4 + is_as_long;
        if same <= 2 && self.path != asked.path {
            return 0;
        }
        path + usize::from(self.method == asked.method) * 2 + usize::from(self.query == asked.query)
    }

    /// `GET /v1/albums/x?market=SE`.
    fn line(&self) -> String {
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        let body = match self.body.is_empty() {
            true => String::new(),
            false => format!(" {}", shown(&self.body)),
        };
        format!("{} {}{query}{body}", self.method, self.path)
    }
}

/// Pairs of a query or a form, decoded, in the order of their names.
fn sorted(text: &str) -> String {
    let mut pairs = encoding::pairs(text);
    pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    encoding::form(&pairs)
}

fn shown(text: &str) -> String {
    let mut shown: String =
        text.chars().take(BODY_SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
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
