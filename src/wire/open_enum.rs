//! Open enums: sets of strings to which the server may add values.
//!
//! Each open enum consists of the documented values and a hidden fallback variant, which stores any other string and
//! can only be created by parsing. Match the known variants, and compare other values by `as_str()`. The letter case of
//! known values is ignored, because the server also sends `ALBUM`, `Track` and `Tv`.

/// Declares open enums: `Variant = "wire text"`.
macro_rules! open_enum {
    ($(
        $(#[$doc:meta])*
        $name:ident { $( $(#[$variant_doc:meta])* $variant:ident = $text:literal ),+ $(,)? }
    )+) => {$(
        $(#[$doc])*
        ///
        /// The server may add values: use a wildcard arm when matching, and compare other values by
        /// [`as_str`](Self::as_str).
        #[derive(Clone, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_doc])* $variant, )+
            /// Any other string; compare by `as_str()`, because a later version may add a variant for the value.
            #[doc(hidden)]
            _Other(crate::wire::open_enum::OtherText),
        }

        impl $name {
            /// The documented values.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the value as it appears in requests and responses.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::_Other(text) => text.as_str(),
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    $(_ if text.eq_ignore_ascii_case($text) => Self::$variant,)+
                    _ => Self::_Other(crate::wire::open_enum::OtherText::new(text)),
                }
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant => f.write_str(stringify!($variant)),)+
                    Self::_Other(text) => std::fmt::Debug::fmt(text.as_str(), f),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::wire::lenient::text(deserializer, |text| Ok::<_, std::convert::Infallible>(Self::from(text)))
            }
        }

        impl crate::wire::lenient::LenientDeserialize for $name {
            fn from_text(text: &str) -> Option<Self> {
                Some(Self::from(text))
            }
        }
    )+};
}
pub(crate) use open_enum;

/// A string that is not one of the documented values. It can only be created by parsing.
///
/// The string is boxed twice, so that an enum that contains it is as small as a pointer and a tag.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct OtherText(Box<Box<str>>);

impl OtherText {
    pub(crate) fn new(text: &str) -> Self {
        Self(Box::new(text.into()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(dead_code, unreachable_pub, reason = "the macro declares public items")]

    open_enum! {
        /// A shade.
        Shade {
            /// A light shade.
            Light = "light",
            /// A dark shade.
            Dark = "dark",
        }
    }

    #[test]
    fn an_unknown_value_is_serialized_unchanged() {
        for text in ["light", "dark", "dusky", ""] {
            let json = serde_json::to_string(text).expect("a string");
            let shade: Shade = serde_json::from_str(&json).expect("any text");
            assert_eq!(serde_json::to_string(&shade).expect("a string"), json);
        }
        assert_eq!(Shade::from("LIGHT"), Shade::Light);
        assert_eq!(Shade::from("dusky").as_str(), "dusky");
    }
}
