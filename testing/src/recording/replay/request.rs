//! Comparison of the requests of a program with recorded ones, in which values were replaced by placeholders.

use std::collections::BTreeMap;

use http::{Method, Request};
use percent_encoding::percent_decode_str;

use crate::encoding;
use crate::recording::redact::{Node, Redactor, is_form, is_placeholder};

/// A request in the form in which requests are compared.
#[derive(Clone)]
pub(super) struct Compared {
    method: Method,
    path: Vec<String>,
    query: Vec<(String, String)>,
    body: Body,
    /// Redacted form of the request for error messages.
    shown: Shown,
}

#[derive(Clone)]
struct Shown {
    target: String,
    body: String,
}

#[derive(Clone)]
enum Body {
    Form(Vec<(String, String)>),
    Json(Node),
    Other(Vec<u8>),
}

/// One-to-one correspondence between placeholders and values.
#[derive(Clone, Default)]
pub(super) struct Bindings {
    values: BTreeMap<String, String>,
    placeholders: BTreeMap<String, String>,
    /// Placeholders that were bound by the current comparison.
    pending: Vec<String>,
}

impl Compared {
    /// Returns the comparable form of a recorded request, which is shown unchanged.
    pub(super) fn recorded(request: &Request<Vec<u8>>) -> Self {
        Self::new(request, request)
    }

    /// Returns the comparable form of a program's request, which is redacted when it is shown.
    pub(super) fn sent<B: AsRef<[u8]>>(request: &Request<B>) -> Self {
        let mut owned = Request::new(request.body().as_ref().to_vec());
        *owned.method_mut() = request.method().clone();
        *owned.uri_mut() = request.uri().clone();
        *owned.headers_mut() = request.headers().clone();
        let shown = Redactor::mask().request(&owned);
        Self::new(&owned, &shown)
    }

    fn new(request: &Request<Vec<u8>>, shown: &Request<Vec<u8>>) -> Self {
        let decoded = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        let query = shown.uri().query().filter(|query| !query.is_empty());
        Self {
            method: request.method().clone(),
            path: request.uri().path().split('/').map(decoded).collect(),
            query: encoding::pairs(request.uri().query().unwrap_or_default()),
            body: Body::new(request),
            shown: Shown {
                target: match query {
                    Some(query) => format!("{} {}?{query}", shown.method(), shown.uri().path()),
                    None => format!("{} {}", shown.method(), shown.uri().path()),
                },
                body: match Body::new(shown) {
                    Body::Json(node) => node.to_line(),
                    _ => String::from_utf8_lossy(shown.body()).into_owned(),
                },
            },
        }
    }

    /// Returns whether a request matches the recorded one; if it does, binds the placeholders to its values.
    pub(super) fn admits(&self, sent: &Self, bindings: &mut Bindings) -> bool {
        let is_same = self.is_same_but_for_body(sent, bindings) && self.body.admits(&sent.body, bindings);
        bindings.finish(is_same);
        is_same
    }

    fn is_same_but_for_body(&self, sent: &Self, bindings: &mut Bindings) -> bool {
        self.method == sent.method
            && self.path.len() == sent.path.len()
            && self.path.iter().zip(&sent.path).all(|(own, other)| bindings.admit(own, other))
            && admits_pairs(&self.query, &sent.query, bindings, |own, other, bindings| {
                bindings.admit(own, other)
            })
    }

    /// Returns whether the requests differ only in their bodies.
    pub(super) fn differs_in_body(&self, sent: &Self, bindings: &mut Bindings) -> bool {
        let is_same = self.is_same_but_for_body(sent, bindings);
        bindings.finish(false);
        is_same && self.shown.body != sent.shown.body
    }

    /// Returns the similarity of two requests; 0 if they have nothing in common.
    pub(super) fn likeness(&self, sent: &Self) -> usize {
        let same = self.path.iter().zip(&sent.path).filter(|(own, other)| own == other).count();
        let is_as_long = usize::from(self.path.len() == sent.path.len());
        // The empty segment before the first slash and the version do not count.
        let path = same.saturating_sub(2) * 4 + is_as_long;
        if same <= 2 && self.path != sent.path {
            return 0;
        }
        path + usize::from(self.method == sent.method) * 2 + usize::from(self.query == sent.query)
    }

    /// Returns method, target and the start of the body: `GET /v1/albums/x?market=SE`.
    pub(super) fn line(&self) -> String {
        match self.shown.body.is_empty() {
            true => self.shown.target.clone(),
            false => format!("{} {}", self.shown.target, self.body_line()),
        }
    }

    /// Returns the start of the body in one line.
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
        let text = String::from_utf8_lossy(request.body());
        if is_form(request.headers()) {
            return Self::Form(encoding::pairs(&text));
        }
        match serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(&text)) {
            Ok(node) => Self::Json(node),
            Err(_) => Self::Other(request.body().clone()),
        }
    }

    fn admits(&self, sent: &Self, bindings: &mut Bindings) -> bool {
        match (self, sent) {
            (Self::Form(own), Self::Form(other)) => {
                admits_pairs(own, other, bindings, |own, other, bindings| bindings.admit(own, other))
            }
            (Self::Json(own), Self::Json(other)) => admits_node(own, other, bindings),
            (Self::Other(own), Self::Other(other)) if own == other => true,
            (Self::Other(own), other) => {
                let value = match other {
                    Self::Other(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                    Self::Json(node) => node.to_line(),
                    Self::Form(_) => return false,
                };
                std::str::from_utf8(own).is_ok_and(|own| is_placeholder(own) && bindings.admit(own, &value))
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

/// Compares pairs in any order. Pairs with replaced names are compared last, in their original order.
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
    /// Returns whether a recorded text matches a text of the program.
    ///
    /// It does if the texts are equal, if the recorded text is a placeholder that is unbound or bound to the other
    /// text, or if this holds for all of their parts between separators.
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

    /// Binds a placeholder to a value; returns whether that agrees with the existing bindings.
    fn bind(&mut self, placeholder: &str, value: &str) -> bool {
        if is_placeholder(value) {
            return false;
        }
        match (self.values.get(placeholder), self.placeholders.get(value)) {
            (Some(known), _) => known == value,
            (None, Some(_)) => false,
            (None, None) => {
                self.values.insert(placeholder.to_owned(), value.to_owned());
                self.placeholders.insert(value.to_owned(), placeholder.to_owned());
                self.pending.push(placeholder.to_owned());
                true
            }
        }
    }

    /// Ends a comparison; removes its bindings unless `is_kept`.
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
