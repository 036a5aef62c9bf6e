//! Instants as Unix timestamps, for stored state.
//!
//! Instants are serialized as whole milliseconds. Instants before 1973, which come from unset clocks, are serialized as
//! fractional seconds. In self-describing formats, deserialization also accepts seconds, which other programs write,
//! and serde's representation of a `SystemTime`, which earlier versions of this crate wrote.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::after;

/// Smallest number that is interpreted as milliseconds, an instant in 1973. Interpreted as seconds, the number would be
/// an instant in 5138.
const FIRST_MILLIS: u64 = 100_000_000_000;

/// Returns the milliseconds since the Unix epoch; 0 for an instant before it.
pub(crate) fn millis(at: SystemTime) -> u64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// An instant that is stored as a Unix timestamp.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct UnixTime(pub(crate) SystemTime);

impl Serialize for UnixTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let millis = millis(self.0);
        // Deserialization would interpret such a small whole number as seconds.
        if serializer.is_human_readable() && millis < FIRST_MILLIS {
            return serializer.serialize_f64(Duration::from_millis(millis).as_secs_f64());
        }
        serializer.serialize_u64(millis)
    }
}

impl<'de> Deserialize<'de> for UnixTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let at = if deserializer.is_human_readable() {
            deserializer.deserialize_any(UnixVisitor)?
        } else {
            after(UNIX_EPOCH, Duration::from_millis(u64::deserialize(deserializer)?))
        };
        Ok(Self(at))
    }
}

pub(crate) fn serialize<S: Serializer>(at: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    UnixTime(*at).serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SystemTime, D::Error> {
    UnixTime::deserialize(deserializer).map(|UnixTime(at)| at)
}

struct UnixVisitor;

impl<'de> Visitor<'de> for UnixVisitor {
    type Value = SystemTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a Unix timestamp in seconds or milliseconds")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<SystemTime, E> {
        let since =
            if number < FIRST_MILLIS { Duration::from_secs(number) } else { Duration::from_millis(number) };
        Ok(after(UNIX_EPOCH, since))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<SystemTime, E> {
        self.visit_u64(number.try_into().unwrap_or(0))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<SystemTime, E> {
        let is_millis = number >= 1e11;
        let since = Duration::try_from_secs_f64(if is_millis { number / 1000.0 } else { number });
        // Rounds to milliseconds, because a float of this magnitude is not more precise.
        let millis = since.unwrap_or_default().saturating_add(Duration::from_micros(500)).as_millis();
        Ok(after(UNIX_EPOCH, Duration::from_millis(millis.try_into().unwrap_or(u64::MAX))))
    }

    /// Reads `{"secs_since_epoch": 1790000000, "nanos_since_epoch": 0}`.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SystemTime, A::Error> {
        let (mut seconds, mut nanos) = (None, 0);
        while let Some(key) = map.next_key::<String>()? {
            match &*key {
                "secs_since_epoch" => seconds = Some(map.next_value()?),
                "nanos_since_epoch" => nanos = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let seconds = seconds.ok_or_else(|| A::Error::missing_field("secs_since_epoch"))?;
        let since = Duration::from_secs(seconds).saturating_add(Duration::from_nanos(nanos));
        Ok(after(UNIX_EPOCH, since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_milliseconds_and_the_old_form_are_read_as_the_same_instant() {
        let at = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
        for json in [
            "1790000000",
            "1790000000000",
            "1790000000.0",
            r#"{"secs_since_epoch":1790000000,"nanos_since_epoch":0}"#,
        ] {
            let read: UnixTime = serde_json::from_str(json).expect(json);
            assert_eq!(read.0, at, "{json}");
        }
        assert_eq!(serde_json::to_string(&UnixTime(at)).expect("a number"), "1790000000000");
    }

    #[test]
    fn an_instant_from_an_unset_clock_survives_a_round_trip() {
        for millis in [0, 1, 9_000, 1_234_567, FIRST_MILLIS - 1, FIRST_MILLIS, FIRST_MILLIS + 1] {
            let at = UnixTime(UNIX_EPOCH + Duration::from_millis(millis));
            let json = serde_json::to_string(&at).expect("a number");
            assert_eq!(serde_json::from_str::<UnixTime>(&json).expect(&json), at, "{json}");
        }
    }

    #[test]
    fn extreme_numbers_do_not_panic() {
        for json in ["0", "-5", "-1e300", "1e300", "18446744073709551615"] {
            serde_json::from_str::<UnixTime>(json).expect(json);
        }
        for json in ["null", "\"1790000000\"", "{}", "[]", r#"{"secs_since_epoch":-1}"#] {
            assert!(serde_json::from_str::<UnixTime>(json).is_err(), "{json}");
        }
    }
}
