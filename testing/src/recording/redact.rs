//! Redaction of messages. All data that is not known to be public is replaced.
//!
//! Allow-lists ([`rules`]) determine the data that is retained. All other data is replaced by placeholders, so that
//! unforeseen forms of personal data are replaced as well. Values under the keys of secrets are stored, and retained
//! texts are searched for these values. The running time is linear in the total size of the messages.

mod json;
mod messages;
mod node;
mod placeholder;
mod rules;
mod target;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, Method, Request, Response, Uri};

use crate::encoding;
use json::Context;
use placeholder::{Placeholders, is_id};
use rules::Rule;
use spotify_proto::Scope;
use spotify_proto::SecretMatcher;

pub(super) use node::Node;
pub(super) use placeholder::is_placeholder;

/// Replaces all data that is not known to be public.
#[derive(Clone, Default)]
pub(super) struct Redactor {
    placeholders: Placeholders,
    /// Keys chosen by the user whose values are retained.
    allowed: Vec<String>,
    /// Texts chosen by the user that are always replaced.
    also: Vec<String>,
    secrets: SecretMatcher,
    /// Values under the keys of secrets, up to [`LEARNED_MAX`] bytes in total.
    learned: Vec<String>,
    learned_len: usize,
    counts: BTreeMap<String, usize>,
    /// `true` if the `ids` in the current request belong to the catalogue.
    are_ids_catalogue: bool,
}

/// Maximum total length of the secrets for which retained texts are searched, in bytes.
const LEARNED_MAX: usize = 64 * 1024;

/// Maximum length of a retained number under an unknown key, in characters.
const SHORT_NUMBER: usize = 3;

/// Maximum length of a number written as a string under a numeric key, in characters.
const NUMBER_MAX: usize = 9;

impl Redactor {
    /// Creates a redactor that retains the values under the allowed keys unless they contain a secret or one of the
    /// texts in `also`.
    pub(super) fn new(allowed: &[String], also: &[String], secrets: SecretMatcher) -> Self {
        let also = also.iter().filter(|text| !text.is_empty()).cloned().collect();
        Self { allowed: allowed.to_vec(), also, secrets, ..Self::default() }
    }

    /// Creates a redactor for error messages. Its placeholders have no numbers, and placeholders in a recording are
    /// retained.
    pub(super) fn mask() -> Self {
        Self { placeholders: Placeholders::mask(), ..Self::default() }
    }

    /// Returns a redactor in its initial state, except that it retains the secrets found in the messages so far.
    pub(super) fn learned(self) -> Self {
        let mut secrets = self.secrets;
        self.learned.iter().for_each(|secret| secrets.insert(secret));
        Self { allowed: self.allowed, also: self.also, secrets, ..Self::default() }
    }

    /// Returns the number of replaced values for each key.
    pub(super) fn counts(&self) -> &BTreeMap<String, usize> {
        &self.counts
    }

    pub(super) fn request(&mut self, request: &Request<Vec<u8>>) -> Request<Vec<u8>> {
        self.are_ids_catalogue = rules::PATHS_OF_IDS.contains(&api_path(request.uri().path()));
        let mut redacted = Request::new(Vec::new());
        *redacted.method_mut() = self.method(request.method());
        *redacted.uri_mut() = self.request_uri(request.uri());
        *redacted.headers_mut() = self.headers(request.headers());
        *redacted.body_mut() = self.body(request.headers(), request.body(), Context::REQUEST);
        redacted
    }

    /// Returns the redacted response to a request for `requested`. The request determines how the response is redacted.
    pub(super) fn response(&mut self, requested: &Uri, response: &Response<Vec<u8>>) -> Response<Vec<u8>> {
        self.are_ids_catalogue = false;
        let mut redacted = Response::new(Vec::new());
        *redacted.status_mut() = response.status();
        *redacted.headers_mut() = self.headers(response.headers());
        let context = Context::of_response(api_path(requested.path()));
        *redacted.body_mut() = self.body(response.headers(), response.body(), context);
        redacted
    }

    fn method(&mut self, method: &Method) -> Method {
        let known = [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
        ];
        if known.contains(method) {
            return method.clone();
        }
        self.count("method");
        Method::from_bytes(b"REDACTED").unwrap_or_default()
    }

    fn headers(&mut self, headers: &HeaderMap) -> HeaderMap {
        let mut kept = HeaderMap::new();
        for (name, value) in headers {
            let text = value.to_str().ok().and_then(|text| self.header(name, text.trim()));
            match text.and_then(|text| HeaderValue::try_from(text).ok()) {
                Some(value) => kept.extend([(name.clone(), value)]),
                None => self.count(&format!("header {name}")),
            }
        }
        kept
    }

    /// Returns the redacted value of a header, or `None` if the header is omitted.
    fn header(&mut self, name: &HeaderName, text: &str) -> Option<String> {
        match *name {
            header::AUTHORIZATION => Some(self.authorization(text)),
            header::ACCEPT | header::CONTENT_TYPE => media_type(text),
            header::AGE => is_number(text).then(|| text.to_owned()),
            header::CACHE_CONTROL => list(text, is_directive),
            header::DATE | header::EXPIRES | header::LAST_MODIFIED => http_date(text),
            header::ETAG | header::IF_NONE_MATCH => {
                Some(format!("\"{}\"", self.replace(name.as_str(), text)))
            }
            header::RETRY_AFTER if is_number(text) => Some(text.to_owned()),
            header::RETRY_AFTER => http_date(text),
            header::VARY => list(text, |field| rules::VARIANTS.contains(&&*field.to_ascii_lowercase())),
            header::WWW_AUTHENTICATE => Some(self.challenge(text)),
            _ => None,
        }
    }

    /// Redacts `Bearer …`, and `Basic …` with a base64-encoded name and password.
    fn authorization(&mut self, text: &str) -> String {
        let (scheme, credentials) = text.split_once(' ').unwrap_or(("Bearer", text));
        let credentials = credentials.trim();
        let is_basic = scheme.eq_ignore_ascii_case("basic");
        let decoded = is_basic.then(|| STANDARD.decode(credentials).ok()).flatten();
        let decoded = decoded.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok()?.split_once(':'));
        for secret in decoded.into_iter().flat_map(|(id, secret)| [id, secret]) {
            self.learn(secret);
        }
        self.learn(credentials);
        format!(
            "{} {}",
            if is_basic { "Basic" } else { "Bearer" },
            self.replace("authorization", credentials)
        )
    }

    /// Returns the challenge in a 401 or 403 response, reduced to the code and the message if they are known.
    fn challenge(&mut self, text: &str) -> String {
        let challenges = http_auth::parse_challenges(text).unwrap_or_default();
        let bearer = challenges.iter().find(|it| it.scheme.eq_ignore_ascii_case("Bearer"));
        let mut out = "Bearer realm=\"spotify\"".to_owned();
        for name in ["error", "error_description"] {
            let is_named = |(known, _): &&(&str, _)| known.eq_ignore_ascii_case(name);
            if let Some((_, value)) = bearer.and_then(|it| it.params.iter().find(is_named)) {
                let value = self.leaf(name, Rule::Message, &value.to_unescaped(), Context::CLOSED);
                out.push_str(&format!(", {name}=\"{value}\""));
            }
        }
        out
    }

    fn body(&mut self, headers: &HeaderMap, body: &[u8], context: Context) -> Vec<u8> {
        if body.is_empty() {
            return Vec::new();
        }
        let media = declared_type(headers);
        let media = media.split(';').next().unwrap_or_default();
        match std::str::from_utf8(body) {
            Ok(text) if media == FORM => {
                let pairs = self.pairs(text, context);
                let pairs: Vec<_> =
                    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                return encoding::form(&pairs).into_bytes();
            }
            Ok(text) if messages::MESSAGES.contains(&text.trim()) => return body.to_vec(),
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                if let Ok(mut node @ (Node::Object(_) | Node::List(_))) = serde_json::from_str::<Node>(text) {
                    self.node(&mut node, "", None, context);
                    return node.to_lines().into_bytes();
                }
            }
            Err(_) => {}
        }
        self.count("body");
        self.placeholders.of_body(body, media).into_bytes()
    }

    /// Returns the redacted pairs of a query or a form.
    fn pairs(&mut self, text: &str, context: Context) -> Vec<(String, String)> {
        let mut pairs = encoding::pairs(text);
        for (name, value) in &mut pairs {
            let rule = rules::rule(name);
            *value = match rule {
                Some(rule) => self.leaf(name, rule, value, context),
                None => self.unknown(name, value),
            };
            if rule.is_none() {
                *name = self.key(name);
            }
        }
        pairs
    }

    /// Returns the placeholder of an unknown key, or the key itself if the user has allowed it.
    fn key(&mut self, key: &str) -> String {
        if self.is_allowed(key) { self.keep(key, key) } else { self.placeholders.of(key) }
    }

    /// Returns the redacted text under an unknown key.
    fn unknown(&mut self, key: &str, text: &str) -> String {
        if self.is_allowed(key) { self.keep(key, text) } else { self.replace(key, text) }
    }

    fn is_allowed(&self, key: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == key)
    }

    /// Returns the text under a key if the rule for the key permits it; otherwise, returns its placeholder.
    fn leaf(&mut self, key: &str, rule: Rule, text: &str, context: Context) -> String {
        if self.is_allowed(key) {
            return self.keep(key, text);
        }
        match rule {
            Rule::SpotifyUri => return self.spotify_uris(key, text, context),
            Rule::Url => return self.url(key, text, context),
            Rule::Ids => return self.ids(key, text, context),
            Rule::Country if !(text.is_empty() || context.is_request() && is_market(text)) => {
                self.count(key);
                return UNKNOWN_COUNTRY.to_owned();
            }
            Rule::Secret => self.learn(text),
            _ => {}
        }
        if self.is_public(rule, text, context) { self.keep(key, text) } else { self.replace(key, text) }
    }

    /// Returns whether a text is public, which depends on its key, its form and its context.
    fn is_public(&self, rule: Rule, text: &str, context: Context) -> bool {
        match rule {
            Rule::Number => is_number(text),
            Rule::Flag => matches!(text, "true" | "false"),
            Rule::Words(words) => {
                text.split([',', ' ']).all(|word| words.iter().any(|known| known.eq_ignore_ascii_case(word)))
            }
            Rule::Name => context.is_catalogue,
            Rule::Code => context.is_catalogue && is_code(text),
            Rule::Date => context.is_catalogue && is_date(text),
            Rule::Time => is_time(text),
            Rule::Cursor => {
                text.len() == CURSOR_LEN
                    && text.starts_with('1')
                    && text.bytes().all(|byte| byte.is_ascii_digit())
            }
            Rule::Id if context.is_category => is_category(text),
            Rule::Id => (context.is_catalogue || self.are_ids_catalogue && context.has_uris) && is_id(text),
            Rule::Image => context.is_catalogue && target::is_picture(text),
            Rule::Markets => context.has_uris && text.split(',').all(is_market),
            Rule::Scopes => {
                text.split(' ').all(|scope| Scope::ALL.iter().any(|known| known.as_str() == scope))
            }
            Rule::Fields => {
                text.split(|c: char| "(),.!".contains(c)).all(|it| it.is_empty() || rules::rule(it).is_some())
            }
            Rule::Message => messages::MESSAGES.contains(&text),
            Rule::Country => context.is_request(),
            Rule::Container | Rule::Part | Rule::Categories | Rule::Person | Rule::Secret => false,
            Rule::SpotifyUri | Rule::Url | Rule::Ids => false,
        }
    }

    /// Returns the text, or its placeholder if the text contains a secret.
    fn keep(&mut self, key: &str, text: &str) -> String {
        let is_secret = self.secrets.is_match(text) || self.also.iter().any(|also| text.contains(also));
        if is_secret { self.replace(key, text) } else { text.to_owned() }
    }

    fn replace(&mut self, key: &str, text: &str) -> String {
        if !text.is_empty() {
            self.count(key);
        }
        self.placeholders.of(text)
    }

    fn learn(&mut self, secret: &str) {
        if self.learned_len + secret.len() <= LEARNED_MAX {
            self.learned_len += secret.len();
            self.learned.push(secret.to_owned());
        }
    }

    /// Counts a replaced value. A key that could be a secret itself is counted as `another key`.
    fn count(&mut self, key: &str) {
        let is_word = |c: char| c.is_ascii_lowercase() || matches!(c, '_' | '-' | ':');
        let is_shown = rules::rule(key).is_some() || (key.len() <= KEY_MAX && key.chars().all(is_word));
        let name = if is_shown { key } else { "another key" };
        match self.counts.get_mut(name) {
            Some(count) => *count += 1,
            None => {
                self.counts.insert(name.to_owned(), 1);
            }
        }
    }
}

/// Returns the API path contained in a proxy's path, without a trailing slash.
fn api_path(path: &str) -> &str {
    let start = path.find("/v1/").unwrap_or_default();
    path.get(start..).unwrap_or(path).trim_end_matches('/')
}

/// A country code that ISO 3166 reserves for private use.
const UNKNOWN_COUNTRY: &str = "ZZ";

const FORM: &str = "application/x-www-form-urlencoded";

/// Maximum length of a key in the report, in bytes.
const KEY_MAX: usize = 40;

/// Number of digits in a Unix timestamp in milliseconds.
const CURSOR_LEN: usize = 13;

/// Returns whether the headers declare the body to be a form.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    declared_type(headers).split(';').next() == Some(FORM)
}

/// Returns the media type of a body, `another type` if the type is unknown, or `no type` if it is missing.
fn declared_type(headers: &HeaderMap) -> String {
    match headers.get(header::CONTENT_TYPE) {
        Some(value) => value.to_str().ok().and_then(media_type).unwrap_or_else(|| "another type".to_owned()),
        None => "no type".to_owned(),
    }
}

/// Returns a known media type without its parameters, except `charset=utf-8`.
fn media_type(text: &str) -> Option<String> {
    let (media, parameters) = text.split_once(';').unwrap_or((text, ""));
    let media = media.trim().to_ascii_lowercase();
    let charset = parameters.trim().eq_ignore_ascii_case("charset=utf-8");
    rules::MEDIA.contains(&&*media).then(|| if charset { format!("{media}; charset=utf-8") } else { media })
}

fn list(text: &str, is_known: impl Fn(&str) -> bool) -> Option<String> {
    text.split(',').all(|part| is_known(part.trim())).then(|| text.to_owned())
}

fn is_directive(text: &str) -> bool {
    let (name, value) = text.split_once('=').unwrap_or((text, "0"));
    rules::DIRECTIVES.contains(&&*name.to_ascii_lowercase()) && is_number(value)
}

fn http_date(text: &str) -> Option<String> {
    httpdate::parse_http_date(text).ok().map(httpdate::fmt_http_date)
}

/// Returns whether a text is a decimal number of at most [`NUMBER_MAX`] characters.
fn is_number(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || b"-.".contains(&byte);
    text.len() <= NUMBER_MAX && text.bytes().all(is_digit) && text.parse::<f64>().is_ok()
}

/// Returns whether a text is an ISRC, a UPC or EAN, or a language: `GBAYE0601498`, `0602557429107`, `en-US`.
fn is_code(text: &str) -> bool {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let (language, region) = text.split_once('-').unwrap_or((text, "US"));
    let is_language = matches!((language.len(), region.len()), (2 | 3, 2 | 4))
        && is_letters(language)
        && is_letters(region);
    let is_isrc = text.len() == ISRC_LEN
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.split_at_checked(2).is_some_and(|(country, _)| is_letters(country))
        && text.split_at_checked(5).is_some_and(|(_, number)| is_digits(number));
    is_language || is_isrc || (8..=14).contains(&text.len()) && is_digits(text)
}

/// Length of an International Standard Recording Code.
const ISRC_LEN: usize = 12;

/// Returns whether a text is a date like `2019`, `2019-04` or `2019-04-01`.
fn is_date(text: &str) -> bool {
    matches!(text.len(), 4 | 7 | 10) && has_form(text, "dddd-dd-dd")
}

/// Returns whether a text is a time like `2019-04-01T12:30:00Z`, optionally with fractional seconds.
fn is_time(text: &str) -> bool {
    let Some((time, "")) = text.split_once('Z') else { return false };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let is_fraction = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    time.len() == 19 && is_fraction && has_form(time, "dddd-dd-ddTdd:dd:dd")
}

/// Returns whether a text matches the beginning of `form`, in which `d` represents a digit.
fn has_form(text: &str, form: &str) -> bool {
    text.bytes()
        .zip(form.bytes())
        .all(|(byte, form)| if form == b'd' { byte.is_ascii_digit() } else { byte == form })
}

fn is_market(text: &str) -> bool {
    text == "from_token" || text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Returns whether a text is the id of a category. All category ids have the same prefix.
fn is_category(text: &str) -> bool {
    is_id(text) && text.starts_with("0JQ5DA")
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests;
