//! Comparison of requests with recorded requests, in which values have been replaced by placeholders.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use http::{Method, Request};
use percent_encoding::percent_decode_str;

use crate::encoding;
use crate::recording::redact::{Node, Redactor, is_form, is_placeholder};

/// A request in a form that can be compared with other requests.
#[derive(Clone)]
pub(super) struct Compared {
    method: Method,
    path: String,
    query: String,
    body: Body,
    /// Redacted form of the request for error messages.
    shown: Shown,
}

#[derive(Clone)]
struct Shown {
    target: String,
    body: String,
}

/// A body as it was sent. A JSON tree would take up to thirty times as much memory, so the tree is built only for
/// comparisons.
#[derive(Clone)]
struct Body {
    bytes: Vec<u8>,
    is_form: bool,
}

/// The parsed contents of a body.
enum Parsed {
    Form(Vec<(String, String)>),
    Json(Node),
    Other,
}

/// One-to-one correspondence between placeholders and values.
#[derive(Clone, Default)]
pub(super) struct Bindings {
    values: BTreeMap<Arc<str>, Arc<str>>,
    placeholders: BTreeMap<Arc<str>, Arc<str>>,
    /// Placeholders that the current comparison has bound.
    pending: Vec<Arc<str>>,
}

impl Compared {
    /// Creates the comparable form of a recorded request. Error messages show the request unchanged.
    pub(super) fn recorded(request: &Request<Vec<u8>>) -> Self {
        Self::new(request, request)
    }

    /// Creates the comparable form of a request from a program. Error messages show a redacted form of the request.
    pub(super) fn sent<B: AsRef<[u8]>>(request: &Request<B>) -> Self {
        let mut owned = Request::new(request.body().as_ref().to_vec());
        *owned.method_mut() = request.method().clone();
        *owned.uri_mut() = request.uri().clone();
        *owned.headers_mut() = request.headers().clone();
        let shown = Redactor::mask().request(&owned);
        Self::new(&owned, &shown)
    }

    fn new(request: &Request<Vec<u8>>, shown: &Request<Vec<u8>>) -> Self {
        let query = shown.uri().query().filter(|query| !query.is_empty());
        Self {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            body: Body::new(request),
            shown: Shown {
                target: match query {
                    Some(query) => format!("{} {}?{query}", shown.method(), shown.uri().path()),
                    None => format!("{} {}", shown.method(), shown.uri().path()),
                },
                body: match Body::new(shown).parsed() {
                    Parsed::Json(node) => node.to_line(),
                    _ => String::from_utf8_lossy(shown.body()).into_owned(),
                },
            },
        }
    }

    /// Returns whether a request matches the recorded request. If it matches, binds the placeholders to the values in
    /// the request.
    pub(super) fn admits(&self, sent: &Self, bindings: &mut Bindings) -> bool {
        let is_same = self.is_same_but_for_body(sent, bindings) && self.body.admits(&sent.body, bindings);
        bindings.finish(is_same);
        is_same
    }

    fn is_same_but_for_body(&self, sent: &Self, bindings: &mut Bindings) -> bool {
        self.method == sent.method
            && self.is_path_as_long(sent)
            && self.segments().zip(sent.segments()).all(|(own, other)| bindings.admit(&own, &other))
            && admits_pairs(&self.pairs(), &sent.pairs(), bindings, |own, other, bindings| {
                bindings.admit(own, other)
            })
    }

    /// Returns the decoded segments of the path.
    fn segments(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.path.split('/').map(|part| percent_decode_str(part).decode_utf8_lossy())
    }

    fn is_path_as_long(&self, sent: &Self) -> bool {
        self.path.split('/').count() == sent.path.split('/').count()
    }

    /// Returns the decoded pairs of the query.
    fn pairs(&self) -> Vec<(String, String)> {
        encoding::pairs(&self.query)
    }

    /// Returns whether the requests differ only in their bodies.
    pub(super) fn differs_in_body(&self, sent: &Self, bindings: &mut Bindings) -> bool {
        let is_same = self.is_same_but_for_body(sent, bindings);
        bindings.finish(false);
        is_same && self.shown.body != sent.shown.body
    }

    /// Returns the similarity of two requests, which is 0 if the requests have nothing in common.
    pub(super) fn likeness(&self, sent: &Self) -> usize {
        let same = self.segments().zip(sent.segments()).filter(|(own, other)| own == other).count();
        let is_as_long = usize::from(self.is_path_as_long(sent));
        // The empty segment before the first slash and the API version are not counted.
        let path = same.saturating_sub(2) * 4 + is_as_long;
        if same <= 2 && !self.segments().eq(sent.segments()) {
            return 0;
        }
        path + usize::from(self.method == sent.method) * 2 + usize::from(self.pairs() == sent.pairs())
    }

    /// Returns the method, the target and the beginning of the body, for example `GET /v1/albums/x?market=SE`.
    pub(super) fn line(&self) -> String {
        match self.shown.body.is_empty() {
            true => self.shown.target.clone(),
            false => format!("{} {}", self.shown.target, self.body_line()),
        }
    }

    /// Returns the beginning of the body on one line.
    pub(super) fn body_line(&self) -> String {
        let text = &self.shown.body;
        let mut line: String =
            text.chars().take(BODY_SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
        if line.len() < text.len() {
            line.push('…');
        }
        line
    }
}

/// Maximum length of a body in an error message, in characters.
const BODY_SHOWN: usize = 200;

impl Body {
    fn new(request: &Request<Vec<u8>>) -> Self {
        Self { bytes: request.body().clone(), is_form: is_form(request.headers()) }
    }

    fn parsed(&self) -> Parsed {
        let text = String::from_utf8_lossy(&self.bytes);
        if self.is_form {
            return Parsed::Form(encoding::pairs(&text));
        }
        let json = serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(&text));
        json.map_or(Parsed::Other, Parsed::Json)
    }

    fn admits(&self, sent: &Self, bindings: &mut Bindings) -> bool {
        match (self.parsed(), sent.parsed()) {
            (Parsed::Form(own), Parsed::Form(other)) => {
                admits_pairs(&own, &other, bindings, |own, other, bindings| bindings.admit(own, other))
            }
            (Parsed::Json(own), Parsed::Json(other)) => admits_node(&own, &other, bindings),
            (Parsed::Other, Parsed::Other) if self.bytes == sent.bytes => true,
            (Parsed::Other, other) => {
                let value = match other {
                    Parsed::Other => String::from_utf8_lossy(&sent.bytes).into_owned(),
                    Parsed::Json(node) => node.to_line(),
                    Parsed::Form(_) => return false,
                };
                let own = std::str::from_utf8(&self.bytes);
                own.is_ok_and(|own| is_placeholder(own) && bindings.admit(own, &value))
            }
            _ => false,
        }
    }
}

fn admits_node(own: &Node, other: &Node, bindings: &mut Bindings) -> bool {
    match (own, other) {
        (Node::Text(own), Node::Text(other)) => bindings.admit(own, other),
        (Node::Text(own), Node::Number(number)) => {
            is_placeholder(own) && bindings.admit(own, &number.to_string())
        }
        (Node::List(own), Node::List(other)) => {
            own.len() == other.len()
                && own.iter().zip(other).all(|(own, other)| admits_node(own, other, bindings))
        }
        (Node::Object(own), Node::Object(other)) => admits_pairs(own, other, bindings, admits_node),
        (own, other) => own == other,
    }
}

/// Compares pairs regardless of their order. Pairs with replaced names are compared last and in their original order.
fn admits_pairs<'a, V>(
    own: &'a [(String, V)],
    other: &'a [(String, V)],
    bindings: &mut Bindings,
    admits: impl Fn(&V, &V, &mut Bindings) -> bool,
) -> bool {
    let (replaced, mut named): (Vec<_>, Vec<_>) = own.iter().partition(|(name, _)| is_placeholder(name));
    named.sort_by(|(a, _), (b, _)| a.cmp(b));
    let is_named = |name: &str| named.binary_search_by(|(own, _)| own.as_str().cmp(name)).is_ok();
    let (mut others, rest): (Vec<_>, Vec<_>) = other.iter().partition(|(name, _)| is_named(name));
    others.sort_by(|(a, _), (b, _)| a.cmp(b));
    own.len() == other.len()
        && named.len() == others.len()
        && named.iter().zip(&others).all(|((own, _), (other, _))| own == other)
        && replaced.iter().zip(&rest).all(|((own, _), (other, _))| bindings.admit(own, other))
        && named.iter().zip(&others).all(|((_, own), (_, other))| admits(own, other, bindings))
        && replaced.iter().zip(&rest).all(|((_, own), (_, other))| admits(own, other, bindings))
}

impl Bindings {
    /// Returns whether a recorded text matches a text from the program.
    ///
    /// The texts match if they are equal, if the recorded text is a placeholder that is unbound or bound to the other
    /// text, or if all of their parts between separators match in the same way.
    fn admit(&mut self, own: &str, other: &str) -> bool {
        if own == other {
            return true;
        }
        if is_placeholder(own) {
            return self.bind(own, other);
        }
        let (own, other) = (parts(own), parts(other));
        own.len() == other.len()
            && own
                .iter()
                .zip(&other)
                .all(|(own, other)| own == other || is_placeholder(own) && self.bind(own, other))
    }

    /// Binds a placeholder to a value. Returns `false` if this contradicts an existing binding.
    fn bind(&mut self, placeholder: &str, value: &str) -> bool {
        if is_placeholder(value) {
            return false;
        }
        match (self.values.get(placeholder), self.placeholders.get(value)) {
            (Some(known), _) => **known == *value,
            (None, Some(_)) => false,
            (None, None) => {
                let (placeholder, value) = (Arc::<str>::from(placeholder), Arc::<str>::from(value));
                self.values.insert(Arc::clone(&placeholder), Arc::clone(&value));
                self.placeholders.insert(value, Arc::clone(&placeholder));
                self.pending.push(placeholder);
                true
            }
        }
    }

    /// Ends a comparison. Removes the bindings that it created unless `is_kept` is `true`.
    fn finish(&mut self, is_kept: bool) {
        let pending = std::mem::take(&mut self.pending);
        if is_kept {
            return;
        }
        for placeholder in pending {
            if let Some(value) = self.values.remove(&placeholder) {
                self.placeholders.remove(&value);
            }
        }
    }
}

/// Splits a text into separators and the parts between them.
fn parts(text: &str) -> Vec<&str> {
    text.split_inclusive(SEPARATORS)
        .flat_map(|part| match part.strip_suffix(SEPARATORS) {
            Some(before) => [before, part.get(before.len()..).unwrap_or_default()],
            None => [part, ""],
        })
        .collect()
}

/// Characters that separate the parts of Spotify URIs, addresses and lists.
const SEPARATORS: [char; 6] = [':', '/', ',', '?', '&', '='];
