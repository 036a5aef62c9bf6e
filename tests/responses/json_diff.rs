//! Compares the JSON of a response with the JSON of the decoded value, to find lost and changed values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::responses::known_losses::{Allow, EXCEPTIONS};

/// The findings from the comparison of many responses.
#[derive(Debug, Default)]
pub struct Findings {
    /// Number of compared values, without `null`, objects and lists.
    pub compared: usize,
    /// Number of uses of each exception, by its index in the list.
    pub used: BTreeMap<usize, usize>,
    /// Losses and changes by path, each with a count and the first example.
    pub faults: BTreeMap<String, (usize, String)>,
}

impl Findings {
    /// Compares a response of the given operation with the encoded value.
    pub fn compare(&mut self, operation: &str, response: &Value, written: &Value, example: &str) {
        let mut place = Place { findings: self, example, path: format!("{operation}:") };
        place.values(response, written);
    }

    pub fn fault(&mut self, path: &str, what: &str) {
        let fault = self.faults.entry(path.to_owned()).or_insert_with(|| (0, what.to_owned()));
        fault.0 += 1;
    }

    pub fn merge(&mut self, other: Self) {
        self.compared += other.compared;
        for (index, count) in other.used {
            *self.used.entry(index).or_default() += count;
        }
        for (path, (count, what)) in other.faults {
            self.faults.entry(path).or_insert((0, what)).0 += count;
        }
    }

    /// Returns a line for each path with a loss or a change.
    pub fn report(&self) -> String {
        let lines = self.faults.iter().map(|(path, (count, what))| format!("{path} ×{count}: {what}"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

struct Place<'a> {
    findings: &'a mut Findings,
    example: &'a str,
    /// A path of the form `operation:.key<type>.key[].key`, where `type` is the value of the object's key `type`, if
    /// present.
    path: String,
}

impl Place<'_> {
    fn values(&mut self, response: &Value, written: &Value) {
        match (response, written) {
            (Value::Null, _) => {}
            // An object that contains no values is equivalent to `null`.
            (Value::Object(_), Value::Null) if leaves(response) == 0 => {}
            (Value::Object(_), Value::Array(written))
                if written.len() == 1 && self.allows(|it| *it == Allow::Wrapped) =>
            {
                self.values(response, &written[0]);
            }
            (Value::Object(response), Value::Object(written)) => {
                let kind = response.get("type").and_then(Value::as_str);
                let kind = kind.map(|kind| format!("<{}>", kind.to_ascii_lowercase())).unwrap_or_default();
                for (key, value) in response.iter().filter(|(_, value)| !value.is_null()) {
                    self.at(&format!("{kind}.{key}"), |place| place.field(key, value, response, written));
                }
            }
            (Value::Array(response), Value::Array(written)) if self.allows(|it| *it == Allow::AsSet) => {
                let set = |values: &[Value]| values.iter().map(Value::to_string).collect::<BTreeSet<_>>();
                self.findings.compared += 1;
                if set(response) != set(written) {
                    self.fault("the sets differ");
                }
            }
            (Value::Array(response), Value::Array(written)) => {
                // Lists of optional elements retain `null` elements; other lists drop them.
                let mut response: Vec<&Value> = response.iter().collect();
                if response.len() != written.len() {
                    response.retain(|value| !value.is_null());
                }
                if response.len() != written.len() {
                    return self.fault(&format!("{} elements became {}", response.len(), written.len()));
                }
                self.at("[]", |place| {
                    for (response, written) in response.iter().zip(written) {
                        place.values(response, written);
                    }
                });
            }
            _ => self.leaves(response, written),
        }
    }

    fn field(
        &mut self,
        key: &str,
        value: &Value,
        response: &serde_json::Map<String, Value>,
        written: &serde_json::Map<String, Value>,
    ) {
        if let Some(written) = written.get(key) {
            return self.values(value, written);
        }
        if let Some((index, Allow::Inside(outer))) = self.allowed(|allow| matches!(allow, Allow::Inside(_))) {
            if let Some(written) = written.get(*outer).and_then(|outer| outer.get(key)) {
                *self.findings.used.entry(index).or_default() += 1;
                return self.values(value, written);
            }
        }
        let newer = self.allowed(|allow| matches!(allow, Allow::Renamed(_)));
        let newer = newer.filter(|_| value.is_object());
        if let Some((index, Allow::Renamed(newer))) = newer {
            *self.findings.used.entry(index).or_default() += 1;
            // If the response contains both names, the value under the newer name is compared separately.
            if response.get(*newer).is_some_and(|newer| !newer.is_null()) {
                return;
            }
            match written.get(*newer) {
                Some(written) => return self.values(value, written),
                None => return self.fault(&format!("neither this field nor {newer} is encoded")),
            }
        }
        let leaves = leaves(value);
        self.findings.compared += leaves;
        let is_allowed = |allow: &Allow| match allow {
            Allow::Lost => true,
            Allow::Placeholder => *value == "string",
            Allow::Empty => *value == "",
            _ => false,
        };
        if leaves > 0 && !self.allows(is_allowed) {
            self.fault(&format!("lost {}", short(value)));
        }
    }

    fn leaves(&mut self, response: &Value, written: &Value) {
        self.findings.compared += 1;
        let is_same = match (response, written) {
            (Value::Number(response), Value::Number(written)) => response.as_f64() == written.as_f64(),
            _ => response == written,
        };
        let is_allowed = |allow: &Allow| match (allow, response, written) {
            (Allow::Case, Value::String(response), Value::String(written)) => {
                response.eq_ignore_ascii_case(written)
            }
            (Allow::Number, Value::String(response), Value::Number(written)) => {
                response.parse::<f64>().ok() == written.as_f64()
            }
            (Allow::Number, Value::Object(response), Value::Number(written)) => {
                response.get("totalMilliseconds") == Some(&Value::Number(written.clone()))
            }
            (Allow::Rewritten, ..) => true,
            _ => false,
        };
        if !is_same && !self.allows(is_allowed) {
            self.fault(&format!("{} became {}", short(response), short(written)));
        }
    }

    fn at(&mut self, part: &str, then: impl FnOnce(&mut Self)) {
        let len = self.path.len();
        self.path.push_str(part);
        then(self);
        self.path.truncate(len);
    }

    fn allowed(&self, is: impl Fn(&Allow) -> bool) -> Option<(usize, &'static Allow)> {
        let is_match = |at: &str| {
            self.path.strip_suffix(at).is_some_and(|rest| {
                rest.is_empty() || at.starts_with(['.', '[', '<']) || rest.ends_with(['.', ':'])
            })
        };
        let found = EXCEPTIONS.iter().enumerate().find(|(_, it)| is_match(it.at) && is(&it.allow));
        found.map(|(index, it)| (index, &it.allow))
    }

    fn allows(&mut self, is: impl Fn(&Allow) -> bool) -> bool {
        let Some((index, _)) = self.allowed(is) else { return false };
        *self.findings.used.entry(index).or_default() += 1;
        true
    }

    fn fault(&mut self, what: &str) {
        let path = self.path.clone();
        self.findings.fault(&path, &format!("{what} ({})", self.example));
    }
}

/// Returns the number of values, without `null` and values that contain other values; an empty list counts as one
/// value.
fn leaves(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::Array(values) if !values.is_empty() => values.iter().map(leaves).sum(),
        Value::Object(object) => object.values().map(leaves).sum(),
        _ => 1,
    }
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(100).collect()
}

#[test]
fn a_lost_or_changed_value_is_detected() {
    let faults = |response: &str, written: &str| {
        let mut findings = Findings::default();
        let parse = |text: &str| serde_json::from_str(text).expect("JSON");
        findings.compare("a-test", &parse(response), &parse(written), "here");
        findings.faults.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(faults(r#"{"a": 1, "b": {"c": "d"}}"#, r#"{"a": 1}"#), ["a-test:.b"]);
    assert_eq!(faults(r#"{"a": [{"b": 1}, {"b": 2}]}"#, r#"{"a": [{"b": 1}, {"b": 3}]}"#), ["a-test:.a[].b"]);
    assert_eq!(faults(r#"{"a": [1, 2]}"#, r#"{"a": [1]}"#), ["a-test:.a"]);
    assert_eq!(faults(r#"{"a": "1"}"#, r#"{"a": 1}"#), ["a-test:.a"]);
    assert_eq!(faults(r#"{"a": "B"}"#, r#"{"a": "b"}"#), ["a-test:.a"]);
    assert_eq!(faults(r#"{"a": []}"#, r"{}"), ["a-test:.a"]);
    assert_eq!(faults(r#"{"type": "b", "a": 1}"#, r#"{"type": "b"}"#), ["a-test:<b>.a"]);
    assert_eq!(faults(r"[true]", r"[false]"), ["a-test:[]"]);
    assert_eq!(faults(r#"{"a": null, "b": 85.0, "c": {"d": null}}"#, r#"{"b": 85, "e": 1}"#), [""; 0]);
    assert_eq!(faults(r#"{"a": [null, 1]}"#, r#"{"a": [null, 1]}"#), [""; 0]);
    assert_eq!(faults(r#"{"a": [null, 1]}"#, r#"{"a": [1]}"#), [""; 0]);
}
