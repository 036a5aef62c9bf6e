//! How values are written and read: percent-encoding, tolerant deserialization, open enums, versions of stored state.

pub(crate) mod lenient;
pub(crate) mod open_enum;
pub(crate) mod percent;
pub(crate) mod version;
