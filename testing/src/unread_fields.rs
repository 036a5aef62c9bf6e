//! Detection of response fields that the model does not read.
//!
//! A field is read if removing it changes the decoded result. If a field is not read but would be read if its value had
//! a different type, the model expects a different type.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};
use spotify_proto::http::{Request, Response};

use crate::recording::{self, Recorder};

/// The unread fields of a response, as returned by [`find`].
///
/// The fields are listed one per line, with the path, the JSON type and an excerpt of the value, separated by tabs.
/// `Display` prints nothing if every field was read.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct UnreadFields {
    /// Fields that the model does not have.
    unread: Vec<String>,
    /// Fields that the model has, but whose values do not have the type that the model expects.
    dropped: Vec<String>,
}

impl UnreadFields {
    /// Returns whether every field was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.unread.is_empty() && self.dropped.is_empty()
    }
}

impl fmt::Display for UnreadFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (title, lines) in [("not read:", &self.unread), ("dropped, of another type:", &self.dropped)] {
            if !lines.is_empty() {
                writeln!(f, "{title}")?;
                lines.iter().try_for_each(|line| writeln!(f, "{line}"))?;
            }
        }
        Ok(())
    }
}

/// One step of a path from a value to a nested value.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Part<'v> {
    /// A key, and the `type` of the object that contains the key.
    Key(&'v str, Option<String>),
    /// Any element of a list.
    Element,
}

/// The path of a field and the JSON type of its value, with an example.
#[derive(Clone)]
struct Places<'v> {
    path: Vec<Part<'v>>,
    json_type: &'static str,
    example: &'v Value,
}

/// Maximum number of paths that are examined. Known responses have up to 339 paths, and up to 38 keys per object.
/// Without these limits, the running time would be quadratic for a body with many different keys.
const PLACES_MAX: usize = 1024;
/// Maximum number of keys per object that are examined.
const KEYS_MAX: usize = 64;
/// Maximum number of unread fields that are listed. An additional line reports that there are more.
const NAMED_MAX: usize = 64;

/// Maximum number of siblings that are removed to find the field that was read instead.
const SIBLINGS_MAX: usize = 32;

/// Returns the fields of a body that its model does not read.
///
/// `route` is the route of the operation, such as `/v1/albums/{id}`. `read` decodes a body and encodes the result
/// again; it returns `None` if the body cannot be decoded. It is called a few times for each distinct path. Only the
/// first 1,024 paths and the first 64 keys of each object are examined. At most 64 unread fields are listed; an
/// additional line reports that there are more.
#[must_use]
pub fn find(body: &Value, route: &str, read: impl Fn(&Value) -> Option<Value>) -> UnreadFields {
    let (whole, mut found, mut passed) = (read(body), UnreadFields::default(), Vec::new());
    let mut tree = Tree::default();
    tree.add(body);
    let (mut all, mut is_cut) = (Vec::new(), false);
    tree.flatten(&mut Vec::new(), &mut all, &mut is_cut);
    for places in &all {
        let is_inside =
            passed.iter().any(|of: &&[Part<'_>]| places.path.len() > of.len() && places.path.starts_with(of));
        if is_inside || read(&changed(body, places, None)) != whole {
            continue;
        }
        if passed.len() == NAMED_MAX {
            is_cut = true;
            break;
        }
        let is_known = matters(body, places, whole.as_ref(), &read);
        // No data is lost if an empty list or an empty text is dropped.
        if is_known && is_nothing(places.example) {
            continue;
        }
        passed.push(&*places.path);
        if is_superseded(body, places, &all, is_known, whole.as_ref(), &read) {
            continue;
        }
        let lines = if is_known { &mut found.dropped } else { &mut found.unread };
        lines.push(line(places, route));
    }
    if is_cut {
        found.unread.push("further fields, which are not listed".to_owned());
    }
    found
}

/// Returns whether the model reads any other value at these paths. If so, the model has the field.
///
/// `whole` is the result of reading the body.
fn matters(
    body: &Value,
    places: &Places<'_>,
    whole: Option<&Value>,
    read: impl Fn(&Value) -> Option<Value>,
) -> bool {
    probes().any(|probe| read(&changed(body, places, Some(&probe))).as_ref() != whole)
}

/// Returns whether the model read a newer or older name of the field instead of this field.
///
/// Responses may contain both `items` and the older `tracks`, or both `item` and the older `track`. The field is
/// superseded if it is read once one of its siblings has been removed.
fn is_superseded(
    body: &Value,
    places: &Places<'_>,
    all: &[Places<'_>],
    is_known: bool,
    whole: Option<&Value>,
    read: impl Fn(&Value) -> Option<Value>,
) -> bool {
    let Some((Part::Key(key, kind), parent)) = places.path.split_last() else { return false };
    let is_sibling = |other: &&Places<'_>| match other.path.split_last() {
        Some((Part::Key(name, of), prefix)) => {
            prefix == parent && of == kind && name != key && *name != "type"
        }
        _ => false,
    };
    all.iter().filter(is_sibling).take(SIBLINGS_MAX).any(|sibling| {
        let without = changed(body, sibling, None);
        let rest = read(&without);
        // A sibling that is not read itself does not supersede another field.
        if rest.as_ref() == whole {
            return false;
        }
        if !is_known {
            // If the sibling is the newer field, this field is read once the sibling has been removed.
            return matters(&without, places, rest.as_ref(), &read);
        }
        // The sibling was read because this field has an unexpected type. If this field has an expected type, it is
        // read.
        probes().any(|probe| {
            let understood = changed(body, places, Some(&probe));
            let with = read(&understood);
            with.is_some() && with.as_ref() != whole && with == read(&changed(&understood, sibling, None))
        })
    })
}

/// Values of various types. Every type in the models accepts at least one of these values.
const PROBES: &[&str] = &[
    "\"a word\"",
    "\"2001-02-03\"",
    "\"2001-02-03T04:05:06Z\"",
    "7",
    "0.5",
    "true",
    "[\"a word\"]",
    "[7]",
    // An object is accepted if the model has at least one of its fields.
    r#"[{"id": "x", "name": "x", "start": 7, "text": "x", "track": {"name": "x"}, "type": "track", "url": "x"}]"#,
    r#"{"id": "x", "name": "x", "reason": "x", "spotify": "x", "total": 7, "type": "track", "url": "x"}"#,
];

/// Returns the parsed values of [`PROBES`].
fn probes() -> impl Iterator<Item = Value> {
    PROBES.iter().map(|probe| serde_json::from_str(probe).expect("the probes should be valid JSON"))
}

/// The paths in a body. Values at the same path share a branch, so that each value is looked up only by its own key.
#[derive(Default)]
struct Tree<'v> {
    /// The JSON types of the non-null values at this path, with an example of each type.
    examples: BTreeMap<&'static str, &'v Value>,
    branches: BTreeMap<Part<'v>, Self>,
}

impl<'v> Tree<'v> {
    fn add(&mut self, value: &'v Value) {
        match value {
            Value::Object(members) => {
                let kind = kind(members);
                members.iter().for_each(|(key, inner)| self.branch(Part::Key(key, kind.clone()), inner));
            }
            Value::Array(values) => values.iter().for_each(|inner| self.branch(Part::Element, inner)),
            _ => {}
        }
    }

    fn branch(&mut self, part: Part<'v>, value: &'v Value) {
        if !value.is_null() {
            let branch = self.branches.entry(part).or_default();
            branch.examples.entry(json_type(value)).or_insert(value);
            branch.add(value);
        }
    }

    /// Lists the paths, with parents before their children.
    fn flatten(&self, path: &mut Vec<Part<'v>>, all: &mut Vec<Places<'v>>, is_cut: &mut bool) {
        for (json_type, example) in &self.examples {
            all.push(Places { path: path.clone(), json_type, example });
        }
        for (index, (part, branch)) in self.branches.iter().enumerate() {
            if index == KEYS_MAX || all.len() >= PLACES_MAX {
                *is_cut = true;
                return;
            }
            path.push(part.clone());
            branch.flatten(path, all, is_cut);
            path.pop();
        }
    }
}

/// Returns the lowercase `type` of an object, or `None` if the value is missing or too long to be a type.
fn kind(members: &Map<String, Value>) -> Option<String> {
    let kind = members.get("type").and_then(Value::as_str).filter(|kind| kind.len() <= NAME_MAX);
    kind.map(str::to_ascii_lowercase)
}

const fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.iter().all(is_nothing),
        Value::Object(members) => members.values().all(is_nothing),
        _ => false,
    }
}

/// Returns the body with the values at these paths replaced by `with`, or removed if `with` is `None`.
fn changed(body: &Value, places: &Places<'_>, with: Option<&Value>) -> Value {
    let mut body = body.clone();
    change(&mut body, &places.path, places.json_type, with);
    body
}

fn change(value: &mut Value, path: &[Part<'_>], json_type_there: &str, with: Option<&Value>) {
    let Some((first, rest)) = path.split_first() else { return };
    let is_meant = |inner: &Value| rest.is_empty() && json_type(inner) == json_type_there;
    match (first, value) {
        (Part::Key(key, of), Value::Object(members)) if kind(members) == *of => {
            match (members.get_mut(*key), with) {
                (Some(inner), Some(with)) if is_meant(inner) => *inner = with.clone(),
                (Some(inner), None) if is_meant(inner) => drop(members.remove(*key)),
                (Some(inner), _) => change(inner, rest, json_type_there, with),
                (None, _) => {}
            }
        }
        (Part::Element, Value::Array(values)) => {
            if with.is_none() {
                values.retain(|inner| !is_meant(inner));
            }
            for inner in values {
                match with {
                    Some(with) if is_meant(inner) => *inner = with.clone(),
                    _ => change(inner, rest, json_type_there, with),
                }
            }
        }
        _ => {}
    }
}

/// Maximum length of an excerpt, in characters.
const EXCERPT_MAX: usize = 60;

/// Returns the path, the type and an excerpt. The excerpt is redacted in the same way as a recording.
fn line(places: &Places<'_>, route: &str) -> String {
    let chain = places.path.iter().rev().fold(places.example.clone(), |inner, part| match part {
        Part::Key(key, kind) => {
            let kind =
                kind.iter().filter(|_| *key != "type").map(|kind| ("type".to_owned(), kind.clone().into()));
            Value::Object(kind.chain([((*key).to_owned(), inner)]).collect())
        }
        Part::Element => Value::Array(vec![inner]),
    });
    let mut value = scrubbed(&chain, route);
    let mut path = "$".to_owned();
    for part in &places.path {
        value = match (part, value) {
            (Part::Key(key, kind), Value::Object(members)) => {
                let found =
                    members.into_iter().find(|(name, _)| *key == "type" || name != "type" || kind.is_none());
                path += &kind.as_ref().map(|kind| format!("<{}>", name(kind))).unwrap_or_default();
                path += &format!(".{}", name(key));
                found.map(|(_, inner)| inner).unwrap_or_default()
            }
            (_, Value::Array(mut values)) => {
                path += "[*]";
                values.pop().unwrap_or_default()
            }
            (_, other) => other,
        };
    }
    format!("{path}\t{}\t{}", places.json_type, one_line(&value.to_string()))
}

/// Returns the text if it looks like an API field name. Otherwise, returns `…`, because the text may be personal data.
fn name(text: &str) -> &str {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    if text.len() <= NAME_MAX && text.bytes().all(is_letter) { text } else { "…" }
}

/// Maximum length of a field name, in bytes.
const NAME_MAX: usize = 40;

/// Returns the redacted value, or `null` if the value cannot be redacted.
fn scrubbed(value: &Value, route: &str) -> Value {
    let uri = if matches!(route, "/v1/me" | "/v1/users/{user_id}") { "/v1/me" } else { "/" };
    let mut request = Request::new("");
    *request.uri_mut() = uri.parse().expect("a path should be a valid URI");
    let mut recorder = Recorder::new();
    recorder.record(&request, &Response::new(value.to_string()));
    let bytes = recorder.files().pop().map(|file| file.bytes).unwrap_or_default();
    let exchange = recording::parse_exchange(&bytes).ok();
    exchange.and_then(|it| serde_json::from_slice(it.response.body()).ok()).unwrap_or_default()
}

fn one_line(text: &str) -> String {
    let mut line: String =
        text.chars().take(EXCERPT_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.len() < text.len() {
        line.push('…');
    }
    line
}
