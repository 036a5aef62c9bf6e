//! Exchanges become files that show nothing but what is known to be public.

use std::fmt;

use http::{Method, Request, Response, Uri};

use super::exchange::{Recorded, write_exchange};
use super::redact::Redactor;
use spotify_proto::api::OPERATIONS;
use spotify_proto::{App, KnownSecrets, SecretMatcher, Session};

/// Collects exchanges and makes files of them that can be kept with a program's tests.
///
/// A driver gives it each request and each response, in order; [`files`](Self::files) returns names and bytes, and the
/// program writes them. The files are `.http` files as editors know them: the request, a line `###`, and the response
/// as `curl -i` prints it ([`parse_exchange`](super::parse_exchange) reads them). JSON is set line by line. Their
/// names begin with a number and tell method and route: `001-get-v1-albums-id.http`.
///
/// ```
/// use spotify_proto::http::{Request, Response};
/// use spotify_proto_testing::recording::Recorder;
///
/// let mut recorder = Recorder::new().allow_key("product");
/// // In the driver, around every request:
/// let request = Request::get("https://api.spotify.com/v1/me").header("authorization", "Bearer BQ1").body("")?;
/// let response = r#"{"id": "anna7", "display_name": "Anna", "product": "premium", "type": "user"}"#;
/// recorder.record(&request, &Response::new(response));
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
///     "authorization: Bearer redacted-1",
///     "",
///     "###",
///     "HTTP/1.1 200 OK",
///     "",
///     "{",
///     r#"  "id": "redacted-2","#,
///     r#"  "display_name": "redacted-3","#,
///     r#"  "product": "premium","#,
///     r#"  "type": "user""#,
///     "}",
/// ];
/// assert_eq!(written.lines().collect::<Vec<_>>(), lines);
///
/// // What was replaced, by key:
/// let replaced: Vec<_> = recorder.redactions().into_iter().map(|it| (it.key, it.count)).collect();
/// let expected = [("authorization", 1), ("display_name", 1), ("id", 1)];
/// assert_eq!(replaced, expected.map(|(key, count)| (key.to_owned(), count)));
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is kept
///
/// Only what is known to be public is kept:
///
/// * the method, the status, and the structure of JSON: objects, lists, `true`, `false`, `null`, known keys, numbers
///   under keys that the API has for numbers, and numbers of up to three characters under all other keys;
/// * words of the API, such as types, scopes and known error messages, under the keys that have them; times;
/// * of an object whose `type` is `album`, `artist`, `audiobook`, `chapter`, `episode`, `show` or `track`, and of the
///   objects inside it: `id`, `uri`, `href`, addresses at Spotify, pictures, `name`, `label`, `publisher`, `genres`,
///   `copyrights`, dates, markets and codes such as ISRC. A local file is not such an object, nor is anything in the
///   response to a request for a profile, or under a key for users and devices, or under a key that is not known;
/// * categories and genres in the responses of their operations;
/// * URIs, ids and addresses of such objects in requests; markets, numbers and words of the API in queries and forms;
/// * hosts of Spotify and loopback addresses; segments of the API's routes;
/// * the headers `accept`, `age`, `cache-control`, `content-type`, `date`, `expires`, `last-modified`, `retry-after`,
///   `vary` and `www-authenticate`, as far as their values are known. The credentials of `authorization` and the value
///   of entity tags are replaced; all other headers are left out.
///
/// # What is replaced
///
/// Everything else, keys included: ids and names of users, playlists and devices, search texts, descriptions, snapshots,
/// unknown hosts and parameters. The same value has the same placeholder in all files, so that a flow still hangs
/// together: the refresh token of one response is the one that the next request sends. The placeholder tells the kind of
/// its value (an id, an address, an e-mail address, another text) and the class of its length: up to 16, 64 or 256
/// characters, or more. The country of a user becomes `ZZ`. A body that is neither JSON nor a form is replaced as a
/// whole; its length and type stay.
///
/// Texts that are kept are searched for the secrets that the exchanges name, and for those of
/// [`add_secrets`](Self::add_secrets); a text that shows one is replaced. Times, numbers and catalogue objects stay, so
/// a recording still tells what was played and saved, and when.
#[derive(Clone, Default)]
pub struct Recorder {
    exchanges: Vec<Recorded>,
    allowed: Vec<String>,
    also: Vec<String>,
    secrets: Vec<KnownSecrets>,
}

/// A file to be written: [`Recorder::files`] makes it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct File {
    /// Name of the file: ASCII letters in lower case, digits, `-`, and `.http` at the end.
    pub name: String,
    /// Contents of the file: an exchange as [`parse_exchange`](super::parse_exchange) reads it.
    pub bytes: Vec<u8>,
}

/// How often values under a key were replaced: [`Recorder::redactions`] returns it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Redaction {
    /// Key of JSON, or name of a parameter. Beside these there are `body`, `host`, `method`, `path` and `header …`, and
    /// `another key` for keys that are long or have a form that a secret may have.
    pub key: String,
    /// Number of values that were replaced, in all files.
    pub count: usize,
}

impl Recorder {
    /// A recorder without exchanges.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps what stands under this key of JSON, or in the parameter of this name, with everything below it.
    ///
    /// It is still replaced if it shows a secret or a text of [`scrub_also`](Self::scrub_also).
    #[must_use]
    pub fn allow_key(mut self, key: impl Into<String>) -> Self {
        self.allowed.push(key.into());
        self
    }

    /// Replaces every text that holds this one, inside words as well; letter case counts. An empty text is ignored.
    #[must_use]
    pub fn scrub_also(mut self, text: impl Into<String>) -> Self {
        self.also.push(text.into());
        self
    }

    /// Replaces every text that shows a secret of the session or of its application: plain, percent-encoded, escaped as
    /// in JSON or HTML, in base64, without regard to letter case, and in pieces.
    ///
    /// It may be called again after the tokens have changed, at any time before the files are made. A secret of fewer
    /// than eight letters and digits, and a piece of fewer than twelve, are not searched for.
    pub fn add_secrets(&mut self, app: &App, session: &Session) {
        self.secrets.push(session.secrets(app));
    }

    /// Takes an exchange: the next one, in the order in which the requests are to be repeated.
    ///
    /// It is kept as it is, secrets included, until the files are made.
    pub fn record<Q: AsRef<[u8]>, A: AsRef<[u8]>>(&mut self, request: &Request<Q>, response: &Response<A>) {
        let mut sent = Request::new(request.body().as_ref().to_vec());
        *sent.method_mut() = request.method().clone();
        *sent.uri_mut() = request.uri().clone();
        *sent.headers_mut() = request.headers().clone();
        let mut received = Response::new(response.body().as_ref().to_vec());
        *received.status_mut() = response.status();
        *received.headers_mut() = response.headers().clone();
        self.exchanges.push(Recorded { request: sent, response: received });
    }

    /// The files, one for each exchange, in the order of their names; empty without exchanges.
    ///
    /// The work is linear in the exchanges.
    #[must_use]
    pub fn files(&self) -> Vec<File> {
        let width = self.exchanges.len().to_string().len().max(3);
        let (redacted, _) = self.redacted();
        let files = redacted.iter().zip(1..).map(|(it, number)| {
            let route = slug(&route(it.request.method(), it.request.uri()));
            let method = it.request.method().as_str().to_ascii_lowercase();
            File {
                name: format!("{number:0width$}-{method}-{route}.http"),
                bytes: write_exchange(&it.request, &it.response),
            }
        });
        files.collect()
    }

    /// What the files do not show: how many values were replaced, by key, in the order of the keys.
    ///
    /// Keys that are not known are named here, though not in the files: look at them before [`allow_key`](Self::allow_key).
    #[must_use]
    pub fn redactions(&self) -> Vec<Redaction> {
        let (_, redactor) = self.redacted();
        let counts = redactor.counts().iter();
        counts.map(|(key, count)| Redaction { key: key.clone(), count: *count }).collect()
    }

    /// The exchanges as they are written, and what was replaced in them.
    fn redacted(&self) -> (Vec<Recorded>, Redactor) {
        let mut secrets = SecretMatcher::default();
        self.secrets.iter().for_each(|known| known.add_to(&mut secrets));
        let mut redactor = Redactor::new(&self.allowed, &self.also, secrets);
        // A secret may show before the exchange that names it.
        for it in &self.exchanges {
            redact(&mut redactor, it);
        }
        let mut redactor = redactor.learned();
        let redacted = self.exchanges.iter().map(|it| redact(&mut redactor, it)).collect();
        (redacted, redactor)
    }
}

fn redact(redactor: &mut Redactor, it: &Recorded) -> Recorded {
    Recorded {
        request: redactor.request(&it.request),
        response: redactor.response(it.request.uri(), &it.response),
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
                "005-get-redacted-3-redacted-4.http",
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
