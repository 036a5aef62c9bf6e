//! Which commands the player cannot take.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::lenient::{Read, Reader};
use crate::text::Text;

/// Which commands make no sense in the present state of the player.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Actions {
    /// What cannot be done.
    pub disallows: Disallows,
}

macro_rules! disallows {
    ($( $(#[$doc:meta])* $field:ident ),+ $(,)?) => {
        /// What cannot be done: `Some(true)` is not allowed, `Some(false)` and `None` are allowed.
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct Disallows {
            $( $(#[$doc])* pub $field: Option<bool>, )+
            /// Keys that are not documented; almost always none.
            pub other: Option<Box<BTreeMap<Text, bool>>>,
        }

        impl Disallows {
            /// Says whether one thing is not allowed.
            fn set(&mut self, key: &str, value: bool) {
                match key {
                    $(stringify!($field) => self.$field = Some(value),)+
                    _ => {
                        self.other.get_or_insert_default().insert(Text::from(key), value);
                    }
                }
            }
        }

        impl Serialize for Disallows {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                $(if let Some(value) = self.$field {
                    map.serialize_entry(stringify!($field), &value)?;
                })+
                for (key, value) in self.other.iter().flat_map(|other| other.iter()) {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    };
}

disallows! {
    /// Interrupting what plays.
    interrupting_playback,
    /// Pausing.
    pausing,
    /// Resuming.
    resuming,
    /// Seeking in the item.
    seeking,
    /// Skipping to the next item.
    skipping_next,
    /// Skipping to the previous item.
    skipping_prev,
    /// Repeating the context, or not.
    toggling_repeat_context,
    /// Shuffling, or not.
    toggling_shuffle,
    /// Repeating the track, or not.
    toggling_repeat_track,
    /// Moving the playback to another device.
    transferring_playback,
}

impl Read for Disallows {
    fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        let mut disallows = Self::default();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if let Some(value) = map.next_value_seed(Reader::<bool>::new())? {
                disallows.set(&key, value);
            }
        }
        Ok(Some(disallows))
    }
}

/// The description shows what cannot be done directly in the object, answers have it under `disallows`.
impl Read for Actions {
    fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        let mut actions = Self::default();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == "disallows" {
                if let Some(disallows) = map.next_value_seed(Reader::new())? {
                    actions.disallows = disallows;
                }
            } else if let Some(value) = map.next_value_seed(Reader::<bool>::new())? {
                actions.disallows.set(&key, value);
            }
        }
        Ok(Some(actions))
    }
}

macro_rules! document {
    ($($name:ident),+) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::lenient::object(deserializer, stringify!($name))
            }
        }
    )+};
}
document!(Actions, Disallows);
