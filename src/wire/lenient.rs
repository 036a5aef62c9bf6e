//! Tolerant deserialization, which accepts responses that deviate from the reference.
//!
//! Recorded responses deviate in these ways: `null` instead of a value, numbers such as `85.0`, `4.9E7` or `"44272"`,
//! an object instead of a number, an object instead of a list of objects, new keys, and old keys next to new ones. The
//! rules are the same for every model:
//!
//! * a value of the wrong type is *absent*: `None`, an empty list, or the default of the type;
//! * an unknown key is skipped; if a field has several keys, the newest key with a value takes precedence;
//! * the only errors are invalid JSON (except for invalid strings, which are repaired), nesting deeper than 128 levels,
//!   and a value that would take more memory than 1 MiB plus 8 bytes per byte of the JSON text.
//!
//! [`read_text`] calls the parser, `serde_json`. A type overrides the methods of [`LenientDeserialize`] for the JSON
//! types that it accepts; the visitor [`OptionSeed`] calls these methods. Every method has access to the
//! [`ReadContext`].

mod context;
mod document;
mod list;
mod model;
mod repair;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

pub(crate) use context::{Countries, ReadContext, country_bit};
pub(crate) use document::read_text;
pub(crate) use model::{FieldIndex, Model, key, model};

/// A value that can be read from some JSON types and is absent for all other types.
pub trait LenientDeserialize: Sized {
    /// Reads a JSON string.
    fn from_text(_text: &str) -> Option<Self> {
        None
    }

    /// Reads a JSON number. An integer can be written as a float, whose fractional part is truncated.
    fn from_number(_number: Number) -> Option<Self> {
        None
    }

    /// Reads `true` or `false`.
    fn from_bool(_value: bool) -> Option<Self> {
        None
    }

    /// Reads a JSON object, up to its end.
    ///
    /// # Errors
    ///
    /// Returns the errors of the parser.
    fn from_map<'de, A: MapAccess<'de>>(
        mut map: A,
        _context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        while map.next_entry::<Ignored, Ignored>()?.is_some() {}
        Ok(None)
    }

    /// Reads a JSON object directly into an empty slot, so that a large value is not moved.
    ///
    /// # Errors
    ///
    /// Returns the errors of the parser.
    fn map_into<'de, A: MapAccess<'de>>(
        slot: &mut Option<Self>,
        map: A,
        context: &ReadContext<'de>,
    ) -> Result<(), A::Error> {
        *slot = Self::from_map(map, context)?;
        Ok(())
    }

    /// Reads a JSON array, up to its end.
    ///
    /// # Errors
    ///
    /// Returns the errors of the parser.
    fn from_seq<'de, A: SeqAccess<'de>>(
        mut seq: A,
        _context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        while seq.next_element::<Ignored>()?.is_some() {}
        Ok(None)
    }

    /// Reads any JSON value into an empty slot.
    ///
    /// # Errors
    ///
    /// Returns the errors of the parser.
    fn value_into<'de, D: Deserializer<'de>>(
        slot: &mut Option<Self>,
        deserializer: D,
        context: &ReadContext<'de>,
    ) -> Result<(), D::Error> {
        deserializer.deserialize_any(OptionSeed(slot, context))
    }
}

/// A type that a complete response body can have.
pub(crate) trait Document: LenientDeserialize {
    /// Returns the value for a response with status 204; `None` if such a response is an error.
    fn without_content() -> Option<Self> {
        None
    }
}

/// A field of a model, with a default for an absent value.
pub(crate) trait Field: Default {
    /// Reads any JSON value into the field, which must be open.
    ///
    /// # Errors
    ///
    /// Returns the errors of the parser.
    fn read<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &ReadContext<'de>,
    ) -> Result<(), D::Error>;

    /// Returns whether the value of another key may be read into the field.
    fn is_open(&self) -> bool {
        true
    }
}

/// A field that can be absent, in which case it is not serialized.
pub(crate) trait IsAbsent {
    /// Returns whether the field is absent: `true` for `None`, `false` for all other values.
    fn is_absent(&self) -> bool {
        false
    }
}

impl<T> IsAbsent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> IsAbsent for Vec<T> {}

/// A JSON number.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "private to the crate")]
pub enum Number {
    /// An integer that is not negative.
    Unsigned(u64),
    /// A negative integer.
    Signed(i64),
    /// A number with a fractional part or an exponent.
    Float(f64),
}

impl Number {
    fn to_i64(self) -> Option<i64> {
        match self {
            Self::Unsigned(number) => number.try_into().ok(),
            Self::Signed(number) => Some(number),
            Self::Float(number) if number.abs() < 9.0e15 =>
            {
                #[allow(clippy::cast_possible_truncation, reason = "below 2^53, every integer is exact")]
                Some(number as i64)
            }
            Self::Float(_) => None,
        }
    }
}

/// Seed that reads any JSON value as a `T`, or as an absent value.
pub(crate) struct LenientSeed<'a, 'de, T>(&'a ReadContext<'de>, PhantomData<T>);

impl<'a, 'de, T> LenientSeed<'a, 'de, T> {
    pub(crate) const fn new(context: &'a ReadContext<'de>) -> Self {
        Self(context, PhantomData)
    }
}

impl<'de, T: LenientDeserialize> DeserializeSeed<'de> for LenientSeed<'_, 'de, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let mut value = None;
        T::value_into(&mut value, deserializer, self.0)?;
        Ok(value)
    }
}

/// Seed that reads any JSON value into an empty slot, which stays empty if the value is absent.
pub(crate) struct OptionSeed<'a, 'de, T>(pub(crate) &'a mut Option<T>, pub(crate) &'a ReadContext<'de>);

impl<'de, T: LenientDeserialize> DeserializeSeed<'de> for OptionSeed<'_, 'de, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::value_into(self.0, deserializer, self.1)
    }
}

impl<'de, T: LenientDeserialize> Visitor<'de> for OptionSeed<'_, 'de, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    #[inline]
    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        *self.0 = T::from_text(text);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        *self.0 = T::from_number(Number::Unsigned(number));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        *self.0 = T::from_number(Number::Signed(number));
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        *self.0 = T::from_number(Number::Float(number));
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        *self.0 = T::from_bool(value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        T::map_into(self.0, map, self.1)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        *self.0 = T::from_seq(seq, self.1)?;
        Ok(())
    }
}

/// Any value, which is discarded. The depth limit of the parser applies, unlike for `IgnoredAny`.
#[derive(Debug)]
pub(crate) struct Ignored;

impl LenientDeserialize for Ignored {}

impl<'de> Deserialize<'de> for Ignored {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let context = ReadContext::of_any_format();
        LenientSeed::<Self>::new(&context).deserialize(deserializer).map(|_| Self)
    }
}

/// The name of a key, borrowed from the JSON text if it has no escapes.
#[derive(Debug)]
pub(crate) struct FieldName<'a>(pub(crate) Cow<'a, str>);

impl<'de> Deserialize<'de> for FieldName<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = FieldName<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<FieldName<'de>, E> {
                Ok(FieldName(Cow::Borrowed(key)))
            }

            fn visit_str<E>(self, key: &str) -> Result<FieldName<'de>, E> {
                Ok(FieldName(Cow::Owned(key.to_owned())))
            }
        }

        deserializer.deserialize_identifier(Text)
    }
}

/// Seed that reads the value of a map entry into a field.
pub(crate) struct FieldSeed<'a, 'de, F>(pub(crate) &'a mut F, pub(crate) &'a ReadContext<'de>);

impl<'de, F: Field> DeserializeSeed<'de> for FieldSeed<'_, 'de, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.read(deserializer, self.1)
    }
}

/// Seed that replaces the value of a field by the value of a map entry, unless the value of the entry is absent.
pub(crate) struct Replace<'a, 'de, T>(pub(crate) &'a mut Option<T>, pub(crate) &'a ReadContext<'de>);

impl<'de, T: LenientDeserialize> DeserializeSeed<'de> for Replace<'_, 'de, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let newer = LenientSeed::<T>::new(self.1).deserialize(deserializer)?;
        *self.0 = newer.or_else(|| self.0.take());
        Ok(())
    }
}

/// Deserializes a model as the root value, as `serde_json::from_str` does; an absent value is an error.
///
/// # Errors
///
/// Returns an error if the value is not an object, or if it has keys but none of them belongs to the model.
pub(crate) fn object<'de, T: LenientDeserialize, D: Deserializer<'de>>(
    deserializer: D,
    name: &'static str,
) -> Result<T, D::Error> {
    struct Document<T>(&'static str, PhantomData<T>);

    impl<'de, T: LenientDeserialize> Visitor<'de> for Document<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} as an object", self.0)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::from_map(map, &ReadContext::of_any_format())?
                .ok_or_else(|| A::Error::custom(format_args!("expected fields of {}", self.0)))
        }
    }

    deserializer.deserialize_map(Document(name, PhantomData))
}

/// Deserializes a string strictly and without copying it, for values that callers write, not the server.
///
/// # Errors
///
/// Returns an error if the value is not a string, or if `read` rejects it.
pub(crate) fn text<'de, D: Deserializer<'de>, T, E: fmt::Display>(
    deserializer: D,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, D::Error> {
    struct Strict<F>(F);

    impl<T, E: fmt::Display, F: FnOnce(&str) -> Result<T, E>> Visitor<'_> for Strict<F> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<R: serde::de::Error>(self, text: &str) -> Result<T, R> {
            (self.0)(text).map_err(R::custom)
        }
    }

    deserializer.deserialize_str(Strict(read))
}

impl<T: LenientDeserialize> Field for Option<T> {
    fn read<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &ReadContext<'de>,
    ) -> Result<(), D::Error> {
        T::value_into(self, deserializer, context)
    }

    fn is_open(&self) -> bool {
        self.is_none()
    }
}

impl<T: Model> LenientDeserialize for Box<T> {
    fn from_map<'de, A: MapAccess<'de>>(
        map: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        context.allocate(size_of::<T>())?;
        let mut value = Self::default();
        Ok(value.fill(map, context)?.then_some(value))
    }
}

impl LenientDeserialize for bool {
    fn from_bool(value: bool) -> Option<Self> {
        Some(value)
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl LenientDeserialize for f64 {
    fn from_number(number: Number) -> Option<Self> {
        #[allow(clippy::cast_precision_loss, reason = "a float is approximate")]
        Some(match number {
            Number::Unsigned(number) => number as Self,
            Number::Signed(number) => number as Self,
            Number::Float(number) => number,
        })
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok().filter(|number: &Self| number.is_finite())
    }
}

impl LenientDeserialize for String {
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

macro_rules! integers {
    ($($integer:ident),*) => {$(
        impl LenientDeserialize for $integer {
            fn from_number(number: Number) -> Option<Self> {
                match number {
                    Number::Unsigned(number) => number.try_into().ok(),
                    other => other.to_i64()?.try_into().ok(),
                }
            }

            fn from_text(text: &str) -> Option<Self> {
                text.trim().parse().ok()
            }

            /// From December 2023 to December 2024, the durations of local files had the form `{"totalMilliseconds":
            /// 188000}`.
            fn from_map<'de, A: MapAccess<'de>>(
                mut map: A,
                context: &ReadContext<'de>,
            ) -> Result<Option<Self>, A::Error> {
                let mut found = None;
                while let Some(FieldName(key)) = map.next_key()? {
                    if key == "totalMilliseconds" {
                        found = map.next_value_seed(LenientSeed::<Self>::new(context))?;
                    } else {
                        map.next_value::<Ignored>()?;
                    }
                }
                Ok(found)
            }
        }
    )*};
}
integers!(u8, u16, u32, u64, i32, i64);

/// Implements [`Field`] for types whose default represents an absent value.
macro_rules! absent_is_default {
    ($($type:ty),*) => {$(
        impl crate::wire::lenient::IsAbsent for $type {}

        impl crate::wire::lenient::Field for $type {
            fn read<'de, D: serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
                context: &crate::wire::lenient::ReadContext<'de>,
            ) -> Result<(), D::Error> {
                use serde::de::DeserializeSeed as _;
                *self = crate::wire::lenient::LenientSeed::new(context).deserialize(deserializer)?.unwrap_or_default();
                Ok(())
            }
        }
    )*};
}
pub(crate) use absent_is_default;
absent_is_default!(bool, u32, u64, i64, f64, String);
