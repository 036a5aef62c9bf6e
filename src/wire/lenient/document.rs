//! Reading of complete JSON texts.

use serde::de::DeserializeSeed as _;

use super::repair::repaired;
use super::{LenientDeserialize, LenientSeed, ReadContext};

/// Reads a JSON text by the rules of [this module](super); returns `None` if the value is absent.
///
/// If the first attempt fails, the text is read again without raw values, after repairing any invalid strings.
///
/// # Errors
///
/// Returns an error if the text is not JSON, if it is nested more deeply than the parser allows, or if the value would
/// take more memory than is allowed.
pub(crate) fn read_text<T: LenientDeserialize>(text: &str) -> serde_json::Result<Option<T>> {
    let context = ReadContext::of_text(text.len()).with_raw_values();
    read(text, &context).or_else(|error| {
        if context.is_exhausted() {
            return Err(error);
        }
        let repaired = repaired(text);
        let value = repaired.as_deref().and_then(|it| read(it, &ReadContext::of_text(text.len())).ok());
        value.map_or_else(|| read(text, &ReadContext::of_text(text.len())), Ok)
    })
}

fn read<'de, T: LenientDeserialize>(
    text: &'de str,
    context: &ReadContext<'de>,
) -> serde_json::Result<Option<T>> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = LenientSeed::new(context).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}
