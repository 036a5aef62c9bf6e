//! Encoding and decoding of values: percent-encoding, tolerant deserialization, open enums and versions of stored state.

pub(crate) mod lenient;
pub(crate) mod open_enum;
pub(crate) mod percent;
pub(crate) mod version;
