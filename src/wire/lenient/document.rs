//! The one way from a JSON text to a value.

use serde::de::DeserializeSeed as _;

use super::repair::repaired;
use super::{LenientDeserialize, LenientSeed, ReadContext};

/// Reads a JSON text by the rules of the tolerant readers; `None` if the value is absent.
///
/// A text that cannot be read is read once more, with its strings repaired if they are invalid, and without raw values:
/// that succeeds, or its error is the one to report.
///
/// # Errors
///
/// If the text is not JSON, is nested deeper than the parser's limit, or would take more memory than it may.
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
