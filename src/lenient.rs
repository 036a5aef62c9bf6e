//! The tolerant readers: what real answers do to a strict decoder, absorbed in one place.
//!
//! Spotify's answers deviate from their description: `null` where a value is described, numbers as `85.0`,
//! `4.9E7` or `"44272"`, an object where a number belongs, one object where a list belongs, new keys, old
//! keys beside new ones. The rules here are the same for every model:
//!
//! * a value of a wrong type reads as *absent*: `None`, an empty list, or the type's default;
//! * an unknown key is skipped; of two spellings of one field the first that holds a value counts;
//! * only JSON that is not JSON, or nested deeper than the parser's limit of 128, is an error.
//!
//! A type says what it understands by overriding hooks of [`Read`]; the one visitor [`Reader`] does the rest.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// A value that can be read from some JSON types; from the others it reads as absent.
pub trait Read: Sized {
    /// From a JSON string.
    fn from_text(_text: &str) -> Option<Self> {
        None
    }

    /// From a JSON number; every number fits, floats are cut.
    fn from_number(_number: Number) -> Option<Self> {
        None
    }

    /// From `true` or `false`.
    fn from_bool(_value: bool) -> Option<Self> {
        None
    }

    /// From a JSON object, which must be read to its end.
    ///
    /// # Errors
    ///
    /// Whatever the parser reports.
    fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        while map.next_entry::<Skip, Skip>()?.is_some() {}
        Ok(None)
    }

    /// From a JSON array, which must be read to its end.
    ///
    /// # Errors
    ///
    /// Whatever the parser reports.
    fn from_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Option<Self>, A::Error> {
        while seq.next_element::<Skip>()?.is_some() {}
        Ok(None)
    }
}

/// What may be an answer as a whole.
pub(crate) trait Document: Read {}

/// A field of a model: a value that knows what to be when the server says nothing.
pub(crate) trait Field: Default {
    /// Reads it from any JSON value.
    ///
    /// # Errors
    ///
    /// Whatever the parser reports.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Whether a further spelling of the same field may still fill it.
    fn is_open(&self) -> bool {
        true
    }
}

/// Whether a field says nothing, so that it is left out when the model is written.
pub(crate) trait Absent {
    /// True for `None`, false for everything else.
    fn is_absent(&self) -> bool {
        false
    }
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Absent for Vec<T> {}

/// A JSON number.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "private to the crate")]
pub enum Number {
    /// Not negative.
    Unsigned(u64),
    /// Negative.
    Signed(i64),
    /// With a fraction or an exponent.
    Float(f64),
}

impl Number {
    fn to_i64(self) -> Option<i64> {
        match self {
            Self::Unsigned(number) => number.try_into().ok(),
            Self::Signed(number) => Some(number),
            Self::Float(number) if number.abs() < 9.0e15 =>
            {
                #[allow(clippy::cast_possible_truncation, reason = "below 2^53 a float holds every integer")]
                Some(number as i64)
            }
            Self::Float(_) => None,
        }
    }
}

/// Reads any JSON value into what `T` makes of it.
pub(crate) struct Reader<T>(PhantomData<T>);

impl<T> Reader<T> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Read> DeserializeSeed<'de> for Reader<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Read> Visitor<'de> for Reader<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(T::from_text(text))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(T::from_number(Number::Unsigned(number)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(T::from_number(Number::Signed(number)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(T::from_number(Number::Float(number)))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(T::from_bool(value))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::from_map(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        T::from_seq(seq)
    }
}

/// Any value, read and dropped, under the parser's depth limit (`IgnoredAny` has none).
#[derive(Debug)]
pub(crate) struct Skip;

impl Read for Skip {}

impl<'de> serde::Deserialize<'de> for Skip {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Reader::<Self>::new().deserialize(deserializer).map(|_| Self)
    }
}

/// The value of a map entry, as a field.
pub(crate) struct Entry<F>(PhantomData<F>);

impl<F> Entry<F> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, F: Field> DeserializeSeed<'de> for Entry<F> {
    type Value = F;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<F, D::Error> {
        F::read(deserializer)
    }
}

/// Reads a model as the whole document (or where the caller asks for nothing else): here absence is an error.
///
/// # Errors
///
/// When the value is no object, or has keys but none of the model's.
pub(crate) fn object<'de, T: Read, D: Deserializer<'de>>(
    deserializer: D,
    name: &'static str,
) -> Result<T, D::Error> {
    struct Document<T>(&'static str, PhantomData<T>);

    impl<'de, T: Read> Visitor<'de> for Document<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} as an object", self.0)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::from_map(map)?
                .ok_or_else(|| A::Error::custom(format_args!("an object without any field of {}", self.0)))
        }
    }

    deserializer.deserialize_map(Document(name, PhantomData))
}

/// Reads a string strictly and without a copy: for what callers write, not for what the server sends.
///
/// # Errors
///
/// When the value is no string, or `read` refuses it.
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

impl<T: Read> Field for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Reader::<T>::new().deserialize(deserializer)
    }

    fn is_open(&self) -> bool {
        self.is_none()
    }
}

/// What a list makes of its elements: dropped when absent, or kept as an empty slot.
pub(crate) trait Element: Sized {
    /// What is read.
    type Value: Read;

    /// What is kept of it.
    fn keep(value: Option<Self::Value>) -> Option<Self>;
}

/// A list without slots: elements that cannot be read are dropped.
impl<T: Read> Element for T {
    type Value = T;

    fn keep(value: Option<T>) -> Option<Self> {
        value
    }
}

/// A list with slots: an element that cannot be read leaves its slot empty.
impl<T: Read> Element for Option<T> {
    type Value = T;

    fn keep(value: Self) -> Option<Self> {
        Some(value)
    }
}

struct List<T>(Vec<T>);

impl<T> List<T> {
    /// Above this size a list grows from one: most lists of artists have one, and `Vec` would make room for four.
    const LARGE: usize = 64;
}

impl<T: Element> Read for List<T> {
    /// One object where a list of them is described is a list of one.
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        let value = T::Value::from_map(map)?;
        Ok(value.map(|value| Self(T::keep(Some(value)).into_iter().collect())))
    }

    fn from_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Option<Self>, A::Error> {
        let mut list = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(128));
        while let Some(value) = seq.next_element_seed(Reader::<T::Value>::new())? {
            if size_of::<T>() > Self::LARGE && list.len() == list.capacity() {
                list.reserve_exact(list.len().max(1));
            }
            list.extend(T::keep(value));
        }
        Ok(Some(Self(list)))
    }
}

impl<T: Element> Field for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Reader::<List<T>>::new().deserialize(deserializer)?;
        Ok(list.map(|List(values)| values).unwrap_or_default())
    }
}

/// `Option<Vec<_>>` where an absent list and an empty one say different things.
impl<T: Element> Read for Vec<T> {
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Ok(List::from_map(map)?.map(|List(values)| values))
    }

    fn from_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Option<Self>, A::Error> {
        Ok(List::from_seq(seq)?.map(|List(values)| values))
    }
}

impl<T: Read> Read for Box<T> {
    fn from_text(text: &str) -> Option<Self> {
        T::from_text(text).map(Self::new)
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Ok(T::from_map(map)?.map(Self::new))
    }
}

impl Read for bool {
    fn from_bool(value: bool) -> Option<Self> {
        Some(value)
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Read for f64 {
    fn from_number(number: Number) -> Option<Self> {
        #[allow(clippy::cast_precision_loss, reason = "what a float is")]
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

impl Read for String {
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

macro_rules! integers {
    ($($integer:ident),*) => {$(
        impl Read for $integer {
            fn from_number(number: Number) -> Option<Self> {
                match number {
                    Number::Unsigned(number) => number.try_into().ok(),
                    other => other.to_i64()?.try_into().ok(),
                }
            }

            fn from_text(text: &str) -> Option<Self> {
                text.trim().parse().ok()
            }

            /// Local files' durations were `{"totalMilliseconds": 188000}` for a year.
            fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
                let mut found = None;
                while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                    if key == "totalMilliseconds" {
                        found = map.next_value_seed(Reader::<Self>::new())?;
                    } else {
                        map.next_value::<Skip>()?;
                    }
                }
                Ok(found)
            }
        }
    )*};
}
integers!(u8, u16, u32, u64, i32, i64);

macro_rules! absent_is_default {
    ($($type:ty),*) => {$(
        impl Absent for $type {}

        impl Field for $type {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(<Option<Self> as Field>::read(deserializer)?.unwrap_or_default())
            }
        }
    )*};
}
absent_is_default!(bool, u32, u64, i64, f64, String);

/// Declares models: plain structs whose fields are read by the rules of this module.
///
/// `field: Type` reads the key of that name; `field: Type = "key" | "older key"` names the keys, newest first;
/// the first of them is written. An absent `Option` is not written.
macro_rules! model {
    ($(
        $(#[$meta:meta])*
        $name:ident $(<$item:ident>)? {
            $( $(#[$field_meta:meta])* $field:ident : $type:ty $(= $key:literal $(| $older:literal)*)? ),* $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[non_exhaustive]
        pub struct $name $(<$item>)? {
            $(
                $(#[$field_meta])*
                #[serde($(rename = $key,)? skip_serializing_if = "crate::lenient::Absent::is_absent")]
                pub $field: $type,
            )*
        }

        impl $(<$item>)? Default for $name $(<$item>)? {
            fn default() -> Self {
                Self { $($field: Default::default(),)* }
            }
        }

        impl $(<$item: crate::lenient::Read>)? crate::lenient::Read for $name $(<$item>)? {
            fn from_map<'de, A: serde::de::MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
                #[derive(serde::Deserialize)]
                #[serde(field_identifier)]
                #[allow(non_camel_case_types, clippy::enum_variant_names)]
                enum Key {
                    $( $(#[serde(rename = $key $(, alias = $older)*)])? $field, )*
                    #[serde(other)]
                    OtherKey,
                }
                let mut value = Self::default();
                // An object whose fields are all absent is written as `{}`, and read back.
                let mut is_known = None;
                while let Some(found_key) = map.next_key()? {
                    match found_key {
                        $(Key::$field if crate::lenient::Field::is_open(&value.$field) => {
                            value.$field = map.next_value_seed(crate::lenient::Entry::new())?;
                            is_known = Some(true);
                        })*
                        _ => {
                            map.next_value::<crate::lenient::Skip>()?;
                            is_known = is_known.or(Some(false));
                        }
                    }
                }
                Ok(is_known.unwrap_or(true).then_some(value))
            }
        }

        impl $(<$item>)? crate::lenient::Absent for $name $(<$item>)? {}

        impl $(<$item: crate::lenient::Read>)? crate::lenient::Field for $name $(<$item>)? {
            fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(<Option<Self> as crate::lenient::Field>::read(deserializer)?.unwrap_or_default())
            }
        }

        impl $(<$item: crate::lenient::Read>)? crate::lenient::Document for $name $(<$item>)? {}

        impl<'de $(, $item: crate::lenient::Read)?> serde::Deserialize<'de> for $name $(<$item>)? {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::lenient::object(deserializer, stringify!($name))
            }
        }
    )+};
}
pub(crate) use model;
