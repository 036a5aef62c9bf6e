//! The state of reading a document: its remaining memory allowance, and the last list of countries.
//!
//! An element of a list of `{}` takes three bytes of text, but several hundred bytes of memory. Therefore, allocations
//! other than those for strings (list elements, boxes and map entries) reduce an allowance that depends on the length
//! of the document.

use std::cell::Cell;

use serde::de::Error;

/// Allowance in bytes of memory per byte of a document. Strings take at most one additional byte, so the total is
/// eight.
const BYTES_PER_BYTE: usize = 7;

/// Fixed allowance in bytes of memory per document, which is more than a full page of items without fields takes.
const BASE: usize = 1024 * 1024;

/// The state of reading a document: its remaining memory allowance, and the last list of countries.
#[derive(Debug)]
pub struct ReadContext<'de> {
    allowance: Cell<usize>,
    has_raw_values: bool,
    last_countries: Cell<Option<(&'de str, Countries)>>,
}

/// A set of country codes, with one bit per code from `AA` to `ZZ`.
pub(crate) type Countries = [u64; 11];

impl<'de> ReadContext<'de> {
    /// Creates the context for a deserializer of any format, without a memory limit.
    pub(crate) fn of_any_format() -> Self {
        Self { allowance: Cell::new(usize::MAX), has_raw_values: false, last_countries: Cell::new(None) }
    }

    /// Creates the context for a JSON text of the given length in bytes.
    pub(crate) fn of_text(len: usize) -> Self {
        let allowance = len.saturating_mul(BYTES_PER_BYTE).saturating_add(BASE);
        Self { allowance: Cell::new(allowance), ..Self::of_any_format() }
    }

    /// Marks the deserializer as one that provides raw values, as the deserializer of `serde_json` for strings does.
    pub(crate) fn with_raw_values(self) -> Self {
        Self { has_raw_values: true, ..self }
    }

    /// Returns whether [`RawValue`](serde_json::value::RawValue) can be read.
    pub(crate) fn has_raw_values(&self) -> bool {
        self.has_raw_values
    }

    /// Reduces the allowance by the memory that a value other than a string takes.
    ///
    /// # Errors
    ///
    /// Returns an error if the remaining allowance is smaller.
    #[inline]
    pub(crate) fn allocate<E: Error>(&self, bytes: usize) -> Result<(), E> {
        let rest = self.allowance.get().checked_sub(bytes);
        self.allowance.set(rest.unwrap_or(0));
        rest.map(drop).ok_or_else(too_large)
    }

    /// Returns whether the allowance is used up.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.allowance.get() == 0
    }

    /// Reduces the allowance by the memory for an additional entry of a `BTreeMap`, whose nodes have a capacity of
    /// eleven entries and contain at least five.
    ///
    /// # Errors
    ///
    /// Returns an error if the remaining allowance is smaller.
    pub(crate) fn allocate_entry<K, V, E: Error>(&self, len: usize) -> Result<(), E> {
        let entries = if len == 0 { 12 } else { 3 };
        self.allocate(entries * size_of::<(K, V)>())
    }

    /// Returns the set of country codes in a JSON list; `None` for any other JSON text.
    pub(crate) fn countries(&self, text: &'de str) -> Option<Countries> {
        // Most lists in a response are equal.
        if let Some((_, countries)) = self.last_countries.get().filter(|(last, _)| *last == text) {
            return Some(countries);
        }
        let countries = read_countries(text)?;
        self.last_countries.set(Some((text, countries)));
        Some(countries)
    }
}

#[cold]
fn too_large<E: Error>() -> E {
    E::custom(format_args!(
        "expected a value of at most {} bytes in memory per byte of the body, plus {BASE}",
        BYTES_PER_BYTE + 1
    ))
}

/// Reads a JSON list in which every element is a string of two capital letters; returns `None` for any other JSON text.
fn read_countries(text: &str) -> Option<Countries> {
    let mut countries = Countries::default();
    let list = text.strip_prefix('[')?.strip_suffix(']')?;
    if list.trim_ascii().is_empty() {
        return Some(countries);
    }
    for code in list.as_bytes().split(|byte| *byte == b',') {
        let code = match code {
            // The server sends lists without white space.
            [b'"', a, b, b'"'] => [*a, *b],
            _ => match code.trim_ascii() {
                [b'"', a, b, b'"'] => [*a, *b],
                _ => return None,
            },
        };
        let (word, bit) = country_bit(code)?;
        *countries.get_mut(word)? |= bit;
    }
    Some(countries)
}

/// Returns the index of the word and the bit of a code of two capital letters; `None` for any other code.
pub(crate) fn country_bit([a, b]: [u8; 2]) -> Option<(usize, u64)> {
    let is_code = a.is_ascii_uppercase() && b.is_ascii_uppercase();
    let index = usize::from(a.wrapping_sub(b'A')) * 26 + usize::from(b.wrapping_sub(b'A'));
    is_code.then(|| (index / 64, 1 << (index % 64)))
}
