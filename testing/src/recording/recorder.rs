//! Conversion of exchanges to files that contain only data known to be public.

use std::fmt;

use http::{Method, Request, Response, Uri};

use super::exchange::{Recorded, write_exchange};
use super::redact::Redactor;
use spotify_proto::api::OPERATIONS;
use spotify_proto::{App, KnownSecrets, SecretMatcher, Session};

/// Collects exchanges and converts them to files that can be stored with a program's tests.
///
/// A driver passes each request and response to [`record`](Self::record), in order. [`files`](Self::files) returns the
/// names and contents of the files, which the program has to write. The files are `.http` files that many editors
/// support. Each file contains the request, a line `###`, and the response in the format of `curl -i`, and can be
/// parsed with [`parse_exchange`](super::parse_exchange). JSON is pretty-printed. A file name consists of a number, the
/// method and the route, as in `001-get-v1-albums-id.http`.
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
/// // The number of replaced values, by key:
/// let replaced: Vec<_> = recorder.redactions().into_iter().map(|it| (it.key, it.count)).collect();
/// let expected = [("authorization", 1), ("display_name", 1), ("id", 1)];
/// assert_eq!(replaced, expected.map(|(key, count)| (key.to_owned(), count)));
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Retained data
///
/// Only data known to be public is retained:
///
/// * the method, the status, and the structure of JSON: objects, lists, `true`, `false`, `null`, known keys, numbers
///   under keys that are numeric in the API, and numbers of up to three characters under all other keys;
/// * times, and constants of the API, such as types, scopes and known error messages, under the keys where they occur
///   in the API;
/// * in objects whose `type` is `album`, `artist`, `audiobook`, `chapter`, `episode`, `show` or `track`, and in objects
///   nested in them: `id`, `uri`, `href`, Spotify addresses, images, `name`, `label`, `publisher`, `genres`,
///   `copyrights`, dates, markets and codes such as ISRC. This excludes local files, profile responses, and everything
///   under a key for users or devices or under an unknown key;
/// * categories and genres in responses to the operations that return them;
/// * URIs, ids and addresses of such objects in requests, and markets, numbers and constants of the API in queries and
///   forms;
/// * Spotify hosts, loopback addresses, and the segments of the API's routes;
/// * the headers `accept`, `age`, `cache-control`, `content-type`, `date`, `expires`, `last-modified`, `retry-after`,
///   `vary` and `www-authenticate` if their values are known. Credentials in `authorization` and the values of entity
///   tags are replaced. All other headers are omitted.
///
/// # Replaced data
///
/// All other data is replaced by placeholders, including unknown keys, ids and names of users, playlists and devices,
/// search texts, descriptions, snapshots, unknown hosts and unknown parameters. The same value has the same placeholder
/// in all files, so that exchanges remain consistent: a request sends the same refresh token that an earlier response
/// contained. A placeholder indicates the kind of the value (an id, an address, an e-mail address, or another text) and
/// whether the value has up to 16, 64 or 256 characters, or more. The country of a user is replaced by `ZZ`. A body
/// that is neither JSON nor a form is replaced completely, except for its length and media type.
///
/// Retained texts are searched for the secrets in the exchanges and for the secrets passed to
/// [`add_secrets`](Self::add_secrets). A text that contains a secret is replaced. Because times, numbers and catalogue
/// objects are retained, a recording still reveals which objects were played and saved, and when.
#[derive(Clone, Default)]
pub struct Recorder {
    exchanges: Vec<Recorded>,
    allowed: Vec<String>,
    also: Vec<String>,
    secrets: Vec<KnownSecrets>,
}

/// Name and contents of a file, as returned by [`Recorder::files`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct File {
    /// Name of the file, which consists of lowercase ASCII letters, digits and `-`, and ends in `.http`.
    pub name: String,
    /// Contents of the file, which are an exchange in the format that [`parse_exchange`](super::parse_exchange) parses.
    pub bytes: Vec<u8>,
}

/// Number of replaced values under a key, as returned by [`Recorder::redactions`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Redaction {
    /// JSON key or parameter name, or one of `body`, `host`, `method`, `path` and `header …`. Keys that are long or
    /// could be secrets themselves are counted as `another key`.
    pub key: String,
    /// Number of values that were replaced in all files.
    pub count: usize,
}

impl Recorder {
    /// Creates a recorder without exchanges.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Retains all values under this JSON key or of the parameter with this name.
    ///
    /// A value that contains a secret or a text passed to [`scrub_also`](Self::scrub_also) is still replaced.
    #[must_use]
    pub fn allow_key(mut self, key: impl Into<String>) -> Self {
        self.allowed.push(key.into());
        self
    }

    /// Replaces every value that contains this text, even within a word. The comparison is case-sensitive. An empty
    /// text is ignored.
    #[must_use]
    pub fn scrub_also(mut self, text: impl Into<String>) -> Self {
        self.also.push(text.into());
        self
    }

    /// Replaces every value that contains a secret of the session or of its application. Secrets are detected in plain
    /// text, percent-encoded, escaped as in JSON or HTML, in base64, in any letter case, and in pieces.
    ///
    /// Call this method again before [`files`](Self::files) whenever the tokens have changed. Secrets with fewer than
    /// eight letters and digits and pieces with fewer than twelve are not detected.
    pub fn add_secrets(&mut self, app: &App, session: &Session) {
        self.secrets.push(session.secrets(app));
    }

    /// Adds the next exchange. A replay expects the requests in this order.
    ///
    /// The exchange is kept in memory unchanged, including secrets. It is redacted by [`files`](Self::files).
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

    /// Returns one file per exchange, sorted by name. The result is empty if nothing has been recorded.
    ///
    /// The running time is linear in the total size of the exchanges.
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

    /// Returns the number of replaced values for each key, sorted by key.
    ///
    /// The result contains unknown keys, which the files do not contain. Use it to choose keys for
    /// [`allow_key`](Self::allow_key).
    #[must_use]
    pub fn redactions(&self) -> Vec<Redaction> {
        let (_, redactor) = self.redacted();
        let counts = redactor.counts().iter();
        counts.map(|(key, count)| Redaction { key: key.clone(), count: *count }).collect()
    }

    /// Returns the redacted exchanges, and the redactor with its counters.
    fn redacted(&self) -> (Vec<Recorded>, Redactor) {
        let mut secrets = SecretMatcher::default();
        self.secrets.iter().for_each(|known| known.add_to(&mut secrets));
        let mut redactor = Redactor::new(&self.allowed, &self.also, secrets);
        // A secret may occur in an exchange before the exchange that identifies it as a secret.
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

/// Returns the route of the operation that a request calls, or the path if it matches no operation.
fn route(method: &Method, uri: &Uri) -> String {
    let is_met = |route: &str| {
        let (have, want) = (uri.path().split('/'), route.split('/'));
        have.clone().count() == want.clone().count()
            && have.zip(want).all(|(have, want)| have == want || want.starts_with('{'))
    };
    let operations = OPERATIONS.iter().filter(|it| it.method == *method && is_met(it.route));
    // `/v1/me/albums/contains` also matches `/v1/me/{x}/contains`. The route with the fewest placeholders is used.
    let nearest = operations.min_by_key(|it| it.route.matches('{').count());
    nearest.map_or_else(|| uri.path().to_owned(), |it| it.route.to_owned())
}

/// Converts a route to a file name component.
fn slug(route: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric();
    let words = route.split(|c| !is_plain(c)).filter(|word| !word.is_empty());
    let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    if slug.is_empty() { "root".to_owned() } else { slug.chars().take(SLUG_MAX).collect() }
}

/// Maximum length of the route in a file name, in characters.
const SLUG_MAX: usize = 80;

/// Omits the exchanges because they contain secrets.
impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("exchanges", &self.exchanges.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_consists_of_a_number_the_method_and_the_route() {
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
    fn sorted_file_names_are_in_the_order_of_the_exchanges() {
        let mut recorder = Recorder::new();
        for _ in 0..1001 {
            recorder.record(&Request::new(""), &Response::new(""));
        }
        let names: Vec<_> = recorder.files().into_iter().map(|file| file.name).collect();
        assert!(names.is_sorted() && names.last().is_some_and(|name| name.starts_with("1001-")));
        assert!(Recorder::new().files().is_empty());
    }
}
