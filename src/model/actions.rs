//! Commands that the player does not accept.

use std::collections::BTreeMap;

use serde::de::MapAccess;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::types::text::Text;
use crate::wire::lenient::{FieldName, LenientDeserialize, LenientSeed, ReadContext};

/// Commands that the player does not accept in its current state.
///
/// Reference: [Get Playback State](https://developer.spotify.com/documentation/web-api/reference/get-information-about-the-users-current-playback).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Actions {
    /// Flags for the commands that are not accepted; all `None` if the response has no flags.
    pub disallows: Disallows,
}

macro_rules! disallows {
    ($( $(#[$doc:meta])* $field:ident ),+ $(,)?) => {
        /// Flags for commands: `Some(true)` means that the player does not accept the command; `Some(false)` and `None`
        /// mean that the player accepts the command.
        ///
        /// Reference: [Get Playback State](https://developer.spotify.com/documentation/web-api/reference/get-information-about-the-users-current-playback).
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct Disallows {
            $( $(#[$doc])* pub $field: Option<bool>, )+
            /// Flags with undocumented keys; usually `None`.
            pub other: Option<Box<BTreeMap<Text, bool>>>,
        }

        impl Disallows {
            /// Sets the flag for a key, unless the value is absent.
            fn set(&mut self, key: &str, value: Option<bool>) {
                let Some(value) = value else { return };
                match key {
                    $(stringify!($field) => self.$field = Some(value),)+
                    _ => {
                        self.other.get_or_insert_default().insert(Text::from(key), value);
                    }
                }
            }

            /// Returns the flags that are not `None`, with their keys.
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
    /// Interrupting playback.
    interrupting_playback,
    /// Pausing playback.
    pausing,
    /// Resuming playback.
    resuming,
    /// Seeking to a position in the item.
    seeking,
    /// Skipping to the next item.
    skipping_next,
    /// Skipping to the previous item.
    skipping_prev,
    /// Turning repetition of the context on or off.
    toggling_repeat_context,
    /// Turning shuffle on or off.
    toggling_shuffle,
    /// Turning repetition of the track on or off.
    toggling_repeat_track,
    /// Transferring playback to another device.
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

/// The reference documents the flags directly in the object, but responses contain the flags under `disallows`.
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
    fn flags_are_read_both_inside_and_outside_disallows() {
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
