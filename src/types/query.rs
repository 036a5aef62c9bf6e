//! Strings and lists with a maximum length, so that building a request cannot fail.
//!
//! The `http` crate limits a URI to 65,534 bytes. These types check the length of values that could otherwise be
//! arbitrarily long.

use std::fmt::{self, Display};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::types::id::{AlbumId, ArtistId, AudiobookId, ChapterId, EpisodeId, ShowId, TrackId, UserId};
use crate::types::uri::SpotifyUri;
use crate::wire::percent;

/// Error for a value that does not fit into the URI of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{len} bytes when escaped, more than the {max} that fit into a query")]
pub struct QueryTooLong {
    len: usize,
    max: usize,
}

/// A string for a query, of at most 8,192 bytes when escaped.
///
/// ```
/// # use spotify_proto::QueryText;
/// let text = QueryText::new("artist:Paper Lanterns year:1990-1999")?;
/// assert!(QueryText::new("x".repeat(8193)).is_err());
/// # Ok::<(), spotify_proto::QueryTooLong>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct QueryText(Box<str>);

impl QueryText {
    /// Maximum length of the escaped text, in bytes.
    pub const MAX: usize = 8192;

    /// Creates a query text.
    ///
    /// # Errors
    ///
    /// Returns [`QueryTooLong`] if the escaped text is longer than [`MAX`](Self::MAX) bytes.
    pub fn new(text: impl Into<Box<str>>) -> Result<Self, QueryTooLong> {
        let text = text.into();
        let len = percent::query_len(&text);
        if len <= Self::MAX { Ok(Self(text)) } else { Err(QueryTooLong { len, max: Self::MAX }) }
    }

    /// Returns the text, not escaped.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for QueryText {
    type Error = QueryTooLong;

    fn try_from(text: &str) -> Result<Self, QueryTooLong> {
        Self::new(text)
    }
}

impl TryFrom<String> for QueryText {
    type Error = QueryTooLong;

    fn try_from(text: String) -> Result<Self, QueryTooLong> {
        Self::new(text)
    }
}

impl Display for QueryText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for QueryText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for QueryText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A list of ids or URIs for a query, of at most 32,768 bytes when escaped, which is enough for over 800 URIs.
///
/// Spotify's own limits are lower, 20 to 100 items: see the `RULES` of each operation.
/// [`check`](crate::Endpoint::check) enforces these limits, and the `batches` function of an operation splits a longer
/// list into several requests.
///
/// ```
/// # use spotify_proto::{CommaList, SpotifyUri, api::SaveLibraryItems};
/// let track: SpotifyUri = "spotify:track:6rqhFgbbKwnb9MLmUQDhG6".parse()?;
/// let one = SaveLibraryItems::new(track.clone());
/// let two = SaveLibraryItems::new(CommaList::new([track.clone(), track.clone()])?);
/// let calls = SaveLibraryItems::batches(vec![track; 95]);
/// assert_eq!(calls.count(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct CommaList<T>(Vec<T>);

impl<T: Display> CommaList<T> {
    /// Maximum length of the escaped text, in bytes.
    pub const MAX: usize = 32_768;

    /// Creates a list of the items, in their order.
    ///
    /// # Errors
    ///
    /// Returns [`QueryTooLong`] if the joined and escaped items are longer than [`MAX`](Self::MAX) bytes.
    pub fn new(items: impl IntoIterator<Item = T>) -> Result<Self, QueryTooLong> {
        let list = Self(items.into_iter().collect());
        let len = percent::query_len(&list.to_string());
        if len <= Self::MAX { Ok(list) } else { Err(QueryTooLong { len, max: Self::MAX }) }
    }
}

/// Implements iterators over the items of a list, by reference and by value.
macro_rules! sequence {
    ($($name:ident),+) => {$(
        impl<T> $name<T> {
            /// Returns an iterator over the items, in their order.
            pub fn iter(&self) -> std::slice::Iter<'_, T> {
                self.0.iter()
            }
        }

        impl<'a, T> IntoIterator for &'a $name<T> {
            type Item = &'a T;
            type IntoIter = std::slice::Iter<'a, T>;

            fn into_iter(self) -> Self::IntoIter {
                self.iter()
            }
        }

        impl<T> IntoIterator for $name<T> {
            type Item = T;
            type IntoIter = std::vec::IntoIter<T>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.into_iter()
            }
        }
    )+};
}

/// Splits any number of items into lists of at most `max` items, in their order.
///
/// Accepts only ids and URIs, because a single id or URI is always shorter than the maximum length of a list.
pub(crate) fn chunks<T: Display>(
    items: impl IntoIterator<Item = T>,
    max: usize,
) -> impl Iterator<Item = CommaList<T>> {
    let mut items = items.into_iter().peekable();
    std::iter::from_fn(move || {
        let (mut chunk, mut len) = (Vec::new(), 0);
        while let Some(item) = items.next_if(|item| {
            let longer = len + percent::query_len(&item.to_string()) + COMMA_LEN;
            let fits = chunk.is_empty() || (chunk.len() < max && longer <= CommaList::<T>::MAX);
            len = longer;
            fits
        }) {
            chunk.push(item);
        }
        (!chunk.is_empty()).then_some(CommaList(chunk))
    })
}

/// Length of an escaped comma.
const COMMA_LEN: usize = "%2C".len();

impl<T> CommaList<T> {
    /// Returns the items.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }
}

sequence!(CommaList, CommaSet);

impl<T: Display> TryFrom<Vec<T>> for CommaList<T> {
    type Error = QueryTooLong;

    fn try_from(items: Vec<T>) -> Result<Self, QueryTooLong> {
        Self::new(items)
    }
}

impl<T: Display, const N: usize> TryFrom<[T; N]> for CommaList<T> {
    type Error = QueryTooLong;

    fn try_from(items: [T; N]) -> Result<Self, QueryTooLong> {
        Self::new(items)
    }
}

macro_rules! one {
    ($($item:ident),+) => {$(
        /// Creates a list of one item, which always fits.
        impl From<$item> for CommaList<$item> {
            fn from(item: $item) -> Self {
                Self(vec![item])
            }
        }
    )+};
}
one!(AlbumId, ArtistId, AudiobookId, ChapterId, EpisodeId, ShowId, TrackId, SpotifyUri, UserId);

impl<T: Display> Display for CommaList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        join(&self.0, f)
    }
}

impl<T: Serialize> Serialize for CommaList<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Display + Deserialize<'de>> Deserialize<'de> for CommaList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A set of documented words for a query, in the order of their first appearance.
///
/// ```
/// # use spotify_proto::{CommaSet, api::ItemType};
/// let types = CommaSet::from([ItemType::Album, ItemType::Track, ItemType::Album]);
/// assert_eq!(types.to_string(), "album,track");
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct CommaSet<T>(Vec<T>);

impl<T> CommaSet<T> {
    /// Returns the items.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }
}

impl<T: PartialEq> FromIterator<T> for CommaSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut set = Self(Vec::new());
        for item in items {
            if !set.0.contains(&item) {
                set.0.push(item);
            }
        }
        set
    }
}

impl<T: PartialEq, const N: usize> From<[T; N]> for CommaSet<T> {
    fn from(items: [T; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Display> Display for CommaSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        join(&self.0, f)
    }
}

impl<T: Serialize> Serialize for CommaSet<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: PartialEq + Deserialize<'de>> Deserialize<'de> for CommaSet<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<T>::deserialize(deserializer)?.into_iter().collect())
    }
}

fn join<T: Display>(items: &[T], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(",")?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

/// Declares a closed set of words that requests may contain: `Variant = "wire text"`.
///
/// Requests are strict: parsing a word that the reference does not list is an error.
macro_rules! words {
    ($(
        $(#[$doc:meta])*
        $name:ident { $( $(#[$variant_doc:meta])* $variant:ident = $text:literal ),+ $(,)? }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, serde::Deserialize, serde::Serialize)]
        #[non_exhaustive]
        pub enum $name { $( $(#[$variant_doc])* #[serde(rename = $text)] $variant, )+ }

        impl $name {
            /// All values.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the value as it is sent in requests.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    )+};
}
pub(crate) use words;
