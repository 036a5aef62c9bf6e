//! Models: structs whose fields are read by the rules of [tolerant deserialization](super).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use super::{Ignored, ReadContext};

/// A struct whose fields are identified by their keys.
pub(crate) trait Model: Default {
    /// Identifier of a field.
    type Name: Copy + PartialEq + 'static;

    /// All keys with their fields; the keys of one field are adjacent, newest first.
    const KEYS: &'static [(&'static str, Self::Name)];

    /// True if any field has older keys.
    const HAS_OLDER_KEYS: bool;

    /// Reads a value into a field if the field is open, and skips the value otherwise.
    ///
    /// # Errors
    ///
    /// Returns the errors of the parser.
    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: Self::Name,
        map: &mut A,
        context: &ReadContext<'de>,
    ) -> Result<(), A::Error>;

    /// Reads the value of a field with several keys. The value replaces the previous one unless it is absent.
    ///
    /// # Errors
    ///
    /// Returns the errors of the parser.
    fn replace_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: Self::Name,
        map: &mut A,
        context: &ReadContext<'de>,
    ) -> Result<(), A::Error>;

    /// Reads an object, and returns whether it is empty or has a key of this model.
    ///
    /// # Errors
    ///
    /// Returns the errors of the parser.
    fn fill<'de, A: MapAccess<'de>>(
        &mut self,
        mut map: A,
        context: &ReadContext<'de>,
    ) -> Result<bool, A::Error> {
        // An object whose fields are all absent is serialized as `{}`, which has to be accepted.
        let (mut is_empty, mut is_known) = (true, false);
        let mut keys = FieldIndex::new(Self::KEYS);
        // Fields that were set from an older key, each with the index of the newest key that has been read.
        let mut older: Vec<(Self::Name, usize)> = Vec::new();
        while let Some(found) = map.next_key_seed(&mut keys)? {
            is_empty = false;
            match found {
                Some(name) => {
                    is_known = true;
                    if Self::HAS_OLDER_KEYS {
                        match older.iter_mut().find(|(field, _)| *field == name) {
                            Some((_, place)) if keys.next < *place => {
                                *place = keys.next;
                                self.replace_field(name, &mut map, context)?;
                                continue;
                            }
                            None if keys.is_older() => older.push((name, keys.next)),
                            _ => {}
                        }
                    }
                    self.read_field(name, &mut map, context)?;
                }
                None => {
                    map.next_value::<Ignored>()?;
                }
            }
        }
        Ok(is_empty || is_known)
    }
}

/// Search for keys, which begins after the last key that was found because the server always sends keys in the same
/// order.
pub(crate) struct FieldIndex<N: 'static> {
    keys: &'static [(&'static str, N)],
    next: usize,
}

impl<N: Copy> FieldIndex<N> {
    pub(crate) const fn new(keys: &'static [(&'static str, N)]) -> Self {
        Self { keys, next: 0 }
    }

    /// Returns the index of the last key that was found, starting at 1.
    pub(crate) const fn place(&self) -> usize {
        self.next
    }

    #[inline]
    pub(crate) fn find(&mut self, key: &str) -> Option<N> {
        match self.keys.get(self.next) {
            Some((name, field)) if is_same(name.as_bytes(), key.as_bytes()) => {
                self.next += 1;
                Some(*field)
            }
            _ => self.search(key),
        }
    }

    fn search(&mut self, key: &str) -> Option<N> {
        let (before, behind) = self.keys.split_at_checked(self.next)?;
        let place =
            |keys: &[(&str, N)]| keys.iter().position(|(name, _)| is_same(name.as_bytes(), key.as_bytes()));
        let place = place(behind).map(|place| self.next + place).or_else(|| place(before))?;
        self.next = place + 1;
        self.keys.get(place).map(|(_, name)| *name)
    }
}

/// Compares two keys, usually without calling `memcmp`, which takes longer for such short strings.
#[inline]
fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    match (one.first_chunk::<8>(), other.first_chunk::<8>()) {
        (Some(a), Some(b)) if one.len() <= 16 => a == b && one.last_chunk::<8>() == other.last_chunk::<8>(),
        (Some(_), Some(_)) => one == other,
        _ => match (one.first_chunk::<4>(), other.first_chunk::<4>()) {
            (Some(a), Some(b)) => a == b && one.last_chunk::<4>() == other.last_chunk::<4>(),
            _ => one.iter().eq(other),
        },
    }
}

impl<N: PartialEq> FieldIndex<N> {
    /// Returns whether the last key that was found is an older key of its field.
    fn is_older(&self) -> bool {
        let field = |place: Option<usize>| self.keys.get(place?).map(|(_, name)| name);
        let last = field(self.next.checked_sub(1));
        last.is_some() && last == field(self.next.checked_sub(2))
    }
}

impl<'de, N: Copy> DeserializeSeed<'de> for &mut FieldIndex<N> {
    type Value = Option<N>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<N: Copy> Visitor<'_> for &mut FieldIndex<N> {
    type Value = Option<N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.find(key))
    }
}

/// Declares models: structs with public fields that implement [`Model`] and the traits of serde.
///
/// `field: Type` reads the key of that name; `field: Option<Type> = "key" | "older key"` lists the keys, newest first.
/// The newest key with a value takes precedence, regardless of the order of the keys, and the newest key is also the
/// one that is serialized. An absent `Option` is not serialized. For a model declared as `Name, without_content`, a
/// response with status 204 is read as the default.
macro_rules! model {
    ($(
        $(#[$meta:meta])*
        $name:ident $(<$item:ident>)? $(, $empty:ident)? {
            $( $(#[$field_meta:meta])* $field:ident : $type:ty $(= $key:literal $(| $older:literal)*)? ),* $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        ///
        /// Fields without a value are `None` or empty, for [reasons](crate::model#absent-values) that apply to all
        /// models.
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[non_exhaustive]
        pub struct $name $(<$item>)? {
            $(
                $(#[$field_meta])*
                #[serde($(rename = $key,)? skip_serializing_if = "crate::wire::lenient::IsAbsent::is_absent")]
                pub $field: $type,
            )*
        }

        impl $(<$item>)? Default for $name $(<$item>)? {
            fn default() -> Self {
                Self { $($field: Default::default(),)* }
            }
        }

        const _: () = {
            #[derive(Clone, Copy, PartialEq)]
            #[allow(non_camel_case_types, reason = "the variants have the names of the fields")]
            pub(crate) enum Name { $($field,)* }

            impl $(<$item: crate::wire::lenient::LenientDeserialize>)? crate::wire::lenient::Model for $name $(<$item>)? {
                type Name = Name;

                const KEYS: &'static [(&'static str, Name)] = &[$(
                    (crate::wire::lenient::key!($field $($key)?), Name::$field),
                    $($(($older, Name::$field),)*)?
                )*];

                const HAS_OLDER_KEYS: bool = false $($($(|| !$older.is_empty())*)?)*;

                fn read_field<'de, A: serde::de::MapAccess<'de>>(
                    &mut self,
                    found_key: Name,
                    map: &mut A,
                    context: &crate::wire::lenient::ReadContext<'de>,
                ) -> Result<(), A::Error> {
                    match found_key {
                        $(Name::$field if crate::wire::lenient::Field::is_open(&self.$field) => {
                            map.next_value_seed(crate::wire::lenient::FieldSeed(&mut self.$field, context))
                        })*
                        _ => map.next_value::<crate::wire::lenient::Ignored>().map(drop),
                    }
                }

                #[allow(unused_variables, reason = "most models do not have older keys")]
                fn replace_field<'de, A: serde::de::MapAccess<'de>>(
                    &mut self,
                    found_key: Name,
                    map: &mut A,
                    context: &crate::wire::lenient::ReadContext<'de>,
                ) -> Result<(), A::Error> {
                    match found_key {
                        $($($(Name::$field if !$older.is_empty() => {
                            map.next_value_seed(crate::wire::lenient::Replace(&mut self.$field, context))
                        })*)?)*
                        _ => map.next_value::<crate::wire::lenient::Ignored>().map(drop),
                    }
                }
            }
        };

        impl $(<$item: crate::wire::lenient::LenientDeserialize>)? crate::wire::lenient::LenientDeserialize for $name $(<$item>)? {
            fn from_map<'de, A: serde::de::MapAccess<'de>>(
                map: A,
                context: &crate::wire::lenient::ReadContext<'de>,
            ) -> Result<Option<Self>, A::Error> {
                let mut slot = None;
                Self::map_into(&mut slot, map, context)?;
                Ok(slot)
            }

            fn map_into<'de, A: serde::de::MapAccess<'de>>(
                slot: &mut Option<Self>,
                map: A,
                context: &crate::wire::lenient::ReadContext<'de>,
            ) -> Result<(), A::Error> {
                if !crate::wire::lenient::Model::fill(slot.insert(Self::default()), map, context)? {
                    *slot = None;
                }
                Ok(())
            }
        }

        impl $(<$item>)? crate::wire::lenient::IsAbsent for $name $(<$item>)? {}

        impl $(<$item: crate::wire::lenient::LenientDeserialize>)? crate::wire::lenient::Field for $name $(<$item>)? {
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

        impl $(<$item: crate::wire::lenient::LenientDeserialize>)? crate::wire::lenient::Document for $name $(<$item>)? {
            $(fn $empty() -> Option<Self> {
                Some(Self::default())
            })?
        }

        impl<'de $(, $item: crate::wire::lenient::LenientDeserialize)?> serde::Deserialize<'de> for $name $(<$item>)? {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::wire::lenient::object(deserializer, stringify!($name))
            }
        }
    )+};
}
pub(crate) use model;

/// Expands to the key of a field, which is the name of the field unless a different key is given.
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}
pub(crate) use key;
