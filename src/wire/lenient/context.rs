//! State of reading one document: the bound on its memory, and what is read once for many values.
//!
//! A list of `{}` takes three bytes of text and several hundred bytes of memory for each element. So whatever is
//! allocated apart from texts (elements of lists, boxes, entries of maps) is taken from an allowance that depends on the
//! length of the document.

use std::cell::Cell;

use serde::de::Error;

/// Bytes of memory for each byte of a document. Texts take one more at most, so that all of a value takes eight.
const BYTES_PER_BYTE: usize = 7;

/// Bytes of memory that every document may take: well above a full page of items without any field.
const BASE: usize = 1024 * 1024;

/// State of reading one document: the memory that its values may still take, and the last list of countries.
#[derive(Debug)]
pub struct ReadContext<'de> {
    allowance: Cell<usize>,
    has_raw_values: bool,
    last_countries: Cell<Option<(&'de str, Countries)>>,
}

/// A set of country codes: a bit for each code from `AA` to `ZZ`.
pub(crate) type Countries = [u64; 11];

impl<'de> ReadContext<'de> {
    /// Returns the context of a deserializer of any format, without a bound on memory.
    pub(crate) fn of_any_format() -> Self {
        Self { allowance: Cell::new(usize::MAX), has_raw_values: false, last_countries: Cell::new(None) }
    }

    /// Returns the context of a JSON text of this length.
    pub(crate) fn of_text(len: usize) -> Self {
        let allowance = len.saturating_mul(BYTES_PER_BYTE).saturating_add(BASE);
        Self { allowance: Cell::new(allowance), ..Self::of_any_format() }
    }

    /// Tells that the deserializer is that of `serde_json` over a text, which lends raw values.
    pub(crate) fn with_raw_values(self) -> Self {
        Self { has_raw_values: true, ..self }
    }

    /// Returns whether [`RawValue`](serde_json::value::RawValue) can be read.
    pub(crate) fn has_raw_values(&self) -> bool {
        self.has_raw_values
    }

    /// Takes memory for a value that is allocated apart from its text.
    ///
    /// # Errors
    ///
    /// If the document may not take as much.
    #[inline]
    pub(crate) fn allocate<E: Error>(&self, bytes: usize) -> Result<(), E> {
        let rest = self.allowance.get().checked_sub(bytes);
        self.allowance.set(rest.unwrap_or(0));
        rest.map(drop).ok_or_else(too_large)
    }

    /// Returns whether the document has taken all the memory that it may take.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.allowance.get() == 0
    }

    /// Takes memory for one more entry of a `BTreeMap`, whose nodes have room for eleven entries and hold at least
    /// five of them.
    ///
    /// # Errors
    ///
    /// If the document may not take as much.
    pub(crate) fn allocate_entry<K, V, E: Error>(&self, len: usize) -> Result<(), E> {
        let entries = if len == 0 { 12 } else { 3 };
        self.allocate(entries * size_of::<(K, V)>())
    }

    /// Returns the set of country codes that a JSON text lists; `None` for any other text.
    pub(crate) fn countries(&self, text: &'de str) -> Option<Countries> {
        // Most lists of a response are equal.
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
        "expected a value of at most {} bytes in memory for each byte of the body, and {BASE} more",
        BYTES_PER_BYTE + 1
    ))
}

/// Reads a list of nothing but texts of two capital letters.
fn read_countries(text: &str) -> Option<Countries> {
    let mut countries = Countries::default();
    let list = text.strip_prefix('[')?.strip_suffix(']')?;
    if list.trim_ascii().is_empty() {
        return Some(countries);
    }
    for code in list.as_bytes().split(|byte| *byte == b',') {
        let code = match code {
            // Without white space, as the server writes it.
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

/// Returns the word and the bit of a code of two capital letters.
pub(crate) fn country_bit([a, b]: [u8; 2]) -> Option<(usize, u64)> {
    let is_code = a.is_ascii_uppercase() && b.is_ascii_uppercase();
    let index = usize::from(a.wrapping_sub(b'A')) * 26 + usize::from(b.wrapping_sub(b'A'));
    is_code.then(|| (index / 64, 1 << (index % 64)))
}
