//! Redaction of JSON, including detection of the objects that belong to the catalogue.

use super::node::Node;
use super::rules::{self, Rule};
use super::{Redactor, SHORT_NUMBER};

/// The context of a value, which determines the public parts of the value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Context {
    /// `true` if names and ids belong to the catalogue.
    pub(super) is_catalogue: bool,
    /// `true` if the `type` of a nested object determines whether the object belongs to the catalogue.
    may_be_catalogue: bool,
    /// `true` if URIs, addresses and markets of the catalogue are retained.
    pub(super) has_uris: bool,
    /// `true` if objects are categories.
    pub(super) is_category: bool,
}

impl Context {
    const OPEN: Self =
        Self { is_catalogue: false, may_be_catalogue: true, has_uris: true, is_category: false };

    const CATALOGUE: Self = Self { is_catalogue: true, ..Self::OPEN };

    const CATEGORY: Self = Self { is_category: true, ..Self::CATALOGUE };

    /// Context of a request, whose objects belong to the user.
    pub(super) const REQUEST: Self = Self { may_be_catalogue: false, ..Self::OPEN };

    /// Context of a user, a device, a local file, or an unknown key.
    pub(super) const CLOSED: Self = Self { has_uris: false, ..Self::REQUEST };

    /// Returns the context of a response body, based on the path of the request.
    pub(super) fn of_response(path: &str) -> Self {
        let mut segments = path.trim_start_matches('/').split('/');
        match [(); 5].map(|()| segments.next()) {
            [Some("v1"), Some("me"), None, ..] | [Some("v1"), Some("users"), Some(_), None, ..] => {
                Self::CLOSED
            }
            [Some("v1"), Some("browse"), Some("categories"), _, None] => Self::CATEGORY,
            [Some("v1"), Some("recommendations"), Some("available-genre-seeds"), None, ..] => Self::CATALOGUE,
            _ => Self::OPEN,
        }
    }

    /// Returns the context of the query in an address.
    pub(super) fn of_query(self) -> Self {
        if self.has_uris { Self::REQUEST } else { Self::CLOSED }
    }

    /// Returns whether the value is part of a request.
    pub(super) fn is_request(self) -> bool {
        self == Self::REQUEST
    }

    /// Returns the context of the members of an object.
    fn of_members(self, object: &[(String, Node)]) -> Self {
        let mut types = object.iter().filter(|(key, _)| key == "type");
        // If an object has two `type` members, its type is unknown.
        let kind = match (types.next(), types.next()) {
            (None, _) => None,
            (Some((_, Node::Text(kind))), None) => Some(kind.as_str()),
            _ => return Self::CLOSED,
        };
        let is_local = object
            .iter()
            .any(|(key, value)| key == "is_local" && !matches!(value, Node::Bool(false) | Node::Null));
        match kind {
            _ if is_local || !self.may_be_catalogue => Self {
                is_catalogue: false,
                may_be_catalogue: false,
                has_uris: self.has_uris && !is_local,
                ..self
            },
            Some("user") => Self::CLOSED,
            Some(kind) if rules::CATALOGUE.contains(&kind) => Self::CATALOGUE,
            Some("C" | "P" | "audio_features" | "genre") | None => self,
            Some(_) => Self::OPEN,
        }
    }

    /// Returns the context of an object or a list under a key.
    fn below(self, rule: Option<Rule>) -> Self {
        match rule {
            Some(Rule::Part) => self,
            Some(Rule::Container | Rule::Categories) if self.is_category => self,
            // A nested object belongs to the catalogue only if its own `type` is a catalogue type.
            Some(Rule::Container | Rule::Message) => Self { is_catalogue: false, ..self },
            _ => Self::CLOSED,
        }
    }
}

impl Redactor {
    /// Replaces the parts of a value under a key that are not public.
    pub(super) fn node(&mut self, node: &mut Node, key: &str, rule: Option<Rule>, context: Context) {
        match node {
            Node::Text(text) => {
                *text = match rule {
                    Some(rule) => self.leaf(key, rule, text, context),
                    None => self.unknown(key, text),
                };
            }
            Node::Number(number) => {
                let digits = number.to_string();
                let is_kept = rule == Some(Rule::Number) || digits.len() <= SHORT_NUMBER;
                let digits = if is_kept { digits } else { self.unknown(key, &digits) };
                if digits != number.to_string() {
                    *node = Node::Text(digits);
                }
            }
            Node::List(values) => values.iter_mut().for_each(|value| self.node(value, key, rule, context)),
            Node::Object(members) => self.object(members, key, context),
            Node::Null | Node::Bool(_) => {}
        }
    }

    fn object(&mut self, members: &mut [(String, Node)], key: &str, context: Context) {
        if self.is_allowed(key) {
            for (name, value) in members {
                *name = self.keep(key, name);
                self.node(value, key, None, context);
            }
            return;
        }
        let context = context.of_members(members);
        for (key, value) in members {
            let rule = rules::rule(key);
            let inner = match value {
                Node::Object(_) | Node::List(_) => context.below_list(rule, value),
                _ => context,
            };
            self.node(value, key, rule, inner);
            if rule.is_none() {
                *key = self.key(key);
            }
        }
    }
}

impl Context {
    /// Returns the context of a list or an object. Texts in a list have the context of the object that contains the
    /// list.
    fn below_list(self, rule: Option<Rule>, value: &Node) -> Self {
        let holds_texts =
            matches!(value, Node::List(values) if values.iter().all(|it| matches!(it, Node::Text(_))));
        if holds_texts { self } else { self.below(rule) }
    }
}
