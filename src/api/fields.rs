//! The filter of playlist answers.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use crate::bounded::{QueryText, TooLong};

/// Which fields of a playlist to send: an answer then has those and no others, so read it with
/// [`parse_as`](crate::Endpoint::parse_as) into a type of your own.
///
/// ```
/// # use spotify_proto::api::Fields;
/// let fields = Fields::of([
///     Fields::field("name"),
///     Fields::field("items").of_each([Fields::field("added_by").path("id"), Fields::field("item")]),
/// ])?;
/// assert_eq!(fields.to_string(), "name,items(added_by.id,item)");
///
/// let fields = Fields::of([Fields::field("items").path("items").of_each([Fields::field("item").except(["album"])])])?;
/// assert_eq!(fields.to_string(), "items.items(item(!album))");
/// # Ok::<(), spotify_proto::TooLong>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Fields(QueryText);

impl Fields {
    /// A filter of these fields.
    ///
    /// # Errors
    ///
    /// [`TooLong`] when it would not fit into a query.
    pub fn of(fields: impl IntoIterator<Item = Field>) -> Result<Self, TooLong> {
        let texts: Vec<String> = fields.into_iter().map(|field| field.0).collect();
        Self::raw(texts.join(","))
    }

    /// A filter as its text, in Spotify's grammar.
    ///
    /// # Errors
    ///
    /// [`TooLong`] when it would not fit into a query.
    pub fn raw(text: impl Into<Box<str>>) -> Result<Self, TooLong> {
        QueryText::new(text).map(Self)
    }

    /// One field by its name.
    pub fn field(name: &str) -> Field {
        Field(name.to_owned())
    }
}

impl Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A field in a filter.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "a field is a part of `Fields`"]
pub struct Field(String);

impl Field {
    /// Only this field of an object: `owner.id`.
    pub fn path(self, name: &str) -> Self {
        Self(format!("{}.{name}", self.0))
    }

    /// Only these fields of an object, or of each object in a list: `items(added_at,item)`.
    pub fn of_each(self, fields: impl IntoIterator<Item = Self>) -> Self {
        let texts: Vec<String> = fields.into_iter().map(|field| field.0).collect();
        Self(format!("{}({})", self.0, texts.join(",")))
    }

    /// All but these fields: `item(!album,!artists)`.
    pub fn except<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let texts: Vec<String> = names.into_iter().map(|name| format!("!{name}")).collect();
        Self(format!("{}({})", self.0, texts.join(",")))
    }
}
