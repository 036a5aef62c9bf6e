//! The form in which state is stored: another one is refused rather than misread.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The number of a stored form, written into it; reading any other number is an error.
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
            other => {
                Err(serde::de::Error::custom(format_args!("stored by version {other}, known is {NUMBER}")))
            }
        }
    }
}
