//! Strings that need no allocation if they are short.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

use crate::wire::lenient::{LenientDeserialize, absent_is_default};

/// A string from the server. Strings of up to 23 bytes are stored inline; clones of longer strings share one
/// allocation.
///
/// `Text` dereferences to `str`, can be compared with `&str`, and implements `Display`.
///
/// ```
/// # use spotify_proto::Text;
/// let name = Text::from("Paper Lanterns");
/// assert_eq!(name, "Paper Lanterns");
/// assert!(name.starts_with("Paper"));
/// ```
#[derive(Clone, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Text(SmolStr);

/// Maximum length of a string that needs no allocation, in bytes.
const INLINE_LEN: usize = 23;

impl Text {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    #[inline(always)]
    fn from(text: &str) -> Self {
        // `new_inline` only copies the bytes.
        Self(if text.len() <= INLINE_LEN { SmolStr::new_inline(text) } else { SmolStr::new(text) })
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(SmolStr::from(text))
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0.into()
    }
}

/// Implements comparisons with `str` in both directions, using the method `as_str`.
macro_rules! compares_as_text {
    ($($name:ident),+ $(,)?) => {$(
        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl PartialEq<String> for $name {
            fn eq(&self, other: &String) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl PartialEq<$name> for str {
            fn eq(&self, other: &$name) -> bool {
                self == other.as_str()
            }
        }

        impl PartialEq<$name> for &str {
            fn eq(&self, other: &$name) -> bool {
                *self == other.as_str()
            }
        }

        impl PartialEq<$name> for String {
            fn eq(&self, other: &$name) -> bool {
                self.as_str() == other.as_str()
            }
        }
    )+};
}
pub(crate) use compares_as_text;
compares_as_text!(Text);

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::lenient::text(deserializer, |text| Ok::<_, std::convert::Infallible>(Self::from(text)))
    }
}

impl LenientDeserialize for Text {
    #[inline(always)]
    fn from_text(text: &str) -> Option<Self> {
        Some(text.into())
    }
}

absent_is_default!(Text);
