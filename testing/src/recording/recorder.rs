//! Exchanges become files, without what is nobody's business.

use std::fmt;

use http::{Method, Request, Response, Uri};

use super::exchange::{Recorded, write_exchange};
use super::scrub::Scrubber;
use spotify_proto::api::OPERATIONS;

/// Collects exchanges and makes files of them that can be kept beside a program's tests.
///
/// A driver gives it each request and each answer, in order; [`files`](Self::files) gives names and bytes, and the
/// program writes them. The files are `.http` files as editors know them: the request, a line `###`, and the answer
/// as `curl -i` prints it ([`parse_exchange`](super::parse_exchange) reads them). JSON is set line by line. Their
/// names begin with a number and tell method and route: `001-get-v1-albums-id.http`.
///
/// ```
/// use spotify_proto::http::{Request, Response};
/// use spotify_proto_testing::recording::Recorder;
///
/// let mut recorder = Recorder::new().scrub_also("Night Ferry");
/// // In the driver, around every request:
/// let request = Request::get("https://api.spotify.com/v1/me").header("authorization", "Bearer BQ1").body("")?;
/// let answer = r#"{"id": "anna7", "display_name": "Anna", "uri": "spotify:user:anna7", "type": "user"}"#;
/// recorder.record(&request, &Response::new(answer));
///
/// // At the end:
/// let folder = std::env::temp_dir().join("spotify-proto-recordings");
/// std::fs::create_dir_all(&folder)?;
/// for file in recorder.files() {
///     std::fs::write(folder.join(&file.name), &file.bytes)?;
/// }
/// let written = std::fs::read_to_string(folder.join("001-get-v1-me.http"))?;
/// let lines = [
///     "GET https://api.spotify.com/v1/me HTTP/1.1",
///     "authorization: Bearer scrubbed-access-token-1",
///     "",
///     "###",
///     "HTTP/1.1 200 OK",
///     "",
///     "{",
///     r#"  "id": "scrubbed-user-1","#,
///     r#"  "display_name": "scrubbed-name-1","#,
///     r#"  "uri": "spotify:user:scrubbed-user-1","#,
///     r#"  "type": "user""#,
///     "}",
/// ];
/// assert_eq!(written.lines().collect::<Vec<_>>(), lines);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is scrubbed
///
/// The same secret has the same placeholder in all files, so that a flow still hangs together: the refresh token of
/// one answer is the one that the next request sends.
///
/// * Headers: all are left out but those that say what a body is, how long it is good and how long to wait. The
///   token in `Authorization` is replaced.
/// * Values under telling names, in queries, forms, JSON and texts: tokens, codes, verifiers, `state`, passwords, ids
///   and secrets of clients (also in `preview_url`), e-mail addresses, birthdates, names and ids of accounts and devices.
/// * Users: id, name and pictures of the current user, of owners, and of whoever added something, also in URIs and
///   addresses (`spotify:user:…`, `/users/…`). The user `spotify` stays.
/// * By their form, at any place, keys of JSON included: e-mail addresses, IP addresses but those of the own machine,
///   runs of 40 and more characters with letters of both cases and digits, runs of 32 hexadecimal digits.
/// * What was found at one place, at every other: tokens of 8 and more characters inside any text, the id and the name
///   of a user inside names, descriptions and messages.
/// * A body that is no UTF-8 (compressed, say) or a picture, as a whole.
///
/// # What is not
///
/// What else a user's data tell: names of playlists, what is saved and played and when, the country and the kind of
/// the subscription. `snapshot_id` and the code strings of audio analyses, which are long and random by nature. Short
/// secrets that stand under no telling name and nowhere else. Hosts that are names. [`scrub_also`](Self::scrub_also)
/// is for what you know of; read the files before you publish them.
#[derive(Clone, Default)]
pub struct Recorder {
    exchanges: Vec<Recorded>,
    also: Vec<String>,
}

/// A file to be written: [`Recorder::files`] makes it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct File {
    /// The file's name: ASCII letters in lower case, digits, `-`, and `.http` at the end.
    pub name: String,
    /// What the file holds: an exchange as [`parse_exchange`](super::parse_exchange) reads it.
    pub bytes: Vec<u8>,
}

impl Recorder {
    /// A recorder without exchanges.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces this text, too, wherever it stands, inside words as well; letter case counts, an empty text is none.
    #[must_use]
    pub fn scrub_also(mut self, text: impl Into<String>) -> Self {
        self.also.push(text.into());
        self
    }

    /// Takes an exchange: the next one, in the order in which the requests are to be repeated.
    ///
    /// It is kept as it is, secrets included, until the files are made.
    pub fn record<Q: AsRef<[u8]>, A: AsRef<[u8]>>(&mut self, request: &Request<Q>, response: &Response<A>) {
        let mut asked = Request::new(request.body().as_ref().to_vec());
        *asked.method_mut() = request.method().clone();
        *asked.uri_mut() = request.uri().clone();
        *asked.headers_mut() = request.headers().clone();
        let mut answered = Response::new(response.body().as_ref().to_vec());
        *answered.status_mut() = response.status();
        *answered.headers_mut() = response.headers().clone();
        self.exchanges.push(Recorded { request: asked, response: answered });
    }

    /// The files, one an exchange, in the order of their names; none without exchanges.
    #[must_use]
    pub fn files(&self) -> Vec<File> {
        let mut scrubber = Scrubber::new(&self.also);
        for it in &self.exchanges {
            scrub(&mut scrubber, it);
        }
        let mut scrubber = scrubber.learned();
        let width = self.exchanges.len().to_string().len().max(3);
        let files = self.exchanges.iter().zip(1..).map(|(it, number)| {
            let Recorded { request, response } = scrub(&mut scrubber, it);
            let route = slug(&route(request.method(), request.uri()));
            let method = request.method().as_str().to_ascii_lowercase();
            File {
                name: format!("{number:0width$}-{method}-{route}.http"),
                bytes: write_exchange(&request, &response),
            }
        });
        files.collect()
    }
}

fn scrub(scrubber: &mut Scrubber, it: &Recorded) -> Recorded {
    Recorded {
        request: scrubber.request(&it.request),
        response: scrubber.response(it.request.uri(), &it.response),
    }
}

/// The route of the operation that a request is for; of no operation the path.
fn route(method: &Method, uri: &Uri) -> String {
    let is_met = |route: &str| {
        let (have, want) = (uri.path().split('/'), route.split('/'));
        have.clone().count() == want.clone().count()
            && have.zip(want).all(|(have, want)| have == want || want.starts_with('{'))
    };
    let operations = OPERATIONS.iter().filter(|it| it.method == *method && is_met(it.route));
    // `/v1/me/albums/contains` is also of the form `/v1/me/{x}/contains`: the fewer placeholders the nearer.
    let nearest = operations.min_by_key(|it| it.route.matches('{').count());
    nearest.map_or_else(|| uri.path().to_owned(), |it| it.route.to_owned())
}

/// A route as a part of a file's name.
fn slug(route: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric();
    let words = route.split(|c| !is_plain(c)).filter(|word| !word.is_empty());
    let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    if slug.is_empty() { "root".to_owned() } else { slug.chars().take(SLUG_MAX).collect() }
}

/// Longest part of a file's name that tells the route.
const SLUG_MAX: usize = 80;

/// Shows no exchange: they hold secrets.
impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("exchanges", &self.exchanges.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_number_method_and_route() {
        let mut recorder = Recorder::new();
        for (method, uri) in [
            ("GET", "https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy?market=SE"),
            ("GET", "http://127.0.0.1:1/v1/me/tracks/contains?ids=x"),
            ("PUT", "/v1/playlists/4aawyAB9vmqN3uQ7FjRGTy/followers"),
            ("POST", "https://accounts.spotify.com/api/token"),
            ("GET", "https://api.spotify.com/v2/Un%20known/"),
            ("GET", "https://api.spotify.com"),
        ] {
            let request = Request::builder().method(method).uri(uri).body("").expect("a request");
            recorder.record(&request, &Response::new(""));
        }
        let names: Vec<_> = recorder.files().into_iter().map(|file| file.name).collect();
        assert_eq!(
            names,
            [
                "001-get-v1-albums-id.http",
                "002-get-v1-me-tracks-contains.http",
                "003-put-v1-playlists-playlist-id-followers.http",
                "004-post-api-token.http",
                "005-get-v2-un-20known.http",
                "006-get-root.http",
            ]
        );
    }

    #[test]
    fn names_sort_in_the_order_of_the_exchanges() {
        let mut recorder = Recorder::new();
        for _ in 0..1001 {
            recorder.record(&Request::new(""), &Response::new(""));
        }
        let names: Vec<_> = recorder.files().into_iter().map(|file| file.name).collect();
        assert!(names.is_sorted() && names.last().is_some_and(|name| name.starts_with("1001-")));
        assert!(Recorder::new().files().is_empty());
    }
}
