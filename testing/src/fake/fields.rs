//! The `fields` parameter of playlists, such as `name,items(added_at,item(name,!album))` or `owner.id`.

use serde_json::{Map, Value};

/// Names of the selected members, each with a nested selection. An empty list selects everything.
#[derive(Debug, Default)]
struct Fields(Vec<(String, Self)>);

/// Maximum nesting depth of a filter. Deeper parts are ignored.
const DEPTH_MAX: usize = 16;

/// Returns the part of a value that is selected by a filter, or the complete value if there is no filter.
pub(super) fn filter(value: Value, fields: Option<&str>) -> Value {
    match fields {
        Some(text) => parse(&mut text.chars(), 0).select(value),
        None => value,
    }
}

/// Parses a comma-separated list up to its closing parenthesis.
fn parse(text: &mut std::str::Chars<'_>, depth: usize) -> Fields {
    let (mut fields, mut name) = (Fields::default(), String::new());
    while let Some(letter) = text.next() {
        match letter {
            ',' => fields.add(&std::mem::take(&mut name), Fields::default(), 0),
            ')' => break,
            '(' if depth < DEPTH_MAX => {
                let inner = parse(text, depth + 1);
                fields.add(&std::mem::take(&mut name), inner, 0);
            }
            letter => name.push(letter),
        }
    }
    fields.add(&name, Fields::default(), 0);
    fields
}

impl Fields {
    /// Adds a path in which each dot selects a member of an object.
    fn add(&mut self, path: &str, inner: Self, depth: usize) {
        let path = path.trim();
        if path.is_empty() {
            return;
        }
        match path.split_once('.').filter(|_| depth < DEPTH_MAX) {
            Some((name, rest)) => {
                let mut outer = Self::default();
                outer.add(rest, inner, depth + 1);
                self.0.push((name.to_owned(), outer));
            }
            None => self.0.push((path.to_owned(), inner)),
        }
    }

    fn select(&self, value: Value) -> Value {
        match value {
            value if self.0.is_empty() => value,
            Value::Array(items) => items.into_iter().map(|item| self.select(item)).collect(),
            Value::Object(members) => self.members(members),
            value => value,
        }
    }

    fn members(&self, members: Map<String, Value>) -> Value {
        let excluded = |name: &str| self.0.iter().any(|(field, _)| field.strip_prefix('!') == Some(name));
        let named = |name: &str| self.0.iter().find(|(field, _)| field == name);
        let only_excludes = self.0.iter().all(|(field, _)| field.starts_with('!'));
        let kept = members.into_iter().filter_map(|(name, value)| match named(&name) {
            Some((_, inner)) => Some((name, inner.select(value))),
            None => (only_excludes && !excluded(&name)).then_some((name, value)),
        });
        Value::Object(kept.collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::filter;

    #[test]
    fn a_filter_keeps_the_selected_fields() {
        let value =
            || json!({"name": "a", "owner": {"id": 1, "uri": 2}, "items": [{"item": {"name": 3, "id": 4}}]});
        for (fields, kept) in [
            ("name", json!({"name": "a"})),
            ("name,owner.id", json!({"name": "a", "owner": {"id": 1}})),
            ("items(item(name))", json!({"items": [{"item": {"name": 3}}]})),
            ("!name,!owner", json!({"items": [{"item": {"name": 3, "id": 4}}]})),
            ("items(item(!name)),", json!({"items": [{"item": {"id": 4}}]})),
            ("((((", value()),
        ] {
            assert_eq!(filter(value(), Some(fields)), kept, "{fields}");
        }
    }
}
