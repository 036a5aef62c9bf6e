//! Hostile bodies: recorded responses in which one value is replaced by a long one.

use serde_json::Value;

/// Placeholder of the long value.
const MARK: &str = "\u{e000}";

/// Body with a mark in place of one value.
#[derive(Clone)]
pub struct Place {
    /// Keys of the path to the value, without indices.
    pub path: String,
    before: String,
    after: String,
    value: Value,
}

/// Returns the places of all lists, objects and texts of a body, the body itself first.
pub fn places(body: &Value) -> Vec<Place> {
    let mut pointers = vec![(String::new(), String::new())];
    collect(body, "", "", &mut pointers);
    let mut places: Vec<Place> = Vec::new();
    for (pointer, path) in pointers {
        if places.iter().any(|place| place.path == path) {
            continue;
        }
        let mut marked = body.clone();
        let place = marked.pointer_mut(&pointer).expect("a value at the pointer");
        let value = std::mem::replace(place, MARK.into());
        if !value.is_array() && !value.is_object() && !value.is_string() {
            continue;
        }
        let text = marked.to_string();
        let (before, after) = text.split_once(&format!("\"{MARK}\"")).expect("a body with the mark");
        places.push(Place { path, before: before.to_owned(), after: after.to_owned(), value });
    }
    places
}

fn collect(value: &Value, pointer: &str, path: &str, found: &mut Vec<(String, String)>) {
    let mut add = |key: &str, path: String, value: &Value| {
        let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        found.push((pointer.clone(), path.clone()));
        collect(value, &pointer, &path, found);
    };
    match value {
        Value::Array(values) => {
            if let Some((index, value)) = values.iter().enumerate().find(|(_, value)| !value.is_null()) {
                add(&index.to_string(), format!("{path}[]"), value);
            }
        }
        Value::Object(object) => {
            for (key, value) in object {
                add(key, format!("{path}.{key}"), value);
            }
        }
        _ => {}
    }
}

impl Place {
    /// Returns the names of the long values that fit the place.
    pub fn fillers(&self) -> Vec<String> {
        let fixed: &[&str] = match &self.value {
            Value::Array(_) => &["[0]", "[null]", "[{}]", "[\"\"]", "[[]]", "[texts]", "[same]"],
            Value::Object(_) => &["{texts}", "{flags}", "{numbers}", "{objects}", "{lists}"],
            _ => &["text", "escapes", "[0]", "{texts}"],
        };
        let mut fillers: Vec<String> = fixed.iter().map(|name| (*name).to_owned()).collect();
        // Elements with one field: an object, an empty list, or a list of objects.
        if let Some(Value::Object(element)) = self.value.get(0) {
            for (key, value) in element {
                let values: &[&str] = match value {
                    Value::Array(_) => &["[]", "[{},{},{},{},{}]"],
                    Value::Object(_) => &["{}"],
                    _ => &[],
                };
                fillers.extend(values.iter().map(|value| format!("[{{{}:{value}}}]", Value::from(&**key))));
            }
        }
        fillers
    }

    /// Returns the body with a value of about `len` bytes in the place.
    pub fn body(&self, filler: &str, len: usize) -> String {
        let list = |open: char, close: char, element: &dyn Fn(usize) -> String| {
            let mut text = String::from(open);
            for number in 0.. {
                if text.len() >= len {
                    break;
                }
                if number > 0 {
                    text.push(',');
                }
                text.push_str(&element(number));
            }
            text.push(close);
            text
        };
        let entries = |value: &str| list('{', '}', &|number| format!("\"k{number:x}\":{value}"));
        let text = match filler {
            "[texts]" => list('[', ']', &|number| format!("\"t{number:x}\"")),
            "[same]" => {
                let same = self.value.get(0).cloned().unwrap_or_default().to_string();
                list('[', ']', &|_| same.clone())
            }
            "{texts}" => entries("\"\""),
            "{flags}" => entries("true"),
            "{numbers}" => entries("0"),
            "{objects}" => entries("{}"),
            "{lists}" => entries("[0,0,0]"),
            "text" => format!("\"{}\"", "x".repeat(len)),
            "escapes" => format!("\"{}\"", "\\u00e9\\ud83d\\n".repeat(len / 14)),
            _ => {
                let element = filler.strip_prefix('[').and_then(|it| it.strip_suffix(']')).expect("a list");
                list('[', ']', &|_| element.to_owned())
            }
        };
        [&self.before, &*text, &self.after].concat()
    }
}
