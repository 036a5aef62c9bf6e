//! The serialized form of a body, which can be deserialized almost as fast as it can be copied.
//!
//! In a JSON string that contains a JSON body, every quote is escaped, and parsing the escapes takes longer than
//! decoding the body. Three characters that must be escaped are therefore swapped with three characters that are rare
//! in JSON.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::ser::Error as _;
use serde::{Deserializer, Serializer};

/// Swaps `"` with `#`, `\` with `^`, and the line feed with `*`. Applying the function twice restores the text. The
/// result of valid UTF-8 is valid UTF-8.
fn exchanged(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| byte ^ mask(*byte)).collect()
}

/// Returns the bit in which the byte differs from the byte with which it is swapped; 0 for all other bytes. The
/// function has no branches, so that the compiler can vectorize the loop that calls it.
fn mask(byte: u8) -> u8 {
    let pair = |one: u8, bit: u8| if byte & !bit == one & !bit { bit } else { 0 };
    pair(b'"', b'"' ^ b'#') | pair(b'\\', b'\\' ^ b'^') | pair(b'\n', b'\n' ^ b'*')
}

pub(super) fn serialize<S: Serializer>(body: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    let text = String::from_utf8(exchanged(body)).map_err(S::Error::custom)?;
    serializer.serialize_str(&text)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<[u8]>, D::Error> {
    deserializer.deserialize_str(Text)
}

struct Text;

impl Visitor<'_> for Text {
    type Value = Box<[u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string with the body")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(exchanged(text.as_bytes()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapping_twice_restores_the_text_and_preserves_utf_8() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        assert_eq!(exchanged(&exchanged(&all)), all);
        assert!(exchanged(&all).get(0x80..) == all.get(0x80..), "non-ASCII bytes are changed");
        assert_eq!(exchanged(b"{\"a\":\"\\n\"}\n#^*"), b"{#a#:#^n#}*\"\\\n");
        let changed = all.iter().filter(|byte| exchanged(&[**byte]) != [**byte]).count();
        assert_eq!(changed, 6, "other bytes are swapped");
    }
}
