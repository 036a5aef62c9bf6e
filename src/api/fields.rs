//! A filter for the fields of a playlist.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use crate::endpoint::{Measured, Size};
use crate::types::query::{QueryText, QueryTooLong};

/// A filter that selects fields of a playlist or of its items, to make responses smaller.
///
/// Fields are separated by commas. Nested fields are written with dots or, in lists, with parentheses. An exclamation
/// mark excludes a field. If a filter is set, any field may be absent from the response.
///
/// [`Fields::of`] also adds the fields that this library needs to read the response: `type` in `item` and `track`, to
/// distinguish tracks from episodes, and `next`, `offset`, `limit` and `total` in a page, to compute the next page. To
/// omit one of these fields, exclude it explicitly.
///
/// ```
/// use spotify_proto::api::{Field, Fields};
///
/// let fields = Fields::of([
///     Field::new("name"),
///     Field::new("owner.display_name"),
///     Field::new("items.items").with([Field::new("added_at"), Field::new("item").with([Field::new("name")])]),
/// ])?;
/// assert_eq!(
///     fields.to_string(),
///     "name,owner.display_name,items(items(added_at,item(name,type)),next,offset,limit,total)"
/// );
/// # Ok::<(), spotify_proto::QueryTooLong>(())
/// ```
///
/// A filter converted from text is sent unchanged, without these additions:
/// `Fields::from(QueryText::new("name,uri")?)`.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Fields(QueryText);

impl Fields {
    /// Builds a filter from fields, and adds the fields that are needed to read the response.
    ///
    /// # Errors
    ///
    /// Returns [`QueryTooLong`] if the escaped filter is longer than [`QueryText::MAX`] bytes.
    pub fn of(fields: impl IntoIterator<Item = Field>) -> Result<Self, QueryTooLong> {
        let fields: Vec<_> = fields.into_iter().collect();
        // Rejecting a long filter here also bounds the work of merging and completing the fields.
        QueryText::new(List(&fields).to_string())?;
        let mut fields = merged(fields.into_iter().map(Field::nested));
        complete(&mut fields);
        QueryText::new(List(&fields).to_string()).map(Self)
    }

    /// Returns the text of the filter before it is escaped.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Measured for Fields {
    fn size(&self) -> Size {
        self.0.size()
    }
}

impl From<QueryText> for Fields {
    fn from(text: QueryText) -> Self {
        Self(text)
    }
}

impl Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A field of a playlist, from which [`Fields`] are built.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "a field does nothing until it is part of a filter"]
pub struct Field {
    is_excluded: bool,
    name: String,
    inner: Vec<Self>,
    /// True if the field is part of a dotted path.
    is_dotted: bool,
}

impl Field {
    /// Builds a field from its name or its dotted path, such as `owner.display_name`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { is_excluded: false, name: name.into(), inner: Vec::new(), is_dotted: false }
    }

    /// Builds an excluded field, so that the response has all fields except this field.
    pub fn not(name: impl Into<String>) -> Self {
        Self { is_excluded: true, ..Self::new(name) }
    }

    /// Restricts the object, or each object in the list, to the given fields.
    pub fn with(mut self, inner: impl IntoIterator<Item = Self>) -> Self {
        self.inner.extend(inner);
        self
    }

    /// Converts a dotted path to nested fields.
    fn nested(mut self) -> Self {
        self.inner = self.inner.into_iter().map(Self::nested).collect();
        let is_path = self.name.split('.').all(is_word);
        if self.is_excluded || !is_path {
            return self;
        }
        let name = std::mem::take(&mut self.name);
        let mut parts = name.rsplit('.');
        self.name = parts.next().unwrap_or_default().to_owned();
        parts.fold(self, |inner, part| Self { is_dotted: true, ..Self::new(part).with([inner]) })
    }

    /// Returns whether the field has the given name and is not excluded.
    fn is(&self, name: &str) -> bool {
        self.name == name && !self.is_excluded
    }
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Merges fields with the same name. A field without inner fields selects all of its fields, so it is not merged.
fn merged(fields: impl IntoIterator<Item = Field>) -> Vec<Field> {
    let mut all: Vec<Field> = Vec::new();
    for field in fields {
        let same = |it: &&mut Field| it.is(&field.name) && !it.inner.is_empty() && !field.inner.is_empty();
        match all.iter_mut().find(same).filter(|_| !field.is_excluded) {
            Some(same) => same.inner.extend(field.inner),
            None => all.push(field),
        }
    }
    for field in &mut all {
        field.inner = merged(std::mem::take(&mut field.inner));
    }
    all
}

/// Adds the fields that are needed to read the response.
fn complete(fields: &mut Vec<Field>) {
    let is_page = |it: &Field| it.is("items") && it.inner.iter().any(|it| it.is("items"));
    let is_playlist = fields.iter().any(|it| PLAYLIST.contains(&&*it.name) || is_page(it));
    if !is_playlist {
        complete_page(fields);
        return;
    }
    for page in fields.iter_mut().filter(|it| it.is("items") || it.is("tracks")) {
        complete_page(&mut page.inner);
    }
}

/// Adds the fields that are needed to read a page and to compute the next page.
fn complete_page(fields: &mut Vec<Field>) {
    if !fields.iter().any(|it| it.is("items")) {
        return;
    }
    for items in fields.iter_mut().filter(|it| it.is("items")) {
        for item in items.inner.iter_mut().filter(|it| it.is("item") || it.is("track")) {
            if item.inner.iter().any(|it| !it.is_excluded) {
                add(&mut item.inner, "type");
            }
        }
    }
    for name in ["next", "offset", "limit", "total"] {
        add(fields, name);
    }
}

/// Adds a field unless the filter already selects or excludes it.
fn add(fields: &mut Vec<Field>, name: &str) {
    if !fields.iter().any(|it| it.name == name) {
        fields.push(Field::new(name));
    }
}

/// Fields that exist in a playlist but not in a page of its items.
const PLAYLIST: &[&str] = &[
    "collaborative",
    "description",
    "external_urls",
    "followers",
    "id",
    "images",
    "name",
    "owner",
    "primary_color",
    "public",
    "snapshot_id",
    "tracks",
    "type",
    "uri",
];

impl Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_excluded {
            f.write_str("!")?;
        }
        f.write_str(&self.name)?;
        match self.inner.as_slice() {
            [] => Ok(()),
            [inner] if self.is_dotted && !inner.is_excluded => write!(f, ".{inner}"),
            inner => write!(f, "({})", List(inner)),
        }
    }
}

/// Comma-separated list of fields.
struct List<'a>(&'a [Field]);

impl Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, field) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            field.fmt(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, inner: &[Field]) -> Field {
        Field::new(name).with(inner.iter().cloned())
    }

    fn text(fields: &[Field]) -> String {
        Fields::of(fields.iter().cloned()).expect("the filter should be short enough").to_string()
    }

    #[test]
    fn a_filter_requests_the_type_of_items_and_the_position_of_the_page() {
        let name = Field::new("name");
        let item = || field("item", &[Field::new("name")]);
        const PAGE: &str = "next,offset,limit,total";
        for (fields, expected) in [
            // For the items of a playlist, the response itself is the page.
            (vec![field("items", &[item()])], format!("items(item(name,type)),{PAGE}")),
            (vec![Field::new("items.item.name")], format!("items.item(name,type),{PAGE}")),
            (
                vec![Field::new("items.track.name"), Field::new("items.track.id"), Field::new("total")],
                "items.track(name,id,type),total,next,offset,limit".to_owned(),
            ),
            (vec![Field::new("items")], format!("items,{PAGE}")),
            (vec![field("items", &[Field::new("item")])], format!("items(item),{PAGE}")),
            (
                vec![field("items", &[field("item", &[Field::not("album")])])],
                format!("items(item(!album)),{PAGE}"),
            ),
            (
                vec![
                    field("items", &[field("item", &[name.clone(), Field::not("type")])]),
                    Field::not("limit"),
                ],
                "items(item(name,!type)),!limit,next,offset,total".to_owned(),
            ),
            // For a playlist, the page is nested in the response.
            (vec![field("items.items", &[item()])], format!("items(items(item(name,type)),{PAGE})")),
            (
                vec![name.clone(), Field::new("tracks.items.track.name"), Field::new("tracks.total")],
                "name,tracks(items.track(name,type),total,next,offset,limit)".to_owned(),
            ),
            // Filters that select no page, or a page with all its fields.
            (vec![name.clone(), Field::new("owner.display_name")], "name,owner.display_name".to_owned()),
            (vec![name.clone(), Field::new("items")], "name,items".to_owned()),
            (vec![name.clone(), Field::new("items.total")], "name,items.total".to_owned()),
            (vec![Field::not("items"), Field::not("images.url")], "!items,!images.url".to_owned()),
            (vec![Field::new("total")], "total".to_owned()),
            (vec![], String::new()),
            // Names that are not plain words are sent unchanged.
            (vec![Field::new("a..b"), Field::new("items(x.y)")], "a..b,items(x.y)".to_owned()),
        ] {
            assert_eq!(text(&fields), expected);
        }
    }

    #[test]
    fn the_maximum_length_of_a_filter_includes_added_fields() {
        let long = Field::new("x".repeat(QueryText::MAX - "items,".len()));
        assert!(Fields::of([long.clone()]).is_ok());
        assert!(Fields::of([Field::new("items"), long]).is_err());
    }
}
