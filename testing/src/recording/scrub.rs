//! Secrets and personal data out of messages, placeholders in.
//!
//! Three ways lead to a secret: the name above it ([`rules`]), its form ([`patterns`]), and that it is known already
//! from another place. For the last one everything is gone through twice: first to learn, then to write.

mod node;
mod patterns;
mod rules;
mod table;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Request, Response, Uri};

use crate::encoding;
use node::Node;
use patterns::{Found, PATTERNS};
use rules::Manner;
use table::{Kind, Table};

pub(super) use table::{ANY, without_numbers};

/// Replaces what is nobody's business.
#[derive(Clone, Default)]
pub(super) struct Scrubber {
    table: Table,
    literals: Vec<Literal>,
}

/// A secret that is known, to be found anywhere.
#[derive(Clone)]
struct Literal {
    text: String,
    kind: Kind,
    /// Names of persons are looked for in prose only: elsewhere they may be words of the API.
    is_prose: bool,
    /// Whether no letter or digit may stand beside it.
    is_word: bool,
}

/// What a JSON value is part of.
#[derive(Clone, Copy, Default)]
struct Place<'a> {
    key: &'a str,
    /// A user by its address or by its key.
    is_user: bool,
    is_device: bool,
    are_ids_users: bool,
}

/// Shortest text that a pattern may fit: `1::2`. Most texts of an answer are codes of two letters.
const TEXT_MIN: usize = 4;

/// Shortest token that is looked for inside other texts.
const TOKEN_MIN: usize = 8;

/// Shortest id of a user, with a digit in it, that is looked for in any text.
const USER_MIN: usize = 6;

/// Shortest name that is looked for in prose.
const NAME_MIN: usize = 4;

impl Scrubber {
    /// Looks for these texts, too, wherever they stand.
    pub(super) fn new(also: &[String]) -> Self {
        let literals = also.iter().filter(|text| !text.is_empty()).map(|text| Literal {
            text: text.clone(),
            kind: Kind::Text,
            is_prose: false,
            is_word: false,
        });
        Self { table: Table::default(), literals: literals.collect() }
    }

    /// For comparing: every secret becomes the placeholder of [`ANY`] number, and placeholders stay.
    pub(super) fn mask(also: &[String]) -> Self {
        let mut scrubber = Self::new(also);
        scrubber.table.is_mask = true;
        scrubber
    }

    /// From here on what was replaced at one place is replaced at all places.
    pub(super) fn learned(mut self) -> Self {
        let secrets = self.table.secrets().filter_map(|(text, kind)| Literal::of(text, kind));
        self.literals.extend(secrets);
        // In an address inside another one it is escaped.
        let escaped = self.literals.iter().map(Literal::escaped).filter(|it| it.text.contains('%'));
        let escaped: Vec<_> = escaped.collect();
        self.literals.extend(escaped);
        self.literals.sort_by_key(|literal| std::cmp::Reverse(literal.text.len()));
        self
    }

    pub(super) fn request(&mut self, request: &Request<Vec<u8>>) -> Request<Vec<u8>> {
        let mut scrubbed = Request::new(Vec::new());
        *scrubbed.method_mut() = request.method().clone();
        *scrubbed.uri_mut() = self.uri(request.uri());
        *scrubbed.headers_mut() = self.headers(request.headers());
        let place = Place { are_ids_users: are_ids_users(request.uri()), ..Place::default() };
        *scrubbed.body_mut() = self.body(request.headers(), request.body(), place);
        scrubbed
    }

    /// What was answered; the request tells whether that is a user.
    pub(super) fn response(&mut self, asked: &Uri, response: &Response<Vec<u8>>) -> Response<Vec<u8>> {
        let mut scrubbed = Response::new(Vec::new());
        *scrubbed.status_mut() = response.status();
        *scrubbed.headers_mut() = self.headers(response.headers());
        let place = Place { is_user: is_user(asked), ..Place::default() };
        *scrubbed.body_mut() = self.body(response.headers(), response.body(), place);
        scrubbed
    }

    fn uri(&mut self, uri: &Uri) -> Uri {
        let mut out = String::new();
        if let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) {
            let host = authority.as_str().rsplit('@').next().unwrap_or_default();
            out = format!("{scheme}://{}", self.text(host, Manner::Plain));
        }
        let mut is_users = false;
        for segment in uri.path().split('/').skip(1) {
            let plain =
                encoding::decode(segment).unwrap_or_else(|| String::from_utf8_lossy(segment.as_bytes()));
            let scrubbed = match is_users && !plain.is_empty() {
                true => self.value(Kind::User, &plain),
                false => self.text(&plain, Manner::Plain),
            };
            out.push('/');
            match scrubbed == plain {
                true => out.push_str(segment),
                false => encoding::segment(&scrubbed, &mut out),
            }
            is_users = plain == "users";
        }
        let query = uri.query().filter(|query| !query.is_empty());
        let pairs = query.map(|query| self.pairs(query, are_ids_users(uri)));
        for (index, (name, value)) in pairs.iter().flatten().enumerate() {
            out.push(if index == 0 { '?' } else { '&' });
            encoding::query(name, &mut out);
            out.push('=');
            encoding::query(value, &mut out);
        }
        out.parse().unwrap_or_default()
    }

    /// The pairs of a query or a form.
    fn pairs(&mut self, text: &str, are_ids_users: bool) -> Vec<(String, String)> {
        let mut pairs = encoding::pairs(text);
        for (name, value) in &mut pairs {
            *value = match rules::kind_of(name) {
                Some(kind) => self.value(kind, value),
                None if are_ids_users && name == "ids" => {
                    let ids: Vec<String> = value.split(',').map(|id| self.value(Kind::User, id)).collect();
                    ids.join(",")
                }
                None => self.text(value, Manner::of(name)),
            };
            *name = self.text(name, Manner::Plain);
        }
        pairs
    }

    fn headers(&mut self, headers: &HeaderMap) -> HeaderMap {
        let mut kept = HeaderMap::new();
        for (name, value) in headers.iter().filter(|(name, _)| rules::is_kept_header(name.as_str())) {
            let Ok(text) = value.to_str() else { continue };
            let text =
                if name == AUTHORIZATION { self.authorization(text) } else { self.text(text, Manner::Plain) };
            kept.extend(HeaderValue::try_from(text).ok().map(|value| (name.clone(), value)));
        }
        kept
    }

    /// `Bearer …`, or `Basic …` with a name and a password in base64.
    fn authorization(&mut self, text: &str) -> String {
        let (scheme, credentials) = text.split_once(' ').unwrap_or(("Bearer", text));
        let is_basic = scheme.eq_ignore_ascii_case("basic");
        let decoded = is_basic.then(|| STANDARD.decode(credentials.trim()).ok()).flatten();
        if let Some((id, secret)) =
            decoded.as_deref().and_then(|it| std::str::from_utf8(it).ok()?.split_once(':'))
        {
            self.value(Kind::ClientId, id);
            self.value(Kind::ClientSecret, secret);
        }
        match scheme {
            _ if is_basic => format!("Basic {}", self.value(Kind::Basic, credentials.trim())),
            _ => format!("Bearer {}", self.value(Kind::AccessToken, credentials.trim())),
        }
    }

    fn body(&mut self, headers: &HeaderMap, body: &[u8], place: Place<'_>) -> Vec<u8> {
        let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media = media.trim().to_ascii_lowercase();
        let text = std::str::from_utf8(body).map(|text| text.trim_start_matches('\u{feff}'));
        let Ok(text) =
            text.map_err(drop).and_then(|it| if media.starts_with("image/") { Err(()) } else { Ok(it) })
        else {
            // What is compressed, or a picture, cannot be looked into.
            return self.value(Kind::Body, &STANDARD.encode(body)).into_bytes();
        };
        if media.starts_with("application/x-www-form-urlencoded") {
            let pairs = self.pairs(text, place.are_ids_users);
            let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            return encoding::form(&pairs).into_bytes();
        }
        match serde_json::from_str::<Node>(text) {
            Ok(mut node) => {
                self.node(&mut node, place);
                node.to_lines().into_bytes()
            }
            Err(_) => self.text(text, Manner::Prose).into_bytes(),
        }
    }

    fn node(&mut self, node: &mut Node, place: Place<'_>) {
        match node {
            Node::Text(text) => *text = self.text(text, Manner::of(place.key)),
            Node::List(values) => values.iter_mut().for_each(|value| self.node(value, place)),
            Node::Object(_) => self.object(node, place),
            Node::Null | Node::Bool(_) | Node::Number(_) => {}
        }
    }

    fn object(&mut self, object: &mut Node, place: Place<'_>) {
        let is_user = match object.text("type") {
            Some(kind) => kind.eq_ignore_ascii_case("user"),
            None => place.is_user,
        };
        let Node::Object(members) = object else { return };
        for (key, value) in members {
            let kind = match key.as_str() {
                "id" if is_user => Some(Kind::User),
                "name" if is_user => Some(Kind::Name),
                "url" if place.key == "images" && place.is_user => Some(Kind::Image),
                "id" | "name" if place.is_device => Some(Kind::Device),
                "ids" if place.are_ids_users => Some(Kind::User),
                key => rules::kind_of(key),
            };
            match kind {
                Some(kind) => self.values(kind, value),
                None => self.node(
                    value,
                    Place {
                        key,
                        is_user: rules::is_user_key(key) || is_user && key == "images",
                        is_device: rules::is_device_key(key),
                        are_ids_users: false,
                    },
                ),
            }
            *key = self.text(key, Manner::Plain);
        }
    }

    /// Replaces every text and number of a value.
    fn values(&mut self, kind: Kind, node: &mut Node) {
        match node {
            Node::Text(text) => *text = self.value(kind, text),
            // An error's number stands under `code`, too.
            Node::Number(_) if matches!(kind, Kind::Code | Kind::State) => {}
            Node::Number(number) => *node = Node::Text(self.value(kind, &number.to_string())),
            Node::List(values) => values.iter_mut().for_each(|value| self.values(kind, value)),
            Node::Object(members) => {
                for (key, value) in members {
                    *key = self.text(key, Manner::Plain);
                    self.values(kind, value);
                }
            }
            Node::Null | Node::Bool(_) => {}
        }
    }

    /// Replaces a whole value.
    fn value(&mut self, kind: Kind, value: &str) -> String {
        if value.is_empty() || rules::is_public(kind, value) {
            return value.to_owned();
        }
        self.table.placeholder(kind, value)
    }

    /// Replaces what shows in a text as a secret.
    fn text(&mut self, text: &str, manner: Manner) -> String {
        let is_short =
            text.len() < TEXT_MIN && self.literals.iter().all(|literal| literal.text.len() > text.len());
        if is_short {
            return text.to_owned();
        }
        let patterns = if manner == Manner::Opaque { &[][..] } else { PATTERNS };
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        // One place for each pattern, and one for what is known: looked for again only when it has been passed.
        let mut next: Vec<Option<Found>> = patterns.iter().map(|find| find(text, 0)).collect();
        loop {
            for (find, next) in patterns.iter().zip(&mut next) {
                if next.as_ref().is_some_and(|found| found.range.start < at) {
                    *next = find(text, at);
                }
            }
            let known = self.known(text, at, manner);
            let found = next.iter().flatten().chain(&known);
            // Of two at the same place the longer one: no rest of it may stay.
            let Some(found) =
                found.min_by_key(|it| (it.range.start, std::cmp::Reverse(it.range.end))).cloned()
            else {
                break;
            };
            let secret = text.get(found.range.clone()).unwrap_or_default();
            let secret = encoding::decode(secret).unwrap_or_else(|| secret.into());
            out.push_str(text.get(at..found.range.start).unwrap_or_default());
            out.push_str(&self.value(found.kind, &secret));
            at = found.range.end;
        }
        out.push_str(text.get(at..).unwrap_or_default());
        out
    }

    /// The first secret in a text that is known from another place.
    fn known(&self, text: &str, from: usize, manner: Manner) -> Option<Found> {
        let literals = self.literals.iter().filter(|it| manner == Manner::Prose || !it.is_prose);
        let found = literals.filter_map(|literal| literal.find(text, from));
        found.min_by_key(|it| (it.range.start, std::cmp::Reverse(it.range.end)))
    }
}

impl Literal {
    /// A secret as a text to look for; `None` where it is too short to mean the same elsewhere.
    fn of(text: &str, kind: Kind) -> Option<Self> {
        let is_distinct = text.len() >= USER_MIN && text.bytes().any(|byte| byte.is_ascii_digit());
        let (is_prose, is_word) = match kind {
            _ if kind.is_token() && text.len() >= TOKEN_MIN => (false, false),
            Kind::User if is_distinct => (false, true),
            Kind::User | Kind::Name if text.len() >= NAME_MIN => (true, true),
            _ => return None,
        };
        Some(Self { text: text.to_owned(), kind, is_prose, is_word })
    }

    fn escaped(&self) -> Self {
        let mut text = String::new();
        encoding::segment(&self.text, &mut text);
        Self { text, ..self.clone() }
    }

    fn find(&self, text: &str, from: usize) -> Option<Found> {
        let mut at = from;
        loop {
            let start = at + text.get(at..)?.find(&self.text)?;
            let end = start + self.text.len();
            let beside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let is_part =
                beside(text.get(..start)?.chars().next_back()) || beside(text.get(end..)?.chars().next());
            if !self.is_word || !is_part {
                return Some(Found { range: start..end, kind: self.kind });
            }
            at = start + self.text.chars().next().map_or(1, char::len_utf8);
        }
    }
}

/// Whether the answer is a user: `/v1/me`, `/v1/users/{user_id}`.
fn is_user(uri: &Uri) -> bool {
    let mut segments = uri.path().rsplit('/');
    segments.next() == Some("me") || segments.next() == Some("users")
}

/// Whether the ids of a request are those of users.
fn are_ids_users(uri: &Uri) -> bool {
    uri.path().ends_with("/followers/contains")
        || uri
            .query()
            .is_some_and(|query| encoding::pairs(query).iter().any(|(k, v)| k == "type" && v == "user"))
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "a test may panic")]
mod tests;
