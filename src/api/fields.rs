//! Which fields of a playlist to send.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use crate::bounded::{QueryText, TooLong};
use crate::endpoint::{Measured, Size};

/// A filter for the fields of a playlist or its items, so that less is sent.
///
/// Fields stand beside each other with commas, below each other with dots or, for lists, with parentheses; an
/// exclamation mark leaves a field out. With a filter any field may be missing from the answer.
///
/// ```
/// use spotify_proto::api::{Field, Fields};
///
/// let fields = Fields::of([
///     Field::new("name"),
///     Field::new("owner.display_name"),
///     Field::new("items.items").with([Field::new("added_at"), Field::new("item").with([Field::not("album")])]),
/// ])?;
/// assert_eq!(fields.to_string(), "name,owner.display_name,items.items(added_at,item(!album))");
/// # Ok::<(), spotify_proto::TooLong>(())
/// ```
///
/// A text of your own is taken as it is: `Fields::from(QueryText::new("name,uri")?)`.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Fields(QueryText);

impl Fields {
    /// The filter for these fields.
    ///
    /// # Errors
    ///
    /// [`TooLong`] when it takes more than [`QueryText::MAX`] bytes when escaped.
    pub fn of(fields: impl IntoIterator<Item = Field>) -> Result<Self, TooLong> {
        QueryText::new(List(&fields.into_iter().collect::<Vec<_>>()).to_string()).map(Self)
    }

    /// Returns the filter as it is sent, not escaped.
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

/// A field of a playlist, for [`Fields`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "a field does nothing until it is part of a filter"]
pub struct Field {
    is_excluded: bool,
    name: String,
    inner: Vec<Self>,
}

impl Field {
    /// A field by its name, or by its path with dots: `owner.display_name`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { is_excluded: false, name: name.into(), inner: Vec::new() }
    }

    /// All fields but this one.
    pub fn not(name: impl Into<String>) -> Self {
        Self { is_excluded: true, ..Self::new(name) }
    }

    /// Of the object, or of each object in the list, only these fields.
    pub fn with(mut self, inner: impl IntoIterator<Item = Self>) -> Self {
        self.inner.extend(inner);
        self
    }
}

impl Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_excluded {
            f.write_str("!")?;
        }
        f.write_str(&self.name)?;
        if self.inner.is_empty() {
            return Ok(());
        }
        write!(f, "({})", List(&self.inner))
    }
}

/// Fields with commas.
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
