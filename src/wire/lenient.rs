//! The tolerant readers: what real answers do to a strict decoder, absorbed in one place.
//!
//! Spotify's answers deviate from their description: `null` where a value is described, numbers as `85.0`,
//! `4.9E7` or `"44272"`, an object where a number belongs, one object where a list belongs, new keys, old
//! keys beside new ones. The rules here are the same for every model:
//!
//! * a value of a wrong type reads as *absent*: `None`, an empty list, or the type's default;
//! * an unknown key is skipped; of two keys of one field the newest that holds a value takes precedence;
//! * only JSON that is not JSON, or nested deeper than the parser's limit of 128, is an error.
//!
//! A type says what it understands by overriding hooks of [`Read`]; the one visitor [`Reader`] does the rest.

mod model;
mod repair;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

pub(crate) use model::{Keys, Model, key, model};
pub(crate) use repair::repaired;

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

    /// The same into a place where nothing is yet: what is large is not moved there.
    ///
    /// # Errors
    ///
    /// Whatever the parser reports.
    fn map_into<'de, A: MapAccess<'de>>(slot: &mut Option<Self>, map: A) -> Result<(), A::Error> {
        *slot = Self::from_map(map)?;
        Ok(())
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

    /// The name of the newtype struct to ask the parser for, where some parser has a short way for it.
    const NEWTYPE: Option<&'static str> = None;

    /// From what the short way gives.
    fn from_bytes(_bytes: &[u8]) -> Option<Self> {
        None
    }
}

/// A type that a whole response body may have.
pub(crate) trait Document: Read {
    /// Returns the value of a response 204, if the operation's result may be empty.
    fn without_content() -> Option<Self> {
        None
    }
}

/// A field of a model: a value that knows what to be when the server says nothing.
pub(crate) trait Field: Default {
    /// Reads it, while it is open, from any JSON value.
    ///
    /// # Errors
    ///
    /// Whatever the parser reports.
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error>;

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
        let mut value = None;
        Slot(&mut value).deserialize(deserializer)?;
        Ok(value)
    }
}

/// Reads any JSON value into a place where nothing is yet; nothing is there afterwards if `T` makes nothing of it.
pub(crate) struct Slot<'a, T>(pub(crate) &'a mut Option<T>);

impl<'de, T: Read> DeserializeSeed<'de> for Slot<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match T::NEWTYPE {
            None => deserializer.deserialize_any(self),
            Some(name) => deserializer.deserialize_newtype_struct(name, self),
        }
    }
}

impl<'de, T: Read> Visitor<'de> for Slot<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

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
        T::map_into(self.0, map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        *self.0 = T::from_seq(seq)?;
        Ok(())
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<(), E> {
        *self.0 = T::from_bytes(bytes);
        Ok(())
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Any value, read and dropped, under the parser's depth limit (`IgnoredAny` has none).
#[derive(Debug)]
pub(crate) struct Skip;

impl Read for Skip {}

impl<'de> Deserialize<'de> for Skip {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Reader::<Self>::new().deserialize(deserializer).map(|_| Self)
    }
}

/// A key, borrowed where the JSON text allows it.
#[derive(Debug)]
pub(crate) struct Key<'a>(pub(crate) Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }

        deserializer.deserialize_identifier(Text)
    }
}

/// The value of a map entry, as a field.
pub(crate) struct Entry<'a, F>(pub(crate) &'a mut F);

impl<'de, F: Field> DeserializeSeed<'de> for Entry<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.read(deserializer)
    }
}

/// The value of a map entry that replaces the value of a field, unless the new value is absent.
pub(crate) struct Replace<'a, T>(pub(crate) &'a mut Option<T>);

impl<'de, T: Read> DeserializeSeed<'de> for Replace<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let newer = Reader::<T>::new().deserialize(deserializer)?;
        *self.0 = newer.or_else(|| self.0.take());
        Ok(())
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
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        Slot(self).deserialize(deserializer)
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

    /// Reads the next element, as far as it is kept, into a place where nothing is; tells whether there was one.
    ///
    /// # Errors
    ///
    /// Whatever the parser reports.
    fn read_next<'de, A: SeqAccess<'de>>(place: &mut Option<Self>, seq: &mut A) -> Result<bool, A::Error>;

    /// The same behind the others of a list.
    ///
    /// # Errors
    ///
    /// Whatever the parser reports.
    fn push_next<'de, A: SeqAccess<'de>>(list: &mut Vec<Self>, seq: &mut A) -> Result<bool, A::Error> {
        let mut next = None;
        let is_there = Self::read_next(&mut next, seq)?;
        list.extend(next);
        Ok(is_there)
    }
}

/// A list without slots: elements that cannot be read are dropped.
impl<T: Read> Element for T {
    type Value = T;

    fn keep(value: Option<T>) -> Option<Self> {
        value
    }

    fn read_next<'de, A: SeqAccess<'de>>(place: &mut Option<T>, seq: &mut A) -> Result<bool, A::Error> {
        Ok(seq.next_element_seed(Slot(place))?.is_some())
    }
}

/// A list with slots: an element that cannot be read leaves its slot empty.
impl<T: Read> Element for Option<T> {
    type Value = T;

    fn keep(value: Self) -> Option<Self> {
        Some(value)
    }

    fn read_next<'de, A: SeqAccess<'de>>(place: &mut Option<Self>, seq: &mut A) -> Result<bool, A::Error> {
        let is_there = seq.next_element_seed(Slot(place.insert(None)))?.is_some();
        if !is_there {
            *place = None;
        }
        Ok(is_there)
    }

    /// In its place from the beginning: slots are for what is large.
    fn push_next<'de, A: SeqAccess<'de>>(list: &mut Vec<Self>, seq: &mut A) -> Result<bool, A::Error> {
        list.push(None);
        let is_there = list.last_mut().map(|slot| seq.next_element_seed(Slot(slot))).transpose()?.flatten();
        if is_there.is_none() {
            list.pop();
        }
        Ok(is_there.is_some())
    }
}

struct List<T>(Vec<T>);

/// Lists up to this length take one allocation: those of artists and of images are hardly ever longer.
const SHORT: usize = 4;

impl<T: Element> Read for List<T> {
    /// One object where a list of them is described is a list of one.
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        let value = T::Value::from_map(map)?;
        Ok(value.map(|value| Self(T::keep(Some(value)).into_iter().collect())))
    }

    fn from_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Option<Self>, A::Error> {
        let mut first = [const { None }; SHORT];
        let mut count = 0;
        while let Some(place) = first.get_mut(count) {
            if !T::read_next(place, &mut seq)? {
                let mut list = Vec::with_capacity(count);
                list.extend(first.into_iter().flatten());
                return Ok(Some(Self(list)));
            }
            count += usize::from(place.is_some());
        }
        let mut list = Vec::with_capacity(2 * SHORT);
        list.extend(first.into_iter().flatten());
        while T::push_next(&mut list, &mut seq)? {}
        list.shrink_to_fit();
        Ok(Some(Self(list)))
    }
}

impl<T: Element> Field for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        let list = Reader::<List<T>>::new().deserialize(deserializer)?;
        *self = list.map(|List(values)| values).unwrap_or_default();
        Ok(())
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

impl<T: Model> Read for Box<T> {
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        let mut value = Self::default();
        Ok(value.fill(map)?.then_some(value))
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
                while let Some(Key(key)) = map.next_key()? {
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

/// Fields that read as their default when they are absent.
macro_rules! absent_is_default {
    ($($type:ty),*) => {$(
        impl crate::wire::lenient::Absent for $type {}

        impl crate::wire::lenient::Field for $type {
            fn read<'de, D: serde::Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
                use serde::de::DeserializeSeed as _;
                *self = crate::wire::lenient::Reader::new().deserialize(deserializer)?.unwrap_or_default();
                Ok(())
            }
        }
    )*};
}
pub(crate) use absent_is_default;
absent_is_default!(bool, u32, u64, i64, f64, String);
