//! Which commands the player cannot take.

use std::collections::BTreeMap;

use serde::de::MapAccess;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::types::text::Text;
use crate::wire::lenient::{FieldName, LenientDeserialize, LenientSeed, ReadContext};

/// Commands that the player does not allow in its present state.
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
            /// Undocumented keys; almost always empty.
            pub other: Option<Box<BTreeMap<Text, bool>>>,
        }

        impl Disallows {
            /// Says whether one thing is not allowed, if that is known.
            fn set(&mut self, key: &str, value: Option<bool>) {
                let Some(value) = value else { return };
                match key {
                    $(stringify!($field) => self.$field = Some(value),)+
                    _ => {
                        self.other.get_or_insert_default().insert(Text::from(key), value);
                    }
                }
            }

            /// All that is said.
            fn entries(&self) -> impl Iterator<Item = (&str, bool)> {
                let known = [$((stringify!($field), self.$field)),+];
                let known = known.into_iter().filter_map(|(key, value)| Some((key, value?)));
                let other = self.other.iter().flat_map(|other| other.iter());
                known.chain(other.map(|(key, value)| (key.as_str(), *value)))
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

impl Serialize for Disallows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries())
    }
}

impl LenientDeserialize for Disallows {
    fn from_map<'de, A: MapAccess<'de>>(
        mut map: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        let mut disallows = Self::default();
        while let Some(FieldName(key)) = map.next_key()? {
            disallows.set(&key, map.next_value_seed(LenientSeed::new(context))?);
        }
        Ok(Some(disallows))
    }
}

/// The description shows what cannot be done directly in the object, answers have it under `disallows`.
impl LenientDeserialize for Actions {
    fn from_map<'de, A: MapAccess<'de>>(
        mut map: A,
        context: &ReadContext<'de>,
    ) -> Result<Option<Self>, A::Error> {
        let mut actions = Self::default();
        while let Some(FieldName(key)) = map.next_key()? {
            if key == "disallows" {
                let nested = map.next_value_seed(LenientSeed::<Disallows>::new(context))?.unwrap_or_default();
                for (key, value) in nested.entries() {
                    actions.disallows.set(key, Some(value));
                }
            } else {
                actions.disallows.set(&key, map.next_value_seed(LenientSeed::new(context))?);
            }
        }
        Ok(Some(actions))
    }
}

macro_rules! document {
    ($($name:ident),+) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::wire::lenient::object(deserializer, stringify!($name))
            }
        }
    )+};
}
document!(Actions, Disallows);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_disallowed_is_read_with_and_without_its_key() {
        for json in [
            r#"{"disallows": {"pausing": true, "seeking": null, "flying": true}}"#,
            r#"{"pausing": true, "seeking": null, "flying": true}"#,
            r#"{"pausing": true, "disallows": {"flying": true}}"#,
        ] {
            let actions: Actions = serde_json::from_str(json).expect(json);
            assert_eq!((actions.disallows.pausing, actions.disallows.seeking), (Some(true), None), "{json}");
            let written = serde_json::to_string(&actions).expect("JSON");
            assert_eq!(written, r#"{"disallows":{"pausing":true,"flying":true}}"#);
        }
    }
}
