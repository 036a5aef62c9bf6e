//! The format version of stored state: state with a different version is rejected.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The version number of a format, which is part of the stored state. Deserializing a different number is an error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Version<const NUMBER: u8>;

impl<const NUMBER: u8> Serialize for Version<NUMBER> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(NUMBER)
    }
}

impl<'de, const NUMBER: u8> Deserialize<'de> for Version<NUMBER> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            number if number == NUMBER => Ok(Self),
            other => Err(serde::de::Error::custom(format_args!("expected version {NUMBER}, got {other}"))),
        }
    }
}
